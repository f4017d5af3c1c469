//! What Linux tells of this machine and of a process.

use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// The size of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    pub cores: usize,
    pub memory_gb: u64,
    pub processor: String,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let processor = value(&cpuinfo, "model name").unwrap_or("an unknown processor").to_owned();
        let memory_kb = value(&meminfo, "MemTotal").and_then(kilobytes).unwrap_or(0);
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_gb: (memory_kb + 512 * 1024) / (1024 * 1024),
            processor,
        }
    }
}

/// Memory of a process, in megabytes (2^20 bytes).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    pub resident: f64,
    pub peak: f64,
}

impl Memory {
    /// Of process `pid`, now.
    pub fn of(pid: u32) -> anyhow::Result<Self> {
        let path = format!("/proc/{pid}/status");
        let status = std::fs::read_to_string(&path).with_context(|| path.clone())?;
        let megabytes = |key: &str| {
            let kilobytes = value(&status, key).and_then(kilobytes);
            kilobytes.map(|kb| kb as f64 / 1024.0).with_context(|| format!("{path} tells no {key}"))
        };
        Ok(Self { resident: megabytes("VmRSS")?, peak: megabytes("VmHWM")? })
    }
}

impl Memory {
    /// Has the peak of process `pid` begin anew (proc_pid_clear_refs(5)).
    pub fn forget_peak(pid: u32) -> anyhow::Result<()> {
        let path = format!("/proc/{pid}/clear_refs");
        std::fs::write(&path, "5").with_context(|| path.clone())
    }
}

/// The processes that process `pid` started, whichever of its threads did, and that run `command` by now: before that they
/// are a copy of it, with all of its memory.
pub fn children(pid: u32, command: &str) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"));
    let told = tasks.into_iter().flatten().flatten();
    let told = told.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let runs = |child: &u32| {
        let line = std::fs::read(format!("/proc/{child}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).nth(1) == Some(command.as_bytes())
    };
    let ids =
        told.flat_map(|line| line.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>());
    ids.filter(runs).collect()
}

/// Processor time that process `pid` took so far, its threads included.
pub fn processor_time(pid: u32) -> anyhow::Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = std::fs::read_to_string(&path).with_context(|| path.clone())?;
    parse_stat(&stat).with_context(|| format!("{path} reads otherwise than expected"))
}

/// Fields 14 and 15 of `/proc/PID/stat` (proc_pid_stat(5)), in ticks of a hundredth of a second.
fn parse_stat(stat: &str) -> Option<Duration> {
    // The name of the program stands in parentheses and may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11).map(str::parse::<u64>);
    let ticks = fields.next()?.ok()? + fields.next()?.ok()?;
    Some(Duration::from_millis(ticks * 10))
}

fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.split(':').next().is_some_and(|name| name.trim() == key))?;
    Some(line.split_once(':')?.1.trim())
}

fn kilobytes(value: &str) -> Option<u64> {
    value.strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_tells_its_time_and_memory() {
        let stat = "12 (a) b) S 1 12 12 0 -1 4194560 100 0 0 0 150 25 0 0 20 0 4 0 1 1 1";
        assert_eq!(parse_stat(stat), Some(Duration::from_millis(1750)));
        let own = Memory::of(std::process::id()).expect("this process");
        assert!(own.resident > 0.5 && own.peak >= own.resident);
    }

    #[test]
    fn this_machine_has_a_size() {
        assert!(Machine::here().cores >= 1);
    }
}
