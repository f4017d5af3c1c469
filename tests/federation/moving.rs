//! A network of other software moves, as its own server says (FEP-7628).

use serde_json::json;

use super::across::{threads, trying};
use super::earlier::joins;
use crate::both;
use crate::harness::TestApp;
use crate::harness::elsewhere::Elsewhere;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

both! {
    [trying]
    async fn a_group_elsewhere_moves_once_the_one_that_it_moves_to_says_so_too(app: &TestApp) {
        let (old, new, third) = (Elsewhere::open(), Elsewhere::open(), Elsewhere::open());
        let (from, mia) = (old.group("buurt", json!({})), new.actor("mia", "Person", json!({})));
        let (ann, network) = joins(app, &old).await;
        app.settle().await;
        let lives_at = async || ann.get(&format!("/v1/networks/{network}")).await.expect(200).text("/slug");
        let (to, other) = (new.group("wijk", json!({})), third.group("stad", json!({ "alsoKnownAs": [from] })));
        let moves = |number: u8, actor: &str, object: &str| {
            let (there, target) = if actor == from { (&old, &to) } else { (&third, &other) };
            json!({ "id": there.at(&format!("/moves/{number}")), "type": "Move", "actor": actor, "object": object, "target": target, "to": [PUBLIC] })
        };

        // Said by another it is nothing; said by itself it waits for a word of the other, an hour at most.
        third.send(app, &moves(1, &other, &from)).await.expect(202);
        old.send(app, &moves(2, &from, &from)).await.expect(202);
        app.settle().await;
        assert_eq!(lives_at().await, network);
        app.pass(chrono::Duration::minutes(61));
        app.settle().await;
        let ann = app.anonymous().sign_in("ann", crate::harness::app::PASSWORD).await;
        let lives_at = async || ann.get(&format!("/v1/networks/{network}")).await.expect(200).text("/slug");
        new.group("wijk", json!({ "alsoKnownAs": [new.at("/anders")] }));
        old.send(app, &moves(3, &from, &from)).await.expect(202);
        app.settle().await;
        assert_eq!(lives_at().await, network);
        new.group("wijk", json!({ "alsoKnownAs": [new.at("/anders"), from] }));
        app.pass(chrono::Duration::minutes(1));
        app.settle().await;
        let there = format!("wijk@{}", new.host());
        assert_eq!(lives_at().await, there);

        // She follows the new one without asking again, and reads what is told there.
        let follow = new.sent().into_iter().find(|it| it["type"] == "Follow").unwrap();
        assert_eq!((&follow["object"], &follow["actor"]), (&json!(to), &json!(format!("{}/@ann", app.base))));
        new.says(app, "wijk", 1, "Accept", follow).await.expect(202);
        let told = |by: &Elsewhere, group: &str, title: &str| {
            let page = json!({ "id": new.at(&format!("/{title}")), "type": "Page", "attributedTo": mia, "name": title, "content": "<p>Dag.</p>", "to": [group, PUBLIC] });
            let create = json!({ "id": new.at(&format!("/{title}#create")), "type": "Create", "actor": mia, "to": [group, PUBLIC], "object": page });
            json!({ "id": by.at(&format!("/{title}#announce")), "type": "Announce", "actor": group, "to": [PUBLIC], "object": create })
        };
        app.settle().await;
        new.send(app, &told(&new, &to, "hier")).await.expect(202);
        // The old one has no say in it any more.
        old.send(app, &told(&old, &from, "daar")).await.expect(202);
        app.settle().await;
        let read = threads(&ann, &there).await;
        assert_eq!(read.iter().map(|it| &it["title"]).collect::<Vec<_>>(), ["hier"]);
        let membership = ann.get(&format!("/v1/networks/{there}/memberships/ann")).await.expect(200);
        assert_eq!(membership["state"], "active");
    }
}
