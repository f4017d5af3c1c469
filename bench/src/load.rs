//! Load: every connection asks, waits for the answer, and asks again, until the time is over.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::http::Connection;

/// This part of the time goes before it, and what is answered then is not counted: caches and connections get warm.
const WARM_UP: u32 = 8;

/// No answer takes longer, or the load ends with an error.
const PATIENCE: Duration = Duration::from_secs(30);

/// What each connection asks, over and over; as many lists as connections.
pub type Requests = Vec<Vec<Vec<u8>>>;

/// What a load came to.
#[derive(Debug, Default)]
pub struct Load {
    /// Of every counted answer with a status of 2xx: how long it took, in nanoseconds, in no order.
    pub times: Vec<u64>,
    /// All answers, those before counting began included.
    pub answers: u64,
    /// Bytes of the counted bodies.
    pub bytes: u64,
    /// How long it was counted.
    pub span: Duration,
    /// Other answers, those before counting began included.
    pub errors: u64,
    /// The first of them.
    pub first_error: Option<String>,
}

/// Loads the server at `address` for `span`, after warming up.
pub async fn load(address: SocketAddr, requests: Requests, span: Duration) -> anyhow::Result<Load> {
    let from = Instant::now() + span / WARM_UP;
    let until = from + span;
    let loops: Vec<_> = requests
        .into_iter()
        .map(|list| tokio::spawn(one_connection(address, Arc::new(list), from, until)))
        .collect();
    let mut sum = Load { span, ..Load::default() };
    for one in loops {
        let one = one.await.context("a connection panicked")??;
        sum.times.extend(one.times);
        sum.answers += one.answers;
        sum.bytes += one.bytes;
        sum.errors += one.errors;
        sum.first_error = sum.first_error.or(one.first_error);
    }
    Ok(sum)
}

async fn one_connection(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    from: Instant,
    until: Instant,
) -> anyhow::Result<Load> {
    let mut connection = Connection::open(address).await?;
    let mut sum = Load::default();
    for request in requests.iter().cycle() {
        let asked = Instant::now();
        if asked >= until {
            break;
        }
        let Ok(answer) = tokio::time::timeout(PATIENCE, connection.exchange(request)).await else {
            bail!("no answer within {} seconds", PATIENCE.as_secs());
        };
        let answer = answer?;
        let answered = Instant::now();
        sum.answers += 1;
        if !(200..300).contains(&answer.status) {
            sum.errors += 1;
            let told = String::from_utf8_lossy(&answer.body[..answer.body.len().min(400)]);
            sum.first_error.get_or_insert_with(|| format!("{}: {told}", answer.status));
        } else if answered >= from && answered <= until {
            sum.times.push((answered - asked).as_nanos() as u64);
            sum.bytes += answer.body.len() as u64;
        }
    }
    Ok(sum)
}
