//! `atlas.sum`: a hash for each file, over the names and contents of this file and all before it, and one over all of them.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::model::origin::{Origin, Problem};

use super::super::places::{file_name, inside, parent};
use super::super::snapshot::Snapshot;
use super::super::sources::{Role, SqlSource};
use super::sha256::Sha256;
use super::{Journal, RULE};

/// By which a file asks to be left out.
const IGNORED: &[u8] = b"atlas:sum ignore";

pub fn check(snapshot: &Snapshot<'_>, source: &SqlSource, journal: &Journal, problems: &mut Vec<Problem>) {
    let text = journal.text();
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let Some(total) = lines.next().and_then(|line| line.strip_prefix("h1:")) else {
        let message = format!("`{}` does not begin with a sum: Atlas refuses all of it.", journal.path);
        problems.push(journal.problem(&journal.path, "", message));
        return;
    };
    let listed: Vec<(&str, &str)> = lines.filter_map(|line| line.rsplit_once(" h1:")).collect();
    let names: BTreeSet<&str> = listed.iter().map(|(name, _)| *name).collect();
    let before = problems.len();
    for file in source.files.iter().filter(|f| f.role != Role::Down && *parent(&f.path) == *source.path) {
        let Ok(id) = snapshot.load(&file.path) else { continue };
        let bytes = &snapshot.files.get(id).bytes;
        if names.contains(file_name(&file.path)) || memmem::find(bytes, IGNORED).is_some() {
            continue;
        }
        let message = format!("`{}` is not in `{}`: Atlas stops with a checksum error.", file.path, journal.path);
        problems.push(Problem::remark(RULE, &*file.path, Origin::new(id, 0, bytes.len()), message));
    }
    // Each hash goes on from the one before: behind the first that is wrong, none says anything.
    let (mut files, mut all) = (Sha256::default(), Sha256::default());
    for (name, hash) in &listed {
        let path = inside(&source.path, name);
        let Ok(id) = snapshot.load(&path) else {
            let message =
                format!("`{}` lists `{name}`, which is not there: Atlas stops with a checksum error.", journal.path);
            problems.push(journal.problem(&path, name, message));
            return;
        };
        let bytes = &snapshot.files.get(id).bytes;
        files.update(name.as_bytes());
        files.update(bytes);
        if files.base64() != *hash {
            let message = format!(
                "`{path}` does not have the sum that `{}` gives, or a file before it was added or changed: Atlas stops with a checksum error.",
                journal.path
            );
            problems.push(Problem::remark(RULE, path, Origin::new(id, 0, bytes.len()), message));
            return;
        }
        all.update(name.as_bytes());
        all.update(hash.as_bytes());
    }
    if problems.len() == before && all.base64() != total {
        let message = format!(
            "The first line of `{}` is not the sum of the others: Atlas stops with a checksum error.",
            journal.path
        );
        problems.push(journal.problem(&journal.path, total, message));
    }
}
