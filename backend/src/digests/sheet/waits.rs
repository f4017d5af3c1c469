//! What waits for a reader, in words.

use super::{Entry, LEAD, Writer};
use crate::digests::waiting::{SilentHome, Waiting};
use crate::networks::{self, Network};
use crate::text::{dates, markdown};
use crate::threads::{AddressedKind, AddressedPost};
use crate::web::links;

impl Writer<'_> {
    pub(super) fn waiting(&self, waiting: &Waiting) -> Vec<Entry> {
        let posts = waiting.posts.iter().map(|(post, network)| self.addressed(network, post));
        let invited = || self.lang.say("digest-waiting-invitation");
        let invitations = waiting.invitations.iter().map(|network| self.about(network, invited()));
        let requests = waiting.requests.iter().map(|(network, count)| {
            let asking = self.lang.say_with("digest-waiting-requests", &[("count", count.to_string())]);
            self.about(network, asking)
        });
        let silent = waiting.silent.iter().map(|home| self.about(&home.network, self.silent(home)));
        let zone = self.config.time_zone;
        let away = waiting.away.iter().filter_map(|(network, there, state)| {
            Some(self.about(network, networks::away(there, *state, self.lang, zone)?))
        });
        posts.chain(invitations).chain(requests).chain(silent).chain(away).collect()
    }

    pub(super) fn waiting_more(&self, more: i64) -> Option<String> {
        (more > 0).then(|| self.lang.say_with("digest-waiting-more", &[("count", more.to_string())]))
    }

    /// A post that is addressed to the reader.
    fn addressed(&self, network: &Network, post: &AddressedPost) -> Entry {
        let key = match post.kind {
            AddressedKind::Mention => "digest-waiting-mention",
            AddressedKind::Answer => "digest-waiting-answer",
        };
        let href = match post.reply_id {
            Some(reply) => links::reply(self.config, post.thread_id, reply),
            None => links::thread(self.config, post.thread_id),
        };
        Entry {
            title: post.title.to_string(),
            foreign: self.foreign(post.title_language.as_str()),
            href: self.link(network, href),
            told: self.lang.say_with(key, &[("who", post.author.display_name.to_string())]),
            lead: markdown::lead(&post.body, LEAD),
            lead_foreign: self.foreign(post.language.as_str()),
        }
    }

    /// That the server of a network does not answer, and what its reader can do about that.
    fn silent(&self, home: &SilentHome) -> String {
        let day = dates::day(self.lang, home.since.utc().with_timezone(&self.config.time_zone));
        let facts = [("host", home.network.slug.host().to_owned()), ("day", day)];
        let said = self.lang.say_with("digest-home-silent", &facts);
        match home.may_continue {
            true => format!("{said} {}", self.lang.say("digest-home-may-continue")),
            false => said,
        }
    }
}
