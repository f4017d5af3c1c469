//! `kring demo --federated`: two instances in one process, each with a database of its own, that reach each other by HTTP
//! like any two others.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use tokio::sync::oneshot;

use super::{prepare, steps};
use crate::app::{App, make_data_folder};
use crate::cli::{serve, start, start_log};
use crate::config::{Config, Settings};
use crate::demo;
use crate::web::server;

/// Where the second instance is, for `--federated`.
#[derive(Args)]
pub struct Second {
    /// Address and port of the second instance [default: those of the first, one port further]
    #[arg(long, value_name = "ADDRESS", requires = "federated")]
    second_bind: Option<String>,
    /// Database of the second instance [default: SQLite in the data folder]
    #[arg(long, value_name = "URL", requires = "federated")]
    second_database_url: Option<String>,
}

pub fn run(settings: Settings, second: &Second) -> anyhow::Result<()> {
    let data = settings.data.clone();
    let (first, second) = two(settings, second)?;
    start_log(&first.log)?;
    // Before the work of loading: another program may have an address.
    let listeners = (serve::listen(&first)?, serve::listen(&second)?);
    stay(Path::new(&data), &first, &second)?;
    let (first, second) = (start(first)?, start(second)?);
    server::block_on(async move {
        prepare(&first, demo::load(&first).await?).await?;
        prepare(&second, demo::load_second(&second).await?).await?;
        answer(first, second, listeners).await
    })
}

/// What both are to be: everything as was set, but for what there must be two of.
fn two(settings: Settings, second: &Second) -> anyhow::Result<(Config, Config)> {
    ensure!(
        settings.public_url.is_empty() && settings.storage_url.is_empty(),
        "public_url and storage_url are for one instance: leave them out for demo --federated"
    );
    let data = Path::new(&settings.data);
    let in_data = |name: &str| data.join(name).display().to_string();
    let first_bind = on_this_machine(&settings.bind)?;
    let second_bind = match &second.second_bind {
        Some(named) => on_this_machine(named)?,
        None => SocketAddr::new(first_bind.ip(), first_bind.port().wrapping_add(1)),
    };
    ensure!(first_bind != second_bind, "both would listen on {first_bind}: name another --second-bind");
    let other = Settings {
        bind: second_bind.to_string(),
        data: in_data("second"),
        database_url: second.second_database_url.clone().unwrap_or_default(),
        instance_name: "Kring Leiden".into(),
        ..settings.clone()
    };
    let first = Settings { data: in_data("first"), ..settings }.understand()?;
    let second = other.understand().context("the second instance")?;
    ensure!(first.database_url != second.database_url, "each instance needs a database of its own");
    Ok((first, second))
}

/// An address that nobody else reaches: both ask any address that they are told to, and everybody knows the passwords.
fn on_this_machine(bind: &str) -> anyhow::Result<SocketAddr> {
    match bind.parse() {
        Ok(SocketAddr::V4(address)) if address.ip().is_loopback() => Ok(address.into()),
        _ => bail!("{bind} is not an address of this machine alone and a port, as 127.0.0.1:8080"),
    }
}

/// Their addresses are in each other's data, so they stay what they were.
fn stay(data: &Path, first: &Config, second: &Config) -> anyhow::Result<()> {
    make_data_folder(data)?;
    let file = data.join("addresses");
    let now = format!("--bind {} --second-bind {}", first.bind, second.bind);
    match std::fs::read_to_string(&file) {
        Ok(before) if before.trim() == now => Ok(()),
        Ok(before) => bail!(
            "the two instances in {} know each other as {before}: start them so again, or give new ones a place of their \
             own with --data",
            data.display()
        ),
        Err(_) => std::fs::write(&file, now).with_context(|| format!("{} cannot be written", file.display())),
    }
}

/// Both answer, and once they do, what happens between them is told. Until SIGINT or SIGTERM.
async fn answer(first: App, second: App, listeners: (TcpListener, TcpListener)) -> anyhow::Result<()> {
    let configs = (first.config.clone(), second.config.clone());
    let (first_up, first_ready) = oneshot::channel::<()>();
    let (second_up, second_ready) = oneshot::channel::<()>();
    let serving = async {
        tokio::try_join!(
            serve::answer(first, listeners.0, || _ = first_up.send(())),
            serve::answer(second, listeners.1, || _ = second_up.send(())),
        )
    };
    let telling = async {
        first_ready.await?;
        second_ready.await?;
        steps::tell(&configs.0, &configs.1).await?;
        std::future::pending::<anyhow::Result<Infallible>>().await
    };
    tokio::select! {
        served = serving => served.map(drop),
        Err(cause) = telling => Err(cause),
    }
}
