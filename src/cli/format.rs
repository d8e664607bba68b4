//! The output formats by name: `--output FORMAT[=FILE]`, or a file whose ending tells.

use std::path::{Path, PathBuf};

use crate::config::nearest::nearest;

/// The output formats of all commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Short,
    Markdown,
    Html,
    Allow,
    Json,
    JsonLines,
    Sarif,
    Github,
    Gitlab,
    Rdjson,
    RdjsonLines,
    Junit,
    Checkstyle,
    GithubReview,
    GitlabReview,
    Mermaid,
    Dot,
    Changelog,
    Checklist,
    Csv,
}

/// Names and file endings of a format; the first name is the one that messages use.
const FORMATS: &[(Format, &[&str], &[&str])] = &[
    (Format::Text, &["terminal", "text"], &["txt"]),
    (Format::Short, &["short"], &[]),
    (Format::Markdown, &["markdown", "md"], &["md", "markdown"]),
    (Format::Html, &["html"], &["html", "htm"]),
    (Format::Allow, &["allow"], &[]),
    (Format::Json, &["json"], &["json"]),
    (Format::JsonLines, &["jsonl"], &["jsonl", "ndjson"]),
    (Format::Sarif, &["sarif"], &["sarif", "sarif.json"]),
    (Format::Github, &["github"], &[]),
    (Format::Gitlab, &["gitlab"], &[]),
    (Format::Rdjson, &["rdjson"], &["rdjson"]),
    (Format::RdjsonLines, &["rdjsonl"], &["rdjsonl"]),
    (Format::Junit, &["junit"], &["xml"]),
    (Format::Checkstyle, &["checkstyle"], &["checkstyle.xml"]),
    (Format::GithubReview, &["github-review"], &[]),
    (Format::GitlabReview, &["gitlab-review"], &[]),
    (Format::Mermaid, &["mermaid"], &["mmd"]),
    (Format::Dot, &["dot"], &["dot", "gv"]),
    (Format::Changelog, &["changelog"], &[]),
    (Format::Checklist, &["checklist"], &[]),
    (Format::Csv, &["csv"], &["csv"]),
];

/// What `check` prints.
pub const OF_CHECK: &[Format] = &[
    Format::Text,
    Format::Short,
    Format::Markdown,
    Format::Html,
    Format::Json,
    Format::JsonLines,
    Format::Sarif,
    Format::Github,
    Format::Gitlab,
    Format::Rdjson,
    Format::RdjsonLines,
    Format::Junit,
    Format::Checkstyle,
    Format::Changelog,
    Format::Checklist,
    Format::GithubReview,
    Format::GitlabReview,
    Format::Allow,
];

/// The names of what `check` prints.
pub fn of_check() -> Vec<&'static str> {
    OF_CHECK.iter().map(|format| format.name()).collect()
}

/// The names of formats in a row, as help and hints give them.
pub fn names(formats: &[Format]) -> String {
    formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ")
}

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
        // A format with a letter wrong is no file; paths have dots and slashes in front of whatever else is in them.
        if text.split_once('=').is_some_and(|(name, _)| !name.contains(['.', '/', '\\'])) {
            return Err(unknown(text));
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
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    // An ending of two words may be the whole name.
    let whole = |ending: &str, rest: &str| rest.is_empty() && ending.contains('.');
    let ends = |ending: &str| name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.') || whole(ending, rest));
    let known = FORMATS.iter().flat_map(|(format, _, endings)| endings.iter().map(move |ending| (*format, *ending)));
    // The longest ending says most: `.sarif.json` is no report of ours.
    known.filter(|(_, ending)| ends(ending)).max_by_key(|(_, ending)| ending.len()).map(|(format, _)| format)
}

/// Names what is near, or everything.
fn unknown(text: &str) -> String {
    let word = text.split_once('=').map_or(text, |(name, _)| name);
    match nearest(word, FORMATS.iter().flat_map(|(_, names, _)| names.iter().copied())) {
        Some(near) => format!("no such format; did you mean `{near}`?"),
        None => format!(
            "no such format; use FORMAT, FORMAT=FILE, or a file whose ending tells; formats: {}",
            names(OF_CHECK)
        ),
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
            ("out.sarif", target(Format::Sarif, Some("out.sarif"))),
            ("out.sarif.json", target(Format::Sarif, Some("out.sarif.json"))),
            ("a/.sarif.json", target(Format::Sarif, Some("a/.sarif.json"))),
            ("junit.xml", target(Format::Junit, Some("junit.xml"))),
            ("out/checkstyle.xml", target(Format::Checkstyle, Some("out/checkstyle.xml"))),
            ("x.checkstyle.xml", target(Format::Checkstyle, Some("x.checkstyle.xml"))),
        ];
        for (text, want) in cases {
            assert_eq!(Target::parse(text), Ok(want), "{text}");
        }
        for text in ["jsn", "markdwon=x.md", "json=", "report.toml", "xml", ""] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }
}
