//! Other instances on the wire of the API.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::Decided;
use crate::error::Result;
use crate::peers::{PeerRule, Reach, Rule, RuleReason};
use crate::web::fields::word;
use crate::web::{Field, Fields};

/// With whom this instance exchanges anything.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Federation)]
pub struct FederationView {
    /// `none`, with nobody; `named`, with instances that an admin allowed; `open`, with every one that is not blocked.
    /// Networks choose for themselves within that.
    pub reach: Reach,
}

/// What an admin chooses.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetFederation {
    #[serde(default)]
    #[schema(value_type = Reach, required)]
    reach: Field<String>,
}

impl SetFederation {
    pub fn parse(self) -> Result<Reach> {
        let mut f = Fields::of_body();
        let reach = f.need("reach", self.reach, word);
        f.finish(|| reach)
    }
}

/// What an admin decides about an instance.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetPeerRule {
    /// `allow` it, where the instance exchanges with named ones; `block` it, whatever networks chose.
    #[serde(default)]
    #[schema(value_type = Rule, required)]
    rule: Field<String>,
    /// Why, for the next admin.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Stuurt reclame; afgesproken op 3 november.")]
    reason: Field<String>,
}

impl SetPeerRule {
    pub fn parse(self) -> Result<(Rule, RuleReason)> {
        let mut f = Fields::of_body();
        let rule = f.need("rule", self.rule, word);
        let reason = f.need("reason", self.reason, RuleReason::parse);
        f.finish(|| Some((rule?, reason?)))
    }
}

/// What was decided about an instance.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PeerRule)]
pub struct PeerRuleView {
    #[schema(example = "reclame.example")]
    pub host: String,
    pub rule: Rule,
    #[schema(example = "Stuurt reclame; afgesproken op 3 november.")]
    pub reason: String,
    pub created_at: Time,
}

impl From<PeerRule> for PeerRuleView {
    fn from(rule: PeerRule) -> Self {
        Self {
            host: rule.host.to_string(),
            rule: rule.rule,
            reason: rule.reason.to_string(),
            created_at: rule.created_at,
        }
    }
}

/// A decision about an instance, and what follows from it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PeerRuleDecision)]
pub struct PeerRuleDecisionView {
    pub rule: PeerRuleView,
    /// How many memberships it cuts: of people there in networks here, and of people here in networks there.
    #[schema(example = 14)]
    pub memberships: i64,
    /// Nothing was changed: it was only asked what would be.
    pub dry_run: bool,
}

impl PeerRuleDecisionView {
    pub fn of(decided: Decided, dry_run: bool) -> Self {
        Self {
            rule: decided.rule.into(),
            memberships: decided.memberships,
            dry_run,
        }
    }
}
