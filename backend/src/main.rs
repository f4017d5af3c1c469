//! The `kring` program: reads the command line and runs what it asks.

use std::process::ExitCode;

fn main() -> ExitCode {
    kring::cli::run()
}
