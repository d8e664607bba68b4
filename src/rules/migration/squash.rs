//! Many merged migrations replaced by one file that builds what they built.

use std::collections::HashSet;

use crate::diff::sql::contrast::{Difference, How, contrast};
use crate::diff::sql::history::History;
use crate::model::FileId;
use crate::model::sql::{Action, Migration, Schema, State};
use crate::model::{Change, Layer};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::runners::{self, OnEdit};
use super::steps::{Case, Source, called, finding, list};

pub static SQUASHED: Rule = Rule {
    id: "migrations-squashed",
    title: "Merged migrations replaced by one file",
    levels: Levels::Always(Warning),
    message: "{detail}",
    help: "Keep the old files until every database has run them, and see to it that those databases do not run the new one: a baseline (`B1__name.sql` of Flyway, `migrate resolve --applied` of Prisma, `force` of golang-migrate, a row in the table of the runner).",
    check: Check::History(squashed),
    page: page!("migrations-squashed"),
    ..RULE
};

/// Share of the tables that the old files made and that are still there (in per cent) that the new file makes.
const MADE: usize = 80;

/// One file in place of many.
pub struct Squash<'a> {
    pub by: &'a Migration,
    pub gone: Vec<&'a Migration>,
}

impl<'a> Squash<'a> {
    /// The file that takes the place of what is gone.
    pub fn of(base: &Schema, history: &History<'a>) -> Option<Self> {
        // A runner that remembers versions sees an edit where the new file takes the version of an old one.
        let edited = history.edited.iter().filter(|(before, after)| before.meaning != after.meaning);
        let candidates: Vec<&Migration> =
            history.added.iter().copied().chain(edited.clone().map(|(_, a)| *a)).collect();
        let made = |m: &Migration| m.steps.iter().filter(|s| matches!(s.action, Action::CreateTable)).count();
        let by = candidates.into_iter().max_by_key(|m| made(m)).filter(|m| made(m) > 0)?;
        let replaced = edited
            .filter(|(before, after)| std::ptr::eq(*after, by) || before.path != after.path)
            .map(|(before, _)| *before);
        let mut gone: Vec<&Migration> = replaced.chain(history.removed.iter().copied()).collect();
        gone.sort_by_key(|m| base.migrations.iter().position(|b| std::ptr::eq(&**b, *m)));
        let kept: HashSet<String> = base.tables.iter().map(|t| t.full_name()).collect();
        let old: HashSet<&str> = gone.iter().flat_map(|m| tables(m)).filter(|name| kept.contains(*name)).collect();
        let new: HashSet<&str> = tables(by).collect();
        let common = old.intersection(&new).count();
        let all = !old.is_empty() && common * 100 >= old.len() * MADE;
        (gone.len() >= 2 && !history.removed.is_empty() && all).then_some(Self { by, gone })
    }

    /// True for an old file that it stands for.
    pub fn replaces(&self, old: &Migration) -> bool {
        self.gone.iter().any(|m| std::ptr::eq(*m, old))
    }

    /// What new databases have otherwise than old ones, as far as no other new file does that.
    fn differences(&self, source: &Source<'_>) -> Vec<Difference> {
        let state = |schema: &Schema| State {
            tables: schema.tables.clone(),
            types: schema.enums.iter().map(|e| e.name.clone()).collect(),
        };
        let others = source.history.steps.iter().filter(|s| !std::ptr::eq(s.migration, self.by));
        let touched: HashSet<&str> = others.map(|s| &*s.step.table).collect();
        let mut all = contrast(source.dialect(), &state(source.base), &state(source.head));
        all.retain(|d| !touched.contains(&*d.table));
        all
    }

    /// True for a change of the schema that comes from the new file alone.
    pub fn tells(&self, change: &Change) -> bool {
        let gone: Vec<FileId> = self.gone.iter().map(|m| m.origin.file).collect();
        change.layer == Layer::Sql
            && change.base.is_none_or(|o| gone.contains(&o.file))
            && change.head.is_none_or(|o| o.file == self.by.origin.file)
            && (change.base.is_some() || change.head.is_some())
    }
}

/// The tables that a migration creates.
fn tables(migration: &Migration) -> impl Iterator<Item = &str> {
    migration.steps.iter().filter(|s| matches!(s.action, Action::CreateTable)).map(|s| &*s.table)
}

fn squashed(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    let Some(squash) = &source.squash else { return };
    let (Some(first), Some(last)) = (squash.gone.first(), squash.gone.last()) else { return };
    let differences = squash.differences(source);
    let of = |wanted: fn(&How) -> bool| -> Vec<String> {
        differences.iter().filter(|d| wanted(&d.how)).map(|d| d.object.clone()).collect()
    };
    let groups = [
        ("lacks", of(|how| *how == How::Gone)),
        ("adds", of(|how| *how == How::New)),
        ("has otherwise", of(|how| matches!(how, How::Changed { .. }))),
    ];
    let said: Vec<String> = groups
        .iter()
        .filter(|(_, objects)| !objects.is_empty())
        .map(|(words, objects)| format!("{words} {}", list(objects)))
        .collect();
    let runner = runners::of(source.head.layout);
    let (severity, then) = match said.as_slice() {
        [] if runner.edited == OnEdit::Refused => (
            Error,
            format!(
                "which builds the same schema. {} remembers what it has run and stops on every database that has run the old files.",
                runner.name
            ),
        ),
        [] => {
            (Warning, "which builds the same schema: databases that have run them must not run it as well.".to_string())
        }
        said => (
            Error,
            format!(
                "which {}: databases made from now on differ from those that have run the old files.",
                said.join(" and ")
            ),
        ),
    };
    let detail = format!(
        "{} migrations from `{}` to `{}` are replaced by `{}`, {then}",
        squash.gone.len(),
        called(first),
        called(last),
        called(squash.by)
    );
    let case = Case::new(called(squash.by), detail).at(severity);
    let mut told = finding(rule, source.dialect(), case, Some(squash.by.origin));
    (told.detail, told.base) = (String::new(), Some(first.origin));
    found.push(told);
}
