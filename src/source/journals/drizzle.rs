//! Drizzle's `meta/_journal.json`: it runs what is listed there, in that order, as long as its moment is later than that of the
//! newest migration that a database has run.

use serde_json::Value;

use crate::model::origin::Problem;

use super::super::places::inside;
use super::super::snapshot::Snapshot;
use super::super::sources::SqlSource;
use super::Journal;

/// The names that a journal lists, with the moments that it gives them; `None` when it is no JSON.
pub fn entries(bytes: &[u8]) -> Option<Vec<(String, Option<u64>)>> {
    let journal: Value = serde_json::from_slice(bytes).ok()?;
    let entries = journal.get("entries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let entry = |entry: &Value| {
        let tag = entry.get("tag")?.as_str()?;
        Some((tag.to_string(), entry.get("when").and_then(Value::as_u64)))
    };
    Some(entries.iter().filter_map(entry).collect())
}

pub fn check(snapshot: &Snapshot<'_>, source: &SqlSource, journal: &Journal, problems: &mut Vec<Problem>) {
    if source.layout != "drizzle" {
        return;
    }
    let Some(entries) = entries(&journal.file.bytes) else {
        let message = format!("`{}` is no JSON: drizzle stops with an error.", journal.path);
        problems.push(journal.problem(&journal.path, "", message));
        return;
    };
    let mut newest: Option<(&str, u64)> = None;
    for (tag, when) in &entries {
        let path = inside(&source.path, &format!("{tag}.sql"));
        let quoted = format!("\"{tag}\"");
        if !snapshot.tree.has(&path) {
            let message =
                format!("`{}` lists `{tag}`, and there is no `{path}`: drizzle stops with an error.", journal.path);
            problems.push(journal.problem(&path, &quoted, message));
        }
        let Some(when) = *when else { continue };
        match newest {
            Some((other, moment)) if when <= moment => {
                let message = format!(
                    "`{tag}` has the moment {when} in `{}`, and `{other}`, which comes before it, {moment}: drizzle never runs it on a database that has run `{other}`, without a word.",
                    journal.path
                );
                problems.push(journal.problem(&path, &quoted, message));
            }
            _ => newest = Some((tag, when)),
        }
    }
}
