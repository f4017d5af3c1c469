//! What others say of networks that move, looked at before anything is believed. [`super::moves`] says by which rules.

use kring_activitypub::proof;
use kring_activitypub::wire::{self, Activity, Actor};
use kring_db::{Conn, JsonText, Tx};
use serde_json::{Map, Value};
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::moves::{self, Move, MoveState, Office, prevails};
use super::taking::Outcome;
use super::{continuing, coordinators, homes, moving, notices, outgoing};
use crate::app::{App, Context};
use crate::error::{Error, Result};
use crate::networks::{self, MemberRole, MemberState, Network, NetworkId};
use crate::peers::Host;

/// So long after a network was continued another coordinator may still prevail: what comes later was not *at once*.
pub const AT_ONCE: chrono::Duration = chrono::Duration::days(90);

fn dropped(why: impl Into<String>) -> Result<Outcome> {
    Ok(Outcome::Dropped(why.into()))
}

/// Takes a `Move` that somebody sent.
pub async fn take(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    sender: &Remote,
) -> Result<Outcome> {
    match activity.object_id() {
        Some(from) if from == activity.actor => planned(app, activity, sender).await,
        Some(_) => continuation(app, raw).await,
        None => dropped("nobody knows what moves"),
    }
}

/// A network says itself that it moves (FEP-7628).
async fn planned(app: &App, activity: &Activity, sender: &Remote) -> Result<Outcome> {
    let Some(to) = activity.target.clone() else { return dropped("nobody knows where it moves to") };
    let (from, target) = (sender.uri.clone(), to.to_string());
    if Local::at(&app.config, &to).is_some() {
        return app.write_for_anyone(move |tx, cx| expected(tx, cx, &from, &target)).await;
    }
    let Some(network) = sender.network_id else { return dropped("nobody here knows that network") };
    let group = match moving::target(app, &to, &sender.uri).await? {
        Ok(group) => group,
        Err(why) => return Ok(Outcome::Early(why)),
    };
    app.write_for_anyone(move |tx, cx| {
        let address = moving::address_of(&group)?;
        let mut told = Move::new(cx, network, &from, (&target, &address), MoveState::Done);
        moving::over(tx, cx, &mut told, &group)?;
        Ok(Outcome::Done)
    })
    .await
}

/// A network moves to this instance: it comes where somebody here keeps an address for it.
fn expected(tx: &mut Tx, cx: &Context, from: &str, to: &str) -> Result<Outcome> {
    let known = moves::away_from(tx, from)?.into_iter().rev().find(|it| it.to_uri == to);
    match known {
        Some(mut told) if told.state == MoveState::Prepared => {
            told.state = MoveState::Done;
            told.updated_at = cx.now();
            let offices = coordinators::offices(tx, cx.config(), told.network_id)?;
            told.coordinators = JsonText::of(&offices);
            continuing::arrive(tx, cx, &told)?;
            moves::put(tx, &told)?;
            Ok(Outcome::Done)
        }
        Some(_) => Ok(Outcome::Done),
        None => dropped("nobody here expects that network"),
    }
}

/// Somebody continues a network whose home is gone. Who brings this does not matter: it proves itself, or nothing. Others
/// may have said the same too early: with this one it is time to look at those.
pub async fn continuation(app: &App, raw: &Map<String, Value>) -> Result<Outcome> {
    let outcome = judged(app, raw).await?;
    let from = Activity::parse(raw).ok().and_then(|activity| activity.object_id());
    if let (Outcome::Done, Some(host)) = (&outcome, from.as_ref().and_then(Host::of)) {
        again(app, &host).await?;
    }
    Ok(outcome)
}

async fn judged(app: &App, raw: &Map<String, Value>) -> Result<Outcome> {
    let Ok(activity) = Activity::parse(raw) else { return dropped("a move that cannot be read") };
    let (Some(from), Some(to)) = (activity.object_id(), activity.target.clone()) else {
        return dropped("nobody knows what moves, or where to");
    };
    if activity.kind != "Move" || !wire::same_host(&to, &activity.actor) {
        return dropped("whoever continues a network does so where they are");
    }
    if Local::at(&app.config, &activity.actor).is_some() {
        return Ok(Outcome::Done);
    }
    let claim = Claim {
        from: from.to_string(),
        to,
        by: activity.actor.to_string(),
        activity: Value::Object(raw.clone()).to_string(),
    };
    let uri = claim.from.clone();
    let place = app.db.read(move |conn| place(conn, &uri)).await?;
    let here = Local::at(&app.config, &from);
    if place.is_none() && here.is_none() {
        return dropped("nobody here knows that network");
    }
    let who = match actors::find(app, &activity.actor).await? {
        Ok(who) => who,
        Err(why) => return Ok(Outcome::Early(why)),
    };
    let proved = proof::Claim::of(&Value::Object(raw.clone()))
        .is_ok_and(|claim| who.proof_key(&claim.key_id).is_some_and(|key| claim.proves(&key).is_ok()));
    if !proved {
        return refused(&claim, "it is not proved by who continues it");
    }
    match (place, here) {
        (_, Some(Local::Network(slug))) => at_home(app, claim, who, slug).await,
        (Some(Place::Continued(known)), _) => another(app, claim, known).await,
        (Some(Place::Followed(network)), _) => first(app, claim, network).await,
        _ => dropped("that is no network"),
    }
}

/// A continuation that proved who says it, and nothing else yet.
#[derive(Clone, Debug)]
struct Claim {
    from: String,
    to: Url,
    by: String,
    activity: String,
}

fn refused(claim: &Claim, why: &str) -> Result<Outcome> {
    tracing::warn!(network = claim.from, by = claim.by, why, "a continuation was refused");
    metrics::counter!("kring_federation_continuations_refused_total").increment(1);
    dropped(why)
}

/// How a group that is said to move is known here.
enum Place {
    /// People here belong to it where it was.
    Followed(NetworkId),
    /// Somebody continued it before: here or elsewhere.
    Continued(Move),
}

fn place(conn: &mut Conn, from: &str) -> Result<Option<Place>> {
    // It may have gone, and have come back since: where it lives now counts.
    if let Some(network) = actors::by_uri(conn, from)?.and_then(|group| group.network_id) {
        return Ok(Some(Place::Followed(network)));
    }
    let done = moves::away_from(conn, from)?.into_iter().rev().find(|it| it.state == MoveState::Done);
    Ok(done.map(Place::Continued))
}

/// The network lives here, and was continued while this instance was gone. Both keep what they have: its coordinators
/// are told, and may move it there.
async fn at_home(app: &App, claim: Claim, who: Remote, slug: networks::Slug) -> Result<Outcome> {
    let group = match moving::target(app, &claim.to, &claim.from).await? {
        Ok(group) => group,
        Err(why) => return Ok(Outcome::Early(why)),
    };
    app.write_for_anyone(move |tx, cx| {
        let Some(network) = networks::with_slug(tx, &slug)? else { return dropped("it moved already") };
        if !coordinates(tx, &network, &who)? {
            return refused(&claim, "by the rows here they are no coordinator of it");
        }
        let known = moves::of(tx, network.id)?;
        if known.iter().any(|it| it.to_uri == claim.to.as_str()) {
            return Ok(Outcome::Done);
        }
        let address = moving::address_of(&group)?;
        let told = Move {
            by_uri: Some(claim.by.clone()),
            activity: claim.activity.clone(),
            ..Move::new(cx, network.id, &claim.from, (claim.to.as_str(), &address), MoveState::Elsewhere)
        };
        moves::put(tx, &told)?;
        notices::continued_elsewhere(tx, cx, &network, address.as_str())?;
        Ok(Outcome::Done)
    })
    .await
}

fn coordinates(conn: &mut Conn, network: &Network, who: &Remote) -> Result<bool> {
    let (_, membership) = networks::standing_in(conn, network.id, who.person_id)?;
    Ok(membership.is_some_and(|own| own.state == MemberState::Active && own.role == MemberRole::Coordinator))
}

/// The first that continues a network which people here belong to.
async fn first(app: &App, claim: Claim, network: NetworkId) -> Result<Outcome> {
    let config = app.config.clone();
    let offices = app.db.read(move |conn| coordinators::offices(conn, &config, network)).await?;
    if !offices.iter().any(|office| office.actor == claim.by) {
        return refused(&claim, "by the copy here they are no coordinator of it");
    }
    let host = homes::host_of(&claim.from)?;
    if homes::answers(app, &host).await? {
        return refused(&claim, "its home answers");
    }
    let its = host.clone();
    let cx = app.context();
    let given_up = app.db.read(move |conn| homes::given_up(conn, &cx, &its)).await?;
    let group = match moving::target(app, &claim.to, &claim.from).await? {
        Ok(group) => group,
        Err(why) => return Ok(Outcome::Early(why)),
    };
    app.write_for_anyone(move |tx, cx| {
        let new = written(cx, &claim, network, &offices, &group)?;
        let mut told = match moves::continued_by(tx, &claim.from, &claim.by)? {
            Some(kept) if kept.to_uri == claim.to.as_str() => kept,
            // They go on somewhere else after all: what they said last counts.
            Some(kept) => Move { id: kept.id, created_at: kept.created_at, ..new },
            None => new,
        };
        match given_up {
            true => moving::over(tx, cx, &mut told, &group)?,
            // It was seen to be silent elsewhere for longer: looked at again each time that its home is.
            false => moves::put(tx, &told)?,
        }
        Ok(Outcome::Done)
    })
    .await
}

fn written(
    cx: &Context,
    claim: &Claim,
    network: NetworkId,
    offices: &[Office],
    group: &Actor,
) -> Result<Move> {
    let address = moving::address_of(group)?;
    Ok(Move {
        by_uri: Some(claim.by.clone()),
        activity: claim.activity.clone(),
        coordinators: JsonText::of(&offices.to_vec()),
        ..Move::new(cx, network, &claim.from, (claim.to.as_str(), &address), MoveState::Kept)
    })
}

/// Another continues what somebody continues already: the rule decides, here as everywhere.
async fn another(app: &App, claim: Claim, known: Move) -> Result<Outcome> {
    let Some(incumbent) = known.by_uri.clone() else { return dropped("its home moved it itself") };
    if incumbent == claim.by {
        return Ok(Outcome::Done);
    }
    let at_once = app.clock.now() < known.created_at + AT_ONCE;
    match prevails(&known.offices(), &claim.by, &incumbent) {
        None => refused(&claim, "by the last copy they were no coordinator of it"),
        Some(true) if at_once => give_way(app, claim, known).await,
        Some(true) => refused(&claim, "it was continued by somebody else long ago"),
        // They hear of the one that goes on, where it is signed here.
        Some(false) => {
            let host = homes::host_of(&claim.by)?;
            app.write_for_anyone(move |tx, cx| continuing::tell(tx, cx, &known, &host)).await?;
            Ok(Outcome::Done)
        }
    }
}

/// What was continued here, or followed, goes on with who was in office for longer. Both histories stay: what was written
/// meanwhile is sent there.
async fn give_way(app: &App, claim: Claim, known: Move) -> Result<Outcome> {
    let group = match moving::target(app, &claim.to, &claim.from).await? {
        Ok(group) => group,
        Err(why) => return Ok(Outcome::Early(why)),
    };
    app.write_for_anyone(move |tx, cx| {
        let network = networks::by_id(tx, known.network_id)?;
        if network.slug.host().is_empty() {
            let own = Local::Network(network.slug.clone()).address(cx.config());
            let signed: Value = serde_json::from_str(&claim.activity).map_err(Error::internal)?;
            // Whoever followed it here hears of it as it was signed, and judges for themselves.
            outgoing::tell_on(tx, cx, network.id, &own, signed)?;
            let away = Move {
                by_uri: Some(claim.by.clone()),
                ..Move::new(
                    cx,
                    network.id,
                    &own,
                    (claim.to.as_str(), &moving::address_of(&group)?),
                    MoveState::Done,
                )
            };
            moves::put(tx, &away)?;
        }
        let mut told = written(cx, &claim, known.network_id, &known.offices(), &group)?;
        moving::over(tx, cx, &mut told, &group)?;
        Ok(Outcome::Done)
    })
    .await
}

/// Looks again at who said that they continue a network of a home that is silent now.
pub async fn again(app: &App, host: &Host) -> Result<()> {
    let (its, cx) = (host.clone(), app.context());
    let kept = app.db.read(move |conn| {
        Ok::<_, Error>(match homes::given_up(conn, &cx, &its)? {
            true => moves::kept(conn, &its)?,
            false => Vec::new(),
        })
    });
    for told in kept.await? {
        let raw = wire::object(told.activity.as_bytes()).map_err(Error::internal)?;
        let outcome = judged(app, &raw).await?;
        tracing::info!(network = told.from_uri, ?outcome, "a continuation was looked at again");
        // What was gone along with does not wait any more, and is not forgotten; all else came to nothing, or another
        // prevailed. Who continues it may be away for a while themselves.
        if !matches!(outcome, Outcome::Early(_)) {
            app.db.write(move |tx| moves::forget(tx, told.id)).await?;
        }
    }
    Ok(())
}

/// A home answers: nobody continues what lives.
pub async fn give_up(app: &App, host: &Host) -> Result<()> {
    let its = host.clone();
    for told in app.db.read(move |conn| moves::kept(conn, &its)).await? {
        app.db.write(move |tx| moves::forget(tx, told.id)).await?;
    }
    Ok(())
}

/// What a group says of itself when it is looked up: where it continues one that people here belong to, they go along,
/// told or not.
pub async fn found(app: &App, told: &Map<String, Value>) -> Result<()> {
    let Some(Value::Object(raw)) = told.get("continuation") else { return Ok(()) };
    let outcome = continuation(app, raw).await?;
    tracing::info!(group = ?told.get("id"), ?outcome, "a network that was looked up continues another");
    Ok(())
}
