//! `kring serve` and `kring worker`.

use std::net::TcpListener;

use anyhow::Context as _;

use crate::app::App;
use crate::jobs::runner::Workers;
use crate::web::{server, system};

/// What this process does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Answers requests and, unless `workers = false`, works.
    Serve,
    /// Works only.
    Work,
}

/// Runs until SIGINT or SIGTERM, then lets requests end and hands jobs back.
pub fn run(app: App, role: Role) -> anyhow::Result<()> {
    system::recorder();
    server::block_on(async move {
        let workers = (role == Role::Work || app.config.workers).then(|| Workers::start(&app));
        let outcome = match role {
            Role::Serve => serve(&app).await,
            Role::Work => {
                tracing::info!("working");
                stop_signal().await
            }
        };
        if let Some(workers) = workers {
            workers.stop().await;
        }
        outcome
    })
}

async fn serve(app: &App) -> anyhow::Result<()> {
    let bind = app.config.bind;
    let listener = TcpListener::bind(bind)
        .with_context(|| format!("bind (or KRING_BIND): {bind} cannot be listened on"))?;
    tracing::info!(%bind, public_url = %app.config.public_url, "serving");
    server::serve(app.clone(), listener)?.await.context("the server ended")
}

async fn stop_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}
