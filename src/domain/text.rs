//! Domains in words: the before and after of a difference.

use serde_json::Value;

use crate::model::{Bound, Domain, Types};

use super::compare::Aspect;

/// Values of a list that are spelled out.
const MAX_VALUES: usize = 6;
/// Characters of one value that are shown.
const MAX_TEXT: usize = 60;

/// What the domain says of the aspect; `None` when it says nothing.
pub fn describe(domain: &Domain, aspect: Aspect) -> Option<String> {
    let limits = domain.limits();
    match aspect {
        Aspect::Types => {
            let types = domain.types.minus(Types::NULL);
            Some(if types == Types::ANY.minus(Types::NULL) { "any".into() } else { types.to_string() })
        }
        Aspect::Nullability => Some(if domain.nullable() { "nullable".into() } else { "not nullable".into() }),
        Aspect::Format => domain.format.as_ref().map(ToString::to_string),
        Aspect::Value | Aspect::ValueList => domain.values.as_ref().map(|list| {
            let shown: Vec<String> = list.iter().take(MAX_VALUES).map(value).collect();
            match list.len().saturating_sub(MAX_VALUES) {
                0 => shown.join(", "),
                more => format!("{} and {more} more", shown.join(", ")),
            }
        }),
        Aspect::Length => counts(limits.min_length, limits.max_length, "character"),
        Aspect::Items => counts(limits.min_items, limits.max_items, "item"),
        Aspect::Properties => counts(limits.min_properties, limits.max_properties, "property"),
        Aspect::Range => range(limits.minimum, limits.maximum),
        Aspect::Multiple => limits.multiple_of.map(|step| format!("multiple of {step}")),
        Aspect::Pattern => (!limits.patterns.is_empty()).then(|| limits.patterns.join(" and ")),
        Aspect::UniqueItems => limits.unique_items.then(|| "unique items".into()),
    }
}

/// A value as people read it: strings without quotes where that is plain, everything cut to a line.
pub fn value(value: &Value) -> String {
    let text = match value {
        Value::String(s) if !s.is_empty() && s.trim().len() == s.len() && !s.contains([',', '"', '\n']) => s.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(MAX_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn range(minimum: Option<Bound>, maximum: Option<Bound>) -> Option<String> {
    if let (Some(Bound { value: min, exclusive: false }), Some(Bound { value: max, exclusive: false })) =
        (&minimum, &maximum)
    {
        return Some(format!("{min} to {max}"));
    }
    let end = |bound: Option<Bound>, inclusive: &str, exclusive: &str| {
        bound.map(|b| format!("{} {}", if b.exclusive { exclusive } else { inclusive }, b.value))
    };
    let ends = [end(minimum, "at least", "more than"), end(maximum, "at most", "less than")];
    let ends: Vec<String> = ends.into_iter().flatten().collect();
    (!ends.is_empty()).then(|| ends.join(" and "))
}

fn counts(min: Option<u64>, max: Option<u64>, what: &str) -> Option<String> {
    let many = |n: u64| match n {
        1 => format!("1 {what}"),
        _ if what == "property" => format!("{n} properties"),
        n => format!("{n} {what}s"),
    };
    match (min.filter(|n| *n > 0), max) {
        (None, None) => None,
        (Some(min), None) => Some(format!("at least {}", many(min))),
        (None, Some(max)) => Some(format!("at most {}", many(max))),
        (Some(min), Some(max)) if min == max => Some(format!("exactly {}", many(min))),
        (Some(min), Some(max)) => Some(format!("{min} to {}", many(max))),
    }
}
