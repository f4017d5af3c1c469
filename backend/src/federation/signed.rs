//! Who sent a request, as its signature proves.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use kring_activitypub::signature::{Claim, Headers, Refusal, Request};
use url::Url;

use super::actors::{self, NoKey, Remote};
use super::{asking, homes, known};
use crate::app::App;
use crate::error::{Error, Result};

/// Who signed, or why nobody knows.
pub type Signed = std::result::Result<Remote, NoKey>;

/// The actor who signed a request. A key that does not fit is asked for once more: it may have been changed.
pub async fn signer(app: &App, req: &HttpRequest, body: &[u8]) -> Result<Signed> {
    let signed = prove(app, req, body).await?;
    if signed.is_err() {
        metrics::counter!("kring_federation_signatures_refused_total").increment(1);
    }
    Ok(signed)
}

async fn prove(app: &App, req: &HttpRequest, body: &[u8]) -> Result<Signed> {
    let headers = headers(req.headers());
    // As the other side knows it: by the public address, whatever stands in front of this server.
    let target = req.uri().path_and_query().map_or("/", |it| it.as_str());
    let url = app.config.public_url.join(target).map_err(Error::internal)?;
    let claim = match claim(app, req.method().as_str(), &url, &headers, body) {
        Ok(claim) => claim,
        Err(refusal) => return Ok(Err(NoKey { why: refusal.to_string(), may_pass: false })),
    };
    let kept = actors::with_key(app, &claim.key_id).await?;
    let actor = match kept {
        Some(kept) if claim.proves(&kept.key()?).is_ok() => kept,
        // It may have been changed.
        kept => {
            match actors::by_key(app, &claim.key_id, kept.as_ref(), |key| claim.proves(key).is_ok()).await? {
                Ok(actor) => actor,
                Err(NoKey { why, may_pass }) => {
                    let why = format!("the signature could not be proved: {why}");
                    return Ok(Err(NoKey { why, may_pass }));
                }
            }
        }
    };
    app.flights.alive(&actor.host);
    let host = actor.host.clone();
    let takes = claim.scheme == kring_activitypub::signature::Scheme::Rfc9421;
    let (its, now) = (host.clone(), app.clock.now());
    if !app.db.read(move |conn| known::is_news(conn, &its, takes, now)).await? {
        return Ok(Ok(actor));
    }
    app.write_for_anyone(move |tx, cx| {
        if takes {
            // Who sends these takes them.
            known::remember_scheme(tx, &host, true)?;
        }
        homes::speaks(tx, cx, &host)?;
        known::alive(tx, &host, cx.now())
    })
    .await?;
    Ok(Ok(actor))
}

fn claim(app: &App, method: &str, url: &Url, headers: &Headers, body: &[u8]) -> Result<Claim, Refusal> {
    Claim::of(&Request { method, url, headers, body }, asking::now(app))
}

fn headers(from: &HeaderMap) -> Headers {
    let mut headers = Headers::default();
    for (name, value) in from {
        if let Ok(value) = value.to_str() {
            headers.insert(name.as_str(), value);
        }
    }
    headers
}
