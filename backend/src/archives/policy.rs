//! Who may fetch an archive: pure rules.

use super::model::Archive;
use crate::accounts::PersonId;
use crate::error::{NOT_FOUND, Result};
use crate::networks::MemberRole;

/// Proof: the person may fetch the archive.
#[derive(Debug)]
pub struct MayFetch(());

/// Who asked for it, while they may still read the network, and its coordinators. One that lists the members is for
/// coordinators alone, also where who asked was one then. One of an account is its owner's. To others it is not there.
pub fn may_fetch(archive: &Archive, person: PersonId, role: Option<MemberRole>) -> Result<MayFetch> {
    let asked = archive.person_id == Some(person);
    let coordinates = role == Some(MemberRole::Coordinator);
    let may = match archive.network_id {
        None => asked,
        Some(_) => coordinates || asked && role.is_some() && !archive.with_members,
    };
    if may { Ok(MayFetch(())) } else { Err(NOT_FOUND) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archives::model::ArchiveId;
    use crate::networks::NetworkId;

    #[test]
    fn an_archive_is_for_who_asked_and_who_coordinates() {
        let time = "2026-11-23T09:00:00Z".parse().expect("a time");
        let (ann, bob) = (PersonId(1), PersonId(2));
        let (member, coordinator) = (Some(MemberRole::Member), Some(MemberRole::Coordinator));
        for (network, asked, with_members, person, role, may) in [
            (true, Some(ann), false, ann, member, true),
            (true, Some(ann), false, ann, None, false),
            (true, Some(ann), false, bob, member, false),
            (true, Some(ann), false, bob, Some(MemberRole::Facilitator), false),
            (true, Some(ann), false, bob, coordinator, true),
            (true, Some(ann), true, ann, coordinator, true),
            (true, Some(ann), true, ann, member, false),
            (true, None, false, bob, coordinator, true),
            (false, Some(ann), false, ann, None, true),
            (false, Some(ann), false, bob, coordinator, false),
            (false, None, false, bob, None, false),
        ] {
            let archive = Archive {
                id: ArchiveId(3),
                network_id: network.then_some(NetworkId(4)),
                person_id: asked,
                file_name: String::new(),
                size: 0,
                sha256: String::new(),
                with_members,
                created_at: time,
                expires_at: time,
            };
            assert_eq!(may_fetch(&archive, person, role).is_ok(), may, "{archive:?} {person:?} {role:?}");
        }
    }
}
