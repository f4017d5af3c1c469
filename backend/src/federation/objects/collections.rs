//! Collections: what an actor did, who follows it, what belongs together.

use serde_json::{Value, json};

use super::{Object, object};

/// Addresses or whole objects, in their order; `count` of them in all.
pub fn ordered(id: &str, count: i64, items: Vec<Value>) -> Object {
    object(json!({ "id": id, "type": "OrderedCollection", "totalItems": count, "orderedItems": items }))
}

/// How many there are, and nobody's name: who follows a network is told to nobody.
pub fn counted(id: &str, count: i64) -> Object {
    object(json!({ "id": id, "type": "Collection", "totalItems": count, "items": [] }))
}
