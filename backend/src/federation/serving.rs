//! What other instances read: actors, objects and collections, each as far as who asks may read it.

mod collections;

pub use collections::{Part, collection, context};

use kring_db::Conn;

use super::actors;
use super::addresses::Local;
use super::asker::{self, Asker};
use super::keys::{self, Owner};
use super::mentioning::{self, Tagged};
use super::objects::{self, Audience, Keyed, Note, Object, Page};
use super::{articles, continuing, written};
use crate::accounts::{self, Handle, Viewer};
use crate::app::App;
use crate::attachments::{self, Target};
use crate::config::Config;
use crate::documents;
use crate::error::{Error, NOT_FOUND, Result};
use crate::networks::{self, AuthorPerson, MayRead, MunicipalityNames, Network, Slug};
use crate::peers::{Instance, Reach};
use crate::threads::{self, ReplyId, ThreadId};

/// Does this instance exchange anything at all? 404 otherwise: then there are no actors.
pub fn open(conn: &mut Conn) -> Result<()> {
    match crate::peers::choice(conn)? {
        Reach::None => Err(NOT_FOUND),
        Reach::Named | Reach::Open => Ok(()),
    }
}

/// A network of this instance, for who asks; 404 where it is not there for them.
pub fn network(conn: &mut Conn, slug: &Slug, asker: &Asker) -> Result<Network> {
    let mut network = found(conn, slug)?;
    asker.may_know(conn, &network)?;
    // One that is to come here, or moved away, is at this address what it is or was here.
    network.slug = slug.clone();
    Ok(network)
}

/// A network of this instance that anybody elsewhere may have something to do with: that it is there is no secret.
pub fn found(conn: &mut Conn, slug: &Slug) -> Result<Network> {
    let (network, _) = networks::seen(conn, &Viewer::Anonymous, slug)?;
    let choice = network.federates();
    let instance = Instance::for_choices(conn, std::iter::once(&choice))?;
    // Networks of other instances are asked for there.
    if !slug.host().is_empty() || instance.goes_to(&choice).reach == Reach::None {
        return Err(NOT_FOUND);
    }
    Ok(network)
}

/// What is in a network, for who asks; 404 where it is not for them.
pub fn readable(conn: &mut Conn, slug: &Slug, asker: &Asker) -> Result<(Network, MayRead)> {
    let network = network(conn, slug, asker)?;
    let eyes = asker.eyes(conn, network.id)?;
    let (mut network, _, may) = networks::reading(conn, &eyes, network.id)?;
    network.slug = slug.clone();
    Ok((network, may))
}

/// An actor with its published keys.
pub async fn actor(app: &App, of: Local, asker: Asker) -> Result<Object> {
    match of {
        Local::Network(slug) => {
            let found = app.db.read(move |conn| {
                let network = network(conn, &slug, &asker)?;
                let codes: Vec<_> = network.municipalities.list();
                let places = MunicipalityNames::of(conn, codes.clone())?.views(codes);
                Ok::<_, Error>((network, places))
            });
            let (network, places) = found.await?;
            let keys = keys::keys_of(app, Owner::Network(network.id)).await?;
            let mut group = objects::group(&app.config, &network, &places, &Keyed::from(&keys));
            app.db.read(move |conn| continuing::publish(conn, &mut group, &network).map(|()| group)).await
        }
        Local::Person(handle) => {
            let person = app.db.read(move |conn| person(conn, &handle, &asker)).await?;
            if person.closed_at.is_some() {
                return Ok(objects::tombstone(&Local::Person(person.handle).address(&app.config)));
            }
            let keys = keys::keys_of(app, Owner::Person(person.id)).await?;
            Ok(objects::person(&app.config, &person, &Keyed::from(&keys)))
        }
        Local::Instance => {
            // Without it nobody could look at a signature of this instance, nor this one at theirs.
            app.db.read(open).await?;
            let keys = keys::keys_of(app, Owner::Instance).await?;
            Ok(objects::instance(&app.config, &Keyed::from(&keys)))
        }
        Local::Thread(_) | Local::Reply(_) | Local::Document(_) => Err(NOT_FOUND),
    }
}

fn person(conn: &mut Conn, handle: &Handle, asker: &Asker) -> Result<accounts::Person> {
    asker.may_know_people(conn)?;
    accounts::person_by_handle(conn, handle)?.ok_or(NOT_FOUND)
}

/// An object and who wrote it.
type Written = (Object, Option<AuthorPerson>);

/// A thread, reply or document, proved by who wrote it (FEP-8b32).
pub async fn object(app: &App, of: Local, asker: Asker) -> Result<Object> {
    if let Local::Document(id) = of {
        return articles::object(app, id, asker).await;
    }
    let config = app.config.clone();
    let (object, author) = app
        .db
        .read(move |conn| match of {
            Local::Thread(id) => thread(conn, &config, id, &asker),
            Local::Reply(id) => reply(conn, &config, id, &asker),
            Local::Document(_) | Local::Network(_) | Local::Person(_) | Local::Instance => Err(NOT_FOUND),
        })
        .await?;
    let Some(author) = author else { return Ok(objects::standing_alone(object)) };
    let keys = keys::keys_of(app, Owner::Person(author.id)).await?;
    objects::proved(object, &keys.proof, &Local::Person(author.handle).address(&app.config))
}

/// Whom what is written in a network is for.
pub fn audience(conn: &mut Conn, config: &Config, network: &Network) -> Result<Audience> {
    let home = match network.slug.host() {
        "" => None,
        _ => actors::of_network(conn, network.id)?.map(|home| (home.uri, home.followers)),
    };
    Ok(Audience::of(config, network, home))
}

/// A thread or reply of somebody of this instance, for whoever it is sent to: without looking where its network goes.
pub fn written_here(conn: &mut Conn, config: &Config, of: &Local) -> Result<Object> {
    let thread = match of {
        Local::Thread(id) => *id,
        Local::Reply(id) => threads::thread_of(conn, *id)?.ok_or(NOT_FOUND)?,
        _ => return Err(NOT_FOUND),
    };
    let network = threads::network_of(conn, thread)?.ok_or(NOT_FOUND)?;
    let eyes = asker::insider(conn, network)?;
    let (object, author) = match of {
        Local::Reply(id) => {
            let (place, row) = threads::read_reply(conn, &eyes, *id)?;
            note(conn, config, place, row)?
        }
        _ => {
            let place = threads::read(conn, &eyes, thread)?;
            page(conn, config, place)?
        }
    };
    author.map(|_| object).ok_or(NOT_FOUND)
}

/// The thread, where who asks may read it.
fn place(conn: &mut Conn, id: ThreadId, asker: &Asker) -> Result<threads::InNetwork> {
    let network = threads::network_of(conn, id)?.ok_or(NOT_FOUND)?;
    let eyes = asker.eyes(conn, network)?;
    let place = threads::read(conn, &eyes, id)?;
    asker.may_know(conn, &place.network)?;
    Ok(place)
}

fn thread(conn: &mut Conn, config: &Config, id: ThreadId, asker: &Asker) -> Result<Written> {
    let place = place(conn, id, asker)?;
    page(conn, config, place)
}

fn page(conn: &mut Conn, config: &Config, place: threads::InNetwork) -> Result<Written> {
    let (thread, author, ..) = place.row;
    // What was written elsewhere is asked for there.
    if !author.host.is_empty() {
        return Err(NOT_FOUND);
    }
    if thread.deleted_at.is_some() {
        return Ok((objects::tombstone(&Local::Thread(thread.id).address(config)), None));
    }
    let files = files(conn, Target::thread(thread.id.0))?;
    let mentioned = in_post(&mentioning::tagged(conn, config, &[thread.id.0])?, thread.id.0);
    let audience = audience(conn, config, &place.network)?;
    let page = Page {
        thread: &thread,
        author: &author,
        audience: &audience,
        files: &files,
        mentioned: &mentioned,
    };
    Ok((page.object(config), Some(author)))
}

fn reply(conn: &mut Conn, config: &Config, id: ReplyId, asker: &Asker) -> Result<Written> {
    let thread = threads::thread_of(conn, id)?.ok_or(NOT_FOUND)?;
    let network = threads::network_of(conn, thread)?.ok_or(NOT_FOUND)?;
    let eyes = asker.eyes(conn, network)?;
    let (place, row) = threads::read_reply(conn, &eyes, id)?;
    asker.may_know(conn, &place.network)?;
    note(conn, config, place, row)
}

fn note(
    conn: &mut Conn,
    config: &Config,
    place: threads::InNetwork,
    (reply, author, _): threads::ReplyRow,
) -> Result<Written> {
    if !author.host.is_empty() {
        return Err(NOT_FOUND);
    }
    let files = files(conn, Target::reply(reply.id.0))?;
    let mentioned = in_post(&mentioning::tagged(conn, config, &[reply.id.0])?, reply.id.0);
    let audience = audience(conn, config, &place.network)?;
    let answered = reply.parent_id.map_or(Local::Thread(reply.thread_id), Local::Reply);
    let answers = written::address(conn, config, &answered)?;
    let context = match written::context(conn, reply.thread_id)? {
        Some(context) => context,
        None => Local::Thread(reply.thread_id).part(config, "context"),
    };
    let note = Note {
        reply: &reply,
        answers: &answers,
        context: &context,
        author: &author,
        audience: &audience,
        files: &files,
        mentioned: &mentioned,
    };
    Ok((note.object(config), Some(author)))
}

/// Where something was written that everyone may read here and that is a copy.
pub fn origin(conn: &mut Conn, of: &Local) -> Result<Option<String>> {
    let (id, network) = match of {
        Local::Thread(id) => (id.0, threads::network_of(conn, *id)?),
        Local::Reply(id) => match threads::thread_of(conn, *id)? {
            Some(thread) => (id.0, threads::network_of(conn, thread)?),
            None => return Ok(None),
        },
        Local::Document(id) => (id.0, documents::network_of(conn, *id)?),
        Local::Instance | Local::Network(_) | Local::Person(_) => return Ok(None),
    };
    let Some(network) = network else { return Ok(None) };
    let may = networks::reading(conn, &Viewer::Anonymous, network)
        .and_then(|(network, ..)| Asker::Anyone.may_know(conn, &network));
    match may {
        Ok(()) => Ok(written::of(conn, id)?.map(|written| written.uri)),
        Err(Error::Rule(_)) => Ok(None),
        Err(cause) => Err(cause),
    }
}

fn files(conn: &mut Conn, target: Target) -> Result<Vec<attachments::AttachmentView>> {
    let mut found = attachments::of(conn, &[target])?;
    Ok(attachments::take_views(&mut found, target))
}

/// Those of many mentions that one post makes.
fn in_post(mentioned: &[(i64, Tagged)], post: i64) -> Vec<Tagged> {
    mentioned.iter().filter(|(id, _)| *id == post).map(|(_, tagged)| tagged.clone()).collect()
}
