//! What a file says about a migration as a whole: names, hashes, whether it wants a transaction.
//!
//! What other files of the revision say about it (its down part, settings of the runner) is put in by `series`.

use std::hash::{DefaultHasher, Hasher};

use crate::model::origin::{Origin, Text};
use crate::model::sql::{Migration, RoundTrip, Step};
use crate::source::{Role, SqlFile};

use super::file::FileReader;
use super::split::Split;

/// Puts a migration together.
pub fn migration(
    file: &SqlFile,
    reader: &FileReader,
    split: &Split,
    steps: Vec<Step>,
    round_trip: Option<Box<RoundTrip>>,
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
        transactional: false,
        has_down: None,
        down: None,
        round_trip,
        steps,
    }
}
