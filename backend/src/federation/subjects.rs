//! What a network is about, across instances: themes and articles of the CRPD as `Hashtag`, municipalities as `Place`.

use serde_json::{Map, Value, json};
use url::Url;

use super::objects::hashtag;
use crate::config::Config;
use crate::municipalities::MunicipalityCode;
use crate::networks::{NamedMunicipalityView, Subjects, Theme};

/// Where the articles of the CRPD are read.
const CRPD: &str =
    "https://www.ohchr.org/en/instruments-mechanisms/instruments/convention-rights-persons-disabilities";

/// The articles of the CRPD that there are.
const ARTICLES: std::ops::RangeInclusive<i64> = 1..=50;

/// Most themes, and most municipalities, that are taken of one network.
const MOST: usize = 50;

/// What is told.
pub fn told(config: &Config, subjects: &Subjects, places: &[NamedMunicipalityView]) -> Vec<Value> {
    let mut tags: Vec<Value> = subjects.themes.iter().map(|theme| hashtag(config, theme.as_str())).collect();
    tags.extend(subjects.crpd_articles.iter().map(|article| {
        json!({ "type": "Hashtag", "href": format!("{CRPD}#article-{article}"), "name": format!("#CRPD{article}") })
    }));
    tags.extend(places.iter().map(|place| {
        let href = config.public(&format!("/municipalities/{}", place.code));
        json!({ "type": "Place", "href": href, "name": place.name, "identifier": place.code })
    }));
    tags
}

/// What was told, as far as it is said in words that are known here. Municipalities are yet to be looked up.
pub fn read(tags: &[Map<String, Value>]) -> Subjects {
    let text =
        |tag: &Map<String, Value>, name: &str| tag.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut found = Subjects::default();
    for tag in tags {
        match text(tag, "type").as_deref() {
            Some("Place") => {
                let code = text(tag, "identifier").and_then(|code| MunicipalityCode::parse(code).ok());
                put(&mut found.municipalities, code);
            }
            Some("Hashtag") => {
                let name = text(tag, "name").unwrap_or_default();
                let name = name.trim_start_matches('#');
                let article = name.strip_prefix("CRPD").and_then(|number| number.parse().ok());
                match article.filter(|article| ARTICLES.contains(article)) {
                    Some(article) => put(&mut found.crpd_articles, Some(article)),
                    None => put(&mut found.themes, theme(text(tag, "href"), name)),
                }
            }
            _ => {}
        }
    }
    found
}

/// A theme as Kring writes it stands in the address; a hashtag has no hyphens.
fn theme(href: Option<String>, name: &str) -> Option<Theme> {
    let whole = href.and_then(|href| Url::parse(&href).ok()).and_then(|url| {
        let theme = url.query_pairs().find(|(key, _)| key == "theme")?.1.into_owned();
        (theme.replace('-', "") == name).then_some(theme)
    });
    Theme::parse(whole.unwrap_or_else(|| name.to_owned())).ok()
}

fn put<T: PartialEq>(list: &mut Vec<T>, new: Option<T>) {
    if let Some(new) = new.filter(|new| list.len() < MOST && !list.contains(new)) {
        list.push(new);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn subjects_come_back_as_they_were_told() {
        let tags = json!([
            { "type": "Hashtag", "href": "https://kring.example/networks?theme=openbare-ruimte", "name": "#openbareruimte" },
            { "type": "Hashtag", "href": "https://lemmy.example/t/vervoer", "name": "#Vervoer" },
            { "type": "Hashtag", "href": "https://kring.example/networks?theme=anders", "name": "#vervoer" },
            { "type": "Hashtag", "name": "#CRPD9" },
            { "type": "Hashtag", "name": "#CRPD99" },
            { "type": "Place", "name": "Utrecht", "identifier": "GM0344" },
            { "type": "Place", "name": "nergens" },
            { "type": "Mention", "href": "https://kring.example/@ann" },
        ]);
        let tags: Vec<Map<String, Value>> = serde_json::from_value(tags).unwrap();
        let found = read(&tags);
        let themes: Vec<&str> = found.themes.iter().map(Theme::as_str).collect();
        assert_eq!(themes, ["openbare-ruimte", "vervoer", "crpd99"]);
        assert_eq!(found.crpd_articles, [9]);
        assert_eq!(found.municipalities, [MunicipalityCode::parse("GM0344".into()).unwrap()]);
    }
}
