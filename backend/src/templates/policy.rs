//! Who may do what with templates: pure rules.

use super::model::Template;
use crate::accounts::policy::{IsAdmin, is_admin};
use crate::accounts::{SignedIn, Viewer};
use crate::error::{Code, Result};

/// So many templates an instance has beside those that came with Kring.
const OWN: usize = 200;

/// Proof: the person may change what templates say.
#[derive(Debug)]
pub struct MayArrange {
    _admin: IsAdmin,
}

/// Everyone sees templates, save those that are hidden: they are there for admins.
pub fn may_see(template: &Template, viewer: &Viewer) -> bool {
    !template.hidden || matches!(viewer, Viewer::SignedIn(who) if who.admin)
}

/// Admins of the instance say how things begin here.
pub fn may_arrange(who: &SignedIn) -> Result<MayArrange> {
    is_admin(who).map(|admin| MayArrange { _admin: admin })
}

/// A list is chosen from: it has an end. `present` is how many rows there are.
pub fn may_add(_may: &MayArrange, present: usize) -> Result<()> {
    if present < OWN {
        Ok(())
    } else {
        Err(Code::TooManyTemplates.into())
    }
}

/// What is the instance's own goes; what came with Kring and was changed is brought back; what was not changed can only
/// be hidden.
pub fn may_remove(_may: &MayArrange, template: &Template) -> Result<()> {
    if template.built_in && !template.changed && !template.hidden {
        Err(Code::BuiltIn.into())
    } else {
        Ok(())
    }
}
