//! Filling in what Kring knows, and finding what a person has yet to write.

use chrono_tz::Tz;
use kring_db::Time;

use super::model::{Content, What};
use crate::error::Fault;
use crate::text::lang::Lang;
use crate::text::{dates, markdown};

/// Most characters of a title.
const TITLE: usize = 200;

/// So many municipalities are named one by one.
const NAMED: usize = 3;

/// What stands in braces: `{{network}}`.
const PLACES: [&str; 5] = ["network", "municipality", "date", "coordinator", "instance"];

/// What Kring knows; what it does not becomes a blank for a person to fill.
#[derive(Clone, Debug)]
pub struct Known {
    pub lang: Lang,
    pub network: Option<String>,
    pub municipalities: Vec<String>,
    pub date: Time,
    pub zone: Tz,
    pub coordinator: Option<String>,
    pub instance: String,
}

impl Known {
    /// What goes in place of `{{place}}`.
    fn value(&self, place: &str) -> String {
        let known = match place {
            "network" => self.network.clone(),
            "municipality" => self.named(),
            "date" => Some(dates::day(self.lang, self.date.utc().with_timezone(&self.zone))),
            "coordinator" => self.coordinator.clone(),
            _ => Some(self.instance.clone()),
        };
        known.unwrap_or_else(|| self.lang.say(&format!("template-blank-{place}")))
    }

    /// "Utrecht", "Utrecht, Woerden en Zwolle", "Utrecht, Woerden, Zwolle en andere gemeenten".
    fn named(&self) -> Option<String> {
        let others = self.lang.say("template-others");
        let mut names: Vec<&str> = self.municipalities.iter().take(NAMED).map(String::as_str).collect();
        if self.municipalities.len() > NAMED {
            names.push(&others);
        }
        let (last, first) = names.split_last()?;
        if first.is_empty() {
            return Some((*last).to_owned());
        }
        let both = [("one", first.join(", ")), ("two", (*last).to_owned())];
        Some(self.lang.say_with("digest-two", &both))
    }

    /// A title, filled in and still short enough.
    fn title(&self, text: &str) -> String {
        markdown::shorten(&self.fill(text, |value| value), TITLE)
    }

    /// Markdown, filled in: what people called their network makes no headings and no links.
    fn markdown(&self, text: &str) -> String {
        self.fill(text, |value| if is_blank(&value) { value } else { escaped(&value) })
    }

    fn fill(&self, text: &str, written: impl Fn(String) -> String) -> String {
        let mut filled = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Place(place) => filled.push_str(&written(self.value(place))),
            }
        }
        filled
    }

    /// A template with everything filled in.
    pub fn content(&self, mut content: Content) -> Content {
        match &mut content.what {
            What::Document(document) => {
                document.title = self.title(&document.title);
                document.body = self.markdown(&document.body);
            }
            What::Network(network) => {
                network.description = self.markdown(&network.description);
                for thread in &mut network.threads {
                    thread.title = self.title(&thread.title);
                    thread.body = self.markdown(&thread.body);
                }
            }
        }
        content
    }
}

/// Part of a text.
enum Piece<'a> {
    Text(&'a str),
    Place(&'a str),
}

/// A text in pieces. Braces with anything else in them are text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut begin, mut look) = (0, 0);
    while let Some(open) = text[look..].find("{{").map(|at| look + at) {
        let Some(close) = text[open..].find("}}").map(|at| open + at) else { break };
        let place = &text[open + 2..close];
        if PLACES.contains(&place) {
            found.push(Piece::Text(&text[begin..open]));
            found.push(Piece::Place(place));
            (begin, look) = (close + 2, close + 2);
        } else {
            look = open + 2;
        }
    }
    found.push(Piece::Text(&text[begin..]));
    found
}

/// A text in which nothing stands in braces but what Kring can fill in.
pub fn checked(text: String) -> Result<String, Fault> {
    for after in text.split("{{").skip(1) {
        let place = after.split("}}").next().filter(|_| after.contains("}}"));
        if !place.is_some_and(|place| PLACES.contains(&place)) {
            return Err(Fault::new("unknown_placeholder").with("allowed", PLACES.join(", ")));
        }
    }
    Ok(text)
}

/// Characters that mean something in Markdown, made to mean themselves.
fn escaped(value: &str) -> String {
    let mut safe = String::with_capacity(value.len());
    for letter in value.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#') {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

/// How a blank begins, in each language.
const OPENINGS: [&str; 2] = ["[vul in: ", "[fill in: "];

fn is_blank(text: &str) -> bool {
    OPENINGS.iter().any(|opening| text.starts_with(opening)) && text.ends_with(']')
}

/// What a person has yet to write in a text: what stands in brackets after "vul in" or "fill in".
pub fn blanks(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for opening in OPENINGS {
        for after in text.split(opening).skip(1) {
            if let Some((blank, _)) = after.split_once(']') {
                found.push(blank);
            }
        }
    }
    found
}

/// Is there something that a person has yet to write?
pub fn is_blank_left(text: &str) -> bool {
    !blanks(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(municipalities: &[&str]) -> Known {
        Known {
            lang: Lang::Nl,
            network: Some("Haltes *voor* [allen]".into()),
            municipalities: municipalities.iter().map(|it| (*it).to_owned()).collect(),
            date: "2026-11-23T23:30:00Z".parse().expect("a time"),
            zone: chrono_tz::Europe::Amsterdam,
            coordinator: None,
            instance: "Kring".into(),
        }
    }

    #[test]
    fn what_kring_knows_is_filled_in_and_the_rest_is_a_blank() {
        let text = "{{network}}, {{municipality}}, {{date}}, {{coordinator}} {{instance}} {{x}} {{";
        let filled = known(&["Utrecht"]).markdown(text);
        assert_eq!(
            filled,
            "Haltes \\*voor\\* \\[allen\\], Utrecht, 24 november 2026, [vul in: wie het netwerk coördineert] Kring {{x}} {{"
        );
        assert_eq!(blanks(&filled), ["wie het netwerk coördineert"]);
        assert_eq!(
            known(&[]).title("{{network}}: {{municipality}}"),
            "Haltes *voor* [allen]: [vul in: gemeente]"
        );
    }

    #[test]
    fn a_few_municipalities_are_named_and_many_are_not() {
        for (names, told) in [
            (&["Utrecht", "Zwolle"][..], "Utrecht en Zwolle"),
            (&["Utrecht", "Woerden", "Zwolle"], "Utrecht, Woerden en Zwolle"),
            (&["Assen", "Utrecht", "Woerden", "Zwolle"], "Assen, Utrecht, Woerden en andere gemeenten"),
        ] {
            assert_eq!(known(names).markdown("{{municipality}}"), told);
        }
    }

    #[test]
    fn only_what_kring_can_fill_in_may_stand_in_braces() {
        for fine in ["", "{{date}} en {{network}}", "{ een } haak"] {
            assert!(checked(fine.to_owned()).is_ok(), "{fine}");
        }
        for wrong in ["{{datum}}", "{{date", "{{ date }}", "{{date}} {{}}"] {
            assert!(checked(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
