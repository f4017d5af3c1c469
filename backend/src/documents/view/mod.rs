//! Documents on the wire.

mod adoptions;
mod proposed;
mod requests;
mod revisions;
mod upstream;
mod variants;

pub use adoptions::{
    AdoptDocument, AdoptionView, AdoptionsPart, LicenceView, LineageView, adoption_views, adoptions_part,
    attribution, attribution_anywhere,
};
pub use proposed::ProposedView;
pub use requests::{ChangeDocument, CreateDocument, MarkDocumentRead, ReplaceDocument};
pub use revisions::{
    DifferencesView, LastChangeView, RevisionPage, RevisionView, differences_view, last_change, revision_page,
};

pub use upstream::{TakeOverSections, UpstreamView, upstream_view};
pub use variants::{CreateVariant, VariantOfView, VariantView, variant_views};

use kring_db::{Conn, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::InNetwork;
use super::model::*;
use super::{actions, policy, queries};
use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::attachments::{self, AttachmentView, Target};
use crate::error::{NOT_FOUND, Result};
use crate::networks::{AuthorView, MunicipalityNames, NamedMunicipalityView, Network, NetworkRefView};
use crate::peers::{GoesTo, Instance, Reach};
use crate::text::lang::Lang;
use crate::text::summary::PlainSummary;
use crate::web::{AdviceView, ViewerView};
use adoptions::Lineages;
use variants::Variants;

/// A document, as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Document)]
pub struct DocumentView {
    pub id: DocumentId,
    pub network: NetworkRefView,
    /// Where what is written in it goes.
    pub goes_to: GoesTo,
    pub kind: DocumentKind,
    #[schema(example = "Plan: alle haltes in tien jaar")]
    pub title: String,
    /// What it says in a few plain sentences; null where nobody wrote any.
    #[schema(
        required,
        example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan."
    )]
    pub plain_summary: Option<String>,
    /// How the text begins, without Markdown: headings and tables are left out.
    #[schema(example = "In tien jaar kan iedereen bij elke halte in de bus.")]
    pub excerpt: String,
    pub language: String,
    pub municipalities: Vec<NamedMunicipalityView>,
    pub themes: Vec<String>,
    pub crpd_articles: Vec<i64>,
    /// Under what others may use it.
    pub licence: LicenceView,
    /// Where it comes from; null of what was not adopted.
    #[schema(required)]
    pub lineage: Option<LineageView>,
    /// Of which document it is the easy-to-read version or a translation; null of what stands by itself.
    #[schema(required)]
    pub variant_of: Option<VariantOfView>,
    /// The same in easy words and in other languages: easy to read first, in its own language first.
    pub variants: Vec<VariantView>,
    /// The number of the current revision, from 1.
    pub revision: i64,
    /// Who brought it in.
    pub created_by: AuthorView,
    pub created_at: Time,
    /// Who wrote the current revision.
    pub changed_by: AuthorView,
    pub changed_at: Time,
    /// What you have read of it; only where you are signed in, in lists and with `include=viewer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<DocumentReading>,
}

/// What somebody has read of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DocumentReading)]
pub struct DocumentReading {
    /// The newest revision they have read; null where they never opened it.
    #[schema(required)]
    pub revision: Option<i64>,
    /// How many revisions are newer than that.
    pub unread: i64,
}

impl DocumentReading {
    /// `read` is the newest revision that was read, `current` the newest there is.
    pub fn of(read: Option<i64>, current: i64) -> Self {
        Self { revision: read, unread: current - read.unwrap_or(0) }
    }
}

/// Documents as they are sent: names of municipalities and who brought them in are looked up at once for all.
/// With a viewer each says what they have read of it.
pub fn document_views(
    conn: &mut Conn,
    networks: &[Network],
    rows: Vec<DocumentRow>,
    viewer: Option<PersonId>,
) -> Result<Vec<DocumentView>> {
    let ids: Vec<DocumentId> = rows.iter().map(|row| row.0.id).collect();
    let mut lineages = Lineages::of(conn, &ids)?;
    let mut variants = Variants::of(conn, &ids)?;
    let codes = rows.iter().flat_map(|row| row.0.municipalities.list()).chain(lineages.municipalities());
    let names = MunicipalityNames::of(conn, codes.collect())?;
    let mut first = queries::first_revisions(conn, &ids)?;
    let instance = Instance::for_choices(conn, networks.iter().map(|network| &network.federation))?;
    let network = |row: &DocumentRow| networks.iter().find(|network| network.id == row.0.network_id);
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let network = network(&row)?;
            let (document, person, role, read) = row;
            let creator = first.iter().position(|(revision, ..)| revision.document_id == document.id)?;
            let (_, creator, creator_role) = first.swap_remove(creator);
            let (variant_of, its_variants) = variants.take(&document);
            Some(DocumentView {
                lineage: lineages.take(&document, &names),
                variant_of,
                variants: its_variants,
                id: document.id,
                network: network.into(),
                goes_to: instance.goes_to(&network.federates()),
                kind: document.kind,
                title: document.title.to_string(),
                plain_summary: PlainSummary::told(document.plain_summary.as_ref()),
                excerpt: document.excerpt,
                language: document.language.to_string(),
                municipalities: names.views(document.municipalities.list()),
                themes: document.themes.list(),
                crpd_articles: document.crpd_articles.list(),
                licence: LicenceView::of(document.licence, &document.language),
                revision: document.revision,
                created_by: AuthorView::of(creator, creator_role),
                created_at: document.created_at,
                changed_by: AuthorView::of(person, role),
                changed_at: document.changed_at,
                reading: viewer.map(|_| DocumentReading::of(read, document.revision)),
            })
        })
        .collect())
}

/// A document with its text and what its screen shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentPage {
    #[serde(flatten)]
    pub document: DocumentView,
    /// Markdown, as it was written.
    #[schema(example = "## Visie\n\nIn tien jaar kan iedereen bij elke halte in de bus.")]
    pub body: String,
    /// The same as safe HTML; headings begin at `h2`.
    #[schema(example = "<h2>Visie</h2>\n<p>In tien jaar kan iedereen bij elke halte in de bus.</p>\n")]
    pub body_html: String,
    /// With `include=attachments`, and in answers to changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<AttachmentView>>,
    /// With `include=adoptions`: who adopted it, as far as you may see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adoptions: Option<AdoptionsPart>,
    /// What would make the text easier to read: in answers to creating and changing it, and with `include=advice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<AdviceView>,
    /// With `include=lastChange`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_change: Option<LastChangeView>,
    /// With `include=viewer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<ViewerView>,
    /// What you wrote in a network that lives elsewhere and sent to its home, which has not answered yet: it becomes a
    /// revision when the home takes it, and else a draft of yours. With `include=viewer`, and in answers to changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<ProposedView>,
    /// The address of your draft of what you sent and was not taken: somebody was first, or the home of the network did not
    /// take it, or is gone. In networks that other instances take part in, with `include=viewer` and in answers to changes,
    /// as long as you keep it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/drafts/document/01k9q3v8r0a7c")]
    pub returned_draft: Option<String>,
}

/// What of a document's screen is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Included {
    pub attachments: bool,
    pub adoptions: bool,
    pub last_change: bool,
    /// Advice on the text. It is put in by who waits for its turn.
    pub advice: bool,
    /// The viewer's part, with sentences in this language.
    pub viewer: Option<Lang>,
}

/// A document's screen. The last change is put in by who compares: that takes too long for a connection.
pub fn document_page(conn: &mut Conn, place: &InNetwork, included: Included) -> Result<DocumentPage> {
    let document = &place.row.0;
    let text = queries::long_text(conn, document.id, document.revision)?;
    let attachments = if included.attachments {
        let target = Target::document(document.id.0);
        Some(attachments::take_views(&mut attachments::of(conn, &[target])?, target))
    } else {
        None
    };
    let adoptions = match included.adoptions {
        true => Some(adoptions_part(conn, place.person, document.id)?),
        false => None,
    };
    let viewer = included.viewer.map(|lang| viewer_view(conn, place, lang)).transpose()?;
    let asked = included.viewer.is_some() || included.attachments;
    let asked = place.person.filter(|_| asked && place.network.federation.reach() != Reach::None);
    let (proposed, returned) = match asked {
        Some(person) => {
            (queries::proposal(conn, document.id, person)?, actions::returned_of(conn, document.id, person)?)
        }
        None => (None, None),
    };
    let reader = place.person.filter(|_| viewer.is_some());
    let networks = std::slice::from_ref(&place.network);
    let mut views = document_views(conn, networks, vec![place.row.clone()], reader)?;
    Ok(DocumentPage {
        document: views.pop().ok_or(NOT_FOUND)?,
        body: text.body,
        body_html: text.body_html,
        attachments,
        adoptions,
        advice: None,
        last_change: None,
        viewer,
        proposed: proposed.map(|proposal| ProposedView::of(proposal, &place.network)),
        returned_draft: returned.map(|draft| draft.address().path()),
    })
}

/// A new document, with advice on its text.
pub fn created_page(conn: &mut Conn, place: &InNetwork, lang: Lang) -> Result<DocumentPage> {
    let mut page = changed_page(conn, place)?;
    let files = page.attachments.as_deref().unwrap_or_default();
    page.advice = Some(AdviceView::on(&page.body, &page.document.language, files, lang));
    Ok(page)
}

/// A document as it is after a change; advice is put in by who waits for its turn.
pub fn changed_page(conn: &mut Conn, place: &InNetwork) -> Result<DocumentPage> {
    document_page(conn, place, Included { attachments: true, ..Included::default() })
}

/// A document that the person has just made, and its ETag.
pub fn page_of(
    conn: &mut Conn,
    who: &SignedIn,
    id: DocumentId,
    lang: Lang,
) -> Result<(String, DocumentPage)> {
    let place = super::read(conn, &Viewer::SignedIn(who.clone()), id)?;
    Ok((place.row.0.etag(), created_page(conn, &place, lang)?))
}

/// What the viewer may do with a document.
fn viewer_view(conn: &mut Conn, place: &InNetwork, lang: Lang) -> Result<ViewerView> {
    let at = place.standing();
    let (document, .., read) = &place.row;
    let role = at.role().map(|role| role.as_str());
    let unread = if role.is_some() {
        DocumentReading::of(*read, document.revision).unread
    } else {
        0
    };
    let may_edit = || policy::may_edit(&at).map(|_| ());
    // Who coordinates may remove it whoever wrote it, and whoever may not change it may not: neither is asked about.
    let alone = match place.person.filter(|_| policy::hangs_on_writers(&at)) {
        Some(person) => queries::written_by_alone(conn, document.id, person)?,
        None => false,
    };
    Ok(ViewerView::judge(
        lang,
        role,
        unread,
        [
            ("edit", may_edit()),
            ("restore", may_edit()),
            ("label", may_edit()),
            ("attach", may_edit()),
            ("create", policy::may_create(&at).map(|_| ())),
            ("remove", policy::may_remove(&at, alone).map(|_| ())),
        ],
    ))
}
