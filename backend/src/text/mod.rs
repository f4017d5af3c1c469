//! What people write and read: Markdown, languages, folding. Knows no database and no HTTP.

pub mod addresses;
pub mod advice;
pub mod dates;
pub mod differences;
pub mod fitting;
pub mod fold;
pub mod headings;
pub mod lang;
pub mod markdown;
pub mod received;
pub mod summary;
