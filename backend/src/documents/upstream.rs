//! An adopted document beside its source: title and sections, what is to become of them, and what comes of that.

use std::collections::{HashMap, HashSet};

use super::merging::{Merge, SectionState, TITLE, Take, Told};
use super::model::{Base, TakeOver, Title};
use crate::error::{Error, Fault, FieldError, Result};

/// The three texts, with files by their ids in the adopting network.
#[derive(Clone, Debug)]
pub struct Texts {
    /// The source as far as it was dealt with.
    pub base: Base,
    /// The source as it is now.
    pub theirs: Base,
    pub ours: Base,
}

/// What came of dealing with sections.
#[derive(Clone, Debug)]
pub struct Dealt {
    pub base: Base,
    pub title: Title,
    pub body: String,
    /// Nothing is left to deal with.
    pub done: bool,
}

impl Texts {
    pub fn merge(&self) -> Merge<'_> {
        Merge::of(&self.base.body, &self.theirs.body, &self.ours.body)
    }

    /// The title, as a section.
    pub fn title(&self) -> Told<'_> {
        let [base, theirs, ours] = [&self.base, &self.theirs, &self.ours].map(|text| text.title.as_str());
        let changed = theirs != base && theirs != ours;
        Told {
            id: TITLE,
            heading: None,
            level: 0,
            state: if changed { SectionState::Changed } else { SectionState::Unchanged },
            moved: false,
            conflict: changed && ours != base,
            base: Some(base),
            theirs: Some(theirs),
            ours: Some(ours),
        }
    }

    /// Deals with what `wish` says; every section that cannot be dealt with so is a fault.
    pub fn deal(&self, wish: &TakeOver) -> Result<Dealt> {
        let merge = self.merge();
        let mut told = merge.told();
        told.insert(0, self.title());
        let takes = takes(&told, wish)?;
        let title = takes.get(TITLE).filter(|_| told[0].state != SectionState::Unchanged);
        let mut dealt = Dealt {
            base: self.base.clone(),
            title: self.ours.title.clone(),
            body: String::new(),
            done: false,
        };
        if title.is_some() || self.theirs.title == self.ours.title {
            dealt.base.title = self.theirs.title.clone();
        }
        match title {
            Some(Take::Theirs) => dealt.title = self.theirs.title.clone(),
            Some(Take::Text(text)) => {
                dealt.title = Title::parse(text.clone()).map_err(|fault| fault.at("/sections"))?;
            }
            Some(Take::Mine) | None => {}
        }
        let merged = merge.deal(&takes);
        (dealt.base.body, dealt.body) = (merged.base, merged.ours);
        let after = Self {
            base: dealt.base.clone(),
            theirs: self.theirs.clone(),
            ours: Base { title: dealt.title.clone(), body: dealt.body.clone() },
        };
        dealt.done = after.title().state == SectionState::Unchanged && after.merge().is_done();
        Ok(dealt)
    }
}

/// What becomes of each section, by its id. In a conflict somebody has to choose.
fn takes<'t>(told: &'t [Told<'t>], wish: &TakeOver) -> Result<HashMap<&'t str, Take>> {
    let mut takes = HashMap::new();
    let mut faults = Vec::new();
    let mut named = HashSet::new();
    for (place, (id, take)) in wish.sections.iter().enumerate() {
        let mut fault = |member: &str, code| {
            faults.push(FieldError {
                pointer: format!("/sections/{place}/{member}"),
                fault: Fault::new(code),
            });
        };
        let Some(section) = told.iter().find(|section| section.id == id) else {
            fault("id", "unknown_section");
            continue;
        };
        let offered = section.state != SectionState::Unchanged;
        match take {
            _ if !named.insert(section.id) => fault("id", "twice"),
            None if section.conflict => fault("take", "needs_choice"),
            Some(Take::Text(_)) if !offered => fault("id", "unknown_section"),
            take => drop(takes.insert(section.id, take.clone().unwrap_or(Take::Theirs))),
        }
    }
    for section in told.iter().filter(|section| section.state != SectionState::Unchanged) {
        match &wish.others {
            Some(others) if !named.contains(section.id) => {
                if section.conflict && *others == Take::Theirs {
                    let fault = Fault::new("needs_choice");
                    faults.push(FieldError { pointer: "/others".into(), fault });
                }
                takes.insert(section.id, others.clone());
            }
            _ => {}
        }
    }
    faults.dedup();
    if faults.is_empty() {
        Ok(takes)
    } else {
        Err(Error::Invalid(faults))
    }
}
