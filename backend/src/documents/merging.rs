//! What an adopted document's source changed, section by section, and taking it over.
//!
//! Three texts are compared: `base`, the source as far as it was dealt with; `theirs`, the source as it is now; `ours`.
//! Dealing with a section moves it on in `base`, and in `ours` where it was taken over. So what was not wanted comes no
//! more until the source changes that section again. Laws, which tests hold:
//!
//! - where `ours` is `base`, taking everything over makes `ours` to the letter `theirs`;
//! - taking nothing changes nothing;
//! - taking some and then the others is taking all at once.
//!
//! Where a section stands is part of what the source says of it. Those that moved are told by the longest row of
//! sections that kept their order; of several rows, the one that comes first in `theirs`: so that none of the others
//! begins to move when one of them was put in its place.

use std::collections::HashMap;

use kring_db::word_type;

use super::sections::{Section, cut, pair};

word_type! {
    /// What the source did with a section since it was last dealt with.
    SectionState {
        Unchanged = "unchanged",
        Changed = "changed",
        Added = "added",
        Removed = "removed",
        Moved = "moved",
    }
}

/// What is to become of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// As the source has it.
    Theirs,
    /// It stays as it is here.
    Mine,
    /// This, made of both.
    Text(String),
}

/// One section in the three texts, by its place in each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Unit {
    id: String,
    base: Option<usize>,
    theirs: Option<usize>,
    ours: Option<usize>,
    moved: bool,
}

/// A section as its reader goes through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<'t> {
    pub id: &'t str,
    pub heading: Option<&'t str>,
    pub level: u8,
    pub state: SectionState,
    /// The source has put it elsewhere; it may have changed as well.
    pub moved: bool,
    /// Both changed it, each in another way: who takes it over has to choose.
    pub conflict: bool,
    pub base: Option<&'t str>,
    pub theirs: Option<&'t str>,
    pub ours: Option<&'t str>,
}

/// The three texts, and which section of one is which of the others.
pub struct Merge<'t> {
    base: Vec<Section<'t>>,
    theirs: Vec<Section<'t>>,
    ours: Vec<Section<'t>>,
    /// In the order of the source; those that it removed behind the one they stood behind.
    units: Vec<Unit>,
}

/// What came of dealing with sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub base: String,
    pub ours: String,
}

impl<'t> Merge<'t> {
    pub fn of(base: &'t str, theirs: &'t str, ours: &'t str) -> Self {
        let (base, theirs, ours) = (cut(base), cut(theirs), cut(ours));
        let units = units(&base, &theirs, &ours);
        Self { base, theirs, ours, units }
    }

    /// Every section of the source, and those it removed; what is only ours is missing.
    pub fn told(&self) -> Vec<Told<'_>> {
        let known = self.units.iter().filter(|unit| unit.theirs.is_some() || self.offered(unit));
        known.map(|unit| self.tell(unit)).collect()
    }

    /// Is there anything to take over or to turn down?
    pub fn is_done(&self) -> bool {
        !self.units.iter().any(|unit| self.offered(unit))
    }

    fn tell<'m>(&'m self, unit: &'m Unit) -> Told<'m> {
        let shown = self.of_theirs(unit).or(self.of_base(unit)).or(self.of_ours(unit));
        let text = |section: Option<&'_ Section<'t>>| section.map(|section| section.text);
        Told {
            id: &unit.id,
            heading: shown.and_then(|section| section.heading.as_deref()),
            level: shown.map_or(0, |section| section.level),
            state: self.state(unit),
            moved: unit.moved && self.offered(unit),
            conflict: self.offered(unit) && self.conflict(unit),
            base: text(self.of_base(unit)),
            theirs: text(self.of_theirs(unit)),
            ours: text(self.of_ours(unit)),
        }
    }

    fn of_base(&self, unit: &Unit) -> Option<&Section<'t>> {
        unit.base.and_then(|place| self.base.get(place))
    }

    fn of_theirs(&self, unit: &Unit) -> Option<&Section<'t>> {
        unit.theirs.and_then(|place| self.theirs.get(place))
    }

    fn of_ours(&self, unit: &Unit) -> Option<&Section<'t>> {
        unit.ours.and_then(|place| self.ours.get(place))
    }

    /// What each text says there.
    fn words(&self, unit: &Unit) -> [Option<&str>; 3] {
        [self.of_base(unit), self.of_theirs(unit), self.of_ours(unit)].map(|it| it.map(Section::words))
    }

    fn state(&self, unit: &Unit) -> SectionState {
        if !self.offered(unit) {
            return SectionState::Unchanged;
        }
        match (self.of_base(unit), self.of_theirs(unit)) {
            (_, None) => SectionState::Removed,
            (None, Some(_)) => SectionState::Added,
            (Some(base), Some(theirs)) if base.words() == theirs.words() => SectionState::Moved,
            (Some(_), Some(_)) => SectionState::Changed,
        }
    }

    /// Did the source do something with it that is not here yet?
    fn offered(&self, unit: &Unit) -> bool {
        let [base, theirs, ours] = self.words(unit);
        match (theirs, ours) {
            (None, None) => false,
            (None, Some(_)) => base.is_some(),
            (Some(_), None) => theirs != base,
            (Some(_), Some(_)) => unit.moved || (theirs != base && theirs != ours),
        }
    }

    /// Did we change it too?
    fn conflict(&self, unit: &Unit) -> bool {
        let [base, theirs, ours] = self.words(unit);
        base != theirs && base != ours && theirs != ours
            // A section that is new is a conflict only where we have one of our own by that name.
            && (base.is_some() || ours.is_some())
    }

    /// Deals with these sections. Those that are not offered stay; in a conflict `Theirs` puts ours away, as it says.
    pub fn deal(&self, takes: &HashMap<&str, Take>) -> Merged {
        let wanted = |unit: &Unit| takes.get(unit.id.as_str()).filter(|_| self.offered(unit));
        if !self.units.iter().any(|unit| wanted(unit).is_some()) {
            let whole = |sections: &[Section<'_>]| sections.iter().map(|section| section.text).collect();
            return Merged { base: whole(&self.base), ours: whole(&self.ours) };
        }
        let differs = |unit: &Unit| {
            let [base, theirs, _] = self.words(unit);
            base != theirs
        };
        // What is the same here already is dealt with.
        let dealt =
            |unit: &Unit| wanted(unit).is_some() || (!self.offered(unit) && (unit.moved || differs(unit)));
        let taken = |unit: &Unit| matches!(wanted(unit), Some(Take::Theirs | Take::Text(_)));
        let written = |unit: &Unit| match wanted(unit) {
            Some(Take::Text(text)) => Some(text.clone()),
            _ => None,
        };
        Merged {
            base: self.assemble(|unit| unit.base, &self.base, dealt, |_| None),
            ours: self.assemble(|unit| unit.ours, &self.ours, taken, written),
        }
    }

    /// One of our two texts with `these` sections as, and where, the source has them, or as `written`.
    fn assemble(
        &self,
        place: impl Fn(&Unit) -> Option<usize>,
        sections: &[Section<'t>],
        these: impl Fn(&Unit) -> bool,
        written: impl Fn(&Unit) -> Option<String>,
    ) -> String {
        let mut of_place = vec![None; sections.len()];
        for (number, unit) in self.units.iter().enumerate() {
            if let Some(place) = place(unit) {
                of_place[place] = Some(number);
            }
        }
        let mut pieces: Vec<Piece> = Vec::with_capacity(sections.len() + 8);
        for (place, section) in sections.iter().enumerate() {
            let unit = of_place[place].map(|number| (number, &self.units[number]));
            match unit {
                Some((_, unit)) if these(unit) && (unit.theirs.is_none() || unit.moved) => {}
                Some((number, unit)) if these(unit) => pieces.push(self.piece(number, written(unit))),
                Some((number, unit)) => {
                    // The words are the same: the empty lines behind them are the source's.
                    let same = self.of_theirs(unit).is_some_and(|theirs| theirs.words() == section.words());
                    pieces.push(if same {
                        self.piece(number, None)
                    } else {
                        Piece::ours(Some(number), place, section.text)
                    });
                }
                None => pieces.push(Piece::ours(None, place, section.text)),
            }
        }
        self.put_in_place(&mut pieces, &these, &written);
        join(&pieces)
    }

    /// Puts sections that are new or moved behind the one that they stand behind in the source.
    fn put_in_place(
        &self,
        pieces: &mut Vec<Piece>,
        these: &impl Fn(&Unit) -> bool,
        written: &impl Fn(&Unit) -> Option<String>,
    ) {
        let mut there: HashMap<usize, ()> =
            pieces.iter().filter_map(|piece| Some((piece.unit?, ()))).collect();
        let mut behind: Option<usize> = None;
        for (number, unit) in self.units.iter().enumerate().filter(|(_, unit)| unit.theirs.is_some()) {
            if these(unit) && !there.contains_key(&number) {
                let place = match behind {
                    Some(anchor) => {
                        pieces.iter().position(|it| it.unit == Some(anchor)).map_or(0, |it| it + 1)
                    }
                    // Nothing comes before what stands before the first heading.
                    None => usize::from(pieces.first().is_some_and(|it| !it.has_heading) && unit.id != BEGIN),
                };
                pieces.insert(place, self.piece(number, written(unit)));
                there.insert(number, ());
                behind = Some(number);
            } else if there.contains_key(&number) && (!unit.moved || these(unit)) {
                behind = Some(number);
            }
        }
    }

    fn piece(&self, number: usize, written: Option<String>) -> Piece {
        let unit = &self.units[number];
        let has_heading = self.of_theirs(unit).is_some_and(|section| section.heading.is_some());
        match (written, unit.theirs) {
            (Some(text), _) => Piece { unit: Some(number), from: None, has_heading, text },
            (None, place) => Piece {
                unit: Some(number),
                from: place.map(|place| (true, place)),
                has_heading,
                text: self.of_theirs(unit).map(|section| section.text.to_owned()).unwrap_or_default(),
            },
        }
    }
}

/// The id of the title of the whole.
pub const TITLE: &str = "title";

/// The id of what stands before the first heading.
pub const BEGIN: &str = "begin";

/// A section on its way into a text.
struct Piece {
    unit: Option<usize>,
    /// From the source or not, and its place there: two that stood one behind the other there need nothing between them.
    from: Option<(bool, usize)>,
    has_heading: bool,
    text: String,
}

impl Piece {
    fn ours(unit: Option<usize>, place: usize, text: &str) -> Self {
        Self {
            unit,
            from: Some((false, place)),
            has_heading: text.trim_start().starts_with('#') || place > 0,
            text: text.to_owned(),
        }
    }
}

fn join(pieces: &[Piece]) -> String {
    let mut text = String::new();
    let mut before: Option<(bool, usize)> = None;
    for piece in pieces {
        let neighbours = match (before, piece.from) {
            (Some((one, place)), Some((other, next))) => one == other && place + 1 == next,
            _ => false,
        };
        // A heading that is underlined would take the line above it for its own.
        if !text.is_empty() && !neighbours {
            while !text.ends_with("\n\n") {
                text.push('\n');
            }
        }
        text.push_str(&piece.text);
        before = piece.from;
    }
    text
}

fn units(base: &[Section<'_>], theirs: &[Section<'_>], ours: &[Section<'_>]) -> Vec<Unit> {
    let (of_theirs, of_ours) = (pair(base, theirs), pair(base, ours));
    let mut ours_of_base: HashMap<usize, usize> = HashMap::new();
    for (place, its) in of_ours.iter().enumerate() {
        if let Some(its) = its {
            ours_of_base.insert(*its, place);
        }
    }
    let both = added_by_both(&of_theirs, &of_ours, theirs, ours);
    let kept = in_order(&of_theirs);
    let mut units: Vec<Unit> = Vec::new();
    for (place, its) in of_theirs.iter().enumerate() {
        units.push(Unit {
            base: *its,
            theirs: Some(place),
            ours: match its {
                Some(its) => ours_of_base.get(its).copied(),
                None => both.get(&place).copied(),
            },
            moved: its.is_some() && !kept[place],
            ..Unit::default()
        });
    }
    let known: Vec<usize> = of_theirs.iter().flatten().copied().collect();
    let gone = (0..base.len()).filter(|place| !known.contains(place));
    let gone = gone.map(|place| Unit {
        base: Some(place),
        ours: ours_of_base.get(&place).copied(),
        ..Unit::default()
    });
    for unit in gone {
        // Behind the one it stood behind.
        let before = units.iter().rposition(|it| it.base.is_some() && it.base < unit.base && !it.moved);
        units.insert(before.map_or(0, |place| place + 1), unit);
    }
    name(&mut units, base, theirs);
    units
}

/// Which section that is new in the source is also new here, by the same name.
fn added_by_both(
    of_theirs: &[Option<usize>],
    of_ours: &[Option<usize>],
    theirs: &[Section<'_>],
    ours: &[Section<'_>],
) -> HashMap<usize, usize> {
    let fresh = |pairs: &[Option<usize>]| -> Vec<usize> {
        (0..pairs.len()).filter(|place| pairs[*place].is_none()).collect()
    };
    let (their_new, our_new) = (fresh(of_theirs), fresh(of_ours));
    let theirs: Vec<Section<'_>> = their_new.iter().map(|place| theirs[*place].clone()).collect();
    let ours: Vec<Section<'_>> = our_new.iter().map(|place| ours[*place].clone()).collect();
    let found = pair(&ours, &theirs).into_iter().enumerate();
    found.filter_map(|(place, its)| Some((their_new[place], our_new[its?]))).collect()
}

/// Which of these kept their order: the longest rising row; of several, the one that comes first.
fn in_order(of_theirs: &[Option<usize>]) -> Vec<bool> {
    // How long the longest row is that begins at each place, from the end on.
    let mut longest = vec![0; of_theirs.len()];
    // Of the rows of each length, the greatest beginning; falling.
    let mut tails: Vec<usize> = Vec::new();
    for (place, its) in of_theirs.iter().enumerate().rev() {
        let Some(its) = its else { continue };
        let length = tails.partition_point(|tail| tail > its);
        if length == tails.len() {
            tails.push(*its);
        } else {
            tails[length] = *its;
        }
        longest[place] = length + 1;
    }
    let (mut wanted, mut last, mut kept) = (tails.len(), None, vec![false; of_theirs.len()]);
    for (place, its) in of_theirs.iter().enumerate() {
        if its.is_some() && longest[place] == wanted && *its > last {
            (kept[place], last) = (true, *its);
            wanted -= 1;
        }
        if wanted == 0 {
            break;
        }
    }
    kept
}

/// Names the sections: after their heading in the source, counted where several have the same. What the source removed is
/// named after what it said, so that it keeps its name whatever else goes.
fn name(units: &mut [Unit], base: &[Section<'_>], theirs: &[Section<'_>]) {
    // The title goes by that name.
    let mut counts: HashMap<String, usize> = HashMap::from([(TITLE.to_owned(), 1)]);
    for unit in units {
        let slug = match (unit.theirs, unit.base) {
            (Some(place), _) => theirs[place].slug(),
            (None, Some(place)) => format!("removed-{}-{:08x}", base[place].slug(), sum(base[place].words())),
            (None, None) => continue,
        };
        let count = counts.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(1);
        unit.id = if *count == 1 { slug } else { format!("{slug}.{count}") };
    }
}

/// A short sum of a text that is the same everywhere and always (FNV-1a).
fn sum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests;
