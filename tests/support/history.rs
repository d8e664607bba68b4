//! A history of statements, replayed as the one migration of its folder.

use driftline::model::origin::Read;
use driftline::model::sql::{Dialect, Schema};
use driftline::read::sql;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

pub fn replay(dialect: Dialect, text: &str) -> Read<Schema> {
    let path = "db/migrations/1_all.sql".to_string();
    let tree = Tree::from_memory("history", [(path.clone(), text.as_bytes().to_vec())]);
    let files = Files::default();
    let file = SqlFile { path: path.into(), version: "1".into(), role: Role::Up };
    let (path, layout) = ("db/migrations".into(), "numbered");
    let source = SqlSource { path, layout, dialect, said: true, files: vec![file] };
    sql::read(&source, &Snapshot::new(&tree, &files))
}
