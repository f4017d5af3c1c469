//! Reading `multipart/form-data` (RFC 7578): short texts into memory, one file to disk as it comes in.

use std::collections::BTreeMap;
use std::fs::File;
use std::future::{Ready, ready};
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};

use actix_multipart::{Field as Part, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};

use super::extract::{hex, idempotency_key};
use super::{Field, Fields, IdempotencyKey};
use crate::error::{Code, Error, Fault, Result};
use crate::storage::blocking;

/// Most bytes of one text.
const TEXT_LIMIT: usize = 64 * 1024;

/// Most parts of one form.
const PARTS: usize = 20;

/// How much of a file is gathered before it is written.
const GATHERED: usize = 128 * 1024;

/// A form that is still to be received: nothing of it was read, so that who may not send it need not be heard out.
pub struct Form {
    parts: Multipart,
    key: Option<String>,
    place: String,
    announced: Option<u64>,
}

impl FromRequest for Form {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(form(req, payload))
    }
}

fn form(req: &HttpRequest, payload: &mut Payload) -> Result<Form> {
    if !req.content_type().eq_ignore_ascii_case("multipart/form-data") {
        return Err(Code::UnsupportedMediaType.into());
    }
    let length = req.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let parts = Multipart::from_request(req, payload).into_inner().map_err(|_| Code::MalformedBody)?;
    Ok(Form {
        parts,
        key: idempotency_key(req)?,
        place: format!("{} {}", req.method(), req.path()),
        announced: length,
    })
}

/// A form that was received.
pub struct Received {
    texts: BTreeMap<String, Field<String>>,
    file: Option<ReceivedFile>,
    faults: Fields,
    /// The `Idempotency-Key` it came with.
    pub once: IdempotencyKey,
}

/// A file that was received: in a nameless place on disk, gone when dropped.
#[derive(Debug)]
pub struct ReceivedFile {
    /// What the sender calls it. Not to be trusted in any way.
    pub name: Option<String>,
    /// At its beginning.
    pub content: File,
    pub size: u64,
}

impl Form {
    /// Receives the form; the part called `file` goes to disk in `folder`, of at most `limit` bytes.
    pub async fn receive(mut self, file: &'static str, folder: &Path, limit: u64) -> Result<Received> {
        let overhead = (PARTS * TEXT_LIMIT) as u64;
        if self.announced.is_some_and(|length| length > limit.saturating_add(overhead)) {
            return Err(Code::TooLarge.into());
        }
        let mut received = Received {
            texts: BTreeMap::new(),
            file: None,
            faults: Fields::of_body(),
            once: IdempotencyKey(None),
        };
        // Each part goes in with its length, so that no two forms have one fingerprint.
        let mut fingerprint = Sha256::new().chain_update(&self.place);
        let mut count = 0;
        while let Some(part) = self.parts.next().await {
            let part = part.map_err(broken)?;
            let name = part.name().unwrap_or_default().to_owned();
            count += 1;
            if count > PARTS {
                return Err(Code::TooLarge.into());
            }
            fingerprint.update(format!("\n{}:{name}:", name.len()));
            if name == file {
                // Not even received: twenty files are twenty times the limit.
                if received.file.is_some() {
                    return Err(Fault::new("repeated").at(format!("/{file}")));
                }
                let (taken, digest) = to_disk(part, folder, limit).await?;
                fingerprint.update(digest);
                received.file = Some(taken);
            } else {
                let text = text(part).await?;
                fingerprint.update(format!("{}:{text}", text.len()));
                if received.texts.insert(name.clone(), Field::Value(text)).is_some() {
                    received.faults.fault::<()>(&name, Fault::new("repeated"));
                }
            }
        }
        received.once = IdempotencyKey(self.key.map(|key| (key, hex(&fingerprint.finalize()))));
        Ok(received)
    }
}

impl Received {
    /// The text called `name`, where it was sent.
    pub fn text(&mut self, name: &str) -> Field<String> {
        self.texts.remove(name).unwrap_or_default()
    }

    /// The file, where it was sent.
    pub fn file(&mut self) -> Option<ReceivedFile> {
        self.file.take()
    }

    /// For reading the texts. Those that nobody took are faults, so it comes after them.
    pub fn fields(self) -> Fields {
        let mut fields = self.faults;
        for name in self.texts.keys() {
            fields.fault::<()>(name, Fault::new("unknown_field"));
        }
        fields
    }
}

async fn text(mut part: Part) -> Result<String> {
    let bytes = part.bytes(TEXT_LIMIT).await.map_err(|_| Code::TooLarge)?.map_err(broken)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Code::MalformedBody.into())
}

async fn to_disk(mut part: Part, folder: &Path, limit: u64) -> Result<(ReceivedFile, [u8; 32])> {
    let name = part.content_disposition().and_then(|d| {
        d.get_filename_ext()
            .map(|n| String::from_utf8_lossy(&n.value).into_owned())
            .or_else(|| d.get_filename().map(str::to_owned))
    });
    let folder: PathBuf = folder.to_owned();
    let mut content = blocking(move || {
        std::fs::create_dir_all(&folder)?;
        tempfile::tempfile_in(&folder)
    })
    .await?;
    let (mut size, mut digest) = (0_u64, Sha256::new());
    let mut gathered = BytesMut::with_capacity(GATHERED);
    while let Some(piece) = part.next().await {
        let piece: Bytes = piece.map_err(broken)?;
        size += piece.len() as u64;
        if size > limit {
            return Err(Code::TooLarge.into());
        }
        gathered.extend_from_slice(&piece);
        if gathered.len() >= GATHERED {
            (content, digest, gathered) = write(content, digest, gathered).await?;
        }
    }
    (content, digest, _) = write(content, digest, gathered).await?;
    content.rewind().map_err(|cause| Error::Unavailable(cause.into()))?;
    Ok((ReceivedFile { name, content, size }, digest.finalize().into()))
}

async fn write(
    mut content: File,
    mut digest: Sha256,
    mut gathered: BytesMut,
) -> Result<(File, Sha256, BytesMut)> {
    blocking(move || {
        content.write_all(&gathered)?;
        digest.update(&gathered);
        gathered.clear();
        Ok((content, digest, gathered))
    })
    .await
}

/// What cannot be read as a form, or broke off.
fn broken(_: MultipartError) -> Error {
    Code::MalformedBody.into()
}
