//! Whether a value is in a domain.

use serde_json::Value;

use crate::model::{Decimal, Domain, Types};

use super::format;
use super::pattern::Automaton;

/// Whether `value` is in the domain; `None` when that cannot be told (a pattern beyond automata, a format beyond a
/// short check). A list that is declared open counts as closed.
pub fn accepts(domain: &Domain, value: &Value) -> Option<bool> {
    let listed = domain.values.as_ref().is_none_or(|list| list.iter().any(|v| same(v, value)));
    if !domain.types.contains(Types::of(value)) || !listed {
        return Some(false);
    }
    match value {
        Value::Null | Value::Bool(_) => Some(true),
        Value::Number(_) => number(domain, value),
        Value::String(text) => string(domain, text),
        Value::Array(items) => {
            let limits = domain.limits();
            let counted = counts(items.len(), limits.min_items, limits.max_items);
            let repeated = limits.unique_items
                && items.iter().enumerate().any(|(n, a)| items.iter().skip(n + 1).any(|b| same(a, b)));
            Some(counted && !repeated)
        }
        Value::Object(entries) => {
            let limits = domain.limits();
            Some(counts(entries.len(), limits.min_properties, limits.max_properties))
        }
    }
}

/// Equality of JSON values: `1.0` is `1`.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            x == y || Decimal::of_json(a).is_some_and(|n| Decimal::of_json(b) == Some(n))
        }
        _ => a == b,
    }
}

/// Equal for equal values, for sets of values.
pub fn key(value: &Value) -> String {
    Decimal::of_json(value).map_or_else(|| value.to_string(), |n| n.to_string())
}

fn counts(n: usize, min: Option<u64>, max: Option<u64>) -> bool {
    let n = n as u64;
    min.is_none_or(|min| n >= min) && max.is_none_or(|max| n <= max)
}

/// All of them; `None` when none is false and one is unknown.
fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn number(domain: &Domain, value: &Value) -> Option<bool> {
    let limits = domain.limits();
    let n = Decimal::of_json(value)?;
    let above = limits.minimum.is_none_or(|b| n > b.value || (n == b.value && !b.exclusive));
    let below = limits.maximum.is_none_or(|b| n < b.value || (n == b.value && !b.exclusive));
    let multiple = match limits.multiple_of {
        Some(step) => n.is_multiple_of(step),
        None => Some(true),
    };
    let format = format::interval(domain.format.as_deref()).is_none_or(|i| {
        let fits =
            |b: Option<crate::model::Bound>, low: bool| b.is_none_or(|b| if low { n >= b.value } else { n <= b.value });
        fits(i.low, true) && fits(i.high, false) && (!i.whole || n.is_integer())
    });
    all([Some(above && below && format), multiple])
}

fn string(domain: &Domain, text: &str) -> Option<bool> {
    let limits = domain.limits();
    let long_enough = limits.min_length.is_none() && limits.max_length.is_none()
        || counts(text.chars().count(), limits.min_length, limits.max_length);
    let patterns = limits.patterns.iter().map(|p| Automaton::of_pattern(p).map(|a| a.accepts(text)));
    let format = format::text(domain.format.as_deref()).map_or(Some(true), |f| (f.check)(text));
    all([Some(long_enough), format].into_iter().chain(patterns))
}
