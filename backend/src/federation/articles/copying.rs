//! Copies of networks that live elsewhere: all that there is of their documents, in the order in which it came about; and
//! of their threads and replies, where the network chose so or outlived a home: what the people of that wrote nobody else
//! tells any more.
//!
//! It is a job of the queue, which goes on from where it was: after each page it notes which comes next. What is copied
//! twice is there once. What could not be had, because its author's server was away, stops nothing else: later, some times
//! ([`crate::federation::later`]), the pages are read again from the first on which something was missed.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::prelude::*;
use kring_activitypub::wire::{self, Activity, Article};
use kring_db::schema::copied_networks;
use kring_db::{Conn, Time, Tx, each_dialect};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::app::{App, Context};
use crate::documents;
use crate::error::{Error, Result};
use crate::federation::actors::{self, Remote};
use crate::federation::taking::{self, Outcome};
use crate::federation::{asking, departed, later, queries, whole};
use crate::jobs::queue::{self, Job, JobKind};
use crate::networks::{self, NetworkId};
use crate::peers::{Copies, Host};

/// Most pages of one run: then others have their turn.
const PAGES: usize = 25;

/// Most activities of a page that are looked at.
const ITEMS: usize = 200;

/// What a job is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Wanted {
    network: NetworkId,
    /// Where something was missed so far.
    #[serde(default)]
    missed: Pages,
    /// What is read again, and from where; `None`: everything, from where it was.
    #[serde(default)]
    again: Option<Pages>,
    /// So often it was read again.
    #[serde(default)]
    tries: u32,
}

/// A page of each part.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Pages {
    documents: Option<String>,
    posts: Option<String>,
}

impl Pages {
    fn of(&mut self, part: Part) -> &mut Option<String> {
        match part {
            Part::Documents => &mut self.documents,
            Part::Posts => &mut self.posts,
        }
    }
}

impl Wanted {
    fn of(network: NetworkId) -> Self {
        Self { network, missed: Pages::default(), again: None, tries: 0 }
    }

    /// What is to be read again, and when: where something was missed, and it was not tried often enough.
    fn again(self, now: Time) -> Option<(Self, Time)> {
        let missed = self.missed.documents.is_some() || self.missed.posts.is_some();
        let then = later::again(now, self.tries).filter(|_| missed)?;
        let again = Some(self.missed);
        Some((Self { again, tries: self.tries + 1, ..Self::of(self.network) }, then))
    }
}

/// Has a network copied, or the copy brought up to date.
pub fn wake(tx: &mut Tx, cx: &Context, network: NetworkId) -> Result<()> {
    let wanted = Wanted::of(network);
    if queue::waits(tx, JobKind::CopyNetwork, &wanted)? {
        return Ok(());
    }
    queue::enqueue(tx, cx, JobKind::CopyNetwork, &wanted, cx.now())
}

/// Somebody here joined a network that lives elsewhere: it is copied.
pub fn begin(tx: &mut Tx, cx: &Context, home: &Remote) -> Result<()> {
    match home.network_id {
        Some(network) => wake(tx, cx, network),
        None => Ok(()),
    }
}

/// A network elsewhere may say something else of itself. Where it is to be kept whole by now, what was written in it
/// before is copied as well.
pub fn refresh(tx: &mut Tx, cx: &Context, network: NetworkId) -> Result<()> {
    let whole = networks::by_id(tx, network)?.copies() == Copies::Everything;
    let behind = whole && page_of(tx, network, Part::Posts)?.is_none();
    if behind && queries::followed_here(tx, network)? {
        wake(tx, cx, network)
    } else {
        Ok(())
    }
}

/// How a turn ended.
enum Turn {
    Done,
    /// There is more, for the next turn.
    More,
    /// This process stops; another goes on.
    Stopped,
}

/// One turn of a job, and what becomes of it then.
pub async fn copy(app: &App, job: &Job, worker: &str, stop: &AtomicBool) -> Result<()> {
    let mut wanted: Wanted = job.payload.read().map_err(Error::internal)?;
    let turn = turn(app, &mut wanted, (job, worker), stop).await;
    let (job, worker, now) = (job.clone(), worker.to_owned(), app.clock.now());
    match turn {
        Ok(Turn::Stopped) => Ok(()),
        Ok(Turn::More) => app.db.write(move |tx| queue::give_way(tx, &job, &worker, now)).await,
        Ok(Turn::Done) => {
            let again = wanted.again(now);
            app.write_for_anyone(move |tx, cx| {
                if let Some((wanted, then)) = &again {
                    queue::enqueue(tx, cx, JobKind::CopyNetwork, wanted, *then)?;
                }
                queue::finish(tx, &job, &worker)
            })
            .await
        }
        Err(cause) => {
            tracing::warn!(job = %job.id, %cause, "copying a network goes on later");
            let told = cause.to_string();
            app.db.write(move |tx| queue::fail(tx, &job, &worker, now, &told).map(|_| ())).await
        }
    }
}

async fn turn(
    app: &App,
    wanted: &mut Wanted,
    (job, worker): (&Job, &str),
    stop: &AtomicBool,
) -> Result<Turn> {
    let network = wanted.network;
    let home = app.db.read(move |conn| actors::of_network(conn, network)).await?;
    let Some(home) = home else { return Ok(Turn::Done) };
    let group = ask(app, &home.address()?).await?;
    let gone = departed::former_homes(app, &home, &group).await?;
    let mut left = PAGES;
    for part in [Part::Documents, Part::Posts] {
        let mut next = match &mut wanted.again {
            Some(again) => again.of(part).clone(),
            None => from(app, &home, (network, &group), part).await?,
        };
        while let Some(address) = next.take().as_deref().and_then(wire::address) {
            if stop.load(Ordering::Relaxed) {
                return Ok(Turn::Stopped);
            }
            if left == 0 {
                return Ok(Turn::More);
            }
            left -= 1;
            let page = page(app, (&home, &gone), &address, part).await?;
            next = page.next;
            if page.missed {
                wanted.missed.of(part).get_or_insert_with(|| address.to_string());
            }
            // The last page stays noted: what comes later stands behind it.
            let noted = next.clone().unwrap_or_else(|| address.to_string());
            if let Some(again) = &mut wanted.again {
                again.of(part).clone_from(&next);
            }
            // How far it is and what was missed is written down together: whoever goes on knows both.
            let (main, job, worker) = (wanted.again.is_none(), job.clone(), worker.to_owned());
            let payload = wanted.clone();
            app.db
                .write(move |tx| {
                    if main {
                        note(tx, network, part, &noted)?;
                    }
                    queue::progress(tx, &job, &worker, &payload)
                })
                .await?;
        }
    }
    Ok(Turn::Done)
}

/// Most pages that are looked through for one document.
const FOR_ONE: usize = 10;

/// Copies documents of a network, in the order in which they came about, until one of them is here as it is now: it comes
/// with every revision before, or not at all. How far it came is not noted: what took too many questions is copied whole
/// when somebody joins.
pub async fn copy_until(app: &App, home: &Remote, wanted: &Article) -> Result<()> {
    let Some(network) = home.network_id else { return Ok(()) };
    let group = ask(app, &home.address()?).await?;
    let gone = departed::former_homes(app, home, &group).await?;
    let mut next = from(app, home, (network, &group), Part::Documents).await?;
    for _ in 0..FOR_ONE {
        let Some(address) = next.take().as_deref().and_then(wire::address) else { break };
        next = page(app, (home, &gone), &address, Part::Documents).await?.next;
        let (config, id, version) = (app.config.clone(), wanted.post.id.clone(), wanted.version);
        let there = app.db.read(move |conn| {
            let document =
                super::at(conn, &config, &id)?.map(|id| documents::any_document(conn, id)).transpose()?;
            Ok::<_, Error>(document.flatten().is_some_and(|document| document.revision >= version))
        });
        if there.await? {
            break;
        }
    }
    Ok(())
}

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Documents,
    /// Threads and replies, where the network chose so, or outlived a home.
    Posts,
}

impl Part {
    /// What an actor calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Posts => "posts",
        }
    }
}

fn page_of(conn: &mut Conn, network: NetworkId, part: Part) -> Result<Option<String>> {
    let columns = (copied_networks::documents_page, copied_networks::posts_page);
    let row = copied_networks::table.find(network).select(columns);
    let pages: Option<(Option<String>, Option<String>)> = row.first(conn).optional()?;
    let (documents, posts) = pages.unwrap_or_default();
    Ok(match part {
        Part::Documents => documents,
        Part::Posts => posts,
    })
}

fn note(tx: &mut Tx, network: NetworkId, part: Part, page: &str) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(copied_networks::table)
            .values(copied_networks::network_id.eq(network))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    let row = diesel::update(copied_networks::table.find(network));
    match part {
        Part::Documents => row.set(copied_networks::documents_page.eq(page)).execute(tx.conn())?,
        Part::Posts => row.set(copied_networks::posts_page.eq(page)).execute(tx.conn())?,
    };
    Ok(())
}

/// What is asked for, or that it could not be had now.
async fn ask(app: &App, address: &Url) -> Result<Map<String, Value>> {
    asking::object(app, address)
        .await?
        .map_err(|why| Error::Unavailable(anyhow::anyhow!("{address}: {why}")))
}

/// The page of a part that is looked at next; `None` where there is none.
async fn from(
    app: &App,
    home: &Remote,
    (network, group): (NetworkId, &Map<String, Value>),
    part: Part,
) -> Result<Option<String>> {
    let kept = app.db.read(move |conn| page_of(conn, network, part)).await?;
    // Where it lived before, nobody tells any more what came since.
    match kept.filter(|page| wire::address(page).as_ref().and_then(Host::of).as_ref() == Some(&home.host)) {
        Some(page) => Ok(Some(page)),
        None => first(app, group, part).await,
    }
}

/// The first page of a part; `None` where the group has none to tell of.
async fn first(app: &App, group: &Map<String, Value>, part: Part) -> Result<Option<String>> {
    let Some(collection) = group.get(part.name()).and_then(wire::id_of) else { return Ok(None) };
    let told = ask(app, &collection).await?;
    Ok(told.get("first").and_then(wire::id_of).map(String::from))
}

/// A page that was read.
struct Page {
    next: Option<String>,
    /// Something on it could not be had now, and may be had later.
    missed: bool,
}

/// Takes what stands on a page.
async fn page(app: &App, (home, gone): (&Remote, &[Host]), address: &Url, part: Part) -> Result<Page> {
    let told = ask(app, address).await?;
    departed::keep_keys(app, home, gone, &told).await?;
    let items = told.get("orderedItems").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut missed = false;
    for item in items.into_iter().take(ITEMS) {
        let Value::Object(item) = item else { continue };
        let Ok(activity) = Activity::parse(&item) else { continue };
        let mut outcome = take(app, home, &item, &activity, part).await;
        if matches!(outcome, Err(Error::Internal(_))) {
            // On PostgreSQL somebody else may just have written the same: then it is known now.
            outcome = take(app, home, &item, &activity, part).await;
        }
        match outcome {
            Ok(Some(Outcome::Done)) => {}
            Err(cause @ Error::Unavailable(_)) => return Err(cause),
            Err(cause) => {
                missed = true;
                tracing::warn!(network = home.uri, id = %activity.id, %cause, "something could not be copied");
            }
            Ok(other) => {
                missed |= matches!(other, Some(Outcome::Early(_)));
                tracing::info!(network = home.uri, id = %activity.id, ?other, "something was not copied");
            }
        }
    }
    // It leads to no other server.
    let next = told.get("next").and_then(wire::id_of).filter(|next| wire::same_host(next, address));
    Ok(Page { next: next.map(String::from), missed })
}

async fn take(
    app: &App,
    home: &Remote,
    item: &Map<String, Value>,
    activity: &Activity,
    part: Part,
) -> Result<Option<Outcome>> {
    match part {
        Part::Documents => super::announced(app, item, activity, home, true).await,
        Part::Posts => {
            let item = Value::Object(item.clone());
            let outcome = taking::announced(app, &item, home).await?;
            // What came before by another way may have come without its proof.
            if let (Outcome::Done, Some(network)) = (&outcome, home.network_id) {
                app.write_for_anyone(move |tx, cx| whole::keep_proved(tx, cx, network, &item)).await?;
            }
            Ok(Some(outcome))
        }
    }
}
