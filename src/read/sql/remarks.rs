//! Comments that speak to us, and what they stand at.
//!
//! A comment alone on its line stands at what begins next, one behind something at what begins in its line, or at the
//! statement that ends there. What begins is a statement, or a part of one up to the comma or bracket behind it: a
//! column, a constraint, one action of `ALTER TABLE`.

use std::ops::Range;

use memchr::memmem;

use crate::model::origin::{FileId, Origin, Text};
use crate::model::remark::{Remark, WORD, said};
use crate::model::sql::Dialect;
use crate::source::File;

use super::file::statement_tokens;
use super::lex::{Kind, Token};
use super::split::{self, Piece, Split};

/// Comments of one file whose place is looked at; the others stand at their own line alone.
const PLACED: usize = 2_000;

/// All remarks of a file, in its order. A file without the word is not looked at further.
pub fn remarks(id: FileId, file: &File, dialect: Dialect) -> Vec<Remark> {
    let bytes = &file.bytes;
    if memmem::find(bytes, WORD.as_bytes()).is_none() {
        return Vec::new();
    }
    let split = split::split(bytes, dialect);
    // What is read again behind a quote without end is met twice.
    let mut comments = split.remarks.clone();
    comments.sort_by_key(|comment| comment.start);
    comments.dedup();
    let mut places = Places { file, dialect, split: &split, tokens: None };
    let mut found = Vec::new();
    for (number, comment) in comments.iter().enumerate() {
        let text = String::from_utf8_lossy(bytes.get(comment.clone()).unwrap_or_default()).into_owned();
        let Some(text) = said(&text) else { continue };
        let (start, end) = file.line_around(comment.start);
        let place = if number < PLACED { places.of(comment) } else { None };
        let (covers, about) = place.unwrap_or_else(|| (start..end, "".into()));
        let origin = Origin::new(id, comment.start, comment.end);
        found.push(Remark { text: text.to_string(), origin, covers: Origin::new(id, covers.start, covers.end), about });
    }
    found
}

struct Places<'a> {
    file: &'a File,
    dialect: Dialect,
    split: &'a Split,
    /// The tokens of the statement that was looked at last, by its start.
    tokens: Option<(usize, Vec<Token>)>,
}

impl<'a> Places<'a> {
    /// What the comment stands at, from the comment's line on and with the whole of its own first line.
    fn of(&mut self, comment: &Range<usize>) -> Option<(Range<usize>, Text)> {
        let (start, _) = self.file.line_around(comment.start);
        let before = self.file.bytes.get(start..comment.start).unwrap_or_default();
        let pieces: &'a [Piece] = &self.split.pieces;
        // Statements lie in the order of the text.
        let next = pieces.partition_point(|piece| piece.end <= comment.start);
        let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
        let (whole, about) = if before.trim_ascii().is_empty() {
            // Inside a statement the next part of it, otherwise the next statement.
            self.part(pieces.get(next)?, comment.end)?
        } else {
            match next.checked_sub(1).and_then(|last| pieces.get(last)).filter(|piece| piece.end > start) {
                Some(piece) => (piece.start..piece.end, self.name(&piece.head, 3)),
                None => {
                    let piece = pieces.get(next).filter(|piece| piece.start < comment.start)?;
                    // `ALTER TABLE t DROP COLUMN a, -- …`: the actions below have lines of their own.
                    match piece.start >= start && before.trim_ascii_end().ends_with(b",") {
                        true => (piece.start..comment.start, self.name(&piece.head, 3)),
                        false => self.part(piece, start)?,
                    }
                }
            }
        };
        let line = self.file.line_around(whole.start);
        Some((whole.start.min(line.0).min(start)..whole.end.max(line.1), about))
    }

    /// What begins in the statement at or behind a byte.
    fn part(&mut self, piece: &Piece, from: usize) -> Option<(Range<usize>, Text)> {
        if piece.start >= from {
            return Some((piece.start..piece.end, self.name(&piece.head, 3)));
        }
        let tokens = match self.tokens.take() {
            Some((start, tokens)) if start == piece.start => tokens,
            _ => statement_tokens(self.file.bytes.get(..piece.end)?, piece.start, self.dialect),
        };
        let own = tokens.get(tokens.partition_point(|token| token.start < from)..).unwrap_or_default();
        let found = own.first().map(|first| (first.start..end_of_part(own), self.name(own, 1)));
        self.tokens = Some((piece.start, tokens));
        found
    }

    /// The first words.
    fn name(&self, tokens: &[Token], words: usize) -> Text {
        let text = |token: &Token| self.file.bytes.get(token.start..token.end).map(String::from_utf8_lossy);
        tokens.iter().take(words).filter_map(text).collect::<Vec<_>>().join(" ").into()
    }
}

/// Behind the last token before the comma or bracket that ends what begins with these tokens.
fn end_of_part(tokens: &[Token]) -> usize {
    let mut depth = 0usize;
    let mut end = 0;
    for token in tokens {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Comma | Kind::Close if depth == 0 => break,
            Kind::Close => depth -= 1,
            _ => {}
        }
        end = token.end;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    fn seen(text: &str, dialect: Dialect) -> String {
        let files = Files::default();
        let id = files.add("a.sql", "1", text.as_bytes().to_vec());
        let line = |r: &Remark| {
            let at = files.locate(r.covers);
            format!("{}|{}|{}-{}", r.text, r.about, at.line, at.end_line)
        };
        remarks(id, &files.get(id), dialect).iter().map(line).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_comment_stands_at_what_begins_next_or_in_its_line() {
        let table = "CREATE TABLE t (\n  a int,\n  -- driftline: x\n  b numeric(10,\n    2) NOT NULL,\n  c int -- driftline: y\n);";
        let cases = [
            ("-- driftline: x\nALTER TABLE t\n DROP COLUMN a,\n DROP COLUMN b;\nSELECT 1;", "x|ALTER TABLE t|1-4"),
            ("ALTER TABLE t DROP COLUMN a; -- driftline: x\nSELECT 1;", "x|ALTER TABLE t|1-1"),
            ("ALTER TABLE t\n DROP COLUMN a, -- driftline: x\n DROP COLUMN b;", "x|DROP|2-2"),
            ("ALTER TABLE t DROP COLUMN a, -- driftline: x\n DROP COLUMN b;", "x|ALTER TABLE t|1-1"),
            ("ALTER TABLE t -- driftline: x\n DROP COLUMN b;", "x|ALTER TABLE t|1-2"),
            ("ALTER TABLE t\n DROP COLUMN a,\n DROP COLUMN b; /* driftline: x */", "x|ALTER TABLE t|1-3"),
            (table, "x|b|3-5, y|c|6-6"),
            ("CREATE TABLE t ( -- driftline: x\n a int\n);", "x|CREATE TABLE t|1-3"),
            ("SELECT 1;\n-- driftline: x\n", "x||2-2"),
            ("INSERT INTO t VALUES ('-- driftline: x');\nSELECT '\n-- driftline: y\n';", ""),
            ("/* driftline: x */\nDROP TABLE t;", "x|DROP TABLE t|1-2"),
        ];
        for (text, want) in cases {
            assert_eq!(seen(text, Dialect::Postgres), want, "{text}");
        }
        assert_eq!(seen("\u{feff}-- driftline: x\nDROP TABLE t;", Dialect::Postgres), "x|DROP TABLE t|1-2");
        let many = format!("CREATE TABLE t ({});", "\n-- driftline: x\n(".repeat(5_000));
        assert!(seen(&many, Dialect::Postgres).len() > 5_000);
        assert_eq!(seen("# driftline: x\nDROP TABLE t;", Dialect::MySql), "x|DROP TABLE t|1-2");
    }
}
