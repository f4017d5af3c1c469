//! Highlights: which words of a text answer the question, and the piece of it where most of them stand.

use std::ops::Range;

use serde::Serialize;
use utoipa::ToSchema;

use crate::index::analysis::{Finder, tokens};

/// How long an excerpt is, in characters.
const LENGTH: usize = 240;

/// How much of it stands before the first word that was found.
const BEFORE: usize = 60;

/// A piece of a text, to be shown in a row with the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextPart {
    #[schema(example = "toegankelijkheid")]
    pub text: String,
    /// It answers a word of the query: show it with `mark`.
    #[serde(rename = "match")]
    pub found: bool,
}

/// The whole of a short text, in parts.
pub fn marked(text: &str, finder: &mut Finder<'_>) -> Vec<TextPart> {
    let mut parts = Vec::new();
    let mut at = 0;
    for place in found(text, finder) {
        push(&mut parts, &text[at..place.start], false);
        push(&mut parts, &text[place.clone()], true);
        at = place.end;
    }
    push(&mut parts, &text[at..], false);
    parts
}

/// The piece of a text in which most words of the question stand first; its beginning where none does.
pub fn excerpt(text: &str, finder: &mut Finder<'_>) -> Vec<TextPart> {
    let start = best_place(text, finder).map_or(0, |place| back(text, place, BEFORE));
    let end = forth(text, start, LENGTH);
    let mut parts = marked(text[start..end].trim(), finder);
    if start > 0 {
        match parts.first_mut() {
            Some(first) if !first.found => first.text.insert(0, '…'),
            _ => parts.insert(0, TextPart { text: "…".into(), found: false }),
        }
    }
    if end < text.trim_end().len() {
        match parts.last_mut() {
            Some(last) if !last.found => last.text.push('…'),
            _ => parts.push(TextPart { text: "…".into(), found: false }),
        }
    }
    parts
}

/// The places of words that were found, without overlaps.
fn found(text: &str, finder: &mut Finder<'_>) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for token in tokens(text).filter(|token| finder.answers(token) != 0) {
        // Joined words come after their parts: what lies within is already told.
        while places.last().is_some_and(|last| last.start >= token.place.start) {
            places.pop();
        }
        if places.last().is_none_or(|last| last.end <= token.place.start) {
            places.push(token.place);
        }
    }
    places
}

/// Where the first stretch begins that holds the most words of the question. Stops reading where all are found.
fn best_place(text: &str, finder: &mut Finder<'_>) -> Option<usize> {
    let (mut near, mut best): (Vec<(usize, u32)>, Option<(u32, usize)>) = (Vec::new(), None);
    for token in tokens(text) {
        let answers = finder.answers(&token);
        if answers == 0 {
            continue;
        }
        near.push((token.place.start, answers));
        near.retain(|(start, _)| start + LENGTH - BEFORE >= token.place.end);
        let together = near.iter().fold(0, |bits, (_, answers)| bits | answers);
        // One word longer than the stretch leaves nothing near.
        let start = near.first().map_or(token.place.start, |(start, _)| *start);
        if best.is_none_or(|(most, _)| together.count_ones() > most) {
            best = Some((together.count_ones(), start));
        }
        if together == finder.all() {
            break;
        }
    }
    best.map(|(_, start)| start)
}

/// At most `most` characters before `place`, at the beginning of a word.
fn back(text: &str, place: usize, most: usize) -> usize {
    let mut before = text[..place].char_indices().rev();
    let Some((earliest, _)) = before.nth(most) else { return 0 };
    let gap = text[earliest..place].find(char::is_whitespace);
    gap.map_or(place, |gap| earliest + gap)
}

/// At most `most` characters behind `start`, at the end of a word.
fn forth(text: &str, start: usize, most: usize) -> usize {
    let Some((latest, _)) = text[start..].char_indices().nth(most) else { return text.len() };
    let piece = &text[start..start + latest];
    let gap = piece.rfind(char::is_whitespace).filter(|gap| gap * 2 > piece.len());
    start + gap.unwrap_or(piece.len())
}

/// Line ends and other gaps are told as one space.
fn push(parts: &mut Vec<TextPart>, text: &str, found: bool) {
    let mut told = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            told.push(c);
        } else if !told.ends_with(' ') {
            told.push(' ');
        }
    }
    if !told.is_empty() {
        parts.push(TextPart { text: told, found });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::LanguageTag;
    use crate::index::analysis::Query;

    fn told(parts: &[TextPart]) -> String {
        parts
            .iter()
            .map(|part| {
                if part.found {
                    format!("[{}]", part.text)
                } else {
                    part.text.clone()
                }
            })
            .collect()
    }

    fn dutch() -> LanguageTag {
        LanguageTag::parse("nl".into()).unwrap()
    }

    #[test]
    fn what_is_found_is_marked_as_it_was_written() {
        for (question, text, marked_text) in [
            ("toegankelijke", "De Toegankelijkheid\nvan haltes", "De [Toegankelijkheid] van haltes"),
            ("cafe", "In het Café, bij de cafés.", "In het [Café], bij de [cafés]."),
            ("inclusieagenda", "De inclusie-agenda is er.", "De [inclusie-agenda] is er."),
            ("agenda", "De inclusie-agenda is er.", "De inclusie-[agenda] is er."),
            ("inclusie agenda", "De inclusie-agenda is er.", "De [inclusie-agenda] is er."),
            ("niets", "Hier staat iets anders.", "Hier staat iets anders."),
        ] {
            let query = Query::parse(question).unwrap();
            assert_eq!(told(&marked(text, &mut query.finder(&dutch()))), marked_text, "{question}");
        }
    }

    #[test]
    fn an_excerpt_shows_where_most_words_stand_together() {
        let query = Query::parse("halte perron").unwrap();
        let text = format!(
            "Een halte. {} Bij deze halte is het perron te laag. {}",
            "Bla bla. ".repeat(60),
            "Slot. ".repeat(60)
        );
        let parts = excerpt(&text, &mut query.finder(&dutch()));
        let shown = told(&parts);
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
        assert!(shown.contains("Bij deze [halte] is het [perron] te laag."), "{shown}");
        let length: usize = parts.iter().map(|part| part.text.chars().count()).sum();
        assert!(length <= LENGTH + 2, "{length}: {shown}");
    }

    proptest::proptest! {
        #[test]
        fn an_excerpt_of_anything_is_a_piece_of_it(text in "(?s).{0,400}", question in ".{1,20}") {
            if let Ok(query) = Query::parse(&question) {
                let parts = excerpt(&text, &mut query.finder(&dutch()));
                let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                let shown: String = parts.iter().map(|part| part.text.as_str()).collect();
                let shown = bare(shown.trim_start_matches('…').trim_end_matches('…'));
                proptest::prop_assert!(bare(&text).contains(&shown));
            }
        }
    }
}
