//! Reactions: `Like`. The plain one is thanks; the others are told by their name in `content`, which who does not know
//! them takes for a like.

use kring_activitypub::wire::Activity;
use kring_db::Tx;
use serde_json::{Value, json};

use super::{By, Deed, Taken};
use crate::accounts;
use crate::app::Context;
use crate::error::Result;
use crate::networks;
use crate::threads::{self, ReactionKind, Subject};

pub fn take(tx: &mut Tx, cx: &Context, deed: &Deed) -> Result<Taken> {
    let Some((network, thread, reply)) = deed.post(tx, cx)? else {
        return Ok(Taken::Early("what it reacts to is not known".to_owned()));
    };
    let Some(person) = deed.sender.person_id else { return Ok(Taken::dropped("only people react")) };
    let who = match deed.by(tx, &network)? {
        None => return Ok(Taken::dropped("that network is not theirs to speak for")),
        Some(By::Member(who)) => who,
        Some(By::Home) => {
            if !deed.undone {
                networks::takes_part(tx, cx, network.id, person)?;
            }
            accounts::acting_elsewhere(tx, person)?
        }
    };
    let subject = reply.map_or(Subject::Thread(thread), Subject::Reply);
    let kind = kind(&deed.what);
    let done = match deed.undone {
        false => threads::react(tx, cx, &who, subject, kind),
        true => threads::take_back(tx, cx, &who, subject, kind),
    };
    Taken::ruled(done, network, Some(thread))
}

/// Which reaction a `Like` is.
fn kind(like: &Activity) -> ReactionKind {
    like.content.as_deref().and_then(|name| name.parse().ok()).unwrap_or(ReactionKind::Thanks)
}

/// What a `Like` says besides to what it is.
pub fn content(kind: ReactionKind) -> Value {
    match kind {
        ReactionKind::Thanks => json!({}),
        named => json!({ "content": named }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn like(more: Value) -> Activity {
        let mut like = json!({
            "id": "https://a.example/activities/like/1", "type": "Like", "actor": "https://a.example/u/ann",
            "object": "https://b.example/post/1", "audience": "https://b.example/c/tuin",
        });
        like.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Activity::parse(like.as_object().unwrap()).unwrap()
    }

    #[test]
    fn a_like_is_thanks_unless_it_names_a_reaction_of_kring() {
        assert_eq!(kind(&like(json!({}))), ReactionKind::Thanks);
        assert_eq!(kind(&like(json!({ "content": "🎉" }))), ReactionKind::Thanks);
        for kind_of in ReactionKind::ALL {
            assert_eq!(kind(&like(content(*kind_of))), *kind_of);
        }
    }
}
