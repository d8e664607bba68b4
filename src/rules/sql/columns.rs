//! Columns that come, go, are renamed, or must have a value.

use crate::model::{ChangeKind, Effect};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::{RULE, of_table};

/// What writers and stored rows must fulfil; readers gain by it.
const FOR_WRITERS: Levels = Levels::ByFlow { in_: Some(Error), out: None, stored: Some(Error) };

pub static ADDED_REQUIRED: Rule = Rule {
    id: "column-added-required",
    title: "Required column added",
    levels: FOR_WRITERS,
    message: "New column `{subject}` ({after}) is NOT NULL without a default: inserts of running code do not give it{detail}.",
    help: "\
postgres: 1. `ALTER TABLE {entity} ADD COLUMN {attribute} {after};` without NOT NULL, or with a constant DEFAULT, which takes no time since PostgreSQL 11.
postgres: 2. Release code that writes it, then fill old rows in batches.
postgres: 3. `ALTER TABLE {entity} ADD CONSTRAINT {attribute}_not_null CHECK ({attribute} IS NOT NULL) NOT VALID;` then `VALIDATE CONSTRAINT {attribute}_not_null`, then `ALTER COLUMN {attribute} SET NOT NULL`.
mysql: 1. `ALTER TABLE {entity} ADD COLUMN {attribute} {after} NULL;` (or give it a DEFAULT that is right for every row; otherwise MySQL fills old rows with 0 or '').
mysql: 2. Release code that writes it and fill old rows in batches.
mysql: 3. `ALTER TABLE {entity} MODIFY {attribute} {after} NOT NULL;` when no row is null.
sqlite: Give it a DEFAULT: SQLite refuses a NOT NULL column without one. `ALTER TABLE {entity} ADD COLUMN {attribute} {after} NOT NULL DEFAULT …;`",
    check: Check::Change { kinds: &[ChangeKind::AttributeAdded], when: |c| of_table(c) && c.effect == Effect::Narrows },
    page: page!("column-added-required"),
    ..RULE
};

pub static DROPPED: Rule = Rule {
    id: "column-dropped",
    title: "Column dropped",
    levels: Levels::DOMAIN,
    message: "Column `{subject}` ({before}) is dropped and its values are lost.{probable}{dependants}",
    help: "\
1. Release code that neither reads nor writes `{attribute}`; watch for `SELECT *` and models that list every column.
2. If inserts leave it out from then on, it must be nullable or have a default.
3. Drop it in a later release: `ALTER TABLE {entity} DROP COLUMN {attribute};`",
    check: Check::Change { kinds: &[ChangeKind::AttributeRemoved], when: of_table },
    page: page!("column-dropped"),
    ..RULE
};

pub static NULLABLE: Rule = Rule {
    id: "column-nullable",
    title: "Column became nullable",
    levels: Levels::ByFlow { in_: None, out: Some(Warning), stored: None },
    message: "Column `{subject}` may be null now; it could not be before.",
    help: "Release code that can read null in `{attribute}` before anything writes it, also reports and other services. Where a default says the same, keep `{subject}` NOT NULL and write the default.",
    check: Check::Change { kinds: &[ChangeKind::AttributeOptional], when: of_table },
    page: page!("column-nullable"),
    ..RULE
};

pub static RENAMED: Rule = Rule {
    id: "column-renamed",
    title: "Column renamed",
    levels: Levels::DOMAIN,
    message: "Column `{subject}` is renamed to `{after}`: running code still asks for `{before}`.{dependants}",
    help: "\
1. Add `{after}` beside `{before}` and write both, from code or by a trigger.
2. Copy the old rows in batches, then release code that reads and writes `{after}` only.
3. Drop `{before}` in a later release.
If only the application's word for it matters, map `{before}` to the new name in code and leave the table alone.",
    check: Check::Change { kinds: &[ChangeKind::AttributeRenamed], when: of_table },
    page: page!("column-renamed"),
    ..RULE
};

pub static REQUIRED: Rule = Rule {
    id: "column-required",
    title: "Column became NOT NULL",
    levels: FOR_WRITERS,
    message: "Column `{subject}` must not be null any more: running code that leaves it empty is refused, and rows that hold null make the migration fail.",
    help: "\
postgres: 1. Release code that always writes `{attribute}`, and fill the rows that hold null: `UPDATE {entity} SET {attribute} = … WHERE {attribute} IS NULL;` in batches.
postgres: 2. `ALTER TABLE {entity} ADD CONSTRAINT {attribute}_not_null CHECK ({attribute} IS NOT NULL) NOT VALID;` and, in a migration of its own, `VALIDATE CONSTRAINT {attribute}_not_null`.
postgres: 3. `ALTER TABLE {entity} ALTER COLUMN {attribute} SET NOT NULL;` then drop the check.
mysql: 1. Release code that always writes `{attribute}`, and fill the rows that hold null: `UPDATE {entity} SET {attribute} = … WHERE {attribute} IS NULL;` in batches.
mysql: 2. Change the column in strict mode, so that a forgotten null is an error and not a silent 0 or ''.
sqlite: Release code that always writes `{attribute}` and fill the rows that hold null, before the table is rebuilt with NOT NULL.",
    check: Check::Change { kinds: &[ChangeKind::AttributeRequired], when: of_table },
    page: page!("column-required"),
    ..RULE
};
