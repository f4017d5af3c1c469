//! Who is mentioned across instances: read from the tags of what others wrote, and told in those of what is written here.
//!
//! A name in a text is somebody of the instance on which it was written: `@ann` in a text of kring.example is never
//! somebody of here who has the same handle. So of what others wrote their tags count, and nothing else.

use std::time::Duration;

use diesel::prelude::*;
use kring_activitypub::wire::Post;
use kring_db::schema::{memberships, persons, remote_actors};
use kring_db::{Conn, Tx};
use serde_json::Value;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::erasing;
use super::keys::Owner;
use super::outgoing::{self, Audience, Deed};
use super::resolving::{self, Sort};
use super::rules;
use crate::accounts::{self, Mentioned, PersonAddress, PersonId, SignedIn};
use crate::app::{App, Context};
use crate::config::Config;
use crate::error::Result;
use crate::networks::{MemberState, Network, NetworkId, Visibility};
use crate::peers::Host;

/// Whom a post mentions, of those who are known here.
pub fn told(conn: &mut Conn, cx: &Context, post: &Post) -> Result<Vec<Mentioned>> {
    let mut found: Vec<Mentioned> = Vec::new();
    let home = Host::of(&post.id);
    for mention in &post.mentions {
        let Some(person) =
            actors::person_at(conn, cx.config(), &mention.href)?.filter(|it| it.closed_at.is_none())
        else {
            continue;
        };
        let host = Host::of(&mention.href);
        let bare = person.handle.as_str().to_ascii_lowercase();
        let whole = format!("{bare}@{}", host.as_ref().map(Host::as_str).unwrap_or_default());
        let address = person.address();
        let mut put = |name: String| {
            let new = !found.iter().any(|known| known.name == name);
            if new {
                found.push(Mentioned { name, person: person.id, address: address.clone() });
            }
        };
        put(whole);
        // A bare name is of the instance on which the text was written; Mastodon leaves that out for others as well.
        let written = mention.name.as_deref().map(|name| name.trim_start_matches('@').to_ascii_lowercase());
        if host == home || written.as_ref() == Some(&bare) {
            put(bare);
        }
    }
    Ok(found)
}

/// Most people whom one text makes known.
const STRANGERS: usize = 5;

/// Longest that somebody who writes waits for those who are asked.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks for people of other instances whom a text names and who are not known yet. Who is not found in time is not
/// mentioned: what somebody writes does not wait for others.
pub async fn meet<F>(app: &App, who: &SignedIn, names: &[String], within: F) -> Result<()>
where
    F: FnOnce(&mut Conn) -> Result<Option<Network>> + Send + 'static,
{
    let address = |name: &String| name.parse::<PersonAddress>().ok()?.seen_from(&app.config);
    let named: Vec<PersonAddress> =
        names.iter().filter_map(address).filter(|it| !it.host.is_empty()).collect();
    if named.is_empty() {
        return Ok(());
    }
    let strangers = app.db.read(move |conn| strangers(conn, named, within)).await?;
    if strangers.is_empty() || app.lookups.count(who).is_err() {
        return Ok(());
    }
    let asking = strangers
        .iter()
        .map(|(address, host)| resolving::actor(app, address.handle.as_str(), host, Sort::Person));
    let asked = tokio::time::timeout(PATIENCE, futures_util::future::join_all(asking)).await;
    for fault in asked.into_iter().flatten().filter_map(Result::err) {
        tracing::info!(%fault, "somebody who was mentioned could not be found");
    }
    Ok(())
}

/// Those who are not known, on instances to which the network goes.
fn strangers<F>(
    conn: &mut Conn,
    mut named: Vec<PersonAddress>,
    within: F,
) -> Result<Vec<(PersonAddress, Host)>>
where
    F: FnOnce(&mut Conn) -> Result<Option<Network>>,
{
    let Some(network) = within(conn)? else { return Ok(Vec::new()) };
    let known = accounts::persons_elsewhere(conn, &named)?;
    named.retain(|one| {
        !known.iter().any(|it| it.address().to_string().eq_ignore_ascii_case(&one.to_string()))
    });
    let mut found = Vec::new();
    for address in named.into_iter().take(STRANGERS) {
        let Ok(host) = Host::parse(address.host.clone()) else { continue };
        if rules::reaches(conn, &network, &host)? {
            found.push((address, host));
        }
    }
    Ok(found)
}

/// Somebody whom a post of this instance mentions, as others need to be told.
#[derive(Clone, Debug)]
pub struct Tagged {
    /// Their id.
    pub href: String,
    /// `@ann@kring.example`
    pub name: String,
}

/// Who is mentioned in these threads and replies, in order: each with the post. Those of elsewhere whose instance told
/// of them.
pub fn tagged(conn: &mut Conn, config: &Config, posts: &[i64]) -> Result<Vec<(i64, Tagged)>> {
    let mentioned = super::queries::mentioned(conn, posts)?;
    let elsewhere = mentioned.iter().filter(|(_, person)| !person.host.is_empty()).map(|(_, it)| it.id);
    let elsewhere: Vec<Option<PersonId>> = elsewhere.map(Some).collect();
    let actors: Vec<(Option<PersonId>, String)> = match elsewhere.is_empty() {
        true => Vec::new(),
        false => remote_actors::table
            .filter(remote_actors::person_id.eq_any(elsewhere))
            .select((remote_actors::person_id, remote_actors::uri))
            .load(conn)?,
    };
    let tagged = mentioned.into_iter().filter_map(|(post, person)| {
        let (href, host) = match person.host.as_str() {
            "" => (Local::Person(person.handle.clone()).address(config), config.host()),
            host => (actors.iter().find(|(id, _)| *id == Some(person.id))?.1.clone(), host.to_owned()),
        };
        Some((post, Tagged { href, name: format!("@{}@{host}", person.handle) }))
    });
    Ok(tagged.collect())
}

/// What somebody of here wrote goes to those whom it mentions, on instances that do not get it anyway: only where
/// everyone may read it, and where its network goes there.
pub fn deliver(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    (author, actor): (PersonId, &str),
    inner: &Value,
    order_key: &str,
) -> Result<()> {
    if network.visibility != Visibility::Public {
        return Ok(());
    }
    let kind = match inner.get("type").and_then(Value::as_str) {
        Some("Create") => "Create",
        Some("Update") => "Update",
        _ => return Ok(()),
    };
    let object = inner.get("object").cloned().unwrap_or_default();
    let mut people = people_in(tx, &object)?;
    if let ("Update", Some(uri)) = (kind, object.get("id").and_then(Value::as_str)) {
        // Whom it mentioned before has what it said then: a slip that is mended is mended there too.
        for before in outgoing::sent_of(tx, uri)? {
            people.extend(people_in(tx, &before)?);
        }
    }
    let mut served: Vec<Host> = Vec::new();
    for mentioned in people {
        let host = mentioned.host.clone();
        let home = network.slug.host() == host.as_str();
        if home
            || served.contains(&host)
            || follows(tx, network.id, &host)?
            || !rules::reaches(tx, network, &host)?
        {
            continue;
        }
        served.push(host.clone());
        let member = |name: &str| inner.get(name).cloned().unwrap_or_default();
        let deed = Deed {
            owner: Owner::Person(author),
            actor: actor.to_owned(),
            kind,
            object: object.clone(),
            more: serde_json::json!({ "to": member("to"), "cc": object.get("cc"), "audience": member("audience") }),
            audience: Audience::Mentioned(network.id, &mentioned),
            order_key: order_key.to_owned(),
        };
        outgoing::push(tx, cx, deed)?;
        // It takes what it answers along: whoever is mentioned may have the conversation from now on.
        erasing::holds(tx, cx, network.id, &host)?;
    }
    Ok(())
}

/// People of other instances whom an object of here mentions.
fn people_in(conn: &mut Conn, object: &Value) -> Result<Vec<Remote>> {
    let tags = object.get("tag").and_then(Value::as_array).into_iter().flatten();
    let mentions = tags.filter(|tag| tag.get("type").and_then(Value::as_str) == Some("Mention"));
    let mut found = Vec::new();
    for href in mentions.filter_map(|tag| tag.get("href").and_then(Value::as_str)) {
        found.extend(actors::by_uri(conn, href)?.filter(|actor| actor.person_id.is_some()));
    }
    Ok(found)
}

/// Does anybody of an instance belong to a network? Then what is written in it goes there by itself.
fn follows(conn: &mut Conn, network: NetworkId, host: &Host) -> Result<bool> {
    let there = persons::table.filter(persons::host.eq(host)).select(persons::id);
    let members = memberships::table
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::person_id.eq_any(there));
    Ok(members
        .select(memberships::id)
        .first::<crate::networks::MembershipId>(conn)
        .optional()?
        .is_some())
}
