//! The output formats by name: `--output FORMAT[=FILE]`, or a file whose ending tells.

use std::path::{Path, PathBuf};

use crate::config::nearest::nearest;

/// The output formats of all commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Short,
    Markdown,
    Allow,
    Json,
    Mermaid,
    Dot,
}

/// Names and file endings of a format; the first name is the one that messages use.
const FORMATS: &[(Format, &[&str], &[&str])] = &[
    (Format::Text, &["terminal", "text"], &["txt"]),
    (Format::Short, &["short"], &[]),
    (Format::Markdown, &["markdown", "md"], &["md", "markdown"]),
    (Format::Allow, &["allow"], &[]),
    (Format::Json, &["json"], &["json"]),
    (Format::Mermaid, &["mermaid"], &["mmd"]),
    (Format::Dot, &["dot"], &["dot", "gv"]),
];

/// What `check` prints.
pub const OF_CHECK: &[Format] = &[Format::Text, Format::Short, Format::Markdown, Format::Allow, Format::Json];

impl Format {
    /// The word on the command line.
    pub fn name(self) -> &'static str {
        let own = FORMATS.iter().find(|(format, ..)| *format == self);
        own.and_then(|(_, names, _)| names.first()).copied().unwrap_or_default()
    }
}

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
            None => Err(unknown(text)),
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

/// Names what is near, or everything.
fn unknown(text: &str) -> String {
    let word = text.split_once('=').map_or(text, |(name, _)| name);
    match nearest(word, FORMATS.iter().flat_map(|(_, names, _)| names.iter().copied())) {
        Some(near) => format!("no such format; did you mean `{near}`?"),
        None => {
            let names: Vec<&str> = OF_CHECK.iter().map(|format| format.name()).collect();
            format!(
                "no such format; use FORMAT, FORMAT=FILE, or a file whose ending tells; formats: {}",
                names.join(", ")
            )
        }
    }
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
