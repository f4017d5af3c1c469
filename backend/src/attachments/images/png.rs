//! PNG (W3C PNG, third edition): chunks, each with a length, a type and a checksum.

use std::io::{self, BufRead, Write};

use super::{Orientation, Seen, copy_exactly, damaged, size, take};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Optional chunks that decide how the picture looks. The rest are words, times and what applications put there.
const SHOWN: &[&[u8; 4]] = &[
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST",
    b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// An EXIF chunk longer than this is not searched for the orientation.
const EXIF_MOST: u32 = 1024 * 1024;

pub fn clean(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Seen> {
    if take(from)? != SIGNATURE {
        return Err(damaged("it does not begin as a PNG"));
    }
    to.write_all(&SIGNATURE)?;
    let mut seen = Seen::default();
    loop {
        let length = u32::from_be_bytes(take(from)?);
        let kind: [u8; 4] = take(from)?;
        let known = matches!(&kind, b"IHDR" | b"PLTE" | b"IDAT" | b"IEND") || SHOWN.contains(&&kind);
        match &kind {
            _ if (&kind == b"IHDR") != seen.dimensions.is_none() => {
                return Err(damaged("its header is not where it belongs"));
            }
            b"IHDR" if length == 13 => {
                let header: [u8; 17] = take(from)?;
                let side = |at: usize| {
                    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
                };
                seen.dimensions = Some(size(side(0), side(4)).ok_or_else(|| damaged("it has no size"))?);
                to.write_all(&length.to_be_bytes())?;
                to.write_all(&kind)?;
                to.write_all(&header)?;
            }
            b"eXIf" if length <= EXIF_MOST && seen.orientation.is_none() => {
                let mut exif = vec![0; length as usize];
                from.read_exact(&mut exif)?;
                let _checksum: [u8; 4] = take(from)?;
                seen.orientation = Orientation::of_exif(&exif);
                if let Some(turned) = seen.orientation {
                    chunk(to, &kind, &turned.exif())?;
                }
            }
            _ if known => {
                to.write_all(&length.to_be_bytes())?;
                to.write_all(&kind)?;
                copy_exactly(from, to, u64::from(length) + 4)?;
            }
            _ => copy_exactly(from, &mut io::sink(), u64::from(length) + 4)?,
        }
        if &kind == b"IEND" {
            return Ok(seen);
        }
    }
}

fn chunk(to: &mut impl Write, kind: &[u8; 4], contents: &[u8]) -> io::Result<()> {
    to.write_all(&(contents.len() as u32).to_be_bytes())?;
    to.write_all(kind)?;
    to.write_all(contents)?;
    to.write_all(&checksum(kind.iter().chain(contents)).to_be_bytes())
}

/// CRC-32 as PNG has it (annex D). Of a few bytes: no table.
pub(super) fn checksum<'b>(bytes: impl Iterator<Item = &'b u8>) -> u32 {
    !bytes.fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}
