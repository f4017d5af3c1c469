//! Digests on the wire.

use kring_db::{Conn, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::adoptions::AdoptionReads;
use super::collect::{NetworkReads, News};
use super::model::*;
use super::sheet;
use crate::config::Config;
use crate::documents::{DocumentId, DocumentKind};
use crate::error::Result;
use crate::mail::{self, MailState};
use crate::networks::{AuthorView, NetworkRefView};
use crate::text::dates;
use crate::text::lang::Lang;
use crate::threads::{ReplyId, ThreadId};
use crate::web::fields::word;
use crate::web::{Field, Fields};

/// When you want your digest.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestPreferences {
    pub frequency: Frequency,
    pub weekday: Weekday,
    /// The hour of the day, 0 to 23, by the clock in `timeZone`.
    #[schema(minimum = 0, maximum = 23, example = 9)]
    pub hour: i64,
    /// A name of the IANA list.
    #[schema(example = "Europe/Amsterdam")]
    pub time_zone: String,
    /// When the next one comes, if there is something to tell; null while off, and until you first join a network.
    #[schema(required)]
    pub next_at: Option<Time>,
}

impl DigestPreferences {
    pub fn of((wish, next_at): (Wish, Option<Time>)) -> Self {
        Self {
            frequency: wish.frequency,
            weekday: wish.weekday,
            hour: wish.hour,
            time_zone: wish.time_zone.to_string(),
            next_at,
        }
    }
}

/// When you want your digest. What is left out stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetDigestPreferences {
    #[serde(default)]
    #[schema(value_type = Frequency, required = false)]
    frequency: Field<String>,
    /// For weekly ones and those of every two weeks.
    #[serde(default)]
    #[schema(value_type = Weekday, required = false)]
    weekday: Field<String>,
    /// The hour of the day, 0 to 23.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 23, example = 9)]
    hour: Field<i64>,
    /// A name of the IANA list.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 50, example = "Europe/Amsterdam")]
    time_zone: Field<String>,
}

impl SetDigestPreferences {
    /// Takes one field of a form, where everything is text. Others than these are none of its fields.
    pub fn take(&mut self, name: &str, value: String) {
        match name {
            "frequency" => self.frequency = Field::Value(value),
            "weekday" => self.weekday = Field::Value(value),
            "timeZone" => self.time_zone = Field::Value(value),
            "hour" => self.hour = value.parse().map_or(Field::Wrong, Field::Value),
            _ => {}
        }
    }

    pub fn parse(self) -> Result<WishChange> {
        let mut f = Fields::of_body();
        let change = WishChange {
            frequency: f.may("frequency", self.frequency, word),
            weekday: f.may("weekday", self.weekday, word),
            hour: f.may("hour", self.hour, parse_hour),
            time_zone: f.may("timeZone", self.time_zone, TimeZone::parse),
        };
        f.finish(|| Some(change))
    }
}

/// A digest that was made for you.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestSummary {
    pub id: DigestId,
    /// The week (ISO 8601) or, for daily ones, the day.
    #[schema(example = "2026-W48")]
    pub period: String,
    /// What it is about. In a list only until when it goes; a digest by itself tells what is still there and you may
    /// read now.
    #[schema(example = "Nieuw in uw netwerken, tot 24 november 2026")]
    pub subject: String,
    pub language: Lang,
    /// How far its mail is: `unknown` where nobody knows whether it arrived.
    pub state: MailState,
    /// The moment it was due.
    pub due_at: Time,
    pub created_at: Time,
    #[schema(required)]
    pub sent_at: Option<Time>,
    /// Until when the links in its mail let you read without signing in; null once revoked.
    #[schema(required)]
    pub links_expire_at: Option<Time>,
}

/// Digests as they are sent; their mails are looked up at once.
pub fn summaries(conn: &mut Conn, config: &Config, digests: Vec<Digest>) -> Result<Vec<DigestSummary>> {
    let ids: Vec<_> = digests.iter().map(|digest| digest.mail_id).collect();
    let states = mail::states(conn, &ids)?;
    let views = digests.into_iter().map(|digest| {
        let state = states.iter().find(|(id, ..)| *id == digest.mail_id);
        DigestSummary {
            id: digest.id,
            period: digest.period_key,
            subject: digest.language.say_with(
                "digest-until",
                &[("day", dates::day(digest.language, digest.due_at.utc().with_timezone(&config.time_zone)))],
            ),
            language: digest.language,
            state: state.map_or(MailState::Unknown, |(_, state, _)| *state),
            due_at: digest.due_at,
            created_at: digest.created_at,
            sent_at: state.and_then(|(.., sent_at)| *sent_at),
            links_expire_at: digest.word_revoked_at.is_none().then_some(digest.word_expires_at),
        }
    });
    Ok(views.collect())
}

/// A digest with what it tells of, as far as that is there and you may read it now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Digest)]
pub struct DigestView {
    #[serde(flatten)]
    pub digest: DigestSummary,
    pub networks: Vec<DigestNetwork>,
}

/// One network's part of a digest.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestNetwork {
    pub network: NetworkRefView,
    pub documents: Vec<DigestDocument>,
    /// How many documents it does not name.
    pub more_documents: i64,
    pub threads: Vec<DigestThread>,
    /// How many threads it does not name.
    pub more_threads: i64,
    /// Who adopted its documents, and which sources of what it adopted had moved on.
    pub adoptions: Vec<DigestAdoption>,
}

/// Something that happened between a document of the network and one that was made from it, or that it was made from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestAdoption {
    pub kind: AdoptionNewsKind,
    /// The network's document.
    pub id: DocumentId,
    pub title: String,
    pub language: String,
    /// The other one, and its network.
    pub other: DocumentId,
    pub other_network: NetworkRefView,
    /// The municipality that it was adopted for, by name.
    pub municipality: String,
    /// How often the source had changed.
    pub changes: i64,
}

/// A document that was new or had changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestDocument {
    pub id: DocumentId,
    pub kind: DocumentKind,
    pub title: String,
    pub language: String,
    pub is_new: bool,
    /// How often it had changed, besides its making.
    pub changes: i64,
    /// Names of who wrote it, the last one first; not all of them.
    pub authors: Vec<String>,
}

/// A thread that was new or went on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestThread {
    pub id: ThreadId,
    pub title: String,
    pub language: String,
    pub author: AuthorView,
    pub is_new: bool,
    /// How many replies were new.
    pub new_replies: i64,
    /// The first of them.
    #[schema(required)]
    pub first_new_reply: Option<ReplyId>,
}

impl DigestView {
    pub fn of(conn: &mut Conn, config: &Config, digest: Digest, news: News) -> Result<Option<Self>> {
        let mut told = summaries(conn, config, vec![digest])?;
        if let Some(digest) = told.first_mut().filter(|_| !news.networks.is_empty()) {
            digest.subject = sheet::subject(digest.language, &news);
        }
        let networks = news.networks.into_iter().map(network_view).collect();
        Ok(told.pop().map(|digest| Self { digest, networks }))
    }
}

fn network_view(reads: NetworkReads) -> DigestNetwork {
    let documents = reads.documents.into_iter().map(|(news, (document, ..), authors)| DigestDocument {
        id: document.id,
        kind: document.kind,
        title: document.title.to_string(),
        language: document.language.to_string(),
        is_new: news.new,
        changes: news.changes,
        authors,
    });
    let threads = reads.threads.into_iter().map(|(news, (thread, author, role, _), _)| DigestThread {
        id: thread.id,
        title: thread.title.to_string(),
        language: thread.language.to_string(),
        author: AuthorView::of(author, role),
        is_new: news.new,
        new_replies: news.replies,
        first_new_reply: news.oldest,
    });
    DigestNetwork {
        network: NetworkRefView::from(&reads.network),
        documents: documents.collect(),
        more_documents: reads.more_documents,
        threads: threads.collect(),
        more_threads: reads.more_threads,
        adoptions: reads.adoptions.into_iter().map(adoption_view).collect(),
    }
}

fn adoption_view(line: AdoptionReads) -> DigestAdoption {
    DigestAdoption {
        kind: line.news.kind,
        id: line.own.id,
        title: line.own.title.to_string(),
        language: line.own.language.to_string(),
        other: line.other.id,
        other_network: NetworkRefView::from(&line.network),
        municipality: line.municipality,
        changes: line.news.changes,
    }
}
