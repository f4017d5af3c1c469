//! Which addresses may be invited: pure rules. Who may invite is the network's to say (`networks::policy`).

use super::model::InvitationState;
use crate::error::Fault;

/// So many networks may ask an address that never said yes to any.
const IN_VAIN: usize = 3;

/// What is known of an address that somebody wants to invite.
#[derive(Clone, Copy, Debug, Default)]
pub struct Address<'a> {
    /// How an earlier invitation to the same network stands.
    pub here: Option<InvitationState>,
    /// How those to other networks stand.
    pub elsewhere: &'a [InvitationState],
    /// Did its owner say that they want no invitations?
    pub refused: bool,
}

/// May this address be invited? Whatever the answer tells, it tells of invitations, and never of accounts.
pub fn may_be_invited(address: Address<'_>) -> Result<(), Fault> {
    use InvitationState::*;
    match address.here {
        Some(Invited) => return Err(Fault::new("already_invited")),
        Some(Confirmed) => return Err(Fault::new("member_by_mail")),
        // Whom a coordinator took out, a coordinator lets in again: they had said yes.
        Some(Removed) | None => {}
        Some(Declined | Left | Withdrawn | Expired) => return Err(Fault::new("invited_before")),
    }
    let said_yes = |state: &&InvitationState| matches!(state, Confirmed | Left | Removed);
    let in_vain = address.elsewhere.iter().filter(|state| !said_yes(state)).count();
    let never_yes = address.here.is_none() && !address.elsewhere.iter().any(|state| said_yes(&state));
    if address.refused || (never_yes && in_vain >= IN_VAIN) {
        Err(Fault::new("no_invitations"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_once_by_a_network_and_by_three_in_vain() {
        use InvitationState::*;
        let cases: &[(Option<InvitationState>, &[InvitationState], bool, Option<&str>)] = &[
            (None, &[], false, None),
            (None, &[], true, Some("no_invitations")),
            (Some(Invited), &[], false, Some("already_invited")),
            (Some(Confirmed), &[], false, Some("member_by_mail")),
            (Some(Declined), &[], false, Some("invited_before")),
            (Some(Left), &[], false, Some("invited_before")),
            (Some(Withdrawn), &[], false, Some("invited_before")),
            (Some(Expired), &[], false, Some("invited_before")),
            (Some(Removed), &[], false, None),
            (Some(Removed), &[], true, Some("no_invitations")),
            (None, &[Invited, Expired], false, None),
            (None, &[Invited, Expired, Declined], false, Some("no_invitations")),
            (None, &[Invited, Expired, Declined, Confirmed], false, None),
            (None, &[Withdrawn, Expired, Expired, Left], false, None),
        ];
        for (here, elsewhere, refused, expected) in cases {
            let address = Address { here: *here, elsewhere, refused: *refused };
            let said = may_be_invited(address).err().map(|fault| fault.code);
            assert_eq!(said, *expected, "{address:?}");
        }
    }
}
