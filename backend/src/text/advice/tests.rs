use proptest::prelude::*;

use super::*;

fn never(_: &str) -> bool {
    false
}

/// Each finding as `line code: excerpt`.
fn told(markdown: &str, language: &str) -> Vec<String> {
    let found = advise(markdown, language, &never).findings.into_iter();
    found.map(|it| format!("{} {}: {}", it.line, it.code, it.excerpt)).collect()
}

#[test]
fn a_text_that_reads_well_gets_no_advice() {
    let text = "Dit plan is voor iedereen.\n\n## Wat we doen\n\n- We maken haltes hoger.\n- We vragen dhr. Jansen, bijv. \
        over liften.\n\n### Wanneer\n\n| Wat | Wanneer |\n|---|---|\n| Halte | 2027 |\n\n[Lees het hele plan van \
        Utrecht](https://example.org/plan) of mail <info@example.org>.\n\n![Een halte met een hoge stoep](https://example.org/h)\n";
    assert_eq!(told(text, "nl"), [""; 0]);
}

#[test]
fn headings_go_down_one_step_at_a_time_and_say_something() {
    let text = "# Plan\n\nTekst.\n\n### Te diep\n\nTekst.\n\n##\n\n# Nog een\n\n# En nog een\n\n**Dit is een kop**\n\nTekst.\n\n\
        **Let op.**\n\nEn **dit** niet.\n\n- **Ook niet**\n\n**Onderaan**\n";
    assert_eq!(
        told(text, "nl"),
        [
            "5 skipped_heading: Te diep",
            "9 empty_heading: ",
            "11 several_top_headings: Nog een",
            "15 fake_heading: Dit is een kop",
        ]
    );
}

#[test]
fn links_images_and_tables_say_what_they_are() {
    let text = "[Klik hier](/a), [lees meer…](/b), [](/c) en https://example.org/een/adres.\nDan [here](/d) en [Meer \
        over liften](/e).\n\n![](/v1/foto) ![IMG_2041.JPG](/x) ![Een lift](/y) [![](/z)](/w)\n\n| | Nu |\n|---|---|\n| \
        a | b |\n\n| Wat | |\n|---|---|\n| a | b |\n";
    assert_eq!(
        told(text, "nl"),
        [
            "1 vague_link: Klik hier",
            "1 vague_link: lees meer…",
            "1 empty_link: /c",
            "1 bare_address: https://example.org/een/adres",
            "2 vague_link: here",
            "4 image_without_text: /v1/foto",
            "4 image_file_name: IMG_2041.JPG",
            "4 image_without_text: /z",
            "10 table_without_header: ",
        ]
    );
    let decorated = advise("![](/v1/foto)", "nl", &|url| url == "/v1/foto");
    assert_eq!(decorated.total, 0, "decoration needs no text");
}

#[test]
fn lists_are_made_of_marks_that_make_lists() {
    for (text, line) in [
        ("Wat we doen:\n• haltes\n• liften", Some(1)),
        ("Eerst dit.\n\n– haltes\n\n– liften\n", Some(3)),
        ("a) haltes\nb) liften", Some(1)),
        ("- haltes\n- liften", None),
        ("– zei ze", None),
        ("Van 9 – 12 uur\nof later", None),
        ("– haltes\n\n## Kop\n\n– liften", None),
    ] {
        let found = advise(text, "nl", &never).findings;
        let found = found.iter().find(|it| it.code == AdviceCode::FakeList).map(|it| it.line);
        assert_eq!(found, line, "{text}");
    }
}

#[test]
fn long_sentences_and_shouting_are_found_on_their_line() {
    let long = "Wij willen dat iedereen die in onze gemeente woont, werkt of op bezoek komt zonder hulp te hoeven vragen \
        met de bus en de trein kan reizen.";
    let text = format!("Kort.\nOok kort. {long}\nLET OP HET PERRON! De WMO, de VN en GGD GHOR zijn namen.\n");
    let found = advise(&text, "nl", &never);
    let places: Vec<_> = found.findings.iter().map(|it| (it.line, it.code)).collect();
    assert_eq!(places, [(2, AdviceCode::LongSentence), (3, AdviceCode::Capitals)]);
    assert_eq!(found.findings[0].args, [("count", "27".to_owned())]);
    assert!(
        found.findings[0].excerpt.starts_with("Wij willen dat iedereen")
            && found.findings[0].excerpt.ends_with('…')
    );
    assert_eq!(found.findings[1].excerpt, "LET OP HET PERRON!");
}

#[test]
fn abbreviations_and_initials_end_no_sentence() {
    for (language, text, count) in [
        ("nl", "Vraag het dhr. Jansen of mevr. De Wit. Dan weet u het.", 2),
        ("nl", "Dat is bijv. Utrecht, d.w.z. De Bilt niet. Zie art. 9 en blz. 12.", 2),
        ("nl", "A. de Vries en J.P. Bos, o.a. Over haltes.", 1),
        ("nl", "Haltes, liften enz. Daarna de bus.", 2),
        ("en", "Ask Mr. Jones, e.g. On Monday. Then Dr. Smith.", 2),
        ("de", "Das ist ein Satz. Das ist noch einer!", 2),
        ("nl", "Kan het? Ja! 12.", 3),
        ("nl", "… – !", 0),
    ] {
        assert_eq!(sentences::of(text, Lang::of_tag(language)).len(), count, "{text}");
    }
}

#[test]
fn figures_are_those_of_their_formulas() {
    // Ten sentences of five words, each of one syllable, none of them long.
    let dutch = "De bus stopt hier niet. ".repeat(10);
    let found = advise(&dutch, "nl-BE", &never).figures;
    assert_eq!((found.words, found.sentences, found.long_sentences), (50, 10, 0));
    assert_eq!((found.words_per_sentence, found.syllables_per_word), (5.0, 1.0));
    let scores: Vec<_> = found.scores.iter().map(|it| (it.measure, it.value, it.ease)).collect();
    assert_eq!(
        scores,
        [
            (figures::Measure::FleschDouma, 125.2, figures::Ease::VeryEasy),
            (figures::Measure::Lix, 5.0, figures::Ease::VeryEasy),
        ]
    );
    // One sentence of fifty words, each of five syllables and sixteen letters.
    let hard = advise(&"toegankelijkheid ".repeat(50), "nl", &never).figures;
    assert_eq!(hard.scores[0].value, -224.7);
    assert_eq!((hard.scores[1].value, hard.scores[1].ease), (150.0, figures::Ease::VeryHard));
    let english = advise(&"The bus will not stop. ".repeat(10), "en", &never).figures;
    assert_eq!((english.scores[0].measure, english.scores[0].value), (figures::Measure::Flesch, 117.2));
    let other = advise(&"Der Bus hält hier nicht. ".repeat(10), "de", &never).figures;
    assert_eq!(other.scores.iter().map(|it| it.measure).collect::<Vec<_>>(), [figures::Measure::Lix]);
    let short = advise("Te kort.", "nl", &never).figures;
    assert_eq!((short.words, short.scores), (2, Vec::new()));
    // Headings, code and tables are no prose.
    let around =
        advise("# Een kop\n\n```\neen twee\n```\n\n| a | b |\n|---|---|\n| c | d |\n", "nl", &never).figures;
    assert_eq!(around.words, 0);
}

#[test]
fn of_many_findings_the_first_are_told_and_all_are_counted() {
    let found = advise(&"[klik hier](/a)\n\n".repeat(200), "nl", &never);
    assert_eq!((found.findings.len(), found.total), (MOST, 200));
}

proptest! {
    #[test]
    fn any_text_can_be_looked_over_and_every_finding_is_in_it(
        text in "(?s)([#*_\\[\\]()!|>`~• \\n–-]|[A-Zé.]{1,3}|klik hier|een |BELANGRIJK |\\PC){0,200}",
        language in "(nl|en|fr|x)",
    ) {
        let found = advise(&text, &language, &never);
        prop_assert!(found.findings.len() <= found.total.min(MOST));
        for finding in found.findings {
            prop_assert!((1..=text.lines().count().max(1)).contains(&finding.line));
            prop_assert!(finding.excerpt.chars().count() <= EXCERPT + 1);
        }
        prop_assert!(found.figures.words_per_sentence >= 0.0);
    }

    #[test]
    fn every_word_has_a_syllable(word in "\\PC{1,30}") {
        prop_assert!(syllables::dutch(&word) >= 1 && syllables::english(&word) >= 1 && syllables::other(&word) >= 1);
    }

    #[test]
    fn sentences_stand_in_their_text_in_order(text in "(?s)[a-zA-Z. !?\\n0-9]{0,120}") {
        let mut end = 0;
        for sentence in sentences::of(&text, Some(Lang::Nl)) {
            prop_assert!(sentence.start >= end);
            prop_assert!(text[sentence.start..].trim_start().starts_with(sentence.text));
            end = sentence.start + sentence.text.len();
        }
    }
}
