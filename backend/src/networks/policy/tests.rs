use super::*;
use crate::error::Error;
use kring_db::{JsonText, Time};

const ME: PersonId = PersonId(7);

fn now() -> Time {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

fn network(visibility: Visibility, join_policy: JoinPolicy, state: NetworkState) -> Network {
    Network {
        id: NetworkId(1),
        slug: "haltes".parse().expect("a slug"),
        name: NetworkName::parse("Haltes".into()).expect("a name"),
        plain_summary: None,
        description: String::new(),
        description_html: String::new(),
        language: crate::accounts::LanguageTag::of(crate::text::lang::Lang::Nl),
        visibility,
        join_policy,
        documents_edited_by: EditedBy::Members,
        state,
        seeking_people: false,
        led_by_experts: false,
        municipalities: JsonText::of(&[0; 0]),
        themes: JsonText::of(&[0; 0]),
        crpd_articles: JsonText::of(&[0; 0]),
        member_count: 3,
        coordinator_count: 1,
        founder_count: 2,
        thread_count: 0,
        document_count: 0,
        created_by: ME,
        created_at: now(),
        updated_at: now(),
        archived_at: None,
        without_coordinator_since: None,
        version: 1,
        seeking_help: None,
        federation: crate::peers::Choice::none(),
        home_url: None,
    }
}

fn membership(role: MemberRole, state: MemberState) -> Membership {
    Membership {
        id: MembershipId(1),
        network_id: NetworkId(1),
        person_id: ME,
        role,
        state,
        founder: false,
        capacity: None,
        organisation: None,
        shows_experience: false,
        message: String::new(),
        invited_by: None,
        joined_at: None,
        created_at: now(),
        updated_at: now(),
        shown: false,
    }
}

fn said<T>(outcome: Result<T>) -> Option<Code> {
    match outcome {
        Ok(_) => None,
        Err(Error::Rule(code)) => Some(code),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn who_may_see_and_read() {
    use MemberState::{Active, Invited, Left, Removed, Requested};
    let cases: &[(Visibility, Option<MemberState>, Option<Code>, Option<Code>)] = &[
        (Visibility::Public, None, None, None),
        (Visibility::Public, Some(Removed), None, None),
        (Visibility::Members, None, None, Some(Code::MembersOnly)),
        (Visibility::Members, Some(Requested), None, Some(Code::MembersOnly)),
        (Visibility::Members, Some(Active), None, None),
        (Visibility::Hidden, None, Some(Code::NotFound), Some(Code::NotFound)),
        (Visibility::Hidden, Some(Left), Some(Code::NotFound), Some(Code::NotFound)),
        (Visibility::Hidden, Some(Invited), None, Some(Code::MembersOnly)),
        (Visibility::Hidden, Some(Active), None, None),
    ];
    for (visibility, state, see, read) in cases {
        let network = network(*visibility, JoinPolicy::Open, NetworkState::Active);
        let membership = state.map(|state| membership(MemberRole::Member, state));
        let at = Standing {
            network: &network,
            person: Some(ME),
            membership: membership.as_ref(),
        };
        assert_eq!((said(may_see(&at)), said(may_read(&at))), (*see, *read), "{visibility} {state:?}");
    }
}

#[test]
fn who_may_write_moderate_and_coordinate() {
    use MemberRole::{Coordinator, Facilitator, Member};
    let cases = [
        (
            Some(Member),
            NetworkState::Active,
            None,
            Some(Code::ModeratorsOnly),
            Some(Code::CoordinatorsOnly),
        ),
        (Some(Facilitator), NetworkState::Active, None, None, Some(Code::CoordinatorsOnly)),
        (Some(Coordinator), NetworkState::Proposed, None, None, None),
        (
            Some(Coordinator),
            NetworkState::Archived,
            Some(Code::NetworkArchived),
            Some(Code::NetworkArchived),
            None,
        ),
        (
            None,
            NetworkState::Active,
            Some(Code::MembersOnly),
            Some(Code::MembersOnly),
            Some(Code::CoordinatorsOnly),
        ),
    ];
    for (role, state, contribute, moderate, coordinate) in cases {
        let network = network(Visibility::Public, JoinPolicy::Open, state);
        let membership = role.map(|role| membership(role, MemberState::Active));
        let at = Standing {
            network: &network,
            person: Some(ME),
            membership: membership.as_ref(),
        };
        let got = (said(may_contribute(&at)), said(may_moderate(&at)), said(may_coordinate(&at)));
        assert_eq!(got, (contribute, moderate, coordinate), "{role:?} {state}");
    }
}

#[test]
fn how_joining_goes() {
    use MemberState::{Active, Invited, Left, Refused, Removed, Requested};
    let cases = [
        (JoinPolicy::Open, None, Ok(Entry::Joins)),
        (JoinPolicy::Open, Some(Left), Ok(Entry::Joins)),
        (JoinPolicy::Request, None, Ok(Entry::Asks)),
        (JoinPolicy::Request, Some(Refused), Ok(Entry::Asks)),
        (JoinPolicy::Request, Some(Invited), Ok(Entry::Joins)),
        (JoinPolicy::Request, Some(Requested), Err(Code::AlreadyRequested)),
        (JoinPolicy::Invitation, None, Err(Code::InvitationNeeded)),
        (JoinPolicy::Invitation, Some(Invited), Ok(Entry::Joins)),
        (JoinPolicy::Open, Some(Removed), Err(Code::Removed)),
        (JoinPolicy::Open, Some(Active), Err(Code::AlreadyMember)),
    ];
    for (policy, state, expected) in cases {
        let network = network(Visibility::Public, policy, NetworkState::Active);
        let membership = state.map(|state| membership(MemberRole::Member, state));
        let at = Standing {
            network: &network,
            person: Some(ME),
            membership: membership.as_ref(),
        };
        let got = may_join(&at).map_err(|error| match error {
            Error::Rule(code) => code,
            other => panic!("{other}"),
        });
        assert_eq!(got, expected, "{policy} {state:?}");
    }
}

#[test]
fn who_sees_the_coordinators_and_who_may_leave() {
    use MemberState as S;
    use Visibility as V;
    // visibility, state of the viewer, may they know who coordinates, may they leave
    let cases = [
        (V::Public, None, None, Some(Code::SignInRequired)),
        (V::Public, Some(S::Left), None, Some(Code::MembersOnly)),
        (V::Public, Some(S::Requested), None, None),
        (V::Members, None, Some(Code::MembersOnly), Some(Code::SignInRequired)),
        (V::Members, Some(S::Requested), Some(Code::MembersOnly), None),
        (V::Members, Some(S::Refused), Some(Code::MembersOnly), Some(Code::MembersOnly)),
        (V::Members, Some(S::Invited), None, None),
        (V::Members, Some(S::Active), None, None),
        (V::Hidden, None, Some(Code::NotFound), Some(Code::NotFound)),
        (V::Hidden, Some(S::Removed), Some(Code::NotFound), Some(Code::NotFound)),
        (V::Hidden, Some(S::Invited), None, None),
        (V::Hidden, Some(S::Active), None, None),
    ];
    for (visibility, state, see, leave) in cases {
        let network = network(visibility, JoinPolicy::Open, NetworkState::Active);
        let own = state.map(|state| membership(MemberRole::Member, state));
        let at = Standing {
            network: &network,
            person: own.as_ref().map(|_| ME),
            membership: own.as_ref(),
        };
        assert_eq!(said(may_see_coordinators(&at)), see, "{visibility} {state:?}: see");
        assert_eq!(said(may_leave(&at, Successor::There)), leave, "{visibility} {state:?}: leave");
    }
    let network = network(V::Public, JoinPolicy::Open, NetworkState::Active);
    let own = membership(MemberRole::Coordinator, S::Active);
    let at = Standing { network: &network, person: Some(ME), membership: Some(&own) };
    let leave = |successor| said(may_leave(&at, successor));
    assert_eq!(leave(Successor::There), Some(Code::LastCoordinator), "they would be left alone");
    assert_eq!(leave(Successor::Nobody), None, "nobody is held for ever");
}

#[test]
fn three_people_and_a_coordinator_make_a_network() {
    let mut network = network(Visibility::Public, JoinPolicy::Open, NetworkState::Proposed);
    assert!(!becomes_active(&network));
    network.founder_count = 3;
    assert!(becomes_active(&network));
    network.coordinator_count = 0;
    assert!(!becomes_active(&network));
}

#[test]
fn only_who_was_there_when_the_coordinator_went_chooses_the_next() {
    let later = now() + chrono::Duration::minutes(1);
    for (coordinators, joined, code) in
        [(1, now(), Some(Code::HasCoordinator)), (0, now(), None), (0, later, Some(Code::JoinedLater))]
    {
        let mut network = network(Visibility::Public, JoinPolicy::Open, NetworkState::Active);
        network.coordinator_count = coordinators;
        network.without_coordinator_since = (coordinators == 0).then(now);
        let mut own = membership(MemberRole::Member, MemberState::Active);
        own.joined_at = Some(joined);
        let at = Standing { network: &network, person: Some(ME), membership: Some(&own) };
        assert_eq!(said(may_choose_coordinator(&at)), code, "{coordinators} {joined}");
    }
}

#[test]
fn three_members_or_half_of_a_small_network_choose() {
    assert_eq!([1, 2, 3, 5, 6, 400].map(choices_needed), [1, 1, 2, 3, 3, 3]);
}
