//! Speaking HTTP as somebody. Paths are whole: `/v1/networks`.
//!
//! Every answer is held against what holds for all of them: the version header, problem details for every error
//! of the API, sentences that exist, and no fault of Kring's own (5xx) unless the test asks for that status.

use std::future::{Future, IntoFuture};
use std::ops::Index;
use std::pin::Pin;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

/// Somebody who speaks to Kring: signed in, or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    /// `None` for who is not signed in.
    pub handle: Option<String>,
    pub access: Option<String>,
    pub refresh: Option<String>,
    /// The id of the session.
    pub session: Option<String>,
}

impl Client {
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        Self {
            http,
            base: base.into(),
            handle: None,
            access: None,
            refresh: None,
            session: None,
        }
    }

    /// The same device, signed in with a handle or an address.
    pub async fn sign_in(&self, login: &str, password: &str) -> Self {
        let credentials = json!({ "login": login, "password": password });
        let opened = self.post("/v1/sessions", credentials).await.expect(201);
        Self { handle: Some(login.to_owned()), ..self.with_tokens(&opened) }
    }

    /// The same person with the tokens that an answer brought.
    pub fn with_tokens(&self, answer: &Response) -> Self {
        Self {
            access: Some(answer.text("/accessToken")),
            refresh: Some(answer.text("/refreshToken")),
            session: Some(answer.text("/session/id")),
            ..self.clone()
        }
    }

    /// This device with the tokens of somebody, which may have been got elsewhere.
    pub fn as_person(&self, other: &Self) -> Self {
        Self {
            http: self.http.clone(),
            base: self.base.clone(),
            ..other.clone()
        }
    }

    /// The handle; fails for who is not signed in.
    #[track_caller]
    pub fn handle(&self) -> &str {
        self.handle.as_deref().expect("signed in")
    }

    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }

    pub fn post(&self, path: &str, body: Value) -> Call {
        self.call("POST", path).json(&body)
    }

    pub fn put(&self, path: &str, body: Value) -> Call {
        self.call("PUT", path).json(&body)
    }

    pub fn patch(&self, path: &str, body: Value) -> Call {
        self.call("PATCH", path).json(&body)
    }

    /// A request with no body yet.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.http.request(verb, format!("{}{path}", self.base));
        if let Some(token) = &self.access {
            request = request.bearer_auth(token);
        }
        let who = self.handle.as_deref().unwrap_or("somebody");
        Call { request, told: format!("{method} {path} as {who}") }
    }
}

/// A request on its way; `.await` sends it.
#[must_use = "a call is sent when awaited"]
pub struct Call {
    request: reqwest::RequestBuilder,
    told: String,
}

impl Call {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// A body that need not be JSON.
    pub fn body(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.request = self.request.header("content-type", content_type).body(bytes.into());
        self
    }

    /// A form with files.
    pub fn form(mut self, form: reqwest::multipart::Form) -> Self {
        self.request = self.request.multipart(form);
        self
    }
}

impl IntoFuture for Call {
    type Output = Response;
    type IntoFuture = Pin<Box<dyn Future<Output = Response>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let told = self.told;
            let answer = self.request.send().await.unwrap_or_else(|fault| panic!("{told}: {fault:?}"));
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let bytes = answer.bytes().await.unwrap_or_else(|fault| panic!("{told}: {fault:?}")).to_vec();
            let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            let response = Response { told, status, headers, bytes, json };
            response.check();
            response
        })
    }
}

/// What came back. `answer["title"]` reads its JSON.
#[derive(Clone, Debug)]
pub struct Response {
    told: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The body as JSON; null where it is none.
    pub json: Value,
}

impl Response {
    /// This answer, where it has this status; else fails and shows it.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// This answer, where it is this problem.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.json["code"].as_str()), (status, Some(code)), "{self}");
        self
    }

    /// The faults of a 400, each `pointer code`, as `/title empty`; fails for other answers.
    #[track_caller]
    pub fn faults(self) -> Vec<String> {
        let faults = self.problem(400, "invalid");
        let list = faults.json["errors"].as_array().cloned().unwrap_or_default();
        let mut told: Vec<String> = list
            .iter()
            .map(|e| {
                format!("{} {}", e["pointer"].as_str().unwrap_or("?"), e["code"].as_str().unwrap_or("?"))
            })
            .collect();
        told.sort();
        told
    }

    /// A header; fails where there is none.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {self}"));
        value.to_str().expect("a header of letters")
    }

    /// A text in the JSON, by its pointer (`/session/id`); fails where there is none.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let value = self.json.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no text at {pointer} in {self}")).to_owned()
    }

    /// One member of each item of a list: `list.each("slug")`.
    #[track_caller]
    pub fn each(&self, member: &str) -> Vec<Value> {
        let items = self.json["items"].as_array().unwrap_or_else(|| panic!("no items in {self}"));
        items.iter().map(|item| item[member].clone()).collect()
    }

    /// The body as text.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn check(&self) {
        assert!(self.headers.contains_key("api-version"), "no API-Version: {self}");
        assert!(!self.body().contains("Unknown localization"), "a text is missing: {self}");
        assert_ne!(self.status, 500, "{self}");
        if self.status >= 400 && self.told.contains(" /v1") && !self.told.starts_with("HEAD ") {
            assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
            assert_eq!(self.json["status"], self.status, "{self}");
            for member in ["type", "title", "detail", "code"] {
                assert!(self.json[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {self}");
            }
        }
    }
}

impl Index<&str> for Response {
    type Output = Value;
    fn index(&self, member: &str) -> &Value {
        &self.json[member]
    }
}

impl std::fmt::Display for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} → {}", self.told, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {}", value.to_str().unwrap_or("…"))?;
        }
        match &self.json {
            Value::Null => f.write_str(&self.body()),
            json => write!(f, "{json:#}"),
        }
    }
}
