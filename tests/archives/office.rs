//! What people wrote in Word and in LibreOffice, taken along to another instance.

use super::*;
use crate::harness::files::fixture;

/// What every document written with either has: the words of its HTML, and of its Markdown in the archive.
const WORD: (&[&str], &[&str]) = (
    &[
        "<h2>Waarom</h2>",
        "<h3>Dit jaar</h3>",
        "<ul>\n<li>met een rolstoel</li>",
        "<ol>\n<li>Geld vragen</li>",
        "<th scope=\"col\">Wanneer</th>",
        "<td>Kerkplein</td>",
        "<a href=\"https://example.org/haltes?wijk=%28zuid%29\"",
        "<strong>geen enkele</strong>",
        "<blockquote>",
        "alt=\"De halte Kerkplein: de stoep is hoger dan de instap.\"",
    ],
    &[
        "# Waarom\n",
        "## Dit jaar\n",
        "- Alle haltes meten\n  - met een rolstoel\n",
        "| Halte | Wanneer | Kosten |\n| --- |",
    ],
);

const LIBREOFFICE: (&[&str], &[&str]) = (
    &[
        "<h2>Wat nodig is</h2>",
        "<li>Een vlakke ondergrond",
        "<ol>\n<li>rubber</li>",
        "<ul>\n<li>samen</li>",
        "<th scope=\"col\">Wijk</th>",
        "<td>Vijverpark</td>",
        "<a href=\"https://example.org/speelplekken\"",
        "<em>rolstoel</em>",
        "class=\"footnotes\"",
        "alt=\"Een kind in een rolstoel op een draaimolen.\"",
    ],
    &[
        "## Wat nodig is\n",
        "- Een vlakke ondergrond\n  1. rubber\n",
        "| Wijk | Plek | Klaar |\n| --- |",
        "[^1]: Geteld in mei",
    ],
);

/// What is to be the same wherever a document is.
fn told(document: &Response) -> Value {
    let file = |file: &Value| {
        json!([
            file["id"],
            file["fileName"],
            file["mediaType"],
            file["alt"],
            file["decorative"],
            file["descriptionWanted"]
        ])
    };
    let files: Vec<Value> = document["attachments"].as_array().unwrap().iter().map(file).collect();
    let same = ["id", "kind", "title", "language", "body", "bodyHtml", "outline", "createdAt", "revision"];
    let same: Vec<&Value> = same.iter().map(|name| &document[*name]).collect();
    json!([same, files])
}

async fn read(who: &Client, path: &str) -> Response {
    who.get(&format!("{path}?include=attachments")).await.expect(200)
}

both! {
    [|settings| settings.public_url = HOME.into()]
    async fn what_was_written_in_word_and_libreoffice_is_the_same_on_another_instance(app: &TestApp) {
        let ann = app.member("ann").await;
        let network = json!({ "slug": "halte", "name": "Haltes", "description": "Voor iedereen.", "language": "nl" });
        ann.post("/v1/networks", network).await.expect(201);
        let mut written = Vec::new();
        for (name, (html, markdown)) in [("word.docx", WORD), ("libreoffice.docx", LIBREOFFICE)] {
            let form = Form::new().part("file", Part::bytes(fixture(name)).file_name(name));
            let brought = ann.call("POST", "/v1/networks/halte/document-imports").form(form).await.expect(201);
            written.push((name, read(&ann, brought.header("location")).await, html, markdown));
        }
        let taken = result(app, &ann, ann.call("POST", "/v1/networks/halte/archives").await).await;
        let bytes = ann.get(taken["location"].as_str().unwrap()).await.expect(200).bytes;
        shape::check(&bytes);
        let entries = unzipped(&bytes);

        let (_, there) = here_and_there(app);
        let Some(elsewhere) = another(there, "https://elders.example") else { return };
        let admin = elsewhere.admin("ada_admin").await;
        let brought = result(&elsewhere, &admin, send(&admin, bytes, &[]).await).await;
        assert_eq!((&brought["counts"]["documents"], &brought["counts"]["files"]), (&json!(2), &json!(4)));
        for (name, here, html, markdown) in written {
            let path = format!("/v1/documents/{}", here.text("/id"));
            let brought = read(&admin, &path).await;
            assert_eq!(told(&brought), told(&here), "{name}");
            let shown = brought.text("/bodyHtml");
            for part in html {
                assert!(shown.contains(part), "{name}: no {part} in\n{shown}");
            }
            // Without Kring, too: as Markdown, and on a page that shows its images from beside it.
            let folder = format!("documents/{}", here.text("/id"));
            let (text, page) = (&entries[&format!("{folder}/1.md")], &entries[&format!("{folder}/index.html")]);
            for part in markdown {
                assert!(text.contains(part), "{name}: no {part} in\n{text}");
            }
            readable(page);
            for table in ["<table>", "scope=\"col\"", "<ol>", "<ul>", "<h2>"] {
                assert!(page.contains(table), "{name}: no {table} in\n{page}");
            }
            for image in brought["attachments"].as_array().unwrap() {
                let content = image["content"].as_str().unwrap();
                assert!(shown.contains(content), "{name} shows {image}");
                let (now, before) = (admin.get(content).await.expect(200), ann.get(content).await.expect(200));
                assert_eq!((now.header("content-type"), &now.bytes), (before.header("content-type"), &before.bytes));
                assert!(page.contains(&format!("../../files/{}-", image["id"].as_str().unwrap())), "{name}: {page}");
            }
        }
        // The image that nobody described asks for it there, too.
        let member = elsewhere.member("dora").await;
        member.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        assert_eq!(member.get("/v1/home").await.expect(200)["waiting"]["descriptionsWanted"]["count"], 1);
    }
}
