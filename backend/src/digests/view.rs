//! Digests on the wire.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::*;
use crate::error::Result;
use crate::web::fields::word;
use crate::web::{Field, Fields};

/// When you want your digest.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestPreferences {
    pub frequency: Frequency,
    pub weekday: Weekday,
    /// The hour of the day, 0 to 23, by the clock in `timeZone`.
    #[schema(minimum = 0, maximum = 23, example = 9)]
    pub hour: i64,
    /// A name of the IANA list.
    #[schema(example = "Europe/Amsterdam")]
    pub time_zone: String,
    /// When the next one comes, if there is something to tell; null while off, and as long as you are in no network.
    #[schema(required)]
    pub next_at: Option<Time>,
}

impl DigestPreferences {
    pub fn of((wish, next_at): (Wish, Option<Time>)) -> Self {
        Self {
            frequency: wish.frequency,
            weekday: wish.weekday,
            hour: wish.hour,
            time_zone: wish.time_zone.to_string(),
            next_at,
        }
    }
}

/// When you want your digest. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetDigestPreferences {
    #[serde(default)]
    #[schema(value_type = Frequency, required = false)]
    frequency: Field<String>,
    /// For weekly ones and those of every two weeks.
    #[serde(default)]
    #[schema(value_type = Weekday, required = false)]
    weekday: Field<String>,
    /// The hour of the day, 0 to 23.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 23, example = 9)]
    hour: Field<i64>,
    /// A name of the IANA list.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 50, example = "Europe/Amsterdam")]
    time_zone: Field<String>,
}

impl SetDigestPreferences {
    pub fn parse(self) -> Result<WishChange> {
        let mut f = Fields::of_body();
        let change = WishChange {
            frequency: f.keep("frequency", self.frequency, word),
            weekday: f.keep("weekday", self.weekday, word),
            hour: f.keep("hour", self.hour, parse_hour),
            time_zone: f.keep("timeZone", self.time_zone, TimeZone::parse),
        };
        f.finish(|| Some(change))
    }
}
