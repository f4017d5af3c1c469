//! Settings: defaults, then `kring.toml`, then `KRING_*` environment, then flags. Each later one wins.
//!
//! [`Settings`] is what is written down, [`Config`] what was understood. A wrong value stops the start and
//! names the key, the value and what is allowed. `kring.toml.example` explains every key; a test keeps it whole.

mod mail;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use crate::converter::Limits;
use crate::text::lang::Lang;
use mail::{understand_mail, understand_sender};

/// The settings file that is read when no other is named, where it is there.
const USUAL_FILE: &str = "kring.toml";

/// Settings as written, one key a field.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub bind: String,
    pub data: String,
    pub database_url: String,
    pub database_connections: u32,
    pub public_url: String,
    pub frontend_url: String,
    pub mail_url: String,
    pub mail_from: String,
    pub registration: String,
    pub storage_url: String,
    #[serde(deserialize_with = "words")]
    pub trusted_proxies: Vec<String>,
    #[serde(deserialize_with = "words")]
    pub cors_origins: Vec<String>,
    pub instance_name: String,
    pub default_language: String,
    pub time_zone: String,
    pub led_by_experts_required: bool,
    pub search_engines: bool,
    pub upload_limit_mb: u64,
    pub archive_limit_mb: u64,
    pub converter: String,
    pub pandoc: String,
    pub conversion_seconds: u64,
    pub conversion_memory_mb: u64,
    pub conversion_output_mb: u64,
    pub password_hashes_at_once: usize,
    pub attempts_per_minute: u32,
    pub email_invitations_per_day: u32,
    pub home_unreachable_days: u32,
    pub workers: bool,
    pub dev_mail: bool,
    pub dev_federation: bool,
    pub log: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:8080".into(),
            data: "kring-data".into(),
            database_url: String::new(),
            database_connections: kring_db::DbOptions::default().connections,
            public_url: String::new(),
            frontend_url: String::new(),
            mail_url: String::new(),
            mail_from: String::new(),
            registration: "approval".into(),
            storage_url: String::new(),
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            instance_name: "Kring".into(),
            default_language: "nl".into(),
            time_zone: "Europe/Amsterdam".into(),
            led_by_experts_required: false,
            search_engines: true,
            upload_limit_mb: 50,
            archive_limit_mb: 200,
            converter: String::new(),
            pandoc: String::new(),
            conversion_seconds: 60,
            conversion_memory_mb: 1024,
            conversion_output_mb: 512,
            password_hashes_at_once: 2,
            attempts_per_minute: 20,
            email_invitations_per_day: 300,
            home_unreachable_days: 30,
            workers: true,
            dev_mail: false,
            dev_federation: false,
            log: "info".into(),
        }
    }
}

impl Settings {
    /// What `kring demo` starts from: whoever tries it can register at once and read every mail, and nothing of it comes
    /// near the data of a Kring in use.
    pub fn for_demo() -> Self {
        Self {
            data: "kring-demo".into(),
            registration: "open".into(),
            dev_mail: true,
            // What the demo has to say stands on the screen by itself.
            log: "warn".into(),
            ..Self::default()
        }
    }

    /// The same for the first of two instances on this machine, which reach each other by http and ports.
    pub fn for_federated_demo() -> Self {
        Self {
            data: "kring-demo-federated".into(),
            dev_federation: true,
            ..Self::for_demo()
        }
    }
}

/// Does a `KRING_…` name (without that) belong to others? To the test suite; or to Kubernetes, which tells every program
/// of a service called `kring` where that is: KRING_PORT, KRING_SERVICE_HOST, KRING_PORT_8080_TCP_ADDR.
fn foreign(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let words: Vec<&str> = key.split('_').collect();
    let service = words.windows(2).any(|pair| {
        matches!(pair, ["service", "host" | "port"])
            || pair[0] == "port" && pair[1].bytes().all(|b| b.is_ascii_digit())
    });
    words[0] == "test" || service || words.last() == Some(&"port")
}

/// A list in `kring.toml`, or words with commas between them in the environment.
fn words<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Words::deserialize(from)? {
        Words::Many(list) => list,
        Words::One(line) => {
            line.split(',').map(str::trim).filter(|w| !w.is_empty()).map(String::from).collect()
        }
    })
}

/// Who may get an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Anyone with a working address.
    Open,
    /// Anyone whom an admin then approves.
    Approval,
    /// Nobody; admins make accounts.
    Closed,
}

/// Where mail goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailTarget {
    /// A folder of `.eml` files; the built-in mailbox shows the default one.
    Folder(PathBuf),
    /// An SMTP server.
    Smtp {
        host: String,
        port: u16,
        security: SmtpSecurity,
        login: Option<(String, String)>,
    },
}

/// How the connection to the SMTP server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Not at all: for a server on the same machine or network.
    Plain,
    /// STARTTLS, or nothing is sent (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// Settings, understood.
#[derive(Clone, Debug)]
pub struct Config {
    pub bind: SocketAddr,
    pub data: PathBuf,
    pub database_url: String,
    pub database_connections: u32,
    pub public_url: Url,
    pub frontend_url: Option<Url>,
    pub mail: MailTarget,
    pub mail_from: lettre::message::Mailbox,
    pub registration: Registration,
    /// `file:FOLDER` or `s3://BUCKET…`.
    pub storage_url: String,
    pub trusted_proxies: Vec<IpNet>,
    pub cors_origins: Vec<String>,
    pub instance_name: String,
    pub default_language: Lang,
    pub time_zone: chrono_tz::Tz,
    pub led_by_experts_required: bool,
    /// May search engines list what everyone may read?
    pub search_engines: bool,
    pub upload_limit: u64,
    /// The largest ZIP that people may send to be taken apart, in bytes.
    pub archive_limit: u64,
    /// The program that converts documents as `PROGRAM convert`.
    pub converter: PathBuf,
    /// Where pandoc is, where there is one.
    pub pandoc: Option<PathBuf>,
    pub conversion: Limits,
    pub password_hashes_at_once: usize,
    /// Sign-ins, registrations and other guessable things, per address and minute.
    pub attempts_per_minute: u32,
    /// Invitations by e-mail address, of one network or one coordinator.
    pub email_invitations_per_day: u32,
    /// So long an instance is to be silent before its networks can be continued elsewhere.
    pub home_unreachable_days: u32,
    pub workers: bool,
    /// May other instances be reached by http, by any port and at any address? Only for trying things out.
    pub dev_federation: bool,
    pub log: String,
    /// Is the built-in mailbox shown at `/dev/mail`? Only in demo and development, and only on loopback: it shows
    /// everybody's mail to everybody.
    pub dev_mail: bool,
}

impl Settings {
    /// Reads over `self` what `file` says (or `kring.toml` where it is there), the environment, and `flags` on top.
    pub fn read(self, file: Option<&Path>, flags: impl Serialize) -> anyhow::Result<Self> {
        let mut sources = Figment::from(Serialized::defaults(self));
        sources = match file {
            Some(path) if !path.is_file() => bail!("--config {}: there is no such file", path.display()),
            Some(path) => sources.merge(Toml::file_exact(path)),
            None if Path::new(USUAL_FILE).is_file() => sources.merge(Toml::file_exact(USUAL_FILE)),
            None => sources,
        };
        let environment = Env::prefixed("KRING_").filter(|key| !foreign(key.as_str()));
        sources
            .merge(environment)
            .merge(Serialized::globals(flags))
            .extract()
            .map_err(|fault| anyhow::anyhow!("the settings cannot be used: {fault}"))
    }

    /// Understands the settings, or says which key holds what that is not allowed.
    pub fn understand(self) -> anyhow::Result<Config> {
        let bind: SocketAddr = self
            .bind
            .parse()
            .map_err(|_| wrong("bind", &self.bind, "an address and a port, as 127.0.0.1:8080"))?;
        if self.dev_mail && !bind.ip().is_loopback() {
            bail!(wrong(
                "dev_mail",
                "true",
                "true only where bind is an address of this machine alone, as 127.0.0.1:8080; else false"
            ));
        }
        let data = PathBuf::from(&self.data);
        let public_url = understand_public_url(&self.public_url, bind)?;
        let mail = understand_mail(&self.mail_url, &data)?;
        let mail_from = understand_sender(&self.mail_from, &public_url, &self.instance_name)?;
        let database_url = match self.database_url.as_str() {
            "" => format!("sqlite:{}", data.join("kring.sqlite").display()),
            url if kring_db::Dialect::of(url).is_some() => url.to_owned(),
            // The address may hold a password: name the scheme only.
            url => bail!(wrong(
                "database_url",
                url.split(':').next().unwrap_or(""),
                "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME"
            )),
        };
        let storage_url = match self.storage_url.as_str() {
            "" => format!("file:{}", data.join("files").display()),
            url if url.starts_with("file:") || url.starts_with("s3://") => url.to_owned(),
            url => bail!(wrong(
                "storage_url",
                url,
                "file:FOLDER or s3://BUCKET (keys from the AWS_* environment)"
            )),
        };
        Ok(Config {
            bind,
            database_url,
            database_connections: within("database_connections", self.database_connections, 2, 200)?,
            public_url,
            frontend_url: match self.frontend_url.as_str() {
                "" => None,
                url => Some(web_address("frontend_url", url)?),
            },
            mail,
            mail_from,
            registration: match self.registration.as_str() {
                "open" => Registration::Open,
                "approval" => Registration::Approval,
                "closed" => Registration::Closed,
                other => bail!(wrong("registration", other, "open, approval or closed")),
            },
            storage_url,
            trusted_proxies: self
                .trusted_proxies
                .iter()
                .map(|net| understand_net(net))
                .collect::<anyhow::Result<_>>()?,
            cors_origins: self
                .cors_origins
                .iter()
                .map(|origin| understand_origin(origin))
                .collect::<anyhow::Result<_>>()?,
            instance_name: match self.instance_name.trim() {
                "" => bail!(wrong("instance_name", "", "a name")),
                name => name.to_owned(),
            },
            default_language: Lang::of_tag(&self.default_language)
                .ok_or_else(|| wrong("default_language", &self.default_language, "nl or en"))?,
            time_zone: self.time_zone.parse().map_err(|_| {
                wrong("time_zone", &self.time_zone, "a name of the IANA list, as Europe/Amsterdam")
            })?,
            led_by_experts_required: self.led_by_experts_required,
            search_engines: self.search_engines,
            upload_limit: within("upload_limit_mb", self.upload_limit_mb, 1, 10_000)? * 1024 * 1024,
            converter: match self.converter.as_str() {
                "" => std::env::current_exe().context("this program does not know where it is")?,
                path => program("converter", path)?,
            },
            pandoc: understand_pandoc(&self.pandoc)?,
            conversion: Limits::of(
                within("conversion_seconds", self.conversion_seconds, 2, 3_600)?,
                within("conversion_memory_mb", self.conversion_memory_mb, 256, 65_536)?,
                within("conversion_output_mb", self.conversion_output_mb, 1, 10_000)?,
            ),
            archive_limit: within("archive_limit_mb", self.archive_limit_mb, 1, 10_000)? * 1024 * 1024,
            password_hashes_at_once: within("password_hashes_at_once", self.password_hashes_at_once, 1, 64)?,
            attempts_per_minute: within("attempts_per_minute", self.attempts_per_minute, 1, 1_000_000)?,
            email_invitations_per_day: within(
                "email_invitations_per_day",
                self.email_invitations_per_day,
                0,
                100_000,
            )?,
            home_unreachable_days: within("home_unreachable_days", self.home_unreachable_days, 1, 3_650)?,
            workers: self.workers,
            log: self.log,
            dev_mail: self.dev_mail,
            dev_federation: self.dev_federation,
            data,
        })
    }
}

impl Config {
    /// The folder the built-in mailbox reads: where mail goes, unless a server takes it.
    pub fn mailbox(&self) -> PathBuf {
        match &self.mail {
            MailTarget::Folder(folder) => folder.clone(),
            MailTarget::Smtp { .. } => self.data.join("mail"),
        }
    }

    /// Is it reached over https, so that cookies, links and HSTS may count on it?
    pub fn https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The host of the public address, with its port where it has one of its own: what comes behind the `@` of who lives
    /// here.
    pub fn host(&self) -> String {
        let host = self.public_url.host_str().unwrap_or_default();
        match self.public_url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// `path` (with a leading `/`) under the public address.
    pub fn public(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

/// Does a host name or address lead to this machine, wherever it is looked up?
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback())
}

fn wrong(key: &str, value: &str, allowed: &str) -> anyhow::Error {
    let variable = format!("KRING_{}", key.to_uppercase());
    anyhow::anyhow!("{key} (or {variable}) is {value:?}, which cannot be used; allowed: {allowed}")
}

fn within<T: PartialOrd + std::fmt::Display>(key: &str, value: T, least: T, most: T) -> anyhow::Result<T> {
    if value < least || value > most {
        bail!(wrong(key, &value.to_string(), &format!("a number from {least} to {most}")));
    }
    Ok(value)
}

fn web_address(key: &str, value: &str) -> anyhow::Result<Url> {
    let allowed = "an address as https://kring.example.org, without a query";
    let url: Url = value.parse().map_err(|_| wrong(key, value, allowed))?;
    let fit = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none();
    if fit { Ok(url) } else { Err(wrong(key, value, allowed)) }
}

fn program(key: &str, path: &str) -> anyhow::Result<PathBuf> {
    if Path::new(path).is_file() {
        Ok(PathBuf::from(path))
    } else {
        Err(wrong(key, path, "the path of a program that is there"))
    }
}

/// Nothing said, it is looked for where programs are.
fn understand_pandoc(value: &str) -> anyhow::Result<Option<PathBuf>> {
    match value {
        "none" => Ok(None),
        "" => {
            let folders = std::env::var_os("PATH").unwrap_or_default();
            let found = std::env::split_paths(&folders).map(|folder| folder.join("pandoc"));
            Ok(found.filter(|path| path.is_absolute()).find(|path| path.is_file()))
        }
        path => program("pandoc", path).map(Some),
    }
}

fn understand_public_url(value: &str, bind: SocketAddr) -> anyhow::Result<Url> {
    if !value.is_empty() {
        return web_address("public_url", value);
    }
    // Nobody can open a link to 0.0.0.0.
    let host = if bind.ip().is_unspecified() {
        "localhost".to_owned()
    } else {
        bracketed(bind.ip())
    };
    Ok(format!("http://{host}:{}", bind.port()).parse()?)
}

fn bracketed(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("[{v6}]"),
    }
}

fn understand_net(value: &str) -> anyhow::Result<IpNet> {
    let one = value.parse::<IpAddr>().map(IpNet::from);
    one.or_else(|_| value.parse())
        .map_err(|_| wrong("trusted_proxies", value, "addresses or ranges, as 10.0.0.0/8, 127.0.0.1"))
}

fn understand_origin(value: &str) -> anyhow::Result<String> {
    Ok(web_address("cors_origins", value)?.origin().ascii_serialization())
}
