//! The replayed schema against a real PostgreSQL, where one is installed. Without a server the test says that it was
//! skipped and passes: it adds proof, and `sql_reader` does not depend on it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use driftline::model::sql::{Dialect, Schema, TableKind};
use driftline::read::sql;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

const HISTORY: &str = include_str!("../testdata/sql/postgres_history.sql");

/// Columns, constraints and indexes as lines, from the server's own catalogue.
const TRUTH: &str = "
select 'column', s.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace s on s.oid = c.relnamespace
where a.attnum > 0 and not attisdropped and c.relkind in ('r', 'p', 'v', 'm') and s.nspname in ('public', 'crm')
union all
select 'key', s.nspname || '.' || c.relname, conname,
  case contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign' when 'c' then 'check' end, ''
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace s on s.oid = c.relnamespace
where contype in ('p', 'u', 'f', 'c') and s.nspname in ('public', 'crm')
union all
select 'key', s.nspname || '.' || c.relname, i.relname, case when indisunique then 'unique' else 'index' end, ''
from pg_index x join pg_class i on i.oid = indexrelid join pg_class c on c.oid = indrelid join pg_namespace s on s.oid = c.relnamespace
where s.nspname in ('public', 'crm') and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))";

fn ours(schema: &Schema) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for table in &schema.tables {
        let namespace = if table.schema.is_empty() { "public" } else { &table.schema };
        let name = format!("{namespace}.{}", table.name);
        for c in &table.columns {
            lines.insert(format!("column|{name}|{}|{}|{}", c.name, c.type_name, c.not_null));
        }
        if table.kind == TableKind::Table {
            lines.extend(table.keys.iter().map(|k| format!("key|{name}|{}|{}|", k.name, k.kind.name())));
        }
    }
    lines
}

/// A command that does not run as root, which PostgreSQL refuses.
fn command(root: bool, program: &str) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", program]);
    command
}

fn runs(command: &mut Command) -> bool {
    command.output().is_ok_and(|o| o.status.success())
}

/// The server's answer; `None` when there is no server to ask.
fn server(folder: &Path) -> Option<Result<BTreeSet<String>, String>> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0");
    let data = folder.join("data");
    if root && !runs(Command::new("chown").arg("postgres").arg(folder)) {
        return None;
    }
    if !runs(command(root, "initdb").args(["-U", "postgres", "-A", "trust", "-D"]).arg(&data)) {
        return None;
    }
    let options = format!("-c listen_addresses='' -c fsync=off -k {}", folder.display());
    let log = folder.join("log");
    let started =
        runs(command(root, "pg_ctl").args(["-w", "-o", &options, "-l"]).arg(&log).arg("-D").arg(&data).arg("start"));
    if !started {
        return None;
    }
    let history = folder.join("history.sql");
    let psql = |arguments: &[&str]| {
        let output = Command::new("psql")
            .args(["-X", "-q", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-h"])
            .arg(folder)
            .args(arguments)
            .output();
        let output = output.map_err(|e| e.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    };
    let answer = std::fs::write(&history, HISTORY)
        .map_err(|e| e.to_string())
        .and_then(|()| psql(&["-f", &history.display().to_string()]))
        .and_then(|_| psql(&["-At", "-c", TRUTH]));
    runs(command(root, "pg_ctl").args(["-m", "immediate", "-D"]).arg(&data).arg("stop"));
    Some(answer.map(|text| text.lines().map(str::to_string).collect()))
}

#[test]
fn the_replay_equals_the_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(theirs) = server(folder.path()) else {
        eprintln!("skipped: no PostgreSQL server (initdb, pg_ctl, psql) to compare with");
        return;
    };
    let theirs = theirs.expect("the server accepts the history");
    let tree = Tree::from_memory("test", [("db/1.sql".to_string(), HISTORY.as_bytes().to_vec())]);
    let files = Files::default();
    let file = SqlFile { path: "db/1.sql".into(), version: "1".into(), role: Role::Up };
    let source = SqlSource {
        path: "db".into(),
        layout: "golang-migrate",
        dialect: Dialect::Postgres,
        said: true,
        files: vec![file],
    };
    let read = sql::read(&source, &Snapshot::new(&tree, &files));
    assert_eq!(read.problems, vec![]);
    let ours = ours(&read.value);
    let missing: Vec<_> = theirs.difference(&ours).collect();
    let extra: Vec<_> = ours.difference(&theirs).collect();
    assert!(missing.is_empty() && extra.is_empty(), "only the server: {missing:#?}\nonly the replay: {extra:#?}");
}
