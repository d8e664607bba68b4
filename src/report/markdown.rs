//! The report as a comment on a pull request: under 60,000 bytes, and what was cut is said.
//!
//! Comes in: a report. Goes out: GitHub-flavoured Markdown that GitLab reads too. Everything that comes from a
//! contract or a schema is escaped or inside code, so that it cannot ping people, link issues or break the table.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::Layer;
use crate::policy::Verdict;
use crate::rules::{Category, Severity, Status};

use super::detail::details;
use super::markup::{cell_code, code, prose};
use super::text::{clip, count, one_line};
use super::{Item, Report, allow, headline};

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

const STAGES: [Stage; 7] = [
    Stage { snippets: true, details: Details::All, rows: usize::MAX },
    Stage { snippets: false, details: Details::All, rows: usize::MAX },
    Stage { snippets: true, details: Details::Errors, rows: usize::MAX },
    Stage { snippets: false, details: Details::Errors, rows: usize::MAX },
    Stage { snippets: false, details: Details::No, rows: usize::MAX },
    Stage { snippets: false, details: Details::No, rows: 50 },
    Stage { snippets: false, details: Details::No, rows: 0 },
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

/// Who feels it, in the order of the report.
const GROUPS: [&str; 5] = [
    "API clients",
    "Database: running code and stored rows",
    "Contract and database disagree",
    "Debt",
    "Could not be read",
];

/// The group of an item.
fn group(item: &Item) -> usize {
    let rule = item.finding.rule;
    match (rule.category, rule.layer) {
        (Category::Input, _) => 4,
        (Category::Debt, _) => 3,
        (Category::Drift, _) | (_, Layer::Link) => 2,
        (_, Layer::Sql) => 1,
        (_, Layer::Api) => 0,
    }
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
    cut_note(&mut out, stage, introduced.len());
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

fn table(out: &mut String, items: &[&Item], rows: usize) {
    out.push_str("| | What | Where | Before → After |\n|---|---|---|---|\n");
    for item in items.iter().take(rows) {
        let f = &item.finding;
        let place = item.place().map(|p| format!("{}:{}", p.at.path, p.at.line)).unwrap_or_default();
        let change = match (&f.before, &f.after) {
            (None, None) => String::new(),
            (before, after) => {
                let side = |text: &Option<String>| text.as_deref().map_or("–".to_string(), |t| cell_code(t, 60));
                format!("{} → {}", side(before), side(after))
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

fn cut_note(out: &mut String, stage: Stage, total: usize) {
    let what = match stage {
        Stage { rows: 0, .. } => "the table and all details",
        Stage { rows, .. } if rows < total => "part of the table and all details",
        Stage { details: Details::No, .. } => "all details",
        Stage { details: Details::Errors, snippets: true, .. } => "the details of warnings and notes",
        Stage { details: Details::Errors, .. } => "the snippets and the details of warnings and notes",
        Stage { snippets: false, .. } => "the snippets",
        _ => return,
    };
    let _ = writeln!(
        out,
        "> [!NOTE]\n> This report was too long for a comment: {what} of {} left out. The full report: `driftline --output json`.\n",
        if total == 1 { "1 finding is".to_string() } else { format!("{} are", count(total, "finding")) },
    );
}

fn footer(out: &mut String, report: &Report) {
    for entry in &report.stale {
        let _ = writeln!(out, "> {}\n", prose(&entry.message()));
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
