//! What is done with accounts, one function a use.

mod admin;
mod archives;
mod by_mail;
mod elsewhere;
mod profile;
mod recovery;
mod registration;
mod sessions;
mod words;

pub use admin::{approvals, approve, close_declined, create, decline, give_back, grant_admin, tell_declined};
pub use archives::{drop_imported, import_person, nobody};
pub use by_mail::{
    address_hash, admit, ask_full, become_full, change_mail_profile, known_address, mail_profile,
    refusal_word, refused_hash,
};
pub use elsewhere::{acting_elsewhere, closed_elsewhere, put_elsewhere};
pub use profile::{
    Mentioned, Profile, change_profile, close, close_for_others, close_own, found_at, linking, profile,
    profile_of, with_mentions,
};
pub use recovery::{
    ask_reset, change_password, complete_reset, just_signed_in, password_hash_for, send_reset,
};
pub use registration::{
    answer_registration, ask_verification_again, change_email, register, register_for_demo,
    resend_verification, sweep, verify,
};
pub use sessions::{Opened, acting, end_session, known_login, open_session, own_sessions, refresh, viewer};
pub use words::{WordState, confirms, full_word, reset_word, verify_word};

use kring_db::Time;

use super::mail::To;
use super::model::{Account, Person};

/// Only the hash of a secret is kept: who reads the database cannot use it.
fn secret_hash(word: &str) -> String {
    use sha2::Digest as _;
    crate::web::extract::hex(&sha2::Sha256::digest(word.as_bytes()))
}

/// The address book entry of an account; `None` once closed. Until the address is confirmed nobody knows who reads
/// there: what a stranger called themselves is not put before them.
fn to<'a>(account: &'a Account, person: &'a Person) -> Option<To<'a>> {
    let email = account.email.as_ref()?;
    Some(To {
        person: Some(person.id),
        email,
        name: match account.email_verified_at {
            Some(_) => person.display_name.as_str(),
            None => person.handle.as_str(),
        },
        handle: person.handle.as_str(),
        lang: account.language,
    })
}

/// Is `then` over by `now`?
fn over(then: Time, now: Time) -> bool {
    then <= now
}
