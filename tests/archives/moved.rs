//! Where plans come from, on another host: what came of what is told as where it was written.

use super::*;

/// The networks, in the order in which a plan went through them.
const NETWORKS: [&str; 3] = ["bron", "tussen", "halte"];

/// A plan, what `tussen` made of it and of that again for another municipality, and what `halte` made of the former.
struct Plans {
    plan: String,
    between: String,
    own: String,
    last: String,
}

async fn plans(ann: &Client) -> Plans {
    for slug in NETWORKS {
        let network =
            json!({ "slug": slug, "name": format!("Netwerk {slug}"), "description": "Voor iedereen." });
        ann.post("/v1/networks", network).await.expect(201);
    }
    let plan = json!({ "kind": "plan", "title": "Plan", "body": "Elke bus.", "plainSummary": "De bus is voor iedereen." });
    let plan = ann.post("/v1/networks/bron/documents", plan).await.expect(201).header("location").to_owned();
    let between = world::adopt(ann, &plan, "tussen", "GM0193").await;
    let own = world::adopt(ann, &between, "tussen", "GM0344").await;
    let last = world::adopt(ann, &between, "halte", "GM0344").await;
    let later = json!({ "title": "Plan", "body": "Elke bus.\n\n## Wanneer\n\nIn mei." });
    ann.put(&plan, later).header("if-match", "*").await.expect(200);
    Plans { plan, between, own, last }
}

/// The id at the end of a path.
fn id(path: &str) -> Value {
    json!(path.rsplit('/').next().unwrap())
}

/// Everything is beside its source, and goes on from there.
async fn together(app: &TestApp, admin: &Client, plans: &Plans) {
    let of = async |path: &str| admin.get(&format!("{path}/adoptions")).await.expect(200).each("document");
    assert_eq!(of(&plans.plan).await, [id(&plans.between)]);
    assert_eq!(of(&plans.between).await, [id(&plans.last), id(&plans.own)]);
    for (path, origins) in [(&plans.between, 0), (&plans.own, 1), (&plans.last, 1)] {
        let lineage = admin.get(path).await.expect(200)["lineage"].clone();
        let steps = lineage["origins"].as_array().unwrap();
        assert_eq!(steps.len(), origins, "{lineage}");
        assert!(steps.iter().chain([&lineage["source"]]).all(|step| step["instance"].is_null()), "{lineage}");
        assert!(!lineage["attribution"].as_str().unwrap().contains("kring.example"), "{lineage}");
    }
    let member = app.member("dora").await;
    member.post("/v1/networks/tussen/memberships", json!({})).await.expect(201);
    let behind = member.get(&format!("{}/upstream", plans.between)).await.expect(200);
    assert_eq!((&behind["revision"], &behind["seenRevision"]), (&json!(2), &json!(1)), "{behind}");
    let taken = json!({ "revision": 2, "others": "theirs" });
    let taken = member.post(&format!("{}/upstream/_takeover", plans.between), taken);
    assert!(taken.header("if-match", "*").await.expect(200).text("/body").contains("In mei."));
    let again = json!({ "network": "tussen", "municipality": "GM0193" });
    member.post(&format!("{}/adoptions", plans.plan), again).await.problem(409, "already_adopted");
}

both! {
    [|settings| settings.public_url = HOME.into()]
    async fn what_came_of_a_plan_is_beside_it_on_another_host_in_whatever_order_they_come(app: &TestApp) {
        let plans = plans(&app.member("ann").await).await;
        let archives = NETWORKS.map(|slug| (slug, exported(app, slug)));
        let (here, there) = here_and_there(app);
        for (on, address, turned) in [(there, "https://elders.example", false), (here, "https://verder.example", true)] {
            let Some(moved) = another(on, address) else { continue };
            let admin = moved.admin("ada_admin").await;
            let mut order: Vec<_> = archives.iter().collect();
            if turned {
                order.reverse();
            }
            let mut apart = None;
            for (slug, bytes) in order {
                result(&moved, &admin, send(&admin, bytes.clone(), &[]).await).await;
                if turned && *slug == "halte" {
                    // Its source is not here yet.
                    let alone = admin.get(&plans.last).await.expect(200);
                    assert_eq!(alone["lineage"]["source"]["instance"], "kring.example");
                    let upstream = admin.get(&format!("{}/upstream", plans.last)).await.expect(200);
                    assert_eq!(upstream["revision"], json!(null), "{upstream}");
                    apart = Some(alone.header("etag").to_owned());
                }
            }
            if let Some(before) = apart {
                admin.get(&plans.last).header("if-none-match", &before).await.expect(200);
            }
            for (slug, bytes) in &archives {
                assert_eq!(entries(bytes), entries(&exported(&moved, slug)), "{slug} is taken along as it came");
            }
            together(&moved, &admin, &plans).await;
        }
    }
}
