//! What columns compute by themselves, and what triggers do.

use crate::model::ChangeKind;
use crate::model::sql::Action;
use crate::rules::finding::Severity::Warning;
use crate::rules::migration::Case;
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;

pub static EXPRESSION_CHANGED: Rule = Rule {
    id: "column-expression-changed",
    title: "What a column computes changed",
    levels: Levels::Always(Warning),
    message: "`{subject}` {detail}.",
    help: "\
postgres: Add a column with the new expression beside it, let code move over, and drop `{attribute}` in a later release. What has copied old values (exports, caches, other tables) does not follow by itself.
mysql: If it was forgotten, say it again: `ALTER TABLE {entity} MODIFY {attribute} …` gives the whole definition anew. Otherwise release code that does not rely on what the column did by itself first.
sqlite: Add a column with the new expression beside it, let code move over, and drop `{attribute}` in a later release.",
    check: Check::Change { kinds: &[ChangeKind::FormulaChanged], when: |_| true },
    page: page!("column-expression-changed"),
    ..RULE
};

pub static TRIGGERS_DISABLED: Rule = Rule {
    id: "triggers-disabled",
    title: "Triggers turned off",
    levels: Levels::Always(Warning),
    message: "Triggers of `{subject}` are turned off and not on again: what they did to rows no longer happens, whoever writes them. With ALL that includes foreign keys.",
    help: "`ALTER TABLE {subject} ENABLE TRIGGER …;` in the same migration, behind the statements that needed it. Where only the migration has to go by the triggers, `SET LOCAL session_replication_role = replica;` ends with its transaction. A trigger that is not wanted any more is better dropped.",
    check: Check::Step(|source, new| {
        let Action::Triggers { on: false } = new.step.action else { return None };
        let table = [&*new.step.table];
        let mut later = source.history.on(&table).rev().take_while(|s| s.at > new.at);
        let again = later.any(|s| matches!(s.step.action, Action::Triggers { on: true }));
        (!new.table_is_new && !new.step.table.is_empty() && !again).then(|| Case::new(&*new.step.table, ""))
    }),
    page: page!("triggers-disabled"),
    ..RULE
};
