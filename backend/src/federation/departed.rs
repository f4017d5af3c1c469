//! People whose instance is gone, and what they wrote in networks that outlived it. Nobody can ask for them any more: who
//! joins such a network now knows them by what they signed, and by the keys that its home tells of.
//!
//! Invariants:
//!
//! - a home tells of the keys of its own people, and of those of homes that the network had before, while these do not
//!   answer: of nobody else's;
//! - a key that was seen of somebody is never added to by what others tell, and when they are heard again what was told
//!   counts no more ([`crate::copies`]);
//! - what is not signed is nobody's who cannot be asked.

use std::collections::HashSet;

use kring_activitypub::keys::PublicKey;
use kring_activitypub::wire;
use kring_db::{Conn, Tx};
use serde_json::{Map, Value};
use url::Url;

use super::actors::{self, Remote};
use super::{homes, rules};
use crate::accounts::{self, PersonAddress, PersonId};
use crate::app::{App, Context};
use crate::copies;
use crate::error::{Error, Result};
use crate::peers::Host;

/// Most homes that a network had before.
const HOMES: usize = 5;

/// Most keys of a page that are looked at.
const KEYS: usize = 500;

/// The homes that a network had before and that do not answer, as its group tells.
pub async fn former_homes(app: &App, home: &Remote, group: &Map<String, Value>) -> Result<Vec<Host>> {
    let before: HashSet<Host> = wire::ids_of(group.get("alsoKnownAs"))
        .iter()
        .filter_map(Host::of)
        .filter(|host| *host != home.host && host.as_str() != app.config.host())
        .collect();
    let mut gone = Vec::new();
    for host in before.into_iter().take(HOMES) {
        if rules::may_exchange(app, &host).await? && !homes::tells_of_itself(app, &host).await {
            gone.push(host);
        }
    }
    Ok(gone)
}

/// Notes the keys that a home tells of: of its own people, for whom it may speak, and of those of `gone`.
pub async fn keep_keys(app: &App, home: &Remote, gone: &[Host], told: &Map<String, Value>) -> Result<()> {
    let keys = told.get("assertionMethod").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |key: &Value, name: &str| key.get(name).and_then(Value::as_str).map(str::to_owned);
    let keys: Vec<(Host, [String; 3])> = keys
        .iter()
        .take(KEYS)
        .filter_map(|key| {
            let named = [text(key, "controller")?, text(key, "id")?, text(key, "publicKeyMultibase")?];
            let host = Host::of(&wire::address(&named[0])?)?;
            let same = Host::of(&wire::address(&named[1])?)? == host;
            let whole = same && PublicKey::from_multibase(&named[2]).is_ok();
            whole.then_some((host, named))
        })
        .filter(|(host, _)| *host == home.host || gone.contains(host))
        .collect();
    if keys.is_empty() {
        return Ok(());
    }
    let home = home.host.clone();
    app.write_for_anyone(move |tx, cx| {
        for (host, [actor, id, key]) in &keys {
            if *host == home {
                copies::see_key(tx, actor, id, key, cx.now())?;
            } else if actors::by_uri(tx, actor)?.is_none() {
                // Of whom this instance knows itself, nobody else tells keys.
                copies::be_told_key(tx, (actor, id, key), home.as_str(), cx.now())?;
            }
        }
        Ok(())
    })
    .await
}

/// Is a key known of somebody who cannot be asked for?
pub fn is_known(conn: &mut Conn, uri: &Url) -> Result<bool> {
    Ok(!copies::keys_of(conn, &[uri.to_string()])?.is_empty())
}

/// Who signed an object, where they cannot be asked for: by a key that is known of them. `None` where it proves nothing.
pub async fn author_of(app: &App, uri: &Url, object: &Value) -> Result<Option<Remote>> {
    let (address, object) = (uri.clone(), object.clone());
    let key = app.db.read(move |conn| {
        let keys = copies::keys_of(conn, &[address.to_string()])?;
        Ok::<_, Error>(copies::judge(&object, address.as_str(), &keys).ok().cloned())
    });
    let (Some(key), Some(host)) = (key.await?, Host::of(uri)) else { return Ok(None) };
    let address = uri.clone();
    let Some(person) = app.write_for_anyone(move |tx, cx| person(tx, cx, &address)).await? else {
        return Ok(None);
    };
    Ok(Some(Remote {
        uri: uri.to_string(),
        host,
        person_id: Some(person),
        network_id: None,
        inbox: String::new(),
        delivery: String::new(),
        key_id: String::new(),
        public_key: String::new(),
        proof_key_id: Some(key.key_id),
        proof_key: Some(key.public_key),
        fetched_at: app.clock.now(),
        outbox: None,
        followers: None,
        featured: None,
        moderators: None,
        backfilling_since: None,
        backfilled_at: None,
    }))
}

/// Somebody of another instance who cannot be asked for, by the name in their address; `None` where there is none in it.
pub fn person(tx: &mut Tx, cx: &Context, uri: &Url) -> Result<Option<PersonId>> {
    let (Some(host), Some(name)) = (Host::of(uri), name(uri)) else { return Ok(None) };
    if let Ok(known) = format!("{name}@{host}").parse::<PersonAddress>()
        && let Some(person) = accounts::person_at(tx, &known)?
    {
        // Of whom another address is known, this one is not: whoever has their name is not therefore they.
        let theirs = actors::of_person(tx, person.id)?.map(|actor| actor.uri).or(person.home_url);
        return Ok(Some(person.id).filter(|_| theirs.as_deref() == Some(uri.as_str())));
    }
    let named = (name.as_str(), host.as_str());
    accounts::put_elsewhere(tx, cx, named, &name, uri.as_str()).map(Some)
}

/// The name in the address of somebody: its last part.
fn name(uri: &Url) -> Option<String> {
    let last = uri.path_segments()?.next_back()?.trim_start_matches('@');
    let fits = (1..=100).contains(&last.len())
        && last.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    fits.then(|| last.to_owned())
}
