//! The settings of mail, understood.

use std::path::Path;

use anyhow::Context as _;
use url::Url;

use super::{MailTarget, SmtpSecurity, wrong};

pub(super) fn understand_mail(value: &str, data: &Path) -> anyhow::Result<MailTarget> {
    let allowed = "smtp://HOST:PORT, smtp://HOST:PORT?tls=required, smtps://HOST:PORT or file:FOLDER";
    if value.is_empty() {
        return Ok(MailTarget::Folder(data.join("mail")));
    }
    if let Some(folder) = value.strip_prefix("file:") {
        let folder = folder.strip_prefix("//").unwrap_or(folder);
        return if folder.is_empty() {
            Err(wrong("mail_url", value, allowed))
        } else {
            Ok(MailTarget::Folder(folder.into()))
        };
    }
    // The address may hold a password: it is not repeated.
    let scheme = value.split(':').next().unwrap_or("").to_owned();
    let refuse = || wrong("mail_url", &format!("{scheme}:…"), allowed);
    let url: Url = value.parse().map_err(|_| refuse())?;
    let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
    let (security, port) = match (url.scheme(), tls.as_deref()) {
        ("smtp", None) => (SmtpSecurity::Plain, 25),
        ("smtp", Some("required")) => (SmtpSecurity::StartTls, 587),
        ("smtps", None) => (SmtpSecurity::Tls, 465),
        _ => return Err(refuse()),
    };
    let host = url.host_str().ok_or_else(refuse)?.trim_matches(['[', ']']).to_owned();
    let decoded = |text: &str| {
        // What means something in a form means nothing here.
        let text = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
        url::form_urlencoded::parse(text.as_bytes())
            .map(|(k, _)| k.into_owned())
            .next()
            .unwrap_or_default()
    };
    let login = (!url.username().is_empty())
        .then(|| (decoded(url.username()), decoded(url.password().unwrap_or(""))));
    Ok(MailTarget::Smtp { host, port: url.port().unwrap_or(port), security, login })
}

pub(super) fn understand_sender(
    value: &str,
    public_url: &Url,
    name: &str,
) -> anyhow::Result<lettre::message::Mailbox> {
    if !value.is_empty() {
        return value
            .parse()
            .map_err(|_| wrong("mail_from", value, "an address, as Kring <kring@example.org>"));
    }
    // Mail servers refuse senders whose domain is an IP address or a bare word.
    let domain = match public_url.domain() {
        Some(domain) if domain.contains('.') => domain,
        _ => "localhost.localdomain",
    };
    let address = lettre::Address::new("kring", domain)
        .context("mail_from could not be made from public_url; set it")?;
    Ok(lettre::message::Mailbox::new(Some(name.to_owned()), address))
}
