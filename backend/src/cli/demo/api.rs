//! Speaking to an instance as a script would: by its API alone.

use anyhow::{Context as _, bail};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::demo;

/// Somebody who speaks to an instance.
pub struct Api {
    http: reqwest::Client,
    /// The address of the instance, without a slash behind it.
    pub base: String,
    /// Who it is.
    pub handle: &'static str,
    token: String,
}

impl Api {
    /// Somebody of the demo, signed in.
    pub async fn sign_in(base: &str, handle: &'static str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let mut api = Self { http, base: base.to_owned(), handle, token: String::new() };
        let word = json!({ "login": handle, "password": demo::PASSWORD });
        let session = api.send(Method::POST, "/v1/sessions", &word).await?;
        api.token = text(&session, "/accessToken").to_owned();
        Ok(api)
    }

    /// What is at an address; `None` where there is nothing.
    pub async fn get(&self, path: &str) -> anyhow::Result<Option<Value>> {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token);
        let answer = request.send().await.with_context(|| format!("GET {}{path}", self.base))?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => Ok(Some(answer.json().await?)),
            status => bail!("GET {}{path} was answered with {status}: {}", self.base, answer.text().await?),
        }
    }

    /// The items of the first page of a list.
    pub async fn items(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let page = self.get(path).await?.unwrap_or_default();
        Ok(page.pointer("/items").and_then(Value::as_array).cloned().unwrap_or_default())
    }

    /// Changes something, whatever it was before.
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
        let address = format!("{}{path}", self.base);
        let mut request = self.http.request(method.clone(), &address).json(body);
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if matches!(method, Method::PATCH) {
            request = request.header("if-match", "*");
        }
        let answer = request.send().await.with_context(|| format!("{method} {address}"))?;
        let status = answer.status();
        let told = answer.text().await?;
        if !status.is_success() {
            bail!("{method} {address} was answered with {status}: {told}");
        }
        serde_json::from_str(&told).with_context(|| format!("{method} {address} was answered with {told:?}"))
    }
}

/// A text in an answer; empty where it has none there.
pub fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
