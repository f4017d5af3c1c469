//! A document between two formats: what every reader makes and the one writer writes.

use std::rc::Rc;

use crate::losses::Losses;

/// How a piece of text is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    pub bold: bool,
    pub italic: bool,
    pub strike: bool,
    pub code: bool,
    /// Where it leads.
    pub link: Option<Rc<str>>,
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Text(String),
    /// An image, by its place in [`Document::images`].
    Image(usize),
    /// A new line within a paragraph.
    Break,
    /// The mark of a note, by its place in [`Document::notes`].
    Note(usize),
}

/// Something in a line, and how it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub what: What,
    pub style: Style,
}

impl Span {
    pub fn text(text: impl Into<String>) -> Self {
        Self { what: What::Text(text.into()), style: Style::default() }
    }
}

/// The inside of a paragraph, a heading or a cell.
pub type Line = Vec<Span>;

/// A list. With a number it counts from there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    pub start: Option<u64>,
    pub items: Vec<Vec<Block>>,
}

/// What a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// From 1, the highest.
    Heading(u8, Line),
    Paragraph(Line),
    List(List),
    Quote(Vec<Block>),
    Code(String),
    /// Rows of cells; the first row is the header.
    Table(Vec<Vec<Line>>),
    Rule,
}

/// An image as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it was called.
    pub name: String,
    /// What can be seen on it.
    pub alt: Option<String>,
    /// It says that it means nothing.
    pub decorative: bool,
    pub bytes: Vec<u8>,
}

/// A document that was read.
#[derive(Debug, Default)]
pub struct Document {
    pub title: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    pub blocks: Vec<Block>,
    pub notes: Vec<Vec<Block>>,
    pub images: Vec<Found>,
    pub losses: Losses,
}

/// The words of a line.
pub fn words(line: &[Span]) -> String {
    let mut text = String::new();
    for span in line {
        match &span.what {
            What::Text(piece) => text.push_str(piece),
            What::Break => text.push(' '),
            What::Image(_) | What::Note(_) => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Is there nothing in a line that could be seen or heard?
pub fn is_blank(line: &[Span]) -> bool {
    line.iter().all(|span| match &span.what {
        What::Text(text) => text.trim().is_empty(),
        What::Break => true,
        What::Image(_) | What::Note(_) => false,
    })
}

/// The words of blocks, a line for each paragraph, item and row: for search.
pub fn plain(blocks: &[Block]) -> String {
    let mut text = String::new();
    tell(blocks, &mut text);
    text
}

fn tell(blocks: &[Block], text: &mut String) {
    for block in blocks {
        match block {
            Block::Heading(_, line) | Block::Paragraph(line) => tell_line(line, text),
            Block::Table(rows) => rows.iter().flatten().for_each(|cell| tell_line(cell, text)),
            Block::List(list) => list.items.iter().for_each(|item| tell(item, text)),
            Block::Quote(inside) => tell(inside, text),
            Block::Code(code) => {
                text.push_str(code.trim_end());
                text.push('\n');
            }
            Block::Rule => {}
        }
    }
}

fn tell_line(line: &[Span], text: &mut String) {
    let told = words(line);
    if !told.is_empty() {
        text.push_str(&told);
        text.push('\n');
    }
}
