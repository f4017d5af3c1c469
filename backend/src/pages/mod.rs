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

mod documents;
mod files;
mod mailbox;
mod networks;
mod persons;
pub mod routes;
mod threads;
mod words;

use crate::accounts::Viewer;
use crate::config::Config;
use crate::text::headings::below;
use crate::web::html::{Asked, Frame};

/// Who reads a page, and what they asked for.
struct Reader<'a> {
    viewer: Viewer,
    asked: &'a Asked,
    config: &'a Config,
}

/// What somebody wrote, as a part of a page whose own heading is of `level`. A table that is wider than the screen
/// scrolls by itself, by keyboard too.
fn written(frame: &Frame, html: &str, level: u8) -> String {
    scrolling(frame, &below(html, level))
}

fn scrolling(frame: &Frame, html: &str) -> String {
    if !html.contains("<table>") {
        return html.to_owned();
    }
    let label = frame.say("page-table");
    html.replace(
        "<table>",
        &format!("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><table>"),
    )
    .replace("</table>", "</table></div>")
}
