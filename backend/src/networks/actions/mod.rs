//! What is done with networks, one function a use.

mod archives;
mod by_mail;
mod elsewhere;
mod homes;
mod members;
mod networks;

pub use archives::{archiving, begin_import, drop_import, finish_import, read_by, roster};
pub use by_mail::{
    coordinating, held_for_inviting, inviting_by_mail, join_by_mail, leave_by_mail, take_out_by_mail,
};
pub use elsewhere::{
    Elsewhere, holds_office, let_back, let_in, put_elsewhere, put_out, takes_part, turned_down,
};
pub use homes::{
    Moderator, address_here, comes_here, continuing, free_address, goes_to, keep_address, moderators_are,
};
pub use members::{
    change_membership, choose_coordinator, end_membership, hide_experience, interim_coordinator,
    invite_helper, join, join_for_demo, leave_everything, list_members, part, read_membership, successor,
};
pub use networks::{change, contributing, known_municipalities, list, propose, reading, seen};

use kring_db::Tx;

use super::model::{Network, NetworkState};
use super::{policy, queries};
use crate::app::Context;
use crate::error::Result;
use crate::jobs::outbox::{self, Event, EventKind};

/// Counts anew and, where three people have come together, makes the proposal a network.
fn settle(tx: &mut Tx, cx: &Context, network: &Network) -> Result<()> {
    queries::recount(tx, network.id, cx.now())?;
    let network = queries::by_id(tx, network.id)?;
    if policy::becomes_active(&network) {
        queries::set_state(tx, network.id, NetworkState::Active, cx.now())?;
        outbox::push(tx, cx, Event::new(EventKind::NetworkActivated, network.id.0).network(network.id.0))?;
    }
    Ok(())
}
