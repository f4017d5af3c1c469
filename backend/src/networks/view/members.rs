//! Memberships on the wire.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AuthorView;
use crate::accounts::{Person, PersonAddress};
use crate::error::{Fault, Result};
use crate::networks::model::*;
use crate::web::fields::{any, word};
use crate::web::{Field, Fields};

/// To join, send `{}`, or a message where a coordinator decides. To invite, name somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateMembership {
    /// Whom to invite; left out, you join yourself.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^([a-z][a-z0-9_]{2,29}|[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?)$", example = "fatima")]
    handle: Field<String>,
    /// The role to invite to; `member` where left out. Goes with `handle`.
    #[serde(default)]
    #[schema(value_type = MemberRole, required = false)]
    role: Field<String>,
    /// A few words to the coordinators, with a request to join.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$")]
    message: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<Capacity>, required = false)]
    capacity: Field<String>,
    /// The organisation's name; goes with a capacity.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 120, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$")]
    organisation: Field<String>,
    /// Show in this network that you are an expert by experience, to everyone who may read it. Hidden again when the
    /// network is opened to more people.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    expert_by_experience: Field<bool>,
}

impl CreateMembership {
    pub fn parse(self) -> Result<Joining> {
        let mut f = Fields::of_body();
        // What would be passed over is a mistake of the sender.
        let inviting = given(&self.handle);
        let own = [
            ("message", given(&self.message)),
            ("capacity", given(&self.capacity)),
            ("organisation", given(&self.organisation)),
            ("expertByExperience", given(&self.expert_by_experience)),
        ];
        for (name, _) in own.into_iter().filter(|(_, given)| inviting && *given) {
            f.fault::<()>(name, Fault::new("own_only"));
        }
        if given(&self.role) && !inviting {
            f.fault::<()>("role", Fault::new("needs_handle"));
        }
        let handle = f.may("handle", self.handle, |text: String| text.parse::<PersonAddress>());
        let role = f.may("role", self.role, word).unwrap_or(MemberRole::Member);
        let message = f.may("message", self.message, parse_message).unwrap_or_default();
        let showing = showing(&mut f, self.capacity, self.organisation, self.expert_by_experience);
        f.finish(|| {
            Some(match handle {
                Some(handle) => Joining::Invite { handle, role },
                None => Joining::Myself { message, showing },
            })
        })
    }
}

fn given<T>(field: &Field<T>) -> bool {
    !matches!(field, Field::Absent | Field::Null)
}

fn showing(
    f: &mut Fields,
    capacity: Field<String>,
    organisation: Field<String>,
    experience: Field<bool>,
) -> Showing {
    Showing {
        capacity: f.patch("capacity", capacity, word),
        organisation: f.patch("organisation", organisation, parse_organisation),
        experience: f.keep("expertByExperience", experience, any),
    }
}

/// Changes to a membership (merge patch). What is shown is the member's own; role and decision are a
/// coordinator's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeMembership {
    #[serde(default)]
    #[schema(value_type = MemberRole, required = false)]
    role: Field<String>,
    /// The answer to a request to join.
    #[serde(default)]
    #[schema(value_type = Decision, required = false)]
    state: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<Capacity>, required = false)]
    capacity: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 120, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$")]
    organisation: Field<String>,
    #[serde(default)]
    /// Show in this network that you are an expert by experience, to everyone who may read it. Hidden again when the
    /// network is opened to more people.
    #[schema(value_type = bool, required = false)]
    expert_by_experience: Field<bool>,
}

kring_db::word_type! {
    /// The answer to a request to join.
    Decision { Accept = "active", Refuse = "refused" }
}

impl ChangeMembership {
    pub fn parse(self) -> Result<MembershipChange> {
        let mut f = Fields::of_body();
        let role = f.keep("role", self.role, word);
        let decision = f.keep("state", self.state, word::<Decision>).map(|decision| match decision {
            Decision::Accept => MemberState::Active,
            Decision::Refuse => MemberState::Refused,
        });
        let showing = showing(&mut f, self.capacity, self.organisation, self.expert_by_experience);
        f.finish(|| Some(MembershipChange { role, decision, showing }))
    }
}

/// Somebody, by handle.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChoosePerson {
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^([a-z][a-z0-9_]{2,29}|[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?)$", example = "fatima")]
    handle: Field<String>,
}

impl ChoosePerson {
    pub fn parse(self) -> Result<PersonAddress> {
        let mut f = Fields::of_body();
        let handle = f.need("handle", self.handle, |text: String| text.parse::<PersonAddress>());
        f.finish(|| handle)
    }
}

/// A member, and how they take part.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub struct MemberView {
    /// Null for members who read by mail alone, and chose to be seen.
    #[schema(required, example = "ann")]
    pub handle: Option<String>,
    /// The instance where they live; null for this one.
    #[schema(required, example = "kring.example")]
    pub host: Option<String>,
    /// Their page there; null for people of this instance.
    #[schema(required, example = "https://kring.example/@ann")]
    pub home_url: Option<String>,
    #[schema(example = "Ann de Boer")]
    pub display_name: String,
    /// The account was closed; what was written stays.
    pub closed: bool,
    /// Their role in the network now; null for those who left.
    #[schema(required)]
    pub role: Option<MemberRole>,
    #[schema(required)]
    pub capacity: Option<Capacity>,
    #[schema(required)]
    pub organisation: Option<String>,
    /// They chose to show it in this network.
    pub expert_by_experience: bool,
}

impl MemberView {
    fn of(membership: &Membership, person: Person) -> Self {
        let given = person.handle.given().is_some();
        let author = AuthorView::of_member(membership, person);
        let handle = given.then(|| author.handle.clone());
        Self {
            handle,
            host: author.host,
            home_url: author.home_url,
            display_name: author.display_name,
            closed: author.closed,
            role: author.role,
            capacity: author.capacity,
            organisation: author.organisation,
            expert_by_experience: author.expert_by_experience,
        }
    }
}

/// How a person stands to a network.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Membership)]
pub struct MembershipView {
    pub id: MembershipId,
    pub person: MemberView,
    pub state: MemberState,
    /// The role they have, or are invited to.
    pub role: MemberRole,
    /// They joined while the network was proposed.
    pub co_founder: bool,
    /// What they wrote with their request.
    pub message: String,
    #[schema(required)]
    pub joined_at: Option<Time>,
    pub updated_at: Time,
}

impl From<(Membership, Person)> for MembershipView {
    fn from((membership, person): (Membership, Person)) -> Self {
        Self {
            id: membership.id,
            person: MemberView::of(&membership, person),
            state: membership.state,
            role: membership.role,
            co_founder: membership.founder,
            message: membership.message,
            joined_at: membership.joined_at,
            updated_at: membership.updated_at,
        }
    }
}

/// Whether the choice made a coordinator.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoordinatorChoice {
    /// Enough members chose the same person: they coordinate now.
    pub decided: bool,
}
