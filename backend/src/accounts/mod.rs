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
//! - a session that was ended ends at once: it is looked up with every request, not believed from the token.

mod actions;
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
    WordState, acting, approve, ask_reset, ask_verification_again, change_profile, close, complete_reset,
    confirms, create, grant_admin, profile_of, register_for_demo, reset_word, verify, verify_word, viewer,
    with_mentions,
};
pub use hashing::Hashing;
pub use keys::{Claims, Keys};
pub use model::{
    AccountId, Bio, DisplayName, Email, HANDLE_PATTERN, Handle, LANGUAGE_PATTERN, LanguageTag, NewAccount,
    Password, Person, PersonId, ProfileChange, Recipient, Role, SessionId, SignedIn, Viewer,
};
pub use queries::{
    anybody, person_by_handle, person_by_id, persons_by_handles, recipient, recipients, shows_experience,
};
pub use view::PersonView;
