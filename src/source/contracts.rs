//! Which files are root documents of contracts.
//!
//! Content decides: a top-level `openapi` or `swagger` key with a version. Names only decide which files are looked at
//! first. Several renderings of one contract (bundle and multi-file source, JSON and YAML, 2.0 and 3.0) count once.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::config::glob::Globs;
use crate::model::origin::{Origin, Problem, Text};
use crate::revision::EntryKind;

use super::outline::{Outline, outline};
use super::places::{Place, file_name, place, words};
use super::snapshot::Snapshot;
use super::sources::{ContractSource, Sources, Twin};

const EXTENSIONS: [&str; 4] = ["yaml", "yml", "json", "snap"];
/// Extensions of template languages, behind the real one.
const TEMPLATES: [&str; 8] = ["tmpl", "tpl", "gotmpl", "j2", "jinja", "erb", "mustache", "hbs"];
/// Words in a path that make a file worth a look before all others are looked at.
const HINTS: [&str; 20] = [
    "api",
    "apis",
    "rest",
    "oas",
    "oas2",
    "oas3",
    "spec",
    "specs",
    "specification",
    "contract",
    "contracts",
    "doc",
    "docs",
    "openapi3",
    "v1",
    "v2",
    "v3",
    "reference",
    "schema",
    "service",
];
/// Contracts have been seen up to 20 MB; what is larger than this is not looked at.
const LARGEST: u64 = 100_000_000;
/// Up to so many candidates, names do not matter: looking into all of them costs nothing.
const MANY: usize = 300;
/// When everything is looked at, only up to here.
const LARGEST_UNNAMED: u64 = 20_000_000;
/// Share of common paths (in per cent) from which two contracts of the same title are one.
const SAME: usize = 90;
/// So many common paths tell that two contracts of different titles are one.
const TELLING: usize = 4;
/// Up to so many contracts are compared with each other whatever their titles.
const FEW: usize = 60;
/// Folders with renderings for readers.
const SHOWN: [&str; 4] = ["doc", "docs", "website", "site"];
/// Words in a file's name that say for whom an API is, or how far it is.
const AUDIENCES: [&str; 14] = [
    "preview",
    "beta",
    "alpha",
    "experimental",
    "edge",
    "next",
    "legacy",
    "internal",
    "external",
    "private",
    "public",
    "admin",
    "partner",
    "unstable",
];

/// A contract that was found, at first sight.
struct Found {
    path: Text,
    outline: Outline,
}

/// Finds the contracts of a revision.
pub fn find(snapshot: &Snapshot<'_>, config: &Config, sources: &mut Sources) {
    if let Some(globs) = config.contracts() {
        sources.tried.extend(globs.iter().map(|glob| (*glob).to_string()));
        named(snapshot, &globs, sources);
        return;
    }
    sources.tried.push("*.yaml, *.yml, *.json and *.snap with a top-level `openapi:` or `swagger:` key".into());
    let candidates = candidates(snapshot);
    let mut look = |paths: Vec<&Text>, largest: u64| -> Vec<Found> {
        let mut found = Vec::new();
        for path in paths {
            match look(snapshot, path, largest) {
                Ok(one) => found.extend(one),
                Err(message) => sources.problems.extend(unreadable(snapshot, path, message)),
            }
        }
        found
    };
    let mut found = look(candidates.iter().filter(|path| hinted(path)).collect(), LARGEST);
    if found.is_empty() || candidates.len() <= MANY {
        found.extend(look(candidates.iter().filter(|path| !hinted(path)).collect(), LARGEST_UNNAMED));
    }
    let found = without_version(snapshot, found, sources);
    let (found, kept_out) = choose(found);
    sources.twins.extend(kept_out);
    sources.contracts = found.into_iter().map(|path| ContractSource { path }).collect();
}

/// Files that may be contracts, by name, in order of path.
fn candidates(snapshot: &Snapshot<'_>) -> Vec<Text> {
    let entries = snapshot.tree.entries().filter(|(_, entry)| entry.kind != EntryKind::Submodule);
    entries.map(|(path, _)| path).filter(|path| fits(path)).cloned().collect()
}

/// True where a word of the path says that it is worth a look before others.
pub fn hinted(path: &str) -> bool {
    words(path).any(|w| HINTS.contains(&w.as_str()) || w.contains("openapi") || w.contains("swagger"))
}

/// True for a file that may be a contract, by its name.
pub fn fits(path: &str) -> bool {
    let (stem, extension) = path.rsplit_once('.').unwrap_or(("", ""));
    let template = TEMPLATES.contains(&extension);
    let extension = if template { stem.rsplit_once('.').map_or("", |(_, e)| e) } else { extension };
    let name = file_name(path);
    let lock = name.ends_with("-lock.json") || name.ends_with("-lock.yaml") || name == "package.json";
    EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
        && !lock
        && !path.starts_with(".github/")
        && place(path) != Place::Foreign
}

/// Looks into a file. What turns out to be a contract stays loaded. An error says why the file cannot be read.
fn look(snapshot: &Snapshot<'_>, path: &Text, largest: u64) -> Result<Option<Found>, String> {
    let Some(entry) = snapshot.tree.entry(path) else { return Ok(None) };
    let found = |bytes: &[u8]| outline(bytes).map(|outline| Found { path: path.clone(), outline });
    if let Some(seen) = entry.id.as_deref().and_then(|id| snapshot.files.seen(id)) {
        return Ok(seen.map(|outline| Found { path: path.clone(), outline: (*outline).clone() }));
    }
    if entry.kind == EntryKind::Link {
        return Ok(snapshot.load(path).ok().and_then(|id| found(&snapshot.files.get(id).bytes)));
    }
    if snapshot.tree.size(path).is_some_and(|size| size > largest) {
        return Ok(None);
    }
    if let Some(known) = entry.id.as_deref().and_then(|id| snapshot.files.find(path, id)) {
        return Ok(found(&snapshot.files.get(known).bytes));
    }
    let content = snapshot.tree.read(path)?;
    let one = found(&content.bytes);
    let remembered = snapshot.files.remember(&content.id, one.as_ref().map(|found| &found.outline));
    if one.is_some() && !remembered {
        snapshot.files.add(path, &content.id, content.bytes);
    }
    Ok(one)
}

/// A file that is a contract by its name and cannot be read: nobody may believe that there is none.
fn unreadable(snapshot: &Snapshot<'_>, path: &Text, message: String) -> Option<Problem> {
    let name = file_name(path).to_lowercase();
    let contract = name.contains("openapi") || name.contains("swagger");
    let origin = || Origin::new(snapshot.files.add(path, "unreadable", Vec::new()), 0, 0);
    contract.then(|| Problem::new("file-unreadable", &**path, origin(), message))
}

/// True when the file at `path` is a contract at first sight.
pub fn is_contract(snapshot: &Snapshot<'_>, path: &Text) -> bool {
    matches!(look(snapshot, path, LARGEST), Ok(Some(found)) if !found.outline.version.is_empty())
}

/// Contracts that the configuration names: by a path always, by a pattern if they are contracts.
fn named(snapshot: &Snapshot<'_>, globs: &[&str], sources: &mut Sources) {
    let matcher = Globs::new(globs.iter().copied());
    for (path, entry) in snapshot.tree.entries() {
        if entry.kind == EntryKind::Submodule || !matcher.matches(path) {
            continue;
        }
        let exact = globs.iter().any(|glob| glob.trim_start_matches("./") == &**path);
        if exact || matches!(look(snapshot, path, LARGEST), Ok(Some(_))) {
            sources.contracts.push(ContractSource { path: path.clone() });
        }
    }
}

/// Leaves contracts out whose very version is filled in by a template, with a remark; the reader takes others as they
/// stand.
fn without_version(snapshot: &Snapshot<'_>, found: Vec<Found>, sources: &mut Sources) -> Vec<Found> {
    let (unknown, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|f| f.outline.version.is_empty());
    for one in unknown {
        if let Ok(file) = snapshot.load(&one.path) {
            let message = "this contract is a template without a version: it is not read";
            let origin = Origin::new(file, 0, 0);
            sources.problems.push(Problem::remark("contract-unreadable", &*one.path, origin, message));
        }
    }
    found
}

/// Why a file among tests or examples is no input.
pub const FIXTURE: &str = "looks like material for tests or examples";

/// Which of the found contracts count: no fixtures beside real ones, and of several renderings of one contract the
/// one that people edit.
fn choose(found: Vec<Found>) -> (Vec<Text>, Vec<Twin>) {
    let real = found.iter().any(|f| place(&f.path) < Place::Fixture);
    let (found, fixtures): (Vec<_>, Vec<_>) = found.into_iter().partition(|f| !real || place(&f.path) < Place::Fixture);
    let mut twins: Vec<Twin> = fixtures.into_iter().map(|f| Twin { path: f.path, of: None, reason: FIXTURE }).collect();
    // Renderings usually share the title; where there are few contracts, the paths alone may tell.
    let few = found.len() <= FEW;
    let mut by_title: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for one in &found {
        by_title.entry(if few { "" } else { one.outline.title.as_str() }).or_default().push(one);
    }
    let mut kept: Vec<Text> = Vec::new();
    for (_, mut group) in by_title {
        group.sort_by_cached_key(|f| preference(f));
        let mut chosen: Vec<&Found> = Vec::new();
        for one in group {
            match chosen.iter().find(|other| same(one, other)) {
                Some(other) => twins.push(Twin {
                    path: one.path.clone(),
                    of: Some(other.path.clone()),
                    reason: "is another rendering of the same contract",
                }),
                None => chosen.push(one),
            }
        }
        kept.extend(chosen.iter().map(|f| f.path.clone()));
    }
    kept.sort();
    twins.sort();
    (kept, twins)
}

/// The rendering that people edit sorts first: not in a folder for generated files or for readers, split over several
/// files, of the newer kind (a 2.0 twin is kept for old tools), YAML rather than JSON, the shortest path.
fn preference(found: &Found) -> (Place, bool, bool, bool, bool, usize, Text) {
    let json = found.path.ends_with(".json");
    let old = found.outline.version.starts_with('2');
    let shown = words(&found.path).any(|w| SHOWN.contains(&w.as_str()));
    (place(&found.path), !found.outline.external, shown, old, json, found.path.len(), found.path.clone())
}

/// True when `one` is another rendering of `chosen`: (nearly) the same paths; or, if it is generated, a selection of
/// them. Generations and audiences of an API are contracts of their own.
fn same(one: &Found, chosen: &Found) -> bool {
    let (ours, theirs) = (&one.outline.paths, &chosen.outline.paths);
    let common = ours.intersection(theirs).count();
    let all = ours.len() + theirs.len() - common;
    let title = one.outline.title == chosen.outline.title;
    let selection = title && place(&one.path) == Place::Generated && place(&chosen.path) == Place::Own;
    let enough = common * 100 >= all * SAME || (selection && common * 100 >= ours.len() * SAME);
    let kinds = |path: &str| {
        let audiences = words(file_name(path)).filter(|w| AUDIENCES.contains(&w.as_str()));
        let mut kinds: Vec<String> = words(path).filter(|w| is_version(w)).chain(audiences).collect();
        kinds.sort();
        kinds
    };
    enough && (title && common > 0 || common >= TELLING) && kinds(&one.path) == kinds(&chosen.path)
}

/// `v1`, `v59`: a generation of the API, not a rendering.
fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
