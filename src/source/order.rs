//! Orders that are written down: journals, changelogs and manifests beside the migrations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::origin::{Problem, Text};

use super::ignored;
use super::journals;
use super::layout::{Part, includes, version_folder};
use super::migrations::{Steps, read};
use super::places::{file_name, inside, parent};
use super::snapshot::Snapshot;

/// Puts steps into the order that a list of the layout gives, and leaves out what it does not name; tells what the runner
/// passes over without a word.
pub fn listed(snapshot: &Snapshot<'_>, root: &str, layout: &str, steps: &mut Steps) -> Vec<Problem> {
    match layout {
        "drizzle" => return journal(snapshot, root, steps),
        "liquibase" => changelog(snapshot, root, steps),
        "versions" => manifests(snapshot, root, steps),
        _ => {}
    }
    Vec::new()
}

/// Drizzle runs what its journal lists, in that order.
fn journal(snapshot: &Snapshot<'_>, root: &str, steps: &mut Steps) -> Vec<Problem> {
    let path = inside(root, "meta/_journal.json");
    let entries = journals::entries(&read(snapshot, &path).bytes).unwrap_or_default();
    let order: BTreeMap<&str, u128> = entries.iter().map(|(tag, _)| tag.as_str()).zip(0..).collect();
    if order.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    steps.retain_mut(|(file, step)| match order.get(step.version.as_str()) {
        Some(at) => {
            step.key = vec![Part::Number(*at)];
            true
        }
        None => {
            let message = format!("`{file}` is not in `{path}`: drizzle never runs it, without a word.");
            problems.extend(ignored::problem(snapshot, file, message));
            false
        }
    });
    problems
}

/// Liquibase runs what its changelog includes, in that order; formatted SQL may be a changelog itself.
fn changelog(snapshot: &Snapshot<'_>, root: &str, steps: &mut Steps) {
    let above = std::iter::successors(Some(root), |at| (!at.is_empty()).then(|| parent(at))).take(3);
    let folders: BTreeSet<&str> = above.collect();
    let is_changelog = |path: &Text| {
        let name = file_name(path).to_ascii_lowercase();
        let kind = [".yaml", ".yml", ".xml", ".json"].iter().any(|end| name.ends_with(end));
        kind && name.contains("changelog") && folders.contains(parent(path))
    };
    let logs = snapshot.tree.entries().map(|(path, _)| path).filter(|path| is_changelog(path));
    let mut order: BTreeMap<Text, u128> = BTreeMap::new();
    for log in logs {
        for include in includes(&String::from_utf8_lossy(&read(snapshot, log).bytes)) {
            let named = |path: &Text| {
                let all = include.ends_with('/') && format!("/{}/", parent(path)).ends_with(&format!("/{include}"));
                all || format!("/{path}").ends_with(&format!("/{include}"))
            };
            for path in steps.iter().map(|(path, _)| path).filter(|path| named(path)) {
                let next = order.len() as u128;
                order.entry(path.clone()).or_insert(next);
            }
        }
    }
    if order.is_empty() {
        return;
    }
    steps.retain_mut(|(path, step)| {
        let at = order.get(path);
        step.key = at.map(|at| vec![Part::Number(*at)]).unwrap_or_default();
        at.is_some()
    });
}

/// A folder's `manifest.json` names the files of its version in their order.
fn manifests(snapshot: &Snapshot<'_>, root: &str, steps: &mut Steps) {
    let mut lists: BTreeMap<Text, Option<Vec<String>>> = BTreeMap::new();
    steps.retain_mut(|(path, step)| {
        let folder: Text = parent(path).into();
        let list = lists.entry(folder.clone()).or_insert_with(|| manifest(snapshot, &folder));
        let Some(list) = list else { return true };
        let at = list.iter().position(|name| name == file_name(path));
        let version = folder.get(root.len()..).map(|rest| rest.trim_start_matches('/')).and_then(version_folder);
        step.key = version.unwrap_or_default().into_iter().map(Part::Number).collect();
        step.key.extend([Part::Number(0), Part::Text(String::new()), Part::Number(at.unwrap_or_default() as u128)]);
        at.is_some()
    });
}

/// The names in the only list of SQL files that a folder's manifest has.
pub fn manifest(snapshot: &Snapshot<'_>, folder: &str) -> Option<Vec<String>> {
    let path = inside(folder, "manifest.json");
    if !snapshot.tree.has(&path) {
        return None;
    }
    let manifest: Value = serde_json::from_slice(&read(snapshot, &path).bytes).ok()?;
    let names = |list: &Value| -> Option<Vec<String>> {
        let names: Vec<String> = list.as_array()?.iter().filter_map(Value::as_str).map(str::to_string).collect();
        (!names.is_empty() && names.iter().all(|name| name.ends_with(".sql"))).then_some(names)
    };
    manifest.as_object()?.values().find_map(names)
}
