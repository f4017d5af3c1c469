//! What a digest tells of: chosen when it is made, read again whenever it is shown.

use std::collections::BTreeMap;

use kring_db::Conn;

use super::adoptions::{self, AdoptionReads};
use crate::accounts::PersonId;
use crate::digests::model::*;
use crate::digests::queries::{self, Answered, Save, Window};
use crate::documents::{self, DocumentRow};
use crate::error::Result;
use crate::jobs::outbox::EventKind;
use crate::networks::{self, Membership, Network, NetworkId};
use crate::threads::{self, ReplyRow, ThreadRow};

/// So many documents of one network are told of, and so many threads; the rest is counted.
const OF_ONE_NETWORK: usize = 5;

/// So many networks are told of in full; of the others only that there is something new.
const NETWORKS: usize = 8;

/// Names of so many people who changed a document.
const NAMES: usize = 3;

/// Chooses what arrived after position `after`, up to and with `until`, for `reader`: by network, those with
/// documents first, then by name; within each the newest first, what is new before what went on.
pub fn collect(
    conn: &mut Conn,
    reader: PersonId,
    mine: &[Network],
    after: i64,
    until: i64,
) -> Result<Contents> {
    let ids: Vec<NetworkId> = mine.iter().map(|network| network.id).collect();
    if ids.is_empty() || after >= until {
        return Ok(Contents::default());
    }
    let window = Window { reader, networks: &ids, after, until };
    let mut news: BTreeMap<NetworkId, NetworkNews> = BTreeMap::new();
    for (network, document) in changed(queries::saves(conn, &window)?) {
        news.entry(network).or_insert_with(|| NetworkNews::of(network)).documents.push(document);
    }
    let started = queries::started(conn, &window)?;
    let mut answered = queries::answered(conn, &window)?;
    for (network, thread) in started {
        let place = answered.iter().position(|other| other.thread == thread);
        let replies = place.map(|place| answered.remove(place));
        let thread = ThreadNews {
            thread,
            new: true,
            ..ThreadNews::of(thread, replies.as_ref())
        };
        news.entry(network).or_insert_with(|| NetworkNews::of(network)).threads.push(thread);
    }
    for found in &answered {
        let thread = ThreadNews::of(found.thread, Some(found));
        news.entry(found.network)
            .or_insert_with(|| NetworkNews::of(found.network))
            .threads
            .push(thread);
    }
    for (network, adoptions) in adoptions::collect(conn, &window)? {
        news.entry(network).or_insert_with(|| NetworkNews::of(network)).adoptions = adoptions;
    }
    let mut found: Vec<NetworkNews> = mine.iter().filter_map(|network| news.remove(&network.id)).collect();
    // Stable: by name within each half.
    found.sort_by_key(|network| network.documents.is_empty());
    for (place, network) in found.iter_mut().enumerate() {
        network.shorten(if place < NETWORKS { OF_ONE_NETWORK } else { 0 });
    }
    Ok(Contents { networks: found, waiting: Vec::new() })
}

/// Saves, newest first, as documents: each once, with how often it changed and by whom.
fn changed(saves: Vec<Save>) -> Vec<(NetworkId, DocumentNews)> {
    let mut found: Vec<(NetworkId, DocumentNews)> = Vec::new();
    for save in saves {
        #[derive(serde::Deserialize)]
        struct Payload {
            revision: i64,
        }
        let number = save.payload.read::<Payload>().map_or(i64::MAX, |payload| payload.revision);
        if save.read.is_some_and(|read| read >= number) {
            continue;
        }
        let place = found.iter().position(|(_, news)| news.document == save.document);
        let place = place.unwrap_or_else(|| {
            let news = DocumentNews {
                document: save.document,
                new: false,
                changes: 0,
                by: Vec::new(),
            };
            found.push((save.network, news));
            found.len() - 1
        });
        let news = &mut found[place].1;
        match save.kind {
            EventKind::DocumentCreated => news.new = true,
            _ => news.changes += 1,
        }
        if news.by.len() < NAMES && !news.by.contains(&save.author) {
            news.by.push(save.author);
        }
    }
    // New ones first; each half stays newest first.
    found.sort_by_key(|(_, news)| !news.new);
    found
}

impl ThreadNews {
    fn of(thread: threads::ThreadId, answered: Option<&Answered>) -> Self {
        Self {
            thread,
            new: false,
            replies: answered.map_or(0, |answered| answered.replies),
            oldest: answered.and_then(|answered| answered.oldest),
            newest: answered.and_then(|answered| answered.newest),
        }
    }
}

impl NetworkNews {
    fn of(network: NetworkId) -> Self {
        Self {
            network,
            documents: Vec::new(),
            more_documents: 0,
            threads: Vec::new(),
            more_threads: 0,
            adoptions: Vec::new(),
        }
    }

    /// Keeps `most` of each list and counts the rest.
    fn shorten(&mut self, most: usize) {
        self.more_documents = self.documents.len().saturating_sub(most) as i64;
        self.documents.truncate(most);
        self.more_threads = self.threads.len().saturating_sub(most) as i64;
        self.threads.truncate(most);
        self.adoptions.truncate(most);
    }
}

/// What there is to read of a digest now: what was taken away since, and networks its owner left, are gone.
pub struct News {
    pub networks: Vec<NetworkReads>,
}

/// One network's part.
pub struct NetworkReads {
    pub network: Network,
    pub documents: Vec<(DocumentNews, DocumentRow, Vec<String>)>,
    pub more_documents: i64,
    pub threads: Vec<(ThreadNews, ThreadRow, Option<ReplyRow>)>,
    pub more_threads: i64,
    pub adoptions: Vec<AdoptionReads>,
}

impl News {
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }
}

/// Networks a person belongs to now, by name: all of them may be read; and how they belong to each.
pub fn networks_of(conn: &mut Conn, person: PersonId) -> Result<(Vec<Network>, Vec<Membership>)> {
    Ok(networks::memberships_of(conn, person)?.into_iter().unzip())
}

/// Reads what `contents` tells of, as far as it is in one of `mine` and still there.
pub fn read(conn: &mut Conn, reader: PersonId, mine: &[Network], contents: &Contents) -> Result<News> {
    let told = || {
        let known = |news: &&NetworkNews| mine.iter().any(|network| network.id == news.network);
        contents.networks.iter().filter(known)
    };
    let documents: Vec<_> = told().flat_map(|n| n.documents.iter().map(|news| news.document)).collect();
    let threads: Vec<_> = told().flat_map(|n| n.threads.iter().map(|news| news.thread)).collect();
    let replies: Vec<_> = told().flat_map(|n| n.threads.iter().filter_map(|news| news.newest)).collect();
    let authors: Vec<PersonId> =
        told().flat_map(|n| n.documents.iter().flat_map(|news| news.by.clone())).collect();
    let mut documents = match documents.as_slice() {
        [] => Vec::new(),
        ids => documents::document_rows(conn, ids, Some(reader))?,
    };
    let mut threads = match threads.as_slice() {
        [] => Vec::new(),
        ids => threads::thread_rows(conn, ids, Some(reader))?,
    };
    let mut replies = match replies.as_slice() {
        [] => Vec::new(),
        ids => threads::reply_rows(conn, ids)?,
    };
    let names = match authors.as_slice() {
        [] => Vec::new(),
        ids => queries::names(conn, ids)?,
    };
    let adoptions: Vec<AdoptionNews> = told().flat_map(|n| n.adoptions.clone()).collect();
    let mut adoptions = adoptions::read(conn, reader, &adoptions)?;
    let name = |id: &PersonId| names.iter().find(|(known, _)| known == id).map(|(_, name)| name.to_string());
    let mut found = Vec::new();
    for news in told() {
        let Some(network) = mine.iter().find(|network| network.id == news.network) else { continue };
        let mut reads = NetworkReads {
            network: network.clone(),
            documents: Vec::new(),
            more_documents: news.more_documents,
            threads: Vec::new(),
            more_threads: news.more_threads,
            adoptions: Vec::new(),
        };
        for one in &news.documents {
            if let Some(row) = take(&mut documents, |row| row.0.id == one.document) {
                reads.documents.push((one.clone(), row, one.by.iter().filter_map(name).collect()));
            }
        }
        for one in &news.threads {
            if let Some(row) = take(&mut threads, |row| row.0.id == one.thread) {
                let reply = one.newest.and_then(|id| take(&mut replies, |row| row.0.id == id));
                reads.threads.push((one.clone(), row, reply));
            }
        }
        let known = |one: &AdoptionNews| take(&mut adoptions, |row| row.news == *one);
        reads.adoptions = news.adoptions.iter().filter_map(known).collect();
        let more = reads.more_documents + reads.more_threads;
        let nothing = reads.documents.is_empty() && reads.threads.is_empty() && reads.adoptions.is_empty();
        if !nothing || more > 0 {
            found.push(reads);
        }
    }
    Ok(News { networks: found })
}

fn take<T>(from: &mut Vec<T>, wanted: impl FnMut(&T) -> bool) -> Option<T> {
    from.iter().position(wanted).map(|place| from.swap_remove(place))
}
