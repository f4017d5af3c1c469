//! Since when each coordinator is in office. Kept beside memberships, and with them: whoever writes a membership writes
//! this.

use diesel::prelude::*;
use kring_db::schema::{coordinators, memberships, persons};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::model::*;

/// Notes that somebody is a coordinator since this membership says so, or none any more. Who is asked anew to take part
/// in a network that moved keeps what they had.
pub fn note_office(tx: &mut Tx, membership: &Membership) -> Result<()> {
    let key = (membership.network_id, membership.person_id);
    match (membership.role, membership.state) {
        (MemberRole::Coordinator, MemberState::Active) => {
            each_dialect!(tx.conn(), |c| {
                diesel::insert_into(coordinators::table)
                    .values((
                        coordinators::network_id.eq(key.0),
                        coordinators::person_id.eq(key.1),
                        coordinators::since.eq(membership.updated_at),
                    ))
                    .on_conflict_do_nothing()
                    .execute(c)
            })?;
        }
        (MemberRole::Coordinator, MemberState::Invited) => {}
        _ => {
            diesel::delete(coordinators::table.find(key)).execute(tx.conn())?;
        }
    }
    Ok(())
}

/// Writes since when a coordinator is in office, as the home of their network tells.
pub fn put_office(tx: &mut Tx, network: NetworkId, person: PersonId, since: Time) -> Result<()> {
    let row = coordinators::table.find((network, person));
    if diesel::update(row).set(coordinators::since.eq(since)).execute(tx.conn())? == 0 {
        let key = (coordinators::network_id.eq(network), coordinators::person_id.eq(person));
        diesel::insert_into(coordinators::table)
            .values((key, coordinators::since.eq(since)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Who moderates a network, wherever they are: in the order in which they came, with their role, and of coordinators
/// since when they are in office.
pub fn moderators(
    conn: &mut Conn,
    network: NetworkId,
) -> Result<Vec<(AuthorPerson, MemberRole, Option<Time>)>> {
    let office = coordinators::network_id
        .eq(memberships::network_id)
        .and(coordinators::person_id.eq(memberships::person_id));
    let found = memberships::table
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .left_join(coordinators::table.on(office))
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::role.eq_any([MemberRole::Coordinator, MemberRole::Facilitator]))
        .filter(persons::closed_at.is_null());
    Ok(found
        .order(memberships::id)
        .limit(100)
        .select((AuthorPerson::as_select(), memberships::role, coordinators::since.nullable()))
        .load(conn)?)
}

/// Everyone of another instance who belongs to a network or is asked to, for asking them anew.
pub fn memberships_elsewhere(conn: &mut Conn, network: NetworkId) -> Result<Vec<Membership>> {
    let elsewhere = persons::table.filter(persons::host.ne("")).select(persons::id);
    let found = memberships::table
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::person_id.eq_any(elsewhere));
    Ok(found.select(Membership::as_select()).load(conn)?)
}

/// Everyone of this instance who belongs to a network.
pub fn members_here(conn: &mut Conn, network: NetworkId) -> Result<Vec<PersonId>> {
    in_state(conn, network, MemberState::Active)
}

/// Who of here asked to be let in, and waits.
pub fn asking_here(conn: &mut Conn, network: NetworkId) -> Result<Vec<PersonId>> {
    in_state(conn, network, MemberState::Requested)
}

fn in_state(conn: &mut Conn, network: NetworkId, state: MemberState) -> Result<Vec<PersonId>> {
    let here = persons::table.filter(persons::host.eq("")).select(persons::id);
    let found = memberships::table
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(state)))
        .filter(memberships::person_id.eq_any(here));
    Ok(found.order(memberships::id).select(memberships::person_id).load(conn)?)
}
