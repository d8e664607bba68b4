//! What of a text of SQL counts when two versions of it are held against each other: a file that was only formatted anew
//! does what it did.

use std::hash::{DefaultHasher, Hasher};

use crate::model::sql::Dialect;

use super::lex::{Kind, Lexer};
use super::resume::is_one_of;

/// How the body of a routine in PL/pgSQL or SQL begins. In other languages white space may count.
const BODY: &[&str] = &["BEGIN", "DECLARE", "SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

/// A token. Names without quotes are the same in any case, but for MySQL's tables on most file systems.
pub fn token(hasher: &mut DefaultHasher, kind: Kind, text: &[u8], dialect: Dialect) {
    match kind {
        Kind::Word if dialect != Dialect::MySql => hasher.write(&text.to_ascii_lowercase()),
        _ => hasher.write(text),
    }
}

/// A string; in dollars it may be the body of a routine, of which the tokens count.
pub fn string(hasher: &mut DefaultHasher, text: &[u8], dialect: Dialect) {
    let Some(body) = body(text) else { return hasher.write(text) };
    let lexer = Lexer::new(body, 0, dialect);
    let mut first = true;
    for part in lexer {
        let read = body.get(part.start..part.end).unwrap_or_default();
        if part.kind == Kind::Comment {
            continue;
        }
        if part.kind == Kind::Unterminated || first && !is_one_of(read, BODY) {
            return hasher.write(text);
        }
        first = false;
        token(hasher, part.kind, read, dialect);
        hasher.write_u8(0);
    }
}

/// What stands between `$tag$` and `$tag$`.
fn body(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"$")?;
    let tag = rest.iter().position(|b| *b == b'$')? + 2;
    text.get(tag..text.len().checked_sub(tag)?)
}
