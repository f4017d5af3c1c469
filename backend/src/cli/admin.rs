//! `kring admin`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use crate::accounts::{self, DisplayName, Email, Handle, NewAccount, Password};
use crate::app::App;
use crate::error::{Code, Error, Fault};
use crate::federation::watching;
use crate::peers::PeerState;
use crate::web::server;
use crate::{mail, municipalities};

/// Run this instance.
#[derive(Args)]
pub struct Admin {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make somebody an administrator of this instance
    Grant { handle: String },
    /// Accounts that wait
    Accounts {
        #[command(subcommand)]
        what: Accounts,
    },
    /// Load a country's municipalities from a CSV file shaped like the built-in list
    Municipalities { file: PathBuf },
    /// List other instances: how each is, and what waits or was parked
    Peers {
        /// Only those that are so: ok, failing, dormant, dead, blocked
        #[arg(long)]
        state: Option<PeerState>,
    },
    /// List mails of which nobody knows whether they arrived
    Mails,
}

#[derive(Subcommand)]
enum Accounts {
    /// Make an account for somebody, who gets a mail to choose a password; also where registration is closed
    Create {
        handle: String,
        email: String,
        /// The name they are shown by [default: the handle]
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// For somebody whom an archive brought in and who has no account here: what stands under the handle is theirs
        /// again. Be sure who they are
        #[arg(long, conflicts_with = "display_name")]
        brought_in: bool,
    },
    /// Let somebody sign in who waits for approval
    Approve { handle: String },
}

impl Admin {
    pub fn run(&self, app: &App) -> anyhow::Result<()> {
        match &self.what {
            What::Grant { handle } => {
                let handle = read_handle(handle)?;
                told(&handle, app.db.write_blocking(|tx| accounts::grant_admin(tx, &handle)))?;
                println!("@{handle} is an administrator now.");
            }
            What::Accounts { what: Accounts::Approve { handle } } => {
                let handle = read_handle(handle)?;
                let cx = app.context();
                told(&handle, app.db.write_blocking(|tx| accounts::approve(tx, &cx, None, &handle)))?;
                println!("@{handle} is approved and gets a mail.");
            }
            What::Accounts {
                what: Accounts::Create { handle, email, display_name, brought_in },
            } => create_account(app, handle, email, display_name.as_deref(), *brought_in)?,
            What::Municipalities { file } => {
                let csv = std::fs::read(file).with_context(|| format!("{}", file.display()))?;
                let count = app.db.write_blocking(|tx| municipalities::import_csv(tx, &csv))?;
                println!("{count} municipalities loaded.");
            }
            What::Peers { state } => {
                for peer in watching::of_operator(app, *state)? {
                    println!("{}", tell(&peer));
                }
            }
            What::Mails => {
                for mail in app.db.read_blocking(|conn| mail::unknown(conn, None, 1000))? {
                    println!(
                        "{}  {}  {}  {}  {}",
                        mail.created_at, mail.id, mail.kind, mail.recipient, mail.subject
                    );
                }
            }
        }
        Ok(())
    }
}

fn tell(peer: &watching::Found) -> String {
    let row = &peer.row;
    let since = row.failing_since.map_or(String::new(), |since| format!(" since {since}"));
    let error = row.last_error.as_ref().map_or(String::new(), |error| format!("  {error}"));
    format!(
        "{}  {}{since}  {} waiting  {} + {} parked{error}",
        row.host, peer.state, peer.waiting, peer.parked_messages, peer.parked_deliveries
    )
}

fn create_account(
    app: &App,
    handle: &str,
    email: &str,
    display_name: Option<&str>,
    brought_in: bool,
) -> anyhow::Result<()> {
    let cx = app.context();
    let lang = app.config.default_language;
    let valid = |what: &str, fault: Fault| {
        anyhow::anyhow!("{what}: {}", lang.say_with(&format!("fault-{}", fault.code), &fault.args))
    };
    let handle = match brought_in {
        // What is reserved for new accounts is fine for who was somewhere already.
        true => read_handle(handle)?,
        false => Handle::parse(handle.to_owned()).map_err(|fault| valid(handle, fault))?,
    };
    let name = display_name.unwrap_or(handle.as_str());
    let new = NewAccount {
        display_name: DisplayName::parse(name.to_owned()).map_err(|fault| valid(name, fault))?,
        email: Email::parse(email.to_owned()).map_err(|fault| valid(email, fault))?,
        // Nobody knows it; the owner chooses another.
        password: Password::parse(cx.secret()).map_err(|fault| valid("password", fault))?,
        language: lang,
        handle,
    };
    let hash = server::block_on(app.hashing.hash(&new.password))?;
    let made = app.db.write_blocking(|tx| match brought_in {
        true => accounts::give_back(tx, &cx, &new, &hash),
        false => accounts::create(tx, &cx, &new, &hash),
    });
    match made {
        Err(Error::Rule(Code::HandleTaken)) => bail!("the handle {} is taken", new.handle),
        Err(Error::Rule(Code::NotFound)) => {
            bail!("no archive brought in anybody with the handle {}", new.handle)
        }
        Err(Error::Invalid(_)) => bail!("{} has an account already", new.email),
        other => other?,
    }
    println!("@{} has an account and gets a mail to choose a password.", new.handle);
    Ok(())
}

fn read_handle(text: &str) -> anyhow::Result<Handle> {
    text.parse()
        .map_err(|_| anyhow::anyhow!("{text:?} is no handle: 3 to 30 letters, digits or underscores"))
}

fn told<T>(handle: &Handle, outcome: Result<T, Error>) -> anyhow::Result<T> {
    match outcome {
        Err(Error::Rule(Code::NotFound)) => bail!("there is no account with the handle {handle}"),
        other => Ok(other?),
    }
}
