//! Attachments on the wire.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::media::MediaType;
use super::model::*;
use super::queries::Shown;
use crate::error::{Fault, Result};
use crate::networks::{AuthorView, NetworkRefView, Slug};
use crate::web::fields::{any, yes};
use crate::web::multipart::{Received, ReceivedFile};
use crate::web::{Field, Fields};

/// A file for a network. An image needs `alt`, `decorative` or `descriptionWanted`.
#[derive(ToSchema)]
#[allow(dead_code)] // only described: it is read as it streams in
#[serde(rename_all = "camelCase")]
pub struct UploadAttachment {
    /// The slug of the network it is for.
    #[schema(
        pattern = r"^([a-z][a-z0-9-]{2,49}|[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?)$",
        example = "openbaar-vervoer"
    )]
    network: String,
    /// The file, with its name.
    #[schema(value_type = String, format = Binary, min_length = 1)]
    file: String,
    /// What can be seen or heard in it, for those who cannot.
    #[schema(
        value_type = String,
        required = false,
        min_length = 1,
        max_length = 2000,
        pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$",
        example = "De halte Kerkplein: de stoep is hoger dan de instap van de bus."
    )]
    alt: Option<String>,
    /// The image says nothing that the text does not say. Counts for images only, and not beside `alt`.
    #[schema(value_type = String, required = false, pattern = "^(true|false)$", example = "false")]
    decorative: Option<String>,
    /// Ask the network to describe it.
    #[schema(value_type = String, required = false, pattern = "^(true|false)$", example = "false")]
    description_wanted: Option<String>,
}

impl UploadAttachment {
    /// Reads what was received: what is said about the file, and the file.
    pub fn parse(mut sent: Received) -> Result<(NewAttachment, ReceivedFile)> {
        let [network, alt, decorative, wanted] =
            ["network", "alt", "decorative", "descriptionWanted"].map(|name| sent.text(name));
        let file = sent.file();
        let mut f: Fields = sent.fields();
        let network = f.need("network", network, Slug::parse);
        let alt = f.may("alt", alt, parse_alt);
        let decorative = f.may("decorative", decorative, yes).unwrap_or(false);
        let wanted = f.may("descriptionWanted", wanted, yes).unwrap_or(false);
        let file = match file {
            None => f.fault("file", Fault::new("required")),
            Some(file) if file.size == 0 => f.fault("file", Fault::new("empty_file")),
            file => file,
        };
        f.finish(|| Some((NewAttachment { network: network?, alt, decorative, wanted }, file?)))
    }
}

/// Changes to an attachment (merge patch: what is left out stays).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeAttachment {
    /// What can be seen or heard in it. Null takes it away; an image then asks for another.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 2000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "De halte Kerkplein: de stoep is hoger dan de instap van de bus.")]
    alt: Field<String>,
    /// The image says nothing that the text does not say. Counts for images only, and not beside `alt`.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    decorative: Field<bool>,
    /// Ask the network to describe it, or better. An image that nobody described stays true.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    description_wanted: Field<bool>,
    /// For its uploader and moderators.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 150, pattern = r"^[^\s/\\\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]([^/\\\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]*[^\s/\\\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069])?$", example = "halte-kerkplein.jpg")]
    file_name: Field<String>,
}

impl ChangeAttachment {
    pub fn parse(self) -> Result<Change> {
        let mut f = Fields::of_body();
        let change = Change {
            alt: f.patch("alt", self.alt, parse_alt),
            decorative: f.keep("decorative", self.decorative, any),
            wanted: f.keep("descriptionWanted", self.description_wanted, any),
            file_name: f.keep("fileName", self.file_name, FileName::parse),
        };
        f.finish(|| Some(change))
    }
}

/// What an attachment belongs to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AttachmentTarget)]
pub struct TargetView {
    pub kind: TargetKind,
    /// Its id.
    #[schema(example = "01k9q3v8r0a7c")]
    pub id: String,
}

/// A file that belongs to a thread, a reply or a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attachment)]
pub struct AttachmentView {
    pub id: AttachmentId,
    pub network: NetworkRefView,
    pub uploader: AuthorView,
    /// What it belongs to; null while it belongs to nothing and only its uploader sees it.
    #[schema(required)]
    pub target: Option<TargetView>,
    #[schema(example = "halte-kerkplein.jpg")]
    pub file_name: String,
    /// What the file is, by its content.
    pub media_type: MediaType,
    /// In bytes.
    #[schema(example = 48213)]
    pub size: i64,
    /// Checksum of the content (SHA-256, hexadecimal).
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Of images, in pixels as shown.
    #[schema(required)]
    pub width: Option<i64>,
    #[schema(required)]
    pub height: Option<i64>,
    /// What can be seen or heard in it.
    #[schema(required)]
    pub alt: Option<String>,
    pub decorative: bool,
    /// The network is asked to describe it.
    pub description_wanted: bool,
    /// A browser may show or play it; anything else is saved.
    pub inline: bool,
    /// Path of the file itself on this instance.
    #[schema(example = "/v1/attachments/01k9q3v8r0a7c/content")]
    pub content: String,
    pub created_at: Time,
    #[schema(required)]
    pub attached_at: Option<Time>,
}

impl From<Shown> for AttachmentView {
    fn from((attachment, uploader, role, (slug, name)): Shown) -> Self {
        let target = attachment.target();
        Self {
            id: attachment.id,
            network: NetworkRefView { slug: slug.to_string(), name: name.to_string() },
            uploader: AuthorView::of(uploader, role),
            target: target
                .map(|target| TargetView { kind: target.kind, id: kring_db::types::write_id(target.id) }),
            file_name: attachment.file_name.to_string(),
            media_type: attachment.media_type,
            size: attachment.size,
            sha256: attachment.sha256,
            width: attachment.width,
            height: attachment.height,
            alt: attachment.alt,
            decorative: attachment.decorative,
            description_wanted: attachment.description_wanted,
            inline: attachment.media_type.shown(),
            content: format!("/v1/attachments/{}/content", attachment.id),
            created_at: attachment.created_at,
            attached_at: attachment.attached_at,
        }
    }
}
