//! A server of another make beside Kring: it tells what a test lets it tell, takes whatever is sent, and keeps what it
//! was asked for.

use std::collections::{HashMap, HashSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_activitypub::signature::{self, Headers, Scheme};
use kring_db::Time;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use url::Url;

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
    sent: Vec<Value>,
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

    /// What was sent to it, in order.
    pub fn sent(&self) -> Vec<Value> {
        self.state.lock().unwrap().sent.clone()
    }

    fn signed(&self, (base, now): (&str, Time), key_id: &str, asked: Asked<'_>, scheme: Scheme) -> Headers {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.millis()).unwrap());
        let url = Url::parse(&format!("{base}{}", asked.1)).unwrap();
        signature::sign((asked.0, &url, asked.2), (&self.key, key_id), scheme, now).unwrap()
    }

    fn key_of(&self, actor: &str) -> String {
        format!("{}#key", self.at(&format!("/{actor}")))
    }

    /// Asks `app` for an address of its own, signed by one of its actors.
    pub async fn get(&self, app: &TestApp, actor: &str, address: &str, scheme: Scheme) -> Response {
        let path = address.strip_prefix(&app.base).unwrap_or(address);
        let mut call = app.anonymous().get(path).header("accept", "application/activity+json");
        let (at, key) = ((app.base.as_str(), app.clock.now()), self.key_of(actor));
        let signed = self.signed(at, &key, ("GET", path, b""), scheme);
        for (name, value) in signed.iter().filter(|(name, _)| *name != "host") {
            call = call.header(name, value);
        }
        call.await
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
        let mut call = app.anonymous().call("POST", "/inbox").body("application/activity+json", body);
        for (name, value) in signed.iter().filter(|(name, _)| *name != "host") {
            call = call.header(name, value);
        }
        call.await
    }

    /// Sends an activity to an instance that is another process.
    pub async fn send_to(&self, base: &str, now: Time, activity: &Value) {
        let actor = activity["actor"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let body = activity.to_string().into_bytes();
        let signed =
            self.signed((base, now), &self.key_of(&actor), ("POST", "/inbox", &body), Scheme::Cavage);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut call = http.post(format!("{base}/inbox")).header("content-type", "application/activity+json");
        for (name, value) in signed.iter().filter(|(name, _)| *name != "host") {
            call = call.header(name, value);
        }
        assert_eq!(call.body(body).send().await.unwrap().status(), 202);
    }
}

/// Method, path and body.
type Asked<'a> = (&'a str, &'a str, &'a [u8]);

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
        state.lock().unwrap().sent.extend(serde_json::from_slice::<Value>(&body).ok());
        return HttpResponse::Accepted().finish();
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
