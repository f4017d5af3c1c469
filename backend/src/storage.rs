//! Where files are kept: a local folder, or a bucket of an S3 service, by configuration. Nothing here knows what
//! the files are.
//!
//! Invariants: a file is never whole in memory, on the way in or out; it is there whole or not at all.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::ops::Range;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _};
use tokio::io::AsyncWriteExt as _;

use crate::error::{Error, Result};

/// S3 takes parts of 5 MiB and more, the last one excepted.
const S3_PART: usize = 5 * 1024 * 1024;

/// How much of a local file is in memory at once.
const LOCAL_PART: usize = 256 * 1024;

/// A piece of a file on its way out.
pub type Piece = std::result::Result<Bytes, object_store::Error>;

/// The place for files; cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    part: usize,
    /// Where that is a local folder.
    folder: Option<PathBuf>,
}

impl Storage {
    /// Opens `file:FOLDER` (made where it is missing) or `s3://BUCKET[/PREFIX]`, whose keys, region and endpoint
    /// come from the `AWS_*` environment.
    pub fn open(url: &str) -> anyhow::Result<Self> {
        match url.strip_prefix("s3://") {
            Some(bucket) => Self::bucket(bucket),
            None => {
                let folder = url.trim_start_matches("file:");
                Self::folder(Folder::new(folder.strip_prefix("//").unwrap_or(folder)))
            }
        }
    }

    fn folder(folder: &Folder) -> anyhow::Result<Self> {
        let told = || format!("storage_url (or KRING_STORAGE_URL): {} cannot be used", folder.display());
        std::fs::create_dir_all(folder).with_context(told)?;
        // An acknowledged file survives power loss, as an acknowledged row does.
        let store = LocalFileSystem::new_with_prefix(folder).with_context(told)?.with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
            part: LOCAL_PART,
            folder: Some(folder.to_owned()),
        })
    }

    fn bucket(name: &str) -> anyhow::Result<Self> {
        let (bucket, prefix) = name.split_once('/').unwrap_or((name, ""));
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .build()
            .with_context(|| format!("storage_url (or KRING_STORAGE_URL): s3://{bucket} cannot be used"))?;
        let store: Arc<dyn ObjectStore> = match prefix.trim_matches('/') {
            "" => Arc::new(store),
            prefix => Arc::new(PrefixStore::new(store, prefix)),
        };
        Ok(Self { store, part: S3_PART, folder: None })
    }

    /// Keeps what is in `file` from where it stands, under `key`.
    pub async fn put(&self, key: &str, file: File) -> Result<()> {
        let mut writer =
            BufWriter::with_capacity(self.store.clone(), Path::from(key), self.part).with_max_concurrency(1);
        let mut file = Some(file);
        while let Some(open) = file.take() {
            let part = self.part as u64;
            let (piece, open) = blocking(move || {
                let mut piece = Vec::new();
                (&open).take(part).read_to_end(&mut piece)?;
                Ok((piece, open))
            })
            .await?;
            if !piece.is_empty() {
                writer.put(piece.into()).await.map_err(unavailable)?;
                file = Some(open);
            }
        }
        writer.shutdown().await.map_err(unavailable)
    }

    /// These bytes of the file under `key`, piece by piece.
    pub async fn get(&self, key: &str, range: Range<u64>) -> Result<BoxStream<'static, Piece>> {
        let range = Some(GetRange::Bounded(range));
        self.read(key, GetOptions { range, ..GetOptions::default() }).await
    }

    /// The file under `key`, piece by piece.
    pub async fn whole(&self, key: &str) -> Result<BoxStream<'static, Piece>> {
        self.read(key, GetOptions::default()).await
    }

    /// The file under `key` where it is there, piece by piece.
    pub async fn found(&self, key: &str) -> Result<Option<BoxStream<'static, Piece>>> {
        match self.store.get_opts(&Path::from(key), GetOptions::default()).await {
            Ok(found) => Ok(Some(found.into_stream().boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(unavailable(cause)),
        }
    }

    async fn read(&self, key: &str, options: GetOptions) -> Result<BoxStream<'static, Piece>> {
        match self.store.get_opts(&Path::from(key), options).await {
            Ok(found) => Ok(found.into_stream().boxed()),
            Err(cause @ object_store::Error::NotFound { .. }) => Err(Error::Internal(cause.into())),
            Err(cause) => Err(unavailable(cause)),
        }
    }

    /// Copies the file under `from` to `to`, without reading it; false where there is none.
    pub async fn copy(&self, from: &str, to: &str) -> Result<bool> {
        match self.store.copy(&Path::from(from), &Path::from(to)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(cause) => Err(unavailable(cause)),
        }
    }

    /// A copy of the file under `key`, at its beginning, in a nameless place in `folder`.
    pub async fn fetch(&self, key: &str, folder: &Folder) -> Result<File> {
        let folder = folder.to_owned();
        let mut copy = blocking(move || {
            std::fs::create_dir_all(&folder)?;
            tempfile::tempfile_in(folder)
        })
        .await?;
        let mut pieces = self.whole(key).await?;
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(unavailable)?;
            copy = blocking(move || copy.write_all(&piece).map(|()| copy)).await?;
        }
        blocking(move || copy.rewind().map(|()| copy)).await
    }

    /// Removes the file under `key`; one that is not there is removed already.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(cause) => Err(unavailable(cause)),
        }
    }

    /// Removes the file under `key`, also where whoever wrote it died in the middle. Buckets remove pieces of uploads by a
    /// rule of their own.
    pub async fn delete_with_pieces(&self, key: &str) -> Result<()> {
        self.delete(key).await?;
        match &self.folder {
            None => Ok(()),
            Some(folder) => {
                let file = folder.join(key);
                blocking(move || remove_pieces(&file)).await
            }
        }
    }
}

/// Removes what was begun of a file: it has the file's name, a `#` and a number.
fn remove_pieces(file: &Folder) -> std::io::Result<()> {
    let begun = format!("{}#", file.file_name().unwrap_or_default().to_string_lossy());
    let Some(Ok(beside)) = file.parent().map(std::fs::read_dir) else { return Ok(()) };
    for entry in beside {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&begun) {
            match std::fs::remove_file(entry.path()) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
                _ => {}
            }
        }
    }
    Ok(())
}

fn unavailable(cause: impl Into<anyhow::Error>) -> Error {
    Error::Unavailable(cause.into())
}

/// Does `work` with files off the request threads. A full or failing disk is a 503.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(unavailable)
}
