//! The first screen of somebody who signed in: what waits for them, their networks, what changed. One request, and a
//! bounded number of queries however many networks there are. Nothing here is written.

pub mod routes;
mod view;
