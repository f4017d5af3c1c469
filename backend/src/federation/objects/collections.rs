//! Collections: what an actor did, who follows it, what belongs together.

use serde_json::{Value, json};

use super::{Object, object};

/// A list of addresses, in their order.
pub fn ids(id: &str, items: &[String]) -> Object {
    object(json!({ "id": id, "type": "OrderedCollection", "totalItems": items.len(), "orderedItems": items }))
}

/// How many there are, and nobody's name: who follows a network is told to nobody.
pub fn collection(id: &str, count: i64) -> Object {
    object(json!({ "id": id, "type": "Collection", "totalItems": count, "items": [] }))
}

/// Whole objects, as Lemmy wants what is pinned.
pub fn featured(id: &str, items: Vec<Object>) -> Object {
    object(json!({ "id": id, "type": "OrderedCollection", "totalItems": items.len(), "orderedItems": items }))
}

/// What a group announced: each object in the creation of it, as Lemmy wants it.
pub fn outbox(id: &str, count: i64, items: Vec<Value>) -> Object {
    object(json!({ "id": id, "type": "OrderedCollection", "totalItems": count, "orderedItems": items }))
}
