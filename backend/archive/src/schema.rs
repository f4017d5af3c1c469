//! The published schemas (JSON Schema 2020-12) of what stands in an archive. They are in every archive, and every
//! instance serves them at the address that each names as its `$id` path.

/// A schema.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Of which kind of JSON: `thread`.
    pub kind: &'static str,
    pub text: &'static str,
}

impl Schema {
    /// `thread.schema.json`.
    pub fn file_name(&self) -> String {
        format!("{}.schema.json", self.kind)
    }
}

macro_rules! schemas {
    ($($kind:literal),+ $(,)?) => {
        /// Every schema, by kind.
        pub const ALL: &[Schema] = &[
            $(Schema { kind: $kind, text: include_str!(concat!("../schemas/", $kind, ".schema.json")) }),+
        ];
    };
}

schemas!["common", "document", "manifest", "members", "network", "persons", "thread"];

/// The schema of a kind.
pub fn of(kind: &str) -> Option<&'static Schema> {
    ALL.iter().find(|schema| schema.kind == kind)
}
