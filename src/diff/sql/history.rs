//! What happened between two histories of migrations: which files are new, edited, moved or gone, and which steps the
//! head takes that the base has not taken.
//!
//! Comes in: the migrations of both sides. Goes out: [`History`]. Must not know: what a step is worth.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::origin::{Origin, Text};
use crate::model::sql::{Action, Migration, Schema, Step, Table};

use super::copies;

/// The difference of two histories.
#[derive(Debug, Default)]
pub struct History<'a> {
    /// In running order.
    pub added: Vec<&'a Migration>,
    /// Same file, other bytes: `(base, head)`. Repeatable files are meant to change and are left out.
    pub edited: Vec<(&'a Migration, &'a Migration)>,
    /// Same statements under another path: `(base, head)`.
    pub moved: Vec<(&'a Migration, &'a Migration)>,
    pub removed: Vec<&'a Migration>,
    /// The steps that are new in head, in running order.
    pub steps: Vec<NewStep<'a>>,
    /// Where those on a table stand, and which statements create one.
    on: HashMap<&'a str, Vec<usize>>,
    creates: HashSet<Origin>,
}

/// A step that only the head takes.
#[derive(Debug, Clone, Copy)]
pub struct NewStep<'a> {
    pub migration: &'a Migration,
    pub step: &'a Step,
    /// The table was created by this change: no rows, no running code.
    pub table_is_new: bool,
    /// Its place among the new steps, and that of the first one of its migration.
    pub at: usize,
    first: usize,
}

impl<'a> History<'a> {
    /// Compares the migrations of two versions of one source.
    pub fn of(base: &'a Schema, head: &'a Schema) -> Self {
        let mut history = Self::default();
        let mut known: HashMap<(&str, &str), &Migration> =
            base.migrations.iter().map(|m| ((&*m.path, &*m.version), &**m)).collect();
        let mut left = Vec::new();
        let mut steps_of: HashMap<*const Migration, Option<&Migration>> = HashMap::new();
        for migration in head.migrations.iter().map(|m| &**m) {
            let Some(before) = known.remove(&(&*migration.path, &*migration.version)) else {
                left.push(migration);
                continue;
            };
            if before.content != migration.content || before.meaning != migration.meaning {
                steps_of.insert(migration, Some(before));
                if !migration.repeatable {
                    history.edited.push((before, migration));
                }
            }
        }
        let mut gone: Vec<&Migration> = base
            .migrations
            .iter()
            .map(|m| &**m)
            .filter(|m| known.get(&(&*m.path, &*m.version)).is_some_and(|k| std::ptr::eq(*k, *m)))
            .collect();
        let mut new = Vec::new();
        for migration in left {
            match gone.iter().position(|m| m.meaning == migration.meaning && !m.steps.is_empty()) {
                Some(at) => history.moved.push((gone.remove(at), migration)),
                None => new.push(migration),
            }
        }
        for migration in new {
            // Runners know a migration by its version: another name or folder makes it no new one.
            let known = |m: &&Migration| m.version == migration.version && !m.version.is_empty() && !m.repeatable;
            let same = gone.iter().position(known).filter(|_| !migration.repeatable);
            if let Some(before) = same.map(|at| gone.remove(at)) {
                steps_of.insert(migration, Some(before));
                history.edited.push((before, migration));
            } else {
                steps_of.insert(migration, None);
                history.added.push(migration);
            }
        }
        history.removed = gone;
        history.steps = new_steps(base, head, &steps_of, !history.removed.is_empty());
        for NewStep { step, at, .. } in &history.steps {
            history.on.entry(&step.table).or_default().push(*at);
            if matches!(step.action, Action::CreateTable) {
                history.creates.insert(step.origin);
            }
        }
        history
    }

    /// True when rows are put into the table of that new step later.
    fn is_filled(&self, at: usize) -> bool {
        let Some(step) = self.steps.get(at) else { return false };
        let table = [&*step.step.table];
        self.on(&table).rev().take_while(|s| s.at > at).any(|s| matches!(s.step.action, Action::Insert { .. }))
    }

    /// Where a new step makes a column again that an earlier new step dropped, and nothing fills it.
    pub fn recreated(&self, tables: &[&str], column: &str) -> Option<&NewStep<'a>> {
        let on = |s: &&NewStep<'_>| tables.contains(&&*s.step.table);
        let dropped = |a: &Action| matches!(a, Action::DropColumn { column: c } if **c == *column);
        let added = |a: &Action| matches!(a, Action::AddColumn { column: c, .. } if **c == *column);
        let first = self.steps.iter().position(|s| on(&s) && dropped(&s.step.action))?;
        let later = self.steps.get(first..)?;
        let again = later.iter().rposition(|s| on(&s) && added(&s.step.action))?;
        let mut rest = later.get(again..)?.iter().filter(on);
        let filled =
            rest.any(|s| dropped(&s.step.action) || matches!(s.step.action, Action::Rewrite { delete: false, .. }));
        later.get(again).filter(|_| !filled)
    }

    /// The last new step on one of the tables for which the condition holds.
    pub fn last(&self, tables: &[&str], wanted: impl Fn(&Action) -> bool) -> Option<Origin> {
        self.on(tables).rev().find(|s| wanted(&s.step.action)).map(|s| s.step.origin)
    }

    /// The new steps on some tables, in running order.
    pub fn on(&self, tables: &[&str]) -> impl DoubleEndedIterator<Item = &NewStep<'a>> {
        let mut places: Vec<usize> = tables.iter().filter_map(|name| self.on.get(name)).flatten().copied().collect();
        if tables.len() > 1 {
            places.sort_unstable();
            places.dedup();
        }
        places.into_iter().filter_map(|at| self.steps.get(at))
    }

    /// The new steps of the same migration before this one.
    pub fn before(&self, step: &NewStep<'_>) -> &[NewStep<'a>] {
        self.steps.get(step.first..step.at).unwrap_or_default()
    }

    /// True when a new step made the table as it is.
    pub fn creates(&self, table: &Table) -> bool {
        self.creates.contains(&table.origin)
    }
}

/// Steps of added migrations, and those of edited ones that their base version did not take.
fn new_steps<'a>(
    base: &Schema,
    head: &'a Schema,
    changed: &HashMap<*const Migration, Option<&Migration>>,
    rewritten: bool,
) -> Vec<NewStep<'a>> {
    let existing: HashSet<String> = base.tables.iter().map(|t| t.full_name()).collect();
    let mut fresh: HashSet<&str> = HashSet::new();
    let mut steps = Vec::new();
    for migration in head.migrations.iter().map(|m| &**m) {
        let Some(before) = changed.get(&std::ptr::from_ref(migration)) else { continue };
        let first = steps.len();
        let mut taken: HashMap<String, usize> = HashMap::new();
        for step in before.iter().flat_map(|m| &m.steps) {
            *taken.entry(label(step)).or_default() += 1;
        }
        for step in &migration.steps {
            let twin = if taken.is_empty() { None } else { taken.get_mut(&label(step)) };
            if let Some(count) = twin.filter(|count| **count > 0) {
                *count -= 1;
                continue;
            }
            match &step.action {
                // A history that was squashed creates the old tables anew.
                Action::CreateTable if rewritten || !existing.contains(&*step.table) => {
                    fresh.insert(&step.table);
                }
                Action::RenameTable { to } if fresh.contains(&*step.table) => {
                    fresh.insert(to);
                }
                _ => {}
            }
            let table_is_new = step.table_is_new || fresh.contains(&*step.table);
            steps.push(NewStep { migration, step, table_is_new, at: steps.len(), first });
        }
    }
    steps
}

/// What makes two steps of two versions of a file the same, apart from where they are.
fn label(step: &Step) -> String {
    let action = match &step.action {
        Action::AddKey { key, not_valid, using_index } => {
            format!("add {} {} {not_valid} {using_index}", key.name, key.definition)
        }
        Action::CreateIndex { key, concurrently } => format!("index {} {} {concurrently}", key.name, key.definition),
        other => format!("{other:?}"),
    };
    format!("{} {action}", step.table)
}

/// Certain renames: what tables and columns of the base are called in head.
#[derive(Debug, Default)]
pub struct Renames {
    tables: BTreeMap<Text, Text>,
    columns: BTreeMap<Text, Vec<(Text, Text)>>,
    dropped: HashSet<Text>,
}

impl Renames {
    /// Follows the new steps of a history, and tables that are written in another schema (PostgreSQL's `auth.users` that
    /// becomes `users`, MySQL's other database) with nobody having dropped them.
    pub fn of(base: &Schema, head: &Schema, history: &History<'_>) -> Self {
        let mut base_name: BTreeMap<Text, Text> = BTreeMap::new();
        for table in &base.tables {
            let name = Text::from(table.full_name());
            base_name.insert(name.clone(), name);
        }
        let mut renames = Self::default();
        for (at, NewStep { step, .. }) in history.steps.iter().enumerate() {
            match &step.action {
                // Moved out of the way, created anew and filled: the new table is the old one, the other a copy.
                Action::CreateTable if history.is_filled(at) => {
                    let aside = base_name.iter().find(|(now, then)| **then == step.table && now != then);
                    if let Some(aside) = aside.map(|(now, _)| now.clone()) {
                        base_name.remove(&aside);
                        base_name.insert(step.table.clone(), step.table.clone());
                    }
                }
                Action::RenameTable { to } => {
                    if let Some(name) = base_name.remove(&step.table) {
                        base_name.insert(to.clone(), name);
                    }
                }
                Action::DropTable { .. } | Action::DropView { .. } => {
                    renames.dropped.extend(base_name.remove(&step.table));
                }
                Action::RenameColumn { from, to } => {
                    let Some(table) = base_name.get(&step.table) else { continue };
                    let columns = renames.columns.entry(table.clone()).or_default();
                    match columns.iter_mut().find(|(_, now)| now == from) {
                        Some((_, now)) => *now = to.clone(),
                        None => columns.push((from.clone(), to.clone())),
                    }
                }
                Action::DropColumn { column } => {
                    let Some(table) = base_name.get(&step.table) else { continue };
                    if let Some(columns) = renames.columns.get_mut(table) {
                        columns.retain(|(_, now)| now != column);
                    }
                }
                _ => {}
            }
        }
        for (table, from, to) in copies::renames(base, &history.steps) {
            renames.columns.entry(table).or_default().push((from, to));
        }
        for table in &base.tables {
            let name = Text::from(table.full_name());
            if base_name.get(&name) == Some(&name)
                && head.named(&name).is_none()
                && let Some(now) = elsewhere(table, base, head)
                && !base_name.contains_key(now.as_str())
            {
                base_name.remove(&name);
                base_name.insert(now.into(), name);
            }
        }
        renames.tables =
            base_name.into_iter().filter(|(now, then)| now != then).map(|(now, then)| (then, now)).collect();
        renames
    }

    /// The head's name of a table of the base; itself when it was not renamed.
    pub fn table<'a>(&'a self, name: &'a str) -> &'a str {
        self.tables.get(name).map_or(name, |to| to)
    }

    /// True when the table of the base goes by another name in head.
    pub fn is_renamed(&self, name: &str) -> bool {
        self.tables.contains_key(name)
    }

    /// True when a new step drops the table; it may have been created again.
    pub fn is_dropped(&self, name: &str) -> bool {
        self.dropped.contains(name)
    }

    /// The head's name of a column of the base.
    pub fn column<'a>(&'a self, table: &str, column: &'a str) -> &'a str {
        let renamed = self.columns.get(table).and_then(|c| c.iter().find(|(from, _)| &**from == column));
        renamed.map_or(column, |(_, to)| to)
    }

    /// True when no word of a key's definition has another name.
    pub fn is_empty(&self, table: &str) -> bool {
        self.tables.is_empty() && !self.columns.contains_key(table)
    }

    /// The head's name for a word of a key's definition: a column of that table, or a table.
    pub fn word<'a>(&'a self, table: &str, word: &'a str) -> &'a str {
        let column = self.column(table, word);
        if column == word { self.table(word) } else { column }
    }
}

/// The only table of that name in another schema, where it has most of the columns.
fn elsewhere(table: &Table, base: &Schema, head: &Schema) -> Option<String> {
    let named = |schema: &Schema| schema.tables.iter().filter(|other| other.name == table.name).count();
    let now = head.tables.iter().find(|other| other.name == table.name)?;
    let kept = table.columns.iter().filter(|column| now.column(&column.name).is_some()).count();
    let same = now.kind == table.kind && named(base) == 1 && named(head) == 1 && kept * 2 >= table.columns.len();
    same.then(|| now.full_name())
}
