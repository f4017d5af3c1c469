//! The built-in mailbox: a folder of `.eml` files, read back for `/dev/mail`.

use std::path::Path;

use crate::error::Result;

/// A mail in the folder, decoded.
#[derive(Clone, Debug)]
pub struct StoredMail {
    /// Its file name without ending.
    pub name: String,
    pub to: String,
    pub subject: String,
    pub date: String,
    pub text: String,
    pub html: String,
    /// The message as it went out.
    pub raw: String,
}

/// Every mail of the folder, newest first (names are ids, and ids sort by time).
pub fn read_mailbox(folder: &Path) -> Result<Vec<StoredMail>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            entry.ok()?.file_name().into_string().ok()?.strip_suffix(".eml").map(str::to_owned)
        })
        .filter(|name| kring_db::types::read_id(name).is_some())
        .collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.into_iter().take(500).filter_map(|name| read_mail(folder, &name).transpose()).collect()
}

/// One mail; `None` where there is none of that name. Only ids are names: nothing leads out of the folder.
pub fn read_mail(folder: &Path, name: &str) -> Result<Option<StoredMail>> {
    if kring_db::types::read_id(name).is_none() {
        return Ok(None);
    }
    let Ok(raw) = std::fs::read_to_string(folder.join(format!("{name}.eml"))) else { return Ok(None) };
    let Some(parsed) = mail_parser::MessageParser::default().parse(raw.as_bytes()) else {
        return Ok(None);
    };
    let to = parsed.to().and_then(|to| to.first()).map(|to| match (to.name(), to.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (_, address) => address.unwrap_or_default().to_owned(),
    });
    Ok(Some(StoredMail {
        name: name.to_owned(),
        to: to.unwrap_or_default(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        date: parsed.date().map(|date| date.to_rfc3339()).unwrap_or_default(),
        text: parsed.body_text(0).unwrap_or_default().into_owned(),
        html: parsed.body_html(0).unwrap_or_default().into_owned(),
        raw: raw.clone(),
    }))
}
