//! The release as a list of tasks, grouped by who acts, in the order in which they act; the ticks of an earlier list are kept.
//!
//! Comes in: a report, and an earlier checklist as text. Goes out: a Markdown task list. Every task carries a mark that
//! stays the same while the task does, so that a later run finds what is done already.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::model::{ChangeKind, Flow, Layer};
use crate::policy::{Why, mark};
use crate::release::{Phase, Version};
use crate::rules::{Category, Check, Finding, Severity, Status};
use crate::source::Location;

use super::help::{Part, parts};
use super::markup::{code, prose};
use super::text::{capital, clip, count, one_line};
use super::{Item, Report, StepItem, headline};

/// Stands around the mark of a task.
const TASK: (&str, &str) = ("<!-- driftline:task:", " -->");

/// What follows this line belongs to people and is kept as it is.
const OWN: &str = "<!-- driftline:own: what stands below is kept by --keep-ticks -->";

/// More findings of one rule than this are one task.
const ALIKE: usize = 10;

/// Characters of a task.
const SENTENCES: usize = 1000;

/// The groups in the order in which their tasks are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Settle,
    Before,
    Deploy,
    Tell,
    After,
    Debt,
}

impl Group {
    const ALL: [Self; 6] = [Self::Settle, Self::Before, Self::Deploy, Self::Tell, Self::After, Self::Debt];

    /// Heading, and who is meant.
    fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Settle => (
                "Settle first",
                "Whoever made the change: contract and database disagree, or something could not be read.",
            ),
            Self::Before => ("Before the deployment", "Whoever runs the migrations, while the old code still runs."),
            Self::Deploy => ("Deployment", "Whoever deploys, in this order."),
            Self::Tell => ("Tell consumers", "Whoever answers for the contract."),
            Self::After => ("After the deployment", "Whoever runs the migrations, when no old code runs any more."),
            Self::Debt => ("Debt due", "Whoever plans the next release."),
        }
    }
}

/// What people did with an earlier list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Marks of the tasks that are ticked.
    ticked: BTreeSet<String>,
    /// What they wrote below.
    own: String,
}

impl Kept {
    /// Reads an earlier checklist; anything else keeps nothing.
    pub fn of(text: &str) -> Self {
        let ticked = text.lines().filter_map(|line| {
            let item = line.trim_start().trim_start_matches(['-', '*', '+']).trim_start();
            let item = item.strip_prefix("[x]").or_else(|| item.strip_prefix("[X]"))?;
            let (_, rest) = item.rsplit_once(TASK.0)?;
            Some(rest.split_once(TASK.1)?.0.to_string())
        });
        // A task may tell a name that holds these words.
        let own = text.split_inclusive('\n').skip_while(|line| line.trim() != OWN).skip(1);
        Self { ticked: ticked.collect(), own: own.collect() }
    }
}

/// One task.
struct Task {
    mark: String,
    text: String,
    /// Lines below it.
    more: Vec<String>,
}

/// The checklist.
pub fn render(report: &Report, kept: &Kept) -> String {
    let tasks = tasks(report);
    let compared = code(&clip(&one_line(&headline::compared(&report.comparison)), 200));
    let done = tasks.values().flatten().filter(|task| kept.ticked.contains(&task.mark)).count();
    let all = tasks.values().map(Vec::len).sum::<usize>();
    let mut out = format!(
        "# Release checklist\n\n{compared}: {}",
        match headline::tally(report).as_str() {
            "" => "nothing breaks, nothing drifts".to_string(),
            tally => tally.to_string(),
        }
    );
    let _ = match (all, done) {
        (0, _) => writeln!(out, ". Nothing is to be done beyond a usual release."),
        (_, 0) => writeln!(out, ". {} to do.", count(all, "task")),
        _ => writeln!(out, ". {done} of {} done.", count(all, "task")),
    };
    for group in Group::ALL {
        let Some(tasks) = tasks.get(&group) else { continue };
        let (title, who) = group.title();
        let _ = writeln!(out, "\n## {title}\n\n{who}\n");
        for task in tasks {
            let tick = if kept.ticked.contains(&task.mark) { 'x' } else { ' ' };
            let _ = writeln!(out, "- [{tick}] {} {}{}{}", task.text, TASK.0, task.mark, TASK.1);
            for line in &task.more {
                let _ = writeln!(out, "  - {line}");
            }
        }
    }
    let _ = write!(out, "\n{OWN}\n{}", kept.own);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Tasks by group.
type Tasks = BTreeMap<Group, Vec<Task>>;

/// All tasks; a finding about what a step does stands below the step.
fn tasks(report: &Report) -> Tasks {
    let mut tasks = Tasks::new();
    let introduced: Vec<&Item> = report.of(Status::Introduced).collect();
    let told = add_steps(&mut tasks, report, &introduced);
    if report.deployment.is_empty() {
        let waits = introduced.iter().any(|item| group(item) == Group::After);
        tasks.insert(Group::Deploy, plain_deployment(report, waits));
    }
    add_findings(&mut tasks, introduced.into_iter().filter(|item| !told.contains(item.fingerprint.as_str())));
    add_versions(&mut tasks, report);
    add_due(&mut tasks, report);
    tasks.retain(|_, tasks| !tasks.is_empty());
    tasks
}

/// The deployment order; gives the findings that stand below its steps.
fn add_steps<'a>(tasks: &mut Tasks, report: &Report, introduced: &[&'a Item]) -> BTreeSet<&'a str> {
    let mut told = BTreeSet::new();
    for step in &report.deployment {
        let group = match step.phase {
            Phase::Before => Group::Before,
            Phase::Deploy => Group::Deploy,
            Phase::After => Group::After,
        };
        let about = |item: &&&'a Item| {
            item.finding.rule.layer == Layer::Sql && step.subjects.iter().any(|s| within(&item.finding.subject, s))
        };
        let own: Vec<&'a Item> = introduced.iter().filter(about).copied().collect();
        // A finding is told once, under the first step that it is about.
        let own = own.into_iter().filter(|item| told.insert(item.fingerprint.as_str()));
        let more = own.map(|item| finding(&item.finding, item)).collect();
        tasks.entry(group).or_default().push(Task { more, ..of_step(step, report) });
    }
    told
}

/// A task for each finding; one for all of a rule where they are many.
fn add_findings<'a>(tasks: &mut Tasks, items: impl Iterator<Item = &'a Item>) {
    let mut alike: BTreeMap<(Group, &str), Vec<&Item>> = BTreeMap::new();
    let mut order = Vec::new();
    for item in items {
        let key = (group(item), item.finding.rule.id);
        let items = alike.entry(key).or_default();
        if items.is_empty() {
            order.push(key);
        }
        items.push(item);
    }
    let mut helped = BTreeSet::new();
    for (group, items) in order.into_iter().filter_map(|key| Some((key.0, alike.get(&key)?))) {
        let tasks = tasks.entry(group).or_default();
        if items.len() > ALIKE {
            tasks.push(of_many(items));
            continue;
        }
        for item in items {
            let help = item.finding.help.as_str();
            // Said once in a group: fifteen operations that are deprecated ask for the same.
            let more = helped.insert((group, help)).then(|| instead(&item.finding)).flatten().into_iter().collect();
            tasks.push(Task { mark: item.fingerprint.clone(), text: finding(&item.finding, item), more });
        }
    }
}

/// Versions to declare, where nothing was declared yet.
fn add_versions(tasks: &mut Tasks, report: &Report) {
    for version in report.versions.iter().filter(|version| Version::same(&version.base, &version.head)) {
        if let Some((_, next)) = &version.deserved {
            let (contract, next) = (code(&one_line(&version.contract)), code(next));
            let still = code(&one_line(&version.head));
            let text = format!("Set `info.version` of {contract} to {next}; it still says {still}.");
            let mark = mark(["version", &version.contract, &version.base].map(Some));
            tasks.entry(Group::Tell).or_default().push(Task { mark, text, more: Vec::new() });
        }
    }
}

/// Ends that were announced and permissions that ran out.
fn add_due(tasks: &mut Tasks, report: &Report) {
    let tasks = tasks.entry(Group::Debt).or_default();
    for due in &report.due {
        let (subject, place) = (code(&one_line(&due.subject)), at(due.place.as_ref()));
        let text = format!("Remove {subject}: its end was announced for {}{place}", due.day);
        let mark = mark(["sunset", &due.subject, &due.day].map(Some));
        tasks.push(Task { mark, text, more: Vec::new() });
    }
    for stale in report.stale.iter().filter(|entry| entry.why != Why::Unused) {
        let fields = [Some("allow"), Some(stale.rule.as_str()), stale.subject.as_deref(), stale.until.as_deref()];
        let text = prose(&clip(&capital(&stale.message()), SENTENCES));
        // Comments have no subject; where they stand and why tells them apart.
        let place = stale.at.iter().flat_map(|at| [Some(&*at.path), Some(stale.reason.as_str())]);
        tasks.push(Task { mark: mark(fields.into_iter().chain(place)), text, more: Vec::new() });
    }
}

/// The subject itself, or something in it.
fn within(subject: &str, whole: &str) -> bool {
    subject.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn group(item: &Item) -> Group {
    let rule = item.finding.rule;
    match (rule.category, rule.layer) {
        (Category::Input | Category::Drift, _) => Group::Settle,
        (Category::Debt, _) => Group::Debt,
        (_, Layer::Api) => Group::Tell,
        _ if waits(item) => Group::After,
        _ => Group::Before,
    }
}

/// Something goes, or holds less than before: nothing may use or write it any more when that runs. A new column is needed at
/// once, whatever it demands.
fn waits(item: &Item) -> bool {
    let f = &item.finding;
    let Check::Change { kinds, .. } = f.rule.check else { return false };
    let about = |wanted: &[ChangeKind]| wanted.iter().any(|kind| kinds.contains(kind));
    let narrows = matches!(f.flow, Some(Flow::In | Flow::Stored)) && f.rule.category == Category::Breaking;
    about(&[ChangeKind::EntityRemoved, ChangeKind::AttributeRemoved])
        || (narrows && !about(&[ChangeKind::EntityAdded, ChangeKind::AttributeAdded]))
}

/// Deployments are all alike, so their mark says since when: a list that is used again for the next release begins unticked.
fn of_step(step: &StepItem, report: &Report) -> Task {
    let missing = if step.missing { "**The change has no such step:** " } else { "" };
    let text = prose(&clip(format!("{} {}", step.what, step.why).trim_end(), SENTENCES));
    let since = report.comparison.base.commit.as_deref().filter(|_| step.phase == Phase::Deploy);
    let fields = [Some(step.phase.name()), Some(step.what.as_str()), since];
    Task { mark: mark(fields), text: format!("{missing}{text}{}", at(step.places.first())), more: Vec::new() }
}

/// No step of one layer is known to wait for the other; what drops waits in any case.
fn plain_deployment(report: &Report, waits: bool) -> Vec<Task> {
    let touched = |layer| report.changes.iter().any(|change| change.layer == layer);
    let task = |text: &str| Task {
        mark: mark([Some("deploy"), Some(text), report.comparison.base.commit.as_deref()]),
        text: text.to_string(),
        more: Vec::new(),
    };
    let mut tasks = Vec::new();
    if touched(Layer::Sql) {
        tasks.push(task(match waits {
            true => "Run the migrations, without what stands below for after the deployment.",
            false => "Run the migrations. No order against the code is known to matter.",
        }));
    }
    if touched(Layer::Api) {
        tasks.push(task("Deploy the code of this change."));
    }
    tasks
}

/// Findings of one rule as one task, with each below it; another finding makes it another task.
fn of_many(items: &[&Item]) -> Task {
    let rule = items.first().map(|item| item.finding.rule);
    let title = rule.map_or("", |rule| rule.title);
    let marks = items.iter().map(|item| Some(item.fingerprint.as_str()));
    let mut more: Vec<String> = items.iter().map(|item| finding(&item.finding, item)).collect();
    more.extend(items.first().and_then(|item| instead(&item.finding)));
    Task { mark: mark(marks), text: format!("{}, {} times:", prose(title), items.len()), more }
}

/// What to do instead: its first step.
fn instead(f: &Finding) -> Option<String> {
    let parts = parts(&f.help);
    let (first, whole) = match parts.first()? {
        Part::Steps(steps) => (format!("1. {}", steps.first()?), steps.len() == 1),
        Part::Sentence(text) | Part::Code(text) => (text.clone(), true),
    };
    let rest =
        if whole && parts.len() == 1 { String::new() } else { format!(" … (`driftline explain {}`)", f.rule.id) };
    Some(format!("Instead: {}{rest}", prose(&clip(&first, SENTENCES))))
}

/// `` **error** `column-dropped`: … (`db/1.sql:3`) ``
fn finding(f: &Finding, item: &Item) -> String {
    let level = match f.severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    format!(
        "{level} `{}`: {}{}",
        f.rule.id,
        prose(&clip(&f.message, SENTENCES)),
        at(item.place().map(|place| &place.at))
    )
}

fn at(place: Option<&Location>) -> String {
    place
        .map(|at| format!(" ({})", code(&clip(&one_line(&format!("{}:{}", at.path, at.line)), 120))))
        .unwrap_or_default()
}
