//! A real SMTP server in the test process. One serves all tests; each has a box of its own, told apart by the
//! address that its Kring sends from.
//!
//! Every mail is held against what holds for all of them: a text and an HTML part, a language, no answer wanted
//! from machines, and no text that is missing in its language.

use std::collections::HashMap;
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mail_parser::MessageParser;
use mailin_embedded::{Handler, Response, Server, response};

use super::database::number;

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Whom the envelope named.
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The message, RFC 5322.
    pub raw: String,
}

impl Mail {
    /// The value of a header; fails where there is none.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        self.maybe_header(name).unwrap_or_else(|| panic!("no {name} in the mail:\n{}", self.raw))
    }

    /// The value of a header, unfolded.
    pub fn maybe_header(&self, name: &str) -> Option<String> {
        let parsed = MessageParser::default().parse(self.raw.as_bytes())?;
        Some(parsed.header_raw(name.to_owned())?.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The secret that the mail brings: the one long URL-safe word that stands whole in both parts.
    #[track_caller]
    pub fn word(&self) -> String {
        let in_text = words(&self.text);
        let in_html = words(&self.html);
        let found: Vec<&String> = in_text.iter().filter(|word| in_html.contains(word)).collect();
        match found.as_slice() {
            [word] => (*word).clone(),
            _ => panic!("the mail holds {} secrets in both its parts:\n{}", found.len(), self.raw),
        }
    }

    /// The first link of the text part.
    #[track_caller]
    pub fn link(&self) -> String {
        let link = self.text.split_whitespace().find(|word| word.starts_with("http"));
        link.unwrap_or_else(|| panic!("no link in the mail:\n{}", self.text)).to_owned()
    }
}

/// URL-safe words of 32 letters and more, each once.
fn words(part: &str) -> Vec<String> {
    let pieces = part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let mut words: Vec<String> = pieces.filter(|word| word.len() >= 32).map(str::to_owned).collect();
    words.sort();
    words.dedup();
    words
}

/// What the server answers to a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    #[default]
    Take,
    RefuseForNow,
    RefuseForGood,
}

/// What arrived for one Kring. Cheap to clone.
#[derive(Clone)]
pub struct Mailbox {
    /// Whom its Kring sends as (`mail_from`).
    pub sender: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    received: Vec<Mail>,
    /// How many of `received`, by recipient, a test has taken.
    taken: HashMap<String, usize>,
    verdict: Verdict,
    /// How long the server takes over each mail.
    pace: Duration,
}

impl Mailbox {
    /// A new, empty box.
    pub fn open() -> Self {
        let sender = format!("kring@box{}.example.org", number());
        let state = Arc::new(Mutex::new(State::default()));
        lock(&ROOM.boxes).insert(sender.clone(), state.clone());
        Self { sender, state }
    }

    /// Where to send to (`mail_url`).
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", ROOM.port)
    }

    /// Everything that arrived, oldest first.
    pub fn all(&self) -> Vec<Mail> {
        lock(&self.state).received.clone()
    }

    /// Everything that arrived for `address`, oldest first.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        self.all().into_iter().filter(|mail| mail.to == address).collect()
    }

    /// The oldest mail to `address` that was not taken yet.
    pub fn take(&self, address: &str) -> Option<Mail> {
        let arrived = self.to(address);
        let mut state = lock(&self.state);
        let taken = state.taken.entry(address.to_owned()).or_default();
        let next = arrived.into_iter().nth(*taken)?;
        *taken += 1;
        Some(next)
    }

    /// Has the server take so long over each mail, half of it before the mail has arrived and half after; and so long
    /// before it refuses one.
    pub fn pace(&self, pace: Duration) {
        lock(&self.state).pace = pace;
    }

    /// What the server answers from now on.
    pub fn answer(&self, verdict: Verdict) {
        lock(&self.state).verdict = verdict;
    }
}

struct Room {
    port: u16,
    boxes: Mutex<HashMap<String, Arc<Mutex<State>>>>,
}

static ROOM: LazyLock<Room> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut server = Server::new(Clerk::default());
        server.with_name("mail.example.org").with_num_threads(32).with_tcp_listener(listener);
        server.serve().unwrap();
    });
    Room { port, boxes: Mutex::default() }
});

/// Takes one message after another from one connection.
#[derive(Clone, Default)]
struct Clerk {
    from: String,
    to: Vec<String>,
    message: Vec<u8>,
}

impl Handler for Clerk {
    // Refused here and not after the message: mailin would take what follows a refusal there for more of it.
    fn data_start(&mut self, _: &str, from: &str, _: bool, to: &[String]) -> Response {
        (self.from, self.to) = (bare(from), to.iter().map(|to| bare(to)).collect());
        self.message.clear();
        let (verdict, pace) = match self.state() {
            Some(state) => {
                let state = lock(&state);
                (Some(state.verdict), state.pace)
            }
            None => (None, Duration::ZERO),
        };
        if verdict != Some(Verdict::Take) {
            std::thread::sleep(pace);
        }
        match verdict {
            Some(Verdict::Take) => response::OK,
            Some(Verdict::RefuseForNow) => response::OUT_OF_SPACE,
            Some(Verdict::RefuseForGood) => response::TRANSACTION_FAILED,
            None => response::NO_MAILBOX,
        }
    }

    fn data(&mut self, piece: &[u8]) -> io::Result<()> {
        self.message.extend_from_slice(piece);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let raw = String::from_utf8_lossy(&self.message).into_owned();
        if let Some(state) = self.state() {
            let half = lock(&state).pace / 2;
            std::thread::sleep(half);
            lock(&state).received.extend(self.to.iter().map(|to| read(to, &raw)));
            std::thread::sleep(half);
        }
        response::OK
    }
}

impl Clerk {
    /// The box of who sends.
    fn state(&self) -> Option<Arc<Mutex<State>>> {
        lock(&ROOM.boxes).get(&self.from).cloned()
    }
}

fn bare(address: &str) -> String {
    address.trim_matches(['<', '>']).to_owned()
}

fn read(to: &str, raw: &str) -> Mail {
    let parsed = MessageParser::default().parse(raw.as_bytes());
    let parsed = parsed.as_ref();
    let part = |part: Option<std::borrow::Cow<'_, str>>| part.unwrap_or_default().replace("\r\n", "\n");
    Mail {
        to: to.to_owned(),
        subject: parsed.and_then(|mail| mail.subject()).unwrap_or_default().to_owned(),
        text: part(parsed.and_then(|mail| mail.body_text(0))),
        html: part(parsed.and_then(|mail| mail.body_html(0))),
        raw: raw.to_owned(),
    }
}

/// Fails where a mail breaks what holds for all of them.
pub fn check(mail: &Mail) {
    let told = |what: &str| panic!("a mail {what}:\n{}", mail.raw);
    let parsed = MessageParser::default().parse(mail.raw.as_bytes());
    let Some(parsed) = parsed else { return told("cannot be read") };
    if parsed.text_body_count() != 1 || parsed.html_body_count() != 1 || mail.text.trim().is_empty() {
        told("lacks its text or its HTML part");
    }
    if mail.text.contains('<') && mail.text.contains("</") {
        told("has HTML in its text part");
    }
    if !matches!(mail.maybe_header("Content-Language").as_deref(), Some("nl" | "en")) {
        told("names no language");
    }
    if mail.maybe_header("Auto-Submitted").as_deref() != Some("auto-generated") {
        told("may be answered by machines");
    }
    if mail.raw.contains("Unknown localization") || mail.text.contains("Unknown localization") {
        told("has a text that is missing");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
