//! Reports: told to those who moderate a network, wherever that lives, and to nobody else.

use serde_json::json;

use super::across::{beside, host, items, open, settle, threads, trying};
use crate::both;
use crate::harness::TestApp;

both! {
    [trying]
    async fn a_report_reaches_those_who_moderate_wherever_it_is_made_and_nobody_else(home: &TestApp) {
        let away = beside();
        open(home).await;
        open(&away).await;
        let (ann, bob, eva) = (home.member("ann").await, home.member("bob").await, away.member("eva").await);
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", network).await.expect(201);
        let thread = ann.post("/v1/networks/haltes/threads", json!({ "title": "Perron", "body": "Wat een *onzin*." })).await.expect(201);

        // Here: whoever may read it reports it, once; faults are told together.
        let reports = "/v1/networks/haltes/reports";
        let nothing = json!({ "kind": "poem", "id": "x", "reason": " " });
        assert_eq!(bob.post(reports, nothing).await.faults(), ["/id unknown_reported", "/kind not_allowed", "/reason empty"]);
        let elsewhere = json!({ "kind": "reply", "id": thread["id"], "reason": "Dit is geen reactie." });
        assert_eq!(bob.post(reports, elsewhere).await.faults(), ["/id unknown_reported"]);
        let new = json!({ "kind": "thread", "id": thread["id"], "reason": "Dit is onaardig." });
        let made = bob.post(reports, new.clone()).await.expect(201);
        bob.post(reports, new).await.problem(409, "already_reported");

        // Elsewhere: her copy knows of her report, and so does its home, with her name.
        let there = format!("haltes@{}", host(home));
        eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(home, &away).await;
        let hers = threads(&eva, &there).await;
        let new = json!({ "kind": "thread", "id": hers[0]["id"], "reason": "Dit doet pijn." });
        let own = eva.post(&format!("/v1/networks/{there}/reports"), new).await.expect(201);
        settle(home, &away).await;
        let told = items(&ann, &format!("{reports}?state=open")).await;
        assert_eq!(told.len(), 2);
        let (from_eva, from_bob) = (&told[0], &told[1]);
        assert_eq!((&from_eva["reason"], &from_eva["instance"]), (&json!("Dit doet pijn."), &json!(host(&away))));
        assert_eq!(from_eva["reporter"]["handle"], format!("eva@{}", host(&away)));
        assert_eq!(from_eva["reported"]["id"], thread["id"]);
        assert_eq!((&from_bob["reporter"]["handle"], &from_bob["reported"]["excerpt"]), (&json!("bob"), &json!("Wat een onzin.")));
        bob.get(reports).await.problem(403, "moderators_only");
        assert_eq!(items(&bob, &format!("{reports}?mine=true")).await.len(), 1);

        // What is decided who reported reads; what was taken away is not shown any more.
        ann.delete(&format!("/v1/threads/{}", thread.text("/id"))).await.expect(204);
        let path = format!("/v1/reports/{}", made.text("/id"));
        let decision = json!({ "state": "resolved", "decision": "Het gesprek is weggehaald." });
        ann.patch(&path, decision.clone()).await.problem(428, "if_match_required");
        let tag = ann.get(&path).await.expect(200).header("etag").to_owned();
        ann.patch(&path, decision.clone()).header("if-match", &tag).await.expect(200);
        ann.patch(&path, decision).header("if-match", &tag).await.problem(412, "stale");
        let read = bob.get(&path).await.expect(200);
        assert_eq!((&read["state"], &read["decision"]), (&json!("resolved"), &json!("Het gesprek is weggehaald.")));
        assert_eq!((&read["reported"]["excerpt"], &read["reported"]["author"]), (&json!(null), &json!(null)));
        assert_eq!(items(&ann, &format!("{reports}?state=open")).await.len(), 1);
        settle(home, &away).await;
        assert_eq!(eva.get(&format!("/v1/reports/{}", own.text("/id"))).await.expect(200)["state"], "open");
    }
}
