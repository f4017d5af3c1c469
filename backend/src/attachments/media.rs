//! What kind of thing a file is, by its bytes.

use kring_db::word_type;

use super::images::ImageKind;
use crate::error::Fault;

/// How much of a file is looked at.
pub const HEAD: usize = 16 * 1024;

word_type! {
    /// What a file is. What is not among these is `application/octet-stream`.
    MediaType {
        Jpeg = "image/jpeg",
        Png = "image/png",
        WebP = "image/webp",
        Gif = "image/gif",
        Pdf = "application/pdf",
        Text = "text/plain",
        Mp3 = "audio/mpeg",
        M4a = "audio/mp4",
        Aac = "audio/aac",
        OggAudio = "audio/ogg",
        Flac = "audio/flac",
        Wav = "audio/wav",
        Mp4 = "video/mp4",
        WebM = "video/webm",
        QuickTime = "video/quicktime",
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Doc = "application/msword",
        Xls = "application/vnd.ms-excel",
        Ppt = "application/vnd.ms-powerpoint",
        Odt = "application/vnd.oasis.opendocument.text",
        Ods = "application/vnd.oasis.opendocument.spreadsheet",
        Odp = "application/vnd.oasis.opendocument.presentation",
        Epub = "application/epub+zip",
        Rtf = "application/rtf",
        Zip = "application/zip",
        Unknown = "application/octet-stream",
    }
}

impl MediaType {
    /// Looks at the beginning of a file. Images that could not be rid of what they tell about their makers are a
    /// fault; HTML, SVG and programs are unknown.
    pub fn sniff(head: &[u8]) -> Result<Self, Fault> {
        let Some(found) = infer::get(head) else {
            return match head {
                _ if is_text(head) => Ok(Self::Text),
                _ if is_camera_file(head) => Err(Fault::new("image_kind")),
                _ => Ok(Self::Unknown),
            };
        };
        // Some kinds are known by two letters: "BM" begins a bitmap, and a message about a BMW.
        if is_text(head) && !matches!(found.mime_type(), "application/pdf" | "application/rtf") {
            return Ok(Self::Text);
        }
        Ok(match found.mime_type() {
            "audio/m4a" => Self::M4a,
            "audio/opus" => Self::OggAudio,
            "audio/x-flac" => Self::Flac,
            "audio/x-wav" => Self::Wav,
            "video/x-m4v" => Self::Mp4,
            known => match (known.parse(), office(head)) {
                (Ok(Self::Zip) | Err(_), Some(kind)) => kind,
                (Ok(kind), _) => kind,
                (Err(_), _) if found.matcher_type() == infer::MatcherType::Image => {
                    return Err(Fault::new("image_kind"));
                }
                (Err(_), _) => Self::Unknown,
            },
        })
    }

    /// Are there words in it that can be searched?
    pub fn has_words(self) -> bool {
        matches!(self, Self::Pdf | Self::Docx)
    }

    /// The kind of image, where it is one.
    pub fn image(self) -> Option<ImageKind> {
        match self {
            Self::Jpeg => Some(ImageKind::Jpeg),
            Self::Png => Some(ImageKind::Png),
            Self::WebP => Some(ImageKind::WebP),
            Self::Gif => Some(ImageKind::Gif),
            _ => None,
        }
    }

    /// May a browser show it? What is not listed here is only saved.
    pub fn shown(self) -> bool {
        match self {
            Self::Jpeg | Self::Png | Self::WebP | Self::Gif | Self::Pdf | Self::Text => true,
            Self::Mp3 | Self::M4a | Self::Aac | Self::OggAudio | Self::Flac | Self::Wav => true,
            Self::Mp4 | Self::WebM | Self::QuickTime => true,
            Self::Docx | Self::Xlsx | Self::Pptx | Self::Doc | Self::Xls | Self::Ppt => false,
            Self::Odt | Self::Ods | Self::Odp | Self::Epub | Self::Rtf | Self::Zip | Self::Unknown => false,
        }
    }

    /// The header of an answer with it.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            other => other.as_str(),
        }
    }

    /// The usual end of its name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Pdf => "pdf",
            Self::Text => "txt",
            Self::Mp3 => "mp3",
            Self::M4a => "m4a",
            Self::Aac => "aac",
            Self::OggAudio => "ogg",
            Self::Flac => "flac",
            Self::Wav => "wav",
            Self::Mp4 => "mp4",
            Self::WebM => "webm",
            Self::QuickTime => "mov",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Doc => "doc",
            Self::Xls => "xls",
            Self::Ppt => "ppt",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Odp => "odp",
            Self::Epub => "epub",
            Self::Rtf => "rtf",
            Self::Zip => "zip",
            Self::Unknown => "bin",
        }
    }
}

/// TIFF, on which raw formats build, or a picture in a box of ISO media (HEIF and its kin), by any of its brands.
fn is_camera_file(head: &[u8]) -> bool {
    let brand = head.get(4..12).and_then(|at| at.strip_prefix(b"ftyp"));
    let picture = |brand: &[u8]| {
        [&b"mif"[..], b"msf", b"hei", b"hev", b"avi", b"jxl", b"jp"]
            .iter()
            .any(|begin| brand.starts_with(begin))
    };
    head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") || brand.is_some_and(picture)
}

/// Which document of Office a ZIP is, whatever order its parts are in: by the names of parts near its beginning.
fn office(head: &[u8]) -> Option<MediaType> {
    let named = |part: &str| head.windows(part.len()).any(|window| window == part.as_bytes());
    if !head.starts_with(b"PK\x03\x04") || !named("[Content_Types].xml") {
        return None;
    }
    let kinds = [
        ("word/document.xml", MediaType::Docx),
        ("xl/workbook.xml", MediaType::Xlsx),
        ("ppt/presentation.xml", MediaType::Pptx),
    ];
    kinds.into_iter().find(|(part, _)| named(part)).map(|(_, kind)| kind)
}

/// UTF-8 that no browser could take for a page or a drawing, whatever it guesses.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // Cut in the middle of a letter.
        Err(cut) if cut.error_len().is_none() && head.len() >= HEAD => {
            std::str::from_utf8(&head[..cut.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    !text.chars().any(odd) && !begins.starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_say_what_a_file_is() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], MediaType::Png),
            (b"GIF89a\x01\0\x01\0", MediaType::Gif),
            (b"%PDF-1.7\n", MediaType::Pdf),
            ("Wie mee wil rijden, belt één dag tevoren.\n".as_bytes(), MediaType::Text),
            (b"<!DOCTYPE html><script>alert(1)</script>", MediaType::Unknown),
            (b"  <html>", MediaType::Unknown),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", MediaType::Unknown),
            (b"\xEF\xBB\xBF<svg/>", MediaType::Unknown),
            (b"<?xml version='1.0'?><svg/>", MediaType::Unknown),
            (b"BMW of bus?", MediaType::Text),
            (b"MZ is de afkorting van medezeggenschap", MediaType::Text),
            (b"#!/bin/sh\necho klaar\n", MediaType::Text),
            (b"\x7fELF\x02\x01\x01\0", MediaType::Unknown),
            (b"MZ\x90\0", MediaType::Unknown),
            (b"a\0b", MediaType::Unknown),
            (b"\xff\xfea", MediaType::Unknown),
        ] {
            let found = MediaType::sniff(bytes).expect("taken");
            assert_eq!(found, kind, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn images_that_keep_their_secrets_are_not_taken() {
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0heic\0\0\0\0";
        let hevx = b"\0\0\0\x18ftypmif1\0\0\0\0miaf\0\0\0\0";
        let tiff = b"II*\0\x08\0\0\0\x01\0\0\x01";
        for bytes in [&tiff[..], b"II*\0", b"BM\x46\0\0\0\0\0\0\0", heic, hevx] {
            assert_eq!(MediaType::sniff(bytes).map_err(|fault| fault.code), Err("image_kind"));
        }
    }
}
