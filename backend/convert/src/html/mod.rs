//! HTML, from whatever page or program: its text and structure, nothing that acts.

mod around;
mod flow;
mod tables;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::images::Files;
use crate::model::{Document, Span, words};
use crate::refusal::{Refusal, Result};

/// Most bytes of a page.
pub const BYTES: usize = 20 * 1024 * 1024;

/// Reads a page. Images that lie beside it come from `files`.
pub fn read(bytes: &[u8], files: &dyn Files) -> Result<Document> {
    if bytes.len() > BYTES {
        return Err(Refusal::TooLarge);
    }
    let text = crate::encoding::text(bytes);
    if is_endless(&text) {
        return Err(Refusal::TooDeep);
    }
    let page = parse_document(RcDom::default(), ParseOpts::default()).one(text.as_ref());
    let root = first(&page.document, "html");
    let head = root.as_ref().and_then(|root| first(root, "head"));
    let body = root.as_ref().and_then(|root| first(root, "body")).unwrap_or_else(|| page.document.clone());
    let place = only_main(&body).unwrap_or_else(|| body.clone());
    // What is nearest to the text knows best.
    let said = [Some(&place), Some(&body), root.as_ref()].into_iter().flatten().find_map(language);
    let mut reader = flow::Reader::new(files, said);
    reader.collect_notes(&place, 0)?;
    let mut document = reader.read(&place)?;
    if document.title.is_none() {
        document.title = crate::titles::take(&mut document.blocks);
    }
    if document.title.is_none() {
        let title = head.as_ref().and_then(|head| first(head, "title")).map(|title| all_text(&title));
        document.title = title.map(|title| words(&[Span::text(title)])).filter(|title| !title.is_empty());
    }
    Ok(document)
}

/// More elements than that, opened in each other, are no page: browsers stop at 512.
const ENDLESS: usize = 2_000;

/// Elements that need not be closed, or have no inside.
const UNCLOSED: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup",
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Does a page open elements without end? The parser looks through all that are open for each one more, so this is
/// looked at before it is asked.
fn is_endless(text: &str) -> bool {
    let (mut open, mut rest) = (0_usize, text);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let closes = rest.starts_with('/');
        let name = rest.trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len()).min(12);
        let name = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        if rest.starts_with("!--") {
            rest = rest.split_once("-->").map_or("", |(_, behind)| behind);
        } else if name == "script" || name == "style" {
            let end = format!("</{name}");
            rest = if closes {
                rest
            } else {
                rest.split_once(&end).map_or("", |(_, behind)| behind)
            };
        } else if name.is_empty() || UNCLOSED.contains(&name.as_str()) {
            continue;
        } else if closes {
            open = open.saturating_sub(1);
        } else {
            open += 1;
            if open > ENDLESS {
                return true;
            }
        }
    }
    false
}

/// The first child element of that name.
fn first(node: &Handle, wanted: &str) -> Option<Handle> {
    node.children.borrow().iter().find(|child| name(child) == wanted).cloned()
}

/// The name of an element; nothing for text.
fn name(node: &Handle) -> &str {
    match &node.data {
        NodeData::Element { name, .. } => &name.local,
        _ => "",
    }
}

fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs
        .borrow()
        .iter()
        .find(|attr| &*attr.name.local == wanted)
        .map(|attr| attr.value.to_string())
}

fn has_class(node: &Handle, wanted: &str) -> bool {
    attribute(node, "class").is_some_and(|classes| classes.split_whitespace().any(|class| class == wanted))
}

/// All text in a node.
fn all_text(node: &Handle) -> String {
    let (mut text, mut open) = (String::new(), vec![node.clone()]);
    while let Some(node) = open.pop() {
        if let NodeData::Text { contents } = &node.data {
            text.push_str(&contents.borrow());
        }
        open.extend(node.children.borrow().iter().rev().cloned());
    }
    text
}

/// The language that an element says its text is in.
fn language(node: &Handle) -> Option<String> {
    let said = attribute(node, "lang").or_else(|| attribute(node, "xml:lang"))?;
    Some(said.trim().to_owned()).filter(|said| !said.is_empty())
}

/// The one `main` of a page: what is around it leads elsewhere.
fn only_main(body: &Handle) -> Option<Handle> {
    let (mut found, mut open) = (None, vec![body.clone()]);
    while let Some(node) = open.pop() {
        if name(&node) == "main" {
            if found.is_some() {
                return None;
            }
            found = Some(node);
        } else {
            open.extend(node.children.borrow().iter().cloned());
        }
    }
    found
}

/// Elements of which nothing is taken over, hidden or not.
const PASSED_OVER: &[&str] = &[
    "script", "style", "head", "title", "template", "noscript", "nav", "svg", "canvas", "select", "textarea",
    "button", "video", "audio", "iframe", "object", "embed",
];

/// Would anything in a node be taken over: words, or an image that means something?
fn shows_something(node: &Handle) -> bool {
    let mut open = vec![node.clone()];
    while let Some(node) = open.pop() {
        match (&node.data, name(&node)) {
            (NodeData::Text { contents }, _) if !contents.borrow().trim().is_empty() => return true,
            (_, "img") if attribute(&node, "alt").is_none_or(|alt| !alt.trim().is_empty()) => return true,
            (_, passed) if PASSED_OVER.contains(&passed) => {}
            _ => open.extend(node.children.borrow().iter().cloned()),
        }
    }
    false
}

/// Is it there for nobody to see?
fn hidden(node: &Handle) -> bool {
    let style = attribute(node, "style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    attribute(node, "hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
}
