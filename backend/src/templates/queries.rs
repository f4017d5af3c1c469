//! Rows of templates, and of what they were used for.

use diesel::prelude::*;
use kring_db::schema::{template_uses, templates};
use kring_db::{Conn, JsonText, Time, Tx};

use super::model::*;
use super::policy::MayArrange;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::NetworkId;

/// All rows of this instance: they are few.
pub fn rows(conn: &mut Conn) -> Result<Vec<Row>> {
    Ok(templates::table.select(Row::as_select()).load(conn)?)
}

pub fn row(conn: &mut Conn, id: &TemplateId) -> Result<Option<Row>> {
    let found = templates::table.find((&id.key, &id.language));
    Ok(found.select(Row::as_select()).first(conn).optional()?)
}

/// Locks a row, where there is one, until the commit.
pub fn lock(tx: &mut Tx, id: &TemplateId) -> Result<()> {
    diesel::update(templates::table.find((&id.key, &id.language)))
        .set(templates::version.eq(templates::version))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes a template down: the first time, or in place of what stood. `content` is `None` where it is as it came with
/// Kring.
pub fn save(
    tx: &mut Tx,
    _may: &MayArrange,
    template: &Template,
    content: Option<&Content>,
    by: PersonId,
    now: Time,
) -> Result<()> {
    let id = &template.id;
    let columns = (
        templates::kind.eq(template.kind()),
        templates::content.eq(content.map(JsonText::of)),
        templates::hidden.eq(template.hidden),
        templates::changed_by.eq(by),
        templates::updated_at.eq(now),
        templates::version.eq(template.version),
    );
    let row = templates::table.find((&id.key, &id.language));
    if diesel::update(row).set(columns.clone()).execute(tx.conn())? == 0 {
        diesel::insert_into(templates::table)
            .values((
                templates::key.eq(&id.key),
                templates::language.eq(&id.language),
                templates::created_at.eq(now),
                columns,
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

pub fn remove(tx: &mut Tx, _may: &MayArrange, id: &TemplateId) -> Result<()> {
    diesel::delete(templates::table.find((&id.key, &id.language))).execute(tx.conn())?;
    Ok(())
}

/// Notes as which template a document began. `document` is its id: this domain knows no documents.
pub fn insert_use(tx: &mut Tx, id: &TemplateId, network: NetworkId, document: i64, now: Time) -> Result<()> {
    diesel::insert_into(template_uses::table)
        .values((
            template_uses::document_id.eq(document),
            template_uses::network_id.eq(network),
            template_uses::template.eq(id.to_string()),
            template_uses::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// When a document of this network first began as the template of this key, in whatever language.
pub fn first_use(conn: &mut Conn, network: NetworkId, key: &str) -> Result<Option<Time>> {
    let uses = template_uses::table
        .filter(template_uses::network_id.eq(network))
        // A key holds letters, digits and hyphens: no wildcards.
        .filter(template_uses::template.like(format!("{key}.%")));
    Ok(uses
        .order((template_uses::created_at, template_uses::document_id))
        .select(template_uses::created_at)
        .first(conn)
        .optional()?)
}
