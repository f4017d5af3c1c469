//! Whatever becomes of messages on their way (lost, doubled, late, overtaken), in the end all instances have the same.

use std::collections::BTreeSet;

use kring::config::Settings;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::harness::app::PASSWORD;
use crate::harness::between::{Between, Fate};
use crate::harness::binary::test_variable;
use crate::harness::{Client, On, TestApp};

/// What somebody does. Numbers choose among what there is at that moment, where they are.
#[derive(Clone, Debug)]
enum Deed {
    Start,
    Reply {
        thread: u8,
        deep: bool,
    },
    Edit {
        own: u8,
    },
    Delete {
        own: u8,
    },
    /// By the coordinator, at home.
    TakeAway {
        any: u8,
    },
}

fn deed() -> impl Strategy<Value = (usize, Deed)> {
    let deed = prop_oneof![
        2 => Just(Deed::Start),
        4 => (any::<u8>(), any::<bool>()).prop_map(|(thread, deep)| Deed::Reply { thread, deep }),
        2 => any::<u8>().prop_map(|own| Deed::Edit { own }),
        1 => any::<u8>().prop_map(|own| Deed::Delete { own }),
        1 => any::<u8>().prop_map(|any| Deed::TakeAway { any }),
    ];
    (0..3usize, deed)
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Arrives),
        1 => Just(Fate::Lost),
        1 => Just(Fate::AnswerLost),
        1 => Just(Fate::Doubled),
        2 => (1..6u8).prop_map(Fate::Late),
    ]
}

fn weather() -> impl Strategy<Value = [Vec<Fate>; 3]> {
    let fates = || proptest::collection::vec(fate(), 0..60);
    [fates(), fates(), fates()]
}

/// An instance with its public address, and somebody on it.
struct Place {
    app: TestApp,
    between: Between,
    who: Client,
    /// What the network is called there.
    network: String,
}

impl Place {
    async fn open(on: On, handle: &str) -> Option<Self> {
        let between = Between::open();
        let base = between.base.clone();
        let app = TestApp::start_with(on, |settings: &mut Settings| {
            settings.dev_federation = true;
            settings.public_url = base;
        })?;
        between.lead_to(Some(&app.base));
        app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let who = app.member(handle).await;
        Some(Self { app, between, who, network: "haltes".to_owned() })
    }

    fn host(&self) -> &str {
        self.between.base.trim_start_matches("http://")
    }

    async fn threads(&self) -> Vec<Value> {
        let path = format!("/v1/networks/{}/threads?limit=100", self.network);
        self.who.get(&path).await.expect(200)["items"].as_array().unwrap().clone()
    }

    /// What stands there: threads, and replies in them.
    async fn posts(&self) -> Vec<Value> {
        let mut posts = Vec::new();
        for thread in self.threads().await {
            let id = thread["id"].as_str().unwrap();
            let replies = self.who.get(&format!("/v1/threads/{id}/replies?limit=100")).await.expect(200);
            posts.push(thread.clone());
            posts.extend(replies["items"].as_array().unwrap().iter().map(|reply| {
                let mut reply = reply.clone();
                reply["in"] = thread["title"].clone();
                reply
            }));
        }
        posts
    }

    /// What a reader sees there, in words that are the same wherever they are read.
    async fn seen(&self) -> BTreeSet<String> {
        let told = |post: Value| {
            let handle = match post["author"]["handle"].as_str() {
                None => "nobody".to_owned(),
                Some(handle) if handle.contains('@') => handle.to_owned(),
                Some(handle) => format!("{handle}@{}", self.host()),
            };
            let body = if post["deleted"] == true {
                "-"
            } else {
                post["body"].as_str().unwrap_or("-")
            };
            format!("{handle} in {}: {} {body}", post["in"], post["title"])
        };
        self.posts().await.into_iter().map(told).collect()
    }

    async fn does(&self, deed: &Deed, nth: usize) {
        let pick = |posts: Vec<Value>, n: u8| {
            let there: Vec<Value> = posts.into_iter().filter(|post| post["deleted"] != true).collect();
            let n = usize::from(n) % there.len().max(1);
            there.into_iter().nth(n)
        };
        let address = |post: &Value| {
            let kind = if post["title"].is_null() { "replies" } else { "threads" };
            format!("/v1/{kind}/{}", post["id"].as_str().unwrap())
        };
        let own = |mut posts: Vec<Value>| {
            posts.retain(|post| post["author"]["handle"] == self.who.handle());
            posts
        };
        match *deed {
            Deed::Start => {
                let path = format!("/v1/networks/{}/threads", self.network);
                let thread = json!({ "title": format!("Gesprek {nth}"), "body": format!("Tekst {nth}") });
                self.who.post(&path, thread).await.expect(201);
            }
            Deed::Reply { thread, deep } => {
                let Some(thread) = pick(self.threads().await, thread) else { return };
                let path = format!("{}/replies", address(&thread));
                let replies = self.who.get(&path).await.expect(200)["items"].as_array().unwrap().clone();
                let parent = replies.iter().find(|reply| deep && reply["deleted"] != true);
                let reply =
                    json!({ "body": format!("Antwoord {nth}"), "parent": parent.map(|it| &it["id"]) });
                self.who.post(&path, reply).await.expect(201);
            }
            Deed::Edit { own: n } => {
                if let Some(post) = pick(own(self.posts().await), n) {
                    let text = json!({ "body": format!("Anders {nth}") });
                    self.who.patch(&address(&post), text).await.expect(200);
                }
            }
            Deed::Delete { own: n } => {
                if let Some(post) = pick(own(self.posts().await), n) {
                    self.who.delete(&address(&post)).await.expect(204);
                }
            }
            Deed::TakeAway { any } => {
                if let Some(post) = pick(self.posts().await, any) {
                    self.who.delete(&address(&post)).await.expect(204);
                }
            }
        }
    }
}

/// Time passes everywhere alike.
fn pass(places: &[Place], time: chrono::Duration) {
    for place in places {
        place.app.clock.set(place.app.clock.now() + time);
    }
}

/// Whatever was lost is sent again, until nothing is under way any more.
async fn calm(places: &mut [Place]) {
    for place in places.iter() {
        place.between.expect(Vec::new());
    }
    for _ in 0..10 {
        for place in places.iter() {
            place.between.flush().await;
            place.app.settle().await;
        }
        pass(places, chrono::Duration::minutes(3));
    }
    // So long a session does not last.
    for place in places {
        place.who = place.app.anonymous().sign_in(place.who.handle(), PASSWORD).await;
    }
}

async fn all_end_equal(
    on: On,
    deeds: &[(usize, Deed)],
    weather: &[Vec<Fate>; 3],
) -> Result<(), TestCaseError> {
    let Some(home) = Place::open(on, "ann").await else { return Ok(()) };
    let mut places = vec![home];
    for handle in ["eva", "sam"] {
        places.extend(Place::open(On::Sqlite, handle).await);
    }
    let network =
        json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
    places[0].who.post("/v1/networks", network).await.expect(201);
    let there = format!("haltes@{}", places[0].host());
    for place in &mut places[1..] {
        place.network = there.clone();
        place.who.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
    }
    calm(&mut places).await;
    for (place, fates) in places.iter().zip(weather) {
        place.between.expect(fates.clone());
        // Messages that were lost are tried again until they arrive, and some of them look deadly for a while.
        place.app.expect_failures();
    }
    for (nth, (who, deed)) in deeds.iter().enumerate() {
        let who = if matches!(deed, Deed::TakeAway { .. }) { 0 } else { *who };
        places[who].does(deed, nth).await;
        pass(&places, chrono::Duration::seconds(1));
    }
    calm(&mut places).await;
    let at_home = places[0].seen().await;
    for place in &places[1..] {
        prop_assert_eq!(&place.seen().await, &at_home, "at {} otherwise than at home", place.network);
    }
    Ok(())
}

/// The same cases at each run, so that a failure is one of the change at hand. `KRING_TEST_WEATHER=500` tries more.
fn whatever_the_weather(on: On, cases: u32) {
    let more = test_variable("KRING_TEST_WEATHER").and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: more.unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 40,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cases = (proptest::collection::vec(deed(), 1..14), weather());
    runner
        .run(&cases, |(deeds, weather)| runtime.block_on(all_end_equal(on, &deeds, &weather)))
        .unwrap_or_else(|fault| panic!("{fault}"));
}

#[test]
fn all_instances_end_equal_on_sqlite() {
    whatever_the_weather(On::Sqlite, 2);
}

#[test]
fn all_instances_end_equal_on_postgres() {
    whatever_the_weather(On::Postgres, 2);
}
