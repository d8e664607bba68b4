//! The name and the type that PostgreSQL gives to an expression of a query.
//!
//! The names are those of `FigureColname` in its `parse_target.c`. Other engines have their own ideas of types: there only
//! what is a column has one.

use sqlparser::ast::{
    AccessExpr, CeilFloorKind, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, SelectItem, SetExpr,
    Subscript, UnaryOperator, Value,
};

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::catalog::{ColumnState, ColumnType};
use super::super::{domains, parse};
use super::resolve::{Resolver, Scope};
use super::unify::UNKNOWN;
use super::{Missing, operators};

/// Expressions nested deeper than this are left alone.
const MAX_NESTED: usize = 200;
const UNNAMED: &str = "?column?";

impl Resolver<'_> {
    /// What an expression gives; its name is another matter.
    pub fn expression(&self, expr: &Expr, scope: &Scope<'_>) -> ColumnState {
        match expr {
            Expr::Identifier(ident) => self.find(scope, None, &self.name(ident)),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [.., table, column] => self.find(scope, Some(&self.name(table)), &self.name(column)),
                _ => self.unknown(UNNAMED),
            },
            Expr::Nested(inner) => self.expression(inner, scope),
            _ => self.typed(UNNAMED, self.ty(expr, scope)),
        }
    }

    /// The type of an expression; blank when it is not known.
    pub fn ty(&self, expr: &Expr, scope: &Scope<'_>) -> ColumnType {
        if self.nested.get() > MAX_NESTED {
            return self.blank();
        }
        self.nested.set(self.nested.get() + 1);
        let ty = self.ty_within(expr, scope);
        self.nested.set(self.nested.get() - 1);
        ty
    }

    fn ty_within(&self, expr: &Expr, scope: &Scope<'_>) -> ColumnType {
        let of = |expr: &Expr| self.ty(expr, scope);
        match expr {
            Expr::Identifier(ident) if ident.quote_style.is_none() && self.is_word(&ident.value) => {
                self.call(&ident.value.to_ascii_lowercase(), &[])
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => self.expression(expr, scope).ty.clone(),
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => of(inner),
            Expr::Value(value) => self.literal(&value.value),
            Expr::TypedString(typed) => self.type_of(&typed.data_type.to_string()),
            Expr::Interval(_) => self.type_of("interval"),
            Expr::Function(function) => self.function(function, scope),
            Expr::Case { operand, conditions, else_result, .. } => {
                operand.iter().for_each(|e| drop(of(e)));
                conditions.iter().for_each(|c| drop(of(&c.condition)));
                // The server looks at ELSE first; one that is missing is a null.
                let last = else_result.as_deref().map_or_else(|| self.untyped(), of);
                self.common(std::iter::once(last).chain(conditions.iter().map(|c| of(&c.result))).collect::<Vec<_>>())
            }
            Expr::Cast { expr, data_type, .. } => {
                of(expr);
                self.type_of(&data_type.to_string())
            }
            Expr::BinaryOp { left, op, right } => {
                let (left, right) = (self.bare(&of(left)), self.bare(&of(right)));
                let compared = operators::result(op, &left.text, &right.text) == "boolean" && operators::compares(op);
                if compared && self.never_equal(&left, &right) {
                    self.lacks(Missing::Operator(left.text.clone(), right.text.clone()));
                }
                let array = [&left, &right].into_iter().find(|ty| ty.dimensions > 0).cloned();
                match array {
                    Some(array) if matches!(op, sqlparser::ast::BinaryOperator::StringConcat) => array,
                    _ => self.type_of(operators::result(op, &left.text, &right.text)),
                }
            }
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                of(expr);
                self.type_of("boolean")
            }
            Expr::UnaryOp {
                op: UnaryOperator::Minus | UnaryOperator::Plus | UnaryOperator::BitwiseNot | UnaryOperator::PGAbs,
                expr,
            } => self.bare(&of(expr)),
            Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner)
            | Expr::InSubquery { expr: inner, .. }
            | Expr::InList { expr: inner, .. }
            | Expr::Between { expr: inner, .. }
            | Expr::Like { expr: inner, .. }
            | Expr::ILike { expr: inner, .. }
            | Expr::SimilarTo { expr: inner, .. }
            | Expr::AnyOp { left: inner, .. }
            | Expr::AllOp { left: inner, .. } => {
                of(inner);
                self.type_of("boolean")
            }
            Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => self.type_of("boolean"),
            Expr::Exists { subquery, .. } => {
                self.query(subquery, scope.ctes, &scope.visible(), scope.depth + 1);
                self.type_of("boolean")
            }
            Expr::Subquery(query) => {
                let found = self.query(query, scope.ctes, &scope.visible(), scope.depth + 1);
                found.and_then(|c| c.into_iter().next()).map_or_else(|| self.blank(), |c| c.ty.clone())
            }
            Expr::Extract { expr, .. } => {
                of(expr);
                self.type_of("numeric")
            }
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(_) }
            | Expr::Floor { expr, field: CeilFloorKind::DateTimeField(_) } => self.call("floor", &[of(expr)]),
            Expr::Position { .. } => self.type_of("integer"),
            Expr::Substring { expr, .. } | Expr::Trim { expr, .. } | Expr::Overlay { expr, .. } => {
                self.call("substring", &[of(expr)])
            }
            Expr::AtTimeZone { timestamp, .. } => match &*self.bare(&of(timestamp)).text {
                "timestamp with time zone" => self.type_of("timestamp"),
                "timestamp without time zone" | "date" => self.type_of("timestamptz"),
                _ => self.blank(),
            },
            Expr::Array(array) => {
                let common = self.common(array.elem.iter().map(of).collect::<Vec<_>>());
                match &*common.text {
                    "" => common,
                    UNKNOWN => self.type_of("text[]"),
                    _ => ColumnType { dimensions: common.dimensions.max(1), ..self.bare(&common) },
                }
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                let root = of(root);
                access_chain.iter().fold(root, |ty, access| match access {
                    AccessExpr::Subscript(Subscript::Index { .. }) if ty.dimensions > 0 => {
                        ColumnType { dimensions: 0, ..ty }
                    }
                    AccessExpr::Subscript(Subscript::Slice { .. }) if ty.dimensions > 0 => ty,
                    AccessExpr::Subscript(_) if &*ty.text == "jsonb" => ty,
                    _ => self.blank(),
                })
            }
            _ => self.blank(),
        }
    }

    /// True when PostgreSQL has no operator to compare values of these types.
    fn never_equal(&self, left: &ColumnType, right: &ColumnType) -> bool {
        let postgres = self.catalog.dialect == Dialect::Postgres;
        postgres
            && ![left, right].iter().any(|ty| &*ty.text == UNKNOWN || ty.text.is_empty())
            && !domains::may_compare(self.catalog, left, right)
            && !domains::may_compare(self.catalog, right, left)
    }

    fn untyped(&self) -> ColumnType {
        ColumnType { text: Text::from(UNKNOWN), ..self.blank() }
    }

    fn literal(&self, value: &Value) -> ColumnType {
        match value {
            Value::Number(text, _) => self.type_of(match text {
                text if text.parse::<i32>().is_ok() => "integer",
                text if text.parse::<i64>().is_ok() => "bigint",
                _ => "numeric",
            }),
            Value::Boolean(_) => self.type_of("boolean"),
            Value::Null
            | Value::SingleQuotedString(_)
            | Value::EscapedStringLiteral(_)
            | Value::DollarQuotedString(_) => match self.catalog.dialect {
                Dialect::Postgres => self.untyped(),
                _ => self.blank(),
            },
            _ => self.blank(),
        }
    }

    /// True for what PostgreSQL takes for a value of its own: `current_date`.
    fn is_word(&self, word: &str) -> bool {
        let words = [
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "current_user",
            "session_user",
            "current_role",
            "user",
            "current_schema",
            "current_catalog",
        ];
        self.catalog.dialect == Dialect::Postgres && words.iter().any(|w| w.eq_ignore_ascii_case(word))
    }

    fn function(&self, function: &Function, scope: &Scope<'_>) -> ColumnType {
        let Some(name) = self.object(&function.name) else { return self.blank() };
        let arguments: Vec<ColumnType> = match &function.args {
            FunctionArguments::List(list) => {
                let argument = |a: &FunctionArg| match a {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(self.ty(expr, scope)),
                    _ => None,
                };
                list.args.iter().filter_map(argument).collect()
            }
            FunctionArguments::Subquery(query) => {
                let found = self.query(query, scope.ctes, &scope.visible(), scope.depth + 1);
                let first = found.and_then(|c| c.into_iter().next()).map_or_else(|| self.blank(), |c| c.ty.clone());
                // `ARRAY(SELECT …)`
                return match &*first.text {
                    UNKNOWN if &*name.name == "array" => self.type_of("text[]"),
                    text if &*name.name == "array" && !text.is_empty() => ColumnType { dimensions: 1, ..first },
                    _ => self.blank(),
                };
            }
            FunctionArguments::None => Vec::new(),
        };
        let ours = name.schema.as_deref().is_none_or(|s| s == "pg_catalog");
        if !function.within_group.is_empty() {
            // What is ordered is what `mode` and `percentile_disc` give.
            let ordered = function.within_group.first().map_or_else(|| self.blank(), |o| self.ty(&o.expr, scope));
            return match &*name.name {
                "mode" | "percentile_disc" => self.bare(&ordered),
                "percentile_cont" if &*self.bare(&ordered).text == "interval" => self.type_of("interval"),
                "percentile_cont" => self.type_of("double precision"),
                _ => self.blank(),
            };
        }
        if ours { self.call(&name.name, &arguments) } else { self.blank() }
    }

    /// The type of that spelling. Other engines than PostgreSQL have their own ideas of an expression's type.
    pub fn type_of(&self, text: &str) -> ColumnType {
        let postgres = self.catalog.dialect == Dialect::Postgres && !text.is_empty();
        let raw = postgres.then(|| parse::type_from_text(text, self.catalog.dialect));
        raw.flatten().map_or_else(|| self.blank(), |raw| domains::resolve(self.catalog, &raw).0)
    }

    /// The name of a column that has none.
    pub fn label(&self, expr: &Expr) -> Text {
        self.named(expr, 0).map_or_else(|| Text::from(UNNAMED), |(name, _)| name)
    }

    /// With whether the name is a good one: that of a column or function, not of a type.
    fn named(&self, expr: &Expr, depth: usize) -> Option<(Text, bool)> {
        let good = |name: &str| Some((Text::from(name), true));
        let poor = |name: &str| Some((Text::from(name), false));
        if depth > MAX_NESTED {
            return None;
        }
        match expr {
            Expr::Identifier(ident) => Some((self.name(ident), true)),
            Expr::CompoundIdentifier(parts) => parts.last().map(|p| (self.name(p), true)),
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.named(inner, depth + 1),
            Expr::Function(function) => self.object(&function.name).map(|n| (n.name, true)),
            Expr::Cast { expr, data_type, .. } => match self.named(expr, depth + 1) {
                Some((name, true)) => Some((name, true)),
                _ => poor(&internal_name(&data_type.to_string())),
            },
            Expr::TypedString(typed) => poor(&internal_name(&typed.data_type.to_string())),
            Expr::Interval(_) => poor("interval"),
            Expr::Case { else_result, .. } => match else_result.as_ref().and_then(|e| self.named(e, depth + 1)) {
                Some((name, true)) => Some((name, true)),
                _ => poor("case"),
            },
            Expr::CompoundFieldAccess { root, access_chain } => match access_chain.last() {
                Some(AccessExpr::Dot(Expr::Identifier(field))) => Some((self.name(field), true)),
                _ => self.named(root, depth + 1),
            },
            Expr::Exists { .. } => good("exists"),
            Expr::Array(_) => good("array"),
            Expr::Extract { .. } => good("extract"),
            Expr::Ceil { .. } => good("ceil"),
            Expr::Floor { .. } => good("floor"),
            Expr::Position { .. } => good("position"),
            Expr::Substring { .. } => good("substring"),
            Expr::Overlay { .. } => good("overlay"),
            Expr::Trim { .. } => good("btrim"),
            Expr::AtTimeZone { .. } => good("timezone"),
            Expr::Tuple(_) => good("row"),
            Expr::Subquery(query) => match &*query.body {
                SetExpr::Select(select) => match select.projection.first()? {
                    SelectItem::UnnamedExpr(inner) => self.named(inner, depth + 1),
                    SelectItem::ExprWithAlias { alias, .. } => Some((self.name(alias), true)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }
}

/// PostgreSQL's own short name of a type.
fn internal_name(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let plain = super::unify::without_arguments(&lower);
    let first = plain.trim_end_matches("[]").trim();
    let known = match first {
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "double precision" | "float" => "float8",
        "real" => "float4",
        "boolean" => "bool",
        "character varying" => "varchar",
        "character" | "char" => "bpchar",
        "decimal" | "dec" => "numeric",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        other => other.rsplit('.').next().unwrap_or(other),
    };
    known.trim_matches('"').to_string()
}
