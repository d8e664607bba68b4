//! Debt as a comment or a part of release notes: GitHub-flavoured Markdown that GitLab reads too.

use std::fmt::Write;

use crate::debt::{Curve, Debt, Entry, Group, Trend, by_owner, by_rule};
use crate::report::markup::{cell_code, code, prose};
use crate::report::text::{clip, count, one_line};

use super::curve::spark;
use super::{Owed, Step, words};

/// Rows of the tables of findings.
const ROWS: usize = 30;
/// Rows of the tables of rules and owners.
const TALLIES: usize = 12;
/// Rules whose curve is shown.
const CURVES: usize = 8;

/// The whole text; always short enough for a comment.
pub fn render(owed: &Owed) -> String {
    let mut out = String::new();
    head(&mut out, owed);
    for why in &owed.fails {
        let _ = writeln!(out, "> [!WARNING]\n> {}\n", prose(&clip(&one_line(why), 300)));
    }
    match &owed.step {
        Some(step) => self::step(&mut out, owed, step),
        None => standing(&mut out, owed),
    }
    budgets(&mut out, owed);
    if let Some(trend) = &owed.trend {
        self::trend(&mut out, trend);
    }
    for note in &owed.notes {
        let _ = writeln!(out, "> {}\n", prose(&clip(&one_line(note), 400)));
    }
    let about = code(&clip(&one_line(&words::looked_at(owed)), 200));
    let _ = writeln!(
        out,
        "<sub>Debt of {about} on {}. driftline {}. `driftline explain RULE` says why a rule matters.</sub>",
        owed.today,
        env!("CARGO_PKG_VERSION")
    );
    out
}

fn head(out: &mut String, owed: &Owed) {
    let text = match &owed.step {
        Some(step) => {
            let numbers = [(step.added.len(), "added"), (step.paid.len(), "paid back"), (step.left, "left")];
            numbers.map(|(number, word)| format!("{number} {word}")).join(", ")
        }
        None => {
            let rate = owed.debt.rate().filter(|_| !owed.debt.is_empty());
            let rate = rate.map(|rate| format!(", {rate} per 100 entities")).unwrap_or_default();
            format!("{}{rate}", words::amount(&owed.debt))
        }
    };
    let chosen = owed.chosen.as_ref().map(|chosen| format!(" ({})", code(&clip(&one_line(chosen), 200))));
    let accepted = if owed.accepted > 0 { format!(" ({} accepted)", owed.accepted) } else { String::new() };
    let _ = writeln!(out, "**driftline debt: {text}**{}{accepted}\n", chosen.unwrap_or_default());
    if !owed.complete {
        out.push_str("Not everything could be read, so there may be more.\n\n");
    }
}

fn standing(out: &mut String, owed: &Owed) {
    if owed.debt.is_empty() {
        return;
    }
    let rules = by_rule(&owed.debt);
    out.push_str("| Rule | Findings | Entities | Oldest |\n|---|--:|--:|---|\n");
    for tally in rules.iter().take(TALLIES) {
        let oldest = tally.oldest.map(|date| date.to_string()).unwrap_or_default();
        let _ = writeln!(out, "| `{}` | {} | {} | {oldest} |", tally.name, tally.findings, tally.entities);
    }
    more(out, rules.len(), TALLIES, "rule");
    let owners = by_owner(&owed.debt);
    if owners.iter().any(|tally| !tally.name.is_empty()) {
        out.push_str("| Owner | Findings | Places | Oldest |\n|---|--:|--:|---|\n");
        for tally in owners.iter().take(TALLIES) {
            let oldest = tally.oldest.map(|date| date.to_string()).unwrap_or_default();
            let name = cell_code(&words::owner(&tally.name), 60);
            let _ = writeln!(out, "| {name} | {} | {} | {oldest} |", tally.findings, tally.entities);
        }
        more(out, owners.len(), TALLIES, "owner");
    }
    out.push_str("### What to do first\n\n");
    findings(out, owed, &owed.debt);
}

fn step(out: &mut String, owed: &Owed, step: &Step) {
    if !step.added.is_empty() {
        let _ = writeln!(out, "### Added ({})\n", step.added.len());
        findings(out, owed, &step.added);
    }
    if !step.paid.is_empty() {
        let _ = writeln!(out, "### Paid back ({})\n", step.paid.len());
        for entry in step.paid.entries().take(ROWS) {
            let since = entry.since.as_ref().map(|since| format!(", {}", words::since(since, owed.today)));
            let name = code(&clip(&words::label(entry), 80));
            let _ = writeln!(out, "- {name}: `{}`{}", entry.finding.rule.id, since.unwrap_or_default());
        }
        out.push('\n');
        more(out, step.paid.len(), ROWS, "finding");
    }
}

/// One row for each rule at an entity.
fn findings(out: &mut String, owed: &Owed, debt: &Debt) {
    out.push_str("| | What | Where | Since | Entity |\n|---|---|---|---|---|\n");
    let mut rows = 0;
    let all: usize = debt.groups.iter().map(|group| group.tasks.len()).sum();
    for group in &debt.groups {
        for task in &group.tasks {
            rows += 1;
            if rows > ROWS {
                continue;
            }
            row(out, owed, group, &task.entries);
        }
    }
    out.push('\n');
    more(out, all, ROWS, "row");
}

fn row(out: &mut String, owed: &Owed, group: &Group, entries: &[Entry]) {
    let Some(entry) = entries.first() else { return };
    let finding = &entry.finding;
    let more = if entries.len() > 1 { format!(" And {} more.", entries.len() - 1) } else { String::new() };
    // Most messages begin with what they are about.
    let told = finding.message.contains(&format!("`{}`", finding.subject));
    let subject = if told { String::new() } else { format!("{}: ", cell_code(&finding.subject, 80)) };
    let place = entry.at.as_ref().map(|at| format!("{}:{}", at.path, at.line)).unwrap_or_default();
    let since = entry.since.as_ref().map(|since| {
        let short: String = since.commit.chars().take(7).collect();
        format!("{} ({}), {short}", since.date, words::age(since.date, owed.today))
    });
    let _ = writeln!(
        out,
        "| {} | {subject}{}{more} `{}` | {} | {} | {} |",
        finding.severity.name(),
        prose(&clip(&one_line(&finding.message), 300)),
        finding.rule.id,
        cell_code(&place, 100),
        since.unwrap_or_default(),
        cell_code(&words::entity(&group.entity), 80),
    );
}

fn more(out: &mut String, all: usize, limit: usize, noun: &str) {
    if let Some(more @ 1..) = all.checked_sub(limit) {
        let _ = writeln!(out, "… and {}: `driftline debt --all`", count(more, &format!("more {noun}")));
    }
    out.push('\n');
}

fn budgets(out: &mut String, owed: &Owed) {
    if owed.budgets.is_empty() {
        return;
    }
    out.push_str("| Budget | Findings | Allowed | |\n|---|--:|--:|---|\n");
    for budget in &owed.budgets {
        let state = if budget.is_exceeded() { "exceeded" } else { "" };
        let _ = writeln!(out, "| {} | {} | {} | {state} |", cell_code(&budget.name, 80), budget.findings, budget.limit);
    }
    out.push('\n');
}

fn trend(out: &mut String, trend: &Trend) {
    let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else { return };
    let _ = writeln!(
        out,
        "### Trend\n\n{} to {}, {} measured at {}.\n",
        first.date,
        last.date,
        count(trend.commits, "commit"),
        count(trend.points.len(), "point")
    );
    out.push_str("| | First | Last | Least | Most | |\n|---|--:|--:|--:|--:|---|\n");
    let whole = [trend.findings(), trend.entities(), trend.rates()];
    let moved = trend.moved();
    let row = |out: &mut String, curve: &Curve, name: String| {
        let (first, last, least, most) = (curve.first(), curve.last(), curve.least(), curve.most());
        let _ = writeln!(out, "| {name} | {first} | {last} | {least} | {most} | `{}` |", spark(&curve.values));
    };
    whole.iter().for_each(|curve| row(out, curve, curve.name.clone()));
    moved.iter().take(CURVES).for_each(|curve| row(out, curve, code(&curve.name)));
    out.push('\n');
}
