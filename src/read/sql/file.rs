//! One file of a history: loading, encoding, and its statements carried out one by one.

use std::sync::Arc;

use crate::model::origin::{FileId, Origin, Problem};
use crate::model::sql::Dialect;
use crate::source::{File, LoadError, Snapshot};

use super::command::Command;
use super::cursor::Cursor;
use super::known::Known;
use super::lex::{Kind, Lexer, Token};
use super::parse;
use super::replay::Replay;
use super::split::{Piece, Split};

/// A longer schema statement is not read.
const MAX_BYTES: usize = 4 << 20;
/// How many parts of one statement are reported.
const MAX_PARTS: usize = 20;
/// Length of the words by which a statement is named in a problem, in characters.
const SUBJECT: usize = 60;

/// Statements met and not understood, data statements included.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub statements: usize,
    pub unread: usize,
}

/// A loaded file.
pub struct FileReader {
    pub id: FileId,
    file: Arc<File>,
}

impl FileReader {
    /// Loads a file; what stands in the way becomes a problem.
    pub fn open(path: &str, snapshot: &Snapshot<'_>, problems: &mut Vec<Problem>) -> Option<Self> {
        let id = match snapshot.load(path) {
            Ok(id) => id,
            Err(error) => {
                let why = match error {
                    LoadError::Missing => "it is not in this revision".to_string(),
                    LoadError::Outside => "it leads out of the repository".to_string(),
                    LoadError::BrokenLink(at) => format!("the link at `{at}` leads nowhere"),
                    LoadError::Unreadable(why) => why,
                };
                // There are no bytes to point at: an empty file of that name stands for it.
                let origin = Origin::new(snapshot.files.add(path, "", Vec::new()), 0, 0);
                problems.push(Problem::new(
                    "file-unreadable",
                    path,
                    origin,
                    format!("`{path}` could not be loaded: {why}."),
                ));
                return None;
            }
        };
        let file = snapshot.files.get(id);
        let head = file.bytes.get(..file.bytes.len().min(64)).unwrap_or_default();
        let wide = head.starts_with(&[0xff, 0xfe])
            || head.starts_with(&[0xfe, 0xff])
            || head.iter().filter(|b| **b == 0).count() > 4;
        if wide {
            let message = format!("`{path}` is not UTF-8 (it looks like UTF-16); nothing in it was read.");
            problems.push(Problem::new("encoding-unsupported", path, Origin::new(id, 0, 0), message));
            return None;
        }
        Some(Self { id, file })
    }

    pub fn bytes(&self) -> &[u8] {
        &self.file.bytes
    }

    fn statement(&self, piece: &Piece) -> &[u8] {
        self.bytes().get(piece.start..piece.end).unwrap_or_default()
    }

    /// The first words of a span, as a stable name for it.
    fn subject(&self, start: usize, end: usize) -> String {
        let bytes = self.bytes().get(start..end.min(start + 4 * SUBJECT)).unwrap_or_default();
        let text = String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(SUBJECT) {
            Some((cut, _)) => format!("{} …", text.get(..cut).unwrap_or_default()),
            None => text,
        }
    }

    /// Carries out the up part; the replay has begun the file.
    pub fn replay<'a>(
        &'a self,
        split: &Split,
        dialect: Dialect,
        replay: &mut Replay<'a>,
        known: &mut Known,
        problems: &mut Vec<Problem>,
    ) -> Counts {
        let counts = self.carry_out(split.pieces.iter().filter(|p| !p.down), dialect, replay, known, problems);
        if let Some(at) = split.given_up {
            let origin = Origin::new(self.id, at, self.bytes().len());
            let message = "Too many quotes or comments that never end; the rest of the file was not read.";
            problems.push(Problem::new("statement-unterminated", "rest of the file", origin, message));
        }
        if let Some(comment) = &split.carriage_return {
            let origin = Origin::new(self.id, comment.start, comment.end);
            let message = "A carriage return without a line feed stands at the end of this comment. The engine does not end it there and skips what follows, which was read all the same.";
            problems.push(Problem::new(
                "statement-unterminated",
                self.subject(comment.start, comment.end),
                origin,
                message,
            ));
        }
        counts
    }

    /// Carries out statements of the file, one by one.
    pub fn carry_out<'a, 's>(
        &'a self,
        pieces: impl Iterator<Item = &'s Piece>,
        dialect: Dialect,
        replay: &mut Replay<'a>,
        known: &mut Known,
        problems: &mut Vec<Problem>,
    ) -> Counts {
        let mut counts = Counts::default();
        for piece in pieces {
            counts.statements += 1;
            let before = problems.len();
            let command = self.command(piece, dialect, known, problems);
            let known = !replay.catalog.opaque;
            replay.apply(command, self.statement(piece), piece.start);
            if known && replay.catalog.opaque {
                let subject = self.subject(piece.start, piece.end);
                let message = format!(
                    "What `{subject}` does is not followed: from here on objects may exist that are not known."
                );
                let origin = Origin::new(self.id, piece.start, piece.end);
                problems.push(Problem::remark("statement-unreadable", subject, origin, message));
            }
            self.report_parts(piece, std::mem::take(&mut replay.refused), problems);
            counts.unread += usize::from(problems.iter().skip(before).any(|p| p.incomplete));
        }
        counts
    }

    /// Reports the parts of a statement that were not understood; a statement that is nonsense throughout says so
    /// a few times only.
    fn report_parts(&self, piece: &Piece, parts: Vec<Origin>, problems: &mut Vec<Problem>) {
        if parts.is_empty() {
            return;
        }
        let rule = self.rule(piece);
        for origin in parts.into_iter().take(MAX_PARTS) {
            let subject = self.subject(origin.start as usize, origin.end as usize);
            let message = format!("This part of a statement was not understood: `{subject}`.");
            problems.push(Problem::new(rule, subject, origin, message));
        }
    }

    /// The rule that reports a statement that can not be read.
    fn rule(&self, piece: &Piece) -> &'static str {
        let bytes = self.bytes().get(piece.start..piece.end.min(piece.start + MAX_BYTES)).unwrap_or_default();
        let templated = bytes.windows(2).any(|w| w == b"{{" || w == b"${" || w == b"$%" || w == b"{%" || w == b"<%");
        if templated { "statement-templated" } else { "statement-unreadable" }
    }

    fn command(&self, piece: &Piece, dialect: Dialect, known: &mut Known, problems: &mut Vec<Problem>) -> Command {
        let bytes = self.statement(piece);
        // As the statement stands, so are its spans.
        let head: Vec<Token> = piece.head.iter().map(|token| token.seen_from(piece.start)).collect();
        let head = Cursor::new(bytes, &head, dialect);
        let origin = Origin::new(self.id, piece.start, piece.end);
        if let Some(at) = piece.broken {
            let subject = self.subject(piece.start, piece.end);
            let place = Origin::new(self.id, at, piece.end);
            let message =
                format!("A quote, comment or data block starts here and never ends, in the statement `{subject}`.");
            problems.push(Problem::new("statement-unterminated", subject, place, message));
            return Command::Unread { table: parse::subject(head), span: (0, bytes.len()) };
        }
        if let Some(command) = parse::data(head, piece.filtered) {
            return command;
        }
        let refuse = |problems: &mut Vec<Problem>, rule: &'static str, why: &str| {
            let subject = self.subject(piece.start, piece.end);
            problems.push(Problem::new(rule, subject.clone(), origin, format!("{why}: `{subject}`.")));
            Command::Unread { table: parse::subject(head), span: (0, bytes.len()) }
        };
        if bytes.len() > MAX_BYTES {
            if parse::is_opaque(head) {
                return Command::Other;
            }
            return refuse(problems, "statement-unreadable", "This statement is too long to be read");
        }
        if let Some(command) = known.get(bytes) {
            return command;
        }
        let tokens: Vec<Token> = statement_tokens(bytes, 0, dialect);
        if tokens.iter().any(|t| t.kind == Kind::Word && controls(bytes.get(t.start..t.end).unwrap_or_default())) {
            return refuse(
                problems,
                "statement-templated",
                "This statement is a template that only its runner can fill in",
            );
        }
        let command = parse::statement(Cursor::new(bytes, &tokens, dialect), 0);
        if let Command::Unread { span, .. } = &command {
            let subject = self.subject(piece.start, piece.end);
            let at = self.subject(piece.start + span.0, piece.end);
            let near =
                if at.is_empty() || *span == (0, bytes.len()) { String::new() } else { format!(", near `{at}`") };
            let message = format!("This statement was not understood: `{subject}`{near}.");
            problems.push(Problem::new(self.rule(piece), subject, origin, message));
        } else {
            known.keep(bytes, &command);
        }
        command
    }
}

/// The tokens of one statement, without comments.
pub fn statement_tokens(bytes: &[u8], start: usize, dialect: Dialect) -> Vec<Token> {
    // A body with delimiters inside was cut out whole: they mean nothing here.
    Lexer::new(bytes, start, dialect).filter(|t| !matches!(t.kind, Kind::Comment | Kind::End)).collect()
}

/// True for a template that decides what is there (`{{ if … }}`), not what something is called.
fn controls(word: &[u8]) -> bool {
    let Some(at) = word.windows(2).position(|w| w == b"{{") else { return false };
    let inside = word.get(at + 2..).unwrap_or_default();
    let inside = inside.strip_prefix(b"-").unwrap_or(inside).trim_ascii_start();
    [&b"if"[..], b"range", b"end", b"else", b"with", b"block", b"define", b"template", b"#", b"/"]
        .iter()
        .any(|w| inside.starts_with(w))
}
