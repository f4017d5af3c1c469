//! Rows of one person's own, from wherever they stand: each list behind an id, a page at a time.
//!
//! No visibility is asked about what somebody wrote: it is theirs, also in a network that they left. Where others' words
//! stand beside it (titles), it is.

mod traces;
mod written;

pub use traces::*;
pub use written::*;

use diesel::prelude::*;
use kring_db::schema::{accounts, digest_preferences, memberships, networks, persons};
use kring_db::{Conn, Time};
use serde_json::{Value, json};

use super::Rows;
use crate::accounts::{PersonId, SignedIn};
use crate::error::Result;
use crate::text::lang::Lang;

/// Rows in one page.
const PAGE: i64 = 200;

/// The account and what its owner says of themselves, and the language to tell it in.
pub fn account(conn: &mut Conn, who: &SignedIn) -> Result<(Value, Lang)> {
    let (name, bio, municipality, languages, person_since): (String, String, Option<String>, String, Time) =
        persons::table
            .find(who.person)
            .select((
                persons::display_name,
                persons::bio,
                persons::municipality,
                persons::languages,
                persons::created_at,
            ))
            .first(conn)?;
    let (email, language, role, expert, confirmed, approved, password_changed): (
        Option<String>,
        Lang,
        String,
        bool,
        Option<Time>,
        Option<Time>,
        Option<Time>,
    ) = accounts::table
        .find(who.account)
        .select((
            accounts::email,
            accounts::language,
            accounts::role,
            accounts::expert_by_experience,
            accounts::email_verified_at,
            accounts::approved_at,
            accounts::password_changed_at,
        ))
        .first(conn)?;
    let digest: Option<(String, String, i64, String)> = digest_preferences::table
        .find(who.person)
        .select((
            digest_preferences::frequency,
            digest_preferences::weekday,
            digest_preferences::hour,
            digest_preferences::time_zone,
        ))
        .first(conn)
        .optional()?;
    let digest = digest.map(|(frequency, weekday, hour, zone)| {
        json!({ "frequency": frequency, "weekday": weekday, "hour": hour, "timeZone": zone })
    });
    let told = json!({
        "handle": who.handle,
        "displayName": name,
        "bio": bio,
        "municipality": municipality,
        "languages": serde_json::from_str::<Value>(&languages).unwrap_or_default(),
        "email": email,
        "language": language,
        "role": role,
        "expertByExperience": expert,
        "createdAt": person_since,
        "emailConfirmedAt": confirmed,
        "approvedAt": approved,
        "passwordChangedAt": password_changed,
        "digest": digest,
    });
    Ok((told, language))
}

/// Every network that knows of them.
pub fn memberships(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    type Row = (
        i64,
        (String, String),
        (String, String, bool, bool),
        (Option<String>, Option<String>, String),
        (Option<Time>, Time, Time),
    );
    let rows: Vec<Row> = memberships::table
        .inner_join(networks::table)
        .filter(memberships::person_id.eq(person).and(memberships::id.gt(after)))
        .order(memberships::id)
        .limit(PAGE)
        .select((
            memberships::id,
            (networks::slug, networks::name),
            (memberships::role, memberships::state, memberships::founder, memberships::shows_experience),
            (memberships::capacity, memberships::organisation, memberships::message),
            (memberships::joined_at, memberships::created_at, memberships::updated_at),
        ))
        .load(conn)?;
    let told = rows.into_iter().map(
        |(id, (slug, name), (role, state, founder, shows), (capacity, organisation, message), times)| {
            let row = json!({
                "network": slug, "name": name, "role": role, "state": state, "coFounder": founder,
                "showsExperience": shows, "capacity": capacity, "organisation": organisation, "message": message,
                "joinedAt": times.0, "createdAt": times.1, "updatedAt": times.2,
            });
            (id, row)
        },
    );
    Ok(told.collect())
}
