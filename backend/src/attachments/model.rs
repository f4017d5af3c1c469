//! The types of attachments.

use diesel::prelude::*;
use kring_db::schema::attachments;
use kring_db::{Time, id_type, text_type, word_type};

use super::media::MediaType;
use crate::accounts::PersonId;
use crate::error::Fault;
use crate::networks::{NetworkId, Slug};
use crate::web::download::FileToSend;
use crate::web::fields::{line, lines};

id_type! {
    /// A row of `attachments`.
    AttachmentId
}

word_type! {
    /// What an attachment can belong to.
    TargetKind { Thread = "thread", Reply = "reply", Document = "document" }
}

/// What an attachment belongs to. Which domain's id it is, the kind says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    pub kind: TargetKind,
    pub id: i64,
}

impl Target {
    pub fn thread(id: i64) -> Self {
        Self { kind: TargetKind::Thread, id }
    }

    pub fn reply(id: i64) -> Self {
        Self { kind: TargetKind::Reply, id }
    }

    pub fn document(id: i64) -> Self {
        Self { kind: TargetKind::Document, id }
    }
}

text_type! {
    /// What a file is called: a label for people, never a place on a disk.
    FileName
}

/// Most characters of a file's name.
const NAME_MOST: usize = 150;

/// Characters that turn the text after them around, so that `exe.gpj` reads as `jpg.exe`.
fn turns_around(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl FileName {
    /// A name that a person chose.
    pub fn parse(text: String) -> Result<Self, Fault> {
        let name = line(&text, 1, NAME_MOST)?;
        if name.contains(['/', '\\']) || name.contains(turns_around) {
            return Err(Fault::new("file_name"));
        }
        Ok(Self(name))
    }

    /// What the sender's program calls the file, made harmless: without folders, invisible characters and
    /// leading dots, not too long, its ending kept.
    pub fn cleaned(sent: Option<&str>, kind: MediaType) -> Self {
        let sent = sent.unwrap_or_default();
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let seen: String = last.chars().filter(|c| !c.is_control() && !turns_around(*c)).collect();
        let name = seen.trim().trim_start_matches(['.', ' ']);
        if name.is_empty() {
            return Self(format!("bestand.{}", kind.extension()));
        }
        let length = name.chars().count();
        if length <= NAME_MOST {
            return Self(name.to_owned());
        }
        let ending: String = match name.rsplit_once('.') {
            Some((_, ending)) if ending.chars().count() <= 10 => format!(".{ending}"),
            _ => String::new(),
        };
        let stem: String = name.chars().take(NAME_MOST - ending.chars().count()).collect();
        Self(format!("{}{ending}", stem.trim_end()))
    }
}

/// A file that belongs to something, or will.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    pub id: AttachmentId,
    pub network_id: NetworkId,
    pub uploader_id: PersonId,
    pub target_kind: Option<TargetKind>,
    pub target_id: Option<i64>,
    pub file_name: FileName,
    pub media_type: MediaType,
    pub size: i64,
    pub sha256: String,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub alt: Option<String>,
    pub decorative: bool,
    pub description_wanted: bool,
    pub created_at: Time,
    pub attached_at: Option<Time>,
    pub version: i64,
}

impl Attachment {
    /// What it belongs to; nothing yet where it was only sent.
    pub fn target(&self) -> Option<Target> {
        Some(Target { kind: self.target_kind?, id: self.target_id? })
    }

    /// Changes how it is described. An image is never left without anything: who takes the description away asks
    /// for another.
    pub fn describe(&mut self, change: &Change) {
        if let Some(name) = &change.file_name {
            self.file_name = name.clone();
        }
        if let Some(alt) = &change.alt {
            self.alt = alt.clone();
        }
        let described = change.alt.as_ref().is_some_and(Option::is_some);
        let image = self.media_type.image().is_some();
        self.decorative = image && !described && change.decorative.unwrap_or(self.decorative);
        if self.decorative {
            self.alt = None;
        }
        let wanted = change.wanted.unwrap_or(self.description_wanted && !described) && !self.decorative;
        self.description_wanted = wanted || image && self.alt.is_none() && !self.decorative;
    }
}

impl From<&Attachment> for FileToSend {
    fn from(attachment: &Attachment) -> Self {
        Self {
            key: key(attachment.id),
            etag: format!("\"{}\"", attachment.sha256),
            size: attachment.size.unsigned_abs(),
            name: attachment.file_name.to_string(),
            media_type: attachment.media_type.content_type(),
            inline: attachment.media_type.shown(),
        }
    }
}

/// Where attachments are kept.
pub const FOLDER: &str = "attachments";

/// Where the file of an attachment is kept.
pub fn key(id: AttachmentId) -> String {
    format!("{FOLDER}/{id}")
}

/// What is said about a file that is being sent.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    pub network: Slug,
    pub alt: Option<String>,
    pub decorative: bool,
    pub wanted: bool,
}

/// Changes to an attachment; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub alt: Option<Option<String>>,
    pub decorative: Option<bool>,
    pub wanted: Option<bool>,
    pub file_name: Option<FileName>,
}

/// What somebody sent and has not used yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loose {
    pub files: usize,
    pub bytes: u64,
}

/// Checks an alternative text.
pub fn parse_alt(text: String) -> Result<String, Fault> {
    lines(&text, 1, 2_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_label_and_no_path() {
        for (sent, clean) in [
            (Some("../../etc/passwd"), "passwd"),
            (Some("C:\\Users\\ann\\plan.pdf"), "plan.pdf"),
            (Some("..hidden.txt"), "hidden.txt"),
            (Some("a\u{0}b\r\nc.txt"), "abc.txt"),
            (Some("foto\u{202E}gpj.exe"), "fotogpj.exe"),
            (Some("  "), "bestand.png"),
            (Some("verslag van één.odt"), "verslag van één.odt"),
            (None, "bestand.png"),
        ] {
            assert_eq!(FileName::cleaned(sent, MediaType::Png).as_str(), clean, "{sent:?}");
        }
        let long = FileName::cleaned(Some(&format!("{}.docx", "é".repeat(400))), MediaType::Docx);
        assert_eq!(long.as_str().chars().count(), NAME_MOST);
        assert!(long.as_str().ends_with("é.docx"));
    }
}
