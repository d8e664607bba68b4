//! Blocks of a YAML text, by indentation.
//!
//! In block style all of a value stands deeper than its key, but for the items of a list, which may begin at its column. So
//! only lines at the column of the blocks matter, and each of them must be a key: whatever else stands there (a bracket that
//! closes, a directive) ends it. Lines that are deeper are not looked at, be they keys or text.

use memchr::{memchr, memchr_iter, memmem};

use super::closed;
use super::outline::{Form, Next, Outline};

/// The root, a mapping of it, a kind of component.
const LEVELS: usize = 3;

/// A key whose value is being passed.
struct Open {
    holder: u32,
    name: String,
    start: usize,
    /// Behind the colon.
    colon: usize,
    /// Nothing but a comment stands behind the colon.
    below: bool,
    /// Behind the last line of the value.
    end: usize,
}

struct Scanner<'t> {
    text: &'t [u8],
    outline: Outline,
    /// Columns of the keys at the levels that are open.
    columns: [usize; LEVELS],
    holders: [u32; LEVELS],
    level: usize,
    /// The block that is being passed.
    open: Option<Open>,
    /// The next line that is deeper opens a level of this holder.
    descend: Option<u32>,
}

pub(super) fn scan(text: &[u8], start: usize) -> Option<Outline> {
    is_plain(text)?;
    let outline = Outline::new(Form::Yaml);
    let (columns, holders) = ([0; LEVELS], [0; LEVELS]);
    let mut scanner = Scanner { text, outline, columns, holders, level: 0, open: None, descend: None };
    let mut from = start;
    let mut begun = false;
    while from < text.len() {
        let end = memchr(b'\n', text.get(from..)?).map_or(text.len(), |n| from + n + 1);
        let line = text.get(from..end)?;
        // A mark before the first key begins the document; any other is that of a second one.
        if !begun && line.starts_with(b"---") && is_blank(line.get(3..)?) {
            begun = true;
        } else {
            scanner.line(line, from)?;
            begun |= scanner.open.is_some() || scanner.descend.is_some();
        }
        from = end;
    }
    scanner.close(text.len())?;
    closed::check(text, &scanner.outline)?;
    Some(scanner.outline)
}

/// False for texts whose parts depend on each other in other ways than by reference, or whose lines end otherwise.
fn is_plain(text: &[u8]) -> Option<()> {
    let within = |at: usize| {
        let before = text.get(..at).unwrap_or_default().trim_ascii_end();
        matches!(before.last(), Some(b',' | b'[' | b'{'))
    };
    let begins = |at: usize| closed::begins(text, at) || within(at);
    let anchor = |at: usize| begins(at) && text.get(at + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
    if memchr_iter(b'&', text).any(anchor) || memmem::find_iter(text, "{{").any(begins) {
        return None;
    }
    let alone = |at: usize| text.get(at + 1) != Some(&b'\n');
    (!memchr_iter(b'\r', text).any(alone)).then_some(())
}

/// Nothing, or a comment.
fn is_blank(rest: &[u8]) -> bool {
    let text = rest.trim_ascii_start();
    text.is_empty() || (text.starts_with(b"#") && text.len() < rest.len())
}

impl Scanner<'_> {
    fn line(&mut self, line: &[u8], from: usize) -> Option<()> {
        let column = line.iter().position(|byte| *byte != b' ').unwrap_or(line.len());
        let here = self.columns.get(self.level).copied()?;
        let first = match line.get(column) {
            None | Some(b'\n' | b'\r') => return Some(()),
            Some(first) => *first,
        };
        if column > here && self.descend.is_none() && (first != b'#' || self.open.is_some()) {
            self.open.as_mut()?.end = from + line.len();
            return Some(());
        }
        if first == b'#' {
            return Some(());
        }
        if first == b'\t' {
            return line.trim_ascii().is_empty().then_some(());
        }
        if let Some(holder) = self.descend.take()
            && column > here
        {
            self.level += 1;
            *self.columns.get_mut(self.level)? = column;
            *self.holders.get_mut(self.level)? = holder;
            return self.key(line, column, from);
        }
        // The items of a list stand at the column of its key.
        if column == here && first == b'-' && line.get(column + 1).is_none_or(u8::is_ascii_whitespace) {
            let open = self.open.as_mut().filter(|open| open.below)?;
            open.end = from + line.len();
            return Some(());
        }
        while self.columns.get(self.level).is_some_and(|known| column < *known) {
            self.level -= 1;
        }
        (self.columns.get(self.level) == Some(&column)).then_some(())?;
        self.key(line, column, from)
    }

    /// A line that must be a key of the innermost level.
    fn key(&mut self, line: &[u8], column: usize, from: usize) -> Option<()> {
        self.close(from)?;
        let (name, length) = key(line.get(column..)?)?;
        let (start, colon) = (from + column, from + column + length);
        let below = is_blank(line.get(column + length..)?);
        let holder = *self.holders.get(self.level)?;
        match self.outline.next(holder, &name)? {
            Next::Into(inner) if below => self.descend = Some(inner),
            // An empty mapping in one line; anything else hides what is in it.
            Next::Into(_) if line.get(column + length..)?.trim_ascii() == b"{}" => {}
            Next::Into(_) => return None,
            Next::Block => {
                let end = from + line.trim_ascii_end().len();
                self.open = Some(Open { holder, name, start, colon, below, end });
            }
        }
        Some(())
    }

    /// Ends the open block before the line that begins here.
    fn close(&mut self, next: usize) -> Option<()> {
        let Some(open) = self.open.take() else { return Some(()) };
        let text = self.text.get(open.start..open.end)?;
        let end = open.start + text.trim_ascii_end().len();
        let value = (open.below && end > open.colon).then_some(open.colon..next);
        self.outline.add(open.holder, open.name, open.start..end, value)
    }
}

/// A key at the start of a line: its text, and the length up to its colon.
fn key(line: &[u8]) -> Option<(String, usize)> {
    let quote = *line.first()?;
    let (name, length) = match quote {
        b'"' | b'\'' => {
            let end = memchr(quote, line.get(1..)?)? + 1;
            let name = line.get(1..end)?;
            (!name.contains(&b'\\')).then_some(())?;
            (name, end + 1)
        }
        b'a'..=b'z'
        | b'A'..=b'Z'
        | b'0'..=b'9'
        | b'/'
        | b'_'
        | b'$'
        | b'.'
        | b'^'
        | b'('
        | b'<'
        | b'~'
        | b'+'
        | b'='
        | 0x80.. => {
            let ends = |at: &usize| line.get(at + 1).is_none_or(u8::is_ascii_whitespace);
            let end = memchr_iter(b':', line).find(ends)?;
            let name = line.get(..end)?;
            (memmem::find(name, b" #").is_none()).then_some(())?;
            (name.trim_ascii_end(), end)
        }
        _ => return None,
    };
    let rest = line.get(length..)?;
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    let colon = length + spaces;
    let after = line.get(colon + 1);
    let ends = line.get(colon) == Some(&b':') && after.is_none_or(u8::is_ascii_whitespace);
    ends.then_some((std::str::from_utf8(name).ok()?.to_string(), colon + 1))
}
