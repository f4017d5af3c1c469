//! Whom posts mention, and what of them is addressed to somebody and unread.

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use kring_db::schema::{memberships, mentions, networks, read_states, replies, threads};
use kring_db::{Conn, Tx, each_dialect};

use super::Post;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::{MemberState, NetworkId, Visibility};
use crate::threads::model::*;

/// Keeps whom a post mentions from now on, its author left out. `seq` is the number of a reply, 0 of a thread.
pub fn keep_mentions(tx: &mut Tx, post: Post, seq: i64, author: PersonId, people: &[PersonId]) -> Result<()> {
    let (thread, subject) = post.ids();
    forget_mentions(tx, subject)?;
    let others = people.iter().filter(|person| **person != author);
    let rows: Vec<_> = others
        .map(|person| {
            (
                mentions::thread_id.eq(thread),
                mentions::subject_id.eq(subject),
                mentions::person_id.eq(*person),
                mentions::seq.eq(seq),
            )
        })
        .collect();
    if !rows.is_empty() {
        each_dialect!(tx.conn(), |c| diesel::insert_into(mentions::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Forgets whom a thread or reply mentions.
pub fn forget_mentions(tx: &mut Tx, subject: i64) -> Result<()> {
    diesel::delete(mentions::table.filter(mentions::subject_id.eq(subject))).execute(tx.conn())?;
    Ok(())
}

/// To whom, in which networks, and from which id on.
#[derive(Clone, Debug)]
pub struct Addressee<'a> {
    pub person: PersonId,
    pub networks: &'a [NetworkId],
    pub since: i64,
}

/// A post: its thread, its own id (the thread's or a reply's), and how many there are of its kind in all.
pub type Found = (ThreadId, i64, i64);

diesel::alias! {
    const OWN: Alias<Own> = replies as own;
}

/// Networks elsewhere, for everyone, in which posts mention a person who belongs to none of them and did not leave them:
/// not those of `but`.
pub fn mentioned_outside(conn: &mut Conn, person: PersonId, but: &[NetworkId]) -> Result<Vec<NetworkId>> {
    let parted = memberships::table
        .filter(memberships::person_id.eq(person))
        .filter(memberships::state.eq_any([MemberState::Left, MemberState::Removed]))
        .select(memberships::network_id);
    let elsewhere = networks::table
        .filter(networks::host.ne("").and(networks::visibility.eq(Visibility::Public)))
        .select(networks::id);
    let found = mentions::table
        .inner_join(threads::table)
        .filter(mentions::person_id.eq(person).and(threads::deleted_at.is_null()))
        .filter(threads::network_id.eq_any(elsewhere).and(threads::network_id.ne_all(parted)))
        .filter(threads::network_id.ne_all(but.to_vec()));
    Ok(found.select(threads::network_id).distinct().load(conn)?)
}

/// How far the addressee has read the thread of a post.
macro_rules! their_mark {
    ($to:expr) => {
        read_states::table
            .on(read_states::thread_id.eq(threads::id).and(read_states::person_id.eq($to.person)))
    };
}

/// Has the addressee not read so far?
macro_rules! unread {
    ($seq:expr) => {
        read_states::read_seq.is_null().or(read_states::read_seq.assume_not_null().lt($seq))
    };
}

/// Threads that are there, in the networks of the addressee.
macro_rules! theirs {
    ($to:expr) => {
        threads::network_id.eq_any($to.networks.to_vec()).and(threads::deleted_at.is_null())
    };
}

/// Replies by others that the addressee has not read, and that do not mention them: those are told as mentions.
macro_rules! answers {
    ($to:expr) => {
        unread!(replies::seq)
            .and(replies::id.ge($to.since))
            .and(replies::author_id.ne($to.person).and(replies::deleted_at.is_null()))
            .and(not(exists(
                mentions::table
                    .filter(mentions::subject_id.eq(replies::id))
                    .filter(mentions::person_id.eq($to.person)),
            )))
    };
}

/// Unread posts that mention the addressee, newest first.
pub fn mentioning(conn: &mut Conn, to: &Addressee<'_>, limit: i64) -> Result<Vec<Found>> {
    let found = mentions::table
        .inner_join(threads::table)
        .left_join(their_mark!(to))
        .filter(mentions::person_id.eq(to.person).and(mentions::subject_id.ge(to.since)))
        .filter(theirs!(to).and(unread!(mentions::seq)));
    Ok(found
        .order(mentions::subject_id.desc())
        .limit(limit)
        .select((mentions::thread_id, mentions::subject_id, count_star().over()))
        .load(conn)?)
}

/// Unread answers to replies of the addressee, newest first.
pub fn answering_replies(conn: &mut Conn, to: &Addressee<'_>, limit: i64) -> Result<Vec<Found>> {
    let found = replies::table
        .inner_join(OWN.on(OWN.field(replies::id).nullable().eq(replies::parent_id)))
        .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
        .left_join(their_mark!(to))
        .filter(OWN.field(replies::author_id).eq(to.person))
        .filter(theirs!(to).and(answers!(to)));
    Ok(found
        .order(replies::id.desc())
        .limit(limit)
        .select((replies::thread_id, replies::id, count_star().over()))
        .load(conn)?)
}

/// Unread answers to threads that the addressee started, newest first.
pub fn answering_threads(conn: &mut Conn, to: &Addressee<'_>, limit: i64) -> Result<Vec<Found>> {
    // In this order: of threads that were read to the end no reply is looked at.
    let found = threads::table
        .left_join(their_mark!(to))
        .inner_join(replies::table.on(replies::thread_id.eq(threads::id)))
        .filter(threads::author_id.eq(to.person).and(replies::parent_id.is_null()))
        .filter(unread!(threads::last_seq).and(theirs!(to)).and(answers!(to)));
    Ok(found
        .order(replies::id.desc())
        .limit(limit)
        .select((replies::thread_id, replies::id, count_star().over()))
        .load(conn)?)
}
