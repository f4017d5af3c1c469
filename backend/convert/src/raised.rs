//! Letters that stand above or below the line by themselves.

const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉";

fn mapped(text: &str, digits: &str, signs: &[(char, char)]) -> Option<String> {
    text.chars()
        .map(|c| match c {
            '0'..='9' => digits.chars().nth(c as usize - '0' as usize),
            ' ' => Some(' '),
            c => signs.iter().find(|(plain, _)| *plain == c).map(|(_, sign)| *sign),
        })
        .collect()
}

/// m², 10⁻³.
pub fn superscript(text: &str) -> Option<String> {
    mapped(text, RAISED, &[('+', '⁺'), ('-', '⁻'), ('\u{2212}', '⁻'), ('(', '⁽'), (')', '⁾'), ('n', 'ⁿ')])
}

/// CO₂.
pub fn subscript(text: &str) -> Option<String> {
    mapped(text, LOWERED, &[('+', '₊'), ('-', '₋'), ('\u{2212}', '₋'), ('(', '₍'), (')', '₎')])
}
