//! The addresses of federation: what admins choose and see, and what other instances ask for.

mod answering;
mod choosing;
mod erasures;
mod moving;
mod public;
mod watching;

use utoipa_actix_web::service_config::ServiceConfig;

pub use moving::configure as configure_moves;
pub use public::configure as configure_outside;

pub fn configure(config: &mut ServiceConfig) {
    choosing::configure(config);
    watching::configure(config);
}
