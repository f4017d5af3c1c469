//! Markdown in, safe HTML out, made once at write time.
//!
//! CommonMark with tables, strikethrough, task lists, footnotes and autolinks (comrak), then ammonia, which lets
//! through a short list of elements. Headings begin at `h2`: the page around has the `h1` (WCAG 1.3.1). Images are
//! attachments of this instance: one from elsewhere would tell its server who reads this and when, and is a link.

use std::sync::LazyLock;

use comrak::nodes::{AstNode, NodeLink, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

/// Most characters of a text that is not a document.
pub const POST_LIMIT: usize = 40_000;
/// Most characters of a document: a plan of a hundred pages, however full. Written in three bytes a letter it still fits
/// into a request, and into an archive (1 MiB each).
pub const DOCUMENT_LIMIT: usize = 300_000;

/// Most people that one text mentions.
const MENTIONS: usize = 50;

/// A text as it is stored: what was written, and the HTML made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub html: String,
    /// Who was mentioned, as `ann`, or as `ann@kring.example` with their instance; each once, in order.
    pub mentions: Vec<String>,
}

/// Before every id that a text brings, and in links to it: it must not be taken for one of the page around.
const OWN_IDS: &str = "user-content-";

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .tags(
            [
                "a",
                "abbr",
                "b",
                "blockquote",
                "br",
                "code",
                "del",
                "em",
                "h2",
                "h3",
                "h4",
                "h5",
                "h6",
                "hr",
                "img",
                "kbd",
                "li",
                "ol",
                "p",
                "pre",
                "q",
                "section",
                "strong",
                "sub",
                "sup",
                "table",
                "tbody",
                "td",
                "th",
                "thead",
                "tr",
                "ul",
            ]
            .into(),
        )
        .generic_attributes(["lang", "dir"].into())
        .tag_attributes(
            [
                ("a", ["href", "id", "class", "title"].into()),
                ("abbr", ["title"].into()),
                ("img", ["src", "alt"].into()),
                ("li", ["id"].into()),
                ("ol", ["start"].into()),
                ("section", ["class"].into()),
                ("sup", ["class"].into()),
                ("td", ["align"].into()),
                ("th", ["align", "scope"].into()),
            ]
            .into(),
        )
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(Some("nofollow noopener ugc"))
        .id_prefix(Some(OWN_IDS))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") => is_own_image(value).then(|| value.into()),
            ("a", "href") => match value.strip_prefix('#') {
                Some(id) => Some(format!("#{OWN_IDS}{id}").into()),
                None => Some(value.into()),
            },
            _ => Some(value.into()),
        });
    cleaner
});

/// The file of an attachment, by the path that the API gives (`content`).
fn is_own_image(url: &str) -> bool {
    let id = url.strip_prefix("/v1/attachments/").and_then(|rest| rest.strip_suffix("/content"));
    id.is_some_and(|id| id.len() == 13 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

pub(super) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    // Raw HTML was never offered: it is shown as the text it is.
    options.render.escape = true;
    options
}

/// Makes safe HTML of `markdown`. Whoever is mentioned by the look of it is among its mentions.
pub fn render(markdown: &str) -> Rendered {
    render_with(markdown, None)
}

/// The same, with a link to the page of each person who is mentioned. `page` knows where it is, and nothing of handles
/// that are nobody's: those are no mentions.
pub fn render_linking(markdown: &str, page: &dyn Fn(&str) -> Option<String>) -> Rendered {
    render_with(markdown, Some(page))
}

fn render_with(markdown: &str, page: Option<&dyn Fn(&str) -> Option<String>>) -> Rendered {
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, markdown, &options);
    for node in root.descendants() {
        // With what followed there may be the next one behind it.
        while no_mail_to_a_mention(node) {}
    }
    let mut mentions = Vec::new();
    let top = top_heading(root);
    let (mut texts, mut foreign) = (Vec::new(), Vec::new());
    for node in root.descendants() {
        match &mut node.data.borrow_mut().value {
            NodeValue::Image(image) if !is_own_image(&image.url) => foreign.push(node),
            NodeValue::Heading(heading) => heading.level = (heading.level + 2 - top).min(6),
            NodeValue::Text(_) => texts.push(node),
            _ => {}
        }
    }
    for node in foreign {
        link_to_image(&arena, node);
    }
    // What stands in a link is part of an address or leads elsewhere already.
    texts.retain(|node| {
        !node.ancestors().any(|above| matches!(above.data.borrow().value, NodeValue::Link(_)))
    });
    for node in texts {
        mention(&arena, node, page, &mut mentions);
    }
    let mut html = String::new();
    // Writing to a String cannot fail.
    let _ = format_html(root, &options, &mut html);
    Rendered { html: CLEANER.clean(&accessible(html)).to_string(), mentions }
}

/// `@ann@kring.example` is somebody elsewhere; behind the first `@` it reads as an address of mail, and became a link to
/// that. It is text again, together with what stands around it. `false` where there was none.
fn no_mail_to_a_mention<'a>(before: &'a AstNode<'a>) -> bool {
    let Some(link) = before.next_sibling() else { return false };
    let NodeValue::Text(text) = &mut before.data.borrow_mut().value else { return false };
    let mail = match &link.data.borrow().value {
        NodeValue::Link(link) => link.url.strip_prefix("mailto:").map(str::to_owned),
        _ => None,
    };
    let Some(mail) = mail.filter(|_| text.ends_with('@')) else { return false };
    let told = link.first_child().is_some_and(|child| {
        child.next_sibling().is_none()
            && matches!(&child.data.borrow().value, NodeValue::Text(told) if **told == *mail)
    });
    if !told {
        return false;
    }
    let mut whole = format!("{text}{mail}");
    if let Some(after) = link.next_sibling()
        && let NodeValue::Text(rest) = &after.data.borrow().value
    {
        whole.push_str(rest);
    }
    if let Some(after) = link.next_sibling().filter(|it| matches!(it.data.borrow().value, NodeValue::Text(_)))
    {
        after.detach();
    }
    link.detach();
    *text = whole.into();
    true
}

/// Puts a link to an image in its place, with what it says for those who cannot see it; in a link, that alone.
fn link_to_image<'a>(arena: &'a Arena<'a>, node: &'a AstNode<'a>) {
    let value = node.data.borrow().value.clone();
    let NodeValue::Image(image) = value else { return };
    let linked =
        node.ancestors().skip(1).any(|above| matches!(above.data.borrow().value, NodeValue::Link(_)));
    if node.first_child().is_none() {
        node.append(arena.alloc(NodeValue::Text(image.url.clone().into()).into()));
    }
    if linked {
        let told: Vec<_> = node.children().collect();
        for child in told {
            node.insert_before(child);
        }
        node.detach();
    } else {
        node.data.borrow_mut().value = NodeValue::Link(image);
    }
}

/// Says in words what comrak says in another way. What people wrote is escaped: it holds none of these.
fn accessible(html: String) -> String {
    // A header cell says what it heads (WCAG 1.3.1, H63). A box that nobody can tick is a sign, not a control without
    // a name (WCAG 4.1.2).
    let html = html
        .replace("<th>", "<th scope=\"col\">")
        .replace("<th align", "<th scope=\"col\" align")
        .replace("<input type=\"checkbox\" checked=\"\" disabled=\"\" />", TICKED)
        .replace("<input type=\"checkbox\" disabled=\"\" />", UNTICKED);
    // The way back from a footnote has an English label; the number alone is good in every language.
    let mut pieces = html.split(" aria-label=\"Back to reference ");
    let mut told = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once("\">↩") {
            Some((number, rest)) => {
                told.push_str(">↩ ");
                told.push_str(number);
                told.push_str(rest);
            }
            None => told.push_str(piece),
        }
    }
    told
}

const TICKED: &str = "☑";
const UNTICKED: &str = "☐";

/// The level of the highest heading; 2 where there is none.
fn top_heading<'a>(root: &'a AstNode<'a>) -> u8 {
    let levels = root.descendants().filter_map(|node| match &node.data.borrow().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    });
    levels.min().unwrap_or(2)
}

/// The plain text of `markdown`, for search, previews and the text parts of mails.
pub fn plain(markdown: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options());
    let mut text = String::with_capacity(markdown.len());
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(literal) => text.push_str(literal),
            NodeValue::Code(code) => text.push_str(&code.literal),
            // Shown as the text it is, so it is told.
            NodeValue::HtmlInline(literal) => text.push_str(literal),
            NodeValue::HtmlBlock(block) => text.push_str(&block.literal),
            NodeValue::TaskItem(item) => {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
                text.push_str(if item.symbol.is_some() { TICKED } else { UNTICKED });
                // Unbroken, and what follows stays on its line.
                text.push('\u{a0}');
            }
            NodeValue::CodeBlock(block) => text.push_str(&block.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            NodeValue::Paragraph
            | NodeValue::Heading(_)
            | NodeValue::Item(_)
            | NodeValue::TableCell
            | NodeValue::TableRow(_)
                if !text.is_empty() && !text.ends_with(['\n', '\u{a0}']) =>
            {
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

/// The headings that stand by themselves: level, plain words, first and last line, from 1.
pub fn headings(markdown: &str) -> Vec<(u8, String, usize, usize)> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options());
    let mut found = Vec::new();
    for node in root.children() {
        let data = node.data.borrow();
        let NodeValue::Heading(heading) = &data.value else { continue };
        let mut text = String::new();
        for inside in node.descendants() {
            match &inside.data.borrow().value {
                NodeValue::Text(literal) => text.push_str(literal),
                NodeValue::Code(code) => text.push_str(&code.literal),
                NodeValue::HtmlInline(literal) => text.push_str(literal),
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
                _ => {}
            }
        }
        let lines = &data.sourcepos;
        // A position that is none would cut nothing off.
        if lines.start.line >= 1 && lines.end.line >= lines.start.line {
            found.push((heading.level, text.trim().to_owned(), lines.start.line, lines.end.line));
        }
    }
    found
}

/// The beginning of a text in at most `most` characters, cut at a word.
pub fn excerpt(markdown: &str, most: usize) -> String {
    let text: String = plain(markdown).split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&text, most)
}

/// A line in at most `most` characters, cut at a word.
pub fn shorten(line: &str, most: usize) -> String {
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let cut: String = line.chars().take(most).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', '.', ';', ':', ' ']))
}

/// Characters that are looked at for the beginning of what a text says.
const LOOKED_AT: usize = 3_000;

/// How what a text says begins, headings and tables left out: whole sentences in at most `most` characters, or one
/// that is cut at a word.
pub fn lead(markdown: &str, most: usize) -> String {
    let beginning = match markdown.char_indices().nth(LOOKED_AT) {
        Some((end, _)) => &markdown[..end],
        None => markdown,
    };
    let arena = Arena::new();
    let root = parse_document(&arena, beginning, &options());
    let mut text = String::new();
    let paragraphs =
        root.descendants().filter(|node| matches!(node.data.borrow().value, NodeValue::Paragraph));
    for paragraph in paragraphs {
        for node in paragraph.descendants() {
            match &node.data.borrow().value {
                NodeValue::Text(literal) => text.push_str(literal),
                NodeValue::Code(code) => text.push_str(&code.literal),
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
                _ => {}
            }
        }
        text.push(' ');
        if text.len() > most * 4 {
            break;
        }
    }
    sentences(&text.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// The whole sentences at the beginning of a line, in at most `most` characters, or one that is cut at a word.
pub fn sentences(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let sentence = text[..end].rmatch_indices(['.', '!', '?']).map(|(place, _)| place);
    // A sentence that ends early leaves too little to go by.
    let sentence = sentence.filter(|place| text[place + 1..].starts_with(' ')).find(|place| *place > end / 3);
    match sentence {
        Some(place) => text[..=place].to_owned(),
        None => shorten(text, most),
    }
}

/// Finds the mentions in a text and, where pages are known, puts links in their place.
fn mention<'a>(
    arena: &'a Arena<'a>,
    node: &'a AstNode<'a>,
    page: Option<&dyn Fn(&str) -> Option<String>>,
    mentions: &mut Vec<String>,
) {
    let NodeValue::Text(text) = &node.data.borrow().value else { return };
    let text = text.to_string();
    let mut done = 0;
    for (place, handle) in handles(&text) {
        let url = match page.map(|page| page(&handle)) {
            Some(None) => continue,
            Some(url) => url,
            None => None,
        };
        if mentions.len() == MENTIONS && !mentions.contains(&handle) {
            continue;
        }
        if let Some(url) = url {
            // Small letters of ASCII are as long as capitals.
            let end = place + 1 + handle.len();
            node.insert_before(arena.alloc(NodeValue::Text(text[done..place].to_owned().into()).into()));
            let link = arena.alloc(NodeValue::Link(Box::new(NodeLink { url, title: String::new() })).into());
            link.append(arena.alloc(NodeValue::Text(text[place..end].to_owned().into()).into()));
            node.insert_before(link);
            done = end;
        }
        if !mentions.contains(&handle) {
            mentions.push(handle);
        }
    }
    if done > 0 {
        node.insert_before(arena.alloc(NodeValue::Text(text[done..].to_owned().into()).into()));
        node.detach();
    }
}

/// What looks like a mention, in small letters, and where its `@` stands.
fn handles(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (place, _) in text.match_indices('@') {
        // "ann@example.org" is an address, not a mention.
        if text[..place].chars().next_back().is_some_and(|c| c.is_alphanumeric()) {
            continue;
        }
        let rest = &text[place + 1..];
        if let Some(name) = elsewhere(rest) {
            found.push((place, name.to_ascii_lowercase()));
            continue;
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        // "@ann@" begins nobody's address, and "@année" is no handle.
        if rest[end..].starts_with(|c: char| c == '@' || c.is_alphanumeric()) {
            continue;
        }
        let handle = rest[..end].to_ascii_lowercase();
        if handle.parse::<crate::accounts::Handle>().is_ok() {
            found.push((place, handle));
        }
    }
    found
}

/// Somebody of another instance, `ann@kring.example`, where the text begins with one.
fn elsewhere(text: &str) -> Option<&str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let name = text.find(|c: char| !fits(c)).filter(|end| *end > 0 && text[*end..].starts_with('@'))?;
    let host = &text[name + 1..];
    let end = host.find(|c: char| !fits(c)).unwrap_or(host.len());
    let port = host[end..]
        .strip_prefix(':')
        .map_or(0, |port| port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len()));
    // A sentence may end behind it.
    let host = match port {
        0 => host[..end].trim_end_matches(['.', '-', '_']),
        port => &host[..end + 1 + port],
    };
    let is_one = host.contains('.') && crate::accounts::is_host(host);
    is_one.then(|| &text[..name + 1 + host.len()])
}

#[cfg(test)]
mod tests;
