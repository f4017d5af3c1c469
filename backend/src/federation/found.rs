//! What was found rather than sent: objects that another server tells when it is asked. What it tells at its own address
//! is as good as what its author sends.

use kring_activitypub::proof::Claim;
use kring_activitypub::wire::{self, Activity, Article, Post};
use serde_json::{Map, Value, json};
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::asking::{self, Unanswered};
use super::taking::Outcome;
use super::{posts, rules};
use crate::app::App;
use crate::error::{Error, Result};

/// The object that is told at `at`, whole or by its address: asked for, unless it is whole, and of the same server or
/// proved by who wrote it, whose own server may be gone.
pub async fn object(
    app: &App,
    told: &Value,
    at: &Url,
) -> Result<std::result::Result<Map<String, Value>, Unanswered>> {
    let Some(id) = wire::id_of(told) else {
        return Ok(Err(Unanswered::Unusable("it has no id")));
    };
    if let Value::Object(whole) = told
        && let Ok(post) = Post::parse(whole)
        && (wire::same_host(&id, at) || is_proved(app, told, &post).await?)
    {
        return Ok(Ok(whole.clone()));
    }
    asking::identified(app, &id).await
}

async fn is_proved(app: &App, object: &Value, post: &Post) -> Result<bool> {
    if object.get("proof").is_none() {
        return Ok(false);
    }
    Ok(actors::find(app, &post.author).await?.is_ok_and(|author| proved(object, &author)))
}

/// Did its author sign this very object (FEP-8b32)?
pub fn proved(object: &Value, author: &Remote) -> bool {
    let theirs = object.as_object().and_then(|object| Post::parse(object).ok());
    let key = |claim: &Claim| author.proof_key(&claim.key_id);
    theirs.is_some_and(|post| post.author.as_str() == author.uri)
        && Claim::of(object).is_ok_and(|claim| key(&claim).is_some_and(|key| claim.proves(&key).is_ok()))
}

/// Takes an object as if its author had just sent it. `home`: the network elsewhere that it was found in.
pub async fn take(app: &App, object: Map<String, Value>, home: Option<&Remote>) -> Result<Outcome> {
    let post = match Post::parse(&object) {
        Ok(post) => post,
        Err(refusal) => return Ok(Outcome::Dropped(refusal.to_string())),
    };
    if Local::at(&app.config, &post.id).is_some() {
        return Ok(Outcome::Done);
    }
    if Article::is_one(&object) {
        return Ok(Outcome::Dropped(
            "a document comes with its revisions, from its network's home".to_owned(),
        ));
    }
    let author = match actors::find(app, &post.author).await? {
        Ok(author) => author,
        Err(why) => return Ok(Outcome::Early(why)),
    };
    // Also where another instance tells of it.
    if !rules::may_exchange(app, &author.host).await? {
        return Ok(Outcome::Dropped("nothing is exchanged with the instance of who wrote it".to_owned()));
    }
    let raw = created(&post, object);
    let activity = Activity::parse(&raw).map_err(Error::internal)?;
    posts::take(app, &raw, &activity, &author, home).await
}

/// The activity by which its author made an object, as far as the object tells.
fn created(post: &Post, object: Map<String, Value>) -> Map<String, Value> {
    let mut id = post.id.clone();
    id.set_fragment(Some("create"));
    let mut activity = Map::new();
    activity.insert("id".to_owned(), json!(id.as_str()));
    activity.insert("type".to_owned(), json!("Create"));
    activity.insert("actor".to_owned(), json!(post.author.as_str()));
    for member in ["to", "cc", "audience"] {
        if let Some(value) = object.get(member) {
            activity.insert(member.to_owned(), value.clone());
        }
    }
    activity.insert("object".to_owned(), Value::Object(object));
    activity
}
