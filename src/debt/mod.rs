//! Debt as people ask about it: by entity, by rule, by owner, with its age, and how it moved.
//!
//! Comes in: judged findings of one revision, the names of its entities, the past. Goes out: plain values in the order in which
//! they are worth a look. Must not know: git, output formats.

pub mod age;
mod budget;
mod entities;
mod group;
mod made;
mod summary;
mod trend;

pub use budget::{Budget, budgets};
pub use entities::{Entities, Entity};
pub use group::{Debt, Filter, Group, Task, names_any, same};
pub use summary::{Tally, by_owner, by_rule};
pub use trend::{Count, Curve, Point, Trend, sample};

use crate::model::Date;
use crate::model::origin::Text;
use crate::rules::Finding;
use crate::source::Location;

/// One finding of the family.
#[derive(Debug, Clone)]
pub struct Entry {
    pub finding: Finding,
    pub fingerprint: String,
    /// In head, or in base where head has it no more.
    pub at: Option<Location>,
    /// Who answers for the file, by `CODEOWNERS`.
    pub owners: Vec<Text>,
    /// `None` where the past does not tell.
    pub since: Option<Since>,
    /// The entity that it is about, or the file where it is about none.
    pub entity: Entity,
}

/// The commit since which something is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    pub commit: String,
    pub author: String,
    pub date: Date,
    /// The first line of its message.
    pub subject: String,
    /// What it did, half a sentence: `deprecated`.
    pub what: String,
}

/// The debt of a revision, or of the step to it.
#[derive(Debug)]
pub struct Standing {
    /// Of head; for a step also what only the base had, by their status.
    pub entries: Vec<Entry>,
    /// Entities of head, linked ones counted once.
    pub entities: usize,
    /// Findings that people accepted.
    pub accepted: usize,
    /// False when something relevant could not be read.
    pub complete: bool,
    /// All names of entities, of both layers.
    pub names: Vec<Text>,
    /// All who answer for anything by `CODEOWNERS`.
    pub owners: Vec<Text>,
    /// What a reader must know to trust it, one sentence each.
    pub notes: Vec<String>,
}

/// Findings for 100 entities: what stays the same where contract and schema grow, and debt with them.
pub fn rate(findings: usize, entities: usize) -> Option<usize> {
    (entities > 0).then(|| (findings * 100 + entities / 2) / entities)
}
