//! Folding: what two spellings of a word share. Used by search, lists by name, and nothing that is shown.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Small letters without accents; everything that is neither letter nor digit becomes one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'ø' => folded.push('o'),
            'œ' => folded.push_str("oe"),
            'ł' => folded.push('l'),
            c if c.is_alphanumeric() => folded.push(c),
            // An apostrophe parts, as a hyphen does: 's-Gravenhage becomes "s gravenhage", and is found by "gravenhage".
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_letters_and_digits_only() {
        for (text, folded) in [
            ("Súdwest-Fryslân", "sudwest fryslan"),
            ("  's-Gravenhage ", "s gravenhage"),
            ("Œuvre №5", "oeuvre no5"),
            ("!?", ""),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
