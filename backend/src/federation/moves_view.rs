//! Networks that move, on the wire of the API.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::continuing::NewContinuation;
use super::moves::{Move, MoveState};
use crate::error::{Fault, Result};
use crate::networks::Slug;
use crate::web::fields::any;
use crate::web::{Field, Fields};

/// How a network that lives elsewhere is to live here.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateContinuation {
    /// Its address here; where left out, the one it has where it lives, or one like it.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[a-z][a-z0-9-]{2,49}$", example = "openbaar-vervoer")]
    slug: Field<String>,
    /// Its home is alive: an address is kept here, and a coordinator there moves it. False where left out.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = false)]
    planned: Field<bool>,
}

impl CreateContinuation {
    pub fn parse(self) -> Result<NewContinuation> {
        let mut f = Fields::of_body();
        let slug = f.may("slug", self.slug, Slug::parse_new);
        let planned = f.may("planned", self.planned, any).unwrap_or(false);
        f.finish(|| Some(NewContinuation { slug, planned }))
    }
}

/// Where a network is to move.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateMove {
    /// The network on another instance that expects it.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = r"^[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?$", example = "openbaar-vervoer@kring.zwolle.example")]
    target: Field<String>,
}

impl CreateMove {
    pub fn parse(self) -> Result<Slug> {
        let mut f = Fields::of_body();
        let target = f.need("target", self.target, |text: String| {
            let slug: Slug = text.parse()?;
            if slug.host().is_empty() {
                Err(Fault::new("slug"))
            } else {
                Ok(slug)
            }
        });
        f.finish(|| target)
    }
}

/// A network that moves, or is to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NetworkMove)]
pub struct NetworkMoveView {
    /// `prepared`, an address is kept for it; `done`, it lives there.
    pub state: MoveState,
    /// The address that it moves to; without `@` where that is on this instance.
    #[schema(example = "openbaar-vervoer")]
    pub address: String,
    /// The group that it was, as other instances know it.
    #[schema(example = "https://kring.utrecht.example/networks/openbaar-vervoer")]
    pub from: String,
    /// The group that it is then.
    #[schema(example = "https://kring.zwolle.example/networks/openbaar-vervoer")]
    pub to: String,
    pub created_at: Time,
}

impl From<Move> for NetworkMoveView {
    fn from(told: Move) -> Self {
        Self {
            state: told.state,
            address: told.to_address.to_string(),
            from: told.from_uri,
            to: told.to_uri,
            created_at: told.created_at,
        }
    }
}
