//! Where reports go: `--output FORMAT[=FILE]`, standard output, and what happens when nobody reads.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::Global;
use super::failure::Failure;
use super::settings;

/// The output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Markdown,
    Json,
    Short,
    Mermaid,
    Dot,
}

/// Names and file endings of a format; `-` in the place of a file is standard output.
const FORMATS: [(Format, &[&str], &[&str]); 6] = [
    (Format::Text, &["terminal", "text"], &["txt"]),
    (Format::Markdown, &["markdown", "md"], &["md", "markdown"]),
    (Format::Json, &["json"], &["json"]),
    (Format::Short, &["short"], &[]),
    (Format::Mermaid, &["mermaid"], &["mmd"]),
    (Format::Dot, &["dot"], &["dot", "gv"]),
];

/// One report that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub format: Format,
    /// `None` is standard output.
    pub file: Option<PathBuf>,
}

impl Target {
    /// `json`, `json=report.json`, `markdown=-`, `report.json`.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(format) = by_name(text) {
            return Ok(Self { format, file: None });
        }
        if let Some((name, file)) = text.split_once('=')
            && let Some(format) = by_name(name)
        {
            return match file {
                "" => Err(format!("the file is missing after `{name}=`")),
                "-" => Ok(Self { format, file: None }),
                file => Ok(Self { format, file: Some(file.into()) }),
            };
        }
        match by_ending(Path::new(text)) {
            Some(format) => Ok(Self { format, file: Some(text.into()) }),
            None => {
                Err("no such format; use terminal, short, markdown or json, FORMAT=FILE, or a file that ends in .json or .md"
                    .into())
            }
        }
    }
}

fn by_name(name: &str) -> Option<Format> {
    FORMATS.iter().find(|(_, names, _)| names.contains(&name)).map(|(format, _, _)| *format)
}

fn by_ending(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    FORMATS.iter().find(|(_, _, endings)| endings.contains(&ending.as_str())).map(|(format, _, _)| *format)
}

/// Refuses formats that the command does not have, and two reports on standard output: neither could be read alone.
pub fn check_targets(targets: &[Target], allowed: &[Format]) -> Result<(), Failure> {
    if let Some(target) = targets.iter().find(|t| !allowed.contains(&t.format)) {
        let name = |format: &Format| FORMATS.iter().find(|(f, ..)| f == format).and_then(|(_, names, _)| names.first());
        let names: Vec<&str> = allowed.iter().filter_map(name).copied().collect();
        let asked = name(&target.format).copied().unwrap_or_default();
        return Err(Failure::new(
            format!("this command does not print `{asked}`"),
            format!("use one of {}", names.join(", ")),
        ));
    }
    if targets.iter().filter(|t| t.file.is_none()).count() > 1 {
        return Err(Failure::new(
            "two reports were asked for on standard output",
            "give one of them a file: `--output json=report.json`",
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

/// Prints to standard output. A reader that went away (`| head`) is no error.
pub fn print(text: &str) -> Result<(), Failure> {
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
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The operating system's words without the number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let target = |format, file: Option<&str>| Target { format, file: file.map(PathBuf::from) };
        let cases = [
            ("json", target(Format::Json, None)),
            ("json=a=b.json", target(Format::Json, Some("a=b.json"))),
            ("markdown=-", target(Format::Markdown, None)),
            ("out/report.JSON", target(Format::Json, Some("out/report.JSON"))),
            ("comment.md", target(Format::Markdown, Some("comment.md"))),
        ];
        for (text, want) in cases {
            assert_eq!(Target::parse(text), Ok(want), "{text}");
        }
        for text in ["jsn", "json=", "report.xml", ""] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }
}
