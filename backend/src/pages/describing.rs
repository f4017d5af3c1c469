//! What things are by schema.org, for search engines and whoever else reads pages by program. It says nothing that does
//! not stand on the page too.

use serde_json::{Value, json};

use super::Reader;
use crate::networks::AuthorView;
use crate::web::html::head::person;
use crate::web::links;

/// Who wrote something, with the address of their page where they have one.
pub fn authors(reader: &Reader<'_>, authors: &[AuthorView]) -> Vec<Value> {
    let told = authors.iter().map(|author| person(&author.display_name, page_of(reader, author).as_deref()));
    told.collect()
}

/// The page of an author; none for closed accounts.
pub fn page_of(reader: &Reader<'_>, author: &AuthorView) -> Option<String> {
    match &author.host {
        _ if author.closed => None,
        // Somebody of another instance has their page there.
        Some(_) => author.home_url.clone(),
        None => Some(links::person(reader.config, &author.handle)),
    }
}

/// This instance, as the one who publishes.
pub fn instance(reader: &Reader<'_>) -> Value {
    json!({
        "@type": "Organization",
        "name": reader.config.instance_name,
        "url": links::home(reader.config),
        "logo": reader.config.public("/assets/icon.svg"),
    })
}

/// The website that this instance is.
pub fn website(reader: &Reader<'_>) -> Value {
    json!({ "@type": "WebSite", "name": reader.config.instance_name, "url": links::home(reader.config) })
}

/// Something that somebody wrote, with what all kinds of it have; more is added to it.
pub fn writing(reader: &Reader<'_>, kind: &str, address: &str, title: &str, language: &str) -> Value {
    json!({
        "@type": kind,
        "@id": address,
        "url": address,
        "headline": title,
        "inLanguage": language,
        "publisher": instance(reader),
        "isAccessibleForFree": true,
    })
}

/// A page that leads to others.
pub fn collection(reader: &Reader<'_>, address: &str, name: &str, language: &str) -> Value {
    json!({
        "@type": "CollectionPage",
        "@id": address,
        "url": address,
        "name": name,
        "inLanguage": language,
        "isPartOf": website(reader),
    })
}

/// A municipality.
pub fn municipality(reader: &Reader<'_>, code: &str, name: &str) -> Value {
    json!({
        "@type": "AdministrativeArea",
        "name": name,
        "identifier": code,
        "url": links::municipality(reader.config, code),
    })
}

/// Adds members to what is told of a thing; null ones and empty lists say nothing.
pub fn with(mut told: Value, members: Value) -> Value {
    let (Some(all), Value::Object(members)) = (told.as_object_mut(), members) else { return told };
    for (name, value) in members {
        let empty = match &value {
            Value::Null => true,
            Value::Array(list) => list.is_empty(),
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        if !empty {
            all.insert(name, value);
        }
    }
    told
}
