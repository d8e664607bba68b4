//! `DO` blocks: the statements in their body, as far as they are plain SQL, may run.

use super::super::command::Command;
use super::super::cursor::{Cursor, Span};
use super::super::lex::{Kind, Lexer, Token};

/// Words that start a statement worth replaying.
const DDL: &[&str] = &["ALTER", "CREATE", "DROP", "COMMENT", "TRUNCATE", "UPDATE", "DELETE", "INSERT"];
/// Words after which a statement may start.
const STARTERS: &[&str] = &["BEGIN", "THEN", "ELSE", "LOOP"];
/// `DO` in a `DO` body is never met in practice; deeper ones are left alone.
const MAX_DEPTH: usize = 2;

/// The cursor stands behind `DO`.
pub fn block(cursor: &mut Cursor<'_>, depth: usize) -> Command {
    let body = cursor.tokens.iter().find(|t| t.kind == Kind::Str).copied();
    let Some(body) = body.filter(|_| depth < MAX_DEPTH) else { return Command::Other };
    let bytes = cursor.bytes(body);
    let quote = match bytes.first() {
        Some(b'$') => bytes.iter().skip(1).position(|b| *b == b'$').map_or(1, |n| n + 2),
        _ => 1,
    };
    let (start, end) = (body.start + quote, body.end.saturating_sub(quote));
    let inside = cursor.src.get(..end).unwrap_or_default();
    let tokens: Vec<Token> = Lexer::new(inside, start, cursor.dialect)
        .filter(|t| t.kind != Kind::Comment && t.kind != Kind::Unterminated)
        .collect();
    let inner = Cursor { tokens: &tokens, at: 0, ..*cursor };
    Command::Maybe(statements(inner, depth))
}

fn statements(body: Cursor<'_>, depth: usize) -> Vec<(Span, Command)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut may_start = true;
    for (i, token) in body.tokens.iter().enumerate() {
        let here = body.over(body.tokens.get(i..).unwrap_or_default());
        if token.kind == Kind::End {
            if let Some(from) = start.take() {
                let tokens: &[Token] = body.tokens.get(from..i).unwrap_or_default();
                let statement = body.over(tokens);
                let filtered = statement.tokens.iter().any(|t| statement.over(std::slice::from_ref(t)).is("WHERE"));
                let command =
                    super::data(statement, filtered).unwrap_or_else(|| super::statement(statement, depth + 1));
                found.push((statement.whole(), command));
            }
            may_start = true;
        } else if start.is_none() {
            let dynamic = here.is("EXECUTE");
            if may_start && (here.is_any(DDL) || dynamic) {
                start = Some(i);
            }
            may_start = here.is_any(STARTERS);
        }
    }
    // `EXECUTE '…'` of a constant string would need a lexer for the string's value; it stays unknown.
    found.retain(|(_, command)| *command != Command::Other);
    found
}
