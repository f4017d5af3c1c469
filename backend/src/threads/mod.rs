//! Conversations in a network: threads, and replies that nest.
//!
//! Invariants:
//!
//! - replies are read in one stable order, depth first, siblings by time: the order of their paths;
//! - what was deleted leaves a tombstone where others built on it, and nothing else;
//! - an edit keeps what stood before;
//! - unread goes by arrival: each reply gets the next number of its thread (`seq`) in the transaction that
//!   writes it, so nothing slips in behind a reader;
//! - whom a post mentions is kept with it, changed with it, and goes with it; its author is nobody's addressee;
//! - reactions are supportive; there is no negative one and no ranking by them.

mod actions;
mod model;
pub mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{
    InNetwork, Place, addressed_to, bring_reply, bring_thread, create_for_demo, drop_some, list, mark_read,
    mentioned_outside, react_for_demo, read, read_reply, reply_for_demo, tree,
};
pub use actions::{
    Subject, as_home_says, change_thread, create, delete_reply, delete_reply_as_decided, delete_thread,
    delete_thread_as_decided, edit_reply, own_reactions, react, reply, reply_as_home_says, take_back,
};
pub use model::{
    Addressed, AddressedKind, AddressedPost, DEEPEST, NewReply, NewThread, Piece, PostVersion, Reaction,
    ReactionKind, Reply, ReplyChange, ReplyId, ReplyRow, Text, Thread, ThreadChange, ThreadId, ThreadRow,
    Title, VersionId,
};
pub use queries::{
    Beginnings, any_of, author_of, authors_of, beginnings, bring_version, count_posts, end_of_piece, listed,
    pin_these, posts_after, readable_by_everyone, replies_to_archive, reply_rows, settle_thread, thread_rows,
    threads_to_archive, unread_counts, versions_to_archive,
};
pub use queries::{network_of, thread_of};
pub use view::{Reactions, ReplyTree, ReplyView, ThreadView, first_page, thread_views, tree_view};
