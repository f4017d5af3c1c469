//! All of a network, asked for in pieces: each is one short transaction, so that nobody else waits. Replies go before what
//! they answer, memberships last: who is no member any more is told nothing.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use kring_db::schema::{documents, follows, memberships, persons, replies, threads};
use kring_db::{Conn, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::rows::{self, ErasureId};
use super::settling::settle;
use crate::accounts::{self, Person, PersonId};
use crate::app::Context;
use crate::documents::DocumentId;
use crate::error::{Error, Result};
use crate::federation::actors::{self, Remote};
use crate::federation::addresses::Local;
use crate::federation::objects::Audience as For;
use crate::federation::outgoing::{self, Audience};
use crate::federation::{follows as followers, serving, written};
use crate::jobs::queue::{self, Job, JobKind};
use crate::networks::{self, MemberState, Network, NetworkId};
use crate::peers::Host;
use crate::threads::{ReplyId, ThreadId};

/// How many things one piece asks for.
const PIECE: i64 = 100;

/// Where a piece begins.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Chunk {
    pub erasure: ErasureId,
    pub stage: Stage,
    pub after: i64,
}

/// What is asked for, one after the other.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Stage {
    Replies,
    Threads,
    Documents,
    Members,
}

/// Asks for the next piece, and puts what is left in the queue.
pub fn erase(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    let chunk: Chunk = job.payload.read().map_err(Error::internal)?;
    let Some(erasure) = rows::erasure(tx, chunk.erasure)? else { return Ok(()) };
    let Some(network) = erasure.network_id else { return Ok(()) };
    let network = networks::by_id(tx, network)?;
    let place = Place::of(tx, network, chunk.erasure)?;
    let last = match chunk.stage {
        Stage::Members => place.members(tx, cx, chunk.after)?,
        stage => place.things(tx, cx, stage, chunk.after)?,
    };
    let next = match (last, chunk.stage) {
        (Some(last), stage) => Chunk { stage, after: last, ..chunk },
        (None, Stage::Replies) => Chunk { stage: Stage::Threads, after: 0, ..chunk },
        (None, Stage::Threads) => Chunk { stage: Stage::Documents, after: 0, ..chunk },
        (None, Stage::Documents) => Chunk { stage: Stage::Members, after: 0, ..chunk },
        (None, Stage::Members) => {
            rows::all_asked(tx, cx, chunk.erasure)?;
            // Who was quicker has answered already.
            let hosts: Vec<&Host> = place.hosts.iter().collect();
            return settle(tx, &hosts, cx.now());
        }
    };
    queue::enqueue(tx, cx, JobKind::Erase, &next, cx.now())
}

/// A network, and whom it is taken back from.
struct Place {
    network: Network,
    /// Where it lives, if that is elsewhere: what people of here wrote in it is what it got from here.
    home: Option<Remote>,
    erasure: ErasureId,
    hosts: Vec<Host>,
}

impl Place {
    fn of(tx: &mut Tx, network: Network, erasure: ErasureId) -> Result<Self> {
        let home = match network.slug.host() {
            "" => None,
            _ => actors::of_network(tx, network.id)?,
        };
        Ok(Self { hosts: rows::hosts(tx, erasure)?, network, home, erasure })
    }

    /// What belongs together is asked one after the other: memberships end when everything else was asked.
    fn order(&self) -> String {
        format!("erasure {}", self.erasure)
    }

    /// Asks for some things of a kind; the id of the last, or `None` where there are no more.
    fn things(&self, tx: &mut Tx, cx: &Context, stage: Stage, after: i64) -> Result<Option<i64>> {
        let here = self.network.slug.host().is_empty();
        let found = match stage {
            Stage::Replies => replies_of(tx, self.network.id, !here, after)?,
            Stage::Threads => threads_of(tx, self.network.id, !here, after)?,
            Stage::Documents => documents_of(tx, self.network.id, !here, after)?,
            Stage::Members => Vec::new(),
        };
        let local = |(id, _): &(i64, PersonId)| match stage {
            Stage::Replies => Local::Reply(ReplyId(*id)),
            Stage::Threads => Local::Thread(ThreadId(*id)),
            Stage::Documents | Stage::Members => Local::Document(DocumentId(*id)),
        };
        let these: Vec<Local> = found.iter().map(local).collect();
        let addresses = written::addresses(tx, cx.config(), &these)?;
        let authors: Vec<PersonId> = found.iter().map(|(_, author)| *author).collect();
        let speakers = Speakers::of(tx, cx, &self.network, &authors)?;
        for ((id, author), address) in found.iter().zip(addresses) {
            let delete = self.delete(cx, &speakers, (*id, *author), address);
            self.ask(tx, cx, *author, delete)?;
        }
        rows::more_asked(tx, self.erasure, found.len() as i64)?;
        Ok(found.last().map(|(id, _)| *id))
    }

    fn delete(
        &self,
        cx: &Context,
        speakers: &Speakers,
        (id, author): (i64, PersonId),
        address: String,
    ) -> Value {
        let id = kring_db::types::write_id(id);
        let (group, audience) = (speakers.audience.group(), &speakers.audience);
        let here = speakers.here.get(&author);
        let mut delete = json!({
            "id": cx.config().public(&format!("/activities/erasure-{}-{id}", self.erasure)),
            "type": "Delete",
            "actor": here.or(speakers.moderator.as_ref()).map_or(group, String::as_str),
            "to": audience.to(),
            "cc": [group],
            "audience": group,
            "object": address,
        });
        if here.is_none() {
            delete["summary"] = "".into();
        }
        delete
    }

    fn ask(&self, tx: &mut Tx, cx: &Context, by: PersonId, delete: Value) -> Result<()> {
        match &self.home {
            None => {
                let audience = Audience::Asked(self.erasure);
                outgoing::announce(tx, cx, &self.network, delete, audience, self.order()).map(|_| ())
            }
            Some(home) => {
                let audience = Audience::AskedActor(self.erasure, home);
                outgoing::directly(tx, cx, by, delete, audience, self.order()).map(|_| ())
            }
        }
    }

    /// Ends some memberships across the border; the id of the last, or `None` where there are no more.
    fn members(&self, tx: &mut Tx, cx: &Context, after: i64) -> Result<Option<i64>> {
        let hosts: Vec<&str> = match &self.home {
            None => self.hosts.iter().map(Host::as_str).collect(),
            Some(_) => vec![""],
        };
        let found: Vec<(i64, PersonId, MemberState)> = memberships::table
            .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
            .filter(memberships::network_id.eq(self.network.id).and(persons::host.eq_any(hosts)))
            .filter(memberships::id.gt(after))
            .order(memberships::id)
            .limit(PIECE)
            .select((memberships::id, persons::id, memberships::state))
            .load(tx.conn())?;
        let open: Vec<PersonId> =
            found.iter().filter(|(.., state)| state.open()).map(|(_, person, _)| *person).collect();
        let agreed = follows::network_id.eq(self.network.id).and(follows::person_id.eq_any(&open));
        let agreed: Vec<(PersonId, String)> =
            follows::table.filter(agreed).select((follows::person_id, follows::uri)).load(tx.conn())?;
        let agreed: HashMap<PersonId, String> = agreed.into_iter().collect();
        for person in &open {
            if let Some(uri) = agreed.get(person) {
                let order = (self.erasure, self.order());
                followers::take_back(tx, cx, &self.network, *person, uri, order)?;
            }
        }
        // Told by that: what follows from the end of a membership tells it no more.
        let told = follows::network_id.eq(self.network.id).and(follows::person_id.eq_any(&open));
        diesel::delete(follows::table.filter(told)).execute(tx.conn())?;
        for person in open {
            networks::turned_down(tx, cx, self.network.id, person)?;
        }
        Ok(found.last().map(|(id, ..)| *id))
    }
}

/// In whose name things are taken back, looked up at once for all of a piece.
struct Speakers {
    /// Those who are of this instance, with their addresses: of what they wrote they say so themselves.
    here: HashMap<PersonId, String>,
    /// In nobody's name of another instance is anything said: who moderates here takes it away.
    moderator: Option<String>,
    audience: For,
}

impl Speakers {
    fn of(tx: &mut Tx, cx: &Context, network: &Network, authors: &[PersonId]) -> Result<Self> {
        let address = |person: Person| (person.id, Local::Person(person.handle).address(cx.config()));
        let people = accounts::people(tx, authors)?.into_iter();
        let here = people.filter(|person| person.host.is_empty()).map(address).collect();
        let mut moderators = networks::moderators(tx, network.id)?.into_iter();
        let moderator = moderators.find(|(person, ..)| person.host.is_empty());
        let audience = serving::audience(tx, cx.config(), network)?;
        Ok(Self {
            here,
            moderator: moderator.map(|(person, ..)| Local::Person(person.handle).address(cx.config())),
            audience,
        })
    }
}

/// Things after one of an id, with who wrote them.
type Found = Vec<(i64, PersonId)>;

fn replies_of(conn: &mut Conn, network: NetworkId, own: bool, after: i64) -> Result<Found> {
    let there = replies::table
        .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
        .inner_join(persons::table.on(persons::id.eq(replies::author_id)))
        .filter(threads::network_id.eq(network).and(replies::deleted_at.is_null()))
        .filter(replies::id.gt(after).and(persons::host.eq("").or((!own).into_sql::<Bool>())));
    Ok(there.order(replies::id).limit(PIECE).select((replies::id, replies::author_id)).load(conn)?)
}

fn threads_of(conn: &mut Conn, network: NetworkId, own: bool, after: i64) -> Result<Found> {
    let there = threads::table
        .inner_join(persons::table.on(persons::id.eq(threads::author_id)))
        .filter(threads::network_id.eq(network).and(threads::deleted_at.is_null()))
        .filter(threads::id.gt(after).and(persons::host.eq("").or((!own).into_sql::<Bool>())));
    Ok(there.order(threads::id).limit(PIECE).select((threads::id, threads::author_id)).load(conn)?)
}

fn documents_of(conn: &mut Conn, network: NetworkId, own: bool, after: i64) -> Result<Found> {
    let there = documents::table
        .inner_join(persons::table.on(persons::id.eq(documents::changed_by)))
        .filter(documents::network_id.eq(network))
        .filter(documents::id.gt(after).and(persons::host.eq("").or((!own).into_sql::<Bool>())));
    Ok(there
        .order(documents::id)
        .limit(PIECE)
        .select((documents::id, documents::changed_by))
        .load(conn)?)
}
