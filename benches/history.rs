//! How long `driftline log` takes over a long history, and how much memory.
//!
//! ```text
//! cargo bench --bench history              # 1,000 revisions of a contract of 700 KB and 300 migrations
//! cargo bench --bench history -- 200       # fewer revisions
//! ```
//!
//! Cold is a first run, warm is one whose cache is filled. Every run is a process of its own; what is said is the median.

#[path = "generate/growing.rs"]
mod generate;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use git2::{Repository, Signature, Time};

/// Bytes of the contract, and migrations.
const BYTES: usize = 700_000;
const MIGRATIONS: usize = 300;
const RUNS: usize = 5;

fn main() {
    let revisions = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1_000);
    let folder = std::env::temp_dir().join(format!("driftline-history-{}", std::process::id()));
    let bytes = build(&folder, revisions).expect("a repository for the benchmark");
    let cache = folder.join("cache");
    println!("{revisions} revisions, contract of {bytes} bytes, {MIGRATIONS} migrations");
    let mut cold = Vec::new();
    let mut warm = Vec::new();
    let mut memory = 0;
    for _ in 0..RUNS {
        let _ = std::fs::remove_dir_all(&cache);
        let (time, peak, commits) = run(&folder, &cache);
        cold.push(time);
        memory = peak.max(memory);
        let (time, _, again) = run(&folder, &cache);
        assert_eq!(commits, again, "the cache changes nothing");
        warm.push(time);
    }
    let git = Instant::now();
    let log = Command::new("git").args(["log", "-p", "--first-parent"]).current_dir(&folder).output();
    let patch = log.map(|out| out.stdout.len()).unwrap_or_default();
    println!("cold    {:>8.2} s", median(&mut cold).as_secs_f64());
    println!("warm    {:>8.2} s", median(&mut warm).as_secs_f64());
    println!("git log -p {:>5.2} s ({} MB of patches)", git.elapsed().as_secs_f64(), patch >> 20);
    println!("memory  {:>8} MB", memory >> 20);
    let _ = std::fs::remove_dir_all(&folder);
}

/// One process over the whole history: time, peak memory in bytes (Linux), commits that changed something.
fn run(folder: &Path, cache: &Path) -> (Duration, u64, usize) {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    command.args(["log", "--output", "json"]).current_dir(folder).env("DRIFTLINE_CACHE_DIR", cache);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().expect("the binary runs");
    let status = format!("/proc/{}/status", child.id());
    let peak = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let seen = peak.clone();
    std::thread::spawn(move || {
        while let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
            seen.fetch_max(kilobytes.unwrap_or(0) << 10, std::sync::atomic::Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let mut out = String::new();
    let mut pipe = child.stdout.take().expect("a pipe");
    std::io::Read::read_to_string(&mut pipe, &mut out).expect("text");
    assert!(child.wait().expect("it ends").success());
    let time = began.elapsed();
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    (time, peak.load(std::sync::atomic::Ordering::Relaxed), json["commits"].as_array().map_or(0, Vec::len))
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A packed repository: two of three commits edit one schema or path of the contract, the others add or edit migrations, and
/// some touch neither. Gives the size of the contract.
fn build(folder: &Path, revisions: usize) -> Result<usize, Box<dyn std::error::Error>> {
    let git = Repository::init(folder)?;
    let mut contract = generate::parts(BYTES);
    let mut tree = git.treebuilder(None)?;
    let mut migrations = git.treebuilder(None)?;
    let mut parent = None;
    let mut size = 0;
    for n in 0..revisions {
        if n == 0 || n % 10 < 7 {
            contract.edit(n);
            let text = contract.text();
            size = text.len();
            tree.insert("openapi.yaml", git.blob(text.as_bytes())?, 0o100_644)?;
        }
        if n % 10 >= 7 && n % 10 < 9 || n == 0 {
            // All migrations have come at the end; later steps edit one.
            let every = (revisions / MIGRATIONS).max(1);
            let first = if n == 0 { 0..MIGRATIONS / 2 } else { 0..0 };
            let more = MIGRATIONS / 2 + n / every / 2..MIGRATIONS / 2 + (n + 10) / every / 2;
            for number in first.chain(more).filter(|number| *number < MIGRATIONS) {
                let text = generate::step(number);
                migrations.insert(format!("{number:06}_step.up.sql"), git.blob(text.as_bytes())?, 0o100_644)?;
            }
            let mut db = git.treebuilder(None)?;
            db.insert("migrations", migrations.write()?, 0o040_000)?;
            tree.insert("db", db.write()?, 0o040_000)?;
        }
        tree.insert("README.md", git.blob(format!("Revision {n}\n").as_bytes())?, 0o100_644)?;
        let who = Signature::new("Bench", "bench@example.com", &Time::new(1_600_000_000 + n as i64 * 3600, 0))?;
        let id = {
            let before = parent.map(|id| git.find_commit(id)).transpose()?;
            let parents: Vec<_> = before.iter().collect();
            let files = git.find_tree(tree.write()?)?;
            git.commit(Some("HEAD"), &who, &who, &format!("Revision {n}"), &files, &parents)?
        };
        parent = Some(id);
    }
    let _ = Command::new("git").args(["repack", "-adq"]).current_dir(folder).status();
    Ok(size)
}
