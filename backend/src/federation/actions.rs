//! What admins decide about other instances.

use kring_db::{Conn, Tx};

use super::queries;
use crate::accounts::policy::is_admin;
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::error::{NOT_FOUND, Result};
use crate::jobs::queue::{self, JobKind};
use crate::networks::NetworkId;
use crate::peers::{self, Host, PeerRule, Reach, Rule, RuleReason};

/// Opens or closes this instance for others.
pub fn choose(tx: &mut Tx, cx: &Context, who: &SignedIn, reach: Reach) -> Result<Reach> {
    let may = is_admin(who)?;
    peers::put_choice(tx, &may, reach, who.person, cx.now())?;
    look_for_left_out(tx, cx)?;
    Ok(reach)
}

/// Whoever is left out by what was chosen is asked to delete what they have.
fn look_for_left_out(tx: &mut Tx, cx: &Context) -> Result<()> {
    queue::enqueue(tx, cx, JobKind::Recall, &None::<NetworkId>, cx.now())
}

/// What was decided about other instances.
pub fn rules(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<PeerRule>> {
    is_admin(viewer.signed_in()?)?;
    peers::rules(conn)
}

/// A decision about an instance, and what it would cut.
#[derive(Debug)]
pub struct Decided {
    pub rule: PeerRule,
    /// Memberships that end with it: of people there in networks here, and of people here in networks there.
    pub memberships: i64,
}

/// Allows or blocks an instance. With `dry_run` nothing changes.
pub fn decide(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    (host, rule, reason): (&Host, Rule, &RuleReason),
    dry_run: bool,
) -> Result<Decided> {
    let may = is_admin(who)?;
    let cut = !peers::allows(peers::choice(tx)?, Some(rule));
    let memberships = if cut { queries::memberships_with(tx, host)? } else { 0 };
    if !dry_run {
        peers::put_rule(tx, &may, (host, rule, reason), who.person, cx.now())?;
        look_for_left_out(tx, cx)?;
    }
    let rule = PeerRule {
        host: host.clone(),
        rule,
        reason: reason.clone(),
        created_at: cx.now(),
        created_by: who.person,
    };
    Ok(Decided { rule, memberships })
}

/// Takes a decision back.
pub fn forget(tx: &mut Tx, cx: &Context, who: &SignedIn, host: &Host) -> Result<()> {
    let may = is_admin(who)?;
    if peers::remove_rule(tx, &may, host)? {
        look_for_left_out(tx, cx)
    } else {
        Err(NOT_FOUND)
    }
}
