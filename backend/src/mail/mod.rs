//! Mail: composed when something happens, sent later, each a row of `mails`.
//!
//! A mail is a row first, with its Message-ID chosen, written in the transaction of what it tells of. A sender
//! claims it, marks it `sending`, hands it over and marks it `sent`. SMTP cannot promise exactly once: a
//! hand-over cut off between the first byte and the answer is `unknown`, never sent again by itself, and listed
//! for the admin. Anything that failed before is tried again with growing pauses.

mod compose;
mod mailbox;
mod queries;
mod sender;
mod transport;

pub use compose::{Letter, Notice, unsubscribing};
pub use mailbox::{StoredMail, read_mail, read_mailbox};
pub use queries::{MailId, MailState, forget, hold_back, states, troubles, unknown};
pub use sender::{Sender, settle_orphans};
pub use transport::Transport;

use kring_db::Tx;

use crate::app::Context;
use crate::error::Result;

/// What mails of digests are called among mails.
pub const DIGEST: &str = "digest";

/// Writes the mail down, to be sent once this transaction commits.
pub fn queue(tx: &mut Tx, cx: &Context, letter: Letter) -> Result<()> {
    queue_as(tx, cx, letter).map(|_| ())
}

/// [`queue`], for those who keep the mail's id.
pub fn queue_as(tx: &mut Tx, cx: &Context, letter: Letter) -> Result<MailId> {
    let id: MailId = cx.id();
    let written = compose::write(cx, id, &letter)?;
    queries::insert(tx, id, &letter, &written, cx.now())?;
    Ok(id)
}
