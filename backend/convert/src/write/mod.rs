//! The one writer: blocks in, Markdown out that Kring's renderer reads as it was meant.
//!
//! Images are marked by a character that no text holds, with their number, until they have an address.

mod escape;
mod inline;

use crate::model::{Block, Line, List, Span, What, is_blank};

pub use escape::clean;

/// Text that is to stand between square brackets.
pub fn escaped_in_brackets(text: &str) -> String {
    escape::escaped(text, escape::Place { in_link: true, ..escape::Place::default() })
}

/// Before the number of an image, and behind it: no characters (Unicode 23.7), so no text has them.
pub const IMAGE: char = '\u{FDD0}';
pub const IMAGE_END: char = '\u{FDD1}';

/// The Markdown of a text and its notes.
pub fn markdown(blocks: &[Block], notes: &[Vec<Block>], alts: &[String]) -> String {
    let writer = Writer { alts };
    let mut text = writer.blocks(blocks);
    for (place, note) in notes.iter().enumerate() {
        let told = writer.blocks(note);
        let told = if told.is_empty() { "–".to_owned() } else { told };
        let mark = format!("[^{}]: ", place + 1);
        text.push_str("\n\n");
        text.push_str(&hung(&told, &mark, 4));
    }
    let mut text = text.trim().to_owned();
    text.push('\n');
    text
}

struct Writer<'a> {
    /// The description of each image.
    alts: &'a [String],
}

impl Writer<'_> {
    fn blocks(&self, blocks: &[Block]) -> String {
        let mut text = String::new();
        // Two lists in a row are one, unless their marks differ.
        let (mut before, mut other_mark): (Option<&Block>, bool) = (None, false);
        for block in blocks {
            let twin = matches!(
                (before, block),
                (Some(Block::List(one)), Block::List(two)) if one.start.is_some() == two.start.is_some()
            );
            other_mark = twin && !other_mark;
            let told = self.block(block, other_mark);
            if told.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&told);
            before = Some(block);
        }
        text
    }

    fn block(&self, block: &Block, other_mark: bool) -> String {
        match block {
            Block::Heading(level, line) => self.heading(*level, line),
            Block::Paragraph(line) => inline::paragraph(line, self.alts),
            Block::List(list) => self.list(list, other_mark),
            Block::Quote(inside) => quoted(&self.blocks(inside)),
            Block::Code(code) => fenced(code),
            Block::Table(rows) => self.table(rows),
            Block::Rule => "---".to_owned(),
        }
    }

    /// A heading is bold by itself, and one line.
    fn heading(&self, level: u8, line: &Line) -> String {
        let all_bold = line.iter().all(|span| span.style.bold || is_blank(std::slice::from_ref(span)));
        let mut plain = line.clone();
        for span in &mut plain {
            span.style.bold &= !all_bold;
            if span.what == What::Break {
                span.what = What::Text(" ".into());
            }
        }
        let told = inline::line(&plain, self.alts, false);
        if told.is_empty() {
            return told;
        }
        // A closing row of number signs would be taken off.
        let told = match told.strip_suffix('#') {
            Some(most) => format!("{most}\\#"),
            None => told,
        };
        format!("{} {told}", "#".repeat(usize::from(level.clamp(1, 6))))
    }

    fn list(&self, list: &List, other_mark: bool) -> String {
        // A list that does not begin with 1 cannot follow a paragraph without an empty line (CommonMark 0.31, 5.3).
        let joins = |block: &Block| matches!(block, Block::List(inside) if inside.start.is_none_or(|start| start == 1));
        let tight = list.items.iter().all(|item| match item.as_slice() {
            [] => true,
            [Block::Paragraph(_), rest @ ..] => rest.iter().all(joins),
            _ => false,
        });
        let mut items = Vec::new();
        for (place, item) in list.items.iter().enumerate() {
            let mark = match (list.start, other_mark) {
                (Some(start), false) => format!("{}. ", start + place as u64),
                (Some(start), true) => format!("{}) ", start + place as u64),
                (None, false) => "- ".to_owned(),
                (None, true) => "* ".to_owned(),
            };
            let told = self.blocks(item);
            let told = if tight { told.replacen("\n\n", "\n", lists(item)) } else { told };
            items.push(hung(&told, &mark, mark.len()));
        }
        items.join(if tight { "\n" } else { "\n\n" })
    }

    fn table(&self, rows: &[Vec<Line>]) -> String {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if width == 0 {
            return String::new();
        }
        let mut text = String::new();
        for (place, row) in rows.iter().enumerate() {
            if place > 0 {
                text.push('\n');
            }
            text.push('|');
            for column in 0..width {
                let told = row.get(column).map(|cell| inline::line(&one_line(cell), self.alts, true));
                text.push(' ');
                text.push_str(&told.unwrap_or_default());
                text.push_str(" |");
            }
            if place == 0 {
                text.push_str("\n|");
                text.push_str(&" --- |".repeat(width));
            }
        }
        text
    }
}

/// A cell has one line: what stood on the next follows, behind a semicolon where the line before it does not end.
fn one_line(cell: &Line) -> Line {
    let mut line: Line = Vec::with_capacity(cell.len());
    for (place, span) in cell.iter().enumerate() {
        if span.what != What::Break {
            line.push(span.clone());
            continue;
        }
        let said = crate::model::words(&line);
        let more = !is_blank(&cell[place + 1..]);
        if let Some(Span { what: What::Text(text), .. }) = line.last_mut() {
            text.truncate(text.trim_end().len());
        }
        if more && !said.is_empty() {
            let ends = said.ends_with(['.', '!', '?', ':', ';', ',']);
            line.push(Span::text(if ends { " " } else { "; " }));
        }
    }
    line
}

/// How many lists stand behind the first paragraph of an item.
fn lists(item: &[Block]) -> usize {
    item.len().saturating_sub(1)
}

/// Text behind a mark, its further lines set in.
fn hung(text: &str, mark: &str, indent: usize) -> String {
    let mut told = String::with_capacity(text.len() + mark.len());
    for (place, line) in text.split('\n').enumerate() {
        if place == 0 {
            told.push_str(mark);
        } else {
            told.push('\n');
            if !line.is_empty() {
                told.push_str(&" ".repeat(indent));
            }
        }
        told.push_str(line);
    }
    told.trim_end().to_owned()
}

fn quoted(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let lines = text.split('\n').map(|line| format!("> {line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn fenced(code: &str) -> String {
    let code = clean(code);
    let code = code.trim_matches('\n').trim_end();
    if code.is_empty() {
        return String::new();
    }
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{code}\n{fence}")
}

#[cfg(test)]
mod tests;
