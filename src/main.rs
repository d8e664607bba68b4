//! The command line tool; everything it does is in the library.

use std::process::ExitCode;

/// Millions of small pieces are kept at once; the allocator of the C library slows down with their number.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    driftline::cli::main()
}
