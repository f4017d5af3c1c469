//! Other instances: what admins and networks choose, what others read, and networks that live across instances.

#[path = "federation/across.rs"]
mod across;
#[path = "federation/continuing.rs"]
mod continuing;
#[path = "federation/deeds.rs"]
mod deeds;
#[path = "federation/documents.rs"]
mod documents;
#[path = "federation/earlier.rs"]
mod earlier;
#[path = "federation/erasing.rs"]
mod erasing;
#[path = "federation/finding.rs"]
mod finding;
#[path = "federation/impostors.rs"]
mod impostors;
#[path = "federation/kill.rs"]
mod kill;
#[path = "federation/lemmy.rs"]
mod lemmy;
#[path = "federation/limits.rs"]
mod limits;
#[path = "federation/mentions.rs"]
mod mentions;
#[path = "federation/moving.rs"]
mod moving;
#[path = "federation/newcomer.rs"]
mod newcomer;
#[path = "federation/private.rs"]
mod private;
#[path = "federation/processes.rs"]
mod processes;
#[path = "federation/reading.rs"]
mod reading;
#[path = "federation/refusals.rs"]
mod refusals;
#[path = "federation/reports.rs"]
mod reports;
#[path = "federation/returned.rs"]
mod returned;
#[path = "federation/sending.rs"]
mod sending;
#[path = "federation/taking_over.rs"]
mod taking_over;
#[path = "federation/weather.rs"]
mod weather;
