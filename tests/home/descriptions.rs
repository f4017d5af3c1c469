//! Files that ask for a description: whom home tells of them.

use reqwest::multipart::Form;
use serde_json::{Value, json};

use super::network;
use crate::attachments::{file, photo, upload};
use crate::both;
use crate::harness::{Client, TestApp};

/// An image that the network is asked to describe.
fn undescribed(name: &str) -> Form {
    file(name, photo()).text("descriptionWanted", "true")
}

async fn wanted(who: &Client) -> Value {
    who.get("/v1/home").await.expect(200)["waiting"]["descriptionsWanted"].clone()
}

both! {
    async fn an_image_without_a_description_waits_for_the_other_members(app: &TestApp) {
        let (ann, bob, eve) = (app.member("ann").await, app.member("bob").await, app.member("eve").await);
        network(&ann, "halte", "open").await;
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        let image = upload(&ann, undescribed("halte.jpg")).await.expect(201);
        let described = file("kerk.jpg", photo()).text("alt", "De kerk, met de halte ervoor.");
        let described = upload(&ann, described).await.expect(201);
        assert_eq!(wanted(&bob).await["count"], 0, "what belongs to nothing is its uploader's");

        let attachments = json!([image.text("/id"), described.text("/id")]);
        let thread = json!({ "title": "De halte", "body": "Zie de foto's.", "attachments": attachments });
        let thread = ann.post("/v1/networks/halte/threads", thread).await.expect(201).text("/id");
        let told = wanted(&bob).await;
        assert_eq!((&told["count"], told["items"].as_array().map(Vec::len)), (&json!(1), Some(1)));
        assert_eq!(told["items"][0]["id"], image["id"]);
        assert_eq!(told["items"][0]["target"], json!({ "kind": "thread", "id": thread }));
        assert_eq!(told["items"][0]["network"]["slug"], "halte");
        assert_eq!(wanted(&ann).await["count"], 0, "what one asks waits for others");
        assert_eq!(wanted(&eve).await, json!({ "count": 0, "items": [] }), "eve is no member");

        ann.patch("/v1/networks/halte", json!({ "archived": true })).await.expect(200);
        assert_eq!(wanted(&bob).await["count"], 0, "nobody can describe what is archived");
        ann.patch("/v1/networks/halte", json!({ "archived": false })).await.expect(200);
        let path = format!("/v1/attachments/{}", image.text("/id"));
        bob.patch(&path, json!({ "alt": "Een stoep, hoger dan de bus." })).await.expect(200);
        assert_eq!(wanted(&bob).await["count"], 0);
    }

    async fn of_many_five_are_shown_and_all_are_counted(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        network(&ann, "halte", "open").await;
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        let mut ids = Vec::new();
        for number in 0..7 {
            ids.push(upload(&ann, undescribed(&format!("{number}.jpg"))).await.expect(201).text("/id"));
        }
        let thread = json!({ "title": "Haltes", "body": "Zie de foto's.", "attachments": ids });
        let thread = ann.post("/v1/networks/halte/threads", thread).await.expect(201).text("/id");
        let told = wanted(&bob).await;
        assert_eq!(told["count"], 7);
        let shown: Vec<&Value> = told["items"].as_array().unwrap().iter().map(|item| &item["fileName"]).collect();
        assert_eq!(shown, ["6.jpg", "5.jpg", "4.jpg", "3.jpg", "2.jpg"]);
        ann.delete(&format!("/v1/threads/{thread}")).await.expect(204);
        assert_eq!(wanted(&bob).await["count"], 0);
    }
}
