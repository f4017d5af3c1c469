//! What a text says in a few plain sentences: for who reads slowly, tires soon or wants to know whether to read on
//! (WCAG 3.1.5). In the language of the text it is about, and plain text: it is read in mails, lists and aloud.

use kring_db::text_type;

use super::markdown;
use crate::error::Fault;
use crate::web::fields::lines;

text_type! {
    /// A text in a few plain sentences.
    PlainSummary
}

/// Most characters: what fits on one screen at twice the size.
const MOST: usize = 1_000;

impl PlainSummary {
    pub fn parse(text: String) -> Result<Self, Fault> {
        lines(text.trim(), 1, MOST).map(Self)
    }

    /// As one line.
    pub fn line(&self) -> String {
        self.0.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What search reads: the summary, where there is one, before the text.
    pub fn before(summary: Option<&Self>, text: String) -> String {
        match summary {
            Some(summary) => format!("{summary}\n{text}"),
            None => text,
        }
    }

    /// As it is sent.
    pub fn told(summary: Option<&Self>) -> Option<String> {
        summary.map(ToString::to_string)
    }
}

/// What a list says of a text: its summary whole, or how it begins, in at most `most` characters.
pub fn about(summary: Option<&str>, markdown: &str, most: usize) -> String {
    match summary {
        Some(summary) => summary.split_whitespace().collect::<Vec<_>>().join(" "),
        None => markdown::excerpt(markdown, most),
    }
}

/// What a mail says of a text: its summary, or how what it says begins; whole sentences in at most `most` characters.
pub fn lead(summary: Option<&PlainSummary>, markdown: &str, most: usize) -> String {
    match summary {
        Some(summary) => markdown::sentences(&summary.line(), most),
        None => markdown::lead(markdown, most),
    }
}
