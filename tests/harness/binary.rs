//! The built program, run as an operator would.

use std::path::Path;
use std::process::Command;

/// `kring` with `arguments` in `folder`, with nothing of this process's settings.
pub fn kring(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kring"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KRING_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).current_dir(folder);
    command
}

/// A variable of the test run itself (`KRING_TEST_…`); empty counts as not there.
#[allow(clippy::disallowed_methods)] // what is for the tests is no setting of Kring's
pub fn test_variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
