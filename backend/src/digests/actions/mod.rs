//! What is done with digests, one function a use.

mod links;
mod making;
mod wishes;

pub use links::{
    Holder, change_subscription, holder, revoke_own_words, subscription, unsubscribe_word, unsubscriber,
};
pub use making::{digest, list, make, preview, sheet_by_word};
pub use wishes::{begin, begin_for_demo, change_wish, end, next_free, wish_of};

/// Only the hash of a word is kept: who reads the database cannot use it.
fn word_hash(word: &str) -> String {
    use sha2::Digest as _;
    crate::web::extract::hex(&sha2::Sha256::digest(word.as_bytes()))
}
