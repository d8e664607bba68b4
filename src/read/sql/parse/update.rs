//! `UPDATE` and `DELETE`: which columns are set to or compared with a text.

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
    let tokens = Lexer::new(cursor.src, start, cursor.dialect).filter(|t| t.kind != Kind::Comment);
    let tokens = tokens.take_while(|t| !matches!(t.kind, Kind::End | Kind::Unterminated)).take(MAX_TOKENS);
    let tokens: Vec<Token> = tokens.collect();
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
