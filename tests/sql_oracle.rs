//! The replayed schema against real PostgreSQL servers, whose sockets `DRIFTLINE_POSTGRES` and `DRIFTLINE_POSTGRES18` name
//! (see `.ci/databases`). Without them the test says that it was skipped and passes.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

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

/// The server's answer about a database of its own.
fn server(socket: &str, database: &str) -> Result<BTreeSet<String>, String> {
    let psql = |database: &str, input: &str| {
        let mut command = Command::new("psql");
        command.args(["-X", "-q", "-A", "-t", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-h", socket, "-d", database]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let mut stdin = child.stdin.take().ok_or("no input")?;
        stdin.write_all(input.as_bytes()).map_err(|e| e.to_string())?;
        drop(stdin);
        let output = child.wait_with_output().map_err(|e| e.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    };
    psql("postgres", &format!("drop database if exists {database};\ncreate database {database};"))?;
    psql(database, HISTORY)?;
    let answer = psql(database, TRUTH)?;
    psql("postgres", &format!("drop database {database}"))?;
    Ok(answer.lines().map(str::to_string).collect())
}

#[test]
fn the_replay_equals_the_server() {
    for variable in ["DRIFTLINE_POSTGRES", "DRIFTLINE_POSTGRES18"] {
        match std::env::var(variable) {
            Ok(socket) => equal(&socket),
            Err(_) => println!("skipped: {variable} does not name a server; see .ci/databases"),
        }
    }
}

fn equal(socket: &str) {
    let theirs = server(socket, "the_replay_equals").expect("the server accepts the history");
    let tree = Tree::from_memory("test", [("db/1.sql".to_string(), HISTORY.as_bytes().to_vec())]);
    let files = Files::default();
    let file = SqlFile { path: "db/1.sql".into(), version: "1".into(), role: Role::Up };
    let source =
        SqlSource { path: "db".into(), layout: "golang-migrate", dialect: Dialect::Postgres, files: vec![file] };
    let read = sql::read(&source, &Snapshot::new(&tree, &files));
    assert_eq!(read.problems, vec![]);
    let ours = ours(&read.value);
    let missing: Vec<_> = theirs.difference(&ours).collect();
    let extra: Vec<_> = ours.difference(&theirs).collect();
    assert!(missing.is_empty() && extra.is_empty(), "only the server: {missing:#?}\nonly the replay: {extra:#?}");
}
