//! Replies: a tree in one stable order, in pages, around a given one; edited, deleted in place.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, Response, TestApp};

/// A thread of ann and bob, and the path of its replies.
struct Stage {
    ann: Client,
    bob: Client,
    replies: String,
}

async fn stage(app: &TestApp) -> Stage {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
    ann.post("/v1/networks", network).await.expect(201);
    bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    let replies = thread(&ann).await;
    Stage { ann, bob, replies }
}

/// Starts a thread; the path of its replies.
async fn thread(who: &Client) -> String {
    let thread = json!({ "title": "Perron", "body": "Te laag." });
    let thread = who.post("/v1/networks/haltes/threads", thread).await.expect(201);
    format!("{}/replies", thread.header("location"))
}

impl Stage {
    /// Writes a reply to another, or to the thread; its id.
    async fn write(&self, parent: Option<&str>, body: &str) -> String {
        let reply = json!({ "body": body, "parent": parent });
        self.bob.post(&self.replies, reply).await.expect(201).text("/id")
    }

    async fn get(&self, query: &str) -> Response {
        self.ann.get(&format!("{}?{query}", self.replies)).await
    }

    /// The whole tree in one piece.
    async fn whole(&self) -> Vec<Value> {
        self.get("limit=100").await.expect(200).each("id")
    }

    /// A tree of `count` replies that answer each other criss-cross.
    async fn grow(&self, count: usize) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for number in 0..count {
            let place = (number * 7 + 3) % (ids.len() + 1);
            let parent = ids.get(place).cloned();
            ids.push(self.write(parent.as_deref(), &number.to_string()).await);
        }
        ids
    }
}

/// Where a link of this kind leads.
fn link(page: &Response, relation: &str) -> Option<String> {
    let links = page.headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    let wanted = format!("; rel=\"{relation}\"");
    let link = links.into_iter().find_map(|link| link.strip_suffix(wanted.as_str()))?;
    Some(link.trim_matches(['<', '>']).to_owned())
}

both! {
    async fn replies_are_read_depth_first_and_siblings_by_time(app: &TestApp) {
        let stage = stage(app).await;
        let one = stage.write(None, "1").await;
        let two = stage.write(None, "2").await;
        let deep = stage.write(Some(&one), "1.1").await;
        stage.write(Some(&two), "2.1").await;
        stage.write(Some(&deep), "1.1.1").await;
        stage.write(Some(&one), "1.2").await;
        stage.write(None, "3").await;
        let tree = stage.get("").await.expect(200);
        assert_eq!(tree.each("body"), ["1", "1.1", "1.1.1", "1.2", "2", "2.1", "3"]);
        assert_eq!(tree.each("depth"), [0, 1, 2, 1, 0, 1, 0]);
        assert_eq!(tree.each("seq"), [1, 3, 5, 6, 2, 4, 7]);
        assert_eq!(tree["items"][2]["parent"], deep);
        assert_eq!(tree["items"][6]["parent"], Value::Null);
        assert_eq!((&tree["nextCursor"], &tree["previousCursor"]), (&Value::Null, &Value::Null));
    }

    async fn pages_of_a_tree_join_to_the_whole_forward_and_back(app: &TestApp) {
        let stage = stage(app).await;
        stage.grow(23).await;
        let whole = stage.whole().await;
        assert_eq!(whole.len(), 23);
        for limit in [1, 2, 5, 7, 23, 24] {
            let mut found = Vec::new();
            let mut next = Some(format!("{}?limit={limit}", stage.replies));
            let mut last = String::new();
            while let Some(path) = next.take() {
                let page = stage.ann.get(&path).await.expect(200);
                found.extend(page.each("id"));
                next = link(&page, "next");
                assert_eq!(next.is_some(), page["nextCursor"].is_string());
                last = path;
            }
            assert_eq!(found, whole, "{limit} at a time");
            let mut back = Vec::new();
            let mut previous = Some(last);
            while let Some(path) = previous.take() {
                let page = stage.ann.get(&path).await.expect(200);
                back.splice(0..0, page.each("id"));
                previous = link(&page, "prev");
                assert_eq!(previous.is_some(), page["previousCursor"].is_string());
            }
            assert_eq!(back, whole, "back, {limit} at a time");
        }
    }

    async fn a_page_around_a_reply_holds_it_and_its_neighbours(app: &TestApp) {
        let stage = stage(app).await;
        stage.grow(12).await;
        let whole = stage.whole().await;
        for (place, id) in whole.iter().enumerate() {
            for limit in [1, 2, 5, 100] {
                let id = id.as_str().expect("an id");
                let page = stage.get(&format!("around={id}&limit={limit}")).await.expect(200);
                let found = page.each("id");
                let begin = place.saturating_sub(limit / 2);
                let end = (begin + limit).min(whole.len());
                assert_eq!(found, whole[begin..end], "{limit} around the {place}th");
                assert_eq!(page["previousCursor"].is_string(), begin > 0);
                assert_eq!(page["nextCursor"].is_string(), end < whole.len());
            }
        }
    }

    async fn a_piece_stays_where_it_was_while_others_write(app: &TestApp) {
        let stage = stage(app).await;
        let ids = stage.grow(10).await;
        let before = stage.whole().await;
        let first = stage.get("limit=5").await.expect(200);
        // Behind the reader, before them, and beneath what they read last.
        let last = first.each("id").pop().expect("one");
        for parent in [None, Some(ids[0].as_str()), last.as_str()] {
            stage.write(parent, "erbij").await;
        }
        let again = stage.get("limit=5").await.expect(200);
        let kept: Vec<Value> = again.each("id").into_iter().filter(|id| before.contains(id)).collect();
        assert_eq!(kept, before[..kept.len()]);
        let rest = stage.get(&format!("limit=100&cursor={}", first.text("/nextCursor"))).await.expect(200);
        let known: Vec<Value> = rest.each("id").into_iter().filter(|id| before.contains(id)).collect();
        assert_eq!(known, before[5..], "nothing is read twice and nothing is passed over");
    }

    async fn what_was_deleted_keeps_its_place_and_nothing_else(app: &TestApp) {
        let stage = stage(app).await;
        let one = stage.write(None, "Geheim.").await;
        stage.write(Some(&one), "Antwoord.").await;
        let path = format!("/v1/replies/{one}");
        stage.ann.call("PUT", &format!("{path}/reactions/thanks")).await.expect(200);
        stage.bob.patch(&path, json!({ "body": "Ook geheim." })).await.expect(200);
        let page = stage.get("limit=1").await.expect(200);
        app.member("eve").await.delete(&path).await.problem(403, "members_only");
        stage.ann.delete(&path).await.expect(204);
        for gone in [path.clone(), format!("{path}/versions")] {
            stage.bob.get(&gone).await.problem(404, "not_found");
        }
        stage.bob.patch(&path, json!({ "body": "Terug." })).await.problem(404, "not_found");
        stage.bob.delete(&path).await.problem(404, "not_found");
        stage.bob.call("PUT", &format!("{path}/reactions/thanks")).await.problem(404, "not_found");
        let tree = stage.get("").await.expect(200);
        assert_eq!((&tree["items"][0]["deleted"], &tree["items"][0]["author"]), (&json!(true), &Value::Null));
        assert!(!tree.body().contains("eheim"), "{tree}");
        assert_eq!(tree["items"][0]["reactions"]["thanks"], 0);
        assert_eq!(tree.each("body"), ["", "Antwoord."]);
        // A reader who was at its place goes on from there; who answered it still can be answered.
        let rest = stage.get(&format!("cursor={}", page.text("/nextCursor"))).await.expect(200);
        assert_eq!(rest.each("body"), ["Antwoord."]);
        stage.write(Some(&one), "Toch nog.").await;
        let thread = stage.replies.trim_end_matches("/replies");
        let thread = stage.ann.get(thread).await.expect(200);
        assert_eq!((&thread["replyCount"], &thread["lastSeq"]), (&json!(2), &json!(3)));
    }

    async fn who_deletes_a_reply_twice_at_once_deletes_it_once(app: &TestApp) {
        let stage = stage(app).await;
        stage.write(None, "Blijft.").await;
        let path = format!("/v1/replies/{}", stage.write(None, "Gaat.").await);
        let (one, other) = tokio::join!(stage.bob.delete(&path), stage.ann.delete(&path));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 404]);
        let thread = stage.replies.trim_end_matches("/replies");
        assert_eq!(stage.ann.get(thread).await.expect(200)["replyCount"], 1);
    }

    async fn many_who_reply_at_once_each_get_a_number_of_their_own(app: &TestApp) {
        let stage = stage(app).await;
        let post = |body: &str| stage.bob.post(&stage.replies, json!({ "body": body })).into_future();
        use std::future::IntoFuture as _;
        let written = futures_util::future::join_all((0..8).map(|number| post(&number.to_string()))).await;
        let mut numbers: Vec<i64> = written.into_iter().filter_map(|reply| reply.expect(201)["seq"].as_i64()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    async fn replies_nest_fifty_deep_and_no_deeper(app: &TestApp) {
        let stage = stage(app).await;
        let mut parent = stage.write(None, "0").await;
        for depth in 1..=50 {
            parent = stage.write(Some(&parent), &depth.to_string()).await;
        }
        let deeper = json!({ "body": "51", "parent": parent });
        stage.bob.post(&stage.replies, deeper).await.problem(409, "too_deep");
        assert_eq!(stage.get(&format!("around={parent}&limit=1")).await.expect(200).each("depth"), [50]);
    }

    async fn an_id_of_another_conversation_is_told_where_it_stands(app: &TestApp) {
        let stage = stage(app).await;
        let foreign = {
            let elsewhere = thread(&stage.ann).await;
            stage.ann.post(&elsewhere, json!({ "body": "Elders." })).await.expect(201).text("/id")
        };
        for (id, code) in [(foreign.as_str(), "unknown_reply"), ("0000000000000", "unknown_reply"), ("x", "unknown_reply")] {
            let sent = json!({ "body": "B", "parent": id });
            assert_eq!(stage.bob.post(&stage.replies, sent).await.faults(), [format!("/parent {code}")]);
            assert_eq!(stage.get(&format!("around={id}")).await.faults(), [format!("?around {code}")]);
        }
        assert_eq!(stage.get(&format!("cursor={foreign}")).await.faults(), ["?cursor cursor"]);
        assert_eq!(stage.get(&format!("before={foreign}")).await.faults(), ["?before cursor"]);
        let thread = stage.replies.trim_end_matches("/replies");
        let screen = stage.ann.get(&format!("{thread}?include=replies&around={foreign}")).await;
        assert_eq!(screen.faults(), ["?around unknown_reply"]);
        assert_eq!(stage.get("limit=-1&cursor=x&before=x").await.faults(), [
            "?before unknown_reply", "?cursor cursor", "?limit limit",
        ]);
    }

    async fn a_reply_is_edited_by_its_author_with_a_history(app: &TestApp) {
        let stage = stage(app).await;
        let written = stage.bob.post(&stage.replies, json!({ "body": "Klopt.", "language": "EN-gb" })).await.expect(201);
        let path = written.header("location");
        assert_eq!((&written["language"], &written["parent"]), (&json!("en-GB"), &Value::Null));
        stage.ann.patch(path, json!({ "body": "Klopt niet." })).await.problem(403, "author_only");
        let edited = stage.bob.patch(path, json!({ "body": "Klopt *precies*." }));
        let edited = edited.header("if-match", written.header("etag")).await.expect(200);
        assert_eq!(edited["bodyHtml"], "<p>Klopt <em>precies</em>.</p>\n");
        let stale = stage.bob.patch(path, json!({ "body": "Oud." })).header("if-match", written.header("etag"));
        stale.await.problem(412, "stale");
        assert_eq!(stage.bob.patch(path, json!({})).await.expect(200)["editedAt"], edited["editedAt"]);
        let history = app.anonymous().get(&format!("{path}/versions")).await.expect(200);
        assert_eq!(history.each("body"), ["Klopt."]);
        assert_eq!(stage.bob.patch(path, json!({ "body": " ", "parent": "x" })).await.faults(), [
            "/body empty", "/parent unknown_field",
        ]);
        let etag = stage.ann.get(path).await.expect(200).header("etag").to_owned();
        stage.ann.get(path).header("if-none-match", &etag).await.expect(304);
    }

    async fn a_reply_does_not_slip_past_a_lock_that_is_being_set(app: &TestApp) {
        use diesel::prelude::*;
        use kring_db::schema::threads;
        let stage = stage(app).await;
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (kring, mut begun) = (app.kring.clone(), Some(begun));
        let locking = tokio::spawn(async move {
            let now = kring.clock.now();
            kring.db.write(move |tx| {
                diesel::update(threads::table).set(threads::locked_at.eq(now)).execute(tx.conn())?;
                begun.take().map(|begun| begun.send(()));
                // Long enough for the reply to come this far and wait.
                std::thread::sleep(std::time::Duration::from_millis(300));
                Ok::<_, kring::error::Error>(())
            }).await
        });
        has_begun.await.unwrap();
        stage.bob.post(&stage.replies, json!({ "body": "Nog net." })).await.problem(403, "thread_locked");
        locking.await.unwrap().unwrap();
    }

    async fn a_reply_that_is_sent_twice_is_one(app: &TestApp) {
        let stage = stage(app).await;
        let send = |body: &str| {
            stage.bob.post(&stage.replies, json!({ "body": body })).header("idempotency-key", "k")
        };
        let first = send("Klopt.").await.expect(201);
        assert_eq!(send("Klopt.").await.expect(201)["id"], first["id"]);
        send("Klopt niet.").await.problem(409, "idempotency_key_reused");
        // The same key for another conversation is another request.
        let elsewhere = thread(&stage.ann).await;
        let again = stage.bob.post(&elsewhere, json!({ "body": "Klopt." })).header("idempotency-key", "k");
        again.await.problem(409, "idempotency_key_reused");
        assert_eq!(stage.whole().await.len(), 1);
    }
}
