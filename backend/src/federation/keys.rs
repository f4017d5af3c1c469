//! Keys of actors of this instance. Made when they are first asked for, which takes RSA a moment.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_db::schema::actor_keys;
use kring_db::{Conn, Tx, each_dialect, word_type};

use crate::accounts::PersonId;
use crate::app::{App, Context};
use crate::error::{Error, Result};
use crate::networks::NetworkId;

word_type! {
    /// Whose a key is.
    OwnerKind { Instance = "instance", Network = "network", Person = "person" }
}

word_type! {
    /// How a key signs.
    KeyKind { Rsa = "rsa", Ed25519 = "ed25519" }
}

/// An actor of this instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    Instance,
    Network(NetworkId),
    Person(PersonId),
}

impl Owner {
    /// The actor whose keys are kept so.
    pub fn of(kind: OwnerKind, id: i64) -> Self {
        match kind {
            OwnerKind::Instance => Self::Instance,
            OwnerKind::Network => Self::Network(NetworkId(id)),
            OwnerKind::Person => Self::Person(PersonId(id)),
        }
    }

    /// How rows name it.
    pub fn columns(self) -> (OwnerKind, i64) {
        match self {
            Self::Instance => (OwnerKind::Instance, 0),
            Self::Network(id) => (OwnerKind::Network, id.0),
            Self::Person(id) => (OwnerKind::Person, id.0),
        }
    }
}

/// The two keys of an actor.
#[derive(Debug)]
pub struct ActorKeys {
    /// Signs requests.
    pub request: PrivateKey,
    /// Proves objects.
    pub proof: PrivateKey,
}

/// The keys of an actor; made where there are none yet.
pub async fn keys_of(app: &App, owner: Owner) -> Result<ActorKeys> {
    if let Some(keys) = app.db.read(move |conn| read(conn, owner)).await? {
        return Ok(keys);
    }
    // Not in the transaction: nobody else's write waits for it.
    let (request, proof) = tokio::task::spawn_blocking(|| (make(Algorithm::Rsa), make(Algorithm::Ed25519)))
        .await
        .map_err(Error::internal)?;
    let (request, proof) = (request?, proof?);
    app.write_for_anyone(move |tx, cx| {
        put(tx, cx, owner, KeyKind::Rsa, &request)?;
        put(tx, cx, owner, KeyKind::Ed25519, &proof)?;
        // Another may have been quicker: what stands there counts.
        read(tx, owner)?.ok_or_else(|| Error::internal("a key that was just written is not there"))
    })
    .await
}

/// The key with which somebody proves what they wrote; made where there is none yet, which takes no time.
pub fn proof_key(tx: &mut Tx, cx: &Context, owner: Owner) -> Result<PrivateKey> {
    if let Some(key) = stored(tx, owner, KeyKind::Ed25519)? {
        return Ok(key);
    }
    put(tx, cx, owner, KeyKind::Ed25519, &make(Algorithm::Ed25519)?)?;
    stored(tx, owner, KeyKind::Ed25519)?
        .ok_or_else(|| Error::internal("a key that was just written is not there"))
}

/// The keys with which people prove what they wrote; made where there are none yet. Looked up for all at once.
pub async fn proof_keys(app: &App, people: Vec<PersonId>) -> Result<HashMap<PersonId, PrivateKey>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted = people.clone();
    let mut found = app.db.read(move |conn| proof_keys_stored(conn, &wanted)).await?;
    let missing: Vec<PersonId> = people.into_iter().filter(|person| !found.contains_key(person)).collect();
    if !missing.is_empty() {
        let made = app.write_for_anyone(move |tx, cx| {
            let made = missing.iter().map(|id| Ok((*id, proof_key(tx, cx, Owner::Person(*id))?)));
            made.collect::<Result<Vec<_>>>()
        });
        found.extend(made.await?);
    }
    Ok(found)
}

fn proof_keys_stored(conn: &mut Conn, people: &[PersonId]) -> Result<HashMap<PersonId, PrivateKey>> {
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    let theirs = actor_keys::owner_kind.eq(OwnerKind::Person).and(actor_keys::owner_id.eq_any(ids));
    let keys: Vec<(i64, String)> = actor_keys::table
        .filter(theirs.and(actor_keys::algorithm.eq(KeyKind::Ed25519)))
        .select((actor_keys::owner_id, actor_keys::private_key))
        .load(conn)?;
    keys.into_iter().map(|(id, key)| Ok((PersonId(id), understand(&key)?))).collect()
}

/// The keys of an actor, where they were made.
pub fn made(conn: &mut Conn, owner: Owner) -> Result<Option<ActorKeys>> {
    read(conn, owner)
}

fn make(algorithm: Algorithm) -> Result<String> {
    let key = PrivateKey::generate(algorithm).map_err(|_| Error::internal("no key could be made"))?;
    Ok(STANDARD.encode(key))
}

fn put(tx: &mut Tx, cx: &Context, owner: Owner, kind: KeyKind, key: &str) -> Result<()> {
    let (owner_kind, owner_id) = owner.columns();
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(actor_keys::table)
            .values((
                actor_keys::owner_kind.eq(owner_kind),
                actor_keys::owner_id.eq(owner_id),
                actor_keys::algorithm.eq(kind),
                actor_keys::private_key.eq(key),
                actor_keys::created_at.eq(cx.now()),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

fn read(conn: &mut Conn, owner: Owner) -> Result<Option<ActorKeys>> {
    let keys = stored(conn, owner, KeyKind::Rsa)?.zip(stored(conn, owner, KeyKind::Ed25519)?);
    Ok(keys.map(|(request, proof)| ActorKeys { request, proof }))
}

fn stored(conn: &mut Conn, owner: Owner, kind: KeyKind) -> Result<Option<PrivateKey>> {
    let (owner_kind, owner_id) = owner.columns();
    let key: Option<String> = actor_keys::table
        .find((owner_kind, owner_id, kind))
        .select(actor_keys::private_key)
        .first(conn)
        .optional()?;
    key.map(|key| understand(&key)).transpose()
}

fn understand(key: &str) -> Result<PrivateKey> {
    let der = STANDARD.decode(key).map_err(Error::internal)?;
    PrivateKey::from_pkcs8(&der).map_err(|_| Error::internal("a stored key cannot be read"))
}
