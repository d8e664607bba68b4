//! Tables built anew under their old name: a new table is made, the rows are copied, the old one goes.

use crate::diff::sql::history::NewStep;
use crate::model::origin::Text;
use crate::model::sql::{Action, Column, Dialect, Generated, KeyKind, Table};
use crate::rules::affected::list;
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, Source};

pub static DELETES_CHILDREN: Rule = Rule {
    id: "rebuild-deletes-children",
    title: "Rebuilding a table may delete the rows that point to it",
    levels: Levels::Always(Warning),
    message: "Where foreign keys are enforced while this runs, dropping `{subject}` to build it anew {detail}: SQLite deletes all rows of a table before it drops it. The table comes back, they do not.",
    help: "`PRAGMA foreign_keys = OFF;` before the rebuild and `ON` after it, in a migration that runs without a transaction: inside of one the PRAGMA does nothing. `PRAGMA foreign_key_check;` at the end finds what points to nothing. `defer_foreign_keys` does not help against ON DELETE.",
    check: Check::Step(deletes_children),
    page: page!("rebuild-deletes-children"),
    ..RULE
};

pub static FORGETS_INDEX: Rule = Rule {
    id: "rebuild-forgets-index",
    title: "Table built anew without its indexes",
    levels: Levels::Always(Warning),
    message: "`{subject}` is built anew, and {detail} of the old table is not made again: queries that used it read the whole table from then on.",
    help: "Create the index again behind the rename, as it was. If it is not needed any more, drop it by name in a migration of its own, so that others can see it.",
    check: Check::Step(forgets_index),
    page: page!("rebuild-forgets-index"),
    ..RULE
};

pub static LOSES_VALUES: Rule = Rule {
    id: "rebuild-loses-values",
    title: "Table built anew without all of its values",
    levels: Levels::Always(Error),
    message: "The rows of `{subject}` are copied to the table that takes its place without {detail}, which both have: the values are lost with the old table.",
    help: "Name every column that both tables have in the copy: `INSERT INTO … (…, {name}) SELECT …, {name} FROM {subject};` Count rows and values that are not null before the old table is dropped.",
    check: Check::Step(loses_values),
    page: page!("rebuild-loses-values"),
    ..RULE
};

/// The table of the base and the new one that took its name.
fn rebuilt<'a>(source: &'a Source<'_>, name: &str) -> Option<(&'a Table, &'a Table)> {
    let base = source.base_table(name)?;
    let head = source.head_table(name)?;
    let whole = !base.tainted && !head.tainted && source.history.removed.is_empty();
    (whole && source.history.creates(head)).then_some((base, head))
}

/// The names that the table had before it took that one.
fn former<'a>(source: &'a Source<'_>, name: &'a str) -> Vec<&'a str> {
    let mut names = vec![name];
    for new in source.history.steps.iter().rev() {
        if let Action::RenameTable { to } = &new.step.action
            && names.last() == Some(&&**to)
        {
            names.push(&new.step.table);
        }
    }
    names
}

/// A new table took the name of one that was dropped, and nothing was put into it.
pub fn without_rows(source: &Source<'_>, name: &str) -> bool {
    let dropped = source.history.last(&[name], |a| matches!(a, Action::DropTable { .. })).is_some();
    let names = former(source, name);
    let fills = |a: &Action| matches!(a, Action::Insert { .. } | Action::AttachPartition { .. });
    dropped && rebuilt(source, name).is_some() && source.history.last(&names, fills).is_none()
}

pub static MIXES_VALUES: Rule = Rule {
    id: "rebuild-mixes-values",
    title: "Rows copied into other columns",
    levels: Levels::Always(Error),
    message: "The rows of `{subject}` are copied by position, and the table that takes its place has its columns in another order: what stood in {detail}.",
    help: "Name the columns on both sides: `INSERT INTO … ({name}) SELECT {name} FROM {subject};`",
    check: Check::Step(mixes_values),
    page: page!("rebuild-mixes-values"),
    ..RULE
};

fn mixes_values(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let Action::Insert { columns, selected, from: Some(from) } = &new.step.action else { return None };
    let (base, head) = rebuilt(source, from)?;
    let names = former(source, from);
    let on = |s: &NewStep<'_>| names.contains(&&*s.step.table) || s.step.table == *from;
    let alters = |a: &Action| {
        matches!(
            a,
            Action::AddColumn { .. }
                | Action::DropColumn { .. }
                | Action::RenameColumn { .. }
                | Action::MoveColumn { .. }
        )
    };
    if !columns.is_empty()
        || !names.contains(&&*new.step.table)
        || source.history.steps.iter().any(|s| on(s) && alters(&s.step.action))
    {
        return None;
    }
    let star = selected.as_slice() == [Some(Text::from("*"))];
    let computed = |t: &Table| t.columns.iter().any(|c| c.generated == Generated::Computed);
    let given: Vec<Option<&Text>> = match star {
        true if computed(base) || computed(head) => return None,
        true => base.columns.iter().map(|c| Some(&c.name)).collect(),
        false => selected.iter().map(Option::as_ref).collect(),
    };
    let same = |a: &str, b: &str| if source.is_postgres() { a == b } else { a.eq_ignore_ascii_case(b) };
    let pairs = given.iter().zip(&head.columns).filter_map(|(from, to)| Some(((*from)?, &to.name)));
    let wrong = pairs.filter(|(from, to)| !same(from, to) && head.columns.iter().any(|c| same(&c.name, from)));
    let wrong: Vec<String> = wrong.map(|(from, to)| format!("`{from}` goes into `{to}`")).collect();
    let all: Vec<&str> = head.columns.iter().map(|c| &*c.name).collect();
    (!wrong.is_empty()).then(|| Case::new(&**from, list(&wrong)).named(all.join(", ")))
}

fn forgets_index(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let Action::DropTable { .. } = &new.step.action else { return None };
    let (base, head) = rebuilt(source, &new.step.table)?;
    let by_name = |name: &Text| {
        source.history.steps.iter().any(|s| matches!(&s.step.action, Action::DropIndex { name: n, .. } if n == name))
    };
    let kept = |columns: &[Text]| columns.iter().all(|c| head.column(c).is_some());
    let covered = |columns: &[Text]| {
        !columns.is_empty() && head.keys.iter().any(|k| k.kind != KeyKind::Check && k.columns.starts_with(columns))
    };
    let lost = base.keys.iter().filter(|k| {
        let same = head.keys.iter().any(|h| h.kind == k.kind && (h.definition == k.definition || h.name == k.name));
        k.kind == KeyKind::Index && !same && kept(&k.columns) && !covered(&k.columns) && !by_name(&k.name)
    });
    let names: Vec<String> = lost.map(|k| format!("`{}` ({})", k.name, k.columns.join(", "))).collect();
    let what = if names.len() == 1 { "the index" } else { "each of the indexes" };
    (!names.is_empty()).then(|| Case::new(&*new.step.table, format!("{what} {}", list(&names))))
}

fn loses_values(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let Action::Insert { columns, from: Some(from), .. } = &new.step.action else { return None };
    let (base, head) = rebuilt(source, from)?;
    let names = former(source, from);
    if columns.is_empty() || !names.contains(&&*new.step.table) || *new.step.table == **from {
        return None;
    }
    // Another statement may bring the rest.
    let more = |s: &NewStep<'_>| {
        let on = names.contains(&&*s.step.table) && !std::ptr::eq(s.step, new.step);
        on && matches!(s.step.action, Action::Insert { .. } | Action::Rewrite { delete: false, .. })
    };
    if source.history.steps.iter().any(more) {
        return None;
    }
    let same = |a: &str, b: &str| if source.is_postgres() { a == b } else { a.eq_ignore_ascii_case(b) };
    let lost = base.columns.iter().filter(|c| {
        let now = head.columns.iter().find(|h| same(&h.name, &c.name));
        let computed = |g: Generated| g == Generated::Computed;
        now.is_some_and(|h| !computed(h.generated))
            && !computed(c.generated)
            && !columns.iter().any(|i| same(i, &c.name))
    });
    let lost: Vec<&Column> = lost.collect();
    let numbers = lost.iter().all(|c| c.generated == Generated::ByDefault);
    let lost: Vec<&str> = lost.iter().map(|c| &*c.name).collect();
    let shown: Vec<String> = lost.iter().map(|c| format!("`{c}`")).collect();
    let case = Case::new(&**from, list(&shown)).named(lost.join(", "));
    // Rows get other numbers: worse only where something points to them.
    let case = if numbers { case.at(Warning) } else { case };
    (!lost.is_empty()).then_some(case)
}

fn deletes_children(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let Action::DropTable { .. } = &new.step.action else { return None };
    let name = &*new.step.table;
    if source.dialect() != Dialect::Sqlite {
        return None;
    }
    rebuilt(source, name)?;
    if !source.checks_foreign(new) {
        return None;
    }
    let (mut deleted, mut emptied) = (Vec::new(), Vec::new());
    for table in source.base.tables.iter().filter(|t| t.full_name() != name) {
        for key in table.keys.iter() {
            let Some(target) = key.references.as_ref().filter(|r| &*r.table == name) else { continue };
            let child = table.full_name();
            match &*target.on_delete {
                "CASCADE" => deleted.push(format!("`{child}`")),
                "SET NULL" | "SET DEFAULT" => emptied.push(format!("`{child}.{}`", key.columns.join("`, `"))),
                _ => {}
            }
        }
    }
    deleted.dedup();
    let mut does = Vec::new();
    if !deleted.is_empty() {
        does.push(format!("deletes the rows of {} that point to it", list(&deleted)));
    }
    if !emptied.is_empty() {
        does.push(format!("empties {}", list(&emptied)));
    }
    (!does.is_empty()).then(|| Case::new(name, list(&does)))
}
