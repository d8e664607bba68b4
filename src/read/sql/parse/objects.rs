//! Types, domains, drops, comments, settings and other statements about whole objects.

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::command::{Command, CreateTable, DomainChange, Drop, Object, Transaction, ViewQuery};
use super::super::cursor::{Cursor, Name, Parsed};
use super::super::lex::{Kind, Token};
use super::{column, constraint, types};

/// The cursor stands behind `CREATE TYPE`.
pub fn create_type(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let name = cursor.name()?;
    if !cursor.take("AS ENUM") {
        return Ok(Command::CreateType { name });
    }
    let mut values = Vec::new();
    for mut item in cursor.group()?.items() {
        let span = item.whole();
        values.push((item.string()?, span));
    }
    Ok(Command::CreateEnum { name, values, if_not_exists })
}

/// The cursor stands behind `ALTER TYPE`.
pub fn alter_type(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let name = cursor.name()?;
    if cursor.take("ADD VALUE") {
        let if_not_exists = cursor.take("IF NOT EXISTS");
        let value = cursor.string()?;
        let before = if cursor.take("BEFORE") { Some(cursor.string()?) } else { None };
        let after = if cursor.take("AFTER") { Some(cursor.string()?) } else { None };
        return finished(cursor, Command::AddEnumValue { name, value, before, after, if_not_exists });
    }
    if cursor.take("RENAME VALUE") {
        let from = cursor.string()?;
        cursor.require("TO")?;
        let to = cursor.string()?;
        return finished(cursor, Command::RenameEnumValue { name, from, to });
    }
    if cursor.take("RENAME TO") {
        let to = cursor.ident()?;
        return finished(cursor, Command::RenameType { name, to, domain: false });
    }
    if cursor.take("SET SCHEMA") {
        return Ok(Command::SetTypeSchema { name, schema: cursor.ident()? });
    }
    if cursor.is_any(&["OWNER", "ADD ATTRIBUTE", "DROP ATTRIBUTE", "ALTER ATTRIBUTE", "RENAME ATTRIBUTE", "SET"]) {
        return Ok(Command::Other);
    }
    cursor.refuse()
}

/// The cursor stands behind `CREATE DOMAIN`.
pub fn create_domain(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let name = cursor.name()?;
    cursor.take("AS");
    let base = types::raw_type(cursor)?;
    let mut not_null = false;
    let mut keys = Vec::new();
    while !cursor.done() {
        if cursor.take("NOT NULL") {
            not_null = true;
        } else if cursor.take("DEFAULT") {
            column::default_value(cursor)?;
        } else if cursor.take("COLLATE") {
            cursor.name()?;
        } else if !cursor.take("NULL") {
            keys.push(constraint::table_constraint(cursor)?);
        }
    }
    Ok(Command::CreateDomain { name, base: Box::new(base), not_null, keys })
}

/// The cursor stands behind `ALTER DOMAIN`.
pub fn alter_domain(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let name = cursor.name()?;
    let change = if cursor.take("SET NOT NULL") {
        DomainChange::NotNull(true)
    } else if cursor.take("DROP NOT NULL") {
        DomainChange::NotNull(false)
    } else if cursor.take("ADD") {
        DomainChange::AddKey(Box::new(constraint::table_constraint(cursor)?))
    } else if cursor.take("DROP CONSTRAINT") {
        let if_exists = cursor.take("IF EXISTS");
        DomainChange::DropKey { name: cursor.ident()?, if_exists }
    } else if cursor.take("RENAME TO") {
        return Ok(Command::RenameType { name, to: cursor.ident()?, domain: true });
    } else if cursor.is_any(&["OWNER", "SET", "DROP DEFAULT", "VALIDATE", "RENAME"]) {
        DomainChange::Other
    } else {
        return cursor.refuse();
    };
    Ok(Command::AlterDomain { name, change })
}

fn finished(cursor: &Cursor<'_>, command: Command) -> Parsed<Command> {
    if cursor.done() { Ok(command) } else { cursor.refuse() }
}

/// The cursor stands behind `DROP TABLE`, `DROP VIEW` …
pub fn drop(cursor: &mut Cursor<'_>, object: Object) -> Parsed<Command> {
    let concurrently = cursor.take("CONCURRENTLY");
    let if_exists = cursor.take("IF EXISTS");
    let mut names = vec![dropped(cursor)?];
    while cursor.take_kind(Kind::Comma) {
        names.push(dropped(cursor)?);
    }
    let on = if cursor.take("ON") { Some(cursor.name()?) } else { None };
    let cascade = cursor.take("CASCADE");
    cursor.take("RESTRICT");
    while cursor.take_any(&["ALGORITHM", "LOCK"]) {
        cursor.take_op("=");
        cursor.ident()?;
    }
    finished(cursor, Command::Drop(Drop { object, names, if_exists, cascade, concurrently, on }))
}

/// A name, or CockroachDB's `table@index`.
pub fn dropped(cursor: &mut Cursor<'_>) -> Parsed<Name> {
    let mut name = cursor.name()?;
    if cursor.dialect == Dialect::Postgres && cursor.take_op("@") {
        name.name = cursor.ident()?;
    }
    Ok(name)
}

/// The cursor stands in front of `SCHEMA`, behind `CREATE`.
pub fn create_schema(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.take("SCHEMA");
    let if_not_exists = cursor.take("IF NOT EXISTS");
    cursor.take("AUTHORIZATION");
    let name = cursor.ident()?;
    if cursor.take("AUTHORIZATION") {
        cursor.ident()?;
    }
    let create = Command::CreateSchema { name: name.clone(), if_not_exists };
    if cursor.done() {
        return Ok(create);
    }
    // Its elements stand behind one another without a delimiter.
    let mut commands = vec![(cursor.whole(), create)];
    let mut depth = 0usize;
    let mut from = cursor.at;
    for at in cursor.at..=cursor.tokens.len() {
        let token = cursor.tokens.get(at);
        match token.map(|t| t.kind) {
            Some(Kind::Open) => depth += 1,
            Some(Kind::Close) => depth = depth.saturating_sub(1),
            _ => {}
        }
        let starts = token.is_none_or(|t| cursor.over(std::slice::from_ref(t)).is_any(&["CREATE", "GRANT"]));
        if depth == 0 && starts && at > from {
            let element = cursor.over(cursor.tokens.get(from..at).unwrap_or_default());
            let command = super::data(element, false).unwrap_or_else(|| super::statement(element, 1));
            commands.push((element.whole(), command));
            from = at;
        }
    }
    Ok(Command::InSchema { schema: name, commands })
}

/// `BEGIN`, `COMMIT`, `ROLLBACK TO s` and the like, where an engine takes schema statements back with the others.
pub fn transaction(cursor: &mut Cursor<'_>) -> Option<Command> {
    if cursor.dialect == Dialect::MySql {
        return None;
    }
    let plain = |cursor: &mut Cursor<'_>| {
        cursor.take_any(&["WORK", "TRANSACTION"]);
        cursor.done() || cursor.is_any(&["AND CHAIN", "AND NO CHAIN"])
    };
    let begins = if cursor.take("BEGIN") {
        cursor.take_any(&["DEFERRED", "IMMEDIATE", "EXCLUSIVE"]);
        let modes = ["ISOLATION LEVEL", "READ ONLY", "READ WRITE", "DEFERRABLE", "NOT DEFERRABLE"];
        plain(cursor) || cursor.is_any(&modes)
    } else {
        cursor.take("START TRANSACTION")
    };
    let transaction = if begins {
        Transaction::Begin
    } else if cursor.take_any(&["COMMIT", "END"]) {
        plain(cursor).then_some(Transaction::Commit)?
    } else if cursor.take("SAVEPOINT") {
        Transaction::Savepoint(cursor.ident().ok()?)
    } else if cursor.take("RELEASE") {
        cursor.take("SAVEPOINT");
        Transaction::Release(cursor.ident().ok()?)
    } else if cursor.take_any(&["ROLLBACK", "ABORT"]) {
        match plain(cursor) {
            true => Transaction::Rollback,
            false if cursor.take("TO") => {
                cursor.take("SAVEPOINT");
                Transaction::RollbackTo(cursor.ident().ok()?)
            }
            false => return None,
        }
    } else {
        return None;
    };
    Some(Command::Transaction(transaction))
}

/// `SELECT … INTO t …` of PostgreSQL makes a table; the cursor stands behind `SELECT` or in front of `WITH`, and
/// is over the whole statement.
pub fn select_into(cursor: &Cursor<'_>) -> Option<Command> {
    if cursor.dialect != Dialect::Postgres {
        return None;
    }
    let mut depth = 0usize;
    let into = cursor.tokens.iter().position(|t| {
        match t.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && cursor.over(std::slice::from_ref(t)).is("INTO")
    })?;
    let mut behind = Cursor { at: into + 1, ..*cursor };
    let temporary = behind.take_any(&["TEMP", "TEMPORARY"]);
    behind.take("UNLOGGED");
    behind.take("TABLE");
    let mut table = CreateTable::new(behind.name().ok()?);
    table.temporary = temporary;
    let (before, after) = (cursor.tokens.get(..into)?, cursor.tokens.get(behind.at..)?);
    let tokens = before.iter().chain(after).copied().collect();
    table.query = Some(ViewQuery { tokens, span: cursor.whole(), columns: Vec::new() });
    Some(Command::CreateTable(Box::new(table)))
}

/// The cursor stands behind `COMMENT ON`.
pub fn comment(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let objects: &[(&str, Object)] = &[
        ("TABLE", Object::Table),
        ("FOREIGN TABLE", Object::Table),
        ("VIEW", Object::View),
        ("MATERIALIZED VIEW", Object::MaterializedView),
    ];
    for (words, object) in objects {
        if cursor.take(words) {
            let name = cursor.name()?;
            cursor.require("IS")?;
            let text = column::comment_text(cursor)?;
            return Ok(Command::Comment { object: *object, name, column: None, text });
        }
    }
    if !cursor.take("COLUMN") {
        return Ok(Command::Other);
    }
    let full = cursor.name()?;
    cursor.require("IS")?;
    let text = column::comment_text(cursor)?;
    // `schema.table.column`: the name reader keeps the last two parts, the schema stands in front.
    let parts: Vec<&Token> = cursor
        .tokens
        .iter()
        .filter(|t| t.start >= full.span.0 && t.end <= full.span.1 && t.kind != Kind::Dot)
        .collect();
    let schema = match parts.as_slice() {
        [schema, _, _] => cursor.identifier(**schema),
        _ => None,
    };
    let Some(table) = full.schema else { return cursor.refuse() };
    let name = Name { schema, name: table, span: full.span };
    Ok(Command::Comment { object: Object::Table, name, column: Some(full.name), text })
}

/// The cursor stands behind `SET`: the search path matters, everything else does not.
pub fn set(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let local = cursor.take("LOCAL");
    cursor.take("SESSION");
    // `SET SCHEMA 's'` is another word for a path of one.
    if cursor.dialect == Dialect::Postgres && cursor.take("SCHEMA") {
        return Ok(Command::SearchPath { path: vec![cursor.string()?], local });
    }
    if !cursor.take("SEARCH_PATH") {
        return Ok(foreign_checks(cursor).map_or(Command::Other, Command::ForeignChecks));
    }
    match search_path(cursor) {
        Some(path) => Ok(Command::SearchPath { path, local }),
        None => cursor.refuse(),
    }
}

/// The schemas behind `SET SEARCH_PATH`; stops behind the last of them.
pub fn search_path(cursor: &mut Cursor<'_>) -> Option<Vec<Text>> {
    if !cursor.take("TO") && !cursor.take_op("=") {
        return None;
    }
    if cursor.take("DEFAULT") {
        return Some(vec![Text::from("public")]);
    }
    let mut path = Vec::new();
    loop {
        path.push(cursor.next().and_then(|t| cursor.identifier(t))?);
        if !cursor.take_kind(Kind::Comma) {
            return Some(path);
        }
    }
}

/// `SET …, FOREIGN_KEY_CHECKS = 0`; any other value than nothing lets MySQL look.
fn foreign_checks(cursor: &Cursor<'_>) -> Option<bool> {
    let named = |t: &Token| cursor.bytes(*t).to_ascii_uppercase().ends_with(b"FOREIGN_KEY_CHECKS");
    let mut settings = cursor.items().into_iter().filter(|i| i.tokens.iter().take(3).any(named));
    let last = settings.next_back()?;
    let value = last.tokens.last()?;
    Some(!matches!(last.bytes(*value).to_ascii_uppercase().as_slice(), b"0" | b"OFF" | b"FALSE"))
}

/// `PRAGMA foreign_keys = OFF`, or `(0)`; the cursor stands behind the name.
pub fn foreign_keys(cursor: &Cursor<'_>) -> Command {
    let value = cursor.tokens.iter().skip(cursor.at).find(|t| matches!(t.kind, Kind::Word | Kind::Number | Kind::Str));
    let Some(value) = value.map(|t| cursor.text(*t).to_ascii_lowercase()) else { return Command::Other };
    Command::ForeignChecks(!matches!(value.trim_matches('\''), "0" | "off" | "false" | "no"))
}

/// The cursor stands behind `SELECT`: `pg_catalog.set_config('search_path', …)` of dumps matters, and functions of
/// the history that change the schema.
pub fn select(cursor: &mut Cursor<'_>) -> Command {
    let calls = || super::calls::selected(&cursor.remaining(), &super::text::Values::default());
    let mut cursor = *cursor;
    let Ok(name) = cursor.name() else { return calls() };
    let Some(group) = (&*name.name == "set_config").then(|| cursor.group().ok()).flatten() else {
        return calls();
    };
    let mut items = group.items().into_iter();
    let setting = items.next().and_then(|mut i| i.string().ok());
    let value = items.next().and_then(|mut i| i.string().ok());
    let local = items.next().is_some_and(|i| i.is("TRUE"));
    match (setting.as_deref(), value) {
        (Some("search_path"), Some(value)) => {
            let parts = value.split(',').map(|p| p.trim().trim_matches('"')).filter(|p| !p.is_empty());
            Command::SearchPath { path: parts.map(Text::from).collect(), local }
        }
        _ => Command::Other,
    }
}

/// The cursor stands behind `TRUNCATE`.
pub fn truncate(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.take("TABLE");
    cursor.take("ONLY");
    let mut names = vec![cursor.name()?];
    loop {
        cursor.take_op("*");
        if !cursor.take_kind(Kind::Comma) {
            break;
        }
        cursor.take("ONLY");
        names.push(cursor.name()?);
    }
    Ok(Command::Truncate(names))
}

/// The table of an `INSERT`, `UPDATE` or `DELETE`; the cursor stands behind the keyword.
pub fn data_table(cursor: &mut Cursor<'_>) -> Option<Name> {
    while cursor.take_any(&["INTO", "FROM", "ONLY", "IGNORE", "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK"])
        || cursor.is("OR") && cursor.take("OR") && cursor.ident().is_ok()
    {}
    cursor.name().ok()
}
