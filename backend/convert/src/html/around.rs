//! What elements say of all the text in them: its language, and from whom it is hidden.

use std::rc::Rc;

use markup5ever_rcdom::Handle;

use super::flow::Reader;
use super::{attribute, hidden, language, shows_something};
use crate::losses::LossKind;

/// What holds where the reader is.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub language: Option<Rc<str>>,
    /// Within something that was kept from screen readers.
    pub unheard: bool,
}

impl Reader<'_> {
    /// Goes into an element, once or twice: what held before comes back, to be put back behind it.
    pub fn enter(&mut self, node: &Handle) -> Around {
        let before = self.around.clone();
        if let Some(language) = language(node) {
            self.around.language = Some(Rc::from(language));
        }
        if !before.unheard && attribute(node, "aria-hidden").is_some_and(|said| said.trim() == "true") {
            self.around.unheard = true;
            if shows_something(node) {
                self.document.losses.note(LossKind::HiddenFromScreenReaders);
            }
        }
        before
    }

    /// Is a node there for nobody to see? What is left out with it is told.
    pub fn leaves_out(&mut self, node: &Handle) -> bool {
        let hidden = hidden(node);
        if hidden && shows_something(node) {
            self.document.losses.note(LossKind::HiddenText);
        }
        hidden
    }

    /// Text stands here.
    pub fn say(&mut self, text: &str) {
        self.languages.say(self.around.language.as_deref(), text, self.document.losses.heading());
    }
}
