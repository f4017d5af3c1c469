//! Tables: a grid of rows and columns, whatever was merged in it.

use std::io::{Read, Seek};

use roxmltree::Node;

use super::body::Reader;
use super::fold::Piece;
use super::xml::{attribute, child, name, toggle, value};
use crate::losses::LossKind;
use crate::model::{Block, Line};
use crate::refusal::Result;
use crate::tables::{Headers, flat, shaped};

/// Most columns.
const COLUMNS: usize = 63;

impl<R: Read + Seek> Reader<'_, R> {
    pub fn table(&mut self, table: Node<'_, '_>, pieces: &mut Vec<Piece>) -> Result<()> {
        let mut rows: Vec<Vec<Line>> = Vec::new();
        let mut single: Option<Vec<Block>> = None;
        let mut cells = 0;
        let mut merged = 0;
        for row in parts(table, "tr") {
            if let Some(loss) = left_out(row) {
                self.document.losses.note(loss);
                continue;
            }
            let mut line: Vec<Line> = Vec::new();
            let skipped = child(row, "trPr").and_then(|properties| value(properties, "gridBefore"));
            line.resize(skipped.and_then(|count| count.parse().ok()).unwrap_or(0).min(COLUMNS), Line::new());
            for cell in parts(row, "tc") {
                if line.len() >= COLUMNS {
                    break;
                }
                let properties = child(cell, "tcPr");
                let spans = properties.and_then(|properties| value(properties, "gridSpan"));
                let spans: usize = spans.and_then(|count| count.parse().ok()).unwrap_or(1).clamp(1, COLUMNS);
                merged += usize::from(spans > 1);
                let above = properties.and_then(|properties| child(properties, "vMerge"));
                let goes_on = above.is_some_and(|merge| attribute(merge, "val") != Some("restart"));
                let blocks = self.text(cell)?;
                cells += 1;
                let told = if goes_on {
                    merged += 1;
                    // What stands above holds here, too: who hears the table hears it row by row.
                    rows.last().and_then(|above| above.get(line.len())).cloned().unwrap_or_default()
                } else {
                    flat(&blocks, &mut self.document.losses)
                };
                single = (cells == 1).then_some(blocks);
                line.push(told);
                line.resize((line.len() + spans - 1).min(COLUMNS), Line::new());
            }
            rows.push(line);
        }
        if let Some(blocks) = single {
            // A frame around text, drawn as a table of one cell.
            pieces.extend(blocks.into_iter().map(Piece::Block));
            return Ok(());
        }
        for _ in 0..merged {
            self.document.losses.note(LossKind::MergedCells);
        }
        let headers = Headers {
            first_row: says_header(table),
            of_rows: self.has_row_headers(table),
        };
        pieces.extend(shaped(rows, headers, &mut self.document.losses).map(Piece::Block));
        Ok(())
    }

    /// Does the table say that its first column is the header of its rows? Word says so of every new table, so it counts
    /// where the style of the table makes that column look like it.
    fn has_row_headers(&self, table: Node<'_, '_>) -> bool {
        let style = child(table, "tblPr").and_then(|properties| value(properties, "tblStyle"));
        style.is_some_and(|style| self.styles.marks_first_column(style)) && looks(table, "firstColumn", 0x80)
    }
}

/// Why a row is not taken over: it was deleted, or hidden.
fn left_out(row: Node<'_, '_>) -> Option<LossKind> {
    let properties = child(row, "trPr")?;
    if child(properties, "del").is_some() {
        return Some(LossKind::TrackedChanges);
    }
    (toggle(properties, "hidden") == Some(true)).then_some(LossKind::HiddenText)
}

/// The parts of a table or row, also within content controls.
fn parts<'a, 'i>(node: Node<'a, 'i>, wanted: &'static str) -> Vec<Node<'a, 'i>> {
    let mut found = Vec::new();
    for inside in node.children() {
        match name(inside) {
            "sdt" => found
                .extend(child(inside, "sdtContent").into_iter().flat_map(|content| parts(content, wanted))),
            "ins" | "customXml" => found.extend(parts(inside, wanted)),
            its if its == wanted => found.push(inside),
            _ => {}
        }
    }
    found
}

/// Does the table say that its first row is the header: repeated on every page, or looking like it?
fn says_header(table: Node<'_, '_>) -> bool {
    let first = parts(table, "tr").into_iter().next();
    let repeated = first.and_then(|row| child(row, "trPr")).and_then(|row| toggle(row, "tblHeader"));
    let styled = child(table, "tblPr").and_then(|properties| value(properties, "tblStyle")).is_some();
    repeated == Some(true) || styled && looks(table, "firstRow", 0x20)
}

/// Is that part of a table to look like the style has it: by its name, or as one of the bits that say so, too?
fn looks(table: Node<'_, '_>, part: &str, bit: u32) -> bool {
    let look = child(table, "tblPr").and_then(|properties| child(properties, "tblLook"));
    let named = look.and_then(|look| attribute(look, part)).map(|said| said == "1" || said == "true");
    let bits = || {
        let bits = u32::from_str_radix(look.and_then(|look| attribute(look, "val"))?, 16).ok()?;
        Some(bits & bit != 0)
    };
    named.or_else(bits).unwrap_or(false)
}
