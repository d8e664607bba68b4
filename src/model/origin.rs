//! Where something is written down.
//!
//! An origin is a file of the comparison and a span of bytes in it. Lines and columns are worked out only for what
//! is reported (`source::Files::locate`), because a contract has a hundred thousand origins and a report has ten.

use std::sync::Arc;

/// A file version of the comparison: equal ids mean equal path and equal bytes, on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A span of bytes in a file; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Origin {
    /// The span `start..end` of `file`, in bytes.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clip(start), end: clip(end.max(start)) }
    }

    /// True when it is part of the other.
    pub fn within(self, whole: Self) -> bool {
        self.file == whole.file && whole.start <= self.start && self.end <= whole.end
    }
}

/// Something that could not be read. The reader went on; what depends on it is marked as tainted.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The input rule that reports it, such as `statement-unreadable` or `reference-unresolved`.
    pub rule: &'static str,
    /// What it concerns, in stable words (a reference, an object name, the start of the statement): part of the
    /// fingerprint, so no line numbers.
    pub subject: String,
    pub origin: Origin,
    /// One sentence in plain words.
    pub message: String,
    /// True when a verdict may be missing because of it; false for remarks (a duplicate key that was resolved).
    pub incomplete: bool,
}

impl Problem {
    /// A problem that leaves the reading incomplete.
    pub fn new(rule: &'static str, subject: impl Into<String>, origin: Origin, message: impl Into<String>) -> Self {
        Self { rule, subject: subject.into(), origin, message: message.into(), incomplete: true }
    }

    /// A remark: worth a line, but nothing is missing because of it.
    pub fn remark(rule: &'static str, subject: impl Into<String>, origin: Origin, message: impl Into<String>) -> Self {
        Self { incomplete: false, ..Self::new(rule, subject, origin, message) }
    }
}

/// A value and what could not be read on the way to it. Readers never fail on content.
#[derive(Debug, Clone)]
pub struct Read<T> {
    pub value: T,
    pub problems: Vec<Problem>,
}

/// Short text shared by many values.
pub type Text = Arc<str>;
