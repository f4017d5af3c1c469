//! A network in the answer to saving it.

use kring_db::Conn;
use serde::Serialize;
use utoipa::ToSchema;

use super::{NetworkView, network_views};
use crate::error::{NOT_FOUND, Result};
use crate::networks::Network;
use crate::text::lang::Lang;
use crate::web::AdviceView;
use crate::web::respond::etag_of;

/// A network as it was saved, with advice on its description.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedNetwork {
    #[serde(flatten)]
    pub network: NetworkView,
    /// What would make the description easier to read.
    pub advice: AdviceView,
}

impl SavedNetwork {
    /// The network, and the ETag that it is read with: advice is no part of what that tells of.
    pub fn of(conn: &mut Conn, network: Network, lang: Lang) -> Result<(String, Self)> {
        let version = network.version;
        let network = network_views(conn, vec![network])?.pop().ok_or(NOT_FOUND)?;
        let etag = etag_of(version, &network);
        let advice = network.advice(lang);
        Ok((etag, Self { network, advice }))
    }
}

impl NetworkView {
    /// Advice on the description. Its images are never decoration: a network has no files.
    pub fn advice(&self, lang: Lang) -> AdviceView {
        AdviceView::on(&self.description, &self.language, &[], lang)
    }
}
