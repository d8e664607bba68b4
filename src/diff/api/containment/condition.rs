//! A domain as the keywords of JSON Schema 2020-12 that say it.

use serde_json::{Map, Value, json};

use crate::domain;
use crate::model::{Domain, Flow, Types};

/// The schema of a domain. Formats that narrow nothing are left out; numeric ones are bounds.
pub fn condition(domain: &Domain, flow: Flow) -> Value {
    let mut schema = Map::new();
    let mut put = |keyword: &str, value: Option<Value>| schema.extend(value.map(|v| (keyword.to_string(), v)));
    let (numeric, text) = domain::formats(domain.format.as_deref());
    let mut types = domain.types;
    if numeric.as_ref().is_some_and(|n| n.whole) && types.contains(Types::NUMBER) {
        types = types.minus(Types::NUMBER).union(Types::INTEGER);
    }
    // Readers of an open list were told to expect more.
    let values = domain.values.as_deref().filter(|_| flow == Flow::In || !domain.open_values);
    if types.is_empty() || values.is_some_and(<[Value]>::is_empty) {
        return Value::Bool(false);
    }
    if types != Types::ANY {
        put("type", Some(json!(types.names())));
    }
    put("enum", values.map(|list| list.to_vec().into()));
    let limits = domain.limits();
    let ends = [
        ("minimum", "exclusiveMinimum", limits.minimum, numeric.as_ref().and_then(|n| n.low), true),
        ("maximum", "exclusiveMaximum", limits.maximum, numeric.as_ref().and_then(|n| n.high), false),
    ];
    for (inclusive, exclusive, own, format, lower) in ends {
        let narrower = match (own, format) {
            (Some(a), Some(b)) if (b.value > a.value) == lower && b.value != a.value => Some(b),
            (a, b) => a.or(b),
        };
        if let Some(bound) = narrower {
            put(if bound.exclusive { exclusive } else { inclusive }, Some(bound.value.to_json()));
        }
    }
    put("multipleOf", limits.multiple_of.map(|n| n.to_json()));
    put("minLength", limits.min_length.map(Value::from));
    put("maxLength", limits.max_length.map(Value::from));
    put("minItems", limits.min_items.map(Value::from));
    put("maxItems", limits.max_items.map(Value::from));
    put("uniqueItems", limits.unique_items.then_some(Value::Bool(true)));
    put("minProperties", limits.min_properties.map(Value::from));
    put("maxProperties", limits.max_properties.map(Value::from));
    put("format", text.map(Value::from));
    match limits.patterns.as_slice() {
        [] => {}
        [only] => put("pattern", Some(json!(&**only))),
        many => put("allOf", Some(many.iter().map(|p| json!({"pattern": &**p})).collect())),
    }
    schema.into()
}
