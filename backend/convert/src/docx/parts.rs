//! The parts of an office file and how they refer to each other.

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::xml;
use crate::package::Package;
use crate::refusal::{Refusal, Result};

/// Most bytes of one part of XML.
pub const XML: u64 = 64 * 1024 * 1024;

/// What a part refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Another part, by its whole name.
    Part(String),
    /// An address outside.
    Outside(String),
}

/// What a part refers to, by the ids it uses; and the kind of each.
#[derive(Clone, Debug, Default)]
pub struct Links(HashMap<String, (String, Target)>);

impl Links {
    /// Those of `part`; none where there is no list of them.
    pub fn of<R: Read + Seek>(package: &Package<R>, part: &str) -> Result<Self> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let list = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let Some(bytes) = package.read(&list, XML)? else { return Ok(Self::default()) };
        let text = xml::text(bytes)?;
        let document = xml::parse(&text)?;
        let mut links = HashMap::new();
        for link in document.root_element().children().filter(|node| xml::name(*node) == "Relationship") {
            let (Some(id), Some(target)) = (xml::attribute(link, "Id"), xml::attribute(link, "Target"))
            else {
                continue;
            };
            let kind =
                xml::attribute(link, "Type").and_then(|kind| kind.rsplit('/').next()).unwrap_or_default();
            let target = if xml::attribute(link, "TargetMode") == Some("External") {
                Target::Outside(target.to_owned())
            } else {
                Target::Part(joined(folder, target))
            };
            links.insert(id.to_owned(), (kind.to_owned(), target));
        }
        Ok(Self(links))
    }

    pub fn get(&self, id: &str) -> Option<&Target> {
        self.0.get(id).map(|(_, target)| target)
    }

    /// The part of this kind, where there is one.
    pub fn part<'a>(&'a self, kind: &'a str) -> Option<&'a str> {
        self.parts(kind).next()
    }

    /// Every part of this kind.
    pub fn parts<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.values().filter(move |(its, _)| its == kind).filter_map(|(_, target)| match target {
            Target::Part(name) => Some(name.as_str()),
            Target::Outside(_) => None,
        })
    }
}

/// The name of a part that is referred to from a part in `folder`.
fn joined(folder: &str, target: &str) -> String {
    let mut names: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|name| !name.is_empty()).collect()
    };
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

/// The text of a part that may be missing.
pub fn optional<R: Read + Seek>(package: &Package<R>, name: Option<&str>) -> Result<Option<String>> {
    let Some(name) = name else { return Ok(None) };
    package.read(name, XML)?.map(xml::text).transpose()
}

/// The name of the part that is the document itself.
pub fn main_part<R: Read + Seek>(package: &Package<R>) -> Result<String> {
    let links = Links::of(package, "")?;
    let named = links.part("officeDocument").map(str::to_owned);
    let name = named.unwrap_or_else(|| "word/document.xml".to_owned());
    if package.has(&name) { Ok(name) } else { Err(Refusal::Damaged) }
}
