//! What stands in a paragraph: runs of letters, links, fields, notes, images, boxes.

use std::io::{Read, Seek};
use std::rc::Rc;

use roxmltree::Node;

use super::body::{Field, Reader};
use super::fold::Piece;
use super::parts::Target;
use super::xml::{attribute, child, name, toggle, value, within};
use crate::links;
use crate::losses::LossKind;
use crate::model::{Line, Span, Style, What};
use crate::refusal::Result;

impl<R: Read + Seek> Reader<'_, R> {
    /// The line of a paragraph in that style, and the boxes that hang on it.
    pub fn line(&mut self, paragraph: Node<'_, '_>, style: Option<&str>) -> Result<(Line, Vec<Piece>)> {
        let (mut line, mut boxes) = (Line::new(), Vec::new());
        let around = self.begin_letters(style);
        self.inline(paragraph, &Style::default(), &mut line, &mut boxes)?;
        self.letters = around;
        Ok((line, boxes))
    }

    fn inline(
        &mut self,
        parent: Node<'_, '_>,
        around: &Style,
        line: &mut Line,
        boxes: &mut Vec<Piece>,
    ) -> Result<()> {
        for node in parent.children() {
            match name(node) {
                "r" => self.run(node, around, line, boxes)?,
                "hyperlink" => {
                    let link = self.hyperlink(node);
                    let style = Style { link: link.or_else(|| around.link.clone()), ..around.clone() };
                    self.inline(node, &style, line, boxes)?;
                }
                "fldSimple" => {
                    let code = attribute(node, "instr").unwrap_or_default().to_owned();
                    self.fields.push(Field { code, shows: true });
                    self.inline(node, around, line, boxes)?;
                    self.fields.pop();
                }
                "ins" | "moveTo" => {
                    self.document.losses.note(LossKind::TrackedChanges);
                    self.inline(node, around, line, boxes)?;
                }
                "del" | "moveFrom" => self.document.losses.note(LossKind::TrackedChanges),
                "sdt" => {
                    if let Some(content) = child(node, "sdtContent") {
                        self.inline(content, around, line, boxes)?;
                    }
                }
                "smartTag" | "customXml" | "dir" | "bdo" => self.inline(node, around, line, boxes)?,
                "AlternateContent" => self.choice(node, around, line, boxes)?,
                "oMath" | "oMathPara" => {
                    self.document.losses.note(LossKind::Formulas);
                    let texts = node.descendants().filter(|inside| name(*inside) == "t");
                    let told: String = texts.filter_map(|text| text.text()).collect();
                    self.push_text(&told, around.clone(), line);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn run(
        &mut self,
        run: Node<'_, '_>,
        around: &Style,
        line: &mut Line,
        boxes: &mut Vec<Piece>,
    ) -> Result<()> {
        let properties = child(run, "rPr");
        if self.leaves_out(run, properties) {
            return Ok(());
        }
        let letters = self.set(properties, around);
        for node in run.children() {
            match name(node) {
                "t" => {
                    let text = node.text().unwrap_or_default();
                    let text = self.raised(properties, text);
                    self.say(properties, &text);
                    self.push_text(&text, letters.clone(), line);
                }
                "tab" | "ptab" => self.push_text(" ", letters.clone(), line),
                "noBreakHyphen" => self.push_text("\u{2011}", letters.clone(), line),
                "sym" => self.push_text(symbol(node), letters.clone(), line),
                "br" | "cr" => self.line_end(node, line),
                "lastRenderedPageBreak" => {}
                "fldChar" => self.field(node),
                "instrText" => {
                    if let Some(field) = self.fields.last_mut()
                        && !field.shows
                    {
                        field.code.push_str(node.text().unwrap_or_default());
                    }
                }
                "footnoteReference" => self.note(node, false, line),
                "endnoteReference" => self.note(node, true, line),
                "drawing" => self.drawing(node, &letters, line, boxes)?,
                "pict" => self.picture(node, &letters, line, boxes)?,
                "object" => self.document.losses.note(LossKind::EmbeddedObjects),
                "AlternateContent" => self.choice(node, around, line, boxes)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// One thing in several forms: the first one, which is the newest.
    fn choice(
        &mut self,
        node: Node<'_, '_>,
        around: &Style,
        line: &mut Line,
        boxes: &mut Vec<Piece>,
    ) -> Result<()> {
        let Some(form) = child(node, "Choice").or_else(|| child(node, "Fallback")) else { return Ok(()) };
        for inside in form.children() {
            match name(inside) {
                "drawing" => self.drawing(inside, around, line, boxes)?,
                "pict" => self.picture(inside, around, line, boxes)?,
                "r" => self.run(inside, around, line, boxes)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// How letters are set.
    fn set(&mut self, properties: Option<Node<'_, '_>>, around: &Style) -> Style {
        let mut style = around.clone();
        if let Some(link) = self.field_link() {
            style.link = Some(link);
        }
        let Some(properties) = properties else { return style };
        let (bold, italic, strike, code) =
            value(properties, "rStyle").map(|id| self.styles.letters(id)).unwrap_or_default();
        style.bold |= toggle(properties, "b").unwrap_or(bold);
        style.italic |= toggle(properties, "i").unwrap_or(italic);
        let struck = toggle(properties, "strike").or_else(|| toggle(properties, "dstrike"));
        style.strike |= struck.unwrap_or(strike);
        style.code |= code;
        if value(properties, "highlight").is_some_and(|colour| colour != "none") {
            self.document.losses.note(LossKind::Highlights);
        }
        let underlined = value(properties, "u").is_some_and(|line| line != "none");
        if underlined && style.link.is_none() {
            self.document.losses.note(LossKind::Underlines);
        }
        style
    }

    /// Raised and lowered text, in letters that are so by themselves where there are such.
    fn raised(&mut self, properties: Option<Node<'_, '_>>, text: &str) -> String {
        let place = properties.and_then(|properties| value(properties, "vertAlign"));
        let raised = match place {
            Some("superscript") => crate::raised::superscript(text),
            Some("subscript") => crate::raised::subscript(text),
            _ => return text.to_owned(),
        };
        raised.unwrap_or_else(|| {
            if !text.trim().is_empty() {
                self.document.losses.note(LossKind::RaisedText);
            }
            text.to_owned()
        })
    }

    fn push_text(&mut self, text: &str, style: Style, line: &mut Line) {
        if !text.is_empty() && !self.hidden() {
            line.push(Span { what: What::Text(text.to_owned()), style });
        }
    }

    fn line_end(&mut self, node: Node<'_, '_>, line: &mut Line) {
        match attribute(node, "type") {
            Some("page" | "column") => self.document.losses.note(LossKind::PageBreaks),
            _ => line.push(Span { what: What::Break, style: Style::default() }),
        }
    }

    fn note(&mut self, node: Node<'_, '_>, at_end: bool, line: &mut Line) {
        let Some(id) = attribute(node, "id") else { return };
        let key = (at_end, id.to_owned());
        let place = self.notes.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.notes.push(key);
            self.notes.len() - 1
        });
        line.push(Span { what: What::Note(place), style: Style::default() });
    }

    fn hyperlink(&mut self, node: Node<'_, '_>) -> Option<Rc<str>> {
        let target = attribute(node, "id").and_then(|id| self.links.get(id));
        let link = match target {
            Some(Target::Outside(url)) => links::allowed(url).map(Rc::from),
            _ => None,
        };
        if link.is_none() && !self.hidden() {
            self.document.losses.note(LossKind::Links);
        }
        link
    }

    fn field(&mut self, node: Node<'_, '_>) {
        match attribute(node, "fldCharType") {
            Some("begin") => self.fields.push(Field::default()),
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.shows = true;
                }
                if self.fields.last().is_some_and(|field| kind(&field.code) == "TOC") {
                    self.document.losses.note(LossKind::TableOfContents);
                }
            }
            Some("end") => drop(self.fields.pop()),
            _ => {}
        }
    }

    /// Is this a place whose text is not the author's: a table of contents, or what a field is told to do?
    pub fn hidden(&self) -> bool {
        self.fields.iter().any(|field| !field.shows || kind(&field.code) == "TOC")
    }

    /// Where the field leads that is open.
    fn field_link(&self) -> Option<Rc<str>> {
        let field = self.fields.iter().rev().find(|field| kind(&field.code) == "HYPERLINK")?;
        let url = field.code.split('"').nth(1)?;
        // \l names a place in the document.
        let before = field.code.split('"').next().unwrap_or_default();
        if before.contains("\\l") {
            None
        } else {
            links::allowed(url).map(Rc::from)
        }
    }
}

/// What a field is for.
fn kind(code: &str) -> &str {
    code.split_whitespace().next().unwrap_or_default()
}

/// Signs of the fonts of signs that mean something.
fn symbol(node: Node<'_, '_>) -> &'static str {
    match attribute(node, "char").map(str::to_ascii_uppercase).as_deref() {
        Some("F0FE" | "F052" | "F054") => "☑",
        Some("F0A8" | "F06F" | "F0A3") => "☐",
        Some("F0FC") => "✓",
        Some("F0FB") => "✗",
        Some("F0E0" | "F0E8") => "→",
        Some("F04A") => "☺",
        Some("F0B7" | "F0A7") => "•",
        Some("F0D8") => "≥",
        _ => "",
    }
}

/// The text in a box, wherever the format keeps it.
pub fn boxed<'a, 'i>(node: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    within(node, "txbxContent")
}
