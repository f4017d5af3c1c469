//! Bringing documents along: what becomes of them, what is refused and how, and folders of them.

#[path = "imports/hostile.rs"]
mod hostile;
#[path = "imports/kill.rs"]
mod kill;
#[path = "imports/limits.rs"]
mod limits;

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::both;
use crate::harness::files::{fixture, zipped};
use crate::harness::{Client, Response, TestApp};

/// A form with a file.
fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Form {
    Form::new().part("file", Part::bytes(bytes.into()).file_name(name.to_owned()))
}

async fn bring(who: &Client, form: Form) -> Response {
    who.call("POST", "/v1/networks/halte/document-imports").form(form).await
}

/// The network `halte` of ann, who coordinates, and bob.
async fn network(app: &TestApp, visibility: &str) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({ "slug": "halte", "name": "Haltes", "description": "Voor iedereen.", "visibility": visibility });
    ann.post("/v1/networks", network).await.expect(201);
    ann.post("/v1/networks/halte/memberships", json!({ "handle": "bob" })).await.expect(201);
    bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    (ann, bob)
}

/// The codes of what was lost.
fn lost(answer: &Value) -> Vec<&str> {
    answer["losses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|loss| loss["code"].as_str().unwrap())
        .collect()
}

/// How many files are kept in the folder of attachments.
fn kept(app: &TestApp) -> usize {
    std::fs::read_dir(app.data().join("files/attachments")).map(Iterator::count).unwrap_or(0)
}

both! {
    async fn a_word_file_becomes_a_plan_that_another_municipality_adopts_and_keeps_up_with(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let carla = app.member("carla").await;
        let agenda = json!({ "slug": "agenda", "name": "Agenda", "description": "Voor iedereen.", "visibility": "public" });
        carla.post("/v1/networks", agenda).await.expect(201);
        let brought = bring(&ann, file("plan.docx", fixture("word.docx")).text("kind", "plan")).await.expect(201);
        let (plan, body) = (brought.header("location").to_owned(), brought.text("/document/body"));

        let wish = json!({ "network": "agenda", "municipality": "GM0193" });
        let copy = carla.post(&format!("{plan}/adoptions"), wish).await.expect(201);
        let path = format!("/v1/documents/{}", copy.text("/id"));
        assert!(copy.text("/lineage/attribution").contains("‘Plan: alle haltes toegankelijk’ (versie 1)"), "{copy}");
        assert_eq!(copy["attachments"].as_array().unwrap().len(), 3, "{copy}");
        let advised = carla.get(&format!("{path}?include=advice")).await.expect(200);
        assert_eq!(copy["advice"], advised["advice"]);
        let tables = |told: &Response| told.text("/bodyHtml").matches("<table>").count();
        assert!(tables(&copy) > 0);

        let changed = json!({ "title": "Plan: alle haltes toegankelijk", "body": format!("{body}\n\n## Geld\n\nTwee ton per jaar.\n") });
        ann.put(&plan, changed).header("if-match", "*").await.expect(200);
        let upstream = carla.get(&format!("{path}/upstream")).await.expect(200);
        let states: Vec<&Value> = upstream["sections"].as_array().unwrap().iter()
            .map(|section| &section["state"]).filter(|state| *state != "unchanged").collect();
        assert_eq!((&upstream["state"], states), (&json!("behind"), vec![&json!("added")]), "{upstream}");
        let taken = carla.post(&format!("{path}/upstream/_takeover"), json!({ "revision": 2, "others": "theirs" }));
        let taken = taken.header("if-match", "*").await.expect(200);
        assert!(taken.text("/body").contains("Twee ton per jaar."), "{taken}");
        let advised = carla.get(&format!("{path}?include=advice")).await.expect(200);
        assert_eq!(taken["advice"], advised["advice"]);
        assert_eq!(tables(&taken), tables(&copy));
        assert_eq!(carla.get(&format!("{path}/upstream")).await.expect(200)["state"], "current");
    }

    async fn a_word_document_becomes_a_plan_with_its_images_and_a_report(app: &TestApp) {
        let (ann, bob) = network(app, "members").await;
        let form = || file("plan.docx", fixture("word.docx")).text("kind", "plan");
        let imports = || ann.call("POST", "/v1/networks/halte/document-imports").header("idempotency-key", "een");
        let brought = imports().header("accept-language", "nl").form(form()).await.expect(201);
        let document = &brought["document"];
        assert_eq!(document["title"], "Plan: alle haltes toegankelijk");
        assert_eq!((&document["kind"], &document["language"]), (&json!("plan"), &json!("nl-NL")));
        let id = brought.text("/document/id");
        assert_eq!(brought.header("location"), format!("/v1/documents/{id}"));
        let html = brought.text("/document/bodyHtml");
        for part in [
            "<h2>Waarom</h2>",
            "<h3>Dit jaar</h3>",
            "<th scope=\"col\">Wanneer</th>",
            "<ul>\n<li>met een rolstoel</li>",
            "<ol>\n<li>Geld vragen</li>",
            "<a href=\"https://example.org/haltes?wijk=%28zuid%29\"",
            "<strong>geen enkele</strong>",
            "alt=\"De halte Kerkplein: de stoep is hoger dan de instap.\"",
        ] {
            assert!(html.contains(part), "no {part} in:\n{html}");
        }
        let images = document["attachments"].as_array().unwrap();
        let told: Vec<_> = images.iter().map(|image| (&image["alt"], &image["decorative"], &image["descriptionWanted"])).collect();
        assert_eq!(json!(told), json!([
            ["De halte Kerkplein: de stoep is hoger dan de instap.", false, false],
            [null, false, true],
            [null, true, false],
        ]));
        for image in images {
            assert!(html.contains(image["content"].as_str().unwrap()), "{image}");
            bob.get(image["content"].as_str().unwrap()).await.expect(200);
        }
        assert_eq!(lost(&brought.json), [
            "merged_cells", "text_box", "tracked_changes", "comments", "page_breaks", "headers_and_footers", "cell_paragraphs",
        ]);
        assert_eq!(brought["losses"][0], json!({
            "code": "merged_cells", "count": 1, "where": ["Planning"], "languages": [],
            "sentence": "Eén samengevoegde cel is uit elkaar gehaald. Kijk of de tabel nog goed te lezen is.",
        }));
        assert_eq!(brought["losses"][2]["sentence"], "2 bijgehouden wijzigingen zijn overgenomen alsof ze waren geaccepteerd.");

        // From now on it is a document like any other: found, changed, and asked about.
        let found = bob.get("/v1/search?query=perrons").await.expect(200);
        assert_eq!(found["items"][0]["id"], id.as_str());
        let change = json!({ "title": "Plan", "body": "Anders." });
        let path = format!("/v1/documents/{id}");
        let advised = bob.get(&format!("{path}?include=advice")).header("accept-language", "nl").await.expect(200);
        assert_eq!(document["advice"], advised["advice"]);
        bob.call("PUT", &path).header("if-match", brought.header("etag")).json(&change).await.expect(200);
        assert_eq!(bob.get("/v1/home").await.expect(200)["waiting"]["descriptionsWanted"]["count"], 1);

        let again = imports().form(form()).await.expect(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.text("/document/id"), id);
        assert_eq!(kept(app), 3, "the images of the second sending are gone");
    }

    async fn pages_markdown_and_what_pandoc_reads_become_documents(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let page = bring(&bob, file("pagina.html", fixture("pagina.html"))).await.expect(201);
        assert_eq!(page["document"]["title"], "Prikkelarm winkelen");
        assert_eq!(page["document"]["kind"], "note");
        assert_eq!(page["document"]["createdBy"]["handle"], "bob");
        let text = file("tekst.md", fixture("tekst.md")).text("title", "Stilte").text("language", "fr");
        let text = bring(&ann, text).await.expect(201);
        assert_eq!((&text["document"]["title"], &text["document"]["language"]), (&json!("Stilte"), &json!("fr")));
        let body = text.text("/document/body");
        assert!(body.contains("![Image without a description](/v1/attachments/") || body.contains("![Afbeelding zonder beschrijving](/v1/attachments/"), "{body}");
        let odt = bring(&ann, file("spelen.odt", fixture("libreoffice.odt"))).await;
        if app.kring.converter.has_pandoc() {
            let odt = odt.expect(201);
            assert_eq!(odt["document"]["title"], "Spelen voor iedereen");
            let html = odt.text("/document/bodyHtml");
            for part in ["<li>Een vlakke ondergrond", "Vijverpark</t", "footnote", "<strong>drie van de tien</strong>"] {
                assert!(html.contains(part), "no {part} in:\n{html}");
            }
        } else {
            assert_eq!(odt.faults(), ["/file import_needs_pandoc"]);
        }
    }

    [|settings| settings.pandoc = "none".into()]
    async fn what_cannot_be_taken_is_refused_in_plain_words_and_leaves_nothing(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let image = fixture("halte.png");
        for (name, bytes, code) in [
            ("plan.docx", b"geen zip".to_vec(), "import_unknown_kind"),
            ("plan.docx", b"PK\x03\x04 half".to_vec(), "import_damaged"),
            ("plan.doc", fixture("libreoffice.doc"), "import_old_word"),
            ("plan.pdf", fixture("kop.pdf"), "import_pdf"),
            ("plan.odt", fixture("libreoffice.odt"), "import_needs_pandoc"),
            ("foto.png", image.clone(), "import_unknown_kind"),
            ("leeg.html", b"<p></p>".to_vec(), "import_empty"),
            ("map.zip", zipped(&[("foto.png", &image)]), "import_no_documents"),
            ("lang.md", "woord ".repeat(60_000).into_bytes(), "import_too_long"),
        ] {
            let answer = bring(&ann, file(name, bytes)).await;
            let sentence = answer.text("/errors/0/detail");
            assert!(sentence.len() > 30 && !sentence.contains("fault-"), "{sentence}");
            assert_eq!(answer.faults(), [format!("/file {code}")], "{name}");
        }
        let faulty = file("plan.md", "# Plan").text("kind", "poem").text("network", "halte").text("language", "?");
        assert_eq!(bring(&ann, faulty).await.faults(), ["/kind not_allowed", "/language language", "/network unknown_field"]);
        assert_eq!(bring(&ann, Form::new().text("kind", "note")).await.faults(), ["/file required"]);
        assert_eq!(ann.get("/v1/networks/halte/documents").await.expect(200)["items"], json!([]));
        assert_eq!(kept(app), 0);
        assert_eq!(std::fs::read_dir(app.data().join("incoming")).unwrap().count(), 0);
    }

    [|settings| settings.pandoc = "none".into()]
    async fn a_folder_becomes_a_library_and_a_bad_file_stops_no_other(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let folder = zipped(&[
            ("plannen/kop.docx", &fixture("kop.docx")),
            ("plannen/halte.md", b"# De halte\n\n![Een hoge stoep](../img/halte.png)\n"),
            ("img/halte.png", &fixture("halte.png")),
            ("plannen/oud.doc", &fixture("libreoffice.doc")),
            ("plannen/kapot.docx", b"PK\x03\x04"),
            ("lijst.csv", b"a,b"),
        ]);
        let form = file("map.zip", folder).text("kind", "guide");
        let begun = ann.call("POST", "/v1/networks/halte/document-imports").header("accept-language", "en").form(form);
        let begun = begun.await.expect(202);
        let path = begun.header("location").to_owned();
        assert_eq!(path, format!("/v1/jobs/{}", begun.text("/id")));
        assert_eq!((&begun["kind"], &begun["state"]), (&json!("document_import"), &json!("queued")));
        app.settle().await;
        let job = ann.get(&path).await.expect(200);
        assert_eq!(job["state"], "done", "{job}");
        assert_eq!(job["progress"], json!({ "done": 5, "total": 5 }));
        assert_eq!(job["finishedAt"], "2026-11-23T09:00:00.000Z");
        let result = &job["result"];
        assert_eq!(result["losses"], json!([]));
        assert_eq!((&result["documents"], &result["location"]), (&json!(2), &json!("/v1/networks/halte/documents")));
        let files: Vec<Value> = result["files"].as_array().unwrap().iter()
            .map(|file| json!([file["file"], file["document"]["title"], file["problem"]["code"]])).collect();
        assert_eq!(json!(files), json!([
            ["lijst.csv", null, "import_unknown_kind"],
            ["plannen/halte.md", "De halte", null],
            ["plannen/kapot.docx", null, "import_damaged"],
            ["plannen/kop.docx", "Verslag van de avond", null],
            ["plannen/oud.doc", null, "import_old_word"],
        ]));
        assert!(result["files"][4]["problem"]["sentence"].as_str().unwrap().contains("save it as .docx"));
        let halte = ann.get(&format!("{}?include=attachments", result["files"][1]["document"]["location"].as_str().unwrap()));
        let halte = halte.await.expect(200);
        assert_eq!((&halte["kind"], &halte["attachments"][0]["alt"]), (&json!("guide"), &json!("Een hoge stoep")));
        let listed = bob.get("/v1/networks/halte/documents").await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);

        // The job is its owner's, for thirty days after its end; the ZIP is gone already.
        bob.get(&path).await.problem(404, "not_found");
        app.anonymous().get(&path).await.expect(401);
        let left = std::fs::read_dir(app.data().join("files/jobs")).map(Iterator::count);
        assert_eq!(left.unwrap_or(0), 0);

        app.pass(chrono::Duration::days(31));
        app.settle().await;
        let sweeping = app.kring.clone();
        tokio::task::spawn_blocking(move || kring::jobs::asked::sweep(&sweeping)).await.unwrap().unwrap();
        let ann = app.anonymous().sign_in("ann", crate::harness::app::PASSWORD).await;
        ann.get(&path).await.problem(404, "not_found");
    }

    async fn what_a_screen_reader_loses_and_what_is_left_out_is_told_with_what_to_do(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let links = r#"<Relationships><Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>"#;
        let styles = r#"<w:styles xmlns:w="w"><w:style w:styleId="Lijst"><w:tblStylePr w:type="firstCol"/></w:style></w:styles>"#;
        let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
        let (nl, en) = (r#"<w:lang w:val="nl-NL"/>"#, r#"<w:lang w:val="en-GB"/>"#);
        let row = |header: &str| format!("<w:tr><w:tc><w:p>{}</w:p></w:tc><w:tc><w:p>{}</w:p></w:tc></w:tr>", run(nl, header), run("", "12"));
        let body = format!(
            r#"<w:p>{}{}{}</w:p><w:tbl><w:tblPr><w:tblStyle w:val="Lijst"/><w:tblLook w:firstRow="1" w:firstColumn="1"/></w:tblPr>{}{}</w:tbl>"#,
            run(nl, "Wij zeggen allemaal hetzelfde: "), run(en, "nothing about us"), run("<w:vanish/>", "Geheim."), row("Halte"), row("Kerkplein"),
        );
        let word = hostile::docx(&body, &[("word/_rels/document.xml.rels", links.as_bytes()), ("word/styles.xml", styles.as_bytes())]);
        let page = r#"<html lang="nl"><p>Zij zei <q lang="en">hello</q>, en hij <q lang="tlh">nuqneH</q>.</p><p hidden>Weg.</p>
            <p aria-hidden="true">Sier.</p><table><tr><th>Halte<th>Hoogte</tr><tr><th>Station<td>9</tr></table></html>"#;
        let image = fixture("halte.png");
        let folder = zipped(&[
            ("haltes.docx", &word), ("halte.html", page.as_bytes()), ("foto.md", b"![De halte](img/halte.png)"),
            ("kapot.md", format!("![De stoep](img/stoep.png)\n\n{}", "woord ".repeat(60_000)).as_bytes()),
            ("img/halte.png", &image), ("img/stoep.png", &image), ("img/over.jpg", &image),
        ]);
        let begun = ann.call("POST", "/v1/networks/halte/document-imports").header("accept-language", "nl").form(file("map.zip", folder));
        let path = begun.await.expect(202).header("location").to_owned();
        app.settle().await;
        let job = ann.get(&path).await.expect(200);
        let result = &job["result"];
        let told = |losses: &Value| -> Vec<Value> {
            losses.as_array().unwrap().iter().map(|loss| json!([loss["code"], loss["count"], loss["languages"]])).collect()
        };
        let files = result["files"].as_array().unwrap();
        let codes: Vec<Value> = files.iter().map(|file| json!([file["file"], told(&file["losses"])])).collect();
        assert_eq!(json!(codes), json!([
            ["foto.md", []],
            ["halte.html", [
                ["row_headers", 1, []], ["other_languages", 2, ["en", "tlh"]], ["hidden_text", 1, []], ["hidden_from_screen_readers", 1, []],
            ]],
            ["haltes.docx", [["row_headers", 1, []], ["other_languages", 1, ["en"]], ["hidden_text", 1, []]]],
            ["kapot.md", []],
        ]), "{job}");
        let sentence = |file: usize, loss: usize| files[file]["losses"][loss]["sentence"].as_str().unwrap();
        assert!(sentence(1, 1).contains("dan het document: Engels, de taal met de code tlh. Een schermlezer leest"), "{job}");
        assert!(sentence(1, 2).contains("Het is weggelaten.") && sentence(1, 3).contains("Het is overgenomen"), "{job}");
        assert!(sentence(2, 0).ends_with("Kijk of elke rij zonder die kop te begrijpen is."), "{job}");
        // One that is shown only by a file which became no document is shown by none.
        assert_eq!(result["losses"], json!([{
            "code": "unused_images", "count": 2, "where": ["img/over.jpg", "img/stoep.png"], "languages": [],
            "sentence": "2 afbeeldingen in de map zijn niet overgenomen, omdat geen document ze laat zien. Horen ze ergens bij, voeg ze daar dan zelf toe.",
        }]));

        let plan = ann.call("POST", "/v1/networks/halte/document-imports").header("accept-language", "en").form(file("haltes.docx", word));
        let plan = plan.await.expect(201);
        assert_eq!(lost(&plan.json), ["row_headers", "other_languages", "hidden_text"]);
        assert_eq!(
            plan["losses"][1]["sentence"],
            "One passage is in another language than the document: English. A screen reader now reads it in the language of the \
             document. Say in front of it which language it is in, or make it a document of its own."
        );
        assert!(!plan.text("/document/body").contains("Geheim"), "{plan}");
    }

    async fn words_in_attached_files_are_found_by_those_who_may_read_what_they_belong_to(app: &TestApp) {
        let (ann, bob) = network(app, "members").await;
        let cem = app.member("cem").await;
        let upload = async |name: &str| {
            let form = file(name, fixture(name)).text("network", "halte");
            ann.call("POST", "/v1/attachments").form(form).await.expect(201).text("/id")
        };
        let (pdf, docx) = (upload("kop.pdf").await, upload("kop.docx").await);
        let thread = json!({ "title": "Het verslag", "body": "Zie de bijlage.", "attachments": [pdf] });
        let thread = ann.post("/v1/networks/halte/threads", thread).await.expect(201).text("/id");
        let reply = json!({ "body": "En als Word.", "attachments": [docx] });
        let reply = ann.post(&format!("/v1/threads/{thread}/replies"), reply).await.expect(201).text("/id");
        app.settle().await;
        let found = bob.call("GET", "/v1/search?query=aanwezig").header("accept-language", "nl").await.expect(200);
        let told: Vec<Value> = found["items"].as_array().unwrap().iter()
            .map(|hit| json!([hit["kind"], hit["title"], hit["attachment"]["sentence"], hit["path"], hit["thread"]])).collect();
        assert_eq!(json!(told), json!([
            ["attachment", "Het verslag", "In de bijlage kop.docx", format!("/threads/{thread}?around={reply}#reply-{reply}"), thread],
            ["attachment", "Het verslag", "In de bijlage kop.pdf", format!("/threads/{thread}"), thread],
        ]), "{found}");
        let parts = found["items"][1]["excerpt"].as_array().unwrap();
        let marked: Vec<&Value> = parts.iter().filter(|part| part["match"] == true).collect();
        assert_eq!(marked[0]["text"], "Aanwezig", "{found}");
        assert_eq!(found["items"][1]["attachment"]["targetId"], thread.as_str());
        assert_eq!(bob.get("/v1/search?query=aanwezig&kind=thread").await.expect(200)["items"], json!([]));
        assert_eq!(cem.get("/v1/search?query=aanwezig").await.expect(200)["items"], json!([]));

        // Renamed it is found by its new name; removed, by itself or with what it belongs to, not at all.
        let renamed = json!({ "fileName": "notulen-maart.pdf" });
        ann.patch(&format!("/v1/attachments/{pdf}"), renamed).await.expect(200);
        app.settle().await;
        let named = bob.get("/v1/search?query=notulen").await.expect(200);
        assert_eq!(named["items"][0]["attachment"]["fileName"], "notulen-maart.pdf");
        ann.delete(&format!("/v1/replies/{reply}")).await.expect(204);
        assert_eq!(bob.get("/v1/search?query=aanwezig").await.expect(200)["items"].as_array().unwrap().len(), 1);
        ann.delete(&format!("/v1/attachments/{pdf}")).await.expect(204);
        assert_eq!(bob.get("/v1/search?query=aanwezig").await.expect(200)["items"], json!([]));
    }
}
