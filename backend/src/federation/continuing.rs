//! A network comes to live here: continued where its home is gone, or expected where its home is to move it.

use kring_activitypub::proof;
use kring_db::{Conn, JsonText, Tx};
use serde_json::{Value, json};

use super::addresses::{Local, proof_key};
use super::keys::{self, Owner};
use super::moves::{self, Move, MoveState};
use super::objects::{self, Object};
use super::{actors, coordinators, follows, homes, known, notices, outgoing, rules};
use crate::accounts::{SignedIn, Viewer};
use crate::app::{App, Context};
use crate::documents;
use crate::drafts;
use crate::error::{Code, Error, Result};
use crate::networks::{self, MayContinue, Network, Slug, Visibility};
use crate::peers::Host;

/// What a coordinator wants of a network that lives elsewhere.
#[derive(Clone, Debug)]
pub struct NewContinuation {
    /// Its address here; `None`: the one that it had, or one like it.
    pub slug: Option<Slug>,
    /// Its home is alive and is to move it.
    pub planned: bool,
}

/// The network that the viewer may continue here, as far as its home does not matter.
pub fn may(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<Network> {
    networks::continuing(conn, viewer.signed_in()?, slug).map(|(network, _)| network)
}

/// Looks whether the home of a network answers, before anybody takes its place: what was seen hours ago may be over.
pub async fn look(app: &App, network: &Network) -> Result<()> {
    let Ok(host) = Host::parse(network.slug.host().to_owned()) else { return Ok(()) };
    if homes::answers(app, &host).await? {
        return Err(Code::HomeAnswers.into());
    }
    Ok(())
}

/// Continues a network here, or keeps an address for it.
pub fn continue_here(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewContinuation,
) -> Result<Move> {
    let (network, may) = networks::continuing(tx, who, slug)?;
    let home = actors::of_network(tx, network.id)?.ok_or(Code::NotReached)?;
    let before: Vec<Move> = moves::of(tx, network.id)?;
    let prepared = before.into_iter().find(|it| it.state == MoveState::Prepared && it.from_uri == home.uri);
    let own = match (&new.slug, &prepared) {
        (Some(slug), _) => slug.clone(),
        (None, Some(prepared)) => prepared.to_address.clone(),
        (None, None) => networks::free_address(tx, network.id, network.slug.name())?,
    };
    networks::keep_address(tx, cx, &may, network.id, &own)?;
    let here = Local::Network(own.clone()).address(cx.config());
    let mut told = match prepared {
        Some(prepared) => Move {
            to_uri: here,
            to_address: own,
            updated_at: cx.now(),
            ..prepared
        },
        None => Move::new(cx, network.id, &home.uri, (&here, &own), MoveState::Prepared),
    };
    if !new.planned {
        continue_now(tx, cx, who, &network, &may, &mut told)?;
    }
    moves::put(tx, &told)?;
    Ok(told)
}

fn continue_now(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    network: &Network,
    _may: &MayContinue,
    told: &mut Move,
) -> Result<()> {
    let home = homes::host_of(&told.from_uri)?;
    match homes::silent_since(tx, &home)? {
        None => return Err(Code::HomeAnswers.into()),
        Some(_) if !homes::given_up(tx, cx, &home)? => return Err(Code::HomeMayReturn.into()),
        Some(_) => {}
    }
    let offices = coordinators::offices(tx, cx.config(), network.id)?;
    let actor = Local::Person(who.handle.clone()).address(cx.config());
    let since = offices.iter().find(|office| office.actor == actor).map(|office| office.since);
    let activity = object(cx, told, json!({ "actor": actor, "coordinatorSince": since }));
    let activity = prove(tx, cx, who, &actor, activity)?;
    told.state = MoveState::Done;
    told.by_uri = Some(actor);
    told.activity = Value::Object(activity).to_string();
    told.coordinators = JsonText::of(&offices);
    arrive(tx, cx, told)?;
    tell_everybody(tx, cx, network, told)
}

/// The network of a move comes to live here: its rows, and those who know it.
pub fn arrive(tx: &mut Tx, cx: &Context, told: &Move) -> Result<()> {
    let before = networks::by_id(tx, told.network_id)?.slug;
    networks::comes_here(tx, cx, told.network_id, &told.to_address)?;
    documents::turn_down_all(tx, cx, told.network_id)?;
    drafts::network_moved(tx, &before, &told.to_address)?;
    actors::part(tx, told.network_id)?;
    follows::forget(tx, told.network_id)?;
    notices::moved(tx, cx, told.network_id, &cx.config().host())
}

/// A move as an activity (FEP-7628), with what else it says.
pub fn object(cx: &Context, told: &Move, more: Value) -> Object {
    let mut context = objects::context();
    if let Some(context) = context.as_array_mut() {
        // What only Kring says of it.
        context.push(json!({ "coordinatorSince": "https://kring.example/ns#coordinatorSince" }));
    }
    let mut activity = Object::new();
    let fixed = json!({
        "@context": context,
        "id": cx.config().public(&format!("/activities/move-{}", told.id)),
        "type": "Move",
        "object": told.from_uri,
        "target": told.to_uri,
        "to": [objects::PUBLIC],
        "published": cx.now(),
    });
    for part in [fixed, more] {
        if let Value::Object(part) = part {
            activity.extend(part);
        }
    }
    activity
}

fn prove(tx: &mut Tx, cx: &Context, who: &SignedIn, actor: &str, mut activity: Object) -> Result<Object> {
    let key = keys::proof_key(tx, cx, Owner::Person(who.person))?;
    let created = activity.get("published").and_then(Value::as_str).unwrap_or_default().to_owned();
    proof::put(&mut activity, &key, &proof_key(actor), &created)
        .map_err(|_| Error::internal("a move could not be proved"))?;
    Ok(activity)
}

/// Tells every instance that is known, for nobody here knows where all members are: those that have none leave it. Of a
/// network that is not public only those where somebody belongs to it; the home too, for when it comes back.
fn tell_everybody(tx: &mut Tx, cx: &Context, network: &Network, told: &Move) -> Result<()> {
    let hosts = match network.visibility {
        Visibility::Public => known::everybody(tx)?,
        Visibility::Members | Visibility::Hidden => known::where_members_are(tx, network.id)?,
    };
    let home = homes::host_of(&told.from_uri)?;
    for host in hosts.iter().chain((!hosts.contains(&home)).then_some(&home)) {
        tell(tx, cx, told, host)?;
    }
    Ok(())
}

/// Tells an instance of a continuation that somebody of here signed.
pub fn tell(tx: &mut Tx, cx: &Context, told: &Move, host: &Host) -> Result<()> {
    let (Some(inbox), Some(owner)) = (known::inbox(tx, host)?, signer(tx, cx, told)?) else {
        return Ok(());
    };
    if !rules::exchanges(tx, host)? {
        return Ok(());
    }
    let payload = serde_json::from_str(&told.activity).map_err(Error::internal)?;
    outgoing::push_again(tx, cx, owner, &payload, (host, &inbox), &told.from_uri)
}

/// Who of here signed a continuation.
fn signer(conn: &mut Conn, cx: &Context, told: &Move) -> Result<Option<Owner>> {
    let address = told.by_uri.as_deref().and_then(kring_activitypub::wire::address);
    let Some(Local::Person(handle)) = address.and_then(|it| Local::at(cx.config(), &it)) else {
        return Ok(None);
    };
    let person = crate::accounts::person_by_handle(conn, &handle)?;
    Ok(person.map(|person| Owner::Person(person.id)))
}

/// What the group of a network says of its moves: which it was before, who continues it, and where it went.
pub fn publish(conn: &mut Conn, group: &mut Object, network: &Network) -> Result<()> {
    let Some(id) = group.get("id").and_then(Value::as_str).map(str::to_owned) else { return Ok(()) };
    let known = moves::of(conn, network.id)?;
    let came = |it: &&Move| it.to_uri == id && matches!(it.state, MoveState::Prepared | MoveState::Done);
    let mut before: Vec<&str> = known.iter().filter(came).map(|it| it.from_uri.as_str()).collect();
    if !before.is_empty() {
        // And where it lived before that: of its people there nobody else tells who joins now.
        before.extend(known.iter().filter(|it| it.state == MoveState::Done).map(|it| it.from_uri.as_str()));
        before.retain(|from| *from != id);
        before.sort_unstable();
        before.dedup();
        group.insert("alsoKnownAs".to_owned(), before.into());
    }
    if known.iter().any(|it| it.to_uri == id && it.state == MoveState::Done) {
        // Of people whose instance may be gone nobody else tells who joins it now.
        group.insert("posts".to_owned(), format!("{id}/posts").into());
    }
    let signed = known.iter().rev().filter(came).find(|it| it.by_uri.is_some());
    if let Some(signed) = signed {
        let activity: Value = serde_json::from_str(&signed.activity).map_err(Error::internal)?;
        group.insert("continuation".to_owned(), activity);
    }
    let went = known.iter().rev().find(|it| it.from_uri == id && it.state == MoveState::Done);
    if let Some(went) = went {
        group.insert("movedTo".to_owned(), went.to_uri.clone().into());
    }
    Ok(())
}
