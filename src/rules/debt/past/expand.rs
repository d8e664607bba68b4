//! A column that was replaced and is still there: the first half of a change in two steps whose second half never came.
//!
//! That a migration fills a new column from an old one is no proof alone: a first value is taken from a neighbour as well
//! (`updated_at = created_at`). The old one is replaced where the copy keeps its name and gives it another type, or where it
//! need not be given any more.

use crate::diff::sql::types::Kind as Type;
use crate::link::words;
use crate::model::lives::Thing;
use crate::model::origin::Text;
use crate::model::sql::{Action, Column, Schema, Step, Table};
use crate::model::{ChangeKind, Layer};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Looking, Rule, Side};

use super::{DEBT, days, named, say};

pub static EXPAND_WITHOUT_CONTRACT: Rule = Rule {
    id: "expand-without-contract",
    layer: Layer::Sql,
    title: "Replaced column that is still there",
    message: "`{new}` was added beside `{subject}` {days} ago ({commit}) and filled from it by `{migration}`{why}; `{subject}` is still \
              there.",
    help: "Let everything read and write `{new}`, then drop `{subject}` in a migration of its own. If both are meant, let their \
           names say how they differ.",
    check: Check::Past(expanded),
    page: page!("expand-without-contract"),
    ..DEBT
};

/// A column that was filled from another one.
struct Copy {
    table: Text,
    new: Text,
    old: Text,
    migration: Text,
    /// After that the old one needs no value any more.
    optional: bool,
}

fn expanded(rule: &'static Rule, side: Side<'_>, looking: Looking<'_>, found: &mut Vec<Finding>) {
    let limit = i64::from(side.limits.expand_days);
    for schema in &side.model.schemas {
        for copy in copies(schema) {
            let Some(table) = schema.named(&copy.table).filter(|table| !table.tainted) else { continue };
            let (Some(new), Some(old)) = (table.column(&copy.new), table.column(&copy.old)) else { continue };
            let Some(why) = replaced(schema, table, new, old, copy.optional) else { continue };
            let (subject, name) = (format!("{}.{}", copy.table, copy.old), format!("{}.{}", copy.table, copy.new));
            let thing = Thing { layer: Layer::Sql, source: &schema.path, subject: &name };
            let Some(came) = looking.lives.came(thing) else { continue };
            let age = looking.today.days() - came.commit.date.days();
            if age <= limit || came.event.kind != ChangeKind::AttributeAdded {
                continue;
            }
            let more = [
                ("new", name.clone()),
                ("days", days(age)),
                ("commit", named(&came)),
                ("migration", copy.migration.to_string()),
                ("why", why),
            ];
            let mut finding = say(rule, &subject, Some(old.origin), &more);
            finding.detail = copy.new.to_string();
            finding.since = Some((came.commit.id.clone(), format!("`{name}` was added beside it")));
            finding.related.push((name, new.created));
            found.push(finding);
        }
    }
}

/// What migrations filled from other columns of the row, by the names that tables and columns have at the end.
fn copies(schema: &Schema) -> Vec<Copy> {
    let mut added: Vec<(Text, Text)> = Vec::new();
    let mut found: Vec<Copy> = Vec::new();
    for migration in &schema.migrations {
        for step in &migration.steps {
            rename(step, &mut added, &mut found);
            match &step.action {
                Action::AddColumn { column, .. } if !step.table_is_new => {
                    added.push((step.table.clone(), column.clone()));
                }
                Action::DropColumn { column } => {
                    added.retain(|(table, new)| (table, new) != (&step.table, column));
                    found.retain(|c| c.table != step.table || (c.new != *column && c.old != *column));
                }
                Action::DropTable { .. } => {
                    added.retain(|(table, _)| *table != step.table);
                    found.retain(|c| c.table != step.table);
                }
                Action::DropNotNull { column } => {
                    let replaced = found.iter_mut().filter(|c| c.table == step.table && c.old == *column);
                    replaced.for_each(|c| c.optional = true);
                }
                Action::Rewrite { copies, .. } => {
                    for (new, old) in copies {
                        let fresh = added.iter().any(|(table, column)| (table, column) == (&step.table, new));
                        let known = found.iter().any(|c| (&c.table, &c.new, &c.old) == (&step.table, new, old));
                        if fresh && !known {
                            let (table, new, old) = (step.table.clone(), new.clone(), old.clone());
                            let optional = migration.steps.iter().any(|other| loosens(other, &step.table, &old));
                            found.push(Copy { table, new, old, migration: migration.name.clone(), optional });
                        }
                    }
                }
                _ => {}
            }
        }
    }
    found
}

fn loosens(step: &Step, table: &Text, old: &Text) -> bool {
    step.table == *table && matches!(&step.action, Action::DropNotNull { column } if column == old)
}

fn rename(step: &Step, added: &mut [(Text, Text)], found: &mut [Copy]) {
    match &step.action {
        Action::RenameTable { to } => {
            let tables = added.iter_mut().map(|(table, _)| table).chain(found.iter_mut().map(|c| &mut c.table));
            tables.filter(|table| **table == step.table).for_each(|table| *table = to.clone());
        }
        Action::RenameColumn { from, to } => {
            let own = added.iter_mut().filter(|(table, _)| *table == step.table).map(|(_, column)| column);
            let copied = found.iter_mut().filter(|c| c.table == step.table).flat_map(|c| [&mut c.new, &mut c.old]);
            own.chain(copied).filter(|column| **column == *from).for_each(|column| *column = to.clone());
        }
        _ => {}
    }
}

/// Why the old column is no longer needed; half a sentence, or nothing where the copy says it all.
fn replaced(schema: &Schema, table: &Table, new: &Column, old: &Column, optional: bool) -> Option<String> {
    let kind = |column: &Column| Type::of(schema.dialect, &column.type_name);
    let (from, to) = (kind(old), kind(new));
    let text = |kind: &Type| matches!(kind, Type::Text { .. } | Type::Enum { .. });
    let retyped = from != to && !(text(&from) && text(&to)) && same_name(table, &old.name, &new.name);
    match (retyped, optional && !old.not_null) {
        (true, _) => Some(format!(" as {} instead of {}", new.type_name, old.type_name)),
        (false, true) => Some(", and rows need no value of the old one any more".to_string()),
        (false, false) => None,
    }
}

/// The names say the same but for the type: `run_id` and `run_uuid`, `price` and `price_cents`.
fn same_name(table: &Table, old: &str, new: &str) -> bool {
    const TYPES: [&str; 16] = [
        "id",
        "uuid",
        "text",
        "string",
        "str",
        "json",
        "jsonb",
        "int",
        "bigint",
        "big",
        "at",
        "date",
        "time",
        "new",
        "ts",
        "timestamp",
    ];
    let own =
        |name: &str| -> Vec<String> { words(name).into_iter().filter(|w| !TYPES.contains(&w.as_str())).collect() };
    let (old, new) = (own(old), own(new));
    // What most columns have in front tells nothing.
    let common = |word: &&String| {
        table.columns.iter().filter(|c| words(&c.name).contains(word)).count() * 2 > table.columns.len()
    };
    let within = |part: &[String], whole: &[String]| part.iter().all(|word| whole.contains(word));
    let tells = old.iter().filter(|word| new.contains(word)).any(|word| !common(&word));
    tells && (within(&old, &new) || within(&new, &old)) || old.is_empty() && new.is_empty()
}
