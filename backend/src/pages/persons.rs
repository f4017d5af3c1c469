//! The page of a person: what they say of themselves to everyone. Which networks they belong to is not told: that can
//! say much about a person.

use askama::Template;
use kring_db::Conn;

use super::{Home, OF_PERSON, Reader};
use crate::accounts::{self, PersonAddress, PersonView};
use crate::app::Context;
use crate::error::Result;
use crate::text::lang::Lang;
use crate::web::html::{Frame, Html};
use crate::web::links;

#[derive(Template)]
#[template(path = "pages/person.html")]
struct PersonPage {
    frame: Frame,
    person: PersonView,
    home: Option<Home>,
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
pub fn person(conn: &mut Conn, cx: &Context, reader: &Reader<'_>, address: &PersonAddress) -> Result<Html> {
    let person = PersonView::from(accounts::profile_of(conn, cx, address)?);
    let frame = reader
        .asked
        .frame(format!("{} (@{})", person.display_name, person.handle))
        .described(person.bio.clone())
        .standing_at(
            person.home_url.clone().unwrap_or_else(|| links::person(reader.config, &person.handle)),
            reader.config.public(&format!("/v1/persons/{}", person.handle)),
        );
    let home = Home::of(&frame, OF_PERSON, person.host.as_deref(), person.home_url.as_deref());
    let page = PersonPage { frame, person, home };
    Html::of(&page.frame, &page)
}
