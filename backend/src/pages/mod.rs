//! Kring's own pages: where mails lead when no frontend is configured, and what search engines read.
//!
//! They show what the API shows to the same reader, by the same actions, and hold no rule of their own. Invariants
//! beyond those of [`crate::web::html`]:
//!
//! - a GET changes nothing: mail programs and scanners open links before people do. Buttons POST;
//! - what a reader may not see is the same 404 as what is not there;
//! - no cookies: a form carries the word that came by mail, and nothing else proves who sends it.
//!
//! With `KRING_FRONTEND_URL` set, mails lead to the frontend. These pages stay, and name the frontend's as the
//! address that counts (`rel="canonical"`).

mod files;
mod mailbox;
mod networks;
mod persons;
pub mod routes;
mod threads;
mod words;

use crate::accounts::Viewer;
use crate::config::Config;
use crate::web::html::Asked;

/// Who reads a page, and what they asked for.
struct Reader<'a> {
    viewer: Viewer,
    asked: &'a Asked,
    config: &'a Config,
}
