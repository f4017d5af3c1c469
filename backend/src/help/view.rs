//! Help on the wire.

use kring_db::{Conn, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::Matches;
use super::model::*;
use crate::accounts::LanguageTag;
use crate::error::Result;
use crate::networks::{
    AuthorPerson, MunicipalityNames, NamedMunicipalityView, Network, NetworkRefView, NetworkState, Slug,
    codes, themes,
};
use crate::text::lang::Lang;
use crate::web::fields::any;
use crate::web::{Field, Fields};

/// An offer of help. It ends with your account; pause it when you have no time.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateHelpOffer {
    /// What you offer, in your own words.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 5, max_length = 280, pattern = r"^[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]+[^\s\x00-\x1F\x7F-\x9F]$", example = "Ik kan een nieuw netwerk helpen met alles over vervoer.")]
    sentence: Field<String>,
    /// The language of the sentence (BCP 47); that of the request where left out.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// With which themes. None: with anything.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8, example = json!(["vervoer"]))]
    themes: Field<Vec<String>>,
    /// In which municipalities. None: anywhere.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 50, example = json!(["GM0344"]))]
    municipalities: Field<Vec<String>>,
}

impl CreateHelpOffer {
    /// `lang` is the language of the request.
    pub fn parse(self, lang: Lang) -> Result<NewOffer> {
        let mut f = Fields::of_body();
        let sentence = f.need("sentence", self.sentence, Sentence::parse);
        let language =
            f.may("language", self.language, LanguageTag::parse).unwrap_or_else(|| LanguageTag::of(lang));
        let interests = Interests {
            themes: f.may("themes", self.themes, themes).unwrap_or_default(),
            municipalities: f.may("municipalities", self.municipalities, codes).unwrap_or_default(),
        };
        f.finish(|| Some(NewOffer { sentence: sentence?, language, interests }))
    }
}

/// Changes to an offer (merge patch: what is left out stays).
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeHelpOffer {
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 5, max_length = 280, pattern = r"^[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]+[^\s\x00-\x1F\x7F-\x9F]$", example = "Ik kan een nieuw netwerk helpen met haltes.")]
    sentence: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    language: Field<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8)]
    themes: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    municipalities: Field<Vec<String>>,
    /// True: nobody else sees it and it fits nothing, until you go on with false.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    paused: Field<bool>,
}

impl ChangeHelpOffer {
    pub fn parse(self) -> Result<OfferChange> {
        let mut f = Fields::of_body();
        let change = OfferChange {
            sentence: f.keep("sentence", self.sentence, Sentence::parse),
            language: f.keep("language", self.language, LanguageTag::parse),
            themes: f.keep("themes", self.themes, themes),
            municipalities: f.keep("municipalities", self.municipalities, codes),
            paused: f.keep("paused", self.paused, any),
        };
        f.finish(|| Some(change))
    }
}

/// What a network asks somebody who offers help.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AskForHelp {
    /// The slug of a network that you coordinate.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^[a-z][a-z0-9-]{2,49}$", example = "veilig-bij-nood")]
    network: Field<String>,
    /// What you ask. They read it with the name of the network and yours.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Wij beginnen net. Kunt u meedenken over evacuatie uit hoge gebouwen?")]
    message: Field<String>,
}

impl AskForHelp {
    pub fn parse(self) -> Result<Asking> {
        let mut f = Fields::of_body();
        let network = f.need("network", self.network, Slug::parse);
        let message = f.need("message", self.message, parse_message);
        f.finish(|| Some(Asking { network: network?, message: message? }))
    }
}

/// Somebody who offers help.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Helper)]
pub struct HelperView {
    #[schema(example = "gerrit")]
    pub handle: String,
    #[schema(example = "Gerrit Hoekstra")]
    pub display_name: String,
}

impl From<&AuthorPerson> for HelperView {
    fn from(person: &AuthorPerson) -> Self {
        Self {
            handle: person.handle.to_string(),
            display_name: person.display_name.to_string(),
        }
    }
}

/// An offer of help.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HelpOffer)]
pub struct HelpOfferView {
    pub id: HelpOfferId,
    pub person: HelperView,
    #[schema(example = "Ik kan een nieuw netwerk helpen met alles over vervoer.")]
    pub sentence: String,
    /// The language of the sentence (BCP 47).
    pub language: String,
    /// Empty: with anything.
    pub themes: Vec<String>,
    /// Empty: anywhere.
    pub municipalities: Vec<NamedMunicipalityView>,
    /// Shown to its owner alone.
    pub paused: bool,
    pub created_at: Time,
    pub updated_at: Time,
    /// Which networks asked, newest first; in answers about one offer, to its owner alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asks: Option<Vec<HelpAskView>>,
}

/// That a network asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HelpAsk)]
pub struct HelpAskView {
    pub network: NetworkRefView,
    #[schema(example = "Wij beginnen net. Kunt u meedenken over evacuatie uit hoge gebouwen?")]
    pub message: String,
    pub asked_at: Time,
}

/// Offers as they are sent; names of municipalities are looked up once for all.
pub fn offer_views(conn: &mut Conn, rows: Vec<OfferRow>) -> Result<Vec<HelpOfferView>> {
    let codes = rows.iter().flat_map(|(offer, _)| offer.municipalities.list()).collect();
    let names = MunicipalityNames::of(conn, codes)?;
    Ok(rows.into_iter().map(|(offer, person)| offer_view(offer, &person, &names)).collect())
}

fn offer_view(offer: HelpOffer, person: &AuthorPerson, names: &MunicipalityNames) -> HelpOfferView {
    HelpOfferView {
        id: offer.id,
        person: person.into(),
        sentence: offer.sentence.to_string(),
        language: offer.language.to_string(),
        themes: offer.themes.list(),
        municipalities: names.views(offer.municipalities.list()),
        paused: offer.paused,
        created_at: offer.created_at,
        updated_at: offer.updated_at,
        asks: None,
    }
}

/// What a network asked, as it is sent.
pub fn ask_views(asks: Vec<(Ask, Network)>) -> Vec<HelpAskView> {
    let view = |(ask, network): (Ask, Network)| HelpAskView {
        network: (&network).into(),
        message: ask.message,
        asked_at: ask.created_at,
    };
    asks.into_iter().map(view).collect()
}

/// How many matches of each kind a screen shows.
const SHOWN: usize = 5;

/// Help that fits you.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HelpMatches)]
pub struct HelpMatchesView {
    /// Offers that fit networks you coordinate and that seek help: at most 5, newest first. Ask with
    /// `POST /help-offers/{offer}/_ask`.
    pub offers: Vec<OfferMatchView>,
    /// Networks that seek what you offer: at most 5, newest first.
    pub networks: Vec<SeekingMatchView>,
}

/// An offer that fits a network of yours.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HelpOfferMatch)]
pub struct OfferMatchView {
    pub network: NetworkRefView,
    pub offer: HelpOfferView,
}

/// A network that seeks what you offer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HelpNetworkMatch)]
pub struct SeekingMatchView {
    pub network: NetworkRefView,
    /// `proposed` where it is about to begin.
    pub state: NetworkState,
    /// With which themes it seeks help; none: with anything.
    pub themes: Vec<String>,
    /// Which of your offers fits.
    pub offer: HelpOfferId,
}

/// Matches as a screen shows them.
pub fn matches_view(conn: &mut Conn, mut matches: Matches) -> Result<HelpMatchesView> {
    matches.offers.truncate(SHOWN);
    matches.networks.truncate(SHOWN);
    let codes = matches.offers.iter().flat_map(|found| found.offer.municipalities.list()).collect();
    let names = MunicipalityNames::of(conn, codes)?;
    let offers = matches.offers.into_iter().map(|found| OfferMatchView {
        network: (&found.network).into(),
        offer: offer_view(found.offer, &found.person, &names),
    });
    let networks = matches.networks.into_iter().map(|found| SeekingMatchView {
        network: (&found.network).into(),
        state: found.network.state,
        themes: found.network.help_themes().unwrap_or_default().iter().map(ToString::to_string).collect(),
        offer: found.offer.id,
    });
    Ok(HelpMatchesView { offers: offers.collect(), networks: networks.collect() })
}
