//! Tables: a grid of rows and columns, whatever was merged in it.

use std::io::{Read, Seek};

use roxmltree::Node;

use super::body::Reader;
use super::fold::Piece;
use super::xml::{attribute, child, name, toggle, value};
use crate::losses::LossKind;
use crate::model::{Block, Line};
use crate::refusal::Result;
use crate::tables::{flat, shaped};

/// Most columns.
const COLUMNS: usize = 63;

impl<R: Read + Seek> Reader<'_, R> {
    pub fn table(&mut self, table: Node<'_, '_>, pieces: &mut Vec<Piece>) -> Result<()> {
        let mut rows: Vec<Vec<Line>> = Vec::new();
        let mut single: Option<Vec<Block>> = None;
        let mut cells = 0;
        let mut merged = 0;
        for row in parts(table, "tr") {
            if child(row, "trPr").is_some_and(|properties| child(properties, "del").is_some()) {
                self.document.losses.note(LossKind::TrackedChanges);
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
        let headed = says_header(table);
        pieces.extend(shaped(rows, headed, &mut self.document.losses).map(Piece::Block));
        Ok(())
    }
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
    let look = child(table, "tblPr").and_then(|properties| child(properties, "tblLook"));
    let named =
        look.and_then(|look| attribute(look, "firstRow")).map(|first| first == "1" || first == "true");
    let bits = || {
        let bits = u32::from_str_radix(look.and_then(|look| attribute(look, "val"))?, 16).ok()?;
        Some(bits & 0x20 != 0)
    };
    let styled = child(table, "tblPr").and_then(|properties| value(properties, "tblStyle")).is_some();
    repeated == Some(true) || styled && named.or_else(bits).unwrap_or(false)
}
