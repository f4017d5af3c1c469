//! Files that were made to do harm: refused with a plain reason, by themselves and in a folder, and nothing that a file
//! points to is fetched or read.

use std::io::{ErrorKind, Write as _};
use std::net::TcpListener;

use serde_json::{Value, json};

use super::{bring, file, kept, lost, network};
use crate::both;
use crate::harness::TestApp;
use crate::harness::files::{fixture, zipped};

const RELS: &str = r#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// A DOCX of one paragraph and what `body` is, with further files.
pub fn docx(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let document = format!(
        r#"<w:document xmlns:w="w" xmlns:r="r" xmlns:a="a"><w:body><w:p><w:r><w:t>Tekst.</w:t></w:r></w:p>{body}</w:body></w:document>"#
    );
    let own: [(&str, &[u8]); 2] =
        [("_rels/.rels", RELS.as_bytes()), ("word/document.xml", document.as_bytes())];
    zipped(&[&own, more].concat())
}

/// An ODT of these files.
fn odt(files: &[(&str, &[u8])]) -> Vec<u8> {
    let kind: (&str, &[u8]) = ("mimetype", b"application/vnd.oasis.opendocument.text");
    zipped(&[&[kind], files].concat())
}

/// Images that a DOCX refers to, and the references to `targets` that they are.
fn images(targets: impl Iterator<Item = String>) -> (String, String) {
    let (mut body, mut links) = (String::new(), String::new());
    for (number, target) in targets.enumerate() {
        body.push_str(&format!(
            r#"<w:p><w:r><w:drawing><a:blip r:embed="i{number}"/></w:drawing></w:r></w:p>"#
        ));
        links.push_str(&format!(r#"<Relationship Id="i{number}" Type="x/image" {target}/>"#));
    }
    (body, format!("<Relationships>{links}</Relationships>"))
}

/// Every kind of harm as a document, with the code of its refusal.
fn documents() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let zeros = vec![b' '; 40 * 1024 * 1024];
    let entity = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
    let (shown, links) = images((0..10_000).map(|number| format!(r#"Target="media/{number}.png""#)));
    let image = fixture("halte.png");
    let names: Vec<String> = (0..301).map(|number| format!("word/media/{number}.png")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![("word/_rels/document.xml.rels", links.as_bytes())];
    files.extend(names.iter().map(|name| (name.as_str(), image.as_slice())));
    let deep = format!("{}{}", "<w:sdt><w:sdtContent>".repeat(200), "</w:sdtContent></w:sdt>".repeat(200));
    let gif = "<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">";
    vec![
        ("bom.docx", docx("", &[("word/styles.xml", &zeros)]), "import_zip_bomb"),
        ("bom.odt", odt(&[("content.xml", &zeros)]), "import_zip_bomb"),
        ("buiten.docx", docx("", &[("../../plan.md", b"# Plan")]), "import_path_outside"),
        ("diep.docx", docx(&deep, &[]), "import_too_deep"),
        ("diep.html", "<div>".repeat(100_000).into_bytes(), "import_too_deep"),
        ("entiteiten.docx", zipped(&[("word/document.xml", entity.as_bytes())]), "import_entities"),
        ("fotos.docx", docx(&shown, &files), "import_too_many_images"),
        ("fotos.html", gif.repeat(10_000).into_bytes(), "import_too_many_images"),
        ("macros.docm", docx("", &[("word/vbaProject.bin", b"\xD0\xCF\x11\xE0")]), "import_macros"),
        ("macros.odt", odt(&[("Basic/Standard/Module1.xml", b"<x/>")]), "import_macros"),
    ]
}

both! {
    [|settings| settings.pandoc = "none".into()]
    async fn harm_is_refused_with_a_plain_reason_by_itself_and_within_a_folder(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let documents = documents();
        for (name, bytes, code) in &documents {
            let answer = bring(&ann, file(name, bytes.clone())).await;
            let sentence = answer.text("/errors/0/detail");
            assert!(sentence.len() > 30 && !sentence.contains("fault-"), "{sentence}");
            assert_eq!(answer.faults(), [format!("/file {code}")], "{name}");
        }
        for (language, told) in [("nl", "zonder macro's op als .docx"), ("en", "without macros as .docx")] {
            let macros = ann.call("POST", "/v1/networks/halte/document-imports").header("accept-language", language);
            let code = docx("", &[("word/vbaProject.bin", b"\xD0\xCF\x11\xE0")]);
            let macros = macros.form(file("macros.docm", code)).await;
            assert!(macros.text("/errors/0/detail").contains(told), "{macros}");
        }

        // One that does harm as a folder is refused whole.
        let zeros = vec![b' '; 40 * 1024 * 1024];
        let names: Vec<String> = (0..5_001).map(|number| format!("{number}.md")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        for (folder, code) in [
            (zipped(&[("plan.md", &zeros)]), "import_zip_bomb"),
            (zipped(&[("../plan.md", b"# Plan")]), "import_path_outside"),
            (zipped(&many), "import_too_many_files"),
        ] {
            assert_eq!(bring(&ann, file("map.zip", folder)).await.faults(), [format!("/file {code}")]);
        }
        assert_eq!(ann.get("/v1/networks/halte/documents").await.expect(200)["items"], json!([]));

        // Of one that holds such documents, the good one comes, and each of the others is told.
        let (page, good) = (b"# Plan\n\nTekst.\n", fixture("kop.docx"));
        let mut files: Vec<(&str, &[u8])> = vec![("goed.md", page), ("goed.docx", &good)];
        files.extend(documents.iter().map(|(name, bytes, _)| (*name, bytes.as_slice())));
        let begun = bring(&ann, file("map.zip", zipped(&files))).await.expect(202);
        app.settle().await;
        let job = ann.get(begun.header("location")).await.expect(200);
        let told: Vec<Value> = job["result"]["files"].as_array().unwrap_or_else(|| panic!("{job}")).iter()
            .map(|file| json!([file["file"], file["problem"]["code"]])).collect();
        let mut expected: Vec<Value> = documents.iter().map(|(name, _, code)| json!([name, code])).collect();
        expected.extend([json!(["goed.docx", null]), json!(["goed.md", null])]);
        expected.sort_by_key(|file| file[0].to_string());
        assert_eq!((&job["state"], json!(told)), (&json!("done"), json!(expected)));
        assert_eq!(job["result"]["documents"], 2);
        assert_eq!(kept(app), 0);
        assert_eq!(std::fs::read_dir(app.data().join("incoming")).unwrap().count(), 0);
    }
}

/// Is there a pandoc? Says so where there is none, past the test runner, which keeps what a passing test prints.
fn has_pandoc(app: &TestApp) -> bool {
    let there = app.kring.converter.has_pandoc();
    if !there {
        let _ = writeln!(std::io::stderr(), "\n!!! NOT TESTED WITH PANDOC: there is none; install it !!!\n");
    }
    there
}

#[tokio::test]
async fn nothing_that_a_file_points_to_is_fetched_or_read() {
    let app = TestApp::start();
    let (ann, _) = network(&app, "public").await;
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let url = format!("http://{}/foto.png", elsewhere.local_addr().unwrap());
    let targets = [&url, "file:///etc/passwd"].map(|to| format!(r#"Target="{to}" TargetMode="External""#));
    let inside = r#"Target="../../../../../../../etc/passwd""#.to_owned();
    let (shown, links) = images(targets.into_iter().chain([inside]));
    let pictures = format!(
        r#"<p>Tekst.</p><img src="{url}"><img src="file:///etc/passwd"><img src="../../../../etc/passwd">"#
    );
    let container = r#"<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;
    let book = r#"<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Plan</dc:title></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>"#;
    let chapter = pictures.replace("\">", "\"/>");
    let chapter = format!(r#"<html xmlns="http://www.w3.org/1999/xhtml"><body>{chapter}</body></html>"#);
    let epub = zipped(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", container.as_bytes()),
        ("a.opf", book.as_bytes()),
        ("a.xhtml", chapter.as_bytes()),
    ]);
    let lines = [&url, "file:///etc/passwd", "/etc/passwd"].map(|to| format!(".. image:: {to}\n\n"));
    let mut files = vec![
        ("plan.docx", docx(&shown, &[("word/_rels/document.xml.rels", links.as_bytes())])),
        ("plan.html", pictures.into_bytes()),
        (
            "plan.md",
            format!("Tekst.\n\n![]({url}) ![](file:///etc/passwd) ![](/etc/passwd)\n").into_bytes(),
        ),
    ];
    if has_pandoc(&app) {
        files.push(("plan.epub", epub));
        files.push(("plan.rst", format!("Tekst.\n\n{}", lines.concat()).into_bytes()));
        let latex = r"Tekst. \input{/etc/passwd} \includegraphics{/etc/passwd} \includegraphics{file:///etc/passwd} \includegraphics{../etc/passwd}";
        files.push(("plan.tex", latex.into()));
    }
    for (name, bytes) in files {
        let brought = bring(&ann, file(name, bytes)).await.expect(201);
        let (body, images) = (brought.text("/document/body"), &brought["document"]["attachments"]);
        assert!(body.contains("Tekst.") && !body.contains("root:"), "{name}: {body}");
        assert_eq!((lost(&brought.json), images), (vec!["missing_images"], &json!([])), "{name}: {brought}");
        assert_eq!(brought["losses"][0]["count"], 3, "{name}: {brought}");
    }
    let asked = elsewhere.accept().map(|_| ()).map_err(|fault| fault.kind());
    assert_eq!(asked, Err(ErrorKind::WouldBlock), "nobody came to fetch anything");
}

#[tokio::test]
async fn harm_does_not_reach_pandoc_or_ends_with_it() {
    let app = TestApp::start();
    let (ann, _) = network(&app, "public").await;
    if !has_pandoc(&app) {
        let answer = bring(&ann, file("plan.rst", "Tekst.")).await;
        return assert_eq!(answer.faults(), ["/file import_needs_pandoc"]);
    }
    let zeros = vec![b' '; 40 * 1024 * 1024];
    // One that lies about what it unpacks to is not what it says it is.
    let mut liar = odt(&[("content.xml", &zeros)]);
    let size = (zeros.len() as u32).to_le_bytes();
    while let Some(at) = liar.windows(4).position(|window| window == size) {
        liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let entity =
        r#"<!DOCTYPE book [<!ENTITY x SYSTEM "file:///etc/passwd">]><article><para>&x;</para></article>"#;
    let epub: [(&str, &[u8]); 2] = [("mimetype", b"application/epub+zip"), ("a.xhtml", &zeros)];
    let gif = ".. image:: data:image/gif;base64,R0lGODlhAQABAAAAACw=\n\n";
    let endless = format!("{{\\rtf1 {}}}", "Tekst zonder einde.\\par\n".repeat(500_000));
    for (name, bytes, code) in [
        ("bom.epub", zipped(&epub), "import_zip_bomb"),
        ("bom.odt", liar, "import_damaged"),
        ("entiteiten.docbook", entity.into(), "import_entities"),
        ("entiteiten.odt", odt(&[("content.xml", entity.as_bytes())]), "import_entities"),
        ("fotos.rst", gif.repeat(10_000).into_bytes(), "import_too_many_images"),
        ("lang.rtf", endless.into_bytes(), "import_too_demanding"),
    ] {
        assert_eq!(bring(&ann, file(name, bytes)).await.faults(), [format!("/file {code}")], "{name}");
    }
    bring(&ann, file("plan.rst", "Plan\n====\n\nTekst.\n")).await.expect(201);
}
