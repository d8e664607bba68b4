//! Statements that keep others from a whole table while they work, whatever they are for.

use crate::diff::sql::history::NewStep;
use crate::model::sql::{Action, Dialect, Key, KeyKind};
use crate::rules::finding::Severity::{self, Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, Source};

pub static STATEMENT_LOCKS_TABLE: Rule = Rule {
    id: "statement-locks-table",
    title: "Statement keeps others from the table while it works",
    levels: Levels::Always(Warning),
    message: "`{name}` on `{subject}` {detail}.",
    help: "",
    check: Check::Step(locks),
    page: page!("statement-locks-table"),
    ..RULE
};

/// What a statement does to those who use the table.
struct Row {
    dialect: Dialect,
    what: &'static str,
    severity: Severity,
    does: &'static str,
    help: &'static str,
}

const PG: Dialect = Dialect::Postgres;
const MY: Dialect = Dialect::MySql;
const WRITTEN_ANEW: &str =
    "writes the whole table and its indexes anew, and nobody can read or write it until that is done";
const BACKGROUND: &str = "Give space back with a tool that copies in the background (pg_repack, pg_squeeze). Plain `VACUUM {subject};` makes the space usable again without stopping anybody.";
const COPIED: &str = "copies the whole table, and writes wait until that is done";
const COPY_ASIDE: &str =
    "Use a tool that copies in the background (gh-ost, pt-online-schema-change), or do it when nobody writes.";
const NEW_TABLE: &str = "Make a new table that is so, copy the rows in batches while a trigger or the application writes both, and swap the names; or do it when nobody needs the table.";
const ONLINE: &str = "Leave it out, or ask for what you want: `ALGORITHM=INSTANT`, or `ALGORITHM=INPLACE, LOCK=NONE`. Then the statement fails at once where MySQL cannot do it while others work, and nothing waits.";

static ROWS: &[Row] = &[
    Row { dialect: PG, what: "VACUUM FULL", severity: Warning, does: WRITTEN_ANEW, help: BACKGROUND },
    Row { dialect: PG, what: "CLUSTER", severity: Warning, does: WRITTEN_ANEW, help: BACKGROUND },
    Row {
        dialect: PG,
        what: "REINDEX",
        severity: Warning,
        does: "stops writes, and reads that would use the index, until it is built",
        help: "`REINDEX … CONCURRENTLY …;` (PostgreSQL 12 and later) alone in a migration that runs without a transaction. If it is interrupted, drop the INVALID index that ends in `_ccnew` and run it again.",
    },
    Row {
        dialect: PG,
        what: "REFRESH MATERIALIZED VIEW",
        severity: Warning,
        does: "stops everybody who reads the view until its query is finished",
        help: "1. `CREATE UNIQUE INDEX … ON {subject} (…);` once, over plain columns that tell its rows apart.\n2. `REFRESH MATERIALIZED VIEW CONCURRENTLY {subject};`: readers go on with the old rows meanwhile.",
    },
    Row { dialect: PG, what: "SET LOGGED", severity: Warning, does: WRITTEN_ANEW, help: NEW_TABLE },
    Row {
        dialect: PG,
        what: "SET UNLOGGED",
        severity: Warning,
        does: "writes the whole table anew while nobody can use it, and from then on a crash empties it and replicas do not have it",
        help: "Keep what must survive in a logged table; make unlogged tables new, for what can be computed again.",
    },
    Row { dialect: PG, what: "SET ACCESS METHOD", severity: Warning, does: WRITTEN_ANEW, help: NEW_TABLE },
    Row {
        dialect: PG,
        what: "SET TABLESPACE",
        severity: Warning,
        does: "copies the whole table, and nobody can read or write it until that is done",
        help: "`pg_repack --tablespace …` moves a table while it is used. Otherwise do it when nobody needs the table.",
    },
    Row {
        dialect: PG,
        what: "LOCK TABLE",
        severity: Warning,
        does: "keeps others from it until the transaction ends",
        help: "Lock rows (`SELECT … FOR UPDATE`) where that is enough, take the weakest mode that does (`IN SHARE ROW EXCLUSIVE MODE` lets others read), say `NOWAIT` or set `lock_timeout` first, and commit soon.",
    },
    Row {
        dialect: MY,
        what: "ALGORITHM=COPY",
        severity: Warning,
        does: "copies the whole table and stops writes meanwhile, even where MySQL could do without",
        help: ONLINE,
    },
    Row {
        dialect: MY,
        what: "LOCK=EXCLUSIVE",
        severity: Warning,
        does: "stops reads and writes until the change is done, even where MySQL could do without",
        help: ONLINE,
    },
    Row { dialect: MY, what: "CHARACTER SET", severity: Warning, does: COPIED, help: COPY_ASIDE },
    Row { dialect: MY, what: "CONVERT TO", severity: Warning, does: COPIED, help: COPY_ASIDE },
    Row {
        dialect: MY,
        what: "FULLTEXT INDEX",
        severity: Warning,
        does: "stops writes until the index is built, and the first one of a table copies the table",
        help: "Add it when nobody writes, or make the table with it. A column `FTS_DOC_ID bigint unsigned NOT NULL` that is there already saves the copy.",
    },
    Row {
        dialect: MY,
        what: "SPATIAL INDEX",
        severity: Warning,
        does: "stops writes until the index is built",
        help: "Add it when nobody writes, or use a tool that copies in the background (gh-ost, pt-online-schema-change).",
    },
    Row {
        dialect: MY,
        what: "ADD FOREIGN KEY",
        severity: Warning,
        does: COPIED,
        help: "Look for rows that point to nothing, then `SET SESSION foreign_key_checks = 0; ALTER TABLE {subject} ADD …, ALGORITHM=INPLACE, LOCK=NONE; SET SESSION foreign_key_checks = 1;`: the rows that are there are not looked at, and nothing is copied.",
    },
    Row {
        dialect: MY,
        what: "ADD CHECK",
        severity: Warning,
        does: COPIED,
        help: "Add it as `NOT ENFORCED` first, which copies nothing, and enforce it when nobody writes; or use a tool that copies in the background (gh-ost, pt-online-schema-change).",
    },
    Row {
        dialect: MY,
        what: "ORDER BY",
        severity: Warning,
        does: COPIED,
        help: "Leave it out: InnoDB keeps its rows in the order of the primary key whatever is said, and a query that needs an order says so itself.",
    },
    Row { dialect: MY, what: "PARTITION BY", severity: Warning, does: COPIED, help: COPY_ASIDE },
    Row { dialect: MY, what: "REMOVE PARTITIONING", severity: Warning, does: COPIED, help: COPY_ASIDE },
    Row {
        dialect: MY,
        what: "REORGANIZE PARTITION",
        severity: Warning,
        does: "copies the rows of these partitions, and writes to the table wait until that is done",
        help: "Split the last partition while it is empty: add new partitions ahead of time.",
    },
    Row { dialect: MY, what: "COALESCE PARTITION", severity: Warning, does: COPIED, help: COPY_ASIDE },
    Row {
        dialect: MY,
        what: "OPTIMIZE PARTITION",
        severity: Warning,
        does: COPIED,
        help: "`REBUILD PARTITION` and `ANALYZE PARTITION` one partition at a time: InnoDB optimises the whole table otherwise.",
    },
    Row {
        dialect: MY,
        what: "ENGINE=MyISAM",
        severity: Warning,
        does: "copies the whole table while writes wait; it has no transactions and no foreign keys from then on, locks as a whole for every write, and is damaged by a crash",
        help: "Leave it with InnoDB, which has full-text indexes too.",
    },
    Row {
        dialect: MY,
        what: "ENGINE=MEMORY",
        severity: Warning,
        does: "copies the whole table while writes wait, and a restart empties it from then on",
        help: "Leave it with InnoDB: what is read often stays in its buffer pool.",
    },
    Row {
        dialect: MY,
        what: "OPTIMIZE",
        severity: Note,
        does: "writes the whole table anew: others can work meanwhile, but replicas fall behind and the disk needs the space twice",
        help: "Run it by hand when there is little to do, and only where much was deleted; or use a tool that copies in the background.",
    },
    Row {
        dialect: MY,
        what: "FORCE",
        severity: Note,
        does: "writes the whole table anew: others can work meanwhile, but replicas fall behind and the disk needs the space twice",
        help: "Run it by hand when there is little to do, or use a tool that copies in the background.",
    },
    Row {
        dialect: MY,
        what: "ROW_FORMAT",
        severity: Note,
        does: "writes the whole table anew: others can work meanwhile, but replicas fall behind and the disk needs the space twice",
        help: "Run it by hand when there is little to do, or use a tool that copies in the background.",
    },
];

fn locks(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let what: &str = match &new.step.action {
        Action::Maintenance { what } => what,
        Action::CreateIndex { key, .. } | Action::AddKey { key, .. } => method(source, new, key)?,
        _ => return None,
    };
    let row = ROWS.iter().find(|row| row.dialect == source.dialect() && row.what.eq_ignore_ascii_case(what))?;
    if row.what == "CHARACTER SET" && told_before(source, new) {
        return None;
    }
    let known = !new.step.table.is_empty() && !new.table_is_new;
    known.then(|| Case::new(&*new.step.table, row.does).named(row.what).at(row.severity).with_help(row.help))
}

/// The item before, of the same statement, has the table copied already.
fn told_before(source: &Source<'_>, new: &NewStep<'_>) -> bool {
    let copies = |a: &Action| matches!(a, Action::Maintenance { what } if &**what == "CHARACTER SET");
    let mut same = source.history.before(new).iter().filter(|s| s.step.table == new.step.table);
    same.any(|s| copies(&s.step.action))
}

/// What adding a key or index is called, where MySQL cannot do it while others write ("Online DDL Operations").
fn method(source: &Source<'_>, new: &NewStep<'_>, key: &Key) -> Option<&'static str> {
    let by = |method: &str| key.definition.contains(method);
    match key.kind {
        KeyKind::Index if by("using fulltext") => Some("FULLTEXT INDEX"),
        KeyKind::Index if by("using spatial") => Some("SPATIAL INDEX"),
        // New columns have no rows to look at.
        KeyKind::Foreign | KeyKind::Check if !source.had_columns(&new.step.table, &key.columns) => None,
        KeyKind::Foreign => source.checks_foreign(new).then_some("ADD FOREIGN KEY"),
        KeyKind::Check => Some("ADD CHECK"),
        _ => None,
    }
}
