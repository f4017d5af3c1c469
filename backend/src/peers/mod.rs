//! Other instances: with whom this one, and each network, exchanges anything.
//!
//! Nothing leaves and nothing comes in until somebody chose so twice: an admin for the instance, a coordinator for the
//! network. Invariants:
//!
//! - the narrower choice counts; [`Instance::goes_to`] is the one place where both meet, and what the API tells people before
//!   they write is what federation goes by;
//! - a blocked instance is left out, whatever anybody chose;
//! - a hidden network stays at home.

mod homes;
mod model;
mod queries;
mod written;

pub use homes::{Silent, silent, waiting};
pub use model::{
    Choice, Copies, DEAD, DORMANT, GoesTo, HOST_PATTERN, Host, PeerRule, PeerState, Reach, Rule, RuleReason,
};
pub use queries::{choice, put_choice, put_rule, remove_rule, rule_of, rules};
pub use written::homes_of;

use kring_db::Conn;

use crate::error::Result;

/// Does an instance that is open so far exchange anything with another, by what was decided about that?
pub fn allows(instance: Reach, rule: Option<Rule>) -> bool {
    match (instance, rule) {
        (Reach::None, _) | (_, Some(Rule::Block)) => false,
        (Reach::Named, rule) => rule == Some(Rule::Allow),
        (Reach::Open, _) => true,
    }
}

/// What an admin chose for the instance, for holding the choices of networks against it.
#[derive(Debug)]
pub struct Instance {
    reach: Reach,
    rules: Vec<PeerRule>,
}

impl Instance {
    /// What is needed to tell of these choices: nothing is looked up where all of them are to stay at home.
    pub fn for_choices<'a>(conn: &mut Conn, mut choices: impl Iterator<Item = &'a Choice>) -> Result<Self> {
        let nowhere = Self { reach: Reach::None, rules: Vec::new() };
        if choices.all(|choice| choice.reach() == Reach::None) {
            return Ok(nowhere);
        }
        match choice(conn)? {
            Reach::None => Ok(nowhere),
            reach => Ok(Self { reach, rules: rules(conn)? }),
        }
    }

    /// As it is now.
    pub fn now(conn: &mut Conn) -> Result<Self> {
        Ok(Self { reach: choice(conn)?, rules: rules(conn)? })
    }

    /// Is anything exchanged with another?
    pub fn exchanges(&self, host: &Host) -> bool {
        let rule = self.rules.iter().find(|rule| rule.host == *host);
        allows(self.reach, rule.map(|rule| rule.rule))
    }

    /// Does what is written in a network go to another, given what the network chose?
    pub fn reaches(&self, network: &Choice, host: &Host) -> bool {
        let chosen = match network.reach() {
            Reach::None => false,
            Reach::Named => network.hosts().contains(host),
            Reach::Open => true,
        };
        chosen && self.exchanges(host)
    }

    /// Where what is written goes, given the choice of its network.
    pub fn goes_to(&self, network: &Choice) -> GoesTo {
        GoesTo::of(network, self.reach, &self.rules)
    }
}
