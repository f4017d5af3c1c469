//! Where mails and pages lead: to the frontend where one is set, else to Kring's own pages. Both know the same paths.

use crate::config::Config;

fn page(config: &Config, path: &str) -> String {
    match &config.frontend_url {
        Some(frontend) => format!("{}{path}", frontend.as_str().trim_end_matches('/')),
        None => config.public(path),
    }
}

pub fn home(config: &Config) -> String {
    page(config, "/")
}

pub fn verify_email(config: &Config, word: &str) -> String {
    page(config, &format!("/verify-email/{word}"))
}

pub fn reset_password(config: &Config, word: &str) -> String {
    page(config, &format!("/reset-password/{word}"))
}

/// Always Kring's own page: where a member by mail asks for the mail with which they become a full one.
pub fn become_full_member(config: &Config, word: &str) -> String {
    config.public(&format!("/digest-preferences/{word}/full-membership"))
}

/// Where a member by mail chooses a name and a password.
pub fn full_member(config: &Config, word: &str) -> String {
    page(config, &format!("/full-membership/{word}"))
}

/// Where somebody says yes or no to an invitation by mail.
pub fn email_invitation(config: &Config, word: &str) -> String {
    page(config, &format!("/email-invitations/{word}"))
}

/// Always Kring's own page, as with digests: where the owner of an address says that nobody is to invite them.
pub fn no_invitations(config: &Config, word: &str) -> String {
    config.public(&format!("/no-invitations/{word}"))
}

pub fn network(config: &Config, slug: &str) -> String {
    page(config, &format!("/networks/{slug}"))
}

pub fn thread(config: &Config, id: impl std::fmt::Display) -> String {
    page(config, &format!("/threads/{id}"))
}

pub fn reply(config: &Config, thread: impl std::fmt::Display, id: impl std::fmt::Display) -> String {
    // A fragment never reaches the server: without `around` a reply on a later page would not be found.
    page(config, &format!("/threads/{thread}?around={id}#reply-{id}"))
}

pub fn document(config: &Config, id: impl std::fmt::Display) -> String {
    page(config, &format!("/documents/{id}"))
}

pub fn municipality(config: &Config, code: impl std::fmt::Display) -> String {
    page(config, &format!("/municipalities/{code}"))
}

pub fn municipalities(config: &Config) -> String {
    page(config, "/municipalities")
}

pub fn person(config: &Config, handle: &str) -> String {
    page(config, &format!("/@{handle}"))
}

/// A digest for its reader, who need not sign in: the word is signed and expires.
pub fn digest(config: &Config, word: &str) -> String {
    config.public(&format!("/digests/{word}"))
}

/// Always Kring's own page: mail programs post to it (RFC 8058).
pub fn unsubscribe(config: &Config, word: &str) -> String {
    config.public(&format!("/unsubscribe/{word}"))
}

/// Always Kring's own page: who chooses how often mail comes need not sign in.
pub fn digest_preferences(config: &Config, word: &str) -> String {
    config.public(&format!("/digest-preferences/{word}"))
}

/// `link` with a word that lets its reader in.
pub fn with_key(link: &str, word: &str) -> String {
    let (address, fragment) = link.split_once('#').map_or((link, None), |(a, f)| (a, Some(f)));
    let joint = if address.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{address}{joint}key={word}{fragment}")
}
