//! Lists: `?limit` and `?cursor` in, `{items, nextCursor}` and a `Link` out.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::fields::{Field, Fields};
use crate::error::{Fault, Result};

/// How much of a list to give when nothing is said.
pub const DEFAULT_LIMIT: i64 = 20;
/// Bytes of the longest cursor.
const LONGEST_CURSOR: usize = 200;

/// The most that one answer gives.
pub const MOST: i64 = 100;

/// Which piece of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging<C> {
    /// How many items, 1 to 100.
    pub limit: i64,
    /// After which item; `None` starts at the beginning.
    pub after: Option<C>,
}

/// The query of a list that takes nothing but the piece.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PageQuery {
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(value_type = Option<String>, max_length = 200)]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The piece, where cursors are of type `C`.
    pub fn parse<C: std::str::FromStr>(self) -> Result<Paging<C>> {
        let mut f = Fields::of_query();
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| paging)
    }
}

impl<C: std::str::FromStr> Paging<C> {
    /// Reads `limit` and `cursor` among other parameters.
    pub fn take(f: &mut Fields, limit: Option<String>, cursor: Option<String>) -> Option<Self> {
        let limit = match limit {
            None => Some(DEFAULT_LIMIT),
            Some(text) => f.may("limit", Field::Value(text), |text| match text.parse() {
                Ok(limit) if (1..=MOST).contains(&limit) => Ok(limit),
                _ => Err(Fault::new("limit").with("max", MOST)),
            }),
        };
        let after = f.may("cursor", cursor.into(), |text: String| match text.parse() {
            Ok(after) if text.len() <= LONGEST_CURSOR => Ok(after),
            _ => Err(Fault::new("cursor")),
        });
        Some(Self { limit: limit?, after })
    }
}

/// A piece of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` to go on; null where the list ends.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Cuts `rows`, of which one more than `limit` was read, and names the cursor after the last one kept.
    pub fn cut<R>(
        mut rows: Vec<R>,
        limit: i64,
        cursor: impl FnOnce(&R) -> String,
        view: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = if more { rows.last().map(cursor) } else { None };
        Self { items: rows.into_iter().map(view).collect(), next_cursor }
    }

    /// A list that is whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}
