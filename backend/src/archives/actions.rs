//! What is done with archives, one function a use.

use chrono::Duration;
use kring_db::{Conn, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model::*;
use super::{policy, queries};
use crate::accounts::{self, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::jobs::asked::{self, AskedKind};
use crate::networks::{self, MayArchive, MayImport, Network, NetworkId, Slug};

/// What a job that makes an archive needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub struct ArchiveRequest {
    pub network: NetworkId,
}

/// What a job that brings a network in needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportRequest {
    pub slug: Option<Slug>,
    pub coordinate: bool,
    #[serde(default)]
    pub same_people: bool,
}

/// Archives that one person may ask for in a day: each is kept for a week.
const A_DAY: i64 = 10;

/// Whoever asks for archives all day fills the disk.
fn not_too_often(tx: &mut Tx, cx: &Context, who: &SignedIn) -> Result<()> {
    let kinds = [AskedKind::NetworkArchive, AskedKind::AccountExport];
    let asked = asked::begun_since(tx, who.account, &kinds, cx.now() - Duration::days(1))?;
    if asked >= A_DAY { Err(Error::TooMany(3600)) } else { Ok(()) }
}

/// Asks for an archive of everything of one's own.
pub fn ask_own(tx: &mut Tx, cx: &Context, who: &SignedIn) -> Result<Value> {
    not_too_often(tx, cx, who)?;
    Ok(serde_json::json!({}))
}

/// Asks for an archive of a network.
pub fn ask_archive(tx: &mut Tx, cx: &Context, who: &SignedIn, slug: &Slug) -> Result<Value> {
    not_too_often(tx, cx, who)?;
    let (network, _) = networks::archiving(tx, &Viewer::SignedIn(who.clone()), slug)?;
    Ok(serde_json::json!(ArchiveRequest { network: network.id }))
}

/// The network that somebody asked an archive of, where they may still take it along.
pub fn to_archive(conn: &mut Conn, who: &SignedIn, id: NetworkId) -> Result<(Network, MayArchive)> {
    let network = networks::by_id(conn, id)?;
    networks::archiving(conn, &Viewer::SignedIn(who.clone()), &network.slug)
}

/// Asks to bring a network in.
pub fn ask_import(tx: &mut Tx, who: &SignedIn, request: &ImportRequest) -> Result<Value> {
    may_import(who)?;
    if let Some(slug) = &request.slug
        && networks::slug_taken(tx, slug)?
    {
        return Err(Code::SlugTaken.into());
    }
    Ok(serde_json::json!(request))
}

/// Only who answers for the instance brings a network in.
pub fn may_import(who: &SignedIn) -> Result<MayImport> {
    Ok(networks::policy::may_import(&accounts::policy::is_admin(who)?))
}

/// Writes down an archive that was made and kept.
pub fn keep(
    tx: &mut Tx,
    cx: &Context,
    id: ArchiveId,
    who: &SignedIn,
    network: Option<NetworkId>,
    made: &Kept,
) -> Result<Archive> {
    let archive = Archive {
        id,
        network_id: network,
        person_id: Some(who.person),
        file_name: made.file_name.clone(),
        size: made.size,
        sha256: made.sha256.clone(),
        with_members: made.with_members,
        created_at: cx.now(),
        expires_at: cx.now() + KEPT,
    };
    queries::insert(tx, &archive)?;
    Ok(archive)
}

/// What is known of an archive that was made.
#[derive(Clone, Debug)]
pub struct Kept {
    pub file_name: String,
    pub size: i64,
    pub sha256: String,
    pub with_members: bool,
}

/// An archive that the viewer may fetch.
pub fn fetch(conn: &mut Conn, cx: &Context, viewer: &Viewer, id: ArchiveId) -> Result<Archive> {
    let who = viewer.signed_in()?;
    let archive = queries::archive(conn, id, cx.now())?.ok_or(NOT_FOUND)?;
    let role = match archive.network_id {
        Some(network) => networks::read_by(conn, network, who.person)?,
        None => None,
    };
    policy::may_fetch(&archive, who.person, role)?;
    Ok(archive)
}
