//! What came of an import that did not end, taken away in bounded transactions.

use tokio::runtime::Handle;

use super::Work;
use crate::archives::queries;
use crate::error::{Error, Result};
use crate::{accounts, attachments, documents, networks, threads};

/// Files that one round removes.
const FILES: i64 = 100;

/// Takes away everything of the network that `work` is bringing in, the notes about it last.
pub fn drop_everything(work: &Work<'_>) -> Result<()> {
    let (may, network) = (&work.may, work.network);
    let here = work.app.db.read_blocking(|conn| queries::is_here(conn, network))?;
    if here {
        while once(work, |tx| threads::drop_some(tx, may, network))? {}
        // Before files: some of theirs are named as copies.
        while once(work, |tx| documents::drop_some(tx, may, network))? {}
        while files(work)? {}
        work.step(0, &mut |tx, _| networks::drop_import(tx, may, network))?;
    }
    let noted = work.app.db.read_blocking(|conn| queries::noted_persons(conn, network))?;
    work.step(0, &mut |tx, _| queries::drop_import(tx, may, network))?;
    for person in noted {
        // Somebody whom another import has brought in since stays.
        if let Err(cause) = work.steps.step(0, &mut |tx, _| accounts::drop_imported(tx, person)) {
            tracing::debug!(%cause, %person, "a person whom an import made stays");
        }
    }
    Ok(())
}

/// One round of taking away; says whether there may be more.
fn once(work: &Work<'_>, mut take: impl FnMut(&mut kring_db::Tx) -> Result<bool>) -> Result<bool> {
    let mut more = false;
    work.step(0, &mut |tx, _| {
        more = take(tx)?;
        Ok(())
    })?;
    Ok(more)
}

/// Files go before their rows: what has no row is found by nobody.
fn files(work: &Work<'_>) -> Result<bool> {
    let may = &work.may;
    let found = work.app.db.read_blocking(|conn| attachments::some_of(conn, may, work.network, FILES))?;
    let runtime = Handle::try_current().map_err(Error::internal)?;
    for id in &found {
        runtime.block_on(work.app.storage.delete(&attachments::key(*id)))?;
    }
    work.step(0, &mut |tx, _| attachments::drop_brought(tx, may, &found))?;
    Ok(!found.is_empty())
}
