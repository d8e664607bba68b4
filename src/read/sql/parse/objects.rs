//! Types, domains, drops, comments, settings and other statements about whole objects.

use crate::model::origin::Text;

use super::super::command::{Command, DomainChange, Drop, Object};
use super::super::cursor::{Cursor, Name, Parsed};
use super::super::lex::{Kind, Token};
use super::{column, constraint, types};

/// The cursor stands behind `CREATE TYPE`.
pub fn create_type(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.take("IF NOT EXISTS");
    let name = cursor.name()?;
    if !cursor.take("AS ENUM") {
        return Ok(Command::CreateType { name });
    }
    let mut values = Vec::new();
    for mut item in cursor.group()?.items() {
        let span = item.whole();
        values.push((item.string()?, span));
    }
    Ok(Command::CreateEnum { name, values })
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
        return finished(cursor, Command::RenameType { name, to });
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
        cursor.take("IF EXISTS");
        DomainChange::DropKey(cursor.ident()?)
    } else if cursor.take("RENAME TO") {
        return Ok(Command::RenameType { name, to: cursor.ident()? });
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
    let mut names = vec![cursor.name()?];
    while cursor.take_kind(Kind::Comma) {
        names.push(cursor.name()?);
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

/// The cursor stands in front of `SCHEMA`, behind `CREATE`.
pub fn create_schema(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.take("SCHEMA");
    let if_not_exists = cursor.take("IF NOT EXISTS");
    cursor.take("AUTHORIZATION");
    Ok(Command::CreateSchema { name: cursor.ident()?, if_not_exists })
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
    cursor.take_any(&["LOCAL", "SESSION"]);
    if !cursor.take("SEARCH_PATH") {
        return Ok(foreign_checks(cursor).map_or(Command::Other, Command::ForeignChecks));
    }
    if !cursor.take("TO") && !cursor.take_op("=") {
        return cursor.refuse();
    }
    if cursor.is("DEFAULT") {
        return Ok(Command::SearchPath(vec![Text::from("public")]));
    }
    let mut path = Vec::new();
    for item in cursor.items() {
        path.extend(item.peek().and_then(|t| item.identifier(t)));
    }
    Ok(Command::SearchPath(path))
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

/// The cursor stands behind `SELECT`: `pg_catalog.set_config('search_path', …)` of dumps matters.
pub fn select(cursor: &mut Cursor<'_>) -> Command {
    let Ok(name) = cursor.name() else { return Command::Other };
    let Some(group) = (&*name.name == "set_config").then(|| cursor.group().ok()).flatten() else {
        return Command::Other;
    };
    let mut items = group.items().into_iter();
    let setting = items.next().and_then(|mut i| i.string().ok());
    let value = items.next().and_then(|mut i| i.string().ok());
    match (setting.as_deref(), value) {
        (Some("search_path"), Some(value)) => {
            let parts = value.split(',').map(|p| p.trim().trim_matches('"')).filter(|p| !p.is_empty());
            Command::SearchPath(parts.map(Text::from).collect())
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
