//! The splitter: statements are in order and do not overlap, what is outside of them is blank, a comment, a delimiter
//! or a line for a client program, and white space at the end of a file changes nothing.
//!
//! The first byte picks the dialect, the rest is the file.

use std::collections::BTreeSet;
use std::ops::Range;

use driftline::model::sql::Dialect;
use driftline::read::sql::{Statements, statements};

pub fn judge(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let dialect = [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite][usize::from(first % 3)];
    let found = statements(text, dialect);
    outside(text, dialect, &found);
    assert_eq!(found, statements(text, dialect), "the same text gave something else");
    let longer = [text, b"\n \n"].concat();
    let again = statements(&longer, dialect);
    assert_eq!(found.statements, again.statements, "white space at the end changed statements");
}

/// Everything that belongs to no statement is of no meaning. Written apart from the lexer on purpose.
fn outside(text: &[u8], dialect: Dialect, found: &Statements) {
    let mut taken: Vec<(Range<usize>, bool)> = found.statements.iter().map(|range| (range.clone(), true)).collect();
    taken.extend(found.skipped.iter().map(|range| (range.clone(), false)));
    taken.sort_by_key(|(range, _)| (range.start, range.end));
    let mut delimiter: &[u8] = b";";
    let mut at = 0;
    for (range, statement) in &taken {
        assert!(range.start >= at, "{range:?} overlaps what ends at {at}");
        assert!(range.start < range.end && range.end <= text.len(), "{range:?} of {}", text.len());
        let inside = &text[range.clone()];
        assert!(!statement || inside == inside.trim_ascii(), "{range:?} has white space at its ends");
        blank(text, at..range.start, dialect, delimiter);
        at = range.end;
        if !statement && inside.get(..9).is_some_and(|word| word.eq_ignore_ascii_case(b"delimiter")) {
            let wanted = inside[9..].trim_ascii();
            delimiter = if wanted.is_empty() { b";" } else { wanted };
        }
    }
    blank(text, at..text.len(), dialect, delimiter);
}

fn blank(text: &[u8], range: Range<usize>, dialect: Dialect, delimiter: &[u8]) {
    let gap = &text[range.clone()];
    let start = if range.start == 0 && gap.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mysql = dialect == Dialect::MySql;
    let postgres = dialect == Dialect::Postgres;
    let lines = |from: usize| -> Vec<usize> {
        let rest = &gap[from..];
        let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let returns = rest[..end].iter().enumerate().filter(|(_, b)| **b == b'\r').map(|(at, _)| from + at);
        if postgres { returns.chain([from + end]).take(1).collect() } else { returns.chain([from + end]).collect() }
    };
    // Whether `/*!` opens an executed comment or is one inside such a comment, the gap alone does not tell.
    let (mut open, mut furthest) = (BTreeSet::from([start]), start);
    while let Some(at) = open.pop_first() {
        furthest = furthest.max(at);
        if at >= gap.len() {
            return;
        }
        let rest = &gap[at..];
        match rest[0] {
            b if b.is_ascii_whitespace() || b == 0 || b == 0x0b => drop(open.insert(at + 1)),
            _ if rest.starts_with(delimiter) || rest[0] == b';' => {
                open.extend([delimiter, b";"].iter().filter(|end| rest.starts_with(end)).map(|end| at + end.len()));
            }
            // Which of the carriage returns in a comment of the others end it, the gap alone does not tell either.
            b'-' if rest.starts_with(b"--") => open.extend(lines(at)),
            b'#' if mysql => open.extend(lines(at)),
            b'*' if mysql && rest.starts_with(b"*/") => drop(open.insert(at + 2)),
            b'/' if rest.starts_with(b"/*") => {
                open.extend(comment(rest, dialect).map(|length| at + length));
                open.extend(executed(rest).filter(|_| mysql).map(|length| at + length));
            }
            _ => {}
        }
    }
    panic!("{:?} at {} is in no statement", String::from_utf8_lossy(&gap[furthest..]), range.start + furthest);
}

/// Bytes of the opening of a comment that MySQL executes.
fn executed(rest: &[u8]) -> Option<usize> {
    let mark = if rest.starts_with(b"/*!") { 3 } else { 4 };
    if mark != 3 && !rest.starts_with(b"/*M!") {
        return None;
    }
    let digits = rest[mark..].iter().take_while(|b| b.is_ascii_digit()).count();
    let version = String::from_utf8_lossy(&rest[mark..mark + digits]).trim_start_matches('0').to_string();
    (version.len() < 6 || version.len() == 6 && version != "999999").then_some(mark + digits)
}

/// Bytes of the block comment at the start.
fn comment(rest: &[u8], dialect: Dialect) -> Option<usize> {
    let (mut depth, mut at) = (1, 2);
    while depth > 0 {
        match rest.get(at..).unwrap_or_default() {
            [] => return None,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            [b'/', b'*', ..] if dialect == Dialect::Postgres => (depth, at) = (depth + 1, at + 2),
            _ => at += 1,
        }
    }
    Some(at)
}
