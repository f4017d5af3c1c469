//! People and their logins.
//!
//! A *person* is somebody who acts, here or on another instance; an *account* is the login of a person of this
//! instance. Invariants:
//!
//! - handles are addresses of actors: they never change and are never given out again, closed accounts included;
//! - passwords are kept as Argon2id, every other secret as a hash; what is sent by mail works once;
//! - no answer and no timing tells whether an e-mail address has an account;
//! - "expert by experience" is health data: it is in nobody's answer but the owner's. A membership may show it
//!   in one network, by the owner's choice;
//! - who is known by mail alone has no handle and no password, and cannot sign in; nothing but their address was ever
//!   asked of them. They become full members with a word that goes to that address, also where they register with it, and
//!   stay the same person;
//! - a session that was ended ends at once: it is looked up with every request, not believed from the token.

mod actions;
mod address;
mod hashing;
pub mod jobs;
mod keys;
mod mail;
mod model;
pub mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{
    Mentioned, WordState, acting, acting_elsewhere, address_hash, admit, approve, ask_full, ask_reset,
    ask_verification_again, become_full, change_mail_profile, change_profile, close, close_declined,
    close_for_others, closed_elsewhere, complete_reset, confirms, create, drop_imported, found_at, full_word,
    give_back, grant_admin, import_person, known_address, linking, mail_profile, nobody, profile_of,
    put_elsewhere, refusal_word, refused_hash, register_for_demo, reset_word, tell_declined, verify,
    verify_word, viewer, with_mentions,
};
pub use address::{PERSON_PATTERN, PersonAddress, is_host};
pub use hashing::Hashing;
pub use keys::{Claims, Keys};
pub use model::{
    AccountId, Bio, DisplayName, Email, HANDLE_PATTERN, Handle, LANGUAGE_PATTERN, LanguageTag, NewAccount,
    NewFullMember, Password, Person, PersonId, ProfileChange, Recipient, Role, SessionId, SignedIn, Viewer,
};
pub use queries::{
    anybody, hold, mail_only, of_here, people, person_at, person_by_handle, person_by_id, persons_by_handles,
    persons_elsewhere, recipient, recipients, registered, shows_experience,
};
pub use view::{NextStep, PersonView};
