//! A server of another make beside Kring: it tells what a test lets it tell, answers what is sent as a test wants, and
//! keeps what it was asked for and what it took.

use std::collections::{HashMap, HashSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_activitypub::proof;
use kring_activitypub::signature::{self, Headers, Scheme};
use kring_db::Time;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use url::Url;

use super::http::Call;
use super::{Response, TestApp};

/// The server. Dropped, it is gone.
pub struct Elsewhere {
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    key: PrivateKey,
    state: Arc<Mutex<State>>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

#[derive(Default)]
struct State {
    told: HashMap<String, Told>,
    asked: Vec<String>,
    manner: Manner,
    sent: Vec<Value>,
    /// How much of what was sent a test has seen ([`Elsewhere::took`]).
    seen: usize,
    /// How often those who waited for an answer got it.
    let_go: usize,
    slow: HashSet<String>,
    /// How often each path is asked for at this moment, and was at most.
    at_once: HashMap<String, (usize, usize)>,
}

/// An answer.
#[derive(Clone)]
pub struct Told {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// How it answers what is sent to it. Only what it takes (2xx) counts as sent.
#[derive(Clone, Debug)]
pub struct Manner {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    /// What has this word in it is answered with 500.
    pub falls_over: Option<&'static str>,
    /// It takes things, and says so only once it is let ([`Elsewhere::lets_go`]).
    pub silent: bool,
}

impl Manner {
    pub fn of(status: u16) -> Self {
        Self { status, headers: Vec::new(), falls_over: None, silent: false }
    }
}

impl Default for Manner {
    fn default() -> Self {
        Self::of(202)
    }
}

impl Elsewhere {
    pub fn open() -> Self {
        Self::with(Algorithm::Ed25519)
    }

    /// One whose actors have a key of this kind, all the same.
    pub fn with(algorithm: Algorithm) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let key = PrivateKey::from_pkcs8(&PrivateKey::generate(algorithm).unwrap()).unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let (stop, stopped) = oneshot::channel();
        let shared = state.clone();
        let thread = std::thread::spawn(move || serve(shared, listener, stopped));
        Self { base, key, state, running: Some((stop, thread)) }
    }

    /// `127.0.0.1:PORT`
    pub fn host(&self) -> String {
        self.base.trim_start_matches("http://").to_owned()
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Lets it tell an object at a path.
    pub fn tell(&self, path: &str, object: Value) {
        let headers = vec![("content-type", "application/activity+json".to_owned())];
        self.tell_as(path, Told { status: 200, headers, body: object.to_string().into_bytes() });
    }

    pub fn tell_as(&self, path: &str, told: Told) {
        self.state.lock().unwrap().told.insert(path.to_owned(), told);
    }

    /// Lets it tell of an actor `/NAME`, with more that stands in it.
    pub fn actor(&self, name: &str, kind: &str, more: Value) -> String {
        let id = self.at(&format!("/{name}"));
        let mut actor = json!({
            "id": id, "type": kind, "preferredUsername": name, "inbox": format!("{id}/inbox"),
            "publicKey": self.public_key(&id, "key"),
        });
        actor.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.tell(&format!("/{name}"), actor);
        id
    }

    /// The same, of somebody whose key proves what they write.
    pub fn prover(&self, name: &str, kind: &str, more: Value) -> String {
        let id = self.at(&format!("/{name}"));
        let key = json!({ "id": format!("{id}#proof"), "type": "Multikey", "controller": id, "publicKeyMultibase": self.key.public().to_multibase() });
        let mut all = json!({ "assertionMethod": [key] });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.actor(name, kind, all)
    }

    /// An object with the proof of such an actor.
    pub fn proved(&self, actor: &str, now: Time, mut object: Value) -> Value {
        let whole = object.as_object_mut().unwrap();
        whole.insert("@context".to_owned(), json!(["https://www.w3.org/ns/activitystreams", proof::CONTEXT]));
        proof::put(whole, &self.key, &format!("{actor}#proof"), &now.to_string()).unwrap();
        object
    }

    /// Lets it say by NodeInfo what runs on it.
    pub fn runs(&self, name: &str, version: &str) {
        let rel = |version: &str| format!("http://nodeinfo.diaspora.software/ns/schema/{version}");
        let links = [(rel("2.0"), "https://elsewhere.example/2.0".to_owned()), (rel("2.1"), self.at("/2.1"))];
        let links = links.map(|(rel, href)| json!({ "rel": rel, "href": href }));
        let software = json!({ "name": name, "version": version });
        for (path, told) in [
            ("/.well-known/nodeinfo", json!({ "links": links })),
            ("/2.1", json!({ "version": "2.1", "software": software })),
        ] {
            let headers = vec![("content-type", "application/json".to_owned())];
            self.tell_as(path, Told { status: 200, headers, body: told.to_string().into_bytes() });
        }
    }

    /// The key of an actor as it is published, under this name.
    pub fn public_key(&self, owner: &str, name: &str) -> Value {
        json!({ "id": format!("{owner}#{name}"), "owner": owner, "publicKeyPem": self.key.public().to_pem() })
    }

    /// Lets it tell of a group, by WebFinger too.
    pub fn group(&self, name: &str, more: Value) -> String {
        let id = self.actor(name, "Group", more);
        self.found_by_name(name, &id);
        id
    }

    /// Lets it tell by WebFinger that a group is here.
    pub fn found_by_name(&self, name: &str, id: &str) {
        let kind = json!({ "https://www.w3.org/ns/activitystreams#type": "Group" });
        let link =
            json!({ "rel": "self", "type": "application/activity+json", "href": id, "properties": kind });
        let found = json!({ "subject": format!("acct:{name}@{}", self.host()), "links": [link] });
        let headers = vec![("content-type", "application/jrd+json".to_owned())];
        let told = Told { status: 200, headers, body: found.to_string().into_bytes() };
        self.tell_as(&format!("/.well-known/webfinger?resource=acct:{name}@{}", self.host()), told);
    }

    /// What it was asked for, in order: path and query.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }

    /// How often it was asked for what begins so.
    pub fn times(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.starts_with(path)).count()
    }

    /// From now on it takes its time over a path.
    pub fn slow(&self, path: &str) {
        self.state.lock().unwrap().slow.insert(path.to_owned());
    }

    /// How often a path was asked for at the same moment, at most.
    pub fn at_once(&self, path: &str) -> usize {
        self.state.lock().unwrap().at_once.get(path).map_or(0, |(_, most)| *most)
    }

    /// How it answers from now on.
    pub fn answers(&self, manner: Manner) {
        self.state.lock().unwrap().manner = manner;
    }

    /// Whoever waits for an answer gets it.
    pub fn lets_go(&self) {
        self.state.lock().unwrap().let_go += 1;
    }

    /// What was sent to it and it took, in order.
    pub fn sent(&self) -> Vec<Value> {
        self.state.lock().unwrap().sent.clone()
    }

    /// The same, since this was last asked.
    pub fn took(&self) -> Vec<Value> {
        let mut state = self.state.lock().unwrap();
        let all = state.sent.len();
        let seen = std::mem::replace(&mut state.seen, all);
        state.sent[seen..].to_vec()
    }

    /// The headers of a signature by the key of this name, made so many seconds from `now`.
    pub fn signed(
        &self,
        (base, now): (&str, Time),
        key_id: &str,
        (method, path, body): Asked<'_>,
        scheme: Scheme,
    ) -> Headers {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.millis()).unwrap());
        let url = Url::parse(&format!("{base}{path}")).unwrap();
        signature::sign((method, &url, body), (&self.key, key_id), scheme, now).unwrap()
    }

    /// The key of one of its actors.
    pub fn key_of(&self, actor: &str) -> String {
        format!("{}#key", self.at(&format!("/{actor}")))
    }

    /// Asks `app` for an address of its own, signed by one of its actors.
    pub async fn get(&self, app: &TestApp, actor: &str, address: &str, scheme: Scheme) -> Response {
        let path = address.strip_prefix(&app.base).unwrap_or(address);
        let call = app.anonymous().get(path).header("accept", "application/activity+json");
        let (at, key) = ((app.base.as_str(), app.clock.now()), self.key_of(actor));
        with(call, &self.signed(at, &key, ("GET", path, b""), scheme)).await
    }

    /// Sends an activity to the inbox of `app`, signed by its actor.
    pub async fn send(&self, app: &TestApp, activity: &Value) -> Response {
        let actor = activity["actor"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        self.send_as(app, &self.key_of(&actor), activity).await
    }

    /// The same, with a key of this name.
    pub async fn send_as(&self, app: &TestApp, key_id: &str, activity: &Value) -> Response {
        let body = activity.to_string().into_bytes();
        let at = (app.base.as_str(), app.clock.now());
        let signed = self.signed(at, key_id, ("POST", "/inbox", &body), Scheme::Cavage);
        post(app, &signed, &body).await
    }

    /// One of its actors does something, and says so.
    pub async fn says(&self, app: &TestApp, actor: &str, number: u32, kind: &str, object: Value) -> Response {
        let (id, actor) = (self.at(&format!("/acts/{number}")), self.at(&format!("/{actor}")));
        self.send(app, &json!({ "id": id, "type": kind, "actor": actor, "object": object })).await
    }

    /// Sends an activity to an instance that is another process.
    pub async fn send_to(&self, base: &str, now: Time, activity: &Value) {
        let actor = activity["actor"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let body = activity.to_string().into_bytes();
        let signed =
            self.signed((base, now), &self.key_of(&actor), ("POST", "/inbox", &body), Scheme::Cavage);
        let http = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
        let mut call = http.post(format!("{base}/inbox")).header("content-type", "application/activity+json");
        for (name, value) in signed.iter().filter(|(name, _)| *name != "host") {
            call = call.header(name, value);
        }
        assert_eq!(call.body(body).send().await.unwrap().status(), 202);
    }
}

/// Method, path and body.
pub type Asked<'a> = (&'a str, &'a str, &'a [u8]);

/// Sends something to the inbox of `app`, with these headers.
pub async fn post(app: &TestApp, headers: &Headers, body: &[u8]) -> Response {
    with(app.anonymous().call("POST", "/inbox").body("application/activity+json", body), headers).await
}

fn with(call: Call, headers: &Headers) -> Call {
    // That of the connection is the same.
    let others = headers.iter().filter(|(name, _)| *name != "host");
    others.fold(call, |call, (name, value)| call.header(name, value))
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

async fn answer(req: HttpRequest, body: web::Bytes, state: web::Data<Arc<Mutex<State>>>) -> HttpResponse {
    let path = req.uri().path_and_query().unwrap().as_str().to_owned();
    if req.method() == actix_web::http::Method::POST {
        return take(&body, &state).await;
    }
    let slow = {
        let mut state = state.lock().unwrap();
        state.asked.push(path.clone());
        let (now, most) = state.at_once.entry(path.clone()).or_default();
        (*now, *most) = (*now + 1, (*most).max(*now + 1));
        state.slow.contains(&path)
    };
    if slow {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut state = state.lock().unwrap();
    state.at_once.entry(path.clone()).or_default().0 -= 1;
    let Some(told) = state.told.get(&path) else { return HttpResponse::NotFound().finish() };
    let mut answer = HttpResponse::build(StatusCode::from_u16(told.status).unwrap());
    for (name, value) in &told.headers {
        answer.insert_header((*name, value.as_str()));
    }
    answer.body(told.body.clone())
}

async fn take(body: &[u8], state: &Mutex<State>) -> HttpResponse {
    let (Manner { mut status, headers, falls_over, silent }, before) = {
        let state = state.lock().unwrap();
        (state.manner.clone(), state.let_go)
    };
    let text = String::from_utf8_lossy(body);
    if falls_over.is_some_and(|word| text.contains(word)) {
        status = 500;
    }
    if status < 300 {
        state.lock().unwrap().sent.extend(serde_json::from_slice::<Value>(body).ok());
    }
    while silent && state.lock().unwrap().let_go == before {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    for (name, value) in headers {
        answer.insert_header((name, value));
    }
    answer.finish()
}

fn serve(state: Arc<Mutex<State>>, listener: TcpListener, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(state.clone()))
                .app_data(web::PayloadConfig::new(4 * 1024 * 1024))
                .default_service(web::to(answer))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        let serving = tokio::spawn(server);
        let _ = stopped.await;
        handle.stop(false).await;
        serving.await.unwrap().unwrap();
    });
}
