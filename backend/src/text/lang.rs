//! The two languages Kring speaks itself, and its sentences in them (Fluent, `backend/texts/{nl,en}/*.ftl`).

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, langid, static_loader};
use std::borrow::Cow;
use std::collections::HashMap;

static_loader! {
    static TEXTS = { locales: "./texts", fallback_language: "en", customise: |bundle| bundle.set_use_isolating(false) };
}

static NL: LanguageIdentifier = langid!("nl");
static EN: LanguageIdentifier = langid!("en");

kring_db::word_type! {
    /// A language of Kring's own texts. What people write may be in any language.
    Lang { Nl = "nl", En = "en" }
}

impl Lang {
    /// The language of a BCP 47 tag, by its first part: `nl-BE` is Dutch.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "nl" => Some(Self::Nl),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110, 12.5.4): highest weight, then first named.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(|tag| Self::of_tag(tag.trim())) else { continue };
            let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Nl => &NL,
            Self::En => &EN,
        }
    }

    /// The sentence called `key`.
    pub fn say(self, key: &str) -> String {
        TEXTS.lookup(self.id(), key)
    }

    /// The sentence called `key` with its blanks filled.
    pub fn say_with(self, key: &str, args: &[(&'static str, String)]) -> String {
        let filled: HashMap<Cow<'static, str>, FluentValue<'_>> =
            args.iter().map(|(name, value)| (Cow::Borrowed(*name), blank(value))).collect();
        TEXTS.lookup_with_args(self.id(), key, &filled)
    }

    /// Is there a sentence of that name in this very language?
    pub fn has(self, key: &str) -> bool {
        TEXTS.lookup_single_language::<&str>(self.id(), key, None).is_ok()
    }
}

/// A number decides between "1 reply" and "2 replies", so what is written as one goes in as one; "007" is a name.
fn blank(value: &str) -> FluentValue<'_> {
    match value.parse::<i32>() {
        Ok(number) if number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_a_blank_reads_as_it_was() {
        for name in ["007", "+5", "2030", "-0", "9007199254740993", "1e3", ""] {
            let told = Lang::Nl.say_with("fault-not_allowed", &[("allowed", name.to_owned())]);
            assert_eq!(told, format!("Kies een van deze: {name}."));
        }
        let told = |seconds: &str| Lang::En.say_with("error-too_many", &[("seconds", seconds.to_owned())]);
        assert!(told("1").contains("one second") && told("30").contains("30 seconds"));
    }

    #[test]
    fn the_heaviest_known_language_wins() {
        let cases = [
            ("nl", Some(Lang::Nl)),
            ("de, en;q=0.8, nl;q=0.9", Some(Lang::Nl)),
            ("en-GB,nl;q=0.5", Some(Lang::En)),
            ("nl;q=0, en;q=0.1", Some(Lang::En)),
            ("fr", None),
            (";;,q=", None),
        ];
        for (header, expected) in cases {
            assert_eq!(Lang::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn every_code_has_a_sentence_in_both_languages() {
        for code in crate::error::Code::ALL {
            for lang in Lang::ALL {
                assert!(lang.has(&format!("error-{}", code.as_str())), "{lang}: error-{}", code.as_str());
            }
        }
    }
}
