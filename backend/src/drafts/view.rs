//! Drafts on the wire.

use kring_db::{Conn, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{About, about};
use super::jobs::KEPT;
use super::model::*;
use crate::accounts::Viewer;
use crate::app::Context;
use crate::attachments::{self, AttachmentId, AttachmentView};
use crate::error::{Fault, Result};
use crate::networks::NetworkRefView;
use crate::text::markdown::DOCUMENT_LIMIT;
use crate::web::fields::{any, each, line, lines};
use crate::web::{Field, Fields};

/// What you have written so far. Nothing of it need be whole or right: that is asked when you publish. A draft is
/// replaced whole by what is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SaveDraft {
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 1000, example = "Plan: alle haltes in")]
    title: Field<String>,
    /// Markdown.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "## Visie\n\nIn tien jaar kan iedereen bij")]
    body: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 5000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen moet met de bus kunnen.")]
    plain_summary: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 100, example = "nl")]
    language: Field<String>,
    /// The kind that a new document will be of.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 100, example = "plan")]
    document_kind: Field<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["GM0344"]))]
    municipalities: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["vervoer"]))]
    themes: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<i64>, required = false, max_items = 100, example = json!([9]))]
    crpd_articles: Field<Vec<i64>>,
    /// Files you uploaded for this: they are kept as long as the draft is.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
    /// Of an edit: the ETag of what you are changing. With it you are told, when you publish, what came in between.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 200, example = "\"7.0\"")]
    base: Field<String>,
}

impl SaveDraft {
    pub fn parse(self) -> Result<Content> {
        let mut f = Fields::of_body();
        let short = |most: usize| move |text: String| lines(&text, 0, most);
        let words = |list: Vec<String>| each(list, 100, |word: String| line(&word, 0, 100));
        let numbers = |list: Vec<i64>| each(list, 100, any);
        let ids = |list: Vec<String>| {
            each(list, 20, |id: String| id.parse().map_err(|_| Fault::new("unknown_attachment")))
        };
        let content = Content {
            title: f.may("title", self.title, |text: String| line(&text, 0, 1_000)),
            body: f.may("body", self.body, short(DOCUMENT_LIMIT)).unwrap_or_default(),
            base: f.may("base", self.base, |text: String| line(&text, 0, 200)),
            further: Further {
                plain_summary: f.may("plainSummary", self.plain_summary, short(5_000)),
                language: f.may("language", self.language, |text: String| line(&text, 0, 100)),
                document_kind: f.may("documentKind", self.document_kind, |text: String| line(&text, 0, 100)),
                municipalities: f.may("municipalities", self.municipalities, words),
                themes: f.may("themes", self.themes, words),
                crpd_articles: f.may("crpdArticles", self.crpd_articles, numbers),
                attachments: f.may("attachments", self.attachments, ids).unwrap_or_default(),
            },
        };
        f.finish(|| Some(content))
    }
}

/// A draft, as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Draft)]
pub struct DraftView {
    pub id: DraftId,
    /// Its path.
    #[schema(example = "/v1/drafts/document/01k9q3v8r0a7c")]
    pub address: String,
    pub kind: DraftKind,
    /// The slug of a network, or the id of the thread, reply or document.
    #[schema(example = "01k9q3v8r0a7c")]
    pub target: String,
    /// 1 is the draft; from 2 on, texts that stand beside it because they could not be saved over it.
    pub number: i64,
    pub origin: Origin,
    /// What it is about; null where that is gone or where you can no longer see it. The draft stays yours.
    #[schema(required)]
    pub about: Option<DraftAbout>,
    /// Of an edit: the ETag of what it was written from.
    #[schema(required, example = "\"7.0\"")]
    pub base: Option<String>,
    #[schema(required)]
    pub title: Option<String>,
    /// The beginning of the text, without Markdown.
    #[schema(example = "In tien jaar kan iedereen bij")]
    pub excerpt: String,
    /// The version, which is the ETag without its quotes: name it as `draft` when you publish, and the draft goes.
    #[schema(example = "01k9q3v8r0a7c.7")]
    pub version: String,
    pub created_at: Time,
    pub saved_at: Time,
    /// Until when it is kept where nobody saves it again.
    pub kept_until: Time,
}

/// What a draft is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DraftAbout {
    pub network: NetworkRefView,
    /// The title of the thread or document; the network's name for something new in it.
    pub title: String,
}

impl DraftView {
    fn of(draft: &Draft, about: &[About]) -> Self {
        let address = draft.address();
        let about = about.iter().find(|about| about.target == address.target);
        Self {
            id: draft.id,
            address: address.path(),
            kind: draft.kind,
            target: draft.target.clone(),
            number: draft.number,
            origin: draft.origin,
            about: about.map(|about| DraftAbout {
                network: NetworkRefView::from(&about.network),
                title: about.title.clone(),
            }),
            base: draft.base.clone(),
            title: draft.title.clone(),
            excerpt: draft.excerpt.clone(),
            version: draft.reference().to_string(),
            created_at: draft.created_at,
            saved_at: draft.saved_at,
            kept_until: draft.saved_at + KEPT,
        }
    }
}

/// Drafts as they are sent: what all are about is looked up at once.
pub fn draft_views(
    conn: &mut Conn,
    cx: &Context,
    viewer: &Viewer,
    drafts: &[Draft],
) -> Result<Vec<DraftView>> {
    let targets: Vec<Target> = drafts.iter().map(|draft| draft.address().target).collect();
    let about = about(conn, cx, viewer, &targets)?;
    Ok(drafts.iter().map(|draft| DraftView::of(draft, &about)).collect())
}

/// A draft with all that was written.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftPage {
    #[serde(flatten)]
    pub draft: DraftView,
    /// Markdown, as it was written.
    pub body: String,
    #[schema(required, example = "Iedereen moet met de bus kunnen.")]
    pub plain_summary: Option<String>,
    #[schema(required)]
    pub language: Option<String>,
    #[schema(required, example = "plan")]
    pub document_kind: Option<String>,
    #[schema(required, example = json!(["GM0344"]))]
    pub municipalities: Option<Vec<String>>,
    #[schema(required, example = json!(["vervoer"]))]
    pub themes: Option<Vec<String>>,
    #[schema(required, example = json!([9]))]
    pub crpd_articles: Option<Vec<i64>>,
    /// The files that wait for it. What went elsewhere or was thrown away is left out.
    pub attachments: Vec<AttachmentView>,
}

/// A draft as it is sent.
pub fn draft_page(
    conn: &mut Conn,
    cx: &Context,
    viewer: &Viewer,
    draft: Draft,
    body: String,
) -> Result<DraftPage> {
    let further = draft.further();
    let targets = [draft.address().target];
    let about = about(conn, cx, viewer, &targets)?;
    Ok(DraftPage {
        draft: DraftView::of(&draft, &about),
        body,
        attachments: attachments::loose(conn, draft.person_id, &further.attachments)?,
        plain_summary: further.plain_summary,
        language: further.language,
        document_kind: further.document_kind,
        municipalities: further.municipalities,
        themes: further.themes,
        crpd_articles: further.crpd_articles,
    })
}
