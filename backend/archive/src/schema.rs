//! The published schemas (JSON Schema 2020-12) of what stands in an archive of a network, and in one of everything of
//! somebody's own. They are in every archive that they tell of, and every instance serves them.

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
        &[$(Schema { kind: $kind, text: include_str!(concat!("../schemas/", $kind, ".schema.json")) }),+]
    };
}

/// Those of what stands in an archive of a network.
pub const NETWORK: &[Schema] =
    schemas!["common", "document", "manifest", "members", "network", "persons", "thread"];

/// Those of what stands in an archive of everything of somebody's own: `account` has a definition for each of its files.
pub const ACCOUNT: &[Schema] = schemas!["account", "common"];

/// The schema of a kind.
pub fn of(kind: &str) -> Option<&'static Schema> {
    NETWORK.iter().chain(ACCOUNT).find(|schema| schema.kind == kind)
}
