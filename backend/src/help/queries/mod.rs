//! Rows of help.

mod asks;
mod matching;
mod offers;

pub use asks::{ask, asked_of, asks_since, insert_ask, mark_told, told};
pub use matching::{barred, fitting_offers, seeking_networks};
pub use offers::{count_of, insert, listed, lock, offer, offers_of, remove, remove_all_of, update};
