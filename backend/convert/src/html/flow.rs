//! From elements to blocks and lines.

use std::rc::Rc;

use markup5ever_rcdom::{Handle, NodeData};

use super::around::Around;
use super::{all_text, attribute, has_class, name};
use crate::images::{self, Files};
use crate::languages::Languages;
use crate::links;
use crate::losses::LossKind;
use crate::model::{Block, Document, Found, Line, List, Span, Style, What, is_blank, words};
use crate::refusal::{Refusal, Result};

/// How deep elements may stand in each other.
const DEPTH: usize = 256;

/// What is known while a page is read.
pub struct Reader<'f> {
    files: &'f dyn Files,
    pub document: Document,
    /// The ids of notes, and their texts as they stand in the page.
    notes: Vec<(String, Handle)>,
    /// Notes that the text mentions, in order.
    mentioned: Vec<usize>,
    /// What the elements say that the reader is in.
    pub around: Around,
    pub languages: Languages,
    depth: usize,
}

/// Blocks that are done, and the line that is not.
#[derive(Default)]
pub struct Flow {
    pub blocks: Vec<Block>,
    pub line: Line,
}

impl Flow {
    /// Ends the line: it was a paragraph.
    pub fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !is_blank(&line) {
            self.blocks.push(Block::Paragraph(line));
        }
    }
}

impl<'f> Reader<'f> {
    /// A reader of a page that says that it is in `language`.
    pub fn new(files: &'f dyn Files, language: Option<String>) -> Self {
        let around = Around { language: language.as_deref().map(Rc::from), unheard: false };
        Self {
            files,
            document: Document { language, ..Document::default() },
            notes: Vec::new(),
            mentioned: Vec::new(),
            around,
            languages: Languages::default(),
            depth: 0,
        }
    }

    /// Finds notes that are marked as such (DPUB-ARIA 1.1), as pandoc writes them.
    pub fn collect_notes(&mut self, node: &Handle, depth: usize) -> Result<()> {
        if depth > DEPTH {
            return Err(Refusal::TooDeep);
        }
        let ends = attribute(node, "role").is_some_and(|role| role == "doc-endnotes");
        if !ends {
            for child in node.children.borrow().iter() {
                self.collect_notes(child, depth + 1)?;
            }
            return Ok(());
        }
        let mut open = vec![node.clone()];
        while let Some(node) = open.pop() {
            match (name(&node), attribute(&node, "id")) {
                ("li", Some(id)) => self.notes.push((id, node)),
                _ => open.extend(node.children.borrow().iter().cloned()),
            }
        }
        Ok(())
    }

    pub fn read(mut self, place: &Handle) -> Result<Document> {
        self.document.blocks = self.inside(place, &Style::default())?;
        let mut at = 0;
        while let Some(note) = self.mentioned.get(at).and_then(|place| self.notes.get(*place)) {
            let note = note.1.clone();
            let blocks = self.inside(&note, &Style::default())?;
            self.document.notes.push(blocks);
            at += 1;
        }
        self.languages.tell(self.document.language.as_deref(), &mut self.document.losses);
        Ok(self.document)
    }

    /// The blocks in a node.
    pub fn inside(&mut self, node: &Handle, style: &Style) -> Result<Vec<Block>> {
        let mut flow = Flow::default();
        self.children(node, style, &mut flow)?;
        flow.end_line();
        Ok(flow.blocks)
    }

    fn children(&mut self, node: &Handle, style: &Style, flow: &mut Flow) -> Result<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Refusal::TooDeep);
        }
        let before = self.enter(node);
        for child in node.children.borrow().iter() {
            self.node(child, style, flow)?;
        }
        self.around = before;
        self.depth -= 1;
        Ok(())
    }

    fn node(&mut self, node: &Handle, style: &Style, flow: &mut Flow) -> Result<()> {
        if let NodeData::Text { contents } = &node.data {
            let text = contents.borrow().to_string();
            self.say(&text);
            flow.line.push(Span { what: What::Text(text), style: style.clone() });
            return Ok(());
        }
        if self.leaves_out(node) {
            return Ok(());
        }
        let before = self.enter(node);
        self.element(node, style, flow)?;
        self.around = before;
        Ok(())
    }

    fn element(&mut self, node: &Handle, style: &Style, flow: &mut Flow) -> Result<()> {
        match name(node) {
            "" | "script" | "style" | "head" | "title" | "template" | "noscript" | "nav" | "link"
            | "meta" => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, flow)?,
            "ul" | "ol" | "menu" => self.list(node, flow)?,
            "dl" => self.definitions(node, flow)?,
            "blockquote" => {
                flow.end_line();
                let inside = self.inside(node, &Style::default())?;
                if !inside.is_empty() {
                    flow.blocks.push(Block::Quote(inside));
                }
            }
            "pre" | "listing" | "xmp" => {
                flow.end_line();
                let text = all_text(node);
                self.say(&text);
                flow.blocks.push(Block::Code(text));
            }
            "table" => self.table(node, flow)?,
            "hr" => {
                flow.end_line();
                flow.blocks.push(Block::Rule);
            }
            "section" | "div" if attribute(node, "role").is_some_and(|role| role == "doc-endnotes") => {}
            block if BLOCKS.contains(&block) => {
                flow.end_line();
                self.children(node, style, flow)?;
                flow.end_line();
            }
            _ => self.inline(node, style, flow)?,
        }
        Ok(())
    }

    fn inline(&mut self, node: &Handle, style: &Style, flow: &mut Flow) -> Result<()> {
        let mut style = style.clone();
        match name(node) {
            "br" => {
                flow.line.push(Span { what: What::Break, style: Style::default() });
                return Ok(());
            }
            "img" | "image" => return self.image(node, &style, flow),
            "a" => match self.link(node, flow) {
                Link::To(url) => style.link = Some(url),
                Link::Nowhere => {}
                Link::Done => return Ok(()),
            },
            "b" | "strong" => style.bold = true,
            "i" | "em" | "cite" | "dfn" | "var" => style.italic = true,
            "s" | "strike" | "del" => style.strike = true,
            "code" | "kbd" | "samp" | "tt" => style.code = true,
            "u" => self.document.losses.note(LossKind::Underlines),
            "mark" => self.document.losses.note(LossKind::Highlights),
            "sup" | "sub" => return self.raised(node, &style, flow),
            "q" => {
                flow.line.push(Span { what: What::Text("“".into()), style: style.clone() });
                self.children(node, &style, flow)?;
                flow.line.push(Span { what: What::Text("”".into()), style });
                return Ok(());
            }
            "input" => {
                self.input(node, style, flow);
                return Ok(());
            }
            "select" | "textarea" | "button" | "video" | "audio" | "iframe" | "object" | "embed" => {
                self.document.losses.note(LossKind::Controls);
                return Ok(());
            }
            "svg" | "canvas" => {
                self.document.losses.note(LossKind::Drawings);
                return Ok(());
            }
            "math" => self.document.losses.note(LossKind::Formulas),
            _ => {}
        }
        self.children(node, &style, flow)
    }

    fn heading(&mut self, node: &Handle, flow: &mut Flow) -> Result<()> {
        flow.end_line();
        let level = name(node).as_bytes().get(1).map_or(1, |digit| digit - b'0');
        // What is lost in it is lost under it.
        let named = words(&[Span::text(all_text(node))]);
        if !named.is_empty() {
            self.document.losses.under(&named);
        }
        let blocks = self.inside(node, &Style::default())?;
        let line = crate::tables::joined(&blocks);
        if is_blank(&line) {
            return Ok(());
        }
        let told = words(&line);
        self.document.losses.under(&told);
        // The title that pandoc writes above a text.
        if level == 1 && has_class(node, "title") && self.document.title.is_none() {
            self.document.title = Some(told);
        } else {
            flow.blocks.push(Block::Heading(level, line));
        }
        Ok(())
    }

    fn list(&mut self, node: &Handle, flow: &mut Flow) -> Result<()> {
        flow.end_line();
        let start = (name(node) == "ol")
            .then(|| attribute(node, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1));
        if let Some(marks) = attribute(node, "type").filter(|_| start.is_some())
            && marks != "1"
        {
            self.document.losses.note(LossKind::ListNumbers);
        }
        let mut items: Vec<Vec<Block>> = Vec::new();
        for child in node.children.borrow().iter() {
            if self.leaves_out(child) {
                continue;
            }
            self.depth += 1;
            let item = name(child) == "li";
            let inside = if item {
                self.inside(child, &Style::default())?
            } else {
                let mut inner = Flow::default();
                self.node(child, &Style::default(), &mut inner)?;
                inner.end_line();
                inner.blocks
            };
            self.depth -= 1;
            match items.last_mut() {
                _ if inside.is_empty() => {}
                // A list right in a list belongs to the item before it.
                Some(last) if !item => last.extend(inside),
                _ => items.push(inside),
            }
        }
        if !items.is_empty() {
            flow.blocks.push(Block::List(List { start, items }));
        }
        Ok(())
    }

    /// Terms bold, and what is said of them below.
    fn definitions(&mut self, node: &Handle, flow: &mut Flow) -> Result<()> {
        flow.end_line();
        for child in node.children.borrow().iter() {
            let style = Style { bold: name(child) == "dt", ..Style::default() };
            if name(child) == "div" {
                self.definitions(child, flow)?;
            } else {
                self.node_in_block(child, &style, flow)?;
            }
        }
        Ok(())
    }

    fn node_in_block(&mut self, node: &Handle, style: &Style, flow: &mut Flow) -> Result<()> {
        if !matches!(node.data, NodeData::Element { .. }) || self.leaves_out(node) {
            return Ok(());
        }
        flow.end_line();
        self.children(node, style, flow)?;
        flow.end_line();
        Ok(())
    }

    fn link(&mut self, node: &Handle, flow: &mut Flow) -> Link {
        let role = attribute(node, "role").unwrap_or_default();
        if role == "doc-backlink" {
            return Link::Done;
        }
        let Some(url) = attribute(node, "href") else { return Link::Nowhere };
        if let Some(id) = url.strip_prefix('#')
            && role == "doc-noteref"
            && let Some(note) = self.notes.iter().position(|(known, _)| known == id)
        {
            let place = self.mentioned.iter().position(|known| *known == note).unwrap_or_else(|| {
                self.mentioned.push(note);
                self.mentioned.len() - 1
            });
            flow.line.push(Span { what: What::Note(place), style: Style::default() });
            return Link::Done;
        }
        match links::allowed(&url) {
            Some(url) => Link::To(Rc::from(url)),
            None => {
                self.document.losses.note(LossKind::Links);
                Link::Nowhere
            }
        }
    }

    fn raised(&mut self, node: &Handle, style: &Style, flow: &mut Flow) -> Result<()> {
        let text = all_text(node);
        let raised = match name(node) {
            "sup" => crate::raised::superscript(&text),
            _ => crate::raised::subscript(&text),
        };
        let elements =
            node.children.borrow().iter().any(|child| matches!(child.data, NodeData::Element { .. }));
        match raised.filter(|_| !elements) {
            Some(raised) => {
                self.say(&text);
                flow.line.push(Span { what: What::Text(raised), style: style.clone() });
            }
            None => {
                if !elements {
                    self.document.losses.note(LossKind::RaisedText);
                }
                self.children(node, style, flow)?;
            }
        }
        Ok(())
    }

    fn input(&mut self, node: &Handle, style: Style, flow: &mut Flow) {
        let kind = attribute(node, "type").unwrap_or_default();
        if kind == "checkbox" || kind == "radio" {
            let sign = if attribute(node, "checked").is_some() { "☑ " } else { "☐ " };
            flow.line.push(Span { what: What::Text(sign.into()), style });
        } else if kind != "hidden" {
            self.document.losses.note(LossKind::Controls);
        }
    }

    fn image(&mut self, node: &Handle, style: &Style, flow: &mut Flow) -> Result<()> {
        let said = attribute(node, "alt");
        let alt = said.as_deref().and_then(images::description);
        let source = attribute(node, "src").unwrap_or_default();
        let bytes = images::embedded(&source).or_else(|| self.files.get(&source));
        let Some(bytes) = bytes else {
            // An image elsewhere stays where it is: a link leads there.
            match links::allowed(&source) {
                Some(url) => {
                    let text = alt.unwrap_or_else(|| url.clone());
                    let style = Style { link: Some(Rc::from(url)), ..style.clone() };
                    flow.line.push(Span { what: What::Text(text), style });
                }
                None => self.describe(alt, style, flow),
            }
            self.document.losses.note(LossKind::MissingImages);
            return Ok(());
        };
        if !images::taken(&bytes) {
            self.document.losses.note(LossKind::ImageKinds);
            self.describe(alt, style, flow);
            return Ok(());
        }
        if self.document.images.len() >= images::MOST {
            return Err(Refusal::TooManyImages);
        }
        // Nothing between the quotes: it means nothing (HTML, 4.8.4.4.4).
        let decorative = said.is_some_and(|said| said.trim().is_empty());
        let name = images::file_name(&source, &bytes, self.document.images.len());
        self.document.images.push(Found { name, alt, decorative, bytes });
        let style = Style { link: style.link.clone(), ..Style::default() };
        flow.line.push(Span { what: What::Image(self.document.images.len() - 1), style });
        Ok(())
    }

    fn describe(&mut self, alt: Option<String>, style: &Style, flow: &mut Flow) {
        if let Some(alt) = alt {
            let style = Style { italic: true, ..style.clone() };
            flow.line.push(Span { what: What::Text(format!("[{alt}]")), style });
        }
    }
}

enum Link {
    To(Rc<str>),
    Nowhere,
    /// What stands in it was told already, or is for nobody.
    Done,
}

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "address",
    "figure",
    "figcaption",
    "center",
    "fieldset",
    "legend",
    "details",
    "summary",
    "form",
    "body",
    "html",
    "caption",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "td",
    "th",
    "li",
    "dt",
    "dd",
    "hgroup",
    "search",
    "dialog",
    "option",
];
