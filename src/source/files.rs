//! The loaded files of a comparison: bytes, line indexes, and the way from a span of bytes to line and column.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use super::outline::Outline;
use crate::model::origin::{FileId, Origin, Text};

/// A loaded file version.
#[derive(Debug)]
pub struct File {
    pub path: Text,
    pub bytes: Vec<u8>,
    lines: OnceLock<Vec<u32>>,
    marks: OnceLock<Vec<u32>>,
}

/// Bytes from one mark to the next. A minified file is one line, and its places must not cost its length each.
const MARK: usize = 4096;

impl File {
    fn new(path: Text, bytes: Vec<u8>) -> Self {
        Self { path, bytes, lines: OnceLock::new(), marks: OnceLock::new() }
    }

    /// Start offsets of all lines; `\n` ends a line (`\r\n` too).
    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', &self.bytes).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(ends).collect()
        })
    }

    /// 1-based line and column of a byte offset; columns count Unicode scalar values (bytes that could only go on a character never count).
    pub fn position(&self, offset: u32) -> (u32, u32) {
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= offset).max(1);
        let start = lines[line - 1] as usize;
        let end = (offset as usize).min(self.bytes.len()).max(start);
        let column = self.characters(end).saturating_sub(self.characters(start));
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column + 1).unwrap_or(u32::MAX))
    }

    /// The 1-based column of a byte offset as it is counted in bytes.
    pub fn byte_column(&self, offset: u32) -> u32 {
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= offset).max(1);
        let end = offset.min(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        end.saturating_sub(lines[line - 1]).saturating_add(1)
    }

    /// Characters before each mark of the file.
    fn marks(&self) -> &[u32] {
        self.marks.get_or_init(|| {
            let mut before = 0;
            let blocks = self.bytes.chunks_exact(MARK).map(|block| {
                before += u32::try_from(starts(block).count()).unwrap_or_default();
                before
            });
            std::iter::once(0).chain(blocks).collect()
        })
    }

    /// Characters before a byte offset.
    fn characters(&self, offset: usize) -> usize {
        let marks = self.marks();
        let mark = (offset / MARK).min(marks.len().saturating_sub(1));
        let rest = self.bytes.get(mark * MARK..offset).unwrap_or_default();
        marks.get(mark).map_or(0, |before| *before as usize) + starts(rest).count()
    }

    /// The byte, counted from the start of the 1-based line, at which the character after the first `skipped` starts;
    /// past the end of the line when it has no more.
    pub fn byte_in_line(&self, line: u32, skipped: usize) -> usize {
        let start = self.lines().get((line as usize).saturating_sub(1)).map_or(self.bytes.len(), |s| *s as usize);
        let wanted = self.characters(start).saturating_add(skipped);
        let marks = self.marks();
        let mark = marks.partition_point(|before| *before as usize <= wanted).saturating_sub(1);
        let before = marks.get(mark).map_or(0, |before| *before as usize);
        let rest = self.bytes.get(mark * MARK..).unwrap_or_default();
        let found = starts(rest).nth(wanted.saturating_sub(before));
        found.map_or(self.bytes.len(), |at| mark * MARK + at).saturating_sub(start)
    }

    /// The bytes of a 1-based line without its end; empty when there is no such line.
    pub fn line_bytes(&self, line: u32) -> &[u8] {
        let lines = self.lines();
        let index = (line as usize).saturating_sub(1);
        let Some(start) = lines.get(index) else { return &[] };
        let end = lines.get(index + 1).map_or(self.bytes.len(), |e| *e as usize);
        let bytes = self.bytes.get(*start as usize..end).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        bytes.strip_suffix(b"\r").unwrap_or(bytes)
    }

    /// The text of a 1-based line without its end; empty when there is no such line.
    pub fn line_text(&self, line: u32) -> String {
        String::from_utf8_lossy(self.line_bytes(line)).into_owned()
    }

    /// Where the line of a byte starts and ends, its end not included.
    pub fn line_around(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.bytes.len());
        let start = memchr::memrchr(b'\n', self.bytes.get(..offset).unwrap_or_default()).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', self.bytes.get(offset..).unwrap_or_default())
            .map_or(self.bytes.len(), |at| offset + at);
        (start, end)
    }

    /// Number of lines.
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.lines().len()).unwrap_or(u32::MAX)
    }
}

/// Where characters start.
fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80).map(|(at, _)| at)
}

/// A place in a file as people count: 1-based, columns in Unicode scalar values, end column exclusive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub path: Text,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// All files loaded for a comparison. A path with the same content in both revisions is one entry.
#[derive(Debug, Default)]
pub struct Files {
    table: RwLock<Table>,
    /// For those who look at many revisions: which contents are contracts, by content id.
    seen: Option<Mutex<HashMap<String, Seen>>>,
}

/// What a file is at first sight, if it is a contract.
type Seen = Option<Arc<Outline>>;

#[derive(Debug, Default)]
struct Table {
    files: Vec<Arc<File>>,
    /// By path, then by the id of the content.
    known: HashMap<Text, HashMap<String, FileId>>,
}

impl Files {
    /// A table for many revisions: what is a contract is remembered, and its bytes are not kept for having been looked at.
    pub fn for_history() -> Self {
        Self { seen: Some(Mutex::default()), ..Self::default() }
    }

    /// What is remembered of a content.
    pub(super) fn seen(&self, content_id: &str) -> Option<Seen> {
        let seen = self.seen.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(content_id).cloned()
    }

    /// Remembers what a content is; false where nothing is remembered.
    pub(super) fn remember(&self, content_id: &str, outline: Option<&Outline>) -> bool {
        let Some(seen) = &self.seen else { return false };
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(content_id.to_string(), outline.cloned().map(Arc::new));
        true
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> usize {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.files.iter().map(|file| file.bytes.len()).sum()
    }

    /// Adds a file unless the same path with the same content id is known.
    pub fn add(&self, path: &str, content_id: &str, bytes: Vec<u8>) -> FileId {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = table.known.get(path).and_then(|versions| versions.get(content_id)) {
            return *id;
        }
        let id = FileId(u32::try_from(table.files.len()).unwrap_or(u32::MAX));
        // Versions of a file share its path.
        let path = table.known.get_key_value(path).map_or_else(|| Text::from(path), |(path, _)| path.clone());
        table.files.push(Arc::new(File::new(path.clone(), bytes)));
        table.known.entry(path).or_default().insert(content_id.to_string(), id);
        id
    }

    /// The id of a file that was added with that content id.
    pub fn find(&self, path: &str, content_id: &str) -> Option<FileId> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.known.get(path)?.get(content_id).copied()
    }

    /// The file; ids come from this table.
    pub fn get(&self, id: FileId) -> Arc<File> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        match table.files.get(id.0 as usize) {
            Some(file) => file.clone(),
            None => Arc::new(File::new(Text::from(""), Vec::new())),
        }
    }

    /// Line and column of an origin.
    pub fn locate(&self, origin: Origin) -> Location {
        let file = self.get(origin.file);
        let (line, column) = file.position(origin.start);
        let (end_line, end_column) = file.position(origin.end);
        Location { path: file.path.clone(), line, column, end_line, end_column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let files = Files::default();
        let id = files.add("a", "1", "äb\r\ncd\n".as_bytes().to_vec());
        let at = files.locate(Origin::new(id, 2, 6));
        assert_eq!((at.line, at.column, at.end_line, at.end_column), (1, 2, 2, 2));
        assert_eq!(files.get(id).line_text(1), "äb");
        assert_eq!(files.get(id).line_text(9), "");
        assert_eq!(files.get(id).position(999).0, 3);
    }

    #[test]
    fn positions_in_long_lines() {
        let text = format!("{}\n{}", "ä".repeat(5 * MARK + 7), "xyö".repeat(MARK));
        let file = File::new("a".into(), text.clone().into_bytes());
        for (at, _) in text.char_indices().step_by(97) {
            let before = text[..at].rsplit('\n').next().unwrap_or_default();
            let line = if at > 10 * MARK + 14 { 2 } else { 1 };
            let skipped = before.chars().count();
            assert_eq!(file.position(at as u32), (line, skipped as u32 + 1), "{at}");
            assert_eq!(file.byte_in_line(line, skipped), before.len(), "{at}");
            assert_eq!(file.byte_column(at as u32), before.len() as u32 + 1, "{at}");
        }
    }
}
