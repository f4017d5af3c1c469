//! Actors of other instances: found, kept, and kept up to date.

use chrono::Duration;
use diesel::prelude::*;
use kring_activitypub::keys::PublicKey;
use kring_activitypub::wire::{self, Actor, ActorKind};
use kring_db::schema::remote_actors;
use kring_db::{Conn, Time, Tx};
use serde_json::{Map, Value};
use url::Url;

use super::addresses::Local;
use super::serving::Part;
use super::{asking, known, queries, subjects, text};
use crate::accounts::{self, LanguageTag, Person, PersonId};
use crate::app::{App, Context};
use crate::config::Config;
use crate::copies;
use crate::error::{Error, Fault, Result};
use crate::municipalities;
use crate::networks::{self, EditedBy, Elsewhere, NetworkId, NetworkName, Slug, Visibility};
use crate::peers::{Copies, Host};

/// After so long what is told of an actor is asked again.
const OLD: Duration = Duration::days(1);

/// A key that did not fit is asked again, but not more often than this.
const FRESH: Duration = Duration::seconds(30);

/// An actor of another instance, as it is kept here.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = remote_actors)]
pub struct Remote {
    pub uri: String,
    pub host: Host,
    pub person_id: Option<PersonId>,
    pub network_id: Option<NetworkId>,
    pub inbox: String,
    pub delivery: String,
    pub key_id: String,
    pub public_key: String,
    pub proof_key_id: Option<String>,
    pub proof_key: Option<String>,
    pub fetched_at: Time,
    /// Where its collections are; of networks.
    pub outbox: Option<String>,
    pub followers: Option<String>,
    pub featured: Option<String>,
    pub moderators: Option<String>,
    /// Since when what was written in it before is being taken over, and when that was done.
    pub backfilling_since: Option<Time>,
    pub backfilled_at: Option<Time>,
}

impl Remote {
    /// Its id.
    pub fn address(&self) -> Result<Url> {
        wire::address(&self.uri).ok_or_else(|| Error::internal("a stored address is none"))
    }

    /// The key that signs its requests.
    pub fn key(&self) -> Result<PublicKey> {
        PublicKey::from_pem(&self.public_key).map_err(|_| Error::internal("a stored key cannot be read"))
    }

    /// The key that proves its objects, where it has one of this address.
    pub fn proof_key(&self, key_id: &str) -> Option<PublicKey> {
        let same = self.proof_key_id.as_deref() == Some(key_id);
        self.proof_key.as_ref().filter(|_| same).and_then(|key| PublicKey::from_multibase(key).ok())
    }
}

/// An actor, or in words why it cannot be known.
pub type Found = std::result::Result<Remote, String>;

/// The actor with this id; asked for where it is not known, or was long ago.
pub async fn find(app: &App, id: &Url) -> Result<Found> {
    find_for(app, id, For::ItsOwnWord).await
}

/// [`find`], for somebody here who looks for it.
pub async fn look_up(app: &App, id: &Url) -> Result<Found> {
    find_for(app, id, For::SomebodyHere).await
}

async fn find_for(app: &App, id: &Url, wanted: For) -> Result<Found> {
    let uri = id.to_string();
    let kept = app.db.read(move |conn| by_uri(conn, &uri)).await?;
    // Of a group that only spoke so far no network stands here: who looks for it wants that.
    let is_enough =
        |kept: &Remote| wanted == For::ItsOwnWord || kept.person_id.is_some() || kept.network_id.is_some();
    match kept {
        Some(kept) if app.clock.now() < kept.fetched_at + OLD && is_enough(&kept) => Ok(Ok(kept)),
        // One that cannot be reached now is as it was.
        Some(kept) => Ok(Ok(fetch(app, id, wanted).await?.unwrap_or(kept))),
        None => fetch(app, id, wanted).await,
    }
}

/// The actor that is kept with this key, if any.
pub async fn with_key(app: &App, key_id: &str) -> Result<Option<Remote>> {
    let wanted = key_id.to_owned();
    app.db
        .read(move |conn| {
            let row = remote_actors::table.filter(remote_actors::key_id.eq(&wanted));
            Ok(row.select(Remote::as_select()).first(conn).optional()?)
        })
        .await
}

/// The actor whose key this is, as its own server tells it now. It is kept only where the key fits: what somebody names who
/// proves nothing leaves nothing here. `kept`: whose key it was so far.
pub async fn by_key(
    app: &App,
    key_id: &str,
    kept: Option<&Remote>,
    fits: impl Fn(&PublicKey) -> bool,
) -> Result<std::result::Result<Remote, NoKey>> {
    let never = |why: &str| Ok(Err(NoKey { why: why.to_owned(), may_pass: false }));
    if kept.is_some_and(|kept| app.clock.now() < kept.fetched_at + FRESH) {
        return never("the key does not fit, and was asked for just now");
    }
    let Some(mut url) = wire::address(kept.map_or(key_id, |kept| &kept.uri)) else {
        return never("the key has no address of the web");
    };
    url.set_fragment(None);
    let told = match asking::identified(app, &url).await? {
        Ok(told) => read_told(&told),
        Err(why) => return Ok(Err(NoKey { why: why.to_string(), may_pass: why.may_pass() })),
    };
    let told = match told {
        Ok(told) => told,
        Err(why) => return never(&why),
    };
    if kept.is_some_and(|kept| kept.uri != told.0.id.as_str()) {
        return never(ANOTHER);
    }
    if !fits(&told.0.key) {
        return never("the key does not fit");
    }
    let kept = keep_told(app, told, For::ItsOwnWord).await?;
    Ok(kept.map_err(|why| NoKey { why, may_pass: false }))
}

/// Why nobody knows whose key it is.
#[derive(Debug)]
pub struct NoKey {
    pub why: String,
    /// Its server was away just now: the same may be proved later.
    pub may_pass: bool,
}

/// Why nobody is known who is found where somebody else was looked for.
const ANOTHER: &str = "another actor is found there";

/// Asks again for an actor that is said to have changed.
pub async fn again(app: &App, id: &Url) -> Result<Found> {
    fetch(app, id, For::ItsOwnWord).await
}

/// [`again`], but not more often than now and then.
pub async fn fresh(app: &App, kept: &Remote) -> Result<Found> {
    match app.clock.now() < kept.fetched_at + FRESH {
        true => Ok(Ok(kept.clone())),
        false => again(app, &kept.address()?).await,
    }
}

/// Why an actor becomes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    SomebodyHere,
    /// It says something itself, or others name it: an instance makes a few of its networks known so, and no more.
    ItsOwnWord,
}

/// Most of those that a group says that it was before that are looked at.
const WAS: usize = 10;

/// Most networks of one instance, with nobody of here in them, before no further one becomes known by its own word.
const UNFOLLOWED: i64 = 10;

/// Asks for the actor with this id and keeps it. To whom an address leads instead is not taken for it.
async fn fetch(app: &App, id: &Url, wanted: For) -> Result<Found> {
    match ask(app, id).await? {
        Ok(told) if told.0.id == *id => {
            Ok(keep_told(app, told, wanted).await?.and_then(|kept| is_it(kept, id)))
        }
        Ok(_) => Ok(Err(ANOTHER.to_owned())),
        Err(why) => Ok(Err(why)),
    }
}

/// Whoever speaks is who was asked for, and nobody in whose place they come.
fn is_it(kept: Remote, id: &Url) -> Found {
    match kept.uri == id.as_str() {
        true => Ok(kept),
        false => Err("it is to be a network that people here belong to, and has not moved yet".to_owned()),
    }
}

/// An actor as it tells of itself, and which it says that it was before.
type Told = (Actor, Vec<Url>);

async fn ask(app: &App, url: &Url) -> Result<std::result::Result<Told, String>> {
    Ok(match asking::object(app, url).await? {
        Ok(told) => read_told(&told),
        Err(why) => Err(why),
    })
}

fn read_told(told: &Map<String, Value>) -> std::result::Result<Told, String> {
    let actor = Actor::parse(told).map_err(|refusal| refusal.to_string())?;
    Ok((actor, wire::ids_of(told.get("alsoKnownAs"))))
}

async fn keep_told(app: &App, (actor, was): Told, wanted: For) -> Result<Found> {
    app.write_for_anyone(move |tx, cx| {
        let known = by_uri(tx, actor.id.as_str())?.is_some_and(|known| known.network_id.is_some());
        if actor.kind != ActorKind::Group || known {
            return keep(tx, cx, &actor).map(Ok);
        }
        // People here belong to what it says it was: it becomes that when the move is believed, not another beside it.
        let before = followed_before(tx, &was)?;
        match (before, wanted) {
            _ if lives_here(tx, cx.config(), &was)? => keep_voice(tx, cx, &actor, (None, None)).map(Ok),
            (Some(before), For::SomebodyHere) => Ok(Ok(before)),
            (None, For::SomebodyHere) => keep(tx, cx, &actor).map(Ok),
            (None, For::ItsOwnWord) if has_room(tx, &actor)? => keep(tx, cx, &actor).map(Ok),
            // It speaks, and no network of it stands here.
            (_, For::ItsOwnWord) => keep_voice(tx, cx, &actor, (None, None)).map(Ok),
        }
    })
    .await
}

/// The network that people here belong to, of those that a group says that it was before.
fn followed_before(conn: &mut Conn, was: &[Url]) -> Result<Option<Remote>> {
    for address in was.iter().take(WAS) {
        if let Some(before) = by_uri(conn, address.as_str())?
            && let Some(network) = before.network_id
            && queries::followed_here(conn, network)?
        {
            return Ok(Some(before));
        }
    }
    Ok(None)
}

/// Does a network live here that a group says it was? It is to move there, perhaps.
fn lives_here(conn: &mut Conn, config: &Config, was: &[Url]) -> Result<bool> {
    for address in was.iter().take(WAS) {
        if let Some(Local::Network(slug)) = Local::at(config, address)
            && networks::with_slug(conn, &slug)?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// May one more network of its instance become known?
fn has_room(conn: &mut Conn, actor: &Actor) -> Result<bool> {
    let Some(host) = Host::of(&actor.id) else { return Ok(false) };
    Ok(queries::unfollowed_at(conn, &host)? < UNFOLLOWED)
}

/// Keeps an actor that somebody here looked for, as its own server just told of it. Where it says that it was a network that
/// people here belong to, it is that.
pub async fn of_itself(app: &App, told: &Map<String, Value>) -> Result<Found> {
    match read_told(told) {
        Ok(told) => keep_told(app, told, For::SomebodyHere).await,
        Err(why) => Ok(Err(why)),
    }
}

pub fn by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Remote>> {
    Ok(remote_actors::table.find(uri).select(Remote::as_select()).first(conn).optional()?)
}

/// The person that an address is of: of here, or of elsewhere where their instance told of them; closed ones included.
pub fn person_at(conn: &mut Conn, config: &Config, address: &Url) -> Result<Option<Person>> {
    match Local::at(config, address) {
        Some(Local::Person(handle)) => accounts::person_by_handle(conn, &handle),
        Some(_) => Ok(None),
        None => {
            let person = by_uri(conn, address.as_str())?.and_then(|actor| actor.person_id);
            person.map(|id| accounts::person_by_id(conn, id)).transpose()
        }
    }
}

pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Option<Remote>> {
    let row = remote_actors::table.filter(remote_actors::person_id.eq(person));
    Ok(row.select(Remote::as_select()).first(conn).optional()?)
}

/// The network elsewhere that has this address for what is pinned in it, or for who moderates it.
pub fn with_collection(conn: &mut Conn, address: &str) -> Result<Option<(NetworkId, Part)>> {
    let its = remote_actors::featured.eq(address).or(remote_actors::moderators.eq(address));
    let network = remote_actors::network_id.is_not_null();
    let row = remote_actors::table.filter(network.and(its.assume_not_null()));
    let found: Option<(Option<NetworkId>, Option<String>)> =
        row.select((remote_actors::network_id, remote_actors::featured)).first(conn).optional()?;
    let part = |featured: Option<String>| match featured.as_deref() == Some(address) {
        true => Part::Featured,
        false => Part::Moderators,
    };
    Ok(found.and_then(|(network, featured)| Some((network?, part(featured)))))
}

pub fn of_network(conn: &mut Conn, network: NetworkId) -> Result<Option<Remote>> {
    let row = remote_actors::table.filter(remote_actors::network_id.eq(network));
    Ok(row.select(Remote::as_select()).first(conn).optional()?)
}

/// The networks of an instance that are known here, those that were asked for last first.
pub fn networks_at(conn: &mut Conn, host: &Host) -> Result<Vec<Remote>> {
    let its = remote_actors::host.eq(host).and(remote_actors::network_id.is_not_null());
    let found = remote_actors::table.filter(its).order(remote_actors::fetched_at.desc());
    Ok(found.limit(100).select(Remote::as_select()).load(conn)?)
}

/// A network lives somewhere else now: the group that it was has no say in it any more.
pub fn part(tx: &mut Tx, network: NetworkId) -> Result<()> {
    diesel::update(remote_actors::table.filter(remote_actors::network_id.eq(network)))
        .set(remote_actors::network_id.eq(None::<NetworkId>))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps what an actor tells of itself.
pub fn keep(tx: &mut Tx, cx: &Context, actor: &Actor) -> Result<Remote> {
    let host = Host::of(&actor.id).ok_or_else(|| Error::internal("an actor without a host"))?;
    let is = match actor.kind {
        ActorKind::Person => {
            let named = (actor.name.as_str(), host.as_str());
            (Some(accounts::put_elsewhere(tx, cx, named, &actor.display_name, actor.page().as_str())?), None)
        }
        ActorKind::Group => (None, keep_network(tx, cx, actor, &host)?),
        ActorKind::Application => (None, None),
    };
    keep_voice(tx, cx, actor, is)
}

/// Keeps where an actor is and with which keys it speaks, and who or what it is here.
fn keep_voice(
    tx: &mut Tx,
    cx: &Context,
    actor: &Actor,
    (person, network): (Option<PersonId>, Option<NetworkId>),
) -> Result<Remote> {
    let host = Host::of(&actor.id).ok_or_else(|| Error::internal("an actor without a host"))?;
    known::meet(tx, &host, cx.now())?;
    known::delivers_at(tx, &host, actor.delivery().as_str())?;
    if actor.takes_rfc9421 {
        known::remember_scheme(tx, &host, true)?;
    }
    let proof = actor.proof_key.as_ref();
    // A collection speaks for an actor of its own server alone.
    let own =
        |url: &Option<Url>| url.as_ref().filter(|url| wire::same_host(url, &actor.id)).map(Url::to_string);
    let columns = (
        remote_actors::host.eq(&host),
        remote_actors::person_id.eq(person),
        remote_actors::network_id.eq(network),
        remote_actors::inbox.eq(actor.inbox.as_str()),
        remote_actors::delivery.eq(actor.delivery().as_str()),
        remote_actors::key_id.eq(&actor.key_id),
        remote_actors::public_key.eq(actor.key.to_pem()),
        remote_actors::proof_key_id.eq(proof.map(|(id, _)| id.clone())),
        remote_actors::proof_key.eq(proof.and_then(|(_, key)| key.to_multibase())),
        remote_actors::fetched_at.eq(cx.now()),
        remote_actors::outbox.eq(own(&actor.outbox)),
        remote_actors::followers.eq(own(&actor.followers)),
        remote_actors::featured.eq(own(&actor.featured)),
        remote_actors::moderators.eq(own(&actor.moderators)),
    );
    let uri = actor.id.as_str();
    if diesel::update(remote_actors::table.find(uri)).set(columns.clone()).execute(tx.conn())? == 0 {
        let new = (remote_actors::uri.eq(uri), columns);
        diesel::insert_into(remote_actors::table).values(new).execute(tx.conn())?;
    }
    match proof.and_then(|(id, key)| Some((id, key.to_multibase()?))) {
        Some((key_id, key)) => copies::see_key(tx, uri, key_id, &key, cx.now())?,
        None => copies::see_no_key(tx, uri)?,
    }
    by_uri(tx, uri)?.ok_or_else(|| Error::internal("an actor that was just written is not there"))
}

/// A word that is known here.
fn read<T: std::str::FromStr>(word: Option<&str>) -> Option<T> {
    word.and_then(|word| word.parse().ok())
}

fn keep_network(tx: &mut Tx, cx: &Context, actor: &Actor, host: &Host) -> Result<Option<NetworkId>> {
    let fits = |fault: Fault| fault.at("/object");
    let name: String = actor.display_name.chars().filter(|c| !c.is_control()).take(100).collect();
    let name = if name.trim().chars().count() < 3 {
        format!("{} ({host})", actor.name)
    } else {
        name
    };
    let mut about = subjects::read(&actor.tags);
    let known = municipalities::by_codes(tx, &about.municipalities)?;
    about.municipalities.retain(|code| known.iter().any(|one| one.code == *code));
    let told = Elsewhere {
        about,
        slug: Slug::parse(format!("{}@{host}", actor.name)).map_err(fits)?,
        name: NetworkName::parse(name).map_err(fits)?,
        description: text::markdown(actor.source.as_deref(), actor.summary.as_deref()),
        language: LanguageTag::of(cx.config().default_language),
        home_url: actor.page().to_string(),
        approves: actor.approves,
        visibility: if actor.approves { Visibility::Members } else { Visibility::Public },
        // Who says nothing of documents has none that others change.
        documents_edited_by: read(actor.documents_edited_by.as_deref()).unwrap_or(EditedBy::Coordinators),
        copies: read(actor.copies.as_deref()).unwrap_or(Copies::Documents),
    };
    networks::put_elsewhere(tx, cx, &told)
}
