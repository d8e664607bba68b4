//! Files in folders of migrations that the runner does not take: they are not replayed, and told.

use memchr::memmem;

use crate::model::origin::{Origin, Problem, Text};

use super::layout::{Grammar, Reach};
use super::migrations::read;
use super::places::{inside, parent};
use super::snapshot::Snapshot;
use super::sources::SqlSource;
use super::states::is_dump;
use super::tables::Tables;

/// The rule that tells it.
const RULE: &str = "migration-ignored";

/// A folder of migrations whose names follow a grammar.
pub struct Folder {
    pub root: String,
    pub grammar: &'static Grammar,
    pub runner: &'static str,
}

/// Takes the files out of `rest` that lie among migrations, make or change tables, and are never run.
pub fn take(snapshot: &Snapshot<'_>, folders: &[Folder], sources: &[SqlSource], rest: &mut Vec<Text>) -> Vec<Problem> {
    let mut problems = Vec::new();
    rest.retain(|path| {
        let Some(folder) = folders.iter().find(|folder| folder.owns(path, sources)) else { return true };
        let bytes = &read(snapshot, path).bytes;
        if !is_step(bytes) || is_dump(path, bytes) {
            return true;
        }
        let Folder { grammar, runner, .. } = folder;
        // The way back is told with the way there.
        if path.to_ascii_lowercase().ends_with("down.sql") {
            return false;
        }
        problems.extend(problem(
            snapshot,
            path,
            format!("`{path}` is not named like `{}`: {runner} {}.", grammar.like, grammar.otherwise),
        ));
        false
    });
    problems
}

/// What is told about a file that is never run.
pub fn problem(snapshot: &Snapshot<'_>, path: &Text, message: String) -> Option<Problem> {
    let id = snapshot.load(path).ok()?;
    let end = snapshot.files.get(id).bytes.len();
    Some(Problem::remark(RULE, &**path, Origin::new(id, 0, end), message))
}

impl Folder {
    fn owns(&self, path: &str, sources: &[SqlSource]) -> bool {
        let skip = if self.root.is_empty() { 0 } else { self.root.len() + 1 };
        let Some(name) = path.get(skip..).filter(|name| inside(&self.root, name) == path) else { return false };
        if (self.grammar.takes)(name) {
            return false;
        }
        let folder = parent(path);
        match self.grammar.reach {
            Reach::Everywhere => true,
            // Beside the file that is run, others are its material.
            Reach::Steps => {
                let run = |s: &SqlSource| s.files.iter().any(|file| parent(&file.path) == folder);
                folder == self.root || (parent(folder) == self.root && !sources.iter().any(run))
            }
            Reach::Folder => folder == self.root,
        }
    }
}

/// Makes or changes tables: other files beside migrations are views, functions and rows that somebody else loads.
fn is_step(bytes: &[u8]) -> bool {
    let mut tables = Tables::default();
    tables.collect(bytes);
    let names = !tables.created.is_empty() || !tables.altered.is_empty();
    names && memmem::find(bytes, b"-- name:").is_none()
}
