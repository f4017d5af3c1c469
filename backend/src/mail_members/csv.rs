//! Lists of people as spreadsheets write them.
//!
//! With or without a line of headings; commas, semicolons or tabs; UTF-8 or UTF-16 with its mark, UTF-8 without, else
//! Windows-1252, which reads any bytes. What is wrong with a line is told of that line alone.

use super::model::{Line, NewInvitation};
use crate::accounts::{DisplayName, Email};
use crate::error::Fault;
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// So many lines are taken at once.
pub const MOST: usize = 1_000;

/// What columns are called, folded.
const EMAIL: &[&str] = &[
    "email",
    "e mail",
    "mail",
    "emailadres",
    "e mailadres",
    "mailadres",
    "email address",
    "e mail address",
];
const LANGUAGE: &[&str] = &["language", "taal", "lang"];
const NAME: &[&str] = &["name", "naam", "display name", "full name", "volledige naam"];

/// Where in a line things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    email: usize,
    language: Option<usize>,
    name: Option<usize>,
}

/// Where things stand when no headings say so.
const USUAL: Columns = Columns { email: 0, language: Some(1), name: Some(2) };

/// Reads the lines of a file; empty ones are passed over.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    let text = decoded(bytes);
    let mut records = records(&text, true);
    // A quote that is never closed would swallow all lines after it.
    if records.iter().any(|(_, cells)| cells.iter().any(|cell| cell.contains('\n'))) {
        records = self::records(&text, false);
    }
    let mut columns = USUAL;
    if let Some(found) = records.first().and_then(|(_, cells)| headings(cells)) {
        columns = found;
        records.remove(0);
    }
    match records.len() {
        0 => Err(Fault::new("no_lines")),
        many if many > MOST => Err(Fault::new("too_many_lines").with("max", MOST)),
        _ => Ok(records.into_iter().map(|(number, cells)| line(number, &cells, columns)).collect()),
    }
}

fn decoded(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The cells of each line that has any, with its number.
fn records(text: &str, quoting: bool) -> Vec<(u64, Vec<String>)> {
    // Excel's own way to say which separator it used.
    let (skipped, text) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().starts_with("sep=") => (1, rest),
        _ => (0, text),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .quoting(quoting)
        .delimiter(separator(text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut found = Vec::new();
    // Text in memory has no fault that ends the reading.
    for record in reader.records().flatten() {
        let (byte, line) = record.position().map_or((0, 1), |at| (at.byte() as usize, at.line()));
        // The position is before empty lines.
        let empty = text[byte.min(text.len())..].chars().take_while(|c| c.is_ascii_whitespace());
        let empty = empty.filter(|c| *c == '\n').count() as u64;
        let bare = |cell: &str| cell.trim_matches(|c: char| !quoting && c == '"').trim().to_owned();
        let cells: Vec<String> = record.iter().map(bare).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            found.push((line + empty + skipped, cells));
        }
    }
    found
}

/// What most of the first line that has any stands between.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    // The first of equals: a line without any has one cell either way.
    [b';', b'\t']
        .into_iter()
        .filter(|other| count(*other) > count(b','))
        .max_by_key(|it| count(*it))
        .unwrap_or(b',')
}

/// Where things stand, if `cells` are headings: they name a column for addresses, and hold none.
fn headings(cells: &[String]) -> Option<Columns> {
    if cells.iter().any(|cell| cell.contains('@')) {
        return None;
    }
    let cells: Vec<String> = cells.iter().map(|cell| fold(cell)).collect();
    let place = |names: &[&str]| cells.iter().position(|cell| names.contains(&cell.as_str()));
    Some(Columns {
        email: place(EMAIL)?,
        language: place(LANGUAGE),
        name: place(NAME),
    })
}

fn line(number: u64, cells: &[String], columns: Columns) -> Line {
    let cell = |place: usize| cells.get(place).map(String::as_str).filter(|cell| !cell.is_empty());
    let email = cell(columns.email).unwrap_or_default();
    let parsed = || {
        Ok(NewInvitation {
            email: Email::parse(email.to_owned())?,
            language: columns.language.and_then(cell).map(language).transpose()?,
            name: columns.name.and_then(cell).map(|name| DisplayName::parse(name.to_owned())).transpose()?,
        })
    };
    Line {
        number,
        email: email.chars().take(254).collect(),
        parsed: parsed(),
    }
}

/// A language as people write it.
fn language(text: &str) -> Result<Lang, Fault> {
    match fold(text).as_str() {
        "nederlands" | "dutch" => Ok(Lang::Nl),
        "engels" | "english" => Ok(Lang::En),
        _ => Lang::of_tag(text).ok_or_else(|| Fault::new("not_allowed").with("allowed", "nl, en")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Number, address, language, name, and what is wrong.
    fn told(bytes: &[u8]) -> Vec<(u64, String, String, String, &'static str)> {
        let lines = read(bytes).expect("a list").into_iter();
        lines
            .map(|line| match line.parsed {
                Ok(new) => {
                    let language = new.language.map(Lang::as_str).unwrap_or_default().to_owned();
                    let name = new.name.map(|name| name.to_string()).unwrap_or_default();
                    (line.number, new.email.to_string(), language, name, "")
                }
                Err(fault) => (line.number, line.email, String::new(), String::new(), fault.code),
            })
            .collect()
    }

    fn row(
        number: u64,
        email: &str,
        language: &str,
        name: &str,
    ) -> (u64, String, String, String, &'static str) {
        (number, email.into(), language.into(), name.into(), "")
    }

    #[test]
    fn a_list_is_read_as_spreadsheets_write_it() {
        let jose = row(2, "jose@example.org", "nl", "José Muñoz");
        assert_eq!(told(b"jan@example.org"), [row(1, "jan@example.org", "", "")]);
        assert_eq!(
            told(b"a@b.nl,en,Ann\r\n\r\nc@d.nl\r\n"),
            [row(1, "a@b.nl", "en", "Ann"), row(3, "c@d.nl", "", "")]
        );
        assert_eq!(
            told("\u{feff}E-mailadres;Taal;Naam\njose@example.org;nl;José Muñoz\n".as_bytes()),
            std::slice::from_ref(&jose)
        );
        assert_eq!(
            told(b"naam;lidnr;taal;email\r\nJos\xe9 Mu\xf1oz;7;Nederlands;jose@example.org"),
            std::slice::from_ref(&jose)
        );
        assert_eq!(
            told(b"sep=;\nnaam;e-mail\n\"de Vries; Piet\";piet@example.org"),
            [row(3, "piet@example.org", "", "de Vries; Piet")]
        );
        let wide = "Email\tTaal\tNaam\njose@example.org\tnl-NL\tJosé Muñoz\n".encode_utf16();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide.flat_map(u16::to_le_bytes)).collect();
        assert_eq!(told(&wide), [jose]);
    }

    #[test]
    fn a_faulty_line_spoils_no_other() {
        let read = told(
            b"email,taal\n\"open@example.org,nl\nb@example.org,fr\nc@example,nl\n,nl\nd@example.org,en\n",
        );
        let faults: Vec<(u64, &str)> = read.iter().map(|line| (line.0, line.4)).collect();
        assert_eq!(faults, [(2, ""), (3, "not_allowed"), (4, "email"), (5, "empty"), (6, "")]);
        assert_eq!(read[0].1, "open@example.org");
    }

    #[test]
    fn a_list_has_one_to_a_thousand_lines() {
        let many = "a@example.org\n".repeat(MOST);
        assert_eq!(read(many.as_bytes()).map(|lines| lines.len()), Ok(MOST));
        let more = format!("e-mail\n{many}b@example.org\n");
        assert_eq!(read(more.as_bytes()).map_err(|fault| fault.code).err(), Some("too_many_lines"));
        for empty in ["", "\n\n", "email;naam\n", " ; ;\n"] {
            assert_eq!(
                read(empty.as_bytes()).map_err(|fault| fault.code).err(),
                Some("no_lines"),
                "{empty:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(lines) = read(&bytes) {
                let newlines = bytes.iter().filter(|byte| **byte == b'\n' || **byte == b'\r').count() as u64;
                prop_assert!(lines.windows(2).all(|pair| pair[0].number <= pair[1].number));
                prop_assert!(lines.iter().all(|line| line.number <= newlines + 1));
            }
        }
    }
}
