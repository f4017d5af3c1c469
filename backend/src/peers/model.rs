//! The types of other instances and of what is chosen about them.

use diesel::prelude::*;
use kring_db::schema::peer_rules;
use kring_db::{Time, text_type, word_type};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::PersonId;
use crate::error::Fault;
use crate::web::fields::lines;

text_type! {
    /// The name of an instance: `kring.example.org`, with its port where it has one of its own. In small letters, of
    /// ASCII alone: what two spellings of one name share.
    Host
}

/// Longest name of an instance, in letters. DNS would take 253.
const LONGEST_HOST: usize = 200;

/// What the name of an instance looks like, as a regular expression.
pub const HOST_PATTERN: &str = r"^[a-z0-9]([a-z0-9.-]{0,190}[a-z0-9])?(:[0-9]{1,5})?$";

impl Host {
    /// A domain name, with a port if need be; other letters than ASCII become punycode (RFC 3492). An address of the web
    /// is taken for the host in it.
    pub fn parse(text: String) -> Result<Self, Fault> {
        let fault = || Fault::new("host");
        let text = text.trim();
        if text.len() > LONGEST_HOST {
            return Err(fault());
        }
        let url = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = url::Url::parse(&url).map_err(|_| fault())?;
        Self::of(&url).ok_or_else(fault)
    }

    /// The host of an address; `None` where it has none, or a name and a password too.
    pub fn of(url: &url::Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
            return None;
        }
        let host = kring_activitypub::signature::host(url);
        // The web's own rules for addresses let more through than names of machines have.
        let name = host.split(':').next().unwrap_or_default();
        let fits = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.ends_with(|c: char| c.is_ascii_alphanumeric())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        (fits && host.len() <= LONGEST_HOST).then_some(Self(host))
    }
}

impl std::str::FromStr for Host {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text.to_owned())
    }
}

word_type! {
    /// How far something goes: nowhere, to instances that are named, or to every one that asks.
    Reach { None = "none", Named = "named", Open = "open" }
}

word_type! {
    /// What an admin decided about an instance.
    Rule { Allow = "allow", Block = "block" }
}

word_type! {
    /// How an instance is: `ok`; `failing`, it took nothing the last time; `dormant`, for a week or more: it is tried
    /// once a day, and what is for it waits; `dead`, for 90 days: it is not tried any more, and what is for it is not
    /// kept, until it speaks itself; `blocked` by an admin.
    PeerState { Ok = "ok", Failing = "failing", Dormant = "dormant", Dead = "dead", Blocked = "blocked" }
}

/// An instance that took nothing for so long is dormant.
pub const DORMANT: chrono::Duration = chrono::Duration::days(7);

/// One that took nothing for so long is given up, until it speaks itself.
pub const DEAD: chrono::Duration = chrono::Duration::days(90);

impl PeerState {
    /// How an instance is that took nothing since `failing_since`, where it is not blocked.
    pub fn since(failing_since: Option<Time>, now: Time) -> Self {
        match failing_since.map(|since| now - since) {
            None => Self::Ok,
            Some(time) if time < DORMANT => Self::Failing,
            Some(time) if time < DEAD => Self::Dormant,
            Some(_) => Self::Dead,
        }
    }
}

word_type! {
    /// What others keep of a network: its documents, or its threads and replies as well.
    Copies { Documents = "documents", Everything = "everything" }
}

text_type! {
    /// Why an instance was allowed or blocked, for the next admin.
    RuleReason
}

impl RuleReason {
    pub fn parse(text: String) -> Result<Self, Fault> {
        lines(&text, 1, 1_000).map(Self)
    }
}

/// What an admin decided about an instance.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = peer_rules)]
pub struct PeerRule {
    pub host: Host,
    pub rule: Rule,
    pub reason: RuleReason,
    pub created_at: Time,
    pub created_by: PersonId,
}

text_type! {
    /// With whom a network exchanges what is written in it, as the column has it: `none`, `open`, or the names of
    /// instances with spaces between them; then ` +everything` where those are to keep more than its documents.
    Choice
}

/// How the column says that everything is kept. No instance is called so.
const WHOLE: &str = " +everything";

impl Choice {
    /// Nothing leaves: what every network begins with.
    pub fn none() -> Self {
        Self(Reach::None.to_string())
    }

    /// From what was chosen. The list counts for `named` alone; its order does not.
    pub fn new(reach: Reach, mut hosts: Vec<Host>) -> Self {
        hosts.sort_unstable();
        hosts.dedup();
        match reach {
            Reach::Named => Self(hosts.iter().map(Host::as_str).collect::<Vec<_>>().join(" ")),
            reach => Self(reach.to_string()),
        }
    }

    /// The same, with what others are to keep.
    pub fn keeping(&self, copies: Copies) -> Self {
        match copies {
            Copies::Documents => Self(self.plain().to_owned()),
            Copies::Everything => Self(format!("{}{WHOLE}", self.plain())),
        }
    }

    /// What others are to keep.
    pub fn copies(&self) -> Copies {
        match self.as_str().ends_with(WHOLE) {
            true => Copies::Everything,
            false => Copies::Documents,
        }
    }

    /// With whom, alone.
    fn plain(&self) -> &str {
        self.as_str().strip_suffix(WHOLE).unwrap_or(self.as_str())
    }

    pub fn reach(&self) -> Reach {
        match self.plain() {
            "none" | "" => Reach::None,
            "open" => Reach::Open,
            _ => Reach::Named,
        }
    }

    /// Those that are named.
    pub fn hosts(&self) -> Vec<Host> {
        match self.reach() {
            Reach::Named => self.plain().split(' ').map(|host| Host(host.to_owned())).collect(),
            Reach::None | Reach::Open => Vec::new(),
        }
    }
}

/// Where something goes, when everything that was chosen is taken together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GoesTo)]
pub struct GoesTo {
    /// How far: `none`, it stays here; `named`, to the instances below; `open`, to every instance whose people follow
    /// the network.
    pub reach: Reach,
    /// The instances that are named.
    #[schema(value_type = Vec<String>, example = json!(["kring.utrecht.example"]))]
    pub instances: Vec<Host>,
}

impl GoesTo {
    pub fn nowhere() -> Self {
        Self { reach: Reach::None, instances: Vec::new() }
    }

    /// What is left where the choices of a network and of its instance meet.
    pub fn of(network: &Choice, instance: Reach, rules: &[PeerRule]) -> Self {
        let rule = |host: &Host| rules.iter().find(|rule| rule.host == *host).map(|rule| rule.rule);
        let allowed = |host: &Host| super::allows(instance, rule(host));
        let named = match (network.reach(), instance) {
            (Reach::None, _) | (_, Reach::None) => return Self::nowhere(),
            (Reach::Open, Reach::Open) => return Self { reach: Reach::Open, instances: Vec::new() },
            (Reach::Open, Reach::Named) => rules.iter().map(|rule| rule.host.clone()).collect(),
            (Reach::Named, _) => network.hosts(),
        };
        let instances: Vec<Host> = named.into_iter().filter(allowed).collect();
        match instances.is_empty() {
            true => Self::nowhere(),
            false => Self { reach: Reach::Named, instances },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn host(name: &str) -> Host {
        Host::parse(name.to_owned()).unwrap()
    }

    fn rule(name: &str, rule: Rule) -> PeerRule {
        let created_at = "2026-11-26T09:00:00Z".parse().unwrap();
        let reason = RuleReason::parse("known".to_owned()).unwrap();
        PeerRule {
            host: host(name),
            rule,
            reason,
            created_at,
            created_by: PersonId(1),
        }
    }

    #[test]
    fn a_host_is_read_as_people_write_it() {
        for (text, read) in [
            ("Kring.Example", "kring.example"),
            (" https://kring.example/networks/x ", "kring.example"),
            ("kring.example:8443", "kring.example:8443"),
            ("kring.example:443", "kring.example"),
            ("gemeente-súdwest.example", "xn--gemeente-sdwest-cvb.example"),
        ] {
            assert_eq!(host(text).as_str(), read, "{text}");
        }
        for text in [
            "",
            "a b",
            "null,null",
            "a_b.example",
            "-a.example",
            "ann@kring.example",
            "ftp://kring.example",
            "https://",
        ] {
            assert!(Host::parse(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_choice_is_kept_as_it_was_made() {
        let named = Choice::new(Reach::Named, vec![host("b.example"), host("a.example"), host("b.example")]);
        assert_eq!((named.as_str(), named.reach()), ("a.example b.example", Reach::Named));
        assert_eq!(named.hosts(), [host("a.example"), host("b.example")]);
        for reach in [Reach::None, Reach::Open] {
            assert_eq!(Choice::new(reach, vec![host("a.example")]).reach(), reach);
        }
        assert_eq!(Choice::default().reach(), Reach::None);
        let whole = named.keeping(Copies::Everything);
        assert_eq!(
            (whole.copies(), whole.hosts(), whole.reach()),
            (Copies::Everything, named.hosts(), Reach::Named)
        );
        assert_eq!((whole.keeping(Copies::Documents), named.copies()), (named.clone(), Copies::Documents));
        assert_eq!(Choice::new(Reach::Open, vec![]).keeping(Copies::Everything).reach(), Reach::Open);
    }

    #[test]
    fn the_narrower_choice_counts_and_a_block_always() {
        let (open, none) = (Choice::new(Reach::Open, vec![]), Choice::none());
        let two = Choice::new(Reach::Named, vec![host("a.example"), host("b.example")]);
        let rules = [rule("a.example", Rule::Allow), rule("b.example", Rule::Block)];
        let named = |names: &[&str]| GoesTo {
            reach: if names.is_empty() { Reach::None } else { Reach::Named },
            instances: names.iter().map(|name| host(name)).collect(),
        };
        for (network, instance, rules, goes) in [
            (&none, Reach::Open, &rules[..], named(&[])),
            (&open, Reach::None, &rules, named(&[])),
            (&two, Reach::None, &rules, named(&[])),
            (&open, Reach::Open, &rules, GoesTo { reach: Reach::Open, instances: vec![] }),
            (&open, Reach::Named, &rules, named(&["a.example"])),
            (&open, Reach::Named, &[], named(&[])),
            (&two, Reach::Open, &rules, named(&["a.example"])),
            (&two, Reach::Open, &[], named(&["a.example", "b.example"])),
            (&two, Reach::Named, &rules, named(&["a.example"])),
            (&two, Reach::Named, &[], named(&[])),
        ] {
            assert_eq!(GoesTo::of(network, instance, rules), goes, "{network} {instance}");
        }
    }
}
