//! Every format of a report: what it prints, and that readers of its kind can read it.

use driftline::report::{Report, checkstyle, github, gitlab, json, junit, markdown, rdjson, sarif, short, terminal};
use serde_json::Value;

/// Every format, by name.
pub fn render(report: &Report) -> Vec<(&'static str, String)> {
    let options = terminal::Options { colours: true, all: true, ..Default::default() };
    vec![
        ("json", json::render(report)),
        ("markdown", markdown::render(report)),
        ("short", short::render(report, true)),
        ("terminal", terminal::render(report, options)),
        ("plain terminal", terminal::render(report, terminal::Options::default())),
        ("jsonl", json::render_lines(report)),
        ("sarif", sarif::render(report, true)),
        ("github", github::render(report, true)),
        ("gitlab", gitlab::render(report, true)),
        ("rdjson", rdjson::render(report, true)),
        ("rdjsonl", rdjson::render_lines(report, true)),
        ("junit", junit::render(report, true)),
        ("checkstyle", checkstyle::render(report, true)),
    ]
}

/// Documents are documents, lines are lines, and no control character reaches a reader.
pub fn readable(name: &str, text: &str) -> Result<(), String> {
    let json = |text: &str| serde_json::from_str::<Value>(text).map(drop).map_err(|e| e.to_string());
    let hostile = |c: char| c.is_control() && c != '\n' && c != '\t';
    let clean = |text: &str| match text.chars().find(|c| hostile(*c)) {
        Some(c) => Err(format!("holds {c:?}")),
        None => Ok(()),
    };
    let read = match name {
        "json" | "sarif" | "gitlab" | "rdjson" => json(text),
        "jsonl" | "rdjsonl" => text.lines().try_for_each(json),
        "junit" | "checkstyle" => {
            clean(text).and_then(|()| roxmltree::Document::parse(text).map(drop).map_err(|e| e.to_string()))
        }
        "github" => clean(text).and_then(|()| match text.lines().find(|line| !line.starts_with("::")) {
            Some(line) => Err(format!("a line is no command: {line}")),
            None => Ok(()),
        }),
        "short" | "plain terminal" => clean(text),
        _ => Ok(()),
    };
    read.map_err(|why| format!("{name}: {why}"))
}
