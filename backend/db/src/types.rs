//! Column types that both databases share, and the macros that make newtypes of them.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, SubsecRound, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, to the millisecond; RFC 3339 on the wire (`2026-11-23T09:00:00.000Z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Timestamp)]
pub struct Time(NaiveDateTime);

impl Time {
    /// The moment, cut to the millisecond: both databases then give back what they got.
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(moment.naive_utc().trunc_subsecs(3))
    }

    /// For calculating.
    pub fn utc(self) -> DateTime<Utc> {
        self.0.and_utc()
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0.and_utc().timestamp_millis()
    }
}

impl std::ops::Add<chrono::Duration> for Time {
    type Output = Self;
    fn add(self, span: chrono::Duration) -> Self {
        Self(self.0 + span)
    }
}

impl std::ops::Sub<chrono::Duration> for Time {
    type Output = Self;
    fn sub(self, span: chrono::Duration) -> Self {
        Self(self.0 - span)
    }
}

impl std::ops::Sub for Time {
    type Output = chrono::Duration;
    fn sub(self, other: Self) -> chrono::Duration {
        self.0 - other.0
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl std::str::FromStr for Time {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::at(DateTime::parse_from_rfc3339(text)?.to_utc()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<DB: Backend> ToSql<sql_types::Timestamp, DB> for Time
where
    NaiveDateTime: ToSql<sql_types::Timestamp, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<sql_types::Timestamp, DB> for Time
where
    NaiveDateTime: FromSql<sql_types::Timestamp, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        NaiveDateTime::from_sql(bytes).map(Self)
    }
}

impl utoipa::PartialSchema for Time {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-11-23T09:00:00.000Z"])
            .into()
    }
}

impl utoipa::ToSchema for Time {}

/// JSON kept as text, so that both databases store the same. Rows hold it; models hold the value.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Text)]
pub struct JsonText(String);

impl JsonText {
    /// Writes `value`. Serde fails only on maps whose keys are not text, which Kring's types do not have.
    pub fn of<T: Serialize>(value: &T) -> Self {
        Self(serde_json::to_string(value).unwrap_or_else(|_| "null".into()))
    }

    /// Reads the value back.
    pub fn read<'t, T: Deserialize<'t>>(&'t self) -> serde_json::Result<T> {
        serde_json::from_str(&self.0)
    }

    /// Reads a list; one that another version wrote and this one cannot read counts as empty.
    pub fn list<T: for<'t> Deserialize<'t>>(&self) -> Vec<T> {
        self.read().unwrap_or_else(|cause| {
            tracing::warn!(%cause, "a stored list could not be read");
            Vec::new()
        })
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<DB: Backend> ToSql<sql_types::Text, DB> for JsonText
where
    str: ToSql<sql_types::Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_str().to_sql(out)
    }
}

impl<DB: Backend> FromSql<sql_types::Text, DB> for JsonText
where
    String: FromSql<sql_types::Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        String::from_sql(bytes).map(Self)
    }
}

/// Crockford's base32, lower case: no i, l, o, u, so nothing is mistaken when read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of an id on the wire.
pub const ID_LENGTH: usize = 13;

/// What an id looks like on the wire, as a regular expression.
pub const ID_PATTERN: &str = "^[0-7][0-9a-hjkmnp-tv-z]{12}$";

/// Low bits of an id that are not time.
const RANDOM_BITS: u32 = 21;

/// Writes an id as 13 letters. Their order is the order of the ids.
pub fn write_id(id: i64) -> String {
    (0..ID_LENGTH as u32)
        .rev()
        .map(|place| ALPHABET[((id >> (place * 5)) & 31) as usize] as char)
        .collect()
}

/// Reads 13 letters; `None` for anything else. Capitals are fine, look-alikes are not letters of ids.
pub fn read_id(text: &str) -> Option<i64> {
    if text.len() != ID_LENGTH {
        return None;
    }
    let mut id: u128 = 0;
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter.to_ascii_lowercase())?;
        id = id << 5 | value as u128;
    }
    i64::try_from(id).ok()
}

/// The least id of something published at `moment`: smaller ones are of before.
pub fn first_id(moment: Time) -> i64 {
    moment.millis() << RANDOM_BITS
}

/// An id of `moment` with the chance of another id: that id itself where it is of that moment.
pub fn id_of(moment: Time, other: i64) -> i64 {
    first_id(moment) | (other & ((1 << RANDOM_BITS) - 1))
}

/// Draws ids that sort by time: milliseconds since 1970 above, chance below, rising within one process.
#[derive(Debug, Default)]
pub struct IdSource {
    last: std::sync::Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    /// The newest moment that an id was drawn for, in milliseconds.
    moment: i64,
    /// The highest id of it. When the chance of one moment is used up it is of the next.
    id: i64,
}

impl IdSource {
    /// A new id for something published at `moment`. `chance` gives the low bits. Ids for the newest moment
    /// rise; for an earlier moment (imported, federated, demo) chance alone keeps them apart.
    pub fn draw(&self, moment: Time, chance: u32) -> i64 {
        let fresh = first_id(moment) | i64::from(chance & ((1 << RANDOM_BITS) - 1));
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if moment.millis() < last.moment {
            return fresh;
        }
        last.moment = moment.millis();
        last.id = fresh.max(last.id + 1);
        last.id
    }
}

/// Declares the id type of one table: an integer in the database, 13 letters of base32 on the wire.
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
                 $crate::diesel::expression::AsExpression, $crate::diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = $crate::diesel::sql_types::BigInt)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::types::write_id(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = &'static str;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::types::read_id(text).map(Self).ok_or("an id has 13 letters and digits")
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str> as $crate::serde::Deserialize>::deserialize(from)?;
                text.parse().map_err($crate::serde::de::Error::custom)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        $crate::sql_newtype!($name, BigInt, i64);

        impl $crate::utoipa::PartialSchema for $name {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::schema::Schema> {
                $crate::types::id_schema()
            }
        }
        impl $crate::utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                "Id".into()
            }
        }
    };
}

/// Stores a one-field tuple struct as its field.
#[macro_export]
macro_rules! sql_newtype {
    ($name:ident, $sql:ident, $inner:ty) => {
        impl<DB: $crate::diesel::backend::Backend> $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::$sql, DB> for $name
        where
            $inner: $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut $crate::diesel::serialize::Output<'b, '_, DB>) -> $crate::diesel::serialize::Result {
                self.0.to_sql(out)
            }
        }

        impl<DB: $crate::diesel::backend::Backend> $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::$sql, DB> for $name
        where
            $inner: $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::$sql, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> $crate::diesel::deserialize::Result<Self> {
                <$inner as $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::$sql, DB>>::from_sql(bytes).map(Self)
            }
        }
    };
}

/// Declares a text that was checked on its way in: a newtype over `String` that the database stores as it is.
/// The domain writes `parse`; nothing else makes one, save the database.
#[macro_export]
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::serde::Serialize, $crate::serde::Deserialize,
                 $crate::diesel::expression::AsExpression, $crate::diesel::deserialize::FromSqlRow)]
        #[serde(crate = "kring_db::serde", transparent)]
        #[diesel(sql_type = $crate::diesel::sql_types::Text)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        $crate::sql_newtype!($name, Text, String);
    };
}

/// Declares a fixed set of words: stored and sent as text, matched as an enum.
#[macro_export]
macro_rules! word_type {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::serde::Serialize, $crate::serde::Deserialize,
                 $crate::diesel::expression::AsExpression, $crate::diesel::deserialize::FromSqlRow)]
        #[serde(crate = "kring_db::serde")]
        #[diesel(sql_type = $crate::diesel::sql_types::Text)]
        pub enum $name { $($(#[doc = $vdoc])* #[serde(rename = $word)] $variant),+ }

        // By hand: the derive cannot see what a macro hands to `serde(rename)`, and would publish the Rust names.
        impl $crate::utoipa::PartialSchema for $name {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::schema::Schema> {
                $crate::types::word_schema(&[$($word),+], concat!($($doc, "\n"),+))
            }
        }

        impl $crate::utoipa::ToSchema for $name {}

        impl $name {
            /// Every word, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err([$($word),+].join(", ")),
                }
            }
        }

        impl<DB: $crate::diesel::backend::Backend> $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::Text, DB> for $name
        where
            str: $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut $crate::diesel::serialize::Output<'b, '_, DB>) -> $crate::diesel::serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB: $crate::diesel::backend::Backend> $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::Text, DB> for $name
        where
            String: $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> $crate::diesel::deserialize::Result<Self> {
                let word = <String as $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::Text, DB>>::from_sql(bytes)?;
                word.parse().map_err(|allowed| format!("{word:?} is none of {allowed}").into())
            }
        }
    };
}

/// The schema of a fixed set of words.
pub fn word_schema(
    words: &[&'static str],
    doc: &str,
) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    let doc: Vec<&str> = doc.lines().map(str::trim).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words.iter().copied()))
        .description(Some(doc.join("\n").trim().to_owned()))
        .into()
}

/// The schema of every id.
pub fn id_schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(ID_PATTERN))
        .description(Some("Thirteen letters and digits; later things have greater ids."))
        .examples(["01k9q3v8r0a7c"])
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_sorts_as_text() {
        for id in [0, 1, 31, 32, i64::MAX, 1_790_000_000_000 << RANDOM_BITS] {
            assert_eq!(read_id(&write_id(id)), Some(id));
        }
        assert!(write_id(41) < write_id(1 << 40));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "01k9q3v8r0a7", "01k9q3v8r0a7cc", "zzzzzzzzzzzzz", "01k9q3v8r0a7u", "01k9q3v8r0aéc"]
        {
            assert_eq!(read_id(text), None, "{text}");
        }
    }

    #[test]
    fn ids_of_one_millisecond_rise_and_old_ones_stay_old() {
        let source = IdSource::default();
        let now: Time = "2026-11-23T09:00:00Z".parse().expect("a time");
        let ids: Vec<i64> = (0..100).map(|_| source.draw(now, 7)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(source.draw(now - chrono::Duration::days(1), u32::MAX) < ids[0]);
    }

    #[test]
    fn ids_rise_also_when_the_chance_of_their_millisecond_is_used_up() {
        let source = IdSource::default();
        let now: Time = "2026-11-23T09:00:00Z".parse().expect("a time");
        let ids: Vec<i64> = [u32::MAX, 7, 9, u32::MAX].map(|chance| source.draw(now, chance)).to_vec();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    }

    #[test]
    fn time_keeps_milliseconds_both_ways() {
        let time: Time = "2026-11-23T09:00:00.123456Z".parse().expect("a time");
        assert_eq!(time.to_string(), "2026-11-23T09:00:00.123Z");
        assert_eq!(time.to_string().parse(), Ok(time));
    }
}
