//! Taking along, and bringing back: a document as one file, a network as an archive, and an archive as a network.
//!
//! In 2019 people told what vanished with budgets and staff. What is in a network can be taken along whole, by its
//! members and not only by whoever runs the instance, in a form that people can read without Kring and another Kring can
//! take in (`kring-archive`). Invariants:
//!
//! - an archive holds what its maker may read, and of people what stands beside their words: no addresses, nothing they
//!   say of themselves, nobody's reactions or reading. The list of members goes with those who run the network;
//! - it is made page by page. Nothing is held open meanwhile: each thread and document is as it was when it was read, a
//!   reply never without what it answers, and the list of files is of those that were really there;
//! - an import is looked through whole before anything is written. Until its last step the network is hidden and nobody
//!   belongs to it; one that ends badly takes away what came of it, and one whose worker died is taken away before the
//!   next;
//! - ids and dates stay. HTML is made anew, files are looked at anew, and every text goes through the rules of its domain;
//! - so does where documents come from: an adopted one whose source came from the same instance, before it, with it or
//!   after it, is beside that again;
//! - imported history is no news: no event tells of it, so no mail and no digest does;
//! - who is named as an author becomes a person without account. An archive can claim anything, so administrators alone
//!   bring one in, and memberships come of nobody's saying but one's own. Who registered here after the archive says that somebody
//!   wrote under the same handle is taken for somebody else, unless whoever brings it in says that they are the same.

mod actions;
mod document;
mod importing;
pub mod jobs;
mod making;
mod model;
mod own;
mod policy;
mod queries;
pub mod routes;
mod sheets;
mod view;

pub use importing::{Direct, Imported, Steps, Wish, import};
pub use making::{Made, make};
