//! What differs between two texts, word by word, in blocks that can be read aloud one at a time.
//!
//! A block is a paragraph with the empty lines behind it. Paragraphs are compared first, and the words of two
//! paragraphs only where one became the other; one that has little in common with what it replaces is taken out
//! whole and put in whole, for a salad of words helps nobody.
//!
//! The law: the equal and inserted parts of all blocks, one after another, are the new text; the equal and deleted
//! parts are the old one. To the letter, whatever was compared.

use std::time::{Duration, Instant};

use kring_db::word_type;
use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices_deadline};
use unicode_segmentation::UnicodeSegmentation as _;
use utoipa::ToSchema;

/// The longest a comparison takes, about. What is not compared by then counts as replaced.
const PATIENCE: Duration = Duration::from_millis(500);

/// A paragraph longer than this is cut at its line ends: long lists and tables.
const LONG_BLOCK: usize = 4_000;

/// How many paragraphs ahead the new form of a paragraph is looked for.
const WINDOW: usize = 16;

word_type! {
    /// What became of a piece of text.
    PartKind { Equal = "equal", Insert = "insert", Delete = "delete" }
}
word_type! {
    /// What became of a paragraph. One that changed has parts of several kinds.
    BlockKind { Equal = "equal", Insert = "insert", Delete = "delete", Change = "change" }
}

/// A piece of text and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    pub kind: PartKind,
    #[schema(example = "een hogere stoep")]
    pub text: String,
}

/// A paragraph and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Block {
    pub kind: BlockKind,
    pub parts: Vec<Part>,
}

/// What differs between two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differences {
    pub blocks: Vec<Block>,
    /// The texts were too different to compare in time: more counts as replaced than was.
    pub approximate: bool,
}

/// What differs between two texts with their titles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub title: Vec<Part>,
    pub plain_summary: Vec<Part>,
    /// Paragraphs in their order; most often all but a few are `equal`.
    pub blocks: Vec<Block>,
    /// How many words came, and how many went, titles and summaries left out.
    pub inserted_words: i64,
    pub deleted_words: i64,
    /// The texts are so different that comparing them word by word would take too long: more is called replaced
    /// than was.
    pub approximate: bool,
}

/// A text with what stands above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    pub title: String,
    pub plain_summary: String,
    pub body: String,
}

impl Comparison {
    /// Compares two texts.
    pub fn of(old: &Side, new: &Side) -> Self {
        let found = compare(&old.body, &new.body);
        let counts = found.blocks.iter().map(|block| words(&block.parts));
        let (inserted_words, deleted_words) =
            counts.fold((0, 0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
        Self {
            title: compare_line(&old.title, &new.title),
            plain_summary: compare_line(&old.plain_summary, &new.plain_summary),
            blocks: found.blocks,
            inserted_words,
            deleted_words,
            approximate: found.approximate,
        }
    }
}

/// How many words were put in and taken out.
pub fn words(parts: &[Part]) -> (i64, i64) {
    let count = |kind: PartKind| -> i64 {
        let of_kind = parts.iter().filter(|part| part.kind == kind);
        of_kind.map(|part| part.text.unicode_words().count() as i64).sum()
    };
    (count(PartKind::Insert), count(PartKind::Delete))
}

/// Compares two texts.
pub fn compare(old: &str, new: &str) -> Differences {
    compare_until(old, new, patience())
}

/// When a comparison that begins now gives up.
pub fn patience() -> Instant {
    Instant::now() + PATIENCE
}

/// The same for several pairs of texts that share their time.
pub fn compare_until(old: &str, new: &str, deadline: Instant) -> Differences {
    let (old, new) = (blocks(old), blocks(new));
    let bare = |blocks: &[&str]| -> Vec<String> { blocks.iter().map(|b| b.trim_end().to_owned()).collect() };
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &bare(&old), &bare(&new), Some(deadline));
    let mut found = Vec::new();
    for op in ops {
        let (its_old, its_new) = (&old[op.old_range()], &new[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            found.extend(its_old.iter().zip(its_new).map(|(old, new)| changed(old, new, deadline)));
        } else {
            replace(its_old, its_new, deadline, &mut found);
        }
    }
    Differences {
        blocks: settle_spaces(found),
        approximate: Instant::now() > deadline,
    }
}

/// Compares two lines, like titles.
pub fn compare_line(old: &str, new: &str) -> Vec<Part> {
    changed(old, new, Instant::now() + PATIENCE).parts
}

/// Cuts a text into paragraphs, each with the empty lines behind it.
fn blocks(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut end, mut closed) = (0, 0, false);
    for line in text.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        if (closed && !blank) || end - start > LONG_BLOCK {
            found.push(&text[start..end]);
            (start, closed) = (end, false);
        }
        end += line.len();
        closed |= blank && !text[start..end].trim().is_empty();
    }
    if start < end {
        found.push(&text[start..end]);
    }
    found
}

/// Some paragraphs in place of others: those that became one another are compared, the rest comes and goes whole.
fn replace(old: &[&str], new: &[&str], deadline: Instant, found: &mut Vec<Block>) {
    let bags: Vec<Bag<'_>> = new.iter().map(|block| Bag::of(block)).collect();
    let mut next = 0;
    for block in old {
        let bag = Bag::of(block);
        // Past the deadline nothing is looked for any more: what is left comes and goes whole.
        let window = if Instant::now() < deadline { WINDOW } else { 0 };
        let ahead = bags.iter().enumerate().skip(next).take(window);
        let alike = ahead.map(|(place, other)| (bag.likeness(other), place));
        // Of equals the nearest.
        let best = alike.filter(|(likeness, _)| *likeness >= 50).max_by_key(|(l, p)| (*l, usize::MAX - p));
        match best {
            None => found.push(whole(BlockKind::Delete, PartKind::Delete, block)),
            Some((_, place)) => {
                found.extend(new[next..place].iter().map(|b| whole(BlockKind::Insert, PartKind::Insert, b)));
                found.push(changed(block, new[place], deadline));
                next = place + 1;
            }
        }
    }
    found.extend(new[next..].iter().map(|b| whole(BlockKind::Insert, PartKind::Insert, b)));
}

fn whole(kind: BlockKind, part: PartKind, text: &str) -> Block {
    Block {
        kind,
        parts: vec![Part { kind: part, text: text.to_owned() }],
    }
}

/// The words of a paragraph, for comparing how much two have in common.
pub struct Bag<'t>(Vec<&'t str>);

impl<'t> Bag<'t> {
    pub fn of(text: &'t str) -> Self {
        let mut words: Vec<&str> = text.unicode_words().collect();
        words.sort_unstable();
        Self(words)
    }

    /// How many of a hundred words two paragraphs share. 0 where one is so much longer that they cannot be alike.
    pub fn likeness(&self, other: &Self) -> usize {
        let (shorter, longer) = (self.0.len().min(other.0.len()), self.0.len().max(other.0.len()));
        if shorter * 3 < longer {
            return 0;
        }
        let (mut mine, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut shared = 0;
        while let (Some(a), Some(b)) = (mine.peek(), theirs.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(mine.next()),
                std::cmp::Ordering::Greater => drop(theirs.next()),
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    mine.next();
                    theirs.next();
                }
            }
        }
        shared * 200 / (self.0.len() + other.0.len()).max(1)
    }
}

/// One paragraph that became another, word by word.
fn changed(old: &str, new: &str, deadline: Instant) -> Block {
    if old == new {
        return whole(BlockKind::Equal, PartKind::Equal, old);
    }
    let compared = TextDiff::configure().deadline(deadline).diff_unicode_words(old, new);
    let mut runs: Vec<Run> = Vec::new();
    for change in compared.iter_all_changes() {
        let same = change.tag() == ChangeTag::Equal;
        if runs.last().is_none_or(|run| run.same != same) {
            runs.push(Run { same, ..Run::default() });
        }
        if let Some(run) = runs.last_mut() {
            run.take(change.tag(), change.value());
        }
    }
    Block { kind: BlockKind::Change, parts: parts(join(runs)) }
}

/// Words that stayed, or words in place of others.
#[derive(Default)]
struct Run {
    same: bool,
    old: String,
    new: String,
}

impl Run {
    fn take(&mut self, tag: ChangeTag, text: &str) {
        if tag != ChangeTag::Insert {
            self.old.push_str(text);
        }
        if tag != ChangeTag::Delete {
            self.new.push_str(text);
        }
    }

    /// Does it say nothing: a space or a comma between two changes of one line?
    fn joins(&self) -> bool {
        self.same && !self.old.contains(|c: char| c.is_alphanumeric() || c == '\n')
    }
}

/// Makes one change of changes that only a space or a comma parts: "four new seats" for "two old benches" is one
/// thing to read, not three.
fn join(runs: Vec<Run>) -> Vec<Run> {
    let last = runs.len().saturating_sub(1);
    let mut joined: Vec<Run> = Vec::new();
    let mut open = false;
    for (place, run) in runs.into_iter().enumerate() {
        let between = place > 0 && place < last && run.joins();
        match joined.last_mut() {
            Some(before) if between || open => {
                before.old.push_str(&run.old);
                before.new.push_str(&run.new);
            }
            _ => joined.push(run),
        }
        open = between;
    }
    joined
}

fn parts(runs: Vec<Run>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut push = |kind, text: String| {
        if !text.is_empty() {
            parts.push(Part { kind, text });
        }
    };
    for run in runs {
        if run.same {
            push(PartKind::Equal, run.old);
        } else {
            push(PartKind::Delete, run.old);
            push(PartKind::Insert, run.new);
        }
    }
    parts
}

/// A paragraph is not changed because another came or went behind it: the empty line between them belongs to that
/// one.
fn settle_spaces(mut blocks: Vec<Block>) -> Vec<Block> {
    for place in 1..blocks.len() {
        let (before, after) = blocks.split_at_mut(place);
        let (Some(before), Some(after)) = (before.last_mut(), after.first_mut()) else { continue };
        let [.., body, space] = before.parts.as_mut_slice() else { continue };
        let moves = before.kind == BlockKind::Change
            && body.kind == PartKind::Equal
            && space.text.trim().is_empty()
            && after.parts.first().is_some_and(|part| after.parts.len() == 1 && part.kind == space.kind);
        if moves && let (Some(space), Some(part)) = (before.parts.pop(), after.parts.first_mut()) {
            part.text.insert_str(0, &space.text);
            if before.parts.iter().all(|part| part.kind == PartKind::Equal) {
                before.kind = BlockKind::Equal;
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests;
