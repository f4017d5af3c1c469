//! A client of HTTP/1.1 that does as little as it can: on a machine of two cores what the client costs is taken
//! from the server. One request at a time over one connection that stays open; bodies come with their length.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// An answer, as long as the next one is not asked for.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server does not answer")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a whole request (see [`request`]) and reads the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request).await.context("the server hung up")?;
        self.received.clear();
        let mut looked_at = 0;
        let head = loop {
            self.more().await?;
            if let Some(end) = find(&self.received[looked_at..], b"\r\n\r\n") {
                break looked_at + end + 4;
            }
            // The end of the head may be cut anywhere.
            looked_at = self.received.len().saturating_sub(3);
        };
        let (status, length) = read_head(&self.received[..head])?;
        while self.received.len() < head + length {
            self.more().await?;
        }
        ensure!(self.received.len() == head + length, "the server sent more than its answer");
        Ok(Answer { status, body: &self.received[head..] })
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        self.received.reserve(16 * 1024);
        match self.stream.read_buf(&mut self.received).await.context("the server hung up")? {
            0 => bail!("the server hung up in the middle of an answer"),
            _ => Ok(()),
        }
    }
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> anyhow::Result<(u16, usize)> {
    let head = std::str::from_utf8(head).context("the head of an answer is no text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok());
    match (status, length) {
        (Some(status), Some(length)) => Ok((status, length)),
        (Some(204 | 304), None) => bail!("answers without a body are not measured"),
        _ => bail!("an answer without status or Content-Length: {head:?}"),
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The bytes of a request: as somebody with `token`, with a JSON `body`.
pub fn request(method: &str, path: &str, token: Option<&str>, body: Option<&serde_json::Value>) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: nl\r\n");
    if let Some(token) = token {
        head.push_str(&format!("Authorization: Bearer {token}\r\n"));
    }
    match body {
        None => head.push_str("\r\n"),
        Some(body) => {
            let body = body.to_string();
            head.push_str(&format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ));
        }
    }
    head.into_bytes()
}

/// The bytes of a request that brings a file, as a form (RFC 7578).
pub fn upload(path: &str, token: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    const BOUNDARY: &str = "kring-bench-0123456789";
    let begin = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: \
         application/octet-stream\r\n\r\n"
    );
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    let length = begin.len() + bytes.len() + end.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: nl\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n{begin}"
    );
    [head.as_bytes(), bytes, end.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_answer_tells_status_and_length() {
        let head = b"HTTP/1.1 201 Created\r\nx: y\r\nCONTENT-LENGTH: 17\r\n\r\n";
        assert_eq!(read_head(head).expect("read"), (201, 17));
        assert!(read_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn a_request_carries_its_token_and_body() {
        let body = serde_json::json!({ "a": 1 });
        let sent = request("POST", "/v1/x", Some("t"), Some(&body));
        let sent = String::from_utf8(sent).expect("text");
        assert!(sent.starts_with("POST /v1/x HTTP/1.1\r\n") && sent.ends_with("\r\n\r\n{\"a\":1}"));
        assert!(sent.contains("Bearer t\r\n") && sent.contains("Content-Length: 7\r\n"));
    }
}
