//! Triggers whose code names what is gone.

use crate::diff::sql::history::{History, Renames};
use crate::diff::sql::pairs;
use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Object, ObjectKind, Schema};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Pair, Rule};
use crate::rules::text;

use super::RULE;

pub static BROKEN: Rule = Rule {
    id: "trigger-broken",
    title: "Trigger names a column that is gone",
    levels: Levels::Always(Error),
    message: "The trigger `{name}` of `{subject}` names {detail}, which is gone in head: the statements that set it off fail from then on.",
    help: "Write the trigger or its function anew in the same migration, before the column goes: no engine looks into its code when a column is dropped or renamed.",
    check: Check::Transition(broken),
    page: page!("trigger-broken"),
    ..RULE
};

fn broken(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    for (base, head) in pairs(&pair.base.model.schemas, &pair.head.model.schemas) {
        // SQLite looks into its triggers.
        let (Some(base), Some(head)) = (base, head) else { continue };
        if head.dialect == Dialect::Sqlite || head.unread > 0 {
            continue;
        }
        let history = History::of(base, head);
        let renames = Renames::of(base, head, &history);
        for trigger in head.objects.iter().filter(|o| o.kind == ObjectKind::Trigger) {
            let Some(table) = trigger.table.as_deref() else { continue };
            for column in gone(base, head, &renames, trigger, table) {
                let names = [table];
                let step = history.last(&names, |a| match a {
                    Action::DropColumn { column: c } | Action::RenameColumn { from: c, .. } => *c == column,
                    _ => false,
                });
                let mut finding = Finding::state(rule, table.to_string(), step.or(Some(trigger.origin)));
                // Code of PostgreSQL is only read where it gets to.
                finding.severity = if head.dialect == Dialect::Postgres { Warning } else { Error };
                finding.detail = format!("`NEW.{column}` or `OLD.{column}`");
                let values = [
                    ("name", trigger.name.to_string()),
                    ("subject", table.to_string()),
                    ("detail", finding.detail.clone()),
                ];
                finding.message = text::replace(rule.message, &values);
                found.push(finding);
            }
        }
    }
}

/// The columns that the trigger's code names, that base had and head has not.
fn gone(base: &Schema, head: &Schema, renames: &Renames, trigger: &Object, table: &str) -> Vec<Text> {
    let was = base.tables.iter().find(|t| renames.table(&t.full_name()) == table);
    let now = head.tables.iter().find(|t| t.full_name() == table);
    let (Some(was), Some(now)) = (was, now.filter(|t| !t.tainted)) else { return Vec::new() };
    let called = |o: &&Object| o.kind == ObjectKind::Function && trigger.calls.as_ref() == Some(&o.name);
    let code = head.objects.iter().filter(called).flat_map(|o| &o.rows).chain(&trigger.rows);
    let same = |a: &str, b: &str| if head.dialect == Dialect::Postgres { a == b } else { a.eq_ignore_ascii_case(b) };
    let lost =
        code.filter(|c| was.columns.iter().any(|w| same(&w.name, c)) && !now.columns.iter().any(|n| same(&n.name, c)));
    let mut lost: Vec<Text> = lost.cloned().collect();
    lost.dedup();
    lost
}
