//! Files of others, converted in a process of its own: this very program, called `kring convert`, with limits on
//! memory, time and output. Whatever a file does to it, it does to that process.
//!
//! Two at once at most. Requests wait in a short line, and hear that they cannot be served when it is full; workers
//! wait as long as it takes.

use std::fs::File;
use std::io::{BufReader, Seek as _};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kring_convert::{Converted, Outcome, Refusal, wire};
use tokio::process::Command;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::storage::blocking;

/// So many run at once.
const AT_ONCE: usize = 2;

/// So many more may wait for their turn.
const LINE: usize = 8;

/// How many kilobytes the allocator of a converter takes at once.
const ARENA: &str = "32768";

/// Runs conversions.
pub struct Converter {
    program: PathBuf,
    pandoc: Option<PathBuf>,
    limits: Limits,
    folder: PathBuf,
    turns: Arc<Semaphore>,
    line: Arc<Semaphore>,
}

/// What converting one file may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until it is ended, whatever it does.
    time: Duration,
    /// Bytes.
    memory: u64,
    /// Bytes that come out.
    output: u64,
}

impl Limits {
    pub fn of(seconds: u64, memory_mb: u64, output_mb: u64) -> Self {
        let bytes = |mb: u64| mb * 1024 * 1024;
        Self {
            time: Duration::from_secs(seconds),
            memory: bytes(memory_mb),
            output: bytes(output_mb),
        }
    }
}

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What the file is called.
    pub name: String,
    /// The one file of a folder that is meant.
    pub inside: Option<String>,
    /// Most bytes of a document.
    pub most: u64,
    /// What stands in place of the description of an image that has none.
    pub undescribed: String,
}

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    Request,
    Worker,
}

impl Converter {
    pub fn new(config: &Config) -> Self {
        Self {
            program: config.converter.clone(),
            pandoc: config.pandoc.clone(),
            limits: config.conversion,
            folder: config.data.join("incoming"),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            line: Arc::new(Semaphore::new(AT_ONCE + LINE)),
        }
    }

    /// Is there a pandoc?
    pub fn has_pandoc(&self) -> bool {
        self.pandoc.is_some()
    }

    /// Converts a file, or lists what lies in it.
    pub async fn convert(
        &self,
        file: &File,
        reading: &Reading,
        who: Waiting,
    ) -> Result<std::result::Result<Outcome, Refusal>> {
        let mut arguments = vec![
            format!("--name={}", shown(&reading.name)),
            format!("--most={}", reading.most),
            format!("--undescribed={}", reading.undescribed),
        ];
        arguments.extend(reading.inside.as_ref().map(|inside| format!("--inside={inside}")));
        arguments.extend(self.pandoc.as_ref().map(|pandoc| format!("--pandoc={}", pandoc.display())));
        match self.run(file, &arguments, who).await? {
            Ended::Well(told) => blocking(move || wire::hear(BufReader::new(told))).await,
            Ended::Badly(refusal) => Ok(Err(refusal)),
        }
    }

    /// Converts one file of a folder.
    pub async fn convert_inside(
        &self,
        file: &File,
        reading: &Reading,
    ) -> Result<std::result::Result<Converted, Refusal>> {
        Ok(match self.convert(file, reading, Waiting::Worker).await? {
            Ok(Outcome::Document(document)) => Ok(document),
            Ok(Outcome::Folder(_)) => Err(Refusal::NestedArchive),
            Err(refusal) => Err(refusal),
        })
    }

    /// The words of a PDF or DOCX, of at most `most` characters.
    pub async fn words(&self, file: &File, most: usize) -> Result<std::result::Result<String, Refusal>> {
        match self.run(file, &[format!("--words={most}")], Waiting::Worker).await? {
            Ended::Well(told) => blocking(move || wire::hear_words(BufReader::new(told))).await,
            Ended::Badly(refusal) => Ok(Err(refusal)),
        }
    }

    async fn run(&self, file: &File, arguments: &[String], who: Waiting) -> Result<Ended> {
        let _turn = self.turn(who).await?;
        let file = file.try_clone().map_err(unavailable)?;
        let folder = self.folder.clone();
        let told = blocking(move || {
            std::fs::create_dir_all(&folder)?;
            tempfile::tempfile_in(&folder)
        })
        .await?;
        let Limits { time, memory, output } = self.limits;
        // Two thirds for work: where others hold the processor, it ends by the clock.
        let work = (time * 2 / 3).as_secs();
        let mut child = Command::new(&self.program)
            .arg("convert")
            .args([format!("--seconds={work}"), format!("--memory={memory}"), format!("--output={output}")])
            .args(arguments)
            // What this process knows, that one needs not.
            .env_clear()
            // Its allocator takes a gigabyte of address space at once, which then could not be counted.
            .env("MIMALLOC_ARENA_RESERVE", ARENA)
            .stdin(Stdio::from(file))
            .stdout(Stdio::from(told.try_clone().map_err(unavailable)?))
            .stderr(Stdio::null())
            // A group of its own: what it starts ends with it.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(unavailable)?;
        let group = Group::of(&child);
        let Ok(status) = tokio::time::timeout(time, child.wait()).await else {
            // A process that has not ended by now is ended, with what it started.
            drop(group);
            // A process that is killed is gone at once; dropping the handle would leave it to be fetched later.
            let _ = child.kill().await;
            return Ok(Ended::Badly(Refusal::TooDemanding));
        };
        ended(status.map_err(unavailable)?, told)
    }

    async fn turn(&self, who: Waiting) -> Result<(Option<OwnedSemaphorePermit>, OwnedSemaphorePermit)> {
        let place = match who {
            Waiting::Worker => None,
            Waiting::Request => Some(self.line.clone().try_acquire_owned().map_err(|_| {
                Error::Unavailable(anyhow::anyhow!("too many documents wait to be converted"))
            })?),
        };
        let turn = self.turns.clone().acquire_owned().await.map_err(Error::internal)?;
        Ok((place, turn))
    }
}

/// A converter and what it started: nothing of it is left when this is dropped, whoever stops waiting.
struct Group(Option<rustix::process::Pid>);

impl Group {
    fn of(child: &tokio::process::Child) -> Self {
        Self(child.id().and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?)))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // There may be nobody left, which is as well.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

/// How a process ended.
enum Ended {
    /// And what it told.
    Well(File),
    Badly(Refusal),
}

fn ended(status: ExitStatus, mut told: File) -> Result<Ended> {
    match status.code() {
        Some(0) => {
            told.rewind().map_err(unavailable)?;
            Ok(Ended::Well(told))
        }
        // By a signal: out of memory, out of time, too much output.
        None => Ok(Ended::Badly(Refusal::TooDemanding)),
        Some(code) => {
            tracing::error!(code, "a converter failed; this is a fault of Kring's own");
            Ok(Ended::Badly(Refusal::Damaged))
        }
    }
}

/// A name that can be handed to a process.
fn shown(name: &str) -> String {
    name.chars().filter(|c| *c != '\0').take(300).collect()
}

fn unavailable(cause: std::io::Error) -> Error {
    Error::Unavailable(cause.into())
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    #[test]
    fn requests_wait_in_a_short_line_and_workers_as_long_as_it_takes() {
        let converter = Converter {
            program: PathBuf::new(),
            pandoc: None,
            limits: Limits { time: Duration::ZERO, memory: 0, output: 0 },
            folder: PathBuf::new(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            line: Arc::new(Semaphore::new(AT_ONCE + LINE)),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let mut held = Vec::new();
            for _ in 0..AT_ONCE {
                held.push(converter.turn(Waiting::Request).await.unwrap());
            }
            let mut line: Vec<_> = (0..LINE).map(|_| Box::pin(converter.turn(Waiting::Request))).collect();
            for waiting in &mut line {
                assert!(timeout(Duration::ZERO, waiting).await.is_err());
            }
            let refused = converter.turn(Waiting::Request).await;
            assert!(matches!(refused, Err(Error::Unavailable(_))), "the line is full");
            let mut worker = Box::pin(converter.turn(Waiting::Worker));
            assert!(timeout(Duration::ZERO, &mut worker).await.is_err(), "it does not give up");
            drop(held.pop());
            assert!(line.remove(0).await.is_ok(), "who came first is next");
        });
    }
}
