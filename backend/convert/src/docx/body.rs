//! The text of a document, from its first paragraph to its last note.

use std::collections::HashMap;
use std::io::{Read, Seek};

use roxmltree::Node;

use super::Sources;
use super::fold::{self, Piece};
use super::letters::Letters;
use super::numbering::{Marks, Numbering};
use super::parts::Links;
use super::styles::{Role, Styles, outline};
use super::xml::{self, attribute, child, name, value};
use crate::languages::Languages;
use crate::losses::LossKind;
use crate::model::{Block, Document, Line, Span, is_blank, words};
use crate::package::Package;
use crate::refusal::{Refusal, Result};

/// How deep text may stand in text: boxes in tables in boxes.
const DEPTH: usize = 40;

/// Reads everything.
pub fn read<R: Read + Seek>(package: &Package<R>, sources: &Sources, links: Links) -> Result<Document> {
    let main = xml::parse(&sources.main)?;
    let styles = match parsed(&sources.styles)? {
        Some(styles) => Styles::read(styles.root_element()),
        None => Styles::default(),
    };
    let numbering = match parsed(&sources.numbering)? {
        Some(numbering) => Numbering::read(numbering.root_element()),
        None => Numbering::default(),
    };
    let (footnotes, endnotes) = (parsed(&sources.footnotes)?, parsed(&sources.endnotes)?);
    let mut reader = Reader {
        package,
        styles,
        numbering,
        main_links: links.clone(),
        links,
        document: Document::default(),
        shown: HashMap::new(),
        notes: Vec::new(),
        fields: Vec::new(),
        languages: Languages::default(),
        letters: Letters::default(),
        depth: 0,
    };
    let body = child(main.root_element(), "body").ok_or(Refusal::Damaged)?;
    reader.document.blocks = reader.text(body)?;
    reader.read_notes(footnotes.as_ref(), endnotes.as_ref())?;
    Ok(reader.finish())
}

fn parsed(text: &Option<String>) -> Result<Option<roxmltree::Document<'_>>> {
    text.as_deref().map(xml::parse).transpose()
}

/// Which part a note is in, and its id there.
pub type NoteKey = (bool, String);

/// What is known while a document is read.
pub struct Reader<'p, R> {
    pub package: &'p Package<R>,
    pub styles: Styles,
    pub numbering: Numbering,
    main_links: Links,
    /// Those of the part that is being read.
    pub links: Links,
    pub document: Document,
    /// Images that were taken already, by part and description.
    pub shown: HashMap<(String, Option<String>), usize>,
    /// The notes that the text mentions, in order.
    pub notes: Vec<NoteKey>,
    /// The fields that are open.
    pub fields: Vec<Field>,
    pub languages: Languages,
    /// What holds for the letters of the paragraph that is being read.
    pub letters: Letters,
    depth: usize,
}

/// A field of Word: what it does, and then what it shows.
#[derive(Debug, Default)]
pub struct Field {
    pub code: String,
    pub shows: bool,
}

impl<R: Read + Seek> Reader<'_, R> {
    /// The blocks in `parent`.
    pub fn text(&mut self, parent: Node<'_, '_>) -> Result<Vec<Block>> {
        let mut pieces = Vec::new();
        self.pieces(parent, &mut pieces)?;
        Ok(fold::blocks(pieces))
    }

    /// What stands in `parent`, before lists are put together.
    pub fn pieces(&mut self, parent: Node<'_, '_>, pieces: &mut Vec<Piece>) -> Result<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Refusal::TooDeep);
        }
        for node in parent.children() {
            self.piece(node, pieces)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn piece(&mut self, node: Node<'_, '_>, pieces: &mut Vec<Piece>) -> Result<()> {
        match name(node) {
            "p" => self.paragraph(node, pieces)?,
            "tbl" => self.table(node, pieces)?,
            "sdt" => {
                if is_contents(node) {
                    self.document.losses.note(LossKind::TableOfContents);
                } else if let Some(content) = child(node, "sdtContent") {
                    self.pieces(content, pieces)?;
                }
            }
            "ins" | "moveTo" => {
                self.document.losses.note(LossKind::TrackedChanges);
                self.pieces(node, pieces)?;
            }
            "del" | "moveFrom" => self.document.losses.note(LossKind::TrackedChanges),
            "customXml" | "smartTag" => self.pieces(node, pieces)?,
            "AlternateContent" => {
                if let Some(choice) = child(node, "Choice").or_else(|| child(node, "Fallback")) {
                    self.pieces(choice, pieces)?;
                }
            }
            "altChunk" => self.document.losses.note(LossKind::EmbeddedObjects),
            _ => {}
        }
        Ok(())
    }

    fn paragraph(&mut self, node: Node<'_, '_>, pieces: &mut Vec<Piece>) -> Result<()> {
        let properties = child(node, "pPr");
        let style = properties.and_then(|properties| value(properties, "pStyle"));
        let role = match properties.and_then(outline) {
            Some(level) => Role::Heading(level.min(6)),
            None => self.styles.role(style),
        };
        if matches!(role, Role::Heading(_)) {
            self.come_under(node);
        }
        let (line, boxes) = self.line(node, style)?;
        if role == Role::Contents {
            // One table of contents has many lines.
            if !is_blank(&line) && !matches!(pieces.last(), Some(Piece::Contents)) {
                self.document.losses.note(LossKind::TableOfContents);
                pieces.push(Piece::Contents);
            }
            return Ok(());
        }
        if is_blank(&line) {
            pieces.push(if role == Role::Code {
                Piece::Code(String::new())
            } else {
                Piece::Nothing
            });
        } else {
            let list = self.list(properties, style);
            let piece = self.shaped(role, line, list, style);
            pieces.extend(piece);
        }
        pieces.extend(boxes);
        Ok(())
    }

    /// The list and the depth that a paragraph stands in.
    fn list(&self, properties: Option<Node<'_, '_>>, style: Option<&str>) -> Option<(String, u8)> {
        let own = properties.and_then(|properties| child(properties, "numPr"));
        let styled = self.styles.list(style);
        let level = |numbers| value(numbers, "ilvl").and_then(|level| level.parse::<u8>().ok());
        let found = match own {
            Some(numbers) => {
                let list = value(numbers, "numId").or(styled.map(|(list, _)| list))?;
                (list.to_owned(), level(numbers).or(styled.map(|(_, level)| level)).unwrap_or(0))
            }
            None => styled.map(|(list, level)| (list.to_owned(), level))?,
        };
        // List 0 takes a paragraph out of the list of its style.
        (found.0 != "0").then_some((found.0, found.1.min(8)))
    }

    fn shaped(
        &mut self,
        role: Role,
        line: Line,
        list: Option<(String, u8)>,
        style: Option<&str>,
    ) -> Option<Piece> {
        match (role, list) {
            (Role::Title, _) if self.document.title.is_none() && self.depth == 1 => {
                self.document.title = Some(words(&line));
                None
            }
            (Role::Title, _) => Some(self.heading(1, line)),
            (Role::Heading(level), list) => {
                if let Some((list, depth)) = list
                    && self.numbering.level(&list, depth).marks != Marks::Nothing
                {
                    self.document.losses.note(LossKind::HeadingNumbers);
                }
                Some(self.heading(level, line))
            }
            (Role::Quote, _) => Some(Piece::Quote(line)),
            (Role::Code, _) => Some(Piece::Code(code(&line))),
            (_, Some((list, 0))) => Some(self.item(list, 0, self.styles.deeper(style), line)),
            (_, Some((list, level))) => Some(self.item(list, level, level, line)),
            (_, None) => Some(Piece::Block(Block::Paragraph(line))),
        }
    }

    /// What is lost in a heading is lost under it.
    fn come_under(&mut self, heading: Node<'_, '_>) {
        let texts = heading.descendants().filter(|inside| name(*inside) == "t");
        let told: String = texts.filter_map(|text| text.text()).collect();
        if !told.trim().is_empty() {
            self.document.losses.under(&words(&[Span::text(told)]));
        }
    }

    fn heading(&mut self, level: u8, line: Line) -> Piece {
        self.document.losses.under(&words(&line));
        Piece::Block(Block::Heading(level, line))
    }

    /// An item at a level of a list, which is set `depth` in.
    fn item(&mut self, list: String, at: u8, depth: u8, line: Line) -> Piece {
        let level = self.numbering.level(&list, at);
        let number = match level.marks {
            Marks::Bullets => None,
            Marks::Nothing => return Piece::Block(Block::Paragraph(line)),
            Marks::Numbers | Marks::Others => Some(self.numbering.next(&list, at)),
        };
        if level.marks == Marks::Others && number == Some(level.start) {
            self.document.losses.note(LossKind::ListNumbers);
        }
        Piece::Item { list, depth, number, line }
    }

    /// The texts of the notes that were mentioned, and of those that these mention.
    fn read_notes(
        &mut self,
        footnotes: Option<&roxmltree::Document<'_>>,
        endnotes: Option<&roxmltree::Document<'_>>,
    ) -> Result<()> {
        let mut at = 0;
        while let Some((at_end, id)) = self.notes.get(at).cloned() {
            at += 1;
            let kind = if at_end { "endnotes" } else { "footnotes" };
            self.links = match self.main_links.part(kind) {
                Some(part) => Links::of(self.package, part)?,
                None => Links::default(),
            };
            let part = if at_end { endnotes } else { footnotes };
            let note = part.and_then(|part| {
                part.root_element().children().find(|node| attribute(*node, "id") == Some(id.as_str()))
            });
            let blocks = note.map(|note| self.text(note)).transpose()?.unwrap_or_default();
            self.document.notes.push(blocks);
        }
        Ok(())
    }

    fn finish(mut self) -> Document {
        let language = self.languages.most().or_else(|| self.usual_language()).map(str::to_owned);
        self.languages.tell(language.as_deref(), &mut self.document.losses);
        self.document.language = language;
        self.document
    }
}

/// Is this block a table of contents that Word keeps by itself?
fn is_contents(node: Node<'_, '_>) -> bool {
    let gallery = child(node, "sdtPr").and_then(|properties| xml::within(properties, "docPartGallery"));
    gallery.and_then(|gallery| attribute(gallery, "val")) == Some("Table of Contents")
}

/// A line of code: as it is, with its spaces.
fn code(line: &Line) -> String {
    use crate::model::What;
    let pieces = line.iter().map(|span| match &span.what {
        What::Text(text) => text.as_str(),
        What::Break => "\n",
        What::Image(_) | What::Note(_) => "",
    });
    pieces.collect()
}
