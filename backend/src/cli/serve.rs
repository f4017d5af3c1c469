//! `kring serve` and `kring worker`.

use std::net::TcpListener;

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::App;
use crate::config::Config;
use crate::jobs::runner::Workers;
use crate::web::{server, system};

/// Answers requests and, unless `workers = false`, works; until SIGINT or SIGTERM.
pub fn serve(app: App) -> anyhow::Result<()> {
    let listener = listen(&app.config)?;
    server::block_on(answer(app, listener, || {}))
}

/// Works only, until SIGINT or SIGTERM.
pub fn work(app: App) -> anyhow::Result<()> {
    system::recorder();
    server::block_on(async move {
        let mut stop = StopSignal::listen()?;
        let workers = Workers::start(&app);
        tracing::info!("working");
        stop.given().await;
        workers.stop().await;
        Ok(())
    })
}

/// Takes the address, or says why not.
pub fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let bind = config.bind;
    TcpListener::bind(bind).with_context(|| format!("bind (or KRING_BIND): {bind} cannot be listened on"))
}

/// Answers what comes to `listener`, and works, until SIGINT or SIGTERM; then lets requests end and hands jobs back. A
/// second signal ends it at once. Calls `ready` when it can be asked and stopped.
pub async fn answer(app: App, listener: TcpListener, ready: impl FnOnce()) -> anyhow::Result<()> {
    system::recorder();
    let mut stop = StopSignal::listen()?;
    let server = server::serve(app.clone(), listener).context("the server cannot start")?;
    let handle = server.handle();
    let workers = app.config.workers.then(|| Workers::start(&app));
    tracing::info!(bind = %app.config.bind, public_url = %app.config.public_url, "serving");
    ready();
    let asked_twice = async {
        stop.given().await;
        tracing::info!("stopping");
        // At once, beside the requests that end: it may ask another instance that stops as well.
        if let Some(workers) = &workers {
            workers.begin_no_more();
        }
        // Asked when called; awaiting the answer would only wait for the end, as the server itself does.
        drop(handle.stop(true));
        stop.given().await;
    };
    let outcome = tokio::select! {
        ended = server => ended,
        () = asked_twice => Ok(()),
    };
    if let Some(workers) = workers {
        workers.stop().await;
    }
    outcome.context("the server ended")
}

/// SIGINT and SIGTERM, heard from the moment of `listen` on.
struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignal {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn given(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
