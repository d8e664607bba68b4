//! Text of an expression into tokens with their spelling taken away.

use crate::model::sql::Dialect;

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A keyword or name, folded.
    Word(String),
    /// The value of a string literal.
    Str(String),
    Number(String),
    Op(String),
}

/// `None` for a text that is no row of tokens.
pub fn tokens(dialect: Dialect, text: &str) -> Option<Vec<Token>> {
    let mut found: Vec<Token> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            c if c.is_whitespace() => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            '\'' => quoted(rest, '\'', escapes(dialect, &mut found)).map(|(value, n)| (Token::Str(value), n))?,
            '"' | '`' | '[' if first != '[' || dialect == Dialect::Sqlite => {
                let (value, n) = quoted(rest, if first == '[' { ']' } else { first }, false)?;
                // MySQL and SQLite take a double-quoted text for a string where no column has that name.
                let string = first == '"' && dialect != Dialect::Postgres;
                (if string { Token::Str(value) } else { Token::Word(value) }, n)
            }
            c if c.is_ascii_digit() || c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit()) => {
                let n = number(rest);
                (Token::Number(rest[..n].to_ascii_lowercase()), n)
            }
            c if c.is_alphanumeric() || c == '_' => {
                let n = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
                (Token::Word(rest[..n].to_lowercase()), n)
            }
            '(' | ')' | ',' | '[' | ']' | '.' => (Token::Op(first.to_string()), 1),
            _ => {
                let n =
                    rest.find(|c: char| !"+-*/<>=~!@#%^&|`?:".contains(c)).unwrap_or(rest.len()).max(first.len_utf8());
                // `=-1` is an operator and a sign.
                let n = if n > 1 && rest[..n].ends_with(['-', '+']) && !rest.starts_with('-') { n - 1 } else { n };
                (Token::Op(if &rest[..n] == "!=" { "<>".into() } else { rest[..n].to_string() }), n)
            }
        };
        found.push(token);
        rest = &rest[length..];
    }
    Some(found)
}

/// Whether backslashes mean something in the string ahead; takes a prefix such as `E` or `_utf8mb4` off.
fn escapes(dialect: Dialect, found: &mut Vec<Token>) -> bool {
    let prefix = match found.last() {
        Some(Token::Word(word)) => word.as_str(),
        _ => return dialect == Dialect::MySql,
    };
    match (dialect, prefix) {
        (Dialect::Postgres, "e") => {
            found.pop();
            true
        }
        (Dialect::MySql, word) if word.starts_with('_') || word == "n" => {
            found.pop();
            true
        }
        _ => dialect == Dialect::MySql,
    }
}

/// The value of a quoted text and its length with the quotes.
fn quoted(text: &str, close: char, escapes: bool) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            value.push(chars.next()?.1);
        } else if c != close {
            value.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == close) {
            value.push(close);
            chars.next();
        } else {
            return Some((value, at + c.len_utf8()));
        }
    }
    None
}

fn number(text: &str) -> usize {
    let mut exponent = false;
    text.find(|c: char| {
        let part = c.is_ascii_alphanumeric() || c == '.' || (exponent && matches!(c, '+' | '-'));
        exponent = matches!(c, 'e' | 'E');
        !part
    })
    .unwrap_or(text.len())
}
