//! `kring convert`: converts what comes in at standard input. For Kring itself, which runs it for files that it does
//! not trust: it first takes away from itself what it does not need.

use std::fs::File;
use std::io::{BufWriter, stdin};
use std::os::fd::AsFd as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use kring_convert::{Options, Outcome, convert, convert_inside, wire, words};

/// As many bytes of stack as it may need: what it reads is nested as deep as it allows.
const STACK: usize = 64 * 1024 * 1024;

#[derive(Args)]
pub struct Convert {
    /// What the file is called
    #[arg(long, default_value = "")]
    name: String,
    /// The file of the ZIP that is meant
    #[arg(long)]
    inside: Option<String>,
    /// Most bytes of a document
    #[arg(long, default_value_t = 50 * 1024 * 1024)]
    most: u64,
    /// What stands in place of a missing description
    #[arg(long, default_value = "")]
    undescribed: String,
    /// Where pandoc is
    #[arg(long)]
    pandoc: Option<PathBuf>,
    /// Only the words, so many characters of them
    #[arg(long)]
    words: Option<usize>,
    /// Most seconds of work
    #[arg(long, default_value_t = 40)]
    seconds: u64,
    /// Most bytes of address space, beside what it has when it starts
    #[arg(long, default_value_t = 1024 * 1024 * 1024)]
    memory: u64,
    /// Most bytes that it writes
    #[arg(long, default_value_t = 512 * 1024 * 1024)]
    output: u64,
}

impl Convert {
    pub fn run(self) -> anyhow::Result<()> {
        self.limit().context("the limits cannot be set")?;
        let content = File::from(stdin().as_fd().try_clone_to_owned()?);
        let output = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
        let work = std::thread::Builder::new().stack_size(STACK).spawn(move || self.work(content, output))?;
        match work.join() {
            Ok(told) => Ok(told?),
            Err(_) => anyhow::bail!("it panicked"),
        }
    }

    /// Takes away: memory, time and output without end, and dumps of what others wrote. What it starts inherits it.
    fn limit(&self) -> std::io::Result<()> {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limits = [
            (Resource::As, address_space().saturating_add(self.memory)),
            (Resource::Cpu, self.seconds),
            (Resource::Fsize, self.output),
            (Resource::Core, 0),
        ];
        for (resource, most) in limits {
            setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
        }
        Ok(())
    }

    fn work(&self, content: File, output: File) -> std::io::Result<()> {
        let output = BufWriter::new(output);
        if let Some(most) = self.words {
            return wire::tell_words(words(content, most), output);
        }
        let options = Options {
            name: &self.name,
            most: self.most,
            pandoc: self.pandoc.as_deref(),
            undescribed: &self.undescribed,
        };
        let outcome = match &self.inside {
            Some(inside) => convert_inside(content, inside, &options).map(Outcome::Document),
            None => convert(content, &options),
        };
        wire::tell(outcome, output)
    }
}

/// How many bytes of address space this process has; none where the system does not say.
fn address_space() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:")?.trim().strip_suffix("kB"));
    size.and_then(|size| size.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}
