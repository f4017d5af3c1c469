//! The types of drafts.

use chrono::DateTime;
use diesel::prelude::*;
use kring_db::schema::drafts;
use kring_db::{Conn, JsonText, Time, id_type, word_type};
use serde::{Deserialize, Serialize};

use crate::accounts::{PersonId, SessionId};
use crate::attachments::AttachmentId;
use crate::error::{Fault, Result};
use crate::networks::{NetworkId, Slug};
use crate::web::Words;

id_type! {
    /// A row of `drafts`.
    DraftId
}

word_type! {
    /// What a draft will be: something new in a network, a reply to a thread, an answer to a reply; or an edit of a
    /// thread, a reply, a document, or what a network says of itself.
    DraftKind {
        NewThread = "new-thread",
        NewReply = "new-reply",
        Answer = "answer",
        NewDocument = "new-document",
        Thread = "thread",
        Reply = "reply",
        Document = "document",
        Network = "network",
    }
}

impl DraftKind {
    /// Is it about a network by its slug, and not about something by its id?
    pub(super) fn by_slug(self) -> bool {
        matches!(self, Self::NewThread | Self::NewDocument | Self::Network)
    }
}

word_type! {
    /// Where a draft comes from: saved as one, or a change that was refused because somebody was first.
    Origin { Saved = "saved", Refused = "refused" }
}

/// What a draft is about: the slug of a network, or the id of what its kind says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    pub kind: DraftKind,
    text: String,
}

impl Target {
    /// Something new in a network, or its own text.
    pub fn in_network(kind: DraftKind, slug: &Slug) -> Self {
        Self { kind, text: slug.to_string() }
    }

    /// Something about the thread, reply or document with this id.
    pub fn of(kind: DraftKind, id: i64) -> Self {
        Self { kind, text: kring_db::types::write_id(id) }
    }

    /// `None` where the text is nothing that the kind could be about.
    pub fn parse(kind: DraftKind, text: &str) -> Option<Self> {
        let target = Self { kind, text: text.to_owned() };
        (target.slug().is_some() || target.id().is_some()).then_some(target)
    }

    /// As rows have it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The network that something new is for, or whose own text it is.
    pub fn slug(&self) -> Option<Slug> {
        self.kind.by_slug().then(|| Slug::parse(self.text.clone()).ok()).flatten()
    }

    /// The id of what it is about.
    pub fn id(&self) -> Option<i64> {
        if self.kind.by_slug() {
            None
        } else {
            kring_db::types::read_id(&self.text)
        }
    }
}

/// The last segment of a draft's address: what it is about and, from the second text on, which (`01k9q3v8r0a7c~2`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    text: String,
    number: i64,
}

impl std::str::FromStr for Segment {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (text, number) = match text.split_once('~') {
            None => (text, 1),
            Some((text, number)) => {
                // One address a draft: neither `~1` nor `~02`.
                let plain = !number.starts_with(['0', '+']) && number.len() <= 6;
                (text, number.parse().ok().filter(|number| plain && *number > 1).ok_or(())?)
            }
        };
        Ok(Self { text: text.to_owned(), number })
    }
}

/// Which draft of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub target: Target,
    /// 1 is the draft; from 2 on others about the same stand beside it.
    pub number: i64,
}

impl Address {
    /// `None` where no draft could be there.
    pub fn of(kind: DraftKind, segment: &Segment) -> Option<Self> {
        Some(Self {
            target: Target::parse(kind, &segment.text)?,
            number: segment.number,
        })
    }

    /// The path, as it is sent.
    pub fn path(&self) -> String {
        let Target { kind, text } = &self.target;
        match self.number {
            1 => format!("/v1/drafts/{kind}/{text}"),
            number => format!("/v1/drafts/{kind}/{text}~{number}"),
        }
    }
}

/// A draft, without its long text.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = drafts)]
pub struct Draft {
    pub id: DraftId,
    pub person_id: PersonId,
    pub kind: DraftKind,
    pub target: String,
    pub number: i64,
    pub origin: Origin,
    /// Who wrote it last, as a device.
    pub session_id: SessionId,
    /// The ETag of what an edit was written from.
    pub base: Option<String>,
    pub title: Option<String>,
    /// The beginning of the text, plain.
    pub excerpt: String,
    pub version: i64,
    pub created_at: Time,
    pub saved_at: Time,
    pub further: JsonText,
}

impl Draft {
    pub fn address(&self) -> Address {
        Address {
            target: Target { kind: self.kind, text: self.target.clone() },
            number: self.number,
        }
    }

    pub fn reference(&self) -> Reference {
        Reference { id: self.id, version: self.version }
    }

    /// The ETag.
    pub fn etag(&self) -> String {
        format!("\"{}\"", self.reference())
    }

    pub fn further(&self) -> Further {
        self.further.read().unwrap_or_default()
    }

    /// All that was written, with the long text of the row.
    pub fn content(&self, body: &str) -> Content {
        Content {
            title: self.title.clone(),
            body: body.to_owned(),
            base: self.base.clone(),
            further: self.further(),
        }
    }
}

/// What somebody has written so far. Nothing of it need be whole, or right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    pub title: Option<String>,
    pub body: String,
    pub base: Option<String>,
    pub further: Further,
}

/// What else was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Further {
    pub plain_summary: Option<String>,
    pub language: Option<String>,
    pub document_kind: Option<String>,
    pub municipalities: Option<Vec<String>>,
    pub themes: Option<Vec<String>>,
    pub crpd_articles: Option<Vec<i64>>,
    pub attachments: Vec<AttachmentId>,
}

impl Content {
    /// The words alone.
    pub fn words(&self) -> Words {
        Words {
            title: self.title.clone(),
            body: Some(self.body.clone()),
            plain_summary: self.further.plain_summary.clone(),
            language: self.further.language.clone(),
        }
    }

    /// Says it the same, in every word? Spaces at the ends are none.
    pub fn says(&self, other: &Self) -> bool {
        let title = |content: &Self| content.title.as_deref().unwrap_or_default().trim().to_owned();
        let summary =
            |content: &Self| content.further.plain_summary.as_deref().unwrap_or_default().trim().to_owned();
        self.body.trim() == other.body.trim()
            && title(self) == title(other)
            && summary(self) == summary(other)
    }

    /// Is there nothing in it that is not published with these words?
    pub fn is_in(&self, words: &Words) -> bool {
        let within = |mine: &Option<String>, published: &Option<String>| {
            let mine = mine.as_deref().unwrap_or_default().trim();
            mine.is_empty() || published.as_deref().unwrap_or_default().trim() == mine
        };
        within(&Some(self.body.clone()), &words.body)
            && within(&self.title, &words.title)
            && within(&self.further.plain_summary, &words.plain_summary)
    }
}

/// A draft as it was at one moment: what is published names the one it came from (`01k9q3v8r0a7c.7`). It is the draft's
/// ETag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    pub id: DraftId,
    pub version: i64,
}

impl Reference {
    /// Reads it with or without the quotes of an ETag.
    pub fn parse(text: String) -> Result<Self, Fault> {
        let plain = text.trim().trim_start_matches("W/").trim_matches('"');
        let parts = plain.split_once('.').and_then(|(id, version)| {
            Some(Self {
                id: id.parse().ok()?,
                version: version.parse().ok().filter(|version| *version > 0)?,
            })
        });
        parts.ok_or_else(|| Fault::new("draft_reference"))
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.id, self.version)
    }
}

/// Finds in which network each of some targets is and what it is called. Those that are gone are left out. Nothing here
/// says who may see it.
pub type WhereAre = fn(&mut Conn, &[Target]) -> Result<Vec<Place>>;

/// Where something is that drafts are about.
#[derive(Clone, Debug)]
pub struct Place {
    pub target: Target,
    pub network: NetworkId,
    pub title: String,
}

/// Where a list of drafts goes on: after the one that was saved at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub saved_at: Time,
    pub id: DraftId,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.saved_at.millis(), self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (millis, id) = text.split_once('-').ok_or(())?;
        let moment = DateTime::from_timestamp_millis(millis.parse().map_err(|_| ())?).ok_or(())?;
        Ok(Self { saved_at: Time::at(moment), id: id.parse().map_err(|_| ())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_has_one_address() {
        let id = "01k9q3v8r0a7c";
        for (kind, segment, path) in [
            (DraftKind::Document, id.to_owned(), Some(format!("/v1/drafts/document/{id}"))),
            (DraftKind::Answer, format!("{id}~2"), Some(format!("/v1/drafts/answer/{id}~2"))),
            (DraftKind::NewThread, "halte".to_owned(), Some("/v1/drafts/new-thread/halte".to_owned())),
            (DraftKind::NewThread, "Halte".to_owned(), None),
            (DraftKind::Thread, "halte".to_owned(), None),
            (DraftKind::Document, format!("{id}~1"), None),
            (DraftKind::Document, format!("{id}~02"), None),
            (DraftKind::Document, format!("{id}~2~3"), None),
            (DraftKind::Document, format!("{id}~"), None),
        ] {
            let address = segment.parse().ok().and_then(|segment| Address::of(kind, &segment));
            assert_eq!(address.map(|address| address.path()), path, "{kind} {segment}");
        }
    }

    #[test]
    fn a_draft_is_published_when_nothing_of_it_is_left_out() {
        let published = Words {
            title: Some("Haltes".into()),
            body: Some("Elke halte.".into()),
            ..Words::default()
        };
        let draft = |title: Option<&str>, body: &str, summary: Option<&str>| Content {
            title: title.map(str::to_owned),
            body: body.to_owned(),
            further: Further {
                plain_summary: summary.map(str::to_owned),
                ..Further::default()
            },
            ..Content::default()
        };
        assert!(draft(Some("Haltes"), "Elke halte.\n", None).is_in(&published));
        assert!(draft(None, "Elke halte.", None).is_in(&published), "a title that is written later");
        assert!(!draft(Some("Haltes"), "Elke halte. En elke bus.", None).is_in(&published));
        assert!(!draft(Some("Bussen"), "Elke halte.", None).is_in(&published));
        assert!(!draft(Some("Haltes"), "Elke halte.", Some("Kort.")).is_in(&published));
    }

    #[test]
    fn a_reference_is_an_etag_with_or_without_its_quotes() {
        let reference = Reference { id: DraftId(1 << 40), version: 7 };
        for text in [reference.to_string(), format!("\"{reference}\""), format!("W/\"{reference}\"")] {
            assert_eq!(Reference::parse(text), Ok(reference));
        }
        for broken in ["", "7", "01k9q3v8r0a7c", "01k9q3v8r0a7c.0", "x.7"] {
            assert!(Reference::parse(broken.into()).is_err(), "{broken}");
        }
    }
}
