//! What a Lemmy sends and answers with, in the shapes that Lemmy 1.0.0-beta.1 was seen to use when it ran beside Kring:
//! words and names are our own. What became of it there is in FEDERATION.md.

use kring_activitypub::keys::Algorithm;
use serde_json::{Value, json};

use super::across::trying;
use crate::both;
use crate::harness::elsewhere::Elsewhere;
use crate::harness::{Client, TestApp};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A Lemmy with a community, `straat`, and two people.
struct Lemmy {
    peer: Elsewhere,
    sent: std::cell::Cell<u32>,
}

impl Lemmy {
    fn open() -> Self {
        let peer = Elsewhere::with(Algorithm::Rsa);
        let (base, context) = (peer.base.clone(), context());
        for name in ["ria", "mod"] {
            let id = format!("{base}/u/{name}");
            peer.tell(
                &format!("/u/{name}"),
                json!({
                    "@context": context, "type": "Person", "id": id, "preferredUsername": name, "inbox": format!("{base}/inbox"),
                    "outbox": format!("{id}/outbox"), "publicKey": peer.public_key(&id, "main-key"),
                    "endpoints": { "sharedInbox": format!("{base}/inbox") }, "published": "2026-10-01T08:00:00.120001Z",
                }),
            );
        }
        let lemmy = Self { peer, sent: std::cell::Cell::new(0) };
        lemmy.peer.tell("/c/straat", lemmy.community());
        lemmy.peer.found_by_name("straat", &lemmy.group());
        lemmy.list("/c/straat/moderators", vec![json!(lemmy.person("mod"))]);
        lemmy.list("/c/straat/featured", Vec::new());
        let early = lemmy.page("ria", &lemmy.group(), 1, ("Van vroeger", "Wie kent **dit**?"));
        let create = lemmy.write("Create", "ria", &lemmy.group(), early);
        lemmy.list("/c/straat/outbox", vec![lemmy.announce(create)]);
        lemmy
    }

    /// What the community says of itself.
    fn community(&self) -> Value {
        let (base, group) = (&self.peer.base, self.group());
        json!({
            "@context": context(), "type": "Group", "id": group, "preferredUsername": "straat", "inbox": format!("{base}/inbox"),
            "followers": format!("{group}/followers"), "publicKey": self.peer.public_key(&group, "main-key"), "name": "De straat",
            "summary": "<p>Over <strong>stoepen</strong></p>\n", "source": { "content": "Over **stoepen**", "mediaType": "text/markdown" },
            "mediaType": "text/html", "sensitive": false, "attributedTo": format!("{group}/moderators"), "postingRestrictedToMods": false,
            "outbox": format!("{group}/outbox"), "featured": format!("{group}/featured"),
            "endpoints": { "sharedInbox": format!("{base}/inbox") }, "manuallyApprovesFollowers": false,
            "language": [{ "identifier": "und", "name": "Undetermined" }, { "identifier": "nl", "name": "Nederlands" }],
            "published": "2026-10-01T08:00:00.120001Z",
        })
    }

    fn group(&self) -> String {
        format!("{}/c/straat", self.peer.base)
    }

    fn person(&self, name: &str) -> String {
        format!("{}/u/{name}", self.peer.base)
    }

    fn list(&self, path: &str, items: Vec<Value>) {
        let id = format!("{}{path}", self.peer.base);
        self.peer.tell(
            path,
            json!({ "@context": context(), "type": "OrderedCollection", "id": id, "totalItems": items.len(), "orderedItems": items }),
        );
    }

    /// The id of a new activity.
    fn id(&self, kind: &str) -> String {
        self.sent.set(self.sent.get() + 1);
        format!("{}/activities/{kind}/0000-{}", self.peer.base, self.sent.get())
    }

    fn page(&self, author: &str, group: &str, number: u32, (title, body): (&str, &str)) -> Value {
        let id = format!("{}/post/{number}", self.peer.base);
        json!({
            "type": "Page", "id": id, "attributedTo": self.person(author), "to": [group, PUBLIC], "name": title, "cc": [],
            "content": format!("<p>{body}</p>\n"), "mediaType": "text/html", "source": { "content": body, "mediaType": "text/markdown" },
            "attachment": [], "sensitive": false, "published": format!("2026-11-23T08:{number:02}:00.963817Z"),
            "language": { "identifier": "und", "name": "Undetermined" }, "audience": group,
            "tag": [{ "href": id, "name": "#straat", "type": "Hashtag" }, { "href": group, "name": "@straat@elders", "type": "Mention" }],
            "context": format!("{id}/context"),
        })
    }

    fn note(&self, author: &str, group: &str, number: u32, (answers, body): (&str, &str)) -> Value {
        let id = format!("{}/comment/{number}", self.peer.base);
        json!({
            "type": "Note", "id": id, "attributedTo": self.person(author), "to": [group, PUBLIC], "cc": [], "content": format!("<p>{body}</p>\n"),
            "inReplyTo": answers, "mediaType": "text/html", "source": { "content": body, "mediaType": "text/markdown" },
            "published": format!("2026-11-23T08:{number:02}:30.086406Z"), "tag": [{ "href": group, "name": "@straat@elders", "type": "Mention" }],
            "distinguished": false, "language": { "identifier": "und", "name": "Undetermined" }, "audience": group, "attachment": [],
            "context": format!("{id}/context"),
        })
    }

    /// `Create` or `Update` of something whole.
    fn write(&self, kind: &str, actor: &str, group: &str, object: Value) -> Value {
        json!({
            "actor": self.person(actor), "to": [group, PUBLIC], "object": object, "cc": [group], "tag": [], "type": kind,
            "id": self.id(&kind.to_lowercase()), "audience": group,
        })
    }

    /// What is done to something that is named.
    fn does(&self, kind: &str, actor: &str, group: &str, object: Value) -> Value {
        json!({
            "actor": self.person(actor), "to": [group, PUBLIC], "object": object, "cc": [group], "type": kind,
            "id": self.id(&kind.to_lowercase()), "audience": group,
        })
    }

    fn announce(&self, activity: Value) -> Value {
        let group = self.group();
        json!({
            "@context": context(), "actor": group, "to": [group, PUBLIC], "object": activity, "cc": [format!("{group}/followers")],
            "type": "Announce", "id": self.id("announce"),
        })
    }

    /// Sends what its actor signed, and lets it be taken.
    async fn signed(&self, app: &TestApp, activity: &Value) {
        let key = format!("{}#main-key", activity["actor"].as_str().unwrap());
        self.peer.send_as(app, &key, activity).await.expect(202);
        app.settle().await;
    }

    /// The community tells on what somebody did in it.
    async fn tells(&self, app: &TestApp, activity: Value) {
        self.signed(app, &self.announce(activity)).await;
    }

    /// Somebody does something in a network of Kring's.
    async fn sends(&self, app: &TestApp, mut activity: Value) {
        activity["@context"] = context();
        self.signed(app, &activity).await;
    }
}

fn context() -> Value {
    json!(["https://join-lemmy.org/context.json", "https://www.w3.org/ns/activitystreams"])
}

/// With the time in which something was changed since.
fn updated(mut object: Value, body: &str) -> Value {
    object["source"]["content"] = body.into();
    object["content"] = format!("<p>{body}</p>\n").into();
    object["updated"] = "2026-11-23T08:59:00.238456Z".into();
    object
}

async fn first(who: &Client, path: &str) -> Value {
    who.get(path).await.expect(200)["items"][0].clone()
}

both! {
    [trying]
    async fn what_happens_in_a_community_of_lemmy_happens_here(app: &TestApp) {
        let lemmy = Lemmy::open();
        app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let ann = app.member("ann").await;
        let network = format!("straat@{}", lemmy.peer.host());
        ann.post(&format!("/v1/networks/{network}/memberships"), json!({})).await.expect(201);
        app.settle().await;
        let follow = format!("{}/@ann", app.base);
        let asked = json!({ "type": "Follow", "actor": follow, "object": lemmy.group(), "id": follow_of(app).await });
        let accept = json!({ "@context": context(), "type": "Accept", "id": lemmy.id("accept"), "actor": lemmy.group(), "to": [follow], "object": asked });
        lemmy.signed(app, &accept).await;
        let seen = ann.get(&format!("/v1/networks/{network}")).await.expect(200);
        assert_eq!((&seen["name"], &seen["description"]), (&json!("De straat"), &json!("Over **stoepen**")));
        let threads = format!("/v1/networks/{network}/threads");
        let early = first(&ann, &threads).await;
        assert_eq!((&early["title"], &early["body"]), (&json!("Van vroeger"), &json!("Wie kent **dit**?")));

        // Its moderators call it something else: it tells that, and is asked what it says of itself now.
        let group = lemmy.group();
        let mut renamed = lemmy.community();
        (renamed["name"], renamed["source"]["content"]) = ("De stoep".into(), "Over *stoepen*, en tegels".into());
        lemmy.peer.tell("/c/straat", renamed.clone());
        lemmy.tells(app, lemmy.write("Update", "mod", &group, renamed)).await;
        let seen = ann.get(&format!("/v1/networks/{network}")).await.expect(200);
        assert_eq!((&seen["name"], &seen["description"]), (&json!("De stoep"), &json!("Over *stoepen*, en tegels")));

        let page = lemmy.page("ria", &group, 2, ("Stoep te smal", "Bij de *kerk*."));
        let note = lemmy.note("mod", &group, 3, (page["id"].as_str().unwrap(), "Hier ook."));
        lemmy.tells(app, lemmy.write("Create", "ria", &group, page.clone())).await;
        lemmy.tells(app, page.clone()).await;
        lemmy.tells(app, lemmy.write("Create", "mod", &group, note.clone())).await;
        let thread = first(&ann, &threads).await;
        assert_eq!((&thread["title"], &thread["body"]), (&json!("Stoep te smal"), &json!("Bij de *kerk*.")));
        let replies = format!("/v1/threads/{}/replies", thread["id"].as_str().unwrap());
        assert_eq!(first(&ann, &replies).await["author"]["handle"], format!("mod@{}", lemmy.peer.host()));
        assert_eq!(ann.get(&threads).await.expect(200)["items"].as_array().unwrap().len(), 2, "the page by itself is no second thread");

        lemmy.tells(app, lemmy.write("Update", "ria", &group, updated(page.clone(), "Bij de kerk, echt."))).await;
        lemmy.tells(app, lemmy.write("Update", "mod", &group, updated(note.clone(), "Hier ook, sinds mei."))).await;
        let mut like = lemmy.does("Like", "mod", &group, page["id"].clone());
        for gone in ["to", "cc"] {
            like.as_object_mut().unwrap().remove(gone);
        }
        lemmy.tells(app, like.clone()).await;
        let mut pin = lemmy.does("Add", "mod", &group, page["id"].clone());
        pin["target"] = format!("{group}/featured").into();
        lemmy.tells(app, pin).await;
        let mut lock = lemmy.does("Lock", "mod", &group, page["id"].clone());
        lock["summary"] = "Het is klaar.".into();
        lemmy.tells(app, lock.clone()).await;
        let read = first(&ann, &threads).await;
        assert_eq!((&read["body"], &read["pinned"], &read["locked"]), (&json!("Bij de kerk, echt."), &json!(true), &json!(true)));
        assert_eq!(read["reactions"]["thanks"], 1, "{read}");
        assert_eq!(first(&ann, &replies).await["body"], "Hier ook, sinds mei.");
        // What its home took before it was locked may come after.
        let late = lemmy.note("mod", &group, 9, (page["id"].as_str().unwrap(), "Net voor het slot."));
        lemmy.tells(app, lemmy.write("Create", "mod", &group, late.clone())).await;
        assert_eq!(first(&ann, &threads).await["replyCount"], 2);
        lemmy.tells(app, lemmy.does("Delete", "mod", &group, late["id"].clone())).await;

        lemmy.tells(app, lemmy.does("Undo", "mod", &group, lock)).await;
        lemmy.tells(app, lemmy.does("Undo", "mod", &group, like)).await;
        let mut removed = lemmy.does("Delete", "mod", &group, note["id"].clone());
        (removed["summary"], removed["withReplies"]) = ("Hoort hier niet.".into(), false.into());
        lemmy.tells(app, removed).await;
        let read = first(&ann, &threads).await;
        assert_eq!((&read["locked"], &read["reactions"]["thanks"]), (&json!(false), &json!(0)));
        assert_eq!(first(&ann, &replies).await["deleted"], true);
        lemmy.tells(app, lemmy.does("Delete", "ria", &group, page["id"].clone())).await;
        assert_eq!(first(&ann, &threads).await["title"], "Van vroeger");
    }

    [trying]
    async fn people_of_lemmy_take_part_in_a_network_of_here(app: &TestApp) {
        let lemmy = Lemmy::open();
        app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let ann = app.member("ann").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let thread = ann.post("/v1/networks/haltes/threads", json!({ "title": "Perron", "body": "Te laag." })).await.expect(201);
        let group = format!("{}/networks/haltes", app.base);
        let mut follow = lemmy.does("Follow", "ria", &group, group.clone().into());
        (follow["to"], follow["cc"]) = (json!([group]), Value::Null);
        lemmy.sends(app, follow.clone()).await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);

        let answers = format!("{}/threads/{}", app.base, thread.text("/id"));
        let note = lemmy.note("ria", &group, 5, (&answers, "Bij ons niet."));
        lemmy.sends(app, lemmy.write("Create", "ria", &group, note.clone())).await;
        let page = lemmy.page("ria", &group, 6, ("Bus rijdt door", "Elke *dag*."));
        lemmy.sends(app, lemmy.write("Create", "ria", &group, page.clone())).await;
        let replies = format!("/v1/threads/{}/replies", thread.text("/id"));
        let read = first(&ann, &replies).await;
        assert_eq!((&read["body"], &read["author"]["handle"]), (&json!("Bij ons niet."), &json!(format!("ria@{}", lemmy.peer.host()))));
        // By when she wrote it: before the other.
        let hers = ann.get("/v1/networks/haltes/threads").await.expect(200)["items"][1].clone();
        assert_eq!((&hers["title"], &hers["body"]), (&json!("Bus rijdt door"), &json!("Elke *dag*.")));

        lemmy.sends(app, lemmy.write("Update", "ria", &group, updated(note.clone(), "Bij ons niet meer."))).await;
        lemmy.sends(app, lemmy.does("Delete", "ria", &group, page["id"].clone())).await;
        assert_eq!(first(&ann, &replies).await["body"], "Bij ons niet meer.");
        assert_eq!(first(&ann, "/v1/networks/haltes/threads").await["title"], "Perron");
        // Who moderates there moderates nothing here.
        lemmy.sends(app, lemmy.does("Delete", "mod", &group, answers.into())).await;
        assert_eq!(first(&ann, "/v1/networks/haltes/threads").await["deleted"], false);
        lemmy.sends(app, lemmy.does("Undo", "ria", &group, follow)).await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 1);
    }
}

/// The id of the one `Follow` that was sent.
async fn follow_of(app: &TestApp) -> String {
    use diesel::prelude::*;
    use kring::error::Error;
    use kring_db::schema::follows;
    let found =
        app.kring.db.read(|conn| Ok::<String, Error>(follows::table.select(follows::uri).first(conn)?));
    found.await.unwrap()
}
