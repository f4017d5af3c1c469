//! Answers to who asks for an object: as anybody, and where there is nothing for anybody, as whoever signed.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use kring_db::Conn;
use serde_json::Value;

use crate::app::App;
use crate::config::Config;
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::federation::addresses::Local;
use crate::federation::asker::{self, Asker};
use crate::federation::objects::{self, MEDIA_TYPE, Object};
use crate::web::extract::language;
use crate::web::problem::respond;

/// Looks something up for whoever asks, and sends it. `of`: what it is about, where that was written here.
pub async fn answer<F>(app: &App, req: &HttpRequest, of: Option<Local>, look: F) -> Result<HttpResponse>
where
    F: AsyncFn(Asker) -> Result<Object>,
{
    match look(Asker::Anyone).await {
        Err(Error::Rule(Code::NotFound | Code::MembersOnly)) => {}
        told => return told.map(send),
    }
    // Whether or not there is something: nobody learns from who is asked for a key that there is.
    let signer = asker::of(app, req).await?;
    let mut told = Err(NOT_FOUND);
    if let Some(signer) = &signer {
        told = look(Asker::Instance(signer.0.clone())).await;
        if let (Err(Error::Rule(Code::NotFound | Code::MembersOnly)), Some(of)) = (&told, &of)
            && let Some(asker) = asker::vouched(app, of, signer).await?
        {
            told = look(asker).await;
        }
    }
    match told {
        Ok(object) => Ok(by_signature(send(object))),
        Err(Error::Rule(Code::NotFound | Code::MembersOnly)) => {
            Ok(by_signature(respond(&NOT_FOUND, language(req))))
        }
        Err(cause) => Err(cause),
    }
}

/// [`answer`] of what one look into the database tells.
pub async fn tell<F>(app: &App, req: &HttpRequest, of: Option<Local>, look: F) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Config, &Asker) -> Result<Object> + Clone + Send + 'static,
{
    answer(app, req, of, async |asker| {
        let (config, look) = (app.config.clone(), look.clone());
        app.db.read(move |conn| look(conn, &config, &asker)).await
    })
    .await
}

/// An answer that is another for another signature: nobody between keeps it for somebody else.
pub fn by_signature(mut answer: HttpResponse) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("Signature, Signature-Input"));
    answer
}

/// Sends an object. Who was closed or deleted is 410, with what is left.
fn send(object: Object) -> HttpResponse {
    let object = match object.contains_key("@context") {
        true => object,
        false => objects::standing_alone(object),
    };
    let gone = object.get("type").and_then(Value::as_str) == Some("Tombstone");
    let mut answer = if gone { HttpResponse::Gone() } else { HttpResponse::Ok() };
    answer
        .content_type(format!("{MEDIA_TYPE}; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(object)
}
