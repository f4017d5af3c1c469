//! What is asked, by whom: each connection is another member, reading in a network they belong to.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use diesel::prelude::*;
use kring::networks::NetworkId;
use kring::threads::ThreadId;
use kring_db::schema::{municipalities, networks, threads};
use kring_db::{Db, DbOptions};
use serde_json::{Value, json};

use crate::fill::{self, PASSWORD};
use crate::http::{Connection, request, upload};
use crate::load::Requests;

/// Every kind of request, in the order of measuring: those that write stand last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scene {
    Threads,
    ThreadsAnonymous,
    Thread,
    Home,
    Search,
    Reply,
    Adopt,
    SignIn,
}

impl Scene {
    pub const ALL: [Self; 8] = [
        Self::Threads,
        Self::ThreadsAnonymous,
        Self::Thread,
        Self::Home,
        Self::Search,
        Self::Reply,
        Self::Adopt,
        Self::SignIn,
    ];

    /// As the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Threads => "20 threads of a network, signed in",
            Self::ThreadsAnonymous => "20 threads of a network, anonymous",
            Self::Thread => "A thread with its 50 replies",
            Self::Home => "Home",
            Self::Search => "Search",
            Self::Reply => "Creating a reply",
            Self::Adopt => "Adopting a plan of 10 sections",
            Self::SignIn => "Sign-in",
        }
    }
}

/// The words that are searched for: whole ones, the beginning of one, two together.
const SEARCHES: [&str; 8] = [
    "toegankelijkheid",
    "perron",
    "stembureau",
    "rolst",
    "gebarentolk",
    "drempel%20winkel",
    "doventolk",
    "geleidelijn",
];

/// Who asks, and what there is to ask for.
pub struct Cast {
    members: Vec<Member>,
}

struct Member {
    handle: String,
    token: String,
    /// The slug of their network.
    network: String,
    /// Threads there with fifty replies.
    long: Vec<String>,
    /// Threads there to reply to.
    short: Vec<String>,
    /// A plan of theirs, for others to adopt.
    plan: String,
    /// Municipalities to adopt it for, each once.
    municipalities: Vec<String>,
}

impl Cast {
    /// Signs in as many members as there are `connections` and finds what they read.
    pub async fn gather(database_url: &str, address: SocketAddr, connections: usize) -> anyhow::Result<Self> {
        let db = Db::connect(database_url, &DbOptions { connections: 1, ..DbOptions::default() })?;
        let mut connection = Connection::open(address).await?;
        let mut members = Vec::with_capacity(connections);
        for number in 0..connections {
            let handle = fill::handle(number);
            let network = fill::slug(fill::network_of(number));
            let (long, short, codes) = db.read_blocking(|conn| {
                let id: NetworkId =
                    networks::table.filter(networks::slug.eq(&network)).select(networks::id).first(conn)?;
                let of_network = || {
                    threads::table
                        .filter(threads::network_id.eq(id).and(threads::deleted_at.is_null()))
                        .order(threads::id.desc())
                        .select(threads::id)
                };
                let long: Vec<ThreadId> =
                    of_network().filter(threads::reply_count.eq(50)).limit(8).load(conn)?;
                let short: Vec<ThreadId> =
                    of_network().filter(threads::reply_count.ne(50)).limit(400).load(conn)?;
                let codes: Vec<String> = municipalities::table
                    .filter(municipalities::country.eq("NL"))
                    .order(municipalities::code)
                    .select(municipalities::code)
                    .load(conn)?;
                Ok::<_, kring::error::Error>((long, short, codes))
            })?;
            ensure!(!long.is_empty() && !short.is_empty(), "the database was not filled by kring-bench");
            let token = sign_in(&mut connection, &handle).await?;
            let plan = plan(&mut connection, &token, &network).await?;
            let words = |ids: Vec<ThreadId>| ids.iter().map(ToString::to_string).collect();
            members.push(Member {
                handle,
                token,
                network,
                long: words(long),
                short: words(short),
                plan,
                municipalities: codes,
            });
        }
        Ok(Self { members })
    }

    /// What each connection asks.
    pub fn requests(&self, scene: Scene) -> Requests {
        self.members.iter().map(|member| member.requests(scene)).collect()
    }

    /// The first of them importing a DOCX.
    pub fn import(&self, docx: &[u8]) -> Vec<u8> {
        let member = &self.members[0];
        upload(&format!("/v1/networks/{}/document-imports", member.network), &member.token, "plan.docx", docx)
    }

    /// The same members asking for a constant body of `bytes`.
    pub fn constant(&self, bytes: usize) -> Requests {
        let path = format!("/constant/{bytes}");
        self.members
            .iter()
            .map(|member| vec![request("GET", &path, Some(&member.token), None)])
            .collect()
    }
}

impl Member {
    fn requests(&self, scene: Scene) -> Vec<Vec<u8>> {
        let token = Some(self.token.as_str());
        let list = format!("/v1/networks/{}/threads", self.network);
        match scene {
            Scene::Threads => vec![request("GET", &list, token, None)],
            Scene::ThreadsAnonymous => vec![request("GET", &list, None, None)],
            Scene::Thread => self
                .long
                .iter()
                .map(|id| request("GET", &format!("/v1/threads/{id}?include=replies,viewer"), token, None))
                .collect(),
            Scene::Home => vec![request("GET", "/v1/home", token, None)],
            Scene::Search => SEARCHES
                .iter()
                .map(|word| request("GET", &format!("/v1/search?query={word}"), token, None))
                .collect(),
            Scene::Reply => {
                let body = json!({ "body": "Dit herken ik. Bij ons staat de lift ook vaak stil, en niemand zegt het." });
                self.short
                    .iter()
                    .map(|id| request("POST", &format!("/v1/threads/{id}/replies"), token, Some(&body)))
                    .collect()
            }
            Scene::Adopt => self
                .municipalities
                .iter()
                .map(|code| {
                    let wish = json!({ "network": self.network, "municipality": code });
                    request("POST", &format!("/v1/documents/{}/adoptions", self.plan), token, Some(&wish))
                })
                .collect(),
            Scene::SignIn => vec![request("POST", "/v1/sessions", None, Some(&credentials(&self.handle)))],
        }
    }
}

fn credentials(handle: &str) -> Value {
    json!({ "login": handle, "password": PASSWORD })
}

async fn sign_in(connection: &mut Connection, handle: &str) -> anyhow::Result<String> {
    let answer =
        connection.exchange(&request("POST", "/v1/sessions", None, Some(&credentials(handle)))).await?;
    let told = String::from_utf8_lossy(answer.body).into_owned();
    ensure!(answer.status == 201, "{handle} cannot sign in: {told}");
    let answer: Value = serde_json::from_str(&told)?;
    let token = answer["accessToken"].as_str().context("a session without an access token")?;
    Ok(token.to_owned())
}

/// Brings a plan in, and says its id.
async fn plan(connection: &mut Connection, token: &str, network: &str) -> anyhow::Result<String> {
    let section = |number| {
        format!("## Stap {number}\n\n{}\n\n", "Wie erover gaat, doet mee en beslist mee. ".repeat(12))
    };
    let body: String = (1..=10).map(section).collect();
    let plan =
        json!({ "kind": "plan", "title": "Plan dat anderen overnemen", "body": body, "language": "nl" });
    let path = format!("/v1/networks/{network}/documents");
    let answer = connection.exchange(&request("POST", &path, Some(token), Some(&plan))).await?;
    let told = String::from_utf8_lossy(answer.body).into_owned();
    ensure!(answer.status == 201, "no plan can be brought in: {told}");
    let answer: Value = serde_json::from_str(&told)?;
    Ok(answer["id"].as_str().context("a document without id")?.to_owned())
}
