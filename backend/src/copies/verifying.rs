//! Holding what is shown against what was signed.

use std::collections::BTreeMap;

use kring_activitypub::wire::{Article, Post};
use kring_db::{Conn, Time};
use serde_json::Value;

use super::model::*;
use super::queries;
use super::said::{Said, Shown};
use crate::accounts::Viewer;
use crate::config::Config;
use crate::documents::{self, DocumentId, Revision};
use crate::error::{NOT_FOUND, Result};
use crate::networks::{AuthorPerson, AuthorRole, Network};
use crate::threads::{self, Reply, ReplyId, Thread, ThreadId};

/// What was found out about something that a viewer may read.
#[derive(Debug)]
pub struct Finding {
    pub subject: Subject,
    /// The host where its network is at home.
    pub home: String,
    pub author: (AuthorPerson, Option<AuthorRole>),
    pub verdict: Verdict,
    /// What is kept of it, where anything is.
    pub kept: Option<Kept>,
}

/// What is kept of something, as it was signed.
#[derive(Debug)]
pub struct Kept {
    pub copy: SignedCopy,
    pub object: Value,
    /// The key that it was signed with, where that proves it.
    pub key: Option<SeenKey>,
    /// When it was signed, as its author says.
    pub signed_at: Option<Time>,
}

/// A document, or one of its revisions.
pub fn document(
    conn: &mut Conn,
    config: &Config,
    viewer: &Viewer,
    id: DocumentId,
    number: Option<i64>,
) -> Result<Finding> {
    let place = documents::read(conn, viewer, id)?;
    let number = number.unwrap_or(place.row.0.revision);
    let found = documents::revision(conn, &place.may_read, id, number)?;
    let (revision, person, role) = found.ok_or(NOT_FOUND)?;
    let shown = of_revision(conn, &revision)?;
    finding(conn, config, Subject::document(id.0, number), &place.network, (person, role), &shown)
}

/// A thread; one that was deleted has nothing to prove any more.
pub fn thread(conn: &mut Conn, config: &Config, viewer: &Viewer, id: ThreadId) -> Result<Finding> {
    let place = threads::read(conn, viewer, id)?;
    let (thread, person, role, _) = place.row;
    if thread.deleted_at.is_some() {
        return Err(NOT_FOUND);
    }
    let subject = Subject::post(CopyKind::Thread, id.0);
    finding(conn, config, subject, &place.network, (person, role), &of_thread(thread))
}

pub fn reply(conn: &mut Conn, config: &Config, viewer: &Viewer, id: ReplyId) -> Result<Finding> {
    let (place, (reply, person, role)) = threads::read_reply(conn, viewer, id)?;
    let subject = Subject::post(CopyKind::Reply, id.0);
    finding(conn, config, subject, &place.network, (person, role), &of_reply(reply))
}

fn finding(
    conn: &mut Conn,
    config: &Config,
    subject: Subject,
    network: &Network,
    author: (AuthorPerson, Option<AuthorRole>),
    shown: &Shown,
) -> Result<Finding> {
    let home = match network.slug.host() {
        "" => config.host(),
        host => host.to_owned(),
    };
    let (verdict, kept) = match queries::copy(conn, &subject)? {
        None => (Verdict::NotSigned, None),
        Some(copy) => {
            let (verdict, kept) = look(conn, config, copy, Some(shown))?;
            (verdict, Some(kept))
        }
    };
    Ok(Finding { subject, home, author, verdict, kept })
}

/// Is a copy what its author signed, and what is shown? `None` is shown where it is gone.
fn look(
    conn: &mut Conn,
    config: &Config,
    copy: SignedCopy,
    shown: Option<&Shown>,
) -> Result<(Verdict, Kept)> {
    let object = copy.object()?;
    let keys = queries::keys(conn, std::slice::from_ref(&copy.actor))?;
    let (verdict, key) = match judge(&object, &copy.actor, &keys) {
        Err(verdict) => (verdict, None),
        Ok(key) => {
            let said = is_it(conn, config, &copy, &object)?.map(|post| Said::of(&post, config));
            let same = said.zip(shown).is_some_and(|(said, shown)| said.is(shown));
            (if same { Verdict::Proves } else { Verdict::Differs }, Some(key.clone()))
        }
    };
    let created = object.get("proof").and_then(|proof| proof.get("created")).and_then(Value::as_str);
    let signed_at = created.and_then(|moment| moment.parse().ok());
    Ok((verdict, Kept { copy, object, key, signed_at }))
}

/// What an object says, where it is of what it is kept beside: nobody's true words count for another's document.
fn is_it(conn: &mut Conn, config: &Config, copy: &SignedCopy, object: &Value) -> Result<Option<Post>> {
    let address = match queries::elsewhere(conn, copy.subject_id)? {
        Some(address) => address,
        None => config.public(&copy.subject().path()),
    };
    let Some(object) = object.as_object() else { return Ok(None) };
    let post = match copy.kind {
        CopyKind::Document => {
            let article = Article::parse(object).ok();
            article.filter(|article| article.version == copy.revision).map(|article| article.post)
        }
        CopyKind::Thread | CopyKind::Reply => Post::parse(object).ok(),
    };
    Ok(post.filter(|post| post.id.as_str() == address))
}

fn of_revision(conn: &mut Conn, revision: &Revision) -> Result<Shown> {
    Ok(Shown {
        title: Some(revision.title.to_string()),
        body: documents::long_text(conn, revision.document_id, revision.number)?.body,
        plain_summary: Some(revision.plain_summary.clone()),
        language: revision.language.clone(),
    })
}

fn of_thread(thread: Thread) -> Shown {
    Shown {
        title: Some(thread.title.to_string()),
        body: thread.body,
        // That of a thread elsewhere does not come along.
        plain_summary: thread.plain_summary.map(Some),
        language: thread.language,
    }
}

fn of_reply(reply: Reply) -> Shown {
    Shown {
        title: None,
        body: reply.body,
        plain_summary: None,
        language: reply.language,
    }
}

/// How many copies have which verdict, and each that does not prove though it was signed.
#[derive(Debug, Default)]
pub struct Tally {
    pub counts: BTreeMap<&'static str, i64>,
    pub faults: Vec<(Subject, Verdict)>,
}

/// So many copies are looked at in one go.
const AT_ONCE: i64 = 200;

/// Looks through everything that is kept: is each what its author signed, and what is shown?
pub fn sweep_through(conn: &mut Conn, config: &Config) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut after = CopyId(0);
    loop {
        let found = queries::copies(conn, after, AT_ONCE)?;
        let Some(last) = found.last() else { return Ok(tally) };
        after = last.id;
        for copy in found.into_iter().filter(|copy| copy.labels == 0) {
            let subject = copy.subject();
            let shown = shown(conn, subject)?;
            let (verdict, _) = look(conn, config, copy, shown.as_ref())?;
            *tally.counts.entry(verdict.as_str()).or_default() += 1;
            if !matches!(verdict, Verdict::Proves | Verdict::NotSigned) {
                tally.faults.push((subject, verdict));
            }
        }
    }
}

/// What is shown of something, whoever may read it; `None` where it is gone.
fn shown(conn: &mut Conn, subject: Subject) -> Result<Option<Shown>> {
    let id = subject.id;
    match subject.kind {
        CopyKind::Document => {
            let found = documents::any_revision(conn, DocumentId(id), subject.revision)?;
            found.map(|revision| of_revision(conn, &revision)).transpose()
        }
        CopyKind::Thread => {
            let found = threads::thread_rows(conn, &[ThreadId(id)], None)?.pop();
            Ok(found.map(|(thread, ..)| of_thread(thread)))
        }
        CopyKind::Reply => {
            let found = threads::reply_rows(conn, &[ReplyId(id)])?.pop();
            Ok(found.map(|(reply, ..)| of_reply(reply)))
        }
    }
}
