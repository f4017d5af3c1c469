//! The `kring` program: reads the command line and runs what it asks.

use std::process::ExitCode;

/// The system's own keeps what password hashing frees, once for every thread that ever hashed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kring::cli::run()
}
