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

/// A collection that is read page by page: how much there is, and where it begins.
pub fn paged(id: &str, count: i64, first: &str) -> Object {
    object(json!({ "id": id, "type": "OrderedCollection", "totalItems": count, "first": first }))
}

/// A page of it; `next` where there is more.
pub fn page(id: &str, of: &str, items: Vec<Value>, next: Option<String>) -> Object {
    let mut page =
        object(json!({ "id": id, "type": "OrderedCollectionPage", "partOf": of, "orderedItems": items }));
    page.extend(next.map(|next| ("next".to_owned(), next.into())));
    page
}
