//! How others find what is here: WebFinger (RFC 7033), host-meta (RFC 6415) and NodeInfo 2.1.

use kring_db::Conn;
use serde_json::{Value, json};
use url::Url;

use super::addresses::Local;
use super::objects::MEDIA_TYPE;
use super::{queries, serving};
use crate::accounts::{self, Handle};
use crate::config::Config;
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::networks::Slug;
use crate::peers::Host;

/// Who or what is called so: `acct:ann@kring.example`, or an address. Where a person and a network share a name both
/// are told, the network last: for Lemmy the last one counts.
pub fn webfinger(conn: &mut Conn, config: &Config, resource: &str) -> Result<Value> {
    serving::open(conn)?;
    let found = match resource.strip_prefix("acct:") {
        Some(name) => named(conn, config, name.trim_start_matches(['@', '!']))?,
        None => {
            let url = Url::parse(resource).map_err(|_| NOT_FOUND)?;
            let local = Local::at(config, &url).ok_or(NOT_FOUND)?;
            existing(conn, local)?.into_iter().collect()
        }
    };
    let Some(last) = found.last() else { return Err(NOT_FOUND) };
    let subject = format!("acct:{}@{}", name_of(config, last), config.host());
    let aliases: Vec<String> = found.iter().map(|local| local.address(config)).collect();
    let links: Vec<Value> = found.iter().flat_map(|local| links(config, local)).collect();
    Ok(json!({ "subject": subject, "aliases": aliases, "links": links }))
}

fn named(conn: &mut Conn, config: &Config, name: &str) -> Result<Vec<Local>> {
    let (name, host) = name.split_once('@').ok_or(NOT_FOUND)?;
    let here = Host::parse(host.to_owned()).is_ok_and(|host| host.as_str() == config.host());
    if !here {
        return Err(NOT_FOUND);
    }
    if name.eq_ignore_ascii_case(&config.host()) {
        return Ok(vec![Local::Instance]);
    }
    let mut found = Vec::new();
    if let Ok(handle) = name.parse::<Handle>() {
        found.extend(existing(conn, Local::Person(handle))?);
    }
    if let Ok(slug) = name.to_ascii_lowercase().parse::<Slug>() {
        found.extend(existing(conn, Local::Network(slug))?);
    }
    Ok(found)
}

/// The actor, where there is one that others may know of.
fn existing(conn: &mut Conn, local: Local) -> Result<Option<Local>> {
    let there = match &local {
        Local::Instance => true,
        Local::Person(handle) => {
            accounts::person_by_handle(conn, handle)?.is_some_and(|person| person.closed_at.is_none())
        }
        Local::Network(slug) => match serving::found(conn, slug) {
            Ok(_) => true,
            Err(Error::Rule(Code::NotFound)) => false,
            Err(cause) => return Err(cause),
        },
        Local::Thread(_) | Local::Reply(_) | Local::Document(_) => false,
    };
    Ok(there.then_some(local))
}

fn name_of(config: &Config, local: &Local) -> String {
    match local {
        Local::Person(handle) => handle.to_string(),
        Local::Network(slug) => slug.to_string(),
        _ => config.host(),
    }
}

fn links(config: &Config, local: &Local) -> [Value; 2] {
    let address = local.address(config);
    let kind = match local {
        Local::Network(_) => "Group",
        Local::Person(_) => "Person",
        _ => "Application",
    };
    [
        json!({ "rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": address }),
        json!({
            "rel": "self",
            "type": MEDIA_TYPE,
            "href": address,
            // Lemmy tells people and groups apart by this.
            "properties": { "https://www.w3.org/ns/activitystreams#type": kind },
        }),
    ]
}

/// Where WebFinger is, for servers that ask so first.
pub fn host_meta(config: &Config) -> String {
    let template = config.public("/.well-known/webfinger?resource={uri}");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" type=\"application/jrd+json\" template=\"{template}\"/>\n</XRD>\n"
    )
}

/// Where NodeInfo is, and the instance's actor (FEP-2677).
pub fn nodeinfo_links(config: &Config) -> Value {
    json!({ "links": [
        { "rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": config.public("/nodeinfo/2.1") },
        { "rel": "https://www.w3.org/ns/activitystreams#Application", "href": Local::Instance.address(config) },
    ] })
}

/// What runs here, and how much of it (NodeInfo 2.1). Counts are of what everyone may know.
pub fn nodeinfo(conn: &mut Conn, config: &Config) -> Result<Value> {
    serving::open(conn)?;
    let counts = queries::counts(conn)?;
    Ok(json!({
        "version": "2.1",
        "software": {
            "name": "kring",
            "version": env!("CARGO_PKG_VERSION"),
            "repository": env!("CARGO_PKG_REPOSITORY"),
        },
        "protocols": ["activitypub"],
        "services": { "inbound": [], "outbound": ["atom1.0", "smtp"] },
        "openRegistrations": config.registration == crate::config::Registration::Open,
        "usage": {
            "users": { "total": counts.people },
            "localPosts": counts.threads,
            "localComments": counts.replies,
        },
        "metadata": { "nodeName": config.instance_name },
    }))
}
