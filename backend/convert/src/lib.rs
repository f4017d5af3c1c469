//! Documents that people have, as Markdown that Kring shows as they were meant.
//!
//! Bytes in; Markdown, title, language, images, what was lost, or why not, out. No network, no files but those that
//! are handed in, no database: it is run in a process of its own, with limits, and can be fuzzed by itself.
//!
//! Invariants:
//!
//! - nothing in a file is executed, fetched or believed: sizes are counted, names stay inside, XML has no entities;
//! - whatever comes in, what goes out is Markdown without control characters, or a [`Refusal`];
//! - what has no place in Markdown is told as a [`Loss`], never kept silent.

mod docx;
mod encoding;
mod folder;
mod html;
mod images;
mod kinds;
mod languages;
mod links;
mod losses;
mod markdown;
mod model;
mod package;
mod pandoc;
mod pdf;
mod raised;
mod refusal;
mod tables;
mod titles;
pub mod wire;
mod write;

use std::io::{Read, Seek};
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use folder::{Folder, Inside};
pub use losses::{Loss, LossKind};
pub use pandoc::FORMATS as PANDOC_FORMATS;
pub use refusal::{Refusal, Result};

use images::{Files, NoFiles};
use kinds::Kind;
use model::Document;
use package::Package;

/// How a file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// What the file is called.
    pub name: &'a str,
    /// Most bytes of a document; a folder may be larger.
    pub most: u64,
    /// Where pandoc is, where it is installed.
    pub pandoc: Option<&'a Path>,
    /// What stands in place of the description of an image that has none.
    pub undescribed: &'a str,
}

/// A piece of the Markdown of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    Text(String),
    /// The address of this image stands here.
    Image(usize),
}

/// An image of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    pub name: String,
    pub alt: Option<String>,
    pub decorative: bool,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// A document, converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Converted {
    pub title: String,
    /// BCP 47, where the file says it.
    pub language: Option<String>,
    pub markdown: Vec<Piece>,
    pub images: Vec<Image>,
    pub losses: Vec<Loss>,
    /// The files beside it in a folder that it shows.
    pub beside: Vec<String>,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Document(Converted),
    /// Several documents, to be converted one by one.
    Folder(Folder),
}

/// Converts a file, or tells what lies in it.
pub fn convert<R: Read + Seek>(mut content: R, options: &Options<'_>) -> Result<Outcome> {
    let size = content.seek(std::io::SeekFrom::End(0)).map_err(|_| Refusal::Damaged)?;
    let kind = kinds::kind(&mut content, options.name)?;
    if let Kind::Folder(package) = kind {
        return folder::list(&package).map(Outcome::Folder);
    }
    if size > options.most {
        return Err(Refusal::TooLarge);
    }
    if let Kind::Docx(package) = kind {
        return written(docx::read(&package)?, options).map(Outcome::Document);
    }
    let reading = match kind {
        Kind::Html => Reading::Html,
        Kind::Other(format) => Reading::Other(format),
        _ => Reading::Markdown,
    };
    read_text(reading, &whole(&mut content, options.most)?, &NoFiles, options).map(Outcome::Document)
}

/// Converts the file called `name` in a folder.
pub fn convert_inside<R: Read + Seek>(content: R, name: &str, options: &Options<'_>) -> Result<Converted> {
    let package = Package::open(content)?;
    let bytes = package.read(name, options.most)?.ok_or(Refusal::Damaged)?;
    let beside = folder::Beside::of(&package, name);
    let options = Options { name, ..*options };
    let converted = match kinds::kind(std::io::Cursor::new(&bytes), name)? {
        Kind::Docx(package) => written(docx::read(&package)?, &options),
        Kind::Folder(_) => Err(Refusal::NestedArchive),
        Kind::Html => read_text(Reading::Html, &bytes, &beside, &options),
        Kind::Markdown => read_text(Reading::Markdown, &bytes, &beside, &options),
        Kind::Other(format) => read_text(Reading::Other(format), &bytes, &beside, &options),
    }?;
    Ok(Converted { beside: beside.given(), ..converted })
}

/// The words of a PDF or DOCX, of at most `most` characters, for search.
pub fn words<R: Read + Seek>(mut content: R, most: usize) -> Result<String> {
    let bytes = whole(&mut content, 512 * 1024 * 1024)?;
    let text = if bytes.starts_with(b"PK") {
        let package = Package::open(std::io::Cursor::new(bytes))?;
        let document = docx::read(&package)?;
        let mut text = document.title.unwrap_or_default();
        text.push('\n');
        text.push_str(&model::plain(&document.blocks));
        document.notes.iter().for_each(|note| text.push_str(&model::plain(note)));
        write::clean(&text)
    } else {
        pdf::text(&bytes, most * 2)?
    };
    let text = text.trim();
    Ok(match text.char_indices().nth(most) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    })
}

/// How the bytes of a text are read.
enum Reading {
    Html,
    Markdown,
    Other(&'static str),
}

fn read_text(reading: Reading, bytes: &[u8], files: &dyn Files, options: &Options<'_>) -> Result<Converted> {
    match reading {
        Reading::Html => written(html::read(bytes, files)?, options),
        Reading::Other(format) => {
            let pandoc = options.pandoc.ok_or(Refusal::NeedsPandoc)?;
            let package = pandoc::look_over(format, bytes)?;
            let html = pandoc::html(pandoc, format, bytes)?;
            // Formats that are packages bring their images along in themselves.
            let read = match &package {
                Some(package) => html::read(&html, &folder::Beside::of(package, ""))?,
                None => html::read(&html, files)?,
            };
            written(read, options)
        }
        Reading::Markdown => {
            let read = markdown::read(bytes, files, options.undescribed)?;
            converted(
                read.markdown,
                options,
                Document {
                    title: read.title,
                    language: read.language,
                    images: read.images,
                    losses: read.losses,
                    ..Document::default()
                },
            )
        }
    }
}

fn whole<R: Read + Seek>(content: &mut R, most: u64) -> Result<Vec<u8>> {
    let broken = |_| Refusal::Damaged;
    let mut bytes = Vec::new();
    content.rewind().map_err(broken)?;
    content.take(most + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > most {
        Err(Refusal::TooLarge)
    } else {
        Ok(bytes)
    }
}

/// A document that was read, as Markdown.
fn written(document: Document, options: &Options<'_>) -> Result<Converted> {
    let alts: Vec<String> = document
        .images
        .iter()
        .map(|image| match &image.alt {
            Some(alt) => alt.clone(),
            None if image.decorative => String::new(),
            None => options.undescribed.to_owned(),
        })
        .collect();
    let markdown = write::markdown(&document.blocks, &document.notes, &alts);
    converted(markdown, options, document)
}

fn converted(markdown: String, options: &Options<'_>, document: Document) -> Result<Converted> {
    if markdown.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    let title = document.title.map(|title| write::clean(&title)).map(|title| line(&title));
    let title =
        title.filter(|title| !title.is_empty()).unwrap_or_else(|| line(&titles::of_file(options.name)));
    Ok(Converted {
        title,
        language: document.language.map(|language| line(&write::clean(&language))),
        markdown: pieces(&markdown),
        images: document
            .images
            .into_iter()
            .map(|found| Image {
                name: found.name,
                alt: found.alt,
                decorative: found.decorative,
                bytes: found.bytes,
            })
            .collect(),
        losses: document.losses.told(),
        beside: Vec::new(),
    })
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts Markdown where images are marked.
fn pieces(markdown: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut parts = markdown.split(write::IMAGE);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let marked = part.split_once(write::IMAGE_END);
        match marked.and_then(|(number, rest)| Some((number.parse().ok()?, rest))) {
            Some((number, rest)) => {
                found.push(Piece::Text(std::mem::replace(&mut text, rest.to_owned())));
                found.push(Piece::Image(number));
            }
            None => text.push_str(part),
        }
    }
    found.push(Piece::Text(text));
    found
}
