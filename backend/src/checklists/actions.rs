//! What is done with checklists, one function a use.

use kring_db::{Conn, Tx};

use super::model::{Findings, Item};
use super::queries;
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::error::Result;
use crate::networks::{self, Slug};
use crate::text::lang::Lang;
use crate::{attachments, digests, documents, mail_members, templates, threads};

/// A network's list.
pub struct Checklist {
    pub findings: Findings,
    pub dismissed: Vec<Item>,
    /// Ids of the templates that items begin with, in the network's language, by their keys.
    pub templates: Vec<(&'static str, String)>,
}

/// Looks what is there. A dozen short queries, however large the network.
pub fn read(conn: &mut Conn, cx: &Context, viewer: &Viewer, slug: &Slug) -> Result<Checklist> {
    viewer.signed_in()?;
    let (network, may) = networks::coordinating(conn, viewer, slug)?;
    let id = network.id;
    let told = if network.thread_count + network.document_count > 0 {
        digests::first_told(conn, &may, &network)?
    } else {
        None
    };
    let dismissed = queries::dismissed(conn, &may, id)?;
    let lang = Lang::of_tag(network.language.as_str()).unwrap_or(cx.config().default_language);
    let keys = Item::ALL.iter().filter_map(|item| item.doing().template);
    let templates = templates::offered(conn, &keys.collect::<Vec<_>>(), lang)?;
    let findings = Findings {
        founded: networks::founded(conn, &may, id)?,
        invited: networks::first_invitation(conn, &may, id)?,
        mailed: mail_members::first_by_mail(conn, &may, id)?,
        threads: threads::beginnings(conn, &may, id, cx.now())?,
        document: documents::first_created(conn, &may, id)?,
        agreements: templates::first_use(conn, id, "accessible-meetings")?,
        image: attachments::first_described(conn, &may, id)?,
        digest: told,
        network,
    };
    Ok(Checklist { findings, dismissed, templates })
}

/// Puts an item aside: it does not suit the network. Doing so twice is fine.
pub fn dismiss(tx: &mut Tx, cx: &Context, who: &SignedIn, slug: &Slug, item: Item) -> Result<()> {
    let (network, may) = networks::coordinating(tx, &Viewer::SignedIn(who.clone()), slug)?;
    queries::dismiss(tx, &may, network.id, item, who.person, cx.now())
}

/// Brings an item back.
pub fn bring_back(tx: &mut Tx, who: &SignedIn, slug: &Slug, item: Item) -> Result<()> {
    let (network, may) = networks::coordinating(tx, &Viewer::SignedIn(who.clone()), slug)?;
    queries::bring_back(tx, &may, network.id, item)
}
