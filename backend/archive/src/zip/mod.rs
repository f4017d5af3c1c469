//! ZIP (APPNOTE.TXT 6.3), as much of it as archives need, in memory that does not grow with the number of entries when
//! written and is bounded when read.
//!
//! Written here rather than taken from a crate for two reasons: those at hand keep a record of every entry until the end,
//! a hundred thousand of them for a large network; and a reader of strangers' files should know nothing of links,
//! encryption, disks and the other ways in which one ZIP means different things to different programs.

pub mod read;
pub mod write;

/// Signatures.
const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;

/// How an entry's bytes are kept.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Flag: sizes and checksum follow the bytes.
const FOLLOWS: u16 = 1 << 3;
/// Flag: the name is UTF-8.
const UTF_8: u16 = 1 << 11;

/// What stands in a field whose true value is in the extra field of ZIP64.
const IN_64: u32 = u32::MAX;
