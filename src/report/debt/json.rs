//! Debt as JSON, version 1 (`docs/debt.schema.json`): keys in a fixed order, lines and columns 1-based.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::debt::{Debt, Entry, Group, Point, Tally, Trend, by_owner, by_rule};
use crate::report::json::{self, ComparisonOut, RevisionOut, TOOL, Tool, pretty};
use crate::rules::Severity;

use super::{Owed, What};

/// One document that ends with a line break.
pub fn render(owed: &Owed) -> String {
    let (revision, comparison) = match &owed.what {
        What::One(one) => (Some(json::revision(one)), None),
        What::Step(step) => {
            let merge_base = step.merge_base.as_deref();
            (
                None,
                Some(ComparisonOut { base: json::revision(&step.base), head: json::revision(&step.head), merge_base }),
            )
        }
    };
    pretty(&Document {
        version: 1,
        tool: TOOL,
        revision,
        comparison,
        today: owed.today.to_string(),
        complete: owed.complete,
        passes: owed.fails.is_empty(),
        chosen: owed.chosen.as_deref(),
        counts: counts(owed),
        rules: by_rule(&owed.debt).into_iter().map(tally).collect(),
        owners: owed.owned.then(|| by_owner(&owed.debt).into_iter().map(tally).collect()),
        entities: owed.debt.groups.iter().map(group).collect(),
        paid_back: owed.step.as_ref().map(|step| step.paid.groups.iter().map(group).collect()),
        budgets: owed
            .budgets
            .iter()
            .map(|one| BudgetOut {
                name: &one.name,
                limit: one.limit,
                findings: one.findings,
                exceeded: one.is_exceeded(),
            })
            .collect(),
        fails: &owed.fails,
        trend: owed.trend.as_ref().map(trend),
        notes: &owed.notes,
    })
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<RevisionOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonOut<'a>>,
    today: String,
    complete: bool,
    passes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<&'a str>,
    counts: Counts,
    rules: Vec<TallyOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owners: Option<Vec<TallyOut>>,
    entities: Vec<GroupOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_back: Option<Vec<GroupOut<'a>>>,
    budgets: Vec<BudgetOut<'a>>,
    fails: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    trend: Option<TrendOut<'a>>,
    notes: &'a [String],
}

/// `findings` and below count what stands in head.
#[derive(Serialize)]
struct Counts {
    findings: usize,
    error: usize,
    warning: usize,
    note: usize,
    entities: usize,
    entities_with_debt: usize,
    per_100_entities: Option<usize>,
    accepted: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_back: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<usize>,
}

fn counts(owed: &Owed) -> Counts {
    let of = |debt: &Debt, severity| debt.of_level(severity);
    Counts {
        findings: owed.debt.len(),
        error: of(&owed.debt, Severity::Error),
        warning: of(&owed.debt, Severity::Warning),
        note: of(&owed.debt, Severity::Note),
        entities: owed.debt.entities,
        entities_with_debt: owed.debt.indebted(),
        per_100_entities: owed.debt.rate(),
        accepted: owed.accepted,
        added: owed.step.as_ref().map(|step| step.added.len()),
        paid_back: owed.step.as_ref().map(|step| step.paid.len()),
        left: owed.step.as_ref().map(|step| step.left),
    }
}

#[derive(Serialize)]
struct TallyOut {
    /// `null` is nobody.
    name: Option<String>,
    findings: usize,
    entities: usize,
    oldest: Option<String>,
}

fn tally(tally: Tally) -> TallyOut {
    TallyOut {
        name: Some(tally.name).filter(|name| !name.is_empty()),
        findings: tally.findings,
        entities: tally.entities,
        oldest: tally.oldest.map(|date| date.to_string()),
    }
}

#[derive(Serialize)]
struct GroupOut<'a> {
    name: &'a str,
    schemas: Vec<&'a str>,
    is_file: bool,
    findings: Vec<FindingOut<'a>>,
}

fn group(group: &Group) -> GroupOut<'_> {
    GroupOut {
        name: &group.entity.name,
        schemas: group.entity.schemas.iter().map(|name| &**name).collect(),
        is_file: group.entity.is_file,
        findings: group.entries().map(finding).collect(),
    }
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    severity: &'a str,
    status: &'a str,
    layer: &'a str,
    subject: &'a str,
    message: &'a str,
    help: &'a str,
    at: Option<At<'a>>,
    since: Option<SinceOut<'a>>,
    owners: Vec<&'a str>,
    operations: Vec<&'a str>,
    links: &'a [String],
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct At<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct SinceOut<'a> {
    date: String,
    commit: &'a str,
    author: &'a str,
    subject: &'a str,
    what: &'a str,
}

fn finding(entry: &Entry) -> FindingOut<'_> {
    let finding = &entry.finding;
    let mut operations: Vec<&str> = finding.usages.iter().map(|usage| &*usage.operation).collect();
    operations.sort_unstable();
    operations.dedup();
    FindingOut {
        rule: finding.rule.id,
        severity: finding.severity.name(),
        status: finding.status.name(),
        layer: finding.rule.layer.name(),
        subject: &finding.subject,
        message: &finding.message,
        help: &finding.help,
        at: entry.at.as_ref().map(|at| At {
            path: &at.path,
            line: at.line,
            column: at.column,
            end_line: at.end_line,
            end_column: at.end_column,
        }),
        since: entry.since.as_ref().map(|since| SinceOut {
            date: since.date.to_string(),
            commit: &since.commit,
            author: &since.author,
            subject: &since.subject,
            what: &since.what,
        }),
        owners: entry.owners.iter().map(|owner| &**owner).collect(),
        operations,
        links: &finding.links,
        fingerprint: &entry.fingerprint,
    }
}

#[derive(Serialize)]
struct BudgetOut<'a> {
    name: &'a str,
    limit: usize,
    findings: usize,
    exceeded: bool,
}

#[derive(Serialize)]
struct TrendOut<'a> {
    commits: usize,
    points: Vec<PointOut<'a>>,
}

#[derive(Serialize)]
struct PointOut<'a> {
    date: String,
    commit: Option<&'a str>,
    subject: &'a str,
    entities: usize,
    findings: usize,
    per_100_entities: Option<usize>,
    rules: &'a BTreeMap<String, usize>,
}

fn trend(trend: &Trend) -> TrendOut<'_> {
    TrendOut { commits: trend.commits, points: trend.points.iter().map(point).collect() }
}

fn point(point: &Point) -> PointOut<'_> {
    PointOut {
        date: point.date.to_string(),
        commit: point.commit.as_deref(),
        subject: &point.subject,
        entities: point.count.entities,
        findings: point.count.findings(),
        per_100_entities: point.count.rate(),
        rules: &point.count.rules,
    }
}
