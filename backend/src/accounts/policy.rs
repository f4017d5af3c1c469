//! Who may sign in and who may register: pure rules.

use chrono::Duration;
use kring_db::Time;

use super::model::{Account, Session, SignedIn};
use crate::config::Registration;
use crate::error::{Code, Result};

/// Proof that an account may have sessions.
#[derive(Debug)]
pub struct MaySignIn(());

/// The address must be confirmed and, where the instance asks so, an admin must have approved. Asked only after
/// the password was right, so that these answers tell nothing to strangers.
pub fn may_sign_in(account: &Account) -> Result<MaySignIn> {
    if account.email_verified_at.is_none() {
        Err(Code::EmailUnverified.into())
    } else if account.approved_at.is_none() {
        Err(Code::AwaitingApproval.into())
    } else {
        Ok(MaySignIn(()))
    }
}

/// For so long after signing in the password need not be asked again.
const FRESH: Duration = Duration::minutes(15);

/// What cannot be undone is for the owner, not for whoever finds a device open.
pub fn just_signed_in(session: &Session, now: Time) -> Result<()> {
    if now - session.created_at <= FRESH {
        Ok(())
    } else {
        Err(Code::PasswordNeeded.into())
    }
}

/// Is registration possible at all?
pub fn may_register(registration: Registration) -> Result<()> {
    match registration {
        Registration::Closed => Err(Code::RegistrationClosed.into()),
        Registration::Open | Registration::Approval => Ok(()),
    }
}

/// Proof that somebody runs the instance.
#[derive(Debug)]
pub struct IsAdmin(());

/// Admins approve accounts and appoint interim coordinators.
pub fn is_admin(who: &SignedIn) -> Result<IsAdmin> {
    if who.admin { Ok(IsAdmin(())) } else { Err(Code::AdminOnly.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::{AccountId, PersonId, Role};
    use crate::error::Error;
    use crate::text::lang::Lang;

    #[test]
    fn an_account_signs_in_once_confirmed_and_approved() {
        let time = Some("2026-11-23T09:00:00Z".parse().expect("a time"));
        let cases = [
            (None, None, Some(Code::EmailUnverified)),
            (None, time, Some(Code::EmailUnverified)),
            (time, None, Some(Code::AwaitingApproval)),
            (time, time, None),
        ];
        for (verified, approved, expected) in cases {
            let account = Account {
                id: AccountId(1),
                person_id: PersonId(1),
                email: None,
                email_verified_at: verified,
                password_hash: String::new(),
                language: Lang::Nl,
                role: Role::Member,
                approved_at: approved,
                expert_by_experience: false,
                created_at: "2026-11-23T09:00:00Z".parse().expect("a time"),
                closed_at: None,
                mail_member_since: None,
            };
            let said = match may_sign_in(&account) {
                Ok(_) => None,
                Err(Error::Rule(code)) => Some(code),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(said, expected);
        }
    }
}
