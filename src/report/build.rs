//! Building the report: origins become lines and columns, only here and only for what is reported.

use std::collections::{BTreeMap, HashSet};

use crate::model::origin::{Origin, Problem};
use crate::model::{Change, Layer, Link, Model};
use crate::policy::{Judged, Judgement, Suppressed, Weighed};
use crate::release::{Consistent, Due, Release, Step};
use crate::rules::{Category, Finding, Names, Severity, Status};
use crate::source::{Files, Role, Sources};

use super::edit::Edit;
use super::outline::outline;
use super::picture::Pictures;
use super::{
    ChangeItem, Comparison, ConsistentItem, DueItem, Input, Item, Place, ProblemItem, Report, Snippet, StepItem,
    SuppressedItem, VersionItem,
};

/// What a report is made of.
pub struct Material<'a> {
    pub comparison: Comparison,
    /// Path of the configuration, when another than the head's own was given.
    pub configuration: Option<String>,
    pub base: Side<'a>,
    pub head: Side<'a>,
    pub files: &'a Files,
    pub changes: &'a [Change],
    pub judgement: Judgement,
    pub release: Release,
    /// False when something relevant could not be read.
    pub complete: bool,
    /// Sentences for the reader: a followed rename, a guessed base.
    pub notes: Vec<String>,
}

/// One revision as it was understood.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub model: &'a Model,
    pub sources: &'a Sources,
    pub links: &'a [Link],
}

/// What to include.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Keep every typed change.
    pub changes: bool,
    /// Cut snippets for existing and resolved findings too.
    pub all: bool,
    /// Say where the entities of head are.
    pub outline: bool,
    /// Work out what pictures of the change show.
    pub pictures: bool,
}

impl Report {
    pub fn new(material: Material<'_>, options: Options) -> Self {
        let Material { comparison, configuration, base, head, files, changes, judgement, release, complete, notes } =
            material;
        let accepted = judgement.suppressed.iter().map(|suppressed| &suppressed.finding);
        let told = judgement.findings.iter().map(|judged| &judged.finding).chain(accepted);
        let typed = changes;
        let changes = change_items(changes, told, files);
        let names = if options.pictures { Names::of([base.model, head.model]) } else { Names::default() };
        let mut findings: Vec<Item> =
            judgement.findings.into_iter().map(|judged| item(judged, files, &names, options.all)).collect();
        findings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        let pictures = match options.pictures {
            true => Pictures::of(base, head, typed, &findings, &names),
            false => Pictures::default(),
        };
        let problems = problems(base.model.problems.iter().chain(&head.model.problems), files);
        Self {
            comparison,
            configuration,
            complete,
            verdict: judgement.verdict,
            gate: judgement.gate,
            counts: judgement.counts,
            inputs: inputs(base, head),
            schemas: head.model.apis.iter().map(|api| api.entities().len()).sum(),
            findings,
            changes,
            list_changes: options.changes,
            problems,
            consistent: release.consistent.into_iter().map(|entry| consistent(entry, files)).collect(),
            deployment: release.steps.into_iter().map(|one| step(one, files)).collect(),
            due: release.due.into_iter().map(|one| due(one, files)).collect(),
            versions: judgement.versions.into_iter().map(version).collect(),
            suppressed: judgement.suppressed.into_iter().map(|one| suppressed(one, files, &names)).collect(),
            stale: judgement.stale,
            notes,
            outline: if options.outline { outline(head.model, files) } else { Vec::new() },
            pictures,
        }
    }
}

/// Problems with their places, each once, sorted.
pub(super) fn problems<'a>(problems: impl Iterator<Item = &'a Problem>, files: &Files) -> Vec<ProblemItem> {
    let item = |problem: &Problem| {
        let at = files.locate(problem.origin);
        ProblemItem { path: at.path.to_string(), line: at.line, column: at.column, message: problem.message.clone() }
    };
    let mut items: Vec<ProblemItem> = problems.map(item).collect();
    items.sort();
    items.dedup();
    items
}

/// Severity, path, line, rule, subject; then what makes the order total.
fn sort_key(item: &Item) -> impl Ord + '_ {
    let place = item.place().map(|p| (&p.at.path, p.at.line));
    let f = &item.finding;
    (f.severity, place, f.rule.id, &f.subject, f.status, &f.detail, &item.fingerprint)
}

fn item(judged: Judged, files: &Files, names: &Names, all: bool) -> Item {
    let shown = all || judged.finding.status == Status::Introduced;
    let place = |origin: Option<Origin>| {
        origin.map(|origin| {
            let at = files.locate(origin);
            let file = files.get(origin.file);
            let snippet = if shown { Snippet::of(&file, &at) } else { Snippet::default() };
            let bytes = (file.byte_column(origin.start), file.byte_column(origin.end));
            Place { at, bytes, snippet }
        })
    };
    let (base, head) = (place(judged.finding.base), place(judged.finding.head));
    let other = |(name, origin): &(String, Origin)| Some((name.clone(), place(Some(*origin))?));
    let related = judged.finding.related.iter().filter_map(other).collect();
    let suggestion = judged.finding.suggestion.as_ref().and_then(|suggestion| Edit::of(suggestion, files));
    let entities = names.of_finding(&judged.finding);
    Item { finding: judged.finding, fingerprint: judged.fingerprint, base, head, related, suggestion, entities }
}

fn suppressed(suppressed: Suppressed, files: &Files, names: &Names) -> SuppressedItem {
    let Suppressed { finding, fingerprint, reason, until, at } = suppressed;
    SuppressedItem { item: item(Judged { finding, fingerprint }, files, names, false), reason, until, at }
}

fn consistent(entry: Consistent, files: &Files) -> ConsistentItem {
    let places = entry.origins.iter().map(|origin| files.locate(*origin)).collect();
    ConsistentItem { event: entry.event, column: entry.column, properties: entry.properties, what: entry.what, places }
}

fn step(step: Step, files: &Files) -> StepItem {
    let Step { phase, missing, what, why, subjects, properties, origins } = step;
    let places = origins.iter().map(|origin| files.locate(*origin)).collect();
    StepItem { phase, missing, what, why, subjects, properties, places }
}

fn due(due: Due, files: &Files) -> DueItem {
    let place = due.origin.map(|origin| files.locate(origin));
    DueItem { subject: due.subject, day: due.day.to_string(), place }
}

fn version(weighed: Weighed) -> VersionItem {
    let Weighed { declared, breaking, deserved } = weighed;
    let text = |text: &str| text.to_string();
    let (contract, base, head) = (text(&declared.contract), text(&declared.base), text(&declared.head));
    VersionItem { contract, base, head, breaking, deserved }
}

fn change_items<'a>(changes: &[Change], findings: impl Iterator<Item = &'a Finding>, files: &Files) -> Vec<ChangeItem> {
    let broken: HashSet<_> = findings
        .filter(|f| f.rule.category == Category::Breaking && f.severity == Severity::Error)
        .map(|f| (f.rule.layer, f.subject.as_str(), f.base, f.head))
        .collect();
    let mut items: Vec<ChangeItem> = changes
        .iter()
        .flat_map(|change| std::iter::once(change).chain(&change.parts))
        .map(|change| ChangeItem {
            layer: change.layer,
            kind: change.kind,
            subject: change.subject.clone(),
            detail: change.detail.clone(),
            entity: change.facts.entity,
            before: change.before.clone(),
            after: change.after.clone(),
            effect: change.effect.name(),
            breaking: broken.contains(&(change.layer, change.subject.as_str(), change.base, change.head)),
            base: change.base.map(|o| files.locate(o)),
            head: change.head.map(|o| files.locate(o)),
        })
        .collect();
    items.sort_by(|a, b| {
        let key = |c: &'_ ChangeItem| {
            let at = c.head.as_ref().or(c.base.as_ref()).map(|l| (l.path.clone(), l.line, l.column));
            (at, c.kind.name(), c.subject.clone(), c.before.clone(), c.after.clone())
        };
        key(a).cmp(&key(b))
    });
    items
}

/// Contracts and SQL sources of both revisions, one entry per path and dialect; numbers of head win.
pub(super) fn inputs(base: Side<'_>, head: Side<'_>) -> Vec<Input> {
    let mut known: BTreeMap<(String, Layer, Option<&str>), Input> = BTreeMap::new();
    for (side, is_head) in [(base, false), (head, true)] {
        for input in side_inputs(side) {
            let key = (input.path.clone(), input.layer, input.dialect);
            let in_base = !is_head || known.get(&key).is_some_and(|k| k.in_base);
            known.insert(key, Input { in_base, in_head: is_head, ..input });
        }
    }
    known.into_values().collect()
}

fn side_inputs(side: Side<'_>) -> impl Iterator<Item = Input> + '_ {
    let contracts = side.model.apis.iter().map(|api| Input {
        path: api.path.to_string(),
        layer: Layer::Api,
        format: api.format.to_string(),
        dialect: None,
        layout: None,
        in_base: false,
        in_head: false,
        statements: 0,
        unread: 0,
        size: api.operations.len(),
        files: 1,
    });
    let schemas = side.model.schemas.iter().map(move |schema| Input {
        path: schema.path.to_string(),
        layer: Layer::Sql,
        format: "sql".to_string(),
        dialect: Some(schema.dialect.name()),
        layout: Some(schema.layout),
        in_base: false,
        in_head: false,
        statements: schema.statements,
        unread: schema.unread,
        size: schema.tables.len(),
        files: side
            .sources
            .sql
            .iter()
            .find(|s| s.path == schema.path && s.dialect == schema.dialect)
            .map_or(0, |s| s.files.iter().filter(|f| !matches!(f.role, Role::Down | Role::Code)).count()),
    });
    contracts.chain(schemas)
}
