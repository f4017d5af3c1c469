//! JPEG (ITU-T T.81): segments, each with a marker and a length, and scans of coded data between them.

use std::io::{self, BufRead, Write};

use super::{Orientation, Seen, damaged, size, take};

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;

pub fn clean(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Seen> {
    if take(from)? != [0xFF, SOI] {
        return Err(damaged("it does not begin as a JPEG"));
    }
    to.write_all(&[0xFF, SOI])?;
    let mut seen = Seen::default();
    let mut marker = next_marker(from)?;
    loop {
        marker = match marker {
            // Whatever comes after the end is another picture, a film or a secret.
            EOI => break,
            0x01 | 0xD0..=0xD8 => next_marker(from)?,
            SOS => {
                segment(to, SOS, &contents(from)?)?;
                match scan(from, to)? {
                    Some(marker) => marker,
                    // Broken off; what is there can be shown.
                    None => break,
                }
            }
            other => {
                let contents = contents(from)?;
                keep(to, other, &contents, &mut seen)?;
                next_marker(from)?
            }
        };
    }
    to.write_all(&[0xFF, EOI])?;
    Ok(seen)
}

/// Writes what makes the picture; of the rest, the orientation where EXIF stood.
fn keep(to: &mut impl Write, marker: u8, contents: &[u8], seen: &mut Seen) -> io::Result<()> {
    match marker {
        // Without the thumbnail, which may show what was cut off.
        APP0 if contents.starts_with(b"JFIF\0") && contents.len() >= 14 => {
            let mut jfif = contents[..14].to_vec();
            jfif[12..].fill(0);
            segment(to, APP0, &jfif)
        }
        APP1 if contents.starts_with(b"Exif\0\0") && seen.orientation.is_none() => {
            seen.orientation = Orientation::of_exif(&contents[6..]);
            match seen.orientation {
                Some(turned) => segment(to, APP1, &[b"Exif\0\0", &turned.exif()[..]].concat()),
                None => Ok(()),
            }
        }
        APP2 if contents.starts_with(b"ICC_PROFILE\0") => segment(to, APP2, contents),
        // How colours are coded.
        APP14 if contents.starts_with(b"Adobe") => segment(to, APP14, contents),
        // Frames and tables: how the picture is coded.
        0xC0..=0xCF | 0xDB..=0xDF => {
            if is_frame(marker) && contents.len() >= 5 && seen.dimensions.is_none() {
                let side = |at: usize| u32::from(u16::from_be_bytes([contents[at], contents[at + 1]]));
                seen.dimensions = size(side(3), side(1));
            }
            segment(to, marker, contents)
        }
        // Comments, what applications put there, and whatever no viewer needs.
        _ => Ok(()),
    }
}

/// SOF0 to SOF15; DHT, JPG and DAC stand between them.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

fn next_marker(from: &mut impl BufRead) -> io::Result<u8> {
    let [mut byte] = take(from)?;
    // Stray bytes between segments are passed over, as every viewer does.
    while byte != 0xFF {
        [byte] = take(from)?;
    }
    while byte == 0xFF {
        [byte] = take(from)?;
    }
    Ok(byte)
}

fn contents(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let length = usize::from(u16::from_be_bytes(take(from)?));
    let length = length.checked_sub(2).ok_or_else(|| damaged("a segment has no length"))?;
    let mut contents = vec![0; length];
    from.read_exact(&mut contents)?;
    Ok(contents)
}

fn segment(to: &mut impl Write, marker: u8, contents: &[u8]) -> io::Result<()> {
    // Read with a length that fits, and never made longer.
    let length = u16::try_from(contents.len() + 2).map_err(|_| damaged("a segment is too long"))?;
    to.write_all(&[0xFF, marker])?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(contents)
}

/// Coded data up to the next marker, which it returns; none at the end of the file.
fn scan(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Option<u8>> {
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let plain = buffer.iter().position(|byte| *byte == 0xFF).unwrap_or(buffer.len());
        to.write_all(&buffer[..plain])?;
        let found = plain < buffer.len();
        from.consume(plain);
        if !found {
            continue;
        }
        from.consume(1);
        let mut byte = 0xFF;
        while byte == 0xFF {
            let Some(next) = from.fill_buf()?.first().copied() else { return Ok(None) };
            from.consume(1);
            byte = next;
        }
        match byte {
            // A coded 0xFF, or a place to start again: part of the data.
            0x00 | 0xD0..=0xD7 => to.write_all(&[0xFF, byte])?,
            marker => return Ok(Some(marker)),
        }
    }
}
