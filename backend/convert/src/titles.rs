//! What a document is called.

use crate::model::{Block, words};

/// Takes the title out of a text that begins with the one heading of the highest level.
pub fn take(blocks: &mut Vec<Block>) -> Option<String> {
    let levels: Vec<u8> = blocks
        .iter()
        .filter_map(|block| if let Block::Heading(level, _) = block { Some(*level) } else { None })
        .collect();
    let Some(Block::Heading(level, line)) = blocks.first() else { return None };
    let highest = levels.iter().min() == Some(level);
    let alone = levels.iter().filter(|other| *other == level).count() == 1;
    let title = words(line);
    if !(highest && alone) || title.is_empty() || has_more_than_words(line) {
        return None;
    }
    blocks.remove(0);
    Some(title)
}

/// Would something be lost with the heading: an image, a note?
fn has_more_than_words(line: &[crate::model::Span]) -> bool {
    use crate::model::What;
    line.iter().any(|span| matches!(span.what, What::Image(_) | What::Note(_)))
}

/// The name of a file, as a title: without its folder and ending.
pub fn of_file(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = match file.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 8 => stem,
        _ => file,
    };
    // Underscores are what programs make of spaces.
    let told = if stem.contains(' ') {
        stem.to_owned()
    } else {
        stem.replace('_', " ")
    };
    told.split_whitespace().collect::<Vec<_>>().join(" ")
}
