//! A query in, the columns it gives and the relations it reads out.
//!
//! What is read is found by words (`reads`); the columns by the SQL parser, as far as they are plain (`resolve`), with the
//! types that PostgreSQL gives to expressions (`expression`, `functions`). Must not change the catalogue.

mod expression;
mod functions;
mod operators;
mod reads;
mod resolve;
mod unify;

use sqlparser::ast::Statement;
use sqlparser::parser::Parser;

use crate::model::origin::{Origin, Text};
use crate::model::sql::Dialect;

use super::catalog::{Catalog, ColumnState, Id};
use super::command::ViewQuery;
use super::cursor::{Cursor, Name};
use super::dialect;
use resolve::Resolver;

/// Longer queries are not handed to the SQL parser.
const MAX_TOKENS: usize = 20_000;
/// Common table expressions and nested queries deeper than this are left alone.
const MAX_DEPTH: usize = 24;
/// What gives more columns is left open: PostgreSQL refuses more (`MaxTupleAttributeNumber`), and views over views that
/// each double their columns would fill any memory.
const MAX_COLUMNS: usize = 1664;

/// Relations, each with the columns of it that are read; none named means all.
pub type Reads = Vec<(Id, Vec<Text>)>;

/// What a query gives.
pub struct Answer {
    pub columns: Vec<ColumnState>,
    pub reads: Reads,
    /// The columns are all known.
    pub known: bool,
    /// It was not looked at for its length.
    pub too_long: bool,
    /// What the query asks for and is not there.
    pub missing: Option<Missing>,
}

/// Why an engine refuses a query.
#[derive(Debug, Clone)]
pub enum Missing {
    Relation(Name),
    /// Of the only relation that could have it, when there is one.
    Column(Option<Id>, Text),
    /// Several relations of the query have a column of that name.
    Ambiguous(Text),
    /// A function for arguments of that type.
    Function(Text, Text),
    /// Values of types that have no operator between them.
    Operator(Text, Text),
    /// Members of a set operation whose types have nothing in common.
    Common(Text, Text),
    /// Two columns of that name, where they must have a name each.
    Twice(Text),
}

/// Columns that every relation of PostgreSQL has, and what it calls by a plain word.
pub const ALWAYS: [&str; 14] = [
    "ctid",
    "oid",
    "xmin",
    "xmax",
    "cmin",
    "cmax",
    "tableoid",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "session_user",
    "localtime",
    "localtimestamp",
];

/// Works out what a query gives, to a view or to a table that is `made` of it.
pub fn columns(catalog: &Catalog, src: &[u8], query: &ViewQuery, origin: Origin, made: bool) -> Answer {
    let cursor = Cursor::new(src, &query.tokens, catalog.dialect);
    let mut reads = reads::reads(catalog, &cursor);
    let (start, end) = query.span;
    let text = String::from_utf8_lossy(src.get(start..end).unwrap_or_default());
    let sql = dialect(catalog.dialect);
    // What an outer join or another query adds may be null.
    let mixed = (0..query.tokens.len()).any(|at| Cursor { at, ..cursor }.is_any(&["JOIN", "UNION"]));
    let keeps = made && catalog.dialect == Dialect::MySql && !mixed;
    let resolver = Resolver::new(catalog, origin, keeps);
    let mut found = None;
    let text = if query.tokens.len() > MAX_TOKENS { reads::without_conditions(&cursor) } else { Some(text) };
    let too_long = text.is_none();
    if let Some(text) = &text
        && let Ok(statement) = Parser::new(&*sql).try_with_sql(text).and_then(|mut p| p.parse_statement())
        && let Statement::Query(parsed) = statement
    {
        found = resolver.query(&parsed, &[], &[], 0);
    }
    let known = found.is_some();
    let mut columns = found.unwrap_or_default();
    if !query.columns.is_empty() {
        columns.resize_with(query.columns.len().max(columns.len()), || resolver.unknown("?column?"));
        for (column, name) in columns.iter_mut().zip(&query.columns) {
            column.name = name.clone();
        }
    }
    columns.iter_mut().for_each(|c| unify::settle(&mut c.ty));
    let (mut missing, read) = resolver.found();
    if known && catalog.dialect == Dialect::Postgres {
        let twice = |(at, c): &(usize, &ColumnState)| columns.iter().skip(at + 1).any(|other| other.name == c.name);
        let twice = columns.iter().enumerate().find(twice).map(|(_, c)| Missing::Twice(c.name.clone()));
        missing = missing.or(twice);
    }
    // SQLite keeps the star itself.
    if (!known || catalog.dialect == Dialect::Sqlite) && reads::has_star(&cursor) {
        reads.iter_mut().for_each(|(_, columns)| columns.clear());
        return Answer { columns, reads, known, too_long, missing };
    }
    for (id, names) in read {
        if let Some((_, columns)) = reads.iter_mut().find(|(read, _)| *read == id) {
            columns.extend(names.into_iter().filter(|n| !columns.contains(n)).collect::<Vec<_>>());
        }
    }
    Answer { columns, reads, known, too_long, missing }
}
