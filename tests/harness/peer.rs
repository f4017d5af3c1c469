//! Another server beside Kring, as far as a test needs one: it has documents, and signs what it sends.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_activitypub::signature::{self, Scheme};
use serde_json::Value;
use tokio::sync::oneshot;
use url::Url;

use super::{Response, TestApp};

type Documents = Arc<Mutex<HashMap<String, Value>>>;

/// A server of another make. Dropped, it is gone.
pub struct Peer {
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// All its actors have the same.
    pub key: PrivateKey,
    documents: Documents,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Peer {
    pub fn open(algorithm: Algorithm) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let documents = Documents::default();
        let (stop, stopped) = oneshot::channel();
        let shared = documents.clone();
        let thread = std::thread::spawn(move || serve(shared, listener, stopped));
        let key = PrivateKey::from_pkcs8(&PrivateKey::generate(algorithm).unwrap()).unwrap();
        Self { base, key, documents, running: Some((stop, thread)) }
    }

    /// `127.0.0.1:PORT`.
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// From now on this is what is at a path.
    pub fn put(&self, path: &str, document: Value) {
        self.documents.lock().unwrap().insert(path.to_owned(), document);
    }

    /// Sends an activity, signed by its actor in the older way, to the inbox of `app`.
    pub async fn send(&self, app: &TestApp, activity: &Value) -> Response {
        let body = activity.to_string().into_bytes();
        let millis = u64::try_from(app.clock.now().millis()).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        let url = Url::parse(&format!("{}/inbox", app.base)).unwrap();
        let key_id = format!("{}#main-key", activity["actor"].as_str().unwrap());
        let signed = signature::sign(("POST", &url, &body), (&self.key, &key_id), Scheme::Cavage, now);
        let mut call = app.anonymous().call("POST", "/inbox").body("application/activity+json", body);
        for (name, value) in signed.unwrap().iter().filter(|(name, _)| *name != "host") {
            call = call.header(name, value);
        }
        call.await
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

/// Documents are there to be read; whatever is sent is taken.
async fn answer(req: HttpRequest, documents: web::Data<Documents>) -> HttpResponse {
    if req.method() == "POST" {
        return HttpResponse::Ok().finish();
    }
    let path = req.uri().path_and_query().map_or("/", |it| it.as_str());
    let kind = if path.starts_with("/.well-known/") {
        "application/json"
    } else {
        "application/activity+json"
    };
    match documents.lock().unwrap().get(path) {
        Some(document) => HttpResponse::Ok().content_type(kind).body(document.to_string()),
        None => HttpResponse::NotFound().finish(),
    }
}

fn serve(documents: Documents, listener: TcpListener, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = HttpServer::new(move || {
            App::new().app_data(web::Data::new(documents.clone())).default_service(web::to(answer))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        let serving = tokio::spawn(server);
        let _ = stopped.await;
        handle.stop(false).await;
        serving.await.unwrap().unwrap();
    });
}
