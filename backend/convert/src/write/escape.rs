//! Text that stays the text it is, whatever Markdown would make of it.

/// Text without what Kring takes from nobody: control characters, and no-characters. Tabs and line ends stay.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => Some('\n'),
            '\u{AD}' | '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => None,
            c if c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE => None,
            c => Some(c),
        })
        .collect()
}

/// Where text stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    pub in_table: bool,
    pub in_link: bool,
    /// The character before it.
    pub before: Option<char>,
    /// The character behind it.
    pub after: Option<char>,
}

/// The text with a backslash before what would mean something.
pub fn escaped(text: &str, place: Place) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut told = String::with_capacity(text.len() + 8);
    for (at, &c) in letters.iter().enumerate() {
        let before = if at == 0 { place.before } else { letters.get(at - 1).copied() };
        let after = letters.get(at + 1).copied().or(if at + 1 == letters.len() { place.after } else { None });
        let means = match c {
            '\\' | '`' | '*' | '[' | '~' => true,
            ']' => place.in_link,
            '|' => place.in_table,
            '_' => !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)),
            '<' => after.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '!' => matches!(after, Some('[')),
            '&' => is_entity(&letters[at + 1..], place.after),
            _ => false,
        };
        if means {
            told.push('\\');
        }
        told.push(c);
    }
    told
}

/// Would `&` and this be read as one character, or with what stands behind the text?
fn is_entity(rest: &[char], after: Option<char>) -> bool {
    let names = |c: &char| c.is_ascii_alphanumeric() || *c == '#';
    let name = rest.iter().take(33).take_while(|c| names(c)).count();
    match rest.get(name) {
        Some(c) => *c == ';' && name > 0,
        None => after.is_some_and(|c| c == ';' || names(&c)),
    }
}

/// A line of a paragraph, whose beginning must not make it a heading, a list, a quote, a table or a rule.
pub fn begun(line: &str) -> String {
    let line = line.trim_start();
    let escape = |at: usize| format!("{}\\{}", &line[..at], &line[at..]);
    match line.chars().next() {
        Some('#' | '>' | '+' | '-' | '=' | '|' | ':') => {
            let rest = line.trim_start_matches('#');
            let heads = line.starts_with('#') && (rest.is_empty() || rest.starts_with([' ', '\t']));
            let marks =
                line.starts_with(['+', '-']) && (line.len() == 1 || line[1..].starts_with([' ', '\t']));
            let ruled = line.starts_with(['-', '=', '|', ':'])
                && line.chars().all(|c| matches!(c, '-' | '=' | '|' | ':' | ' '));
            if heads || marks || ruled || line.starts_with('>') {
                escape(0)
            } else {
                line.to_owned()
            }
        }
        Some('0'..='9') => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let marked = line[digits..].starts_with(['.', ')']);
            let ends = marked && (line.len() == digits + 1 || line[digits + 1..].starts_with([' ', '\t']));
            if ends && digits <= 9 { escape(digits) } else { line.to_owned() }
        }
        _ => line.to_owned(),
    }
}
