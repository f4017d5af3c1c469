//! Sentences, by Unicode's rules (UAX 29) and what they do not know: abbreviations.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::lang::Lang;

/// A sentence and where in the text it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence<'t> {
    pub start: usize,
    pub text: &'t str,
}

/// What ends with a point and seldom ends a sentence, in small letters.
const DUTCH: &[&str] = &[
    "bijv.", "bv.", "o.a.", "d.w.z.", "dhr.", "mevr.", "mw.", "dr.", "drs.", "ir.", "ing.", "mr.", "prof.",
    "ds.", "nr.", "nrs.", "blz.", "pag.", "p.", "art.", "artt.", "lid.", "ca.", "circa.", "m.b.t.", "i.p.v.",
    "t.a.v.", "t.b.v.", "t.o.v.", "i.v.m.", "m.i.v.", "m.n.", "i.h.b.", "incl.", "excl.", "max.", "min.",
    "tel.", "resp.", "evt.", "zgn.", "vgl.", "jl.", "a.s.", "st.", "hfst.", "par.", "fam.", "gem.", "afd.",
    "z.s.m.", "n.a.v.", "o.l.v.", "a.d.h.v.", "d.d.", "c.q.", "w.o.", "sr.", "jr.", "wethr.", "burg.",
];
const ENGLISH: &[&str] = &[
    "e.g.", "i.e.", "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "no.", "nos.", "vs.", "art.", "p.", "pp.",
    "fig.", "approx.", "dept.", "cf.", "ca.", "incl.", "max.", "min.", "tel.", "jr.", "sr.", "rev.", "hon.",
    "ch.", "sec.", "vol.",
];

/// The sentences of a paragraph. Pieces without a letter or digit are none.
pub fn of(text: &str, tongue: Option<Lang>) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    for (place, piece) in text.split_sentence_bound_indices() {
        let from = *start.get_or_insert(place);
        let end = place + piece.len();
        if !goes_on(piece, tongue) || end == text.len() {
            found.push(Sentence { start: from, text: text[from..end].trim() });
            start = None;
        }
    }
    found.retain(|sentence| sentence.text.chars().any(char::is_alphanumeric));
    found
}

/// Does the sentence go on behind this piece, because it ends with an abbreviation, an initial or a number in a row?
fn goes_on(piece: &str, tongue: Option<Lang>) -> bool {
    // A line of its own ends what stands on it.
    if piece.ends_with(['\n', '\r', '\u{2029}']) {
        return false;
    }
    let Some(last) = piece.split_whitespace().next_back() else { return false };
    let last = last.trim_start_matches(['(', '"', '\'', '“', '‘', '[']);
    // "A.", "J.P.": each letter a capital.
    let initial = last.ends_with('.')
        && last
            .trim_end_matches('.')
            .split('.')
            .all(|letter| letter.chars().count() == 1 && letter.chars().all(char::is_uppercase));
    let known = match tongue {
        Some(Lang::Nl) => DUTCH,
        Some(Lang::En) => ENGLISH,
        None => &[],
    };
    initial || known.contains(&last.to_lowercase().as_str())
}
