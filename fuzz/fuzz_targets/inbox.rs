//! A message that somebody sends to an inbox, or an object that another instance answers with, whatever stands in it.

#![no_main]

use kring_activitypub::wire::{self, Activity, Actor, Post};
use kring_activitypub::{keys, proof};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fn read(object: &Map<String, Value>) {
    let _ = Actor::parse(object);
    let _ = Post::parse(object);
    if let Ok(activity) = Activity::parse(object) {
        assert!(wire::same_host(&activity.id, &activity.actor), "{activity:?}");
        let _ = (activity.object_id(), activity.object_ids(), activity.order_key());
        if let Some(Ok(inner)) = activity.inner() {
            assert!(wire::same_host(&inner.id, &inner.actor), "{inner:?}");
            let _ = (inner.object_id(), inner.order_key());
        }
        if let Some(object) = activity.object.as_object() {
            let _ = Post::parse(object);
        }
    }
    if let Ok(claim) = proof::Claim::of(&Value::Object(object.clone()))
        && let Ok(key) = keys::PublicKey::from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    {
        // Nobody has the key to it.
        assert!(claim.proves(&key).is_err(), "{object:?}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(object) = wire::object(bytes) {
        read(&object);
        if let Some(inner) = object.get("object").and_then(Value::as_object) {
            read(inner);
        }
    }
});
