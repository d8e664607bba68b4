//! The whole check beside the time that reading the same blobs from git takes, on inputs made here.
//!
//! `cargo bench --bench check` prints one line per input: medians of several runs and their ratio. Machines differ, ratios
//! of one run less so. `cargo bench --bench check -- 40` makes the contract 40 MB instead of 10 and the migrations four times as many;
//! another word runs only the inputs with that word in their name. Peak memory is that of a process that does one check (Linux).

mod generate;

use std::path::Path;
use std::time::{Duration, Instant};

use driftline::check::{self, Settings};
use driftline::config::Date;
use driftline::revision::{self, Request};

const RUNS: usize = 7;
/// Set for the process whose memory is measured, to the range it checks in its working directory.
const CHILD: &str = "DRIFTLINE_BENCH_RANGE";

fn main() {
    if let Ok(range) = std::env::var(CHILD) {
        check(Path::new("."), &range);
        println!("{}", peak().unwrap_or_default());
        return;
    }
    let megabytes = std::env::args().filter_map(|a| a.parse::<usize>().ok()).next().unwrap_or(10);
    let bytes = megabytes * 1_000_000;
    let (base, head) = (generate::contract_json(bytes, 20, false), generate::contract_json(bytes, 20, true));
    let (base_yaml, head_yaml) = (generate::to_yaml(&base), generate::to_yaml(&head));
    let migrations = generate::migrations(200 * megabytes);
    let before = &migrations[..migrations.len() - 20];

    println!(
        "{:<28} {:>9} {:>10} {:>10} {:>7} {:>9}  findings",
        "input", "MB", "check", "git read", "ratio", "peak MB"
    );
    let one = |path: &str, text: &str| vec![(path.to_string(), text.to_string())];
    measure("contract, JSON, 20 edits", &one("openapi.json", &base), &one("openapi.json", &head));
    measure("contract, JSON, unchanged", &one("openapi.json", &base), &one("openapi.json", &base));
    measure("contract, YAML, 20 edits", &one("openapi.yaml", &base_yaml), &one("openapi.yaml", &head_yaml));
    measure(&format!("{} migrations, 20 new", migrations.len()), before, &migrations);
}

/// Commits both states to a repository and measures check and plain reading in turn.
fn measure(name: &str, base: &[(String, String)], head: &[(String, String)]) {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|a| !a.starts_with('-') && a.parse::<usize>().is_err()).collect();
    if !wanted.iter().all(|word| name.contains(word.as_str())) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ids = [commit(folder.path(), base), commit(folder.path(), head)];
    let range = format!("{}..{}", ids[0], ids[1]);

    let (mut checks, mut reads, mut findings) = (Vec::new(), Vec::new(), 0);
    for _ in 0..=RUNS {
        let start = Instant::now();
        findings = check(folder.path(), &range);
        checks.push(start.elapsed());

        let start = Instant::now();
        let bytes: usize = ids.iter().map(|id| read_all(folder.path(), *id)).sum();
        reads.push(start.elapsed());
        assert!(bytes > 0);
    }
    // The first run of each warms the file cache.
    let (check, read) = (median(&mut checks[1..]), median(&mut reads[1..]));
    let size: usize = base.iter().chain(head).map(|(_, text)| text.len()).sum();
    println!(
        "{name:<28} {:>9.1} {:>8.1}ms {:>8.1}ms {:>7.2} {:>9}  {findings}",
        size as f64 / 1e6,
        check.as_secs_f64() * 1e3,
        read.as_secs_f64() * 1e3,
        check.as_secs_f64() / read.as_secs_f64(),
        peak_of_child(folder.path(), &range)
    );
}

/// The number of findings that the change introduced.
fn check(folder: &Path, range: &str) -> usize {
    let compared = revision::open(folder, &Request::of([range.to_string()])).expect("both commits exist");
    let mut settings = Settings::on(Date::parse("2026-01-01").expect("a date"));
    settings.allow_empty = true;
    let outcome = check::run(&compared, &settings).expect("a verdict");
    outcome.report.counts.introduced
}

fn peak_of_child(folder: &Path, range: &str) -> String {
    let program = std::env::current_exe().expect("this program");
    let child = std::process::Command::new(program).current_dir(folder).env(CHILD, range).output().expect("a child");
    String::from_utf8_lossy(&child.stdout).trim().to_string()
}

/// Peak resident memory of this process, in MB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn commit(folder: &Path, files: &[(String, String)]) -> git2::Oid {
    let repo = git2::Repository::open(folder).or_else(|_| git2::Repository::init(folder)).expect("a repository");
    let mut index = git2::Index::new().expect("an index");
    for (path, text) in files {
        let entry = git2::IndexEntry {
            ctime: git2::IndexTime::new(0, 0),
            mtime: git2::IndexTime::new(0, 0),
            dev: 0,
            ino: 0,
            mode: 0o100_644,
            uid: 0,
            gid: 0,
            file_size: 0,
            id: repo.blob(text.as_bytes()).expect("a blob"),
            flags: 0,
            flags_extended: 0,
            path: path.clone().into_bytes(),
        };
        index.add(&entry).expect("an entry");
    }
    let tree = repo.find_tree(index.write_tree_to(&repo).expect("a tree")).expect("the tree");
    let time = git2::Time::new(1_700_000_000, 0);
    let who = git2::Signature::new("bench", "bench@example.org", &time).expect("a signature");
    let parent = repo.head().ok().and_then(|h| h.peel_to_commit().ok());
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    repo.commit(Some("HEAD"), &who, &who, "state", &tree, &parents).expect("a commit")
}

fn read_all(folder: &Path, id: git2::Oid) -> usize {
    let repo = git2::Repository::open(folder).expect("the repository");
    let tree = repo.find_commit(id).and_then(|c| c.tree()).expect("the tree");
    let mut bytes = 0;
    tree.walk(git2::TreeWalkMode::PreOrder, |_, entry| {
        if let Ok(blob) = repo.find_blob(entry.id()) {
            bytes += blob.content().len();
        }
        git2::TreeWalkResult::Ok
    })
    .expect("a walk");
    bytes
}
