//! In which languages a text is, and where it goes over into another one.
//!
//! Markdown has one language for all of it, so a screen reader would read a quotation in English as if it were Dutch.
//! Kinds of one language (`nl-NL`, `nl-BE`) are not told apart: whoever reads one aloud reads the other.

use crate::losses::{LossKind, Losses};

/// Most languages that are told apart; a text that names more is no text.
const MOST: usize = 50;

/// The languages of a text so far.
#[derive(Debug, Default)]
pub struct Languages {
    known: Vec<Known>,
    /// That of the passage that is being read.
    now: Option<usize>,
}

#[derive(Debug)]
struct Known {
    tag: String,
    bytes: usize,
    passages: usize,
    /// The headings that passages began under.
    places: Vec<String>,
}

impl Languages {
    /// A piece of text under `heading`, marked as being in `tag`. Signs and numbers are in every language.
    pub fn say(&mut self, tag: Option<&str>, text: &str, heading: &str) {
        if !text.chars().any(char::is_alphabetic) {
            return;
        }
        let Some(at) = tag.filter(|tag| is_language(tag)).and_then(|tag| self.known(tag)) else {
            self.now = None;
            return;
        };
        let goes_on =
            self.now.is_some_and(|now| primary(&self.known[now].tag) == primary(&self.known[at].tag));
        self.now = Some(at);
        let known = &mut self.known[at];
        known.bytes += text.len();
        if !goes_on {
            known.passages += 1;
            crate::losses::place(&mut known.places, heading);
        }
    }

    fn known(&mut self, tag: &str) -> Option<usize> {
        let known = self.known.iter().position(|known| known.tag.eq_ignore_ascii_case(tag));
        if known.is_none() && self.known.len() < MOST {
            self.known.push(Known {
                tag: tag.to_owned(),
                bytes: 0,
                passages: 0,
                places: Vec::new(),
            });
            return Some(self.known.len() - 1);
        }
        known
    }

    /// The one that most of the text is marked with.
    pub fn most(&self) -> Option<&str> {
        let most = self.known.iter().max_by_key(|known| (known.bytes, &known.tag));
        most.map(|known| known.tag.as_str())
    }

    /// Tells of passages in others than `main`.
    pub fn tell(&self, main: Option<&str>, losses: &mut Losses) {
        let main = main.map(primary);
        for known in self.known.iter().filter(|known| Some(primary(&known.tag)) != main) {
            losses.note_language(&primary(&known.tag), known.passages, &known.places);
        }
    }
}

impl Losses {
    fn note_language(&mut self, language: &str, passages: usize, places: &[String]) {
        let Some(loss) = self.note_many(LossKind::OtherLanguages, passages) else { return };
        if !loss.languages.iter().any(|known| known == language) {
            loss.languages.push(language.to_owned());
        }
        places.iter().for_each(|heading| crate::losses::place(&mut loss.places, heading));
    }
}

/// `nl` of `nl-BE`, in small letters (BCP 47, 2.2.1).
fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// Does a mark name a language? Word writes `x-none` where nothing is to be checked.
fn is_language(tag: &str) -> bool {
    let primary = primary(tag);
    (2..=3).contains(&primary.len())
        && tag.len() <= 35
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && !["und", "zxx", "mul", "mis"].contains(&primary.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(said: &[(Option<&str>, &str)], main: &str) -> Vec<crate::Loss> {
        let (mut languages, mut losses) = (Languages::default(), Losses::default());
        said.iter().for_each(|(tag, text)| languages.say(*tag, text, "Bronnen"));
        languages.tell(Some(main), &mut losses);
        losses.told()
    }

    #[test]
    fn passages_in_another_language_are_counted_and_their_languages_named() {
        let (nl, en, gb, de) = (Some("nl-NL"), Some("en-US"), Some("en-GB"), Some("DE"));
        let said =
            [(nl, "Zij zei:"), (en, "nothing"), (nl, " – 2 "), (gb, "about us"), (nl, "en"), (de, "Wir")];
        let loss = &told(&said, "nl-BE")[0];
        assert_eq!((loss.count, &loss.languages[..]), (2, &["en".to_owned(), "de".into()][..]));
        assert_eq!(loss.places, ["Bronnen"]);
        for none in ["x-none", "zxx", "und", "", "1", "en us en nog veel meer dan een taal"] {
            assert_eq!(told(&[(nl, "Ja"), (Some(none), "woord")], "nl"), [], "{none}");
        }
    }

    #[test]
    fn a_text_that_names_languages_without_end_is_not_searched_without_end() {
        let mut languages = Languages::default();
        for number in 0..100_000_u32 {
            languages.say(Some(&format!("aa-{number}")), "woord", "");
        }
        assert_eq!(languages.known.len(), MOST);
    }
}
