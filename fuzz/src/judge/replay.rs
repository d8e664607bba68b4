//! The whole replay: the same files give the same schema and the same problems, every place lies inside its file, names
//! are unique, and blank files change nothing.
//!
//! The first byte picks the dialect, the second the layout; a form feed at the start of a line begins the next file.

use std::collections::BTreeSet;

use driftline::model::origin::{Origin, Problem};
use driftline::model::sql::{Dialect, Schema};
use driftline::read;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

const LAYOUTS: [&str; 6] = ["golang-migrate", "flyway", "goose", "diesel", "prisma", "dump"];
const MOST_FILES: usize = 8;

pub fn judge(data: &[u8]) {
    let [first, second, text @ ..] = data else { return };
    let dialect = [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite][usize::from(first % 3)];
    let layout = LAYOUTS[usize::from(*second) % LAYOUTS.len()];
    let mut files = parts(text);
    let (schema, problems) = replay(&files, dialect, layout);
    let (same, same_problems) = replay(&files, dialect, layout);
    let shown = format!("{schema:?} {problems:?}");
    assert_eq!(shown, format!("{same:?} {same_problems:?}"), "the same files gave something else");
    let mut names = BTreeSet::new();
    for table in &schema.tables {
        assert!(names.insert((&table.schema, &table.name)), "`{}` is there twice", table.name);
    }
    files.push(b"\n-- nothing\n".to_vec());
    let (longer, _) = replay(&files, dialect, layout);
    assert_eq!(format!("{:?}", schema.tables), format!("{:?}", longer.tables), "a blank file changed tables");
}

fn parts(text: &[u8]) -> Vec<Vec<u8>> {
    let mut files = vec![Vec::new()];
    for line in text.split_inclusive(|b| *b == b'\n') {
        let rest = line.strip_prefix(b"\x0c");
        if rest.is_some() && files.len() < MOST_FILES {
            files.push(Vec::new());
        }
        if let Some(last) = files.last_mut() {
            last.extend_from_slice(rest.unwrap_or(line));
        }
    }
    files
}

fn replay(files: &[Vec<u8>], dialect: Dialect, layout: &'static str) -> (Schema, Vec<Problem>) {
    let named = |n: usize| format!("migrations/{n:04}_step.up.sql");
    let tree = Tree::from_memory("fuzz", files.iter().enumerate().map(|(n, bytes)| (named(n), bytes.clone())));
    let loaded = Files::default();
    let snapshot = Snapshot::new(&tree, &loaded);
    let role = if layout == "dump" { Role::State } else { Role::Up };
    let file = |n: usize| SqlFile { path: named(n).into(), version: n.to_string().into(), role };
    let source = SqlSource {
        path: "migrations".into(),
        layout,
        dialect,
        said: true,
        files: (0..files.len()).map(file).collect(),
    };
    let read = read::sql::read(&source, &snapshot);
    let inside = |origin: Origin| {
        let length = loaded.get(origin.file).bytes.len();
        assert!(origin.start <= origin.end && origin.end as usize <= length, "{origin:?} in {length} bytes");
    };
    read.problems.iter().for_each(|problem| inside(problem.origin));
    for table in &read.value.tables {
        inside(table.origin);
        table.columns.iter().for_each(|column| inside(column.origin));
        table.keys.iter().for_each(|key| inside(key.origin));
    }
    (read.value, read.problems)
}
