//! Changes that came too late: somebody was first. Nothing of either text is lost: what stands now is told, what was
//! sent is kept where the answer says, and what differs is shown word by word.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, Result};
use crate::text::differences::{Comparison, Side};

/// The words of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// `None` where it has none, or where a change left it as it was.
    pub title: Option<String>,
    pub body: Option<String>,
    pub plain_summary: Option<String>,
    pub language: Option<String>,
}

impl Words {
    /// The words that stand there now, at this ETag.
    pub fn at(self, etag: String) -> CurrentText {
        CurrentText {
            etag,
            title: self.title,
            body: self.body.unwrap_or_default(),
            plain_summary: self.plain_summary,
            language: self.language,
        }
    }
}

/// A text as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrentText {
    /// Send it as `If-Match` with the next change.
    #[schema(example = "\"8\"")]
    pub etag: String,
    /// Null where it has none: a reply.
    #[schema(required)]
    pub title: Option<String>,
    /// Markdown, as it was written.
    pub body: String,
    #[schema(required, example = "Iedereen moet met de bus kunnen.")]
    pub plain_summary: Option<String>,
    #[schema(required)]
    pub language: Option<String>,
}

/// A change that was not made, because what it was made from is no longer what stands there.
#[derive(Debug)]
pub struct Refused {
    /// The text `error-…` that tells it.
    pub sentence: &'static str,
    /// Of what stands there now; `None` where nothing does any more.
    pub etag: Option<String>,
    /// Where what was sent is kept, as a path; `None` where the person keeps too much already.
    pub draft: Option<String>,
    /// What stands there now; `None` where nothing does any more.
    pub current: Option<CurrentText>,
    /// What was sent.
    pub sent: Words,
    /// From what stands there to what was sent.
    pub differences: Option<Comparison>,
}

/// How a change ended that keeps what was sent. Both ways are committed.
#[derive(Debug)]
pub enum Saved<T> {
    Done(T),
    Refused(Box<Refused>),
}

impl<T> Saved<T> {
    /// What was done; or the refusal with what differs, compared without a connection to the database.
    pub async fn or_tell(self, app: &App) -> Result<T> {
        let mut refused = match self {
            Self::Done(done) => return Ok(done),
            Self::Refused(refused) => refused,
        };
        if let Some(current) = refused.current.clone() {
            let sent = refused.sent.clone();
            refused.differences = Some(app.comparing.run(move || compare(&current, &sent)).await?);
        }
        Err(Error::Refused(refused))
    }

    /// The same with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> Result<U>) -> Result<Saved<U>> {
        Ok(match self {
            Self::Done(done) => Saved::Done(f(done)?),
            Self::Refused(refused) => Saved::Refused(refused),
        })
    }
}

/// What was not sent would have stayed as it is.
fn compare(current: &CurrentText, sent: &Words) -> Comparison {
    let old = Side {
        title: current.title.clone().unwrap_or_default(),
        plain_summary: current.plain_summary.clone().unwrap_or_default(),
        body: current.body.clone(),
    };
    let or = |sent: &Option<String>, old: &String| sent.as_ref().unwrap_or(old).clone();
    let new = Side {
        title: or(&sent.title, &old.title),
        plain_summary: or(&sent.plain_summary, &old.plain_summary),
        body: or(&sent.body, &old.body),
    };
    Comparison::of(&old, &new)
}
