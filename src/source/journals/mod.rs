//! Files beside migrations in which a tool keeps what it knows of them: sums, journals, locks.
//!
//! Comes in: the sources of a revision. Goes out: problems where such a file does not fit the migrations. Must not know:
//! what a statement means.

mod atlas;
mod drizzle;
mod prisma;
mod sha256;

use std::sync::Arc;

use crate::model::origin::{FileId, Origin, Problem};

use super::files::File;
use super::places::inside;
use super::snapshot::Snapshot;
use super::sources::SqlSource;

pub use drizzle::entries;

/// The rule that tells it.
const RULE: &str = "migration-journal-stale";

/// What does not fit, source by source.
pub fn check(snapshot: &Snapshot<'_>, sources: &[SqlSource]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| !source.is_state()) {
        for (name, look) in KNOWN {
            if let Some(journal) = Journal::open(snapshot, &inside(&source.path, name)) {
                look(snapshot, source, &journal, &mut problems);
            }
        }
    }
    problems
}

type Look = fn(&Snapshot<'_>, &SqlSource, &Journal, &mut Vec<Problem>);

/// Where a tool keeps it, from the folder of the migrations, and who reads it.
const KNOWN: [(&str, Look); 3] =
    [("atlas.sum", atlas::check), ("meta/_journal.json", drizzle::check), ("migration_lock.toml", prisma::check)];

/// Such a file.
struct Journal {
    path: String,
    id: FileId,
    file: Arc<File>,
}

impl Journal {
    fn open(snapshot: &Snapshot<'_>, path: &str) -> Option<Self> {
        let id = snapshot.load(path).ok()?;
        Some(Self { path: path.to_string(), id, file: snapshot.files.get(id) })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.file.bytes).into_owned()
    }

    /// A problem at the first place where the file has these words, or at its beginning.
    fn problem(&self, subject: &str, words: &str, message: String) -> Problem {
        let at = memchr::memmem::find(&self.file.bytes, words.as_bytes());
        let (start, end) = at.map_or((0, 0), |at| (at, at + words.len()));
        Problem::remark(RULE, subject, Origin::new(self.id, start, end), message)
    }
}
