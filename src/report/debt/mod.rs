//! Debt for people and machines: one value, one pure function per format.
//!
//! Comes in: what a revision owes ([`Standing`]), perhaps how it moved, what is asked for. Goes out: text. Must not know: git,
//! how findings and ages are found.

mod chart;
pub mod csv;
mod curve;
pub mod html;
pub mod json;
pub mod markdown;
pub mod text;
mod words;

use crate::debt::{Budget, Debt, Entry, Filter, Standing, Trend, budgets};
use crate::model::Date;
use crate::rules::Status;

use super::{Comparison, Revision};

/// Everything the formats print.
#[derive(Debug)]
pub struct Owed {
    pub what: What,
    /// What stands in head, as far as it is asked for.
    pub debt: Debt,
    /// Where a step is told.
    pub step: Option<Step>,
    /// Over all findings, whatever is asked for.
    pub budgets: Vec<Budget>,
    pub trend: Option<Trend>,
    /// Findings that people accepted, of all.
    pub accepted: usize,
    pub complete: bool,
    /// Somebody answers for something.
    pub owned: bool,
    pub notes: Vec<String>,
    /// Why the exit code is 1, one sentence each.
    pub fails: Vec<String>,
    /// The options that choose findings, as they were written.
    pub chosen: Option<String>,
    pub today: Date,
}

/// What was looked at.
#[derive(Debug)]
pub enum What {
    One(Revision),
    Step(Comparison),
}

/// What lies between two revisions.
#[derive(Debug)]
pub struct Step {
    pub added: Debt,
    pub paid: Debt,
    /// Findings that both have.
    pub left: usize,
}

/// What is asked for.
#[derive(Debug)]
pub struct Asked<'a> {
    pub what: What,
    pub filter: &'a Filter,
    pub chosen: Option<String>,
    pub budgets: &'a std::collections::BTreeMap<String, u32>,
    /// Findings that a step added make the exit code 1.
    pub ratchet: bool,
    pub today: Date,
}

impl Owed {
    pub fn new(standing: Standing, trend: Option<Trend>, asked: Asked<'_>) -> Self {
        let budgets = budgets(asked.budgets, &standing);
        let Standing { entries, entities, accepted, complete, owners, mut notes, .. } = standing;
        notes.extend(budgets.iter().filter(|budget| !budget.known).map(words::unknown));
        let with = |statuses: &[Status]| {
            let wanted = entries.iter().filter(|entry| statuses.contains(&entry.finding.status));
            Debt::of(wanted.filter(|entry| asked.filter.lets(entry)), entities)
        };
        let debt = with(&[Status::Introduced, Status::Existing]);
        let step = matches!(asked.what, What::Step(_)).then(|| Step {
            added: with(&[Status::Introduced]),
            paid: with(&[Status::Resolved]),
            left: with(&[Status::Existing]).len(),
        });
        let new = |entry: &&Entry| step.is_some() && entry.finding.status == Status::Introduced;
        let added = entries.iter().filter(new).count();
        let mut fails = Vec::new();
        if asked.ratchet && added > 0 {
            fails.push(words::ratchet(added));
        }
        fails.extend(budgets.iter().filter(|budget| budget.is_exceeded()).map(words::exceeded));
        Self {
            what: asked.what,
            debt,
            step,
            budgets,
            trend,
            accepted,
            complete,
            owned: !owners.is_empty(),
            notes,
            fails,
            chosen: asked.chosen,
            today: asked.today,
        }
    }
}
