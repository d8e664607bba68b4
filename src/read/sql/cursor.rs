//! A statement's tokens read from left to right: keywords, names, literals, parenthesised groups.
//!
//! Comes in: the bytes of a file and the tokens of one statement. Goes out: texts, names folded as the dialect
//! folds them, and refusals that say where. Must not know what any statement means.

use std::borrow::Cow;

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::lex::{Kind, Token};

/// Start and end in bytes of the file.
pub type Span = (usize, usize);

/// Why a statement, or an item of it, was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub span: Span,
}

pub type Parsed<T> = Result<T, Refused>;

/// A possibly qualified name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub schema: Option<Text>,
    pub name: Text,
    pub span: Span,
}

/// Walks over tokens; cheap to copy, so that a try can be undone.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    pub src: &'a [u8],
    pub tokens: &'a [Token],
    pub at: usize,
    pub dialect: Dialect,
}

impl<'a> Cursor<'a> {
    pub fn new(src: &'a [u8], tokens: &'a [Token], dialect: Dialect) -> Self {
        Self { src, tokens, at: 0, dialect }
    }

    pub fn over(&self, tokens: &'a [Token]) -> Self {
        Self { tokens, at: 0, ..*self }
    }

    /// The same without what is behind `end`.
    pub fn over_bytes(&self, end: usize) -> Self {
        Self { src: self.src.get(..end).unwrap_or_default(), ..*self }
    }

    pub fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub fn kind(&self) -> Option<Kind> {
        self.peek().map(|t| t.kind)
    }

    pub fn next(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub fn bytes(&self, token: Token) -> &'a [u8] {
        self.src.get(token.start..token.end).unwrap_or_default()
    }

    pub fn text(&self, token: Token) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes(token))
    }

    /// The span of tokens `from..to` of this cursor.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let place = |i: usize| self.tokens.get(i).or(self.tokens.last());
        let start = place(from).map_or(0, |t| t.start);
        let end = to.checked_sub(1).and_then(place).map_or(start, |t| t.end);
        (start, end.max(start))
    }

    pub fn whole(&self) -> Span {
        self.span(0, self.tokens.len())
    }

    /// The source text of tokens `from..to`, as written.
    pub fn written(&self, from: usize, to: usize) -> Text {
        let (start, end) = self.span(from, to);
        let text = String::from_utf8_lossy(self.src.get(start..end).unwrap_or_default());
        Text::from(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    pub fn refuse<T>(&self) -> Parsed<T> {
        Err(Refused { span: self.span(self.at, self.at + 1) })
    }

    /// True when the unquoted words ahead are these (separated by spaces in `words`).
    pub fn is(&self, words: &str) -> bool {
        words.split(' ').enumerate().all(|(i, word)| {
            self.tokens
                .get(self.at + i)
                .is_some_and(|t| t.kind == Kind::Word && self.bytes(*t).eq_ignore_ascii_case(word.as_bytes()))
        })
    }

    /// True when the next word is one of these.
    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|w| self.is(w))
    }

    pub fn take(&mut self, words: &str) -> bool {
        let found = self.is(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    pub fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|w| self.take(w))
    }

    pub fn require(&mut self, words: &str) -> Parsed<()> {
        if self.take(words) { Ok(()) } else { self.refuse() }
    }

    pub fn take_kind(&mut self, kind: Kind) -> bool {
        let found = self.kind() == Some(kind);
        self.at += usize::from(found);
        found
    }

    /// Takes an operator such as `=` or `::`.
    pub fn take_op(&mut self, op: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.kind == Kind::Op && self.bytes(t) == op.as_bytes());
        self.at += usize::from(found);
        found
    }

    /// PostgreSQL cuts identifiers to 63 bytes, at a character's end.
    fn clip<'t>(&self, text: &'t str) -> &'t str {
        if self.dialect != Dialect::Postgres || text.len() <= 63 {
            return text;
        }
        let end = (0..=63).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        text.get(..end).unwrap_or_default()
    }

    /// The identifier a token stands for.
    pub fn identifier(&self, token: Token) -> Option<Text> {
        let bytes = self.bytes(token);
        match token.kind {
            Kind::Word => {
                let text = String::from_utf8_lossy(bytes);
                let text = if is_templated(bytes) { Cow::Owned(plain_template(&text)) } else { text };
                let fold = self.dialect == Dialect::Postgres && text.bytes().any(|b| b.is_ascii_uppercase());
                let text = if fold { Cow::Owned(text.to_ascii_lowercase()) } else { text };
                Some(Text::from(self.clip(&text)))
            }
            Kind::Quoted => Some(Text::from(self.clip(&unquote(bytes)))),
            Kind::Str => Some(Text::from(unquote(bytes))),
            // MySQL allows names that start with a digit.
            Kind::Number if self.dialect == Dialect::MySql => Some(Text::from(String::from_utf8_lossy(bytes))),
            _ => None,
        }
    }

    /// Takes one identifier; a string counts where SQLite takes it for one.
    pub fn ident(&mut self) -> Parsed<Text> {
        let token = match self.peek() {
            Some(t) if matches!(t.kind, Kind::Word | Kind::Quoted) => t,
            Some(t) if t.kind == Kind::Str && self.dialect == Dialect::Sqlite => t,
            Some(t) if t.kind == Kind::Number && self.dialect == Dialect::MySql => t,
            _ => return self.refuse(),
        };
        match self.identifier(token) {
            Some(text) => {
                self.at += 1;
                Ok(text)
            }
            None => self.refuse(),
        }
    }

    /// Takes `name`, `schema.name` or `catalog.schema.name`; a templated qualifier is left out.
    pub fn name(&mut self) -> Parsed<Name> {
        let start = self.at;
        let mut parts = vec![(self.ident()?, self.at - 1)];
        while self.kind() == Some(Kind::Dot) {
            self.at += 1;
            parts.push((self.ident()?, self.at - 1));
        }
        let Some((name, _)) = parts.pop() else { return self.refuse() };
        let templated = |at: usize| self.tokens.get(at).is_some_and(|t| is_templated(self.bytes(*t)));
        let schema = parts.pop().filter(|(_, at)| !templated(*at)).map(|(schema, _)| schema);
        Ok(Name { schema, name, span: self.span(start, self.at) })
    }

    /// Takes a string literal and gives its value.
    pub fn string(&mut self) -> Parsed<Text> {
        match self.peek() {
            Some(t) if t.kind == Kind::Str => {
                self.at += 1;
                Ok(Text::from(unquote(self.bytes(t))))
            }
            _ => self.refuse(),
        }
    }

    /// Takes a balanced `( … )` and gives a cursor over what is inside.
    pub fn group(&mut self) -> Parsed<Cursor<'a>> {
        if self.kind() != Some(Kind::Open) {
            return self.refuse();
        }
        let from = self.at;
        let mut depth = 0usize;
        for (i, token) in self.tokens.iter().enumerate().skip(from) {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = i + 1;
                return Ok(self.over(self.tokens.get(from + 1..i).unwrap_or_default()));
            }
        }
        self.refuse()
    }

    /// Takes one token, or a whole group when it opens one.
    pub fn skip_one(&mut self) -> Parsed<()> {
        match self.kind() {
            Some(Kind::Open) => self.group().map(|_| ()),
            Some(Kind::Close) | None => self.refuse(),
            Some(_) => {
                self.at += 1;
                Ok(())
            }
        }
    }

    /// The parts between commas outside all parentheses and brackets. Nothing gives no part.
    pub fn items(&self) -> Vec<Cursor<'a>> {
        let mut items = Vec::new();
        let (mut depth, mut from) = (0usize, self.at);
        for (i, token) in self.tokens.iter().enumerate().skip(self.at) {
            match token.kind {
                Kind::Open | Kind::OpenSquare => depth += 1,
                Kind::Close | Kind::CloseSquare => depth = depth.saturating_sub(1),
                Kind::Comma if depth == 0 => {
                    items.push(self.over(self.tokens.get(from..i).unwrap_or_default()));
                    from = i + 1;
                }
                _ => {}
            }
        }
        if from < self.tokens.len() {
            items.push(self.over(self.tokens.get(from..).unwrap_or_default()));
        }
        items
    }

    /// What is left.
    pub fn remaining(&self) -> Cursor<'a> {
        self.over(self.tokens.get(self.at..).unwrap_or_default())
    }
}

/// True when a template stands in the text.
pub fn is_templated(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|w| w == b"{{" || w == b"${")
}

/// A name for a templated identifier: its letters, digits and underscores.
fn plain_template(text: &str) -> String {
    let kept: String = text.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    if kept.is_empty() { "template".to_string() } else { kept }
}

/// The value of a quoted identifier or string literal.
pub fn unquote(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let first = text.chars().next().unwrap_or(' ');
    if first == '$' {
        let tag = text.get(1..).and_then(|t| t.find('$')).map_or(0, |n| n + 2);
        return text.get(tag..text.len().saturating_sub(tag)).unwrap_or_default().to_string();
    }
    let escaped = matches!(first, 'E' | 'e');
    let body = if escaped { text.get(1..).unwrap_or_default() } else { &text };
    let quote = body.chars().next().unwrap_or('\'');
    let close = if quote == '[' { ']' } else { quote };
    let body = body.get(quote.len_utf8()..).unwrap_or_default();
    let body = body.strip_suffix(close).unwrap_or(body);
    if body.contains(close) { body.replace(&format!("{close}{close}"), &close.to_string()) } else { body.to_string() }
}
