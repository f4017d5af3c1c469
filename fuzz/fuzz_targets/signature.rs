//! The headers of a request that somebody signed, whatever stands in them: one a line, `name: value`; behind an empty
//! line the body.

#![no_main]

use std::time::{Duration, SystemTime};

use kring_activitypub::keys::PublicKey;
use kring_activitypub::signature::{Claim, Headers, Request};
use libfuzzer_sys::fuzz_target;
use url::Url;

/// The moment at which it comes, which the seeds are of.
const NOW: Duration = Duration::from_secs(1_618_884_473);

fn read(method: &str, text: &str, body: &[u8]) {
    let Ok(url) = Url::parse("https://kring.example/inbox?a=b") else { return };
    let mut headers = Headers::default();
    headers.insert("host", "kring.example");
    for line in text.lines() {
        if let Some((name, value)) = line.split_once(": ") {
            headers.insert(name, value);
        }
    }
    let request = Request { method, url: &url, headers: &headers, body };
    let claim = Claim::of(&request, SystemTime::UNIX_EPOCH + NOW);
    let key = PublicKey::from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
    if let (Ok(claim), Ok(key)) = (claim, key) {
        // Nobody has the key to it.
        assert!(claim.proves(&key).is_err(), "{text}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((bytes, &bytes[..0]), |end| (&bytes[..end], &bytes[end + 2..]));
    let text = String::from_utf8_lossy(head);
    read("POST", &text, body);
    read("GET", &text, b"");
});
