#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A server that answers each connection with the next of `answers`, and a fetcher that reaches it.
async fn serves(answers: Vec<Vec<u8>>) -> (Url, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let asked = count.clone();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            asked.fetch_add(1, Ordering::SeqCst);
            let mut heard = [0; 4096];
            let _ = stream.read(&mut heard).await;
            let _ = stream.write_all(&answer).await;
        }
    });
    (Url::parse(&format!("http://{address}/object")).unwrap(), count)
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn fetcher(reach: Reach, names: impl Names) -> Fetcher {
    Fetcher::new("kring-test".to_owned(), reach, Arc::new(names))
}

fn unsigned(_: &Url) -> Option<Headers> {
    Some(Headers::default())
}

async fn get(url: &Url) -> Result<Answer, Failure> {
    fetcher(Reach::Development, SystemNames).get(url, Wanted::Activity, &unsigned).await
}

const KIND: &str = "200 OK\r\nContent-Type: application/activity+json";

#[tokio::test]
async fn an_object_is_fetched_and_what_is_not_one_is_refused() {
    let (url, _) = serves(vec![answer(KIND, b"{}")]).await;
    assert_eq!(get(&url).await.unwrap().body, b"{}");
    for (given, failure) in [
        (answer("200 OK\r\nContent-Type: text/html", b"{}"), Failure::OtherKind),
        (answer("200 OK", b"{}"), Failure::OtherKind),
        (answer("404 Not Found", b"{}"), Failure::Status(404)),
        (answer(&format!("{KIND}\r\nContent-Encoding: gzip"), &[31, 139]), Failure::OtherKind),
        (answer(KIND, &vec![b' '; MOST + 1]), Failure::TooLarge),
    ] {
        let (url, _) = serves(vec![given]).await;
        assert_eq!(get(&url).await.unwrap_err(), failure);
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_cut_off() {
    let endless =
        [format!("HTTP/1.1 {KIND}\r\nConnection: close\r\n\r\n").into_bytes(), vec![b' '; MOST * 2]].concat();
    let (url, _) = serves(vec![endless]).await;
    assert_eq!(get(&url).await.unwrap_err(), Failure::TooLarge);
}

#[tokio::test]
async fn one_redirect_is_followed_and_signed_anew_a_second_is_not() {
    let (url, _) = serves(vec![answer("302 Found\r\nLocation: /other", b""), answer(KIND, b"{}")]).await;
    let signed = std::sync::Mutex::new(Vec::new());
    let sign = |url: &Url| {
        signed.lock().unwrap().push(url.path().to_owned());
        Some(Headers::default())
    };
    let found = fetcher(Reach::Development, SystemNames).get(&url, Wanted::Activity, &sign).await.unwrap();
    assert_eq!(found.url.path(), "/other");
    assert_eq!(*signed.lock().unwrap(), ["/object", "/other"]);
    let twice = vec![answer("302 Found\r\nLocation: /a", b""), answer("302 Found\r\nLocation: /b", b"")];
    let (url, count) = serves(twice).await;
    assert_eq!(get(&url).await.unwrap_err(), Failure::Status(302));
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[test]
fn only_https_to_a_name_without_port_is_asked() {
    for (address, fine) in [
        ("https://a.example/x", true),
        ("https://a.example:443/x", true),
        ("http://a.example/x", false),
        ("https://a.example:8443/x", false),
        ("https://ann:secret@a.example/x", false),
        ("https://127.0.0.1/x", false),
        ("https://[::1]/x", false),
        ("https://2130706433/x", false),
        ("https://0x7f.1/x", false),
        ("https://localhost/x", false),
        ("https://localhost./x", false),
        ("file:///etc/passwd", false),
        ("data:text/plain,x", false),
    ] {
        assert_eq!(allowed(&Url::parse(address).unwrap(), Reach::Public).is_ok(), fine, "{address}");
    }
    assert!(allowed(&Url::parse("file:///etc/passwd").unwrap(), Reach::Development).is_err());
}

/// Answers each time with the next address.
struct Rebinding(Vec<IpAddr>, AtomicUsize);

impl Names for Rebinding {
    fn look_up(&self, _: &str) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        let at = self.1.fetch_add(1, Ordering::SeqCst);
        let address = self.0[at.min(self.0.len() - 1)];
        Box::pin(async move { Ok(vec![address]) })
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_asked_however_it_answered_before() {
    let url = Url::parse("https://rebinding.example/x").unwrap();
    for inside in ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1"] {
        let names = Rebinding(vec![inside.parse().unwrap()], AtomicUsize::new(0));
        let found = fetcher(Reach::Public, names).get(&url, Wanted::Activity, &unsigned).await;
        assert_eq!(found.unwrap_err(), Failure::Forbidden(NOT_PUBLIC), "{inside}");
    }
}

#[tokio::test]
async fn a_redirect_inside_is_not_followed() {
    let (url, count) = serves(vec![answer("302 Found\r\nLocation: ftp://a.example/x", b"")]).await;
    assert_eq!(get(&url).await.unwrap_err(), Failure::Forbidden("it is not of the web"));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    // No server of a test has a public address. So it is asked as in development, and what it answers is followed by the
    // rules for everybody else.
    let inside = |address: &str| Rebinding(vec![address.parse().unwrap()], AtomicUsize::new(0));
    let (secret, reached) = serves(vec![answer(KIND, b"{}")]).await;
    let port = secret.port().unwrap();
    for (to, leads, why) in [
        (secret.as_str().to_owned(), "127.0.0.1", "it is not https"),
        (format!("https://127.0.0.1:{port}/"), "127.0.0.1", "it names a port"),
        ("https://127.0.0.1/".to_owned(), "127.0.0.1", "it has a number in place of a name"),
        ("https://[::ffff:10.0.0.1]/".to_owned(), "127.0.0.1", "it has a number in place of a name"),
        ("https://localhost/".to_owned(), "127.0.0.1", "its name is one of a local network"),
        ("https://inside.example/".to_owned(), "127.0.0.1", NOT_PUBLIC),
        ("https://inside.example/".to_owned(), "169.254.169.254", NOT_PUBLIC),
        ("//inside.example/".to_owned(), "fd00::1", "it is not https"),
    ] {
        let (url, _) = serves(vec![answer(&format!("302 Found\r\nLocation: {to}"), b"")]).await;
        let first = fetcher(Reach::Development, SystemNames);
        let first = first.ask(&url, Wanted::Activity, &unsigned).await.unwrap();
        let public = fetcher(Reach::Public, inside(leads));
        let followed = public.follow(url, first, Wanted::Activity, &unsigned).await;
        assert_eq!(followed.unwrap_err(), Failure::Forbidden(why), "{to}");
    }
    assert_eq!(reached.load(Ordering::SeqCst), 0);
}

#[test]
fn an_object_says_that_it_is_one() {
    for (kind, fine) in [
        ("application/activity+json", true),
        ("application/activity+json; charset=utf-8", true),
        ("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", true),
        (
            "application/ld+json;profile=\"https://a.example https://www.w3.org/ns/activitystreams\"; charset=utf-8",
            true,
        ),
        ("application/ld+json", false),
        ("application/json", false),
        ("text/html; profile=\"https://www.w3.org/ns/activitystreams\"", false),
    ] {
        assert_eq!(is_wanted(kind, Wanted::Activity), fine, "{kind}");
    }
}
