//! A history in Markdown.

use std::fmt::Write;

use crate::history::follow::Why;
use crate::model::Severity;
use crate::report::markup::{code, prose};
use crate::report::text::one_line;

use super::lines::lines;
use super::{Log, end, names, short, title, type_of};

/// A heading, then one list item for each commit.
pub fn render(log: &Log<'_>) -> String {
    let mut out = format!("## {}\n\n", prose(&title(log)));
    let names: Vec<String> = names(log).iter().map(|name| code(name)).collect();
    if names.len() > 1 {
        let _ = writeln!(out, "Names: {}\n", names.join(", "));
    }
    for told in &log.followed.told {
        let commit = told.commit;
        let subject = prose(&one_line(&commit.subject));
        let _ = writeln!(
            out,
            "- **{}** {} {}: {subject}",
            commit.date,
            code(short(&commit.id)),
            prose(&one_line(&commit.author))
        );
        for line in lines(told) {
            let (event, mut text) = (line.event, line.text.clone());
            if let Some(of) = type_of(event, &log.followed.names).filter(|_| *line.why == Why::Whole) {
                text.push_str(&format!(": {of}"));
            }
            if let Some(place) = line.place(log) {
                text.push_str(&format!(" {}", prose(&place)));
            }
            let whom =
                if event.whom.is_empty() { String::new() } else { format!(" {}", prose(&one_line(&event.whom))) };
            let verdict = match event.severity {
                Some(Severity::Error) => format!(" **breaks**{whom}"),
                Some(Severity::Warning) => format!(" *may break*{whom}"),
                _ => String::new(),
            };
            let _ = writeln!(out, "  - {text}{}{verdict}", if verdict.is_empty() { "" } else { ":" });
        }
    }
    if log.followed.told.is_empty() {
        out.push_str("No commit changed it.\n");
    }
    if let Some(text) = end(&log.past.end) {
        let _ = writeln!(out, "\n{text}");
    }
    out
}
