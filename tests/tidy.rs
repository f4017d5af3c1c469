//! The house stays in order: who uses whom, what stands where, and what must have a twin.
//!
//! These tests read the source. When one fails, mend the house; the tables here change only with
//! the design.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Domains and what each may use, besides whatever those may use.
const USES: &[(&str, &[&str])] = &[
    ("municipalities", &[]),
    ("accounts", &["municipalities"]),
    // What an admin chose about other instances, and with whom a network exchanges anything.
    ("peers", &["accounts"]),
    ("networks", &["peers"]),
    ("attachments", &["networks"]),
    ("search", &["networks"]),
    ("drafts", &["attachments"]),
    ("threads", &["attachments", "search", "drafts"]),
    ("templates", &["networks"]),
    ("documents", &["attachments", "search", "drafts", "templates"]),
    ("help", &["networks"]),
    // What was signed, beside what it became here.
    ("copies", &["threads", "documents"]),
    ("dialogues", &["documents"]),
    ("facts", &["documents"]),
    ("commitments", &["documents"]),
    ("meetings", &["documents"]),
    ("imports", &["documents"]),
    ("moderation", CONTENT),
    ("notifications", CONTENT),
    ("endorsements", CONTENT),
    ("start", CONTENT),
    ("overviews", CONTENT),
    ("home", &["threads", "documents", "dialogues", "facts", "commitments", "meetings", "help"]),
    ("digests", EVERYTHING),
    // Whom a mail may go to, and how they stop it, digests know.
    ("federation", &["digests"]),
    ("mail_members", &["digests"]),
    ("demo", &["mail_members", "imports"]),
    ("archives", CONTENT),
    // What digests told of a network, and whom it invited by mail, are among what it looks at.
    ("checklists", &["mail_members"]),
];

const CONTENT: &[&str] = &["threads", "documents", "dialogues", "facts", "commitments", "meetings"];
const EVERYTHING: &[&str] =
    &["copies", "moderation", "notifications", "endorsements", "start", "overviews", "home"];

/// What is about no domain and free for all.
const INFRASTRUCTURE: &[&str] =
    &["app", "cli", "clock", "config", "error", "index", "jobs", "mail", "pages", "storage", "text", "web"];

/// Longest file, in lines.
const LINES: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file under `folder` with this ending, and its text; paths from the root of the project.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no .{ending} in {folder}");
    found.sort();
    found
}

/// The code without comments. A `//` in a text ends the line too: what is looked for stands in no text.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// The modules right below `crate::` that a file names.
fn named(text: &str) -> BTreeSet<String> {
    let text = code(text);
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => found.extend(members(group)),
            None => found.extend(word(rest)),
        }
    }
    found
}

/// The first word of each member of a `{…}` group of `use`.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut member, mut found) = (0, String::new(), Vec::new());
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.extend(word(&std::mem::take(&mut member))),
            _ if depth == 0 => member.push(letter),
            _ => {}
        }
    }
    found.extend(word(&member));
    found
}

fn word(text: &str) -> Option<String> {
    let word: String =
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// What `domain` may use, all the way down.
fn reach(domain: &str) -> BTreeSet<&'static str> {
    let row = USES.iter().find(|(name, _)| *name == domain);
    let mut found: BTreeSet<&str> = row.map(|(_, uses)| uses.iter().copied().collect()).unwrap_or_default();
    for used in found.clone() {
        found.extend(reach(used));
    }
    found
}

#[test]
fn a_domain_uses_only_what_its_row_allows() {
    let mut wrong = Vec::new();
    for (path, text) in files("backend/src", "rs") {
        let Some((folder, _)) = path.trim_start_matches("backend/src/").split_once('/') else { continue };
        if INFRASTRUCTURE.contains(&folder) {
            continue;
        }
        assert!(USES.iter().any(|(name, _)| *name == folder), "{folder} has no row in tests/tidy.rs");
        let allowed = reach(folder);
        for used in named(&text) {
            let domain = USES.iter().any(|(name, _)| *name == used);
            if domain && used != folder && !allowed.contains(used.as_str()) {
                wrong.push(format!("{path} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "edges that the table does not have: {wrong:#?}");
}

#[test]
fn nobody_climbs_out_of_a_domain_by_super() {
    for (path, text) in files("backend/src", "rs") {
        let depth = path.trim_start_matches("backend/src/").split('/').count();
        let text = code(&text);
        let climbs = text.split("super::").collect::<Vec<_>>();
        let longest = climbs.split(|piece| !piece.is_empty()).map(<[_]>::len).max().unwrap_or(0) + 1;
        assert!(longest <= depth.max(1), "{path} climbs {longest} modules up: say crate::…");
    }
}

#[test]
fn the_table_of_edges_has_no_circle() {
    for (domain, _) in USES {
        assert!(!reach(domain).contains(domain), "{domain} uses itself");
    }
}

#[test]
fn only_routes_web_and_federation_know_actix() {
    let allowed = |path: &str| {
        path.ends_with("/routes.rs")
            || path.contains("/routes/")
            || path.starts_with("backend/src/web/")
            || path.starts_with("backend/src/federation/")
            || path == "backend/src/jobs/idempotency.rs"
    };
    for (path, text) in files("backend/src", "rs") {
        let code = code(&text);
        let mut words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let knows = words.any(|word| ["actix_web", "actix_multipart", "actix_cors"].contains(&word));
        assert!(!knows || allowed(&path), "{path} knows actix");
    }
}

#[test]
fn policies_are_pure() {
    for (path, text) in files("backend/src", "rs").into_iter().filter(|(path, _)| path.ends_with("policy.rs"))
    {
        for word in ["Conn", "Tx", "diesel", "queries", "Utc", "clock", "async"] {
            let found =
                code(&text).split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|it| it == word);
            assert!(!found, "{path} speaks of {word}");
        }
    }
}

#[test]
fn routes_translate_and_leave_queries_to_actions() {
    let routes = |path: &str| path.ends_with("/routes.rs") || path.contains("/routes/");
    for (path, text) in files("backend/src", "rs").into_iter().filter(|(path, _)| routes(path)) {
        for word in ["queries", "diesel"] {
            let found =
                code(&text).split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|it| it == word);
            assert!(!found, "{path} speaks of {word}: an action does");
        }
    }
}

#[test]
fn no_domain_knows_of_the_pages_that_show_it() {
    for (path, text) in files("backend/src", "rs") {
        let above = path.starts_with("backend/src/pages/") || path == "backend/src/web/server.rs";
        assert!(above || !named(&text).contains("pages"), "{path} uses pages");
    }
}

#[test]
fn queries_are_private_to_their_domain() {
    for (path, text) in files("backend/src", "rs") {
        let open = code(&text)
            .lines()
            .any(|line| line.trim_start().starts_with("pub") && line.contains("mod queries"));
        assert!(!open, "{path} opens its queries: re-export what others need");
    }
}

#[test]
fn files_stay_short() {
    let mut long = Vec::new();
    for folder in ["backend", "tests", "bench/src"] {
        for (path, text) in files(folder, "rs") {
            let lines = text.lines().count();
            if lines > LINES && path != "backend/db/src/schema.rs" {
                long.push(format!("{path}: {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "over {LINES} lines: {long:#?}");
}

#[test]
fn migrations_come_in_pairs_and_go_both_ways() {
    let names = |database: &str| -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, text) in files(&format!("migrations/{database}"), "sql") {
            let (folder, file) = path.rsplit_once('/').unwrap();
            let name = folder.rsplit('/').next().unwrap().to_owned();
            assert!(!text.trim().is_empty(), "{path} is empty");
            found.entry(name).or_default().push(file.to_owned());
        }
        found
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres, "every migration has a twin of the same name");
    for (name, files) in sqlite {
        assert_eq!(files, ["down.sql", "up.sql"], "{name}");
    }
}

#[test]
fn every_text_exists_in_both_languages() {
    let keys = |language: &str| -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (path, text) in files(&format!("backend/texts/{language}"), "ftl") {
            for line in text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic())) {
                let key = line.split_once('=').unwrap_or_else(|| panic!("{path}: {line}")).0.trim();
                assert!(found.insert(key.to_owned()), "{path}: {key} is there twice");
            }
        }
        found
    };
    let (dutch, english) = (keys("nl"), keys("en"));
    assert_eq!(dutch.difference(&english).collect::<Vec<_>>(), [""; 0], "lack in English");
    assert_eq!(english.difference(&dutch).collect::<Vec<_>>(), [""; 0], "lack in Dutch");
    let mut missing: Vec<String> = spoken()
        .into_iter()
        .filter(|(_, key)| !dutch.contains(key))
        .map(|(path, key)| format!("{path}: {key}"))
        .collect();
    missing.dedup();
    assert!(missing.is_empty(), "texts that are used and not there: {missing:#?}");
}

/// Every text that is named whole in the code or a template, and where.
fn spoken() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, text) in files("backend/src", "rs") {
        let said = [".say(", ".say_with("].iter().flat_map(|call| text.split(call).skip(1));
        let keys = said.flat_map(|rest| literals(argument(rest))).filter(|key| !key.contains('{'));
        found.extend(keys.map(|key| (path.clone(), key)));
        let faults = text.split("Fault::new(").skip(1).flat_map(|rest| literals(argument(rest)));
        found.extend(faults.map(|code| (path.clone(), format!("fault-{code}"))));
    }
    for ending in ["html", "txt"] {
        for (path, text) in files("backend/templates", ending) {
            let said = [".say(", ".say_with("].iter().flat_map(|call| text.split(call).skip(1));
            let keys = said.flat_map(|rest| literals(argument(rest))).filter(|key| !key.contains('{'));
            found.extend(keys.map(|key| (path.clone(), key)));
        }
    }
    // The mails of accounts name their texts by parts.
    let (path, text) = files("backend/src/accounts", "rs")
        .into_iter()
        .find(|(path, _)| path.ends_with("mail.rs"))
        .unwrap();
    let sent = ["send(tx, cx, to, \"", "send_about(tx, cx, to, waiting, \""];
    for rest in sent.iter().flat_map(|call| text.split(call).skip(1)) {
        let (key, rest) = rest.split_once('"').unwrap();
        let parts: &[&str] = if rest.starts_with(", Some") {
            &["subject", "text", "why", "action"]
        } else {
            &["subject", "text", "why"]
        };
        found.extend(parts.iter().map(|part| (path.clone(), format!("mail-{key}-{part}"))));
    }
    assert!(found.len() > 30, "the search for texts finds nothing");
    found
}

/// The first argument of a call, from behind its parenthesis on.
fn argument(rest: &str) -> &str {
    let mut depth = 0;
    for (place, letter) in rest.char_indices() {
        match letter {
            '(' | '{' | '[' => depth += 1,
            ')' | ',' if depth == 0 => return &rest[..place],
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    rest
}

/// What stands in quotes.
fn literals(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
