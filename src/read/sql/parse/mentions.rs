//! The names in an expression that can be nothing but columns.
//!
//! A name counts where both of its neighbours show that a value stands there: an operator, a comma, a parenthesis,
//! `AND` … Types, functions, labels and whatever our words do not know stay out, so that what is found is certain and what
//! is not found says nothing.

use std::collections::BTreeSet;

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::cursor::Cursor;
use super::super::lex::{Kind, Token};

/// Words with a value behind them.
const BEFORE: &[&str] = &["AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "CASE", "IN", "LIKE", "ILIKE", "BETWEEN", "FROM"];
/// Words with a value in front of them.
const AFTER: &[&str] = &[
    "AND", "OR", "NOT", "IS", "IN", "LIKE", "ILIKE", "SIMILAR", "BETWEEN", "COLLATE", "AT", "WHEN", "THEN", "ELSE",
    "END", "AS", "ASC", "DESC", "NULLS",
];
/// Words that are values of their own, or no values at all.
const RESERVED: &[&str] = &[
    "NULL",
    "TRUE",
    "FALSE",
    "VALUE",
    "ARRAY",
    "ROW",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "NOT",
    "AND",
    "OR",
    "ANY",
    "ALL",
    "SOME",
    "EXISTS",
    "DISTINCT",
    "DEFAULT",
    "USER",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_CATALOG",
    "SESSION_USER",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "BOTH",
    "LEADING",
    "TRAILING",
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
];

/// Types and units that MySQL's functions take for arguments.
const ARGUMENTS: &[&str] = &[
    "BINARY",
    "CHAR",
    "DATE",
    "DATETIME",
    "TIME",
    "TIMESTAMP",
    "YEAR",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "REAL",
    "INTEGER",
    "SIGNED",
    "UNSIGNED",
    "NCHAR",
    "JSON",
    "MICROSECOND",
    "SECOND",
    "MINUTE",
    "HOUR",
    "DAY",
    "WEEK",
    "MONTH",
    "QUARTER",
    "FRAC_SECOND",
    "UNKNOWN",
    "UTC_DATE",
    "UTC_TIME",
    "UTC_TIMESTAMP",
    "DAY_HOUR",
    "DAY_MINUTE",
    "DAY_SECOND",
    "HOUR_MINUTE",
    "HOUR_SECOND",
    "MINUTE_SECOND",
    "YEAR_MONTH",
];

/// The columns that an expression, or a list of expressions, names; nothing of SQLite, which takes names for texts.
pub fn columns(cursor: &Cursor<'_>) -> Vec<Text> {
    let inner = cursor.remaining();
    let tokens = inner.tokens;
    let word = |token: &Token, words: &[&str]| inner.over(std::slice::from_ref(token)).is_any(words);
    // A query inside has tables of its own.
    if cursor.dialect == Dialect::Sqlite || tokens.iter().any(|t| word(t, &["SELECT"])) {
        return Vec::new();
    }
    let op = |token: &Token| token.kind == Kind::Op && !matches!(inner.bytes(*token), b"::" | b"=>" | b":=" | b"*");
    let open = |token: &Token| matches!(token.kind, Kind::Open | Kind::OpenSquare | Kind::Comma) || op(token);
    let close = |token: &Token| {
        matches!(token.kind, Kind::Close | Kind::OpenSquare | Kind::CloseSquare | Kind::Comma)
            || op(token)
            || token.kind == Kind::Op && matches!(inner.bytes(*token), b"::" | b"*")
    };
    let name = |(at, token): (usize, &Token)| {
        let argument = cursor.dialect == Dialect::MySql && word(token, ARGUMENTS);
        let variable = inner.bytes(*token).starts_with(b"@");
        let reserved = word(token, RESERVED) || argument || variable;
        let plain = token.kind == Kind::Quoted || token.kind == Kind::Word && !reserved;
        let before = at.checked_sub(1).and_then(|i| tokens.get(i));
        let begins = before.is_none_or(|t| open(t) || inner.bytes(*t) == b"*" || word(t, BEFORE));
        let behind = tokens.get(at + 1);
        let ends = behind.is_none_or(|t| close(t) || word(t, AFTER));
        (plain && begins && ends).then(|| inner.identifier(*token)).flatten()
    };
    // Each once: an expression may be long.
    let mut seen = BTreeSet::new();
    tokens.iter().enumerate().filter_map(name).filter(|n| seen.insert(n.clone())).collect()
}
