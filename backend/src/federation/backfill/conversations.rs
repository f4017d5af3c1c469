//! What was answered in a thread: what its `context` tells (FEP-7888, FEP-f228), or, where there is none that can be read,
//! what its `replies` and those of each reply tell.

use std::collections::{HashSet, VecDeque};

use kring_activitypub::wire;
use serde_json::{Map, Value};
use url::Url;

use super::{EACH, Plan, collections, missing, note};
use crate::app::App;
use crate::error::Result;
use crate::federation::actors::{self, Remote};
use crate::federation::addresses::Local;
use crate::federation::asking::{Allowance, Unanswered};
use crate::federation::taking::Outcome;
use crate::federation::{ancestors, found, written};

/// Most replies of one thread.
const REPLIES: usize = 200;

/// Most that is held in memory before it is taken, in bytes.
const HELD: usize = 4 * 1024 * 1024;

/// Takes the conversation of the next thread over. It stays next until it is whole, or was tried to the end.
pub async fn take(app: &App, plan: &mut Plan, home: &Remote) -> Result<()> {
    let Some(uri) = plan.threads.first().cloned() else {
        plan.go_on();
        return Ok(());
    };
    let wanted = uri.clone();
    let known = app.db.read(move |conn| written::by_uri(conn, &wanted)).await?;
    let thread = known.and_then(|known| serde_json::from_str::<Value>(&known.activity).ok());
    let whole = match thread.as_ref().and_then(|activity| activity.get("object")).and_then(Value::as_object) {
        Some(thread) => {
            let mut gathered = Gathered::begin(&uri);
            let told_at = plan.told_at.get(&uri).map(String::as_str).and_then(wire::address);
            let whole = gathered.gather(app, home, thread, told_at).await;
            plan.missed |= gathered.missed;
            let whole = whole?;
            gathered.take(app, home).await?;
            plan.missed |= gathered.missed;
            whole
        }
        None => true,
    };
    if whole {
        plan.threads.remove(0);
        plan.told_at.remove(&uri);
    }
    Ok(())
}

/// Replies that were found and not taken.
struct Gathered {
    seen: HashSet<String>,
    replies: Vec<Map<String, Value>>,
    size: usize,
    /// Some could not be had now, and may be had later.
    missed: bool,
}

impl Gathered {
    fn begin(thread: &str) -> Self {
        Self {
            seen: HashSet::from([thread.to_owned()]),
            replies: Vec::new(),
            size: 0,
            missed: false,
        }
    }

    /// Finds what is not known here; `false` where there may be more. `told_at`: where the home tells of it too.
    async fn gather(
        &mut self,
        app: &App,
        home: &Remote,
        thread: &Map<String, Value>,
        told_at: Option<Url>,
    ) -> Result<bool> {
        let own = thread.get("context").and_then(wire::id_of);
        let own = own.filter(|own| Some(own) != told_at.as_ref());
        // What stands in its network its home knows, and that server may be gone on which it began.
        for context in told_at.into_iter().chain(own) {
            match collections::all(app, &context).await? {
                Ok(items) if !items.is_empty() => return self.listed(app, home, &context, items).await,
                Err(Unanswered::Enough) => return Ok(false),
                Err(why) if why.may_pass() => {
                    missing(home, &context, why)??;
                }
                Ok(_) | Err(_) => {}
            }
        }
        self.answered(app, home, thread).await
    }

    /// What a collection names.
    async fn listed(&mut self, app: &App, home: &Remote, at: &Url, items: Vec<Value>) -> Result<bool> {
        let items: Vec<Value> = items.into_iter().take(REPLIES + 1).collect();
        for item in self.unknown(app, items).await? {
            if !self.find(app, home, at, &item).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The replies of the thread, the replies of those, and so on.
    async fn answered(&mut self, app: &App, home: &Remote, thread: &Map<String, Value>) -> Result<bool> {
        let mut under: VecDeque<Value> = thread.get("replies").cloned().into_iter().collect();
        while let Some(replies) = under.pop_front().filter(|_| self.seen.len() <= REPLIES) {
            let (at, items) = match collections::within(app, &replies).await? {
                Ok(told) => told,
                Err(Unanswered::Enough) => return Ok(false),
                Err(why) => {
                    let at = wire::id_of(&replies).unwrap_or(home.address()?);
                    missing(home, &at, why)??;
                    continue;
                }
            };
            for item in self.unknown(app, items).await? {
                let before = self.replies.len();
                if !self.find(app, home, &at, &item).await? {
                    return Ok(false);
                }
                let found = self.replies.get(before);
                under.extend(found.and_then(|reply| reply.get("replies").cloned()));
            }
        }
        Ok(true)
    }

    /// Those of `items` that are not known here and not looked at yet.
    async fn unknown(&mut self, app: &App, items: Vec<Value>) -> Result<Vec<Value>> {
        let config = &app.config;
        let elsewhere = |item: &Value| {
            wire::id_of(item).filter(|id| Local::at(config, id).is_none()).map(|id| id.to_string())
        };
        let named: Vec<(String, Value)> =
            items.into_iter().filter_map(|item| Some((elsewhere(&item)?, item))).collect();
        let uris: Vec<String> = named.iter().map(|(uri, _)| uri.clone()).collect();
        let known = app.db.read(move |conn| written::known_among(conn, &uris)).await?;
        let fresh =
            named.into_iter().filter(|(uri, _)| !known.contains(uri) && self.seen.insert(uri.clone()));
        Ok(fresh.map(|(_, item)| item).collect())
    }

    /// Asks for a reply, where it is not told whole; `false` where no more is asked now.
    async fn find(&mut self, app: &App, home: &Remote, at: &Url, item: &Value) -> Result<bool> {
        if !Allowance::has(EACH) {
            return Ok(false);
        }
        match found::object(app, item, at).await? {
            Ok(object) => {
                // Whoever wrote it is asked for now: what is taken in the end asks for no more.
                if let Some(author) = object.get("attributedTo").and_then(wire::id_of) {
                    let _ = actors::find(app, &author).await?;
                }
                self.size += object.get("content").and_then(Value::as_str).map_or(0, str::len) + 1_000;
                self.replies.push(object);
                if self.size > HELD {
                    self.take(app, home).await?;
                }
                Ok(true)
            }
            Err(Unanswered::Enough) => Ok(false),
            Err(why) => {
                let uri = wire::id_of(item).unwrap_or_else(|| at.clone());
                let outcome = match missing(home, &uri, why) {
                    Ok(outcome) => outcome,
                    // What was found is kept: the next try begins behind it.
                    Err(cause) => {
                        self.take(app, home).await?;
                        return Err(cause);
                    }
                };
                self.missed |= note(home, &uri, outcome)?;
                Ok(true)
            }
        }
    }

    /// Takes what was found, in order of time; what answers something that is not known, after asking for that.
    async fn take(&mut self, app: &App, home: &Remote) -> Result<()> {
        let mut replies = std::mem::take(&mut self.replies);
        self.size = 0;
        let published = |reply: &Map<String, Value>| {
            reply.get("published").and_then(Value::as_str).map(chrono::DateTime::parse_from_rfc3339)
        };
        replies.sort_by_key(|reply| published(reply).and_then(Result::ok));
        for reply in replies {
            let Some(uri) = reply.get("id").and_then(Value::as_str).and_then(wire::address) else { continue };
            let mut outcome = found::take(app, reply.clone(), Some(home)).await;
            if matches!(outcome, Ok(Outcome::Early(_)))
                && ancestors::taken(app, &reply, &home.address()?, Some(home)).await?
            {
                outcome = found::take(app, reply, Some(home)).await;
            }
            self.missed |= note(home, &uri, outcome)?;
        }
        Ok(())
    }
}
