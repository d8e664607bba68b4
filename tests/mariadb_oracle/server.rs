//! What a server has after each history, as lines. The command-line client runs many histories in one call.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Outcome;

/// Tables, columns, keys: every row begins with the database.
const CATALOGUE: &[&str] = &[
    "select table_schema, 'table', table_name, table_type from tables",
    "select table_schema, if(table_type = 'VIEW', 'shown', 'column'), table_name, column_name, ordinal_position, \
     column_type, is_nullable, ifnull(column_default, 'NULL') <> 'NULL', extra, ifnull(collation_name, '') \
     from columns join tables using (table_schema, table_name)",
    "select table_schema, 'index', table_name, index_name, min(non_unique), \
     group_concat(column_name order by seq_in_index separator ', '), count(sub_part) from statistics group by 1, 3, 4",
    "select k.table_schema, 'foreign', k.table_name, k.constraint_name, \
     group_concat(k.column_name order by ordinal_position separator ', '), k.referenced_table_name, \
     group_concat(k.referenced_column_name order by ordinal_position separator ', '), r.delete_rule, r.update_rule \
     from key_column_usage k join referential_constraints r on r.constraint_schema = k.table_schema \
     and r.constraint_name = k.constraint_name and r.table_name = k.table_name \
     where k.referenced_table_name is not null group by 1, 3, 4, 6, 8, 9",
    "select constraint_schema, 'check', table_name, constraint_name, level, check_clause from check_constraints",
];

fn client(socket: &Path, script: &str) -> (String, String) {
    let mut child = Command::new("mariadb")
        .args(["--no-defaults", "--force", "--batch", "--skip-column-names", "--default-character-set=utf8mb4"])
        .args(["--user=root", "--socket"])
        .arg(socket)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the client `mariadb`");
    let mut stdin = child.stdin.take().expect("its input");
    let script = script.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(script.as_bytes()));
    let output = child.wait_with_output().expect("its answer");
    let _ = writer.join();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// A line `ERROR 1050 (42S01) at line 7: words`.
fn error(line: &str) -> Option<(usize, String)> {
    let rest = line.strip_prefix("ERROR ")?;
    let (_, rest) = rest.split_once(" at line ")?;
    let (number, words) = rest.split_once(':')?;
    Some((number.parse().ok()?, format!("{} {}", line.split(' ').nth(1)?, words.trim())))
}

/// Database, table and column of what was written as `json`.
fn document<'a>(row: &[&'a str]) -> Option<[&'a str; 3]> {
    let [database, "check", table, _, "Column", clause] = *row else { return None };
    let column = clause.strip_prefix("json_valid(`")?.strip_suffix("`)")?;
    Some([database, table, column])
}

/// The lines of one row of the catalogue.
fn line(row: &[&str]) -> Option<String> {
    Some(match *row {
        ["table", table, "VIEW"] => format!("view {table}"),
        ["table", table, _] => format!("table {table}"),
        ["column", table, column, place, kind, null, default, extra, collation] => {
            let how = match extra {
                _ if extra.contains("auto_increment") => "numbered",
                _ if extra.contains("GENERATED") => "computed",
                _ => "written",
            };
            let default = if default == "1" { " default" } else { "" };
            let null = if null == "NO" { " not null" } else { "" };
            format!("column {table}.{column} {place} `{}`{null}{default} {how} {collation}", without_width(kind))
        }
        ["shown", view, column, place, ..] => {
            format!("shown {view}.{column} {place}")
        }
        ["index", table, "PRIMARY", _, columns, part] => format!("primary {table} ({columns}) {}", part != "0"),
        ["index", table, name, many, columns, part] => {
            let kind = if many == "0" { "unique" } else { "index" };
            format!("{kind} {table} {name} ({columns}) {}", part != "0")
        }
        ["foreign", table, name, columns, to, those, delete, update] => {
            let action = |rule: &str| if rule == "RESTRICT" { "NO ACTION".to_string() } else { rule.to_string() };
            format!("foreign {table} {name} ({columns}) to {to} ({those}) {} {}", action(delete), action(update))
        }
        ["check", _, _, "Column", clause] if clause.starts_with("json_valid(") => return None,
        ["check", table, name, _, clause] => {
            // Names in backticks.
            let mut columns: Vec<&str> = clause.split('`').skip(1).step_by(2).collect();
            columns.sort_unstable();
            columns.dedup();
            let name = if name.starts_with("CONSTRAINT_") { "" } else { name };
            format!("check {table} {name} ({})", columns.join(", "))
        }
        _ => format!("unknown {}", row.join("|")),
    })
}

/// MySQL prints no width of integers, except that of `tinyint(1)`; it says nothing about values.
fn without_width(kind: &str) -> String {
    let Some((name, rest)) = kind.split_once('(') else { return kind.to_string() };
    let Some((width, rest)) = rest.split_once(')') else { return kind.to_string() };
    let integer = ["tinyint", "smallint", "mediumint", "int", "bigint", "year"].contains(&name);
    if !integer || kind == "tinyint(1)" {
        kind.to_string()
    } else {
        let _ = width;
        format!("{name}{rest}")
    }
}

/// What becomes of each history, each in a database of its own.
pub fn run(socket: &Path, histories: &[Vec<String>]) -> Vec<Outcome> {
    // Tests run side by side.
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let (process, run) = (std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed));
    let database = |number: usize| format!("driftline_{process}_{run}_{number}");
    let mut script = String::new();
    let mut places: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut lines = 0;
    let mut say = |text: &str| {
        script.push_str(text);
        script.push_str(";\n");
        lines += 1 + text.matches('\n').count();
        lines
    };
    for (number, history) in histories.iter().enumerate() {
        let name = database(number);
        say(&format!(
            "drop database if exists {name}; create database {name} character set utf8mb4 collate utf8mb4_general_ci; \
             use {name}; set foreign_key_checks = 1, check_constraint_checks = 1"
        ));
        for (at, statement) in history.iter().enumerate() {
            let line = say(statement);
            places.insert(line, (number, at));
        }
    }
    let (_, errors) = client(socket, &script);
    let mut outcomes: Vec<Outcome> = histories.iter().map(|_| Outcome::default()).collect();
    for (line, words) in errors.lines().filter_map(error) {
        let Some((history, statement)) = places.get(&line) else { panic!("line {line} of the server: {words}") };
        outcomes[*history].refused.insert(*statement, words);
    }
    let names: Vec<String> = (0..histories.len()).map(|n| format!("'{}'", database(n))).collect();
    let names = names.join(",");
    let mut script = "use information_schema; set group_concat_max_len = 100000;\n".to_string();
    for query in CATALOGUE {
        // The condition goes where the database is a plain column, so that no other is opened.
        let column = if query.contains("key_column_usage") {
            "k.table_schema"
        } else if query.contains("check_constraints") {
            "constraint_schema"
        } else {
            "table_schema"
        };
        let condition = format!("{column} in ({names})");
        let query = match (query.contains(" where "), query.split_once(" group by ")) {
            (true, Some((before, after))) => format!("{before} and {condition} group by {after}"),
            (_, Some((before, after))) => format!("{before} where {condition} group by {after}"),
            _ => format!("{query} where {condition}"),
        };
        script.push_str(&query);
        script.push_str(";\n");
    }
    let (rows, errors) = client(socket, &script);
    assert_eq!(errors, "", "the catalogue is read");
    let rows: Vec<Vec<&str>> = rows.lines().map(|row| row.split('\t').collect()).collect();
    // MariaDB keeps `json` as a text with a check.
    let documents: Vec<[&str; 3]> = rows.iter().filter_map(|row| document(row)).collect();
    for mut row in rows {
        if let ["column", table, column, ..] = row[1..]
            && documents.contains(&[row[0], table, column])
        {
            (row[5], row[9]) = ("json", "");
        }
        let number = row[0].rsplit('_').next().and_then(|n| n.parse::<usize>().ok()).expect("a database of ours");
        outcomes[number].lines.extend(line(&row[1..]));
    }
    let script: String = (0..histories.len()).map(|n| format!("drop database {};\n", database(n))).collect();
    client(socket, &script);
    for outcome in &mut outcomes {
        outcome.lines.sort();
    }
    outcomes
}
