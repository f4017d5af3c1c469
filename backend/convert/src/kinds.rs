//! What kind of file this is, by its bytes first and its name second.

use std::io::{Read, Seek, SeekFrom};

use crate::docx;
use crate::package::Package;
use crate::pandoc;
use crate::refusal::{Refusal, Result};

/// What a file is.
pub enum Kind<R> {
    Docx(Package<R>),
    Html,
    Markdown,
    /// Something that pandoc reads, by the name it has there.
    Other(&'static str),
    /// Files in folders.
    Folder(Package<R>),
}

/// How much of a file is looked at.
const HEAD: u64 = 64 * 1024;

/// Looks at a file called `name`.
pub fn kind<R: Read + Seek>(mut content: R, name: &str) -> Result<Kind<R>> {
    let mut head = Vec::new();
    let broken = |_| Refusal::Damaged;
    content.rewind().map_err(broken)?;
    content.by_ref().take(HEAD).read_to_end(&mut head).map_err(broken)?;
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        content.rewind().map_err(broken)?;
        return packed(Package::open(content).map_err(|refusal| match refusal {
            // What there is so much of in a document are images.
            Refusal::TooManyFiles if by_name(name) => Refusal::TooManyImages,
            refusal => refusal,
        })?);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(compound(content)?);
    }
    if head.starts_with(b"%PDF-") {
        return Err(Refusal::Pdf);
    }
    if head.starts_with(b"{\\rtf") {
        return Ok(Kind::Other("rtf"));
    }
    written(&head, name)
}

fn packed<R: Read + Seek>(package: Package<R>) -> Result<Kind<R>> {
    if docx::is_docx(&package) {
        return if docx::has_macros(&package)? {
            Err(Refusal::Macros)
        } else {
            Ok(Kind::Docx(package))
        };
    }
    let kind = package.read("mimetype", 1_000).ok().flatten().unwrap_or_default();
    if kind.starts_with(b"application/vnd.oasis.opendocument.text") {
        return if odt_has_macros(&package)? {
            Err(Refusal::Macros)
        } else {
            Ok(Kind::Other("odt"))
        };
    }
    if kind.starts_with(b"application/epub+zip") {
        return Ok(Kind::Other("epub"));
    }
    if !kind.is_empty() || package.has("[Content_Types].xml") {
        return Err(Refusal::UnknownKind);
    }
    Ok(Kind::Folder(package))
}

/// Does an OpenDocument bring macros along, of whatever language? LibreOffice leaves lists of libraries behind where
/// somebody only looked whether there were any: these alone are none.
fn odt_has_macros<R: Read + Seek>(package: &Package<R>) -> Result<bool> {
    let is_macro = |name: &str| {
        let basic = name.starts_with("Basic/")
            && !name.ends_with("/script-lc.xml")
            && !name.ends_with("/script-lb.xml");
        basic || name.starts_with("Scripts/")
    };
    Ok(package.entries()?.iter().any(|entry| is_macro(&entry.name)))
}

/// Files of Office before 2007, and newer ones under a password: both are compound files, whose parts have names in
/// UTF-16.
fn compound<R: Read + Seek>(mut content: R) -> Result<Refusal> {
    /// Names of parts stand in the directory, which may be anywhere.
    const MOST: u64 = 64 * 1024 * 1024;
    let mut bytes = Vec::new();
    content.seek(SeekFrom::Start(0)).map_err(|_| Refusal::Damaged)?;
    content.take(MOST).read_to_end(&mut bytes).map_err(|_| Refusal::Damaged)?;
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    Ok(if has("EncryptedPackage") {
        Refusal::Password
    } else if has("WordDocument") {
        Refusal::OldWord
    } else {
        Refusal::UnknownKind
    })
}

/// A file of text.
fn written<R>(head: &[u8], name: &str) -> Result<Kind<R>> {
    if let Some(format) = pandoc::format(name).filter(|format| !["odt", "epub", "rtf"].contains(format)) {
        return Ok(Kind::Other(format));
    }
    let text = crate::encoding::text(head);
    let begins = text.trim_start().chars().take(64).collect::<String>().to_ascii_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let html = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| begins.starts_with(tag));
    let odd = head.contains(&0) && encoding_rs::Encoding::for_bom(head).is_none();
    match ending.as_str() {
        _ if odd => Err(Refusal::UnknownKind),
        _ if html => Ok(Kind::Html),
        "html" | "htm" | "xhtml" => Ok(Kind::Html),
        "md" | "markdown" | "mdown" | "txt" | "text" | "" => Ok(Kind::Markdown),
        // A name may hold a dot: "Plan 2.0".
        _ if ending.len() > 8 || ending.contains(' ') => Ok(Kind::Markdown),
        _ => Err(Refusal::UnknownKind),
    }
}

/// Could a file of this name become a document?
pub fn by_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let own = [
        "docx", "docm", "dotx", "dotm", "html", "htm", "xhtml", "md", "markdown", "mdown", "txt", "doc",
        "pdf",
    ];
    own.contains(&ending.as_str()) || pandoc::format(name).is_some()
}
