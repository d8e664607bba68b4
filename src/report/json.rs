//! The JSON report, version 1: one object, keys in a fixed order, no timestamps, no absolute paths.
//!
//! `counts.error`, `.warning` and `.note` count what is introduced, which is what the verdict goes by. Lines and
//! columns are 1-based, columns count Unicode scalar values; end lines are inclusive, end columns exclusive.
//! For what reads line by line, the head of the document and each finding stand on a line of their own.

use serde::Serialize;
use serde_json::Value;

use crate::model::{Layer, Usage, Witness};
use crate::policy::Stale;
use crate::source::Location;

use super::{ChangeItem, Comparison, ConsistentItem, Input, Item, Report, Revision, StepItem, VersionItem};

/// Version of the format: fields may be added within a version, never removed or renamed.
pub const VERSION: u32 = 1;

/// The report as one JSON document that ends with a line break.
pub fn render(report: &Report) -> String {
    let document = Document {
        head: head(report),
        inputs: report.inputs.iter().map(input).collect(),
        findings: report.findings.iter().map(finding).collect(),
        changes: report.list_changes.then(|| report.changes.iter().map(change).collect()),
        problems: report.problems.iter().map(problem).collect(),
        suppressed: report
            .suppressed
            .iter()
            .map(|s| Suppressed {
                fingerprint: &s.item.fingerprint,
                rule: s.item.finding.rule.id,
                subject: &s.item.finding.subject,
                reason: &s.reason,
                until: s.until.as_deref(),
                at: s.at.as_ref().map(span),
            })
            .collect(),
        stale: report.stale.iter().map(stale).collect(),
        notes: &report.notes,
        consistent: report.consistent.iter().map(consistent).collect(),
        deployment: report.deployment.iter().map(step).collect(),
        versions: report.versions.iter().map(version).collect(),
    };
    pretty(&document)
}

/// A line for the head of the report, then one for each finding with the keys that it has in the document.
pub fn render_lines(report: &Report) -> String {
    let findings = report.findings.iter().map(|item| line(&finding(item)));
    std::iter::once(line(&head(report))).chain(findings).collect()
}

/// Any value as JSON on one line.
pub(super) fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Any value as indented JSON with a final line break; our own structs have no way to fail.
pub(super) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    inputs: Vec<InputOut<'a>>,
    findings: Vec<FindingOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<ChangeOut<'a>>>,
    problems: Vec<ProblemOut<'a>>,
    suppressed: Vec<Suppressed<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale: Vec<StaleOut<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    consistent: Vec<ConsistentOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deployment: Vec<StepOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<VersionOut<'a>>,
}

/// What is said about the run as a whole.
#[derive(Serialize)]
struct Head<'a> {
    version: u32,
    tool: Tool,
    comparison: ComparisonOut<'a>,
    complete: bool,
    verdict: &'a str,
    counts: Counts,
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Who made the document.
pub(super) const TOOL: Tool = Tool { name: "driftline", version: env!("CARGO_PKG_VERSION") };

#[derive(Serialize)]
pub(super) struct ComparisonOut<'a> {
    pub base: RevisionOut<'a>,
    pub head: RevisionOut<'a>,
    pub merge_base: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct RevisionOut<'a> {
    pub spec: &'a str,
    pub commit: Option<&'a str>,
}

#[derive(Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    note: usize,
    introduced: usize,
    existing: usize,
    resolved: usize,
    suppressed: usize,
}

#[derive(Serialize)]
pub(super) struct InputOut<'a> {
    path: &'a str,
    kind: &'static str,
    format: &'a str,
    dialect: Option<&'a str>,
    layout: Option<&'a str>,
    #[serde(rename = "in")]
    sides: Vec<&'static str>,
    statements: usize,
    unread: usize,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    severity: &'a str,
    status: &'a str,
    category: &'a str,
    layer: &'a str,
    subject: &'a str,
    flow: Option<&'a str>,
    message: &'a str,
    help: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    witness: Option<WitnessOut<'a>>,
    base: Option<Span<'a>>,
    head: Option<Span<'a>>,
    usages: Vec<UsageOut<'a>>,
    links: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<SuggestionOut<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct WitnessOut<'a> {
    kind: &'a str,
    value: &'a Value,
    accepted_by: &'a str,
    refused_by: &'a str,
}

#[derive(Serialize)]
struct Span<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    subject: &'a str,
    #[serde(flatten)]
    at: Span<'a>,
}

#[derive(Serialize)]
struct SuggestionOut<'a> {
    path: &'a str,
    line: u32,
    end_line: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct UsageOut<'a> {
    operation: &'a str,
    flow: &'a str,
    location: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct ChangeOut<'a> {
    layer: &'a str,
    kind: String,
    subject: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    effect: &'a str,
    breaking: bool,
    base: Option<Span<'a>>,
    head: Option<Span<'a>>,
}

#[derive(Serialize)]
struct ConsistentOut<'a> {
    event: &'static str,
    column: &'a str,
    properties: &'a [String],
    what: &'a [String],
    places: Vec<Span<'a>>,
}

#[derive(Serialize)]
struct StepOut<'a> {
    phase: &'static str,
    missing: bool,
    what: &'a str,
    why: &'a str,
    subjects: &'a [String],
    properties: &'a [String],
    places: Vec<Span<'a>>,
}

#[derive(Serialize)]
struct VersionOut<'a> {
    contract: &'a str,
    base: &'a str,
    head: &'a str,
    breaking: usize,
    bump: Option<&'static str>,
    next: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct ProblemOut<'a> {
    pub path: &'a str,
    pub line: u32,
    pub column: u32,
    pub message: &'a str,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    fingerprint: &'a str,
    rule: &'a str,
    subject: &'a str,
    reason: &'a str,
    until: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Span<'a>>,
}

#[derive(Serialize)]
struct StaleOut<'a> {
    rule: &'a str,
    subject: Option<&'a str>,
    reason: &'a str,
    until: Option<&'a str>,
    why: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Span<'a>>,
}

fn head(report: &Report) -> Head<'_> {
    Head {
        version: VERSION,
        tool: TOOL,
        comparison: comparison(&report.comparison),
        complete: report.complete,
        verdict: report.verdict.name(),
        counts: Counts {
            error: report.counts.error,
            warning: report.counts.warning,
            note: report.counts.note,
            introduced: report.counts.introduced,
            existing: report.counts.existing,
            resolved: report.counts.resolved,
            suppressed: report.counts.suppressed,
        },
    }
}

fn comparison(comparison: &Comparison) -> ComparisonOut<'_> {
    ComparisonOut {
        base: revision(&comparison.base),
        head: revision(&comparison.head),
        merge_base: comparison.merge_base.as_deref(),
    }
}

pub(super) fn revision(revision: &Revision) -> RevisionOut<'_> {
    RevisionOut { spec: &revision.spec, commit: revision.commit.as_deref() }
}

pub(super) fn input(input: &Input) -> InputOut<'_> {
    let sides = [(input.in_base, "base"), (input.in_head, "head")];
    InputOut {
        path: &input.path,
        kind: if input.layer == Layer::Sql { "sql" } else { "openapi" },
        format: &input.format,
        dialect: input.dialect,
        layout: input.layout,
        sides: sides.iter().filter(|(present, _)| *present).map(|(_, name)| *name).collect(),
        statements: input.statements,
        unread: input.unread,
    }
}

fn finding(item: &Item) -> FindingOut<'_> {
    let f = &item.finding;
    FindingOut {
        rule: f.rule.id,
        severity: f.severity.name(),
        status: f.status.name(),
        category: f.rule.category.name(),
        layer: f.rule.layer.name(),
        subject: &f.subject,
        flow: f.flow.map(crate::model::Flow::name),
        message: &f.message,
        help: &f.help,
        before: f.before.as_deref(),
        after: f.after.as_deref(),
        witness: f.witness.as_ref().map(witness),
        base: item.base.as_ref().map(|p| span(&p.at)),
        head: item.head.as_ref().map(|p| span(&p.at)),
        usages: f.usages.iter().map(usage).collect(),
        links: &f.links,
        related: item.related.iter().map(|(subject, p)| Related { subject, at: span(&p.at) }).collect(),
        suggestion: item.suggestion.as_ref().map(|edit| SuggestionOut {
            path: &edit.path,
            line: edit.line,
            end_line: edit.end_line,
            text: &edit.text,
        }),
        fingerprint: &item.fingerprint,
    }
}

fn witness(witness: &Witness) -> WitnessOut<'_> {
    WitnessOut {
        kind: witness.kind.name(),
        value: &witness.value,
        accepted_by: witness.accepted_by,
        refused_by: witness.refused_by,
    }
}

fn usage(usage: &Usage) -> UsageOut<'_> {
    UsageOut { operation: &usage.operation, flow: usage.flow.name(), location: &usage.location, path: &usage.path }
}

fn span(at: &Location) -> Span<'_> {
    Span { path: &at.path, line: at.line, column: at.column, end_line: at.end_line, end_column: at.end_column }
}

fn change(change: &ChangeItem) -> ChangeOut<'_> {
    ChangeOut {
        layer: change.layer.name(),
        kind: change.kind.name(),
        subject: &change.subject,
        before: change.before.as_deref(),
        after: change.after.as_deref(),
        effect: change.effect,
        breaking: change.breaking,
        base: change.base.as_ref().map(span),
        head: change.head.as_ref().map(span),
    }
}

fn stale(entry: &Stale) -> StaleOut<'_> {
    StaleOut {
        rule: &entry.rule,
        subject: entry.subject.as_deref(),
        reason: &entry.reason,
        until: entry.until.as_deref(),
        why: entry.why.name(),
        message: entry.message(),
        at: entry.at.as_ref().map(span),
    }
}

fn consistent(item: &ConsistentItem) -> ConsistentOut<'_> {
    ConsistentOut {
        event: item.event.name(),
        column: &item.column,
        properties: &item.properties,
        what: &item.what,
        places: item.places.iter().map(span).collect(),
    }
}

fn step(item: &StepItem) -> StepOut<'_> {
    StepOut {
        phase: item.phase.name(),
        missing: item.missing,
        what: &item.what,
        why: &item.why,
        subjects: &item.subjects,
        properties: &item.properties,
        places: item.places.iter().map(span).collect(),
    }
}

fn version(item: &VersionItem) -> VersionOut<'_> {
    VersionOut {
        contract: &item.contract,
        base: &item.base,
        head: &item.head,
        breaking: item.breaking,
        bump: item.deserved.as_ref().map(|(bump, _)| bump.name()),
        next: item.deserved.as_ref().map(|(_, next)| next.as_str()),
    }
}

pub(super) fn problem(problem: &super::ProblemItem) -> ProblemOut<'_> {
    ProblemOut { path: &problem.path, line: problem.line, column: problem.column, message: &problem.message }
}
