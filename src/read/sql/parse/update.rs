//! `UPDATE` and `DELETE`: which columns are set to or compared with a text, and which to another column of the row.

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::cursor::{Cursor, unquote};
use super::super::lex::{Kind, Lexer, Token};

/// So far a statement is read.
const MAX_TOKENS: usize = 2_000;

/// `(column, text)` for each `column = 'text'`; the cursor stands behind the name of the table.
pub fn texts(cursor: &Cursor<'_>) -> Vec<(Text, Text)> {
    // Only PostgreSQL has enum types to compare them with.
    let Some(start) = cursor.peek().filter(|_| cursor.dialect == Dialect::Postgres).map(|t| t.start) else {
        return Vec::new();
    };
    let tokens = tokens(cursor, start);
    let pairs = tokens.windows(3).filter_map(|window| match window {
        [column, equal, text]
            if matches!(column.kind, Kind::Word | Kind::Quoted)
                && equal.kind == Kind::Op
                && cursor.bytes(*equal) == b"="
                && text.kind == Kind::Str =>
        {
            Some((cursor.identifier(*column)?, Text::from(unquote(cursor.bytes(*text)))))
        }
        _ => None,
    });
    pairs.collect()
}

fn tokens(cursor: &Cursor<'_>, start: usize) -> Vec<Token> {
    let tokens = Lexer::new(cursor.src, start, cursor.dialect).filter(|t| t.kind != Kind::Comment);
    tokens.take_while(|t| !matches!(t.kind, Kind::End | Kind::Unterminated)).take(MAX_TOKENS).collect()
}

/// `(column, other)` for each column that is set to another one of the same row, whatever its type is turned to; the cursor
/// stands behind the name of the table.
pub fn copies(cursor: &Cursor<'_>) -> Vec<(Text, Text)> {
    let Some(start) = cursor.peek().map(|t| t.start) else { return Vec::new() };
    let tokens = tokens(cursor, start);
    let is = |token: &Token, words: &[&str]| {
        token.kind == Kind::Word && words.iter().any(|w| cursor.bytes(*token).eq_ignore_ascii_case(w.as_bytes()))
    };
    // An alias at most: what is joined has columns of its own.
    let Some(set) = tokens.iter().take(3).position(|token| is(token, &["SET"])) else { return Vec::new() };
    let mut depth = 0usize;
    let mut items: Vec<Vec<Token>> = vec![Vec::new()];
    for token in tokens.iter().skip(set + 1) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Comma if depth == 0 => {
                items.push(Vec::new());
                continue;
            }
            _ if depth == 0 && is(token, &["FROM"]) => return Vec::new(),
            _ if depth == 0 && is(token, &["WHERE", "RETURNING", "ORDER", "LIMIT"]) => break,
            _ => {}
        }
        if let Some(item) = items.last_mut() {
            item.push(*token);
        }
    }
    items.iter().filter_map(|item| copy(cursor, item)).collect()
}

/// `new = old`, `new = old::text`, `new = CAST(old AS text)`
fn copy(cursor: &Cursor<'_>, item: &[Token]) -> Option<(Text, Text)> {
    let equal = item.iter().position(|t| t.kind == Kind::Op && cursor.bytes(*t) == b"=")?;
    let column = cursor.identifier(*item.get(equal.checked_sub(1)?)?)?;
    let mut value: &[Token] = item.get(equal + 1..)?;
    if let [cast, open, inner @ .., close] = value
        && cursor.bytes(*cast).eq_ignore_ascii_case(b"CAST")
        && (open.kind, close.kind) == (Kind::Open, Kind::Close)
    {
        value = inner;
    }
    let value = match value {
        [_, dot, rest @ ..] if dot.kind == Kind::Dot => rest,
        value => value,
    };
    let (first, rest) = value.split_first()?;
    let turned = match rest {
        [] => true,
        [by, ..] => cursor.bytes(*by) == b"::" || cursor.bytes(*by).eq_ignore_ascii_case(b"AS"),
    };
    let bare = matches!(first.kind, Kind::Word | Kind::Quoted) && turned;
    let other = cursor.identifier(*first).filter(|other| bare && *other != column)?;
    Some((column, other))
}
