//! What holds for every HTML page: it is well-formed, has a language and one `h1`, runs nothing, loads nothing from
//! elsewhere, and everything that points into the page points at something.

use std::collections::BTreeSet;

/// Elements that have no end.
const VOID: &[&str] = &["base", "br", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// One tag: `<a href="/">` or `</a>`.
#[derive(Debug)]
pub struct Tag {
    pub name: String,
    pub ends: bool,
    pub attributes: Vec<(String, String)>,
    /// The text from its end to the next tag.
    pub text: String,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The tags of a page, in order; fails on what cannot be read.
pub fn tags(html: &str) -> Vec<Tag> {
    let body = html.strip_prefix("<!doctype html>").unwrap_or_else(|| panic!("no doctype:\n{html}"));
    let mut found = Vec::new();
    for piece in body.split('<').skip(1) {
        let end = tag_end(piece).unwrap_or_else(|| panic!("a tag without end: <{piece}\n{html}"));
        let (tag, text) = (&piece[..end], &piece[end + 1..]);
        assert!(!text.contains('>'), "a bare > after <{tag}>:\n{html}");
        let (ends, tag) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = tag.split_whitespace().next().unwrap_or_default();
        assert!(!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()), "<{tag}>:\n{html}");
        let attributes = attributes(tag[name.len()..].trim());
        let mut names: Vec<&String> = attributes.iter().map(|(name, _)| name).collect();
        names.sort();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "an attribute twice: <{tag}>");
        found.push(Tag {
            name: name.to_owned(),
            ends,
            attributes,
            text: text.to_owned(),
        });
    }
    found
}

/// Where a tag ends: at the first `>` outside quotes.
fn tag_end(piece: &str) -> Option<usize> {
    let mut quoted = false;
    piece.char_indices().find_map(|(place, letter)| match letter {
        '"' => {
            quoted = !quoted;
            None
        }
        '>' if !quoted => Some(place),
        _ => None,
    })
}

fn attributes(mut text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while !text.is_empty() {
        let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
        let name = text[..end].to_owned();
        text = &text[end..];
        let value = match text.strip_prefix("=\"") {
            Some(rest) => {
                let (value, rest) = rest.split_once('"').unwrap_or_else(|| panic!("no end of {name}={rest}"));
                text = rest;
                value.to_owned()
            }
            None => String::new(),
        };
        assert!(!text.starts_with('='), "an attribute without quotes: {name}{text}");
        found.push((name, value));
        text = text.trim_start();
    }
    found
}

/// Fails where a page breaks what holds for all of them.
#[track_caller]
pub fn check(html: &str) {
    let tags = tags(html);
    let mut open: Vec<&str> = Vec::new();
    for tag in &tags {
        let name = tag.name.as_str();
        if VOID.contains(&name) || (name == "path" || name == "circle") {
            continue;
        }
        if tag.ends {
            assert_eq!(open.pop(), Some(name), "</{name}> ends something else:\n{html}");
        } else {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "not ended: {open:?}\n{html}");

    let count = |name: &str| tags.iter().filter(|tag| tag.name == name && !tag.ends).count();
    for once in ["h1", "main", "title", "header"] {
        assert!(count(once) >= 1, "no {once}:\n{html}");
    }
    assert_eq!((count("h1"), count("main"), count("title")), (1, 1, 1), "{html}");
    for never in ["style", "object", "embed"] {
        assert_eq!(count(never), 0, "{never}:\n{html}");
    }
    // The one script there may be is none: a data block, which nothing runs.
    assert!(count("script") <= 1, "{html}");
    if count("script") == 1 {
        data(html);
    }
    assert!(matches!(tags[0].get("lang"), Some("nl" | "en")), "no language:\n{html}");
    pointers(&tags, html);
    headings(&tags, html);
}

/// The schema.org data of a page; fails where there is none that can be read.
#[track_caller]
pub fn data(html: &str) -> serde_json::Value {
    let tags = tags(html);
    let block = tags.iter().find(|tag| tag.name == "script" && !tag.ends);
    let block = block.unwrap_or_else(|| panic!("no data:\n{html}"));
    assert_eq!(block.attributes, [("type".to_owned(), "application/ld+json".to_owned())], "{html}");
    let data: serde_json::Value =
        serde_json::from_str(&block.text).unwrap_or_else(|fault| panic!("{fault}:\n{html}"));
    assert_eq!(data["@context"], "https://schema.org", "{html}");
    data
}

/// What the head says under a name or property, or of a kind of link: each.
pub fn head(html: &str, name: &str) -> Vec<String> {
    let told = |tag: &Tag| match tag.name.as_str() {
        "meta" if tag.get("name") == Some(name) || tag.get("property") == Some(name) => {
            tag.get("content").map(str::to_owned)
        }
        "link" if tag.get("rel") == Some(name) => tag.get("href").map(str::to_owned),
        _ => None,
    };
    tags(html).iter().filter_map(told).collect()
}

fn pointers(tags: &[Tag], html: &str) {
    let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id twice:\n{html}");
    for tag in tags {
        for name in ["aria-describedby", "aria-labelledby", "for"] {
            for id in tag.get(name).unwrap_or_default().split_whitespace() {
                assert!(unique.contains(id), "{name}={id} points at nothing:\n{html}");
            }
        }
        if let Some(id) = tag.get("href").and_then(|href| href.strip_prefix('#')) {
            assert!(unique.contains(id), "#{id} is nowhere:\n{html}");
        }
        for name in ["style", "onclick", "onload"] {
            assert_eq!(tag.get(name), None, "{tag:?}");
        }
        assert!(tag.name != "img" || tag.get("alt").is_some(), "{tag:?}");
        if tag.name == "input" && tag.get("type") != Some("hidden") && tag.get("type") != Some("checkbox") {
            let id = tag.get("id").unwrap_or_else(|| panic!("an input without id: {tag:?}"));
            assert!(tags.iter().any(|label| label.get("for") == Some(id)), "no label for {id}:\n{html}");
        }
    }
}

/// No level is left out on the way down (a heading tells what it is under).
fn headings(tags: &[Tag], html: &str) {
    let levels: Vec<u8> = tags
        .iter()
        .filter(|tag| !tag.ends && tag.name.len() == 2 && tag.name.starts_with('h'))
        .filter_map(|tag| tag.name[1..].parse().ok())
        .collect();
    for pair in levels.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "h{} after h{}:\n{html}", pair[1], pair[0]);
    }
}
