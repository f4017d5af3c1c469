//! Documents as they were sent, and by whom.

use kring_activitypub::wire::{Activity, Article};
use kring_db::{Conn, Time, Tx};
use serde_json::{Map, Value};

use super::at;
use crate::accounts::PersonId;
use crate::app::{App, Context};
use crate::copies::{self, Subject};
use crate::documents::DocumentId;
use crate::error::Result;
use crate::federation::addresses::Local;
use crate::federation::taking::Outcome;
use crate::federation::written::{self, Written, WrittenKind};
use crate::peers::Host;

/// Who wrote a revision, or did something else to a document.
#[derive(Clone, Debug)]
pub struct Writer {
    pub person: PersonId,
    pub uri: String,
    /// `None` of this instance.
    pub host: Option<Host>,
}

/// A document in the activity that tells of it.
#[derive(Debug)]
pub struct Sent {
    /// The activity, as it came.
    pub activity: Value,
    pub article: Article,
    pub deed: Activity,
    pub id: String,
}

impl Sent {
    /// Is this very activity kept beside the document?
    pub fn is_kept(&self, conn: &mut Conn, id: DocumentId) -> Result<bool> {
        for kept in copies::all_of(conn, self.subject(id))? {
            if kept.activity()?.get("id").and_then(Value::as_str) == Some(&self.id) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub fn subject(&self, id: DocumentId) -> Subject {
        Subject::document(id.0, self.article.version)
    }
}

pub fn dropped(why: impl Into<String>) -> Outcome {
    Outcome::Dropped(why.into())
}

/// Is an activity about a document?
pub async fn concerns(app: &App, activity: &Activity) -> Result<bool> {
    match activity.kind.as_str() {
        "Create" | "Update" => Ok(activity.object.as_object().is_some_and(Article::is_one)),
        "Delete" => {
            let (Some(id), config) = (activity.object_id(), app.config.clone()) else { return Ok(false) };
            Ok(app.db.read(move |conn| at(conn, &config, &id)).await?.is_some())
        }
        _ => Ok(false),
    }
}

pub fn read(raw: &Map<String, Value>, activity: &Activity) -> std::result::Result<Sent, Outcome> {
    let Some(object) = activity.object.as_object() else { return Err(dropped("nothing is told")) };
    Ok(Sent {
        activity: Value::Object(raw.clone()),
        deed: activity.clone(),
        article: Article::parse(object).map_err(|refusal| dropped(refusal.0))?,
        id: activity.id.to_string(),
    })
}

/// Notes which document here something of another instance is.
pub fn known(tx: &mut Tx, cx: &Context, sent: &Sent, id: DocumentId) -> Result<()> {
    let post = &sent.article.post;
    if Local::at(cx.config(), &post.id).is_some() {
        return Ok(());
    }
    let moment = post.updated.or(post.published).map_or(cx.now(), |moment| Time::at(moment).min(cx.now()));
    let written = Written {
        uri: post.id.to_string(),
        kind: WrittenKind::Document,
        object_id: id.0,
        updated_at: moment,
        // It is kept with its revision.
        activity: String::new(),
    };
    written::put(tx, &written)
}
