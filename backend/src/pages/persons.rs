//! The page of a person: what they say of themselves to everyone. Which networks they belong to is not told: that can
//! say much about a person.

use askama::Template;
use kring_db::Conn;

use super::Reader;
use crate::accounts::{self, Handle, PersonView};
use crate::error::Result;
use crate::text::lang::Lang;
use crate::web::html::{Frame, Html};
use crate::web::links;

#[derive(Template)]
#[template(path = "pages/person.html")]
struct PersonPage {
    frame: Frame,
    person: PersonView,
}

impl PersonPage {
    /// The languages they read and write, by name where Kring knows it.
    fn languages(&self) -> String {
        let name = |tag: &String| Lang::of_tag(tag).map_or_else(|| tag.clone(), |lang| self.named(lang));
        self.person.languages.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    fn named(&self, lang: Lang) -> String {
        self.frame.say(match lang {
            Lang::Nl => "page-language-dutch",
            Lang::En => "page-language-english",
        })
    }
}

/// A person.
pub fn person(conn: &mut Conn, reader: &Reader<'_>, handle: &Handle) -> Result<Html> {
    let person = PersonView::from(accounts::profile_of(conn, handle)?);
    let frame = reader
        .asked
        .frame(format!("{} (@{handle})", person.display_name))
        .described(person.bio.clone())
        .standing_at(
            links::person(reader.config, handle.as_str()),
            reader.config.public(&format!("/v1/persons/{handle}")),
        );
    let page = PersonPage { frame, person };
    Html::of(&page.frame, &page)
}
