//! A history for the terminal.

use std::fmt::Write;

use crate::history::follow::{Told, Why};
use crate::model::Severity;
use crate::model::past::Event;
use crate::report::terminal::style::{ADDED, BOLD, DIM, FRAME, Painter, REMOVED, severity};
use crate::report::text::{clip, count, one_line};

use super::lines::{Line, lines};
use super::{Log, Sign, end, names, short, title, type_of};

/// Lines of one commit; those that break come first when some are left out.
const MOST: usize = 12;
/// Names in the line about all names.
const NAMES: usize = 6;

/// The commits, newest first, with a line for each change.
pub fn render(log: &Log<'_>, painter: Painter<'_>) -> String {
    let mut out = format!("{}\n", painter.paint(BOLD, &title(log)));
    let names = names(log);
    if let [_, ..] = names.as_slice() {
        let more = names.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
        let _ = writeln!(out, "{}{more}", painter.paint(DIM, &format!("names: {}", shown.join(", "))));
    }
    for told in &log.followed.told {
        commit(&mut out, log, told, painter);
    }
    if let Some(text) = end(&log.past.end) {
        let _ = writeln!(out, "\n{text}");
    }
    out
}

fn commit(out: &mut String, log: &Log<'_>, told: &Told<'_>, painter: Painter<'_>) {
    let commit = told.commit;
    let _ = writeln!(
        out,
        "\n{}  {}  {}  {}",
        painter.paint(FRAME, short(&commit.id)),
        commit.date,
        painter.paint(DIM, &one_line(&commit.author)),
        painter.paint(BOLD, &clip(&one_line(&commit.subject), 100)),
    );
    let mut lines = lines(told);
    let left_out = if log.all || lines.len() <= MOST + 1 { 0 } else { lines.len() - MOST };
    if left_out > 0 {
        lines.sort_by_key(|line| (line.event.severity.unwrap_or(Severity::Note), line.event.severity.is_none()));
        lines.truncate(MOST);
    }
    for one in &lines {
        line(out, log, one, painter);
    }
    if left_out > 0 {
        let _ = writeln!(out, "    {}", painter.paint(DIM, &format!("and {}: --all", count(left_out, "more change"))));
    }
}

fn line(out: &mut String, log: &Log<'_>, line: &Line<'_>, painter: Painter<'_>) {
    let (event, mut text) = (line.event, line.text.clone());
    if let Some(of) = type_of(event, &log.followed.names).filter(|_| *line.why == Why::Whole) {
        text.push_str(&format!(": {of}"));
    }
    let style = match line.sign {
        Sign::Added => ADDED,
        Sign::Removed => REMOVED,
        Sign::Changed => FRAME,
    };
    let place = line.place(log).map(|place| format!(" {}", painter.paint(DIM, &place))).unwrap_or_default();
    let _ = writeln!(out, "  {} {text}{place}", painter.paint(style, &line.sign.mark().to_string()));
    if let Some((level, verb)) = verdict(event) {
        let whom = if event.whom.is_empty() { String::new() } else { format!(" {}", one_line(&event.whom)) };
        let _ = writeln!(out, "      {}{whom}", painter.paint(severity(level), verb));
    }
}

/// What the change does to somebody.
fn verdict(event: &Event) -> Option<(Severity, &'static str)> {
    let level = event.severity?;
    match level {
        Severity::Error => Some((level, "breaks")),
        Severity::Warning => Some((level, "may break")),
        Severity::Note => None,
    }
}
