//! Threads and replies of people elsewhere: written, changed and taken away by the same actions as those of here.

use kring_activitypub::wire::{Activity, Post};
use kring_db::{Conn, Time, Tx};
use serde_json::{Map, Value};
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::taking::Outcome;
use super::tombstones::{self, Told};
use super::written::{self, Written, WrittenKind};
use super::{mentioning, privacy, rules};
use crate::accounts::{self, LanguageTag, SignedIn};
use crate::app::{App, Context};
use crate::config::Config;
use crate::copies::Said;
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::networks::{self, Joining, MemberState, Network, NetworkId, Showing};
use crate::peers::Host;
use crate::text::markdown;
use crate::threads::policy::Decider;
use crate::threads::{self, NewReply, NewThread, ReplyChange, ReplyId, Text, ThreadChange, ThreadId, Title};
use crate::web::IfMatch;

/// Longest title that is made of a text without one, in letters.
const TITLE: usize = 100;

/// Takes a `Create`, `Update` or `Delete`. `home`: the network elsewhere that told it on; `None` where its author sent it
/// to a network of this instance.
pub async fn take(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    author: &Remote,
    home: Option<&Remote>,
) -> Result<Outcome> {
    let raw = Value::Object(raw.clone()).to_string();
    let (activity, author, home) = (activity.clone(), author.clone(), home.cloned());
    app.write_for_anyone(move |tx, cx| match activity.kind.as_str() {
        "Delete" => delete(tx, cx, &raw, &activity, &author, home.as_ref()),
        _ => write(tx, cx, &raw, &activity, &author, home.as_ref()),
    })
    .await
}

fn dropped(why: &str) -> Result<Outcome> {
    Ok(Outcome::Dropped(why.to_owned()))
}

fn write(
    tx: &mut Tx,
    cx: &Context,
    raw: &str,
    activity: &Activity,
    author: &Remote,
    home: Option<&Remote>,
) -> Result<Outcome> {
    let Some(object) = activity.object.as_object() else {
        return dropped("what is written is not told");
    };
    let post = match Post::parse(object) {
        Ok(post) => post,
        Err(refusal) => return dropped(refusal.0),
    };
    let Some(person) = author.person_id.filter(|_| post.author.as_str() == author.uri) else {
        return dropped("it is attributed to somebody else");
    };
    let who = accounts::acting_elsewhere(tx, person)?;
    let moment = post.updated.or(post.published).map_or(cx.now(), |moment| Time::at(moment).min(cx.now()));
    if let Some(known) = written::by_uri(tx, post.id.as_str())? {
        // Only what is newer counts: messages may overtake each other.
        if moment <= known.updated_at {
            return Ok(Outcome::Done);
        }
        // What a network tells on is of that network, whoever wrote it.
        let told_by = home.and_then(|home| home.network_id);
        if home.is_some() && written::network_of(tx, &known)? != told_by {
            return dropped("it is in another network");
        }
        if !privacy::still_fits(tx, &known, &post, activity)? {
            return for_few(home);
        }
        return change(tx, cx, &post, &who, known, moment, raw);
    }
    if tombstones::stands(tx, &post.id, &author.uri, home)? {
        return Ok(Outcome::Done);
    }
    let Ok(mut body) = Text::parse(Said::of(&post, cx.config()).with_files) else {
        return dropped("there is no text in it, or too much");
    };
    body.told = Some(mentioning::told(tx, cx, &post)?);
    let then = cx.at(post.published.map_or(cx.now(), |moment| Time::at(moment).min(cx.now())));
    let language = post.language.clone().and_then(|tag| LanguageTag::parse(tag).ok());
    let outcome = match &post.answers {
        Some(answers) => match place(tx, cx.config(), answers)? {
            Some(place) if !privacy::fits_in(tx, place.0, &post, activity)? => {
                return for_few(home);
            }
            Some(place) => reply(tx, &then, &who, place, body, language, home)?,
            None => return Ok(Outcome::Early("what it answers is not known".to_owned())),
        },
        None => match network(tx, cx, &post, activity, home)? {
            Some(network) if !privacy::fits(&network, &post, activity) => {
                return for_few(home);
            }
            Some(network) => {
                let title = title(&post, &body);
                let made = thread(tx, &then, &who, &network, (title, body), language, home)?;
                if let (Ok((_, id)), true, Some(_)) = (&made, post.locked, home) {
                    let home = networks::policy::home_moderates(&network)?;
                    threads::as_home_says(tx, cx, &home, ThreadId(*id), (None, Some(true)))?;
                }
                made
            }
            None => return dropped("it is for no network here"),
        },
    };
    let (kind, object_id) = match outcome {
        Ok(new) => new,
        Err(code) => return dropped(code.as_str()),
    };
    let uri = post.id.to_string();
    written::put(
        tx,
        &Written {
            uri,
            kind,
            object_id,
            updated_at: moment,
            activity: raw.to_owned(),
        },
    )?;
    Ok(Outcome::Done)
}

/// It does not come in. A network elsewhere may say soon that it is for few itself.
fn for_few(home: Option<&Remote>) -> Result<Outcome> {
    match home {
        Some(_) => Ok(Outcome::Early(privacy::FOR_FEW.to_owned())),
        None => dropped(privacy::FOR_FEW),
    }
}

/// What became of it here, or which rule says no.
type New = std::result::Result<(WrittenKind, i64), Code>;

pub fn ruled<T>(outcome: Result<T>) -> Result<std::result::Result<T, Code>> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Rule(code)) => Ok(Err(code)),
        Err(cause) => Err(cause),
    }
}

fn thread(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    network: &Network,
    (title, text): (Title, Text),
    language: Option<LanguageTag>,
    home: Option<&Remote>,
) -> Result<New> {
    if let Err(code) = ruled(belongs(tx, cx, who, network, home))? {
        return Ok(Err(code));
    }
    let new = NewThread {
        title,
        plain_summary: None,
        text,
        language,
        attachments: Vec::new(),
    };
    let made = ruled(threads::create(tx, cx, who, &network.slug, &new))?;
    Ok(made.map(|(_, (thread, ..))| (WrittenKind::Thread, thread.id.0)))
}

fn reply(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    (thread, parent): (ThreadId, Option<ReplyId>),
    text: Text,
    language: Option<LanguageTag>,
    home: Option<&Remote>,
) -> Result<New> {
    let network = threads::network_of(tx, thread)?.ok_or(NOT_FOUND)?;
    let network = networks::by_id(tx, network)?;
    if let Err(code) = ruled(belongs(tx, cx, who, &network, home))? {
        return Ok(Err(code));
    }
    let new = NewReply { text, language, parent, attachments: Vec::new() };
    let told = home.map(|_| networks::policy::home_moderates(&network)).transpose()?;
    let mut write = |new: &NewReply| {
        ruled(match &told {
            Some(home) => threads::reply_as_home_says(tx, cx, (who, home), thread, new),
            None => threads::reply(tx, cx, who, thread, new),
        })
    };
    let made = match write(&new)? {
        // Deeper than is shown here: beside what it answers.
        Err(Code::TooDeep) => write(&NewReply { parent: None, ..new })?,
        made => made,
    };
    Ok(made.map(|(_, (reply, ..))| (WrittenKind::Reply, reply.id.0)))
}

/// Whoever writes belongs to the network: in one that anyone may join, by writing; elsewhere, as its home says.
pub fn belongs(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    network: &Network,
    home: Option<&Remote>,
) -> Result<()> {
    if !network.slug.host().is_empty() {
        let by_home = home.is_some_and(|home| home.network_id == Some(network.id));
        return if by_home {
            networks::takes_part(tx, cx, network.id, who.person)
        } else {
            Err(Code::MembersOnly.into())
        };
    }
    let host = accounts::person_by_id(tx, who.person)?.host;
    let leaves = Host::parse(host).map(|host| rules::reaches(tx, network, &host)).unwrap_or(Ok(false))?;
    if !leaves {
        return Err(NOT_FOUND);
    }
    // What was written before they left does not bring them back, though it comes after.
    let (_, membership) = networks::standing_in(tx, network.id, Some(who.person))?;
    if membership.is_some_and(|own| own.state == MemberState::Left && own.updated_at > cx.now()) {
        return Err(Code::MembersOnly.into());
    }
    let joining = Joining::Myself { message: String::new(), showing: Showing::default() };
    match networks::join(tx, cx, who, &network.slug, &joining) {
        Ok(_) | Err(Error::Rule(Code::AlreadyMember)) => Ok(()),
        Err(cause) => Err(cause),
    }
}

/// The thread, and the reply in it, that an address is of.
pub fn place(conn: &mut Conn, config: &Config, address: &Url) -> Result<Option<(ThreadId, Option<ReplyId>)>> {
    match Local::at(config, address) {
        Some(Local::Thread(id)) => return Ok(threads::network_of(conn, id)?.map(|_| (id, None))),
        Some(Local::Reply(id)) => return Ok(threads::thread_of(conn, id)?.map(|thread| (thread, Some(id)))),
        Some(_) => return Ok(None),
        None => {}
    }
    Ok(match written::by_uri(conn, address.as_str())? {
        Some(Written { kind: WrittenKind::Thread, object_id, .. }) => Some((ThreadId(object_id), None)),
        Some(Written { kind: WrittenKind::Reply, object_id, .. }) => {
            threads::thread_of(conn, ReplyId(object_id))?.map(|thread| (thread, Some(ReplyId(object_id))))
        }
        Some(Written { kind: WrittenKind::Document, .. }) | None => None,
    })
}

/// The network that something is written in: the one that told it on, or the one of this instance that it is for.
fn network(
    tx: &mut Tx,
    cx: &Context,
    post: &Post,
    activity: &Activity,
    home: Option<&Remote>,
) -> Result<Option<Network>> {
    if let Some((home, id)) = home.and_then(|home| Some((home, home.network_id?))) {
        return match is_of_another(tx, cx, post, (home, id))? {
            true => Ok(None),
            false => networks::by_id(tx, id).map(Some),
        };
    }
    let named =
        post.audience.iter().chain(&activity.audience).chain(&post.for_whom).chain(&activity.for_whom);
    for address in named {
        if let Some(Local::Network(slug)) = Local::at(cx.config(), address)
            && let Some(network) = networks::with_slug(tx, &slug)?
        {
            return Ok(Some(network));
        }
    }
    Ok(None)
}

/// Does it say itself that it is in another network that is known here? Then it is not that of who tells it on, and would
/// be missing where it belongs.
fn is_of_another(
    conn: &mut Conn,
    cx: &Context,
    post: &Post,
    (home, id): (&Remote, NetworkId),
) -> Result<bool> {
    let named: Vec<&Url> = post.audience.iter().chain(&post.for_whom).collect();
    if named.iter().any(|address| address.as_str() == home.uri) {
        return Ok(false);
    }
    for address in named {
        let of = match Local::at(cx.config(), address) {
            Some(Local::Network(slug)) => networks::with_address(conn, &slug)?.map(|network| network.id),
            Some(_) => None,
            None => actors::by_uri(conn, address.as_str())?.and_then(|actor| actor.network_id),
        };
        if of.is_some_and(|of| of != id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Its title; where it has none, as with Mastodon, how it begins.
fn title(post: &Post, body: &Text) -> Title {
    let told = post.title.clone().map(|title| title.chars().filter(|c| !c.is_control()).take(200).collect());
    let begins = || markdown::excerpt(&body.markdown, TITLE);
    Title::parse(told.unwrap_or_else(begins)).unwrap_or_default()
}

fn change(
    tx: &mut Tx,
    cx: &Context,
    post: &Post,
    who: &SignedIn,
    known: Written,
    moment: Time,
    raw: &str,
) -> Result<Outcome> {
    let Ok(mut text) = Text::parse(Said::of(post, cx.config()).with_files) else {
        return dropped("there is no text in it, or too much");
    };
    text.told = Some(mentioning::told(tx, cx, post)?);
    let anything = IfMatch::anything();
    let changed = match known.kind {
        WrittenKind::Thread => {
            let change = ThreadChange {
                title: Some(title(post, &text)),
                text: Some(text),
                ..Default::default()
            };
            ruled(threads::change_thread(tx, cx, who, ThreadId(known.object_id), &anything, &change))?
                .map(|_| ())
        }
        WrittenKind::Document => return dropped("it is a document"),
        WrittenKind::Reply => {
            let change = ReplyChange { text: Some(text), ..Default::default() };
            ruled(threads::edit_reply(tx, cx, who, ReplyId(known.object_id), &anything, &change))?.map(|_| ())
        }
    };
    if let Err(code) = changed {
        return dropped(code.as_str());
    }
    written::put(tx, &Written { updated_at: moment, activity: raw.to_owned(), ..known })?;
    Ok(Outcome::Done)
}

fn delete(
    tx: &mut Tx,
    cx: &Context,
    raw: &str,
    activity: &Activity,
    author: &Remote,
    home: Option<&Remote>,
) -> Result<Outcome> {
    let Some(id) = activity.object_id() else { return dropped("nobody knows what is deleted") };
    let told = Told { id: &id, author, home, activity: raw };
    let known = match Local::at(cx.config(), &id) {
        Some(Local::Thread(id)) => Some((WrittenKind::Thread, id.0)),
        Some(Local::Reply(id)) => Some((WrittenKind::Reply, id.0)),
        Some(_) => return dropped("that is not deleted from elsewhere"),
        None => written::by_uri(tx, id.as_str())?.map(|known| (known.kind, known.object_id)),
    };
    let Some((kind, object_id)) = known else {
        tombstones::put_early(tx, cx, told)?;
        return Ok(Outcome::Done);
    };
    let thread = match kind {
        WrittenKind::Thread => Some(ThreadId(object_id)),
        WrittenKind::Reply => threads::thread_of(tx, ReplyId(object_id))?,
        WrittenKind::Document => None,
    };
    let network = thread.map(|thread| threads::network_of(tx, thread)).transpose()?.flatten();
    // The home of a network decides what stands in it, whoever wrote it; and nothing about what stands elsewhere.
    if home.is_some_and(|home| network.is_none() || home.network_id != network) {
        return dropped("a network says only what is taken away in it");
    }
    let outcome = match (home, author.person_id) {
        (Some(_), _) => ruled(as_home_says(tx, cx, kind, object_id, network))?,
        (None, None) => return dropped("only people delete"),
        (None, Some(person)) => {
            let who = accounts::acting_elsewhere(tx, person)?;
            match kind {
                WrittenKind::Thread => ruled(threads::delete_thread(tx, cx, &who, ThreadId(object_id)))?,
                WrittenKind::Reply => ruled(threads::delete_reply(tx, cx, &who, ReplyId(object_id)))?,
                WrittenKind::Document => Ok(()),
            }
        }
    };
    match outcome {
        Ok(()) => tombstones::put(tx, cx, told).map(|()| Outcome::Done),
        Err(Code::NotFound) => Ok(Outcome::Done),
        Err(code) => dropped(code.as_str()),
    }
}

/// Takes away what the home of a network elsewhere says, whether or not who wrote it belongs to it still.
fn as_home_says(
    tx: &mut Tx,
    cx: &Context,
    kind: WrittenKind,
    id: i64,
    network: Option<NetworkId>,
) -> Result<()> {
    let network = networks::by_id(tx, network.ok_or(NOT_FOUND)?)?;
    let home = Decider::Home(networks::policy::home_moderates(&network)?);
    match kind {
        WrittenKind::Thread => threads::delete_thread_as_decided(tx, cx, &home, ThreadId(id)),
        WrittenKind::Reply => threads::delete_reply_as_decided(tx, cx, &home, ReplyId(id)),
        // Taken away before this is asked: [`super::articles`].
        WrittenKind::Document => Ok(()),
    }
}
