//! Handing a message over: to an SMTP server or into a folder.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use crate::config::{MailTarget, SmtpSecurity};

/// How long any one step of SMTP may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Where mail goes. Blocking: for a thread of its own.
pub enum Transport {
    Folder(PathBuf),
    Smtp { target: Box<SmtpTarget>, open: Option<Box<SmtpConnection>> },
}

/// An SMTP server and how to speak to it.
pub struct SmtpTarget {
    host: String,
    port: u16,
    security: SmtpSecurity,
    login: Option<(String, String)>,
    hello: ClientId,
}

/// How a hand-over ended, where not well.
#[derive(Debug)]
pub enum Refusal {
    /// Nothing was handed over; trying again later may help.
    Later(String),
    /// The server said no to this message, for good.
    Never(String),
    /// Cut off after hand-over began: it may or may not have arrived.
    Unknown(String),
}

impl Transport {
    /// The transport for `target`; `domain` is what Kring calls itself towards servers.
    pub fn new(target: &MailTarget, domain: &str) -> Self {
        match target {
            MailTarget::Folder(folder) => Self::Folder(folder.clone()),
            MailTarget::Smtp { host, port, security, login } => Self::Smtp {
                target: Box::new(SmtpTarget {
                    host: host.clone(),
                    port: *port,
                    security: *security,
                    login: login.clone(),
                    hello: ClientId::Domain(domain.to_owned()),
                }),
                open: None,
            },
        }
    }

    /// Makes ready to hand over: a failure here has handed nothing over.
    pub fn ready(&mut self) -> Result<(), Refusal> {
        match self {
            Self::Folder(folder) => std::fs::create_dir_all(&*folder)
                .map_err(|cause| Refusal::Later(format!("{}: {cause}", folder.display()))),
            Self::Smtp { target, open } => {
                if open.as_mut().is_some_and(|connection| connection.test_connected()) {
                    return Ok(());
                }
                *open = Some(Box::new(target.connect().map_err(|cause| Refusal::Later(cause.to_string()))?));
                Ok(())
            }
        }
    }

    /// Hands one message over. `name` is unique to the message.
    pub fn hand_over(&mut self, name: &str, envelope: &Envelope, message: &[u8]) -> Result<(), Refusal> {
        match self {
            Self::Folder(folder) => store(folder, name, message)
                .map_err(|cause| Refusal::Later(format!("{}: {cause}", folder.display()))),
            Self::Smtp { open, .. } => {
                let Some(connection) = open.as_mut() else {
                    return Err(Refusal::Later("no connection".into()));
                };
                match connection.send(envelope, message) {
                    Ok(_) => Ok(()),
                    Err(cause) => {
                        // Whatever was said, the next message starts on a fresh connection.
                        connection.abort();
                        *open = None;
                        Err(refusal(&cause))
                    }
                }
            }
        }
    }

    /// Says goodbye to the server.
    pub fn rest(&mut self) {
        if let Self::Smtp { open, .. } = self
            && let Some(mut connection) = open.take()
        {
            let _ = connection.quit();
        }
    }
}

/// An answer of the server is certain; anything else leaves it open.
fn refusal(cause: &lettre::transport::smtp::Error) -> Refusal {
    let told = cause.to_string();
    if cause.is_permanent() {
        Refusal::Never(told)
    } else if cause.is_transient() || cause.is_client() {
        Refusal::Later(told)
    } else {
        Refusal::Unknown(told)
    }
}

impl SmtpTarget {
    fn connect(&self) -> Result<SmtpConnection, lettre::transport::smtp::Error> {
        let tls = TlsParameters::new(self.host.clone());
        let address = (self.host.as_str(), self.port);
        let mut connection = match self.security {
            SmtpSecurity::Tls => {
                SmtpConnection::connect(address, Some(TIMEOUT), &self.hello, Some(&tls?), None)?
            }
            SmtpSecurity::Plain | SmtpSecurity::StartTls => {
                SmtpConnection::connect(address, Some(TIMEOUT), &self.hello, None, None)?
            }
        };
        if self.security == SmtpSecurity::StartTls {
            connection.starttls(&TlsParameters::new(self.host.clone())?, &self.hello)?;
        }
        if let Some((user, password)) = &self.login {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)?;
        }
        Ok(connection)
    }
}

/// Written aside and renamed: a reader never sees half a mail, and the same mail twice is one file.
fn store(folder: &Path, name: &str, message: &[u8]) -> std::io::Result<()> {
    let aside = folder.join(format!(".{name}.part"));
    let mut file = std::fs::File::create(&aside)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(aside, folder.join(format!("{name}.eml")))
}
