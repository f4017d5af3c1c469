//! The types of help.

use diesel::prelude::*;
use kring_db::schema::{help_asks, help_offers};
use kring_db::{JsonText, Time, id_type, text_type};

use crate::accounts::{LanguageTag, PersonId};
use crate::error::Fault;
use crate::municipalities::MunicipalityCode;
use crate::networks::{AuthorPerson, Network, NetworkId, Slug, Theme};
use crate::web::fields::{line, lines};

id_type! {
    /// A row of `help_offers`.
    HelpOfferId
}

text_type! {
    /// What somebody offers, in a sentence of their own.
    Sentence
}

impl Sentence {
    pub fn parse(text: String) -> Result<Self, Fault> {
        line(&text, 5, 280).map(Self)
    }
}

/// Checks what a coordinator writes to the owner of an offer.
pub fn parse_message(text: String) -> Result<String, Fault> {
    lines(&text, 1, 1_000).map(|text| text.trim().to_owned())
}

/// With what and where help is offered or sought. An empty list stands for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interests {
    pub themes: Vec<Theme>,
    pub municipalities: Vec<MunicipalityCode>,
}

impl Interests {
    /// What a network seeks help with, and where; `None` where it seeks none.
    pub fn of_network(network: &Network) -> Option<Self> {
        Some(Self {
            themes: network.help_themes()?,
            municipalities: network.municipalities.list(),
        })
    }

    /// Does what is offered fit what is sought? They share a theme and a municipality, save where one of them takes
    /// any.
    pub fn meets(&self, other: &Self) -> bool {
        fn share<T: PartialEq>(one: &[T], other: &[T]) -> bool {
            one.is_empty() || other.is_empty() || one.iter().any(|it| other.contains(it))
        }
        share(&self.themes, &other.themes) && share(&self.municipalities, &other.municipalities)
    }

    /// What any of `all` takes: what fits none of it fits none of them.
    pub fn union(all: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<Self> = all.into_iter().collect();
        fn join<T: Ord + Clone>(lists: Vec<Vec<T>>) -> Vec<T> {
            if lists.iter().any(Vec::is_empty) {
                return Vec::new();
            }
            let mut joined = lists.concat();
            joined.sort_unstable();
            joined.dedup();
            joined
        }
        Self {
            themes: join(all.iter().map(|one| one.themes.clone()).collect()),
            municipalities: join(all.into_iter().map(|one| one.municipalities).collect()),
        }
    }

    /// What lists look for: a kind of tag and its value.
    pub fn tags(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let municipalities = self.municipalities.iter().map(|code| (MUNICIPALITY, code.as_str()));
        self.themes.iter().map(|theme| (THEME, theme.as_str())).chain(municipalities)
    }
}

/// The kinds of tags of an offer.
pub const THEME: &str = "theme";
pub const MUNICIPALITY: &str = "municipality";

/// An offer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = help_offers)]
pub struct HelpOffer {
    pub id: HelpOfferId,
    pub person_id: PersonId,
    pub sentence: Sentence,
    pub language: LanguageTag,
    pub themes: JsonText,
    pub municipalities: JsonText,
    pub paused: bool,
    pub created_at: Time,
    pub updated_at: Time,
    pub version: i64,
}

impl HelpOffer {
    pub fn interests(&self) -> Interests {
        Interests {
            themes: self.themes.list(),
            municipalities: self.municipalities.list(),
        }
    }
}

/// An offer with its owner.
pub type OfferRow = (HelpOffer, AuthorPerson);

/// An offer about to be made.
#[derive(Clone, Debug)]
pub struct NewOffer {
    pub sentence: Sentence,
    pub language: LanguageTag,
    pub interests: Interests,
}

/// Changes to an offer; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OfferChange {
    pub sentence: Option<Sentence>,
    pub language: Option<LanguageTag>,
    pub themes: Option<Vec<Theme>>,
    pub municipalities: Option<Vec<MunicipalityCode>>,
    pub paused: Option<bool>,
}

/// Which offers are wanted.
#[derive(Clone, Debug, Default)]
pub struct OfferFilter {
    pub theme: Option<Theme>,
    pub municipality: Option<MunicipalityCode>,
    /// One's own, those that are paused too.
    pub mine: bool,
}

/// That a network asked the owner of an offer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = help_asks)]
pub struct Ask {
    pub offer_id: HelpOfferId,
    pub network_id: NetworkId,
    pub asked_by: PersonId,
    pub message: String,
    pub created_at: Time,
}

/// What a coordinator writes to the owner of an offer.
#[derive(Clone, Debug)]
pub struct Asking {
    pub network: Slug,
    pub message: String,
}

/// An offer that fits a network its reader coordinates.
#[derive(Clone, Debug)]
pub struct OfferMatch {
    pub network: Network,
    pub offer: HelpOffer,
    pub person: AuthorPerson,
}

/// A network that seeks what its reader offers.
#[derive(Clone, Debug)]
pub struct SeekingMatch {
    pub network: Network,
    pub offer: HelpOffer,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interests(themes: &[&str], municipalities: &[&str]) -> Interests {
        Interests {
            themes: themes.iter().map(|it| Theme::parse((*it).to_owned()).expect("a theme")).collect(),
            municipalities: municipalities.iter().map(|it| it.parse().expect("a code")).collect(),
        }
    }

    #[test]
    fn what_is_offered_meets_what_is_sought_where_both_share_theme_and_place() {
        let offer = interests(&["vervoer", "taal"], &["GM0344"]);
        for (themes, municipalities, fits) in [
            (&["vervoer"][..], &["GM0344"][..], true),
            (&["vervoer"], &["GM0193", "GM0344"], true),
            (&["vervoer"], &["GM0193"], false),
            (&["wonen"], &["GM0344"], false),
            (&[], &["GM0344"], true),
            (&["taal"], &[], true),
            (&[], &[], true),
        ] {
            let sought = interests(themes, municipalities);
            assert_eq!(offer.meets(&sought), fits, "{sought:?}");
            assert_eq!(sought.meets(&offer), fits, "the other way round: {sought:?}");
            assert!(interests(&[], &[]).meets(&sought), "who helps with anything, anywhere");
        }
    }

    #[test]
    fn a_union_takes_whatever_one_of_them_takes() {
        let union = Interests::union([interests(&["vervoer"], &["GM0344"]), interests(&["taal"], &[])]);
        assert_eq!(union, interests(&["taal", "vervoer"], &[]));
    }
}
