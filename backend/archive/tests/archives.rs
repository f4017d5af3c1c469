//! What is written is read again, and what somebody made to do harm is refused with a reason.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests fail by panicking

use std::io::{Cursor, Read, Write as _};

use kring_archive::*;
use serde_json::{Value, json};

/// Notes what it is shown.
#[derive(Default)]
struct Notes(Vec<String>);

impl Visitor for Notes {
    type Error = Fault;

    fn network(&mut self, network: Network) -> Result<(), Fault> {
        self.note(format!("network {}", network.slug))
    }
    fn person(&mut self, person: Person) -> Result<(), Fault> {
        self.note(format!("person {}", person.address))
    }
    fn member(&mut self, member: Member) -> Result<(), Fault> {
        self.note(format!("{} {}", member.role, member.person))
    }
    fn thread(&mut self, thread: Thread) -> Result<(), Fault> {
        self.note(format!("thread {}", thread.title))
    }
    fn reply(&mut self, reply: Reply) -> Result<(), Fault> {
        self.note(format!("reply {}", reply.body))
    }
    fn post_version(&mut self, version: PostVersion) -> Result<(), Fault> {
        self.note(format!("before: {}", version.body))
    }
    fn document(&mut self, document: Document) -> Result<(), Fault> {
        self.note(format!("document {}", document.kind))
    }
    fn revision(&mut self, revision: Revision, markdown: String) -> Result<(), Fault> {
        self.note(format!("revision {} {markdown}", revision.number))
    }
    fn file(&mut self, _: Owner, file: Attachment, bytes: &mut dyn Read) -> Result<(), Fault> {
        let mut text = String::new();
        bytes.read_to_string(&mut text).map_err(|cause| Fault::io(&file.path, cause))?;
        self.note(format!("file {} {text}", file.file_name))
    }
}

impl Notes {
    fn note(&mut self, what: String) -> Result<(), Fault> {
        self.0.push(what);
        Ok(())
    }
}

const AT: &str = "2026-11-23T09:00:00.000Z";
const FILE: &[u8] = b"De stoep is te hoog.";

/// An archive whose parts a test makes worse.
struct Parts {
    manifest: Value,
    network: Value,
    persons: Value,
    thread: Value,
    document: Value,
    /// Entries beside those: name and bytes.
    others: Vec<(String, Vec<u8>)>,
}

fn parts() -> Parts {
    let sum = sha256(FILE);
    let reply = |id: &str, parent: Option<&str>, number: u32, body: &str| {
        let mut reply = json!({ "id": id, "number": number, "language": "nl", "author": "bob@elders.example",
            "createdAt": AT, "version": 1, "body": body });
        if let Some(parent) = parent {
            reply["parent"] = json!(parent);
        }
        reply
    };
    Parts {
        manifest: json!({ "format": FORMAT, "version": VERSION, "madeAt": AT, "instance": "kring.example",
            "generator": "test", "network": "halte", "withMembers": false,
            "counts": { "persons": 2, "members": 0, "threads": 1, "replies": 2, "documents": 1, "revisions": 2, "files": 1 } }),
        network: json!({ "id": "01k9q3v8r0a00", "slug": "halte", "name": "Haltes", "description": "Voor iedereen.",
            "language": "nl", "visibility": "public", "joinPolicy": "open", "documentsEditedBy": "members",
            "state": "active", "seekingPeople": false, "ledByExperts": true, "municipalities": [], "themes": [],
            "crpdArticles": [9], "createdBy": "ann@kring.example", "createdAt": AT, "updatedAt": AT }),
        persons: json!({ "persons": [
            { "address": "ann@kring.example", "displayName": "Ann" },
            { "address": "bob@elders.example", "displayName": "Bob" },
        ] }),
        thread: json!({ "id": "01k9q3v8r0a01", "title": "De stoep", "language": "nl", "author": "ann@kring.example",
            "createdAt": AT, "pinned": false, "version": 2, "body": "Te hoog.", "attachments": [{
                "id": "01k9q3v8r0a06", "path": "files/01k9q3v8r0a06-stoep.txt", "fileName": "stoep.txt",
                "mediaType": "text/plain", "size": FILE.len(), "sha256": sum, "decorative": false,
                "descriptionWanted": false, "uploader": "ann@kring.example", "createdAt": AT, "attachedAt": AT }],
            "replies": [reply("01k9q3v8r0a02", None, 2, "Hier ook."), reply("01k9q3v8r0a03", Some("01k9q3v8r0a02"), 1, "Waar?")],
            "versions": [{ "id": "01k9q3v8r0a04", "version": 1, "title": "De stoep", "language": "nl", "writtenAt": AT, "body": "Hoog." }] }),
        document: json!({ "id": "01k9q3v8r0a05", "kind": "plan", "licence": "CC-BY-4.0", "municipalities": [], "themes": [], "crpdArticles": [],
            "createdBy": "ann@kring.example", "createdAt": AT, "revisions": [revision(1), revision(2)] }),
        others: vec![("files/01k9q3v8r0a06-stoep.txt".into(), FILE.to_vec())],
    }
}

fn revision(number: u32) -> Value {
    json!({ "id": format!("01k9q3v8r0b0{number}"), "number": number, "title": "Plan", "language": "nl",
        "author": "ann@kring.example", "createdAt": AT, "path": format!("documents/01k9q3v8r0a05/{number}.md") })
}

/// The checksum of bytes, by the writer's own account of them.
fn sha256(bytes: &[u8]) -> String {
    let mut writer = Writer::new(Vec::new(), &std::env::temp_dir()).unwrap();
    let at = Moment::parse(AT.into()).unwrap();
    let written = writer.entry("x", &at, false, |entry| entry.write_all(bytes)).unwrap();
    written.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Parts {
    fn bytes(self) -> Vec<u8> {
        let at = Moment::parse(AT.into()).unwrap();
        let mut writer = Writer::new(Vec::new(), &std::env::temp_dir()).unwrap();
        for (name, value) in [("network.json", &self.network), ("persons.json", &self.persons)] {
            writer.json(name, &at, value).unwrap();
        }
        // Lists stand last: serde_json's maps are in the order of their letters.
        lists(&mut writer, "threads/01k9q3v8r0a01.json", self.thread, &["replies", "versions"]);
        lists(&mut writer, "documents/01k9q3v8r0a05/document.json", self.document, &["revisions"]);
        for number in 1..=2 {
            writer.text(&format!("documents/01k9q3v8r0a05/{number}.md"), &at, "Een plan.").unwrap();
        }
        for (name, bytes) in &self.others {
            writer.entry(name, &at, false, |entry| entry.write_all(bytes)).unwrap();
        }
        writer.schemas(&at, schema::NETWORK).unwrap();
        writer.finish(&serde_json::from_value(self.manifest).unwrap()).unwrap()
    }

    fn outcome(self) -> Result<Vec<String>, Fault> {
        look_through(self.bytes(), Limits::default())
    }

    #[track_caller]
    fn refused(self, kind: FaultKind) {
        let fault = self.outcome().expect_err("refused");
        assert_eq!(fault.kind, kind, "{fault}");
    }
}

fn lists(writer: &mut Writer<Vec<u8>>, name: &str, mut value: Value, names: &[&str]) {
    let at = Moment::parse(AT.into()).unwrap();
    let taken: Vec<Value> =
        names.iter().map(|list| value.as_object_mut().unwrap().remove(*list).unwrap()).collect();
    let written = writer.list(name, &at, &value, |lists| {
        for (name, items) in names.iter().zip(taken) {
            lists.begin(name)?;
            for item in items.as_array().unwrap() {
                lists.item(item)?;
            }
        }
        Ok::<_, std::io::Error>(())
    });
    written.unwrap();
}

fn look_through(bytes: Vec<u8>, limits: Limits) -> Result<Vec<String>, Fault> {
    let mut archive = Archive::open(Cursor::new(bytes), limits)?;
    let mut notes = Notes::default();
    archive.check(&mut notes)?;
    Ok(notes.0)
}

#[test]
fn what_was_written_is_read_in_an_order_in_which_it_can_be_written_down() {
    let told = parts().outcome().expect("a good archive");
    assert_eq!(
        told,
        [
            "person ann@kring.example",
            "person bob@elders.example",
            "network halte",
            "thread De stoep",
            "reply Hier ook.",
            "reply Waar?",
            "before: Hoog.",
            "file stoep.txt De stoep is te hoog.",
            "document plan",
            "revision 1 Een plan.",
            "revision 2 Een plan.",
        ]
    );
    assert_eq!(parts().bytes(), parts().bytes(), "the same content, the same bytes");
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let spoiled = |spoil: fn(&mut Parts)| {
        let mut parts = parts();
        spoil(&mut parts);
        parts
    };
    let itself = spoiled(|parts| parts.thread["replies"][0]["parent"] = json!("01k9q3v8r0a02"));
    itself.refused(FaultKind::BadParent);
    let circle = spoiled(|parts| parts.thread["replies"][0]["parent"] = json!("01k9q3v8r0a03"));
    circle.refused(FaultKind::BadParent);
    let foreign = spoiled(|parts| parts.thread["versions"][0]["reply"] = json!("01k9q3v8r0a09"));
    foreign.refused(FaultKind::BadParent);
    spoiled(|parts| parts.thread["replies"][1]["id"] = json!("01k9q3v8r0a01"))
        .refused(FaultKind::DuplicateId);
    spoiled(|parts| parts.thread["replies"][1]["number"] = json!(2)).refused(FaultKind::BadNumbers);
    spoiled(|parts| parts.document["revisions"][1]["number"] = json!(3)).refused(FaultKind::BadNumbers);
    spoiled(|parts| parts.document["revisions"][0]["restoredFrom"] = json!(1)).refused(FaultKind::BadNumbers);
    spoiled(|parts| parts.document["revisions"] = json!([])).refused(FaultKind::Missing);
    let elsewhere = spoiled(|parts| parts.document["revisions"][0]["path"] = json!("../../etc/passwd"));
    elsewhere.refused(FaultKind::BadJson);
    let elsewhere = spoiled(|parts| parts.thread["attachments"][0]["path"] = json!("network.json"));
    elsewhere.refused(FaultKind::BadJson);
    spoiled(|parts| parts.thread["author"] = json!("eve@kring.example")).refused(FaultKind::UnknownPerson);
    spoiled(|parts| parts.network["createdBy"] = json!("eve@kring.example"))
        .refused(FaultKind::UnknownPerson);
    spoiled(|parts| parts.thread["replies"][0]["deletedAt"] = json!(AT)).refused(FaultKind::BadJson);
    spoiled(|parts| parts.thread["id"] = json!("01k9q3v8r0a09")).refused(FaultKind::BadJson);
    spoiled(|parts| parts.thread["html"] = json!("<script>")).refused(FaultKind::BadJson);
    spoiled(|parts| parts.others[0].1[0] = b'd').refused(FaultKind::WrongChecksum);
    spoiled(|parts| parts.others.clear()).refused(FaultKind::Missing);
    spoiled(|parts| parts.manifest["counts"]["replies"] = json!(7)).refused(FaultKind::Missing);
    spoiled(|parts| parts.manifest["format"] = json!("other")).refused(FaultKind::NotKring);
    spoiled(|parts| parts.manifest["version"] = json!(2)).refused(FaultKind::Newer);
    let many: Vec<Value> = (0..60)
        .map(|n| {
            let mut reply = parts().thread["replies"][0].clone();
            reply["id"] = json!(format!("01k9q3v8r0c{n:02}"));
            reply["number"] = json!(n + 1);
            if n > 0 {
                reply["parent"] = json!(format!("01k9q3v8r0c{:02}", n - 1));
            }
            reply
        })
        .collect();
    let mut deep = parts();
    deep.thread["replies"] = json!(many);
    deep.refused(FaultKind::TooDeep);
}

#[test]
fn names_that_lead_elsewhere_and_second_ones_are_refused() {
    for name in ["../x", "/etc/passwd", "a/../../x", "C:/x", "a\\..\\x", "a//b", "./x", "x\n"] {
        let mut parts = parts();
        parts.others.push((name.into(), b"x".to_vec()));
        parts.refused(FaultKind::BadName);
    }
    let mut twice = parts();
    twice.others.push(("network.json".into(), b"{}".to_vec()));
    twice.refused(FaultKind::DuplicateName);
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_it_does() {
    let bomb = || {
        let mut parts = parts();
        parts.others.push(("files/bomb".into(), vec![0; 8_000_000]));
        parts.bytes()
    };
    let fault = look_through(bomb(), Limits::default()).expect_err("more than two hundred times its size");
    assert_eq!((fault.kind, fault.entry.as_str()), (FaultKind::TooLarge, "archive"));
    let mut long = parts();
    long.thread["replies"][0]["body"] = json!("x".repeat(3_000_000));
    let fault = look_through(long.bytes(), Limits { ratio: 100_000, ..Limits::default() });
    assert_eq!(fault.expect_err("a piece of three megabytes").kind, FaultKind::TooLarge);
    for limits in [
        Limits { entries: 5, ..Limits::default() },
        Limits { persons: 1, ..Limits::default() },
        Limits { posts: 2, ..Limits::default() },
        Limits { files: 0, ..Limits::default() },
        Limits { revisions: 1, ..Limits::default() },
    ] {
        let fault = look_through(parts().bytes(), limits).expect_err("too many");
        assert_eq!(fault.kind, FaultKind::TooMany, "{limits:?}");
    }
    let mut nested = parts();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    nested.others.push(("threads/01k9q3v8r0a0z.json".into(), deep.into_bytes()));
    nested.refused(FaultKind::BadJson);
}

#[test]
fn no_bytes_make_the_reader_fall_over() {
    for nothing in [&b""[..], b"PK", b"no archive at all", &[0; 100]] {
        let fault = look_through(nothing.to_vec(), Limits::default()).expect_err("no ZIP");
        assert_eq!(fault.kind, FaultKind::NotAZip);
    }
    let good = parts().bytes();
    for end in (0..good.len()).step_by(97) {
        assert!(look_through(good[..end].to_vec(), Limits::default()).is_err(), "cut off at {end}");
    }
    // Wherever one byte is another, everything is as it was or the archive is refused.
    let told = parts().outcome().expect("a good archive");
    for place in (0..good.len()).step_by(7) {
        let mut spoiled = good.clone();
        spoiled[place] ^= 1 << (place % 8);
        if let Ok(read) = look_through(spoiled, Limits::default()) {
            assert_eq!(read, told, "with another byte at {place}");
        }
    }
}
