//! What every test stands on: the real application, in this process, on a database of its own.
//!
//! - [`both!`](crate::both) makes a test of each database out of one `async fn`;
//! - [`TestApp`] is the application with its workers, its mail and its clock;
//! - [`Client`] speaks HTTP as somebody, and [`Response`] is what came back.
//!
//! ```ignore
//! both! {
//!     async fn a_stranger_cannot_see_that_the_thread_exists(app: &TestApp) {
//!         let (ann, stranger) = (app.member("ann").await, app.member("bob").await);
//!         let thread = ann.post("/v1/networks/stil/threads", json!({ "title": "…" })).await.expect(201);
//!         stranger.get(thread.header("location")).await.problem(404, "not_found");
//!         app.pass(Duration::days(7));
//!         assert_eq!(app.mails_to("bob@example.org").await, []);
//!     }
//! }
//! ```
//!
//! Every answer and every mail is held against rules that always hold (see [`http`], [`mail`]); a dropped
//! [`TestApp`] fails its test when a job or a mail failed and the test did not say that it expects so.

#![allow(dead_code)] // a harness may offer more than the tests of the day need

pub mod app;
pub mod between;
pub mod binary;
pub mod cluster;
pub mod database;
pub mod elsewhere;
pub mod files;
pub mod html;
pub mod http;
pub mod mail;
pub mod port;
pub mod postgres;

pub use app::TestApp;
pub use binary::kring;
pub use database::{On, folder};
#[allow(unused_imports)] // as above
pub use http::{Client, Response};
pub use port::Port;

/// Makes of every `async fn name(app: &TestApp)` a module `name` with two tests: `sqlite` and `postgres`.
/// Settings other than the usual ones stand before the function: `[|settings| settings.registration = …]`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* $([$setup:expr])? async fn $name:ident($app:ident: &TestApp) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn behaviour($app: &TestApp) $body

            fn settings(_settings: &mut kring::config::Settings) {
                $(let change: fn(&mut kring::config::Settings) = $setup; change(_settings);)?
            }

            #[test]
            fn sqlite() {
                $crate::harness::app::run($crate::harness::On::Sqlite, settings, behaviour);
            }

            #[test]
            fn postgres() {
                $crate::harness::app::run($crate::harness::On::Postgres, settings, behaviour);
            }
        }
    )+};
}
