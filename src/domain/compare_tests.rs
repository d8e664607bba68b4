//! Tables of pairs: what is different, and what shows it.

use serde_json::json;

use super::*;
use crate::model::{Bound, Decimal};

/// A domain from the JSON Schema keywords that speak about values.
fn domain(schema: Value) -> Domain {
    let mut domain = Domain::any();
    let number = |v: &Value| Decimal::of_json(v).expect("a number");
    for (keyword, value) in schema.as_object().expect("an object") {
        let count = value.as_u64();
        let text = || value.as_str().expect("text").into();
        match keyword.as_str() {
            "type" => {
                let names: Vec<&str> = match value {
                    Value::String(name) => vec![name],
                    names => names.as_array().expect("a list").iter().filter_map(Value::as_str).collect(),
                };
                domain.types = names.iter().filter_map(|n| Types::named(n)).fold(Types::NONE, Types::union);
            }
            "format" => domain.format = Some(text()),
            "enum" => domain.values = Some(value.as_array().expect("a list").clone().into()),
            "x-extensible-enum" => domain.open_values = true,
            "minimum" => domain.limits_mut().minimum = Some(Bound { value: number(value), exclusive: false }),
            "exclusiveMinimum" => domain.limits_mut().minimum = Some(Bound { value: number(value), exclusive: true }),
            "maximum" => domain.limits_mut().maximum = Some(Bound { value: number(value), exclusive: false }),
            "multipleOf" => domain.limits_mut().multiple_of = Some(number(value)),
            "minLength" => domain.limits_mut().min_length = count,
            "maxLength" => domain.limits_mut().max_length = count,
            "pattern" => domain.limits_mut().patterns.push(text()),
            "minItems" => domain.limits_mut().min_items = count,
            "maxItems" => domain.limits_mut().max_items = count,
            "uniqueItems" => domain.limits_mut().unique_items = true,
            "minProperties" => domain.limits_mut().min_properties = count,
            other => panic!("unknown keyword {other}"),
        }
    }
    domain
}

/// `aspect effect lost gained`, one line per difference.
fn told(base: &Value, head: &Value) -> String {
    let text = |v: &Option<Value>| v.as_ref().map_or("-".into(), ToString::to_string);
    let line = |d: &Difference| format!("{:?} {} {} {}", d.aspect, d.effect.name(), text(&d.lost), text(&d.gained));
    compare(&domain(base.clone()), &domain(head.clone())).iter().map(line).collect::<Vec<_>>().join("; ")
}

#[test]
fn equal_sets_are_not_different() {
    let uuid = r"^[0-9a-f]{8}$";
    for (base, head) in [
        (json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "exclusiveMinimum": 0})),
        (json!({"type": "string"}), json!({"type": ["string"]})),
        (json!({"enum": ["a", "b"]}), json!({"enum": ["b", "a"]})),
        (json!({"enum": ["a"], "type": "string"}), json!({"enum": ["a"]})),
        (json!({"type": "string", "minimum": 3}), json!({"type": "string"})),
        (json!({"enum": ["a", "bb"], "maxLength": 2}), json!({"enum": ["a", "bb"]})),
        (json!({"type": ["string", "null"], "enum": ["a"]}), json!({"type": "string", "enum": ["a"]})),
        (json!({"type": "integer", "multipleOf": 0.5}), json!({"type": "integer"})),
        (json!({"type": "number", "multipleOf": 1}), json!({"type": "integer"})),
        (json!({"enum": [1]}), json!({"enum": [1.0]})),
        (json!({"type": "boolean", "enum": [true, false]}), json!({"type": "boolean"})),
        (json!({"type": "integer", "minimum": 1, "maximum": 3}), json!({"type": "integer", "enum": [1, 2, 3]})),
        (
            json!({"type": "string", "pattern": uuid}),
            json!({"type": "string", "pattern": "^[a-f0-9]{8}$", "minLength": 8}),
        ),
        (json!({"type": "string", "pattern": "^(a|b)$"}), json!({"type": "string", "enum": ["a", "b"]})),
        (json!({"type": "string", "format": "uuid"}), json!({"type": "string", "format": "uuid", "maxLength": 36})),
        (json!({"type": "string", "format": "password"}), json!({"type": "string"})),
        (json!({"type": "string", "format": "ulid"}), json!({"type": "string"})),
        (json!({"type": "array", "maxItems": 1, "uniqueItems": true}), json!({"type": "array", "maxItems": 1})),
        (json!({"type": "string", "minLength": 3, "maxLength": 2}), json!({"type": "string", "enum": []})),
    ] {
        assert_eq!(told(&base, &head), "", "{base} -> {head}");
        assert_eq!(told(&head, &base), "", "{head} -> {base}");
    }
}

#[test]
fn differences_name_the_aspect_and_show_a_value() {
    for (base, head, expected) in [
        (json!({"type": "integer"}), json!({"type": "number"}), "Types widens - 0.5"),
        (json!({"type": "string"}), json!({"type": "integer", "minimum": 1}), r#"Types both "a" 1"#),
        (json!({"type": "string"}), json!({}), "Types widens - 0"),
        (json!({"type": "string"}), json!({"type": ["string", "null"]}), "Nullability widens - null"),
        (json!({"type": "integer", "minimum": 0}), json!({"type": "integer", "minimum": 1}), "Range narrows 0 -"),
        (
            json!({"type": "string", "maxLength": 3}),
            json!({"type": "string", "maxLength": 2}),
            r#"Length narrows "aaa" -"#,
        ),
        (json!({"enum": ["a", "b"]}), json!({"enum": ["a", "c"]}), r#"Value narrows "b" -; Value widens - "c""#),
        (json!({"type": "string"}), json!({"type": "string", "enum": ["x"]}), r#"ValueList narrows "a" -"#),
        (
            json!({"type": "integer", "format": "int32"}),
            json!({"type": "integer", "format": "int64"}),
            "Format widens - 2147483648",
        ),
        (json!({"type": "string"}), json!({"type": "string", "format": "uuid"}), r#"Format narrows "a" -"#),
        (
            json!({"type": "string", "format": "date"}),
            json!({"type": "string", "format": "date-time"}),
            r#"Format both "2000-01-01" "2000-01-01T00:00:00Z""#,
        ),
        (
            json!({"type": "string", "format": "email"}),
            json!({"type": "string", "format": "email", "maxLength": 30}),
            r#"Length narrows "a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.co" -"#,
        ),
        (
            json!({"type": "string", "format": "ulid"}),
            json!({"type": "string", "format": "ksuid"}),
            "Format undecided - -",
        ),
        (json!({"type": "string"}), json!({"type": "string", "pattern": "^[0-9]+$"}), r#"Pattern narrows "" -"#),
        (
            json!({"type": "string", "pattern": "^[0-9]+$"}),
            json!({"type": "string", "pattern": "^[0-9a-z]+$"}),
            r#"Pattern widens - "a""#,
        ),
        (
            json!({"type": "string", "pattern": "(?=a)"}),
            json!({"type": "string", "pattern": "(?=b)"}),
            "Pattern undecided - -",
        ),
        (json!({"type": "array"}), json!({"type": "array", "minItems": 1}), "Items narrows [] -"),
        (json!({"type": "array"}), json!({"type": "array", "uniqueItems": true}), "UniqueItems narrows [0,0] -"),
        (json!({"type": "object"}), json!({"type": "object", "minProperties": 1}), "Properties narrows {} -"),
        (json!({"type": "integer"}), json!({"type": "integer", "multipleOf": 5}), "Multiple narrows 1 -"),
        (json!({"type": "string", "maxLength": 9}), json!({"type": "integer", "maximum": 9}), r#"Types both "a" 0"#),
        (
            json!({"enum": ["a"], "type": ["string", "null"]}),
            json!({"enum": ["a", null], "type": ["string", "null"]}),
            "Nullability widens - null",
        ),
        (json!({"enum": ["a"]}), json!({"enum": ["a"], "x-extensible-enum": true}), "ValueList widens - -"),
    ] {
        assert_eq!(told(&base, &head), expected, "{base} -> {head}");
    }
}

#[test]
fn long_lists_cost_little() {
    let list = |from: usize, to: usize| -> Vec<Value> { (from..to).map(|n| json!(format!("value{n}"))).collect() };
    let differences = compare(&domain(json!({"enum": list(0, 5000)})), &domain(json!({"enum": list(1, 5001)})));
    assert_eq!(differences.len(), 2);
}
