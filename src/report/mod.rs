//! The report: a value with every location resolved, and one pure function per output format.
//!
//! Comes in: what was compared and judged. Goes out: text. Must not know: git, the logic of rules, terminals, files.

pub mod allow;
mod build;
mod detail;
mod headline;
pub mod json;
pub mod markdown;
mod markup;
pub mod model;
pub mod short;
mod snippet;
pub mod terminal;
mod text;
pub mod trace;

pub use build::{Material, Options, Side};
pub use snippet::{Line, Snippet};
pub use text::wrap;

use crate::model::Layer;
use crate::policy::{Counts, Stale, Suppressed, Verdict};
use crate::release::{Event, Phase};
use crate::rules::{Check, Finding, Severity, Status};
use crate::source::Location;

/// Everything the formats print.
#[derive(Debug, Clone)]
pub struct Report {
    pub comparison: Comparison,
    /// False when something relevant could not be read.
    pub complete: bool,
    pub verdict: Verdict,
    pub counts: Counts,
    /// Sorted by path.
    pub inputs: Vec<Input>,
    /// Entities understood in head (both layers).
    pub entities: usize,
    /// Sorted by severity, path, line, rule, subject.
    pub findings: Vec<Item>,
    /// Every typed change, when asked for; sorted by path, line, kind, subject.
    pub changes: Option<Vec<ChangeItem>>,
    /// Sorted by place.
    pub problems: Vec<ProblemItem>,
    /// What changed on both layers alike, by column: no findings, and nothing to do.
    pub consistent: Vec<ConsistentItem>,
    /// What has to happen in which order around the deployment, by phase.
    pub deployment: Vec<StepItem>,
    pub suppressed: Vec<Suppressed>,
    /// Entries of the allow list that do nothing (any more).
    pub stale: Vec<Stale>,
    /// One sentence each: what a reader must know to trust the report.
    pub notes: Vec<String>,
}

impl Report {
    /// The findings of a status, in order.
    pub fn of(&self, status: Status) -> impl Iterator<Item = &Item> {
        self.findings.iter().filter(move |item| item.finding.status == status)
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

    /// About what stands in head rather than about the step to it (a state, or a disagreement whose other half
    /// changed): the line in head need not be new.
    pub fn stands(&self) -> bool {
        let rule = self.finding.rule;
        rule.layer == Layer::Link || matches!(rule.check, Check::State(_) | Check::Problem)
    }
}

/// A location with the lines around it; the lines are empty for findings that are only counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub at: Location,
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
    pub kind: String,
    pub subject: String,
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

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProblemItem {
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
}
