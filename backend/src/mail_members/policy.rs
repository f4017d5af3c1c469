//! Which addresses may be invited, and which of them get a mail: pure rules. Who may invite is the network's to say
//! (`networks::policy`).

use super::model::{InvitationState, Manner};
use crate::error::Fault;

/// May this address be invited to a network, where an earlier invitation to the same one stands like that? A refusal tells
/// of invitations to this very network, and never of accounts or of what was said to others: a file that is tried line by
/// line would be a way to ask who else is known here.
pub fn may_be_invited(here: Option<InvitationState>) -> Result<(), Fault> {
    use InvitationState::*;
    match here {
        Some(Invited) => Err(Fault::new("already_invited")),
        Some(Confirmed) => Err(Fault::new("member_by_mail")),
        // Whom a coordinator took out, a coordinator lets in again: they had said yes.
        Some(Removed) | None => Ok(()),
        Some(Declined | Left | Withdrawn | Expired) => Err(Fault::new("invited_before")),
    }
}

/// What is known of an address that was invited. Looked at by a job, so that no answer and no time of one tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Address {
    /// Did its owner say that they want no invitations?
    pub refused: bool,
    /// Did its owner prove that it is theirs: by a yes to any network, or with an account?
    pub confirmed: bool,
    /// Was an invitation of any other network mailed to it, however it stands now?
    pub asked: bool,
}

/// How an address is told: one that did not confirm gets one invitation and its reminder, whichever network was first.
pub fn manner(address: Address) -> Manner {
    match address {
        Address { refused: true, .. } => Manner::Silent,
        Address { confirmed: false, asked: true, .. } => Manner::Waits,
        _ => Manner::Mailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_invites_an_address_once_and_again_only_whom_it_took_out() {
        use InvitationState::*;
        let cases = [
            (None, Ok(())),
            (Some(Invited), Err("already_invited")),
            (Some(Confirmed), Err("member_by_mail")),
            (Some(Declined), Err("invited_before")),
            (Some(Left), Err("invited_before")),
            (Some(Removed), Ok(())),
            (Some(Withdrawn), Err("invited_before")),
            (Some(Expired), Err("invited_before")),
        ];
        for (here, expected) in cases {
            assert_eq!(may_be_invited(here).map_err(|fault| fault.code), expected, "{here:?}");
        }
    }

    #[test]
    fn an_address_that_did_not_confirm_is_mailed_by_the_first_alone() {
        let cases = [
            // refused, confirmed, asked
            ((false, false, false), Manner::Mailed),
            ((false, false, true), Manner::Waits),
            ((false, true, false), Manner::Mailed),
            ((false, true, true), Manner::Mailed),
            ((true, false, false), Manner::Silent),
            ((true, false, true), Manner::Silent),
            ((true, true, false), Manner::Silent),
            ((true, true, true), Manner::Silent),
        ];
        for ((refused, confirmed, asked), expected) in cases {
            let address = Address { refused, confirmed, asked };
            assert_eq!(manner(address), expected, "{address:?}");
        }
    }
}
