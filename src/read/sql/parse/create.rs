//! `CREATE TABLE`, `CREATE INDEX`, `CREATE VIEW`.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, KeyKind};

use super::super::command::{Command, CreateTable, Item, KeyDef, Likeness, PartitionKey, ViewQuery};
use super::super::cursor::{Cursor, Parsed};
use super::super::lex::Kind;
use super::{column, constraint, encoding};

/// The cursor stands behind `TABLE`.
pub fn table(cursor: &mut Cursor<'_>, temporary: bool, replace: bool) -> Parsed<Command> {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let mut table = CreateTable::new(cursor.name()?);
    (table.if_not_exists, table.replace, table.temporary) = (if_not_exists, replace, temporary);
    if cursor.take("PARTITION OF") {
        table.partition_of = Some(cursor.name()?);
    } else if cursor.take("OF") {
        cursor.name()?;
    } else if cursor.take("LIKE") {
        table.items.push(Item::Like { table: cursor.name()?, takes: EVERYTHING });
        return finish(cursor, table);
    } else if cursor.take("USING") {
        return virtual_table(cursor, table);
    }
    if cursor.kind() == Some(Kind::Open) {
        let mut probe = *cursor;
        let group = probe.group()?;
        // `CREATE TABLE t (SELECT …)` and `(LIKE other)`.
        if group.is("SELECT") {
            table.query = Some(query(&group, Vec::new()));
            return Ok(Command::CreateTable(Box::new(table)));
        }
        *cursor = probe;
        let columns_only = !group.items().is_empty() && group.items().iter().all(|i| i.tokens.len() == 1);
        if columns_only && (cursor.dialect != Dialect::Sqlite || cursor.is("AS")) {
            let names = constraint::columns(&group)?;
            while !cursor.done() && !cursor.is("AS") {
                cursor.skip_one()?;
            }
            if !cursor.take("AS") {
                return group.refuse();
            }
            table.query = Some(query(&cursor.remaining(), names));
            return Ok(Command::CreateTable(Box::new(table)));
        }
        for item in group.items() {
            read_item(item, &mut table);
        }
    } else if table.partition_of.is_none()
        && !cursor.is("AS")
        && !cursor.is("SELECT")
        && !cursor.is_any(&["WITH", "ON", "TABLESPACE", "ENGINE"])
    {
        return cursor.refuse();
    }
    finish(cursor, table)
}

/// What MySQL's `LIKE` takes over.
const EVERYTHING: Likeness =
    Likeness { defaults: true, generated: true, identity: true, constraints: true, indexes: true };

/// `INCLUDING …` and `EXCLUDING …` behind `LIKE other`; the last word counts.
fn likeness(item: &mut Cursor<'_>) -> Parsed<Likeness> {
    let mut takes = Likeness::default();
    while !item.done() {
        let include = item.take("INCLUDING");
        if !include {
            item.require("EXCLUDING")?;
        }
        let all = item.is("ALL");
        for (word, place) in [
            ("DEFAULTS", &mut takes.defaults),
            ("GENERATED", &mut takes.generated),
            ("IDENTITY", &mut takes.identity),
            ("CONSTRAINTS", &mut takes.constraints),
            ("INDEXES", &mut takes.indexes),
        ] {
            if all || item.is(word) {
                *place = include;
            }
        }
        item.skip_one()?;
    }
    Ok(takes)
}

fn read_item(mut item: Cursor<'_>, table: &mut CreateTable) {
    let before = item;
    let read = |item: &mut Cursor<'_>, table: &mut CreateTable| -> Parsed<()> {
        if item.is("LIKE") {
            item.take("LIKE");
            let like = item.name()?;
            let takes = if item.dialect == Dialect::MySql { EVERYTHING } else { likeness(item)? };
            table.items.push(Item::Like { table: like, takes });
            return Ok(());
        }
        if !constraint::starts(item) {
            // A partition's columns have no type: `(a NOT NULL, b DEFAULT 1)`.
            let typeless = table.partition_of.is_some();
            if !typeless {
                table.items.push(Item::Column(column::column_def(*item)?));
            }
            return Ok(());
        }
        // How CockroachDB keeps columns together.
        if item.dialect == Dialect::Postgres && item.take("FAMILY") {
            return Ok(());
        }
        // SQLite reads constraints without a comma between them.
        while !item.done() {
            let mut probe = *item;
            let named = probe.take("CONSTRAINT") && probe.ident().is_ok();
            if named && probe.take("NOT NULL") {
                table.items.push(Item::NotNull(probe.ident()?));
                constraint::tail(&mut probe)?;
                *item = probe;
                continue;
            }
            let key = constraint::table_constraint(item)?;
            table.items.push(Item::Key(key));
        }
        Ok(())
    };
    if let Err(refused) = read(&mut item, table) {
        table.refused.push(if before.done() { refused.span } else { before.whole() });
    }
}

/// What follows the body.
fn finish(cursor: &mut Cursor<'_>, mut table: CreateTable) -> Parsed<Command> {
    while !cursor.done() {
        if cursor.take("INHERITS") {
            for mut item in cursor.group()?.items() {
                table.inherits.push(item.name()?);
            }
        } else if cursor.dialect == Dialect::MySql && cursor.take("ENGINE") {
            cursor.take_op("=");
            table.engine = cursor.next().and_then(|t| cursor.identifier(t)).map(|e| Text::from(e.to_ascii_lowercase()));
        } else if encoding::take(cursor, &mut table.encoding) {
        } else if cursor.take("WITHOUT ROWID") {
            table.without_rowid = true;
        } else if cursor.take("COMMENT") {
            cursor.take_op("=");
            table.comment = Some(cursor.string()?);
        } else if table.partition_of.is_some() && table.bounds.is_empty() && cursor.is_any(&["FOR VALUES", "DEFAULT"]) {
            table.bounds = bounds(cursor)?;
        } else if cursor.dialect == Dialect::Postgres && cursor.take("PARTITION BY") {
            cursor.ident()?;
            table.partition_by = Some(partition_key(&cursor.group()?));
        } else if cursor.is("AS") || cursor.is("SELECT") {
            cursor.take("AS");
            table.query = Some(query(&cursor.remaining(), Vec::new()));
            break;
        } else {
            cursor.skip_one()?;
        }
    }
    Ok(Command::CreateTable(Box::new(table)))
}

/// `FOR VALUES …` or `DEFAULT`, as written.
pub fn bounds(cursor: &mut Cursor<'_>) -> Parsed<Text> {
    let from = cursor.at;
    while !cursor.done() && !cursor.is("PARTITION BY") {
        cursor.skip_one()?;
    }
    Ok(Text::from(cursor.written(from, cursor.at).to_ascii_lowercase()))
}

/// What stands in the parentheses of `PARTITION BY`.
fn partition_key(group: &Cursor<'_>) -> PartitionKey {
    let mut key = PartitionKey::default();
    for mut item in group.items() {
        match item.ident() {
            Ok(name) if !matches!(item.kind(), Some(Kind::Open | Kind::Op | Kind::Dot)) => key.columns.push(name),
            _ => key.expressions = true,
        }
    }
    key
}

/// `CREATE VIRTUAL TABLE t USING module(args)`: arguments that are no settings are columns.
fn virtual_table(cursor: &mut Cursor<'_>, mut table: CreateTable) -> Parsed<Command> {
    cursor.ident()?;
    if cursor.kind() == Some(Kind::Open) {
        for item in cursor.group()?.items() {
            let setting = item.tokens.iter().any(|t| t.kind == Kind::Op);
            let mut name = item;
            if !setting && let Ok(name) = name.ident() {
                let only = item.over(item.tokens.get(..1).unwrap_or_default());
                let mut column = column::column_def(only)?;
                column.name = name;
                table.items.push(Item::Column(column));
            }
        }
    }
    Ok(Command::CreateTable(Box::new(table)))
}

/// The rest of a statement as a query.
pub fn query(cursor: &Cursor<'_>, columns: Vec<Text>) -> ViewQuery {
    ViewQuery { tokens: cursor.tokens.get(cursor.at..).unwrap_or_default().to_vec(), span: cursor.whole(), columns }
}

/// The cursor stands behind `INDEX`.
pub fn index(cursor: &mut Cursor<'_>, unique: bool, special: Option<&'static str>) -> Parsed<Command> {
    let concurrently = cursor.take("CONCURRENTLY");
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let mut key = KeyDef::new(if unique { KeyKind::Unique } else { KeyKind::Index }, cursor.whole());
    key.is_index = true;
    if !cursor.is("ON") || cursor.is("ON ON") {
        key.name = Some(cursor.name()?.name);
    }
    if cursor.dialect == Dialect::MySql && cursor.take("USING") {
        cursor.ident()?;
    }
    cursor.require("ON")?;
    cursor.take("ONLY");
    let table = cursor.name()?;
    constraint::index_body(cursor, &mut key)?;
    constraint::mark(&mut key, special);
    if !cursor.done() && cursor.dialect != Dialect::MySql {
        return cursor.refuse();
    }
    Ok(Command::CreateIndex { table, key: Box::new(key), if_not_exists, concurrently })
}

/// The cursor stands behind `VIEW`.
pub fn view(cursor: &mut Cursor<'_>, materialized: bool, replace: bool) -> Parsed<Command> {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let name = cursor.name()?;
    let mut columns = Vec::new();
    while !cursor.done() && !cursor.take("AS") {
        if cursor.kind() == Some(Kind::Open) && columns.is_empty() {
            columns = constraint::columns(&cursor.group()?)?;
        } else {
            cursor.skip_one()?;
        }
    }
    if cursor.done() {
        return cursor.refuse();
    }
    Ok(Command::CreateView { name, materialized, replace, if_not_exists, query: query(&cursor.remaining(), columns) })
}
