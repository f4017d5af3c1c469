//! Rows of networks and memberships.

mod addresses;
mod archives;
mod beginnings;
mod by_mail;
mod elsewhere;
mod offices;
mod public;

pub use beginnings::{first_invitation, founded};
pub use by_mail::*;

use diesel::dsl::auto_type;
use diesel::prelude::*;
use kring_db::schema::{coordinator_choices, memberships, network_tags, networks, persons};
use kring_db::{Conn, JsonText, Time, Tx};

use super::model::*;
use super::policy::{MayContribute, MayCoordinate, MayRead, MaySeeCoordinators};
use crate::accounts::{Person, PersonId, mail_only};
use crate::error::Result;
use crate::text::fold::fold;
use crate::text::markdown;
use crate::text::summary::PlainSummary;

pub use addresses::*;
pub use archives::*;
pub use elsewhere::*;
pub use offices::*;
pub use public::*;

/// The one filter behind every read of what networks hold: public ones, and those the viewer belongs to.
#[auto_type]
pub fn readable_by(viewer: PersonId) -> _ {
    let public: Visibility = Visibility::Public;
    let active: MemberState = MemberState::Active;
    let mine = memberships::table
        .filter(memberships::person_id.eq(viewer))
        .filter(memberships::state.eq(active))
        .select(memberships::network_id);
    networks::visibility.eq(public).or(networks::id.eq_any(mine))
}

/// Networks whose existence the viewer may know: all but hidden ones that they neither belong nor are invited to.
#[auto_type]
pub fn visible_to(viewer: PersonId) -> _ {
    let hidden: Visibility = Visibility::Hidden;
    let active: MemberState = MemberState::Active;
    let invited: MemberState = MemberState::Invited;
    let mine = memberships::table
        .filter(memberships::person_id.eq(viewer))
        .filter(memberships::state.eq(active).or(memberships::state.eq(invited)))
        .select(memberships::network_id);
    networks::visibility.ne(hidden).or(networks::id.eq_any(mine))
}

/// A network by its id, and how the viewer stands to it.
pub fn standing_in(
    conn: &mut Conn,
    id: NetworkId,
    viewer: Option<PersonId>,
) -> Result<(Network, Option<Membership>)> {
    let own = memberships::network_id
        .eq(networks::id)
        .and(memberships::person_id.eq(viewer.unwrap_or(PersonId::NOBODY)));
    let found = networks::table.left_join(memberships::table.on(own)).filter(networks::id.eq(id));
    Ok(found.select((Network::as_select(), Option::<Membership>::as_select())).first(conn)?)
}

pub fn by_id(conn: &mut Conn, id: NetworkId) -> Result<Network> {
    Ok(networks::table.find(id).select(Network::as_select()).first(conn)?)
}

/// Those of `ids` that there are, in no order.
pub fn by_ids(conn: &mut Conn, ids: &[NetworkId]) -> Result<Vec<Network>> {
    Ok(networks::table.filter(networks::id.eq_any(ids)).select(Network::as_select()).load(conn)?)
}

/// Networks the viewer may know of, newest first.
pub fn list(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    filter: &NetworkFilter,
    after: Option<NetworkId>,
    limit: i64,
) -> Result<Vec<Network>> {
    let viewer = viewer.unwrap_or(PersonId::NOBODY);
    let mut found = networks::table.filter(visible_to(viewer)).into_boxed();
    for word in filter.text.iter().flat_map(|text| text.split(' ')) {
        // Folded text holds letters, digits and spaces: no wildcards.
        found = found.filter(networks::folded.like(format!("% {word}%")));
    }
    if let Some(code) = &filter.municipality {
        found = found.filter(networks::id.eq_any(tagged("municipality", code.as_str())));
    }
    if let Some(theme) = &filter.theme {
        let kind = if filter.seeking_help { HELP_TAG } else { "theme" };
        found = found.filter(networks::id.eq_any(tagged(kind, theme.as_str())));
    }
    if filter.mine {
        let mine = memberships::table
            .filter(memberships::person_id.eq(viewer).and(memberships::state.eq(MemberState::Active)))
            .select(memberships::network_id);
        found = found.filter(networks::id.eq_any(mine));
    }
    if filter.seeking_people {
        found = found.filter(networks::seeking_people.eq(true));
    }
    if filter.seeking_help {
        found = found.filter(networks::seeking_help.is_not_null());
    }
    if let Some(after) = after {
        found = found.filter(networks::id.lt(after));
    }
    Ok(found.order(networks::id.desc()).limit(limit + 1).select(Network::as_select()).load(conn)?)
}

#[auto_type]
fn tagged<'a>(kind: &'a str, value: &'a str) -> _ {
    network_tags::table
        .filter(network_tags::kind.eq(kind))
        .filter(network_tags::value.eq(value))
        .select(network_tags::network_id)
}

/// What a list by text looks through: folded, each word with a space before it.
fn folded(network: &Network) -> String {
    let text = PlainSummary::before(network.plain_summary.as_ref(), markdown::plain(&network.description));
    format!(" {} {}", fold(network.name.as_str()), fold(&text))
}

pub fn insert(tx: &mut Tx, network: &Network) -> Result<()> {
    diesel::insert_into(networks::table)
        .values((
            (
                networks::id.eq(network.id),
                networks::slug.eq(&network.slug),
                networks::host.eq(network.slug.host()),
                networks::name.eq(&network.name),
                networks::description.eq(&network.description),
                networks::description_html.eq(&network.description_html),
                networks::plain_summary.eq(&network.plain_summary),
                networks::folded.eq(folded(network)),
                networks::language.eq(&network.language),
                networks::visibility.eq(network.visibility),
                networks::join_policy.eq(network.join_policy),
                networks::documents_edited_by.eq(network.documents_edited_by),
                networks::state.eq(network.state),
                networks::seeking_people.eq(network.seeking_people),
                networks::led_by_experts.eq(network.led_by_experts),
                networks::seeking_help.eq(&network.seeking_help),
                networks::federation.eq(&network.federation),
            ),
            (
                networks::municipalities.eq(&network.municipalities),
                networks::themes.eq(&network.themes),
                networks::crpd_articles.eq(&network.crpd_articles),
                networks::member_count.eq(network.member_count),
                networks::coordinator_count.eq(network.coordinator_count),
                networks::founder_count.eq(network.founder_count),
                networks::thread_count.eq(network.thread_count),
                networks::document_count.eq(network.document_count),
                networks::created_by.eq(network.created_by),
                networks::created_at.eq(network.created_at),
                networks::updated_at.eq(network.updated_at),
                networks::archived_at.eq(network.archived_at),
                networks::version.eq(network.version),
            ),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes what a coordinator changed; the version rises.
pub fn update(tx: &mut Tx, _may: &MayCoordinate, network: &Network) -> Result<()> {
    diesel::update(networks::table.find(network.id))
        .set((
            networks::name.eq(&network.name),
            networks::description.eq(&network.description),
            networks::description_html.eq(&network.description_html),
            networks::plain_summary.eq(&network.plain_summary),
            networks::folded.eq(folded(network)),
            networks::language.eq(&network.language),
            networks::visibility.eq(network.visibility),
            networks::join_policy.eq(network.join_policy),
            networks::documents_edited_by.eq(network.documents_edited_by),
            networks::state.eq(network.state),
            networks::seeking_people.eq(network.seeking_people),
            networks::led_by_experts.eq(network.led_by_experts),
            networks::seeking_help.eq(&network.seeking_help),
            networks::federation.eq(&network.federation),
            networks::municipalities.eq(&network.municipalities),
            networks::themes.eq(&network.themes),
            networks::crpd_articles.eq(&network.crpd_articles),
            networks::updated_at.eq(network.updated_at),
            networks::archived_at.eq(network.archived_at),
            networks::version.eq(network.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Brings what lists filter by, and what finds helpers, in line with what the network says.
pub fn set_tags(tx: &mut Tx, network: &Network) -> Result<()> {
    let its = network_tags::table.filter(network_tags::network_id.eq(network.id));
    diesel::delete(its).execute(tx.conn())?;
    let subjects = Subjects::read(&network.municipalities, &network.themes, &network.crpd_articles);
    let help = network.help_themes().unwrap_or_default();
    let help = help.iter().map(|theme| (HELP_TAG, theme.to_string()));
    for (kind, value) in subjects.tags().chain(help) {
        diesel::insert_into(network_tags::table)
            .values((
                network_tags::network_id.eq(network.id),
                network_tags::kind.eq(kind),
                network_tags::value.eq(value),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

pub fn set_state(tx: &mut Tx, id: NetworkId, state: NetworkState, now: Time) -> Result<()> {
    let change = (
        networks::state.eq(state),
        networks::updated_at.eq(now),
        networks::version.eq(networks::version + 1),
    );
    diesel::update(networks::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

/// Counts a thread in (1) or out (-1), in the transaction that makes or removes it.
pub fn add_threads(tx: &mut Tx, id: NetworkId, by: i64) -> Result<()> {
    diesel::update(networks::table.find(id))
        .set(networks::thread_count.eq(networks::thread_count + by))
        .execute(tx.conn())?;
    Ok(())
}

/// Counts a document in (1) or out (-1).
pub fn add_documents(tx: &mut Tx, id: NetworkId, by: i64) -> Result<()> {
    diesel::update(networks::table.find(id))
        .set(networks::document_count.eq(networks::document_count + by))
        .execute(tx.conn())?;
    Ok(())
}

/// Locks the network's row, so that what follows sees and keeps its counts right.
pub fn lock(tx: &mut Tx, id: NetworkId) -> Result<()> {
    diesel::update(networks::table.find(id))
        .set(networks::version.eq(networks::version))
        .execute(tx.conn())?;
    Ok(())
}

/// Counts members anew from the rows. Cheap, and cannot drift. Notes since when nobody coordinates.
pub fn recount(tx: &mut Tx, id: NetworkId, now: Time) -> Result<()> {
    let active = || {
        memberships::table
            .filter(memberships::network_id.eq(id).and(memberships::state.eq(MemberState::Active)))
    };
    let members: i64 = active().count().get_result(tx.conn())?;
    let coordinators: i64 =
        active().filter(memberships::role.eq(MemberRole::Coordinator)).count().get_result(tx.conn())?;
    let founders: i64 = active().filter(memberships::founder.eq(true)).count().get_result(tx.conn())?;
    let without: Option<Time> =
        networks::table.find(id).select(networks::without_coordinator_since).first(tx.conn())?;
    let without = (coordinators == 0).then(|| without.unwrap_or(now));
    diesel::update(networks::table.find(id))
        .set((
            networks::member_count.eq(members),
            networks::coordinator_count.eq(coordinators),
            networks::founder_count.eq(founders),
            networks::without_coordinator_since.eq(without),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn membership(conn: &mut Conn, network: NetworkId, person: PersonId) -> Result<Option<Membership>> {
    let found =
        memberships::table.filter(memberships::network_id.eq(network).and(memberships::person_id.eq(person)));
    Ok(found.select(Membership::as_select()).first(conn).optional()?)
}

/// Writes a membership down: the first of this person here, or in place of an earlier one.
pub fn save_membership(tx: &mut Tx, membership: &Membership) -> Result<()> {
    let columns = (
        memberships::role.eq(membership.role),
        memberships::state.eq(membership.state),
        memberships::founder.eq(membership.founder),
        memberships::capacity.eq(membership.capacity),
        memberships::organisation.eq(&membership.organisation),
        memberships::shows_experience.eq(membership.shows_experience),
        memberships::message.eq(&membership.message),
        memberships::invited_by.eq(membership.invited_by),
        memberships::joined_at.eq(membership.joined_at),
        memberships::updated_at.eq(membership.updated_at),
        memberships::shown.eq(membership.shown),
    );
    let row = memberships::table.filter(
        memberships::network_id
            .eq(membership.network_id)
            .and(memberships::person_id.eq(membership.person_id)),
    );
    if diesel::update(row).set(columns).execute(tx.conn())? == 0 {
        diesel::insert_into(memberships::table)
            .values((
                memberships::id.eq(membership.id),
                memberships::network_id.eq(membership.network_id),
                memberships::person_id.eq(membership.person_id),
                memberships::created_at.eq(membership.created_at),
                columns,
            ))
            .execute(tx.conn())?;
    }
    note_office(tx, membership)
}

/// Members in a state, with who they are, oldest first; those who read by mail alone where they chose to be seen.
pub fn members(
    conn: &mut Conn,
    _may: &MayRead,
    network: NetworkId,
    state: MemberState,
    after: Option<MembershipId>,
    limit: i64,
) -> Result<Vec<(Membership, Person)>> {
    let of_state = memberships::table
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(state)))
        .filter(memberships::shown.eq(true).or(memberships::person_id.ne_all(mail_only())))
        .filter(memberships::id.gt(after.unwrap_or(MembershipId(0))));
    Ok(of_state
        .order(memberships::id)
        .limit(limit + 1)
        .select((Membership::as_select(), Person::as_select()))
        .load(conn)?)
}

/// Who coordinates, longest first.
pub fn coordinators(
    conn: &mut Conn,
    _may: &MaySeeCoordinators,
    network: NetworkId,
) -> Result<Vec<(Membership, Person)>> {
    let found = memberships::table
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::role.eq(MemberRole::Coordinator));
    Ok(found
        .order(memberships::id)
        .limit(50)
        .select((Membership::as_select(), Person::as_select()))
        .load(conn)?)
}

/// Every network a person belongs to now, with the membership, by name.
pub fn memberships_of(conn: &mut Conn, person: PersonId) -> Result<Vec<(Network, Membership)>> {
    let mine = memberships::table
        .inner_join(networks::table)
        .filter(memberships::person_id.eq(person).and(memberships::state.eq(MemberState::Active)));
    Ok(mine
        .order((networks::folded, networks::id))
        .select((Network::as_select(), Membership::as_select()))
        .load(conn)?)
}

/// Every network that knows of a person in whatever way, in one order for all who lock them.
pub fn networks_of(conn: &mut Conn, person: PersonId) -> Result<Vec<NetworkId>> {
    let known = memberships::table.filter(memberships::person_id.eq(person));
    Ok(known.order(memberships::network_id).select(memberships::network_id).load(conn)?)
}

/// Takes away in every network what a person showed of their experience.
pub fn hide_experience(tx: &mut Tx, person: PersonId) -> Result<()> {
    diesel::update(memberships::table.filter(memberships::person_id.eq(person)))
        .set(memberships::shows_experience.eq(false))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes away in one network what anybody showed of their experience.
pub fn hide_experiences_in(tx: &mut Tx, _may: &MayCoordinate, network: NetworkId) -> Result<()> {
    diesel::update(memberships::table.filter(memberships::network_id.eq(network)))
        .set(memberships::shows_experience.eq(false))
        .execute(tx.conn())?;
    Ok(())
}

/// How many members who can sign in were there at `moment` already.
pub fn members_since(conn: &mut Conn, network: NetworkId, moment: Time) -> Result<i64> {
    let active = memberships::table
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::person_id.ne_all(mail_only()))
        .filter(memberships::joined_at.assume_not_null().le(moment));
    Ok(active.count().get_result(conn)?)
}

/// Has a network ever had this many who founded it together? Who left since still did.
pub fn founders_ever(conn: &mut Conn, network: NetworkId) -> Result<i64> {
    let founders =
        memberships::table.filter(memberships::network_id.eq(network).and(memberships::founder.eq(true)));
    Ok(founders.count().get_result(conn)?)
}

/// How many threads each of these networks has.
pub fn thread_counts(conn: &mut Conn, ids: &[NetworkId]) -> Result<Vec<(NetworkId, i64)>> {
    let wanted = networks::table.filter(networks::id.eq_any(ids));
    Ok(wanted.select((networks::id, networks::thread_count)).load(conn)?)
}

/// How many ask to join each of these networks; those that nobody asks are missing.
pub fn request_counts(conn: &mut Conn, ids: &[NetworkId]) -> Result<Vec<(NetworkId, i64)>> {
    let asking = memberships::table
        .filter(memberships::network_id.eq_any(ids).and(memberships::state.eq(MemberState::Requested)));
    Ok(asking
        .group_by(memberships::network_id)
        .select((memberships::network_id, diesel::dsl::count_star()))
        .load(conn)?)
}

/// Networks that a person is invited to and may still join, by name.
pub fn invitations_of(conn: &mut Conn, person: PersonId) -> Result<Vec<Network>> {
    let invited = memberships::table
        .inner_join(networks::table)
        .filter(memberships::person_id.eq(person).and(memberships::state.eq(MemberState::Invited)))
        .filter(networks::state.ne(NetworkState::Archived));
    Ok(invited.order((networks::folded, networks::id)).select(Network::as_select()).load(conn)?)
}

/// Notes whom a member chooses; an earlier choice is replaced. Returns how many chose that person.
pub fn choose(tx: &mut Tx, may: &MayContribute, choice: PersonId, now: Time) -> Result<i64> {
    let own = coordinator_choices::table.filter(
        coordinator_choices::network_id
            .eq(may.network())
            .and(coordinator_choices::voter_id.eq(may.person())),
    );
    diesel::delete(own).execute(tx.conn())?;
    diesel::insert_into(coordinator_choices::table)
        .values((
            coordinator_choices::network_id.eq(may.network()),
            coordinator_choices::voter_id.eq(may.person()),
            coordinator_choices::choice_id.eq(choice),
            coordinator_choices::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    let same = coordinator_choices::table.filter(
        coordinator_choices::network_id
            .eq(may.network())
            .and(coordinator_choices::choice_id.eq(choice)),
    );
    Ok(same.count().get_result(tx.conn())?)
}

/// Who is no member any more has no say.
pub fn forget_choice_of(tx: &mut Tx, network: NetworkId, voter: PersonId) -> Result<()> {
    let theirs = coordinator_choices::table.find((network, voter));
    diesel::delete(theirs).execute(tx.conn())?;
    Ok(())
}

pub fn forget_choices(tx: &mut Tx, network: NetworkId) -> Result<()> {
    diesel::delete(coordinator_choices::table.filter(coordinator_choices::network_id.eq(network)))
        .execute(tx.conn())?;
    Ok(())
}

/// The JSON lists of a row: municipalities, themes, articles.
pub fn subject_texts(subjects: &Subjects) -> (JsonText, JsonText, JsonText) {
    (
        JsonText::of(&subjects.municipalities),
        JsonText::of(&subjects.themes),
        JsonText::of(&subjects.crpd_articles),
    )
}
