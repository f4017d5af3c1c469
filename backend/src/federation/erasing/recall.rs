//! Whom what is written in a network reaches was made fewer: who is left out is asked to delete all they have of it.

use kring_db::Tx;

use super::chunks::{Chunk, Stage};
use super::rows::{self, ErasedKind, ErasureReason, New};
use crate::app::Context;
use crate::error::{Error, Result};
use crate::jobs::queue::{self, Job, JobKind};
use crate::networks::{self, NetworkId};
use crate::peers::{Host, Instance};

/// Looks at who holds a network, or every network, and is reached by it no more. For what was chosen since the job was
/// asked for: whoever may have it again is left alone.
pub fn recall(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    let only: Option<NetworkId> = job.payload.read().map_err(Error::internal)?;
    let held = rows::held(tx, only)?;
    let instance = Instance::now(tx)?;
    let mut ids: Vec<NetworkId> = held.iter().map(|(network, _)| *network).collect();
    ids.dedup();
    for network in networks::by_ids(tx, &ids)? {
        let choice = network.federates();
        let left_out: Vec<Host> = held
            .iter()
            .filter(|(of, host)| *of == network.id && !instance.reaches(&choice, host))
            .map(|(_, host)| host.clone())
            .collect();
        if left_out.is_empty() {
            continue;
        }
        rows::let_go(tx, cx, network.id, &left_out)?;
        let new = New {
            network: Some(network.id),
            person: None,
            subject: (ErasedKind::Network, network.id.0),
            reason: ErasureReason::Narrowed,
            objects: 0,
        };
        if let Some(erasure) = rows::begin(tx, cx, &new, &left_out)? {
            let first = Chunk { erasure, stage: Stage::Replies, after: 0 };
            queue::enqueue(tx, cx, JobKind::Erase, &first, cx.now())?;
        }
    }
    Ok(())
}
