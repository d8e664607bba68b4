//! Whether a dump in the repository says what the migrations beside it build.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::diff::sql::contrast::{Difference, How, contrast};
use crate::diff::sql::history::{History, NewStep};
use crate::model::Origin;
use crate::model::sql::{Action, Dump, EnumType, Migration, Schema, State, TableKind};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Warning;
use crate::rules::rule::{Check, Levels, Pair, Rule};

use super::RULE;
use super::steps::{Case, finding, list};

pub static DIFFERS: Rule = Rule {
    id: "schema-dump-differs",
    title: "Schema dump differs from the migrations",
    levels: Levels::Always(Warning),
    message: "{detail}: what is set up from the dump differs from what has run the migrations.",
    help: "Run all migrations on an empty database, write the dump anew from that, and commit both together. What no migration makes comes from a database that has run something else (another branch, or by hand).",
    check: Check::Transition(differs),
    page: page!("schema-dump-differs"),
    ..RULE
};

/// Share of tables (in per cent) that may differ in base: with more of them, the dump is not what has to follow.
const APART: usize = 20;
/// From so many differing objects on they are told as one.
const MANY: usize = 10;

fn differs(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    for dump in &pair.head.model.dumps {
        let same = |other: &&Dump| other.schema.path == dump.schema.path && other.schema.dialect == dump.schema.dialect;
        let Some(before) = pair.base.model.dumps.iter().find(same) else { continue };
        let (Some(base), Some(head)) =
            (migrations(&pair.base.model.schemas, before), migrations(&pair.head.model.schemas, dump))
        else {
            continue;
        };
        let old = differences(&before.schema, base);
        if !follows(&before.schema, base, &old) {
            continue;
        }
        let known: HashSet<&str> = old.iter().map(|d| d.object.as_str()).collect();
        let history = History::of(base, head);
        let certain = Certain::of(&history, base, head, dump.schema.unread > before.schema.unread);
        let mut new = differences(&dump.schema, head);
        new.retain(|d| !known.contains(d.object.as_str()) && certain.tells(d));
        let untouched = Arc::ptr_eq(&before.schema, &dump.schema);
        tell(rule, untouched, (&dump.schema, head), &history, new, found);
    }
}

fn migrations<'a>(schemas: &'a [Arc<Schema>], dump: &Dump) -> Option<&'a Schema> {
    schemas.iter().map(|s| &**s).find(|s| s.path == dump.of && s.dialect == dump.schema.dialect)
}

/// What is different between the dump (first) and what the migrations build (second).
fn differences(dump: &Schema, built: &Schema) -> Vec<Difference> {
    let state = |schema: &Schema| State {
        tables: schema.tables.iter().filter(|t| t.parent.is_none()).cloned().collect(),
        types: schema.enums.iter().map(|e| e.name.clone()).collect(),
    };
    let mut all = contrast(built.dialect, &state(dump), &state(built));
    for first in &dump.enums {
        if let Some(second) = built.enums.iter().find(|e| e.name == first.name) {
            all.extend(values(first, second, How::Gone));
            all.extend(values(second, first, How::New));
        }
    }
    all
}

/// The values of one type that the other of its name does not have.
fn values<'a>(one: &'a EnumType, other: &'a EnumType, how: How) -> impl Iterator<Item = Difference> + 'a {
    let only = one.values.iter().filter(|(value, _)| !other.values.iter().any(|(v, _)| v == value));
    only.map(move |(value, at)| {
        let gone = how == How::Gone;
        let object = format!("value `{value}` of type `{}`", one.name);
        let (first, second) = if gone { (Some(*at), None) } else { (Some(other.origin), Some(*at)) };
        Difference { object, table: String::new(), how: how.clone(), first, second }
    })
}

/// True when the dump of the base says what its migrations build, and more than one of them: a dump that does not is the
/// start of a history, or of another database.
fn follows(dump: &Schema, built: &Schema, differences: &[Difference]) -> bool {
    let tables = |schema: &Schema| {
        let plain = schema.tables.iter().filter(|t| t.kind == TableKind::Table && t.parent.is_none());
        plain.map(|t| t.full_name()).collect::<BTreeSet<_>>()
    };
    let all = tables(dump).union(&tables(built)).count();
    let apart: HashSet<&str> = differences
        .iter()
        .filter(|d| !matches!(d.how, How::Changed { .. }))
        .filter(|d| d.object.starts_with("table ") || d.object.starts_with("column "))
        .map(|d| d.table.as_str())
        .collect();
    built.migrations.len() > 1 && apart.len() * 100 <= all * APART
}

/// Which differences are more than what was not understood.
struct Certain<'a> {
    /// All that the migrations do is known.
    built: bool,
    /// All that the dump says is known.
    dump: bool,
    /// What the engine refuses is told as that.
    refused: HashSet<&'a str>,
}

impl<'a> Certain<'a> {
    fn of(history: &History<'a>, base: &Schema, head: &Schema, unread: bool) -> Self {
        let open = history.steps.iter().any(|s| s.step.conditional || matches!(s.step.action, Action::Unread));
        let refused = history.steps.iter().filter(|s| matches!(s.step.action, Action::Refused { .. }));
        Self {
            built: head.unread <= base.unread && !open,
            dump: !unread,
            refused: refused.map(|s| &*s.step.table).collect(),
        }
    }

    fn tells(&self, difference: &Difference) -> bool {
        let known = match difference.how {
            How::Gone => self.built,
            How::New => self.dump,
            How::Changed { .. } => self.built && self.dump,
        };
        known && !self.refused.contains(&*difference.table)
    }
}

fn tell(
    rule: &'static Rule,
    untouched: bool,
    (dump, head): (&Schema, &Schema),
    history: &History<'_>,
    differences: Vec<Difference>,
    found: &mut Vec<Finding>,
) {
    let path = &*dump.path;
    let Some(first) = differences.first() else { return };
    if untouched || differences.len() > MANY {
        let place = if untouched { edit(first, history) } else { place(first, dump, head) };
        let what = if untouched { "was not written anew" } else { "does not say what the migrations build" };
        let case = Case::new(path, format!("`{path}` {what}: it {}", summary(&differences)));
        let mut finding = finding(rule, head.dialect, case, place);
        finding.detail = String::new();
        found.push(finding);
        return;
    }
    for one in differences {
        let detail = match &one.how {
            How::Gone => format!("`{path}` has {}, which no migration makes", one.object),
            How::New => format!("`{path}` lacks {}, which the migrations make", one.object),
            How::Changed { .. } => format!("`{path}` has {} than the migrations", otherwise(&one)),
        };
        let subject = one.object.split('`').nth(1).unwrap_or(&one.object).to_string();
        found.push(finding(rule, head.dialect, Case::new(subject, detail), place(&one, dump, head)));
    }
}

/// A changed object with both of its forms, or the object alone.
fn otherwise(difference: &Difference) -> String {
    match &difference.how {
        How::Changed { before, after, .. } => format!("{} otherwise ({before} instead of {after})", difference.object),
        _ => difference.object.clone(),
    }
}

/// What the dump does not follow: where the object is made, if that has changed, or the last new step on its table.
fn edit(difference: &Difference, history: &History<'_>) -> Option<Origin> {
    let edited = history.edited.iter().map(|(_, after)| *after);
    let changed: Vec<&Migration> = history.added.iter().copied().chain(edited).collect();
    let step = || {
        let on = |s: &&NewStep<'_>| *s.step.table == *difference.table;
        history.steps.iter().rev().find(on).or(history.steps.first()).map(|s| s.step.origin)
    };
    let made = difference.second.filter(|o| changed.iter().any(|m| m.origin.file == o.file));
    made.or_else(step).or(changed.first().map(|m| m.origin))
}

/// The object in the dump, or the table that should have it, or where it is made.
fn place(difference: &Difference, dump: &Schema, head: &Schema) -> Option<Origin> {
    let table = |schema: &Schema| schema.named(&difference.table).map(|t| t.created_at());
    difference.first.or_else(|| table(dump)).or(difference.second).or_else(|| table(head))
}

fn summary(differences: &[Difference]) -> String {
    let of = |wanted: fn(&How) -> bool| -> Vec<String> {
        differences.iter().filter(|d| wanted(&d.how)).map(otherwise).collect()
    };
    let groups = [
        ("lacks", of(|how| *how == How::New)),
        ("still has", of(|how| *how == How::Gone)),
        ("has", of(|how| matches!(how, How::Changed { .. }))),
    ];
    let said = groups.iter().filter(|(_, objects)| !objects.is_empty());
    said.map(|(words, objects)| format!("{words} {}", list(objects))).collect::<Vec<_>>().join(", and ")
}
