//! Collections of other servers, page by page, whichever way they are told: all at once, or in pages that stand in each
//! other or lead to each other.

use kring_activitypub::wire;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::app::App;
use crate::error::{Error, Result};
use crate::federation::actors::Remote;
use crate::federation::asking::{self, Unanswered};

/// Most pages of one collection.
const PAGES: usize = 10;

/// Most things of one collection that are looked at.
const ITEMS: usize = 1_000;

/// A page.
struct Page {
    items: Vec<Value>,
    next: Option<Url>,
}

type Told = std::result::Result<Page, Unanswered>;

/// Asks for a page, or for a collection, which stands for its first page.
async fn page(app: &App, url: &Url) -> Result<Told> {
    let told = match asking::ask(app, url).await? {
        Ok(told) => told,
        Err(why) => return Ok(Err(why)),
    };
    let here = read(url, &told.object);
    if !here.items.is_empty() || here.next.is_some() {
        return Ok(Ok(here));
    }
    match told.object.get("first") {
        Some(Value::Object(first)) => Ok(Ok(read(url, first))),
        Some(first) => match own(url, first) {
            Some(first) => Ok(asking::ask(app, &first).await?.map(|told| read(&first, &told.object))),
            None => Ok(Ok(here)),
        },
        None => Ok(Ok(here)),
    }
}

fn read(url: &Url, object: &Map<String, Value>) -> Page {
    let items = object.get("orderedItems").or_else(|| object.get("items"));
    let items = match items {
        Some(Value::Array(items)) => items.iter().take(ITEMS).cloned().collect(),
        // One thing needs no list in JSON-LD.
        Some(one @ (Value::String(_) | Value::Object(_))) => vec![one.clone()],
        _ => Vec::new(),
    };
    Page {
        items,
        next: object.get("next").and_then(|next| own(url, next)),
    }
}

/// The address of a page, where it is of the same server: no collection leads elsewhere.
fn own(url: &Url, page: &Value) -> Option<Url> {
    wire::id_of(page).filter(|page| wire::same_host(page, url) && page != url)
}

/// Everything of a collection, as far as it is looked at.
pub async fn all(app: &App, url: &Url) -> Result<std::result::Result<Vec<Value>, Unanswered>> {
    rest(app, Vec::new(), Some(url.clone())).await
}

/// Everything of a collection that stands in what it belongs to, whole or in part, or is told by its address; and where
/// it is.
pub async fn within(app: &App, told: &Value) -> Result<std::result::Result<(Url, Vec<Value>), Unanswered>> {
    let first = told.get("first").filter(|first| first.is_object());
    let Some(at) = wire::id_of(told).or_else(|| first.and_then(wire::id_of)) else {
        return Ok(Err(Unanswered::Unusable("the collection has no address")));
    };
    let pages = [Some(told), first].into_iter().flatten().filter_map(Value::as_object);
    let here = pages.map(|page| read(&at, page)).find(|page| !page.items.is_empty() || page.next.is_some());
    let items = match here {
        Some(page) => rest(app, page.items, page.next).await?,
        None => all(app, &at).await?,
    };
    Ok(items.map(|items| (at, items)))
}

async fn rest(
    app: &App,
    mut items: Vec<Value>,
    mut next: Option<Url>,
) -> Result<std::result::Result<Vec<Value>, Unanswered>> {
    for _ in 0..PAGES {
        let Some(url) = next.take().filter(|_| items.len() < ITEMS) else { break };
        match page(app, &url).await? {
            Ok(page) => {
                items.extend(page.items);
                next = page.next;
            }
            // What was found so far is something.
            Err(_) if !items.is_empty() => break,
            Err(why) => return Ok(Err(why)),
        }
    }
    items.truncate(ITEMS);
    Ok(Ok(items))
}

/// How far a collection is read, from its last page to its first: what comes last is the oldest, and is taken first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Walk {
    begun: bool,
    read: bool,
    /// Pages that were found and not taken.
    pages: Vec<String>,
    /// The page that is looked at next.
    next: Option<String>,
}

impl Walk {
    /// Was the collection there at all?
    pub fn was_read(&self) -> bool {
        self.read
    }

    /// What stands at this address is not all taken: it is looked at once more.
    pub fn again(&mut self, at: &Url) {
        self.pages.push(at.to_string());
    }

    /// What is to be taken next, and where it stands; `None` at the end. An error where the home is away: later again.
    pub async fn next(
        &mut self,
        app: &App,
        home: &Remote,
        collection: Option<&str>,
    ) -> Result<Option<(Url, Vec<Value>)>> {
        if !self.begun {
            self.begun = true;
            self.next = collection.map(str::to_owned);
        }
        while let Some(url) = self.next.take().as_deref().and_then(wire::address) {
            match page(app, &url).await? {
                Ok(page) => {
                    self.read = true;
                    if self.pages.is_empty() && page.next.is_none() {
                        return Ok(Some((url, page.items)));
                    }
                    self.pages.push(url.into());
                    let more = page.next.map(String::from).filter(|next| !self.pages.contains(next));
                    self.next = more.filter(|_| self.pages.len() < PAGES);
                }
                Err(why) => self.without(home, &url, why)?,
            }
        }
        while let Some(url) = self.pages.pop().as_deref().and_then(wire::address) {
            match page(app, &url).await? {
                Ok(page) => return Ok(Some((url, page.items))),
                Err(why) => {
                    let page = url.to_string();
                    if let Err(cause) = self.without(home, &url, why) {
                        self.pages.push(page);
                        return Err(cause);
                    }
                }
            }
        }
        Ok(None)
    }

    /// A page that is not there is passed over.
    fn without(&mut self, home: &Remote, url: &Url, why: Unanswered) -> Result<()> {
        if why.may_pass() || matches!(why, Unanswered::Enough) {
            self.next = Some(url.to_string());
            return Err(Error::internal(why));
        }
        tracing::info!(network = home.uri, %url, %why, "a page of what was written before is not there");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn page(value: Value) -> (usize, Option<String>) {
        let url = Url::parse("https://a.example/outbox").unwrap();
        let page = read(&url, value.as_object().unwrap());
        (page.items.len(), page.next.map(String::from))
    }

    #[test]
    fn pages_are_read_as_servers_tell_them_and_lead_nowhere_else() {
        for (value, count, next) in [
            (json!({ "orderedItems": [1, 2] }), 2, None),
            (json!({ "items": "https://a.example/1" }), 1, None),
            (
                json!({ "items": [], "next": "https://a.example/outbox?page=2" }),
                0,
                Some("https://a.example/outbox?page=2"),
            ),
            (json!({ "items": [], "next": { "id": "https://a.example/2" } }), 0, Some("https://a.example/2")),
            (json!({ "items": [1], "next": "https://b.example/2" }), 1, None),
            (json!({ "items": [1], "next": "https://a.example/outbox" }), 1, None),
            (json!({ "items": 7 }), 0, None),
            (json!({}), 0, None),
        ] {
            assert_eq!(page(value.clone()), (count, next.map(str::to_owned)), "{value}");
        }
    }
}
