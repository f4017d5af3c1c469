//! What admins see of other instances, and what they do about what was parked.

mod backlog;
mod queries;
mod software;
pub mod view;

use kring_db::{Conn, Time, Tx};

pub use backlog::Backlog;
pub use queries::{Found, ParkedDelivery, ParkedMessage, Totals, totals};
pub use software::ask as ask_software;

use super::inbox::MessageId;
use super::sending::DeliveryId;
use crate::accounts::policy::is_admin;
use crate::accounts::{SignedIn, Viewer};
use crate::app::{App, Context};
use crate::error::{NOT_FOUND, Result};
use crate::networks::{self, MembersThere, Slug};
use crate::peers::{self, Host, PeerState};
use crate::web::Paging;

/// What is looked for among instances.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub state: Option<PeerState>,
    /// A part of the name.
    pub name: Option<String>,
}

/// Instances that anything was exchanged with, by name.
pub fn peers(
    conn: &mut Conn,
    viewer: &Viewer,
    wanted: &Wanted,
    paging: &Paging<Host>,
    now: Time,
) -> Result<Vec<Found>> {
    is_admin(viewer.signed_in()?)?;
    queries::peers(conn, wanted, paging, now)
}

/// All of them, for who runs the instance by the command line.
pub fn of_operator(app: &App, state: Option<PeerState>) -> Result<Vec<Found>> {
    let (wanted, now) = (Wanted { state, name: None }, app.clock.now());
    let mut paging = Paging { limit: 500, after: None };
    let mut all: Vec<Found> = Vec::new();
    loop {
        let found = app.db.read_blocking(|conn| queries::peers(conn, &wanted, &paging, now))?;
        let more = found.len() as i64 > paging.limit;
        all.extend(found.into_iter().take(500));
        if !more {
            return Ok(all);
        }
        paging.after = all.last().map(|last| last.row.host.clone());
    }
}

/// The same, one.
pub fn peer(conn: &mut Conn, viewer: &Viewer, host: &Host, now: Time) -> Result<Found> {
    is_admin(viewer.signed_in()?)?;
    queries::peer(conn, host, now)?.ok_or(NOT_FOUND)
}

/// Messages that could not be taken, oldest first.
pub fn parked_messages(
    conn: &mut Conn,
    viewer: &Viewer,
    host: Option<&Host>,
    paging: &Paging<MessageId>,
) -> Result<Vec<ParkedMessage>> {
    is_admin(viewer.signed_in()?)?;
    queries::parked_messages(conn, host, paging)
}

/// What instances fell over, oldest first.
pub fn parked_deliveries(
    conn: &mut Conn,
    viewer: &Viewer,
    host: Option<&Host>,
    paging: &Paging<DeliveryId>,
) -> Result<Vec<ParkedDelivery>> {
    is_admin(viewer.signed_in()?)?;
    queries::parked_deliveries(conn, host, paging)
}

fn there(done: bool) -> Result<()> {
    if done { Ok(()) } else { Err(NOT_FOUND) }
}

/// Takes a message in again, as if it had just come.
pub fn retry_message(tx: &mut Tx, cx: &Context, who: &SignedIn, id: MessageId) -> Result<()> {
    there(queries::retry_message(tx, &is_admin(who)?, id, cx.now())?)
}

/// Drops a message: it is never taken.
pub fn drop_message(tx: &mut Tx, cx: &Context, who: &SignedIn, id: MessageId) -> Result<()> {
    there(queries::drop_message(tx, &is_admin(who)?, id, cx.now())?)
}

/// Sends something again that an instance fell over.
pub fn retry_delivery(tx: &mut Tx, cx: &Context, who: &SignedIn, id: DeliveryId) -> Result<()> {
    there(queries::retry_delivery(tx, &is_admin(who)?, id, cx.now())?)
}

/// Never sends it.
pub fn drop_delivery(tx: &mut Tx, who: &SignedIn, id: DeliveryId) -> Result<()> {
    there(queries::drop_delivery(tx, &is_admin(who)?, id)?)
}

/// At which instances members of a network are, and how those are. For who coordinates it.
pub fn instances_of(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<Vec<(MembersThere, bool)>> {
    viewer.signed_in()?;
    let (network, _) = networks::coordinating(conn, viewer, slug)?;
    let instance = peers::Instance::now(conn)?;
    let there = networks::members_elsewhere(conn, &[network.id])?;
    let choice = network.federates();
    Ok(there
        .into_iter()
        .map(|there| {
            let reached = instance.reaches(&choice, &there.host);
            (there, reached)
        })
        .collect())
}
