//! `ALTER TABLE` and its relatives, item by item, so that one refused item hides no other.

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::{Dialect, Generated, KeyKind};

use super::super::command::{Alter, Command, KeyDef, Object, Was};
use super::super::cursor::{Cursor, Name, Parsed};
use super::super::lex::Kind;
use super::{column, constraint, create, encoding, types};

/// Items that lock or rewrite a table and change no column.
const MAINTENANCE: &[&str] = &[
    "SET LOGGED",
    "SET UNLOGGED",
    "SET TABLESPACE",
    "SET ACCESS METHOD",
    "ROW_FORMAT",
    "FORCE",
    "ORDER BY",
    "REORGANIZE PARTITION",
    "REBUILD PARTITION",
    "OPTIMIZE PARTITION",
    "COALESCE PARTITION",
    "EXCHANGE PARTITION",
    "REMOVE PARTITIONING",
    "PARTITION BY",
];
/// Items without any effect on what we keep.
const OTHER: &[&str] = &[
    "OWNER",
    "NO FORCE",
    "FORCE ROW",
    "SET",
    "RESET",
    "REPLICA",
    "CLUSTER",
    "NOT OF",
    "OF",
    "DEFAULT",
    "CHARSET",
    "CHARACTER",
    "COLLATE",
    "AUTO_INCREMENT",
    "ALGORITHM",
    "LOCK",
    "ENGINE",
    "ADD PARTITION",
    "ALTER CONSTRAINT",
    "ALTER INDEX",
    "ALTER CHECK",
    "DISCARD",
    "IMPORT",
    "STATS_PERSISTENT",
    "KEY_BLOCK_SIZE",
    "PACK_KEYS",
    "CHECKSUM",
    "WITH",
    "WITHOUT",
    "MAX_ROWS",
    "MIN_ROWS",
    "AVG_ROW_LENGTH",
    "COMPRESSION",
    "DELAY_KEY_WRITE",
    "INSERT_METHOD",
    "TABLESPACE",
    "CONNECTION",
    "DEPENDS",
    "NO DEPENDS",
    "ADD SYSTEM",
    "DROP SYSTEM",
    "ADD PERIOD",
    "DROP PERIOD",
    "ANALYZE PARTITION",
    "CHECK PARTITION",
    "REPAIR PARTITION",
    "STATS_AUTO_RECALC",
    "STATS_SAMPLE_PAGES",
    "ADD ATTRIBUTE",
    "DROP ATTRIBUTE",
    "ALTER ATTRIBUTE",
    "CONFIGURE ZONE",
    "SPLIT AT",
    "UNSPLIT",
    "SCATTER",
    "EXPERIMENTAL_AUDIT",
];

/// The cursor stands behind `ALTER TABLE` (or `VIEW`, `MATERIALIZED VIEW`, `FOREIGN TABLE`).
pub fn table(cursor: &mut Cursor<'_>, object: Object) -> Parsed<Command> {
    let if_exists = cursor.take("IF EXISTS");
    cursor.take("ONLY");
    let table = cursor.name()?;
    cursor.take_op("*");
    if cursor.done() {
        return cursor.refuse();
    }
    // `ADD (a int, b int)` and `ADD COLUMN (…)` of MySQL are several items.
    let mut items = Vec::new();
    for item in cursor.items() {
        let mut probe = item;
        let adds = probe.take("ADD");
        probe.take("COLUMN");
        if adds && probe.kind() == Some(Kind::Open) {
            for inner in probe.group()?.items() {
                let read = if constraint::starts(&inner) { add_key(inner) } else { add_column(inner, false) };
                items.push((inner.whole(), read.map_err(|_| ())));
            }
            continue;
        }
        let mut primary = item;
        if item.dialect == Dialect::Postgres && primary.take("ALTER PRIMARY KEY USING COLUMNS") {
            let mut key = KeyDef::new(KeyKind::Primary, item.whole());
            key.columns = constraint::columns(&primary.group()?)?;
            items.push((item.whole(), Ok(Alter::DropPrimaryKey)));
            items.push((item.whole(), Ok(Alter::AddKey(Box::new(key)))));
            continue;
        }
        // Names of partitions go to the end of the statement.
        if let Some(dropped) = partitions(item, cursor) {
            items.push((item.whole(), Ok(dropped)));
            break;
        }
        // MySQL's table options may follow each other without commas.
        let read = self::item(item);
        items.push((item.whole(), read.map_err(|_| ())));
    }
    Ok(Command::AlterTable { object, table, if_exists, items })
}

/// `DROP PARTITION a, b` and `TRUNCATE PARTITION a, b`; `item` is the part up to the first comma.
fn partitions(mut item: Cursor<'_>, whole: &Cursor<'_>) -> Option<Alter> {
    let truncate = item.is("TRUNCATE PARTITION");
    if item.dialect != Dialect::MySql || !(item.take("DROP PARTITION") || item.take("TRUNCATE PARTITION")) {
        return None;
    }
    item.take("IF EXISTS");
    let start = item.peek()?.start;
    let from = whole.tokens.iter().position(|t| t.start == start)?;
    Some(Alter::DropPartition { names: whole.written(from, whole.tokens.len()), truncate })
}

/// Settings of MySQL that copy a table or keep others out: `ALGORITHM=COPY`, `ENGINE=MyISAM`, `CONVERT TO …`.
fn setting(mut item: Cursor<'_>) -> Option<Alter> {
    if item.dialect != Dialect::MySql {
        return None;
    }
    let convert = item.take("CONVERT TO");
    let mut to = Encoding::default();
    if encoding::take(&mut item, &mut to) {
        while encoding::take(&mut item, &mut to) {}
        return Some(Alter::Encode { encoding: to, convert });
    }
    let word = ["ALGORITHM", "LOCK", "ENGINE"].into_iter().find(|w| item.take(w))?;
    item.take_op("=");
    let value = item.peek().and_then(|t| item.identifier(t))?;
    if word == "ENGINE" {
        return Some(Alter::Engine(value));
    }
    Some(Alter::Maintenance(Text::from(format!("{word}={value}"))))
}

fn add_column(item: Cursor<'_>, if_not_exists: bool) -> Parsed<Alter> {
    Ok(Alter::AddColumn { column: Box::new(column::column_def(item)?), if_not_exists })
}

fn add_key(mut item: Cursor<'_>) -> Parsed<Alter> {
    let key = constraint::table_constraint(&mut item)?;
    end(&item, Alter::AddKey(Box::new(key)))
}

fn end(cursor: &Cursor<'_>, value: Alter) -> Parsed<Alter> {
    if cursor.done() { Ok(value) } else { cursor.refuse() }
}

fn cascade(cursor: &mut Cursor<'_>) -> bool {
    let cascade = cursor.take("CASCADE");
    cursor.take("RESTRICT");
    cascade
}

fn item(mut item: Cursor<'_>) -> Parsed<Alter> {
    let mysql = item.dialect == Dialect::MySql;
    if let Some(found) = setting(item) {
        return Ok(found);
    }
    if let Some(words) = MAINTENANCE.iter().find(|w| item.is(w))
        && !item.is("FORCE ROW")
    {
        return Ok(Alter::Maintenance(Text::from(*words)));
    }
    if item.is("COMMENT") {
        item.take("COMMENT");
        item.take_op("=");
        return item.string().map(Alter::Comment);
    }
    if item.take("SET SCHEMA") {
        return item.ident().map(Alter::SetSchema);
    }
    if item.is_any(&["ENABLE", "DISABLE"]) {
        let on = item.take("ENABLE");
        item.at += usize::from(!on);
        item.take_any(&["ALWAYS", "REPLICA"]);
        return Ok(match () {
            () if item.is("ROW LEVEL SECURITY") => Alter::RowSecurity(on),
            () if item.is("TRIGGER") => Alter::Triggers(on),
            () => Alter::Other,
        });
    }
    if OTHER.iter().any(|w| item.is(w)) {
        return Ok(Alter::Other);
    }
    if item.take("ADD") {
        if constraint::starts(&item) {
            let mut probe = item;
            if probe.take("CONSTRAINT") && probe.ident().is_ok() && probe.take("NOT NULL") {
                return Ok(Alter::SetNotNull { column: probe.ident()? });
            }
            if probe.take("IF NOT EXISTS") {
                return add_key(probe.remaining());
            }
            // CockroachDB's.
            let mut probe = item;
            if probe.take("CONSTRAINT IF NOT EXISTS") {
                let name = probe.ident()?;
                let mut key = constraint::table_constraint(&mut probe)?;
                key.name = Some(name);
                return end(&probe, Alter::AddKey(Box::new(key)));
            }
            return add_key(item.remaining());
        }
        item.take("COLUMN");
        let if_not_exists = item.take("IF NOT EXISTS");
        return add_column(item.remaining(), if_not_exists);
    }
    if item.take("DROP") {
        return drop(item, mysql);
    }
    if item.take("RENAME") {
        return rename(item, mysql);
    }
    if item.take("ALTER") {
        item.take("COLUMN");
        return alter_column(item);
    }
    if mysql && (item.take("MODIFY") || item.is("CHANGE")) {
        let change = item.take("CHANGE");
        item.take("COLUMN");
        item.take("IF EXISTS");
        let mut probe = item;
        let from = probe.ident()?;
        let column = column::column_def(if change { probe.remaining() } else { item.remaining() })?;
        return Ok(Alter::Redefine { from, column: Box::new(column) });
    }
    if item.take("VALIDATE CONSTRAINT") {
        let name = item.ident()?;
        return end(&item, Alter::Validate(name));
    }
    if item.take("ATTACH PARTITION") {
        let child = item.name()?;
        return Ok(Alter::Attach { child, bounds: create::bounds(&mut item)? });
    }
    if item.take("DETACH PARTITION") {
        let child = item.name()?;
        // Finishing a detachment that was interrupted waits for nobody either.
        return Ok(Alter::Detach { child, concurrently: item.is_any(&["CONCURRENTLY", "FINALIZE"]) });
    }
    if item.take("INHERIT") {
        return item.name().map(Alter::Inherit);
    }
    if item.take("NO INHERIT") {
        return item.name().map(Alter::NoInherit);
    }
    item.refuse()
}

fn drop(mut item: Cursor<'_>, mysql: bool) -> Parsed<Alter> {
    if mysql && item.take("PRIMARY KEY") {
        return end(&item, Alter::DropPrimaryKey);
    }
    let kinds: &[(&str, Option<KeyKind>)] = &[
        ("CONSTRAINT", None),
        ("FOREIGN KEY", Some(KeyKind::Foreign)),
        ("CHECK", Some(KeyKind::Check)),
        ("INDEX", Some(KeyKind::Index)),
        ("KEY", Some(KeyKind::Index)),
    ];
    for (words, kind) in kinds {
        let mut probe = item;
        // A column may be called `key`: then nothing follows the word.
        if probe.take(words) && !probe.done() && (mysql || *words == "CONSTRAINT") {
            let if_exists = probe.take("IF EXISTS");
            let name = probe.ident()?;
            let cascade = cascade(&mut probe);
            return end(&probe, Alter::DropKey { name, kind: *kind, if_exists, cascade });
        }
    }
    item.take("COLUMN");
    let if_exists = item.take("IF EXISTS");
    let name = item.ident()?;
    let cascade = cascade(&mut item);
    end(&item, Alter::DropColumn { name, if_exists, cascade })
}

fn rename(mut item: Cursor<'_>, mysql: bool) -> Parsed<Alter> {
    if item.take("TO") || item.take("AS") {
        let to = item.name()?;
        return end(&item, Alter::RenameTable(to));
    }
    for words in ["CONSTRAINT", "INDEX", "KEY"] {
        let mut probe = item;
        if probe.take(words)
            && (mysql || words == "CONSTRAINT")
            && let Ok(from) = probe.ident()
            && probe.take("TO")
        {
            let to = probe.ident()?;
            return end(&probe, Alter::RenameKey { from, to });
        }
    }
    if mysql && item.tokens.len() - item.at == 1 {
        let to = item.name()?;
        return Ok(Alter::RenameTable(to));
    }
    item.take("COLUMN");
    item.take("IF EXISTS");
    let from = item.ident()?;
    item.require("TO")?;
    let to = item.ident()?;
    end(&item, Alter::RenameColumn { from, to })
}

/// An action on the column of that name.
type MakeAlter = fn(Text) -> Alter;

fn alter_column(mut item: Cursor<'_>) -> Parsed<Alter> {
    let column = item.ident()?;
    if item.take("SET DATA TYPE") || item.take("TYPE") {
        let ty = Box::new(types::raw_type(&mut item)?);
        if item.take("COLLATE") {
            item.name()?;
        }
        let using = item.is("USING");
        if !item.done() && !using {
            return item.refuse();
        }
        return Ok(Alter::SetType { column, ty, using });
    }
    if item.take("SET DEFAULT") {
        let default = column::default_value(&mut item)?;
        return end(&item, Alter::SetDefault { column, default });
    }
    if item.take("SET EXPRESSION AS") {
        let group = item.group()?;
        return end(&item, Alter::SetExpression { column, formula: group.written(0, group.tokens.len()) });
    }
    let plain: &[(&str, MakeAlter)] = &[
        ("DROP DEFAULT", |column| Alter::DropDefault { column }),
        ("SET NOT NULL", |column| Alter::SetNotNull { column }),
        ("DROP NOT NULL", |column| Alter::DropNotNull { column }),
    ];
    for (words, make) in plain {
        if item.take(words) {
            return Ok(make(column));
        }
    }
    let generated: &[(&str, Generated, Was)] = &[
        ("DROP EXPRESSION", Generated::No, Was::Computed),
        ("DROP IDENTITY", Generated::No, Was::Identity),
        ("SET GENERATED ALWAYS", Generated::Always, Was::Identity),
        ("SET GENERATED BY DEFAULT", Generated::ByDefault, Was::Identity),
        ("ADD GENERATED ALWAYS AS IDENTITY", Generated::Always, Was::Plain),
        ("ADD GENERATED BY DEFAULT AS IDENTITY", Generated::ByDefault, Was::Plain),
    ];
    for (words, generated, was) in generated {
        if item.take(words) {
            let if_exists = item.take("IF EXISTS");
            let _ = item.group();
            return Ok(Alter::SetGenerated { column, generated: *generated, was: *was, if_exists });
        }
    }
    // Statistics, storage, options, sequence settings: nothing we keep.
    if item.is_any(&["SET", "RESET", "RESTART"]) { Ok(Alter::Other) } else { item.refuse() }
}

/// `RENAME TABLE a TO b, c TO d`.
pub fn rename_tables(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let mut pairs: Vec<(Name, Name)> = Vec::new();
    for mut item in cursor.items() {
        let from = item.name()?;
        item.require("TO")?;
        pairs.push((from, item.name()?));
    }
    Ok(Command::RenameTables(pairs))
}
