//! Tables of HTML: a grid, whatever spans what.

use markup5ever_rcdom::Handle;

use super::flow::{Flow, Reader};
use super::{attribute, name};
use crate::losses::LossKind;
use crate::model::{Block, Line, Style, is_blank};
use crate::refusal::Result;
use crate::tables::{Headers, flat, shaped};

/// Most columns.
const COLUMNS: usize = 63;

/// Most rows that one cell spans.
const ROWS: usize = 1_000;

impl Reader<'_> {
    pub fn table(&mut self, table: &Handle, flow: &mut Flow) -> Result<()> {
        flow.end_line();
        let mut rows = rows_of(table);
        rows.retain(|(row, _)| !self.leaves_out(row));
        let caption = table.children.borrow().iter().find(|child| name(child) == "caption").cloned();
        if let Some(caption) = caption.filter(|caption| !self.leaves_out(caption)) {
            let style = Style { bold: true, ..Style::default() };
            flow.blocks.extend(self.inside(&caption, &style)?);
        }
        let mut grid: Vec<Vec<Line>> = Vec::new();
        // Cells that reach down into the next rows: how far, and what stands in them.
        let mut reaching: Vec<Option<(usize, Line)>> = vec![None; COLUMNS];
        let (mut cells, mut single) = (0, None);
        for (row, _) in &rows {
            let mut line: Vec<Line> = Vec::new();
            let before = self.enter(row);
            for cell in row.children.borrow().iter().filter(|cell| ["td", "th"].contains(&name(cell))) {
                fill(&mut line, &mut reaching);
                if line.len() >= COLUMNS || self.leaves_out(cell) {
                    continue;
                }
                let blocks = self.inside(cell, &Style::default())?;
                cells += 1;
                let told = flat(&blocks, &mut self.document.losses);
                single = (cells == 1).then_some(blocks);
                let span =
                    |wanted| attribute(cell, wanted).and_then(|count| count.trim().parse::<usize>().ok());
                let wide = span("colspan").unwrap_or(1).clamp(1, COLUMNS - line.len());
                let high = span("rowspan").unwrap_or(1).clamp(1, ROWS);
                if wide > 1 || high > 1 {
                    self.document.losses.note(LossKind::MergedCells);
                }
                for column in 0..wide {
                    let text = if column == 0 { told.clone() } else { Line::new() };
                    if high > 1 {
                        reaching[line.len()] = Some((high - 1, text.clone()));
                    }
                    line.push(text);
                }
            }
            self.around = before;
            fill(&mut line, &mut reaching);
            grid.push(line);
        }
        if let Some(blocks) = single {
            flow.blocks.extend(blocks);
            return Ok(());
        }
        let headers = Headers {
            first_row: rows.first().is_some_and(|(row, in_head)| *in_head || all_headers(row)),
            of_rows: rows.iter().any(|(row, in_head)| !in_head && has_own_header(row)),
        };
        // A table for the looks of a page is no table.
        if attribute(table, "role").is_some_and(|role| role == "presentation" || role == "none") {
            let cells = grid.into_iter().flatten().filter(|cell| !is_blank(cell));
            flow.blocks.extend(cells.map(Block::Paragraph));
            return Ok(());
        }
        flow.blocks.extend(shaped(grid, headers, &mut self.document.losses));
        Ok(())
    }
}

/// Puts in what reaches down from above, up to the next free place.
fn fill(line: &mut Vec<Line>, reaching: &mut [Option<(usize, Line)>]) {
    while let Some(Some((left, text))) = reaching.get_mut(line.len()) {
        let column = line.len();
        line.push(text.clone());
        *left -= 1;
        if *left == 0 {
            reaching[column] = None;
        }
    }
}

/// The rows of a table, and whether each stands in its head.
fn rows_of(table: &Handle) -> Vec<(Handle, bool)> {
    let mut rows = Vec::new();
    for child in table.children.borrow().iter() {
        match name(child) {
            "tr" => rows.push((child.clone(), false)),
            part @ ("thead" | "tbody" | "tfoot") => {
                let inside = child.children.borrow();
                let its = inside.iter().filter(|row| name(row) == "tr");
                rows.extend(its.map(|row| (row.clone(), part == "thead")));
            }
            _ => {}
        }
    }
    rows
}

/// Is a cell of a row the header of it? It says so, or stands beside cells with data (HTML, 4.9.12).
fn has_own_header(row: &Handle) -> bool {
    let among_headers = all_headers(row);
    row.children.borrow().iter().filter(|cell| name(cell) == "th").any(|cell| {
        match attribute(cell, "scope").map(|scope| scope.trim().to_ascii_lowercase()).as_deref() {
            Some("row" | "rowgroup") => true,
            Some("col" | "colgroup") => false,
            _ => !among_headers,
        }
    })
}

fn all_headers(row: &Handle) -> bool {
    let cells = row.children.borrow();
    let mut cells = cells.iter().filter(|cell| ["td", "th"].contains(&name(cell))).peekable();
    cells.peek().is_some() && cells.all(|cell| name(cell) == "th")
}
