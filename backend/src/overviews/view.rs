//! Screens on the wire.

use kring_db::Conn;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{self, Parts, Place};
use crate::documents::{self, DocumentFilter, DocumentView, document_views, policy as document_policy};
use crate::error::{NOT_FOUND, Result};
use crate::networks::policy::Successor;
use crate::networks::{
    self, AuthorView, MayRead, MemberRole, MemberState, NetworkView, network_views, policy as network_policy,
};
use crate::text::lang::Lang;
use crate::threads::{self, ThreadView};
use crate::web::paging::DEFAULT_LIMIT;
use crate::web::{AdviceView, Page, ViewerView, reason};

/// A network with what its page shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkOverview {
    #[serde(flatten)]
    pub network: NetworkView,
    /// With `include=advice`: what would make the description easier to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<AdviceView>,
    /// With `include=threads`: the beginning of the list; `nextCursor` goes on at `/networks/{network}/threads`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<Page<ThreadView>>,
    /// With `include=documents`: the beginning of the list; `nextCursor` goes on at `/networks/{network}/documents`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<Page<DocumentView>>,
    /// With `include=coordinators`: who runs it, longest first. Empty where nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinators: Option<Vec<AuthorView>>,
    /// What was asked for and may not be seen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub left_out: Vec<LeftOut>,
    /// With `include=viewer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<NetworkViewer>,
}

/// A part of a screen that the viewer may not see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeftOut {
    /// The word of `include`.
    #[schema(example = "threads")]
    pub part: String,
    #[schema(example = "members_only")]
    pub code: String,
    /// A plain sentence, in the language of the request.
    pub sentence: String,
}

/// The viewer's part in a network's page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NetworkViewer {
    #[serde(flatten)]
    pub viewer: ViewerView,
    /// How they stand to the network: a member, invited, waiting for an answer …; null where they never had to do
    /// with it.
    #[schema(required)]
    pub membership: Option<MemberState>,
}

/// A network's page as it is sent.
pub fn overview(conn: &mut Conn, place: Place, parts: Parts, lang: Lang) -> Result<NetworkOverview> {
    let reading = network_policy::may_read(&place.standing());
    let seeing = network_policy::may_see_coordinators(&place.standing());
    let mut refused = Refused { lang, left_out: Vec::new() };
    let threads = match refused.unless(parts.threads, "threads", &reading) {
        Some(may) => Some(threads::first_page(conn, may, &place.network, place.person)?),
        None => None,
    };
    let documents = match refused.unless(parts.documents, "documents", &reading) {
        Some(may) => Some(first_documents(conn, may, &place)?),
        None => None,
    };
    let coordinators = match refused.unless(parts.coordinators, "coordinators", &seeing) {
        Some(may) => Some(networks::coordinators(conn, may, place.network.id)?),
        None => None,
    };
    let viewer = if parts.viewer {
        let unread = actions::unread(conn, &place)?;
        let successor = actions::successor(conn, &place)?;
        Some(viewer_view(&place, unread, successor, lang))
    } else {
        None
    };
    let network = network_views(conn, vec![place.network])?.pop().ok_or(NOT_FOUND)?;
    Ok(NetworkOverview {
        advice: parts.advice.then(|| network.advice(lang)),
        network,
        threads,
        documents,
        coordinators: coordinators.map(|found| {
            found
                .into_iter()
                .map(|(membership, person)| AuthorView::of_member(&membership, person))
                .collect()
        }),
        left_out: refused.left_out,
        viewer,
    })
}

/// The beginning of the network's list of documents.
fn first_documents(conn: &mut Conn, may: &MayRead, place: &Place) -> Result<Page<DocumentView>> {
    let (network, person) = (&place.network, place.person);
    let every = DocumentFilter::default();
    let rows = documents::listed(conn, may, network.id, person, &every, None, DEFAULT_LIMIT)?;
    let cursor = |last: &documents::DocumentRow| documents::Place::of(&last.0).to_string();
    let piece = Page::cut(rows, DEFAULT_LIMIT, cursor, |row| row);
    Ok(Page {
        items: document_views(conn, std::slice::from_ref(network), piece.items, person)?,
        next_cursor: piece.next_cursor,
    })
}

/// Collects what is left out.
struct Refused {
    lang: Lang,
    left_out: Vec<LeftOut>,
}

impl Refused {
    /// The proof that a part asks for, where it is wanted and the rule gave one.
    fn unless<'p, P>(&mut self, wanted: bool, part: &str, rule: &'p Result<P>) -> Option<&'p P> {
        match rule {
            _ if !wanted => None,
            Ok(proof) => Some(proof),
            Err(error) => {
                let (code, sentence) = reason(self.lang, error);
                self.left_out.push(LeftOut { part: part.to_owned(), code, sentence });
                None
            }
        }
    }
}

/// What the viewer may do in a network.
fn viewer_view(place: &Place, unread: i64, successor: Successor, lang: Lang) -> NetworkViewer {
    let at = place.standing();
    let rules = [
        ("read", network_policy::may_read(&at).map(|_| ())),
        ("join", network_policy::may_join(&at).map(|_| ())),
        ("start_thread", network_policy::may_contribute(&at).map(|_| ())),
        ("write_document", document_policy::may_create(&at).map(|_| ())),
        ("invite", network_policy::may_invite(&at, MemberRole::Member).map(|_| ())),
        ("change", network_policy::may_coordinate(&at).map(|_| ())),
        ("choose_coordinator", network_policy::may_choose_coordinator(&at).map(|_| ())),
        ("leave", network_policy::may_leave(&at, successor)),
    ];
    NetworkViewer {
        viewer: ViewerView::judge(lang, at.role().map(MemberRole::as_str), unread, rules),
        membership: place.membership.as_ref().map(|own| own.state),
    }
}
