//! Photos without what they say about who took them, where and with what.
//!
//! An image is read once, part by part, and written again with only the parts that make the picture: what is not
//! known to belong to it is left out, so a new kind of metadata does not slip through. EXIF, XMP, IPTC, comments,
//! embedded thumbnails, and second pictures or films behind the first all go. Of EXIF one number comes back, the
//! orientation: a phone stores a photo as its sensor lay, and without it the photo lies on its side.

mod gif;
mod jpeg;
mod png;
mod webp;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, Write as _};

/// How wide and high an image is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    pub width: u32,
    pub height: u32,
}

/// What was read of an image on the way.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    dimensions: Option<Dimensions>,
    orientation: Option<Orientation>,
}

/// How a picture is to be turned, by TIFF's tag 274: 2 to 8. 1, upright, need not be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Orientation(u8);

/// A kind of image whose parts are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    Jpeg,
    Png,
    WebP,
    Gif,
}

/// Writes the image `from` to `to` without metadata, and tells how large it is when shown. An image that is no whole
/// image is [`io::ErrorKind::InvalidData`].
pub fn clean(kind: ImageKind, from: &mut File, to: &mut File) -> io::Result<Dimensions> {
    from.rewind()?;
    let (mut reader, mut writer) = (BufReader::new(&mut *from), BufWriter::new(&mut *to));
    let seen = match kind {
        ImageKind::Jpeg => jpeg::clean(&mut reader, &mut writer),
        ImageKind::Png => png::clean(&mut reader, &mut writer),
        ImageKind::WebP => webp::clean(&mut reader, &mut writer),
        ImageKind::Gif => gif::clean(&mut reader, &mut writer),
    };
    let seen = seen.map_err(|cause| match cause.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it ends too soon"),
        _ => cause,
    })?;
    writer.flush()?;
    let Dimensions { width, height } = seen.dimensions.ok_or_else(|| damaged("it has no size"))?;
    Ok(match seen.orientation {
        Some(turned) if turned.swaps_sides() => Dimensions { width: height, height: width },
        _ => Dimensions { width, height },
    })
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn size(width: u32, height: u32) -> Option<Dimensions> {
    (width > 0 && height > 0).then_some(Dimensions { width, height })
}

/// Exactly `count` bytes from one to the other.
fn copy_exactly(from: &mut impl Read, to: &mut impl io::Write, count: u64) -> io::Result<()> {
    if io::copy(&mut from.take(count), to)? == count {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// The next `N` bytes.
fn take<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

impl Orientation {
    /// Reads tag 274 of the first directory of a TIFF structure, which is what EXIF is.
    fn of_exif(tiff: &[u8]) -> Option<Self> {
        let little = match tiff.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let short = |at: usize| {
            let pair = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
            Some(if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            })
        };
        let four = tiff.get(4..8)?.try_into().ok()?;
        let directory = if little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        } as usize;
        let entries = usize::from(short(directory)?);
        (0..entries).find_map(|number| {
            let entry = directory.checked_add(2 + number * 12)?;
            // Tag 274, type SHORT, its value in the entry itself.
            let found = short(entry)? == 274 && short(entry + 2)? == 3;
            let value = short(entry + 8)?;
            (found && (2..=8).contains(&value)).then_some(Self(value as u8))
        })
    }

    /// The least EXIF that says this and nothing else.
    fn exif(self) -> [u8; 26] {
        let mut tiff = *b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0";
        tiff[18] = self.0;
        tiff
    }

    /// 5 to 8 lie on their side.
    fn swaps_sides(self) -> bool {
        self.0 >= 5
    }
}

#[cfg(test)]
mod tests;
