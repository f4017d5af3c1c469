//! A thousand instances beside Kring, in a process of its own: each at an address of loopback, each answering after a
//! while, some of them dead. They keep when what came.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// `kring-bench neighbours`.
#[derive(clap::Args)]
pub struct Serve {
    #[arg(long)]
    count: usize,
    #[arg(long)]
    latency_ms: u64,
    /// So many of a hundred are dead: every other one refuses, the others take a connection and say nothing.
    #[arg(long)]
    dead: usize,
}

/// What came to the living, since they were told to begin.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Heard {
    /// How many deliveries were answered.
    pub deliveries: usize,
    /// How many of the living got anything, and when the last of them got its first, in milliseconds.
    pub reached: usize,
    pub last_reached_ms: f64,
    /// When the last was answered.
    pub last_ms: f64,
}

/// The moments at which deliveries were answered, by neighbour.
struct Book {
    begun: Instant,
    answered: Vec<Vec<Duration>>,
}

/// Is this one dead?
pub fn is_dead(number: usize, dead: usize) -> bool {
    // Spread evenly.
    (number + 1) * dead / 100 > number * dead / 100
}

impl Serve {
    /// Listens, writes the addresses on standard output, and answers `begin` and `heard` from standard input until that
    /// closes.
    pub fn run(self) -> anyhow::Result<()> {
        kring::cli::allow_many_connections();
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(self.serve())
    }

    async fn serve(self) -> anyhow::Result<()> {
        let book = Arc::new(Mutex::new(Book {
            begun: Instant::now(),
            answered: vec![Vec::new(); self.count],
        }));
        let latency = Duration::from_millis(self.latency_ms);
        let mut addresses = Vec::with_capacity(self.count);
        for number in 0..self.count {
            // Loopback is a network of 16 million addresses.
            let [.., high, low] = (number as u32 + 1).to_be_bytes();
            let listener = TcpListener::bind((Ipv4Addr::new(127, 1, high, low), 0))?;
            addresses.push(listener.local_addr()?.to_string());
            let dead = is_dead(number, self.dead);
            if dead && number / 20 % 2 == 0 {
                continue;
            }
            listener.set_nonblocking(true)?;
            let (listener, book) = (tokio::net::TcpListener::from_std(listener)?, book.clone());
            tokio::spawn(async move {
                let mut silent = Vec::new();
                while let Ok((stream, _)) = listener.accept().await {
                    match dead {
                        true => silent.push(stream),
                        false => drop(tokio::spawn(answer(stream, number, latency, book.clone()))),
                    }
                }
            });
        }
        println!("{}", serde_json::to_string(&addresses)?);
        std::io::stdout().flush()?;
        let (send, mut orders) = tokio::sync::mpsc::channel(1);
        std::thread::spawn(move || {
            // Ends when the process that started this one lets go.
            for order in std::io::stdin().lines().map_while(Result::ok) {
                if send.blocking_send(order).is_err() {
                    return;
                }
            }
        });
        while let Some(order) = orders.recv().await {
            if order == "begin" {
                let mut book = book.lock().map_err(|_| anyhow::anyhow!("a neighbour panicked"))?;
                book.begun = Instant::now();
                book.answered.iter_mut().for_each(Vec::clear);
            }
            println!("{}", serde_json::to_string(&heard(&book)?)?);
            std::io::stdout().flush()?;
        }
        Ok(())
    }
}

fn heard(book: &Mutex<Book>) -> anyhow::Result<Heard> {
    let book = book.lock().map_err(|_| anyhow::anyhow!("a neighbour panicked"))?;
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
    Ok(Heard {
        deliveries: book.answered.iter().map(Vec::len).sum(),
        reached: book.answered.iter().filter(|its| !its.is_empty()).count(),
        last_reached_ms: ms(book.answered.iter().filter_map(|its| its.first()).max()),
        last_ms: ms(book.answered.iter().flatten().max()),
    })
}

/// Answers every request of a connection with 202, after the latency.
async fn answer(mut stream: TcpStream, number: usize, latency: Duration, book: Arc<Mutex<Book>>) {
    let mut received = Vec::new();
    loop {
        let Some(end) = received.windows(4).position(|it| it == b"\r\n\r\n").map(|at| at + 4) else {
            match stream.read_buf(&mut received).await {
                Ok(0) | Err(_) => return,
                Ok(_) => continue,
            }
        };
        let head = String::from_utf8_lossy(&received[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        while received.len() < end + length {
            if !matches!(stream.read_buf(&mut received).await, Ok(1..)) {
                return;
            }
        }
        received.drain(..end + length);
        tokio::time::sleep(latency).await;
        let signed = head.starts_with("post /inbox ") && head.contains("\r\nsignature: ");
        let told: &[u8] = match signed {
            true => b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
            false => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        };
        if stream.write_all(told).await.is_err() {
            return;
        }
        if signed && let Ok(mut book) = book.lock() {
            let after = book.begun.elapsed();
            book.answered[number].push(after);
        }
    }
}

/// The neighbours, as who started them sees them. End when dropped.
pub struct Neighbours {
    process: Child,
    orders: Option<ChildStdin>,
    told: std::io::Lines<std::io::BufReader<ChildStdout>>,
    /// `127.1.0.1:PORT`
    pub hosts: Vec<String>,
}

impl Neighbours {
    /// Starts this program again, to be them.
    pub fn start(count: usize, latency_ms: u64, dead: usize) -> anyhow::Result<Self> {
        let number = |number: usize| number.to_string();
        let mut process = Command::new(std::env::current_exe()?)
            .args(["neighbours", "--count", &number(count), "--latency-ms", &latency_ms.to_string()])
            .args(["--dead", &number(dead)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the neighbours cannot be started")?;
        let orders = process.stdin.take();
        let Some(output) = process.stdout.take() else { bail!("the neighbours say nothing") };
        let mut told = std::io::BufRead::lines(std::io::BufReader::new(output));
        let Some(first) = told.next() else { bail!("the neighbours did not start; see above") };
        let hosts = serde_json::from_str(&first?)?;
        Ok(Self { process, orders, told, hosts })
    }

    /// What they heard; `begin` has them forget what was before.
    pub fn ask(&mut self, order: &str) -> anyhow::Result<Heard> {
        let Some(orders) = &mut self.orders else { bail!("the neighbours hear nothing") };
        writeln!(orders, "{order}")?;
        let Some(line) = self.told.next() else { bail!("the neighbours ended") };
        Ok(serde_json::from_str(&line?)?)
    }
}

impl Drop for Neighbours {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dead_are_spread_evenly() {
        let dead: Vec<usize> = (0..100).filter(|number| is_dead(*number, 5)).collect();
        assert_eq!(dead, [19, 39, 59, 79, 99]);
        assert_eq!((0..1000).filter(|number| is_dead(*number, 5)).count(), 50);
        assert_eq!((0..1000).filter(|number| is_dead(*number, 0)).count(), 0);
    }
}
