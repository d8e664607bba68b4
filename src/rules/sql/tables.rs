//! Whole tables.

use crate::model::ChangeKind;
use crate::rules::rule::{Check, Levels, Rule};

use super::{RULE, of_table};

pub static DROPPED: Rule = Rule {
    id: "table-dropped",
    title: "Table dropped",
    levels: Levels::DOMAIN,
    message: "Table `{subject}` ({before}) is dropped with all its rows.{dependants}",
    help: "\
1. Release code that does not use `{subject}` any more.
2. Make sure that nobody else reads it, and keep a copy if the rows may be wanted again.
3. Drop it in a later release: `DROP TABLE {subject};`
postgres: Renaming it first (`ALTER TABLE {subject} RENAME TO {subject}_unused;`) shows what still needs it and is undone in a moment.
mysql: Renaming it first (`RENAME TABLE {subject} TO {subject}_unused;`) shows what still needs it and is undone in a moment.",
    check: Check::Change { kinds: &[ChangeKind::EntityRemoved], when: of_table },
    page: page!("table-dropped"),
    ..RULE
};

pub static RENAMED: Rule = Rule {
    id: "table-renamed",
    title: "Table renamed",
    levels: Levels::DOMAIN,
    message: "Table `{before}` is renamed to `{after}`: running code still asks for `{before}`.",
    help: "\
postgres: Keep the old name as a view for as long as old code runs, in the same transaction: `ALTER TABLE {before} RENAME TO {after}; CREATE VIEW {before} AS SELECT * FROM {after};` Simple views can be written to. Drop the view when nothing uses it.
mysql: Keep the old name as a view for as long as old code runs: `RENAME TABLE {before} TO {after}; CREATE VIEW {before} AS SELECT * FROM {after};` Drop the view when nothing uses it.
sqlite: Release the rename together with the code that uses `{after}`, or keep a view named `{before}` with INSTEAD OF triggers for old code.",
    check: Check::Change { kinds: &[ChangeKind::EntityRenamed], when: of_table },
    page: page!("table-renamed"),
    ..RULE
};
