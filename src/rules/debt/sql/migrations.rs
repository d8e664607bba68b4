//! Migrations without a way back.

use crate::model::sql::{Action, Schema, Step};
use crate::rules::finding::Severity::Note;
use crate::rules::migration::called;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, schemas};

pub static WITHOUT_DOWN: Rule = Rule {
    id: "migration-without-down",
    title: "Migration cannot be taken back",
    levels: Levels::Always(Note),
    message: "Migration `{subject}` has no down part, or an empty one, while the others here have one: a rollback stops at it.",
    help: "Write the down part that brings the schema back to where it was. Where that is not possible, let it fail with a message that says so, rather than do nothing.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, without_down)),
    page: page!("migration-without-down"),
    ..RULE
};

fn without_down(schema: &Schema) -> Vec<Case> {
    // What is older than the first way back was there before anybody thought of one.
    let first = schema.migrations.iter().position(|m| m.has_down == Some(true));
    let asked = schema.migrations.get(first.unwrap_or_default()..).unwrap_or_default();
    let with = asked.iter().filter(|m| m.has_down == Some(true)).count();
    // Three of four of the others.
    if first.is_none() || with * 4 < asked.len().saturating_sub(1) * 3 {
        return Vec::new();
    }
    let without = asked.iter().filter(|m| m.has_down == Some(false) && !m.repeatable);
    // A file that is missing stops the runner; an empty part is right where only rows and functions change.
    let files = asked.iter().any(|m| m.down.is_some_and(|down| down.file != m.origin.file));
    let needed = without.filter(|m| files && m.down.is_none() || m.steps.iter().any(|step| builds(schema, step)));
    needed.map(|m| Case::new(called(m), "", m.origin)).collect()
}

/// Tables are others behind it. What a migration makes for itself and takes away again is none, and a value of an enum type
/// cannot be taken back.
fn builds(schema: &Schema, step: &Step) -> bool {
    use Action::{
        AddColumn, AddKey, AlterType, CreateEnum, CreateIndex, CreateTable, CreateView, DropColumn, DropIndex, DropKey,
        DropTable, DropType, DropView, RenameColumn, RenameTable, SetNotNull,
    };
    let own = step.table_is_new && schema.named(&step.table).is_none();
    let columns = matches!(
        &step.action,
        AddColumn { .. } | DropColumn { .. } | RenameColumn { .. } | AlterType { .. } | SetNotNull { .. }
    );
    let keys = matches!(&step.action, AddKey { .. } | DropKey { .. } | CreateIndex { .. } | DropIndex { .. });
    let whole =
        matches!(&step.action, CreateTable | DropTable { .. } | RenameTable { .. } | CreateView | DropView { .. });
    let types = matches!(&step.action, CreateEnum { .. } | DropType { .. });
    (columns || keys || whole || types) && !own
}
