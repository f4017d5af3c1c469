//! How somebody is addressed: `ann` on this instance, `ann@kring.example` on another.

use super::model::Handle;
use crate::config::Config;
use crate::error::Fault;

/// What an address looks like, as a regular expression.
pub const PERSON_PATTERN: &str =
    r"^([a-z][a-z0-9_]{2,29}|[A-Za-z0-9_.:-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?)$";

/// Somebody by handle, and where they live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonAddress {
    pub handle: Handle,
    /// Empty for this instance.
    pub host: String,
}

impl PersonAddress {
    /// The same with no host where that is this instance's own: `ann@kring.example` is `ann` there.
    pub fn seen_from(&self, config: &Config) -> Option<Self> {
        if self.host.is_empty() || self.host != config.host() {
            return Some(self.clone());
        }
        self.handle.as_str().parse::<Handle>().ok().map(Self::from)
    }
}

impl From<Handle> for PersonAddress {
    fn from(handle: Handle) -> Self {
        Self { handle, host: String::new() }
    }
}

impl std::str::FromStr for PersonAddress {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        let text = text.strip_prefix('@').unwrap_or(text);
        let Some((name, host)) = text.split_once('@') else {
            return text.parse::<Handle>().map(Self::from);
        };
        let fault = || Fault::new("handle");
        let host = host.to_ascii_lowercase();
        let name_fits = (1..=100).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b':'));
        match name_fits && is_host(&host) {
            true => Ok(Self { handle: Handle::elsewhere(name), host }),
            false => Err(fault()),
        }
    }
}

/// Does this read as the name of a server, with a port where it has one of its own?
pub fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').unwrap_or((text, "1"));
    let edge = |letter: Option<u8>| letter.is_some_and(|b| b.is_ascii_alphanumeric());
    (1..=200).contains(&name.len())
        && edge(name.bytes().next())
        && edge(name.bytes().last())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && (1..=5).contains(&port.len())
        && port.bytes().all(|b| b.is_ascii_digit())
}

impl std::fmt::Display for PersonAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.host.as_str() {
            "" => self.handle.fmt(f),
            host => write!(f, "{}@{host}", self.handle),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn somebody_is_addressed_with_their_instance_where_that_is_another() {
        for (text, read) in [
            ("Ann", "ann"),
            ("@ann", "ann"),
            ("@Eva_B@Kring.Example:8443", "Eva_B@kring.example:8443"),
            ("a.b-c@lemmy.example", "a.b-c@lemmy.example"),
        ] {
            assert_eq!(text.parse::<PersonAddress>().unwrap().to_string(), read);
        }
        for text in ["", "@", "an", "ann@", "@@host", "ann@-a", "ann@a b", "ann@a.b@c.d", "ann@a:", "ann@a:b"]
        {
            assert!(text.parse::<PersonAddress>().is_err(), "{text}");
        }
    }
}
