//! GIF (GIF89a): a screen, then blocks, each with an introducer, of pieces that tell their length.

use std::io::{self, BufRead, Write};

use super::{Seen, copy_exactly, damaged, size, take};

const IMAGE: u8 = 0x2C;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3B;

// Labels of extensions.
const CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;

/// Applications whose extension says how often a film plays. Those of others are XMP, colours and what programs leave.
const LOOPS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

pub fn clean(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Seen> {
    let head: [u8; 13] = take(from)?;
    if !matches!(&head[..6], b"GIF87a" | b"GIF89a") {
        return Err(damaged("it does not begin as a GIF"));
    }
    to.write_all(&head)?;
    copy_exactly(from, to, table(head[10]))?;
    // How the next picture comes on: without it, it would say nothing.
    let mut control: Option<Vec<u8>> = None;
    // Whatever is no block ends the film, as it does for every viewer; so does its end where it was broken off.
    while let Some(introducer) = introducer(from)? {
        match introducer {
            IMAGE => {
                to.write_all(&control.take().unwrap_or_default())?;
                image(from, to)?;
            }
            EXTENSION => {
                let [label] = take(from)?;
                let pieces = pieces(from)?;
                match label {
                    CONTROL => {
                        control = pieces
                            .first()
                            .filter(|piece| piece.len() == 4)
                            .map(|piece| extension(label, &[piece]))
                    }
                    APPLICATION => repeat(to, &pieces)?,
                    _ => {}
                }
            }
            _ => break,
        }
    }
    to.write_all(&[TRAILER])?;
    let side = |at: usize| u32::from(u16::from_le_bytes([head[at], head[at + 1]]));
    Ok(Seen { dimensions: size(side(6), side(8)), orientation: None })
}

fn introducer(from: &mut impl BufRead) -> io::Result<Option<u8>> {
    let next = from.fill_buf()?.first().copied();
    from.consume(usize::from(next.is_some()));
    Ok(next.filter(|byte| *byte != TRAILER))
}

/// How long the table of colours is that these flags announce.
fn table(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn image(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    let place: [u8; 9] = take(from)?;
    to.write_all(&[IMAGE])?;
    to.write_all(&place)?;
    // Its colours, and how many bits a coded one has at least.
    copy_exactly(from, to, table(place[8]) + 1)?;
    loop {
        let [length] = take(from)?;
        to.write_all(&[length])?;
        copy_exactly(from, to, u64::from(length))?;
        if length == 0 {
            return Ok(());
        }
    }
}

/// Keeps how often the film plays.
fn repeat(to: &mut impl Write, pieces: &[Vec<u8>]) -> io::Result<()> {
    let Some((application, told)) = pieces.split_first() else { return Ok(()) };
    let count = told.iter().find(|piece| piece.len() == 3 && piece[0] == 1);
    match count {
        Some(count) if LOOPS.contains(&application.as_slice()) => {
            to.write_all(&extension(APPLICATION, &[application, count]))
        }
        _ => Ok(()),
    }
}

fn extension(label: u8, pieces: &[&Vec<u8>]) -> Vec<u8> {
    let mut block = vec![EXTENSION, label];
    for piece in pieces {
        block.push(piece.len() as u8); // read with a length of one byte
        block.extend_from_slice(piece);
    }
    block.push(0);
    block
}

/// The first pieces of an extension, and it is read to its end: no more than four are of use, and a maker's words can
/// be long.
fn pieces(from: &mut impl BufRead) -> io::Result<Vec<Vec<u8>>> {
    let mut pieces = Vec::new();
    loop {
        let [length] = take(from)?;
        if length == 0 {
            return Ok(pieces);
        }
        let mut piece = vec![0; usize::from(length)];
        from.read_exact(&mut piece)?;
        if pieces.len() < 4 {
            pieces.push(piece);
        }
    }
}
