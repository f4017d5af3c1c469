//! Images, boxes with text, and drawings.

use std::io::{Read, Seek};

use roxmltree::Node;

use super::body::Reader;
use super::fold::Piece;
use super::lines::boxed;
use super::parts::Target;
use super::xml::{attribute, name, within};
use crate::images;
use crate::losses::LossKind;
use crate::model::{Found, Line, Span, Style, What};
use crate::refusal::{Refusal, Result};

/// How an image is shown and described.
struct Shown<'a> {
    id: Option<&'a str>,
    alt: Option<String>,
    decorative: bool,
}

impl<R: Read + Seek> Reader<'_, R> {
    /// A drawing of today: an image, a box, a chart.
    pub fn drawing(
        &mut self,
        node: Node<'_, '_>,
        style: &Style,
        line: &mut Line,
        boxes: &mut Vec<Piece>,
    ) -> Result<()> {
        let about = within(node, "docPr");
        let told = |wanted| about.and_then(|about| attribute(about, wanted)).and_then(described);
        let decorative = within(node, "decorative").and_then(|mark| attribute(mark, "val"));
        let alt = told("descr").or_else(|| told("title"));
        let mut found = false;
        for blip in node.descendants().filter(|inside| name(*inside) == "blip") {
            found = true;
            let shown = Shown {
                id: attribute(blip, "embed").or_else(|| attribute(blip, "link")),
                alt: alt.clone(),
                decorative: matches!(decorative, Some("1" | "true")),
            };
            self.image(shown, style, line)?;
        }
        if self.take_box(node, boxes)? || found {
            return Ok(());
        }
        self.document.losses.note(LossKind::Drawings);
        self.describe(alt, style, line);
        Ok(())
    }

    /// A drawing of Word before 2010, and of LibreOffice for those.
    pub fn picture(
        &mut self,
        node: Node<'_, '_>,
        style: &Style,
        line: &mut Line,
        boxes: &mut Vec<Piece>,
    ) -> Result<()> {
        let alt = node.descendants().find_map(|inside| described(attribute(inside, "alt")?));
        let mut found = false;
        for data in node.descendants().filter(|inside| name(*inside) == "imagedata") {
            found = true;
            let alt = alt.clone().or_else(|| described(attribute(data, "title")?));
            self.image(Shown { id: attribute(data, "id"), alt, decorative: false }, style, line)?;
        }
        let ruled = node.descendants().any(|inside| attribute(inside, "hr").is_some());
        if self.take_box(node, boxes)? || found || ruled {
            return Ok(());
        }
        if node.children().any(|child| name(child) != "shapetype" && child.is_element()) {
            self.document.losses.note(LossKind::Drawings);
            self.describe(alt, style, line);
        }
        Ok(())
    }

    /// The text of a box goes behind the paragraph that it hangs on.
    fn take_box(&mut self, node: Node<'_, '_>, boxes: &mut Vec<Piece>) -> Result<bool> {
        let Some(content) = boxed(node) else { return Ok(false) };
        self.document.losses.note(LossKind::TextBox);
        self.pieces(content, boxes)?;
        Ok(true)
    }

    fn image(&mut self, shown: Shown<'_>, style: &Style, line: &mut Line) -> Result<()> {
        let target = shown.id.and_then(|id| self.links.get(id)).cloned();
        let Some(Target::Part(part)) = target else {
            self.document.losses.note(LossKind::MissingImages);
            self.describe(shown.alt, style, line);
            return Ok(());
        };
        let key = (part.clone(), shown.alt.clone());
        let place = match self.shown.get(&key) {
            Some(place) => *place,
            None => {
                let Some(bytes) = self.package.read(&part, images::BYTES)? else {
                    self.document.losses.note(LossKind::MissingImages);
                    self.describe(shown.alt, style, line);
                    return Ok(());
                };
                if !images::taken(&bytes) {
                    self.document.losses.note(LossKind::ImageKinds);
                    self.describe(shown.alt, style, line);
                    return Ok(());
                }
                if self.document.images.len() >= images::MOST {
                    return Err(Refusal::TooManyImages);
                }
                let name = part.rsplit('/').next().unwrap_or(&part).to_owned();
                let (alt, decorative) = (shown.alt, shown.decorative);
                self.document.images.push(Found { name, alt, decorative, bytes });
                self.shown.insert(key, self.document.images.len() - 1);
                self.document.images.len() - 1
            }
        };
        line.push(Span {
            what: What::Image(place),
            style: Style { link: style.link.clone(), ..Style::default() },
        });
        Ok(())
    }

    /// What could be seen stays in the text.
    fn describe(&mut self, alt: Option<String>, style: &Style, line: &mut Line) {
        if let Some(alt) = alt {
            let style = Style { italic: true, ..style.clone() };
            line.push(Span { what: What::Text(format!("[{alt}]")), style });
        }
    }
}

/// A description that says something: programs put the name of a file there.
fn described(text: &str) -> Option<String> {
    images::description(text)
}
