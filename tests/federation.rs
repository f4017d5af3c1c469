//! Other instances: what admins and networks choose, and what leaves.

use serde_json::json;

use crate::both;
use crate::harness::TestApp;

both! {
    async fn nothing_leaves_until_an_admin_and_the_network_chose_so_and_everything_says_where_it_goes(app: &TestApp) {
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        let nowhere = json!({ "reach": "none", "instances": [] });
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
        let network = ann.post("/v1/networks", network).await.expect(201);
        assert_eq!((&network["federation"], &network["goesTo"]), (&json!("none"), &nowhere));
        assert_eq!(ann.get("/v1/federation").await.expect(200)["reach"], "none");

        let choose = async |choice| ann.patch("/v1/networks/haltes", choice).await;
        assert_eq!(choose(json!({ "federation": "open" })).await.faults(), ["/federation federation_off"]);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        for (choice, fault) in [
            (json!({ "federation": "named" }), "/federationInstances required"),
            (json!({ "federation": "named", "federationInstances": [] }), "/federationInstances required"),
            (json!({ "federationInstances": ["a.example"] }), "/federationInstances needs_named"),
            (json!({ "federation": "named", "federationInstances": ["a.example", "a b"] }), "/federationInstances/1 host"),
            (json!({ "federation": "all" }), "/federation not_allowed"),
            (json!({ "federation": "open", "visibility": "hidden" }), "/federation hidden_stays_here"),
        ] {
            assert_eq!(choose(choice.clone()).await.faults(), [fault], "{choice}");
        }
        let named = json!({ "federation": "named", "federationInstances": ["B.example", "a.example"] });
        let named = choose(named).await.expect(200);
        assert_eq!(named["federationInstances"], json!(["a.example", "b.example"]));
        assert_eq!(named["goesTo"], json!({ "reach": "named", "instances": ["a.example", "b.example"] }));

        // What is written in it says so too, and a block by an admin counts at once.
        let thread = json!({ "title": "Perron", "body": "Te laag." });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201);
        assert_eq!(thread["goesTo"], named["goesTo"]);
        let document = json!({ "kind": "plan", "title": "Haltes", "body": "Elke halte." });
        let document = ann.post("/v1/networks/haltes/documents", document).await.expect(201);
        assert_eq!(document["goesTo"], named["goesTo"]);
        let block = json!({ "rule": "block", "reason": "Stuurt reclame." });
        let asked = admin.put("/v1/peer-rules/a.example?dryRun=true", block.clone()).await.expect(200);
        assert_eq!((&asked["dryRun"], &asked["memberships"]), (&json!(true), &json!(0)));
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["goesTo"], named["goesTo"]);
        admin.put("/v1/peer-rules/a.example", block).await.expect(200);
        let only_b = json!({ "reach": "named", "instances": ["b.example"] });
        for path in ["networks/haltes".to_owned(), format!("threads/{}", thread.text("/id")), format!("documents/{}", document.text("/id"))] {
            assert_eq!(ann.get(&format!("/v1/{path}")).await.expect(200)["goesTo"], only_b, "{path}");
        }
        let listed = admin.get("/v1/peer-rules").await.expect(200);
        assert_eq!((&listed["items"][0]["host"], &listed["items"][0]["reason"]), (&json!("a.example"), &json!("Stuurt reclame.")));

        // Closed again, the network keeps its choice, and nothing leaves.
        admin.put("/v1/federation", json!({ "reach": "none" })).await.expect(200);
        let closed = choose(json!({ "name": "Haltes en perrons" })).await.expect(200);
        assert_eq!((&closed["federation"], &closed["goesTo"]), (&json!("named"), &nowhere));
        admin.put("/v1/federation", json!({ "reach": "named" })).await.expect(200);
        assert_eq!(choose(json!({ "federation": "open" })).await.expect(200)["goesTo"], nowhere);
        admin.delete("/v1/peer-rules/a.example").await.expect(204);
        admin.delete("/v1/peer-rules/a.example").await.problem(404, "not_found");
        admin.put("/v1/peer-rules/c.example", json!({ "rule": "allow", "reason": "Afgesproken." })).await.expect(200);
        let shown = choose(json!({ "federation": "open" })).await.expect(200);
        assert_eq!(shown["goesTo"], json!({ "reach": "named", "instances": ["c.example"] }));
    }
}
