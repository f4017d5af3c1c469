//! Rows of invitations by e-mail address, and of addresses that want none.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{email_invitations as invitations, email_refusals as refusals, persons};
use kring_db::{Conn, Time, Tx, each_dialect};

use super::model::*;
use crate::accounts::{Person, PersonId};
use crate::error::Result;
use crate::mail::MailId;
use crate::networks::{MayCoordinate, MayInviteByMail, NetworkId};

/// Makes room for a new invitation in place of one whose owner was taken out.
pub fn forget_removed(tx: &mut Tx, may: &MayInviteByMail, hash: &str) -> Result<()> {
    let earlier = invitations::network_id.eq(may.network()).and(invitations::email_hash.eq(hash));
    let earlier = invitations::table.filter(earlier.and(invitations::state.eq(InvitationState::Removed)));
    diesel::delete(earlier).execute(tx.conn())?;
    Ok(())
}

/// Writes an invitation down: the only one of its address here.
pub fn invite(tx: &mut Tx, _may: &MayInviteByMail, new: &Invitation) -> Result<()> {
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(new.id),
            invitations::network_id.eq(new.network_id),
            invitations::email.eq(&new.email),
            invitations::email_hash.eq(&new.email_hash),
            invitations::name.eq(&new.name),
            invitations::language.eq(new.language),
            invitations::invited_by.eq(new.invited_by),
            invitations::state.eq(new.state),
            invitations::created_at.eq(new.created_at),
            invitations::expires_at.eq(new.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// When a network first invited somebody by their address; whatever came of it.
pub fn first_by_mail(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<Option<Time>> {
    let its = invitations::table.filter(invitations::network_id.eq(network));
    Ok(its.order(invitations::id).select(invitations::created_at).first(conn).optional()?)
}

/// How the invitations of these addresses to a network stand.
pub fn earlier(
    conn: &mut Conn,
    may: &MayInviteByMail,
    hashes: &[String],
) -> Result<Vec<(String, InvitationState)>> {
    let here = invitations::table.filter(invitations::network_id.eq(may.network()));
    let found = here.filter(invitations::email_hash.eq_any(hashes));
    Ok(found.select((invitations::email_hash, invitations::state)).load(conn)?)
}

/// Does the owner of an address want no invitations?
pub fn refused(conn: &mut Conn, hash: &str) -> Result<bool> {
    let found = refusals::table.find(hash).select(refusals::email_hash);
    Ok(found.first::<String>(conn).optional()?.is_some())
}

/// Was another invitation mailed to the address of this one, and did its owner say yes to any? Whatever came of it.
pub fn history(conn: &mut Conn, held: &Invitation) -> Result<(bool, bool)> {
    let others = invitations::table
        .filter(invitations::email_hash.eq(&held.email_hash).and(invitations::id.ne(held.id)));
    let rows: Vec<(InvitationState, Option<Time>)> =
        others.select((invitations::state, invitations::sent_at)).load(conn)?;
    use InvitationState::{Confirmed, Left, Removed};
    let asked = rows.iter().any(|(_, sent_at)| sent_at.is_some());
    let yes = rows.iter().any(|(state, _)| matches!(state, Confirmed | Left | Removed));
    Ok((asked, yes))
}

/// How many were invited within the last 24 hours, to this network or by this person, whichever is more.
pub fn lately(conn: &mut Conn, may: &MayInviteByMail, now: Time) -> Result<i64> {
    let recent = || invitations::table.filter(invitations::created_at.gt(now - Duration::days(1)));
    let here = recent().filter(invitations::network_id.eq(may.network())).count().get_result(conn)?;
    let by_them: i64 = recent().filter(invitations::invited_by.eq(may.person())).count().get_result(conn)?;
    Ok(by_them.max(here))
}

/// Invitations to a network with who wrote them, newest first.
pub fn list(
    conn: &mut Conn,
    _may: &MayCoordinate,
    network: NetworkId,
    state: Option<InvitationState>,
    own: Option<(PersonId, String)>,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<(Invitation, Person)>> {
    let mut found = invitations::table
        .inner_join(persons::table.on(persons::id.eq(invitations::invited_by)))
        .filter(invitations::network_id.eq(network))
        .into_boxed();
    if let Some(state) = state {
        found = found.filter(invitations::state.eq(state));
    }
    if let Some((inviter, hash)) = own {
        found = found.filter(invitations::invited_by.eq(inviter).and(invitations::email_hash.eq(hash)));
    }
    if let Some(after) = after {
        found = found.filter(invitations::id.lt(after));
    }
    Ok(found
        .order(invitations::id.desc())
        .limit(limit + 1)
        .select((Invitation::as_select(), Person::as_select()))
        .load(conn)?)
}

/// How many invitations to a network wait for an answer.
pub fn waiting(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<i64> {
    let found = invitations::table
        .filter(invitations::network_id.eq(network).and(invitations::state.eq(InvitationState::Invited)));
    Ok(found.count().get_result(conn)?)
}

pub fn invitation(conn: &mut Conn, id: InvitationId) -> Result<Option<Invitation>> {
    Ok(invitations::table.find(id).select(Invitation::as_select()).first(conn).optional()?)
}

/// An invitation as it is until `tx` ends, with all others of its address: who answers one meanwhile waits, and of two
/// networks that ask the same address at once the second sees that the first did.
pub fn hold(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>> {
    let Some(known) = invitation(tx, id)? else { return Ok(None) };
    let of_address = invitations::table.filter(invitations::email_hash.eq(&known.email_hash));
    let ids: Vec<InvitationId> = of_address.order(invitations::id).select(invitations::id).load(tx.conn())?;
    for each in ids {
        // To itself, in one order: on PostgreSQL that locks the row; SQLite has one writer anyway.
        diesel::update(invitations::table.find(each))
            .set(invitations::state.eq(invitations::state))
            .execute(tx.conn())?;
    }
    invitation(tx, id)
}

/// Notes that an invitation was mailed; `mail` is to be held back if the invitation ends before it goes out.
pub fn mailed(tx: &mut Tx, id: InvitationId, mail: Option<MailId>, now: Time) -> Result<()> {
    let change = (invitations::sent_at.eq(now), invitations::mail_id.eq(mail));
    diesel::update(invitations::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

/// Notes that the time of the reminder came, whether one was written or not: the two look alike.
pub fn reminded(tx: &mut Tx, id: InvitationId, mail: Option<MailId>, now: Time) -> Result<()> {
    let change = (invitations::reminded_at.eq(now), mail.map(|mail| invitations::mail_id.eq(mail)));
    diesel::update(invitations::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

/// An invitation no longer waits: its address is forgotten.
pub fn end(
    tx: &mut Tx,
    id: InvitationId,
    state: InvitationState,
    person: Option<PersonId>,
    now: Time,
) -> Result<()> {
    diesel::update(invitations::table.find(id))
        .set((
            invitations::state.eq(state),
            invitations::email.eq(None::<String>),
            invitations::name.eq(""),
            invitations::mail_id.eq(None::<MailId>),
            invitations::person_id.eq(person),
            invitations::ended_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Those of an address that wait, with who wrote them.
pub fn asking(conn: &mut Conn, hash: &str) -> Result<Vec<(Invitation, Person)>> {
    let found = invitations::table
        .inner_join(persons::table.on(persons::id.eq(invitations::invited_by)))
        .filter(invitations::email_hash.eq(hash).and(invitations::state.eq(InvitationState::Invited)));
    Ok(found
        .order(invitations::id)
        .select((Invitation::as_select(), Person::as_select()))
        .load(conn)?)
}

/// Those of an address that wait.
pub fn waiting_for(conn: &mut Conn, hash: &str) -> Result<Vec<Invitation>> {
    let found = invitations::table
        .filter(invitations::email_hash.eq(hash).and(invitations::state.eq(InvitationState::Invited)));
    Ok(found.order(invitations::id).select(Invitation::as_select()).load(conn)?)
}

/// Somebody who had said yes to a network is no member any more.
pub fn gone(
    tx: &mut Tx,
    network: NetworkId,
    person: PersonId,
    state: InvitationState,
    now: Time,
) -> Result<()> {
    let theirs = invitations::network_id.eq(network).and(invitations::person_id.eq(person).assume_not_null());
    let theirs = invitations::table.filter(theirs).filter(invitations::state.eq(InvitationState::Confirmed));
    diesel::update(theirs)
        .set((
            invitations::state.eq(state),
            invitations::person_id.eq(None::<PersonId>),
            invitations::ended_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that the owner of an address wants no invitations. Twice is once.
pub fn refuse(tx: &mut Tx, hash: &str, now: Time) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(refusals::table)
            .values((refusals::email_hash.eq(hash), refusals::created_at.eq(now)))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}
