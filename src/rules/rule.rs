//! What a rule is.

use crate::config::{Limits, Promise};
use crate::model::{Change, ChangeKind, Date, Flow, Layer, Link, Lives, Model};

use super::finding::{Finding, Severity};
use super::migration::{Case, NewStep, Source};

/// The five families, in the order of summaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    Breaking,
    Drift,
    Migration,
    Debt,
    Input,
}

impl Category {
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Drift => "drift",
            Self::Debt => "debt",
            Self::Migration => "migration",
            Self::Input => "input",
        }
    }
}

/// The judgement table of the design as one row: what the rule says when the flow is hurt. `None` is silence.
///
/// A change that narrows hurts `in` and `stored`, one that widens hurts `out`; both hurt all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Levels {
    /// By effect and flow.
    ByFlow { in_: Option<Severity>, out: Option<Severity>, stored: Option<Severity> },
    /// The event itself is what matters; no set effect decides.
    Always(Severity),
}

impl Levels {
    /// The table as it stands: narrowing breaks senders, widening breaks readers, narrowing must be checked against rows.
    pub const DOMAIN: Levels =
        Levels::ByFlow { in_: Some(Severity::Error), out: Some(Severity::Error), stored: Some(Severity::Error) };

    /// The worst that the rule says, whatever the flow.
    pub fn worst(self) -> Severity {
        match self {
            Self::Always(severity) => severity,
            Self::ByFlow { in_, out, stored } => {
                [in_, out, stored].into_iter().flatten().min().unwrap_or(Severity::Note)
            }
        }
    }

    /// The level for a flow that is hurt.
    pub fn at(self, flow: Flow) -> Option<Severity> {
        match self {
            Self::Always(severity) => Some(severity),
            Self::ByFlow { in_, out, stored } => match flow {
                Flow::In => in_,
                Flow::Out => out,
                Flow::Stored => stored,
            },
        }
    }
}

/// The two revisions, for rules that look at whole models.
pub struct Pair<'a> {
    pub base: Side<'a>,
    pub head: Side<'a>,
    pub changes: &'a [Change],
}

/// One revision.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub model: &'a Model,
    pub links: &'a [Link],
    /// From where on something counts as debt: all that rules know of the configuration.
    pub limits: &'a Limits,
}

/// What led to a revision, for rules that ask since when something is so.
#[derive(Clone, Copy)]
pub struct Looking<'a> {
    pub lives: &'a Lives<'a>,
    pub today: Date,
}

/// How a rule finds what it speaks about.
pub enum Check {
    /// One finding per change of these kinds in the rule's layer for which the condition holds.
    Change { kinds: &'static [ChangeKind], when: fn(&Change) -> bool },
    /// Looks at one revision; runs on both, and git is the baseline.
    State(fn(&'static Rule, Side<'_>, &mut Vec<Finding>)),
    /// The same for what is only worth a word because the rest of the revision does otherwise: news only where a change
    /// touches the subject.
    Habit(fn(&'static Rule, Side<'_>, &mut Vec<Finding>)),
    /// Looks at one revision and what led to it; never runs where two revisions are compared.
    Past(fn(&'static Rule, Side<'_>, Looking<'_>, &mut Vec<Finding>)),
    /// Looks at both revisions at once; what it finds is introduced.
    Transition(fn(&'static Rule, &Pair<'_>, &mut Vec<Finding>)),
    /// Looks at the migrations of one source, old and new.
    History(fn(&'static Rule, &Source<'_>, &mut Vec<Finding>)),
    /// Looks at every step of a migration that is new in head.
    Step(fn(&Source<'_>, &NewStep<'_>) -> Option<Case>),
    /// Reported by a reader as a problem of this rule's id.
    Problem,
    /// Told by policy, which knows what the findings of other rules amount to.
    Verdict,
}

/// A rule: data and one short function. Its prose, example and test are `docs/rules/<id>.md`.
pub struct Rule {
    /// kebab-case; names the event.
    pub id: &'static str,
    pub layer: Layer,
    pub category: Category,
    pub title: &'static str,
    pub levels: Levels,
    /// The least promise that the event breaks; contracts that promise less are not told of it.
    pub promise: Promise,
    /// Silent unless the configuration gives it a level: worth asking for, and mostly noise to those who did not.
    pub off: bool,
    /// Message template, filled by [`super::text::fill`]. Who is affected is added by the engine.
    pub message: &'static str,
    /// What to do instead, same placeholders; lines may be for one dialect only.
    pub help: &'static str,
    pub since: &'static str,
    pub check: Check,
    /// The page.
    pub page: &'static str,
}

impl Rule {
    /// What the rules of a family share, to be completed by the entries of its table.
    pub const fn of(layer: Layer, category: Category) -> Self {
        Self {
            id: "",
            layer,
            category,
            title: "",
            levels: Levels::DOMAIN,
            promise: Promise::Wire,
            off: false,
            message: "",
            help: "",
            since: "0.1",
            check: Check::Problem,
            page: "",
        }
    }
}

impl Rule {
    /// Whether it speaks where the configuration gives it no level.
    pub fn speaks(&self, promise: Promise) -> bool {
        !self.off && self.promise <= promise
    }
}

impl Check {
    /// Every change of these kinds.
    pub const fn on(kinds: &'static [ChangeKind]) -> Self {
        Self::Change { kinds, when: |_| true }
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rule({})", self.id)
    }
}
