use proptest::prelude::*;

use super::*;

/// The text on one side: what stayed, and what is only here.
fn side(blocks: &[Block], only_here: PartKind) -> String {
    let parts = blocks.iter().flat_map(|block| &block.parts);
    let here = parts.filter(|part| part.kind == PartKind::Equal || part.kind == only_here);
    here.map(|part| part.text.as_str()).collect()
}

/// Each block as `kind: =same -old +new`.
fn told(old: &str, new: &str) -> Vec<String> {
    let sign = |kind| match kind {
        PartKind::Equal => '=',
        PartKind::Insert => '+',
        PartKind::Delete => '-',
    };
    let parts = |block: &Block| -> Vec<String> {
        block.parts.iter().map(|part| format!("{}{}", sign(part.kind), part.text)).collect()
    };
    let found = compare(old, new).blocks;
    found.iter().map(|block| format!("{}: {}", block.kind, parts(block).join("|"))).collect()
}

#[test]
fn words_are_compared_within_a_paragraph_that_changed() {
    let old = "Doel\n\nDe halte krijgt twee oude banken en een afdak.\n\nKlaar in 2026.\n";
    let new = "Doel\n\nDe halte krijgt vier nieuwe stoelen en een afdak.\n\nKlaar in 2026.\n";
    assert_eq!(
        told(old, new),
        [
            "equal: =Doel\n\n",
            "change: =De halte krijgt |-twee oude banken|+vier nieuwe stoelen|= en een afdak.\n\n",
            "equal: =Klaar in 2026.\n",
        ]
    );
}

#[test]
fn a_paragraph_comes_and_goes_whole() {
    assert_eq!(told("A\n\nC\n", "A\n\nB\n\nC\n"), ["equal: =A\n\n", "insert: +B\n\n", "equal: =C\n"]);
    assert_eq!(told("A\n", "A\n\nB\n"), ["equal: =A\n", "insert: +\nB\n"], "at the end too");
    assert_eq!(told("A\n\nB", "A"), ["equal: =A", "delete: -\n\nB"]);
    assert_eq!(told("", "A\n\nB"), ["insert: +A\n\n", "insert: +B"]);
    assert_eq!(told("A", ""), ["delete: -A"]);
    assert_eq!(told("", ""), [""; 0]);
}

#[test]
fn what_has_little_in_common_is_replaced_whole() {
    let (old, new) = ("Wie brengt de koffie mee?", "De wethouder tekent in maart.");
    assert_eq!(told(old, new), [format!("delete: -{old}"), format!("insert: +{new}")]);
}

#[test]
fn words_are_whole_words_in_any_script() {
    assert_eq!(told("café één", "café twee"), ["change: =café |-één|+twee"]);
    assert_eq!(
        compare_line("Plan voor de haltes", "Plan voor alle haltes"),
        [
            Part { kind: PartKind::Equal, text: "Plan voor ".into() },
            Part { kind: PartKind::Delete, text: "de".into() },
            Part { kind: PartKind::Insert, text: "alle".into() },
            Part { kind: PartKind::Equal, text: " haltes".into() },
        ]
    );
}

#[test]
fn changes_on_two_lines_stay_apart() {
    let (old, new) = ("- stoep hoog\n- bus laag en kort\n", "- stoep lager\n- lijn laag en kort\n");
    assert_eq!(
        told(old, new),
        ["change: =- stoep |-hoog|+lager|=\n- |-bus|+lijn|= laag en kort\n"],
        "a list is one paragraph"
    );
}

#[test]
fn words_are_counted_and_signs_are_not() {
    assert_eq!(words(&compare_line("Een, twee.", "Een: drie vier.")), (2, 1));
}

/// As long as a document may be, in every shape that takes long: the law holds also where time ran out.
#[test]
fn the_longest_texts_lose_nothing() {
    let most = crate::text::markdown::DOCUMENT_LIMIT;
    let shape = |make: &dyn Fn(usize) -> String| -> String {
        let mut text = String::new();
        let mut number = 0;
        while text.len() < most {
            text.push_str(&make(number));
            number += 1;
        }
        text.truncate(most);
        text
    };
    let shapes = [
        shape(&|n| format!("{n}\n\n")),
        shape(&|n| format!("{}\n\n", n * 7 % 13_001)),
        shape(&|n| format!("{} ", n * 31 % 9_973)),
        shape(&|n| format!("{} ", n * 17 % 9_973)),
        shape(&|n| if n % 2 == 0 { "a ".into() } else { "b ".into() }),
        shape(&|n| if n % 3 == 0 { "a ".into() } else { "b ".into() }),
        shape(&|n| format!("Alinea {n} over de haltes, de stoepen en de bussen van lijn {}.\n\n", n % 9)),
        shape(&|n| format!("Alinea {n} over de haltes, de stoepen en de trams van lijn {}.\n\n", n % 7)),
        "a".repeat(most),
        "\n".repeat(most),
    ];
    for (one, old) in shapes.iter().enumerate() {
        let new = &shapes[(one + 1) % shapes.len()];
        let found = compare(old, new);
        assert_eq!(side(&found.blocks, PartKind::Insert), *new, "shape {one} and the next");
        assert_eq!(side(&found.blocks, PartKind::Delete), *old, "shape {one} and the next");
    }
}

/// Texts made of few words, so that two have much in common, and of anything at all.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec!["halte", "stoep", "bus", "één", "🦽", " ", " ", " ", "\n", "\n\n", ", ", ". "])
            .prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn both_texts_can_be_read_from_the_differences(old in text(), new in text()) {
        let found = compare(&old, &new).blocks;
        prop_assert_eq!(side(&found, PartKind::Insert), new);
        prop_assert_eq!(side(&found, PartKind::Delete), old);
        for block in &found {
            let kinds: Vec<PartKind> = block.parts.iter().map(|part| part.kind).collect();
            prop_assert!(!kinds.is_empty());
            prop_assert!(block.parts.iter().all(|part| !part.text.is_empty()));
            let expected = match block.kind {
                BlockKind::Equal => Some(PartKind::Equal),
                BlockKind::Insert => Some(PartKind::Insert),
                BlockKind::Delete => Some(PartKind::Delete),
                BlockKind::Change => None,
            };
            prop_assert!(expected.is_none_or(|kind| kinds.iter().all(|its| *its == kind)));
            prop_assert!(block.kind != BlockKind::Change || kinds.iter().any(|kind| *kind != PartKind::Equal));
        }
    }

    #[test]
    fn a_text_does_not_differ_from_itself(text in text()) {
        prop_assert!(compare(&text, &text).blocks.iter().all(|block| block.kind == BlockKind::Equal));
    }

    #[test]
    fn titles_can_be_read_from_their_differences(old in "\\PC{0,40}", new in "\\PC{0,40}") {
        let parts = compare_line(&old, &new);
        let block = [Block { kind: BlockKind::Change, parts }];
        prop_assert_eq!(side(&block, PartKind::Insert), new);
        prop_assert_eq!(side(&block, PartKind::Delete), old);
    }
}
