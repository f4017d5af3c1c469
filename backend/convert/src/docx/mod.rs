//! DOCX (ECMA-376, ISO/IEC 29500), as Word and LibreOffice write it.
//!
//! Nothing outside of the file is fetched, and what has no place in Markdown is told.

mod body;
mod drawings;
mod fold;
mod letters;
mod lines;
mod numbering;
mod parts;
mod styles;
mod tables;
mod xml;

use std::io::{Read, Seek};

use parts::Links;

use crate::losses::LossKind;
use crate::model::{Block, Document, words};
use crate::package::Package;
use crate::refusal::Result;

/// Is this package a DOCX, or a template or macro kind of it?
pub fn is_docx<R: Read + Seek>(package: &Package<R>) -> bool {
    package.has("word/document.xml") || package.has("word/document2.xml")
}

/// Does it bring macros along, whatever it is called?
pub fn has_macros<R: Read + Seek>(package: &Package<R>) -> Result<bool> {
    let links = Links::of(package, &parts::main_part(package)?)?;
    let named =
        |name: &str| name.rsplit('/').next().is_some_and(|file| file.eq_ignore_ascii_case("vbaProject.bin"));
    Ok(links.part("vbaProject").is_some() || package.entries()?.iter().any(|entry| named(&entry.name)))
}

/// Reads a document.
pub fn read<R: Read + Seek>(package: &Package<R>) -> Result<Document> {
    let main = parts::main_part(package)?;
    let links = Links::of(package, &main)?;
    let sources = Sources {
        main: parts::optional(package, Some(&main))?.unwrap_or_default(),
        styles: parts::optional(package, links.part("styles"))?,
        numbering: parts::optional(package, links.part("numbering"))?,
        footnotes: parts::optional(package, links.part("footnotes"))?,
        endnotes: parts::optional(package, links.part("endnotes"))?,
    };
    let mut document = body::read(package, &sources, links.clone())?;
    around(package, &links, &mut document)?;
    if document.title.is_none() {
        document.title = only_heading(&mut document.blocks);
    }
    if document.title.is_none() {
        document.title = property(package, "title")?;
    }
    Ok(document)
}

/// The texts of the parts that a document is read from.
pub struct Sources {
    main: String,
    styles: Option<String>,
    numbering: Option<String>,
    footnotes: Option<String>,
    endnotes: Option<String>,
}

/// What stands beside the text and is not taken over.
fn around<R: Read + Seek>(package: &Package<R>, links: &Links, document: &mut Document) -> Result<()> {
    if let Some(text) = parts::optional(package, links.part("comments"))? {
        let comments = xml::parse(&text)?;
        let count = comments.root_element().children().filter(|node| xml::name(*node) == "comment").count();
        document.losses.note_many(LossKind::Comments, count);
    }
    let mut edges: Vec<&str> = links.parts("header").chain(links.parts("footer")).collect();
    edges.sort_unstable();
    edges.dedup();
    for part in edges {
        let Some(text) = parts::optional(package, Some(part))? else { continue };
        let edge = xml::parse(&text)?;
        let says = |node: roxmltree::Node<'_, '_>| {
            xml::name(node) == "t" && node.text().is_some_and(|t| !t.trim().is_empty())
        };
        if edge.descendants().any(says) {
            document.losses.note_many(LossKind::HeadersAndFooters, 1);
        }
    }
    Ok(())
}

/// A text that begins with the one heading of its level is called that.
fn only_heading(blocks: &mut Vec<Block>) -> Option<String> {
    crate::titles::take(blocks)
}

/// What the file says about itself; not what programs put there by themselves.
fn property<R: Read + Seek>(package: &Package<R>, wanted: &str) -> Result<Option<String>> {
    let Some(text) = parts::optional(package, Some("docProps/core.xml"))? else { return Ok(None) };
    let Ok(core) = xml::parse(&text) else { return Ok(None) };
    let found = xml::within(core.root_element(), wanted).and_then(|node| node.text());
    let found = found.map(|text| words(&[crate::model::Span::text(text)])).filter(|text| !text.is_empty());
    let automatic = ["microsoft word", "untitled", "document", "naamloos", "word document"];
    Ok(found.filter(|text| !automatic.iter().any(|begin| text.to_lowercase().starts_with(begin))))
}
