//! Routines, triggers, policies, sequences and extensions: their names, and what they hang on.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, ObjectKind};

use super::super::command::{Command, Named};
use super::super::cursor::{Cursor, Name, Parsed, unquote};
use super::super::lex::{Kind, Lexer, Token};

const KINDS: &[(&str, ObjectKind)] = &[
    ("FUNCTION", ObjectKind::Function),
    ("AGGREGATE FUNCTION", ObjectKind::Function),
    ("PROCEDURE", ObjectKind::Procedure),
    ("TRIGGER", ObjectKind::Trigger),
    ("CONSTRAINT TRIGGER", ObjectKind::Trigger),
    ("POLICY", ObjectKind::Policy),
    ("SEQUENCE", ObjectKind::Sequence),
    ("EXTENSION", ObjectKind::Extension),
    ("EVENT", ObjectKind::Event),
];

fn kind(cursor: &mut Cursor<'_>) -> Option<ObjectKind> {
    if cursor.is("EVENT TRIGGER") {
        return None;
    }
    KINDS.iter().find(|(words, _)| cursor.take(words)).map(|(_, kind)| *kind)
}

/// The cursor stands behind `CREATE`; `None` when something else is created, or its words are not known.
pub fn create(mut cursor: Cursor<'_>) -> Option<Command> {
    let kind = kind(&mut cursor)?;
    cursor.take("IF NOT EXISTS");
    let mut named = Named {
        kind,
        name: cursor.name().ok()?,
        table: None,
        calls: None,
        detail: Text::from(""),
        rows: Vec::new(),
        routine: None,
    };
    match kind {
        ObjectKind::Trigger => {
            named.rows = rows(&cursor);
            let from = cursor.at;
            while !cursor.take("ON") {
                cursor.skip_one().ok()?;
            }
            named.detail = Text::from(cursor.written(from, cursor.at - 1).to_ascii_uppercase());
            named.table = Some(cursor.name().ok()?);
            while !cursor.done() && named.calls.is_none() {
                if cursor.take_any(&["EXECUTE FUNCTION", "EXECUTE PROCEDURE"]) {
                    named.calls = Some(cursor.name().ok()?);
                } else {
                    cursor.at += 1;
                }
            }
        }
        ObjectKind::Policy => {
            cursor.require("ON").ok()?;
            named.table = Some(cursor.name().ok()?);
            if cursor.is("AS RESTRICTIVE") {
                named.detail = Text::from("RESTRICTIVE");
            }
        }
        ObjectKind::Procedure => named.routine = super::routine::routine(cursor),
        ObjectKind::Function => {
            named.routine = super::routine::routine(cursor);
            let _ = cursor.group();
            if cursor.is_any(&["RETURNS TRIGGER", "RETURNS EVENT_TRIGGER"]) {
                named.detail = Text::from("TRIGGER");
                named.rows = rows_of_body(&cursor);
            }
        }
        _ => {}
    }
    Some(Command::CreateNamed(Box::new(named)))
}

/// The columns that are named as `NEW.a` or `OLD.a`.
fn rows(cursor: &Cursor<'_>) -> Vec<Text> {
    let tokens = cursor.tokens.get(cursor.at..).unwrap_or_default();
    let mut found: Vec<Text> = Vec::new();
    for window in tokens.windows(3) {
        let [row, dot, column] = window else { continue };
        let is_row = cursor.over(std::slice::from_ref(row)).is_any(&["NEW", "OLD"]);
        if is_row && dot.kind == Kind::Dot && matches!(column.kind, Kind::Word | Kind::Quoted) {
            found.extend(cursor.identifier(*column).filter(|c| !found.contains(c)));
        }
    }
    found
}

/// The same in the code of a function, which stands in a text.
fn rows_of_body(cursor: &Cursor<'_>) -> Vec<Text> {
    let texts = cursor.tokens.iter().filter(|t| t.kind == Kind::Str);
    let Some(body) = texts.map(|t| unquote(cursor.bytes(*t))).max_by_key(String::len) else { return Vec::new() };
    let tokens = Lexer::new(body.as_bytes(), 0, cursor.dialect).filter(|t| t.kind != Kind::Comment);
    let tokens: Vec<Token> = tokens.take_while(|t| !matches!(t.kind, Kind::Unterminated)).collect();
    rows(&Cursor::new(body.as_bytes(), &tokens, cursor.dialect))
}

/// The cursor stands behind `DROP`.
pub fn drop(mut cursor: Cursor<'_>) -> Option<Command> {
    let kind = kind(&mut cursor).or_else(|| cursor.take("ROUTINE").then_some(ObjectKind::Function))?;
    cursor.take("IF EXISTS");
    let mut names = vec![(cursor.name().ok()?, cursor.group().is_ok())];
    while cursor.take_kind(Kind::Comma) {
        names.push((cursor.name().ok()?, cursor.group().is_ok()));
    }
    let on = if cursor.take("ON") { Some(cursor.name().ok()?) } else { None };
    let names = names.into_iter().map(|(name, _)| name).collect();
    Some(Command::DropNamed { kind, names, on, cascade: cursor.take("CASCADE") })
}

/// The cursor stands behind `ALTER`: another name matters, and whose a sequence is.
pub fn alter(mut cursor: Cursor<'_>) -> Option<Command> {
    let kind = kind(&mut cursor)?;
    cursor.take("IF EXISTS");
    let name = cursor.name().ok()?;
    let _ = cursor.group();
    let on = if cursor.take("ON") { Some(cursor.name().ok()?) } else { None };
    if cursor.take("RENAME TO") {
        return Some(Command::RenameNamed { kind, name, on, to: cursor.name().ok()? });
    }
    if kind == ObjectKind::Sequence {
        while !cursor.done() {
            if cursor.take("OWNED BY") && !cursor.is("NONE") {
                return Some(Command::OwnSequence { name, table: owner(&mut cursor)? });
            }
            cursor.at += 1;
        }
    }
    None
}

/// The table of `table.column` or `schema.table.column`.
fn owner(cursor: &mut Cursor<'_>) -> Option<Name> {
    let from = cursor.at;
    let full = cursor.name().ok()?;
    let first = cursor.tokens.get(from).and_then(|t| cursor.identifier(*t));
    let schema = first.filter(|_| cursor.at - from > 3);
    Some(Name { schema, name: full.schema?, span: full.span })
}

/// The cursor stands behind `REVOKE`: rights on tables.
pub fn revoke(mut cursor: Cursor<'_>) -> Parsed<Command> {
    let from = cursor.at;
    while !cursor.is("ON") {
        cursor.skip_one()?;
    }
    let what = Text::from(cursor.written(from, cursor.at).to_ascii_uppercase());
    cursor.require("ON")?;
    let mut tables = Vec::new();
    if cursor.take("ALL TABLES IN SCHEMA") {
        cursor.name()?;
    } else {
        let named = cursor.take("TABLE") || cursor.dialect == Dialect::MySql;
        // `ON FUNCTION f`, `ON SCHEMA s`: the kind of object stands where a table's name would.
        if !named
            && cursor.tokens.get(cursor.at + 1).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Quoted))
            && !cursor.tokens.get(cursor.at + 1..).is_some_and(|rest| cursor.over(rest).is("FROM"))
        {
            return Ok(Command::Other);
        }
        tables.push(cursor.name()?);
        while cursor.take_kind(Kind::Comma) {
            tables.push(cursor.name()?);
        }
    }
    cursor.require("FROM")?;
    let whom = cursor.written(cursor.at, cursor.tokens.len());
    Ok(Command::Revoke { what, tables, whom })
}
