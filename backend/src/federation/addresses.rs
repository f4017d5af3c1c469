//! Where things of this instance are: the addresses that are their ids for other instances, and never change.
//!
//! They are those of the pages for people; what is sent depends on what is asked for (`Accept`).

use url::Url;

use crate::accounts::Handle;
use crate::config::Config;
use crate::documents::DocumentId;
use crate::networks::Slug;
use crate::threads::{ReplyId, ThreadId};

/// Something of this instance that has an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Local {
    Instance,
    Network(Slug),
    Person(Handle),
    Thread(ThreadId),
    Reply(ReplyId),
    Document(DocumentId),
}

impl Local {
    /// Its id.
    pub fn address(&self, config: &Config) -> String {
        match self {
            Self::Instance => config.public("/"),
            Self::Network(slug) => config.public(&format!("/networks/{slug}")),
            Self::Person(handle) => config.public(&format!("/@{handle}")),
            Self::Thread(id) => config.public(&format!("/threads/{id}")),
            Self::Reply(id) => config.public(&format!("/replies/{id}")),
            Self::Document(id) => config.public(&format!("/documents/{id}")),
        }
    }

    /// A part of it: its inbox, outbox, followers and so on.
    pub fn part(&self, config: &Config, part: &str) -> String {
        format!("{}/{part}", self.address(config).trim_end_matches('/'))
    }

    /// What an address of this instance leads to, whether or not it is there. `None` for others', and for what is no
    /// thing's id.
    pub fn at(config: &Config, address: &Url) -> Option<Self> {
        if address.query().is_some() || !address.username().is_empty() {
            return None;
        }
        let base = config.public("/");
        let path = address.as_str().split('#').next().unwrap_or_default().strip_prefix(base.as_str())?;
        if path.is_empty() {
            return Some(Self::Instance);
        }
        if let Some(handle) = path.strip_prefix('@') {
            return handle.parse().ok().map(Self::Person);
        }
        match path.split_once('/')? {
            ("networks", slug) => slug.parse().ok().map(Self::Network),
            ("threads", id) => id.parse().ok().map(Self::Thread),
            ("replies", id) => id.parse().ok().map(Self::Reply),
            ("documents", id) => id.parse().ok().map(Self::Document),
            _ => None,
        }
    }
}

/// The key with which an actor signs requests: `publicKey`.
pub fn request_key(actor: &str) -> String {
    format!("{actor}#main-key")
}

/// The key with which an actor proves objects: `assertionMethod` (FEP-521a).
pub fn proof_key(actor: &str) -> String {
    format!("{actor}#proof-key")
}
