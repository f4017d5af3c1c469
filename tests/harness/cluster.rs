//! A throw-away PostgreSQL cluster.
//!
//! It lives in a folder of its own, listens on a Unix socket there and nowhere else, and belongs to a small `sh`
//! that waits for the end of this process: whatever ends it, a pipe closes, and the `sh` stops the cluster and
//! removes the folder. PostgreSQL refuses to run as root, so as root it runs as `postgres` or `nobody`.
//!
//! The tests and `kring-bench` both stand on this file.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kring_db::Conn;

/// Where to reach a database of the cluster, by its name.
pub struct Cluster {
    address: Box<dyn Fn(&str) -> String + Send + Sync>,
    /// Its end of the pipe closes with this process; nobody reads this.
    _watcher: Option<Child>,
}

impl Cluster {
    /// A new cluster in a folder of its own in `place`, with `settings` (`name=value`); `None` where there is no
    /// PostgreSQL to be had.
    pub fn throw_away(place: &Path, settings: &[&str]) -> Result<Option<Self>, String> {
        programs().map(|folder| start(&folder, place, settings)).transpose()
    }

    /// A cluster that is there already and reached at `address`.
    pub fn given(address: url::Url) -> Self {
        let address = move |name: &str| {
            let mut url = address.clone();
            url.set_path(name);
            url.into()
        };
        Self { address: Box::new(address), _watcher: None }
    }

    /// The address of the database called `name`.
    pub fn url(&self, name: &str) -> String {
        (self.address)(name)
    }
}

/// The folder of `initdb` and `postgres`: the newest of Debian's, else the one in PATH.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort_by_key(|path| {
        path.parent().and_then(|version| version.file_name()?.to_str()?.parse::<u32>().ok())
    });
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn start(programs: &Path, place: &Path, settings: &[&str]) -> Result<Cluster, String> {
    // A short path: a Unix socket's has room for 107 letters.
    let folder = tempfile::Builder::new().prefix("kring-pg-").tempdir_in(place).map_err(|f| f.to_string())?;
    let owner = std::fs::metadata(folder.path()).map_err(|f| f.to_string())?.uid();
    let user = if owner == 0 { Some(unprivileged()?) } else { None };
    if let Some((uid, gid)) = user {
        std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid)).map_err(|f| f.to_string())?;
    }
    let command = |program: &Path| {
        let mut command = Command::new(program);
        command.current_dir(folder.path()).stdin(Stdio::null());
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        command
    };
    let make = |locale: &[&str]| {
        command(&programs.join("initdb"))
            .args(["--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"])
            .args(["--no-sync", "--no-instructions"])
            .args(locale)
            .output()
            .map_err(|fault| format!("initdb: {fault}"))
    };
    // In the order of a language, as a server has it: what should not depend on that shows. Needs no locale of the
    // machine; releases before 15, and those built without ICU, go without.
    let mut made = make(&["--locale-provider=icu", "--icu-locale=en"])?;
    if !made.status.success() {
        made = make(&[])?;
    }
    if !made.status.success() {
        return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr)));
    }
    let log = std::fs::File::create(folder.path().join("log")).map_err(|f| f.to_string())?;
    let watcher = command(Path::new("/bin/sh"))
        .args(["-c", WATCH, "sh"])
        .arg(programs.join("postgres"))
        .arg(folder.path())
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .stdin(Stdio::piped())
        .stdout(log.try_clone().map_err(|f| f.to_string())?)
        .stderr(log)
        // Ctrl-C is for this process; the watcher notices its end.
        .process_group(0)
        .spawn()
        .map_err(|fault| format!("sh: {fault}"))?;
    // From here on the watcher removes it.
    let folder = folder.keep();
    let told = folder.join("log");
    let socket = folder.display().to_string().replace('/', "%2F");
    let address = move |name: &str| format!("postgres://postgres@{socket}/{name}");
    wait(&address("postgres"), &told)?;
    Ok(Cluster { address: Box::new(address), _watcher: Some(watcher) })
}

/// `$1` the program, `$2` the folder; what follows goes to the program.
const WATCH: &str = r#"
program=$1 folder=$2
shift 2
"$program" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=400 "$@" &
read -r line
kill -QUIT $!
wait $!
cd / && rm -rf "$folder"
"#;

/// Somebody other than root: user and group of `postgres`, else of `nobody`.
fn unprivileged() -> Result<(u32, u32), String> {
    let users = std::fs::read_to_string("/etc/passwd").map_err(|fault| format!("/etc/passwd: {fault}"))?;
    let known = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse::<u32>);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    known("postgres")
        .or_else(|| known("nobody"))
        .ok_or_else(|| "no user to run PostgreSQL as".into())
}

fn wait(url: &str, log: &Path) -> Result<(), String> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match Conn::open(url) {
            Ok(_) => return Ok(()),
            Err(fault) if Instant::now() > deadline => {
                let told = std::fs::read_to_string(log).unwrap_or_default();
                return Err(format!("it does not answer: {fault}\n{told}"));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
