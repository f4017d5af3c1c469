//! Rows of offers.

use diesel::dsl::auto_type;
use diesel::prelude::*;
use kring_db::schema::{help_asks, help_offer_tags, help_offers, help_told, persons};
use kring_db::{Conn, Tx};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::help::model::*;
use crate::help::policy::{MayChange, MayRemove};
use crate::networks::AuthorPerson;

pub fn offer(conn: &mut Conn, id: HelpOfferId) -> Result<Option<OfferRow>> {
    let found = help_offers::table.inner_join(persons::table).filter(help_offers::id.eq(id));
    Ok(found.select((HelpOffer::as_select(), AuthorPerson::as_select())).first(conn).optional()?)
}

/// Offers that `viewer` may see, newest first; one more than `limit`. One with anything, anywhere, is among those of
/// every theme and municipality.
pub fn listed(
    conn: &mut Conn,
    viewer: PersonId,
    filter: &OfferFilter,
    after: Option<HelpOfferId>,
    limit: i64,
) -> Result<Vec<OfferRow>> {
    let mut found = help_offers::table.inner_join(persons::table).into_boxed();
    found = if filter.mine {
        found.filter(help_offers::person_id.eq(viewer))
    } else {
        found.filter(help_offers::paused.eq(false).or(help_offers::person_id.eq(viewer)))
    };
    if let Some(theme) = &filter.theme {
        found = found.filter(takes(THEME, vec![theme.to_string()]));
    }
    if let Some(code) = &filter.municipality {
        found = found.filter(takes(MUNICIPALITY, vec![code.to_string()]));
    }
    if let Some(after) = after {
        found = found.filter(help_offers::id.lt(after));
    }
    Ok(found
        .order(help_offers::id.desc())
        .limit(limit + 1)
        .select((HelpOffer::as_select(), AuthorPerson::as_select()))
        .load(conn)?)
}

/// Offers with a tag of this kind among `values`, and those with none of the kind, which take any.
#[auto_type]
pub fn takes<'a>(kind: &'a str, values: Vec<String>) -> _ {
    let named = help_offer_tags::table
        .filter(help_offer_tags::kind.eq(kind))
        .filter(help_offer_tags::value.eq_any(values))
        .select(help_offer_tags::offer_id);
    let choosy =
        help_offer_tags::table.filter(help_offer_tags::kind.eq(kind)).select(help_offer_tags::offer_id);
    help_offers::id.eq_any(named).or(help_offers::id.ne_all(choosy))
}

/// A person's offers that are not paused, oldest first.
pub fn offers_of(conn: &mut Conn, person: PersonId) -> Result<Vec<HelpOffer>> {
    let own = help_offers::table.filter(help_offers::person_id.eq(person).and(help_offers::paused.eq(false)));
    Ok(own.order(help_offers::id).select(HelpOffer::as_select()).load(conn)?)
}

/// How many offers a person has, paused ones too.
pub fn count_of(conn: &mut Conn, person: PersonId) -> Result<i64> {
    Ok(help_offers::table.filter(help_offers::person_id.eq(person)).count().get_result(conn)?)
}

/// Locks an offer's row until the commit.
pub fn lock(tx: &mut Tx, id: HelpOfferId) -> Result<()> {
    diesel::update(help_offers::table.find(id))
        .set(help_offers::version.eq(help_offers::version))
        .execute(tx.conn())?;
    Ok(())
}

pub fn insert(tx: &mut Tx, offer: &HelpOffer) -> Result<()> {
    diesel::insert_into(help_offers::table)
        .values((
            help_offers::id.eq(offer.id),
            help_offers::person_id.eq(offer.person_id),
            help_offers::sentence.eq(&offer.sentence),
            help_offers::language.eq(&offer.language),
            help_offers::themes.eq(&offer.themes),
            help_offers::municipalities.eq(&offer.municipalities),
            help_offers::paused.eq(offer.paused),
            help_offers::created_at.eq(offer.created_at),
            help_offers::updated_at.eq(offer.updated_at),
            help_offers::version.eq(offer.version),
        ))
        .execute(tx.conn())?;
    set_tags(tx, offer)
}

/// Writes what its owner changed.
pub fn update(tx: &mut Tx, _may: &MayChange, offer: &HelpOffer) -> Result<()> {
    diesel::update(help_offers::table.find(offer.id))
        .set((
            help_offers::sentence.eq(&offer.sentence),
            help_offers::language.eq(&offer.language),
            help_offers::themes.eq(&offer.themes),
            help_offers::municipalities.eq(&offer.municipalities),
            help_offers::paused.eq(offer.paused),
            help_offers::updated_at.eq(offer.updated_at),
            help_offers::version.eq(offer.version),
        ))
        .execute(tx.conn())?;
    set_tags(tx, offer)
}

/// Brings what lists look for in line with what the offer says.
fn set_tags(tx: &mut Tx, offer: &HelpOffer) -> Result<()> {
    diesel::delete(help_offer_tags::table.filter(help_offer_tags::offer_id.eq(offer.id)))
        .execute(tx.conn())?;
    for (kind, value) in offer.interests().tags() {
        diesel::insert_into(help_offer_tags::table)
            .values((
                help_offer_tags::offer_id.eq(offer.id),
                help_offer_tags::kind.eq(kind),
                help_offer_tags::value.eq(value),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

pub fn remove(tx: &mut Tx, _may: &MayRemove, id: HelpOfferId) -> Result<()> {
    remove_offers(tx, &[id])
}

/// Removes a person's offers, what they were told of, and the words they wrote to owners of others.
pub fn remove_all_of(tx: &mut Tx, person: PersonId) -> Result<()> {
    let own = help_offers::table.filter(help_offers::person_id.eq(person));
    let ids: Vec<HelpOfferId> = own.select(help_offers::id).load(tx.conn())?;
    remove_offers(tx, &ids)?;
    diesel::delete(help_told::table.filter(help_told::person_id.eq(person))).execute(tx.conn())?;
    diesel::update(help_asks::table.filter(help_asks::asked_by.eq(person)))
        .set(help_asks::message.eq(""))
        .execute(tx.conn())?;
    Ok(())
}

/// Removes offers with all that hangs on them.
fn remove_offers(tx: &mut Tx, ids: &[HelpOfferId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    diesel::delete(help_offer_tags::table.filter(help_offer_tags::offer_id.eq_any(ids)))
        .execute(tx.conn())?;
    diesel::delete(help_asks::table.filter(help_asks::offer_id.eq_any(ids))).execute(tx.conn())?;
    diesel::delete(help_told::table.filter(help_told::offer_id.eq_any(ids))).execute(tx.conn())?;
    diesel::delete(help_offers::table.filter(help_offers::id.eq_any(ids))).execute(tx.conn())?;
    Ok(())
}
