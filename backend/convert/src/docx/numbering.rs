//! Lists: which marks they have, and where they count from.

use std::collections::HashMap;

use roxmltree::Node;

use super::xml::{attribute, child, name, value};

/// How one level of a list is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    pub marks: Marks,
    pub start: u64,
}

/// What stands before an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    Bullets,
    Numbers,
    /// Letters, Roman numbers and the like.
    Others,
    Nothing,
}

const BULLETS: Level = Level { marks: Marks::Bullets, start: 1 };

/// The lists of a document.
#[derive(Debug, Default)]
pub struct Numbering {
    shapes: HashMap<String, HashMap<u8, Level>>,
    /// The shape of each list, and what it has otherwise.
    lists: HashMap<String, (String, HashMap<u8, u64>)>,
    /// How far each level of each list is.
    counts: HashMap<(String, u8), u64>,
}

impl Numbering {
    pub fn read(root: Node<'_, '_>) -> Self {
        let mut numbering = Self::default();
        for node in root.children() {
            match name(node) {
                "abstractNum" => {
                    let Some(id) = attribute(node, "abstractNumId") else { continue };
                    let levels = node.children().filter(|level| name(*level) == "lvl").filter_map(level);
                    numbering.shapes.insert(id.to_owned(), levels.collect());
                }
                "num" => {
                    let (Some(id), Some(shape)) = (attribute(node, "numId"), value(node, "abstractNumId"))
                    else {
                        continue;
                    };
                    let others = node.children().filter(|other| name(*other) == "lvlOverride");
                    let starts = others.filter_map(|other| {
                        let start =
                            value(other, "startOverride").or_else(|| value(child(other, "lvl")?, "start"))?;
                        Some((attribute(other, "ilvl")?.parse().ok()?, start.parse().ok()?))
                    });
                    numbering.lists.insert(id.to_owned(), (shape.to_owned(), starts.collect()));
                }
                _ => {}
            }
        }
        numbering
    }

    /// How a level of a list is marked. A list that is not written down has bullets.
    pub fn level(&self, list: &str, depth: u8) -> Level {
        let Some((shape, starts)) = self.lists.get(list) else { return BULLETS };
        let mut level =
            self.shapes.get(shape).and_then(|levels| levels.get(&depth)).copied().unwrap_or(BULLETS);
        if let Some(start) = starts.get(&depth) {
            level.start = *start;
        }
        level
    }

    /// The number of the next item at this place. What is deeper begins anew.
    pub fn next(&mut self, list: &str, depth: u8) -> u64 {
        let start = self.level(list, depth).start;
        let key = self.key(list);
        self.counts.retain(|(other, level), _| *other != key || *level <= depth);
        let count = self.counts.entry((key, depth)).and_modify(|count| *count += 1).or_insert(start);
        *count
    }

    /// Lists of one shape count on where the other stopped, unless one says where it starts.
    fn key(&self, list: &str) -> String {
        match self.lists.get(list) {
            Some((shape, starts)) if starts.is_empty() => format!("shape {shape}"),
            _ => format!("list {list}"),
        }
    }
}

fn level(node: Node<'_, '_>) -> Option<(u8, Level)> {
    let depth = attribute(node, "ilvl")?.parse().ok()?;
    let marks = match value(node, "numFmt").unwrap_or("decimal") {
        "bullet" => Marks::Bullets,
        "none" => Marks::Nothing,
        "decimal" | "decimalZero" | "ordinal" | "cardinalText" => Marks::Numbers,
        _ => Marks::Others,
    };
    let start = value(node, "start").and_then(|start| start.parse().ok()).unwrap_or(1);
    Some((depth, Level { marks, start }))
}
