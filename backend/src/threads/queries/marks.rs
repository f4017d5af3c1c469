//! What readers leave: reactions, and how far they have read.

use diesel::prelude::*;
use kring_db::schema::{reactions, read_states, replies, threads};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::policy::MayContribute;
use crate::networks::{NetworkId, thread_counts};
use crate::threads::model::*;

/// A thread or a reply of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    Thread(ThreadId),
    Reply(ThreadId, ReplyId),
}

impl Post {
    /// The thread that it is, or is in.
    pub fn thread(self) -> ThreadId {
        self.ids().0
    }

    /// Its own id.
    pub fn subject(self) -> i64 {
        self.ids().1
    }

    pub(super) fn ids(self) -> (ThreadId, i64) {
        match self {
            Self::Thread(thread) => (thread, thread.0),
            Self::Reply(thread, reply) => (thread, reply.0),
        }
    }
}

/// Adds a reaction; twice is once: `false` where it was there.
pub fn add_reaction(
    tx: &mut Tx,
    may: &MayContribute,
    post: Post,
    kind: ReactionKind,
    now: Time,
) -> Result<bool> {
    let (thread, subject) = post.ids();
    let row = (
        reactions::thread_id.eq(thread),
        reactions::subject_id.eq(subject),
        reactions::person_id.eq(may.person()),
        reactions::kind.eq(kind),
        reactions::created_at.eq(now),
    );
    let added = each_dialect!(tx.conn(), |c| diesel::insert_into(reactions::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    count_reaction(tx, post, kind, added as i64)?;
    Ok(added == 1)
}

/// Takes a reaction back; one that is not there is fine: `false`.
pub fn remove_reaction(tx: &mut Tx, person: PersonId, post: Post, kind: ReactionKind) -> Result<bool> {
    let (_, subject) = post.ids();
    let removed = diesel::delete(reactions::table.find((subject, person, kind))).execute(tx.conn())?;
    count_reaction(tx, post, kind, -(removed as i64))?;
    Ok(removed == 1)
}

/// Removes every reaction to a thread or reply that is being deleted.
pub fn forget_reactions(tx: &mut Tx, subject: i64) -> Result<()> {
    diesel::delete(reactions::table.filter(reactions::subject_id.eq(subject))).execute(tx.conn())?;
    Ok(())
}

fn count_reaction(tx: &mut Tx, post: Post, kind: ReactionKind, by: i64) -> Result<()> {
    let one = |this: ReactionKind| if this == kind { by } else { 0 };
    let (thanks, recognise, more) =
        (one(ReactionKind::Thanks), one(ReactionKind::Recognise), one(ReactionKind::More));
    match post {
        Post::Thread(id) => diesel::update(threads::table.find(id))
            .set((
                threads::thanks_count.eq(threads::thanks_count + thanks),
                threads::recognise_count.eq(threads::recognise_count + recognise),
                threads::more_count.eq(threads::more_count + more),
            ))
            .execute(tx.conn())?,
        Post::Reply(_, id) => diesel::update(replies::table.find(id))
            .set((
                replies::thanks_count.eq(replies::thanks_count + thanks),
                replies::recognise_count.eq(replies::recognise_count + recognise),
                replies::more_count.eq(replies::more_count + more),
            ))
            .execute(tx.conn())?,
    };
    Ok(())
}

/// A person's own reactions to any of these threads and replies.
pub fn own_reactions(
    conn: &mut Conn,
    person: PersonId,
    subjects: &[i64],
) -> Result<Vec<(i64, ReactionKind)>> {
    let own =
        reactions::table.filter(reactions::person_id.eq(person).and(reactions::subject_id.eq_any(subjects)));
    Ok(own
        .order((reactions::subject_id, reactions::created_at, reactions::kind))
        .select((reactions::subject_id, reactions::kind))
        .load(conn)?)
}

/// Notes that a person has read a thread up to `seq`, now. Never goes back.
pub fn mark_read(tx: &mut Tx, person: PersonId, thread: ThreadId, seq: i64, now: Time) -> Result<()> {
    let row = (
        read_states::person_id.eq(person),
        read_states::thread_id.eq(thread),
        read_states::read_seq.eq(seq),
        read_states::read_at.eq(now),
    );
    let fresh = each_dialect!(tx.conn(), |c| diesel::insert_into(read_states::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if fresh == 0 {
        let not_beyond = read_states::table.find((person, thread)).filter(read_states::read_seq.le(seq));
        diesel::update(not_beyond)
            .set((read_states::read_seq.eq(seq), read_states::read_at.eq(now)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// A writer has read what they wrote: moves their mark to `seq` where they had read all before it.
pub fn mark_own_read(tx: &mut Tx, person: PersonId, thread: ThreadId, seq: i64, now: Time) -> Result<()> {
    let caught_up = read_states::table.find((person, thread)).filter(read_states::read_seq.eq(seq - 1));
    diesel::update(caught_up)
        .set((read_states::read_seq.eq(seq), read_states::read_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// For each of these networks, how many threads have something the person has not read; those where nothing is left
/// may be missing. Counted from what they have read, which is little beside what there is: all threads of the network
/// less those that they have read to the end.
pub fn unread_counts(
    conn: &mut Conn,
    person: PersonId,
    networks: &[NetworkId],
) -> Result<Vec<(NetworkId, i64)>> {
    let read: Vec<(NetworkId, i64)> = read_states::table
        .inner_join(threads::table.on(threads::id.eq(read_states::thread_id)))
        .filter(read_states::person_id.eq(person).and(read_states::read_seq.ge(threads::last_seq)))
        .filter(threads::network_id.eq_any(networks).and(threads::deleted_at.is_null()))
        .group_by(threads::network_id)
        .select((threads::network_id, diesel::dsl::count_star()))
        .load(conn)?;
    let all = thread_counts(conn, networks)?.into_iter();
    let left = |id| move |(network, count): &(NetworkId, i64)| (*network == id).then_some(*count);
    Ok(all.map(|(id, count)| (id, count - read.iter().find_map(left(id)).unwrap_or(0))).collect())
}
