//! A text in sections, and which section of one text became which of another.
//!
//! A section is a heading with what stands below it up to the next heading of whatever level; what stands before the
//! first heading is one without heading. All sections, one after another, are the text, to the letter.
//!
//! Sections are known again by what they say, then by their heading and those above it, then by how much they have in
//! common: one that was renamed, moved or worked on stays the same section. Which of two with the same heading is meant,
//! what they say decides.

use std::collections::HashMap;

use crate::text::differences::Bag;
use crate::text::fold::fold;
use crate::text::headings::{self, MarkdownHeading};

/// A text with more sections has one long last one: comparing would take too long, and nobody goes through them.
const MOST: usize = 2_000;

/// So many pairs are compared by what they have in common. With more sections that are new on both sides, nothing tells
/// them apart in time.
const COMPARED: usize = 40_000;

/// So many of a hundred words two sections share that are the same one.
const ALIKE: usize = 50;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'t> {
    /// In plain words; `None` of what stands before the first heading.
    pub heading: Option<String>,
    /// 1 to 6; 0 without heading.
    pub level: u8,
    /// With its heading, and the empty lines behind it.
    pub text: &'t str,
    /// What stands below the heading.
    body: &'t str,
    /// Its heading and those above it, folded.
    path: String,
}

impl Section<'_> {
    /// What it says. The empty lines behind it are nobody's words.
    pub fn words(&self) -> &str {
        self.text.trim_end()
    }

    /// A name that people can read, of its heading; not yet its own.
    pub fn slug(&self) -> String {
        let folded = self.heading.as_deref().map(fold).unwrap_or_default();
        let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let slug = words.take(8).collect::<Vec<_>>().join("-");
        match (&self.heading, slug.is_empty()) {
            (None, _) => super::merging::BEGIN.to_owned(),
            (Some(_), true) => "section".to_owned(),
            (Some(_), false) => slug.chars().take(60).collect(),
        }
    }
}

/// Cuts a Markdown text into its sections.
pub fn cut(markdown: &str) -> Vec<Section<'_>> {
    let mut headings = headings::of_markdown(markdown);
    headings.truncate(MOST);
    let mut found = Vec::with_capacity(headings.len() + 1);
    let first = headings.first().map_or(markdown.len(), |heading| heading.start);
    if first > 0 {
        let text = &markdown[..first];
        found.push(Section {
            heading: None,
            level: 0,
            text,
            body: text,
            path: String::new(),
        });
    }
    let mut above: Vec<(u8, String)> = Vec::new();
    for (place, heading) in headings.iter().enumerate() {
        let end = headings.get(place + 1).map_or(markdown.len(), |next| next.start);
        above.retain(|(level, _)| *level < heading.level);
        above.push((heading.level, fold(&heading.text)));
        let path: Vec<&str> = above.iter().map(|(_, text)| text.as_str()).collect();
        found.push(section(markdown, heading, end, path.join("\n")));
    }
    found
}

fn section<'t>(markdown: &'t str, heading: &MarkdownHeading, end: usize, path: String) -> Section<'t> {
    Section {
        heading: Some(heading.text.clone()),
        level: heading.level,
        text: &markdown[heading.start..end],
        body: &markdown[heading.end.min(end)..end],
        path,
    }
}

/// For each section of `new`, which one of `old` it was; each at most once.
pub fn pair(old: &[Section<'_>], new: &[Section<'_>]) -> Vec<Option<usize>> {
    let mut pairs = Pairs {
        of_new: vec![None; new.len()],
        old_free: vec![true; old.len()],
        old,
        new,
    };
    pairs.beginnings();
    pairs.by(|section| Some(section.words().to_owned()));
    pairs.by(|section| section.heading.as_ref().map(|_| section.path.clone()));
    pairs.by(|section| section.heading.as_deref().map(fold));
    pairs.by(|section| {
        let body = section.body.trim();
        (section.heading.is_some() && !body.is_empty()).then(|| body.to_owned())
    });
    pairs.by_words();
    pairs.of_new
}

struct Pairs<'s, 't> {
    of_new: Vec<Option<usize>>,
    old_free: Vec<bool>,
    old: &'s [Section<'t>],
    new: &'s [Section<'t>],
}

impl Pairs<'_, '_> {
    fn join(&mut self, old: usize, new: usize) {
        self.of_new[new] = Some(old);
        self.old_free[old] = false;
    }

    /// What stands before the first heading has one place only. It is no section that could move.
    fn beginnings(&mut self) {
        let without = |sections: &[Section<'_>]| sections.first().is_some_and(|it| it.heading.is_none());
        if without(self.old) && without(self.new) {
            self.join(0, 0);
        }
    }

    fn free_old(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.old.len()).filter(|place| self.old_free[*place] && self.old[*place].heading.is_some())
    }

    fn free_new(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.new.len())
            .filter(|place| self.of_new[*place].is_none() && self.new[*place].heading.is_some())
    }

    /// Joins those with the same key; among several those that have most in common.
    fn by(&mut self, key: impl Fn(&Section<'_>) -> Option<String>) {
        let mut groups: HashMap<String, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for place in self.free_old() {
            if let Some(key) = key(&self.old[place]) {
                groups.entry(key).or_default().0.push(place);
            }
        }
        for place in self.free_new() {
            if let Some(group) = key(&self.new[place]).and_then(|key| groups.get_mut(&key)) {
                group.1.push(place);
            }
        }
        for (olds, news) in groups.into_values() {
            if olds.len() > 1 || news.len() > 1 {
                self.alike(&olds, &news, 1);
            }
            // Those that nothing tells apart: in their order.
            let olds = olds.into_iter().filter(|place| self.old_free[*place]).collect::<Vec<_>>();
            let news = news.into_iter().filter(|place| self.of_new[*place].is_none()).collect::<Vec<_>>();
            for (old, new) in olds.into_iter().zip(news) {
                self.join(old, new);
            }
        }
    }

    fn by_words(&mut self) {
        let (olds, news): (Vec<usize>, Vec<usize>) = (self.free_old().collect(), self.free_new().collect());
        self.alike(&olds, &news, ALIKE);
    }

    /// Joins those that have at least so many of a hundred words in common, the most alike first, of equals the nearest.
    fn alike(&mut self, olds: &[usize], news: &[usize], least: usize) {
        if olds.len() * news.len() > COMPARED {
            return;
        }
        let of_old: Vec<Bag<'_>> = olds.iter().map(|place| Bag::of(self.old[*place].text)).collect();
        let of_new: Vec<Bag<'_>> = news.iter().map(|place| Bag::of(self.new[*place].text)).collect();
        let mut found = Vec::new();
        for (old, its) in olds.iter().zip(&of_old) {
            for (new, other) in news.iter().zip(&of_new) {
                let likeness = its.likeness(other);
                if likeness >= least {
                    found.push((std::cmp::Reverse(likeness), old.abs_diff(*new), *old, *new));
                }
            }
        }
        found.sort_unstable();
        for (_, _, old, new) in found {
            if self.old_free[old] && self.of_new[new].is_none() {
                self.join(old, new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str) -> Vec<Option<usize>> {
        pair(&cut(old), &cut(new))
    }

    #[test]
    fn a_text_is_cut_at_its_own_headings() {
        let text = "Vooraf.\n\n# Een\n\ntekst\n\nTwee\n----\n\n```\n# geen kop\n```\n\n> # geciteerd\n\n### *Drie* & meer\n";
        let sections = cut(text);
        let told: Vec<(Option<&str>, u8)> =
            sections.iter().map(|s| (s.heading.as_deref(), s.level)).collect();
        assert_eq!(told, [(None, 0), (Some("Een"), 1), (Some("Twee"), 2), (Some("Drie & meer"), 3)]);
        assert_eq!(sections.iter().map(|s| s.text).collect::<String>(), text);
        assert_eq!(
            sections.iter().map(Section::slug).collect::<Vec<_>>(),
            ["begin", "een", "twee", "drie-meer"]
        );
        assert_eq!(cut("").len(), 0);
    }

    #[test]
    fn a_section_is_known_again() {
        let old = "# Visie\n\nIedereen kan mee.\n\n# Doel\n\nTien haltes in 2026.\n\n# Geld\n\nTwee ton.\n";
        let renamed = "# Visie\n\nIedereen kan mee.\n\n# Wat wij willen\n\nTien haltes in 2026.\n\n# Geld\n\nTwee ton.\n";
        assert_eq!(told(old, renamed), [Some(0), Some(1), Some(2)]);
        let moved = "# Geld\n\nTwee ton.\n\n# Visie\n\nIedereen kan mee.\n\n# Nieuw\n\nX.\n\n# Doel\n\nTien haltes in 2026.\n";
        assert_eq!(told(old, moved), [Some(2), Some(0), None, Some(1)]);
        let reworked = "# Doelen\n\nTwaalf haltes klaar in 2026.\n\n# Visie\n\nIedereen kan zelf mee.\n";
        assert_eq!(told(old, reworked), [Some(1), Some(0)]);
        let before = "Een woord vooraf.\n\n# Visie\n\nIedereen kan mee.\n";
        assert_eq!(told(old, before), [None, Some(0)]);
        assert_eq!(told(before, "Een ander woord.\n"), [Some(0)]);
    }

    #[test]
    fn headings_that_are_there_twice_are_told_apart() {
        let old = "# Bus\n\n## Doel\n\nLage instap.\n\n# Tram\n\n## Doel\n\nBrede deuren.\n";
        let new = "# Tram\n\n## Doel\n\nBredere deuren.\n\n# Bus\n\n## Doel\n\nLage instap overal.\n";
        assert_eq!(told(old, new), [Some(2), Some(3), Some(0), Some(1)]);
        let twice = "# Doel\n\nEen nieuwe zin hier.\n\n# Doel\n\nLage instap bij alle bussen.\n";
        assert_eq!(told("# Doel\n\nLage instap bij de bussen.\n", twice), [None, Some(0)]);
    }

    proptest! {
        #[test]
        fn all_sections_are_the_text(text in "(#{0,3} ?[ab]{0,2}\n{0,2}|=+\n|```\n|> # x\n|é){0,20}") {
            prop_assert_eq!(cut(&text).iter().map(|section| section.text).collect::<String>(), text);
        }

        #[test]
        fn every_section_of_a_text_is_its_own(text in "(# [ab]\n|[abc ]{1,5}\n\n){0,20}") {
            let sections = cut(&text);
            let expected: Vec<Option<usize>> = (0..sections.len()).map(Some).collect();
            prop_assert_eq!(pair(&sections, &sections), expected);
        }
    }
}
