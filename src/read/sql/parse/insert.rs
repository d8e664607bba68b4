//! `INSERT`: into which columns, and from which table.

use crate::model::origin::Text;

use super::super::command::Command;
use super::super::cursor::Cursor;
use super::super::lex::{Kind, Lexer, Token};
use super::objects;

/// So far a statement is read for the names in it; rows are not.
const MAX_TOKENS: usize = 4_000;

/// The cursor stands behind the keyword; it holds no more than the first tokens of the statement.
pub fn insert(cursor: &mut Cursor<'_>) -> Command {
    let table = objects::data_table(cursor);
    let nothing = Command::Insert { table: table.clone(), columns: Vec::new(), selected: Vec::new(), from: None };
    let listed =
        cursor.kind() == Some(Kind::Open) && !cursor.tokens.get(cursor.at + 1).is_some_and(|t| is(cursor, t, "SELECT"));
    let Some(start) = cursor.peek().filter(|_| listed || cursor.is("SELECT")).map(|t| t.start) else { return nothing };
    let mut tokens: Vec<Token> = Vec::new();
    for token in Lexer::new(cursor.src, start, cursor.dialect).filter(|t| t.kind != Kind::Comment).take(MAX_TOKENS) {
        // Rows follow: nothing is copied.
        if matches!(token.kind, Kind::End | Kind::Unterminated) || is(cursor, &token, "VALUES") {
            break;
        }
        tokens.push(token);
    }
    let mut rest = Cursor::new(cursor.src, &tokens, cursor.dialect);
    let mut columns = Vec::new();
    if let Ok(group) = rest.group() {
        columns.extend(group.items().into_iter().filter_map(|mut item| item.ident().ok()));
    }
    if !rest.take("SELECT") {
        return nothing;
    }
    let selected = selected(&mut rest);
    let from = if rest.take("FROM") { rest.name().ok() } else { None };
    Command::Insert { table, columns, selected, from }
}

/// What a query selects, up to its `FROM`: the names of plain columns, `*`, nothing for what is computed.
fn selected(rest: &mut Cursor<'_>) -> Vec<Option<Text>> {
    let from = rest.at;
    while !rest.is("FROM") && rest.skip_one().is_ok() {}
    let items = rest.over(rest.tokens.get(from..rest.at).unwrap_or_default()).items();
    let column = |item: Cursor<'_>| {
        let plain = item.tokens.iter().all(|t| matches!(t.kind, Kind::Word | Kind::Quoted | Kind::Dot));
        match item.tokens {
            [.., last] if item.bytes(*last) == b"*" && item.tokens.len() <= 3 => Some(Text::from("*")),
            [_] | [_, _, _] if plain => item.tokens.last().and_then(|t| item.identifier(*t)),
            _ => None,
        }
    };
    items.into_iter().map(column).collect()
}

fn is(cursor: &Cursor<'_>, token: &Token, word: &str) -> bool {
    token.kind == Kind::Word && cursor.bytes(*token).eq_ignore_ascii_case(word.as_bytes())
}
