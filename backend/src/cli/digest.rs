//! `kring digest`.

use anyhow::bail;
use clap::{Args, Subcommand};
use kring_db::Time;

use crate::accounts::Handle;
use crate::app::App;
use crate::digests;
use crate::error::{Code, Error};
use crate::jobs::runner;

/// The mail of what happened.
#[derive(Args)]
pub struct Digest {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print the digest that somebody would get now. It sends nothing; what already happened is followed up first, as workers do
    Preview {
        handle: String,
        /// Print the HTML part, not the text part
        #[arg(long)]
        html: bool,
    },
    /// Make the digests that are due, hand their mails over, and stop; may run beside a serving process
    Run {
        /// Decide by this moment (RFC 3339, as 2026-11-24T09:00:00+01:00) who is due [default: now]
        #[arg(long, value_name = "TIME")]
        now: Option<Time>,
    },
}

impl Digest {
    pub fn run(&self, app: &App) -> anyhow::Result<()> {
        match &self.what {
            What::Preview { handle, html } => preview(app, handle, *html),
            What::Run { now } => run(app, now.unwrap_or_else(|| app.clock.now())),
        }
    }
}

fn preview(app: &App, handle: &str, html: bool) -> anyhow::Result<()> {
    let Ok(handle) = handle.parse::<Handle>() else {
        bail!("{handle:?} is no handle: 3 to 30 letters, digits or underscores")
    };
    runner::catch_up(app)?;
    let cx = app.context();
    match app.db.read_blocking(|conn| digests::preview(conn, &cx, &handle)) {
        Ok(Some(mail)) if html => print!("{}", mail.html),
        Ok(Some(mail)) => println!("{}\n\n{}", mail.subject, mail.text.trim_end()),
        Ok(None) => println!("There is nothing new for @{handle}: no mail would be sent."),
        Err(Error::Rule(Code::NotFound)) => {
            bail!("there is nobody with the handle {handle} to whom mail can be sent")
        }
        Err(cause) => return Err(cause.into()),
    }
    Ok(())
}

fn run(app: &App, now: Time) -> anyhow::Result<()> {
    runner::catch_up(app)?;
    let made = digests::jobs::run(app, now)?;
    let delivered = digests::jobs::hand_over(app, &made)?;
    println!("{} digests made, {} handed over.", made.len(), delivered.sent);
    if delivered.unknown > 0 {
        println!(
            "{} were cut off in hand-over: nobody knows whether they arrived. See `kring admin mails`.",
            delivered.unknown
        );
    }
    if delivered.waiting > 0 {
        bail!("{} could not be handed over now; they wait and are tried again", delivered.waiting);
    }
    Ok(())
}
