//! The addresses of federation: what admins choose, and what other instances ask for.

mod answering;
mod choosing;
mod moving;
mod public;

pub use choosing::configure;
pub use moving::configure as configure_moves;
pub use public::configure as configure_outside;
