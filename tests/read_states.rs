//! What somebody has read, by the order of arrival.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, TestApp};

/// A thread of ann in `haltes`, which bob belongs to.
async fn thread(app: &TestApp) -> (Client, Client, String) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
    ann.post("/v1/networks", network).await.expect(201);
    bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    let thread = json!({ "title": "Perron", "body": "Te laag." });
    let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201);
    (ann, bob, thread.header("location").to_owned())
}

async fn reply(who: &Client, thread: &str, parent: Option<&str>) -> String {
    let reply = json!({ "body": "Klopt.", "parent": parent });
    who.post(&format!("{thread}/replies"), reply).await.expect(201).text("/id")
}

/// Is the thread new to somebody, and how many replies have they not read?
async fn unread(who: &Client) -> (bool, i64) {
    let list = who.get("/v1/networks/haltes/threads").await.expect(200);
    let thread = &list["items"][0];
    (thread["isNew"].as_bool().expect("said"), thread["unread"].as_i64().unwrap_or(-1))
}

async fn read(who: &Client, thread: &str, up_to: Option<&str>) -> Value {
    who.put(&format!("{thread}/read-state"), json!({ "reply": up_to })).await.expect(200)["unread"].clone()
}

both! {
    async fn a_thread_is_new_until_it_is_opened_and_then_counts_what_came(app: &TestApp) {
        let (ann, bob, path) = thread(app).await;
        assert_eq!((unread(&ann).await, unread(&bob).await), ((false, 0), (true, 0)));
        assert_eq!(unread(&app.anonymous()).await, (false, -1), "nobody is nobody's reader");
        assert_eq!(read(&bob, &path, None).await, 0);
        assert_eq!(unread(&bob).await, (false, 0));
        for _ in 0..3 {
            reply(&ann, &path, None).await;
        }
        assert_eq!((unread(&ann).await, unread(&bob).await), ((false, 0), (false, 3)));
        assert_eq!(read(&bob, &path, None).await, 0);
        assert_eq!(unread(&bob).await, (false, 0));
    }

    async fn one_reads_up_to_a_reply_and_never_back(app: &TestApp) {
        let (ann, bob, path) = thread(app).await;
        let mut ids = Vec::new();
        for _ in 0..4 {
            ids.push(reply(&ann, &path, None).await);
        }
        assert_eq!(read(&bob, &path, Some(&ids[2])).await, 1);
        assert_eq!(read(&bob, &path, Some(&ids[0])).await, 1);
        assert_eq!(unread(&bob).await, (false, 1));
        let elsewhere = json!({ "title": "Elders", "body": "B" });
        let elsewhere = ann.post("/v1/networks/haltes/threads", elsewhere).await.expect(201);
        let foreign = reply(&ann, elsewhere.header("location"), None).await;
        for id in [foreign.as_str(), "nonsense"] {
            let answer = bob.put(&format!("{path}/read-state"), json!({ "reply": id })).await;
            assert_eq!(answer.faults(), ["/reply unknown_reply"]);
        }
    }

    async fn what_arrives_later_is_unread_wherever_in_the_tree_it_stands(app: &TestApp) {
        let (ann, bob, path) = thread(app).await;
        let first = reply(&ann, &path, None).await;
        reply(&ann, &path, None).await;
        assert_eq!(read(&bob, &path, None).await, 0);
        // Above the last one in the order of reading, after it in the order of arrival.
        reply(&ann, &path, Some(&first)).await;
        assert_eq!(unread(&bob).await, (false, 1));
    }

    async fn who_writes_has_read_what_they_wrote(app: &TestApp) {
        let (ann, bob, path) = thread(app).await;
        read(&bob, &path, None).await;
        reply(&bob, &path, None).await;
        assert_eq!((unread(&bob).await, unread(&ann).await), ((false, 0), (false, 1)));
        // Not what they had not read before.
        reply(&ann, &path, None).await;
        assert_eq!(unread(&bob).await, (false, 1));
    }

    async fn how_far_one_has_read_is_ones_own(app: &TestApp) {
        let (ann, bob, path) = thread(app).await;
        reply(&ann, &path, None).await;
        read(&bob, &path, None).await;
        let eve = app.member("eve").await;
        assert_eq!(unread(&eve).await, (true, 1));
        assert_eq!(read(&eve, &path, None).await, 0, "a public thread is read by non-members too");
        app.anonymous().put(&format!("{path}/read-state"), json!({})).await.problem(401, "sign_in_required");
        let screen = bob.get(&format!("{path}?include=viewer")).await.expect(200);
        assert_eq!(screen["viewer"]["unread"], 0);
    }
}
