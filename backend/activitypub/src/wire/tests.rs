#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::keys::{Algorithm, PrivateKey};

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

fn pem() -> String {
    let key = PrivateKey::from_pkcs8(&PrivateKey::generate(Algorithm::Ed25519).unwrap()).unwrap();
    key.public().to_pem()
}

/// A group in the shape in which Lemmy 1.0 tells of its own.
fn group() -> Value {
    json!({
        "type": "Group",
        "id": "https://forum.example/c/tuin",
        "preferredUsername": "tuin",
        "name": "De moestuin",
        "summary": "<p>Over bonen</p>",
        "source": { "content": "Over bonen", "mediaType": "text/markdown" },
        "inbox": "https://forum.example/c/tuin/inbox",
        "outbox": "https://forum.example/c/tuin/outbox",
        "followers": "https://forum.example/c/tuin/followers",
        "featured": "https://forum.example/c/tuin/featured",
        "attributedTo": "https://forum.example/c/tuin/moderators",
        "endpoints": { "sharedInbox": "https://forum.example/inbox" },
        "publicKey": { "id": "https://forum.example/c/tuin#main-key", "owner": "https://forum.example/c/tuin", "publicKeyPem": pem() },
        "language": [{ "identifier": "nl", "name": "Nederlands" }],
        "published": "2026-01-02T03:04:05.678901Z"
    })
}

#[test]
fn a_group_is_read_as_lemmy_tells_it() {
    let actor = Actor::parse(&map(group())).unwrap();
    assert_eq!(
        (actor.kind, actor.name.as_str(), actor.display_name.as_str()),
        (ActorKind::Group, "tuin", "De moestuin")
    );
    assert_eq!(actor.delivery().as_str(), "https://forum.example/inbox");
    assert_eq!(actor.source.as_deref(), Some("Over bonen"));
    assert!(!actor.approves && !actor.takes_rfc9421 && actor.proof_key.is_none());
    let mut newer = group();
    newer["generator"] = json!({ "type": "Application", "implements": [{ "href": "https://datatracker.ietf.org/doc/html/rfc9421" }] });
    newer["manuallyApprovesFollowers"] = json!(true);
    let newer = Actor::parse(&map(newer)).unwrap();
    assert!(newer.approves && newer.takes_rfc9421);
}

#[test]
fn an_actor_that_speaks_for_others_is_refused() {
    for (member, value, why) in [
        ("inbox", json!("https://elsewhere.example/inbox"), "an actor's inbox is on its own server"),
        (
            "endpoints",
            json!({ "sharedInbox": "https://elsewhere.example/inbox" }),
            "an actor's inbox is on its own server",
        ),
        ("preferredUsername", json!("a/../b"), "the preferredUsername holds what no name holds"),
        ("type", json!("Note"), "this is no actor"),
        ("id", json!("ftp://forum.example/c/tuin"), "an actor has an id"),
        ("publicKey", json!(null), "an actor has a publicKey"),
        (
            "publicKey",
            json!({ "id": "https://elsewhere.example/k", "owner": "https://forum.example/c/tuin", "publicKeyPem": pem() }),
            "the publicKey is somebody else's",
        ),
        (
            "publicKey",
            json!({ "id": "https://forum.example/k", "owner": "https://forum.example/c/ander", "publicKeyPem": pem() }),
            "the publicKey is somebody else's",
        ),
    ] {
        let mut actor = group();
        actor[member] = value;
        assert_eq!(Actor::parse(&map(actor)).unwrap_err(), Refusal(why), "{member}");
    }
}

#[test]
fn an_activity_is_of_its_actors_server() {
    let follow = json!({ "id": "https://a.example/follow/1", "type": "Follow", "actor": "https://a.example/u/ann", "object": "https://b.example/c/x" });
    let read = Activity::parse(&map(follow.clone())).unwrap();
    assert_eq!((read.kind.as_str(), read.object_id().unwrap().as_str()), ("Follow", "https://b.example/c/x"));
    let mut forged = follow.clone();
    forged["actor"] = json!("https://victim.example/u/bob");
    assert!(Activity::parse(&map(forged)).is_err());
    let undo = json!({ "id": "https://a.example/undo/1", "type": ["Undo"], "actor": { "id": "https://a.example/u/ann" }, "object": follow });
    let undo = Activity::parse(&map(undo)).unwrap();
    assert_eq!(undo.inner().unwrap().unwrap().kind, "Follow");
}

#[test]
fn what_belongs_to_one_thread_has_one_order() {
    let page = json!({ "id": "https://a.example/post/1", "context": "https://a.example/post/1/context" });
    let create = json!({ "id": "https://a.example/1", "type": "Create", "actor": "https://a.example/u/ann", "object": page });
    let announce = json!({ "id": "https://b.example/2", "type": "Announce", "actor": "https://b.example/c/x", "object": create });
    for activity in [create, announce] {
        let activity = Activity::parse(&map(activity)).unwrap();
        assert_eq!(activity.order_key(), "https://a.example/post/1/context");
    }
    let delete = json!({ "id": "https://a.example/3", "type": "Delete", "actor": "https://a.example/u/ann", "object": "https://a.example/post/1" });
    assert_eq!(Activity::parse(&map(delete)).unwrap().order_key(), "https://a.example/post/1");
}

#[test]
fn what_is_written_is_read_in_the_shapes_of_the_peers() {
    let note = json!({
        "type": "Note", "id": "https://a.example/comment/1", "attributedTo": "https://a.example/u/ann",
        "to": ["https://a.example/c/x", "https://www.w3.org/ns/activitystreams#Public"], "cc": "https://a.example/u/bob",
        "content": "<p>eerste</p>", "mediaType": "text/html", "source": { "content": "eerste", "mediaType": "text/markdown" },
        "inReplyTo": "https://a.example/post/1", "language": { "identifier": "und", "name": "Undetermined" },
        "attachment": [{ "type": "Image", "url": "https://a.example/x.png", "name": "Een stoep" }, "nothing", { "type": "Link", "href": "https://c.example/" }],
        "published": "2026-11-23T14:32:03.086406Z",
    });
    let read = Post::parse(&map(note.clone())).unwrap();
    assert_eq!(
        (read.markdown.as_deref(), read.html.as_deref(), read.language.as_deref()),
        (Some("eerste"), Some("<p>eerste</p>"), None)
    );
    assert_eq!((read.for_whom.len(), read.attached.len()), (3, 2));
    // NodeBB and Mastodon: no source, a map of languages, several authors of a video.
    let other = json!({
        "type": "Video", "id": "https://a.example/v", "attributedTo": [{ "type": "Group", "id": "https://a.example/kanaal" }, { "type": "Person", "id": "https://a.example/ann" }],
        "content": "<p>x</p>", "contentMap": { "nl": "<p>x</p>" }, "name": "Film",
    });
    let read = Post::parse(&map(other)).unwrap();
    assert_eq!((read.author.as_str(), read.language.as_deref()), ("https://a.example/ann", Some("nl")));
    let mut forged = note;
    forged["attributedTo"] = json!("https://victim.example/u/bob");
    assert!(Post::parse(&map(forged)).is_err());
}

#[test]
fn what_is_done_to_posts_and_people_is_read_as_lemmy_tells_it() {
    let to = json!(["https://forum.example/c/tuin", "https://www.w3.org/ns/activitystreams#Public"]);
    let deed = |kind: &str, object: Value, more: Value| {
        let mut deed = json!({
            "id": format!("https://forum.example/activities/{kind}/7"), "type": kind, "actor": "https://forum.example/u/kees",
            "object": object, "audience": "https://forum.example/c/tuin", "content": null,
        });
        deed.as_object_mut().unwrap().extend(map(more));
        deed
    };
    let read = |deed: &Value| Activity::parse(&map(deed.clone())).unwrap();
    let like = deed("Like", json!("https://forum.example/post/3"), json!({}));
    assert_eq!((read(&like).content, read(&like).for_whom.len()), (None, 0));
    let undo = read(&deed("Undo", like, json!({})));
    assert_eq!(undo.inner().unwrap().unwrap().object_id().unwrap().as_str(), "https://forum.example/post/3");
    let pin = json!({ "to": to, "cc": ["https://forum.example/c/tuin"], "target": "https://forum.example/c/tuin/featured" });
    let pin = read(&deed("Add", json!("https://forum.example/post/3"), pin));
    assert_eq!(pin.target.unwrap().as_str(), "https://forum.example/c/tuin/featured");
    let ban = json!({
        "to": to, "cc": ["https://forum.example/c/tuin"], "target": "https://forum.example/c/tuin", "removeData": true,
        "summary": "reclame", "endTime": "2026-12-01T00:00:00Z",
    });
    let ban = read(&deed("Block", json!("https://far.example/u/piet"), ban));
    assert!(ban.removes_data && ban.ends.is_some() && ban.summary.as_deref() == Some("reclame"));
    let taken =
        json!({ "to": to, "cc": ["https://forum.example/c/tuin"], "summary": "", "withReplies": false });
    let taken = read(&deed("Delete", json!("https://forum.example/comment/9"), taken));
    assert!(!taken.removes_data && taken.summary.as_deref() == Some(""), "a moderator did it");
    let flag = json!({ "to": ["https://forum.example/c/tuin"], "summary": "Dit is niet aardig." });
    let flag =
        read(&deed("Flag", json!(["https://forum.example/u/piet", "https://forum.example/comment/9"]), flag));
    assert_eq!((flag.object_ids().len(), flag.for_whom.len()), (2, 1));
}

/// As Kring tells one, with what a stranger might put beside it.
#[test]
fn a_document_is_read_with_its_revision_and_whoever_wrote_that() {
    let article = json!({
        "type": "Article", "id": "https://a.example/documents/1", "attributedTo": "https://b.example/@eva", "version": 3,
        "name": "Haltes", "content": "<p>Elke halte.</p>", "source": { "content": "Elke halte.", "mediaType": "text/markdown" },
        "genre": "plan", "license": "https://creativecommons.org/licenses/by/4.0/", "language": { "identifier": "nl", "name": "Nederlands" },
        "tag": [
            { "type": "Hashtag", "name": "#openbaarvervoer", "theme": "openbaar-vervoer" },
            { "type": "Hashtag", "name": "#CRPD9" }, { "type": "Hashtag", "name": "#CRPDx" },
            { "type": "Place", "name": "Utrecht", "identifier": "GM0344" }, "nothing",
        ],
        "variantOf": "https://a.example/documents/0", "variant": "translation",
    });
    let read = Article::parse(&map(article.clone())).unwrap();
    assert_eq!(
        (read.version, read.genre.as_deref(), read.post.author.as_str()),
        (3, Some("plan"), "https://b.example/@eva")
    );
    assert_eq!(
        (read.themes, read.crpd_articles, read.municipalities),
        (vec!["openbaar-vervoer".to_owned()], vec![9], vec!["GM0344".to_owned()])
    );
    assert_eq!(
        (read.variant.as_deref(), read.variant_of.unwrap().path()),
        (Some("translation"), "/documents/0")
    );
    assert!(Post::parse(&map(article.clone())).is_err(), "as a thread it would be somebody else's");
    for version in [json!(null), json!(0), json!("3"), json!(1.5)] {
        let mut other = article.clone();
        other["version"] = version;
        assert!(!Article::is_one(&map(other.clone())) && Article::parse(&map(other)).is_err());
    }
}

proptest::proptest! {
    /// Whatever JSON comes, the readers answer.
    #[test]
    fn any_json_is_read_or_refused(text in r#"\{("(id|type|actor|object|to|inbox|publicKey|attributedTo|content|source)":("[a-z:/.#]{0,20}"|\{\}|\[\]|\[\[1\]\]|null|7|\{"id":"https://a.example/x"\}),){0,6}"z":1\}"#) {
        if let Ok(object) = object(text.as_bytes()) {
            let _ = (Actor::parse(&object), Post::parse(&object), Article::parse(&object));
            if let Ok(activity) = Activity::parse(&object) {
                let _ = (activity.order_key(), activity.inner());
            }
        }
    }
}
