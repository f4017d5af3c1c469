//! What was asked of whom, on the wire.

use std::collections::HashMap;

use kring_db::{Conn, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::rows::{Asked, ErasedKind, ErasureId, ErasureReason, ErasureRow};
use crate::error::Result;
use crate::networks::{self, NetworkId, NetworkRefView};

kring_db::word_type! {
    /// How it stands with one instance: it has not answered to all of it yet; it took all of it; or it did not take
    /// some of it.
    ErasureState { Waiting = "waiting", Confirmed = "confirmed", Refused = "refused" }
}

/// What other instances were asked to delete.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Erasure)]
pub struct ErasureView {
    pub id: ErasureId,
    pub kind: ErasedKind,
    /// The id that the thread, reply, document, network or person has here.
    #[schema(example = "01k9q3v8r0a7c")]
    pub subject: String,
    /// The network that it is, or was in; null where it is somebody's account.
    #[schema(required)]
    pub network: Option<NetworkRefView>,
    pub reason: ErasureReason,
    /// How many things they are asked to delete: more than one where it is all of a network.
    #[schema(example = 1)]
    pub objects: i64,
    /// How many instances are asked.
    #[schema(example = 3)]
    pub asked: i64,
    /// How many of them took all of it.
    #[schema(example = 2)]
    pub confirmed: i64,
    /// How many did not take some of it.
    #[schema(example = 0)]
    pub refused: i64,
    pub created_at: Time,
    /// When all of it was asked; null while that goes on.
    #[schema(required)]
    pub asked_at: Option<Time>,
}

/// One instance that was asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErasureInstance)]
pub struct ErasureInstanceView {
    #[schema(example = "kring.utrecht.example")]
    pub host: String,
    pub state: ErasureState,
    /// How many of the things it did not take.
    #[schema(example = 0)]
    pub refused: i64,
    /// What it said of the last that it did not take; or, while it has not answered, why it was not reached.
    #[schema(required, example = "status 403: nothing is exchanged with your instance")]
    pub problem: Option<String>,
    /// When it had answered to all of it.
    #[schema(required)]
    pub answered_at: Option<Time>,
}

impl From<(Asked, Option<String>)> for ErasureInstanceView {
    fn from((asked, trouble): (Asked, Option<String>)) -> Self {
        let state = match (asked.settled_at, asked.refused) {
            (_, 1..) => ErasureState::Refused,
            (Some(_), _) => ErasureState::Confirmed,
            (None, _) => ErasureState::Waiting,
        };
        let waits = state == ErasureState::Waiting;
        Self {
            host: asked.host.to_string(),
            state,
            refused: asked.refused,
            problem: asked
                .last_error
                .filter(|_| state == ErasureState::Refused)
                .or(trouble.filter(|_| waits)),
            answered_at: asked.settled_at,
        }
    }
}

/// Erasures as they are sent; networks are looked up at once.
pub fn erasure_views(conn: &mut Conn, rows: Vec<ErasureRow>) -> Result<Vec<ErasureView>> {
    let ids: Vec<NetworkId> = rows.iter().filter_map(|row| row.erasure.network_id).collect();
    let known: HashMap<NetworkId, NetworkRefView> =
        networks::by_ids(conn, &ids)?.iter().map(|network| (network.id, network.into())).collect();
    let view = |row: ErasureRow| ErasureView {
        id: row.erasure.id,
        kind: row.erasure.subject_kind,
        subject: kring_db::types::write_id(row.erasure.subject_id),
        network: row.erasure.network_id.and_then(|id| known.get(&id).cloned()),
        reason: row.erasure.reason,
        objects: row.erasure.objects,
        asked: row.asked,
        confirmed: row.confirmed,
        refused: row.refused,
        created_at: row.erasure.created_at,
        asked_at: row.erasure.asked_at,
    };
    Ok(rows.into_iter().map(view).collect())
}
