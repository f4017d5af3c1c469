//! Theme networks and who belongs to them.
//!
//! A network works in full from the moment it is proposed; it becomes active with three co-founders and a
//! coordinator. Invariants:
//!
//! - slugs are addresses: they are never given out again, and one that a network had leads to it always, also where it
//!   came to live on another instance since; a network is archived, not deleted;
//! - a hidden network does not exist for those who do not belong to it (404); a `members` network shows itself,
//!   and its lists answer 403 `members_only`;
//! - the counts in a network's row are kept in the transaction of what they count;
//! - no rule reads anybody's private "expert by experience": only what a membership shows by its owner's choice.
//!
//! [`readable_by`] is the one filter behind every list of what networks hold, [`reading`] and
//! [`contributing`] the two doors to a single network.

mod actions;
pub mod jobs;
mod model;
pub mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{
    Elsewhere, change_membership, end_membership, holds_office, join, let_back, let_in, part, put_elsewhere,
    put_out, takes_part, turned_down,
};
pub use actions::{
    Moderator, address_here, comes_here, continuing, free_address, goes_to, keep_address, moderators_are,
};
pub use actions::{archiving, begin_import, drop_import, finish_import, read_by, roster};
pub use actions::{
    change, contributing, coordinating, held_for_inviting, invite_helper, inviting_by_mail, join_by_mail,
    join_for_demo, known_municipalities, leave_by_mail, list, propose, reading, seen, successor,
    take_out_by_mail,
};
pub use model::*;
pub use policy::{MayArchive, MayContinue, MayImport};
pub use policy::{MayContribute, MayCoordinate, MayInviteByMail, MayRead, Standing};
pub use queries::{
    MembersThere, asking_here, keep_credit, members_elsewhere, members_here, moderators, other_addresses,
    slug_taken, with_address, with_slug,
};
pub use queries::{
    about_municipality, add_documents, add_threads, belongs, by_id, by_ids, coordinators, end_of_piece,
    first_invitation, founded, invitations_of, mail_members, memberships_of, municipalities_of_networks,
    readable_by, readable_by_everyone, request_counts, set_shown, standing_in, subject_texts, thread_counts,
    visible_to,
};
pub use view::{
    AuthorView, ChangeNetwork, Homes, MembershipView, MunicipalityNames, NamedMunicipalityView,
    NetworkHomeView, NetworkRefView, NetworkView, SavedNetwork, articles, away, codes, network_views, themes,
};
