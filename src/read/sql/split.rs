//! A file of SQL in, its statements with exact byte spans out.
//!
//! Knows quotes, comments, delimiters, routine bodies, `COPY` data and the markers of migration runners; must not
//! know what statements mean. One pass; what never ends is reported and the reading goes on at the next line that
//! plainly starts a statement.

use std::hash::{DefaultHasher, Hasher};
use std::ops::Range;

use memchr::{memchr, memmem};

use crate::model::remark::WORD;
use crate::model::sql::Dialect;

use super::lex::{Kind, Lexer, Token};
use super::markers::{Marker, is_liquibase, marker};
use super::meaning;
use super::resume::{self, is_one_of};

/// How many tokens of each statement are kept: enough for the keywords and the object's name.
const HEAD: usize = 24;
/// From this many bytes on a data statement is skipped without looking at words.
const LONG: usize = 1 << 16;
/// How often a file is taken up again behind something that never ends; each time costs one pass.
const RESTARTS: usize = 50;

/// One statement.
#[derive(Debug, Clone)]
pub struct Piece {
    /// First byte of the first token.
    pub start: usize,
    /// Behind the last token; the delimiter is not included.
    pub end: usize,
    /// Part of the down section.
    pub down: bool,
    /// The first tokens, comments left out.
    pub head: Vec<Token>,
    pub tokens: usize,
    /// A `WHERE` stands outside all parentheses.
    pub filtered: bool,
    /// Where the quote, comment or data begins that never ends.
    pub broken: Option<usize>,
}

/// What a file divides into.
#[derive(Debug, Default)]
pub struct Split {
    pub pieces: Vec<Piece>,
    /// Lines for a client program and data blocks.
    pub skipped: Vec<Range<usize>>,
    /// Hash of all tokens, without comments, white space and the case of words.
    pub meaning: u64,
    /// A marker turned the transaction off: the layout whose runner reads it, empty where several do.
    pub no_transaction: Option<&'static str>,
    /// The file has a down section, or rollback comments.
    pub has_down_marker: bool,
    /// Rollback statements stand in comments.
    pub rollback: bool,
    /// Spans that were not cut into statements because restarting failed too often.
    pub given_up: Option<usize>,
    /// The first comment that was ended at a carriage return at which the engine does not end it.
    pub carriage_return: Option<Range<usize>>,
    /// Comments that speak to us.
    pub remarks: Vec<Range<usize>>,
}

const DATA: &[&str] = &["INSERT", "REPLACE", "VALUES", "UPDATE", "DELETE", "SELECT"];

/// Whether a `CREATE` statement has a body in which delimiters do not end it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Routine {
    Unknown,
    No,
    Yes,
}

/// The statement that is being read.
struct Open {
    piece: Piece,
    routine: Routine,
    /// Depth of `BEGIN … END` and the like.
    block: u32,
    parens: u32,
    previous: Option<Token>,
    data: bool,
    copy: bool,
    /// A `WHERE` was there.
    condition: bool,
}

/// A string with something like the end of a statement and the start of another inside: where a quote was
/// probably forgotten, should the quotes not come out even at the end.
struct Suspect {
    pieces: usize,
    start: usize,
    quote: usize,
    down: bool,
    /// In force there.
    delimiter: Vec<u8>,
}

struct Splitter<'a> {
    src: &'a [u8],
    lexer: Lexer<'a>,
    split: Split,
    open: Option<Open>,
    suspect: Option<Suspect>,
    down: bool,
    liquibase: bool,
    hasher: DefaultHasher,
}

/// Cuts a file into statements.
pub fn split(src: &[u8], dialect: Dialect) -> Split {
    let start = if src.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut splitter = Splitter {
        src,
        lexer: Lexer::new(src, start, dialect),
        split: Split::default(),
        open: None,
        suspect: None,
        down: false,
        liquibase: false,
        hasher: DefaultHasher::new(),
    };
    splitter.run();
    splitter.split.meaning = splitter.hasher.finish();
    splitter.split
}

impl Splitter<'_> {
    fn run(&mut self) {
        let mut restarts = 0;
        loop {
            if let Some(open) = self.open.as_ref().filter(|o| o.data)
                && self.lexer.at - open.piece.start > LONG
            {
                let from = self.lexer.at;
                self.lexer.skip_plain();
                self.hasher.write(self.src.get(from..self.lexer.at).unwrap_or_default());
                self.extend(self.lexer.at);
            }
            let Some(token) = self.lexer.next() else {
                // A body without its end swallowed the rest of the file.
                let Some(start) = self.open.as_ref().filter(|o| o.block > 0).map(|o| o.piece.start) else { break };
                if restarts >= RESTARTS || !self.restart(start) {
                    break;
                }
                restarts += 1;
                continue;
            };
            match token.kind {
                Kind::Comment => self.comment(token),
                Kind::Unterminated => {
                    if restarts >= RESTARTS {
                        self.split.given_up = Some(token.start);
                        self.restart_at(token.start, None);
                        break;
                    }
                    restarts += 1;
                    if !self.restart(token.start) {
                        break;
                    }
                }
                Kind::End => self.end_of_statement(),
                _ if self.semicolon(token) => {}
                _ if self.client_line(token) => {}
                _ => self.push(token),
            }
        }
        self.finish(None);
    }

    fn extend(&mut self, to: usize) {
        if let Some(open) = &mut self.open {
            // A body without its end has been read beyond the place at which reading is taken up again.
            open.piece.end = open.piece.end.min(to).max(open.piece.start);
            if open.piece.end == to {
                let read = self.src.get(open.piece.start..to).unwrap_or_default();
                open.piece.end = open.piece.start + read.trim_ascii_end().len();
            }
            let trimmed = self.src.get(open.piece.end..to).unwrap_or_default();
            let kept = trimmed.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(0, |n| n + 1);
            open.piece.end += kept;
        }
    }

    /// Lines for the client program: `\connect`, `.mode`, `DELIMITER` (runners know it for all engines), `source`. Only
    /// where a line starts.
    fn client_line(&mut self, token: Token) -> bool {
        let text = self.src.get(token.start..token.end).unwrap_or_default();
        let idle = self.open.is_none();
        let mysql = self.lexer.dialect == Dialect::MySql;
        let delimiter = idle && text.eq_ignore_ascii_case(b"DELIMITER");
        let skip = match text {
            b"\\" => self.lexer.dialect == Dialect::Postgres,
            b"." => idle && self.lexer.dialect == Dialect::Sqlite,
            word => delimiter || mysql && idle && word.eq_ignore_ascii_case(b"SOURCE"),
        };
        if !skip {
            return false;
        }
        let line = self.src.get(..token.start).unwrap_or_default();
        let before = line.iter().rev().find(|b| !matches!(b, b' ' | b'\t' | 0xef | 0xbb | 0xbf));
        if before.is_some_and(|b| *b != b'\n') {
            return false;
        }
        self.finish(None);
        let rest = self.src.get(token.end..).unwrap_or_default();
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        if delimiter {
            let wanted = rest.get(..length).unwrap_or_default().trim_ascii();
            self.lexer.delimiter = if wanted.is_empty() { b";".to_vec() } else { wanted.to_vec() };
        }
        self.lexer.at = token.end + length;
        self.split.skipped.push(token.start..self.lexer.at);
        true
    }

    fn comment(&mut self, token: Token) {
        let text = self.src.get(token.start..token.end).unwrap_or_default();
        let lone = matches!(self.src.get(token.end..), Some([b'\r', next, ..]) if *next != b'\n');
        if lone && self.lexer.dialect != Dialect::Postgres && !text.starts_with(b"/*") {
            self.split.carriage_return.get_or_insert(token.start..token.end);
        }
        if memmem::find(text, WORD.as_bytes()).is_some() {
            self.split.remarks.push(token.start..token.end);
        }
        if !text.starts_with(b"--") {
            return;
        }
        self.liquibase |= self.split.pieces.is_empty() && is_liquibase(text);
        let Some(marker) = marker(text, self.liquibase) else { return };
        match marker {
            Marker::Up { without } => {
                self.down = false;
                self.split.no_transaction = self.split.no_transaction.or(without);
            }
            Marker::Down => self.split.has_down_marker = true,
            Marker::NoTransaction(reader) => self.split.no_transaction = Some(reader),
            Marker::Rollback => {
                (self.split.has_down_marker, self.split.rollback) = (true, true);
                return;
            }
            Marker::Cut => {}
        }
        self.finish(None);
        self.down |= marker == Marker::Down;
    }

    fn push(&mut self, token: Token) {
        let down = self.down;
        let open = self.open.get_or_insert_with(|| Open {
            piece: Piece {
                start: token.start,
                end: token.end,
                down,
                head: Vec::new(),
                tokens: 0,
                filtered: false,
                broken: None,
            },
            routine: Routine::Unknown,
            block: 0,
            parens: 0,
            previous: None,
            data: false,
            copy: false,
            condition: false,
        });
        let text = self.src.get(token.start..token.end).unwrap_or_default();
        // `WHERE true` and `WHERE 1 = 1` choose nothing.
        open.piece.filtered |= open.condition && !is_one_of(text, &["TRUE", "1", "="]);
        match token.kind {
            Kind::Str => meaning::string(&mut self.hasher, text, self.lexer.dialect),
            kind => meaning::token(&mut self.hasher, kind, text, self.lexer.dialect),
        }
        self.hasher.write_u8(u8::from(down));
        if open.piece.head.len() < HEAD {
            open.piece.head.push(token);
        }
        open.piece.tokens += 1;
        open.piece.end = token.end;
        match token.kind {
            Kind::Open => open.parens += 1,
            Kind::Close => open.parens = open.parens.saturating_sub(1),
            Kind::Word => open.word(self.src, text, self.lexer.dialect),
            Kind::Str | Kind::Quoted if self.suspect.is_none() && memchr(b'\n', text).is_some() => {
                let dollar = text.first() == Some(&b'$');
                if !dollar && resume::behind_an_end(self.src, token.start, token.end).is_some() {
                    let (pieces, start) = (self.split.pieces.len(), open.piece.start);
                    let delimiter = self.lexer.delimiter.clone();
                    self.suspect = Some(Suspect { pieces, start, quote: token.start, down, delimiter });
                }
            }
            _ => {}
        }
        open.previous = Some(token);
    }

    /// Under another delimiter the client sends several statements at once, and the server ends each at its `;`:
    /// all but those inside of a routine.
    fn semicolon(&mut self, token: Token) -> bool {
        if token.end - token.start != 1 || self.src.get(token.start) != Some(&b';') {
            return false;
        }
        let Some(open) = &self.open else { return true };
        let is = |token: Option<&Token>, word: &[u8]| {
            token.and_then(|t| self.src.get(t.start..t.end)).is_some_and(|text| text.eq_ignore_ascii_case(word))
        };
        let ended = match open.routine {
            Routine::Yes => open.block == 0 && is(open.previous.as_ref(), b"END"),
            Routine::Unknown => false,
            Routine::No => open.piece.tokens == 1 || !is(open.piece.head.first(), b"BEGIN"),
        };
        if ended {
            self.finish(None);
        }
        ended
    }

    fn end_of_statement(&mut self) {
        let Some(open) = &mut self.open else { return };
        if open.block > 0 && self.lexer.delimiter == b";" {
            open.piece.tokens += 1;
            open.previous = None;
            return;
        }
        if open.copy {
            return self.copy_data();
        }
        self.finish(None);
    }

    /// Skips the lines behind `COPY … FROM stdin;` up to the line `\.`.
    fn copy_data(&mut self) {
        let from = self.lexer.at;
        let mut at = from;
        loop {
            let rest = self.src.get(at..).unwrap_or_default();
            let Some(next) = memchr(b'\n', rest) else { break };
            at += next + 1;
            let line = self.src.get(at..).unwrap_or_default();
            if line.starts_with(b"\\.") && matches!(line.get(2), None | Some(b'\n' | b'\r')) {
                self.hasher.write(self.src.get(from..at).unwrap_or_default());
                self.finish(None);
                self.lexer.at = at + 2;
                self.split.skipped.push(from..self.lexer.at);
                return;
            }
        }
        let start = self.open.as_ref().map_or(from, |o| o.piece.start);
        self.finish(Some(start));
        self.lexer.at = resume::anywhere(self.src, from).unwrap_or(self.src.len());
        if self.lexer.at > from {
            self.split.skipped.push(from..self.lexer.at);
        }
    }

    fn finish(&mut self, broken: Option<usize>) {
        if let Some(mut open) = self.open.take() {
            open.piece.broken = broken;
            self.split.pieces.push(open.piece);
        }
    }

    /// Something that starts at `at` never ends: closes the statement as broken and goes on behind it. False when
    /// nothing that looks like a statement follows.
    fn restart(&mut self, at: usize) -> bool {
        let quote = matches!(self.src.get(at), Some(b'\'' | b'"' | b'`' | b'[' | b'E' | b'e'));
        let mut broken = at;
        if quote && let Some(suspect) = self.suspect.take() {
            self.split.pieces.truncate(suspect.pieces);
            self.down = suspect.down;
            self.lexer.delimiter = suspect.delimiter;
            broken = suspect.quote;
            self.open = None;
            let head: Vec<Token> =
                Lexer::new(self.src.get(..suspect.quote).unwrap_or_default(), suspect.start, self.lexer.dialect)
                    .filter(|t| t.kind != Kind::Comment)
                    .take(HEAD)
                    .collect();
            for token in head {
                self.push(token);
            }
        }
        let next = resume::anywhere(self.src, broken);
        self.restart_at(broken, next);
        next.is_some()
    }

    fn restart_at(&mut self, broken: usize, next: Option<usize>) {
        if self.open.is_none() {
            self.push(Token { kind: Kind::Unterminated, start: broken, end: broken });
        }
        let to = next.unwrap_or(self.src.len());
        self.extend(to);
        // What was skipped on the way belongs to the broken statement, or is read again.
        let start = self.open.as_ref().map_or(to, |open| open.piece.start);
        self.split.skipped.retain(|skipped| skipped.end <= start);
        self.finish(Some(broken));
        let delimiter = std::mem::take(&mut self.lexer.delimiter);
        self.lexer = Lexer::new(self.src, to, self.lexer.dialect);
        self.lexer.delimiter = delimiter;
    }
}

impl Open {
    fn word(&mut self, src: &[u8], text: &[u8], dialect: Dialect) {
        let upper = |token: Option<Token>| -> &[u8] { token.and_then(|t| src.get(t.start..t.end)).unwrap_or_default() };
        let previous = upper(self.previous);
        if self.piece.tokens == 1 {
            self.data = is_one_of(text, DATA);
            let create = text.eq_ignore_ascii_case(b"CREATE");
            self.routine = if create { Routine::Unknown } else { Routine::No };
            return;
        }
        self.condition |= text.eq_ignore_ascii_case(b"WHERE") && self.parens == 0;
        if text.eq_ignore_ascii_case(b"STDIN") && previous.eq_ignore_ascii_case(b"FROM") {
            self.copy = upper(self.piece.head.first().copied()).eq_ignore_ascii_case(b"COPY");
        }
        match self.routine {
            Routine::No => {}
            Routine::Unknown => {
                if is_one_of(text, &["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"]) {
                    self.routine = Routine::Yes;
                } else if is_one_of(
                    text,
                    &["TABLE", "INDEX", "VIEW", "TYPE", "DATABASE", "SCHEMA", "SEQUENCE", "ROLE", "USER", "UNIQUE"],
                ) {
                    self.routine = Routine::No;
                }
            }
            Routine::Yes if dialect == Dialect::Postgres => self.atomic_body(text, previous),
            Routine::Yes => self.body(text, previous, dialect),
        }
    }

    /// `BEGIN ATOMIC … END` of PostgreSQL.
    fn atomic_body(&mut self, text: &[u8], previous: &[u8]) {
        if self.block == 0 {
            let atomic = text.eq_ignore_ascii_case(b"ATOMIC") && previous.eq_ignore_ascii_case(b"BEGIN");
            self.block = u32::from(atomic);
        } else if text.eq_ignore_ascii_case(b"CASE") {
            self.block += 1;
        } else if text.eq_ignore_ascii_case(b"END") {
            self.block -= 1;
        }
    }

    fn body(&mut self, text: &[u8], previous: &[u8], dialect: Dialect) {
        let ended = previous.eq_ignore_ascii_case(b"END");
        if is_one_of(text, &["BEGIN", "CASE"]) {
            // `END CASE` closes, as `END` alone has done already.
            self.block += u32::from(!ended && (self.block > 0 || text.eq_ignore_ascii_case(b"BEGIN")));
        } else if text.eq_ignore_ascii_case(b"END") {
            self.block = self.block.saturating_sub(1);
        } else if dialect == Dialect::MySql && self.block > 0 && is_one_of(text, &["IF", "LOOP", "WHILE", "REPEAT"]) {
            // Only where a statement may start: elsewhere these are functions or `IF EXISTS`.
            let starts = previous.is_empty()
                || previous == b":"
                || is_one_of(previous, &["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT"]);
            self.block += u32::from(starts && !ended);
        }
    }
}
