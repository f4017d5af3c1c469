//! The items, and when each is done.

use kring_db::{Time, word_type};

use crate::networks::{Network, NetworkState};
use crate::templates::is_blank_left;
use crate::threads::Beginnings;

word_type! {
    /// What makes a network work in its first weeks, in the order in which most begin.
    Item {
        Description = "description",
        PlainSummary = "plain-summary",
        Subjects = "subjects",
        LedByExperts = "led-by-experts",
        WelcomeThread = "welcome-thread",
        FirstThread = "first-thread",
        Invitations = "invitations",
        MailInvitations = "mail-invitations",
        Founders = "founders",
        SecondCoordinator = "second-coordinator",
        Agreements = "agreements",
        FirstDocument = "first-document",
        DescribedImage = "described-image",
        Answers = "answers",
        FirstDigest = "first-digest",
    }
}

/// Shorter than this, a description tells nobody whether it is for them.
const TELLING: usize = 100;

/// What was found out about a network.
#[derive(Clone, Debug)]
pub struct Findings {
    pub network: Network,
    /// When those who founded it joined, first one first.
    pub founded: Vec<Time>,
    pub invited: Option<Time>,
    /// When somebody was first invited by their address.
    pub mailed: Option<Time>,
    pub threads: Beginnings,
    /// When its first document was brought in.
    pub document: Option<Time>,
    /// When a document first began as the agreements about accessible meetings.
    pub agreements: Option<Time>,
    /// When the first image was sent that has a description now.
    pub image: Option<Time>,
    /// When a digest first told of it.
    pub digest: Option<Time>,
}

/// How an item stands: done or not, and since when where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub done: bool,
    pub done_at: Option<Time>,
}

impl State {
    fn since(at: Option<Time>) -> Self {
        Self { done: at.is_some(), done_at: at }
    }

    fn is(done: bool) -> Self {
        Self { done, done_at: None }
    }
}

impl Findings {
    /// How `item` stands.
    pub fn state(&self, item: Item) -> State {
        let network = &self.network;
        match item {
            Item::Description => {
                let written = &network.description;
                State::is(written.chars().count() >= TELLING && !is_blank_left(written))
            }
            Item::PlainSummary => State::is(network.plain_summary.is_some()),
            Item::Subjects => {
                let themes: Vec<String> = network.themes.list();
                let municipalities: Vec<String> = network.municipalities.list();
                State::is(!themes.is_empty() && !municipalities.is_empty())
            }
            Item::LedByExperts => State::is(network.led_by_experts),
            Item::WelcomeThread => State::since(self.threads.pinned),
            Item::FirstThread => State::since(self.threads.first),
            Item::Invitations => State::since(self.invited),
            Item::MailInvitations => State::since(self.mailed),
            Item::Founders => State {
                done: network.state != NetworkState::Proposed,
                done_at: self.founded.get(2).copied(),
            },
            Item::SecondCoordinator => State::is(network.coordinator_count >= 2),
            Item::Agreements => State::since(self.agreements),
            Item::FirstDocument => State::since(self.document),
            Item::DescribedImage => State::since(self.image),
            Item::Answers => State::is(self.threads.due > 0 && self.threads.unanswered == 0),
            Item::FirstDigest => State::since(self.digest),
        }
    }
}

/// What does an item: an operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doing {
    pub operation: &'static str,
    pub method: &'static str,
    /// Below `/v1`, with `{network}` where the network's slug belongs.
    pub path: &'static str,
    /// The key of a template to begin with.
    pub template: Option<&'static str>,
}

impl Item {
    pub fn doing(self) -> Doing {
        let does = |operation, method, path| Doing { operation, method, path, template: None };
        match self {
            Self::Description | Self::PlainSummary | Self::Subjects | Self::LedByExperts => {
                does("changeNetwork", "PATCH", "/networks/{network}")
            }
            Self::WelcomeThread => Doing {
                template: Some("theme-network"),
                ..does("createThread", "POST", "/networks/{network}/threads")
            },
            Self::FirstThread => does("createThread", "POST", "/networks/{network}/threads"),
            Self::Invitations | Self::Founders => {
                does("createMembership", "POST", "/networks/{network}/memberships")
            }
            Self::MailInvitations => does("createInvitations", "POST", "/networks/{network}/invitations"),
            Self::SecondCoordinator => does("listMemberships", "GET", "/networks/{network}/memberships"),
            Self::Agreements => Doing {
                template: Some("accessible-meetings"),
                ..does("createDocument", "POST", "/networks/{network}/documents")
            },
            Self::FirstDocument => Doing {
                template: Some("minutes"),
                ..does("createDocument", "POST", "/networks/{network}/documents")
            },
            Self::DescribedImage => does("uploadAttachment", "POST", "/attachments"),
            Self::Answers => does("listThreads", "GET", "/networks/{network}/threads"),
            Self::FirstDigest => does("setDigestPreferences", "PUT", "/digest-preferences"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lang::Lang;

    #[test]
    fn every_item_says_what_to_do_and_why_in_both_languages() {
        for (item, lang) in Item::ALL.iter().flat_map(|item| Lang::ALL.iter().map(move |lang| (item, lang))) {
            for key in [format!("checklist-{item}"), format!("checklist-{item}-why")] {
                assert!(lang.has(&key), "{lang}: {key}");
            }
        }
    }
}
