//! Advice to whoever writes: what would make a text easier to read, and for whom. Never a gate: everything can be saved
//! as it is.
//!
//! Sources of the rules:
//!
//! - headings, lists and tables that are what they look like: WCAG 2.2, 1.3.1 (techniques H42, H48, H51; failure F2),
//!   and headings that say something: 2.4.6;
//! - links that say where they lead: 2.4.4 (G91; failures F63, F84);
//! - images with a text: 1.1.1 (G94, H37; failures F30, F65);
//! - short sentences and no shouting: 3.1.5 (G153). That a sentence has at most twenty words is what the Dutch
//!   government asks of its own texts (Direct Duidelijk);
//! - how hard a text is to read: [`figures`], as information and never as a finding.
//!
//! Everything here is pure and linear in the text. Of findings the first [`MOST`] are told, and how many there are.

pub mod figures;
mod sentences;
mod structure;
mod syllables;
mod words;

use kring_db::word_type;

pub use figures::Figures;

use crate::text::lang::Lang;

/// So many findings are told; more would be read by nobody.
pub const MOST: usize = 50;

/// The longest piece of a text that a finding shows, in characters.
const EXCERPT: usize = 80;

/// A sentence of more words than this is long.
pub const LONG_SENTENCE: usize = 20;

word_type! {
    /// What could be better.
    AdviceCode {
        SkippedHeading = "skipped_heading",
        SeveralTopHeadings = "several_top_headings",
        EmptyHeading = "empty_heading",
        FakeHeading = "fake_heading",
        EmptyLink = "empty_link",
        VagueLink = "vague_link",
        BareAddress = "bare_address",
        TableWithoutHeader = "table_without_header",
        ImageWithoutText = "image_without_text",
        ImageFileName = "image_file_name",
        FakeList = "fake_list",
        LongSentence = "long_sentence",
        Capitals = "capitals",
    }
}

impl AdviceCode {
    /// The success criterion of WCAG 2.2 that it serves.
    pub fn rule(self) -> &'static str {
        match self {
            Self::SkippedHeading
            | Self::SeveralTopHeadings
            | Self::FakeHeading
            | Self::TableWithoutHeader
            | Self::FakeList => "1.3.1",
            Self::EmptyHeading => "2.4.6",
            Self::EmptyLink | Self::VagueLink | Self::BareAddress => "2.4.4",
            Self::ImageWithoutText | Self::ImageFileName => "1.1.1",
            Self::LongSentence | Self::Capitals => "3.1.5",
        }
    }
}

/// Something that could be better, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: AdviceCode,
    /// What its sentence needs.
    pub args: Vec<(&'static str, String)>,
    /// The line of the Markdown, from 1.
    pub line: usize,
    /// What stands there, plain and not too long; empty where nothing does.
    pub excerpt: String,
}

impl Finding {
    fn new(code: AdviceCode, line: usize, excerpt: &str) -> Self {
        let line_of_text = excerpt.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            code,
            args: Vec::new(),
            line,
            excerpt: super::markdown::shorten(&line_of_text, EXCERPT),
        }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Collects findings, and counts those that are too many to tell.
#[derive(Debug, Default)]
struct Findings {
    told: Vec<Finding>,
    total: usize,
}

impl Findings {
    fn add(&mut self, finding: Finding) {
        self.total += 1;
        if self.told.len() < MOST {
            self.told.push(finding);
        }
    }
}

/// Advice on a text.
#[derive(Clone, Debug)]
pub struct Advice {
    /// In the order of the text; at most [`MOST`].
    pub findings: Vec<Finding>,
    /// How many there are in all.
    pub total: usize,
    pub figures: Figures,
}

/// Looks a text over. `language` is its BCP 47 tag; `decorative` tells of an image's address whether it is marked as
/// decoration, which needs no text. The words and the grammar of other languages than Kring's own are not known.
pub fn advise(markdown: &str, language: &str, decorative: &dyn Fn(&str) -> bool) -> Advice {
    let tongue = Lang::of_tag(language);
    let mut findings = Findings::default();
    let passages = structure::look(markdown, decorative, &mut findings);
    let mut counts = figures::Counts::default();
    for passage in &passages {
        for sentence in sentences::of(&passage.text, tongue) {
            let words: Vec<&str> = words::of(sentence.text).collect();
            counts.add(&words, tongue);
            let line = passage.line_at(sentence.start);
            if words.len() > LONG_SENTENCE {
                let found = Finding::new(AdviceCode::LongSentence, line, sentence.text);
                findings.add(found.with("count", words.len()));
            }
        }
        for (start, shouted) in words::shouted(&passage.text) {
            findings.add(Finding::new(AdviceCode::Capitals, passage.line_at(start), shouted));
        }
    }
    let lines = markdown.lines().count().max(1);
    let Findings { mut told, total } = findings;
    for finding in &mut told {
        finding.line = finding.line.clamp(1, lines);
    }
    // Stable: what stands on one line stays in the order in which it was found.
    told.sort_by_key(|finding| finding.line);
    Advice { findings: told, total, figures: counts.figures(tongue) }
}

#[cfg(test)]
mod tests;
