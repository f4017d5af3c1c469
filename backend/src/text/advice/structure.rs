//! What a text is built of: headings, links, tables, images, lists; and the passages of prose in it.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, parse_document};

use super::{AdviceCode, Finding, Findings};
use crate::text::markdown;

/// A paragraph of prose in plain words.
#[derive(Debug, Default)]
pub struct Passage {
    pub text: String,
    /// Where in the text each further line of the Markdown begins, and which line that is.
    lines: Vec<(usize, usize)>,
}

impl Passage {
    fn begin(line: usize) -> Self {
        Self { text: String::new(), lines: vec![(0, line)] }
    }

    fn next_line(&mut self) {
        let line = self.lines.last().map_or(1, |(_, line)| line + 1);
        self.text.push(' ');
        self.lines.push((self.text.len(), line));
    }

    /// The line of the Markdown that a place of the text is on.
    pub fn line_at(&self, place: usize) -> usize {
        let after = self.lines.partition_point(|(start, _)| *start <= place);
        self.lines.get(after.saturating_sub(1)).map_or(1, |(_, line)| *line)
    }

    /// The lines, as they were written.
    fn written(&self) -> impl Iterator<Item = &str> {
        let ends = self.lines.iter().skip(1).map(|(start, _)| *start).chain([self.text.len()]);
        self.lines.iter().zip(ends).map(|((start, _), end)| self.text[*start..end].trim())
    }
}

/// Looks at what `markdown` is built of, adds what could be better, and returns its prose.
pub fn look(markdown: &str, decorative: &dyn Fn(&str) -> bool, findings: &mut Findings) -> Vec<Passage> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &markdown::options());
    let mut passages = Vec::new();
    let mut headings = Headings::default();
    let mut dotted = Dotted::default();
    for node in root.descendants() {
        let line = line_of(node);
        match &node.data.borrow().value {
            NodeValue::Heading(heading) => {
                headings.look(heading.level, line, &flat(node, line).text, findings);
            }
            NodeValue::Link(link) => {
                look_at_link(node, line, &link.url, findings);
                continue;
            }
            NodeValue::Image(image) => {
                look_at_image(node, line, &image.url, decorative, findings);
                continue;
            }
            NodeValue::TableRow(true) => look_at_header(node, line, findings),
            NodeValue::Paragraph => {
                let passage = flat(node, line);
                look_at_heading_in_disguise(node, line, &passage, findings);
                dotted.look(line, &passage, findings);
                passages.push(passage);
                continue;
            }
            // What stands between two paragraphs parts them.
            NodeValue::Item(_) | NodeValue::BlockQuote | NodeValue::CodeBlock(_) => {}
            _ => continue,
        }
        dotted.end(findings);
    }
    dotted.end(findings);
    passages
}

/// The line that a node begins on; of one that does not know, that of what it stands in.
fn line_of<'a>(node: &'a AstNode<'a>) -> usize {
    let lines = node.ancestors().map(|above| above.data.borrow().sourcepos.start.line);
    lines.into_iter().find(|line| *line > 0).unwrap_or(1)
}

/// The words of a block, in plain text.
fn flat<'a>(block: &'a AstNode<'a>, line: usize) -> Passage {
    let mut passage = Passage::begin(line);
    for node in block.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(text) => passage.text.push_str(text),
            NodeValue::Code(code) => passage.text.push_str(&code.literal),
            NodeValue::HtmlInline(text) => passage.text.push_str(text),
            NodeValue::SoftBreak | NodeValue::LineBreak => passage.next_line(),
            _ => {}
        }
    }
    passage
}

/// The headings so far.
#[derive(Default)]
struct Headings {
    last: Option<u8>,
    top: usize,
}

impl Headings {
    fn look(&mut self, level: u8, line: usize, text: &str, findings: &mut Findings) {
        if text.trim().is_empty() {
            findings.add(Finding::new(AdviceCode::EmptyHeading, line, ""));
            return;
        }
        if let Some(last) = self.last.filter(|last| level > last + 1) {
            let found = Finding::new(AdviceCode::SkippedHeading, line, text);
            findings.add(found.with("level", level).with("wanted", last + 1));
        }
        self.last = Some(level);
        if level == 1 {
            self.top += 1;
            // Told once, where the second one stands.
            if self.top == 2 {
                findings.add(Finding::new(AdviceCode::SeveralTopHeadings, line, text));
            }
        }
    }
}

/// What a link says where it does not say where it leads, folded and without punctuation.
const VAGUE: &[&str] = &[
    "hier",
    "klik hier",
    "klik dan hier",
    "hier klikken",
    "klik",
    "druk hier",
    "lees meer",
    "lees verder",
    "lees hier",
    "lees hier verder",
    "meer",
    "meer info",
    "meer informatie",
    "meer lezen",
    "verder lezen",
    "link",
    "deze link",
    "de link",
    "deze pagina",
    "deze website",
    "deze site",
    "website",
    "bekijk hier",
    "kijk hier",
    "zie hier",
    "download",
    "download hier",
    "dit",
    "dit document",
    "here",
    "click here",
    "click",
    "press here",
    "read more",
    "more",
    "more info",
    "more information",
    "learn more",
    "this",
    "this link",
    "the link",
    "this page",
    "this website",
    "this site",
    "see here",
    "continue",
    "details",
    "go",
];

fn look_at_link<'a>(node: &'a AstNode<'a>, line: usize, url: &str, findings: &mut Findings) {
    let said = flat(node, line).text;
    let pictured = node.descendants().any(|inner| matches!(inner.data.borrow().value, NodeValue::Image(_)));
    let plain = said.trim();
    if plain.is_empty() {
        // A picture without a text is told of by itself.
        if !pictured {
            findings.add(Finding::new(AdviceCode::EmptyLink, line, url));
        }
        return;
    }
    let folded = plain.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if VAGUE.contains(&folded.as_str()) {
        findings.add(Finding::new(AdviceCode::VagueLink, line, plain));
    } else if is_address(plain) {
        findings.add(Finding::new(AdviceCode::BareAddress, line, plain));
    }
}

/// Is a link's text an address of the web? One of e-mail says whom it reaches.
fn is_address(text: &str) -> bool {
    let one_word = !text.contains(char::is_whitespace);
    let web = ["http://", "https://", "www."].iter().any(|start| text.to_lowercase().starts_with(start));
    one_word && web
}

fn look_at_image<'a>(
    node: &'a AstNode<'a>,
    line: usize,
    url: &str,
    decorative: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) {
    let alt = flat(node, line).text;
    let alt = alt.trim();
    if alt.is_empty() {
        if !decorative(url) {
            findings.add(Finding::new(AdviceCode::ImageWithoutText, line, url));
        }
    } else if is_file_name(alt) {
        findings.add(Finding::new(AdviceCode::ImageFileName, line, alt));
    }
}

fn is_file_name(alt: &str) -> bool {
    let endings = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".heic"];
    let lower = alt.to_lowercase();
    endings.iter().any(|ending| lower.ends_with(ending)) && !alt.contains(' ')
}

/// A table whose columns have no name. The corner above the names of rows may be empty.
fn look_at_header<'a>(row: &'a AstNode<'a>, line: usize, findings: &mut Findings) {
    let named: Vec<bool> = row.children().map(|cell| !flat(cell, line).text.trim().is_empty()).collect();
    if named.iter().skip(usize::from(named.len() > 1)).any(|named| !named) {
        findings.add(Finding::new(AdviceCode::TableWithoutHeader, line, ""));
    }
}

/// The longest paragraph that is taken for a heading, in characters.
const HEADING: usize = 100;

/// A paragraph that is bold from end to end looks like a heading and is none.
fn look_at_heading_in_disguise<'a>(
    node: &'a AstNode<'a>,
    line: usize,
    passage: &Passage,
    findings: &mut Findings,
) {
    let mut children = node.children();
    let bold = children.next().is_some_and(|child| matches!(child.data.borrow().value, NodeValue::Strong));
    let alone = bold && children.next().is_none();
    // In a list or a quotation it is a word that matters; at the end of a text it heads nothing.
    let at_top = node.parent().is_some_and(|above| matches!(above.data.borrow().value, NodeValue::Document));
    let heads = node.next_sibling().is_some_and(|next| {
        !matches!(next.data.borrow().value, NodeValue::Heading(_) | NodeValue::ThematicBreak)
    });
    let text = passage.text.trim();
    let says_a_sentence = text.ends_with(['.', '!', ',', ';']);
    if alone && at_top && heads && !says_a_sentence && text.chars().count() <= HEADING {
        findings.add(Finding::new(AdviceCode::FakeHeading, line, text));
    }
}

/// Lines that begin like those of a list and are none: two of them make one.
#[derive(Default)]
struct Dotted {
    /// Paragraphs of one such line each, one after another: where the first is, what it says, and how many.
    run: Option<(usize, String, usize)>,
}

impl Dotted {
    fn look(&mut self, line: usize, passage: &Passage, findings: &mut Findings) {
        let dotted = passage.written().filter(|line| begins_like_an_item(line)).count();
        if dotted >= 2 {
            self.end(findings);
            findings.add(Finding::new(AdviceCode::FakeList, line, &passage.text));
            return;
        }
        let whole = begins_like_an_item(passage.text.trim_start());
        match &mut self.run {
            Some((_, _, count)) if whole => *count += 1,
            None if whole => self.run = Some((line, passage.text.clone(), 1)),
            _ => self.end(findings),
        }
    }

    fn end(&mut self, findings: &mut Findings) {
        if let Some((line, text, count)) = self.run.take()
            && count >= 2
        {
            findings.add(Finding::new(AdviceCode::FakeList, line, &text));
        }
    }
}

/// `• een`, `– een`, `a) een`: what Markdown makes no list of.
fn begins_like_an_item(line: &str) -> bool {
    let mut letters = line.chars();
    let (first, second, third) = (letters.next(), letters.next(), letters.next());
    let sign = first.is_some_and(|c| "•·◦‣▪►●○–—→✓✔".contains(c)) && second.is_some_and(char::is_whitespace);
    let lettered = first.is_some_and(|c| c.is_ascii_alphabetic())
        && second == Some(')')
        && third.is_some_and(char::is_whitespace);
    sign || lettered
}
