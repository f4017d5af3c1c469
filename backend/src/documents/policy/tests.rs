use super::*;
use crate::accounts::LanguageTag;
use crate::documents::model::{DocumentId, DocumentKind, Licence, Title};
use crate::error::{Code, Error};
use crate::networks::{
    JoinPolicy, MemberRole, MemberState, Membership, MembershipId, Network, NetworkId, NetworkName,
    NetworkState, Visibility,
};
use crate::text::lang::Lang;
use kring_db::{JsonText, Time};

const ME: PersonId = PersonId(7);

fn now() -> Time {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

fn network(visibility: Visibility, state: NetworkState, edited_by: EditedBy) -> Network {
    Network {
        id: NetworkId(1),
        slug: "haltes".parse().expect("a slug"),
        name: NetworkName::parse("Haltes".into()).expect("a name"),
        plain_summary: None,
        description: String::new(),
        description_html: String::new(),
        language: LanguageTag::of(Lang::Nl),
        visibility,
        join_policy: JoinPolicy::Open,
        documents_edited_by: edited_by,
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

fn membership((role, state): (MemberRole, MemberState)) -> Membership {
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
fn who_may_bring_in_and_who_may_change() {
    use EditedBy::{Coordinators, Members};
    use MemberRole::{Coordinator, Facilitator, Member};
    use MemberState::{Active, Invited, Left};
    use NetworkState::{Archived, Proposed};
    use Visibility::{Hidden, Public};
    let active = NetworkState::Active;
    let (members, archived) = (Some(Code::MembersOnly), Some(Code::NetworkArchived));
    let coordinators = Some(Code::CoordinatorsOnly);
    let cases = [
        (Public, active, Members, Some((Member, Active)), None, None),
        (Public, Proposed, Members, Some((Member, Active)), None, None),
        (Public, active, Coordinators, Some((Member, Active)), None, coordinators),
        (Public, active, Coordinators, Some((Facilitator, Active)), None, coordinators),
        (Public, active, Coordinators, Some((Coordinator, Active)), None, None),
        (Public, active, Members, None, members, members),
        (Public, active, Members, Some((Coordinator, Left)), members, members),
        (Public, Archived, Members, Some((Member, Active)), archived, archived),
        (Public, Archived, Coordinators, Some((Coordinator, Active)), archived, archived),
        (Hidden, active, Members, None, Some(Code::NotFound), Some(Code::NotFound)),
        (Hidden, active, Members, Some((Member, Invited)), members, members),
    ];
    for (visibility, state, edited_by, belongs, create, edit) in cases {
        let network = network(visibility, state, edited_by);
        let membership = belongs.map(membership);
        let at = Standing {
            network: &network,
            person: Some(ME),
            membership: membership.as_ref(),
        };
        let got = (said(may_create(&at)), said(may_edit(&at)));
        assert_eq!(got, (create, edit), "{visibility} {state} {edited_by} {belongs:?}");
    }
}

#[test]
fn what_must_not_stand_there_is_taken_away_and_what_nobody_else_touched_by_its_writer() {
    use MemberRole::{Coordinator, Facilitator, Member};
    use MemberState::{Active, Left};
    let (active, archived) = (NetworkState::Active, NetworkState::Archived);
    let (members, coordinators) = (Some(Code::MembersOnly), Some(Code::CoordinatorsOnly));
    for (visibility, state, belongs, alone, expected) in [
        (Visibility::Public, active, Some((Coordinator, Active)), false, None),
        (Visibility::Public, archived, Some((Coordinator, Active)), false, None),
        (Visibility::Public, active, Some((Facilitator, Active)), false, coordinators),
        (Visibility::Public, active, Some((Member, Active)), false, coordinators),
        (Visibility::Public, active, Some((Member, Active)), true, None),
        (Visibility::Public, archived, Some((Member, Active)), true, Some(Code::NetworkArchived)),
        (Visibility::Public, active, Some((Member, Left)), true, members),
        (Visibility::Public, active, None, false, members),
        (Visibility::Hidden, active, None, false, Some(Code::NotFound)),
    ] {
        let network = network(visibility, state, EditedBy::Members);
        let membership = belongs.map(membership);
        let at = Standing {
            network: &network,
            person: Some(ME),
            membership: membership.as_ref(),
        };
        assert_eq!(said(may_remove(&at, alone)), expected, "{visibility} {state} {belongs:?} {alone}");
    }
    let network = network(Visibility::Public, active, EditedBy::Members);
    assert!(
        removed_at_home(&network, ME).is_err() && decided_at_home(&network, ME).is_err(),
        "it is at home here"
    );
}

#[test]
fn whoever_is_not_signed_in_is_asked_to() {
    let network = network(Visibility::Public, NetworkState::Active, EditedBy::Members);
    let at = Standing { network: &network, person: None, membership: None };
    let sign_in = Some(Code::SignInRequired);
    assert_eq!((said(may_create(&at)), said(may_edit(&at))), (sign_in, sign_in));
}

/// A document under a licence.
fn document(licence: Licence) -> Document {
    Document {
        id: DocumentId(1),
        plain_summary: None,
        network_id: NetworkId(2),
        kind: DocumentKind::Plan,
        title: Title::parse("Haltes".into()).expect("a title"),
        excerpt: String::new(),
        language: LanguageTag::of(Lang::Nl),
        municipalities: JsonText::of(&[0; 0]),
        themes: JsonText::of(&[0; 0]),
        crpd_articles: JsonText::of(&[0; 0]),
        revision: 1,
        version: 0,
        created_by: ME,
        created_at: now(),
        changed_by: ME,
        changed_at: now(),
        licence,
    }
}

#[test]
fn who_may_adopt_what() {
    use Licence::{AllRightsReserved, Cc0, CcBy, CcBySa};
    use NetworkState::{Active, Archived};
    use Visibility::{Hidden, Members, Public};
    let own = Some((MemberRole::Member, MemberState::Active));
    let (licence, hidden) = (Some(Code::NotLicensed), Some(Code::SourceHidden));
    let cases = [
        (CcBy, Public, Public, Active, own, None),
        (CcBySa, Members, Hidden, Active, own, None),
        (Cc0, Public, Members, Active, own, None),
        (AllRightsReserved, Public, Public, Active, own, licence),
        (CcBy, Hidden, Public, Active, own, hidden),
        (CcBy, Hidden, Hidden, Active, own, hidden),
        (CcBy, Public, Public, Active, None, Some(Code::MembersOnly)),
        (CcBy, Public, Public, Archived, own, Some(Code::NetworkArchived)),
        (AllRightsReserved, Hidden, Public, Active, None, Some(Code::MembersOnly)),
    ];
    for (licence, from, into, state, belongs, expected) in cases {
        let source = Network { id: NetworkId(2), ..network(from, Active, EditedBy::Members) };
        let into = network(into, state, EditedBy::Coordinators);
        let membership = belongs.map(membership);
        let at = Standing {
            network: &into,
            person: Some(ME),
            membership: membership.as_ref(),
        };
        let got = said(may_adopt(&document(licence), &source, &at));
        assert_eq!(got, expected, "{licence} of a {from} network");
        let within = said(may_adopt(&document(CcBy), &into, &at));
        assert_ne!(within, hidden, "within a network nothing comes out");
    }
}

#[test]
fn the_proof_says_who_it_is_about() {
    let network = network(Visibility::Public, NetworkState::Active, EditedBy::Members);
    let membership = membership((MemberRole::Member, MemberState::Active));
    let at = Standing {
        network: &network,
        person: Some(ME),
        membership: Some(&membership),
    };
    let may = may_edit(&at).expect("a member");
    assert_eq!((may.person(), may.contributing().network()), (ME, NetworkId(1)));
}
