//! Finding what is not known yet, by its address: a person, a network, or what was written. What is found is kept as if it
//! had come by itself, under the same rules; what is not found has a reason in words.
//!
//! Bounded: so much is asked of others because of one look-up ([`QUESTIONS`]). [`super::unfollowed`] says by which rules
//! something that was written is taken.

use kring_activitypub::wire::{self, Article, Post};
use kring_db::Conn;
use serde_json::{Map, Value};
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::asking::{self, Allowance};
use super::resolving::{self, Sort};
use super::taking::Outcome;
use super::unfollowed::{self, Wanted};
use super::written::{self, Written, WrittenKind};
use super::{articles, rules};
use crate::accounts::{self, PersonAddress, PersonId, Viewer};
use crate::app::App;
use crate::documents;
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::networks::{self, NetworkId, Slug};
use crate::peers::Host;
use crate::search::{Resolved, ResolvedKind};
use crate::threads;

/// How much is asked of others because of one look-up, as because of one message.
const QUESTIONS: u32 = 32;

/// What an address leads to, by its id here.
enum Thing {
    Here(Local),
    Person(PersonId),
    Network(NetworkId),
    Written(Written),
}

/// What somebody may mean by what they typed.
enum Sought {
    Person(PersonAddress),
    Network(Slug),
    At(Url),
}

impl Sought {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains("://") {
            return wire::address(text).map(Self::At);
        }
        let whole = |name: &str| name.split_once('@').is_some_and(|(_, host)| accounts::is_host(host));
        match text.strip_prefix('@') {
            Some(name) => name.parse().ok().filter(|_| whole(name)).map(Self::Person),
            None => {
                let name = text.trim_start_matches('!');
                name.parse().ok().filter(|_| whole(name)).map(Self::Network)
            }
        }
    }
}

/// Finds what `text` is the address of, here or elsewhere, for somebody who may see it.
pub async fn find(app: &App, viewer: Viewer, text: &str) -> Result<Resolved> {
    let sought = Sought::read(text).ok_or(Code::NoAddress)?;
    let allowance = Allowance::of(QUESTIONS);
    let thing = allowance.hold(async {
        match sought {
            Sought::Person(address) => person(app, address).await,
            Sought::Network(slug) => network(app, slug).await,
            Sought::At(mut url) => {
                url.set_fragment(None);
                at(app, &url).await
            }
        }
    });
    let thing = thing.await?;
    app.db.read(move |conn| seen(conn, &viewer, thing)).await
}

async fn person(app: &App, address: PersonAddress) -> Result<Thing> {
    let Some(address) = address.seen_from(&app.config) else { return Err(NOT_FOUND) };
    let (cx, wanted) = (app.context(), address.clone());
    let known = app.db.read(move |conn| accounts::found_at(conn, &cx, &wanted)).await?;
    if let Some(known) = known {
        return Ok(Thing::Person(known.id));
    }
    let Ok(host) = Host::parse(address.host.clone()) else { return Err(NOT_FOUND) };
    let found = resolving::actor(app, address.handle.as_str(), &host, Sort::Person).await?;
    of_actor(&found)
}

async fn network(app: &App, slug: Slug) -> Result<Thing> {
    if slug.host() == app.config.host() {
        return Ok(Thing::Here(Local::Network(slug.name().parse().map_err(|_| NOT_FOUND)?)));
    }
    let wanted = slug.clone();
    if let Some(known) = app.db.read(move |conn| networks::with_slug(conn, &wanted)).await? {
        return Ok(Thing::Network(known.id));
    }
    let Ok(host) = Host::parse(slug.host().to_owned()) else { return Err(NOT_FOUND) };
    // Who leaves the first `@` out may mean a person all the same.
    of_actor(&resolving::actor(app, slug.name(), &host, Sort::Network).await?)
}

fn of_actor(actor: &Remote) -> Result<Thing> {
    let network = actor.network_id.map(Thing::Network);
    network.or(actor.person_id.map(Thing::Person)).ok_or_else(|| Code::NotThere.into())
}

async fn at(app: &App, url: &Url) -> Result<Thing> {
    if let Some(local) = Local::at(&app.config, url) {
        return Ok(Thing::Here(local));
    }
    if let Some(known) = known(app, url).await? {
        return Ok(known);
    }
    let object = ask(app, url).await?;
    if let Some(id) = object.get("id").and_then(Value::as_str).and_then(wire::address)
        && id != *url
        && let Some(known) = known(app, &id).await?
    {
        return Ok(known);
    }
    if Article::is_one(&object) {
        return document(app, &object).await.map(Thing::Written);
    }
    if let Ok(post) = Post::parse(&object) {
        return post_there(app, object, &post).await.map(Thing::Written);
    }
    match resolving::met(app, &object).await? {
        Ok(actor) => of_actor(&actor),
        Err(_) => Err(Code::NotThere.into()),
    }
}

/// Something that was written, from the beginning of its conversation on.
async fn post_there(app: &App, object: Map<String, Value>, post: &Post) -> Result<Written> {
    let id = post.id.to_string();
    let outcome = unfollowed::take(app, object).await?;
    if outcome != Outcome::Done {
        tracing::info!(id, ?outcome, "what was looked up was not taken");
        return Err(Code::NoNetwork.into());
    }
    taken(app, id).await
}

/// A document, with all its revisions, as its network's home tells them.
async fn document(app: &App, object: &Map<String, Value>) -> Result<Written> {
    let article = Article::parse(object).map_err(|_| Code::NotThere)?;
    let home = unfollowed::home_of(app, &article.post, Wanted::LookedUp).await?.ok_or(Code::NoNetwork)?;
    let id = article.post.id.to_string();
    match articles::copy_until(app, &home, &article).await {
        Err(Error::Unavailable(_)) => return Err(Code::NotReached.into()),
        copied => copied?,
    }
    taken(app, id).await
}

async fn taken(app: &App, id: String) -> Result<Written> {
    let written = app.db.read(move |conn| written::by_uri(conn, &id)).await?;
    written.ok_or_else(|| Code::NoNetwork.into())
}

async fn known(app: &App, url: &Url) -> Result<Option<Thing>> {
    let uri = url.to_string();
    app.db
        .read(move |conn| {
            if let Some(written) = written::by_uri(conn, &uri)? {
                return Ok(Some(Thing::Written(written)));
            }
            Ok(actors::by_uri(conn, &uri)?.map(|actor| of_actor(&actor)).transpose().unwrap_or_default())
        })
        .await
}

async fn ask(app: &App, url: &Url) -> Result<Map<String, Value>> {
    let Some(host) = Host::of(url) else { return Err(Code::NoAddress.into()) };
    if !rules::may_exchange(app, &host).await? {
        return Err(Code::NotExchanged.into());
    }
    match asking::object(app, url).await? {
        Ok(object) => Ok(object),
        Err(why) => {
            tracing::info!(%url, why, "an address could not be found");
            Err(Code::NotThere.into())
        }
    }
}

/// It, for somebody who may see it.
fn seen(conn: &mut Conn, viewer: &Viewer, thing: Thing) -> Result<Resolved> {
    match thing {
        Thing::Here(Local::Person(handle)) => {
            let person = accounts::person_by_handle(conn, &handle)?.ok_or(NOT_FOUND)?;
            Ok(of_person(person))
        }
        Thing::Person(id) => Ok(of_person(accounts::person_by_id(conn, id)?)),
        Thing::Here(Local::Network(slug)) => {
            networks::seen(conn, viewer, &slug).map(|(it, _)| of_network(&it))
        }
        Thing::Network(id) => {
            let slug = networks::by_id(conn, id)?.slug;
            networks::seen(conn, viewer, &slug).map(|(it, _)| of_network(&it))
        }
        Thing::Here(Local::Thread(id)) => of_thread(conn, viewer, id, None),
        Thing::Here(Local::Reply(id)) => of_reply(conn, viewer, id, None),
        Thing::Here(Local::Document(id)) => {
            let place = documents::read(conn, viewer, id)?;
            let title = place.row.0.title.to_string();
            Ok(Resolved::new(ResolvedKind::Document, id.to_string(), title).within(&place.network))
        }
        Thing::Here(Local::Instance) => Err(Code::NotThere.into()),
        Thing::Written(written) => {
            let home = Some(written.uri);
            match written.kind {
                WrittenKind::Thread => of_thread(conn, viewer, threads::ThreadId(written.object_id), home),
                WrittenKind::Reply => of_reply(conn, viewer, threads::ReplyId(written.object_id), home),
                WrittenKind::Document => {
                    let id = documents::DocumentId(written.object_id);
                    let place = documents::read(conn, viewer, id)?;
                    let title = place.row.0.title.to_string();
                    Ok(Resolved::new(ResolvedKind::Document, id.to_string(), title).within(&place.network))
                }
            }
        }
    }
}

fn of_person(person: accounts::Person) -> Resolved {
    let address = person.address();
    Resolved::new(ResolvedKind::Person, address.to_string(), person.display_name.to_string())
        .living(&address.host, person.home_url)
}

fn of_network(network: &networks::Network) -> Resolved {
    Resolved::new(ResolvedKind::Network, network.slug.to_string(), network.name.to_string())
        .living(network.slug.host(), network.home_url.clone())
}

fn of_thread(
    conn: &mut Conn,
    viewer: &Viewer,
    id: threads::ThreadId,
    home: Option<String>,
) -> Result<Resolved> {
    let place = threads::read(conn, viewer, id)?;
    let host = place.row.1.host.clone();
    Ok(Resolved::new(ResolvedKind::Thread, id.to_string(), place.row.0.title.to_string())
        .living(&host, home)
        .within(&place.network))
}

fn of_reply(
    conn: &mut Conn,
    viewer: &Viewer,
    id: threads::ReplyId,
    home: Option<String>,
) -> Result<Resolved> {
    let (place, (_, author, _)) = threads::read_reply(conn, viewer, id)?;
    let thread = &place.row.0;
    Ok(Resolved::new(ResolvedKind::Reply, id.to_string(), thread.title.to_string())
        .living(&author.host, home)
        .within(&place.network)
        .answering(thread.id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_means_is_read_from_how_they_write_it() {
        let read = |text: &str| match Sought::read(text) {
            Some(Sought::Person(address)) => format!("person {address}"),
            Some(Sought::Network(slug)) => format!("network {slug}"),
            Some(Sought::At(url)) => format!("at {url}"),
            None => "nothing".to_owned(),
        };
        for (text, meant) in [
            (" @eva@kring.example ", "person eva@kring.example"),
            ("haltes@kring.example", "network haltes@kring.example"),
            ("!haltes@kring.example:8443", "network haltes@kring.example:8443"),
            ("https://kring.example/threads/x", "at https://kring.example/threads/x"),
            ("ftp://kring.example", "nothing"),
            ("@eva", "nothing"),
            ("haltes", "nothing"),
            ("haltes en bussen", "nothing"),
            ("eva@", "nothing"),
        ] {
            assert_eq!(read(text), meant, "{text}");
        }
    }
}
