//! Adoptions on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::LanguageTag;
use crate::documents::model::*;
use crate::text::lang::Lang;

/// Under what a document may be used by others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LicenceOfDocument)]
pub struct LicenceView {
    pub id: Licence,
    /// What people call it, in the language of the document.
    #[schema(example = "CC BY 4.0")]
    pub name: String,
    /// Where it can be read; null where nothing is allowed.
    #[schema(required, example = "https://creativecommons.org/licenses/by/4.0/")]
    pub url: Option<String>,
}

impl LicenceView {
    pub fn of(licence: Licence, language: &LanguageTag) -> Self {
        let lang = Lang::of_tag(language.as_str()).unwrap_or(Lang::En);
        Self {
            id: licence,
            name: licence.name().map_or_else(|| lang.say("licence-all-rights-reserved"), str::to_owned),
            url: licence.url().map(str::to_owned),
        }
    }
}
