//! Keys and constraints.

use crate::model::sql::KeyKind;
use crate::model::{Change, ChangeKind, Effect};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;

/// New conditions are usually wanted; whether rows and code meet them must be looked at.
const TIGHTENED: Levels = Levels::ByFlow { in_: Some(Warning), out: None, stored: Some(Warning) };

fn is_unique(change: &Change) -> bool {
    matches!(change.facts.key, Some(KeyKind::Unique | KeyKind::Exclude))
}

fn is_check(change: &Change) -> bool {
    change.facts.key == Some(KeyKind::Check)
}

fn is_foreign(change: &Change) -> bool {
    change.facts.key == Some(KeyKind::Foreign)
}

pub static CHECK_ADDED: Rule = Rule {
    id: "check-added",
    title: "Check added",
    levels: TIGHTENED,
    message: "`{subject}` gets a {detail}: {after}. Rows and writes that do not meet it are refused.",
    help: "\
postgres: 1. Release code that keeps the condition and repair the rows that do not.
postgres: 2. Add the check with `NOT VALID`, which looks at new rows only; then `ALTER TABLE {subject} VALIDATE CONSTRAINT …;` in a migration of its own.
mysql: Release code that keeps the condition and repair the rows that do not, then add the check. Before MySQL 8.0.16 a CHECK is read and ignored.
sqlite: Release code that keeps the condition and repair the rows that do not, before the table is rebuilt with the check.",
    check: Check::Change { kinds: &[ChangeKind::KeyAdded], when: is_check },
    page: page!("check-added"),
    ..RULE
};

pub static CHECK_CHANGED: Rule = Rule {
    id: "check-changed",
    title: "Check changed",
    levels: TIGHTENED,
    message: "The {detail} of `{subject}` changes from {before} to {after}.",
    help: "See which rows and which writes the new condition refuses. If there are such, repair the rows and release code that keeps it, then add the new check under another name (`NOT VALID` and `VALIDATE CONSTRAINT` in PostgreSQL) and drop the old one.",
    check: Check::Change { kinds: &[ChangeKind::KeyChanged], when: is_check },
    page: page!("check-changed"),
    ..RULE
};

pub static CHECK_REMOVED: Rule = Rule {
    id: "check-removed",
    title: "Check removed",
    levels: Levels::ByFlow { in_: None, out: Some(Note), stored: None },
    message: "`{subject}` loses its {detail}: {before}. Code that reads it may meet values that could not be there before.",
    help: "Make sure that code that reads `{subject}` can handle what the check kept out, or keep the condition where the values are written.",
    check: Check::Change { kinds: &[ChangeKind::KeyRemoved], when: is_check },
    page: page!("check-removed"),
    ..RULE
};

pub static FOREIGN_KEY_ACTION_CHANGED: Rule = Rule {
    id: "foreign-key-action-changed",
    title: "Foreign key action changed",
    levels: Levels::Always(Warning),
    message: "The {detail} of `{subject}` changes from {before} to {after}: deleting or updating the parent does something else from now on.",
    help: "Look at all code that deletes from or updates the parent table. With CASCADE rows of `{subject}` disappear without being named; without it such a delete is refused until the code removes the rows itself.",
    check: Check::Change { kinds: &[ChangeKind::KeyChanged], when: |c| is_foreign(c) && c.effect == Effect::Same },
    page: page!("foreign-key-action-changed"),
    ..RULE
};

pub static FOREIGN_KEY_ADDED: Rule = Rule {
    id: "foreign-key-added",
    title: "Foreign key added to existing columns",
    levels: TIGHTENED,
    message: "`{subject}` gets a {detail}: rows without a parent make the migration fail, and code that writes the child first or deletes the parent first is refused.",
    help: "\
postgres: 1. Find and repair rows without a parent, and release code that writes in the right order.
postgres: 2. Add the key with `NOT VALID`, then `ALTER TABLE {subject} VALIDATE CONSTRAINT …;` in a migration of its own, which does not block writes.
mysql: Find and repair rows without a parent, release code that writes in the right order, then add the key.
sqlite: Repair rows without a parent (`PRAGMA foreign_key_check;`) before the table is rebuilt with the key.",
    check: Check::Change {
        kinds: &[ChangeKind::KeyAdded, ChangeKind::KeyChanged],
        when: |c| is_foreign(c) && c.effect != Effect::Same,
    },
    page: page!("foreign-key-added"),
    ..RULE
};

pub static FOREIGN_KEY_REMOVED: Rule = Rule {
    id: "foreign-key-removed",
    title: "Foreign key removed",
    levels: Levels::Always(Warning),
    message: "`{subject}` loses its {detail} while the columns stay: nothing keeps rows without a parent out, and its ON DELETE action no longer happens.",
    help: "If code relied on the key's cascade or on its error, do that in code first. If the columns are not needed either, drop them with the key; if the key is only to be changed, add the new one in the same migration.",
    check: Check::Change { kinds: &[ChangeKind::KeyRemoved], when: is_foreign },
    page: page!("foreign-key-removed"),
    ..RULE
};

pub static PRIMARY_KEY_CHANGED: Rule = Rule {
    id: "primary-key-changed",
    title: "Primary key changed",
    levels: Levels::ByFlow { in_: Some(Warning), out: Some(Warning), stored: Some(Warning) },
    message: "The primary key of `{subject}` changes from {before} to {after}.",
    help: "\
postgres: 1. Build the new index without locking: `CREATE UNIQUE INDEX CONCURRENTLY {subject}_new_pkey ON {subject} …;`
postgres: 2. In one short transaction drop the old constraint and `ALTER TABLE {subject} ADD PRIMARY KEY USING INDEX {subject}_new_pkey;`
postgres: 3. Keep a unique key on the old columns for as long as foreign keys, `ON CONFLICT` clauses or code refer to them.
mysql: Say `DROP PRIMARY KEY, ADD PRIMARY KEY (…), ALGORITHM=INPLACE, LOCK=NONE` in one statement: the table is built anew while others work. `DROP PRIMARY KEY` alone copies it and stops writes. Keep a unique key on the old columns for as long as foreign keys or code refer to them.
sqlite: Keep a unique index on the old columns for as long as `ON CONFLICT` clauses or code refer to them.",
    check: Check::Change { kinds: &[ChangeKind::PrimaryKeyChanged], when: |_| true },
    page: page!("primary-key-changed"),
    ..RULE
};

pub static UNIQUE_KEY_ADDED: Rule = Rule {
    id: "unique-key-added",
    title: "Unique key added to existing columns",
    levels: TIGHTENED,
    message: "`{subject}` gets the {detail}: rows that are there twice make the migration fail, and writes that repeat a value are refused.",
    help: "\
postgres: 1. Find what is there twice (`SELECT …, count(*) FROM {subject} GROUP BY … HAVING count(*) > 1;`), merge it, and release code that handles the error.
postgres: 2. `CREATE UNIQUE INDEX CONCURRENTLY …;` outside a transaction, then `ALTER TABLE {subject} ADD CONSTRAINT … UNIQUE USING INDEX …;`
mysql: Find what is there twice (`SELECT …, count(*) FROM {subject} GROUP BY … HAVING count(*) > 1;`), merge it, release code that handles the error, then add the key.
sqlite: Find what is there twice (`SELECT …, count(*) FROM {subject} GROUP BY … HAVING count(*) > 1;`), merge it, then create the index.",
    check: Check::Change {
        kinds: &[ChangeKind::KeyAdded, ChangeKind::KeyChanged],
        when: |c| is_unique(c) && c.effect != Effect::Widens,
    },
    page: page!("unique-key-added"),
    ..RULE
};

pub static UNIQUE_KEY_REMOVED: Rule = Rule {
    id: "unique-key-removed",
    title: "Unique key removed",
    levels: Levels::ByFlow { in_: None, out: Some(Warning), stored: None },
    message: "`{subject}` loses its {detail}: the same value can be stored twice, and upserts that name these columns fail.",
    help: "\
postgres: Look for `ON CONFLICT` clauses and lookups that expect one row before dropping it. If another key takes its place, create that one first.
mysql: Look for `ON DUPLICATE KEY UPDATE`, `REPLACE` and lookups that expect one row before dropping it. If another key takes its place, create that one first.
sqlite: Look for `ON CONFLICT` clauses and lookups that expect one row before dropping it. If another key takes its place, create that one first.",
    check: Check::Change {
        kinds: &[ChangeKind::KeyRemoved, ChangeKind::KeyChanged],
        when: |c| is_unique(c) && c.effect == Effect::Widens,
    },
    page: page!("unique-key-removed"),
    ..RULE
};
