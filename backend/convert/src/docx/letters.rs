//! What letters say beside how they are set: in which language they are, and that nobody is to see them.

use std::io::{Read, Seek};

use roxmltree::Node;

use super::body::Reader;
use super::xml::{attribute, child, name, toggle, value};
use crate::losses::LossKind;

/// What holds for the letters of a paragraph that say nothing themselves, and what stood before them.
#[derive(Debug, Default)]
pub struct Letters {
    language: Option<String>,
    hidden: bool,
    /// Right before here, something hidden was left out: Word cuts what belongs together into runs.
    after_hidden: bool,
}

impl<R: Read + Seek> Reader<'_, R> {
    /// Begins the letters of a paragraph in that style; those of what is around it come back.
    pub fn begin_letters(&mut self, style: Option<&str>) -> Letters {
        let begun = Letters {
            language: self.styles.language_of(style).map(str::to_owned),
            hidden: self.styles.hides(style).unwrap_or(false),
            after_hidden: false,
        };
        std::mem::replace(&mut self.letters, begun)
    }

    /// Is nobody to see this run? What is left out with it is told, once for what belongs together.
    pub fn leaves_out(&mut self, run: Node<'_, '_>, properties: Option<Node<'_, '_>>) -> bool {
        let own = properties.and_then(|properties| toggle(properties, "vanish"));
        let styled = || self.styles.hides(Some(value(properties?, "rStyle")?));
        let hidden = own.or_else(styled).unwrap_or(self.letters.hidden);
        if shows_something(run) && !self.hidden() {
            if hidden && !self.letters.after_hidden {
                self.document.losses.note(LossKind::HiddenText);
            }
            self.letters.after_hidden = hidden;
        }
        hidden
    }

    /// Text stands here.
    pub fn say(&mut self, properties: Option<Node<'_, '_>>, text: &str) {
        if !self.hidden() {
            let language = self.language(properties, text).map(str::to_owned);
            self.languages.say(language.as_deref(), text, self.document.losses.heading());
        }
    }

    /// The language of text, which has a mark of its own for each kind of writing (ECMA-376, 17.3.2.20).
    fn language<'a>(&'a self, properties: Option<Node<'a, '_>>, text: &str) -> Option<&'a str> {
        let own = |kind| attribute(child(properties?, "lang")?, kind);
        if properties.and_then(|properties| toggle(properties, "rtl")) == Some(true) {
            return own("bidi");
        }
        if text.chars().any(is_east_asian) {
            return own("eastAsia");
        }
        let styled = || self.styles.language_of(Some(value(properties?, "rStyle")?));
        own("val")
            .or_else(styled)
            .or(self.letters.language.as_deref())
            .or_else(|| self.usual_language())
    }

    /// The language of text that names none. What every program writes that was never told another one says nothing.
    pub fn usual_language(&self) -> Option<&str> {
        self.styles.language.as_deref().filter(|language| *language != "en-US")
    }
}

fn shows_something(run: Node<'_, '_>) -> bool {
    run.descendants().any(|inside| match name(inside) {
        "t" => inside.text().is_some_and(|text| !text.trim().is_empty()),
        "drawing" | "pict" | "object" => true,
        _ => false,
    })
}

/// Signs of Chinese, Japanese and Korean.
fn is_east_asian(sign: char) -> bool {
    matches!(sign, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}
