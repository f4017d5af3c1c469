//! Everything that pandoc reads, where it is installed: as HTML, which is read like any other.
//!
//! It runs without access to files or the network (`--sandbox`, from pandoc 2.15 on), within the memory and work of the
//! process that calls it, and ends with that process's group.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::package::Package;
use crate::refusal::{Refusal, Result};

/// Endings of names, and what pandoc calls their format.
pub const FORMATS: &[(&str, &str)] = &[
    ("odt", "odt"),
    ("rtf", "rtf"),
    ("epub", "epub"),
    ("fb2", "fb2"),
    ("rst", "rst"),
    ("org", "org"),
    ("tex", "latex"),
    ("latex", "latex"),
    ("textile", "textile"),
    ("wiki", "mediawiki"),
    ("docbook", "docbook"),
    ("opml", "opml"),
    ("ipynb", "ipynb"),
];

/// What pandoc calls the format of a file of this name.
pub fn format(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    FORMATS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)
}

/// Formats that are packages of XML, and those that are XML.
const PACKAGES: &[&str] = &["odt", "epub"];
const XML: &[&str] = &["fb2", "docbook", "opml"];

/// Most bytes of one part of XML in a package.
const PART: u64 = 64 * 1024 * 1024;

/// Looks at what pandoc would believe, before it is asked: what the parts of a package unpack to is counted, and
/// entities are refused. What is a package comes back open.
pub fn look_over<'b>(format: &str, bytes: &'b [u8]) -> Result<Option<Package<Cursor<&'b [u8]>>>> {
    if XML.contains(&format) {
        return without_entities(bytes).map(|()| None);
    }
    if !PACKAGES.contains(&format) {
        return Ok(None);
    }
    let package = Package::open(Cursor::new(bytes))?;
    for entry in package.entries()? {
        let ending = entry.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if matches!(ending.as_deref(), Some("xml" | "rdf" | "xhtml" | "html" | "htm" | "opf" | "ncx")) {
            without_entities(&package.read(&entry.name, PART)?.unwrap_or_default())?;
        }
    }
    Ok(Some(package))
}

fn without_entities(bytes: &[u8]) -> Result<()> {
    if crate::encoding::text(bytes).contains("<!ENTITY") {
        Err(Refusal::Entities)
    } else {
        Ok(())
    }
}

/// What it answers where its heap is exhausted.
const HEAP_EXHAUSTED: i32 = 251;

/// Has `pandoc` write `bytes` as HTML. Its images stand there by their addresses: to put them into the page, pandoc reads
/// files and addresses of its own accord, `--sandbox` or not.
pub fn html(pandoc: &Path, format: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    match run(pandoc, format, bytes)? {
        (Some(0), html) => Ok(html),
        (code, _) => Err(refused(code)),
    }
}

fn refused(code: Option<i32>) -> Refusal {
    match code {
        None | Some(HEAP_EXHAUSTED) => Refusal::TooDemanding,
        Some(_) => Refusal::Damaged,
    }
}

/// How it ended, and what it wrote.
fn run(pandoc: &Path, format: &str, bytes: &[u8]) -> Result<(Option<i32>, Vec<u8>)> {
    let mut child = Command::new(pandoc)
        .args(["--sandbox", "--standalone", "--to=html5", "--wrap=none", "--mathml"])
        .arg(format!("--from={format}"))
        .env_clear()
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| Refusal::NeedsPandoc)?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let mut written = Vec::new();
    std::thread::scope(|scope| {
        // It may stop reading where it cannot go on; how it ends tells.
        scope.spawn(move || input.map(|mut input| input.write_all(bytes)));
        let most = crate::html::BYTES as u64 + 1;
        let read = output.map(|output| output.take(most).read_to_end(&mut written));
        if read.is_none_or(|read| read.is_err()) || written.len() > crate::html::BYTES {
            // What is not read any more would keep it waiting for ever.
            let _ = child.kill();
        }
    });
    let ended = child.wait().map_err(|_| Refusal::Damaged)?;
    if written.len() > crate::html::BYTES {
        // The file itself need not be large.
        return Err(Refusal::TooDemanding);
    }
    Ok((ended.code(), written))
}
