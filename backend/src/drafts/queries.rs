//! Rows of drafts. Every query names whose they are, save [`untouched`], which looks for what everybody left lying.

use diesel::prelude::*;
use kring_db::schema::{drafts, networks as network_rows};
use kring_db::{Conn, JsonText, Time, Tx};

use super::model::*;
use super::policy::MayBegin;
use crate::accounts::{PersonId, SessionId};
use crate::error::Result;
use crate::networks::{self, Network, NetworkId, Slug};

/// A draft with its long text.
pub type Whole = (Draft, String);

macro_rules! about {
    ($person:expr, $target:expr) => {
        drafts::table
            .filter(drafts::person_id.eq($person))
            .filter(drafts::kind.eq($target.kind).and(drafts::target.eq($target.as_str())))
    };
}

/// One draft.
pub fn draft(conn: &mut Conn, person: PersonId, at: &Address) -> Result<Option<Whole>> {
    let found = about!(person, at.target).filter(drafts::number.eq(at.number));
    Ok(found.select((Draft::as_select(), drafts::body)).first(conn).optional()?)
}

/// All about one target, the draft first.
pub fn about(conn: &mut Conn, person: PersonId, target: &Target) -> Result<Vec<Whole>> {
    let found = about!(person, target).order(drafts::number);
    Ok(found.select((Draft::as_select(), drafts::body)).load(conn)?)
}

/// The numbers of all about one target, lowest first.
pub fn numbers(conn: &mut Conn, person: PersonId, target: &Target) -> Result<Vec<i64>> {
    Ok(about!(person, target).order(drafts::number).select(drafts::number).load(conn)?)
}

/// Drafts, the one that was saved last first; one more than `limit`.
pub fn listed(conn: &mut Conn, person: PersonId, after: Option<Cursor>, limit: i64) -> Result<Vec<Draft>> {
    let mut found = drafts::table.filter(drafts::person_id.eq(person)).into_boxed();
    if let Some(Cursor { saved_at, id }) = after {
        found = found
            .filter(drafts::saved_at.lt(saved_at).or(drafts::saved_at.eq(saved_at).and(drafts::id.lt(id))));
    }
    Ok(found
        .order((drafts::saved_at.desc(), drafts::id.desc()))
        .limit(limit + 1)
        .select(Draft::as_select())
        .load(conn)?)
}

/// Everything that somebody keeps, oldest first, from after `after`.
pub fn all(conn: &mut Conn, person: PersonId, after: Option<DraftId>, limit: i64) -> Result<Vec<Whole>> {
    let found = drafts::table.filter(drafts::person_id.eq(person));
    let found = found.filter(drafts::id.gt(after.unwrap_or(DraftId(0))));
    Ok(found.order(drafts::id).limit(limit).select((Draft::as_select(), drafts::body)).load(conn)?)
}

pub fn count(conn: &mut Conn, person: PersonId) -> Result<i64> {
    Ok(drafts::table.filter(drafts::person_id.eq(person)).count().get_result(conn)?)
}

/// Locks what there is about one target until the commit.
pub fn lock(tx: &mut Tx, person: PersonId, target: &Target) -> Result<()> {
    diesel::update(about!(person, target))
        .set(drafts::version.eq(drafts::version))
        .execute(tx.conn())?;
    Ok(())
}

pub fn insert(tx: &mut Tx, _may: &MayBegin, draft: &Draft, body: &str) -> Result<()> {
    diesel::insert_into(drafts::table)
        .values((
            drafts::id.eq(draft.id),
            drafts::person_id.eq(draft.person_id),
            drafts::kind.eq(draft.kind),
            drafts::target.eq(&draft.target),
            drafts::number.eq(draft.number),
            drafts::origin.eq(draft.origin),
            drafts::session_id.eq(draft.session_id),
            drafts::base.eq(&draft.base),
            drafts::title.eq(&draft.title),
            drafts::excerpt.eq(&draft.excerpt),
            drafts::version.eq(draft.version),
            drafts::created_at.eq(draft.created_at),
            drafts::saved_at.eq(draft.saved_at),
            drafts::further.eq(&draft.further),
            drafts::body.eq(body),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes what a draft says from now on.
pub fn update(
    tx: &mut Tx,
    (person, id): (PersonId, DraftId),
    session: SessionId,
    content: &Content,
    excerpt: &str,
    now: Time,
) -> Result<()> {
    diesel::update(drafts::table.find(id).filter(drafts::person_id.eq(person)))
        .set((
            drafts::session_id.eq(session),
            drafts::base.eq(&content.base),
            drafts::title.eq(&content.title),
            drafts::excerpt.eq(excerpt),
            drafts::version.eq(drafts::version + 1),
            drafts::saved_at.eq(now),
            drafts::further.eq(JsonText::of(&content.further)),
            drafts::body.eq(&content.body),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that a draft was saved as it is.
pub fn touch(tx: &mut Tx, person: PersonId, id: DraftId, now: Time) -> Result<()> {
    diesel::update(drafts::table.find(id).filter(drafts::person_id.eq(person)))
        .set(drafts::saved_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Removes drafts of a person.
pub fn remove(tx: &mut Tx, person: PersonId, ids: &[DraftId]) -> Result<()> {
    let mine = drafts::table.filter(drafts::person_id.eq(person).and(drafts::id.eq_any(ids)));
    diesel::delete(mine).execute(tx.conn())?;
    Ok(())
}

/// The draft as it was at one moment, where it still is so.
pub fn at_version(conn: &mut Conn, person: PersonId, reference: Reference) -> Result<Option<DraftId>> {
    let found = drafts::table
        .filter(drafts::person_id.eq(person).and(drafts::id.eq(reference.id)))
        .filter(drafts::version.eq(reference.version));
    Ok(found.select(drafts::id).first(conn).optional()?)
}

/// What is written for a network by its address goes along to another address; beside what somebody wrote for that already.
pub fn move_to(tx: &mut Tx, from: &Slug, to: &Slug) -> Result<()> {
    for kind in DraftKind::ALL.iter().filter(|kind| kind.by_slug()) {
        let old = drafts::table.filter(drafts::kind.eq(kind).and(drafts::target.eq(from.as_str())));
        let found: Vec<(DraftId, PersonId, i64)> = old
            .order((drafts::person_id, drafts::number))
            .select((drafts::id, drafts::person_id, drafts::number))
            .load(tx.conn())?;
        for (id, person, number) in found {
            let last = numbers(tx, person, &Target::in_network(*kind, to))?.last().copied();
            let row = diesel::update(drafts::table.find(id));
            row.set((
                drafts::target.eq(to.as_str()),
                drafts::number.eq(last.map_or(number, |last| last + 1)),
            ))
            .execute(tx.conn())?;
        }
    }
    Ok(())
}

/// Drafts that nobody saved since `moment`, whoever's they are.
pub fn untouched(conn: &mut Conn, moment: Time, limit: i64) -> Result<Vec<(PersonId, DraftId)>> {
    let old = drafts::table.filter(drafts::saved_at.lt(moment)).order(drafts::saved_at).limit(limit);
    Ok(old.select((drafts::person_id, drafts::id)).load(conn)?)
}

/// Those of these networks that the person may read in, by the filter of networks.
pub fn readable(conn: &mut Conn, person: PersonId, ids: &[NetworkId]) -> Result<Vec<Network>> {
    let found = network_rows::table.filter(network_rows::id.eq_any(ids).and(networks::readable_by(person)));
    Ok(found.select(Network::as_select()).load(conn)?)
}

/// Those of these networks that the person may know of, by the filter of networks.
pub fn visible(conn: &mut Conn, person: PersonId, slugs: &[Slug]) -> Result<Vec<Network>> {
    let found = network_rows::table
        .filter(network_rows::slug.eq_any(slugs.iter().map(Slug::as_str)).and(networks::visible_to(person)));
    Ok(found.select(Network::as_select()).load(conn)?)
}
