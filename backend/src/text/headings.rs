//! The headings of a text that stands within a page: below the page's own, none left out on the way down (WCAG 1.3.1,
//! 2.4.6), and, for long texts, with an id to go to.
//!
//! An id is made of what the heading says, so that a link to a part of a document stays good when others are written
//! before it. Of two headings that say the same, the later one is told apart by the heading it stands under.
//!
//! And where the headings of a Markdown text stand.

use std::collections::HashSet;

use super::fold::fold;
use super::markdown;

/// Before the id of every heading: it must not be taken for one of the page around.
const OWN_IDS: &str = "kop-";

/// Most words of a heading that its id has.
const WORDS: usize = 8;

/// A heading and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    pub id: String,
    /// In plain words; HTML escapes as in the text it comes from.
    pub html: String,
}

/// The HTML with its headings below a heading of `level`, in as many steps as the writer went down.
pub fn below(html: &str, level: u8) -> String {
    arrange(html, level, |_, _| None).0
}

/// The same with an id on every heading, and the headings.
pub fn outline(html: &str) -> (String, Vec<Heading>) {
    let mut taken = HashSet::new();
    // The words of the headings that the present place is under, outermost first, with their levels.
    let mut above: Vec<(u8, String)> = Vec::new();
    arrange(html, 1, |level, inner| {
        above.retain(|(higher, _)| *higher < level);
        let words = words(inner);
        let under = above.last().map(|(_, words)| words.as_str()).unwrap_or_default();
        let id = free_id(&taken, under, &words);
        above.push((level, words));
        taken.insert(id.clone());
        Some(id)
    })
}

/// `wie-doet-wat`: the first words of a heading, as an address writes them.
fn words(html: &str) -> String {
    let text = without_tags(html);
    // What ammonia escapes in a text.
    let text =
        ["&amp;", "&lt;", "&gt;", "&nbsp;"].iter().fold(text, |text, escape| text.replace(escape, " "));
    let words = fold(&text);
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).take(WORDS).collect();
    words.join("-")
}

/// An id that no heading before this one has.
fn free_id(taken: &HashSet<String>, under: &str, words: &str) -> String {
    let plain = format!("{OWN_IDS}{words}");
    let beneath = format!("{OWN_IDS}{under}-{words}");
    let mut wanted = Vec::with_capacity(2);
    if !words.is_empty() {
        wanted.push(plain.clone());
    }
    if !under.is_empty() && !words.is_empty() {
        wanted.push(beneath);
    }
    let numbered = (2..).map(|number| format!("{}-{number}", plain.trim_end_matches('-')));
    // Numbers do not end: there is one that nobody has.
    wanted.into_iter().chain(numbered).find(|id| !taken.contains(id)).unwrap_or_default()
}

/// `html` is what [`super::markdown::render`] made: its headings have no attributes, and what else looks like a tag is
/// escaped.
fn arrange(html: &str, level: u8, mut id: impl FnMut(u8, &str) -> Option<String>) -> (String, Vec<Heading>) {
    let mut out = String::with_capacity(html.len());
    let mut headings = Vec::new();
    // The writer's levels that the present place is under, outermost first.
    let mut above: Vec<u8> = Vec::new();
    let mut rest = html;
    while let Some((before, written, inner, after)) = next(rest) {
        above.retain(|higher| *higher < written);
        above.push(written);
        let level = (level + above.len() as u8).min(6);
        out.push_str(before);
        match id(level, inner) {
            Some(id) => {
                out.push_str(&format!("<h{level} id=\"{id}\">{inner}</h{level}>"));
                headings.push(Heading { level, id, html: without_tags(inner) });
            }
            None => out.push_str(&format!("<h{level}>{inner}</h{level}>")),
        }
        rest = after;
    }
    out.push_str(rest);
    (out, headings)
}

/// What stands before the next heading, its level, what it says, and what follows.
fn next(html: &str) -> Option<(&str, u8, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + html[from..].find("<h")?;
        let level = html.as_bytes().get(start + 2).filter(|digit| (b'2'..=b'6').contains(digit));
        let whole = html.as_bytes().get(start + 3) == Some(&b'>');
        match level {
            Some(digit) if whole => {
                let inner = &html[start + 4..];
                let end = inner.find(&format!("</h{}>", *digit as char))?;
                return Some((&html[..start], digit - b'0', &inner[..end], &inner[end + 5..]));
            }
            _ => from = start + 2,
        }
    }
}

fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// A heading of a Markdown text, and the lines it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownHeading {
    /// 1 to 6, as it was written.
    pub level: u8,
    /// In plain words.
    pub text: String,
    /// Where its first line begins, in bytes.
    pub start: usize,
    /// Where the line after it begins.
    pub end: usize,
}

/// The headings of a Markdown text that part it: those in quotations and lists belong to what they stand in.
pub fn of_markdown(markdown: &str) -> Vec<MarkdownHeading> {
    let mut lines = vec![0];
    lines.extend(markdown.match_indices('\n').map(|(place, _)| place + 1));
    let line = |number: usize| lines.get(number).copied().unwrap_or(markdown.len());
    let mut found: Vec<MarkdownHeading> = Vec::new();
    for (level, text, first, last) in markdown::headings(markdown) {
        let (start, end) = (line(first - 1), line(last));
        if found.last().is_none_or(|before| before.end <= start) {
            found.push(MarkdownHeading { level, text, start, end });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::markdown::render;

    #[test]
    fn headings_of_a_part_begin_below_its_own() {
        let html = render("# A\n\n## B\n\n# C\n\n<h2>no heading</h2>").html;
        assert_eq!(below(&html, 1), html);
        assert!(below(&html, 3).starts_with("<h4>A</h4>\n<h5>B</h5>\n<h4>C</h4>\n"), "{}", below(&html, 3));
        assert!(below(&html, 6).starts_with("<h6>A</h6>\n<h6>B</h6>\n"));
    }

    #[test]
    fn no_level_is_left_out() {
        let html = render("### A\n\n##### B\n\n#### C\n\n## D").html;
        assert_eq!(below(&html, 1), "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n<h2>D</h2>\n");
    }

    #[test]
    fn an_outline_leads_to_each_heading() {
        let (html, headings) = outline(&render("# *Visie* & doel\n\n## Wie\n\ntekst").html);
        assert!(html.contains("<h2 id=\"kop-visie-doel\"><em>Visie</em> &amp; doel</h2>"), "{html}");
        let told: Vec<(u8, &str)> = headings.iter().map(|h| (h.level, h.html.as_str())).collect();
        assert_eq!(told, [(2, "Visie &amp; doel"), (3, "Wie")]);
    }

    fn ids(markdown: &str) -> Vec<String> {
        outline(&render(markdown).html).1.into_iter().map(|heading| heading.id).collect()
    }

    #[test]
    fn an_anchor_stays_when_others_are_written_before_it() {
        let before =
            ids("# Visie\n\n# Café's & straten\n\n## Doel\n\n# Vervoer\n\n## Doel\n\n## Doel\n\n# ✓\n\n# !");
        let told = ["kop-visie", "kop-cafe-s-straten", "kop-doel", "kop-vervoer", "kop-vervoer-doel"];
        assert_eq!(before[..5], told);
        assert_eq!(before[5..], ["kop-doel-2", "kop-2", "kop-3"]);
        let after = ids(
            "# Nieuw\n\n# Visie\n\n# Café's & straten\n\n## Ook nieuw\n\n## Doel\n\n# Vervoer\n\n## Doel",
        );
        for id in told {
            assert!(after.iter().any(|known| known == id), "{id}: {after:?}");
        }
    }
}
