//! The `kanwu` program.

use std::process::ExitCode;

/// Gives back what a phase of a large file held: a sixth less memory at the most, and a twentieth
/// of the time.
#[cfg(all(unix, feature = "allocator"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    kanwu::cli::run(std::env::args_os())
}
