//! `kring demo`.

mod api;
mod federated;
mod steps;

use std::io::Write as _;

use anyhow::{Context as _, bail};
use clap::Args;

use super::{Common, serve, start, start_log};
use crate::app::App;
use crate::config::{Config, MailTarget, Settings};
use crate::demo::{self, Outcome};
use crate::jobs::runner;
use crate::web::server;

/// Try Kring: networks, people and digests to look at, served on this machine.
///
/// The demo lives in a folder of its own (kring-demo), so that it never mixes with a Kring in use. Started again it goes
/// on from where it was; without the folder it begins anew. Everybody's password is known: it is not for real use.
#[derive(Args)]
pub struct Demo {
    /// Start two instances instead, that share a network: a member of the second takes part in one of the first
    ///
    /// They live in kring-demo-federated. Each step is printed with the request that did it.
    #[arg(long)]
    federated: bool,
    #[command(flatten)]
    second: federated::Second,
}

impl Demo {
    pub fn run(self, common: Common) -> anyhow::Result<()> {
        if self.federated {
            return federated::run(common.read(Settings::for_federated_demo())?, &self.second);
        }
        let mut settings = common.read(Settings::for_demo())?;
        // Reached from elsewhere, the mailbox would show everybody's links to everybody.
        let elsewhere =
            settings.bind.parse().is_ok_and(|bind: std::net::SocketAddr| !bind.ip().is_loopback());
        settings.dev_mail &= !elsewhere;
        let config = settings.understand()?;
        start_log(&config.log)?;
        // Before the work of loading: another program may have the address.
        let listener = serve::listen(&config)?;
        let app = start(config)?;
        server::block_on(async move {
            prepare(&app, demo::load(&app).await?).await?;
            let told = told(&app.config);
            // Whoever reads may be gone (`kring demo | head`): that is no reason to stop serving.
            let tell = || drop(std::io::stdout().write_all(told.as_bytes()));
            serve::answer(app, listener, tell).await
        })
    }
}

/// Sends the digests that are due in a demo that was loaded.
async fn prepare(app: &App, loaded: Outcome) -> anyhow::Result<()> {
    match loaded {
        Outcome::Loaded => {}
        // What is still to be done its workers do: some of it may ask another instance that does not answer yet.
        Outcome::WasThere => return Ok(()),
        Outcome::Inhabited => bail!(
            "this database holds accounts that are not the demo's, and nothing was changed. Give the demo a place of its \
             own, with --data (or KRING_DATA) or --database-url (or KRING_DATABASE_URL)"
        ),
    }
    let app = app.clone();
    let drained = tokio::task::spawn_blocking(move || runner::drain(&app));
    drained.await?.context("the mails of the demo could not be sent")
}

/// What to open, who to be, and how to stop.
fn told(config: &Config) -> String {
    let at = |path: &str| config.public(path);
    let mail = match &config.mail {
        _ if config.dev_mail => {
            format!("  {}\n      every mail, with the week's digests\n", at("/dev/mail"))
        }
        MailTarget::Folder(folder) => format!("  {}\n      every mail, as files\n", folder.display()),
        MailTarget::Smtp { host, port, .. } => format!("  Mail goes to {host}:{port}.\n"),
    };
    let warning = if config.bind.ip().is_loopback() {
        ""
    } else {
        "\nTake care: others can reach this demo, and its passwords are known to everybody.\n"
    };
    format!(
        "\nKring's demo is running. Open:\n\n\
         \x20 {home}\n      its public networks, as everybody reads them\n\
         \x20 {docs}\n      the API: read it and try it, also offline\n\
         {mail}\n\
         Sign in (POST /v1/sessions) with the password {password} as\n\n\
         \x20 anna    coordinates two networks, and belongs to one that is hidden\n\
         \x20 tessa   belongs to one network\n\
         \x20 beheer  runs this instance\n\n\
         Wil Postma reads by mail alone: her digest is in the mailbox, and the invitation to Sjaan Bakker.\n\
         {warning}\n\
         The data is in {data}; without it the demo begins anew. Ctrl-C stops it.\n\n",
        home = at("/"),
        docs = at("/docs"),
        password = demo::PASSWORD,
        data = if config.database_url.starts_with("sqlite:") {
            config.data.display().to_string()
        } else {
            format!("the database you named and {}", config.data.display())
        },
    )
}
