//! How hard a text is to read, in figures. They count what can be counted: long words and long sentences. They know
//! nothing of order, of words that nobody knows, or of what a reader knows already; a figure is a reason to read the text
//! aloud, never a judgement.
//!
//! - Flesch-Douma, for Dutch: 206.835 − 0.93 × words a sentence − 77 × syllables a word (W. Douma, *De leesbaarheid van
//!   landbouwbladen*, 1960, after Flesch).
//! - Flesch reading ease, for English: 206.835 − 1.015 × words a sentence − 84.6 × syllables a word (R. Flesch, *A new
//!   readability yardstick*, 1948).
//! - LIX, for any language: words a sentence + 100 × the share of words of more than six letters (C. H. Björnsson,
//!   *Läsbarhet*, 1968).

use kring_db::word_type;

use super::{LONG_SENTENCE, syllables};
use crate::text::lang::Lang;

/// Fewer words than this say nothing about a text.
pub const ENOUGH: usize = 50;

/// From so many letters on a word is long, to LIX.
const LONG_WORD: usize = 7;

word_type! {
    /// How a figure is found.
    Measure { FleschDouma = "flesch-douma", Flesch = "flesch", Lix = "lix" }
}

word_type! {
    /// What a figure says, in steps from easy to hard.
    Ease { VeryEasy = "very_easy", Easy = "easy", Plain = "plain", Hard = "hard", VeryHard = "very_hard" }
}

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    pub measure: Measure,
    /// To one decimal.
    pub value: f64,
    pub ease: Ease,
}

/// What was counted in a text, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    pub words: usize,
    pub sentences: usize,
    /// Sentences of more than [`LONG_SENTENCE`] words.
    pub long_sentences: usize,
    /// To one decimal; 0 of an empty text.
    pub words_per_sentence: f64,
    pub syllables_per_word: f64,
    /// Empty where the text has fewer than [`ENOUGH`] words.
    pub scores: Vec<Score>,
}

/// Counts as sentences come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    words: usize,
    sentences: usize,
    long_sentences: usize,
    syllables: usize,
    long_words: usize,
}

impl Counts {
    pub fn add(&mut self, words: &[&str], tongue: Option<Lang>) {
        if words.is_empty() {
            return;
        }
        let syllables = match tongue {
            Some(Lang::Nl) => syllables::dutch,
            Some(Lang::En) => syllables::english,
            None => syllables::other,
        };
        self.sentences += 1;
        self.long_sentences += usize::from(words.len() > LONG_SENTENCE);
        self.words += words.len();
        self.syllables += words.iter().map(|word| syllables(word)).sum::<usize>();
        let long = |word: &&&str| word.chars().filter(|c| c.is_alphabetic()).count() >= LONG_WORD;
        self.long_words += words.iter().filter(long).count();
    }

    pub fn figures(self, tongue: Option<Lang>) -> Figures {
        let ratio = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
        let (length, weight) = (ratio(self.words, self.sentences), ratio(self.syllables, self.words));
        let flesch = match tongue {
            Some(Lang::Nl) => Some((Measure::FleschDouma, 206.835 - 0.93 * length - 77.0 * weight)),
            Some(Lang::En) => Some((Measure::Flesch, 206.835 - 1.015 * length - 84.6 * weight)),
            None => None,
        };
        let flesch =
            flesch.map(|(measure, value)| Score { measure, value: tenths(value), ease: flesch_ease(value) });
        let lix = length + 100.0 * ratio(self.long_words, self.words);
        let lix = Score {
            measure: Measure::Lix,
            value: tenths(lix),
            ease: lix_ease(lix),
        };
        Figures {
            words: self.words,
            sentences: self.sentences,
            long_sentences: self.long_sentences,
            words_per_sentence: tenths(length),
            syllables_per_word: tenths(weight),
            scores: if self.words < ENOUGH {
                Vec::new()
            } else {
                flesch.into_iter().chain([lix]).collect()
            },
        }
    }
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Flesch's own steps, drawn together to five: 80, 70, 60 and 50 part them.
fn flesch_ease(value: f64) -> Ease {
    match value {
        value if value >= 80.0 => Ease::VeryEasy,
        value if value >= 70.0 => Ease::Easy,
        value if value >= 60.0 => Ease::Plain,
        value if value >= 50.0 => Ease::Hard,
        _ => Ease::VeryHard,
    }
}

/// Björnsson's steps: books for children, fiction, newspapers, writing of officials, science.
fn lix_ease(value: f64) -> Ease {
    match value {
        value if value < 30.0 => Ease::VeryEasy,
        value if value < 40.0 => Ease::Easy,
        value if value < 50.0 => Ease::Plain,
        value if value < 60.0 => Ease::Hard,
        _ => Ease::VeryHard,
    }
}
