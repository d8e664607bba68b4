//! A data type as written, taken off a cursor.

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::command::RawType;
use super::super::cursor::{Cursor, Parsed};
use super::super::lex::Kind;

/// Words that may follow the first word of a type.
const MORE: &[&str] = &[
    "PRECISION",
    "VARYING",
    "UNSIGNED",
    "SIGNED",
    "ZEROFILL",
    "WITH TIME ZONE",
    "WITHOUT TIME ZONE",
    "WITH LOCAL TIME ZONE",
    "LARGE OBJECT",
    "YEAR",
    "MONTH",
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "TO",
];
/// SQLite takes any words for a type; these end it.
const SQLITE_STOPS: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
    "ON",
    "AUTOINCREMENT",
];

/// Takes a type; the cursor stands behind it.
pub fn raw_type(cursor: &mut Cursor<'_>) -> Parsed<RawType> {
    let from = cursor.at;
    let mut raw = RawType::default();
    if cursor.dialect == Dialect::Sqlite {
        while matches!(cursor.kind(), Some(Kind::Word | Kind::Quoted | Kind::Str)) && !cursor.is_any(SQLITE_STOPS) {
            cursor.at += 1;
        }
        raw.name = cursor.written(from, cursor.at).to_ascii_lowercase();
        if cursor.at == from {
            raw.name.clear();
        }
        if cursor.kind() == Some(Kind::Open) {
            raw.args = cursor.group()?.items().iter().map(|i| i.written(0, i.tokens.len())).collect();
        }
        raw.written = if cursor.at == from { Text::from("") } else { cursor.written(from, cursor.at) };
        return Ok(raw);
    }
    cursor.take("SETOF");
    let name = cursor.name()?;
    raw.schema = name.schema;
    raw.name = match cursor.dialect {
        Dialect::Postgres => name.name.to_string(),
        _ => name.name.to_ascii_lowercase(),
    };
    let push = |raw: &mut RawType, text: &str| {
        raw.name.push(' ');
        raw.name.push_str(&text.to_ascii_lowercase());
    };
    let first = raw.name.to_ascii_lowercase();
    if first == "national" && (cursor.is("CHARACTER") || cursor.is("CHAR") || cursor.is("VARCHAR")) {
        let word = cursor.next().map(|t| cursor.text(t).into_owned()).unwrap_or_default();
        raw.name = if word.eq_ignore_ascii_case("character") { "character".into() } else { word.to_ascii_lowercase() };
    }
    if first == "long" && cursor.is_any(&["VARCHAR", "VARBINARY"]) {
        let word = cursor.next().map(|t| cursor.text(t).into_owned()).unwrap_or_default();
        raw.name = if word.eq_ignore_ascii_case("varchar") { "mediumtext".into() } else { "mediumblob".into() };
    }
    loop {
        if cursor.kind() == Some(Kind::Open) {
            let group = cursor.group()?;
            if matches!(raw.name.as_str(), "enum" | "set") && cursor.dialect == Dialect::MySql {
                for mut item in group.items() {
                    let span = item.whole();
                    raw.values.push((item.string()?, span));
                }
            } else {
                raw.args = group.items().iter().map(|i| i.written(0, i.tokens.len())).collect();
            }
            continue;
        }
        if cursor.kind() == Some(Kind::OpenSquare) {
            while cursor.peek().is_some() && cursor.kind() != Some(Kind::CloseSquare) {
                cursor.at += 1;
            }
            if !cursor.take_kind(Kind::CloseSquare) {
                return cursor.refuse();
            }
            raw.dimensions += 1;
            continue;
        }
        if cursor.dialect == Dialect::Postgres && cursor.take("ARRAY") {
            raw.dimensions += usize::from(cursor.kind() != Some(Kind::OpenSquare));
            continue;
        }
        // `%TYPE` of PL/pgSQL and attributes that do not change the set of values are no part of the name.
        if cursor.dialect == Dialect::MySql && cursor.take_any(&["BINARY", "ASCII", "UNICODE"]) {
            continue;
        }
        match MORE.iter().find(|words| cursor.is(words)) {
            Some(words) => {
                cursor.take(words);
                push(&mut raw, words);
            }
            None => break,
        }
    }
    raw.written = cursor.written(from, cursor.at);
    Ok(raw)
}
