//! With whom anything is exchanged, asked about one instance.

use kring_db::Conn;

use crate::app::App;
use crate::error::Result;
use crate::networks::Network;
use crate::peers::{self, Host, Instance, Reach};

/// Does this instance exchange anything with another?
pub fn exchanges(conn: &mut Conn, host: &Host) -> Result<bool> {
    let reach = peers::choice(conn)?;
    if reach == Reach::None {
        return Ok(false);
    }
    let rule = peers::rule_of(conn, host)?.map(|rule| rule.rule);
    Ok(peers::allows(reach, rule))
}

/// [`exchanges`], from outside of a transaction.
pub async fn may_exchange(app: &App, host: &Host) -> Result<bool> {
    let host = host.clone();
    app.db.read(move |conn| exchanges(conn, &host)).await
}

/// Does what is written in a network go to an instance?
pub fn reaches(conn: &mut Conn, network: &Network, host: &Host) -> Result<bool> {
    Ok(Instance::now(conn)?.reaches(&network.federates(), host))
}
