//! WebP (RFC 9649): a RIFF of chunks, whose length stands at the front. So the chunks are listed first.

use std::io::{self, BufRead, Seek, SeekFrom, Write};

use super::{Orientation, Seen, damaged, size, take};

/// Chunks that make the picture. EXIF and XMP are not among them, nor anything unknown.
const SHOWN: &[&[u8; 4]] = &[b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// An EXIF chunk longer than this is not searched for the orientation.
const EXIF_MOST: u32 = 1024 * 1024;

// Flags of VP8X.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

struct Chunk {
    kind: [u8; 4],
    /// Where its contents begin.
    start: u64,
    length: u32,
}

impl Chunk {
    /// Contents are filled up to an even length.
    fn padded(&self) -> u64 {
        u64::from(self.length) + u64::from(self.length & 1)
    }
}

pub fn clean(from: &mut (impl BufRead + Seek), to: &mut impl Write) -> io::Result<Seen> {
    let mut chunks = list(from)?;
    let mut seen = Seen::default();
    let exif = chunks.iter().find(|chunk| &chunk.kind == b"EXIF" && chunk.length <= EXIF_MOST);
    if let Some(exif) = exif {
        from.seek(SeekFrom::Start(exif.start))?;
        let mut bytes = vec![0; exif.length as usize];
        from.read_exact(&mut bytes)?;
        // Some writers put JPEG's prefix before it.
        seen.orientation = Orientation::of_exif(bytes.strip_prefix(b"Exif\0\0").unwrap_or(&bytes));
    }
    chunks.retain(|chunk| SHOWN.contains(&&chunk.kind));
    let first = chunks.first().ok_or_else(|| damaged("it has no picture"))?;
    let extended = &first.kind == b"VP8X";
    // Only an extended file can carry EXIF.
    let turned = seen.orientation.take_if(|_| extended).map(Orientation::exif);
    seen.orientation = turned.and_then(|exif| Orientation::of_exif(&exif));
    let kept: u64 = chunks.iter().map(|chunk| 8 + chunk.padded()).sum();
    let length = 4 + kept + turned.map_or(0, |exif| 8 + exif.len() as u64);
    let length = u32::try_from(length).map_err(|_| damaged("it is too long for its kind"))?;
    to.write_all(b"RIFF")?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(b"WEBP")?;
    for chunk in &chunks {
        from.seek(SeekFrom::Start(chunk.start))?;
        to.write_all(&chunk.kind)?;
        to.write_all(&chunk.length.to_le_bytes())?;
        let mut rest = chunk.padded();
        if seen.dimensions.is_none() {
            rest -= head(from, to, chunk, turned.is_some(), &mut seen)?;
        }
        // The last chunk's filling may be missing; then it is made.
        let there = io::copy(&mut io::Read::take(&mut *from, rest), to)?;
        to.write_all(&[0][..usize::from(there + 1 == rest)])?;
    }
    if let Some(exif) = turned {
        to.write_all(b"EXIF")?;
        to.write_all(&(exif.len() as u32).to_le_bytes())?;
        to.write_all(&exif)?;
    }
    Ok(seen)
}

fn list(from: &mut (impl BufRead + Seek)) -> io::Result<Vec<Chunk>> {
    let end = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(0))?;
    let riff: [u8; 4] = take(from)?;
    let length = u64::from(u32::from_le_bytes(take(from)?));
    if &riff != b"RIFF" || &take::<4>(from)? != b"WEBP" {
        return Err(damaged("it does not begin as a WebP"));
    }
    let end = end.min(8 + length);
    let (mut chunks, mut at) = (Vec::new(), 12);
    while at + 8 <= end {
        from.seek(SeekFrom::Start(at))?;
        let chunk = Chunk {
            kind: take(from)?,
            length: u32::from_le_bytes(take(from)?),
            start: at + 8,
        };
        if chunk.start + u64::from(chunk.length) > end {
            return Err(damaged("it ends too soon"));
        }
        at = chunk.start + chunk.padded();
        chunks.push(chunk);
    }
    Ok(chunks)
}

/// Copies the head of the chunk that tells the size, and returns how many bytes that were.
fn head(
    from: &mut impl BufRead,
    to: &mut impl Write,
    chunk: &Chunk,
    turned: bool,
    seen: &mut Seen,
) -> io::Result<u64> {
    if chunk.length < 10 {
        return Ok(0);
    }
    let mut head: [u8; 10] = take(from)?;
    let short = |at: usize| u32::from(u16::from_le_bytes([head[at], head[at + 1]]));
    seen.dimensions = match &chunk.kind {
        b"VP8X" => size((short(4) | u32::from(head[6]) << 16) + 1, (short(7) | u32::from(head[9]) << 16) + 1),
        b"VP8 " if head[3..6] == [0x9D, 0x01, 0x2A] => size(short(6) & 0x3FFF, short(8) & 0x3FFF),
        b"VP8L" if head[0] == 0x2F => {
            let bits = short(1) | short(3) << 16;
            size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        _ => None,
    };
    if &chunk.kind == b"VP8X" {
        head[0] &= !(HAS_EXIF | HAS_XMP);
        head[0] |= if turned { HAS_EXIF } else { 0 };
    }
    to.write_all(&head)?;
    Ok(10)
}
