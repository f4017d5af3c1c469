//! Asking other servers for something, guarded.
//!
//! Invariants:
//!
//! - https, a name, no port; only [`Reach::Development`] allows more;
//! - the addresses that are connected to are the ones that were checked: the check stands in the resolver, so a name
//!   that answers otherwise the second time slips through nothing;
//! - one redirect, checked and signed like the first address; at most [`MOST`] bytes, [`LONGEST`] in all, nothing
//!   decompressed, no cookies, no proxy.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::address::is_public;
use crate::signature::Headers;

/// Most bytes of an answer.
pub const MOST: usize = 1024 * 1024;

/// Longest that a request may take, redirect and all.
pub const LONGEST: Duration = Duration::from_secs(10);

/// How long a connection is kept that nothing goes over.
const IDLE: Duration = Duration::from_secs(10);

/// `Accept` of an object (ActivityPub, 3.2).
const ACTIVITY: &str =
    r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// https, on its own port, to public addresses.
    Public,
    /// http, ports and every address too. For trying things out, never for an instance that others reach.
    Development,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// An object of ActivityStreams. The answer must say that it is one: on hosts where people upload files, anything
    /// else could be somebody's file.
    Activity,
    /// A JSON document of discovery: WebFinger (RFC 7033), NodeInfo.
    Json,
    /// A yes, which has no words: success with nothing in it. Whoever does not understand what is asked answers with
    /// something.
    Nothing,
}

/// An answer that was taken.
#[derive(Debug)]
pub struct Answer {
    /// Where it came from in the end.
    pub url: Url,
    pub body: Vec<u8>,
}

/// What a server said to something that was sent to it.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// How long it asks to wait, in seconds.
    pub retry_after: Option<u64>,
    /// The beginning of what it said, for a person to read.
    pub said: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The address may not be asked.
    Forbidden(&'static str),
    /// No connection, or it broke.
    Unreachable(String),
    TooSlow,
    TooLarge,
    /// Neither an answer nor one redirect.
    Status(u16),
    /// Not of the kind that was wanted, or compressed unasked.
    OtherKind,
    /// No signature could be made.
    Unsigned,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden(why) => write!(f, "this address is not asked: {why}"),
            Self::Unreachable(why) => write!(f, "the server was not reached: {why}"),
            Self::TooSlow => write!(f, "the server took longer than {} seconds", LONGEST.as_secs()),
            Self::TooLarge => write!(f, "the answer is larger than {} KB", MOST / 1024),
            Self::Status(status) => write!(f, "the server answered with status {status}"),
            Self::OtherKind => f.write_str("the answer is not of the kind that was asked for"),
            Self::Unsigned => f.write_str("the request could not be signed"),
        }
    }
}

impl std::error::Error for Failure {}

/// Finds the addresses of a name. The system's, but in tests.
pub trait Names: Send + Sync + 'static {
    fn look_up(&self, name: &str) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;
}

/// The names that the system knows.
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, name: &str) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Names, with every address left out that may not be asked.
struct Guarded {
    names: Arc<dyn Names>,
    reach: Reach,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, reach) = (self.names.look_up(name.as_str()), self.reach);
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = found
                .await?
                .into_iter()
                .filter(|address| reach == Reach::Development || is_public(*address))
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if addresses.is_empty() {
                return Err(NOT_PUBLIC.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

const NOT_PUBLIC: &str = "its name leads to no public address";

/// What makes the headers of a signature for an address: once for the first, once for a redirect.
pub type Signer<'a> = &'a (dyn Fn(&Url) -> Option<Headers> + Sync);

/// Asks other servers.
#[derive(Clone)]
pub struct Fetcher {
    client: Arc<LazyClient>,
    reach: Reach,
}

/// Made when the first is asked: reading all certificates that the system trusts takes its time, and who exchanges nothing
/// asks nobody.
type LazyClient =
    LazyLock<Result<reqwest::Client, Failure>, Box<dyn FnOnce() -> Result<reqwest::Client, Failure> + Send>>;

impl Fetcher {
    /// `agent` says who asks: the software and the address of the instance.
    pub fn new(agent: String, reach: Reach, names: Arc<dyn Names>) -> Self {
        let client = move || {
            reqwest::Client::builder()
                .user_agent(agent)
                .redirect(Policy::none())
                .no_proxy()
                .connect_timeout(LONGEST / 2)
                .timeout(LONGEST)
                // A post goes to very many servers: their connections are not kept for the next one.
                .pool_idle_timeout(IDLE)
                .dns_resolver(Arc::new(Guarded { names, reach }))
                .build()
                .map_err(|error| Failure::Unreachable(error.to_string()))
        };
        Self { client: Arc::new(LazyLock::new(Box::new(client))), reach }
    }

    fn client(&self) -> Result<&reqwest::Client, Failure> {
        LazyLock::force(&self.client).as_ref().map_err(Clone::clone)
    }

    /// Asks for an object or a document.
    pub async fn get(&self, url: &Url, wanted: Wanted, sign: Signer<'_>) -> Result<Answer, Failure> {
        tokio::time::timeout(LONGEST, self.get_with_redirect(url, wanted, sign))
            .await
            .unwrap_or(Err(Failure::TooSlow))
    }

    async fn get_with_redirect(
        &self,
        url: &Url,
        wanted: Wanted,
        sign: Signer<'_>,
    ) -> Result<Answer, Failure> {
        let first = self.ask(url, wanted, sign).await?;
        let (url, answer) = self.follow(url.clone(), first, wanted, sign).await?;
        match answer.status() {
            status if status.is_success() => Ok(Answer { body: body(answer, wanted).await?, url }),
            status => Err(Failure::Status(status.as_u16())),
        }
    }

    /// Goes where an answer leads, once: by the same rules as the first address.
    async fn follow(
        &self,
        url: Url,
        answer: reqwest::Response,
        wanted: Wanted,
        sign: Signer<'_>,
    ) -> Result<(Url, reqwest::Response), Failure> {
        let to = answer.headers().get(LOCATION).and_then(|it| it.to_str().ok());
        match to.filter(|_| answer.status().is_redirection()).and_then(|to| url.join(to).ok()) {
            Some(to) => {
                let answer = self.ask(&to, wanted, sign).await?;
                Ok((to, answer))
            }
            None => Ok((url, answer)),
        }
    }

    async fn ask(&self, url: &Url, wanted: Wanted, sign: Signer<'_>) -> Result<reqwest::Response, Failure> {
        allowed(url, self.reach)?;
        let accept = match wanted {
            Wanted::Activity | Wanted::Nothing => ACTIVITY,
            Wanted::Json => "application/jrd+json, application/json",
        };
        let mut request = self.client()?.get(url.clone()).header(ACCEPT, accept);
        for (name, value) in sign(url).ok_or(Failure::Unsigned)?.iter() {
            request = request.header(name, value);
        }
        request.send().await.map_err(failure)
    }

    /// Sends an activity. `headers` are those of its signature. A redirect is not followed: an inbox has one address.
    pub async fn post(
        &self,
        url: &Url,
        headers: &Headers,
        body: impl Into<reqwest::Body>,
    ) -> Result<Reply, Failure> {
        allowed(url, self.reach)?;
        let mut request =
            self.client()?.post(url.clone()).header(CONTENT_TYPE, "application/activity+json").body(body);
        for (name, value) in headers.iter() {
            request = request.header(name, value);
        }
        let mut answer = request.send().await.map_err(failure)?;
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok()?.parse().ok());
        // Enough for a person to see what it complains about.
        let said = answer.chunk().await.ok().flatten().unwrap_or_default();
        let said = String::from_utf8_lossy(&said[..said.len().min(500)]).into_owned();
        Ok(Reply { status: answer.status().as_u16(), retry_after, said })
    }
}

/// Whether an address may be asked, by how it is written. Where its name leads is looked at on the way.
pub fn allowed(url: &Url, reach: Reach) -> Result<(), Failure> {
    let forbidden = |why| Err(Failure::Forbidden(why));
    if !url.username().is_empty() || url.password().is_some() {
        return forbidden("it has a name and a password in it");
    }
    if reach == Reach::Development {
        return match url.scheme() {
            "http" | "https" => Ok(()),
            _ => forbidden("it is not of the web"),
        };
    }
    if url.scheme() != "https" {
        return forbidden("it is not https");
    }
    if url.port().is_some() {
        return forbidden("it names a port");
    }
    match url.host() {
        Some(Host::Domain(name)) if name.trim_end_matches('.').contains('.') => Ok(()),
        Some(Host::Domain(_)) => forbidden("its name is one of a local network"),
        _ => forbidden("it has a number in place of a name"),
    }
}

async fn body(mut answer: reqwest::Response, wanted: Wanted) -> Result<Vec<u8>, Failure> {
    if wanted == Wanted::Nothing {
        return match answer.chunk().await.map_err(failure)? {
            None => Ok(Vec::new()),
            Some(_) => Err(Failure::OtherKind),
        };
    }
    let header = |name| answer.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let plain = matches!(header(CONTENT_ENCODING), "" | "identity");
    if !plain || !is_wanted(header(CONTENT_TYPE), wanted) {
        return Err(Failure::OtherKind);
    }
    if answer.content_length().is_some_and(|length| length > MOST as u64) {
        return Err(Failure::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(failure)? {
        if body.len() + piece.len() > MOST {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Is a `Content-Type` of the kind that is wanted?
pub fn is_wanted(content_type: &str, wanted: Wanted) -> bool {
    let mut parts = content_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    let kind = parts.next().unwrap_or_default();
    match wanted {
        Wanted::Nothing => kind.is_empty(),
        Wanted::Json => matches!(kind.as_str(), "application/jrd+json" | "application/json"),
        Wanted::Activity if kind == "application/activity+json" => true,
        // The profile is a list of addresses in quotes.
        Wanted::Activity => {
            kind == "application/ld+json"
                && parts.any(|part| {
                    part.strip_prefix("profile=").is_some_and(|profile| {
                        profile
                            .trim_matches('"')
                            .split_ascii_whitespace()
                            .any(|it| it == "https://www.w3.org/ns/activitystreams")
                    })
                })
        }
    }
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::TooSlow;
    }
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    let mut deepest = String::new();
    while let Some(it) = cause {
        deepest = it.to_string();
        cause = it.source();
    }
    if deepest == NOT_PUBLIC {
        Failure::Forbidden(NOT_PUBLIC)
    } else {
        Failure::Unreachable(deepest)
    }
}

#[cfg(test)]
mod tests;
