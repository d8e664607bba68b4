//! The replayed schema against a MariaDB server: random histories, statements that the server refuses included.
//!
//! `DRIFTLINE_MARIADB` is the path of the socket of a server whose user `root` has no password; without it the test
//! says that it was skipped and passes. `DRIFTLINE_MARIADB_HISTORIES=5000` runs more than the usual 300, from the seed
//! `DRIFTLINE_MARIADB_SEED` on.

mod grammar;
#[path = "../support/history.rs"]
mod history;
mod ours;
mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What becomes of a history: what is there at its end, and the statements that were refused, with the words.
#[derive(Default)]
pub struct Outcome {
    pub lines: Vec<String>,
    pub refused: BTreeMap<usize, String>,
}

/// How many histories one call of the client runs.
const BATCH: usize = 100;

fn socket() -> Option<PathBuf> {
    let socket = std::env::var_os("DRIFTLINE_MARIADB").map(PathBuf::from);
    if socket.is_none() {
        eprintln!("skipped: DRIFTLINE_MARIADB names no socket of a MariaDB server to compare with");
    }
    socket
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// Lines of a view: it shows nothing once what it reads is gone, and we leave that open.
fn is_open(line: &str, theirs: &Outcome) -> bool {
    let Some((view, _)) = line.strip_prefix("shown ").and_then(|l| l.split_once('.')) else { return false };
    !theirs.lines.iter().any(|l| l.strip_prefix("shown ").is_some_and(|l| l.starts_with(&format!("{view}."))))
}

/// What is not the same, in words; nothing when all is.
fn difference(history: &[String], theirs: &Outcome, ours: &Outcome) -> Option<String> {
    let at = |at: &usize| (theirs.refused.get(at), ours.refused.get(at));
    let mut told = Vec::new();
    for (number, statement) in history.iter().enumerate() {
        match at(&number) {
            (Some(words), None) => told.push(format!("  the server refuses `{statement}`: {words}")),
            (None, Some(words)) => told.push(format!("  only we refuse `{statement}`: {words}")),
            _ => {}
        }
        if !told.is_empty() {
            break;
        }
    }
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        let mut rest = those.to_vec();
        let mut only = Vec::new();
        for line in these {
            match rest.iter().position(|r| r == line) {
                Some(at) => drop(rest.remove(at)),
                None => only.push(line.clone()),
            }
        }
        only
    };
    if told.is_empty() {
        told.extend(only(&theirs.lines, &ours.lines).into_iter().map(|l| format!("  server: {l}")));
        let more = only(&ours.lines, &theirs.lines).into_iter().filter(|l| !is_open(l, theirs));
        told.extend(more.map(|l| format!("  ours:   {l}")));
    }
    (!told.is_empty()).then(|| told.join("\n"))
}

/// The shortest history that still differs, statement after statement left out.
fn shortest(socket: &Path, history: &[String]) -> String {
    let differs = |history: &[String]| -> Option<String> {
        let theirs = server::run(socket, &[history.to_vec()]);
        difference(history, &theirs[0], &ours::run(history))
    };
    let mut kept = history.to_vec();
    let mut at = kept.len();
    while at > 0 {
        at -= 1;
        let mut fewer = kept.clone();
        fewer.remove(at);
        if differs(&fewer).is_some() {
            kept = fewer;
        }
    }
    let why = differs(&kept).unwrap_or_default();
    format!("{};\n{why}", kept.join(";\n"))
}

#[test]
fn random_histories_give_what_mariadb_has() {
    let Some(socket) = socket() else { return };
    let first = number("DRIFTLINE_MARIADB_SEED", 0);
    let seeds: Vec<u64> = (first..first + number("DRIFTLINE_MARIADB_HISTORIES", 300)).collect();
    let (mut wrong, mut statements, mut refused) = (Vec::new(), 0, 0);
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for batch in seeds.chunks(BATCH) {
        let histories: Vec<Vec<String>> = batch.iter().map(|seed| grammar::history(*seed)).collect();
        let outcomes = server::run(&socket, &histories);
        for ((seed, history), theirs) in batch.iter().zip(histories).zip(&outcomes) {
            statements += history.len();
            refused += theirs.refused.len();
            for words in theirs.refused.values() {
                *codes.entry(words.split(' ').next().unwrap_or_default().to_string()).or_default() += 1;
            }
            if difference(&history, theirs, &ours::run(&history)).is_some() {
                wrong.push((*seed, history));
            }
        }
    }
    println!(
        "{} histories, {statements} statements, {refused} refused by MariaDB, {} histories differ",
        seeds.len(),
        wrong.len()
    );
    println!("refused, by the server's numbers: {codes:?}");
    let shown: Vec<String> = wrong
        .iter()
        .take(number("DRIFTLINE_MARIADB_SHOWN", 8) as usize)
        .map(|(seed, history)| format!("seed {seed}\n{}", shortest(&socket, history)))
        .collect();
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), shown.join("\n\n"));
}

/// A chapter of the written histories: its head with the statements, those, and what stands behind them.
struct Chapter<'a> {
    head: &'a str,
    statements: Vec<String>,
    expected: &'a str,
}

fn chapters(text: &str) -> Vec<Chapter<'_>> {
    let chapter = |part: &'_ str| -> Option<(usize, usize)> {
        let start = part.find("```sql\n")? + "```sql\n".len();
        Some((start, start + part[start..].find("```\n")?))
    };
    let parts = text.match_indices("\n## ").map(|(at, _)| at + 1);
    let ends = parts.clone().skip(1).chain([text.len()]);
    let read = |(start, end): (usize, usize)| {
        let part = &text[start..end];
        let (from, to) = chapter(part).expect("a block of statements");
        let head = &part[..to + "```\n".len()];
        let expected = part[head.len()..].trim().trim_matches('`').trim();
        Chapter { head, statements: part[from..to].lines().map(str::to_string).collect(), expected }
    };
    parts.zip(ends).map(read).collect()
}

fn told(outcome: &Outcome) -> String {
    let refused: Vec<String> = outcome.refused.keys().map(|at| (at + 1).to_string()).collect();
    let lines: Vec<&str> = outcome.lines.iter().map(|l| l.trim_end()).collect();
    let refused = if refused.is_empty() { "none".to_string() } else { refused.join(", ") };
    format!("refused: {refused}\n{}", lines.join("\n"))
}

#[test]
fn written_histories_give_what_mariadb_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sql/mysql_histories.md");
    let text = std::fs::read_to_string(&path).expect("the histories");
    let chapters = chapters(&text);
    let mut wrong = Vec::new();
    if let Some(socket) = socket() {
        let histories: Vec<Vec<String>> = chapters.iter().map(|c| c.statements.clone()).collect();
        let theirs: Vec<String> = server::run(&socket, &histories).iter().map(told).collect();
        if std::env::var_os("UPDATE").is_some() {
            let start = text.find("\n## ").map_or(text.len(), |at| at + 1);
            let blocks = chapters.iter().zip(&theirs).map(|(c, t)| format!("{}```\n{t}\n```\n", c.head));
            let new = format!("{}{}", &text[..start], blocks.collect::<Vec<_>>().join("\n"));
            std::fs::write(&path, new).expect("written");
            return;
        }
        let old = chapters.iter().zip(&theirs).filter(|(c, t)| c.expected != **t);
        wrong.extend(old.map(|(c, t)| format!("{}the server has\n{t}", c.head)));
    }
    for chapter in &chapters {
        let outcome = ours::run(&chapter.statements);
        if told(&outcome) != chapter.expected {
            wrong.push(format!("{}we have\n{}\n{:?}", chapter.head, told(&outcome), outcome.refused));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
