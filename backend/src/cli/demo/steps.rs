//! What happens between the two instances of `kring demo --federated`: by the API, as anybody could do it, each step
//! printed with its request. What an earlier start did is not done again.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::api::{Api, text};
use crate::config::Config;
use crate::demo;

/// The network of the first instance that becomes one of both.
const NETWORK: &str = "openbaar-vervoer";

const TITLE: &str = "Welke halte slaan jullie over, en waarom?";
const QUESTION: &str = "Bij mij is het de halte bij het ziekenhuis: de geleidelijn houdt op voor de fietsenrekken. Welke halte \
                        slaan jullie over? Ook van buiten Utrecht hoor ik het graag.";
const ANSWER: &str = "In Leiden: het busstation, perron C. Met mijn rolstoel kom ik de rand niet over. Ik lees hier mee vanaf \
                      de Kring van Leiden, dat gaat goed.";

/// How long the instances may take for what they do by themselves.
const PATIENCE: Duration = Duration::from_secs(60);

/// Does what is not done yet, and prints where it is seen.
pub async fn tell(first: &Config, second: &Config) -> anyhow::Result<()> {
    say(&beginning(first, second));
    let story = Story::begin(first, second).await?;
    story.open().await?;
    let there = format!("/v1/networks/{NETWORK}@{}", first.host());
    story.join(&there).await?;
    let asked = story.ask(&there).await?;
    story.answer(&asked).await?;
    story.show(&asked).await?;
    say(&end(first, second, &asked));
    Ok(())
}

/// One conversation, as it is on each instance.
struct Asked {
    first: String,
    second: String,
}

/// Whom it is about.
struct Story {
    admins: [Api; 2],
    anna: Api,
    eva: Api,
}

impl Story {
    async fn begin(first: &Config, second: &Config) -> anyhow::Result<Self> {
        let (first, second) = (first.public(""), second.public(""));
        Ok(Self {
            admins: [Api::sign_in(&first, "beheer").await?, Api::sign_in(&second, "beheer").await?],
            anna: Api::sign_in(&first, "anna").await?,
            eva: Api::sign_in(&second, "eva").await?,
        })
    }

    /// Nothing leaves before an admin of each instance, and a coordinator of the network, chose so.
    async fn open(&self) -> anyhow::Result<()> {
        say("1. The administrators of both open their instance to others.\n");
        for admin in &self.admins {
            let open = json!({ "reach": "open" });
            let chosen = admin.get("/v1/federation").await?;
            let done = chosen.is_some_and(|chosen| text(&chosen, "/reach") == "open");
            once(done, admin, Method::PUT, "/v1/federation", &open).await?;
        }
        say("\n2. Anna, who coordinates a network of the first, opens that too.\n");
        let path = format!("/v1/networks/{NETWORK}");
        let network = self.anna.get(&path).await?;
        let done = network.is_some_and(|network| text(&network, "/federation") == "open");
        once(done, &self.anna, Method::PATCH, &path, &json!({ "federation": "open" })).await
    }

    /// Eva belongs to the second instance. The home of the network lets her in, and what was said before comes along.
    async fn join(&self, there: &str) -> anyhow::Result<()> {
        say("\n3. Eva, a member of the second instance, joins it there by its name.\n");
        let (eva, mine) = (&self.eva, format!("{there}/memberships/eva"));
        let done = eva.get(&mine).await?.is_some();
        once(done, eva, Method::POST, &format!("{there}/memberships"), &json!({})).await?;
        until("the first instance lets Eva in", async || {
            let membership = eva.get(&mine).await?;
            Ok(membership.filter(|membership| text(membership, "/state") == "active"))
        })
        .await?;
        let threads = format!("{there}/threads?limit=100");
        let at_home = self.anna.items(&format!("/v1/networks/{NETWORK}/threads?limit=100")).await?.len();
        let wanted = if done { 1 } else { at_home };
        let came = until("earlier conversations come along", async || {
            Ok(Some(eva.items(&threads).await?).filter(|threads| threads.len() >= wanted))
        })
        .await?;
        let count = came.len();
        say(&format!(
            "   She is in, and reads {count} conversations: {}{}\n",
            eva.base,
            there.trim_start_matches("/v1")
        ));
        Ok(())
    }

    /// What is written at home is read elsewhere.
    async fn ask(&self, there: &str) -> anyhow::Result<Asked> {
        say("\n4. Anna starts a conversation on the first instance.\n");
        let (anna, eva) = (&self.anna, &self.eva);
        let path = format!("/v1/networks/{NETWORK}/threads");
        let titled = |threads: Vec<Value>| threads.into_iter().find(|thread| text(thread, "/title") == TITLE);
        let mut thread = titled(anna.items(&format!("{path}?limit=100")).await?);
        if thread.is_none() {
            let question = json!({ "title": TITLE, "body": QUESTION });
            thread = Some(done(anna, Method::POST, &path, &question).await?);
        } else {
            say(BEFORE);
        }
        let first = thread.as_ref().map(|thread| text(thread, "/id").to_owned()).unwrap_or_default();
        let listed = format!("{there}/threads?limit=100");
        let copy = until("the conversation arrives on the second instance", async || {
            Ok(titled(eva.items(&listed).await?))
        })
        .await?;
        let second = text(&copy, "/id").to_owned();
        say(&format!("   {}/threads/{first}\n   It arrived: {}/threads/{second}\n", anna.base, eva.base));
        Ok(Asked { first, second })
    }

    /// What is written elsewhere is read at home.
    async fn answer(&self, asked: &Asked) -> anyhow::Result<()> {
        say("\n5. Eva replies on the second instance.\n");
        let (anna, eva) = (&self.anna, &self.eva);
        let said = |replies: Vec<Value>| replies.into_iter().find(|reply| text(reply, "/body") == ANSWER);
        let path = format!("/v1/threads/{}/replies", asked.second);
        let there = said(eva.items(&path).await?).is_some();
        once(there, eva, Method::POST, &path, &json!({ "body": ANSWER })).await?;
        let path = format!("/v1/threads/{}/replies", asked.first);
        until("the reply arrives on the first instance", async || Ok(said(anna.items(&path).await?))).await?;
        say(&format!("   It arrived: {}/threads/{}\n", anna.base, asked.first));
        Ok(())
    }

    /// The same conversation, as each instance shows it to anybody.
    async fn show(&self, asked: &Asked) -> anyhow::Result<()> {
        say("\nBoth show it:\n");
        for (who, id) in [(&self.anna, &asked.first), (&self.eva, &asked.second)] {
            say(&format!("\n   {}/threads/{id}\n", who.base));
            let thread = who.get(&format!("/v1/threads/{id}")).await?.context("the conversation is gone")?;
            let replies = who.items(&format!("/v1/threads/{id}/replies")).await?;
            for post in std::iter::once(&thread).chain(&replies) {
                let (author, body) = (text(post, "/author/handle"), text(post, "/body"));
                say(&format!("      @{author}: {body}\n"));
            }
        }
        Ok(())
    }
}

const BEFORE: &str = "   (done at an earlier start)\n";

/// Changes something and prints how, where it is not done yet.
async fn once(is_done: bool, who: &Api, method: Method, path: &str, body: &Value) -> anyhow::Result<()> {
    match is_done {
        true => say(BEFORE),
        false => drop(done(who, method, path, body).await?),
    }
    Ok(())
}

/// Changes something and prints how.
async fn done(who: &Api, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
    let answer = who.send(method.clone(), path, body).await?;
    say(&format!("   {method} {}{path}, as {}\n      {body}\n", who.base, who.handle));
    Ok(answer)
}

/// Waits for what the instances do by themselves.
async fn until<T>(what: &str, look: impl AsyncFn() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let looking = async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, looking).await;
    waited.with_context(|| format!("waited {} seconds in vain: {what}", PATIENCE.as_secs()))?
}

/// Prints at once. Whoever reads may be gone (`kring demo | head`): that is no reason to stop serving.
fn say(text: &str) {
    let mut out = std::io::stdout();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

fn beginning(first: &Config, second: &Config) -> String {
    format!(
        "\nTwo instances of Kring are running, which know nothing of each other but their addresses:\n\n\
         \x20  first    {}   {}, the networks of the demo\n\
         \x20  second   {}   {}, a few people in Leiden\n\n",
        first.public("/"),
        first.instance_name,
        second.public("/"),
        second.instance_name,
    )
}

/// How a script reads it, who to be, and how to stop.
fn end(first: &Config, second: &Config, asked: &Asked) -> String {
    let (one, other) = (first.public(""), second.public(""));
    format!(
        "\nA script reads the same:\n\n\
         \x20  curl -s {one}/v1/threads/{on_first}/replies\n\
         \x20  curl -s {other}/v1/threads/{on_second}/replies\n\n\
         Sign in (POST /v1/sessions) with the password {password} as anna on the first, eva on the second, beheer on \
         both:\n\n\
         \x20  curl -s {other}/v1/sessions -H 'content-type: application/json' \\\n\
         \x20    -d '{{\"login\": \"eva\", \"password\": \"{password}\"}}'\n\n\
         Read the APIs at {one}/docs and {other}/docs, the mails at {one}/dev/mail and {other}/dev/mail.\n\
         FEDERATION.md tells what goes over the wire.\n\n\
         The data is in {data}; without it both begin anew. Ctrl-C stops both.\n\n",
        on_first = asked.first,
        on_second = asked.second,
        password = demo::PASSWORD,
        data = first.data.parent().unwrap_or(&first.data).display(),
    )
}
