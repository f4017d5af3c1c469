//! The addresses of federation: what admins choose, and what other instances ask for.

mod answering;
mod choosing;
mod public;

pub use choosing::configure;
pub use public::configure as configure_outside;
