//! What stands between two instances: a place where messages get lost, doubled, delayed and overtaken, as told.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use tokio::sync::oneshot;

/// What becomes of a message to an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Arrives,
    /// It never arrives, and its sender is told that something went wrong.
    Lost,
    /// It arrives, and its sender is told that something went wrong.
    AnswerLost,
    /// It arrives twice.
    Doubled,
    /// It arrives behind so many others, though its sender is told that it arrived.
    Late(u8),
}

/// The public address of an instance. Dropped, it is gone.
pub struct Between {
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    state: Arc<State>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

struct State {
    http: reqwest::Client,
    open: Mutex<Open>,
}

struct Open {
    /// Where the instance really is; `None`: nowhere.
    to: Option<String>,
    /// What becomes of the next messages; then all arrive.
    fates: Vec<Fate>,
    held: Vec<(u8, Request)>,
    /// How often each message was lost: a server that falls over the same one time and again is given up on.
    lost: HashMap<Vec<u8>, u8>,
}

#[derive(Clone)]
struct Request {
    method: reqwest::Method,
    path: String,
    headers: reqwest::header::HeaderMap,
    body: Vec<u8>,
}

impl Between {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let http = reqwest::Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let open = Open {
            to: None,
            fates: Vec::new(),
            held: Vec::new(),
            lost: HashMap::new(),
        };
        let state = Arc::new(State { http, open: Mutex::new(open) });
        let (stop, stopped) = oneshot::channel();
        let shared = state.clone();
        let thread = std::thread::spawn(move || serve(shared, listener, stopped));
        Self { base, state, running: Some((stop, thread)) }
    }

    /// From now on the instance is there; `None`: it is down.
    pub fn lead_to(&self, base: Option<&str>) {
        self.state.open.lock().unwrap().to = base.map(str::to_owned);
    }

    /// What becomes of the next messages.
    pub fn expect(&self, mut fates: Vec<Fate>) {
        fates.reverse();
        self.state.open.lock().unwrap().fates = fates;
    }

    /// Whatever is still on its way arrives, in the wrong order.
    pub async fn flush(&self) {
        let held = std::mem::take(&mut self.state.open.lock().unwrap().held);
        for (_, request) in held.into_iter().rev() {
            self.state.pass(request).await;
        }
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl State {
    fn fate(&self, request: &Request) -> Fate {
        let mut open = self.open.lock().unwrap();
        let fate = open.fates.pop().unwrap_or(Fate::Arrives);
        if matches!(fate, Fate::Lost | Fate::AnswerLost) {
            let lost = open.lost.entry(request.body.clone()).or_default();
            *lost += 1;
            if *lost > 3 {
                return Fate::Arrives;
            }
        }
        if let Fate::Late(behind) = fate {
            open.held.push((behind, request.clone()));
        }
        fate
    }

    /// What was delayed and is not any more, now that one more went by.
    fn overtaken(&self) -> Vec<Request> {
        let mut open = self.open.lock().unwrap();
        for (behind, _) in &mut open.held {
            *behind = behind.saturating_sub(1);
        }
        let (ready, held) = std::mem::take(&mut open.held).into_iter().partition(|(behind, _)| *behind == 0);
        open.held = held;
        let ready: Vec<(u8, Request)> = ready;
        ready.into_iter().map(|(_, request)| request).collect()
    }

    /// Takes it to the instance; 502 where that is down.
    async fn pass(&self, request: Request) -> HttpResponse {
        let to = self.open.lock().unwrap().to.clone();
        let Some(to) = to else { return HttpResponse::BadGateway().finish() };
        let sent = self
            .http
            .request(request.method, format!("{to}{}", request.path))
            .headers(request.headers)
            .body(request.body);
        let Ok(answer) = sent.send().await else { return HttpResponse::BadGateway().finish() };
        let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
        let mut told = HttpResponse::build(status);
        for (name, value) in answer.headers() {
            if !matches!(name.as_str(), "transfer-encoding" | "connection" | "content-length") {
                told.insert_header((name.as_str(), value.as_bytes()));
            }
        }
        told.body(answer.bytes().await.unwrap_or_default())
    }
}

async fn through(req: HttpRequest, body: web::Bytes, state: web::Data<Arc<State>>) -> HttpResponse {
    let mut headers = reqwest::header::HeaderMap::new();
    for (name, value) in req.headers() {
        let name = reqwest::header::HeaderName::from_bytes(name.as_str().as_bytes()).unwrap();
        // That of the public address too: it is what was signed.
        headers.append(name, reqwest::header::HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let request = Request {
        method: reqwest::Method::from_bytes(req.method().as_str().as_bytes()).unwrap(),
        path: req.uri().path_and_query().unwrap().as_str().to_owned(),
        headers,
        body: body.to_vec(),
    };
    if request.method != reqwest::Method::POST || !request.path.ends_with("/inbox") {
        return state.pass(request).await;
    }
    let answer = match state.fate(&request) {
        Fate::Arrives => state.pass(request).await,
        Fate::Lost => return HttpResponse::ServiceUnavailable().finish(),
        Fate::AnswerLost => {
            state.pass(request).await;
            HttpResponse::ServiceUnavailable().finish()
        }
        Fate::Doubled => {
            state.pass(request.clone()).await;
            state.pass(request).await
        }
        Fate::Late(_) => return HttpResponse::Accepted().finish(),
    };
    for request in state.overtaken() {
        state.pass(request).await;
    }
    answer
}

fn serve(state: Arc<State>, listener: TcpListener, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(state.clone()))
                .app_data(web::PayloadConfig::new(4 * 1024 * 1024))
                .default_service(web::to(through))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        let serving = tokio::spawn(server);
        let _ = stopped.await;
        handle.stop(false).await;
        serving.await.unwrap().unwrap();
    });
}
