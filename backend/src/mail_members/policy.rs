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

/// How an address is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// With a mail, and one reminder.
    Mailed,
    /// Written down, and no mail goes out: its owner wants none, or enough others asked in vain. That is between them and
    /// others, so whoever invites sees the same as always.
    Silent,
}

/// May this address be invited, and how? A refusal tells of invitations to this very network, and never of accounts or
/// of what was said to others: a file that is tried line by line would be a way to ask who else is known here.
pub fn may_be_invited(address: Address<'_>) -> Result<Manner, Fault> {
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
        Ok(Manner::Silent)
    } else {
        Ok(Manner::Mailed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_once_by_a_network_and_by_three_in_vain() {
        use InvitationState::*;
        let (mailed, silent) = (Ok(Manner::Mailed), Ok(Manner::Silent));
        let cases: &[(Option<InvitationState>, &[InvitationState], bool, Result<Manner, &str>)] = &[
            (None, &[], false, mailed),
            (None, &[], true, silent),
            (Some(Invited), &[], false, Err("already_invited")),
            (Some(Confirmed), &[], true, Err("member_by_mail")),
            (Some(Declined), &[], true, Err("invited_before")),
            (Some(Left), &[], false, Err("invited_before")),
            (Some(Withdrawn), &[], false, Err("invited_before")),
            (Some(Expired), &[], false, Err("invited_before")),
            (Some(Removed), &[], false, mailed),
            (Some(Removed), &[Invited, Expired, Declined], false, mailed),
            (Some(Removed), &[], true, silent),
            (None, &[Invited, Expired], false, mailed),
            (None, &[Invited, Expired, Declined], false, silent),
            (None, &[Invited, Expired, Declined, Confirmed], false, mailed),
            (None, &[Withdrawn, Expired, Expired, Left], false, mailed),
        ];
        for (here, elsewhere, refused, expected) in cases {
            let address = Address { here: *here, elsewhere, refused: *refused };
            let said = may_be_invited(address).map_err(|fault| fault.code);
            assert_eq!(said, *expected, "{address:?}");
        }
    }
}
