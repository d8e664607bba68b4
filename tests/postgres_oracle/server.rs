//! A PostgreSQL server through psql: many histories in one session.

use std::path::Path;
use std::process::Command;

/// What the server says of one history.
#[derive(Debug, Default, Clone)]
pub struct Answer {
    /// For each statement the error, if it was refused.
    pub errors: Vec<Option<String>>,
    /// The catalogue as lines: at the end, or behind each statement.
    pub states: Vec<Vec<String>>,
}

/// The servers to ask, by the names of their variables; says which are left out.
pub fn sockets() -> Vec<(&'static str, String)> {
    let names = ["DRIFTLINE_POSTGRES", "DRIFTLINE_POSTGRES18"];
    let found = names.into_iter().filter_map(|name| match std::env::var(name) {
        Ok(socket) => Some((name, socket)),
        Err(_) => {
            println!("skipped: {name} names no server; see .ci/databases");
            None
        }
    });
    found.collect()
}

const TRUTH: &str = include_str!("truth.sql");
const SEPARATOR: &str = "@@";
/// Every history begins with an empty database. Roles, tablespaces and others are none of its business.
const RESET: &str = "reset all; set client_min_messages = error; set lock_timeout = 0;
select format('drop schema %I cascade', nspname) from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' \\gexec
create schema public;
";

/// Asks about histories, each a list of statements; `every` wants the catalogue behind each statement.
pub fn ask(socket: &str, database: &str, histories: &[Vec<String>], every: bool) -> Vec<Answer> {
    let mut script = String::from("\\set ON_ERROR_STOP off\n");
    let look = format!("reset search_path;\n{TRUTH};\n\\echo {SEPARATOR}state\n");
    for history in histories {
        script.push_str(RESET);
        script.push_str(&format!("\\echo {SEPARATOR}history\n"));
        for statement in history {
            script.push_str(statement);
            script.push_str(&format!(";\n\\echo {SEPARATOR}error :ERROR :LAST_ERROR_MESSAGE\n"));
            if every {
                // The statements themselves may set the path.
                script.push_str("select current_setting('search_path') as path \\gset\n");
                script.push_str(&look);
                script.push_str("select set_config('search_path', :'path', false) \\g /dev/null\n");
            }
        }
        if !every {
            script.push_str(&look);
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("script.sql");
    std::fs::write(&file, script).expect("a script");
    psql(socket, "postgres", &["-c", &format!("drop database if exists {database}")]);
    psql(socket, "postgres", &["-c", &format!("create database {database}")]);
    let output = psql(socket, database, &["-f", &file.display().to_string()]);
    psql(socket, "postgres", &["-c", &format!("drop database {database}")]);
    let mut answers: Vec<Answer> = Vec::new();
    let mut state: Vec<String> = Vec::new();
    for line in output.lines() {
        match (line.strip_prefix(SEPARATOR), answers.last_mut()) {
            (Some("history"), _) => {
                answers.push(Answer::default());
                state.clear();
            }
            (Some("state"), Some(last)) => last.states.push(std::mem::take(&mut state)),
            (Some(word), Some(last)) => {
                if let Some(error) = word.strip_prefix("error ") {
                    last.errors.push(error.strip_prefix("true ").map(str::to_string));
                    state.clear();
                }
            }
            (None, _) => state.push(line.to_string()),
            (Some(_), None) => {}
        }
    }
    assert_eq!(answers.len(), histories.len(), "an answer for each history");
    answers
}

fn psql(socket: &str, database: &str, arguments: &[&str]) -> String {
    let mut command = Command::new("psql");
    command.env_remove("PGOPTIONS").args(["-X", "-q", "-A", "-t", "-U", "postgres", "-h"]);
    let output = command.arg(Path::new(socket)).args(["-d", database]).args(arguments).output().expect("psql");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
