//! What is sent about exchanging with other instances.

use crate::error::Fault;
use crate::peers::{Choice, Host, Reach};
use crate::web::fields::{each, word};
use crate::web::{Field, Fields};

/// With whom a network is to exchange anything, from the two fields that say so. They go together.
pub fn chosen(f: &mut Fields, reach: Field<String>, instances: Field<Vec<String>>) -> Option<Choice> {
    let named = !matches!(instances, Field::Absent | Field::Null);
    let reach = f.keep("federation", reach, word);
    let hosts = f.keep("federationInstances", instances, |list| each(list, 100, Host::parse));
    match (reach, named) {
        (Some(Reach::Named), false) => f.fault("federationInstances", Fault::new("required")),
        (Some(Reach::Named), true) if hosts.as_ref().is_some_and(Vec::is_empty) => {
            f.fault("federationInstances", Fault::new("required"))
        }
        (Some(Reach::None | Reach::Open) | None, true) => {
            f.fault("federationInstances", Fault::new("needs_named"))
        }
        (reach, _) => Some(Choice::new(reach?, hosts.unwrap_or_default())),
    }
}
