//! Why a file is not taken.

use serde::{Deserialize, Serialize};

/// Why a file is not taken. Each has a plain sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nothing in it that could be read.
    Empty,
    /// Not a kind of file that becomes a document.
    UnknownKind,
    /// A page that is printed already.
    Pdf,
    /// Written by Word before 2007.
    OldWord,
    /// A kind that pandoc reads, and there is no pandoc.
    NeedsPandoc,
    /// It is not whole, or not what it says it is.
    Damaged,
    /// A password protects it.
    Password,
    /// It grows beyond all measure when it is unpacked.
    ZipBomb,
    /// Too many files in it.
    TooManyFiles,
    /// A name in it leads out of it.
    PathOutside,
    /// It declares entities, which could read or blow up anything.
    Entities,
    /// It brings programs along.
    Macros,
    /// Things in things in things.
    TooDeep,
    TooManyImages,
    /// More bytes than a file may have.
    TooLarge,
    /// A ZIP in a ZIP.
    NestedArchive,
    /// No file in the ZIP becomes a document.
    NoDocuments,
    /// It took more time or memory than it may.
    TooDemanding,
}

/// What reading gives.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;
