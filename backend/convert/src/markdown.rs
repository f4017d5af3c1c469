//! Markdown, which stays as it was written: only what Kring would show otherwise is changed.

use std::ops::Range;

use comrak::nodes::{AstNode, NodeValue, Sourcepos};
use comrak::{Arena, Options, parse_document};

use crate::images::{self, Files};
use crate::links;
use crate::losses::{LossKind, Losses};
use crate::model::{Found, Span, words};
use crate::refusal::{Refusal, Result};
use crate::write::{IMAGE, IMAGE_END, clean};

/// Most bytes of a text.
pub const BYTES: usize = 4 * 1024 * 1024;

/// What was read: the text with marks in place of its images.
pub struct Read {
    pub title: Option<String>,
    pub language: Option<String>,
    pub markdown: String,
    pub images: Vec<Found>,
    pub losses: Losses,
}

/// Reads a text. Images that lie beside it come from `files`; `undescribed` stands where one says nothing.
pub fn read(bytes: &[u8], files: &dyn Files, undescribed: &str) -> Result<Read> {
    if bytes.len() > BYTES {
        return Err(Refusal::TooLarge);
    }
    let text = clean(&crate::encoding::text(bytes).replace("\r\n", "\n").replace('\r', "\n"));
    let (front, text) = front_matter(&text);
    let told = |wanted: &[&str]| {
        let found = front.iter().find(|(key, _)| wanted.contains(&key.as_str()));
        found.map(|(_, value)| words(&[Span::text(value)])).filter(|value| !value.is_empty())
    };
    let mut reader = Reader {
        source: text,
        starts: line_starts(text),
        files,
        undescribed,
        changes: Vec::new(),
        title: told(&["title", "titel"]),
        images: Vec::new(),
        losses: Losses::default(),
    };
    reader.read()?;
    let markdown = reader.changed();
    Ok(Read {
        title: reader.title,
        language: told(&["lang", "language", "taal"]),
        markdown,
        images: reader.images,
        losses: reader.losses,
    })
}

/// Lines `key: value` between lines of three hyphens at the beginning, and the text behind them.
fn front_matter(text: &str) -> (Vec<(String, String)>, &str) {
    let none = (Vec::new(), text);
    let Some(rest) = text.strip_prefix("---\n") else { return none };
    let end = ["\n---\n", "\n...\n"]
        .iter()
        .filter_map(|end| rest.find(end).map(|at| (at, at + end.len())))
        .min();
    let end = end.or_else(|| rest.strip_suffix("\n---").map(|head| (head.len(), rest.len())));
    let Some((end, behind)) = end else { return none };
    let pairs: Vec<(String, String)> = rest[..end]
        .lines()
        .filter(|line| !line.starts_with([' ', '\t', '#', '-']))
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.trim().to_lowercase(), value.trim().trim_matches(['"', '\'']).to_owned()))
        .collect();
    // A rule at the beginning is no such thing.
    if pairs.is_empty() { none } else { (pairs, &rest[behind..]) }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options
}

struct Reader<'a> {
    source: &'a str,
    starts: Vec<usize>,
    files: &'a dyn Files,
    undescribed: &'a str,
    /// What goes where something else stood.
    changes: Vec<(Range<usize>, String)>,
    title: Option<String>,
    images: Vec<Found>,
    losses: Losses,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<()> {
        let arena = Arena::new();
        let root = parse_document(&arena, self.source, &options());
        for node in root.descendants() {
            let (value, place) = {
                let data = node.data.borrow();
                (data.value.clone(), data.sourcepos)
            };
            match value {
                NodeValue::Heading(_) => self.losses.under(&told(node)),
                NodeValue::Image(image) => self.image(node, &image.url, place)?,
                NodeValue::HtmlBlock(html) => self.html(&html.literal, place, node),
                NodeValue::HtmlInline(html) => self.html(&html, place, node),
                _ => {}
            }
        }
        if self.title.is_none() {
            self.take_title(root);
        }
        Ok(())
    }

    /// The place of a node in the source, where that can be relied on.
    fn range(&self, place: Sourcepos) -> Option<Range<usize>> {
        let start = self.starts.get(place.start.line.checked_sub(1)?)? + place.start.column.checked_sub(1)?;
        let end = self.starts.get(place.end.line.checked_sub(1)?)? + place.end.column;
        self.source.get(start..end).map(|_| start..end)
    }

    /// A text that begins with the one heading of the first level is called that.
    fn take_title<'a>(&mut self, root: &'a AstNode<'a>) {
        let level = |node: &AstNode<'_>| match node.data.borrow().value {
            NodeValue::Heading(heading) => Some(heading.level),
            _ => None,
        };
        let levels: Vec<u8> = root.descendants().filter_map(level).collect();
        let Some(first) = root.first_child() else { return };
        let Some(own) = level(first) else { return };
        let more = first.descendants().any(|node| {
            matches!(node.data.borrow().value, NodeValue::Image(_) | NodeValue::FootnoteReference(_))
        });
        let alone = levels.iter().filter(|other| **other <= own).count() == 1;
        let title = told(first);
        if more || !alone || title.is_empty() {
            return;
        }
        let place = first.data.borrow().sourcepos;
        let (start, end) = (self.starts.get(place.start.line - 1), self.starts.get(place.end.line));
        if let Some(start) = start {
            let range = *start..end.copied().unwrap_or(self.source.len());
            self.changes.retain(|(other, _)| other.end <= range.start || other.start >= range.end);
            self.changes.push((range, String::new()));
            self.title = Some(title);
        }
    }

    fn image<'a>(&mut self, node: &'a AstNode<'a>, url: &str, place: Sourcepos) -> Result<()> {
        let bytes = images::embedded(url).or_else(|| self.files.get(url));
        let alt = images::description(&told(node));
        let range = self.range(place).filter(|range| self.source[range.clone()].starts_with("!["));
        let Some(range) = range else {
            self.losses.note(LossKind::MissingImages);
            return Ok(());
        };
        let shown = bytes.filter(|bytes| images::taken(bytes));
        let Some(bytes) = shown else {
            self.losses.note(LossKind::MissingImages);
            // Kring makes a link of an image elsewhere.
            if links::allowed(url).is_none() {
                let text = alt.map(|alt| format!("*\\[{}]*", escaped(&alt))).unwrap_or_default();
                self.changes.push((range, text));
            }
            return Ok(());
        };
        if self.images.len() >= images::MOST {
            return Err(Refusal::TooManyImages);
        }
        let shown = alt.as_deref().unwrap_or(self.undescribed);
        let mark = format!("![{}]({IMAGE}{}{IMAGE_END})", escaped(shown), self.images.len());
        let name = images::file_name(url, &bytes, self.images.len());
        self.images.push(Found { name, alt, decorative: false, bytes });
        self.changes.push((range, mark));
        Ok(())
    }

    /// HTML is shown as the text it is; comments are for nobody, and line breaks can be said otherwise.
    fn html<'a>(&mut self, html: &str, place: Sourcepos, node: &'a AstNode<'a>) {
        let bare = html.trim();
        let tag: String = bare.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        let in_cell = node.ancestors().any(|above| matches!(above.data.borrow().value, NodeValue::TableCell));
        let instead = match tag.as_str() {
            _ if bare.starts_with("<!--") && bare.ends_with("-->") => "",
            "<br>" | "<br/>" if in_cell => "; ",
            "<br>" | "<br/>" => "\\\n",
            _ => {
                self.losses.note(LossKind::RawHtml);
                return;
            }
        };
        if let Some(range) = self.range(place).filter(|range| self.source[range.clone()].trim() == bare) {
            self.changes.push((range, instead.to_owned()));
        }
    }

    /// The source with what changed.
    fn changed(&mut self) -> String {
        self.changes.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut at) = (String::with_capacity(self.source.len()), 0);
        for (range, instead) in &self.changes {
            // One that lies in another went with it.
            if range.start < at {
                continue;
            }
            text.push_str(&self.source[at..range.start]);
            text.push_str(instead);
            at = range.end;
        }
        text.push_str(&self.source[at..]);
        let mut text = text.trim_matches('\n').trim_end().to_owned();
        text.push('\n');
        text
    }
}

/// The words in a node.
fn told<'a>(node: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    for inside in node.descendants() {
        match &inside.data.borrow().value {
            NodeValue::Text(literal) => text.push_str(literal),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    crate::write::escaped_in_brackets(text)
}
