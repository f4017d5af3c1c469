//! Advice to whoever writes, in words; and `POST /v1/text-checks`, which gives it without saving anything.

use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::fields::lines;
use super::{Body, Caller, Field, Fields, Seen};
use crate::accounts::LanguageTag;
use crate::app::App;
use crate::attachments::AttachmentView;
use crate::error::Result;
use crate::text::advice::figures::{ENOUGH, Ease, Measure, Score};
use crate::text::advice::{self, Advice, AdviceCode, Figures, Finding};
use crate::text::lang::Lang;
use crate::text::markdown::DOCUMENT_LIMIT;

pub fn configure(config: &mut ServiceConfig) {
    config.service(check_text);
}

/// What would make a text easier to read, and for whom. Advice, never a condition: everything is saved as it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Advice)]
pub struct AdviceView {
    /// In the order of the text; the first fifty.
    pub findings: Vec<FindingView>,
    /// How many there are in all.
    pub total: usize,
    pub figures: FiguresView,
}

/// Something that could be better.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AdviceFinding)]
pub struct FindingView {
    pub code: AdviceCode,
    /// What to do and whom it helps, in the language of the request.
    #[schema(
        example = "De link “klik hier” zegt niet waar hij heen gaat. Schrijf in de link zelf wat de lezer daar vindt."
    )]
    pub sentence: String,
    #[serde(rename = "where")]
    pub place: FindingPlace,
    /// The success criterion of WCAG 2.2 that it serves.
    #[schema(example = "2.4.4")]
    pub rule: &'static str,
}

/// Where in a text something stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingPlace {
    /// The line of the Markdown, from 1.
    #[schema(minimum = 1)]
    pub line: usize,
    /// What stands there, without Markdown and not too long.
    #[schema(example = "klik hier")]
    pub excerpt: String,
}

/// What can be counted in a text. It is information: no figure knows whether a text is clear.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TextFigures)]
pub struct FiguresView {
    pub words: usize,
    pub sentences: usize,
    /// Sentences of more than twenty words.
    pub long_sentences: usize,
    pub words_per_sentence: f64,
    pub syllables_per_word: f64,
    /// Flesch-Douma for Dutch, Flesch reading ease for English, LIX for every language. Empty of fewer than fifty words.
    pub scores: Vec<ScoreView>,
    /// What to make of the figures.
    #[schema(
        example = "Een cijfer telt lange woorden en lange zinnen, meer niet. Lees de tekst hardop: dan hoort u wat beter kan."
    )]
    pub sentence: String,
}

/// One figure and what it means.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TextScore)]
pub struct ScoreView {
    pub measure: Measure,
    pub value: f64,
    pub ease: Ease,
    /// In plain words, in the language of the request.
    #[schema(example = "De meeste mensen lezen dit zonder moeite.")]
    pub meaning: String,
}

impl AdviceView {
    pub fn of(advice: Advice, lang: Lang) -> Self {
        Self {
            findings: advice.findings.into_iter().map(|found| FindingView::of(found, lang)).collect(),
            total: advice.total,
            figures: FiguresView::of(advice.figures, lang),
        }
    }

    /// [`AdviceView::on`] where long texts wait for their turn, without a connection to the database.
    pub async fn in_turn(
        app: &App,
        markdown: String,
        language: String,
        files: Vec<AttachmentView>,
        lang: Lang,
    ) -> Result<Self> {
        app.comparing.run(move || Self::on(&markdown, &language, &files, lang)).await
    }

    /// Advice on what was written, with files of which some may be decoration.
    pub fn on(markdown: &str, language: &str, files: &[AttachmentView], lang: Lang) -> Self {
        let decorative = |url: &str| files.iter().any(|file| file.decorative && file.content == url);
        Self::of(advice::advise(markdown, language, &decorative), lang)
    }
}

impl FindingView {
    fn of(found: Finding, lang: Lang) -> Self {
        let mut args = found.args;
        args.push(("text", found.excerpt.clone()));
        Self {
            code: found.code,
            sentence: lang.say_with(&format!("advice-{}", found.code), &args),
            place: FindingPlace { line: found.line, excerpt: found.excerpt },
            rule: found.code.rule(),
        }
    }
}

impl FiguresView {
    fn of(figures: Figures, lang: Lang) -> Self {
        let score = |score: Score| ScoreView {
            measure: score.measure,
            value: score.value,
            ease: score.ease,
            meaning: lang.say(&format!("advice-ease-{}", score.ease)),
        };
        let sentence = if figures.scores.is_empty() {
            lang.say_with("advice-too-short", &[("words", ENOUGH.to_string())])
        } else {
            lang.say("advice-figures")
        };
        Self {
            words: figures.words,
            sentences: figures.sentences,
            long_sentences: figures.long_sentences,
            words_per_sentence: figures.words_per_sentence,
            syllables_per_word: figures.syllables_per_word,
            scores: figures.scores.into_iter().map(score).collect(),
            sentence,
        }
    }
}

/// A text to look over.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckText {
    /// Markdown.
    #[serde(default)]
    #[schema(value_type = String, required, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Voor het hele plan [klik hier](https://example.org/plan).")]
    text: Field<String>,
    /// The language it is written in (BCP 47); that of the request where left out.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
}

impl CheckText {
    fn parse(self, lang: Lang) -> Result<(String, LanguageTag)> {
        let mut f = Fields::of_body();
        let text = f.need("text", self.text, |text: String| lines(&text, 0, DOCUMENT_LIMIT));
        let language = f.may("language", self.language, LanguageTag::parse);
        let language = language.unwrap_or_else(|| LanguageTag::of(lang));
        f.finish(|| Some((text?, language)))
    }
}

/// Check a text
///
/// What would make it easier to read, and for whom, while it is being written: nothing is saved. The same advice stands
/// in the answers to creating and changing threads, replies, documents and networks, and with `include=advice`.
#[utoipa::path(tag = "drafts", request_body = CheckText, responses((status = 200, description = "Advice.", body = AdviceView)))]
#[post("/text-checks")]
async fn check_text(app: App, caller: Caller, body: Body<CheckText>) -> Result<Seen<AdviceView>> {
    let lang = caller.lang;
    let (text, language) = body.parse(|sent: CheckText| sent.parse(lang))?;
    app.read(&caller, |_, _, viewer| viewer.signed_in().map(|_| ())).await?;
    AdviceView::in_turn(&app, text, language.to_string(), Vec::new(), lang).await.map(Seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_advice_is_told_in_both_languages() {
        let args = ["text", "count", "level", "wanted"].map(|name| (name, "4".to_owned()));
        for lang in [Lang::Nl, Lang::En] {
            let codes = AdviceCode::ALL.iter().map(|code| format!("advice-{code}"));
            for key in codes.chain(Ease::ALL.iter().map(|ease| format!("advice-ease-{ease}"))) {
                let told = lang.say_with(&key, &args);
                assert!(!told.contains("Unknown") && !told.contains('{'), "{lang} {key}: {told}");
            }
        }
    }
}
