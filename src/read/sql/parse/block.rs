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
    Command::Maybe(inside(cursor, body, depth))
}

/// The statements in a string, at their places in the file.
fn inside(cursor: &Cursor<'_>, body: Token, depth: usize) -> Vec<(Span, Command)> {
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
    statements(Cursor { tokens: &tokens, at: 0, ..*cursor }, depth)
}

/// The string of `EXECUTE '…'`, if it is all that is executed and its bytes are its value.
fn executed(statement: &Cursor<'_>) -> Option<Token> {
    let [word, text, rest @ ..] = statement.tokens else { return None };
    let bytes = statement.bytes(*text);
    let doubled = bytes.get(1..bytes.len().saturating_sub(1)).is_some_and(|inner| inner.contains(&b'\''));
    let plain = bytes.first() == Some(&b'$') || bytes.first() == Some(&b'\'') && !doubled;
    let whole = rest.first().is_none_or(|t| statement.over(std::slice::from_ref(t)).is("USING"));
    let executes = statement.over(std::slice::from_ref(word)).is("EXECUTE");
    (executes && text.kind == Kind::Str && plain && whole).then_some(*text)
}

fn statements(body: Cursor<'_>, depth: usize) -> Vec<(Span, Command)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut may_start = true;
    for i in 0..=body.tokens.len() {
        let here = body.over(body.tokens.get(i..).unwrap_or_default());
        // The last statement of an executed text needs no delimiter.
        if body.tokens.get(i).is_none_or(|token| token.kind == Kind::End) {
            if let Some(from) = start.take() {
                let tokens: &[Token] = body.tokens.get(from..i).unwrap_or_default();
                let statement = body.over(tokens);
                if let Some(text) = executed(&statement).filter(|_| depth < MAX_DEPTH) {
                    found.extend(inside(&body, text, depth + 1));
                    may_start = true;
                    continue;
                }
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
    // Text that is put together at run time stays unknown.
    found.retain(|(_, command)| *command != Command::Other);
    found
}
