//! Kring in a process of its own: what `kring serve` runs, and beside it a constant body in the same actix set-up,
//! behind the same middleware.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use anyhow::{Context as _, bail, ensure};
use kring::cli::start_log;
use kring::config::{Config, Settings};
use kring::jobs::runner::Workers;
use kring::web::{server, system};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::http::{self, Connection};

/// `kring-bench serve`.
#[derive(clap::Args)]
pub struct Serve {
    #[arg(long)]
    database_url: String,
    #[arg(long)]
    data: String,
}

/// Settings that differ from the usual ones only where load on one machine needs it.
pub fn config(database_url: &str, data: &str, bind: SocketAddr) -> anyhow::Result<Config> {
    let settings = Settings {
        bind: bind.to_string(),
        data: data.to_owned(),
        database_url: database_url.to_owned(),
        // All of the load comes from one address.
        attempts_per_minute: 1_000_000,
        // Other instances are on loopback too; nothing is exchanged with any before that is chosen.
        dev_federation: true,
        log: "warn".into(),
        ..Settings::default()
    };
    settings.understand()
}

impl Serve {
    /// Serves on a free port of loopback and writes its address on standard output.
    pub fn run(self) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let config = config(&self.database_url, &self.data, address)?;
        start_log(&config.log)?;
        let app = kring::cli::start(config)?;
        system::recorder();
        server::block_on(async move {
            let workers = Workers::start(&app);
            let server = server::serve_with(app, listener, server::threads(), constant)?;
            let handle = server.handle();
            std::thread::spawn(move || {
                // Ends when the process that started this one lets go.
                let _ = std::io::stdin().read_to_end(&mut Vec::new());
                server::block_on(handle.stop(false));
            });
            println!("{address}");
            std::io::stdout().flush()?;
            server.await?;
            workers.stop().await;
            Ok(())
        })
    }
}

/// `/constant/{bytes}`: so many bytes that were made before the first request for them.
fn constant(config: &mut ServiceConfig) {
    config.route("/constant/{bytes}", web::get().to(constant_body));
}

async fn constant_body(size: web::Path<usize>) -> HttpResponse {
    // As long as the greatest answer that is measured.
    static BODY: [u8; 1 << 20] = [b'k'; 1 << 20];
    let body = &BODY[..size.into_inner().min(BODY.len())];
    HttpResponse::Ok().content_type("application/json").body(Bytes::from_static(body))
}

/// A running server. Ends when dropped.
pub struct Server {
    process: Child,
    input: Option<ChildStdin>,
    pub address: SocketAddr,
    /// From its start to its first answer that it is ready.
    pub started_in: Duration,
}

impl Server {
    /// Starts this program again, to serve, and waits until it is ready.
    pub async fn start(database_url: &str, data: &Path) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", "--database-url", database_url, "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server cannot be started")?;
        let input = process.stdin.take();
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let Ok(address) = line.trim().parse() else { bail!("the server did not start; see above") };
        let mut server = Self { process, input, address, started_in: Duration::ZERO };
        let mut connection = Connection::open(address).await?;
        let ready = connection.exchange(&http::request("GET", "/readyz", None, None)).await?;
        ensure!(ready.status == 200, "the server is not ready: {}", String::from_utf8_lossy(ready.body));
        server.started_in = begun.elapsed();
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            if let Ok(Some(_)) = self.process.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        eprintln!("kring-bench: the server does not stop; it is ended");
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
