//! What comes with Kring is held to what it asks of people.

use std::collections::BTreeSet;

use super::*;
use crate::templates::filling;
use crate::text::markdown;

/// Articles of the CRPD as they are called in the Dutch and the English text of the treaty.
const ARTICLES: &[(i64, &str, &str)] = &[
    (3, "algemene beginselen", "general principles"),
    (4, "algemene verplichtingen", "general obligations"),
    (9, "toegankelijkheid", "accessibility"),
    (
        11,
        "risicovolle situaties en humanitaire noodsituaties",
        "situations of risk and humanitarian emergencies",
    ),
    (
        19,
        "zelfstandig wonen en deel uitmaken van de maatschappij",
        "living independently and being included in the community",
    ),
    (20, "persoonlijke mobiliteit", "personal mobility"),
    (
        21,
        "vrijheid van mening en meningsuiting en toegang tot informatie",
        "freedom of expression and opinion, and access to information",
    ),
    (24, "onderwijs", "education"),
    (25, "gezondheid", "health"),
    (27, "werk en werkgelegenheid", "work and employment"),
    (
        29,
        "participatie in het politieke en openbare leven",
        "participation in political and public life",
    ),
    (
        30,
        "deelname aan het culturele leven, recreatie, vrijetijdsbesteding en sport",
        "participation in cultural life, recreation, leisure and sport",
    ),
    (31, "statistieken en het verzamelen van gegevens", "statistics and data collection"),
];

/// Every text of a template that people read.
fn texts(content: &Content) -> Vec<&str> {
    match &content.what {
        What::Document(document) => vec![&document.title, &document.body],
        What::Network(network) => {
            let threads = network.threads.iter().flat_map(|thread| [thread.title.as_str(), &thread.body]);
            std::iter::once(network.description.as_str()).chain(threads).collect()
        }
    }
}

fn headings(body: &str) -> Vec<usize> {
    let lines = body.lines().filter(|line| line.starts_with('#'));
    lines.map(|line| line.chars().take_while(|c| *c == '#').count()).collect()
}

#[test]
fn every_file_is_compiled_in_and_can_be_read() {
    for language in ["nl", "en"] {
        let folder = format!("{}/starters/{language}", env!("CARGO_MANIFEST_DIR"));
        let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
            .collect();
        let compiled: BTreeSet<String> = FILES
            .iter()
            .filter(|(of, ..)| *of == language)
            .map(|(_, name, _)| (*name).to_owned())
            .collect();
        assert_eq!(on_disk, compiled, "{language}");
    }
    for (language, name, text) in FILES {
        let (id, content) =
            read(language, name, text).unwrap_or_else(|cause| panic!("{language}/{name}: {cause:#}"));
        assert_eq!(id.to_string().parse(), Ok(id), "{name}");
        parse_name(content.name.clone())
            .and_then(|_| parse_summary(content.summary.clone()))
            .expect(name);
        match &content.what {
            What::Document(document) => {
                parse_title(document.title.clone()).expect(name);
                parse_body(document.body.clone()).expect(name);
            }
            What::Network(network) => {
                parse_description(network.description.clone()).expect(name);
                network
                    .threads
                    .iter()
                    .for_each(|thread| assert!(parse_thread(thread.clone()).is_ok(), "{name}"));
                assert!(
                    network.documents.iter().all(|id| find(id).is_some()),
                    "{name}: {:?}",
                    network.documents
                );
                assert!(network.threads.iter().any(|thread| thread.pinned), "{name} welcomes nobody");
            }
        }
    }
    assert_eq!(all().len(), FILES.len());
}

#[test]
fn both_languages_say_the_same_in_the_same_places() {
    for (id, dutch) in all().iter().filter(|(id, _)| id.language.as_str() == "nl") {
        let english = TemplateId { language: LanguageTag::of(Lang::En), ..id.clone() };
        let english = find(&english).unwrap_or_else(|| panic!("no {english}"));
        assert_eq!(dutch.crpd_articles, english.crpd_articles, "{id}");
        let pairs = texts(dutch).into_iter().zip(texts(english));
        assert_eq!(texts(dutch).len(), texts(english).len(), "{id}");
        for (dutch, english) in pairs {
            assert_eq!(headings(dutch), headings(english), "{id}");
            assert_eq!(filling::blanks(dutch).len(), filling::blanks(english).len(), "{id}: {dutch}");
            assert_eq!(dutch.matches("[vul in: ").count(), filling::blanks(dutch).len(), "{id}");
            assert_eq!(english.matches("[fill in: ").count(), filling::blanks(english).len(), "{id}");
        }
    }
}

#[test]
fn headings_begin_at_the_second_level_and_leave_none_out() {
    for (id, content) in all() {
        let What::Document(document) = &content.what else { continue };
        let levels = headings(&document.body);
        assert_eq!(levels.first(), Some(&2), "{id}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1 && pair[1] >= 2), "{id}: {levels:?}");
        let html = markdown::render(&document.body).html;
        assert_eq!(
            html.matches("<table>").count(),
            html.matches("<thead>").count(),
            "{id}: a table without head"
        );
        assert!(!html.contains("<a "), "{id}: what is to be filled in became a link");
    }
}

#[test]
fn articles_are_called_what_the_treaty_calls_them() {
    let mut named = 0;
    for (id, content) in all() {
        let dutch = id.language.as_str() == "nl";
        let name = |number| {
            let found = ARTICLES.iter().find(|(known, ..)| *known == number);
            found.map(|(_, nl, en)| if dutch { *nl } else { *en })
        };
        for text in texts(content) {
            // `artikel 9 (toegankelijkheid)` and, in a table, `| 9 (toegankelijkheid) |`.
            let marks = ["artikel ", "Artikel ", "article ", "Article ", "| "];
            for rest in marks.iter().flat_map(|mark| text.split(mark).skip(1)) {
                let Some((number, rest)) = rest.split_once(' ') else { continue };
                let Ok(number) = number.parse::<i64>() else { continue };
                let expected = name(number).unwrap_or_else(|| panic!("{id}: is there an article {number}?"));
                assert!(
                    rest.starts_with(&format!("({expected})")),
                    "{id}: article {number} is {expected}, not {rest:.60}"
                );
                named += 1;
            }
        }
    }
    assert!(named >= 30, "{named} articles were found");
}
