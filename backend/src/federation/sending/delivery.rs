//! One activity on its way: signed, sent, and what the other side said of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use diesel::prelude::*;
use kring_activitypub::fetch::{Failure, Reply};
use kring_activitypub::keys::PrivateKey;
use kring_activitypub::signature::{self, Scheme};
use kring_activitypub::wire;
use kring_db::Time;
use kring_db::schema::activities;
use moka::sync::Cache;
use tokio::sync::{Mutex, Semaphore};
use url::Url;

use super::claims::LEASE;
use super::line::{Stopped, Trouble};
use super::parking;
use super::planning::Waiting;
use crate::app::App;
use crate::error::{Error, Result};
use crate::federation::addresses::request_key;
use crate::federation::keys::{self, Owner, OwnerKind};
use crate::federation::outgoing::{self, ActivityId};
use crate::federation::{articles, asking, erasing};
use crate::peers::Host;

/// How many requests are under way at once, to all instances together.
const REQUESTS: usize = 512;

/// How much of what is sent is kept at hand, in bytes.
const AT_HAND: u64 = 16 * 1024 * 1024;

/// How long a key is kept at hand: that of a closed account is not used for longer.
const KEY_AT_HAND: Duration = Duration::from_secs(10 * 60);

/// What sending needs that is the same for many: keys that took a moment to read, and what is being sent.
pub struct Desk {
    pub app: App,
    pub stop: Arc<AtomicBool>,
    /// When this process last said that what it sends to is its own still, in milliseconds.
    renewed: AtomicI64,
    requests: Semaphore,
    signers: Cache<Owner, Arc<Signer>>,
    payloads: Cache<ActivityId, Bytes>,
    /// What is not at hand is looked up by one: a hundred want the same at the same moment.
    looking_up: Mutex<()>,
    /// So many sign at once: it is work for a processor, and no more is done at once than there are of those.
    signing: Semaphore,
}

/// An actor of this instance that signs.
struct Signer {
    key: PrivateKey,
    key_id: String,
}

/// What became of one activity.
pub type Delivered = std::result::Result<(), Stopped>;

impl Desk {
    pub fn new(app: App, stop: Arc<AtomicBool>) -> Self {
        let weight = |_: &ActivityId, payload: &Bytes| u32::try_from(payload.len()).unwrap_or(u32::MAX);
        Self {
            app,
            stop,
            renewed: AtomicI64::new(0),
            requests: Semaphore::new(REQUESTS),
            signers: Cache::builder().max_capacity(1_000).time_to_live(KEY_AT_HAND).build(),
            payloads: Cache::builder().weigher(weight).max_capacity(AT_HAND).build(),
            looking_up: Mutex::new(()),
            signing: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
        }
    }

    /// What is being sent was kept for another lease.
    pub fn renewed(&self, now: Time) {
        self.renewed.store(now.millis(), Ordering::Relaxed);
    }

    /// Is an instance this process's still that was so at a moment, in milliseconds? Notes there when it was said last.
    /// What was renewed too late may be another's.
    pub fn holds(&self, since: &AtomicI64) -> bool {
        let (lease, renewed) = (LEASE.num_milliseconds(), self.renewed.load(Ordering::Relaxed));
        let last = since.load(Ordering::Relaxed);
        let last = if (last..last + lease).contains(&renewed) { renewed } else { last };
        since.store(last, Ordering::Relaxed);
        self.app.clock.now().millis() < last + lease
    }

    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    async fn signer(&self, owner: Owner) -> Result<Arc<Signer>> {
        if let Some(signer) = self.signers.get(&owner) {
            return Ok(signer);
        }
        let _alone = self.looking_up.lock().await;
        if let Some(signer) = self.signers.get(&owner) {
            return Ok(signer);
        }
        let key = keys::keys_of(&self.app, owner).await?.request;
        let cx = self.app.context();
        let actor = self.app.db.read(move |conn| outgoing::owner_address(conn, &cx, owner)).await?;
        let signer = Arc::new(Signer { key, key_id: request_key(&actor) });
        self.signers.insert(owner, signer.clone());
        Ok(signer)
    }

    async fn payload(&self, id: ActivityId) -> Result<Bytes> {
        if let Some(payload) = self.payloads.get(&id) {
            return Ok(payload);
        }
        let _alone = self.looking_up.lock().await;
        if let Some(payload) = self.payloads.get(&id) {
            return Ok(payload);
        }
        let payload: String = self
            .app
            .db
            .read(move |conn| {
                Ok::<_, Error>(activities::table.find(id).select(activities::payload).first(conn)?)
            })
            .await?;
        let payload = Bytes::from(payload);
        self.payloads.insert(id, payload.clone());
        Ok(payload)
    }

    /// Sends one activity. `rfc9421` says which signatures the instance takes, and is told where it does not after all.
    pub async fn deliver(
        &self,
        host: &Host,
        one: &Waiting,
        inbox: &str,
        rfc9421: &AtomicBool,
    ) -> Result<Delivered> {
        let url = wire::address(inbox).ok_or_else(|| Error::internal("a stored address is none"))?;
        let signer = self.signer(Owner::of(one.owner_kind, one.owner_id)).await?;
        let payload = self.payload(one.id).await?;
        let _one_of_many = self.requests.acquire().await.map_err(Error::internal)?;
        let mut reply = None;
        if rfc9421.load(Ordering::Relaxed) {
            let first = self.post(&url, &payload, &signer, Scheme::Rfc9421).await?;
            match &first {
                // It may not take these after all.
                Ok(said) if matches!(said.status, 400 | 401 | 403) => {}
                _ => reply = Some(first),
            }
        }
        let reply = match reply {
            Some(reply) => reply,
            None => {
                let reply = self.post(&url, &payload, &signer, Scheme::Cavage).await?;
                if matches!(&reply, Ok(reply) if reply.status < 300) {
                    rfc9421.store(false, Ordering::Relaxed);
                }
                reply
            }
        };
        self.understand(host, one, reply).await
    }

    async fn post(
        &self,
        url: &Url,
        body: &Bytes,
        signer: &Arc<Signer>,
        scheme: Scheme,
    ) -> Result<std::result::Result<Reply, Failure>> {
        let headers = {
            let _one_of_few = self.signing.acquire().await.map_err(Error::internal)?;
            let (url, body, signer, now) =
                (url.clone(), body.clone(), signer.clone(), asking::now(&self.app));
            // RSA takes a millisecond: not on the thread on which everything else waits for others.
            let sign = move || {
                let key = (&signer.key, signer.key_id.as_str());
                signature::sign(("POST", &url, &body), key, scheme, now)
            };
            tokio::task::spawn_blocking(sign).await.map_err(Error::internal)?
        };
        let headers = headers.map_err(|_| Error::internal("an activity could not be signed"))?;
        Ok(self.app.fetcher.post(url, &headers, body.clone()).await)
    }

    async fn understand(
        &self,
        host: &Host,
        one: &Waiting,
        reply: std::result::Result<Reply, Failure>,
    ) -> Result<Delivered> {
        let count = |outcome| {
            metrics::counter!("kring_federation_deliveries_total", "outcome" => outcome).increment(1);
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(failure) => {
                count("failed");
                return Ok(Err(Stopped::Instance(Trouble { cause: failure.to_string(), wait: None })));
            }
        };
        let said = match reply.said.trim() {
            "" => format!("status {}", reply.status),
            said => format!("status {}: {said}", reply.status),
        };
        let trouble = Trouble { cause: said, wait: reply.retry_after };
        match reply.status {
            ..300 | 410 => {
                count("taken");
                Ok(Ok(()))
            }
            408 | 429 => {
                count("postponed");
                Ok(Err(Stopped::Instance(trouble)))
            }
            // What stands in front of a server says so while that is away: no activity is to blame.
            502..=504 => {
                count("failed");
                Ok(Err(Stopped::Instance(trouble)))
            }
            // 401: whose key this is could perhaps not be asked for just then.
            401 | 500.. => match self.fell_over(host, one, &trouble.cause).await? {
                true => {
                    count("parked");
                    Ok(Ok(()))
                }
                false => {
                    count("failed");
                    Ok(Err(Stopped::Thread(Trouble { wait: None, ..trouble })))
                }
            },
            status => {
                // It understood, and does not want it: sending it again changes nothing.
                count("refused");
                tracing::info!(%host, activity = %one.id, status, said = reply.said, "an activity was refused");
                self.not_taken(host, one, trouble.cause, false).await?;
                Ok(Ok(()))
            }
        }
    }

    /// Who does not delete what they are asked to is on record; and what the home of a document does not take comes back to
    /// who wrote it.
    async fn not_taken(&self, host: &Host, one: &Waiting, said: String, parked: bool) -> Result<()> {
        let (id, its) = (one.id, host.clone());
        if one.erasure_id.is_some() {
            return self.app.write_for_anyone(move |tx, _| erasing::not_taken(tx, id, &its, &said)).await;
        }
        let by_somebody = one.owner_kind == OwnerKind::Person;
        if !by_somebody || !self.app.db.read(move |conn| articles::may_come_back(conn, id)).await? {
            return Ok(());
        }
        self.app.write_for_anyone(move |tx, cx| articles::not_taken(tx, cx, id, parked)).await
    }

    /// `true` where it is parked now.
    pub async fn fell_over(&self, host: &Host, one: &Waiting, cause: &str) -> Result<bool> {
        let (id, its, told) = (one.id, host.clone(), cause.to_owned());
        let parked =
            self.app.write_for_anyone(move |tx, cx| parking::fell_over(tx, cx, id, &its, &told)).await?;
        if parked {
            tracing::warn!(%host, activity = %one.id, cause, "an activity was parked");
            self.not_taken(host, one, cause.to_owned(), true).await?;
        }
        Ok(parked)
    }
}
