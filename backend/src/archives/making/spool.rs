//! Text that waits on disk until the entry that it belongs to is written.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Seek as _, Write};
use std::path::Path;

/// A nameless file that is written, read, and written again.
pub struct Spool {
    file: BufWriter<File>,
    length: u64,
}

impl Spool {
    pub fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            file: BufWriter::new(tempfile::tempfile_in(folder)?),
            length: 0,
        })
    }

    pub fn push(&mut self, text: &str) -> io::Result<()> {
        self.length += text.len() as u64;
        self.file.write_all(text.as_bytes())
    }

    /// Everything so far, from its beginning.
    pub fn read(&mut self) -> io::Result<impl BufRead + '_> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.rewind()?;
        // What was there before reaches further, perhaps.
        Ok(BufReader::new((&*file).take(self.length)))
    }

    /// Begins anew.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_mut().rewind()?;
        self.length = 0;
        Ok(())
    }
}

/// A place in a page where something is put that waited.
pub fn mark(name: &str) -> String {
    format!("<!--{name}-->")
}

/// Writes a page with what waited in its places, which stand in this order in it.
pub fn fill(to: &mut impl Write, page: &str, waited: &mut [(&str, &mut Spool)]) -> io::Result<()> {
    let mut rest = page;
    for (name, spool) in waited {
        if let Some((before, after)) = rest.split_once(&mark(name)) {
            to.write_all(before.as_bytes())?;
            io::copy(&mut spool.read()?, to)?;
            rest = after;
        }
    }
    to.write_all(rest.as_bytes())
}
