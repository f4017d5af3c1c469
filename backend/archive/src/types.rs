//! What stands in the JSON of an archive. The shape of each is published as a schema ([`crate::schema`]); unknown members
//! are refused, for what is passed over would be lost.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Thirteen letters and digits (Crockford's base32), as the API writes ids. Their order is the order in time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    pub fn parse(text: String) -> Option<Self> {
        let bytes = text.as_bytes();
        let fits = bytes.len() == 13
            && bytes[0].is_ascii_digit()
            && bytes[0] < b'8'
            && bytes.iter().all(|b| {
                b.is_ascii_digit() || b.is_ascii_lowercase() && !matches!(b, b'i' | b'l' | b'o' | b'u')
            });
        fits.then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A moment in UTC to the millisecond, always written alike (`2026-11-23T09:00:00.000Z`), so that the order of the
/// letters is the order in time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Moment(String);

impl Moment {
    pub fn parse(text: String) -> Option<Self> {
        let shape = b"dddd-dd-ddTdd:dd:dd.dddZ";
        let fits = text.len() == shape.len()
            && text.bytes().zip(shape).all(|(is, wanted)| match wanted {
                b'd' => is.is_ascii_digit(),
                other => is == *other,
            });
        fits.then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two or four digits from `place`.
    pub(crate) fn number(&self, place: usize, digits: usize) -> u16 {
        self.0[place..place + digits].parse().unwrap_or(0)
    }
}

/// Somebody, wherever they are: `ann@kring.example`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    pub fn parse(text: String) -> Option<Self> {
        let (handle, host) = text.split_once('@')?;
        let handle_fits = (1..=30).contains(&handle.len())
            && handle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        // A name or an address of IPv6, and a port where the instance has one of its own.
        let host_fits = (1..=255).contains(&host.len())
            && host.bytes().all(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'[' | b']')
            });
        (handle_fits && host_fits).then_some(Self(text))
    }

    pub fn handle(&self) -> &str {
        self.0.split_once('@').map_or("", |(handle, _)| handle)
    }

    pub fn host(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, host)| host)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! checked {
    ($($name:ident: $what:literal),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Self::parse(text).ok_or_else(|| serde::de::Error::custom($what))
            }
        }
    )+};
}

checked! {
    Id: "an id has thirteen letters and digits",
    Moment: "a moment is written 2026-11-23T09:00:00.000Z",
    Address: "a person is written handle@host"
}

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    pub version: u32,
    pub made_at: Moment,
    /// The host name of the instance that made it.
    pub instance: String,
    /// The program that made it, with its version.
    pub generator: String,
    /// The slug of the network.
    pub network: String,
    /// Whether `members.json` is there.
    pub with_members: bool,
    pub counts: Counts,
    /// Paths of files that were to be in the archive and could not be read when it was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// How much is in an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counts {
    pub persons: u64,
    pub members: u64,
    pub threads: u64,
    pub replies: u64,
    pub documents: u64,
    pub revisions: u64,
    pub files: u64,
}

/// `network.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Network {
    pub id: Id,
    pub slug: String,
    pub name: String,
    /// Markdown.
    pub description: String,
    /// What it says in a few plain sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_summary: Option<String>,
    pub language: String,
    pub visibility: String,
    pub join_policy: String,
    pub documents_edited_by: String,
    pub state: String,
    pub seeking_people: bool,
    /// It looks for people who help, with these themes; with whatever it is, where the list is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeking_help: Option<Vec<String>>,
    pub led_by_experts: bool,
    pub municipalities: Vec<String>,
    pub themes: Vec<String>,
    pub crpd_articles: Vec<i64>,
    pub created_by: Address,
    pub created_at: Moment,
    pub updated_at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Moment>,
}

/// One of `persons.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    pub address: Address,
    pub display_name: String,
    /// Since when the account is closed: only the handle is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Moment>,
}

/// One of `members.json`: credit, no membership. Who belongs to a network anywhere says so there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    pub person: Address,
    pub role: String,
    pub co_founder: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Moment>,
}

/// How many reacted to a post. Who did is theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reactions {
    pub thanks: u32,
    pub recognise: u32,
    pub more: u32,
}

impl Reactions {
    fn none(&self) -> bool {
        *self == Self::default()
    }
}

/// The head of `threads/ID.json`; `replies` and `versions` follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Thread {
    pub id: Id,
    /// Empty where it was deleted.
    pub title: String,
    pub language: String,
    /// Left out where it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Address>,
    pub created_at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Moment>,
    pub pinned: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_at: Option<Moment>,
    /// Rises with every change.
    pub version: u32,
    #[serde(default, skip_serializing_if = "Reactions::none")]
    pub reactions: Reactions,
    /// What it says in a few plain sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_summary: Option<String>,
    /// Markdown; empty where it was deleted.
    pub body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A reply in `threads/ID.json`, in the order of reading: what it answers stands before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reply {
    pub id: Id,
    /// The reply it answers; left out, it answers the thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    /// Arrival within the thread, from 1.
    pub number: u32,
    pub language: String,
    /// Left out where it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Address>,
    pub created_at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Moment>,
    /// Rises with every change.
    pub version: u32,
    #[serde(default, skip_serializing_if = "Reactions::none")]
    pub reactions: Reactions,
    /// Markdown; empty where it was deleted.
    pub body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// How a post read before an edit; in `threads/ID.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostVersion {
    pub id: Id,
    /// The reply; left out, it is of the thread itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Id>,
    pub version: u32,
    /// Of a thread; empty for replies.
    pub title: String,
    /// What it says in a few plain sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_summary: Option<String>,
    pub language: String,
    pub written_at: Moment,
    pub body: String,
}

/// The head of `documents/ID/document.json`; `revisions` follow it, the current one last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    pub id: Id,
    pub kind: String,
    /// An SPDX id, or `all-rights-reserved`.
    pub licence: String,
    pub municipalities: Vec<String>,
    pub themes: Vec<String>,
    pub crpd_articles: Vec<i64>,
    pub created_by: Address,
    pub created_at: Moment,
    /// Where it comes from, where it was adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adoption: Option<Adoption>,
    /// Of which document it is a variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// Where a document comes from that was adopted: the attribution that stays with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adoption {
    /// The municipality it was adopted for.
    pub municipality: String,
    pub adopted_by: Address,
    pub adopted_at: Moment,
    pub source: Origin,
    /// Where the source itself comes from, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<Origin>,
    /// The source's revision that was last dealt with, and how it read as far as it was.
    pub seen_revision: u32,
    pub base_title: String,
    pub base_body: String,
    /// Which file is a copy of which of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AdoptedFile>,
}

/// One step back in where a document comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Origin {
    pub host: String,
    pub document: Id,
    pub revision: u32,
    pub title: String,
    pub network_slug: String,
    pub network_name: String,
    pub licence: String,
    pub authors: Vec<Address>,
}

/// A file that was copied with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdoptedFile {
    pub source: Id,
    pub file: Id,
}

/// A document that says what another in the archive says, in easy words or another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Variant {
    pub of: Id,
    pub kind: String,
    /// The revision of the other that it says.
    pub revision: u32,
}

/// One save of a document. Its Markdown is the entry that `path` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Revision {
    pub id: Id,
    /// From 1, without holes.
    pub number: u32,
    pub title: String,
    /// What it says in a few plain sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_summary: Option<String>,
    pub language: String,
    pub author: Address,
    pub created_at: Moment,
    /// The revision whose text this one brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_from: Option<u32>,
    pub path: String,
}

/// A file, where it belongs. Its bytes are the entry that `path` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attachment {
    pub id: Id,
    pub path: String,
    pub file_name: String,
    pub media_type: String,
    pub size: u64,
    pub sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    pub decorative: bool,
    pub description_wanted: bool,
    pub uploader: Address,
    pub created_at: Moment,
    pub attached_at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_moment_or_address_is_refused() {
        assert!(Id::parse("01k9q3v8r0a7c".into()).is_some());
        for bad in ["", "01k9q3v8r0a7", "01k9q3v8r0a7u", "81k9q3v8r0a7c", "../../../etc/p"] {
            assert!(Id::parse(bad.into()).is_none(), "{bad}");
        }
        assert!(Moment::parse("2026-11-23T09:00:00.000Z".into()).is_some());
        for bad in ["2026-11-23T09:00:00Z", "2026-11-23 09:00:00.000Z", "é026-11-23T09:00:00.00Z"] {
            assert!(Moment::parse(bad.into()).is_none(), "{bad}");
        }
        for good in ["ann@kring.example", "ann_2@127.0.0.1:8080", "ann@[::1]:80"] {
            assert!(Address::parse(good.into()).is_some(), "{good}");
        }
        for bad in ["ann", "@kring.example", "ann@", "Ann@kring.example", "ann@kring/x", "a@b@c"] {
            assert!(Address::parse(bad.into()).is_none(), "{bad}");
        }
    }
}
