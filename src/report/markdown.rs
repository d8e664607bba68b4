//! The report as a comment on a pull request: under 60,000 bytes, and what was cut is said.
//!
//! Comes in: a report. Goes out: GitHub-flavoured Markdown that GitLab reads too. Everything that comes from a
//! contract or a schema is escaped or inside code, so that it cannot ping people, link issues or break the table.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::policy::{Stale, Verdict};
use crate::rules::{Severity, Status};

use super::detail::details;
use super::groups::{GROUPS, group};
use super::markup::{cell_code, code, fenced, prose};
use super::text::{clip, count, one_line, sides};
use super::{Item, Report, allow, headline, mermaid};

/// Comment bodies are limited to 65,536; whether bytes or characters is not documented, so bytes, with room.
pub const LIMIT: usize = 60_000;

/// The key of a comment when there is only one.
pub const KEY: &str = "default";

/// The line that a bot finds its own comment by; the key tells the comments of several jobs apart.
pub fn marker(key: &str) -> String {
    format!("<!-- driftline:summary:{key} -->")
}

/// Characters of a step of the deployment order.
const SENTENCES: usize = 1000;

/// Lines about what is consistent at most.
const CONSISTENT: usize = 20;

/// How much is printed; tried in order until the text fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stage {
    picture: bool,
    snippets: bool,
    details: Details,
    /// Rows of the table.
    rows: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Details {
    All,
    Errors,
    No,
}

/// Everything, then less and less.
const ALL: Stage = Stage { picture: true, snippets: true, details: Details::All, rows: usize::MAX };
const STAGES: [Stage; 8] = [
    ALL,
    Stage { picture: false, ..ALL },
    Stage { picture: false, snippets: false, ..ALL },
    Stage { picture: false, details: Details::Errors, ..ALL },
    Stage { picture: false, snippets: false, details: Details::Errors, ..ALL },
    Stage { picture: false, snippets: false, details: Details::No, ..ALL },
    Stage { picture: false, snippets: false, details: Details::No, rows: 50 },
    Stage { picture: false, snippets: false, details: Details::No, rows: 0 },
];

/// The whole comment.
pub fn render(report: &Report) -> String {
    keyed(report, KEY)
}

/// The whole comment, with the key of its marker.
pub fn keyed(report: &Report, key: &str) -> String {
    let mut text = String::new();
    for stage in STAGES {
        text = format!("{}\n{}", marker(key), at_stage(report, stage));
        if text.len() <= LIMIT {
            break;
        }
    }
    text
}

fn at_stage(report: &Report, stage: Stage) -> String {
    let introduced: Vec<&Item> = report.of(Status::Introduced).collect();
    let mut out = format!("{}\n\n", headline_text(report));
    let mut rows = stage.rows;
    for (index, title) in GROUPS.iter().enumerate() {
        let items: Vec<&Item> = introduced.iter().copied().filter(|item| group(item) == index).collect();
        if items.is_empty() || stage.rows == 0 {
            continue;
        }
        let _ = writeln!(out, "### {title} ({})\n", items.len());
        table(&mut out, &items, rows);
        rows = rows.saturating_sub(items.len());
        let detailed: Vec<&Item> = items.iter().copied().filter(|i| has_details(i, stage)).collect();
        if !detailed.is_empty() {
            let _ = writeln!(out, "<details><summary>Details and what to do</summary>\n");
            let mut helped = BTreeMap::new();
            for item in detailed {
                let first = *helped.entry(item.finding.rule.id).or_insert(item);
                details(&mut out, item, stage.snippets, std::ptr::eq(first, item) || item.helps_beyond(first));
            }
            out.push_str("</details>\n\n");
        }
    }
    if stage.rows > 0 {
        deployment(&mut out, report);
        consistent(&mut out, report);
    }
    if stage.picture {
        picture(&mut out, report);
    }
    cut_note(&mut out, report, stage, introduced.len());
    footer(&mut out, report);
    out
}

/// What to do in which order; the steps are few, whatever the change is.
fn deployment(out: &mut String, report: &Report) {
    if report.deployment.is_empty() {
        return;
    }
    out.push_str("### Deployment order\n\n");
    for (number, step) in report.deployment.iter().enumerate() {
        let missing = if step.missing { ", missing" } else { "" };
        let text = prose(&clip(format!("{} {}", step.what, step.why).trim_end(), SENTENCES));
        let at = step.places.first().map(|at| format!("{}:{}", at.path, at.line));
        let at = at.map(|at| format!(" ({})", code(&clip(&one_line(&at), 100)))).unwrap_or_default();
        let _ = writeln!(out, "{}. **{}{missing}**: {text}{at}", number + 1, step.phase.name());
    }
    out.push('\n');
}

/// The changed entities with what is around them, where a picture says more than the table.
fn picture(out: &mut String, report: &Report) {
    if let Some(drawn) = mermaid::render(&report.pictures.entities) {
        out.push_str("<details><summary>Picture: changed entities and their neighbours</summary>\n\n");
        fenced(out, "mermaid", drawn.trim_end());
        let left_out = report.pictures.entities.left_out.as_deref().map(|text| format!(" {text}")).unwrap_or_default();
        let _ = writeln!(out, "`+` added, `−` removed, `~` changed.{left_out}\n\n</details>\n");
    }
}

/// What changed on both layers alike: folded away, there is nothing to do.
fn consistent(out: &mut String, report: &Report) {
    let items = &report.consistent;
    if items.is_empty() {
        return;
    }
    let _ = writeln!(out, "<details><summary>Consistent on both layers ({})</summary>\n", items.len());
    for item in items.iter().take(CONSISTENT) {
        let names = std::iter::once(&item.column).chain(&item.properties).map(|name| code(&clip(&one_line(name), 80)));
        let what = match item.what.is_empty() {
            true => item.event.name().to_string(),
            false => item.what.iter().map(|what| code(&clip(&one_line(what), 120))).collect::<Vec<_>>().join(", "),
        };
        let _ = writeln!(out, "- {}: {what}", names.take(8).collect::<Vec<_>>().join(", "));
    }
    if items.len() > CONSISTENT {
        let _ = writeln!(out, "- … and {} more", items.len() - CONSISTENT);
    }
    out.push_str("\n</details>\n\n");
}

fn has_details(item: &Item, stage: Stage) -> bool {
    match stage.details {
        Details::All => true,
        Details::Errors => item.finding.severity == Severity::Error,
        Details::No => false,
    }
}

fn headline_text(report: &Report) -> String {
    let tally = headline::tally(report);
    let mut line = match (report.verdict, tally.as_str()) {
        (Verdict::None, "") => "**driftline: no verdict**, because not everything could be read".to_string(),
        (_, "") => "**driftline: nothing breaks, nothing drifts**".to_string(),
        (Verdict::None, tally) => format!("**driftline: {tally}**, and not everything could be read"),
        (_, tally) => format!("**driftline: {tally}**"),
    };
    let counts = &report.counts;
    let rest = [(counts.existing, "older"), (counts.resolved, "resolved"), (counts.suppressed, "accepted")];
    let rest: Vec<String> = rest.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if !rest.is_empty() {
        let _ = write!(line, " ({})", rest.join(", "));
    }
    line
}

/// Characters of a before or an after in the table.
const CELL: usize = 60;

fn table(out: &mut String, items: &[&Item], rows: usize) {
    out.push_str("| | What | Where | Before → After |\n|---|---|---|---|\n");
    for item in items.iter().take(rows) {
        let f = &item.finding;
        let place = item.place().map(|p| format!("{}:{}", p.at.path, p.at.line)).unwrap_or_default();
        let change = match (&f.before, &f.after) {
            (None, None) => String::new(),
            (before, after) => {
                let of = |text: &Option<String>| text.clone().unwrap_or_default();
                let (was, is) = sides(&of(before), &of(after), CELL);
                let side = |text: &str| if text.is_empty() { "–".to_string() } else { cell_code(text, CELL) };
                format!("{} → {}", side(&was), side(&is))
            }
        };
        let _ = writeln!(
            out,
            "| {} | {} `{}` | {} | {change} |",
            f.severity.name(),
            cell_code(&f.subject, 80),
            f.rule.id,
            cell_code(&place, 100),
        );
    }
    if items.len() > rows {
        let _ = writeln!(out, "| | … and {} more | | |", items.len() - rows);
    }
    out.push('\n');
}

fn cut_note(out: &mut String, report: &Report, stage: Stage, total: usize) {
    let details = match stage {
        Stage { picture: true, .. } => return,
        Stage { rows: 0, .. } => "the table and all details",
        Stage { rows, .. } if rows < total => "part of the table and all details",
        Stage { details: Details::No, .. } => "all details",
        Stage { details: Details::Errors, snippets: true, .. } => "the details of warnings and notes",
        Stage { details: Details::Errors, .. } => "the snippets and the details of warnings and notes",
        Stage { snippets: false, .. } => "the snippets",
        Stage { .. } => "",
    };
    let picture = mermaid::render(&report.pictures.entities).map(|_| "the picture".to_string());
    let details = (!details.is_empty()).then(|| format!("{details} of {}", count(total, "finding")));
    let what: Vec<String> = picture.into_iter().chain(details).collect();
    let _ = writeln!(
        out,
        "> [!NOTE]\n> This report was too long for a comment; left out: {}. The full report: `driftline --output html=report.html`.\n",
        what.join(", and "),
    );
}

/// Remarks below the findings; the footer is not cut when a report is too long.
const REMARKS: usize = 20;

fn footer(out: &mut String, report: &Report) {
    let said: Vec<String> = report.notes.iter().cloned().chain(report.newly_stale().map(Stale::message)).collect();
    for text in said.iter().take(REMARKS) {
        let _ = writeln!(out, "> {}\n", prose(&clip(&one_line(text), 400)));
    }
    if said.len() > REMARKS {
        let _ = writeln!(out, "> … and {} more remarks: `driftline --output json`\n", said.len() - REMARKS);
    }
    let compared = code(&clip(&one_line(&headline::compared(&report.comparison)), 200));
    let inputs = prose(&clip(&headline::understood(&report.inputs), 400));
    let _ = writeln!(out, "<sub>Compared {compared}: {inputs}. driftline {}.", env!("CARGO_PKG_VERSION"));
    if let Some(item) = report.of(Status::Introduced).next() {
        let entry = format!("allow: [{}]", allow::entry(item));
        let _ = writeln!(
            out,
            "An intended change is accepted in `driftline.yaml`: {}</sub>",
            code(&clip(&one_line(&entry), 250))
        );
    } else {
        out.push_str("</sub>\n");
    }
}
