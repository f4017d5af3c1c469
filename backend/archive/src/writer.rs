//! Making an archive, entry by entry, from whatever the caller reads page by page.
//!
//! The order of calls is the order of entries; it is the caller's to keep it the same. The lists that grow with the
//! archive (the directory, the checksums) wait on disk.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek as _, Write};
use std::path::Path;

use serde::Serialize;

use crate::schema::Schema;
use crate::types::*;
use crate::zip::write::{EntryWriter, Written, ZipWriter};

/// An archive that is being made.
#[derive(Debug)]
pub struct Writer<W: Write> {
    zip: ZipWriter<W>,
    checksums: BufWriter<File>,
}

impl<W: Write> Writer<W> {
    /// What grows waits in nameless files in `folder`.
    pub fn new(to: W, folder: &Path) -> io::Result<Self> {
        Ok(Self {
            zip: ZipWriter::new(to, folder)?,
            checksums: BufWriter::new(tempfile::tempfile_in(folder)?),
        })
    }

    /// An entry of text, whole.
    pub fn text(&mut self, name: &str, of: &Moment, text: &str) -> io::Result<()> {
        self.entry(name, of, false, |entry| entry.write_all(text.as_bytes())).map(|_| ())
    }

    /// An entry of JSON, whole, laid out to be read.
    pub fn json(&mut self, name: &str, of: &Moment, value: &impl Serialize) -> io::Result<()> {
        self.entry(name, of, false, |entry| {
            serde_json::to_writer_pretty(&mut *entry, value)?;
            entry.write_all(b"\n")
        })
        .map(|_| ())
    }

    /// An entry of JSON with a head and lists behind it, which `fill` writes item by item.
    pub fn list<E: From<io::Error>>(
        &mut self,
        name: &str,
        of: &Moment,
        head: &impl Serialize,
        fill: impl FnOnce(&mut ListWriter<'_, '_, W>) -> Result<(), E>,
    ) -> Result<(), E> {
        let head = serde_json::to_string_pretty(head).map_err(io::Error::from)?;
        let mut outcome = Ok(());
        self.entry(name, of, false, |entry| {
            // The closing brace comes after the lists.
            let open = head.trim_end_matches('}').trim_end();
            entry.write_all(open.as_bytes())?;
            let mut lists = ListWriter { entry, comma: open.len() > 1, open: false, items: 0 };
            outcome = fill(&mut lists);
            lists.close()?;
            entry.write_all(b"\n}\n")
        })?;
        outcome
    }

    /// An entry of bytes, from `bytes`. What is packed already (a photo, another ZIP) is kept as it is.
    pub fn file(&mut self, name: &str, of: &Moment, packed: bool, bytes: &mut dyn Read) -> io::Result<u64> {
        let written = self.entry(name, of, packed, |entry| io::copy(bytes, entry).map(|_| ()))?;
        Ok(written.size)
    }

    /// An entry that `fill` writes.
    pub fn entry(
        &mut self,
        name: &str,
        of: &Moment,
        packed: bool,
        fill: impl FnOnce(&mut EntryWriter<'_, W>) -> io::Result<()>,
    ) -> io::Result<Written> {
        let mut entry = self.zip.entry(name, of, packed)?;
        fill(&mut entry)?;
        let written = entry.finish()?;
        let digits: String = written.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(self.checksums, "{digits}  {name}")?;
        Ok(written)
    }

    /// The schemas of what stands in the archive.
    pub fn schemas(&mut self, of: &Moment, schemas: &[Schema]) -> io::Result<()> {
        for schema in schemas {
            self.text(&format!("schemas/{}", schema.file_name()), of, schema.text)?;
        }
        Ok(())
    }

    /// Writes the manifest and the checksums, and gives back what it all was written to.
    pub fn finish(self, manifest: &Manifest) -> io::Result<W> {
        self.finish_as(&manifest.made_at, manifest)
    }

    /// The same with a manifest of another kind of archive.
    pub fn finish_as(mut self, made_at: &Moment, manifest: &impl Serialize) -> io::Result<W> {
        self.json("manifest.json", made_at, manifest)?;
        let mut checksums = self.checksums.into_inner().map_err(io::IntoInnerError::into_error)?;
        checksums.rewind()?;
        let mut entry = self.zip.entry("checksums.sha256", made_at, false)?;
        io::copy(&mut BufReader::new(checksums), &mut entry)?;
        entry.finish()?;
        self.zip.finish()
    }
}

/// Lists at the end of a JSON object.
#[derive(Debug)]
pub struct ListWriter<'l, 'z, W: Write> {
    entry: &'l mut EntryWriter<'z, W>,
    /// Does something stand before what comes next?
    comma: bool,
    open: bool,
    items: u64,
}

impl<W: Write> ListWriter<'_, '_, W> {
    /// Begins a list; the one before it ends.
    pub fn begin(&mut self, name: &str) -> io::Result<()> {
        self.close()?;
        write!(self.entry, "{}\n  \"{name}\": [", if self.comma { "," } else { "" })?;
        (self.comma, self.open, self.items) = (true, true, 0);
        Ok(())
    }

    /// Adds to the list that was begun, a line an item.
    pub fn item(&mut self, item: &impl Serialize) -> io::Result<()> {
        self.entry.write_all(if self.items > 0 { b",\n    " } else { b"\n    " })?;
        self.items += 1;
        serde_json::to_writer(&mut *self.entry, item)?;
        Ok(())
    }

    /// Adds items that were written before, one a line.
    pub fn lines(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            if from.read_line(&mut line)? == 0 {
                return Ok(());
            }
            self.entry.write_all(if self.items > 0 { b",\n    " } else { b"\n    " })?;
            self.items += 1;
            self.entry.write_all(line.trim_end().as_bytes())?;
        }
    }

    fn close(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.open) {
            self.entry.write_all(if self.items > 0 { b"\n  ]" } else { b"]" })?;
        }
        Ok(())
    }
}

/// A label of `most` characters at most that is a good name for a file on every system: letters and digits of any
/// script, points, hyphens and underscores.
pub fn safe_name(label: &str, most: usize) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let mut name = String::new();
    for c in label.chars().take(most) {
        let c = if fits(c) { c } else { '-' };
        if c != '-' || !name.ends_with('-') {
            name.push(c);
        }
    }
    // Systems hide what begins with a point, and cut what ends with one.
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() { "x".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_safe_name_says_what_it_can_and_leads_nowhere() {
        for (label, name) in [
            ("Plan voor één halte.docx", "Plan-voor-één-halte.docx"),
            ("../../etc/passwd", "etc-passwd"),
            ("C:\\con: <aux>?.txt", "C-con-aux-.txt"),
            ("...", "x"),
            ("", "x"),
        ] {
            assert_eq!(safe_name(label, 80), name, "{label}");
        }
        assert_eq!(safe_name(&"é".repeat(300), 80).chars().count(), 80);
    }
}
