//! What styles say about a paragraph: a heading of which level, a title, a quote, code, part of a list.

use std::collections::HashMap;

use roxmltree::Node;

use super::xml::{attribute, child, name, toggle, value};

/// What a paragraph is, by its style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Plain,
    Title,
    /// From 1.
    Heading(u8),
    Quote,
    Code,
    /// A line of a table of contents.
    Contents,
}

#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<(String, u8)>,
    bold: Option<bool>,
    italic: Option<bool>,
    strike: Option<bool>,
    hidden: Option<bool>,
    language: Option<String>,
    /// Of a table: the first column looks unlike the others.
    first_column: bool,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub struct Styles {
    known: HashMap<String, Style>,
    /// The style of paragraphs that name none.
    usual: Option<String>,
    /// The language of text that names none.
    pub language: Option<String>,
}

/// How far a style is followed to those it is based on.
const CHAIN: usize = 20;

impl Styles {
    pub fn read(root: Node<'_, '_>) -> Self {
        let mut styles = Self::default();
        for node in root.children() {
            match name(node) {
                "docDefaults" => {
                    let lang = node.descendants().find(|inside| name(*inside) == "lang");
                    styles.language = lang.and_then(|lang| attribute(lang, "val")).map(str::to_owned);
                }
                "style" => styles.add(node),
                _ => {}
            }
        }
        styles
    }

    fn add(&mut self, node: Node<'_, '_>) {
        let Some(id) = attribute(node, "styleId") else { return };
        let paragraph = child(node, "pPr");
        let run = child(node, "rPr");
        let numbers = paragraph.and_then(|properties| child(properties, "numPr"));
        let style = Style {
            name: value(node, "name").unwrap_or(id).to_lowercase(),
            based_on: value(node, "basedOn").map(str::to_owned),
            outline: paragraph.and_then(|properties| outline(properties)),
            list: numbers.and_then(|numbers| {
                let level = value(numbers, "ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
                Some((value(numbers, "numId")?.to_owned(), level))
            }),
            bold: run.and_then(|run| toggle(run, "b")),
            italic: run.and_then(|run| toggle(run, "i")),
            strike: run.and_then(|run| toggle(run, "strike")),
            hidden: run.and_then(|run| toggle(run, "vanish")),
            language: run.and_then(|run| value(run, "lang")).map(str::to_owned),
            first_column: node
                .children()
                .any(|part| name(part) == "tblStylePr" && attribute(part, "type") == Some("firstCol")),
        };
        let usual = matches!(attribute(node, "default"), Some("1" | "true"));
        if usual && attribute(node, "type") == Some("paragraph") {
            self.usual = Some(id.to_owned());
            if let Some(language) = &style.language {
                self.language = Some(language.clone());
            }
        }
        self.known.insert(id.to_owned(), style);
    }

    /// The style and what it is based on, nearest first.
    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = &'a Style> {
        let first = id.or(self.usual.as_deref()).and_then(|id| self.known.get(id));
        std::iter::successors(first, |style| self.known.get(style.based_on.as_deref()?)).take(CHAIN)
    }

    /// What a paragraph of this style is.
    pub fn role(&self, id: Option<&str>) -> Role {
        for style in self.chain(id) {
            if let Some(role) = named(&style.name) {
                return role;
            }
            if let Some(level) = style.outline {
                return Role::Heading(level);
            }
        }
        // A style that is used and not written down still has its id.
        id.filter(|id| !self.known.contains_key(*id))
            .and_then(|id| named(&id.to_lowercase()))
            .unwrap_or_default()
    }

    /// The list that paragraphs of this style stand in, and at which of its levels.
    pub fn list<'a>(&'a self, id: Option<&'a str>) -> Option<(&'a str, u8)> {
        let list = self.chain(id).find_map(|style| style.list.as_ref());
        list.map(|(list, level)| (list.as_str(), *level))
    }

    /// How deep a style sets its items by its name alone: "List Bullet 2" is a list of its own, set further in.
    pub fn deeper(&self, id: Option<&str>) -> u8 {
        let of_lists = |style: &&Style| style.name.starts_with("list ") || style.name.starts_with("lijst");
        let named =
            self.chain(id).find(of_lists).and_then(|style| style.name.chars().next_back()?.to_digit(10));
        named.map_or(0, |number| (number as u8).saturating_sub(1).min(8))
    }

    /// How a style of letters sets them: bold, italic, struck, as code.
    pub fn letters(&self, id: &str) -> (bool, bool, bool, bool) {
        // Only what is known: the usual style is one of paragraphs.
        if !self.known.contains_key(id) {
            return (false, false, false, false);
        }
        let say = |of: fn(&Style) -> Option<bool>| self.chain(Some(id)).find_map(of).unwrap_or(false);
        let code = self.chain(Some(id)).any(|style| is_code(&style.name));
        (say(|style| style.bold), say(|style| style.italic), say(|style| style.strike), code)
    }
}

/// What styles say of letters and tables beside how they are set.
impl Styles {
    /// Whether a style hides its text, where it says so.
    pub fn hides(&self, id: Option<&str>) -> Option<bool> {
        self.chain(id).find_map(|style| style.hidden)
    }

    /// The language that a style names of its own accord: not that of all text.
    pub fn language_of<'a>(&'a self, id: Option<&'a str>) -> Option<&'a str> {
        let named = self.chain(id).find_map(|style| style.language.as_deref());
        named.filter(|named| Some(*named) != self.language.as_deref())
    }

    /// Does a style of tables set the first column apart?
    pub fn marks_first_column(&self, id: &str) -> bool {
        self.chain(Some(id)).any(|style| style.first_column)
    }
}

/// The level of the outline that properties of a paragraph name: 0 to 8; 9 is none.
pub fn outline(properties: Node<'_, '_>) -> Option<u8> {
    let level: u8 = value(properties, "outlineLvl")?.parse().ok()?;
    (level < 9).then_some(level + 1)
}

/// Headings, as Word and LibreOffice call them in the languages that people here are likely to have.
const HEADINGS: &[&str] = &[
    "heading",
    "kop",
    "überschrift",
    "titre",
    "título",
    "titolo",
    "rubrik",
    "overskrift",
    "nagłówek",
    "otsikko",
    "başlık",
    "заголовок",
    "titlu",
];

const TITLES: &[&str] =
    &["title", "titel", "titre", "título", "titolo", "tytuł", "otsikko", "название", "tittel"];

/// What a style is, by its name in small letters.
fn named(style: &str) -> Option<Role> {
    if TITLES.contains(&style) {
        return Some(Role::Title);
    }
    let (word, number) =
        style.trim().split_at(style.trim().trim_end_matches(|c: char| c.is_ascii_digit()).len());
    let word = word.trim_end_matches([' ', '_', '-']);
    if let Ok(level @ 1..=10) = number.parse::<u8>()
        && HEADINGS.contains(&word)
    {
        return Some(Role::Heading(level.min(6)));
    }
    if !number.is_empty() && matches!(word, "toc" | "contents" | "inhopg" | "inhoud") {
        return Some(Role::Contents);
    }
    match style {
        "quote" | "intense quote" | "citaat" | "duidelijk citaat" | "quotations" | "zitat" | "block text" => {
            Some(Role::Quote)
        }
        "toc heading" | "contents heading" | "kopvaninhoudsopgave" => Some(Role::Contents),
        _ if is_code(style) => Some(Role::Code),
        _ => None,
    }
}

fn is_code(style: &str) -> bool {
    [
        "html preformatted",
        "html-voorafopgemaakt",
        "preformatted text",
        "source code",
        "source text",
        "html code",
        "verbatim char",
        "plain text",
    ]
    .contains(&style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_names_in_many_languages() {
        for (style, role) in [
            ("heading 1", Some(Role::Heading(1))),
            ("kop 3", Some(Role::Heading(3))),
            ("überschrift 2", Some(Role::Heading(2))),
            ("heading2", Some(Role::Heading(2))),
            ("heading 9", Some(Role::Heading(6))),
            ("titel", Some(Role::Title)),
            ("toc 1", Some(Role::Contents)),
            ("toc heading", Some(Role::Contents)),
            ("quote", Some(Role::Quote)),
            ("list paragraph", None),
            ("koptekst", None),
            ("7", None),
            ("", None),
        ] {
            assert_eq!(named(style), role, "{style}");
        }
    }
}
