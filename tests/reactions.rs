//! Reactions: supportive, each once, taken back at will.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, TestApp};

/// A thread and a reply of ann in `haltes`, which bob belongs to.
async fn posts(app: &TestApp) -> (Client, Client, [String; 2]) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
    ann.post("/v1/networks", network).await.expect(201);
    bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    let thread = json!({ "title": "Perron", "body": "Te laag." });
    let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201);
    let thread = thread.header("location").to_owned();
    let reply = ann.post(&format!("{thread}/replies"), json!({ "body": "En smal." })).await.expect(201);
    (ann, bob, [thread, reply.header("location").to_owned()])
}

both! {
    async fn members_react_with_support_each_once(app: &TestApp) {
        let (ann, bob, posts) = posts(app).await;
        for post in posts {
            let react = async |who: &Client, kind: &str| who.call("PUT", &format!("{post}/reactions/{kind}")).await;
            react(&bob, "thanks").await.expect(200);
            let twice = react(&bob, "thanks").await.expect(200);
            assert_eq!(twice.json, json!({ "thanks": 1, "recognise": 0, "more": 0, "own": ["thanks"] }));
            app.pass(chrono::Duration::seconds(1));
            react(&bob, "recognise").await.expect(200);
            react(&ann, "more").await.expect(200);
            let both = react(&ann, "thanks").await.expect(200);
            assert_eq!((&both["thanks"], &both["recognise"], &both["more"]), (&json!(2), &json!(1), &json!(1)));
            let seen = bob.get(&post).await.expect(200);
            assert_eq!(seen["reactions"], json!({ "thanks": 2, "recognise": 1, "more": 1, "own": ["thanks", "recognise"] }));
            assert_eq!(app.anonymous().get(&post).await.expect(200)["reactions"]["own"], json!([]));

            let undo = async |kind: &str| bob.delete(&format!("{post}/reactions/{kind}")).await;
            assert_eq!(undo("thanks").await.expect(200)["thanks"], 1);
            let twice = undo("thanks").await.expect(200);
            assert_eq!((&twice["thanks"], &twice["own"]), (&json!(1), &json!(["recognise"])));
        }
    }

    async fn there_is_no_negative_reaction(app: &TestApp) {
        let (_, bob, posts) = posts(app).await;
        for post in posts {
            for kind in ["dislike", "angry", "Thanks", "", "%00"] {
                let answer = bob.call("PUT", &format!("{post}/reactions/{kind}")).await;
                assert_eq!(answer.status, 404, "{answer}");
            }
        }
    }

    async fn only_members_react_and_who_left_may_take_theirs_back(app: &TestApp) {
        let (_, bob, posts) = posts(app).await;
        let path = format!("{}/reactions/thanks", posts[0]);
        app.anonymous().call("PUT", &path).await.problem(401, "sign_in_required");
        app.member("eve").await.call("PUT", &path).await.problem(403, "members_only");
        bob.call("PUT", &path).await.expect(200);
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        bob.call("PUT", &path).await.problem(403, "members_only");
        assert_eq!(bob.delete(&path).await.expect(200)["thanks"], 0);
    }

    async fn reactions_stand_beside_each_thing_in_lists(app: &TestApp) {
        let (_, bob, posts) = posts(app).await;
        bob.call("PUT", &format!("{}/reactions/more", posts[1])).await.expect(200);
        let list = bob.get("/v1/networks/haltes/threads").await.expect(200);
        assert_eq!(list["items"][0]["reactions"]["own"], json!([]));
        let tree = bob.get(&format!("{}/replies", posts[0])).await.expect(200);
        assert_eq!(tree["items"][0]["reactions"]["own"], json!(["more"]));
        assert_ne!(tree["items"][0]["reactions"], Value::Null);
    }

    async fn reactions_made_at_once_are_all_counted(app: &TestApp) {
        let (ann, bob, posts) = posts(app).await;
        let path = format!("{}/reactions/thanks", posts[0]);
        let (one, two, three) = tokio::join!(ann.call("PUT", &path), bob.call("PUT", &path), bob.call("PUT", &path));
        for answer in [one, two, three] {
            answer.expect(200);
        }
        assert_eq!(ann.get(&posts[0]).await.expect(200)["reactions"]["thanks"], 2);
    }
}
