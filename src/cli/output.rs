//! Where reports go: files, standard output, and what happens when nobody reads.

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::Global;
use super::failure::Failure;
use super::format::{self, Format, Target};
use super::settings;

/// Refuses formats that the command does not have, and two reports on standard output: neither could be read alone.
pub fn check_targets(targets: &[Target], allowed: &[Format]) -> Result<(), Failure> {
    if let Some(target) = targets.iter().find(|t| !allowed.contains(&t.format)) {
        return Err(Failure::new(
            format!("this command does not print `{}`", target.format.name()),
            format!("use one of {}", format::names(allowed)),
        ));
    }
    if let Some(second) = targets.iter().filter(|t| t.file.is_none()).nth(1) {
        return Err(Failure::new(
            "two reports were asked for on standard output",
            format!("give one of them a file: `--output {}=FILE`", second.format.name()),
        ));
    }
    Ok(())
}

/// Writes every document that was asked for; without any, the text for people on standard output.
pub fn write_all(asked: &[Target], global: &Global, document: impl Fn(&Target) -> String) -> Result<(), Failure> {
    let usual = [Target { format: Format::Text, file: None }];
    for target in if asked.is_empty() { &usual } else { asked } {
        let file = target.file.as_deref().map(|file| settings::path(global, file));
        write(file.as_deref(), &document(target))?;
    }
    Ok(())
}

/// Writes a report to a file, or to standard output.
pub fn write(file: Option<&Path>, text: &str) -> Result<(), Failure> {
    match file {
        None => print(text),
        Some(path) => std::fs::write(path, text).map_err(|e| {
            Failure::new(
                format!("cannot write `{}`: {}", path.display(), reason(&e)),
                "check that its folder exists and may be written to",
            )
        }),
    }
}

/// Set once, when only the exit code is wanted.
static SILENT: AtomicBool = AtomicBool::new(false);

/// From here on nothing is printed; reports still go to files.
pub fn silence() {
    SILENT.store(true, Ordering::Relaxed);
}

/// Prints to standard output. A reader that went away (`| head`) is no error.
pub fn print(text: &str) -> Result<(), Failure> {
    if SILENT.load(Ordering::Relaxed) {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write to standard output: {}", reason(&e)), "is the disk full?"))
        }
        _ => Ok(()),
    }
}

/// Prints a message to standard error; when even that fails there is nobody left to tell.
pub fn message(text: &str) {
    if !SILENT.load(Ordering::Relaxed) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// The operating system's words without the number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
