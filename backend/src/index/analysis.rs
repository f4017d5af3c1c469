//! How texts and questions become terms: words and stems.
//!
//! A word is folded (small letters, no accents). A stem is what the inflections of a word share (Snowball), marked
//! with its language: `_nltoegankelijk`. A text is stemmed in its own language and in the two that Kring speaks,
//! because people forget to say which one they write in; a question is stemmed in every language that Kring knows.
//! So a word finds a text when both have the same stem in a language of the text, whatever language the asker
//! reads Kring in.
//!
//! Words that a hyphen, apostrophe, dot or slash joins count one by one and as one: `inclusie-agenda` is found by
//! "inclusie", "agenda", "inclusieagenda" and "inclusie-agenda".

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_normalization::char::is_combining_mark;

use crate::accounts::LanguageTag;
use crate::error::Fault;
use crate::text::fold::fold;

/// How much of a word counts, in letters.
const LONGEST: usize = 64;

/// How many joined words also count as one.
const JOINED: usize = 4;

/// Most bytes of terms of one text; what comes after is not indexed. A `tsvector` ends at 1 MB.
const MOST_BYTES: usize = 500_000;

/// How many words a question may have.
const MOST_WORDS: usize = 12;

/// The languages whose inflections are known, by their first subtag (BCP 47). The first two are Kring's own.
const LANGUAGES: [(&str, Algorithm); 12] = [
    ("nl", Algorithm::Dutch),
    ("en", Algorithm::English),
    ("ar", Algorithm::Arabic),
    ("de", Algorithm::German),
    ("es", Algorithm::Spanish),
    ("fr", Algorithm::French),
    ("it", Algorithm::Italian),
    ("pl", Algorithm::Polish),
    ("pt", Algorithm::Portuguese),
    ("ru", Algorithm::Russian),
    ("tr", Algorithm::Turkish),
    ("uk", Algorithm::Ukrainian),
];

type Language = (&'static str, Algorithm);

/// Small words that say little. A question with other words is asked without them, so that a spoken sentence finds
/// something. None of these means something of weight in the other language.
const SMALL_WORDS: &[&str] = &[
    "aan", "als", "bij", "dat", "de", "den", "der", "deze", "dit", "een", "en", "er", "haar", "heb", "heeft",
    "het", "hij", "hoe", "hun", "ik", "in", "is", "je", "kan", "met", "mijn", "naar", "of", "om", "ons",
    "onze", "op", "te", "ten", "ter", "tot", "uit", "uw", "voor", "waar", "wat", "we", "wie", "wij", "wordt",
    "worden", "ze", "zich", "zij", "zijn", //
    "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "her", "his", "how",
    "it", "its", "my", "on", "or", "our", "that", "the", "their", "they", "this", "to", "was", "what",
    "where", "who", "with", "you", "your",
];

/// A word of a text, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub place: Range<usize>,
    /// Folded.
    pub word: String,
    /// In small letters as it was written, where that is something else: stemmers know accents and apostrophes.
    spoken: Option<String>,
}

/// Words with no space between them.
struct Run {
    parts: Vec<Token>,
    /// All of them as one word, where they are few.
    whole: Option<Token>,
}

/// The words of a text, in order; joined ones come after their parts.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    runs(text).flat_map(|run| run.parts.into_iter().chain(run.whole))
}

fn runs(text: &str) -> impl Iterator<Item = Run> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].find(char::is_alphanumeric)?;
        let mut places = Vec::new();
        loop {
            let length = text[at..].find(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
            let end = length.map_or(text.len(), |length| at + length);
            places.push(at..end);
            at = end;
            let mut next = text[at..].chars();
            match (next.next(), next.next()) {
                (Some(joint), Some(letter)) if joins(joint) && letter.is_alphanumeric() => {
                    at += joint.len_utf8();
                }
                _ => break,
            }
        }
        let (first, last) = (places[0].start, at);
        let whole = (2..=JOINED).contains(&places.len()).then(|| token(text, first..last)).flatten();
        Some(Run {
            parts: places.into_iter().filter_map(|place| token(text, place)).collect(),
            whole,
        })
    })
}

/// Hyphens, apostrophes and their kin, and what nobody sees (soft hyphens, zero width).
fn joins(c: char) -> bool {
    matches!(
        c,
        '-' | '\'' | '.' | '_' | '/' | '’' | 'ʼ' | '‐' | '‑' | '\u{AD}' | '\u{200B}'
            ..='\u{200D}' | '\u{2060}'
    )
}

fn token(text: &str, place: Range<usize>) -> Option<Token> {
    let written = &text[place.clone()];
    if written.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let word = cut(&written.to_ascii_lowercase()).to_owned();
        return Some(Token { place, word, spoken: None });
    }
    let word = cut(&folded(written)).to_owned();
    let spoken: String = written
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            '\'' | '’' | 'ʼ' => Some('\''),
            c => (!joins(c)).then_some(c),
        })
        .collect();
    let spoken = Some(spoken).filter(|spoken| *spoken != word && spoken.chars().count() <= LONGEST);
    (!word.is_empty()).then_some(Token { place, word, spoken })
}

/// Folded to one word.
fn folded(text: &str) -> String {
    let mut word = fold(text);
    word.retain(|c| c != ' ');
    word
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(LONGEST).map_or(word, |(end, _)| &word[..end])
}

/// The stems of a word, marked with their languages. A single letter has none.
fn stems(token: &Token, languages: &[Language]) -> Vec<String> {
    let mut found = Vec::new();
    if token.word.chars().nth(1).is_none() {
        return found;
    }
    for (code, algorithm) in languages {
        let stemmer = Stemmer::create(*algorithm);
        // Twice where accents or apostrophes were written: not everybody types them.
        for word in [Some(&token.word), token.spoken.as_ref()].into_iter().flatten() {
            let stem = stemmer.stem(word);
            let plain = stem.bytes().all(|b| b.is_ascii_alphanumeric());
            let stem = if plain { stem } else { Cow::Owned(folded(&stem)) };
            let marked = format!("_{code}{}", cut(&stem));
            if !stem.is_empty() && !found.contains(&marked) {
                found.push(marked);
            }
        }
    }
    found
}

/// The languages that a text is stemmed in.
fn languages_of(tag: &LanguageTag) -> Vec<Language> {
    let own = tag.as_str().split('-').next().unwrap_or_default();
    let known = LANGUAGES.iter().enumerate();
    known
        .filter(|(place, (code, _))| *place < 2 || *code == own)
        .map(|(_, language)| *language)
        .collect()
}

/// What something is found by.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub title: Vec<String>,
    /// Those that are not in the title.
    pub body: Vec<String>,
}

/// Analyses a title and a text.
pub fn terms(title: &str, body: &str, language: &LanguageTag) -> Terms {
    let languages = languages_of(language);
    let (mut room, mut known) = (MOST_BYTES, BTreeSet::new());
    let mut gather = |text: &str| {
        let (mut found, mut words) = (Vec::new(), HashSet::new());
        for token in tokens(text) {
            if !words.insert((token.word.clone(), token.spoken.clone())) {
                continue;
            }
            let stems = stems(&token, &languages);
            for term in std::iter::once(token.word).chain(stems) {
                if !known.contains(&term) {
                    let Some(left) = room.checked_sub(term.len()) else { return found };
                    room = left;
                    known.insert(term.clone());
                    found.push(term);
                }
            }
        }
        found
    };
    Terms { title: gather(title), body: gather(body) }
}

/// A question: all of it must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    wanted: Vec<Wanted>,
}

/// One word of a question; joined words are found as one or each by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    whole: AnyOf,
    parts: Vec<AnyOf>,
}

/// What one word is found as.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AnyOf {
    word: String,
    /// As the beginning of a word, too.
    open: bool,
    stems: Vec<String>,
}

impl AnyOf {
    fn of(token: &Token, exactly: bool) -> Self {
        // One letter begins too many words.
        let open = !exactly && token.word.chars().nth(1).is_some();
        let stems = if exactly { Vec::new() } else { stems(token, &LANGUAGES) };
        Self { word: token.word.clone(), open, stems }
    }

    fn finds(&self, word: &str, stems: &[String]) -> bool {
        self.word == word
            || self.open && word.starts_with(&self.word)
            || self.stems.iter().any(|stem| stems.contains(stem))
    }
}

/// How a database wants a question written.
pub(super) struct Grammar {
    pub and: &'static str,
    pub or: &'static str,
    pub quote: char,
    /// Behind the beginning of a word.
    pub open: &'static str,
}

impl Query {
    /// Reads a question. Words in quotation marks are wanted exactly so, without inflections or longer words.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let pieces: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»']).collect();
        let (mut wanted, mut small): (Vec<Wanted>, Vec<Wanted>) = (Vec::new(), Vec::new());
        for (place, piece) in pieces.iter().enumerate() {
            // A mark that nobody closed is inches.
            let exactly = place % 2 == 1 && place + 1 < pieces.len();
            for run in runs(piece) {
                let parts = || run.parts.iter().map(|part| AnyOf::of(part, exactly));
                let found = match &run.whole {
                    Some(whole) => {
                        vec![Wanted { whole: AnyOf::of(whole, exactly), parts: parts().collect() }]
                    }
                    None => parts().map(|whole| Wanted { whole, parts: Vec::new() }).collect(),
                };
                for one in found {
                    let says_little = !exactly && SMALL_WORDS.contains(&one.whole.word.as_str());
                    let list = if says_little { &mut small } else { &mut wanted };
                    if !list.contains(&one) {
                        list.push(one);
                    }
                }
            }
        }
        let wanted = if wanted.is_empty() { small } else { wanted };
        match wanted.len() {
            0 => Err(Fault::new("no_words")),
            1..=MOST_WORDS => Ok(Self { wanted }),
            _ => Err(Fault::new("too_many_words").with("max", MOST_WORDS)),
        }
    }

    /// Terms hold letters, digits and underscores: there is nothing to escape.
    pub(super) fn written(&self, grammar: &Grammar) -> String {
        let Grammar { and, or, quote, open } = grammar;
        let any = |of: &AnyOf| {
            let first = format!("{quote}{}{quote}{}", of.word, if of.open { open } else { "" });
            of.stems.iter().fold(first, |found, stem| format!("{found}{or}{quote}{stem}{quote}"))
        };
        let wanted = self.wanted.iter().map(|wanted| {
            let mut found = any(&wanted.whole);
            if !wanted.parts.is_empty() {
                let parts: Vec<String> = wanted.parts.iter().map(|part| format!("({})", any(part))).collect();
                found = format!("{found}{or}({})", parts.join(and));
            }
            format!("({found})")
        });
        wanted.collect::<Vec<_>>().join(and)
    }

    /// Looks for the words of the question in texts of `language`.
    pub fn finder(&self, language: &LanguageTag) -> Finder<'_> {
        Finder {
            query: self,
            languages: languages_of(language),
            known: HashMap::new(),
        }
    }
}

/// Tells which words of a text answer which of a question, by the rules of the index.
pub struct Finder<'q> {
    query: &'q Query,
    languages: Vec<Language>,
    known: HashMap<(String, Option<String>), u32>,
}

impl Finder<'_> {
    /// Which words of the question this one answers, a bit each. Of joined words each part counts.
    pub fn answers(&mut self, token: &Token) -> u32 {
        let key = (token.word.clone(), token.spoken.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let stems = stems(token, &self.languages);
        let mut found = 0;
        for (place, wanted) in self.query.wanted.iter().enumerate() {
            let mut of = std::iter::once(&wanted.whole).chain(&wanted.parts);
            found |= u32::from(of.any(|of| of.finds(&token.word, &stems))) << place;
        }
        self.known.insert(key, found);
        found
    }

    /// The bits of all words of the question.
    pub fn all(&self) -> u32 {
        (1 << self.query.wanted.len()) - 1
    }
}

#[cfg(test)]
mod tests;
