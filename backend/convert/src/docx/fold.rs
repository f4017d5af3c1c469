//! Word has no lists, quotes or blocks of code: only paragraphs that look like it. Here those that belong together are
//! put together.

use crate::model::{Block, Line, List};

/// A paragraph, or what stands in place of one.
#[derive(Debug)]
pub enum Piece {
    Block(Block),
    Item {
        list: String,
        depth: u8,
        number: Option<u64>,
        line: Line,
    },
    Quote(Line),
    Code(String),
    /// A paragraph without anything in it.
    Nothing,
    /// A table of contents that was left out.
    Contents,
}

/// Puts pieces together.
pub fn blocks(pieces: Vec<Piece>) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut open = Open::Nothing;
    for piece in pieces {
        if let Piece::Item { list, depth, number, line } = piece {
            // A list that begins anew at the same depth is another one.
            let other = items.iter().rev().find(|item| item.depth <= depth);
            let anew =
                other.is_some_and(|item| item.depth == depth && depth == 0 && item.is_apart(&list, number));
            if anew {
                close(&mut items, &mut found);
            }
            items.push(Item { list, depth, number, line });
            open = Open::Nothing;
            continue;
        }
        if !matches!(piece, Piece::Nothing) {
            close(&mut items, &mut found);
        }
        open = match (piece, open) {
            (Piece::Quote(line), Open::Quote) => {
                if let Some(Block::Quote(inside)) = found.last_mut() {
                    inside.push(Block::Paragraph(line));
                }
                Open::Quote
            }
            (Piece::Quote(line), _) => {
                found.push(Block::Quote(vec![Block::Paragraph(line)]));
                Open::Quote
            }
            (Piece::Code(line), Open::Code) => {
                if let Some(Block::Code(code)) = found.last_mut() {
                    code.push('\n');
                    code.push_str(&line);
                }
                Open::Code
            }
            (Piece::Code(line), _) => {
                found.push(Block::Code(line));
                Open::Code
            }
            (Piece::Block(block), _) => {
                found.push(block);
                Open::Nothing
            }
            (Piece::Nothing | Piece::Contents | Piece::Item { .. }, open) => open,
        };
    }
    close(&mut items, &mut found);
    found
}

/// What the next piece may go on with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Quote,
    Code,
}

struct Item {
    list: String,
    depth: u8,
    number: Option<u64>,
    line: Line,
}

impl Item {
    /// Is an item of `list` with this number no next one of the list that this is in?
    fn is_apart(&self, list: &str, number: Option<u64>) -> bool {
        match (self.number, number) {
            (Some(mine), Some(other)) => other != mine + 1,
            (None, None) => self.list != list,
            _ => true,
        }
    }
}

fn close(items: &mut Vec<Item>, found: &mut Vec<Block>) {
    let items = std::mem::take(items);
    found.extend(lists(&items).into_iter().map(Block::List));
}

/// Nests items by their depth. The first one of a list may stand deep; what is less deep than it begins another list.
fn lists(items: &[Item]) -> Vec<List> {
    let mut found: Vec<List> = Vec::new();
    let mut rest = items;
    while let Some((first, behind)) = rest.split_first() {
        let depth = first.depth;
        let inside = behind.iter().take_while(|item| item.depth > depth).count();
        let (inside, behind) = behind.split_at(inside);
        let mut item = vec![Block::Paragraph(first.line.clone())];
        item.extend(lists(inside).into_iter().map(Block::List));
        match found.last_mut() {
            Some(list) if list.start.is_some() == first.number.is_some() => list.items.push(item),
            _ => found.push(List { start: first.number, items: vec![item] }),
        }
        rest = behind;
    }
    found
}
