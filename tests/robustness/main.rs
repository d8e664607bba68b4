//! Random damage to the demo and to the examples of all rule pages, through the whole pipeline.
//!
//! Whatever the files hold: no panic, an end in bounded time, places that lie inside their files, the same bytes again
//! whatever order and identities the files come with, and silence where nothing changed. `DRIFTLINE_CASES` is the
//! number of cases; `DRIFTLINE_SEED` runs one. Files of a case that fails are left under `target/tmp/robustness`.

mod formats;
mod mutate;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use driftline::check::{self, Settings};
use driftline::config::{Config, Date};
use driftline::report::model::{self, Understood};
use driftline::report::{Report, Revision};
use driftline::revision::{Compared, Content, Entry, EntryKind, Store, Tree};
use driftline::rules::Status;
use driftline::source::Location;
use mutate::{Random, Raw, mutate, remarked};
use serde_json::Value;

/// Far above what any case needs, also on a machine that is busy and without optimisation.
const LONGEST: Duration = Duration::from_secs(30);

#[test]
fn nothing_shakes_it() {
    let examples = examples();
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let seeds = match number("DRIFTLINE_SEED") {
        Some(seed) => seed..seed + 1,
        // As long as others need for their million.
        None => 0..number("DRIFTLINE_CASES").map_or(250, |cases| (cases / 20).max(1)),
    };
    for seed in seeds {
        let (base, head) = case(&examples, seed);
        let started = Instant::now();
        let wrong = match catch_unwind(AssertUnwindSafe(|| judge(&base, &head))) {
            Ok(Ok(())) if started.elapsed() > LONGEST => Some(format!("took {:?}", started.elapsed())),
            Ok(Ok(())) => None,
            Ok(Err(wrong)) => Some(wrong),
            Err(panic) => Some(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".into())),
        };
        if let Some(wrong) = wrong {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("robustness/{seed}"));
            keep(&folder, &base, &head);
            panic!("DRIFTLINE_SEED={seed}: {wrong}\nits files are in {}", folder.display());
        }
    }
}

/// Base and head of the demo and of every page.
fn examples() -> Vec<(Vec<Raw>, Vec<Raw>)> {
    let raw = |files: Vec<support::File>| files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let pages = support::page::all().into_iter().flat_map(|page| [page.example, page.quiet]);
    let pages = pages.map(|fences| support::sides(&fences)).map(|(base, head)| (raw(base), raw(head)));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let shop = folder(&data.join("contracts/shop"));
    let sql = folder(&data.join("sql"));
    // The demo's head is kept as what differs from its base.
    let demo = folder(&data.join("demo/base"));
    let changed = folder(&data.join("demo/head"));
    let stays = demo.iter().filter(|(path, _)| changed.iter().all(|(other, _)| other != path));
    let demo_head = stays.chain(&changed).cloned().collect();
    assert!(shop.len() > 5 && !sql.is_empty() && !changed.is_empty());
    pages.chain([(demo, demo_head), (shop.clone(), shop), (sql.clone(), sql)]).collect()
}

fn folder(root: &Path) -> Vec<Raw> {
    let mut open = vec![root.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("test data is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below its root").to_string_lossy().replace('\\', "/");
                files.push((name, fs::read(&path).expect("test data is readable")));
            }
        }
    }
    files.sort();
    files
}

/// One side is damaged, or both, or head is base damaged further.
fn case(examples: &[(Vec<Raw>, Vec<Raw>)], seed: u64) -> (Vec<Raw>, Vec<Raw>) {
    let mut random = Random(seed);
    let (base, head) = &examples[random.below(examples.len())];
    let (base, head) = match random.below(4) {
        0 => (base.clone(), mutate(&mut random, head)),
        1 => (mutate(&mut random, base), head.clone()),
        2 => (base.clone(), mutate(&mut random, base)),
        _ => {
            let base = mutate(&mut random, base);
            let from = if random.below(2) == 0 { &base } else { head };
            let head = mutate(&mut random, from);
            (base, head)
        }
    };
    match random.below(6) {
        0 => (base, remarked(&mut random, head)),
        1 => (remarked(&mut random, base), remarked(&mut random, head)),
        _ => (base, head),
    }
}

fn keep(folder: &Path, base: &[Raw], head: &[Raw]) {
    let _ = fs::remove_dir_all(folder);
    for (side, files) in [("base", base), ("head", head)] {
        for (path, bytes) in files {
            let target = folder.join(side).join(path);
            let written = target.parent().map(fs::create_dir_all).and_then(|_| fs::write(&target, bytes).ok());
            assert!(written.is_some(), "cannot write {}", target.display());
        }
    }
}

/// A tree that cannot tell what a file holds without reading it, so both sides are read and compared in full.
struct Unnamed(BTreeMap<String, Vec<u8>>);

impl Store for Unnamed {
    fn read(&self, path: &str, _: &Entry) -> Result<Content, String> {
        let bytes = self.0.get(path).cloned().ok_or("not there")?;
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Ok(Content { bytes, id: hasher.finish().to_string() })
    }
}

fn unnamed(spec: &str, files: &[Raw]) -> Tree {
    let entry = |path: &String| (path.as_str().into(), Entry { kind: EntryKind::File, id: None, size: None });
    let entries = files.iter().map(|(path, _)| entry(path)).collect();
    Tree::new(spec, None, entries, Box::new(Unnamed(files.iter().cloned().collect())))
}

fn named(spec: &str, files: &[Raw]) -> Tree {
    Tree::from_memory(spec, files.iter().rev().cloned())
}

fn today() -> Date {
    Date { year: 2026, month: 11, day: 20 }
}

/// The report; `None` when there is none for the best of reasons: a configuration that is damaged.
fn run(base: Tree, head: Tree) -> Result<Option<Report>, String> {
    let compared = Compared { base, head, merge_base: None, root: None, notes: Vec::new() };
    let settings = Settings { allow_empty: true, changes: true, all: true, ..Settings::on(today()) };
    match check::run(&compared, &settings) {
        Ok(outcome) => Ok(Some(outcome.report)),
        Err(check::Error::Config(_)) => Ok(None),
        Err(error) => Err(format!("no verdict: {error}")),
    }
}

fn judge(base: &[Raw], head: &[Raw]) -> Result<(), String> {
    let report = run(unnamed("base", base), unnamed("head", head))?;
    let again = run(named("base", base), named("head", head))?;
    let (Some(report), Some(again)) = (report, again) else { return Ok(()) };
    let (out, same) = (formats::render(&report), formats::render(&again));
    if let Some(((name, first), (_, second))) = out.iter().zip(&same).find(|(a, b)| a.1 != b.1) {
        let differs = first.lines().zip(second.lines()).find(|(a, b)| a != b);
        return Err(format!("{name} of a second run differs: {differs:?}"));
    }
    out.iter().try_for_each(|(name, text)| formats::readable(name, text))?;
    places(&report, base, head)?;
    keys(&out[0].1)?;
    understood(head)?;
    for files in [base, head] {
        let Some(report) = run(unnamed("x", files), unnamed("x", files))? else { continue };
        if let Some(item) = report.findings.iter().find(|item| item.finding.status != Status::Existing) {
            return Err(format!("nothing changed: {} {}", item.finding.rule.id, item.finding.message));
        }
        if let Some(change) = report.changes.first() {
            return Err(format!("nothing changed: {} {}", change.kind.name(), change.subject));
        }
    }
    Ok(())
}

/// The model of one revision, in both formats.
fn understood(files: &[Raw]) -> Result<(), String> {
    let understood = check::understand(&unnamed("head", files), &Config::default());
    let understood = Understood {
        revision: Revision { spec: "head".into(), commit: None },
        model: &understood.model,
        sources: &understood.sources,
        links: &understood.links,
        files: &understood.files,
        complete: true,
    };
    let json = model::json::render(&understood);
    serde_json::from_str::<Value>(&json).map_err(|e| format!("the model is no JSON: {e}"))?;
    let text = model::text::render(&understood);
    if text.contains('\u{1b}') { Err("the model lets control characters through".into()) } else { Ok(()) }
}

fn places(report: &Report, base: &[Raw], head: &[Raw]) -> Result<(), String> {
    for item in &report.findings {
        let rule = item.finding.rule.id;
        for (place, files) in [(&item.base, base), (&item.head, head)] {
            place.as_ref().map_or(Ok(()), |place| inside(&place.at, files)).map_err(|e| format!("{rule}: {e}"))?;
        }
    }
    for change in report.changes.iter() {
        for (place, files) in [(&change.base, base), (&change.head, head)] {
            place
                .as_ref()
                .map_or(Ok(()), |at| inside(at, files))
                .map_err(|e| format!("{}: {e}", change.kind.name()))?;
        }
    }
    for problem in &report.problems {
        let (line, column) = (problem.line, problem.column);
        let at = Location { path: problem.path.as_str().into(), line, column, end_line: line, end_column: column };
        inside(&at, base).or_else(|_| inside(&at, head))?;
    }
    Ok(())
}

/// A place lies in its file: lines and columns count from 1, a column is at most one behind the end of its line.
fn inside(at: &Location, files: &[Raw]) -> Result<(), String> {
    let Some((_, bytes)) = files.iter().find(|(path, _)| **path == *at.path) else {
        return Err(format!("there is no file {}", at.path));
    };
    let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
    for (line, column) in [(at.line, at.column), (at.end_line, at.end_column)] {
        let text = (line as usize).checked_sub(1).and_then(|n| lines.get(n));
        let Some(text) = text else { return Err(format!("{at:?}: the file has {} lines", lines.len())) };
        let width = text.iter().filter(|b| **b & 0xc0 != 0x80).count();
        if column == 0 || column as usize > width + 1 {
            return Err(format!("{at:?}: the line has {width} characters"));
        }
    }
    if (at.end_line, at.end_column) < (at.line, at.column) {
        Err(format!("{at:?} ends before it starts"))
    } else {
        Ok(())
    }
}

/// The keys of the JSON report, in the order that is set down; those with a question mark may be missing.
fn keys(text: &str) -> Result<(), String> {
    const REPORT: &str = "version tool comparison complete verdict counts inputs findings changes problems suppressed \
                          stale? notes? consistent? deployment? versions?";
    const CONSISTENT: &str = "event column properties what places";
    const STEP: &str = "phase missing what why subjects properties places";
    const FINDING: &str = "rule severity status category layer subject flow message help before after witness base head \
                           usages links related? suggestion? fingerprint";
    const SPAN: &str = "path line column end_line end_column";
    let report: Value = serde_json::from_str(text).map_err(|e| format!("no JSON: {e}"))?;
    let in_order = |value: &Value, keys: &str| {
        let object = value.as_object().ok_or_else(|| format!("{value} should be an object"))?;
        let keys = keys.split(' ').filter(|key| !key.ends_with('?') || object.contains_key(key.trim_end_matches('?')));
        let right = object.keys().map(String::as_str).eq(keys.map(|key| key.trim_end_matches('?')));
        if right { Ok(()) } else { Err(format!("keys are {:?}", object.keys().collect::<Vec<_>>())) }
    };
    in_order(&report, REPORT)?;
    for finding in report["findings"].as_array().into_iter().flatten() {
        in_order(finding, FINDING)?;
        for side in ["base", "head"].map(|side| &finding[side]).into_iter().filter(|side| !side.is_null()) {
            in_order(side, SPAN)?;
        }
    }
    for (list, keys) in [("consistent", CONSISTENT), ("deployment", STEP)] {
        for item in report[list].as_array().into_iter().flatten() {
            in_order(item, keys)?;
            item["places"].as_array().into_iter().flatten().try_for_each(|place| in_order(place, SPAN))?;
        }
    }
    Ok(())
}
