//! What a file and its runner say about a migration as a whole: transaction, down part, hashes.

use std::hash::{DefaultHasher, Hasher};

use crate::model::origin::{Origin, Text};
use crate::model::sql::{Action, Dialect, Migration, Step};
use crate::source::{Role, Snapshot, SqlFile, SqlSource};

use super::file::FileReader;
use super::split::Split;

/// Runners that hand a file over as one text: PostgreSQL runs several statements of one text in a transaction, a
/// single one on its own.
const WHOLE_TEXT: &[&str] = &["golang-migrate", "prisma"];
/// Runners that leave the transaction out when a statement can not run in one.
const DETECTS: &[&str] = &["flyway"];

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
        transactional: transactional(source, file, split, &steps, snapshot),
        has_down: None,
        down: None,
        round_trip: None,
        steps,
    }
}

fn transactional(source: &SqlSource, file: &SqlFile, split: &Split, steps: &[Step], snapshot: &Snapshot<'_>) -> bool {
    // MySQL commits before and after each schema statement, whatever the runner wraps around it.
    if source.dialect == Dialect::MySql || split.no_transaction || file.path.ends_with(".autocommit.up.sql") {
        return false;
    }
    if DETECTS.contains(&source.layout) {
        let concurrent = |s: &Step| {
            matches!(
                s.action,
                Action::CreateIndex { concurrently: true, .. } | Action::DropIndex { concurrently: true, .. }
            )
        };
        return !steps.iter().any(concurrent);
    }
    if WHOLE_TEXT.contains(&source.layout) {
        return split.pieces.iter().filter(|p| !p.down).count() > 1;
    }
    // A runner that lists its files in manifests sends their statements one by one.
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if source.layout == "versions" && snapshot.tree.has(&format!("{folder}/manifest.json")) {
        return false;
    }
    !(source.layout == "diesel" && diesel_opts_out(&file.path, snapshot))
}

/// `run_in_transaction = false` in the `metadata.toml` beside a diesel migration.
fn diesel_opts_out(path: &str, snapshot: &Snapshot<'_>) -> bool {
    let Some((folder, _)) = path.rsplit_once('/') else { return false };
    let Ok(id) = snapshot.load(&format!("{folder}/metadata.toml")) else { return false };
    let file = snapshot.files.get(id);
    String::from_utf8_lossy(&file.bytes).lines().any(|line| {
        line.split_once('=').is_some_and(|(key, value)| {
            key.trim() == "run_in_transaction" && value.split('#').next().unwrap_or_default().trim() == "false"
        })
    })
}
