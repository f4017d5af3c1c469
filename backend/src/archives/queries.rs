//! Rows of archives, and of networks that are being brought in.

use diesel::prelude::*;
use kring_db::schema::{archives, network_import_persons, network_imports, networks};
use kring_db::{Conn, Time, Tx};

use super::model::*;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::{MayImport, NetworkId};

/// An archive that can still be fetched.
pub fn archive(conn: &mut Conn, id: ArchiveId, now: Time) -> Result<Option<Archive>> {
    let found = archives::table
        .find(id)
        .filter(archives::removed_at.is_null().and(archives::expires_at.gt(now)));
    Ok(found.select(Archive::as_select()).first(conn).optional()?)
}

/// Is there an archive with this id, or was there?
pub fn is_written_down(conn: &mut Conn, id: ArchiveId) -> Result<bool> {
    Ok(archives::table.find(id).count().get_result::<i64>(conn)? > 0)
}

pub fn insert(tx: &mut Tx, archive: &Archive) -> Result<()> {
    diesel::insert_into(archives::table)
        .values((
            archives::id.eq(archive.id),
            archives::network_id.eq(archive.network_id),
            archives::person_id.eq(archive.person_id),
            archives::file_name.eq(&archive.file_name),
            archives::size.eq(archive.size),
            archives::sha256.eq(&archive.sha256),
            archives::with_members.eq(archive.with_members),
            archives::created_at.eq(archive.created_at),
            archives::expires_at.eq(archive.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Archives whose time is over and whose file is still there.
pub fn leaving(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<ArchiveId>> {
    let leaving = archives::table.filter(archives::removed_at.is_null().and(archives::expires_at.le(now)));
    Ok(leaving.order(archives::expires_at).limit(limit).select(archives::id).load(conn)?)
}

pub fn set_gone(tx: &mut Tx, id: ArchiveId, now: Time) -> Result<()> {
    diesel::update(archives::table.find(id)).set(archives::removed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Ends the time of what somebody asked for who closed their account.
pub fn end_those_of(tx: &mut Tx, person: PersonId, now: Time) -> Result<()> {
    diesel::update(archives::table.filter(archives::person_id.eq(person)))
        .set((archives::expires_at.eq(now), archives::person_id.eq(None::<PersonId>)))
        .execute(tx.conn())?;
    Ok(())
}

/// An import that did not end: whose work it was, and when it last wrote something.
pub fn open_import(conn: &mut Conn, network: NetworkId) -> Result<Option<(String, Time)>> {
    let open = network_imports::table.find(network).filter(network_imports::finished_at.is_null());
    Ok(open.select((network_imports::worker, network_imports::touched_at)).first(conn).optional()?)
}

/// Is there a network with this id?
pub fn is_here(conn: &mut Conn, network: NetworkId) -> Result<bool> {
    Ok(networks::table.find(network).count().get_result::<i64>(conn)? > 0)
}

/// Writes down that a network is being brought in.
pub fn begin_import(
    tx: &mut Tx,
    _may: &MayImport,
    network: NetworkId,
    (host, made_at): (&str, Time),
    asked_by: Option<PersonId>,
    worker: &str,
    now: Time,
) -> Result<()> {
    // One that ended before, of a network that is gone since, is over.
    diesel::delete(network_imports::table.find(network)).execute(tx.conn())?;
    diesel::insert_into(network_imports::table)
        .values((
            network_imports::network_id.eq(network),
            network_imports::from_host.eq(host),
            network_imports::made_at.eq(made_at),
            network_imports::asked_by.eq(asked_by),
            network_imports::worker.eq(worker),
            network_imports::started_at.eq(now),
            network_imports::touched_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Holds an open import for a worker. `false` where another took it over.
pub fn hold_import(tx: &mut Tx, network: NetworkId, worker: &str, now: Time) -> Result<bool> {
    let mine = network_imports::table
        .find(network)
        .filter(network_imports::worker.eq(worker).and(network_imports::finished_at.is_null()));
    Ok(diesel::update(mine).set(network_imports::touched_at.eq(now)).execute(tx.conn())? == 1)
}

/// Takes an import that did not end over from whoever began it.
pub fn take_import_over(
    tx: &mut Tx,
    _may: &MayImport,
    network: NetworkId,
    worker: &str,
    now: Time,
) -> Result<()> {
    diesel::update(network_imports::table.find(network))
        .set((network_imports::worker.eq(worker), network_imports::touched_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes whom an import made, in case it does not end.
pub fn note_person(tx: &mut Tx, _may: &MayImport, network: NetworkId, person: PersonId) -> Result<()> {
    diesel::insert_into(network_import_persons::table)
        .values((
            network_import_persons::network_id.eq(network),
            network_import_persons::person_id.eq(person),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Persons whom an import made that did not end.
pub fn noted_persons(conn: &mut Conn, network: NetworkId) -> Result<Vec<PersonId>> {
    let noted = network_import_persons::table.filter(network_import_persons::network_id.eq(network));
    Ok(noted.select(network_import_persons::person_id).load(conn)?)
}

/// The import ended well: whom it made stay.
pub fn finish_import(tx: &mut Tx, _may: &MayImport, network: NetworkId, now: Time) -> Result<()> {
    forget_persons(tx, network)?;
    diesel::update(network_imports::table.find(network))
        .set(network_imports::finished_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Nothing of the import is left.
pub fn drop_import(tx: &mut Tx, _may: &MayImport, network: NetworkId) -> Result<()> {
    forget_persons(tx, network)?;
    diesel::delete(network_imports::table.find(network)).execute(tx.conn())?;
    Ok(())
}

fn forget_persons(tx: &mut Tx, network: NetworkId) -> Result<()> {
    let noted = network_import_persons::table.filter(network_import_persons::network_id.eq(network));
    diesel::delete(noted).execute(tx.conn())?;
    Ok(())
}
