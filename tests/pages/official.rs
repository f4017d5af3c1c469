//! The page of a public document, as it is sent to somebody who never signs in: what it tells people, and what programs.

use serde_json::{Value, json};

use super::{network, open, open_in, thread};
use crate::attachments::upload;
use crate::both;
use crate::harness::{Client, TestApp, html};

const PLAN: &str = "# Visie & doel\n\nIn tien jaar kan iedereen bij elke halte in de bus. Zie <https://example.org/regels>, of \
                    [de wet](https://example.org/wet).\n\n## Wie\n\nWij.\n\n# Kosten\n\n|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n|1|2|3|4|5|6|";

/// A GIF of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// Sends a file to the network, described as `alt`.
async fn file(who: &Client, name: &str, content: &[u8], alt: &str) -> String {
    let part = reqwest::multipart::Part::bytes(content.to_vec()).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new()
        .text("network", "haltes")
        .text("alt", alt.to_owned())
        .part("file", part);
    upload(who, form).await.expect(201).text("/id")
}

/// The address of a plan that ann wrote and bob went on with.
async fn plan(app: &TestApp) -> String {
    let ann = network(app, "public").await;
    let photo = file(&ann, "halte.gif", PIXEL, "Een <hoge> stoep").await;
    let notes = file(&ann, "notities.txt", b"Wat wij zagen.", "Wat wij zagen").await;
    let plan = json!({
        "kind": "plan", "title": "Plan \"haltes\" </script>", "body": PLAN, "municipalities": ["GM0344"],
        "themes": ["vervoer"], "crpdArticles": [9], "attachments": [photo, notes], "language": "nl",
    });
    let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201);
    let path = format!("/documents/{}", plan.text("/id"));
    app.pass(chrono::Duration::days(3));
    let bob = app.member("bob").await;
    bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    let changed = json!({ "title": "Plan haltes", "body": format!("{PLAN}\n\nKlaar in 2027.") });
    bob.call("PUT", &format!("/v1{path}"))
        .header("if-match", plan.header("etag"))
        .json(&changed)
        .await
        .expect(200);
    path
}

both! {
    async fn the_page_of_a_document_tells_people_and_programs_who_when_and_what_for(app: &TestApp) {
        let path = plan(app).await;
        let address = format!("{}{path}", app.base);
        let page = open(app, &path).await.expect(200);
        let body = page.body();
        for said in [
            "<a href=\"/@ann\">ann de Vries</a>, <a href=\"/@bob\">bob de Vries</a>",
            "<time datetime=\"2026-11-23T09:00:00.000Z\">23 november 2026</time>",
            "<time datetime=\"2026-11-26T09:00:00.000Z\">26 november 2026</time>, versie 2",
            "<a href=\"/municipalities/GM0344\">Utrecht</a>",
            "href=\"#kop-visie-doel\"",
            "href=\"https://creativecommons.org/licenses/by/4.0/\" rel=\"license\">CC BY 4.0</a>",
            "alt=\"Een &#60;hoge&#62; stoep\"",
            "halte.gif</a> (GIF, 1 kB)",
            "notities.txt</a> (TXT, 1 kB)",
            "<a class=\"told\" href=\"https://example.org/regels\"",
            &format!("<dd class=\"address\">{address}</dd>"),
            &format!("<a href=\"{path}.md\" type=\"text/markdown\">"),
        ] {
            assert!(body.contains(said), "{said}:\n{body}");
        }
        assert_eq!(html::head(&body, "canonical"), [address.as_str()]);
        assert_eq!(html::head(&body, "license"), ["https://creativecommons.org/licenses/by/4.0/"]);
        assert_eq!(html::head(&body, "robots"), [""; 0]);
        for (property, content) in [
            ("og:title", "Plan haltes"),
            ("og:type", "article"),
            ("og:url", &address),
            ("og:locale", "nl_NL"),
            ("og:image:alt", "Een &#60;hoge&#62; stoep"),
            ("article:modified_time", "2026-11-26T09:00:00.000Z"),
            ("article:tag", "vervoer"),
        ] {
            assert_eq!(html::head(&body, property), [content], "{body}");
        }
        assert_eq!(html::head(&body, "article:author").len(), 2);
        assert!(html::head(&body, "description")[0].starts_with("In tien jaar kan iedereen"), "{body}");
        let data = html::data(&body);
        for (pointer, value) in [
            ("/@id", json!(address)),
            ("/headline", json!("Plan haltes")),
            ("/inLanguage", json!("nl")),
            ("/author/0/name", json!("ann de Vries")),
            ("/author/1/url", json!(format!("{}/@bob", app.base))),
            ("/datePublished", json!("2026-11-23T09:00:00.000Z")),
            ("/dateModified", json!("2026-11-26T09:00:00.000Z")),
            ("/license", json!("https://creativecommons.org/licenses/by/4.0/")),
            ("/encoding/contentUrl", json!(format!("{address}.md"))),
            ("/associatedMedia/0/description", json!("Een <hoge> stoep")),
            ("/spatialCoverage/0/identifier", json!("GM0344")),
            ("/isPartOf/name", json!("Haltes voor iedereen")),
            ("/version", json!(2)),
        ] {
            assert_eq!(data.pointer(pointer), Some(&value), "{pointer} in {data:#}");
        }
        let picture = html::head(&body, "og:image");
        app.anonymous().get(picture[0].strip_prefix(&app.base).unwrap()).await.expect(200);
        let english = open_in(app, "en", &path).await.expect(200).body();
        assert!(english.contains("<h1 lang=\"nl\"") && english.contains("<article class=\"written\" lang=\"nl\""));
        assert!(english.contains("23 November 2026") && english.contains("Written by"));
        assert_eq!(html::head(&english, "canonical"), [address]);
    }

    async fn an_earlier_version_leads_to_the_newest_and_is_not_listed(app: &TestApp) {
        let path = plan(app).await;
        let earlier = open(app, &format!("{path}/revisions/1")).await.expect(200);
        assert_eq!(earlier.header("x-robots-tag"), "noindex");
        assert!(earlier.header("cache-control").starts_with("public"), "it may be kept all the same");
        let body = earlier.body();
        assert_eq!(html::head(&body, "robots"), ["noindex"]);
        assert_eq!(html::head(&body, "latest-version"), [format!("{}{path}", app.base)]);
        assert_eq!((html::head(&body, "canonical").len(), html::head(&body, "og:title").len()), (0, 0));
        assert!(body.contains("<a href=\"/@ann\">") && !body.contains("/@bob"), "bob came later");
        let list = open(app, &format!("{path}/revisions")).await.expect(200);
        assert_eq!(list.header("x-robots-tag"), "noindex");
    }

    async fn the_markdown_of_a_document_is_as_it_was_written(app: &TestApp) {
        let path = plan(app).await;
        let source = app.anonymous().get(&format!("{path}.md")).await.expect(200);
        assert_eq!(source.body(), format!("{PLAN}\n\nKlaar in 2027."));
        assert_eq!(source.header("content-type"), "text/markdown; charset=utf-8");
        assert_eq!(source.header("content-language"), "nl");
        assert_eq!(source.header("link"), format!("<{}{path}>; rel=\"canonical\"", app.base));
        assert_eq!(source.header("last-modified"), "Thu, 26 Nov 2026 09:00:00 GMT");
        let again = |name: &'static str, value: &str| app.anonymous().get(&format!("{path}.md")).header(name, value);
        again("if-none-match", source.header("etag")).await.expect(304);
        again("if-modified-since", source.header("last-modified")).await.expect(304);
        again("if-none-match", "\"other\"").header("if-modified-since", source.header("last-modified")).await.expect(200);
        again("if-modified-since", "Wed, 25 Nov 2026 09:00:00 GMT").await.expect(200);
        app.anonymous().get("/documents/01k9q3v8r0a7c.md").await.problem(404, "not_found");
    }

    async fn what_is_for_members_tells_programs_nothing(app: &TestApp) {
        let ann = network(app, "members").await;
        let plan = json!({ "kind": "plan", "title": "Plan haltes", "body": PLAN });
        let id = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).text("/id");
        open(app, &format!("/documents/{id}")).await.expect(404);
        app.anonymous().get(&format!("/documents/{id}.md")).await.problem(404, "not_found");
        let shown = open(app, "/networks/haltes").await.expect(200).body();
        assert!(!shown.contains("feed.atom"), "{shown}");
    }

    async fn threads_and_networks_say_what_they_are_too(app: &TestApp) {
        let ann = network(app, "public").await;
        let thread = thread(&ann, "Perron te laag").await;
        let body = open(app, &format!("/threads/{thread}")).await.expect(200).body();
        let data = html::data(&body);
        assert_eq!((&data["@type"], &data["headline"]), (&json!("DiscussionForumPosting"), &json!("Perron te laag")));
        assert_eq!((&data["author"][0]["name"], &data["commentCount"]), (&json!("ann de Vries"), &json!(0)));
        assert_eq!(html::head(&body, "og:type"), ["article"]);
        ann.delete(&format!("/v1/threads/{thread}")).await.expect(204);
        let network = open(app, "/networks/haltes").await.expect(200).body();
        let data = html::data(&network);
        assert_eq!((&data["@type"], &data["name"]), (&json!("CollectionPage"), &json!("Haltes voor iedereen")));
        assert_eq!(html::head(&network, "og:image"), [format!("{}/assets/card.png", app.base)]);
        assert_eq!(app.anonymous().get("/assets/card.png").await.expect(200).header("content-type"), "image/png");
        let private = open(app, "/verify-email").await.expect(200).body();
        assert!(!private.contains("og:") && !private.contains("ld+json"), "{private}");
        assert_ne!(data["spatialCoverage"][0]["name"], Value::Null);
    }
}
