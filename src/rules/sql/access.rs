//! Who may see and write the rows of a table.

use crate::model::sql::{Action, Object, ObjectKind, Schema};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::migration::{Case, NewStep, Source};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;

pub static CHANGED: Rule = Rule {
    id: "access-changed",
    title: "Rights on the rows of a table changed",
    levels: Levels::Always(Warning),
    message: "{detail}",
    help: "Try it with the role that the application uses, not with the owner of the table or a superuser, who see everything: `SET ROLE …; SELECT count(*) FROM {subject};` before and after. Release code that copes with both first.",
    check: Check::Step(changed),
    page: page!("access-changed"),
    ..RULE
};

fn changed(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let table = &*new.step.table;
    let case = |detail: String| (!new.table_is_new).then(|| Case::new(table, detail));
    let secured = has(source.base, table, |o| o.kind == ObjectKind::RowSecurity);
    match &new.step.action {
        Action::RowSecurity { on } => {
            let now = has(source.head, table, |o| o.kind == ObjectKind::RowSecurity);
            let policies = policies(source.head, table);
            let rest = match policies.as_slice() {
                [] => "no policy is there, so they see and write none".to_string(),
                some => format!("what {} let through is left to them", some.join(", ")),
            };
            let detail = match on {
                true => format!("Row level security of `{table}` is turned on for all roles but its owner: {rest}."),
                false => format!(
                    "Row level security of `{table}` is turned off: every role with rights on it sees and writes all rows."
                ),
            };
            (secured != now && now == *on).then(|| case(detail)).flatten()
        }
        Action::DropObject { kind: ObjectKind::Policy, name, .. } => {
            let policy = |o: &Object| o.kind == ObjectKind::Policy && o.name == *name;
            let was = source.base.objects.iter().find(|o| policy(o) && o.table.as_deref() == Some(table))?;
            let replaced = source.head.objects.iter().any(|o| {
                o.kind == ObjectKind::Policy && o.table == was.table && !has(source.base, table, |b| b.name == o.name)
            });
            let what = if &*was.detail == "RESTRICTIVE" { "kept back are shown" } else { "let through are hidden" };
            let case = case(format!("The policy `{name}` of `{table}` is dropped: rows that only it {what}."))?;
            let case = if replaced { case.at(Note) } else { case };
            (secured && !has(source.head, table, policy)).then_some(case)
        }
        Action::CreateObject { kind: ObjectKind::Policy, name } => {
            let policy = |o: &Object| o.kind == ObjectKind::Policy && o.name == *name;
            let is = source.head.objects.iter().find(|o| policy(o) && o.table.as_deref() == Some(table))?;
            let restrictive = &*is.detail == "RESTRICTIVE";
            let (what, severity) =
                if restrictive { ("hides rows that", Warning) } else { ("shows rows that others do not", Note) };
            let drops = |a: &Action| matches!(a, Action::DropObject { kind: ObjectKind::Policy, .. });
            let told = has(source.base, table, policy) || source.history.last(&[table], drops).is_some();
            let end = if restrictive { " other policies let through" } else { "" };
            let case = case(format!("The policy `{name}` of `{table}` is new: it {what}{end}."))?.at(severity);
            (secured && !told).then_some(case)
        }
        Action::Revoke { what, whom } => {
            let all = table.is_empty();
            let known = source.base_table(table).is_some() || all && !source.base.tables.is_empty();
            let on = if all { "all tables".to_string() } else { format!("`{table}`") };
            let detail = format!("{what} on {on} is taken from {whom}: what it runs with that right fails.");
            let subject = if all { "all tables" } else { table };
            (known && !new.table_is_new).then(|| Case::new(subject, detail).with_help("Look at what runs as that role, reports and other services included, and give it another role or let it go first. Giving the right back is a matter of a moment: `GRANT`."))
        }
        _ => None,
    }
}

fn has(schema: &Schema, table: &str, wanted: impl Fn(&Object) -> bool) -> bool {
    schema.objects.iter().any(|o| o.table.as_deref() == Some(table) && wanted(o))
}

/// The policies of a table, in words.
fn policies(schema: &Schema, table: &str) -> Vec<String> {
    let of = |o: &&Object| o.kind == ObjectKind::Policy && o.table.as_deref() == Some(table);
    schema.objects.iter().filter(of).map(|o| format!("`{}`", o.name)).collect()
}
