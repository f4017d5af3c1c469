//! The demo: it holds what it promises, loads whole and once, and shows a newcomer what Kring is about.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kring::demo::{Content, DOCUMENTS, IMPORTED, NETWORKS, Outcome, PASSWORD, TEMPLATE_FILES, load};
use kring::documents::DocumentKind;
use kring::networks::Visibility;
use serde_json::Value;

use crate::both;
use crate::harness::{Port, TestApp, folder, kring};

#[test]
fn it_is_as_large_as_promised() {
    let content = Content::read().unwrap();
    let networks = &content.networks;
    let of = |visibility| networks.iter().filter(|network| network.visibility == visibility).count();
    assert!(networks.len() >= 5 && of(Visibility::Public) > networks.len() / 2);
    assert!(of(Visibility::Members) >= 1 && of(Visibility::Hidden) >= 1);
    let municipalities: BTreeSet<&String> = networks.iter().flat_map(|n| &n.municipalities).collect();
    assert!(municipalities.len() >= 8, "{municipalities:?}");
    let members: BTreeSet<&String> =
        networks.iter().flat_map(|n| &n.members).map(|member| &member.handle).collect();
    assert!(members.len() >= 40, "{}", members.len());
    let threads: Vec<_> = networks.iter().flat_map(|network| &network.threads).collect();
    assert!(threads.len() >= 60 && threads.iter().all(|thread| !thread.replies.is_empty()));
    let documents: Vec<_> = networks.iter().flat_map(|network| &network.documents).collect();
    assert!(documents.len() >= 15 && documents.iter().all(|document| document.revisions.len() > 1));
}

/// What a local inclusion agenda has, and what the Dutch text calls it.
const PARTS: &[&str] = &[
    "## Visie",
    "## Wie deden mee",
    "Drempel",
    "Doel",
    "Maatregel",
    "Eigenaar",
    "Budget",
    "Deadline",
    "Indicator",
    "## Evaluatie door ervaringsdeskundigen",
];

#[test]
fn its_plans_have_the_parts_of_a_local_inclusion_agenda() {
    let content = Content::read().unwrap();
    let documents = content.networks.iter().flat_map(|network| &network.documents);
    let plans: Vec<_> = documents.filter(|document| document.kind == DocumentKind::Plan).collect();
    assert!(plans.len() >= 4);
    for plan in plans {
        let last = plan.revisions.last().unwrap();
        for part in PARTS {
            assert!(last.body().unwrap().contains(part), "{}: no {part:?}", last.title);
        }
    }
}

#[test]
fn every_file_of_it_is_compiled_in_and_used() {
    let on_disk = |kind: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo").join(kind);
        let names = std::fs::read_dir(folder).unwrap().flatten();
        names.map(|entry| entry.file_name().into_string().unwrap()).collect()
    };
    let compiled = |files: &[(&str, &str)]| files.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(on_disk("networks"), compiled(NETWORKS));
    assert_eq!(on_disk("documents"), compiled(DOCUMENTS));
    assert_eq!(on_disk("templates"), compiled(TEMPLATE_FILES));
    let content = Content::read().unwrap();
    let documents = content.networks.iter().flat_map(|network| &network.documents);
    let mut used: BTreeSet<String> = BTreeSet::new();
    for document in documents {
        used.extend(document.revisions.iter().map(|revision| revision.file.clone()));
        used.extend(document.variants.iter().map(|variant| variant.file.clone()));
    }
    let adoptions = content.networks.iter().flat_map(|network| &network.adoptions);
    used.extend(adoptions.flat_map(|adoption| &adoption.revisions).map(|revision| revision.file.clone()));
    assert_eq!(on_disk("documents"), used);
}

both! {
    async fn everything_of_it_is_there_for_those_who_may_see_it(app: &TestApp) {
        assert_eq!(load(&app.kring).await.unwrap(), Outcome::Loaded);
        let seen = app.anonymous().get("/v1/networks?limit=100").await.expect(200).json;
        let content = Content::read().unwrap();
        let open = content.networks.iter().filter(|network| network.visibility != Visibility::Hidden);
        assert_eq!(seen["items"].as_array().unwrap().len(), open.clone().count());
        for network in open {
            let shown = seen["items"].as_array().unwrap().iter().find(|it| it["slug"] == network.slug.as_str());
            let shown = shown.unwrap_or_else(|| panic!("no {} in {seen}", network.slug));
            assert_eq!(shown["memberCount"], network.members.len() + network.mail_members.len(), "{shown}");
            assert_eq!(shown["threadCount"], network.threads.len(), "{shown}");
            let imported = usize::from(network.slug == IMPORTED.1);
            assert_eq!(shown["documentCount"], network.document_count() + imported, "{shown}");
        }

        // A plan that others adopted, whose source moved on since; and the same in easy words, which moved on as well.
        let plans = app.anonymous().get("/v1/networks/lokale-inclusie-agenda/documents?limit=100").await.expect(200);
        let adopted: Vec<_> = plans.json["items"].as_array().unwrap().iter().filter(|it| !it["lineage"].is_null()).collect();
        assert_eq!(adopted.len(), 1);
        let upstream = format!("/v1/documents/{}/upstream", adopted[0]["id"].as_str().unwrap());
        let upstream = app.anonymous().get(&upstream).await.expect(200);
        assert_eq!(upstream["state"], "behind", "{upstream}");
        let sections: Vec<_> = upstream["sections"].as_array().unwrap().iter().filter(|it| it["state"] != "unchanged").collect();
        assert!(sections.len() >= 3 && sections.iter().any(|it| it["conflict"] == true), "{upstream}");
        let documents = app.anonymous().get("/v1/networks/openbaar-vervoer/documents?limit=100").await.expect(200);
        let easy = documents.each("variantOf").into_iter().find(|of| of["kind"] == "easyRead").unwrap();
        assert_eq!(easy["stale"], true, "{easy}");

        let brought = app.anonymous().get("/v1/search?query=schouw&kind=document").await.expect(200);
        let brought = app.anonymous().get(&format!("/v1/documents/{}", brought.text("/items/0/id"))).await.expect(200);
        assert_eq!(brought["title"], "Schouw van tien speelplekken");
        assert!(brought.text("/body").contains("| Vijverpark | vlak pad | schommel met rug | ja |"), "{brought}");

        let anna = app.anonymous().sign_in("anna", PASSWORD).await;
        let threads = anna.get("/v1/networks/openbaar-vervoer/threads?limit=100").await.expect(200).json;
        assert_eq!(threads["items"][0]["pinned"], true, "{threads}");
        let replies: i64 =
            threads["items"].as_array().unwrap().iter().map(|thread| thread["replyCount"].as_i64().unwrap()).sum();
        let transport = content.networks.iter().find(|network| network.slug == "openbaar-vervoer").unwrap();
        assert_eq!(replies, transport.threads.iter().map(|thread| thread.replies.len() as i64).sum::<i64>());
    }

    async fn what_is_hidden_or_for_members_stays_so(app: &TestApp) {
        load(&app.kring).await.unwrap();
        let tessa = app.anonymous().sign_in("tessa", PASSWORD).await;
        let grace = app.anonymous().sign_in("grace", PASSWORD).await;
        let hidden = "/v1/networks/ervaring-in-dienst/threads";
        let members = "/v1/networks/thuis-wonen/threads";
        app.anonymous().get(hidden).await.problem(404, "not_found");
        tessa.get(hidden).await.problem(404, "not_found");
        grace.get(hidden).await.expect(200);
        tessa.get(members).await.problem(403, "members_only");
        grace.get(members).await.expect(200);
    }

    async fn a_proposal_in_it_is_still_a_proposal(app: &TestApp) {
        load(&app.kring).await.unwrap();
        let networks = app.anonymous().get("/v1/networks?limit=100").await.expect(200).json;
        let states: Vec<(&str, &str)> = networks["items"].as_array().unwrap().iter()
            .map(|network| (network["slug"].as_str().unwrap(), network["state"].as_str().unwrap()))
            .collect();
        for (slug, state) in states {
            assert_eq!(state, if slug == "veilig-bij-nood" { "proposed" } else { "active" }, "{slug}");
        }
    }

    async fn help_in_it_finds_who_seeks_it_and_a_template_is_the_instances_own(app: &TestApp) {
        load(&app.kring).await.unwrap();
        let wim = app.anonymous().sign_in("wim", PASSWORD).await;
        let home = wim.get("/v1/home").await.expect(200);
        let offers = home["help"]["offers"].as_array().unwrap();
        let who: Vec<&str> = offers.iter().map(|it| it["offer"]["person"]["handle"].as_str().unwrap()).collect();
        assert_eq!(who, ["anna", "lotte", "hanneke"], "newest first: {home}");
        assert_eq!(offers[0]["network"]["slug"], "veilig-bij-nood");
        let anna = app.anonymous().sign_in("anna", PASSWORD).await;
        let home = anna.get("/v1/home").await.expect(200);
        assert_eq!(home["help"]["networks"][0]["network"]["slug"], "veilig-bij-nood");
        let list = wim.get("/v1/networks/veilig-bij-nood/checklist").await.expect(200);
        let state = |code: &str| list["items"].as_array().unwrap().iter().find(|item| item["code"] == code).unwrap()["done"].clone();
        assert_eq!((state("welcome-thread"), state("founders")), (true.into(), false.into()), "{list}");
        let minutes = anna.get("/v1/templates/minutes.nl?network=openbaar-vervoer").await.expect(200);
        assert_eq!((&minutes["builtIn"], &minutes["changed"]), (&true.into(), &true.into()));
        assert!(minutes.text("/body").contains("## Makkelijk gezegd") && !minutes.text("/body").contains("{{"), "{minutes}");
    }

    async fn loading_it_twice_is_loading_it_once(app: &TestApp) {
        assert_eq!(load(&app.kring).await.unwrap(), Outcome::Loaded);
        let anna = app.anonymous().sign_in("anna", PASSWORD).await;
        let before = anna.get("/v1/networks?limit=100").await.expect(200).json;
        assert_eq!(load(&app.kring).await.unwrap(), Outcome::WasThere);
        assert_eq!(anna.get("/v1/networks?limit=100").await.expect(200).json, before);
    }

    async fn it_does_not_come_where_others_live(app: &TestApp) {
        let ann = app.member("ann").await;
        assert_eq!(load(&app.kring).await.unwrap(), Outcome::Inhabited);
        assert_eq!(ann.get("/v1/networks").await.expect(200).json["items"], serde_json::json!([]));
    }
}

/// `kring demo` in `folder`; returns once it has told what to open.
fn started(folder: &Path, bind: &str) -> (Child, String) {
    started_with(folder, &["--bind", bind])
}

fn started_with(folder: &Path, flags: &[&str]) -> (Child, String) {
    let mut demo = kring(folder, &[&["demo"], flags].concat()).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(demo.stdout.take().unwrap());
    let mut told = String::new();
    while !told.contains("Ctrl-C") {
        assert!(out.read_line(&mut told).unwrap() > 0, "it ended after: {told}");
    }
    (demo, told)
}

fn stop(mut demo: Child) {
    assert!(Command::new("kill").arg(demo.id().to_string()).status().unwrap().success());
    let ended = demo.wait().unwrap();
    assert!(ended.success(), "{ended}");
}

/// Whom the mails in the built-in mailbox went to.
fn recipients(folder: &Path) -> Vec<String> {
    let mails = std::fs::read_dir(folder.join("kring-demo/mail")).unwrap().flatten();
    let mut found: Vec<String> = mails
        .map(|mail| {
            let mail = std::fs::read_to_string(mail.path()).unwrap();
            mail.lines().find(|line| line.starts_with("To: ")).unwrap().to_owned()
        })
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn the_command_tells_what_to_open_and_goes_on_from_where_it_was() {
    let folder = folder();
    let port = Port::take();
    let bind = port.address().to_string();
    let (demo, told) = started(folder.path(), &bind);
    for part in ["/docs", "/dev/mail", "anna", "tessa", "beheer", PASSWORD, "kring-demo"] {
        assert!(told.contains(part), "no {part:?} in: {told}");
    }
    stop(demo);
    let mails = recipients(folder.path());
    assert!(mails.len() > 40, "{mails:?}");
    // Wil reads by mail alone, and Sjaan is asked whether she would.
    for reader in ["anna", "wil.postma", "corrie.smits", "sjaan.bakker"] {
        assert!(mails.iter().any(|to| to.contains(&format!("{reader}@example.org"))), "{mails:?}");
    }
    let (demo, again) = started(folder.path(), &bind);
    assert_eq!(told, again);
    stop(demo);
    assert_eq!(recipients(folder.path()), mails, "nobody gets their digest twice");
}

/// What `curl -s ADDRESS`, as the demo prints it, gives without signing in.
fn read_by_script(line: &str) -> Value {
    let address = line.trim().trim_start_matches("curl -s ").to_owned();
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
    let read = async { client.get(address).send().await.unwrap().json::<Value>().await.unwrap() };
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(read)
}

#[test]
fn two_instances_in_one_process_show_the_same_conversation() {
    let folder = folder();
    let ports = [Port::take(), Port::take()];
    let [one, other] = [&ports[0], &ports[1]].map(|port| port.address().to_string());
    let flags = ["--federated", "--bind", &one, "--second-bind", &other];
    let (demo, told) = started_with(folder.path(), &flags);
    let steps = ["PUT http", "PATCH http", "memberships, as eva", "threads, as anna", "replies, as eva"];
    for part in steps.iter().chain(&[PASSWORD, "kring-demo-federated"]) {
        assert!(told.contains(part), "no {part:?} in: {told}");
    }
    let scripts: Vec<&str> = told.lines().filter(|line| line.ends_with("/replies")).collect();
    let [first, second] = scripts[..] else { panic!("not two in: {told}") };
    assert!(first.contains(&one) && second.contains(&other), "{scripts:?}");
    let [first, second] = [first, second].map(|line| read_by_script(line)["items"].clone());
    assert_eq!(first.as_array().unwrap().len(), 1, "{first}");
    assert_eq!(first[0]["body"], second[0]["body"]);
    assert_eq!(first[0]["author"]["handle"], format!("eva@{other}"));
    assert_eq!(second[0]["author"]["handle"], "eva");
    stop(demo);

    // It goes on from where it was, and only at the addresses by which both know each other.
    let (demo, again) = started_with(folder.path(), &flags);
    assert_eq!(again.matches("(done at an earlier start)").count(), 6, "{again}");
    let of = |told: &str| {
        told.lines().filter(|line| line.contains("/threads/")).map(String::from).collect::<Vec<_>>()
    };
    assert!(of(&again).iter().all(|line| of(&told).contains(line)), "{again}");
    stop(demo);
    for flags in [
        &["--federated", "--bind", &other, "--second-bind", &one][..],
        &["--federated", "--bind", "0.0.0.0:1"],
    ] {
        let ended = kring(folder.path(), &[&["demo"], flags].concat()).output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success() && told.contains("127.0.0.1:"), "{told}");
    }
}

#[test]
fn an_address_that_is_taken_is_told_before_anything_is_loaded() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let bind = taken.local_addr().unwrap().to_string();
    let ended = kring(folder.path(), &["demo", "--bind", &bind]).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && told.contains(&bind), "{told}");
    assert!(!folder.path().join("kring-demo").exists());
}
