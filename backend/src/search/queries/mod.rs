//! Rows of the index, as far as a viewer may see them.

mod postgres;
mod sqlite;

use diesel::prelude::*;
use kring_db::Conn;
use kring_db::search_schema::search_entries;

use super::model::*;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::index::EntryKind;
use crate::networks::NetworkId;

/// Which entries are wanted, besides what stands in them.
pub struct Among<'a> {
    /// 0 where nobody is signed in: nobody's id.
    pub viewer: PersonId,
    pub kinds: &'a [EntryKind],
    pub network: Option<NetworkId>,
}

/// The ranks of entries, falling. `$from` joins `search_entries` with what `$matches` speaks of; `$rank` is
/// the column by which this database reads, `$order` the order in which it does.
macro_rules! ranks {
    ($conn:expr, $from:expr, $matches:expr, $rank:expr, $order:expr, $among:expr, $before:expr, $limit:expr) => {{
        let mut found = $from
            .inner_join(networks::table.on(networks::id.eq(search_entries::network_id)))
            .filter($matches)
            // Networks themselves where they show themselves, what is in them where it may be read.
            .filter(
                search_entries::kind.eq(EntryKind::Network).and(visible_to($among.viewer)).or(search_entries::kind
                    .ne(EntryKind::Network)
                    .and(readable_by($among.viewer))),
            )
            .filter(search_entries::kind.eq_any($among.kinds))
            .select(search_entries::rank)
            .into_boxed();
        if let Some(network) = $among.network {
            found = found.filter(search_entries::network_id.eq(network));
        }
        if let Some(before) = $before {
            found = found.filter($rank.lt(before));
        }
        found.order($order).limit($limit).load::<i64>($conn)?
    }};
}
use ranks;

/// The places of what is found after `after`, in order, at most `limit`.
pub fn places(
    conn: &mut Conn,
    asked: &Asked,
    among: &Among<'_>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Place>> {
    let mut found = Vec::new();
    for by_title in [true, false] {
        let before = match after {
            Some(place) if place.by_title == by_title => Some(place.rank),
            Some(place) if by_title && !place.by_title => continue,
            _ => None,
        };
        let left = limit - found.len() as i64;
        if left == 0 {
            break;
        }
        let ranks = match conn {
            Conn::Sqlite(conn) => sqlite::ranks(conn, &asked.query, by_title, among, before, left)?,
            Conn::Postgres(conn) => postgres::ranks(conn, &asked.query, by_title, among, before, left)?,
        };
        found.extend(ranks.into_iter().map(|rank| Place { by_title, rank }));
    }
    Ok(found)
}

diesel::alias! {
    const PARENTS: Alias<Parents> = search_entries as parents;
    const GRANDPARENTS: Alias<Grandparents> = search_entries as grandparents;
}

/// What stands at these places, in no order.
pub fn hits(conn: &mut Conn, places: &[Place]) -> Result<Vec<Hit>> {
    let ranks = places.iter().map(|place| place.rank);
    // The thread of a reply; what a file is attached to, and where that is a reply, its thread.
    let parents = PARENTS.on(PARENTS
        .field(search_entries::id)
        .nullable()
        .eq(search_entries::parent_id)
        .and(PARENTS.field(search_entries::kind).ne(EntryKind::Attachment)));
    let grandparents = GRANDPARENTS.on(GRANDPARENTS
        .field(search_entries::id)
        .nullable()
        .eq(PARENTS.field(search_entries::parent_id))
        .and(GRANDPARENTS.field(search_entries::kind).eq(EntryKind::Thread)));
    Ok(search_entries::table
        .left_join(parents)
        .left_join(grandparents)
        .filter(search_entries::rank.eq_any(ranks))
        .select((
            search_entries::id,
            search_entries::rank,
            search_entries::kind,
            search_entries::parent_id,
            search_entries::network_id,
            search_entries::language,
            search_entries::published_at,
            search_entries::title,
            search_entries::body,
            (
                PARENTS.field(search_entries::kind),
                PARENTS.field(search_entries::title),
                PARENTS.field(search_entries::parent_id),
            )
                .nullable(),
            GRANDPARENTS.field(search_entries::title).nullable(),
        ))
        .load(conn)?)
}
