//! A query in, the columns it gives and the relations it reads out.
//!
//! What is read is found by words (`FROM`, `JOIN`), which no nesting can defeat; the columns by the SQL parser, as
//! far as they are plain. Must not change the catalogue.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName, Query,
    SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement, TableFactor,
};
use sqlparser::parser::Parser;

use crate::model::domain::Domain;
use crate::model::origin::{Origin, Text};
use crate::model::sql::{Dialect, Generated, TableKind};

use super::catalog::{Catalog, ColumnData, ColumnState, ColumnType, Id, Relation};
use super::command::ViewQuery;
use super::cursor::{Cursor, Name};
use super::dialect;
use super::lex::Kind;
use super::{domains, parse};

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

/// Something that a query asks for in vain.
#[derive(Debug, Clone)]
pub enum Missing {
    Relation(Name),
    /// Of the only relation that could have it.
    Column(Id, Text),
}

/// Works out what a query gives, to a view or to a table that is `made` of it.
pub fn columns(catalog: &Catalog, src: &[u8], query: &ViewQuery, origin: Origin, made: bool) -> Answer {
    let cursor = Cursor::new(src, &query.tokens, catalog.dialect);
    let reads = reads(catalog, &cursor);
    let (start, end) = query.span;
    let text = String::from_utf8_lossy(src.get(start..end).unwrap_or_default());
    let sql = dialect(catalog.dialect);
    // What an outer join or another query adds may be null.
    let mixed = (0..query.tokens.len()).any(|at| Cursor { at, ..cursor }.is_any(&["JOIN", "UNION"]));
    let keeps = made && catalog.dialect == Dialect::MySql && !mixed;
    let resolver = Resolver { catalog, origin, keeps, missing: RefCell::default() };
    let mut found = None;
    let text = if query.tokens.len() > MAX_TOKENS { without_conditions(&cursor) } else { Some(text) };
    if let Some(text) = &text
        && let Ok(statement) = Parser::new(&*sql).try_with_sql(text).and_then(|mut p| p.parse_statement())
        && let Statement::Query(parsed) = statement
    {
        found = resolver.query(&parsed, &[], 0);
    }
    let known = found.is_some();
    let mut columns = found.unwrap_or_default();
    if !query.columns.is_empty() {
        columns.resize_with(query.columns.len().max(columns.len()), || resolver.unknown("?column?"));
        for (column, name) in columns.iter_mut().zip(&query.columns) {
            column.name = name.clone();
        }
    }
    Answer { columns, reads, known, too_long: text.is_none(), missing: resolver.missing.into_inner() }
}

/// A long query without its conditions, which change no column; `None` when that does not make it short.
fn without_conditions(cursor: &Cursor<'_>) -> Option<Cow<'static, str>> {
    const NEXT: [&str; 10] =
        ["GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "FETCH", "OFFSET", "UNION", "EXCEPT", "INTERSECT"];
    let mut at = *cursor;
    // The depth of parentheses, and that in which a condition stands.
    let (mut depth, mut condition) = (0usize, None);
    let mut text = String::new();
    let mut kept = 0;
    while let Some(token) = at.peek() {
        depth += usize::from(token.kind == Kind::Open);
        let over = token.kind == Kind::Close || at.is_any(&NEXT);
        condition = condition.filter(|inside| *inside < depth || *inside == depth && !over);
        condition = condition.or_else(|| at.is("WHERE").then_some(depth));
        depth = depth.saturating_sub(usize::from(token.kind == Kind::Close));
        if condition.is_none() {
            text.push_str(&at.text(token));
            let apart = at.tokens.get(at.at + 1).is_some_and(|next| next.start > token.end);
            text.push_str(if apart { " " } else { "" });
            kept += 1;
        }
        at.at += 1;
    }
    (kept <= MAX_TOKENS).then_some(Cow::Owned(text))
}

/// The relations behind `FROM` and `JOIN`, each with those of its columns that the query mentions.
fn reads(catalog: &Catalog, cursor: &Cursor<'_>) -> Reads {
    // With the names that it goes by.
    let mut found: Vec<(Id, BTreeSet<Text>)> = Vec::new();
    let mut star = false;
    // Each word, with what stands before a dot in front of it.
    let mut words: BTreeMap<Text, BTreeSet<Option<Text>>> = BTreeMap::new();
    let mut list = false;
    let mut at = *cursor;
    let (mut last, mut dot): (Option<Text>, bool) = (None, false);
    while let Some(token) = at.peek() {
        star |= token.kind == Kind::Op && at.bytes(token) == b"*";
        let word = matches!(token.kind, Kind::Word | Kind::Quoted).then(|| at.identifier(token)).flatten();
        let word = word.map(|name| catalog.fold(&name));
        if let Some(name) = &word {
            words.entry(name.clone()).or_default().insert(last.take().filter(|_| dot));
        }
        let is_dot = at.bytes(token) == b".";
        (last, dot) = (word.or(last.filter(|_| is_dot)), is_dot);
        if at.is("FROM") || at.is("JOIN") || (list && token.kind == Kind::Comma) {
            list = !at.is("JOIN") || list;
            at.at += 1;
            at.take("ONLY");
            while at.take_kind(Kind::Open) {}
            let mut probe = at;
            if let Ok(name) = probe.name()
                && probe.kind() != Some(Kind::Open)
                && let Some(id) = catalog.find(&name)
            {
                let names = [catalog.fold(&name.name)].into_iter().chain(alias(catalog, probe));
                match found.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, known)) => known.extend(names),
                    None => found.push((id, names.collect())),
                }
            }
            continue;
        }
        if token.kind == Kind::Open || token.kind == Kind::Close || at.is("WHERE") || at.is("SELECT") {
            list = false;
        }
        at.at += 1;
    }
    // What stands before a dot and is the name of no relation says nothing: a query in parentheses, a schema.
    let known: BTreeSet<Text> = found.iter().flat_map(|(_, names)| names.clone()).collect();
    let used = |names: &BTreeSet<Text>, column: &Text| {
        let before = words.get(&catalog.fold(column));
        let fits = |b: &Text| names.contains(b) || !known.contains(b);
        before.is_some_and(|before| before.iter().any(|b| b.as_ref().is_none_or(fits)))
    };
    let read = found.iter().map(|(id, names)| {
        let columns = catalog.relation(id).map(|r| r.columns.as_slice()).unwrap_or_default();
        let columns = columns.iter().filter(|c| !star && used(names, &c.name)).map(|c| c.name.clone()).collect();
        (id.clone(), columns)
    });
    read.collect()
}

/// The name that a relation is given behind its own.
fn alias(catalog: &Catalog, mut at: Cursor<'_>) -> Option<Text> {
    at.take("AS");
    let token = at.peek().filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))?;
    let clause =
        ["ON", "USING", "WHERE", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "GROUP", "ORDER"];
    let next = clause.iter().chain(&["HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "FETCH", "FOR"]);
    let is_clause = token.kind == Kind::Word && next.into_iter().any(|word| at.is(word));
    at.identifier(token).filter(|_| !is_clause).map(|name| catalog.fold(&name))
}

struct Resolver<'a> {
    catalog: &'a Catalog,
    origin: Origin,
    /// MySQL's tables made of queries keep `NOT NULL` and defaults.
    /// https://dev.mysql.com/doc/refman/8.4/en/create-table-select.html
    keeps: bool,
    /// The first thing that is not there.
    missing: RefCell<Option<Missing>>,
}

/// A relation in a query: what it is called there, and its columns.
#[derive(Clone)]
struct Source {
    name: Text,
    columns: Vec<ColumnState>,
    /// The relation that it is, when nothing else could have more columns.
    whole: Option<Id>,
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

impl Resolver<'_> {
    fn unknown(&self, name: &str) -> ColumnState {
        self.typed(name, ColumnType { text: Text::from(""), named: None, dimensions: 0, domain: Domain::any() })
    }

    fn typed(&self, name: &str, ty: ColumnType) -> ColumnState {
        ColumnState::from(ColumnData {
            name: Text::from(name),
            ty,
            not_null: false,
            default: None,
            generated: Generated::No,
            stored: false,
            uses: Vec::new(),
            formula: None,
            parents: 0,
            local: true,
            comment: None,
            encoding: Default::default(),
            settled: false,
            origin: self.origin,
            created: self.origin,
            tainted: false,
        })
    }

    fn name(&self, ident: &Ident) -> Text {
        let fold = ident.quote_style.is_none() && self.catalog.dialect == Dialect::Postgres;
        if fold { Text::from(ident.value.to_ascii_lowercase()) } else { Text::from(ident.value.as_str()) }
    }

    fn query(&self, query: &Query, outer: &[Source], depth: usize) -> Option<Vec<ColumnState>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut ctes = outer.to_vec();
        for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
            let mut columns = self.query(&cte.query, &ctes, depth + 1).unwrap_or_default();
            for (column, given) in columns.iter_mut().zip(&cte.alias.columns) {
                column.name = self.name(&given.name);
            }
            ctes.push(Source { name: self.name(&cte.alias.name), columns, whole: None });
        }
        let mut body = &*query.body;
        // A set operation is named by its first member; the others tell types that the first leaves open.
        let mut others = Vec::new();
        for _ in 0..MAX_DEPTH * 20 {
            match body {
                SetExpr::SetOperation { left, right, .. } => {
                    others.push(&**right);
                    body = left;
                }
                SetExpr::Query(inner) => return self.query(inner, &ctes, depth + 1),
                _ => break,
            }
        }
        let mut columns = self.select(body, &ctes, depth)?;
        for other in others.into_iter().rev().filter_map(|o| self.select(o, &ctes, depth)) {
            for (column, more) in columns.iter_mut().zip(other).filter(|(c, _)| c.ty.text.is_empty()) {
                column.ty = more.ty.clone();
            }
        }
        Some(columns)
    }

    fn select(&self, body: &SetExpr, ctes: &[Source], depth: usize) -> Option<Vec<ColumnState>> {
        let SetExpr::Select(select) = body else { return None };
        let mut sources = Vec::new();
        for from in &select.from {
            let factors = std::iter::once(&from.relation).chain(from.joins.iter().map(|j| &j.relation));
            for factor in factors {
                self.source(factor, ctes, depth, &mut sources);
            }
        }
        let mut columns = Vec::new();
        for item in &select.projection {
            if let (0, SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = (depth, item) {
                match expr {
                    Expr::Identifier(ident) => self.look_for(&sources, None, &self.name(ident)),
                    Expr::CompoundIdentifier(parts) => {
                        if let [table, column] = parts.as_slice() {
                            self.look_for(&sources, Some(&self.name(table)), &self.name(column));
                        }
                    }
                    _ => {}
                }
            }
            self.item(item, &sources, &mut columns)?;
            if columns.len() > MAX_COLUMNS {
                return None;
            }
        }
        Some(columns)
    }

    fn source(&self, factor: &TableFactor, ctes: &[Source], depth: usize, sources: &mut Vec<Source>) {
        match factor {
            TableFactor::Table { name, alias, args, .. } => {
                let Some(full) = self.object(name) else { return };
                let alias = alias.as_ref().map(|a| self.name(&a.name));
                let cte = ctes.iter().rev().find(|c| full.schema.is_none() && self.catalog.same(&c.name, &full.name));
                let mut whole = None;
                let columns = match cte {
                    Some(cte) => Some(cte.columns.clone()),
                    None => {
                        let id = self.catalog.find(&full);
                        let relation = id.as_ref().and_then(|id| self.catalog.relation(id));
                        // What belongs to the engine itself is not in the catalogue.
                        let ours = self.catalog.owns_schema(&full) && !full.name.starts_with("pg_");
                        if relation.is_none() && args.is_none() && depth == 0 && ours {
                            self.lacks(Missing::Relation(full.clone()));
                        }
                        // What a view's columns are called is not always known.
                        let plain = |r: &Relation| r.kind == TableKind::Table && !r.tainted;
                        whole = id.filter(|_| relation.is_some_and(plain));
                        let mysql = self.catalog.dialect == Dialect::MySql;
                        relation.map(|r| {
                            let mut columns = r.columns.clone();
                            for column in columns.iter_mut().filter(|_| mysql) {
                                column.encoding = r.encoding_of(column);
                            }
                            columns
                        })
                    }
                };
                sources.push(Source { name: alias.unwrap_or(full.name), columns: columns.unwrap_or_default(), whole });
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let columns = self.query(subquery, ctes, depth + 1).unwrap_or_default();
                let name = alias.as_ref().map_or_else(|| Text::from(""), |a| self.name(&a.name));
                sources.push(Source { name, columns, whole: None });
            }
            TableFactor::NestedJoin { table_with_joins, .. } if depth < MAX_DEPTH => {
                let joins = table_with_joins.joins.iter().map(|j| &j.relation);
                for inner in std::iter::once(&table_with_joins.relation).chain(joins) {
                    self.source(inner, ctes, depth + 1, sources);
                }
            }
            // Something else: what it has is not known.
            _ => sources.push(Source { name: Text::from(""), columns: Vec::new(), whole: None }),
        }
    }

    fn lacks(&self, missing: Missing) {
        self.missing.borrow_mut().get_or_insert(missing);
    }

    /// Notes a column that no source has, when there is a single one and all of it is known.
    fn look_for(&self, sources: &[Source], source: Option<&Text>, name: &Text) {
        let mut fits = sources.iter().filter(|s| source.is_none_or(|q| self.catalog.same(q, &s.name)));
        let (Some(only), None) = (fits.next(), fits.next()) else { return };
        let Some(id) = &only.whole else { return };
        let known = |c: &ColumnState| self.catalog.same(&c.name, name);
        let other = ALWAYS.contains(&&**name) || self.catalog.same(name, &only.name);
        if !other && !only.columns.iter().any(known) {
            self.lacks(Missing::Column(id.clone(), name.clone()));
        }
    }

    fn object(&self, name: &ObjectName) -> Option<Name> {
        let mut parts: Vec<Text> = name.0.iter().filter_map(|p| p.as_ident()).map(|i| self.name(i)).collect();
        let last = parts.pop()?;
        Some(Name { schema: parts.pop(), name: last, span: (0, 0) })
    }

    /// Adds what one item of the projection gives; `None` when its columns can not be known.
    fn item(&self, item: &SelectItem, sources: &[Source], columns: &mut Vec<ColumnState>) -> Option<()> {
        match item {
            SelectItem::UnnamedExpr(expr) => columns.push(self.expression(expr, sources)),
            SelectItem::ExprWithAlias { expr, alias } => {
                let mut column = self.expression(expr, sources);
                column.name = self.name(alias);
                columns.push(column);
            }
            SelectItem::Wildcard(_) => {
                if sources.is_empty() || sources.iter().any(|s| s.columns.is_empty()) {
                    return None;
                }
                columns.extend(sources.iter().flat_map(|s| s.columns.iter().map(|c| self.plain(c))));
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                let name = self.object(name)?.name;
                let source = sources.iter().find(|s| self.catalog.same(&s.name, &name))?;
                columns.extend(source.columns.iter().map(|c| self.plain(c)));
            }
            _ => return None,
        }
        Some(())
    }

    /// A view's column has the type of the column it shows, but none of its constraints.
    fn plain(&self, column: &ColumnState) -> ColumnState {
        let mut plain = self.typed(&column.name, column.ty.clone());
        (plain.encoding, plain.tainted) = (column.encoding.clone(), column.tainted);
        if self.keeps {
            plain.not_null = column.not_null;
            plain.default = match column.generated {
                Generated::ByDefault => Some(Text::from("0")),
                _ => column.default.clone(),
            };
        }
        plain
    }

    fn expression(&self, expr: &Expr, sources: &[Source]) -> ColumnState {
        match expr {
            Expr::Identifier(ident) => self.find(sources, None, &self.name(ident)),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [.., table, column] => self.find(sources, Some(&self.name(table)), &self.name(column)),
                _ => self.unknown("?column?"),
            },
            Expr::Nested(inner) => self.expression(inner, sources),
            Expr::Function(function) => {
                let name = self.object(&function.name).map_or_else(|| Text::from("?column?"), |n| n.name);
                self.typed(&name, self.call_type(&name, function, sources))
            }
            Expr::Case { conditions, else_result, .. } => {
                let results = conditions.iter().map(|c| &c.result).chain(else_result.as_deref());
                self.typed("case", self.first_type(results, sources))
            }
            Expr::Cast { expr, data_type, .. } => {
                let inner = match &**expr {
                    Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Function(_) => {
                        self.expression(expr, sources).name.clone()
                    }
                    _ => Text::from("?column?"),
                };
                self.typed(&inner, self.type_of(&data_type.to_string()))
            }
            Expr::BinaryOp { op, .. } if is_test(op) => self.typed("?column?", self.type_of("boolean")),
            Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::InList { .. } | Expr::Between { .. } => {
                self.typed("?column?", self.type_of("boolean"))
            }
            Expr::Exists { .. } => self.typed("exists", self.type_of("boolean")),
            _ => self.unknown("?column?"),
        }
    }

    fn find(&self, sources: &[Source], source: Option<&Text>, name: &Text) -> ColumnState {
        let fits = sources.iter().filter(|s| source.is_none_or(|q| self.catalog.same(q, &s.name)));
        let mut columns = fits.flat_map(|s| &s.columns);
        columns.find(|c| self.catalog.same(&c.name, name)).map_or_else(|| self.unknown(name), |c| self.plain(c))
    }

    /// The type of that spelling. Other engines than PostgreSQL have their own ideas of an expression's type.
    fn type_of(&self, text: &str) -> ColumnType {
        let raw =
            (self.catalog.dialect == Dialect::Postgres).then(|| parse::type_from_text(text, self.catalog.dialect));
        raw.flatten().map_or_else(|| self.unknown("").ty.clone(), |raw| domains::resolve(self.catalog, &raw).0)
    }

    /// The first type that is known; a length or precision does not survive an expression.
    fn first_type<'e>(&self, exprs: impl Iterator<Item = &'e Expr>, sources: &[Source]) -> ColumnType {
        let types = exprs.map(|e| self.expression(e, sources).ty.clone());
        types.into_iter().find(|ty| !ty.text.is_empty()).unwrap_or_else(|| self.unknown("").ty.clone())
    }

    fn call_type(&self, name: &str, function: &Function, sources: &[Source]) -> ColumnType {
        let FunctionArguments::List(list) = &function.args else { return self.unknown("").ty.clone() };
        let arguments = list.args.iter().filter_map(|a| match a {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        });
        match FUNCTIONS.iter().find(|(names, _)| names.contains(&name)) {
            Some((_, "")) => self.first_type(arguments, sources),
            Some((_, "sum")) => match &*self.first_type(arguments, sources).text {
                "smallint" | "integer" => self.type_of("bigint"),
                "bigint" => self.type_of("numeric"),
                other => self.type_of(other),
            },
            Some((_, fixed)) => self.type_of(fixed),
            None => self.unknown("").ty.clone(),
        }
    }
}

/// What PostgreSQL's everyday functions give; empty: the type of their first argument that has one.
const FUNCTIONS: &[(&[&str], &str)] = &[
    (&["count", "row_number", "rank", "dense_rank"], "bigint"),
    (
        &[
            "min",
            "max",
            "coalesce",
            "nullif",
            "greatest",
            "least",
            "first_value",
            "last_value",
            "lag",
            "lead",
            "date_trunc",
        ],
        "",
    ),
    (
        &["lower", "upper", "trim", "concat", "concat_ws", "substring", "replace", "to_char", "string_agg", "md5"],
        "text",
    ),
    (&["length", "char_length", "octet_length", "array_length"], "integer"),
    (&["now"], "timestamptz"),
    (&["sum"], "sum"),
    (&["bool_or", "bool_and", "every"], "boolean"),
    (&["jsonb_agg", "jsonb_build_object", "to_jsonb", "jsonb_object_agg"], "jsonb"),
    (&["json_agg", "json_build_object", "to_json", "row_to_json"], "json"),
];

fn is_test(op: &BinaryOperator) -> bool {
    use BinaryOperator::{And, Eq, Gt, GtEq, Lt, LtEq, NotEq, Or};
    matches!(op, And | Or | Eq | NotEq | Lt | LtEq | Gt | GtEq)
}
