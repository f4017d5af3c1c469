//! What was sent is looked at, and what follows from it is done: by the same rules as for everybody.

use std::time::{Duration, Instant};

use kring_activitypub::wire::{self, Activity};
use kring_db::Tx;
use serde_json::Value;
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::asking::Allowance;
use super::inbox::{self, Message};
use super::{
    ancestors, articles, asking, backfill, deeds, departed, follows, found, hearing, privacy, queries,
    receiving, rules, unfollowed,
};
use crate::app::{App, Context};
use crate::error::{Error, Result};
use crate::networks::{self, Network};

/// What became of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It is not for this instance, or not known, or not theirs to say.
    Dropped(String),
    /// What it is about is not known yet.
    Early(String),
}

/// How long what came early is kept, in case that follows.
const EARLY: chrono::Duration = chrono::Duration::hours(1);

/// How long a message may take, all who are asked because of it together: less than a worker may keep it.
const LONGEST: Duration = Duration::from_secs(30);

/// After a message that took longer, what else its instance sent lets others go first: so many times as long as it took.
const SLOW: Duration = Duration::from_secs(10);
const PENANCE: u32 = 10;

/// How much may be asked for because of a message at its first try, at its second, and so on: so much in all, however
/// deep a conversation is that somebody made up.
fn questions(attempts: i64) -> u32 {
    (32 >> attempts.saturating_sub(1).clamp(0, 3)).max(4)
}

/// Takes everything that is due, and says whether there was anything.
pub async fn run(app: &App, worker: &str, stop: &dyn Fn() -> bool) -> Result<bool> {
    let mut any = false;
    while !stop() && app.db.read(inbox::any).await? {
        let (name, now) = (worker.to_owned(), app.clock.now());
        let Some(message) = app.db.write(move |tx| inbox::claim(tx, &name, now)).await? else { break };
        any = true;
        let allowance = Allowance::of(questions(message.attempts));
        let begun = Instant::now();
        let mut outcome = match tokio::time::timeout(LONGEST, allowance.hold(take(app, &message))).await {
            Ok(outcome) => outcome,
            Err(_) => Ok(Outcome::Early("the servers that it takes asking are too slow".to_owned())),
        };
        let (host, took) = (message.host.clone(), begun.elapsed());
        if allowance.is_exceeded() && !matches!(outcome, Ok(Outcome::Done)) {
            outcome = dropped("it takes asking for more than is asked because of one message");
        }
        settle(app, message, outcome).await?;
        if took > SLOW {
            let then = app.clock.now() + chrono::Duration::from_std(took * PENANCE).unwrap_or_default();
            app.db.write(move |tx| inbox::put_off(tx, &host, then)).await?;
        }
    }
    if any {
        app.bell.notify_waiters();
    }
    Ok(any)
}

async fn settle(app: &App, message: Message, outcome: Result<Outcome>) -> Result<()> {
    let now = app.clock.now();
    let count =
        |outcome| metrics::counter!("kring_federation_taken_total", "outcome" => outcome).increment(1);
    let (why, early) = match outcome {
        Ok(Outcome::Done) => {
            count("done");
            return app.db.write(move |tx| inbox::done(tx, message.id, now)).await;
        }
        Ok(Outcome::Dropped(why)) => {
            tracing::info!(message = %message.id, host = %message.host, why, "a message was dropped");
            count("dropped");
            return app.db.write(move |tx| inbox::done(tx, message.id, now)).await;
        }
        Ok(Outcome::Early(why)) if message.created_at + EARLY < now => {
            count("expired");
            tracing::info!(message = %message.id, why, "what a message is about did not follow");
            return app.db.write(move |tx| inbox::done(tx, message.id, now)).await;
        }
        Ok(Outcome::Early(why)) => (why, true),
        Err(cause) => (cause.to_string(), false),
    };
    let id = message.id;
    let told = why.clone();
    let parked = app
        .db
        .write(move |tx| match early {
            true => inbox::wait(tx, &message, &told, now).map(|()| false),
            false => inbox::fail(tx, &message, &told, now),
        })
        .await?;
    count(match (parked, early) {
        (true, _) => "parked",
        (false, true) => "early",
        (false, false) => "failed",
    });
    if parked {
        tracing::error!(message = %id, why, "a message was parked: see /v1/parked-messages");
    } else if !early {
        tracing::warn!(message = %id, why, "a message could not be taken; it is tried again");
    }
    Ok(())
}

fn dropped(why: impl Into<String>) -> Result<Outcome> {
    Ok(Outcome::Dropped(why.into()))
}

async fn take(app: &App, message: &Message) -> Result<Outcome> {
    let object = wire::object(message.body.as_bytes()).map_err(Error::internal)?;
    let activity = Activity::parse(&object).map_err(Error::internal)?;
    if message.signer == receiving::NOBODY {
        return deeds::said_to_be_gone(app, &object, &activity).await;
    }
    // As it was when it came: what is stored is not believed further than that.
    if activity.actor.as_str() != message.signer {
        return dropped("the signature was not that of the actor");
    }
    if !rules::may_exchange(app, &message.host).await? {
        return dropped("nothing is exchanged with its instance any more");
    }
    let sender = match actors::find(app, &activity.actor).await? {
        Ok(sender) => sender,
        Err(why) => return Ok(Outcome::Early(why)),
    };
    if sender.uri != message.signer {
        return dropped("the signature was somebody else's");
    }
    if deeds::concerns(&activity) {
        return deeds::take(app, &object, &activity, &sender, None).await;
    }
    match activity.kind.as_str() {
        "Follow" => follow(app, &activity, sender).await,
        "Undo" => undo(app, &activity, sender).await,
        "Accept" | "Reject" => answer(app, &activity, sender).await,
        "Announce" => announce(app, &activity, sender).await,
        "Move" => hearing::take(app, &object, &activity, &sender).await,
        "Create" | "Update" | "Delete" => match articles::take(app, &object, &activity, &sender).await? {
            Some(outcome) => Ok(outcome),
            None => match unfollowed::mentioning(app, &activity, &sender).await? {
                Some(outcome) => Ok(outcome),
                None => ancestors::take(app, &object, &activity, &sender, None).await,
            },
        },
        kind => dropped(format!("{kind} is not known")),
    }
}

/// The network of this instance that an address is of.
fn network_here(tx: &mut Tx, cx: &Context, address: Option<Url>) -> Result<Option<Network>> {
    match address.and_then(|url| Local::at(cx.config(), &url)) {
        Some(Local::Network(slug)) => networks::with_address(tx, &slug),
        _ => Ok(None),
    }
}

async fn follow(app: &App, activity: &Activity, sender: Remote) -> Result<Outcome> {
    let (uri, object) = (activity.id.to_string(), activity.object_id());
    app.write_for_anyone(move |tx, cx| {
        let Some(network) = network_here(tx, cx, object.clone())? else {
            return dropped("there is no such network to follow");
        };
        if !network.slug.host().is_empty() {
            // It is to come here, or went away.
            return Ok(Outcome::Early("the network does not live here".to_owned()));
        }
        if !rules::reaches(tx, &network, &sender.host)? {
            return dropped("the network stays away from its instance");
        }
        follows::asked(tx, cx, &uri, &sender, &network)?;
        Ok(Outcome::Done)
    })
    .await
}

/// Somebody elsewhere follows a network no more: what else is undone is among [`deeds`].
async fn undo(app: &App, activity: &Activity, sender: Remote) -> Result<Outcome> {
    let inner = match activity.inner() {
        Some(Ok(inner)) if inner.actor == activity.actor => inner,
        _ => return dropped("what is undone is somebody else's, or not told"),
    };
    let object = inner.object_id();
    app.write_for_anyone(move |tx, cx| {
        match network_here(tx, cx, object.clone())? {
            Some(network) => follows::ended(tx, cx, &sender, &network)?,
            None => return dropped("there is no such network"),
        }
        Ok(Outcome::Done)
    })
    .await
}

async fn answer(app: &App, activity: &Activity, sender: Remote) -> Result<Outcome> {
    let accepted = activity.kind == "Accept";
    if let Some(outcome) = articles::refused(app, activity, &sender).await? {
        return Ok(outcome);
    }
    let Some(follow) = activity.object_id().map(String::from) else {
        return dropped("nobody knows what is answered");
    };
    app.write_for_anyone(move |tx, cx| {
        if follows::answered(tx, cx, &sender, &follow, accepted)? {
            backfill::begin(tx, cx, &sender)?;
            articles::begin(tx, cx, &sender)?;
        }
        Ok(Outcome::Done)
    })
    .await
}

/// A network tells on what somebody did in it.
async fn announce(app: &App, activity: &Activity, sender: Remote) -> Result<Outcome> {
    let Some(network) = sender.network_id else {
        return dropped("only networks tell on what others did");
    };
    // What is taken away is taken away, whether or not anybody follows it still.
    let parting = activity.inner().is_some_and(|inner| inner.is_ok_and(|inner| deeds::parts(&inner)));
    if !parting && !app.db.read(move |conn| queries::followed_here(conn, network)).await? {
        return dropped("nobody here follows that network");
    }
    announced(app, &activity.object, &sender).await
}

/// What a network told on, whichever way it came here.
pub async fn announced(app: &App, object: &Value, home: &Remote) -> Result<Outcome> {
    let inner = match object {
        Value::Object(inner) => inner.clone(),
        _ => return dropped("only what is told whole is taken"),
    };
    let activity = match Activity::parse(&inner) {
        Ok(activity) => activity,
        // The object by itself: the form for Mastodon, of what came as an activity too.
        Err(_) => return dropped("an object by itself"),
    };
    if activity.kind == "Move" {
        return hearing::continuation(app, &inner).await;
    }
    if let Some(outcome) = articles::announced(app, &inner, &activity, home, false).await? {
        return Ok(outcome);
    }
    if Local::at(&app.config, &activity.actor).is_some() {
        // It was done here.
        return Ok(Outcome::Done);
    }
    let actor = match actors::find(app, &activity.actor).await? {
        Ok(actor) => actor,
        // What is taken away in a network its home says, whether or not its people are to be found any more.
        Err(_) if activity.kind == "Delete" && wire::same_host(&activity.actor, &home.address()?) => {
            home.clone()
        }
        // Nobody is there to be asked: what they signed says who they are.
        Err(why) => match departed::author_of(app, &activity.actor, &activity.object).await? {
            Some(author) => author,
            None => return Ok(Outcome::Early(why)),
        },
    };
    if !rules::may_exchange(app, &actor.host).await? {
        return dropped("nothing is exchanged with the instance of who did it");
    }
    if deeds::concerns(&activity) {
        return deeds::take(app, &inner, &activity, &actor, Some(home)).await;
    }
    let home = &privacy::current(app, &activity, home).await?;
    // A network vouches for its own people, and for what is taken away in it. What others wrote must be proved, or is
    // asked for where it was written.
    if actor.host == home.host || activity.kind == "Delete" {
        return ancestors::take(app, &inner, &activity, &actor, Some(home)).await;
    }
    match found::proved(&activity.object, &actor) {
        true => ancestors::take(app, &inner, &activity, &actor, Some(home)).await,
        false => {
            let Some(id) = activity.object_id() else { return dropped("it has no id") };
            match asking::object(app, &id).await? {
                Ok(object) => {
                    let mut fetched = inner.clone();
                    fetched.insert("object".to_owned(), Value::Object(object));
                    let activity = Activity::parse(&fetched).map_err(Error::internal)?;
                    ancestors::take(app, &fetched, &activity, &actor, Some(home)).await
                }
                Err(why) => Ok(Outcome::Early(why)),
            }
        }
    }
}
