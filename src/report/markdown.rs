//! The report as a comment on a pull request: under 60,000 bytes, and what was cut is said.
//!
//! Comes in: a report. Goes out: GitHub-flavoured Markdown that GitLab reads too. Everything that comes from a
//! contract or a schema is escaped or inside code, so that it cannot ping people, link issues or break the table.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::Layer;
use crate::policy::Verdict;
use crate::rules::{Category, Severity, Status};

use super::text::{clean, clip, count, one_line, runs};
use super::{Item, Report, headline};

/// Comment bodies are limited to 65,536; whether bytes or characters is not documented, so bytes, with room.
pub const LIMIT: usize = 60_000;

/// Line that a bot finds its own comment by.
const MARKER: &str = "<!-- driftline -->";

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
    let mut text = String::new();
    for stage in STAGES {
        text = at_stage(report, stage);
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
    let mut out = format!("{MARKER}\n{}\n\n", headline_text(report));
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
                details(&mut out, item, stage, std::ptr::eq(first, item) || item.helps_beyond(first));
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

fn details(out: &mut String, item: &Item, stage: Stage, with_help: bool) {
    let f = &item.finding;
    let _ = writeln!(out, "**{}** `{}`: {}\n", f.severity.name(), f.rule.id, prose(&f.message));
    if stage.snippets {
        diff(out, item);
    }
    if let Some(witness) = &f.witness {
        let value = code(&clip(&runs(&one_line(&witness.value.to_string())), 200));
        let _ = writeln!(out, "- Proof: {} accepts {value}, {} refuses it", witness.accepted_by, witness.refused_by);
    }
    if !f.usages.is_empty() {
        let named: Vec<String> = f.usages.iter().take(3).map(|u| code(&one_line(&headline::usage(u)))).collect();
        let more = if f.usages.len() > 3 { format!(" and {} more", f.usages.len() - 3) } else { String::new() };
        let _ = writeln!(out, "- Affected: {}{more}", named.join(", "));
    }
    if !f.links.is_empty() {
        let at = |name: &String| item.related.iter().find(|(other, _)| other == name).map(|(_, place)| &place.at);
        let link = |name: &String| match at(name) {
            Some(at) => {
                format!("{} at {}", code(&one_line(name)), code(&one_line(&format!("{}:{}", at.path, at.line))))
            }
            None => code(&one_line(name)),
        };
        let links: Vec<String> = f.links.iter().take(5).map(link).collect();
        let _ = writeln!(out, "- Linked: {}", links.join(", "));
    }
    if with_help && !f.help.is_empty() {
        help(out, &f.help);
    }
    out.push('\n');
}

/// Help of one line is a list item, steps are a list inside it, and anything else is code to copy.
fn help(out: &mut String, text: &str) {
    let text = clean(text);
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let is_step = |line: &&str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    match lines.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(out, "- Instead: {}", prose(one));
        }
        steps if steps.iter().all(is_step) => {
            out.push_str("- Instead:\n");
            for (number, step) in steps.iter().filter_map(|line| line.split_once(". ")) {
                let _ = writeln!(out, "  {number}. {}", prose(step));
            }
        }
        [first, code @ ..] => {
            let _ = writeln!(out, "- Instead: {}\n", prose(first));
            fenced(out, "", &code.join("\n"));
        }
    }
}

/// The marked lines as a diff block.
fn diff(out: &mut String, item: &Item) {
    let head_sign = if item.stands() { ' ' } else { '+' };
    let sides = [(&item.base, '-'), (&item.head, head_sign)];
    let marked =
        || sides.iter().flat_map(|(place, sign)| place.iter().flat_map(|p| p.snippet.marked()).map(|l| (*sign, l)));
    // Deep indentation would push the line out of a narrow comment.
    let indent = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let common = marked().map(|(_, line)| indent(&line.text)).min().unwrap_or(0);
    // Lines of different places are not one before and after.
    let apart = matches!((&item.base, &item.head), (Some(base), Some(head)) if !base.same_spot(head));
    let mut lines = String::new();
    let mut last = None;
    for (sign, line) in marked() {
        let place = if sign == '-' { &item.base } else { &item.head };
        if let (true, Some(place)) = (apart && last != Some(sign), place) {
            let _ = writeln!(lines, "@@ {}:{} @@", one_line(&place.at.path), place.at.line);
        }
        last = Some(sign);
        let _ = writeln!(lines, "{sign} {}", clean(line.text.get(common..).unwrap_or_default()));
    }
    if !lines.is_empty() {
        fenced(out, "diff", lines.trim_end());
    }
}

/// A fence longer than any run of backticks inside.
fn fenced(out: &mut String, info: &str, text: &str) {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let _ = writeln!(out, "{fence}{info}\n{text}\n{fence}\n");
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A code span; a delimiter longer than any run of backticks inside.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let delimiter = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{delimiter}{pad}{text}{pad}{delimiter}")
}

/// A code span that fits in a table cell. Inside a table a pipe ends the cell even in code, so it is escaped.
fn cell_code(text: &str, limit: usize) -> String {
    code(&clip(&one_line(text), limit)).replace('|', "\\|")
}

/// Text with Markdown and HTML made harmless. What the text itself puts in backticks stays code.
fn prose(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        let is_code = index % 2 == 1;
        let closed = is_code && text.split('`').count() > index + 1;
        if closed {
            out.push_str(&code(part));
        } else {
            if is_code {
                out.push_str("\\`");
            }
            escape(&mut out, part);
        }
    }
    out
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // An empty comment parts the sign from the name: nobody is pinged, no issue is linked.
            '@' | '#' => {
                out.push(c);
                out.push_str("<!-- -->");
            }
            '*' | '_' | '[' | ']' | '|' | '\\' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
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
        let entry = format!(
            "allow: [{{rule: {}, subject: \"{}\", reason: \"…\"}}]",
            item.finding.rule.id, item.finding.subject
        );
        let _ = writeln!(
            out,
            "An intended change is accepted in `driftline.yaml`: {}</sub>",
            code(&clip(&one_line(&entry), 200))
        );
    } else {
        out.push_str("</sub>\n");
    }
}
