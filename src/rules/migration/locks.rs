//! Statements that stop others from working while they run.

use crate::diff::sql::history::NewStep;
use crate::diff::sql::types;
use crate::model::sql::{Action, Dialect, Generated, KeyKind};
use crate::rules::finding::Rewrite;
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::steps::{Case, Source, called};
use super::transactions::{is_locked, waits_too};
use super::{RULE, runners};

pub static CONCURRENT_INDEX_IN_TRANSACTION: Rule = Rule {
    id: "concurrent-index-in-transaction",
    title: "Concurrent index inside a transaction",
    levels: Levels::Always(Error),
    message: "{detail}: the migration fails.",
    help: "Put the statement alone into a migration that runs without a transaction: `-- +goose NO TRANSACTION` (goose), `-- migrate:up transaction:false` (dbmate), `-- atlas:txmode none` (atlas), `-- no-transaction` in the first line (sqlx), `-- +migrate Up notransaction` (sql-migrate), `---- tern: disable-tx ----` (tern), `-- morph:nontransactional` (morph), `runInTransaction:false` (Liquibase), `.autocommit.` in the name (pop), `run_in_transaction = false` in metadata.toml (diesel), `executeInTransaction=false` in the script's .conf (Flyway); golang-migrate and Prisma need the file alone, drizzle and node-pg-migrate have no way but to run it by hand. If the build is interrupted, drop the INVALID index and run it again.",
    check: Check::Step(|source, new| {
        let detail = match &new.step.action {
            Action::CreateIndex { key, concurrently: true } => {
                format!("`CREATE INDEX CONCURRENTLY {}` on `{}`", key.name, new.step.table)
            }
            Action::DropIndex { name, concurrently: true } => format!("`DROP INDEX CONCURRENTLY {name}`"),
            _ => return None,
        };
        let subject = if new.step.table.is_empty() { called(new.migration) } else { new.step.table.to_string() };
        let why = runners::transaction(source.head.layout);
        let detail = format!("{detail} cannot run inside a transaction, and {why}");
        (source.is_postgres() && new.migration.transactional).then(|| Case::new(subject, detail))
    }),
    page: page!("concurrent-index-in-transaction"),
    ..RULE
};

pub static CONSTRAINT_NOT_VALIDATED: Rule = Rule {
    id: "constraint-not-validated",
    title: "Constraint checks all rows while the table is locked",
    levels: Levels::Always(Warning),
    message: "The {detail} of `{subject}` is checked against every row at once; writes wait until that is done.",
    help: "1. Add it with `NOT VALID`: it holds for new rows from then on, and takes a moment.\n2. In a migration of its own, `ALTER TABLE {subject} VALIDATE CONSTRAINT {name};`: it reads all rows without stopping writes.",
    check: Check::Step(checked_at_once),
    page: page!("constraint-not-validated"),
    ..RULE
};

pub static INDEX_DROPPED_WITH_LOCK: Rule = Rule {
    id: "index-dropped-with-lock",
    title: "Index dropped while the table is locked",
    levels: Levels::Always(Warning),
    message: "Dropping the index {detail} without CONCURRENTLY locks `{subject}` against reads and writes; it waits for every running query, and all others wait behind it.",
    help: "`DROP INDEX CONCURRENTLY {name};` alone in a migration that runs without a transaction.",
    check: Check::Step(|source, new| {
        let Action::DropIndex { name, concurrently: false } = &new.step.action else { return None };
        let case = Case::new(&*new.step.table, format!("`{name}`")).named(&**name);
        (on_old_table(source, new) && !new.step.table.is_empty()).then_some(case)
    }),
    page: page!("index-dropped-with-lock"),
    ..RULE
};

pub static INDEX_NOT_CONCURRENT: Rule = Rule {
    id: "index-not-concurrent",
    title: "Index built while writes wait",
    levels: Levels::Always(Warning),
    message: "The {detail} on `{subject}` is built without CONCURRENTLY: every insert, update and delete waits until it is finished.",
    help: "`{name};` alone in a migration that runs without a transaction. If the build fails, it leaves an INVALID index behind: drop it and run again.",
    check: Check::Step(|source, new| {
        let Action::CreateIndex { key, concurrently: false } = &new.step.action else { return None };
        let detail = if key.name.is_empty() { "index".to_string() } else { format!("index `{}`", key.name) };
        let unique = if key.kind == KeyKind::Unique { "UNIQUE " } else { "" };
        let name = if key.name.is_empty() { String::new() } else { format!("{} ", key.name) };
        // What is more than columns is known only without its spelling.
        let plain = key.definition.ends_with(&format!(" ({})", key.columns.join(", ")));
        let rest =
            if plain { format!("({})", key.columns.join(", ")) } else { "… and the rest as it is".to_string() };
        let statement = format!("CREATE {unique}INDEX CONCURRENTLY {name}ON {} {rest}", new.step.table);
        let case = Case::new(&*new.step.table, detail).named(statement).adding(waits_too(source, new));
        // In a transaction it would have to move into a file of its own as well.
        let alone = !new.migration.transactional && !new.step.conditional;
        let rewrite = alone.then_some(Rewrite::After("INDEX", " CONCURRENTLY"));
        let in_parts = has_parts(source, &new.step.table);
        let case = if in_parts { case.with_help(IN_PARTS) } else { case.becoming(rewrite) };
        on_old_table(source, new).then_some(case)
    }),
    page: page!("index-not-concurrent"),
    ..RULE
};

const IN_PARTS: &str = "A table with partitions takes no CONCURRENTLY. 1. `CREATE INDEX … ON ONLY {subject} …;`: it is invalid at first and takes a moment.\n2. `CREATE INDEX CONCURRENTLY … ON …;` for each partition, alone in a migration that runs without a transaction.\n3. `ALTER INDEX … ATTACH PARTITION …;` for each: with the last one the index of the whole table is valid.";

pub static KEY_BUILT_WITH_LOCK: Rule = Rule {
    id: "key-built-with-lock",
    title: "Key builds its index while the table is locked",
    levels: Levels::Always(Warning),
    message: "The {detail} of `{subject}` builds its index at once; until that is done nobody can read or write the table.",
    help: "1. `CREATE UNIQUE INDEX CONCURRENTLY {name};` alone in a migration that runs without a transaction.\n2. `ALTER TABLE {subject} ADD CONSTRAINT … USING INDEX …;`: the key takes the index over in a moment. For a primary key, make its columns NOT NULL first (by a validated CHECK).",
    check: Check::Step(|source, new| {
        let Action::AddKey { key, using_index: false, .. } = &new.step.action else { return None };
        let kind = match key.kind {
            KeyKind::Primary => "primary key",
            KeyKind::Unique => "unique key",
            KeyKind::Exclude => "exclusion constraint",
            _ => return None,
        };
        let columns = key.columns.join(", ");
        let nulls = if key.definition.contains("nulls not distinct") { " NULLS NOT DISTINCT" } else { "" };
        let index = format!("… ON {} ({columns}){nulls}", new.step.table);
        let case = Case::new(&*new.step.table, format!("{kind} ({columns})")).named(index);
        let case = if key.kind == KeyKind::Exclude { case.with_help(EXCLUSION) } else { case };
        (on_old_table(source, new) && source.had_columns(&new.step.table, &key.columns)).then_some(case)
    }),
    page: page!("key-built-with-lock"),
    ..RULE
};

const EXCLUSION: &str = "PostgreSQL has no way to build it while others work. Make a new table with the constraint, copy the rows in batches while a trigger writes both, and swap the names; or add it when nobody needs the table, with `lock_timeout` set.";

pub static NOT_NULL_SCAN: Rule = Rule {
    id: "not-null-scan",
    title: "NOT NULL checks all rows while the table is locked",
    levels: Levels::Always(Warning),
    message: "`SET NOT NULL` on `{subject}` reads every row of the table while nobody can read or write it.",
    help: "1. `ALTER TABLE {entity} ADD CONSTRAINT {attribute}_not_null CHECK ({attribute} IS NOT NULL) NOT VALID;`\n2. In a migration of its own, `ALTER TABLE {entity} VALIDATE CONSTRAINT {attribute}_not_null;`: it does not stop writes.\n3. `ALTER TABLE {entity} ALTER COLUMN {attribute} SET NOT NULL;`: with the proven check PostgreSQL 12 and later read no rows. Then drop the check.",
    check: Check::Step(|source, new| {
        let Action::SetNotNull { column, proven: false } = &new.step.action else { return None };
        on_old_table(source, new).then(|| Case::new(format!("{}.{column}", new.step.table), ""))
    }),
    page: page!("not-null-scan"),
    ..RULE
};

pub static TABLE_REWRITTEN: Rule = Rule {
    id: "table-rewritten",
    title: "Whole table rewritten",
    levels: Levels::Always(Warning),
    message: "{detail} writes every row of `{entity}` anew, and the table is locked until that is done.",
    help: "\
postgres: Add a new column that is nullable and has no volatile default, fill it in batches from outside the migration, then let code move over and drop the old column. A constant default, a longer varchar and text instead of varchar rewrite nothing.
mysql: Add a new column (`ALGORITHM=INSTANT`), fill it in batches, then let code move over and drop the old column; or change the table with a tool that copies it in the background (gh-ost, pt-online-schema-change).",
    check: Check::Step(rewritten),
    page: page!("table-rewritten"),
    ..RULE
};

/// Other tables are its partitions or inherit from it.
fn has_parts(source: &Source<'_>, table: &str) -> bool {
    source.base.tables.iter().any(|t| t.parent.as_deref() == Some(table))
}

/// PostgreSQL, and the table has rows that others may be working on.
fn on_old_table(source: &Source<'_>, new: &NewStep<'_>) -> bool {
    source.is_postgres() && !new.table_is_new
}

/// A key that reads all rows when it is added, or in the same transaction in which it was added.
fn checked_at_once(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    if !on_old_table(source, new) {
        return None;
    }
    let table = &new.step.table;
    let key = match &new.step.action {
        Action::AddKey { key, not_valid: false, .. } => &**key,
        Action::ValidateKey { name } if new.migration.transactional => {
            let added = new.migration.steps.iter().find_map(|step| match &step.action {
                Action::AddKey { key, not_valid: true, .. } if step.table == *table && key.name == *name => {
                    Some(&**key)
                }
                _ => None,
            });
            let known = || source.base_table(table)?.keys.iter().find(|k| k.name == *name);
            added.or_else(|| known().filter(|_| is_locked(source, new)))?
        }
        _ => return None,
    };
    let kind = match key.kind {
        KeyKind::Foreign => "foreign key",
        KeyKind::Check => "check",
        _ => return None,
    };
    // A column that comes with the key has no values to check.
    let detail = if key.name.is_empty() { kind.to_string() } else { format!("{kind} `{}`", key.name) };
    let added = matches!(new.step.action, Action::AddKey { .. }) && !new.step.conditional;
    // A key without a name could not be validated by name later.
    let rewrite = (added && !key.name.is_empty()).then_some(Rewrite::End(" NOT VALID"));
    let case = Case::new(&**table, detail).named(&*key.name).adding(waits_too(source, new)).becoming(rewrite);
    source.had_columns(table, &key.columns).then_some(case)
}

const ENUM: &str = "Put new values at the end of the list and leave the others where they are: then MySQL changes nothing but the definition. Otherwise change the table with a tool that copies it in the background (gh-ost, pt-online-schema-change).";

const COMPUTED: &str = "\
postgres: Compute it where it is read (a view, an index on the expression), or add an ordinary column, let a trigger fill it and fill old rows in batches. PostgreSQL 18 has VIRTUAL generated columns, which are added in a moment.
mysql: Make it VIRTUAL: that is added in a moment, and can be indexed.";

fn rewritten(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    if new.table_is_new {
        return None;
    }
    let subject = |column: &str| format!("{}.{column}", new.step.table);
    let mut help = None;
    let (column, detail) = match &new.step.action {
        Action::AlterType { column, from, to, .. } => {
            let width = source.head_table(&new.step.table).and_then(|t| t.column(column)).map(|c| c.encoding.width());
            let change = types::compare_wide(source.dialect(), from, to, width.unwrap_or(4))?;
            let detail = format!("Changing `{}` from {from} to {to}", subject(column));
            help = (from.starts_with("enum(") && to.starts_with("enum(")).then_some(ENUM);
            (column, change.rewrites.then_some(detail)?)
        }
        Action::SetExpression { column } if source.is_postgres() => {
            help = Some(COMPUTED);
            (column, format!("Computing `{}` in another way", subject(column)))
        }
        Action::AddColumn { column, volatile_default: true, .. } if source.is_postgres() => {
            (column, format!("Adding `{}` with a default that differs from row to row", subject(column)))
        }
        Action::AddColumn { column, stored: true, .. } if source.dialect() != Dialect::Sqlite => {
            help = Some(COMPUTED);
            (column, format!("Adding `{}`, which is computed and stored,", subject(column)))
        }
        Action::AddColumn { column, generated: Generated::ByDefault | Generated::Always, .. }
            if source.dialect() != Dialect::Sqlite =>
        {
            (column, format!("Adding `{}` with a number for every row", subject(column)))
        }
        _ => return None,
    };
    // A column that came with this change and is retyped at once is still a rewrite of all rows.
    Some(Case { help, ..Case::new(subject(column), detail) })
}
