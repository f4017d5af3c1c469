//! The application: what every request and worker shares, and the two ways to the database.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use kring_activitypub::fetch::{Fetcher, Names, Reach, SystemNames};
use kring_db::{Conn, Db, DbOptions, Time, Tx};
use serde::Serialize;
use tokio::sync::Notify;

use crate::accounts::{self, Hashing, Keys, SignedIn, Viewer};
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::converter::Converter;
use crate::documents::Comparing;
use crate::drafts::WhereAre;
use crate::error::{Code, Result};
use crate::federation::Flights;
use crate::federation::watching::Backlog;
use crate::jobs::asked::{self, AskedId, AskedKind, JobView};
use crate::jobs::idempotency::{self, Answer};
use crate::networks::{Network, Slug};
use crate::search::Resolved;
use crate::storage::Storage;
use crate::web::limits::{Attempts, Lookups};
use crate::web::{Caller, Created, IdempotencyKey};

/// A handle to the application; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What there is one of.
pub struct Shared {
    pub config: Config,
    pub db: Db,
    pub storage: Storage,
    pub clock: Clock,
    pub keys: Keys,
    pub hashing: Hashing,
    pub comparing: Comparing,
    /// Finds what drafts are about, which drafts do not know.
    where_are: WhereAre,
    pub converter: Converter,
    /// Asks other instances.
    pub fetcher: Fetcher,
    /// What it is asking at this moment.
    pub flights: Flights,
    /// How much waits for them.
    pub backlog: Backlog,
    pub attempts: Attempts,
    /// Held by who looks whether homes of networks are there: one at a time, and whoever waits for it has seen what was seen.
    pub looking: tokio::sync::Mutex<()>,
    /// How often members have other instances asked.
    pub lookups: Lookups,
    /// Rung after every write: workers look for what is due.
    pub bell: Notify,
    ids: kring_db::types::IdSource,
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What an action gets besides its transaction: the time, ids, chance and settings. Stands still for one action.
#[derive(Clone)]
pub struct Context {
    app: App,
    now: Time,
}

impl Context {
    /// The time of this action.
    pub fn now(&self) -> Time {
        self.now
    }

    /// A new id, of now.
    pub fn id<T: From<i64>>(&self) -> T {
        self.id_at(self.now)
    }

    /// A new id for something published at `moment`; never later than now, so that nothing sticks on top.
    pub fn id_at<T: From<i64>>(&self, moment: Time) -> T {
        self.app.ids.draw(moment.min(self.now), clock::chance()).into()
    }

    /// A secret for a mail or a session: 43 URL-safe letters.
    pub fn secret(&self) -> String {
        clock::secret()
    }

    /// The same action at another moment (demo, imports).
    pub fn at(&self, moment: Time) -> Self {
        Self { app: self.app.clone(), now: moment }
    }

    pub fn config(&self) -> &Config {
        &self.app.config
    }

    pub fn keys(&self) -> &Keys {
        &self.app.keys
    }

    /// Finds what drafts are about.
    pub fn where_are(&self) -> WhereAre {
        self.app.where_are
    }
}

impl App {
    /// Opens everything `config` names. Migrations must have run.
    pub fn build(config: Config, clock: Clock) -> anyhow::Result<Self> {
        Self::build_knowing(config, clock, Arc::new(SystemNames))
    }

    /// [`App::build`], with whoever knows where the names of other instances lead.
    pub fn build_knowing(config: Config, clock: Clock, names: Arc<dyn Names>) -> anyhow::Result<Self> {
        let options = DbOptions {
            connections: config.database_connections,
            ..DbOptions::default()
        };
        let db = Db::connect(&config.database_url, &options).context("the database cannot be opened")?;
        let keys = Keys::open(&config.data)?;
        let storage = Storage::open(&config.storage_url)?;
        Ok(Self(Arc::new(Shared {
            hashing: Hashing::new(config.password_hashes_at_once)?,
            comparing: Comparing::default(),
            where_are: crate::drafted::where_are,
            converter: Converter::new(&config),
            fetcher: fetcher(&config, names),
            flights: Flights::default(),
            backlog: Backlog::default(),
            attempts: Attempts::new(config.attempts_per_minute),
            looking: tokio::sync::Mutex::default(),
            lookups: Lookups::new(config.attempts_per_minute),
            bell: Notify::new(),
            ids: kring_db::types::IdSource::default(),
            config,
            db,
            storage,
            clock,
            keys,
        })))
    }

    /// What an action gets, as of now.
    pub fn context(&self) -> Context {
        Context { app: self.clone(), now: self.clock.now() }
    }

    /// Runs `f` with the caller as the session tells, signed in or not. Reads only.
    pub async fn read<T, F>(&self, caller: &Caller, f: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, &Context, &Viewer) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (cx, claims) = (self.context(), caller.claims.clone());
        self.db
            .read(move |conn| {
                let viewer = accounts::viewer(conn, &cx, claims.as_ref())?;
                f(conn, &cx, &viewer)
            })
            .await
    }

    /// Runs `f` in one transaction as the signed-in caller; 401 for others.
    pub async fn write<T, F>(&self, caller: &Caller, mut f: F) -> Result<T>
    where
        F: FnMut(&mut Tx, &Context, &SignedIn) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let Some(claims) = caller.claims.clone() else { return Err(Code::SignInRequired.into()) };
        self.write_for_anyone(move |tx, cx| {
            let viewer = accounts::viewer(tx, cx, Some(&claims))?;
            f(tx, cx, viewer.signed_in()?)
        })
        .await
    }

    /// Runs `f` in one transaction for callers that need no session: registration, tokens from mails, workers.
    pub async fn write_for_anyone<T, F>(&self, mut f: F) -> Result<T>
    where
        F: FnMut(&mut Tx, &Context) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let cx = self.context();
        let done = self.db.write(move |tx| f(tx, &cx)).await;
        self.bell.notify_waiters();
        done
    }

    /// [`App::write`] for a creating POST: with an `Idempotency-Key` the first answer is kept in the same
    /// transaction and given again for 24 hours.
    pub async fn create<T, F>(&self, caller: &Caller, once: IdempotencyKey, mut f: F) -> Result<Answer<T>>
    where
        F: FnMut(&mut Tx, &Context, &SignedIn) -> Result<Created<T>> + Send + 'static,
        T: Serialize + Send + 'static,
    {
        self.write(caller, move |tx, cx, who| {
            idempotency::once(tx, cx, who, &once, idempotency::Kept::Created, &mut f)
        })
        .await
    }

    /// Begins long work that the caller asks for: 202 with the job, which is at `/v1/jobs/{job}`. `request` may say no,
    /// and says in the same transaction what the worker needs to know.
    pub async fn begin<F>(
        &self,
        caller: &Caller,
        once: IdempotencyKey,
        kind: AskedKind,
        request: F,
    ) -> Result<Answer<JobView>>
    where
        F: FnMut(&mut Tx, &Context, &SignedIn) -> Result<serde_json::Value> + Send + 'static,
    {
        self.begin_as(self.context().id(), caller, once, kind, false, request).await
    }

    /// [`App::begin`] with an id that was drawn before: a file may be kept for it.
    pub(crate) async fn begin_as<F>(
        &self,
        id: AskedId,
        caller: &Caller,
        once: IdempotencyKey,
        kind: AskedKind,
        has_file: bool,
        mut request: F,
    ) -> Result<Answer<JobView>>
    where
        F: FnMut(&mut Tx, &Context, &SignedIn) -> Result<serde_json::Value> + Send + 'static,
    {
        let lang = caller.lang;
        self.write(caller, move |tx, cx, who| {
            let mut begin = |tx: &mut Tx, cx: &Context, who: &SignedIn| {
                let request = request(tx, cx, who)?;
                let asked = asked::begin(tx, cx, who, kind, id, &request, has_file)?;
                Ok(Created {
                    location: format!("/jobs/{id}"),
                    etag: None,
                    value: JobView::of(asked, lang),
                })
            };
            idempotency::once(tx, cx, who, &once, idempotency::Kept::Accepted, &mut begin)
        })
        .await
    }

    /// Makes a network known that lives elsewhere, where it is not known yet: for members.
    pub async fn meet(&self, caller: &Caller, slug: &Slug) -> Result<()> {
        let who = self.read(caller, |_, _, viewer| viewer.signed_in().cloned()).await?;
        if !slug.host().is_empty() {
            self.lookups.count(&who)?;
        }
        crate::federation::resolving::network(self, slug).await
    }

    /// What an address leads to, here or elsewhere: for members.
    pub async fn find(&self, caller: &Caller, address: &str) -> Result<Resolved> {
        let viewer = self.read(caller, |_, _, viewer| Ok(viewer.clone())).await?;
        self.lookups.count(viewer.signed_in()?)?;
        crate::federation::finding::find(self, viewer, address).await
    }

    /// Makes people of other instances known whom a text names, so that it mentions them. `within` finds the network that
    /// it is for: nobody is asked about what stays here.
    pub async fn meet_mentioned<F>(&self, caller: &Caller, names: &[String], within: F) -> Result<()>
    where
        F: FnOnce(&mut Conn) -> Result<Option<Network>> + Send + 'static,
    {
        if names.iter().all(|name| !name.contains('@')) {
            return Ok(());
        }
        let who = self.read(caller, |_, _, viewer| viewer.signed_in().cloned()).await?;
        crate::federation::mentioning::meet(self, &who, names, within).await
    }

    /// Where files wait while they are received and worked on.
    pub fn waiting_room(&self) -> PathBuf {
        self.config.data.join("incoming")
    }
}

/// What asks other instances, within what the settings allow.
fn fetcher(config: &Config, names: Arc<dyn Names>) -> Fetcher {
    let reach = if config.dev_federation { Reach::Development } else { Reach::Public };
    let agent = format!("Kring/{} (+{})", env!("CARGO_PKG_VERSION"), config.public("/"));
    Fetcher::new(agent, reach, names)
}

/// Makes the data folder where it is not there, readable by its owner alone. One that is there stays as its owner made
/// it: a volume of a container cannot always be changed, and keys have a folder of their own.
pub fn make_data_folder(path: &Path) -> anyhow::Result<()> {
    if !path.is_dir() {
        return make_private_folder(path);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if path.metadata().is_ok_and(|folder| folder.permissions().mode() & 0o004 != 0) {
            tracing::warn!(folder = %path.display(), "everybody on this machine can read the data folder");
        }
    }
    Ok(())
}

/// Makes a folder, or takes one over, that its owner alone can read.
pub fn make_private_folder(path: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("the folder {} cannot be made", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
            .with_context(|| format!("the folder {} cannot be protected", path.display()))?;
    }
    Ok(())
}
