//! Who wrote something, on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::Person;
use crate::networks::model::*;

/// Who wrote something, and how they take part in its network.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Author)]
pub struct AuthorView {
    /// `ann`; `ann@kring.example` where another instance knows who that is.
    #[schema(example = "ann")]
    pub handle: String,
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

impl AuthorView {
    /// A person by their membership.
    pub fn of_member(membership: &Membership, person: Person) -> Self {
        Self::of(
            AuthorPerson::from(person),
            Some(AuthorRole {
                role: membership.role,
                state: membership.state,
                capacity: membership.capacity,
                organisation: membership.organisation.clone(),
                shows_experience: membership.shows_experience,
            }),
        )
    }

    /// `role` as it is now, in the network the thing belongs to.
    pub fn of(person: AuthorPerson, role: Option<AuthorRole>) -> Self {
        let active = role.filter(|role| role.state == MemberState::Active);
        Self {
            handle: person.address(),
            host: (!person.host.is_empty()).then_some(person.host),
            home_url: person.home_url,
            display_name: person.display_name.to_string(),
            closed: person.closed_at.is_some(),
            role: active.as_ref().map(|active| active.role),
            expert_by_experience: active.as_ref().is_some_and(|active| active.shows_experience),
            capacity: active.as_ref().and_then(|active| active.capacity),
            organisation: active.and_then(|active| active.organisation),
        }
    }
}
