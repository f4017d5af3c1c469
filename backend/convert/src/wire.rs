//! How the process that converts tells the one that asked: a line of JSON, then the bytes of the images.

use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use crate::{Converted, Folder, Outcome, Refusal, Result};

/// Most bytes of the line: a document of the greatest length, escaped, is a tenth of it.
const HEAD: u64 = 64 * 1024 * 1024;

/// What is told.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Document { document: Converted, sizes: Vec<u64> },
    Folder(Folder),
    Words(String),
    Refused(Refusal),
}

/// Tells what became of a file.
pub fn tell(outcome: Result<Outcome>, to: impl Write) -> io::Result<()> {
    match outcome {
        Ok(Outcome::Document(mut document)) => {
            // Told behind the line; a second copy of all images is more than there may be room for.
            let images: Vec<Vec<u8>> =
                document.images.iter_mut().map(|image| std::mem::take(&mut image.bytes)).collect();
            let sizes = images.iter().map(|bytes| bytes.len() as u64).collect();
            let mut to = head(&Told::Document { document, sizes }, to)?;
            images.iter().try_for_each(|bytes| to.write_all(bytes))?;
            to.flush()
        }
        Ok(Outcome::Folder(folder)) => head(&Told::Folder(folder), to)?.flush(),
        Err(refusal) => head(&Told::Refused(refusal), to)?.flush(),
    }
}

/// Tells the words of a file.
pub fn tell_words(words: Result<String>, to: impl Write) -> io::Result<()> {
    head(&words.map_or_else(Told::Refused, Told::Words), to)?.flush()
}

fn head<W: Write>(told: &Told, mut to: W) -> io::Result<W> {
    serde_json::to_writer(&mut to, told)?;
    to.write_all(b"\n")?;
    Ok(to)
}

/// Hears what became of a file. What cannot be understood is an error: the process that told it is no good.
pub fn hear(mut from: impl BufRead) -> io::Result<Result<Outcome>> {
    Ok(match heard(&mut from)? {
        Told::Document { mut document, sizes } => {
            let odd = || io::Error::new(io::ErrorKind::InvalidData, "images do not fit their sizes");
            if sizes.len() != document.images.len() {
                return Err(odd());
            }
            for (image, size) in document.images.iter_mut().zip(sizes) {
                from.by_ref().take(size).read_to_end(&mut image.bytes)?;
                if image.bytes.len() as u64 != size {
                    return Err(odd());
                }
            }
            Ok(Outcome::Document(document))
        }
        Told::Folder(folder) => Ok(Outcome::Folder(folder)),
        Told::Refused(refusal) => Err(refusal),
        Told::Words(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "words were not asked for")),
    })
}

/// Hears the words of a file.
pub fn hear_words(mut from: impl BufRead) -> io::Result<Result<String>> {
    match heard(&mut from)? {
        Told::Words(words) => Ok(Ok(words)),
        Told::Refused(refusal) => Ok(Err(refusal)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "only words were asked for")),
    }
}

fn heard(from: &mut impl BufRead) -> io::Result<Told> {
    let mut line = Vec::new();
    from.take(HEAD).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line)?)
}
