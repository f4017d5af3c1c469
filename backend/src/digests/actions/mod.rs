//! What is done with digests, one function a use.

mod by_mail;
mod links;
mod making;
mod wishes;

pub use by_mail::{
    Choices, MailMember, MailMemberChange, Stopped, change_mail_member, leave_one, stop, stopping,
};
pub use links::{
    Holder, change_subscription, choosing_word, holder, may_choose, revoke_own_words, subscription,
    unsubscribe_word, unsubscriber,
};
pub use making::{digest, list, make, preview, sheet_by_word};
pub use wishes::{
    begin, begin_as, begin_for_demo, change_wish, end, next_free, next_of, wants_mail, wish_of,
};

/// Only the hash of a word is kept: who reads the database cannot use it.
fn word_hash(word: &str) -> String {
    use sha2::Digest as _;
    crate::web::extract::hex(&sha2::Sha256::digest(word.as_bytes()))
}
