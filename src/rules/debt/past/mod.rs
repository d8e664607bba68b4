//! Debt that only the past shows: what was announced and never done, what was begun and never ended, what breaks again and
//! again.
//!
//! Comes in: one revision and what led to it. Goes out: findings. None of them is told where two revisions are compared: there
//! is no past there. What the past does not reach is not told either.

mod announced;
mod copies;
mod deprecated;
pub mod due;
mod expand;
mod hotspot;

use crate::model::Layer;
use crate::model::lives::Happened;
use crate::model::origin::Origin;
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Category, Levels, Rule};
use crate::rules::text;

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &copies::COPIES_DIVERGED,
    &deprecated::DEPRECATED_AND_KEPT,
    &deprecated::DEPRECATED_GROWING,
    &hotspot::ENTITY_HOTSPOT,
    &expand::EXPAND_WITHOUT_CONTRACT,
    &due::SUNSET_PASSED,
];

/// What the rules of the family share.
const DEBT: Rule = Rule { levels: Levels::Always(Note), ..Rule::of(Layer::Api, Category::Debt) };

/// `3f2a1b9c0 “Deprecate the old mail” of 2024-02-01`
fn named(one: &Happened<'_>) -> String {
    let commit = one.commit;
    format!("{} “{}” of {}", commit.id.get(..9).unwrap_or(&commit.id), commit.subject, commit.date)
}

/// `1 day`, `212 days`
fn days(count: i64) -> String {
    if count == 1 { "1 day".to_string() } else { format!("{count} days") }
}

/// Fills the templates of the rule.
fn say(rule: &'static Rule, subject: &str, origin: Option<Origin>, more: &[(&str, String)]) -> Finding {
    let mut values = vec![("subject", subject.to_string())];
    values.extend(more.iter().cloned());
    let mut finding = Finding::state(rule, subject, origin);
    finding.message = text::replace(rule.message, &values);
    finding.help = text::replace(rule.help, &values);
    finding
}
