//! Why an archive is not taken: where, what, and enough to say what helps.

use std::fmt;

/// What is wrong with an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Not a ZIP, or one that was cut off.
    NotAZip,
    /// A ZIP that needs something this reader leaves out: encryption, several disks, an unusual compression.
    Unsupported,
    /// Bytes that do not fit together: a broken directory, two things in one place, a failed decompression.
    Damaged,
    /// A name that leads out of the archive or cannot be used.
    BadName,
    /// The same name twice.
    DuplicateName,
    /// More entries, people, posts or files than are taken.
    TooMany,
    /// An entry, or all of them together, is larger than is taken.
    TooLarge,
    /// Something that must be there is not.
    Missing,
    /// An entry that `checksums.sha256` does not know.
    Unlisted,
    /// Other bytes than `checksums.sha256` says.
    WrongChecksum,
    /// A ZIP, but no archive of Kring.
    NotKring,
    /// Made by a later version of the format.
    Newer,
    /// JSON that cannot be read or does not have the shape its schema says.
    BadJson,
    /// Somebody wrote something and is not in `persons.json`.
    UnknownPerson,
    /// One id for two things.
    DuplicateId,
    /// A reply that answers what does not stand before it.
    BadParent,
    /// Replies that nest deeper than is taken.
    TooDeep,
    /// Numbers that are to rise one by one and do not.
    BadNumbers,
    /// The file could not be read at all: a failing disk, not a faulty archive.
    Unreadable,
}

impl FaultKind {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::NotAZip,
        Self::Unsupported,
        Self::Damaged,
        Self::BadName,
        Self::DuplicateName,
        Self::TooMany,
        Self::TooLarge,
        Self::Missing,
        Self::Unlisted,
        Self::WrongChecksum,
        Self::NotKring,
        Self::Newer,
        Self::BadJson,
        Self::UnknownPerson,
        Self::DuplicateId,
        Self::BadParent,
        Self::TooDeep,
        Self::BadNumbers,
        Self::Unreadable,
    ];

    /// The word for it in answers and texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAZip => "archive_not_zip",
            Self::Unsupported => "archive_unsupported",
            Self::Damaged => "archive_damaged",
            Self::BadName => "archive_bad_name",
            Self::DuplicateName => "archive_duplicate_name",
            Self::TooMany => "archive_too_many",
            Self::TooLarge => "archive_too_large",
            Self::Missing => "archive_missing",
            Self::Unlisted => "archive_unlisted",
            Self::WrongChecksum => "archive_checksum",
            Self::NotKring => "archive_not_kring",
            Self::Newer => "archive_newer",
            Self::BadJson => "archive_json",
            Self::UnknownPerson => "archive_unknown_person",
            Self::DuplicateId => "archive_duplicate_id",
            Self::BadParent => "archive_bad_parent",
            Self::TooDeep => "archive_too_deep",
            Self::BadNumbers => "archive_bad_numbers",
            Self::Unreadable => "archive_unreadable",
        }
    }
}

/// A fault in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The entry it is in, or the file as a whole. At most 200 characters, without control characters.
    pub entry: String,
    /// What exactly, in short, for who looks into it: `line 3 column 9`, a name, a number.
    pub detail: String,
}

impl Fault {
    pub fn new(kind: FaultKind, entry: impl AsRef<str>, detail: impl fmt::Display) -> Self {
        Self {
            kind,
            entry: shown(entry.as_ref()),
            detail: shown(&detail.to_string()),
        }
    }

    /// A failure to read. What this crate's own readers hit on the way comes back as the fault it was.
    pub fn io(entry: &str, cause: std::io::Error) -> Self {
        let told = cause.to_string();
        match cause.into_inner().map(|inner| inner.downcast::<Self>()) {
            Some(Ok(fault)) => *fault,
            _ => Self::new(FaultKind::Unreadable, entry, told),
        }
    }
}

impl From<Fault> for std::io::Error {
    fn from(fault: Fault) -> Self {
        Self::other(fault)
    }
}

/// What an archive says may be long or hide something: shown short and plain.
fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    text.chars().take(200).map(plain).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.entry, self.kind.code(), self.detail)
    }
}

impl std::error::Error for Fault {}
