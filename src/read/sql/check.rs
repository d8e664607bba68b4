//! The expression of a CHECK in, the tests it makes on single columns out.
//!
//! Only conjunctions of simple tests are understood; everything else gives no test, which never makes a domain
//! smaller than it is. Must not know tables.

use serde_json::Value;
use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator};
use sqlparser::parser::Parser;

use crate::model::Decimal;
use crate::model::domain::Bound;
use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::command::{Condition, Test};
use super::dialect;

/// Longer expressions are not worth a tree.
const MAX_BYTES: usize = 20_000;
const MAX_TERMS: usize = 500;

/// The tests of a CHECK expression.
pub fn conditions(text: &str, sql: Dialect) -> Vec<Condition> {
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let parser_dialect = dialect(sql);
    let Ok(expr) = Parser::new(&*parser_dialect).try_with_sql(text).and_then(|mut p| p.parse_expr()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut open = vec![&expr];
    let mut terms = 0;
    while let Some(next) = open.pop() {
        terms += 1;
        if terms > MAX_TERMS {
            return Vec::new();
        }
        match bare(next) {
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => open.extend([&**right, &**left]),
            other => term(other, sql, &mut found),
        }
    }
    found
}

/// The expression without parentheses and casts.
fn bare(mut expr: &Expr) -> &Expr {
    loop {
        match expr {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => expr = inner,
            _ => return expr,
        }
    }
}

fn term(expr: &Expr, sql: Dialect, found: &mut Vec<Condition>) {
    let mut add = |column: Text, test: Test| found.push(Condition { column, test });
    match expr {
        Expr::IsNotNull(inner) => {
            if let Some(column) = column(inner, sql) {
                add(column, Test::NotNull);
            }
        }
        // `x IS NULL OR test(x)` is `test(x)`: a CHECK lets null pass.
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            let (test, null) = match (bare(left), bare(right)) {
                (Expr::IsNull(null), test) | (test, Expr::IsNull(null)) => (test, null),
                (a, b) => {
                    if let (Some((x, mut values)), Some((y, more))) = (equal(a, sql), equal(b, sql))
                        && x == y
                    {
                        values.extend(more);
                        add(x, Test::OneOf(values));
                    }
                    return;
                }
            };
            let mut inner = Vec::new();
            term(test, sql, &mut inner);
            let name = column(null, sql);
            found.extend(inner.into_iter().filter(|c| Some(&c.column) == name.as_ref() && c.test != Test::NotNull));
        }
        Expr::InList { expr, list, negated: false } => {
            if let (Some(column), Some(values)) = (column(expr, sql), literals(list)) {
                add(column, Test::OneOf(values));
            }
        }
        Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
            if let (Some(column), Expr::Array(array)) = (column(left, sql), bare(right))
                && let Some(values) = literals(&array.elem)
            {
                add(column, Test::OneOf(values));
            }
        }
        Expr::Between { expr, negated: false, low, high } => {
            compare(expr, &BinaryOperator::GtEq, low, sql, found);
            compare(expr, &BinaryOperator::LtEq, high, sql, found);
        }
        Expr::BinaryOp { left, op, right } => {
            if number(left).is_some() || literal(left).is_some() {
                let mirrored = match op {
                    BinaryOperator::Lt => BinaryOperator::Gt,
                    BinaryOperator::LtEq => BinaryOperator::GtEq,
                    BinaryOperator::Gt => BinaryOperator::Lt,
                    BinaryOperator::GtEq => BinaryOperator::LtEq,
                    other => other.clone(),
                };
                compare(right, &mirrored, left, sql, found);
            } else {
                compare(left, op, right, sql, found);
            }
        }
        _ => {}
    }
}

/// `x = 'a'`, also inside `OR` chains.
fn equal(expr: &Expr, sql: Dialect) -> Option<(Text, Vec<Value>)> {
    match bare(expr) {
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => Some((column(left, sql)?, vec![literal(right)?])),
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            let (x, mut values) = equal(left, sql)?;
            let (y, more) = equal(right, sql)?;
            values.extend(more);
            (x == y).then_some((x, values))
        }
        _ => None,
    }
}

fn compare(left: &Expr, op: &BinaryOperator, right: &Expr, sql: Dialect, found: &mut Vec<Condition>) {
    let Some(value) = number(right) else {
        if let (BinaryOperator::Eq, Some(column), Some(value)) = (op, column(left, sql), literal(right)) {
            found.push(Condition { column, test: Test::OneOf(vec![value]) });
        } else if let (BinaryOperator::NotEq, Some(column), Some(Value::String(text))) =
            (op, column(left, sql), literal(right))
            && text.is_empty()
        {
            found.push(Condition { column, test: Test::MinLength(1) });
        }
        return;
    };
    let exclusive = matches!(op, BinaryOperator::Lt | BinaryOperator::Gt);
    if let Some(column) = column(left, sql) {
        let bound = Bound { value, exclusive };
        let test = match op {
            BinaryOperator::Lt | BinaryOperator::LtEq => Test::Maximum(bound),
            BinaryOperator::Gt | BinaryOperator::GtEq => Test::Minimum(bound),
            BinaryOperator::Eq => Test::OneOf(vec![value.to_json()]),
            _ => return,
        };
        found.push(Condition { column, test });
    } else if let Some(column) = measured(left, sql) {
        let Ok(length) = value.to_string().parse::<u64>() else { return };
        let shift = u64::from(exclusive);
        let tests = match op {
            BinaryOperator::Lt | BinaryOperator::LtEq => vec![Test::MaxLength(length.saturating_sub(shift))],
            BinaryOperator::Gt | BinaryOperator::GtEq => vec![Test::MinLength(length + shift)],
            BinaryOperator::Eq => vec![Test::MinLength(length), Test::MaxLength(length)],
            _ => return,
        };
        found.extend(tests.into_iter().map(|test| Condition { column: column.clone(), test }));
    }
}

/// The column whose characters `length(x)` counts.
fn measured(expr: &Expr, sql: Dialect) -> Option<Text> {
    let Expr::Function(Function { name, args: FunctionArguments::List(list), .. }) = bare(expr) else { return None };
    let name = name.to_string().to_ascii_lowercase();
    let characters =
        matches!(name.as_str(), "char_length" | "character_length") || (name == "length" && sql != Dialect::MySql);
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(inner))] if characters => column(inner, sql),
        _ => None,
    }
}

fn column(expr: &Expr, sql: Dialect) -> Option<Text> {
    let ident = match bare(expr) {
        Expr::Identifier(ident) => ident,
        Expr::CompoundIdentifier(parts) => parts.last()?,
        _ => return None,
    };
    let fold = ident.quote_style.is_none() && sql == Dialect::Postgres;
    Some(if fold { Text::from(ident.value.to_ascii_lowercase()) } else { Text::from(ident.value.as_str()) })
}

fn number(expr: &Expr) -> Option<Decimal> {
    match bare(expr) {
        Expr::Value(value) => match &value.value {
            sqlparser::ast::Value::Number(text, _) => Decimal::parse(text),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => number(expr).map(Decimal::negated),
        _ => None,
    }
}

fn literal(expr: &Expr) -> Option<Value> {
    if let Some(n) = number(expr) {
        return Some(n.to_json());
    }
    match bare(expr) {
        Expr::Value(value) => match &value.value {
            sqlparser::ast::Value::Boolean(b) => Some(Value::Bool(*b)),
            other => other.clone().into_string().map(Value::String),
        },
        _ => None,
    }
}

fn literals(list: &[Expr]) -> Option<Vec<Value>> {
    list.iter().map(literal).collect()
}
