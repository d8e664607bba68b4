//! The comments of one revision that speak to us.

use std::collections::HashSet;

use crate::model::Remark;
use crate::read;
use crate::read::document::Cache;
use crate::source::{Role, Snapshot};

use super::side::Side;

/// The remarks in contracts and SQL, file by file. What was read is not read again.
pub fn of(side: &Side, snapshot: Snapshot<'_>, documents: &Cache) -> Vec<Remark> {
    let mut seen = HashSet::new();
    let mut remarks = Vec::new();
    for id in side.model.apis.iter().flat_map(|api| &api.files) {
        if seen.insert(*id) {
            remarks.extend(read::document::remarks(&documents.get(snapshot.files, *id)));
        }
    }
    for source in &side.sources.sql {
        for file in source.files.iter().filter(|file| file.role != Role::Code) {
            let Ok(id) = snapshot.load(&file.path) else { continue };
            if seen.insert(id) {
                remarks.extend(read::sql::remarks(id, &snapshot.files.get(id), source.dialect));
            }
        }
    }
    // Files that no runner would run are no source, and still something is said about them.
    let dialect = side.sources.sql.first().map(|source| source.dialect).unwrap_or_default();
    for id in side.model.problems.iter().map(|problem| problem.origin.file) {
        let file = snapshot.files.get(id);
        if file.path.ends_with(".sql") && seen.insert(id) {
            remarks.extend(read::sql::remarks(id, &file, dialect));
        }
    }
    remarks
}
