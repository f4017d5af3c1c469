//! ActivityPub as Kring speaks it, below everything that knows networks and people.
//!
//! - [`keys`]: RSA and Ed25519, in and out of their wire forms;
//! - [`signature`]: signed requests, of both kinds that are in use;
//! - [`proof`]: integrity proofs that travel with an object;
//! - [`wire`]: what others send, read leniently and checked strictly;
//! - [`address`] and [`fetch`]: asking other servers for something without being led astray.
//!
//! Invariants: no database, no clock (moments are handed in), no accounts; what comes from outside is read leniently,
//! refused with a reason, and never makes anything here fall over.

pub mod address;
pub mod fetch;
pub mod keys;
pub mod proof;
pub mod signature;
pub mod wire;
