//! Dumps and schema folders: SQL that says how things are, not how they came to be.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::dialect::{self, Engine};
use super::migrations::read;
use super::places::{file_name, parent, words};
use super::snapshot::Snapshot;
use super::sources::{Role, SqlFile, SqlSource};
use super::tables::{Tables, defines};

/// A folder holds several engines when each has at least one of so many of its files.
const FEW: usize = 4;
/// What programs that write dumps begin with, in lower case.
const DUMPS: [&[u8]; 9] = [
    b"postgresql database dump",
    b"postgresql database cluster dump",
    b"-- mysql dump",
    b"-- mariadb dump",
    b"phpmyadmin sql dump",
    b"navicat",
    b"pragma foreign_keys=off",
    b"\\restrict ",
    b"-- dumped from database",
];
/// Words in names of files that hold a whole database.
const NAMES: [&str; 7] = ["structure", "schema", "dump", "latest", "initial", "init", "database"];
/// What such words end in: `dbinit.sql`.
const ENDS: [&str; 3] = ["init", "schema", "dump"];
/// Folders that hold one kind of object each, in the order in which they have to be read.
const KINDS: [&[&str]; 7] = [
    &["extensions", "schemas"],
    &["types", "enums", "domains", "sequences"],
    &["tables"],
    &["functions", "procedures"],
    &["views"],
    &["indexes", "indices", "constraints"],
    &["triggers", "policies"],
];

/// Sources among files that belong to no migrations. `told` files count without proof.
pub fn find(
    snapshot: &Snapshot<'_>,
    files: Vec<Text>,
    told: bool,
    others: &mut Vec<(Text, &'static str)>,
) -> Vec<SqlSource> {
    let mut sources = Vec::new();
    let mut folders: BTreeMap<Text, Vec<Text>> = BTreeMap::new();
    // A table may be called like an engine: names of files say what they are for where others beside them do so too.
    let named = files.iter().filter(|path| dialect::from_path(file_name(path)).is_some());
    let named: BTreeSet<Text> = named.map(|path| parent(path).into()).collect();
    for path in files {
        let content = read(snapshot, &path);
        if !told && (!defines(&content.bytes) || is_queries(&content.bytes)) {
            continue;
        }
        let place = if named.contains(parent(&path)) { &path } else { parent(&path) };
        let other = dialect::unsupported(place).or_else(|| match dialect::from_path(&path) {
            None => dialect::plainly_other([content.bytes.as_slice()]),
            Some(_) => None,
        });
        if let (false, Some(engine)) = (told, other) {
            others.push((path, engine));
            continue;
        }
        if is_dump(&path, &content.bytes) && (told || creates(&content.bytes)) {
            sources.push(file(snapshot, path));
        } else {
            folders.entry(folder(&path).into()).or_default().push(path);
        }
    }
    for (folder, files) in folders {
        for (dialect, files) in by_engine(snapshot, files) {
            sources.extend(schema(snapshot, &folder, dialect, files, told));
        }
    }
    sources
}

/// The files of a folder for each engine that names or words of them say; others are of all, or of the only one.
fn by_engine(snapshot: &Snapshot<'_>, files: Vec<Text>) -> Vec<(Option<Dialect>, Vec<Text>)> {
    let engine = |path: &Text| {
        let said = dialect::from_path(path);
        said.or_else(|| match dialect::plainly(&read(snapshot, path).bytes) {
            Some(Engine::Replayed(dialect)) => Some(dialect),
            _ => None,
        })
    };
    let engines: Vec<Option<Dialect>> = files.iter().map(engine).collect();
    let known: BTreeSet<Dialect> = engines.iter().flatten().copied().collect();
    let names = files.iter().filter_map(|path| dialect::from_path(file_name(path))).collect::<BTreeSet<_>>().len() > 1;
    // Words alone tell a folder's engine, not that it holds several: one slip of a pen is none.
    let counted = |dialect: Dialect| engines.iter().filter(|e| **e == Some(dialect)).count();
    if known.len() < 2 || !names && known.iter().any(|dialect| counted(*dialect) * FEW < files.len()) {
        return vec![(None, files)];
    }
    let of = |dialect: Dialect| {
        let fits = files.iter().zip(&engines).filter(|(_, engine)| engine.is_none_or(|e| e == dialect));
        (Some(dialect), fits.map(|(path, _)| path.clone()).collect())
    };
    known.into_iter().map(of).collect()
}

fn schema(
    snapshot: &Snapshot<'_>,
    folder: &Text,
    told_dialect: Option<Dialect>,
    mut files: Vec<Text>,
    told: bool,
) -> Option<SqlSource> {
    if !told && !files.iter().any(|path| creates(&read(snapshot, path).bytes)) {
        return None;
    }
    if let [only] = files.as_slice() {
        return Some(file(snapshot, only.clone()));
    }
    files.sort_by_key(|path| (rank(path), path.clone()));
    let own = files.first().map(|first| parent(first)).unwrap_or_default();
    let folder = if files.iter().all(|path| parent(path) == own) { own.into() } else { folder.clone() };
    let contents: Vec<_> = files.iter().map(|path| read(snapshot, path)).collect();
    let names = told_dialect.or_else(|| dialect::from_path(&folder));
    let dialect = names.unwrap_or_else(|| dialect::by_votes(contents.iter().map(|file| file.bytes.as_slice())));
    let files = files.into_iter().map(state).collect();
    Some(SqlSource { path: folder, layout: "schema", dialect, said: names.is_some(), files })
}

/// A single file as a source.
pub fn file(snapshot: &Snapshot<'_>, path: Text) -> SqlSource {
    let content = read(snapshot, &path);
    let layout = if is_dump(&path, &content.bytes) { "dump" } else { "schema" };
    let said = by_header(&content.bytes).or_else(|| dialect::from_path(&path));
    let dialect = said.unwrap_or_else(|| dialect::by_votes([content.bytes.as_slice()]));
    SqlSource { path: path.clone(), layout, dialect, said: said.is_some(), files: vec![state(path)] }
}

fn state(path: Text) -> SqlFile {
    SqlFile { version: file_name(&path).into(), path, role: Role::State }
}

/// The folder of a schema: the one above where each kind of object has its own.
fn folder(path: &str) -> &str {
    let folder = parent(path);
    if rank(path) < KINDS.len() && !parent(folder).is_empty() { parent(folder) } else { folder }
}

fn rank(path: &str) -> usize {
    let folder = file_name(parent(path)).to_ascii_lowercase();
    KINDS.iter().position(|kinds| kinds.contains(&folder.as_str())).unwrap_or(KINDS.len())
}

fn head(bytes: &[u8]) -> Vec<u8> {
    bytes.get(..bytes.len().min(4_000)).unwrap_or_default().to_ascii_lowercase()
}

/// Holds a whole database, by its name or its first lines.
pub fn is_dump(path: &str, bytes: &[u8]) -> bool {
    let head = head(bytes);
    DUMPS.iter().any(|mark| memmem::find(&head, mark).is_some())
        || words(file_name(path))
            .any(|word| NAMES.contains(&word.as_str()) || ENDS.iter().any(|end| word.ends_with(end)))
}

fn by_header(bytes: &[u8]) -> Option<Dialect> {
    let head = head(bytes);
    let has = |mark: &[u8]| memmem::find(&head, mark).is_some();
    if has(b"postgresql database dump") || has(b"\\restrict ") {
        Some(Dialect::Postgres)
    } else if has(b"-- mysql dump") || has(b"-- mariadb dump") || has(b"phpmyadmin sql dump") {
        Some(Dialect::MySql)
    } else if has(b"pragma foreign_keys=off") {
        Some(Dialect::Sqlite)
    } else {
        None
    }
}

fn creates(bytes: &[u8]) -> bool {
    let mut tables = Tables::default();
    tables.collect(bytes);
    !tables.created.is_empty()
}

/// Queries that a generator turns into code (`-- name: GetUser :one`).
fn is_queries(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"-- name:").any(|at| {
        let line = bytes.get(at..).and_then(|rest| rest.split(|b| *b == b'\n').next()).unwrap_or_default();
        memmem::find(line, b" :").is_some()
    })
}
