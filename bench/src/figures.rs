//! What is measured, and the table that shows it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::fill::Sizes;
use crate::load::Load;
use crate::machine::{Machine, Memory};

/// Everything that one `kring-bench run` found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The day, as 2026-11-25.
    pub date: String,
    pub machine: Machine,
    pub connections: usize,
    pub seconds: u64,
    pub runs: Vec<Run>,
}

/// What was found on one filled database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// With its version.
    pub database: String,
    pub sizes: Sizes,
    pub scenes: Vec<Scene>,
    /// From the start of the process to its first answer.
    pub start_ms: f64,
    /// Of the server, before and after all loads.
    pub idle: Memory,
    pub loaded: Memory,
    pub digest: DigestRun,
    /// Not in reports of before it was measured.
    #[serde(default)]
    pub archive: Option<ArchiveRun>,
    #[serde(default)]
    pub imports: Vec<ImportRun>,
}

/// One kind of request under load, and a constant body of the same size right after it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scene {
    pub name: String,
    pub kring: Rate,
    pub constant: Rate,
    /// Processor time of the server for one request, in microseconds; PostgreSQL's own is not in it.
    pub processor_us: f64,
    pub errors: u64,
}

/// How fast answers came.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Of a body, on average.
    pub bytes: f64,
}

/// An archive made of one network.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ArchiveRun {
    pub threads: u64,
    pub replies: u64,
    /// How large it is.
    pub megabytes: f64,
    pub seconds: f64,
    pub processor_s: f64,
    pub idle: Memory,
    pub after: Memory,
}

/// A DOCX that becomes a document, by one request after another.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ImportRun {
    pub pages: u64,
    pub kilobytes: f64,
    pub p50_ms: f64,
    pub worst_ms: f64,
    /// Of the server, before the first of the requests, and the most during them.
    pub idle: Memory,
    pub after: Memory,
    /// The most that the converter took, in a process of its own.
    pub converter_mb: f64,
}

/// A weekly digest run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DigestRun {
    pub members: u64,
    pub mails: u64,
    /// For one member, in milliseconds.
    pub processor_ms: f64,
    /// Before the run began, and the most while it ran.
    pub idle: Memory,
    pub after: Memory,
}

impl Rate {
    pub fn of(load: &Load) -> Self {
        let mut times = load.times.clone();
        times.sort_unstable();
        let count = times.len().max(1) as f64;
        Self {
            per_second: times.len() as f64 / load.span.as_secs_f64(),
            p50_ms: milliseconds(percentile(&times, 50)),
            p99_ms: milliseconds(percentile(&times, 99)),
            bytes: load.bytes as f64 / count,
        }
    }
}

impl Scene {
    /// Which part of the rate of a constant body it reaches.
    pub fn part(&self) -> f64 {
        self.kring.per_second / self.constant.per_second.max(f64::MIN_POSITIVE)
    }
}

/// The smallest of the sorted `times` that at least `percent` of a hundred do not exceed (nearest rank).
fn percentile(times: &[u64], percent: usize) -> Duration {
    let rank = (times.len() * percent).div_ceil(100).max(1);
    Duration::from_nanos(times.get(rank - 1).copied().unwrap_or(0))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The table of what was found, in Markdown: one for each database, its sizes side by side.
pub fn table(reports: &[Report]) -> String {
    let mut text = String::new();
    let mut databases: Vec<&str> = Vec::new();
    for run in reports.iter().flat_map(|report| &report.runs) {
        if !databases.contains(&run.database.as_str()) {
            databases.push(&run.database);
        }
    }
    if let Some(report) = reports.first() {
        let Machine { cores, memory_gb, processor } = &report.machine;
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(
            text,
            "Measured on {} on a machine with {cores} cores and {memory_gb} GB ({processor}), which also ran the \
             load and the database: {} connections, {} seconds each.",
            report.date, report.connections, report.seconds
        );
    }
    for database in &databases {
        let mut runs: Vec<&Run> = reports
            .iter()
            .flat_map(|report| &report.runs)
            .filter(|run| run.database == *database)
            .collect();
        runs.sort_by_key(|run| run.sizes.threads);
        let _ = writeln!(text, "\n**{database}**\n");
        table_of(&mut text, &runs);
    }
    let mut all: Vec<&Run> = reports.iter().flat_map(|report| &report.runs).collect();
    all.sort_by_key(|run| run.sizes.threads);
    carried(&mut text, &databases, &all);
    text
}

/// The table of one database; `runs` by rising size.
fn table_of(text: &mut String, runs: &[&Run]) {
    let Some(first) = runs.first() else { return };
    let mut head = String::from("|");
    let mut rule = String::from("|---");
    for run in runs {
        let threads = grouped(run.sizes.threads as f64);
        let _ = write!(head, " | {threads} threads: requests/s | p50 ms | p99 ms | of constant");
        rule.push_str("|--:|--:|--:|--:");
    }
    if runs.len() > 1 {
        head.push_str(" | time, times");
        rule.push_str("|--:");
    }
    let _ = writeln!(text, "{head} | bytes |\n{rule}|--:|");
    for scene in &first.scenes {
        let same: Vec<&Scene> =
            runs.iter().filter_map(|run| run.scenes.iter().find(|it| it.name == scene.name)).collect();
        if same.len() < runs.len() {
            continue;
        }
        let _ = write!(text, "| {}", scene.name);
        for scene in &same {
            let Rate { per_second, p50_ms, p99_ms, .. } = scene.kring;
            let part = 100.0 * scene.part();
            let _ = write!(text, " | {} | {p50_ms:.1} | {p99_ms:.1} | {part:.0} %", grouped(per_second));
        }
        if let [small, .., large] = same.as_slice() {
            let _ = write!(text, " | {:.2}", small.kring.per_second / large.kring.per_second);
        }
        let _ = writeln!(text, " | {} |", grouped(scene.kring.bytes));
    }
    text.push('\n');
    for run in runs {
        about(text, run);
    }
}

/// What is told of a run beside its rates.
fn about(text: &mut String, run: &Run) {
    let Sizes { networks, persons, threads, replies } = run.sizes;
    let [persons, threads, replies] = [persons, threads, replies].map(|count| grouped(count as f64));
    let _ = write!(
        text,
        "- {networks} networks, {persons} persons, {threads} threads, {replies} replies: ready {:.0} ms after its \
         start; {:.0} MB resident after the load ({:.0} MB before, {:.0} MB at most)",
        run.start_ms, run.loaded.resident, run.idle.resident, run.loaded.peak
    );
    let digest = run.digest;
    let _ = write!(
        text,
        "; a weekly digest run for {} members, {} mails: {:.2} ms of processor time a member, {:.0} MB more at most",
        grouped(digest.members as f64),
        grouped(digest.mails as f64),
        digest.processor_ms,
        digest.after.peak - digest.idle.resident
    );
    text.push_str(".\n");
}

/// What is brought along and taken along: the databases side by side.
fn carried(text: &mut String, databases: &[&str], runs: &[&Run]) {
    let mut rows: Vec<String> = Vec::new();
    let mut cells: HashMap<(String, &str), String> = HashMap::new();
    for run in runs {
        let threads = grouped(run.sizes.threads as f64);
        let imports = run.imports.iter().map(|import| {
            let more = (import.after.peak - import.idle.resident).max(0.0);
            (
                format!("Importing a DOCX of {} pages, among {threads} threads", import.pages),
                format!("{:.0} ms | {more:.0} MB + {:.0} MB", import.p50_ms, import.converter_mb),
            )
        });
        let archive = run.archive.iter().map(|archive| {
            let threads = grouped(archive.threads as f64);
            let more = archive.after.peak - archive.idle.resident;
            (
                format!("An archive of a network with {threads} threads, some five replies each"),
                format!("{:.1} s | {more:.0} MB", archive.seconds),
            )
        });
        for (name, cell) in imports.chain(archive) {
            if !rows.contains(&name) {
                rows.push(name.clone());
            }
            cells.insert((name, run.database.as_str()), cell);
        }
    }
    if rows.is_empty() {
        return;
    }
    let head: String = databases.iter().map(|database| format!(" {database}: time | memory |")).collect();
    let _ = writeln!(
        text,
        "\n**Bringing along, taking along**\n\n| |{head}\n|---|{}",
        "--:|--:|".repeat(databases.len())
    );
    for name in rows {
        let _ = write!(text, "| {name}");
        for database in databases {
            let cell = cells.get(&(name.clone(), *database)).map_or("|", String::as_str);
            let _ = write!(text, " | {cell}");
        }
        text.push_str(" |\n");
    }
}

/// Rounded, with a space between thousands; one digit behind the point below ten.
fn grouped(number: f64) -> String {
    if number < 10.0 && number.fract() != 0.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{:.0}", number);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(per_second: f64) -> Scene {
        let kring = Rate { per_second, p50_ms: 3.06, p99_ms: 8.0, bytes: 20_480.0 };
        Scene {
            name: "Threads".into(),
            kring,
            constant: Rate { per_second: 10_000.0, ..kring },
            processor_us: 300.0,
            errors: 0,
        }
    }

    fn run(times: f64, per_second: f64) -> Run {
        let memory = Memory { resident: 40.0, peak: 60.0 };
        Run {
            database: "SQLite".into(),
            sizes: Sizes::times(times),
            scenes: vec![scene(per_second)],
            start_ms: 123.4,
            idle: memory,
            loaded: memory,
            archive: None,
            imports: Vec::new(),
            digest: DigestRun {
                members: 1000,
                mails: 990,
                processor_ms: 0.5,
                idle: Memory { resident: 20.0, peak: 20.0 },
                after: Memory { resident: 30.0, peak: 32.0 },
            },
        }
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!(percentile(&hundred, 50), Duration::from_nanos(50));
        assert_eq!(percentile(&hundred, 99), Duration::from_nanos(99));
        assert_eq!(percentile(&[7], 99), Duration::from_nanos(7));
        assert_eq!(percentile(&[1, 2, 3], 50), Duration::from_nanos(2));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }

    #[test]
    fn a_rate_counts_what_came_within_its_span() {
        let load = Load {
            times: vec![2_000_000, 1_000_000, 3_000_000],
            bytes: 300,
            span: Duration::from_secs(2),
            ..Load::default()
        };
        let expected = Rate { per_second: 1.5, p50_ms: 2.0, p99_ms: 3.0, bytes: 100.0 };
        assert_eq!(Rate::of(&load), expected);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let shown = [0.0, 9.54, 10.4, 999.0, 1000.0, 1_234_567.0].map(grouped);
        assert_eq!(shown, ["0", "9.5", "10", "999", "1 000", "1 234 567"]);
    }

    #[test]
    fn what_is_carried_stands_by_database() {
        let memory = |resident, peak| Memory { resident, peak };
        let import = ImportRun {
            pages: 100,
            kilobytes: 14.0,
            p50_ms: 61.2,
            worst_ms: 80.0,
            idle: memory(60.0, 70.0),
            after: memory(63.0, 66.0),
            converter_mb: 41.4,
        };
        let archive = ArchiveRun {
            threads: 5_000,
            replies: 25_000,
            megabytes: 14.0,
            seconds: 1.23,
            processor_s: 1.0,
            idle: memory(40.0, 41.0),
            after: memory(50.0, 55.0),
        };
        let sqlite = Run {
            imports: vec![import],
            archive: Some(archive),
            ..run(1.0, 2_000.0)
        };
        let postgres = Run {
            database: "PostgreSQL".into(),
            archive: None,
            ..sqlite.clone()
        };
        let mut text = String::new();
        carried(&mut text, &["SQLite", "PostgreSQL"], &[&sqlite, &postgres]);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(
            rows,
            [
                "| | SQLite: time | memory | PostgreSQL: time | memory |",
                "|---|--:|--:|--:|--:|",
                "| Importing a DOCX of 100 pages, among 20 000 threads | 61 ms | 6 MB + 41 MB | 61 ms | 6 MB + 41 MB |",
                "| An archive of a network with 5 000 threads, some five replies each | 1.2 s | 15 MB | | |",
            ]
        );
    }

    #[test]
    fn the_table_sets_sizes_side_by_side() {
        let report = Report {
            date: "2026-11-25".into(),
            machine: Machine { cores: 2, memory_gb: 24, processor: "a processor".into() },
            connections: 16,
            seconds: 4,
            runs: vec![run(10.0, 2_000.0), run(1.0, 2_500.0)],
        };
        let table = table(&[report]);
        assert!(table.contains("2026-11-25") && table.contains("2 cores and 24 GB"), "{table}");
        let row = "| Threads | 2 500 | 3.1 | 8.0 | 25 % | 2 000 | 3.1 | 8.0 | 20 % | 1.25 | 20 480 |";
        assert!(table.contains(row), "{table}");
        let columns: Vec<usize> = table
            .lines()
            .filter(|line| line.starts_with('|'))
            .map(|line| line.matches('|').count())
            .collect();
        assert!(columns.len() == 3 && columns.iter().all(|count| *count == columns[0]), "{table}");
        assert!(table.contains("ready 123 ms"), "{table}");
        assert!(!table.contains("Bringing along"), "{table}");
    }
}
