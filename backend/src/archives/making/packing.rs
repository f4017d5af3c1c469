//! The file that an archive is written to: nameless, with the checksum of all of it.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};

use kring_archive::Writer;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::error::{Error, Result};
use crate::web::extract::hex;

/// An archive that is being written.
pub type Zip = Writer<Digesting>;

/// An archive that was written: the file, at its beginning.
pub struct Packed {
    pub file: File,
    pub size: u64,
    pub sha256: String,
}

/// Begins an archive, in the folder where files wait.
pub fn begin(app: &App) -> Result<Zip> {
    let folder = app.waiting_room();
    std::fs::create_dir_all(&folder)?;
    let to = Digesting {
        to: BufWriter::new(tempfile::tempfile_in(&folder)?),
        digest: Sha256::new(),
    };
    Ok(Writer::new(to, &folder)?)
}

/// Passes bytes on, and keeps the checksum of all of them.
pub struct Digesting {
    to: BufWriter<File>,
    digest: Sha256,
}

impl Digesting {
    /// Everything is written.
    pub fn end(self) -> Result<Packed> {
        let mut file = self.to.into_inner().map_err(|cause| Error::from(cause.into_error()))?;
        let size = file.stream_position()?;
        file.rewind()?;
        Ok(Packed { file, size, sha256: hex(&self.digest.finalize()) })
    }
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.to.write(bytes)?;
        self.digest.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
