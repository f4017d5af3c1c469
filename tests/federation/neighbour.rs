//! A server beside Kring that keeps what it gets, and answers as a test wants.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_activitypub::signature::{self, Scheme};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::harness::{Response, TestApp};

/// How it answers what is sent to it.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    pub status: u16,
    /// More headers, each with its end.
    pub headers: String,
    /// What has this word in it is answered with 500.
    pub falls_over: Option<String>,
}

impl Manner {
    pub fn of(status: u16) -> Self {
        Self { status, ..Self::default() }
    }
}

pub struct Neighbour {
    /// `127.0.0.1:PORT`
    pub host: String,
    base: String,
    key: PrivateKey,
    manner: Arc<Mutex<Manner>>,
    /// What it took.
    got: Arc<Mutex<Vec<Value>>>,
}

impl Neighbour {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let base = format!("http://{host}");
        let key = PrivateKey::from_pkcs8(&PrivateKey::generate(Algorithm::Ed25519).unwrap()).unwrap();
        let (manner, got) = (Arc::new(Mutex::new(Manner::of(202))), Arc::default());
        let served = Served {
            base: base.clone(),
            pem: key.public().to_pem(),
            manner: manner.clone(),
            got: Arc::clone(&got),
        };
        let served = Arc::new(served);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(served.clone().answer(stream));
            }
        });
        Self { host, base, key, manner, got }
    }

    pub fn answers(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What it took since this was last asked.
    pub fn took(&self) -> Vec<Value> {
        std::mem::take(&mut self.got.lock().unwrap())
    }

    /// Its one person does something, and says so.
    pub async fn says(&self, app: &TestApp, number: u32, kind: &str, object: Value) -> Response {
        let actor = format!("{}/mia", self.base);
        let body = json!({ "id": format!("{}/acts/{number}", self.base), "type": kind, "actor": actor, "object": object });
        let body = body.to_string().into_bytes();
        let seconds = u64::try_from(app.clock.now().millis() / 1000).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let url = Url::parse(&format!("{}/inbox", app.base)).unwrap();
        let key_id = format!("{actor}#key");
        let headers =
            signature::sign(("POST", &url, &body), (&self.key, &key_id), Scheme::Cavage, now).unwrap();
        let mut call = app.anonymous().call("POST", "/inbox").body("application/activity+json", body);
        for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
            call = call.header(name, value);
        }
        call.await
    }
}

/// What answering needs.
struct Served {
    base: String,
    pem: String,
    manner: Arc<Mutex<Manner>>,
    got: Arc<Mutex<Vec<Value>>>,
}

impl Served {
    async fn answer(self: Arc<Self>, mut stream: TcpStream) {
        while let Some((head, body)) = heard(&mut stream).await {
            let answer = self.to(&head, &body);
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn to(&self, head: &str, body: &[u8]) -> String {
        let (base, id) = (&self.base, format!("{}/mia", self.base));
        let told = match head.split(' ').nth(1).unwrap_or_default() {
            "/mia" => json!({
                "id": id, "type": "Person", "preferredUsername": "mia", "inbox": format!("{id}/inbox"),
                "endpoints": { "sharedInbox": format!("{base}/inbox") },
                "publicKey": { "id": format!("{id}#key"), "owner": id, "publicKeyPem": self.pem },
            }),
            "/.well-known/nodeinfo" => json!({ "links": [
                { "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "https://elsewhere.example/2.0" },
                { "rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": format!("{base}/2.1") },
            ] }),
            "/2.1" => json!({ "version": "2.1", "software": { "name": "buurman", "version": "1.2" } }),
            "/inbox" | "/mia/inbox" => return self.take(body),
            _ => return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        let kind = if head.contains("/mia ") {
            "application/activity+json"
        } else {
            "application/json"
        };
        let told = told.to_string();
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{told}", told.len())
    }

    fn take(&self, body: &[u8]) -> String {
        let Manner { mut status, headers, falls_over } = self.manner.lock().unwrap().clone();
        let text = String::from_utf8_lossy(body);
        if falls_over.is_some_and(|word| text.contains(&word)) {
            status = 500;
        }
        if status < 300 {
            self.got.lock().unwrap().push(serde_json::from_slice(body).unwrap());
        }
        format!("HTTP/1.1 {status} So\r\n{headers}Content-Length: 0\r\n\r\n")
    }
}

/// The head and the body of the next request.
async fn heard(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut heard = Vec::new();
    let (head, body) = loop {
        if let Some(end) = heard.windows(4).position(|it| it == b"\r\n\r\n") {
            break (String::from_utf8_lossy(&heard[..end]).into_owned(), heard.split_off(end + 4));
        }
        if stream.read_buf(&mut heard).await.ok()? == 0 {
            return None;
        }
    };
    let lines = head.to_ascii_lowercase();
    let length = lines.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
    let mut body = body;
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, body))
}
