//! The types of digests.

use chrono_tz::Tz;
use diesel::prelude::*;
use kring_db::schema::{digest_preferences, digests};
use kring_db::{JsonText, Time, id_type, text_type, word_type};
use serde::{Deserialize, Serialize};

use super::schedule::Schedule;
use crate::accounts::PersonId;
use crate::config::Config;
use crate::documents::DocumentId;
use crate::error::Fault;
use crate::mail::MailId;
use crate::networks::NetworkId;
use crate::text::lang::Lang;
use crate::threads::{ReplyId, ThreadId};

id_type! {
    /// A row of `digests`.
    DigestId
}

word_type! {
    /// How often somebody wants a digest.
    Frequency { Weekly = "weekly", Daily = "daily", Fortnightly = "fortnightly", Off = "off" }
}

word_type! {
    /// A day of the week.
    Weekday {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
    }
}

text_type! {
    /// The name of a time zone in the IANA list: `Europe/Amsterdam`.
    TimeZone
}

impl TimeZone {
    pub fn parse(text: String) -> Result<Self, Fault> {
        match text.trim().parse::<Tz>() {
            Ok(zone) => Ok(Self(zone.name().to_owned())),
            Err(_) => Err(Fault::new("time_zone")),
        }
    }

    /// The zone. A name that the list no longer has counts as UTC: a digest at another hour beats none.
    fn zone(&self) -> Tz {
        self.0.parse().unwrap_or(Tz::UTC)
    }
}

/// Reads an hour of the day.
pub fn parse_hour(hour: i64) -> Result<i64, Fault> {
    if (0..=23).contains(&hour) {
        Ok(hour)
    } else {
        Err(Fault::new("hour"))
    }
}

/// When somebody wants their digest.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = digest_preferences)]
pub struct Wish {
    pub frequency: Frequency,
    pub weekday: Weekday,
    pub hour: i64,
    pub time_zone: TimeZone,
}

impl Wish {
    /// What holds for those who said nothing: Tuesday at nine, where the instance is.
    pub fn usual(config: &Config) -> Self {
        Self {
            frequency: Frequency::Weekly,
            weekday: Weekday::Tuesday,
            hour: 9,
            time_zone: TimeZone(config.time_zone.name().to_owned()),
        }
    }

    pub fn schedule(&self) -> Schedule {
        Schedule {
            frequency: self.frequency,
            weekday: self.weekday,
            hour: self.hour.clamp(0, 23) as u32,
            zone: self.time_zone.zone(),
        }
    }
}

/// Changes to a wish; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct WishChange {
    pub frequency: Option<Frequency>,
    pub weekday: Option<Weekday>,
    pub hour: Option<i64>,
    pub time_zone: Option<TimeZone>,
}

/// A wish, and how far its owner was told.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = digest_preferences)]
pub struct Preferences {
    pub person_id: PersonId,
    #[diesel(embed)]
    pub wish: Wish,
    pub position: i64,
    pub next_at: Option<Time>,
}

/// A digest that was made.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = digests)]
pub struct Digest {
    pub id: DigestId,
    pub person_id: PersonId,
    pub period_key: String,
    pub due_at: Time,
    pub from_position: i64,
    pub to_position: i64,
    pub language: Lang,
    pub contents: JsonText,
    pub mail_id: MailId,
    pub word_expires_at: Time,
    pub word_revoked_at: Option<Time>,
    pub created_at: Time,
}

/// What a digest tells of: ids and numbers. The words are looked up when it is shown, and who may see them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub networks: Vec<NetworkNews>,
    /// Networks in which something waited for its reader: the mail leads there too.
    #[serde(default)]
    pub waiting: Vec<NetworkId>,
}

impl Contents {
    /// The networks that its mail tells of.
    pub fn told(&self) -> Vec<NetworkId> {
        self.networks.iter().map(|news| news.network).chain(self.waiting.iter().copied()).collect()
    }
}

/// What happened in one network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkNews {
    pub network: NetworkId,
    pub documents: Vec<DocumentNews>,
    pub more_documents: i64,
    pub threads: Vec<ThreadNews>,
    pub more_threads: i64,
    #[serde(default)]
    pub adoptions: Vec<AdoptionNews>,
}

word_type! {
    /// What happened between a document and one that was made from it: others adopted yours, or the source of yours moved
    /// on.
    AdoptionNewsKind { Adopted = "adopted", SourceMoved = "source_moved" }
}

/// Something that happened between two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptionNews {
    pub kind: AdoptionNewsKind,
    /// The document of the reader's network.
    pub own: DocumentId,
    /// The one that was made from it, or that it was made from.
    pub other: DocumentId,
    /// How often a source changed.
    pub changes: i64,
}

/// A document that is new or was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentNews {
    pub document: DocumentId,
    pub new: bool,
    /// How often it was changed, besides its making.
    pub changes: i64,
    /// By whom, the last one first; not all of them.
    pub by: Vec<PersonId>,
}

/// A thread that is new or goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadNews {
    pub thread: ThreadId,
    pub new: bool,
    /// How many replies are new.
    pub replies: i64,
    /// The first and the last of them.
    pub oldest: Option<ReplyId>,
    pub newest: Option<ReplyId>,
}
