//! What is written is read again by the renderer that Kring has, and must say the same.

use comrak::{Options, markdown_to_html};
use proptest::prelude::*;

use super::{IMAGE, markdown};
use crate::model::{Block, List, Span, Style, What, plain};

fn html(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.render.escape = true;
    markdown_to_html(markdown, &options)
}

/// The words of HTML, without what stands in tags.
fn shown(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        // A word may go on behind a tag that stands within the line.
        let (tag, rest) = piece.split_once('>').unwrap_or(("", piece));
        let inline = ["em", "strong", "del", "code", "a ", "a"];
        if !inline.iter().any(|name| tag.trim_start_matches('/').starts_with(name)) {
            text.push(' ');
        }
        text.push_str(rest);
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    text.split([' ', '\n', '\t', '\r'])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn paragraph(spans: Vec<Span>) -> Block {
    Block::Paragraph(spans)
}

fn styled(text: &str, set: impl FnOnce(&mut Style)) -> Span {
    let mut style = Style::default();
    set(&mut style);
    Span { what: What::Text(text.into()), style }
}

fn bold(text: &str) -> Span {
    styled(text, |style| style.bold = true)
}

fn italic(text: &str) -> Span {
    styled(text, |style| style.italic = true)
}

fn link(text: &str, url: &str) -> Span {
    styled(text, |style| style.link = Some(url.into()))
}

#[test]
fn letters_are_set_as_they_were_and_spaces_are_not() {
    let both = |text| styled(text, |style| (style.bold, style.italic) = (true, true));
    for (spans, written) in [
        (vec![Span::text("een "), bold("vet "), Span::text("woord")], "een **vet** woord"),
        (vec![bold("vet"), bold(" en"), bold(" vetter")], "**vet en vetter**"),
        (vec![bold("deel"), Span::text("s")], "**deel**s"),
        (vec![bold("vet"), italic("schuin")], "**vet**schuin"),
        (vec![bold("vet "), both("beide"), bold(".")], "**vet *beide*.**"),
        (vec![Span::text("a"), bold("(b)"), Span::text("c")], "a(b)c"),
        (vec![link("de lijst", "https://example.org/a b")], "[de lijst](https://example.org/a%20b)"),
        (vec![link("https://example.org", "https://example.org")], "<https://example.org>"),
        (
            vec![Span::text("kijk!"), link("hier", "https://example.org")],
            "kijk\\![hier](https://example.org)",
        ),
        (vec![styled("a`b", |style| style.code = true)], "``a`b``"),
        (vec![bold("   ")], ""),
        // What begins behind a sign and with one could be taken for the end of the bold around it.
        (vec![both("a "), bold("&amp;"), both("#")], "***a* \\&amp;#**"),
        // At the beginning of a line [`]: would be the address of a link.
        (
            vec![styled("]:", |style| (style.code, style.link) = (true, Some("https://example.org".into())))],
            "[\\]:](https://example.org)",
        ),
    ] {
        assert_eq!(markdown(&[paragraph(spans)], &[], &[]).trim_end(), written);
    }
}

#[test]
fn lists_that_follow_each_other_stay_apart_and_those_within_belong_to_their_item() {
    let item = |text: &str| vec![paragraph(vec![Span::text(text)])];
    let list = |start, items| Block::List(List { start, items });
    let inner = list(Some(3), vec![item("c")]);
    let outer = list(None, vec![vec![paragraph(vec![Span::text("a")]), inner], item("b")]);
    let text = markdown(&[outer, list(None, vec![item("d")]), list(Some(1), vec![item("e")])], &[], &[]);
    let told = html(&text);
    assert_eq!(told.matches("<ul>").count(), 2, "{text}");
    assert!(told.contains("<ol start=\"3\">") && told.contains("<ol>"), "{text}\n{told}");
}

/// Text that people write, with everything in it that Markdown could take for its own.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zé]{1,6}",
        "[*_`~\\[\\]()<>!#|&;:@\\\\+=.-]{1,4}",
        Just(" ".to_owned()),
        Just("1. ".to_owned()),
        Just("# ".to_owned()),
        Just("- ".to_owned()),
        Just("> ".to_owned()),
        Just("&amp;".to_owned()),
        Just("<b>".to_owned()),
        Just("---".to_owned()),
        Just("[^1]".to_owned()),
        Just("[ ] ".to_owned()),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn any_span() -> impl Strategy<Value = Span> {
    (any_text(), any::<[bool; 4]>(), any::<bool>()).prop_map(
        |(text, [bold, italic, strike, code], linked)| {
            let code = code && !text.contains('\u{a0}');
            let link = linked.then(|| "https://example.org/x".into());
            Span {
                what: What::Text(text),
                style: Style { bold, italic, strike, code, link },
            }
        },
    )
}

fn any_line() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::vec(any_span(), 0..5)
}

fn words_of(blocks: &[Block]) -> String {
    plain(blocks).split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #[test]
    fn a_paragraph_says_what_it_said(line in any_line()) {
        let blocks = [Block::Paragraph(line)];
        let text = markdown(&blocks, &[], &[]);
        prop_assert_eq!(shown(&html(&text)), words_of(&blocks), "{}", text);
    }

    #[test]
    fn headings_items_quotes_and_cells_say_what_they_said(lines in proptest::collection::vec(any_line(), 4)) {
        let [a, b, c, d] = <[Vec<Span>; 4]>::try_from(lines).expect("four");
        let blocks = [
            Block::Heading(2, a),
            Block::List(List { start: Some(1), items: vec![vec![Block::Paragraph(b.clone())], vec![Block::Paragraph(c.clone())]] }),
            Block::Quote(vec![Block::Paragraph(d.clone())]),
            Block::Table(vec![vec![b, c], vec![d]]),
        ];
        let text = markdown(&blocks, &[], &[]);
        let told = html(&text);
        prop_assert_eq!(shown(&told), words_of(&blocks), "{}", text);
        prop_assert_eq!(told.matches("<table>").count(), 1, "{}", text);
    }

    #[test]
    fn nothing_of_what_is_read_marks_an_image(text in "\\PC{0,40}") {
        let blocks = [paragraph(vec![Span::text(format!("{text}{IMAGE}1"))])];
        prop_assert!(!markdown(&blocks, &[], &[]).contains(IMAGE));
    }
}
