//! Lines: letters set bold or leading somewhere, images, marks of notes.

use super::escape::{Place, begun, escaped};
use super::{IMAGE, IMAGE_END, clean};
use crate::model::{Line, Span, Style, What};

/// A paragraph: lines that break where they were broken.
pub fn paragraph(line: &Line, alts: &[String]) -> String {
    let lines: Vec<String> = line
        .split(|span| span.what == What::Break)
        .map(|part| begun(&self::line(part, alts, false)))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\\\n")
}

/// One line.
pub fn line(line: &[Span], alts: &[String], in_table: bool) -> String {
    let spans = tidied(line);
    let mut writer = Writer { alts, in_table, told: String::new() };
    writer.set(&spans, LINK, None);
    writer.told.trim().to_owned()
}

/// Spans alike joined, spaces once, none of them set in any way at the edge of what is set.
fn tidied(line: &[Span]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for span in line {
        let What::Text(text) = &span.what else {
            spans.push(span.clone());
            continue;
        };
        for piece in pieces(&clean(text)) {
            let blank = piece.trim().is_empty();
            // What cannot be seen is set like what stands before it, so that nothing is cut in two by it.
            let style = match spans.last() {
                Some(last) if blank => last.style.clone(),
                None if blank => continue,
                _ => span.style.clone(),
            };
            match spans.last_mut() {
                Some(Span { what: What::Text(before), style: its }) if *its == style => {
                    if !(blank && before.ends_with(' ')) {
                        before.push_str(&piece);
                    }
                }
                _ => spans.push(Span { what: What::Text(piece), style }),
            }
        }
    }
    let mut apart: Vec<Span> = Vec::new();
    for span in spans {
        let What::Text(text) = &span.what else {
            apart.push(span);
            continue;
        };
        let bare = text.trim_end_matches(' ');
        let trailing = bare.len() < text.len();
        if !bare.is_empty() {
            apart.push(Span { what: What::Text(bare.to_owned()), style: span.style.clone() });
        }
        if trailing {
            apart.push(Span { what: What::Text(" ".into()), style: Style::default() });
        }
    }
    // A space between two is set in the ways that both are.
    for at in 1..apart.len().saturating_sub(1) {
        if apart[at].what == What::Text(" ".into()) {
            apart[at].style = common(&apart[at - 1].style, &apart[at + 1].style);
        }
    }
    apart
}

/// The ways that both are set, from the outside in, up to the first one that they do not share: further in, the space
/// would stand at an edge.
fn common(one: &Style, other: &Style) -> Style {
    let mut style = Style::default();
    if one.link != other.link {
        return style;
    }
    style.link = one.link.clone();
    for way in [STRIKE, BOLD, ITALIC, CODE] {
        if has(one, way) != has(other, way) {
            break;
        }
        let set = has(one, way);
        match way {
            STRIKE => style.strike = set,
            BOLD => style.bold = set,
            ITALIC => style.italic = set,
            _ => style.code = set,
        }
    }
    style
}

/// Text in words and the gaps between them; each gap one space.
fn pieces(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for c in text.chars() {
        let gap = matches!(c, ' ' | '\t' | '\n' | '\r');
        match found.last_mut() {
            Some(last) if gap && last == " " => {}
            Some(last) if !gap && last != " " => last.push(c),
            _ => found.push(if gap { " ".to_owned() } else { c.to_string() }),
        }
    }
    found
}

/// The ways of setting, from the outside in.
const LINK: u8 = 0;
const STRIKE: u8 = 1;
const BOLD: u8 = 2;
const ITALIC: u8 = 3;
const CODE: u8 = 4;

struct Writer<'a> {
    alts: &'a [String],
    in_table: bool,
    told: String,
}

impl Writer<'_> {
    /// Writes spans; `way` and what is further in is still to be set. `after` is the character behind them.
    fn set(&mut self, spans: &[Span], way: u8, after: Option<char>) {
        let mut rest = spans;
        while let Some(first) = rest.first() {
            if way > CODE {
                let (span, behind) = (first, &rest[1..]);
                self.span(span, first_letter(behind, way).or(after));
                rest = behind;
                continue;
            }
            let count = rest.iter().take_while(|span| alike(&span.style, &first.style, way)).count();
            let (run, behind) = rest.split_at(count);
            let next = first_letter(behind, way).or(after);
            if has(&first.style, way) {
                self.wrap(run, way, next)
            } else {
                self.set(run, way + 1, next)
            }
            rest = behind;
        }
    }

    fn wrap(&mut self, run: &[Span], way: u8, after: Option<char>) {
        // Code right behind code would be read as one.
        if way == CODE && self.told.ends_with('`') {
            return self.set(run, way + 1, after);
        }
        let outside = std::mem::take(&mut self.told);
        match way {
            LINK => self.link(run),
            CODE => self.code(run, after),
            _ => self.set(run, way + 1, None),
        }
        let inside = std::mem::replace(&mut self.told, outside);
        let mark = match way {
            STRIKE => "~~",
            BOLD => "**",
            ITALIC => "*",
            _ => "",
        };
        if mark.is_empty() || inside.is_empty() {
            self.told.push_str(&inside);
        } else if flanks(&self.told, &inside, after) && !(within_bold(run, way) && ends(&self.told, &inside))
        {
            self.told.push_str(mark);
            self.told.push_str(&inside);
            self.told.push_str(mark);
        } else {
            // A mark here would be read as the character it is; and what stands in it is next to other letters now.
            self.set(run, way + 1, after);
        }
    }

    fn link(&mut self, run: &[Span]) {
        let url = run.first().and_then(|span| span.style.link.clone()).unwrap_or_default();
        let text: String = run
            .iter()
            .map(|span| {
                if let What::Text(text) = &span.what {
                    text.as_str()
                } else {
                    "\u{0}"
                }
            })
            .collect();
        if text.trim() == &*url && !url.contains(['<', '>', ' ']) {
            self.told.push_str(&format!("<{url}>"));
            return;
        }
        self.set(run, LINK + 1, None);
        if self.told.trim().is_empty() {
            return;
        }
        let inside = std::mem::take(&mut self.told);
        let url = if url.contains([' ', '(', ')', '<', '>', '|', '\\']) {
            encoded(&url)
        } else {
            url.to_string()
        };
        self.told = format!("[{}]({url})", inside.trim());
    }

    /// Code is told as it is.
    fn code(&mut self, run: &[Span], after: Option<char>) {
        let text: String = run
            .iter()
            .filter_map(|span| {
                if let What::Text(text) = &span.what {
                    Some(text.as_str())
                } else {
                    None
                }
            })
            .collect();
        let text = text.trim();
        let in_link = run.iter().any(|span| span.style.link.is_some());
        if (self.in_table && text.contains('|')) || (in_link && text.contains("]:")) {
            // A bar ends the cell, in code too; how it is kept from it there, readers do not agree about. And a line
            // that begins with [`]: is taken for the address of a link, before anybody looks for code.
            let place = Place { in_table: self.in_table, in_link, before: None, after };
            self.told.push_str(&escaped(text, place));
        } else if !text.is_empty() {
            let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest + 1);
            let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
            self.told.push_str(&format!("{fence}{gap}{text}{gap}{fence}"));
        }
        for span in run.iter().filter(|span| !matches!(span.what, What::Text(_))) {
            self.span(span, None);
        }
    }

    fn span(&mut self, span: &Span, after: Option<char>) {
        match &span.what {
            What::Text(text) => {
                let place = Place {
                    in_table: self.in_table,
                    in_link: span.style.link.is_some(),
                    before: self.told.chars().next_back(),
                    after,
                };
                self.told.push_str(&escaped(text, place));
            }
            What::Image(place) => {
                let alt = self.alts.get(*place).map(String::as_str).unwrap_or_default();
                let alt = pieces(&clean(alt)).concat();
                let alt =
                    escaped(alt.trim(), Place { in_link: true, in_table: self.in_table, ..Place::default() });
                self.told.push_str(&format!("![{alt}]({IMAGE}{place}{IMAGE_END})"));
            }
            What::Note(place) => self.told.push_str(&format!("[^{}]", place + 1)),
            What::Break => self.told.push(' '),
        }
    }
}

fn has(style: &Style, way: u8) -> bool {
    match way {
        LINK => style.link.is_some(),
        STRIKE => style.strike,
        BOLD => style.bold,
        ITALIC => style.italic,
        _ => style.code,
    }
}

fn alike(one: &Style, other: &Style, way: u8) -> bool {
    if way == LINK {
        one.link == other.link
    } else {
        has(one, way) == has(other, way)
    }
}

/// How what follows begins, as Markdown, where links are set already or not: with its first letter, for a mark before
/// that may be left out.
fn first_letter(spans: &[Span], way: u8) -> Option<char> {
    let first = spans.first()?;
    match &first.what {
        What::Text(_) if way == LINK && first.style.link.is_some() => Some('['),
        What::Text(text) => text.chars().next(),
        What::Note(_) => Some('['),
        What::Image(_) => Some('!'),
        What::Break => Some(' '),
    }
}

/// Can marks around `inside` open and close here (CommonMark 0.31, 6.2: left- and right-flanking)?
///
/// Readers of struck text look past its marks for what stands before and behind (cmark-gfm, `skip_chars`).
fn flanks(outside: &str, inside: &str, after: Option<char>) -> bool {
    let before = outside.chars().rev().find(|c| *c != '~');
    let bare = inside.trim_matches('~');
    let apart = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || is_sign(c));
    let (Some(first), Some(last)) = (bare.chars().next(), bare.chars().next_back()) else {
        return false;
    };
    let opens = !first.is_whitespace() && (!is_sign(first) || apart(before));
    let closes = !last.is_whitespace() && (!is_sign(last) || apart(after));
    // Marks that touch marks make a run of another length.
    let touches = outside.ends_with('*') || after == Some('*');
    opens && closes && !touches
}

/// Are these set in italics within bold, so that a mark which can end as well as begin would end the bold?
fn within_bold(run: &[Span], way: u8) -> bool {
    way == ITALIC && run.first().is_some_and(|span| span.style.bold)
}

/// Would a mark between these be read as one that ends (CommonMark 0.31, 6.2: right-flanking)?
fn ends(outside: &str, inside: &str) -> bool {
    let (Some(before), Some(first)) = (outside.chars().next_back(), inside.chars().next()) else {
        return false;
    };
    !before.is_whitespace() && (!is_sign(before) || is_sign(first))
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

/// An address without what would end it.
fn encoded(url: &str) -> String {
    url.chars()
        .flat_map(|c| match c {
            ' ' => "%20".chars().collect::<Vec<_>>(),
            '(' => "%28".chars().collect(),
            ')' => "%29".chars().collect(),
            '<' => "%3C".chars().collect(),
            '>' => "%3E".chars().collect(),
            '|' => "%7C".chars().collect(),
            '\\' => "%5C".chars().collect(),
            c => vec![c],
        })
        .collect()
}
