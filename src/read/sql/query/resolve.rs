//! Queries, their members and their sources: which columns there are.

use std::cell::{Cell, RefCell};

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, JoinConstraint, JoinOperator, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor, TableWithJoins,
};

use crate::model::domain::Domain;
use crate::model::origin::{Origin, Text};
use crate::model::sql::{Dialect, Generated};

use super::super::catalog::{Catalog, ColumnData, ColumnState, ColumnType, Id, Relation};
use super::super::cursor::Name;
use super::{ALWAYS, MAX_COLUMNS, MAX_DEPTH, Missing, Reads};

pub struct Resolver<'a> {
    pub catalog: &'a Catalog,
    origin: Origin,
    /// MySQL's tables made of queries keep `NOT NULL` and defaults.
    /// https://dev.mysql.com/doc/refman/8.4/en/create-table-select.html
    keeps: bool,
    /// The first thing that is not there.
    missing: RefCell<Option<Missing>>,
    /// Columns of relations that are named, or that a star stands for.
    read: RefCell<Reads>,
    /// How deep in an expression.
    pub nested: Cell<usize>,
}

/// A relation in a query: what it is called there, and its columns.
#[derive(Clone)]
pub struct Source {
    name: Text,
    columns: Vec<ColumnState>,
    /// It has no other columns.
    known: bool,
    id: Option<Id>,
}

/// What the names in an expression may mean.
pub struct Scope<'s> {
    pub sources: Vec<Source>,
    /// What a lone star stands for, as far as known.
    star: Option<Vec<ColumnState>>,
    /// Columns that joined sources have together.
    merged: Vec<Text>,
    pub ctes: &'s [Source],
    /// Of the queries around this one.
    outer: &'s [Source],
    pub depth: usize,
}

impl<'s> Scope<'s> {
    fn new(ctes: &'s [Source], outer: &'s [Source], depth: usize) -> Self {
        Self { sources: Vec::new(), star: Some(Vec::new()), merged: Vec::new(), ctes, outer, depth }
    }

    /// All that a query inside sees.
    pub fn visible(&self) -> Vec<Source> {
        self.sources.iter().chain(self.outer).cloned().collect()
    }
}

impl<'a> Resolver<'a> {
    pub fn new(catalog: &'a Catalog, origin: Origin, keeps: bool) -> Self {
        Self { catalog, origin, keeps, missing: RefCell::default(), read: RefCell::default(), nested: Cell::new(0) }
    }

    /// What was not there, and the columns that are read.
    pub fn found(self) -> (Option<Missing>, Reads) {
        (self.missing.into_inner(), self.read.into_inner())
    }

    pub fn blank(&self) -> ColumnType {
        ColumnType { text: Text::from(""), named: None, dimensions: 0, domain: Domain::any() }
    }

    pub fn unknown(&self, name: &str) -> ColumnState {
        self.typed(name, self.blank())
    }

    pub fn typed(&self, name: &str, ty: ColumnType) -> ColumnState {
        ColumnState::from(ColumnData {
            name: Text::from(name),
            ty,
            not_null: false,
            default: None,
            generated: Generated::No,
            stored: false,
            uses: Vec::new(),
            formula: None,
            sequence: None,
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

    pub fn name(&self, ident: &Ident) -> Text {
        let fold = ident.quote_style.is_none() && self.catalog.dialect == Dialect::Postgres;
        if fold { Text::from(ident.value.to_ascii_lowercase()) } else { Text::from(ident.value.as_str()) }
    }

    pub fn object(&self, name: &ObjectName) -> Option<Name> {
        let mut parts: Vec<Text> = name.0.iter().filter_map(|p| p.as_ident()).map(|i| self.name(i)).collect();
        let last = parts.pop()?;
        Some(Name { schema: parts.pop(), name: last, span: (0, 0) })
    }

    pub fn lacks(&self, missing: Missing) {
        self.missing.borrow_mut().get_or_insert(missing);
    }

    pub fn query(&self, query: &Query, around: &[Source], outer: &[Source], depth: usize) -> Option<Vec<ColumnState>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut ctes = around.to_vec();
        for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
            let name = self.name(&cte.alias.name);
            let source = |found: Option<Vec<ColumnState>>| {
                let known = found.is_some();
                let mut columns = found.unwrap_or_default();
                for (column, given) in columns.iter_mut().zip(&cte.alias.columns) {
                    column.name = self.name(&given.name);
                }
                Source { name: name.clone(), columns, known, id: None }
            };
            let recursive = query.with.as_ref().is_some_and(|w| w.recursive);
            if let SetExpr::SetOperation { left, .. } = &*cte.query.body
                && recursive
            {
                // What the first member gives is what there is, to the second as well.
                let first = source(self.member(left, &ctes, outer, depth + 1));
                ctes.push(first);
                self.query(&cte.query, &ctes, outer, depth + 1);
                continue;
            }
            if recursive {
                ctes.push(source(None));
            }
            let found = source(self.query(&cte.query, &ctes, outer, depth + 1));
            ctes.push(found);
        }
        let mut body = &*query.body;
        // A set operation is named by its first member; its types are those that all members have in common.
        let mut others = Vec::new();
        for _ in 0..MAX_DEPTH * 20 {
            match body {
                SetExpr::SetOperation { left, right, .. } => {
                    others.push(&**right);
                    body = left;
                }
                _ => break,
            }
        }
        let mut columns = self.member(body, &ctes, outer, depth)?;
        for other in others.into_iter().rev().filter_map(|o| self.member(o, &ctes, outer, depth)) {
            for (column, more) in columns.iter_mut().zip(other) {
                column.ty = match self.unify([column.ty.clone(), more.ty.clone()]) {
                    Some(ty) => ty,
                    None => {
                        self.lacks(Missing::Common(column.ty.text.clone(), more.ty.text.clone()));
                        self.blank()
                    }
                };
            }
        }
        Some(columns)
    }

    fn member(&self, body: &SetExpr, ctes: &[Source], outer: &[Source], depth: usize) -> Option<Vec<ColumnState>> {
        match body {
            SetExpr::Select(select) => self.select(select, ctes, outer, depth),
            SetExpr::Query(inner) => self.query(inner, ctes, outer, depth + 1),
            SetExpr::SetOperation { left, .. } => {
                self.member(left, ctes, outer, depth + 1).filter(|_| depth < MAX_DEPTH)
            }
            SetExpr::Values(values) => {
                let scope = Scope::new(ctes, outer, depth);
                let row = |row: &[Expr]| row.iter().map(|e| self.ty(e, &scope)).collect::<Vec<_>>();
                let mut rows = values.rows.iter().take(MAX_COLUMNS).map(|r| row(r));
                let mut types = rows.next()?;
                for other in rows {
                    for (ty, more) in types.iter_mut().zip(other) {
                        *ty = self.common([ty.clone(), more]);
                    }
                }
                let column = |(at, ty)| self.typed(&format!("column{}", at + 1), ty);
                Some(types.into_iter().enumerate().map(column).collect())
            }
            _ => None,
        }
    }

    fn select(&self, select: &Select, ctes: &[Source], outer: &[Source], depth: usize) -> Option<Vec<ColumnState>> {
        let mut scope = Scope::new(ctes, outer, depth);
        for from in &select.from {
            let star = self.from(from, &mut scope);
            scope.star = scope.star.take().zip(star).map(|(all, more)| [all, more].concat());
        }
        let mut columns = Vec::new();
        for item in &select.projection {
            self.item(item, &scope, &mut columns)?;
            if columns.len() > MAX_COLUMNS {
                return None;
            }
        }
        for expr in select.selection.iter() {
            self.ty(expr, &scope);
        }
        Some(columns)
    }

    /// Adds the sources of one item of `FROM` and gives the columns that it has together.
    fn from(&self, from: &TableWithJoins, scope: &mut Scope<'_>) -> Option<Vec<ColumnState>> {
        let mut all = self.source(&from.relation, scope);
        for join in &from.joins {
            let right = self.source(&join.relation, scope);
            if let Some(JoinConstraint::On(expr)) = constraint(&join.join_operator) {
                self.ty(expr, scope);
            }
            let (Some(left), Some(right)) = (all.take(), right) else { continue };
            let same = |a: &Text, b: &Text| self.catalog.same(a, b);
            let merged: Vec<Text> = match constraint(&join.join_operator) {
                Some(JoinConstraint::Using(names)) => {
                    names.iter().filter_map(|n| self.object(n)).map(|n| n.name).collect()
                }
                Some(JoinConstraint::Natural) => {
                    let both = |c: &&ColumnState| right.iter().any(|r| same(&r.name, &c.name));
                    left.iter().filter(both).map(|c| c.name.clone()).collect()
                }
                _ => Vec::new(),
            };
            scope.merged.extend(merged.iter().cloned());
            let is_merged = |c: &ColumnState| merged.iter().any(|m| same(m, &c.name));
            let first = merged.iter().filter_map(|m| left.iter().find(|c| same(&c.name, m))).cloned();
            let mut columns: Vec<ColumnState> = first.collect();
            columns.extend(left.iter().chain(&right).filter(|c| !is_merged(c)).cloned());
            all = Some(columns);
        }
        all
    }

    /// Adds a source and gives its columns, when they are known.
    fn source(&self, factor: &TableFactor, scope: &mut Scope<'_>) -> Option<Vec<ColumnState>> {
        let (mut source, alias) = match factor {
            TableFactor::Table { name, alias, args: None, .. } => (self.relation(name, scope)?, alias),
            TableFactor::Table { name, alias, args: Some(args), with_ordinality, .. } => {
                (self.table_function(name, &args.args, *with_ordinality, alias.as_ref(), scope)?, alias)
            }
            TableFactor::Function { name, alias, args, with_ordinality, .. } => {
                (self.table_function(name, args, *with_ordinality, alias.as_ref(), scope)?, alias)
            }
            TableFactor::Derived { subquery, alias, lateral, .. } => {
                let around = if *lateral { scope.visible() } else { scope.outer.to_vec() };
                let found = self.query(subquery, scope.ctes, &around, scope.depth + 1);
                let known = found.is_some();
                (Source { name: Text::from(""), columns: found.unwrap_or_default(), known, id: None }, alias)
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } if scope.depth < MAX_DEPTH => {
                scope.depth += 1;
                let all = self.from(table_with_joins, scope);
                scope.depth -= 1;
                return all;
            }
            // Something else: what it has is not known.
            _ => (Source { name: Text::from(""), columns: Vec::new(), known: false, id: None }, &None),
        };
        if let Some(alias) = alias {
            source.name = self.name(&alias.name);
            for (column, given) in source.columns.iter_mut().zip(&alias.columns) {
                column.name = self.name(&given.name);
            }
        }
        let columns = source.known.then(|| source.columns.clone());
        scope.sources.push(source);
        columns
    }

    fn relation(&self, name: &ObjectName, scope: &Scope<'_>) -> Option<Source> {
        let full = self.object(name)?;
        let cte = scope.ctes.iter().rev().find(|c| full.schema.is_none() && self.catalog.same(&c.name, &full.name));
        if let Some(cte) = cte {
            return Some(Source { name: full.name, ..cte.clone() });
        }
        let id = self.catalog.find(&full);
        let relation = id.as_ref().and_then(|id| self.catalog.relation(id));
        // What belongs to the engine itself is not in the catalogue.
        let ours = self.catalog.owns_schema(&full) && !full.name.starts_with("pg_");
        if relation.is_none() && ours {
            self.lacks(Missing::Relation(full.clone()));
        }
        let known = relation.is_some_and(|r: &Relation| !r.tainted);
        let mysql = self.catalog.dialect == Dialect::MySql;
        let column = |r: &Relation, c: &ColumnState| {
            let mut plain = self.plain(c);
            if mysql {
                plain.encoding = r.encoding_of(c);
            }
            plain
        };
        let columns = relation.map(|r| r.columns.iter().map(|c| column(r, c)).collect()).unwrap_or_default();
        Some(Source { name: full.name, columns, known, id })
    }

    /// A function behind `FROM` gives one column when it gives plain values; it is called like its alias.
    fn table_function(
        &self,
        name: &ObjectName,
        args: &[FunctionArg],
        numbered: bool,
        alias: Option<&TableAlias>,
        scope: &Scope<'_>,
    ) -> Option<Source> {
        let name = self.object(name)?.name;
        let arguments = args.iter().filter_map(|a| match a {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(self.ty(expr, scope)),
            _ => None,
        });
        let ty = self.call(&name, &arguments.collect::<Vec<_>>());
        let known = !ty.text.is_empty() && !numbered;
        let called = alias.map_or_else(|| name.clone(), |a| self.name(&a.name));
        let columns = if known { vec![self.typed(&called, ty)] } else { Vec::new() };
        Some(Source { name: called, columns, known, id: None })
    }

    /// Adds what one item of the projection gives; `None` when its columns can not be known.
    fn item(&self, item: &SelectItem, scope: &Scope<'_>, columns: &mut Vec<ColumnState>) -> Option<()> {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let column = self.expression(expr, scope);
                columns.push(self.called(column, self.label(expr)));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                let column = self.expression(expr, scope);
                columns.push(self.called(column, self.name(alias)));
            }
            SelectItem::Wildcard(_) => {
                let all = scope.star.as_ref().filter(|_| !scope.sources.is_empty())?;
                scope.sources.iter().for_each(|s| self.all_of(s));
                columns.extend(all.iter().cloned());
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                let name = self.object(name)?.name;
                let source = scope.sources.iter().find(|s| self.catalog.same(&s.name, &name)).filter(|s| s.known)?;
                self.all_of(source);
                columns.extend(source.columns.iter().cloned());
            }
            _ => return None,
        }
        Some(())
    }

    /// Notes that a star stands for all columns of a relation.
    fn all_of(&self, source: &Source) {
        let Some(id) = &source.id else { return };
        // An alias may call them otherwise.
        let own = self.catalog.relation(id).map(|r| r.columns.as_slice()).unwrap_or_default();
        self.read.borrow_mut().push((id.clone(), own.iter().map(|c| c.name.clone()).collect()));
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

    /// A column under another name.
    fn called(&self, mut column: ColumnState, name: Text) -> ColumnState {
        column.name = name;
        column
    }

    /// The column that a name means; noted as missing when nothing can have it.
    pub fn find(&self, scope: &Scope<'_>, source: Option<&Text>, name: &Text) -> ColumnState {
        let fits = |s: &&Source| source.is_none_or(|q| self.catalog.same(q, &s.name));
        let here = scope.sources.iter().chain(scope.outer).filter(fits);
        let mut columns = here.clone().flat_map(|s| s.columns.iter().map(move |c| (s, c)));
        if let Some((source, found)) = columns.find(|(_, c)| self.catalog.same(&c.name, name)) {
            if let Some(id) = &source.id {
                self.read.borrow_mut().push((id.clone(), vec![found.name.clone()]));
            }
            let has = |s: &&Source| s.columns.iter().any(|c| self.catalog.same(&c.name, name));
            let merged = scope.merged.iter().any(|m| self.catalog.same(m, name));
            if !merged && scope.sources.iter().filter(fits).filter(has).count() > 1 {
                self.lacks(Missing::Ambiguous(name.clone()));
            }
            return found.clone();
        }
        let all: Vec<&Source> = here.collect();
        let other = ALWAYS.contains(&&**name)
            || scope.sources.iter().chain(scope.outer).any(|s| self.catalog.same(&s.name, name));
        if !other && !all.is_empty() && all.iter().all(|s| s.known) {
            let id = if let [only] = all.as_slice() { only.id.clone() } else { None };
            self.lacks(Missing::Column(id, name.clone()));
        }
        self.unknown(name)
    }
}

fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint) => Some(constraint),
        _ => None,
    }
}
