//! The replayed schema against real PostgreSQL servers, whose sockets `DRIFTLINE_POSTGRES` and `DRIFTLINE_POSTGRES18` name
//! (`.ci/databases` starts them). Without them the tests say what they skip and pass.
//!
//! `DRIFTLINE_POSTGRES_HISTORIES=5000 cargo test --test postgres_oracle` runs more random histories than the usual
//! few hundred; `DRIFTLINE_POSTGRES_FROM` is the first seed.

#[path = "../support/history.rs"]
mod history;
mod ours;
mod random;
mod server;

use std::collections::BTreeSet;

use driftline::model::sql::Dialect;
use driftline::read::sql;

/// Histories that are written out, statement by statement.
const WRITTEN: [(&str, &str); 3] = [
    ("postgres_history.sql", include_str!("../../testdata/sql/postgres_history.sql")),
    ("postgres_views.sql", include_str!("../../testdata/sql/postgres_views.sql")),
    ("postgres_changes.sql", include_str!("../../testdata/sql/postgres_changes.sql")),
];

fn statements(text: &str) -> Vec<String> {
    let split = sql::statements(text.as_bytes(), Dialect::Postgres);
    split.statements.into_iter().map(|range| text[range].to_string()).collect()
}

/// What is not equal at the end of a history, in words.
fn difference(history: &[String], theirs: &server::Answer) -> Option<String> {
    let mine = ours::replay(history);
    let mut text = String::new();
    for (at, (their, our)) in theirs.errors.iter().zip(&mine.errors).enumerate() {
        if their.is_some() != our.is_some() {
            text.push_str(&format!("  {}\n    server: {their:?}\n    replay: {our:?}\n", history[at]));
        }
    }
    let last: BTreeSet<String> = theirs.states.last().into_iter().flatten().cloned().collect();
    for line in last.difference(&mine.state) {
        text.push_str(&format!("  only the server: {line}\n"));
    }
    for line in mine.state.difference(&last) {
        text.push_str(&format!("  only the replay: {line}\n"));
    }
    for problem in mine.problems {
        text.push_str(&format!("  problem: {problem}\n"));
    }
    (!text.is_empty()).then_some(text)
}

/// The statements until something is different, with that.
fn first_difference(history: &[String], answer: &server::Answer) -> Option<String> {
    (1..=history.len()).find_map(|length| {
        let shorter = server::Answer {
            errors: answer.errors.get(..length)?.to_vec(),
            states: answer.states.get(..length)?.to_vec(),
        };
        let text = difference(&history[..length], &shorter)?;
        let error = answer.errors.get(length - 1).cloned().flatten();
        Some(format!("{};\n  -- {error:?}\n{text}", history[..length].join(";\n")))
    })
}

#[test]
fn written_histories_give_what_the_server_has() {
    for (variable, socket) in server::sockets() {
        for (name, text) in WRITTEN {
            let history = statements(text);
            let answer = server::ask(&socket, "driftline_written", std::slice::from_ref(&history), false)
                .pop()
                .expect("an answer");
            let refused: Vec<&String> = answer.errors.iter().flatten().collect();
            println!("{variable}, {name}: {} statements, refused {refused:?}", history.len());
            let told = difference(&history, &answer);
            assert!(told.is_none(), "{name}\n{}", told.unwrap_or_default());
        }
    }
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// What only PostgreSQL before 17 refuses: histories with that are left out.
const OLD: [&str; 1] = ["cannot recursively add identity column"];

/// Histories of one session.
const BATCH: u64 = 100;

fn random_histories(variable: &str, socket: &str) {
    let (mut wrong, mut statements, mut refused, mut left_out) = (Vec::new(), 0, 0, 0);
    let from = number("DRIFTLINE_POSTGRES_FROM", 0);
    let until = from + number("DRIFTLINE_POSTGRES_HISTORIES", 300);
    for start in (from..until).step_by(BATCH as usize) {
        let seeds: Vec<u64> = (start..until.min(start + BATCH)).collect();
        let histories: Vec<Vec<String>> = seeds.iter().map(|seed| random::history(*seed)).collect();
        let answers = server::ask(socket, "driftline_random", &histories, false);
        for ((seed, history), answer) in seeds.iter().zip(&histories).zip(&answers) {
            assert_eq!(answer.errors.len(), history.len(), "seed {seed}: an answer for each statement");
            if answer.errors.iter().flatten().any(|e| OLD.iter().any(|old| e.contains(old))) {
                left_out += 1;
                continue;
            }
            statements += history.len();
            refused += answer.errors.iter().flatten().count();
            if let Some(whole) = difference(history, answer) {
                wrong.push((*seed, history.clone(), whole));
            }
        }
    }
    println!(
        "{variable}: {} histories, {statements} statements, {refused} refused by the server, {left_out} left out, {} histories differ",
        until - from,
        wrong.len()
    );
    if wrong.is_empty() {
        return;
    }
    let number_of_wrong = wrong.len();
    wrong.truncate(number("DRIFTLINE_POSTGRES_SHOWN", 8) as usize);
    let histories: Vec<Vec<String>> = wrong.iter().map(|(_, history, _)| history.clone()).collect();
    let answers = server::ask(socket, "driftline_random", &histories, true);
    let shown = wrong.iter().zip(&answers).map(|((seed, history, whole), answer)| {
        format!("seed {seed}\n{}", first_difference(history, answer).as_ref().unwrap_or(whole))
    });
    panic!("{number_of_wrong} differ\n{}", shown.collect::<Vec<_>>().join("\n"));
}

#[test]
fn random_histories_give_what_the_server_has() {
    for (variable, socket) in server::sockets() {
        random_histories(variable, &socket);
    }
}
