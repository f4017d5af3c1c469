//! One's own account, and how others see a person.

use kring_db::{Conn, Tx};

use crate::accounts::address::PersonAddress;
use crate::accounts::model::*;
use crate::accounts::queries;
use crate::app::Context;
use crate::error::{Error, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::jobs::queue::{self, JobKind};
use crate::jobs::{asked, idempotency};
use crate::municipalities::{self, Municipality};
use crate::text::markdown::{self, Rendered};
use crate::web::links;

/// A person and what their profile names.
pub struct Profile {
    pub person: Person,
    pub municipality: Option<Municipality>,
}

/// How others see the person at this address. A closed account shows that it was closed.
pub fn profile_of(conn: &mut Conn, cx: &Context, address: &PersonAddress) -> Result<Profile> {
    let person = found_at(conn, cx, address)?.ok_or(NOT_FOUND)?;
    with_municipality(conn, person)
}

/// Whoever has this address, as far as others may know of them.
pub fn found_at(conn: &mut Conn, cx: &Context, address: &PersonAddress) -> Result<Option<Person>> {
    match address.seen_from(cx.config()) {
        Some(address) => queries::person_at(conn, &address),
        None => Ok(None),
    }
}

fn with_municipality(conn: &mut Conn, person: Person) -> Result<Profile> {
    let municipality = match &person.municipality {
        Some(code) => municipalities::by_codes(conn, std::slice::from_ref(code))?.pop(),
        None => None,
    };
    Ok(Profile { person, municipality })
}

/// `text` as it is to be stored: mentions of people who are here lead to their pages, and nothing else is a mention.
/// Tells who they are, in no order.
pub fn with_mentions(
    conn: &mut Conn,
    cx: &Context,
    markdown: &str,
    text: &Rendered,
) -> Result<(Rendered, Vec<PersonId>)> {
    let named = |name: &String| {
        let address = name.parse::<PersonAddress>().ok()?.seen_from(cx.config())?;
        Some((name.clone(), address))
    };
    let named: Vec<(String, PersonAddress)> = text.mentions.iter().filter_map(named).collect();
    if named.is_empty() {
        return Ok((text.clone(), Vec::new()));
    }
    let (here, elsewhere): (Vec<_>, Vec<_>) = named.iter().partition(|(_, address)| address.host.is_empty());
    let handles: Vec<Handle> = here.into_iter().map(|(_, address)| address.handle.clone()).collect();
    let addresses: Vec<PersonAddress> = elsewhere.into_iter().map(|(_, address)| address.clone()).collect();
    let mut people = queries::persons_by_handles(conn, &handles)?;
    people.extend(queries::persons_elsewhere(conn, &addresses)?);
    people.retain(|person| person.closed_at.is_none());
    let is = |person: &Person, address: &PersonAddress| {
        person.host == address.host && person.handle.as_str().eq_ignore_ascii_case(address.handle.as_str())
    };
    let found = named.iter().filter_map(|(name, address)| {
        let person = people.iter().find(|person| is(person, address))?;
        Some(Mentioned {
            name: name.clone(),
            person: person.id,
            address: person.address(),
        })
    });
    Ok(linking(cx, markdown, &found.collect::<Vec<_>>()))
}

/// Somebody whom a text mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentioned {
    /// As they stand in the text behind the `@`, in small letters.
    pub name: String,
    pub person: PersonId,
    pub address: PersonAddress,
}

/// `markdown` with links to the pages of exactly these people, where it names them; and who they are. For a text whose
/// own instance told whom it mentions: a bare name in it is somebody of there.
pub fn linking(cx: &Context, markdown: &str, mentioned: &[Mentioned]) -> (Rendered, Vec<PersonId>) {
    let page = |name: &str| {
        let person = mentioned.iter().find(|one| one.name == name)?;
        Some(links::person(cx.config(), &person.address.to_string()))
    };
    let mut people: Vec<PersonId> = mentioned.iter().map(|one| one.person).collect();
    people.sort_unstable();
    people.dedup();
    (markdown::render_linking(markdown, &page), people)
}

/// The caller's own account.
pub fn profile(conn: &mut Conn, who: &SignedIn) -> Result<(Account, Profile)> {
    let account = queries::account(conn, who.account)?;
    let person = queries::person_by_id(conn, who.person)?;
    Ok((account, with_municipality(conn, person)?))
}

/// Changes what the owner says about themselves. Who no longer says that they are an expert by experience no longer
/// shows it anywhere.
pub fn change_profile(tx: &mut Tx, cx: &Context, who: &SignedIn, change: &ProfileChange) -> Result<()> {
    if let Some(Some(code)) = &change.municipality
        && !municipalities::exist(tx, std::slice::from_ref(code))?
    {
        return Err(Fault::new("unknown_municipality").at("/municipality"));
    }
    queries::change_profile(tx, who, change)?;
    if change.display_name.is_some() || change.bio.is_some() {
        outbox::push(tx, cx, Event::new(EventKind::ProfileChanged, who.person.0).actor(who.person.0))?;
    }
    if change.expert_by_experience == Some(false) {
        let event = Event::new(EventKind::ExperienceWithdrawn, who.person.0).actor(who.person.0);
        outbox::push(tx, cx, event)?;
    }
    Ok(())
}

/// Closes the caller's account. Never refused: what they wrote stays with the networks, under their handle.
pub fn close_own(tx: &mut Tx, cx: &Context, who: &SignedIn) -> Result<()> {
    close(tx, cx, who.person)
}

/// Closes an account: signed out everywhere, personal data gone, the handle kept as an address. What waits for their
/// address elsewhere ends with it.
pub fn close(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    let email = queries::account_of(tx, person)?.and_then(|account| account.email);
    if let Some(email) = &email {
        queue::enqueue(tx, cx, JobKind::AddressGone, &super::address_hash(cx, email), cx.now())?;
    }
    close_for_others(tx, cx, person)
}

/// [`close`], for whom others took out of the last that was left: an invitation that waits for their address is theirs to
/// answer, as somebody new.
pub fn close_for_others(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    let account = queries::account_of(tx, person)?
        .ok_or_else(|| Error::internal("a person without account cannot close it"))?;
    let person = queries::person_by_id(tx, person)?;
    queries::end_sessions(tx, account.id, None, cx.now())?;
    queries::close(tx, &account, &person, cx.now())?;
    idempotency::forget(tx, account.id)?;
    asked::forget(tx, account.id, cx.now())?;
    crate::mail::forget(tx, &[person.id])?;
    outbox::push(tx, cx, Event::new(EventKind::AccountClosed, person.id.0).actor(person.id.0))
}
