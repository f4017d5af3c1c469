//! Networks that live on other instances: what is kept of them here.

use kring_db::{JsonText, Time, Tx};

use super::members::{arrive, begin as begin_membership, leave};
use super::networks::entry;
use super::settle;
use crate::accounts::{self, LanguageTag, PersonId};
use crate::app::Context;
use crate::error::Result;
use crate::index;
use crate::networks::model::*;
use crate::networks::{policy, queries};
use crate::peers::{Choice, Copies, Reach};
use crate::text::markdown;

/// What another instance tells of a network of its own.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    pub slug: Slug,
    pub name: NetworkName,
    /// Markdown.
    pub description: String,
    pub language: LanguageTag,
    /// What it is about.
    pub about: Subjects,
    /// Where people read it.
    pub home_url: String,
    /// Does somebody there say yes to whoever wants to join?
    pub approves: bool,
    pub visibility: Visibility,
    /// Who changes its documents.
    pub documents_edited_by: EditedBy,
    /// What those who follow it are to keep.
    pub copies: Copies,
}

/// Writes down what another instance tells of a network: new here, or told anew. `None` where the network lives somewhere
/// else since: where it was has no say in it any more.
pub fn put_elsewhere(tx: &mut Tx, cx: &Context, told: &Elsewhere) -> Result<Option<NetworkId>> {
    let known = queries::by_slug(tx, &told.slug, None)?;
    let mut network = match known {
        Some((network, _)) if network.slug != told.slug => return Ok(None),
        Some((network, _)) => network,
        None => begin(tx, cx, told)?,
    };
    if policy::widens(network.visibility, told.visibility) {
        // As in networks of here: what was shown to a smaller circle is not shown to the larger one unasked.
        queries::hide_experiences_elsewhere(tx, &network)?;
    }
    network.visibility = told.visibility;
    network.name = told.name.clone();
    network.description = told.description.clone();
    network.description_html = markdown::render(&told.description).html;
    network.join_policy = if told.approves { JoinPolicy::Request } else { JoinPolicy::Open };
    (network.municipalities, network.themes, network.crpd_articles) = queries::subject_texts(&told.about);
    network.home_url = Some(told.home_url.clone());
    network.documents_edited_by = told.documents_edited_by;
    network.federation = network.federation.keeping(told.copies);
    network.updated_at = cx.now();
    network.version += 1;
    queries::retell(tx, &network)?;
    index::put(tx, &entry(&network))?;
    Ok(Some(network.id))
}

fn begin(tx: &mut Tx, cx: &Context, told: &Elsewhere) -> Result<Network> {
    let none = || JsonText::of(&Vec::<String>::new());
    let network = Network {
        id: cx.id(),
        slug: told.slug.clone(),
        name: told.name.clone(),
        plain_summary: None,
        description: String::new(),
        description_html: String::new(),
        language: told.language.clone(),
        visibility: told.visibility,
        join_policy: JoinPolicy::Open,
        documents_edited_by: told.documents_edited_by,
        state: NetworkState::Active,
        seeking_people: false,
        led_by_experts: false,
        municipalities: none(),
        themes: none(),
        crpd_articles: none(),
        member_count: 0,
        coordinator_count: 0,
        founder_count: 0,
        thread_count: 0,
        document_count: 0,
        created_by: accounts::nobody(tx, cx)?,
        created_at: cx.now(),
        updated_at: cx.now(),
        archived_at: None,
        without_coordinator_since: None,
        version: 0,
        seeking_help: None,
        // What is written in it goes home, and from there to whoever follows it.
        federation: Choice::new(Reach::Open, Vec::new()),
        home_url: None,
    };
    queries::insert(tx, &network)?;
    Ok(network)
}

/// A network and what somebody is in it, locked: what its home says comes in several messages, which may be taken at once.
fn locked(tx: &mut Tx, network: NetworkId, person: PersonId) -> Result<(Network, Option<Membership>)> {
    queries::lock(tx, network)?;
    Ok((queries::by_id(tx, network)?, queries::membership(tx, network, person)?))
}

/// Its home let somebody of this instance in.
pub fn let_in(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    let (network, membership) = locked(tx, network, person)?;
    match membership {
        Some(mut asked) if asked.state == MemberState::Requested => {
            arrive(tx, cx, &network, &mut asked, person)
        }
        _ => Ok(()),
    }
}

/// Its home did not let somebody of this instance in, or put them out.
pub fn turned_down(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    let (network, membership) = locked(tx, network, person)?;
    match membership {
        Some(mut asked) if asked.state.open() => {
            leave(tx, cx, &network, &mut asked, MemberState::Refused, person)
        }
        _ => Ok(()),
    }
}

/// The home of a network elsewhere put somebody out of it, for good.
pub fn put_out(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    let (network, membership) = locked(tx, network, person)?;
    match membership {
        Some(mut known) if known.state != MemberState::Removed => {
            leave(tx, cx, &network, &mut known, MemberState::Removed, person)
        }
        _ => Ok(()),
    }
}

/// The home of a network elsewhere no longer keeps somebody out of it.
pub fn let_back(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    match locked(tx, network, person)?.1 {
        Some(known) if known.state == MemberState::Removed => {
            let known = Membership { state: MemberState::Left, updated_at: cx.now(), ..known };
            queries::save_membership(tx, &known)
        }
        _ => Ok(()),
    }
}

/// Somebody holds this office in a network elsewhere since then, as its home tells; `Member`: none any more.
pub fn holds_office(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    person: PersonId,
    (role, since): (MemberRole, Time),
) -> Result<()> {
    let (network, known) = locked(tx, network, person)?;
    let active = known.as_ref().is_some_and(|known| known.state == MemberState::Active);
    if !active && role != MemberRole::Member {
        // People of this instance are made members by nobody's telling.
        if accounts::person_by_id(tx, person)?.host.is_empty() {
            return Ok(());
        }
        takes_part(tx, cx, network.id, person)?;
    }
    match queries::membership(tx, network.id, person)? {
        Some(known) if known.state == MemberState::Active && known.role != role => {
            queries::save_membership(tx, &Membership { role, updated_at: since, ..known })?;
            settle(tx, cx, &network)
        }
        _ => Ok(()),
    }
}

/// Somebody elsewhere takes part in a network elsewhere, as its home tells.
pub fn takes_part(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    let there = |known: &Option<Membership>| known.as_ref().is_some_and(|it| it.state == MemberState::Active);
    // As with most that is written: nobody is kept waiting.
    if there(&queries::membership(tx, network, person)?) {
        return Ok(());
    }
    let (network, known) = locked(tx, network, person)?;
    if there(&known) {
        return Ok(());
    }
    arrive(tx, cx, &network, &mut begin_membership(cx, &network, person, known.as_ref()), person)
}
