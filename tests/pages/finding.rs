//! What leads to public pages: the pages of municipalities, feeds, maps of the site, and what robots may read. Nothing
//! of other networks shows there, in counts neither.

use std::collections::BTreeMap;

use chrono::Duration;
use diesel::prelude::*;
use quick_xml::events::Event;
use serde_json::json;

use super::{heading, open, open_in};
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, Response, TestApp, html};

/// An element of XML that was read whole.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn all(&self, name: &'static str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    #[track_caller]
    fn get(&self, name: &'static str) -> &Element {
        self.all(name).next().unwrap_or_else(|| panic!("no {name} in {self:#?}"))
    }

    /// What each child of this name says.
    fn texts(&self, name: &'static str) -> Vec<&str> {
        self.all(name).map(|child| child.text.as_str()).collect()
    }

    /// Where the link of a kind leads.
    #[track_caller]
    fn link(&self, rel: &str) -> &str {
        let link = self.all("link").find(|link| link.attributes["rel"] == rel);
        &link.unwrap_or_else(|| panic!("no {rel} in {self:#?}")).attributes["href"]
    }
}

/// Reads XML; fails where it is not well-formed.
#[track_caller]
fn xml(answer: &Response) -> Element {
    let body = answer.body();
    let mut reader = quick_xml::Reader::from_str(&body);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap_or_else(|fault| panic!("{fault}: {body}")) {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => open.last_mut().unwrap().children.push(element(&tag)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text.decode().unwrap()),
            Event::GeneralRef(name) => {
                let letter = match name.resolve_char_ref().unwrap() {
                    Some(letter) => letter.to_string(),
                    None => quick_xml::escape::unescape(&format!("&{};", name.decode().unwrap()))
                        .unwrap()
                        .into_owned(),
                };
                open.last_mut().unwrap().text.push_str(&letter);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "not ended: {body}");
    open.pop().unwrap().children.pop().unwrap()
}

fn element(tag: &quick_xml::events::BytesStart<'_>) -> Element {
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = quick_xml::escape::unescape(std::str::from_utf8(&attribute.value).unwrap())
            .unwrap()
            .into_owned();
        (String::from_utf8(attribute.key.as_ref().to_vec()).unwrap(), value)
    });
    Element {
        name: String::from_utf8(tag.name().as_ref().to_vec()).unwrap(),
        attributes: attributes.collect(),
        ..Element::default()
    }
}

/// A feed that is held against RFC 4287.
#[track_caller]
fn feed(answer: &Response) -> Element {
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    let feed = xml(answer);
    assert_eq!(
        (feed.name.as_str(), feed.attributes["xmlns"].as_str()),
        ("feed", "http://www.w3.org/2005/Atom")
    );
    for one in std::iter::once(&feed).chain(feed.all("entry")) {
        for once in ["id", "title", "updated"] {
            assert_eq!(one.all(once).count(), 1, "{once} in {one:#?}");
        }
        assert!(one.get("id").text.starts_with("tag:127.0.0.1,2026"), "{one:#?}");
        assert!(one.all("author").all(|author| !author.get("name").text.is_empty()));
        assert!(one.all("author").count() > 0 && one.link("alternate").starts_with("http"), "{one:#?}");
        assert!(!one.attributes["xml:lang"].is_empty());
        one.get("updated").text.parse::<kring_db::Time>().unwrap();
    }
    let ids: std::collections::BTreeSet<&str> =
        feed.all("entry").map(|entry| entry.get("id").text.as_str()).collect();
    assert_eq!(ids.len(), feed.all("entry").count(), "an id twice");
    feed
}

/// A network about Utrecht with a plan and a guide about it, and a thread. Returns the plan.
async fn world(ann: &Client, slug: &str, visibility: &str) -> String {
    let network = json!({
        "slug": slug, "name": format!("Net {slug}"), "description": "Haltes & perrons.", "visibility": visibility,
        "municipalities": ["GM0344"], "language": "nl",
    });
    ann.post("/v1/networks", network).await.expect(201);
    let document = |kind: &str| {
        json!({
            "kind": kind, "title": format!("{kind} van {slug}"), "body": "Tekst.", "municipalities": ["GM0344"],
        })
    };
    let documents = format!("/v1/networks/{slug}/documents");
    ann.post(&documents, document("guide")).await.expect(201);
    let plan = ann.post(&documents, document("plan")).await.expect(201).text("/id");
    let thread = json!({ "title": format!("Gesprek van {slug}"), "body": "Tekst." });
    ann.post(&format!("/v1/networks/{slug}/threads"), thread).await.expect(201);
    plan
}

/// Every address of the map of the site, and of its parts.
async fn addresses(app: &TestApp) -> Vec<String> {
    let index = xml(&app.anonymous().get("/sitemap.xml").await.expect(200));
    assert_eq!(index.name, "sitemapindex");
    let mut found = Vec::new();
    for part in index.all("sitemap") {
        let part = part.get("loc").text.strip_prefix(&app.base).unwrap().to_owned();
        let part = xml(&app.anonymous().get(&part).await.expect(200));
        assert_eq!(part.name, "urlset");
        for url in part.all("url") {
            assert!(
                url.all("lastmod").all(|changed| changed.text.parse::<kring_db::Time>().is_ok()),
                "{url:?}"
            );
            found.push(url.get("loc").text.strip_prefix(&app.base).unwrap().to_owned());
        }
    }
    found
}

both! {
    async fn only_what_everyone_may_read_is_told_of_a_municipality_in_feeds_and_on_the_map(app: &TestApp) {
        let ann = app.member("ann").await;
        let plan = world(&ann, "open", "public").await;
        let inner = world(&ann, "leden", "members").await;
        let secret = world(&ann, "geheim", "hidden").await;
        let page = open(app, "/municipalities/GM0344").await.expect(200);
        assert_eq!(heading(&page), "Gemeente Utrecht");
        let body = page.body();
        for said in ["Net open", "plan van open", "guide van open", "application/atom+xml"] {
            assert!(body.contains(said), "{said}:\n{body}");
        }
        assert_eq!(html::data(&body)["about"]["identifier"], "GM0344");
        let list = open(app, "/municipalities").await.expect(200).body();
        assert!(list.contains(">Utrecht</a>") && list.contains("1 netwerk, 2 documenten"), "{list}");
        let mut told = vec![body, list];
        for path in ["/networks/open/feed.atom", "/municipalities/GM0344/feed.atom"] {
            let answer = app.anonymous().get(path).await.expect(200);
            feed(&answer);
            told.push(answer.body());
        }
        let map = addresses(app).await;
        for path in ["/", "/municipalities", "/municipalities/GM0344", "/networks/open", &format!("/documents/{plan}")] {
            assert!(map.iter().any(|known| known == path), "{path}: {map:?}");
        }
        assert_eq!(map.len(), 7, "a guide and a thread besides: {map:?}");
        told.push(map.join(" "));
        for text in told {
            for never in ["leden", "geheim", &inner, &secret] {
                // "leden" is a word of the page too.
                let never = if never == "leden" { "Net leden" } else { never };
                assert!(!text.contains(never), "{never}:\n{text}");
            }
        }
        // Who belongs to them asks in vain as well: a feed is for everyone or for nobody.
        for who in [&app.anonymous(), &ann] {
            for slug in ["leden", "geheim", "nergens"] {
                who.get(&format!("/networks/{slug}/feed.atom")).await.problem(404, "not_found");
            }
        }
    }

    async fn a_municipality_has_one_address_and_its_name_leads_there(app: &TestApp) {
        let empty = open(app, "/municipalities/GM0363").await.expect(200);
        assert!(empty.body().contains("staat hier nog niets"));
        assert_eq!(empty.header("x-robots-tag"), "noindex");
        assert_eq!(html::head(&empty.body(), "canonical"), [format!("{}/municipalities/GM0363", app.base)]);
        for (named, code) in [("gm0344", "GM0344"), ("utrecht", "GM0344"), ("s-gravenhage", "GM0518"), ("bergen-nh", "GM0373")] {
            let moved = app.anonymous().get(&format!("/municipalities/{named}?lang=en")).await.expect(302);
            assert_eq!(moved.header("location"), format!("/municipalities/{code}?lang=en"), "{named}");
        }
        let choice = open(app, "/municipalities/bergen").await.expect(200);
        assert_eq!(heading(&choice), "Welke gemeente bedoelt u?");
        assert!(choice.body().contains("Noord-Holland") && choice.body().contains("Limburg"));
        for nothing in ["nergens", "utrec", "GM9999", "-"] {
            open(app, &format!("/municipalities/{nothing}")).await.expect(404);
        }
        app.anonymous().get("/municipalities/GM9999/feed.atom").await.problem(404, "not_found");
        assert_eq!(heading(&open_in(app, "en", "/municipalities/GM0344").await), "Municipality of Utrecht");
    }

    async fn an_adopted_plan_is_told_of_on_both_sides_as_far_as_everyone_may_read(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let plan = world(&ann, "open", "public").await;
        world(&bob, "zwolle", "public").await;
        world(&bob, "geheim", "hidden").await;
        let adopt = async |network: &str, code: &str| {
            let wish = json!({ "network": network, "municipality": code });
            bob.post(&format!("/v1/documents/{plan}/adoptions"), wish).await.expect(201).text("/id")
        };
        let adopted = adopt("zwolle", "GM0193").await;
        let hidden = adopt("geheim", "GM0193").await;
        let source = open(app, &format!("/documents/{plan}")).await.expect(200).body();
        assert!(source.contains("Overgenomen door") && source.contains("<a href=\"/municipalities/GM0193\">Zwolle</a>"), "{source}");
        assert!(source.contains(&adopted) && !source.contains(&hidden) && !source.contains("Net geheim"), "{source}");
        let here = open(app, &format!("/documents/{adopted}")).await.expect(200).body();
        assert!(here.contains("Dit plan is overgenomen van ‘plan van open’"), "{here}");
        let way = format!("De bron zoals die nu is: <a href=\"/documents/{plan}\"");
        assert!(here.contains(&way), "{here}");
        let data = html::data(&here);
        assert_eq!(data["isBasedOn"]["url"], format!("{}/documents/{plan}", app.base));
        assert_eq!(data["isBasedOn"]["author"][0]["name"], "ann de Vries");
        assert!(data["creditText"].as_str().unwrap().contains("CC BY 4.0"), "{data}");
        let town = open(app, "/municipalities/GM0193").await.expect(200).body();
        assert!(town.contains("Overgenomen van anderen") && town.contains("Net open") && town.contains("Net zwolle"), "{town}");
        assert!(town.contains(&adopted) && !town.contains(&hidden) && !town.contains("geheim"), "{town}");
        assert_eq!(town.matches(&format!("href=\"/documents/{adopted}\"")).count(), 1, "told of once: {town}");
        let feed = feed(&app.anonymous().get("/municipalities/GM0193/feed.atom").await.expect(200));
        assert_eq!(feed.all("entry").count(), 1, "{feed:#?}");
        let list = open(app, "/municipalities").await.expect(200).body();
        assert!(list.contains(">Zwolle</a> <span class=\"quiet\">1 document</span>"), "{list}");
        assert!(addresses(app).await.contains(&"/municipalities/GM0193".to_owned()));
        let markdown = app.anonymous().get(&format!("/documents/{adopted}.md")).await.expect(200).body();
        assert!(markdown.contains("overgenomen van") && markdown.starts_with("Tekst."), "the credit goes with it: {markdown}");
        ann.patch("/v1/networks/open", json!({ "visibility": "hidden" })).await.expect(200);
        let here = open(app, &format!("/documents/{adopted}")).await.expect(200).body();
        assert!(here.contains("overgenomen van") && !here.contains(&way), "no way to what is hidden: {here}");
    }

    async fn the_same_in_another_language_is_named_on_both_pages(app: &TestApp) {
        let ann = app.member("ann").await;
        let plan = world(&ann, "open", "public").await;
        let made = async |kind: &str, title: &str, language: &str| {
            let variant = json!({ "kind": kind, "title": title, "body": "Text.", "language": language });
            ann.post(&format!("/v1/documents/{plan}/variants"), variant).await.expect(201).text("/id")
        };
        let english = made("translation", "The plan", "en").await;
        let easy = made("easyRead", "Makkelijk plan", "nl").await;
        let address = |id: &str| format!("{}/documents/{id}", app.base);
        for (id, other, member) in [(&plan, &english, "/workTranslation/0/url"), (&english, &plan, "/translationOfWork/url")] {
            let body = open(app, &format!("/documents/{id}")).await.expect(200).body();
            for (language, id) in [("nl", &plan), ("en", &english)] {
                let link = format!("<link rel=\"alternate\" hreflang=\"{language}\" href=\"{}\">", address(id));
                assert!(body.contains(&link), "{link}:\n{body}");
            }
            assert_eq!(html::head(&body, "canonical"), [address(id)]);
            assert_eq!(html::data(&body).pointer(member), Some(&json!(address(other))));
        }
        let body = open(app, &format!("/documents/{english}")).await.expect(200).body();
        assert!(body.contains("<h1 lang=\"en\"") && body.contains("og:locale\" content=\"en_GB\""), "{body}");
        let town = open(app, "/municipalities/GM0344").await.expect(200).body();
        assert!(town.contains(&plan) && !town.contains(&english) && !town.contains(&easy), "one of them is enough: {town}");
        let body = open(app, &format!("/documents/{easy}")).await.expect(200).body();
        assert!(!body.contains("rel=\"alternate\" hreflang"), "one language: {body}");
    }

    async fn a_feed_tells_what_is_new_under_names_that_stay(app: &TestApp) {
        let ann = app.member("ann").await;
        let plan = world(&ann, "open", "public").await;
        app.pass(Duration::hours(1));
    let ann = app.anonymous().sign_in("ann", PASSWORD).await;
        let body = "Zie [de foto](/v1/attachments/x) & *@ann*: `<b>`.[^1]\n\n[^1]: Noot.";
        let thread = json!({ "title": "\"Perron\" <te> laag & steil", "body": body, "language": "en" });
        let thread = ann.post("/v1/networks/open/threads", thread).await.expect(201).text("/id");
        let path = "/networks/open/feed.atom";
        let answer = app.anonymous().get(path).await.expect(200);
        let first = feed(&answer);
        assert_eq!(first.get("title").text, "Net open");
        assert_eq!(first.get("subtitle").text, "Haltes & perrons.");
        assert_eq!((first.link("self"), first.link("alternate")), (&*format!("{}{path}", app.base), &*format!("{}/networks/open", app.base)));
        assert_eq!(first.get("updated").text, "2026-11-23T10:00:00.000Z");
        let newest = first.get("entry");
        assert_eq!(newest.get("title").text, "\"Perron\" <te> laag & steil");
        assert_eq!(newest.attributes["xml:lang"], "en");
        assert_eq!(newest.get("author").get("uri").text, format!("{}/@ann", app.base));
        let content = newest.get("content");
        assert_eq!(content.attributes["type"], "html");
        for said in [
            format!("href=\"{}/v1/attachments/x\"", app.base),
            format!("href=\"{}/@ann\"", app.base),
            format!("href=\"{}/threads/{thread}#user-content-", app.base),
            "<code>&lt;b&gt;</code>".to_owned(),
        ] {
            assert!(content.text.contains(&said), "{said}: {content:?}");
        }
        let asked = |name: &'static str, value: &str| app.anonymous().get(path).header(name, value);
        asked("if-none-match", answer.header("etag")).await.expect(304);
        asked("if-modified-since", answer.header("last-modified")).await.expect(304);
        // What changes keeps its name and comes to the front; what is deleted is gone.
        app.pass(Duration::hours(1));
    let ann = app.anonymous().sign_in("ann", PASSWORD).await;
        let known = ann.get(&format!("/v1/documents/{plan}")).await.expect(200);
        let changed = json!({ "title": "Plan, herzien", "body": "Andere tekst." });
        ann.call("PUT", &format!("/v1/documents/{plan}")).header("if-match", known.header("etag")).json(&changed).await.expect(200);
        ann.delete(&format!("/v1/threads/{thread}")).await.expect(204);
        let later = feed(&asked("if-none-match", answer.header("etag")).await.expect(200));
        let revised = later.get("entry");
        assert_eq!((revised.get("title").text.as_str(), revised.get("updated").text.as_str()), ("Plan, herzien", "2026-11-23T11:00:00.000Z"));
        assert_eq!(revised.get("published").text, "2026-11-23T09:00:00.000Z");
        let ids = |feed: &Element| -> Vec<String> { feed.all("entry").map(|entry| entry.get("id").text.clone()).collect() };
        assert!(ids(&first).contains(&revised.get("id").text), "{first:#?}");
        assert!(!ids(&later).contains(&newest.get("id").text));
        let town = feed(&app.anonymous().get("/municipalities/GM0344/feed.atom").await.expect(200));
        assert!(ids(&town).contains(&revised.get("id").text), "the same thing has the same name in every feed");
        assert_eq!(town.texts("title"), ["Gemeente Utrecht"]);
    }

    async fn a_map_of_many_conversations_comes_in_parts(app: &TestApp) {
        let ann = app.member("ann").await;
        world(&ann, "open", "public").await;
        // As by hand 10 001 times: each with the id that follows.
        let many = "INSERT INTO threads (id, network_id, author_id, title, body, body_html, language, reply_count, last_seq, \
                    last_activity_at, pinned, thanks_count, recognise_count, more_count, created_at, version) \
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) \
                    SELECT t.id + n.i, t.network_id, t.author_id, t.title, t.body, t.body_html, t.language, 0, 0, \
                    t.last_activity_at, t.pinned, 0, 0, 0, t.created_at, 1 FROM threads t, n";
        let done = app.kring.db.write(move |tx| {
            diesel::sql_query(many).execute(tx.conn())?;
            Ok::<_, kring::error::Error>(())
        });
        done.await.unwrap();
        let index = xml(&app.anonymous().get("/sitemap.xml").await.expect(200));
        let parts: Vec<&str> = index.all("sitemap").map(|part| part.get("loc").text.as_str()).collect();
        assert_eq!(parts.iter().filter(|part| part.contains("/sitemap-threads-")).count(), 2, "{parts:?}");
        let map = addresses(app).await;
        let threads: std::collections::BTreeSet<&String> = map.iter().filter(|path| path.starts_with("/threads/")).collect();
        assert_eq!(threads.len(), 10_002, "each once");
        assert_eq!(map.iter().filter(|path| path.starts_with("/threads/")).count(), 10_002);
        app.anonymous().get("/sitemap-persons-0000000000000.xml").await.problem(404, "not_found");
    }

    async fn robots_read_pages_and_nothing_else(app: &TestApp) {
        let told = app.anonymous().get("/robots.txt").await.expect(200).body();
        for line in ["Disallow: /v1/", "Disallow: /unsubscribe/", "Disallow: /verify-email", "Disallow: /*?key="] {
            assert!(told.lines().any(|known| known == line), "{line}: {told}");
        }
        assert!(told.contains(&format!("Sitemap: {}/sitemap.xml", app.base)) && !told.contains("Disallow: /\n"));
    }

    [|settings| settings.search_engines = false]
    async fn an_instance_that_is_not_to_be_found_says_so_everywhere(app: &TestApp) {
        let ann = app.member("ann").await;
        let plan = world(&ann, "open", "public").await;
        assert_eq!(app.anonymous().get("/robots.txt").await.expect(200).body(), "User-agent: *\nDisallow: /\n");
        app.anonymous().get("/sitemap.xml").await.problem(404, "not_found");
        app.anonymous().get("/sitemap-places.xml").await.problem(404, "not_found");
        for path in ["/", "/networks/open", "/municipalities/GM0344", &format!("/documents/{plan}")] {
            let page = open(app, path).await.expect(200);
            assert_eq!(page.header("x-robots-tag"), "noindex", "{path}");
            assert_eq!(html::head(&page.body(), "robots"), ["noindex"], "{path}");
        }
        assert_eq!(app.anonymous().get("/networks/open/feed.atom").await.expect(200).header("x-robots-tag"), "noindex");
    }

    [|settings| settings.frontend_url = "https://forum.example.org".into()]
    async fn with_a_frontend_the_map_and_feeds_name_its_addresses(app: &TestApp) {
        let ann = app.member("ann").await;
        let plan = world(&ann, "open", "public").await;
        let part = app.anonymous().get("/sitemap-documents-0000000000000.xml").await.expect(200);
        assert!(part.body().contains(&format!("<loc>https://forum.example.org/documents/{plan}</loc>")));
        let feed = feed(&app.anonymous().get("/networks/open/feed.atom").await.expect(200));
        assert_eq!(feed.link("alternate"), "https://forum.example.org/networks/open");
        assert!(feed.link("self").starts_with(&app.base));
    }
}
