use proptest::prelude::*;

use super::*;

fn language(tag: &str) -> LanguageTag {
    LanguageTag::parse(tag.into()).unwrap()
}

/// Does the question find a text of this language?
fn finds(question: &str, text: &str, tag: &str) -> bool {
    let query = Query::parse(question).unwrap();
    let terms = terms("", text, &language(tag)).body;
    let any = |of: &AnyOf| {
        terms.contains(&of.word)
            || of.open && terms.iter().any(|term| term.starts_with(&of.word))
            || of.stems.iter().any(|stem| terms.contains(stem))
    };
    let found =
        |wanted: &Wanted| any(&wanted.whole) || !wanted.parts.is_empty() && wanted.parts.iter().all(any);
    query.wanted.iter().all(found)
}

#[test]
fn inflections_of_a_language_find_each_other() {
    for (question, text, tag) in [
        ("toegankelijke", "Toegankelijkheid", "nl"),
        ("toegankelijkheid", "een toegankelijke halte", "nl"),
        ("toegankelijker", "toegankelijk", "nl"),
        ("halte", "haltes", "nl"),
        ("haltes", "halte", "nl"),
        ("plannen", "plan", "nl"),
        ("huizen", "huis", "nl"),
        ("brieven", "een brief", "nl"),
        ("gehandicapten", "handicap", "nl"),
        ("gemeente", "gemeenten", "nl-BE"),
        ("foto's", "een foto", "nl"),
        ("foto", "foto’s", "nl"),
        ("accessible", "accessibility", "en"),
        ("networks", "network", "en"),
        ("étudiants", "un étudiant", "fr"),
        ("etudiants", "un étudiant", "fr"),
        ("Häuser", "das Haus", "de"),
        // Whoever forgets to say that it is Dutch or English is found all the same.
        ("toegankelijke", "Toegankelijkheid", "en"),
        ("toegankelijke", "Toegankelijkheid", "de"),
        ("accessible", "accessibility", "nl"),
    ] {
        assert!(finds(question, text, tag), "{question} finds {text} ({tag})");
    }
}

#[test]
fn words_are_found_by_their_beginning_without_accents_and_joined() {
    for (question, text) in [
        ("toeg", "toegankelijk"),
        ("TOEG", "toegankelijk"),
        ("cafe", "café"),
        ("café", "cafe"),
        ("sudwest", "Súdwest-Fryslân"),
        ("inclusie", "inclusie-agenda"),
        ("agenda", "inclusie-agenda"),
        ("inclusieagenda", "inclusie-agenda"),
        ("inclusie-agenda", "inclusieagenda"),
        ("inclusie-agenda", "een agenda voor inclusie"),
        ("inclusieagenda", "inclusie\u{AD}agenda"),
        ("hertogenbosch", "'s-Hertogenbosch"),
        ("'s-hertogenbosch", "’s-Hertogenbosch"),
        ("accessibilité", "l’accessibilité"),
        ("ov", "het o.v. is vol"),
        ("cafe\u{301}", "café"),
        ("2026", "23-11-2026"),
        ("wmo 2015", "de Wmo (2015)"),
        ("доступн", "доступність"),
    ] {
        assert!(finds(question, text, "nl"), "{question:?} finds {text:?}");
    }
    for (question, text) in [
        ("t", "toegankelijk"),
        ("gankelijk", "toegankelijk"),
        ("toegankelijk niets", "toegankelijk"),
        ("\"plan\"", "plannen"),
        ("\"toeg\"", "toegankelijk"),
        ("inclusie-agenda", "inclusie"),
    ] {
        assert!(!finds(question, text, "nl"), "{question:?} does not find {text:?}");
    }
}

#[test]
fn small_words_count_only_where_there_is_nothing_else() {
    assert!(finds("hoe vraag ik een tolk aan", "tolk vragen", "nl"));
    assert!(!finds("de", "halte", "nl"));
    assert!(finds("de", "de halte", "nl"));
    assert!(!finds("\"de\" halte", "een halte", "nl"));
}

#[test]
fn a_question_without_words_or_with_too_many_is_told_so() {
    for text in ["?!", "\"\"", "-", "…", "🙂", "' '"] {
        assert_eq!(Query::parse(text).map_err(|fault| fault.code), Err("no_words"), "{text}");
    }
    let words = |count: usize| (0..count).map(|n| format!("woord{n} ")).collect::<String>();
    assert!(Query::parse(&words(MOST_WORDS)).is_ok());
    assert_eq!(Query::parse(&words(MOST_WORDS + 1)).map_err(|fault| fault.code), Err("too_many_words"));
    // An inch sign opens no quotation; a repeated word is one.
    assert_eq!(Query::parse("wiel 24\"").unwrap().wanted.len(), 2);
    assert_eq!(Query::parse("halte Halte HALTE").unwrap().wanted.len(), 1);
}

#[test]
fn a_huge_text_has_bounded_terms() {
    let text: String = (0..60_000).map(|n| format!("жжжжжж{n} ")).collect();
    let Terms { title, body } = terms("Titel", &text, &language("ru"));
    let bytes: usize = title.iter().chain(&body).map(String::len).sum();
    assert!(bytes <= MOST_BYTES, "{bytes}");
}

proptest! {
    #[test]
    fn anything_can_be_analysed(text in "(?s).{0,200}", tag in 0..LANGUAGES.len()) {
        let found = terms(&text, &text, &language(LANGUAGES[tag].0));
        prop_assert!(found.body.is_empty(), "what stands in the title is not told again");
        for term in &found.title {
            // What FTS5's ascii tokenizer leaves whole, and PostgreSQL takes in quotes.
            prop_assert!(term.chars().all(|c| c.is_alphanumeric() || c == '_'), "{term:?}");
            prop_assert!(!term.is_empty());
        }
        let mut end = 0;
        for token in tokens(&text) {
            prop_assert!(token.place.end >= end, "in order");
            end = token.place.end;
            prop_assert!(token.word.chars().count() <= LONGEST);
        }
    }

    #[test]
    fn a_text_is_found_by_each_of_its_words(text in "[\\p{L}\\p{N} '’.-]{1,80}", tag in 0..LANGUAGES.len()) {
        for word in text.split_whitespace() {
            if Query::parse(word).is_ok() {
                prop_assert!(finds(word, &text, LANGUAGES[tag].0), "{word}");
            }
        }
    }
}
