//! What is done with digests, one function a use.

mod links;
mod wishes;

pub use links::{reader, revoke_own_words};
pub use wishes::{begin, begin_for_demo, change_wish, end, wish_of};

/// Only the hash of a word is kept: who reads the database cannot use it.
fn word_hash(word: &str) -> String {
    use sha2::Digest as _;
    crate::web::extract::hex(&sha2::Sha256::digest(word.as_bytes()))
}
