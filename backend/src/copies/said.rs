//! What a signed object says, in the words in which it stands here.

use kring_activitypub::wire::Post;

use crate::accounts::LanguageTag;
use crate::config::Config;
use crate::text::received;
use crate::text::summary::PlainSummary;

/// The words of something that was signed. Whoever takes it in writes these down, and whoever proves it holds these
/// against what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub title: Option<String>,
    /// Markdown.
    pub body: String,
    pub plain_summary: Option<PlainSummary>,
    pub language: Option<LanguageTag>,
    /// The body with what is beside it, as of what came from elsewhere.
    pub with_files: String,
}

/// What is shown of something, to be held against what was signed.
#[derive(Clone, Debug)]
pub struct Shown {
    pub title: Option<String>,
    pub body: String,
    /// `None` where nothing of it is kept here.
    pub plain_summary: Option<Option<PlainSummary>>,
    pub language: LanguageTag,
}

impl Said {
    /// The words of a post, at home here.
    pub fn of(post: &Post, config: &Config) -> Self {
        let there = format!("{}/", post.author.origin().ascii_serialization());
        let body = received::markdown(post.markdown.as_deref(), post.html.as_deref());
        let body = received::at_home(&body, &there, &config.public("/"));
        let title =
            post.title.clone().map(|title| title.chars().filter(|c| !c.is_control()).take(200).collect());
        Self {
            title: title.map(|title: String| title.trim().to_owned()),
            plain_summary: post.summary.clone().and_then(|text| PlainSummary::parse(text).ok()),
            language: post.language.clone().and_then(|tag| LanguageTag::parse(tag).ok()),
            with_files: with_links(body.clone(), post),
            body,
        }
    }

    /// Is this what is shown?
    pub fn is(&self, shown: &Shown) -> bool {
        let title = self.title.as_deref().zip(shown.title.as_deref());
        let body = same(&shown.body);
        title.is_none_or(|(said, shown)| said == shown.trim())
            && [&self.body, &self.with_files].into_iter().any(|said| same(said) == body)
            && shown.plain_summary.as_ref().is_none_or(|shown| *shown == self.plain_summary)
            && self.language.as_ref().is_none_or(|language| *language == shown.language)
    }
}

/// Spaces at the ends of lines say nothing.
fn same(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Files and links beside a text, as links in it: nothing is fetched from elsewhere.
fn with_links(mut body: String, post: &Post) -> String {
    for file in &post.attached {
        if body.contains(file.url.as_str()) {
            continue;
        }
        let name = file.name.as_deref().unwrap_or(file.url.as_str()).replace(['[', ']', '\n'], " ");
        body.push_str(&format!("\n\n[{name}]({})", file.url));
    }
    body.trim().to_owned()
}
