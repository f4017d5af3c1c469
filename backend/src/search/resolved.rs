//! What an address leads to: found here, or on another instance.

use kring_db::word_type;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Code;
use crate::networks::{Network, NetworkRefView};
use crate::text::lang::Lang;

word_type! {
    /// What an address leads to.
    ResolvedKind { Person = "person", Network = "network", Thread = "thread", Reply = "reply", Document = "document" }
}

/// What the address that was searched for leads to. It is known here from now on, and has an address of this API.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resolved {
    pub kind: ResolvedKind,
    /// Its id here; of a person the handle, of a network the slug, with `@` and the instance where that is another.
    #[schema(example = "openbaar-vervoer@kring.example")]
    pub id: String,
    /// Its title, or the name of a person or network. Of a reply, the title of its thread.
    #[schema(example = "Toegankelijk openbaar vervoer")]
    pub title: String,
    /// The instance where it lives; null for this one.
    #[schema(required, example = "kring.example")]
    pub host: Option<String>,
    /// Its page there; null for what is of this instance.
    #[schema(required, example = "https://kring.example/networks/openbaar-vervoer")]
    pub home_url: Option<String>,
    /// The network that it is in; null for people and networks.
    #[schema(required)]
    pub network: Option<NetworkRefView>,
    /// The thread of a reply; null for everything else.
    #[schema(required, example = "01k9q3v8r0a7c")]
    pub thread: Option<String>,
    /// Where a person reads it: a path on the frontend, or on this server where there is none.
    #[schema(example = "/networks/openbaar-vervoer@kring.example")]
    pub path: String,
}

impl Resolved {
    pub fn new(kind: ResolvedKind, id: String, title: String) -> Self {
        Self {
            path: match kind {
                ResolvedKind::Person => format!("/@{id}"),
                ResolvedKind::Network => format!("/networks/{id}"),
                ResolvedKind::Thread | ResolvedKind::Reply => format!("/threads/{id}"),
                ResolvedKind::Document => format!("/documents/{id}"),
            },
            kind,
            id,
            title,
            host: None,
            home_url: None,
            network: None,
            thread: None,
        }
    }

    /// It lives at `host`; empty for this instance.
    pub fn living(mut self, host: &str, home_url: Option<String>) -> Self {
        self.host = Some(host.to_owned()).filter(|host| !host.is_empty());
        self.home_url = home_url;
        self
    }

    pub fn within(mut self, network: &Network) -> Self {
        self.network = Some(network.into());
        self
    }

    /// A reply, in its thread.
    pub fn answering(mut self, thread: String) -> Self {
        self.path = format!("/threads/{thread}?around={id}#reply-{id}", id = self.id);
        self.thread = Some(thread);
        self
    }
}

/// Why nothing was found at an address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NotResolved)]
pub struct NotResolvedView {
    /// `no_address`, `not_exchanged`, `not_reached`, `not_federated`, `not_there`, `no_network`; or `not_found` and
    /// `members_only` of what is known and not for you.
    #[schema(example = "not_reached")]
    pub code: &'static str,
    /// What helps, in words.
    #[schema(example = "We kregen geen antwoord van die andere server. …")]
    pub sentence: String,
}

impl NotResolvedView {
    pub fn of(code: Code, lang: Lang) -> Self {
        Self {
            code: code.as_str(),
            sentence: lang.say(&format!("error-{}", code.as_str())),
        }
    }
}
