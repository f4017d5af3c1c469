//! What tables of all formats have in common.

use crate::losses::{LossKind, Losses};
use crate::model::{Block, Line, Span, Style, What, is_blank};

/// The blocks of a cell in one line, with breaks between.
pub fn flat(blocks: &[Block], losses: &mut Losses) -> Line {
    let mut line = Line::new();
    flatten(blocks, &mut line, losses);
    let said = blocks.iter().filter(|block| !matches!(block, Block::Rule)).count();
    if said > 1 {
        losses.note(LossKind::CellParagraphs);
    }
    line
}

fn flatten(blocks: &[Block], line: &mut Line, losses: &mut Losses) {
    let add = |line: &mut Line, inside: &[Span]| {
        if is_blank(inside) {
            return;
        }
        if !line.is_empty() {
            line.push(Span { what: What::Break, style: Style::default() });
        }
        line.extend(inside.iter().cloned());
    };
    for block in blocks {
        match block {
            Block::Heading(_, inside) | Block::Paragraph(inside) => add(line, inside),
            Block::List(list) => list.items.iter().for_each(|item| flatten(item, line, losses)),
            Block::Quote(inside) => flatten(inside, line, losses),
            Block::Code(code) => {
                let style = Style { code: true, ..Style::default() };
                add(line, &[Span { what: What::Text(code.clone()), style }]);
            }
            Block::Table(rows) => {
                losses.note(LossKind::NestedTable);
                rows.iter().flatten().for_each(|cell| add(line, cell));
            }
            Block::Rule => {}
        }
    }
}

/// Which cells of a table say that they are headers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers {
    pub first_row: bool,
    /// The first cell of rows, which Markdown has no sign for.
    pub of_rows: bool,
}

/// A table without empty rows at its end and empty columns; nothing where nothing stands in it.
pub fn shaped(rows: Vec<Vec<Line>>, headers: Headers, losses: &mut Losses) -> Option<Block> {
    let mut rows: Vec<Vec<Line>> =
        rows.into_iter().filter(|row| !row.iter().all(|cell| is_blank(cell))).collect();
    let width = rows.iter().map(Vec::len).max()?;
    let used: Vec<bool> = (0..width)
        .map(|column| rows.iter().any(|row| row.get(column).is_some_and(|cell| !is_blank(cell))))
        .collect();
    for row in &mut rows {
        let mut columns = used.iter();
        row.retain(|_| columns.next().copied().unwrap_or(false));
    }
    if !headers.first_row {
        losses.note(LossKind::TableWithoutHeader);
    }
    if headers.of_rows && width > 1 {
        losses.note(LossKind::RowHeaders);
    }
    // A header is bold by itself.
    for span in rows.first_mut().into_iter().flatten().flatten() {
        span.style.bold = false;
    }
    Some(Block::Table(rows))
}

/// Blocks as one line, with a space between them: for headings.
pub fn joined(blocks: &[Block]) -> Line {
    let mut line = Line::new();
    flatten(blocks, &mut line, &mut Losses::default());
    for span in &mut line {
        if span.what == What::Break {
            span.what = What::Text(" ".into());
        }
    }
    line
}
