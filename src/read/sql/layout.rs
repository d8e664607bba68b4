//! What a file and its runner say about a migration as a whole: transaction, down part, hashes.

use std::hash::{DefaultHasher, Hasher};

use crate::model::origin::{Origin, Text};
use crate::model::sql::{Migration, Step};
use crate::source::{Role, Snapshot, SqlFile, SqlSource};

use super::file::FileReader;
use super::split::Split;
use super::transactions;

/// Puts a migration together.
pub fn migration(
    source: &SqlSource,
    file: &SqlFile,
    reader: &FileReader,
    split: &Split,
    steps: Vec<Step>,
    snapshot: &Snapshot<'_>,
) -> Migration {
    let mut hasher = DefaultHasher::new();
    hasher.write(reader.bytes());
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    Migration {
        version: file.version.clone(),
        name: Text::from(name),
        path: file.path.clone(),
        meaning: split.meaning,
        content: hasher.finish(),
        origin: Origin::new(reader.id, 0, reader.bytes().len()),
        repeatable: file.role == Role::Repeatable,
        transactional: transactions::wrapped(source, file, split, &steps, snapshot),
        has_down: None,
        down: None,
        round_trip: None,
        steps,
    }
}
