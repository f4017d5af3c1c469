//! Rows as they are written in thousands. Threads and replies are put down here and not by their domain's actions:
//! those look up, check and answer, some twenty statements each, which for a million replies takes hours.

use diesel::prelude::*;
use kring_db::schema::{
    accounts, digest_preferences, events, memberships, persons, reactions, read_states, replies, threads,
};
use kring_db::{Conn, Time, Tx};

/// Most rows of one statement on SQLite, which takes 32 766 values.
const AT_ONCE: usize = 500;

/// Writes rows of one table: by `COPY` on PostgreSQL, by statements of many rows on SQLite.
macro_rules! writer {
    ($(#[$doc:meta])* $name:ident, $table:ident, $row:ty) => {
        $(#[$doc])*
        pub fn $name(tx: &mut Tx, rows: &[$row]) -> QueryResult<()> {
            match tx.conn() {
                Conn::Postgres(c) => {
                    diesel::copy_from($table::table).from_insertable(rows).execute(c)?;
                }
                Conn::Sqlite(c) => {
                    for some in rows.chunks(AT_ONCE) {
                        diesel::insert_into($table::table).values(some).execute(c)?;
                    }
                }
            }
            Ok(())
        }
    };
}

#[derive(Insertable)]
#[diesel(table_name = persons, treat_none_as_default_value = false)]
pub struct Person {
    pub id: i64,
    pub handle: String,
    pub host: &'static str,
    pub display_name: String,
    pub bio: &'static str,
    pub languages: &'static str,
    pub created_at: Time,
}
writer!(put_persons, persons, Person);

#[derive(Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub struct Account<'a> {
    pub id: i64,
    pub person_id: i64,
    pub email: String,
    pub email_key: String,
    pub email_verified_at: Time,
    pub password_hash: &'a str,
    pub language: &'static str,
    pub role: &'static str,
    pub approved_at: Time,
    pub expert_by_experience: bool,
    pub created_at: Time,
}
writer!(put_accounts, accounts, Account<'_>);

#[derive(Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
pub struct Membership {
    pub id: i64,
    pub network_id: i64,
    pub person_id: i64,
    pub role: &'static str,
    pub state: &'static str,
    pub founder: bool,
    pub shows_experience: bool,
    pub message: &'static str,
    pub joined_at: Time,
    pub created_at: Time,
    pub updated_at: Time,
}
writer!(put_memberships, memberships, Membership);

#[derive(Insertable)]
#[diesel(table_name = threads, treat_none_as_default_value = false)]
pub struct Thread<'a> {
    pub id: i64,
    pub network_id: i64,
    pub author_id: i64,
    pub title: String,
    pub body: &'a str,
    pub body_html: &'a str,
    pub language: &'static str,
    pub reply_count: i64,
    pub last_seq: i64,
    pub last_activity_at: Time,
    pub pinned: bool,
    pub thanks_count: i64,
    pub recognise_count: i64,
    pub more_count: i64,
    pub created_at: Time,
    pub version: i64,
}
writer!(put_threads, threads, Thread<'_>);

#[derive(Insertable)]
#[diesel(table_name = replies, treat_none_as_default_value = false)]
pub struct Reply<'a> {
    pub id: i64,
    pub thread_id: i64,
    pub parent_id: Option<i64>,
    pub author_id: i64,
    pub seq: i64,
    pub depth: i64,
    pub path: String,
    pub body: &'a str,
    pub body_html: &'a str,
    pub language: &'static str,
    pub thanks_count: i64,
    pub recognise_count: i64,
    pub more_count: i64,
    pub created_at: Time,
    pub version: i64,
}
writer!(put_replies, replies, Reply<'_>);

#[derive(Insertable)]
#[diesel(table_name = reactions, treat_none_as_default_value = false)]
pub struct Reaction {
    pub thread_id: i64,
    pub subject_id: i64,
    pub person_id: i64,
    pub kind: &'static str,
    pub created_at: Time,
}
writer!(put_reactions, reactions, Reaction);

#[derive(Insertable)]
#[diesel(table_name = read_states, treat_none_as_default_value = false)]
pub struct ReadState {
    pub person_id: i64,
    pub thread_id: i64,
    pub read_seq: i64,
    pub read_at: Time,
}
writer!(put_read_states, read_states, ReadState);

#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct Event {
    pub id: i64,
    pub kind: &'static str,
    pub network_id: i64,
    pub subject_id: i64,
    pub actor_id: i64,
    pub payload: String,
    pub created_at: Time,
    pub position: i64,
}
writer!(put_events, events, Event);

#[derive(Insertable)]
#[diesel(table_name = digest_preferences, treat_none_as_default_value = false)]
pub struct DigestPreference {
    pub person_id: i64,
    pub frequency: &'static str,
    pub weekday: &'static str,
    pub hour: i64,
    pub time_zone: &'static str,
    pub position: i64,
    pub next_at: Time,
}
writer!(put_digest_preferences, digest_preferences, DigestPreference);
