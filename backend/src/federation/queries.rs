//! What federation looks up by itself.

use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::{accounts, memberships, mentions, networks, persons, replies, threads};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::{AuthorPerson, MemberState, NetworkId, Visibility};
use crate::peers::Host;

/// Persons of this instance have no host.
const LOCAL: &str = "";

/// How many people of an instance are members of networks here, and people of here of networks there.
pub fn memberships_with(conn: &mut Conn, host: &Host) -> Result<i64> {
    let active = memberships::state.eq(MemberState::Active);
    let there = persons::table.filter(persons::host.eq(host)).select(persons::id);
    let theirs = networks::table.filter(networks::host.eq(host)).select(networks::id);
    let theirs: i64 = memberships::table
        .filter(active.and(memberships::person_id.eq_any(there).or(memberships::network_id.eq_any(theirs))))
        .count()
        .get_result(conn)?;
    Ok(theirs)
}

/// Does anybody of this instance belong to a network that lives elsewhere?
pub fn followed_here(conn: &mut Conn, network: NetworkId) -> Result<bool> {
    let here = persons::table.filter(persons::host.eq(LOCAL)).select(persons::id);
    let members = memberships::table
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::person_id.eq_any(here));
    Ok(members.select(memberships::network_id).first::<NetworkId>(conn).optional()?.is_some())
}

/// How many networks of an instance are known here that nobody of here belongs to.
pub fn unfollowed_at(conn: &mut Conn, host: &Host) -> Result<i64> {
    let here = persons::table.filter(persons::host.eq(LOCAL)).select(persons::id);
    let followed = memberships::table
        .filter(memberships::state.eq(MemberState::Active).and(memberships::person_id.eq_any(here)))
        .select(memberships::network_id);
    let theirs = networks::table.filter(networks::host.eq(host).and(networks::id.ne_all(followed)));
    Ok(theirs.count().get_result(conn)?)
}

/// Somebody of an instance who belongs to a network; `None`, of any instance: who came first.
pub fn member_from(conn: &mut Conn, network: NetworkId, host: Option<&Host>) -> Result<Option<PersonId>> {
    let mut members = memberships::table
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(persons::closed_at.is_null())
        .into_boxed();
    if let Some(host) = host {
        members = members.filter(persons::host.eq(host.as_str().to_owned()));
    }
    Ok(members.order(memberships::id).select(persons::id).first(conn).optional()?)
}

/// Who is mentioned in these threads and replies, in order: each with the post.
pub fn mentioned(conn: &mut Conn, posts: &[i64]) -> Result<Vec<(i64, AuthorPerson)>> {
    let found = mentions::table
        .inner_join(persons::table)
        .filter(mentions::subject_id.eq_any(posts).and(persons::closed_at.is_null()));
    let columns = (mentions::subject_id, AuthorPerson::as_select());
    Ok(found.order(persons::id).select(columns).load(conn)?)
}

/// How much there is that everyone may know of.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub people: i64,
    pub threads: i64,
    pub replies: i64,
}

pub fn counts(conn: &mut Conn) -> Result<Counts> {
    let people =
        accounts::table.filter(accounts::approved_at.is_not_null().and(accounts::closed_at.is_null()));
    let open = threads::table
        .inner_join(networks::table)
        .filter(networks::visibility.eq(Visibility::Public).and(threads::deleted_at.is_null()));
    let answers = replies::table
        .inner_join(threads::table.inner_join(networks::table))
        .filter(networks::visibility.eq(Visibility::Public).and(replies::deleted_at.is_null()));
    Ok(Counts {
        people: people.count().get_result(conn)?,
        threads: open.count().get_result(conn)?,
        replies: answers.count().get_result(conn)?,
    })
}
