//! Bytes of SQL in, tokens with byte spans out, in the quoting and comment rules of a dialect.
//!
//! Knows nothing of statements. Works on bytes, so that invalid UTF-8 and any length are no special case; every
//! byte is looked at once.

use memchr::{memchr, memchr2, memmem, memrchr};

use crate::model::sql::Dialect;

use super::resume::starts_statement;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Unquoted identifier or keyword, templates such as `${schema}` included.
    Word,
    /// Quoted identifier, quotes included in the span.
    Quoted,
    /// String literal, prefix and quotes included in the span.
    Str,
    Number,
    Open,
    Close,
    OpenSquare,
    CloseSquare,
    Comma,
    /// The statement delimiter in force, usually `;`.
    End,
    Dot,
    Op,
    Comment,
    /// A quote or comment that never ends; the span reaches to the end of the input.
    Unterminated,
}

/// A token and its span in bytes of the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    /// The token in the part of the text that begins at `start`.
    pub fn seen_from(self, start: usize) -> Self {
        Self { start: self.start.saturating_sub(start), end: self.end.saturating_sub(start), ..self }
    }
}

/// Reads tokens from `at` to the end of `src`.
pub struct Lexer<'a> {
    pub src: &'a [u8],
    pub at: usize,
    pub dialect: Dialect,
    /// What ends a statement.
    pub delimiter: Vec<u8>,
    /// Inside a MySQL `/*! … */`, whose content is executed.
    conditional: bool,
    /// Behind the last line feed, once it was looked for.
    last_line: Option<usize>,
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

impl<'a> Lexer<'a> {
    pub fn new(src: &'a [u8], at: usize, dialect: Dialect) -> Self {
        Self { src, at, dialect, delimiter: b";".to_vec(), conditional: false, last_line: None }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.src.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a [u8] {
        self.src.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, kind: Kind, length: usize) -> Token {
        let start = self.at;
        self.at = (start + length).min(self.src.len());
        Token { kind, start, end: self.at }
    }

    /// A token from `at` that ends behind `found`, an offset from `at`; unterminated when nothing was found.
    fn until(&mut self, kind: Kind, found: Option<usize>) -> Token {
        match found {
            Some(length) => self.take(kind, length),
            None => self.take(Kind::Unterminated, self.src.len()),
        }
    }

    /// Skips bytes that can neither end a statement nor start a quote or comment: for long data statements.
    pub fn skip_plain(&mut self) {
        let first = self.delimiter.first().copied().unwrap_or(b';');
        let plain =
            |b: &u8| !matches!(b, b'\'' | b'"' | b'`' | b'$' | b'-' | b'/' | b'#' | b'\\' | b'[' | b'*') && *b != first;
        self.at += self.rest().iter().position(|b| !plain(b)).unwrap_or(self.src.len() - self.at.min(self.src.len()));
    }

    /// Offset behind the closing `quote`, searched from `from` bytes ahead.
    fn closing(&self, quote: u8, from: usize, backslash: bool) -> Option<usize> {
        let rest = self.rest();
        let mut at = from;
        loop {
            let tail = rest.get(at..)?;
            let found = if backslash { memchr2(quote, b'\\', tail) } else { memchr(quote, tail) }?;
            at += found;
            // What was found is a backslash or a quote; a doubled quote stands for one.
            if rest.get(at) == Some(&b'\\') || rest.get(at + 1) == Some(&quote) {
                at += 2;
            } else {
                return Some(at + 1);
            }
        }
    }

    /// Offset behind the end of a quoted identifier; a template in it may hold quotes of its own
    /// (`"{{ index .Options "Namespace" }}"`).
    fn identifier_end(&self, quote: u8) -> Option<usize> {
        let rest = self.rest();
        let mut from = 1;
        loop {
            let end = self.closing(quote, from, false)?;
            let inside = rest.get(from..end)?;
            let template = memmem::rfind(inside, b"{{").map(|at| from + at);
            let over = template.and_then(|at| Some(at + self.template(at)?)).filter(|over| *over >= end);
            match over {
                Some(over) => from = over,
                None => return Some(end),
            }
        }
    }

    /// PostgreSQL ends a line at a lone carriage return too. For the others a comment goes on behind it, which nobody means
    /// who lets a statement follow or ends all lines so; the splitter tells of it.
    fn line_end(&mut self) -> usize {
        let rest = self.rest();
        let last = || memrchr(b'\n', rest.trim_ascii_end()).map_or(self.at, |found| self.at + found + 1);
        let always = self.dialect == Dialect::Postgres || self.at >= *self.last_line.get_or_insert_with(last);
        let mut at = 0;
        loop {
            let Some(found) = rest.get(at..).and_then(|r| memchr2(b'\n', b'\r', r)) else { return rest.len() };
            at += found;
            if always || rest.get(at) == Some(&b'\n') || rest.get(at + 1..).is_some_and(starts_statement) {
                return at;
            }
            at += 1;
        }
    }

    fn block_comment(&mut self) -> Option<Token> {
        if self.dialect == Dialect::MySql {
            let marker = if self.rest().starts_with(b"/*!") { 3 } else { 4 };
            if marker == 3 || self.rest().starts_with(b"/*M!") {
                let digits = self.rest().iter().skip(marker).take_while(|b| b.is_ascii_digit()).count();
                let text = self.rest().get(marker..marker + digits).unwrap_or_default();
                // More digits than any version has are a high number.
                let version = text.iter().fold(0u32, |n, d| n.saturating_mul(10).saturating_add(u32::from(d - b'0')));
                // Versions from 999999 on mean "never run this".
                if version < 999_999 && !self.conditional {
                    self.at += marker + digits;
                    self.conditional = true;
                    return None;
                }
            }
        }
        if self.dialect != Dialect::Postgres {
            let found = self.rest().get(2..).and_then(|r| memmem::find(r, b"*/")).map(|n| n + 4);
            return Some(self.until(Kind::Comment, found));
        }
        let rest = self.rest();
        let (mut depth, mut at) = (1u32, 2usize);
        while depth > 0 {
            let Some(next) = rest.get(at..).and_then(|r| memchr2(b'*', b'/', r)) else {
                return Some(self.until(Kind::Comment, None));
            };
            at += next;
            match (rest.get(at), rest.get(at + 1)) {
                (Some(b'*'), Some(b'/')) => (depth, at) = (depth - 1, at + 2),
                (Some(b'/'), Some(b'*')) => (depth, at) = (depth + 1, at + 2),
                _ => at += 1,
            }
        }
        Some(self.take(Kind::Comment, at))
    }

    /// `$tag$ … $tag$`, or `None` when no such opening starts here.
    fn dollar_quote(&mut self) -> Option<Token> {
        let rest = self.rest();
        let tag = rest.iter().skip(1).take_while(|b| is_word(**b)).count();
        if rest.get(tag + 1) != Some(&b'$') || rest.get(1).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let opening = rest.get(..tag + 2)?;
        let found = memmem::find(rest.get(tag + 2..)?, opening).map(|n| n + 2 * (tag + 2));
        Some(self.until(Kind::Str, found))
    }

    /// Length of a template (`${x}`, `{{ x }}`, `$%x%$`) that starts `ahead` bytes from here and ends on the same line.
    fn template(&self, ahead: usize) -> Option<usize> {
        let rest = self.rest().get(ahead..)?;
        let close: &[u8] = if rest.starts_with(b"${") {
            b"}"
        } else if rest.starts_with(b"{{") {
            b"}}"
        } else if rest.starts_with(b"$%") {
            b"%$"
        } else {
            return None;
        };
        let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len()).min(400))?;
        memmem::find(line, close).map(|n| n + close.len())
    }

    fn word(&mut self) -> Token {
        let custom = self.delimiter != b";";
        let mut length = 0;
        loop {
            let b = self.peek(length);
            if let Some(template) = self.template(length) {
                length += template;
            } else if custom && self.rest().get(length..).is_some_and(|r| r.starts_with(&self.delimiter)) {
                break;
            } else if is_word(b) || (b == b'$' && length > 0) || (b == b'@' && self.dialect == Dialect::MySql) {
                length += 1;
            } else {
                break;
            }
        }
        self.take(Kind::Word, length.max(1))
    }

    fn number(&mut self) -> Token {
        let rest = self.rest();
        let mut length = 0;
        while let Some(b) = rest.get(length) {
            let sign = matches!(b, b'+' | b'-') && length > 0 && matches!(rest.get(length - 1), Some(b'e' | b'E'));
            if b.is_ascii_alphanumeric() || *b == b'.' || *b == b'_' || sign {
                length += 1;
            } else {
                break;
            }
        }
        self.take(Kind::Number, length.max(1))
    }

    fn operator(&mut self) -> Token {
        let rest = self.rest();
        let mut length = 0;
        while let Some(b) = rest.get(length) {
            let tail = rest.get(length..).unwrap_or_default();
            let comment = tail.starts_with(b"--") || tail.starts_with(b"/*") || tail.starts_with(b"*/");
            if b"+-*/<>=~!@%^&|?:".contains(b) && !(comment && length > 0) {
                length += 1;
            } else {
                break;
            }
        }
        self.take(Kind::Op, length.max(1))
    }

    fn line_comment_starts(&self) -> bool {
        let dashes = self.rest().starts_with(b"--");
        match self.dialect {
            // MySQL wants white space behind the dashes, but `-->` and lines of dashes are markers of tools.
            Dialect::MySql => {
                let line_start = self.at == 0 || self.src.get(self.at - 1) == Some(&b'\n');
                self.peek(0) == b'#' || dashes && (self.peek(2) <= b' ' || self.peek(2) == b'>' || line_start)
            }
            _ => dashes,
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        use Dialect::{MySql, Postgres, Sqlite};
        loop {
            let b = *self.src.get(self.at)?;
            if b.is_ascii_whitespace() || b == 0x0b || b == 0 {
                self.at += 1;
                continue;
            }
            // A statement may have begun inside of a conditional comment: MySQL knows no other use of `*/`.
            if self.dialect == Dialect::MySql && self.rest().starts_with(b"*/") {
                self.at += 2;
                self.conditional = false;
                continue;
            }
            if self.rest().starts_with(&self.delimiter) {
                return Some(self.take(Kind::End, self.delimiter.len()));
            }
            if self.line_comment_starts() {
                let length = self.line_end();
                return Some(self.take(Kind::Comment, length));
            }
            if self.rest().starts_with(b"/*") {
                match self.block_comment() {
                    Some(token) => return Some(token),
                    None => continue,
                }
            }
            return Some(match (b, self.dialect) {
                (b'\'', dialect) => {
                    let found = self.closing(b'\'', 1, dialect == MySql);
                    self.until(Kind::Str, found)
                }
                (b'E' | b'e', Postgres) if self.peek(1) == b'\'' => {
                    let found = self.closing(b'\'', 2, true);
                    self.until(Kind::Str, found)
                }
                (b'"', MySql) => {
                    let found = self.closing(b'"', 1, true);
                    self.until(Kind::Str, found)
                }
                (b'"', _) => {
                    let found = self.identifier_end(b'"');
                    self.until(Kind::Quoted, found)
                }
                (b'`', MySql | Sqlite) => {
                    let found = self.identifier_end(b'`');
                    self.until(Kind::Quoted, found)
                }
                (b'[', Sqlite) => {
                    let found = memchr(b']', self.rest()).map(|n| n + 1);
                    self.until(Kind::Quoted, found)
                }
                (b'$', Postgres) => match self.dollar_quote() {
                    Some(token) => token,
                    None if self.template(0).is_some() => self.word(),
                    None => self.take(Kind::Op, 1),
                },
                (b'$', _) if self.dialect == MySql || self.template(0).is_some() => self.word(),
                (b'{', _) if self.template(0).is_some() => self.word(),
                (b'(', _) => self.take(Kind::Open, 1),
                (b')', _) => self.take(Kind::Close, 1),
                (b'[', _) => self.take(Kind::OpenSquare, 1),
                (b']', _) => self.take(Kind::CloseSquare, 1),
                (b',', _) => self.take(Kind::Comma, 1),
                (b'.', _) if !self.peek(1).is_ascii_digit() => self.take(Kind::Dot, 1),
                (b'.', _) => {
                    // `.5` is a number, `t.1a` a name: the byte before decides.
                    let named =
                        self.at > 0 && self.src.get(self.at - 1).is_some_and(|p| is_word(*p) || b"\"`]".contains(p));
                    if named { self.take(Kind::Dot, 1) } else { self.number() }
                }
                (b'0'..=b'9', _) => self.number(),
                (b'@', MySql) => self.word(),
                (b, _) if is_word(b) => self.word(),
                (b, _) if b"+-*/<>=~!@%^&|?:".contains(&b) => self.operator(),
                _ => self.take(Kind::Op, 1),
            });
        }
    }
}
