//! The report: a value with every location resolved, and one pure function per output format.
//!
//! Comes in: what was compared and judged. Goes out: text. Must not know: git, the logic of rules, terminals, files.

pub mod allow;
pub mod blame;
mod build;
pub mod changelog;
pub mod checklist;
pub mod checkstyle;
pub mod debt;
mod detail;
mod edit;
mod excerpt;
pub mod github;
pub mod gitlab;
mod groups;
mod headline;
mod help;
pub mod html;
mod issues;
pub mod json;
pub mod junit;
pub mod log;
pub mod markdown;
mod markup;
mod mermaid;
pub mod model;
mod outline;
pub mod picture;
pub mod rdjson;
pub mod review;
pub mod sarif;
pub mod short;
mod snippet;
pub mod terminal;
mod text;
mod ties;
pub mod trace;
mod xml;

pub use build::{Material, Options, Side};
pub use edit::Edit;
pub use outline::Landmark;
pub use snippet::{Line, Snippet};
pub use text::{uri, wrap};

use picture::Pictures;

use crate::model::{ChangeKind, EntityKind, Layer};
use crate::policy::{Counts, Gate, Stale, Verdict};
use crate::release::{Bump, Event, Phase};
use crate::rules::{Check, Finding, Severity, Status};
use crate::source::Location;

/// Everything the formats print.
#[derive(Debug, Clone)]
pub struct Report {
    pub comparison: Comparison,
    /// Path of the configuration, when another than the head's own was given.
    pub configuration: Option<String>,
    /// False when something relevant could not be read.
    pub complete: bool,
    pub verdict: Verdict,
    /// What the verdict goes by.
    pub gate: Gate,
    pub counts: Counts,
    /// Sorted by path.
    pub inputs: Vec<Input>,
    /// Schemas of contracts understood in head.
    pub schemas: usize,
    /// Sorted by severity, path, line, rule, subject.
    pub findings: Vec<Item>,
    /// Every typed change, also the harmless ones; sorted by path, line, kind, subject.
    pub changes: Vec<ChangeItem>,
    /// The changes were asked for in formats that do not live by them.
    pub list_changes: bool,
    /// Sorted by place.
    pub problems: Vec<ProblemItem>,
    /// What changed on both layers alike, by column: no findings, and nothing to do.
    pub consistent: Vec<ConsistentItem>,
    /// What has to happen in which order around the deployment, by phase.
    pub deployment: Vec<StepItem>,
    /// What should be gone by now, by subject.
    pub due: Vec<DueItem>,
    /// The contracts that changed, with the versions that they declare and deserve.
    pub versions: Vec<VersionItem>,
    pub suppressed: Vec<SuppressedItem>,
    /// Entries of the allow list that do nothing (any more).
    pub stale: Vec<Stale>,
    /// One sentence each: what a reader must know to trust the report.
    pub notes: Vec<String>,
    /// Entities and operations of head by place, when asked for.
    pub outline: Vec<Landmark>,
    /// Empty unless asked for.
    pub pictures: Pictures,
}

impl Report {
    /// The findings of a status, in order.
    pub fn of(&self, status: Status) -> impl Iterator<Item = &Item> {
        self.findings.iter().filter(move |item| item.finding.status == status)
    }

    /// Permissions that do nothing and are worth a word; those that did nothing in the base either are not.
    pub fn newly_stale(&self) -> impl Iterator<Item = &Stale> {
        self.stale.iter().filter(|entry| !entry.idle())
    }

    /// How many introduced findings have that severity.
    pub fn introduced(&self, severity: Severity) -> usize {
        self.of(Status::Introduced).filter(|item| item.finding.severity == severity).count()
    }
}

/// What was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub base: Revision,
    pub head: Revision,
    /// The commit both sides started from, when that is what the base is.
    pub merge_base: Option<String>,
}

/// One revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// What the user called it.
    pub spec: String,
    /// All hex digits, when it is a commit.
    pub commit: Option<String>,
}

/// One contract or SQL source, with what was understood of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub path: String,
    pub layer: Layer,
    /// `openapi-3.1`, `sql`
    pub format: String,
    pub dialect: Option<&'static str>,
    pub layout: Option<&'static str>,
    pub in_base: bool,
    pub in_head: bool,
    /// Statements met and not understood, of the newest revision that has it; 0 for contracts.
    pub statements: usize,
    pub unread: usize,
    /// Operations of a contract, tables and views of a SQL source.
    pub size: usize,
    /// Files of a SQL source.
    pub files: usize,
}

/// A finding with its places resolved.
#[derive(Debug, Clone)]
pub struct Item {
    pub finding: Finding,
    pub fingerprint: String,
    pub base: Option<Place>,
    pub head: Option<Place>,
    /// Where the other end is, by its name.
    pub related: Vec<(String, Place)>,
    /// What to put in place of lines of head, where that alone settles it.
    pub suggestion: Option<Edit>,
    /// The entities it is about: its own, then those of linked attributes; filled where pictures are asked for.
    pub entities: Vec<String>,
}

/// A finding that people accept.
#[derive(Debug, Clone)]
pub struct SuppressedItem {
    pub item: Item,
    pub reason: String,
    pub until: Option<String>,
    /// The comment that accepts it; `None` is an entry of the configuration.
    pub at: Option<Location>,
}

impl Item {
    /// Where a reader should look first: head, or base for what is gone.
    pub fn place(&self) -> Option<&Place> {
        self.head.as_ref().or(self.base.as_ref())
    }

    /// The help says something that `first`, another finding of the rule, did not: one line with names of its own.
    /// Steps are the same for every name.
    pub fn helps_beyond(&self, first: &Item) -> bool {
        self.finding.help != first.finding.help && !self.finding.help.contains('\n')
    }

    /// Something came to stand where nothing was: what is shown of the base are its surroundings, which did not go.
    pub fn adds(&self) -> bool {
        self.finding.before.is_none() && self.finding.after.is_some()
    }

    /// About what stands in head rather than about the step to it (a state, or a disagreement whose other half
    /// changed): the line in head need not be new.
    pub fn stands(&self) -> bool {
        let rule = self.finding.rule;
        matches!(rule.check, Check::State(_) | Check::Habit(_) | Check::Past(_) | Check::Problem)
            || rule.layer == Layer::Link
    }
}

/// A location with the lines around it; the lines are empty for findings that are only counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub at: Location,
    /// The columns of its start and its end as they are counted in bytes, 1-based, end exclusive.
    pub bytes: (u32, u32),
    pub snippet: Snippet,
}

impl Place {
    /// Both are at one spot of one file, so that one view shows the old and the new line: a neighbour is the same, or the
    /// number.
    fn same_spot(&self, other: &Place) -> bool {
        let same = |a: Option<&Line>, b: Option<&Line>| match (a, b) {
            (Some(a), Some(b)) => a.text.trim() == b.text.trim() && a.text.trim().len() > 2,
            _ => false,
        };
        let ((before, after), (other_before, other_after)) = (self.snippet.neighbours(), other.snippet.neighbours());
        let near = self.at.line == other.at.line || same(before, other_before) || same(after, other_after);
        self.at.path == other.at.path && near
    }
}

/// A typed change with its places resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeItem {
    pub layer: Layer,
    pub kind: ChangeKind,
    pub subject: String,
    /// What it is about inside the subject: a value, a key, a parameter.
    pub detail: String,
    /// What the subject is, or what its attribute belongs to.
    pub entity: Option<EntityKind>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub effect: &'static str,
    /// A rule of the breaking category calls it an error.
    pub breaking: bool,
    pub base: Option<Location>,
    pub head: Option<Location>,
}

/// A column and its properties that changed together and agree.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsistentItem {
    pub event: Event,
    pub column: String,
    pub properties: Vec<String>,
    pub what: Vec<String>,
    /// Where it was changed, the column first.
    pub places: Vec<Location>,
}

impl ConsistentItem {
    /// `users.name and User.name: character varying(100) → character varying(255), at most 100 characters → …`
    pub fn text(&self) -> String {
        let what = match self.what.is_empty() {
            true => self.event.name().to_string(),
            false => self.what.join(", "),
        };
        format!("{} and {}: {what}", self.column, self.properties.join(", "))
    }
}

/// A step around the deployment of the code.
#[derive(Debug, Clone, PartialEq)]
pub struct StepItem {
    pub phase: Phase,
    /// The change leaves it out.
    pub missing: bool,
    pub what: String,
    pub why: String,
    pub subjects: Vec<String>,
    pub properties: Vec<String>,
    /// The statements that it is about.
    pub places: Vec<Location>,
}

impl StepItem {
    /// `missing: Add … Code that still runs …`
    pub fn text(&self) -> String {
        let missing = if self.missing { "missing: " } else { "" };
        format!("{missing}{} {}", self.what, self.why).trim_end().to_string()
    }
}

/// Something whose announced end has passed.
#[derive(Debug, Clone, PartialEq)]
pub struct DueItem {
    pub subject: String,
    /// `YYYY-MM-DD`
    pub day: String,
    pub place: Option<Location>,
}

/// A contract that changed, and what it calls itself.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionItem {
    pub contract: String,
    /// `info.version`, as written.
    pub base: String,
    pub head: String,
    /// Errors that its clients meet, accepted ones too.
    pub breaking: usize,
    /// How far the version should move and where it gets; `None` where the declared one is no number.
    pub deserved: Option<(Bump, String)>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProblemItem {
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
}
