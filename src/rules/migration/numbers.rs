//! Numbers that a history has left out.

use std::collections::BTreeSet;

use crate::model::sql::Migration;
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Error, Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::runners::{self, Late};
use super::steps::{Case, Source, called, finding};

pub static SKIPPED: Rule = Rule {
    id: "migration-number-skipped",
    title: "Migration leaves out a number",
    levels: Levels::Always(Note),
    message: "Migration `{subject}` leaves out {detail}",
    help: "Give the file the next number, its down file too, unless another branch holds that number: then merge that one first.",
    check: Check::History(skipped),
    page: page!("migration-number-skipped"),
    ..RULE
};

/// Greater numbers are moments, not counts.
const LARGEST: u32 = 100_000;
/// From so many files without a gap on, people count.
const COUNTED: usize = 3;

fn number(migration: &Migration) -> Option<u32> {
    let digits = migration.version.bytes().take_while(u8::is_ascii_digit).count();
    let rest = migration.version.get(digits..)?;
    let whole = rest.is_empty() || rest.starts_with('_');
    migration.version.get(..digits)?.parse().ok().filter(|n| *n < LARGEST && whole && !migration.repeatable)
}

fn skipped(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    let counts = !matches!(source.head.layout, "flyway" | "refinery" | "versions" | "parts" | "delta" | "upgrades");
    if !counts || !source.history.removed.is_empty() {
        return;
    }
    let before: Option<Vec<u32>> = source.base.migrations.iter().map(|m| number(m)).collect();
    let Some(before) = before.filter(|all| all.len() >= COUNTED && all.windows(2).all(|w| w[1] == w[0] + 1)) else {
        return;
    };
    let all: BTreeSet<u32> = source.head.migrations.iter().filter_map(|m| number(m)).collect();
    let newest = before.last().copied().unwrap_or_default();
    let mut added: Vec<(u32, &Migration)> =
        source.history.added.iter().filter_map(|m| Some((number(m)?, *m))).filter(|(n, _)| *n > newest).collect();
    added.sort_by_key(|(n, _)| *n);
    let Some((at, migration)) = added.into_iter().find(|(n, _)| !all.contains(&(n - 1))) else { return };
    let last = all.range(..at).next_back().copied().unwrap_or(newest);
    let missing =
        if at - last == 2 { format!("number {}", at - 1) } else { format!("numbers {} to {}", last + 1, at - 1) };
    let runner = runners::of(source.head.layout);
    let (severity, then) = match (runner.name, runner.late) {
        ("tern", _) => (Error, "tern wants every number and stops".to_string()),
        (name, Late::Skipped) => (
            Warning,
            format!("if it comes with another branch later, {name} never runs it on a database that has run this one"),
        ),
        (name, Late::Refused) => (Note, format!("if it comes with another branch later, {name} stops at it")),
        _ => (Note, "if it comes with another branch later, databases take the two in different orders".to_string()),
    };
    let mut told = finding(
        rule,
        source.dialect(),
        Case::new(called(migration), format!("{missing}: {then}.")).at(severity),
        Some(migration.origin),
    );
    told.detail = String::new();
    found.push(told);
}
