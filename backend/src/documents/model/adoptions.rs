//! The types of adoptions: under what a document may be used, and where an adopted one comes from.

use diesel::prelude::*;
use kring_db::schema::adoptions;
use kring_db::{JsonText, Time, word_type};
use serde::{Deserialize, Serialize};

use super::{Document, DocumentId, Title};
use crate::accounts::PersonId;
use crate::documents::merging::Take;
use crate::municipalities::MunicipalityCode;
use crate::networks::{Network, NetworkId, Slug};

word_type! {
    /// Under what a document may be used by others: the SPDX id of a licence, or `all-rights-reserved`, under which
    /// nobody may adopt it.
    Licence {
        CcBy = "CC-BY-4.0",
        CcBySa = "CC-BY-SA-4.0",
        Cc0 = "CC0-1.0",
        AllRightsReserved = "all-rights-reserved",
    }
}

impl Default for Licence {
    /// What people write here is for others to build on, with credit.
    fn default() -> Self {
        Self::CcBy
    }
}

impl Licence {
    /// May others adopt what is under it?
    pub fn is_open(self) -> bool {
        self != Self::AllRightsReserved
    }

    /// What people call it; the same in every language. `None` where only words of a language say it.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::CcBy => Some("CC BY 4.0"),
            Self::CcBySa => Some("CC BY-SA 4.0"),
            Self::Cc0 => Some("CC0 1.0"),
            Self::AllRightsReserved => None,
        }
    }

    /// Where it can be read.
    pub fn url(self) -> Option<&'static str> {
        match self {
            Self::CcBy => Some("https://creativecommons.org/licenses/by/4.0/"),
            Self::CcBySa => Some("https://creativecommons.org/licenses/by-sa/4.0/"),
            Self::Cc0 => Some("https://creativecommons.org/publicdomain/zero/1.0/"),
            Self::AllRightsReserved => None,
        }
    }
}

/// Where an adopted document comes from, without the long text in its row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = adoptions)]
pub struct Adoption {
    /// The new document.
    pub document_id: DocumentId,
    pub network_id: NetworkId,
    pub municipality: MunicipalityCode,
    pub adopted_by: PersonId,
    pub created_at: Time,
    /// Empty where the source is of this instance.
    pub source_host: String,
    pub source_id: DocumentId,
    pub source_revision: i64,
    pub source_title: Title,
    pub source_network_slug: Slug,
    pub source_network_name: String,
    pub licence: Licence,
    pub authors: JsonText,
    pub origins: JsonText,
    pub seen_revision: i64,
}

impl Adoption {
    /// Who wrote what was adopted, in the order in which they came.
    pub fn authors(&self) -> Vec<PersonId> {
        self.authors.list()
    }

    /// Where the source itself came from, the nearest first.
    pub fn origins(&self) -> Vec<Origin> {
        self.origins.list()
    }

    /// The source as it stands in a chain of origins.
    pub fn as_origin(&self) -> Origin {
        Origin {
            host: self.source_host.clone(),
            document: self.source_id,
            revision: self.source_revision,
            title: self.source_title.clone(),
            network_slug: self.source_network_slug.clone(),
            network_name: self.source_network_name.clone(),
            licence: self.licence,
            authors: self.authors(),
        }
    }
}

/// One step back in where a document comes from. Kept whole: it is told also when the source is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Empty where it is of this instance.
    pub host: String,
    pub document: DocumentId,
    pub revision: i64,
    pub title: Title,
    pub network_slug: Slug,
    pub network_name: String,
    pub licence: Licence,
    /// By id: whoever closes their account, or changes their name, is called here as they are everywhere.
    pub authors: Vec<PersonId>,
}

/// An adoption with the document that came of it and the network that adopted.
pub type AdoptionRow = (Adoption, Document, Network);

/// The source as far as an adopted document has dealt with it; files by their ids in the adopting network.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = adoptions)]
pub struct Base {
    #[diesel(column_name = base_title)]
    pub title: Title,
    #[diesel(column_name = base_body)]
    pub body: String,
}

/// Where a document is wanted.
#[derive(Clone, Debug)]
pub struct NewAdoption {
    pub network: Slug,
    pub municipality: MunicipalityCode,
}

/// What is to become of the sections of an adopted document that its source changed.
#[derive(Clone, Debug)]
pub struct TakeOver {
    /// The revision of the source that was gone through.
    pub revision: i64,
    pub sections: Vec<(String, Option<Take>)>,
    /// What becomes of those that are not named; they stay undecided where it is left out.
    pub others: Option<Take>,
}
