//! The domain of a column: its type, the checks that hold on it, and `NOT NULL`, put together.
//!
//! Worked out from the state each time, never changed step by step, so that a dropped constraint leaves no trace.

use std::sync::Arc;

use serde_json::Value;

use crate::model::domain::{Bound, Domain, Types};
use crate::model::origin::Text;
use crate::model::sql::KeyKind;

use super::catalog::{Catalog, ColumnState, ColumnType, KeyState, Relation, UserType, full_name};
use super::command::{RawType, Test};
use super::cursor::Name;
use super::types::{self, casts};

/// Domains over domains deeper than this are taken for a circle.
const MAX_DEPTH: usize = 16;

/// The type a raw type means at this point of the history; the flag tells `serial`.
pub fn resolve(catalog: &Catalog, raw: &RawType) -> (ColumnType, bool) {
    let dimensions = raw.dimensions;
    if let Some(found) = types::built_in(raw, catalog.dialect) {
        return (ColumnType { text: found.text, named: None, dimensions, domain: found.domain }, found.serial);
    }
    let name = Name { schema: raw.schema.clone(), name: Text::from(raw.name.as_str()), span: (0, 0) };
    let named = catalog.find_type(&name);
    let schema = raw.schema.as_ref().map_or_else(|| Text::from(""), |s| catalog.schema(s));
    let mut text = full_name(&schema, &raw.name).to_string();
    if !raw.args.is_empty() {
        text = format!("{text}({})", raw.args.join(","));
    }
    (ColumnType { text: Text::from(text), named, dimensions, domain: Domain::any() }, false)
}

/// The printed name of a type.
pub fn type_name(catalog: &Catalog, ty: &ColumnType) -> String {
    let base = match ty.named.as_ref().and_then(|id| catalog.types.get(id)) {
        Some(user) => user.shown().split('.').map(quoted).collect::<Vec<_>>().join("."),
        None => ty.text.to_string(),
    };
    if ty.dimensions > 0 { format!("{base}[]") } else { base }
}

/// A user's type name as `format_type` prints it: in quotes unless it is plain.
fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain { name.to_string() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// The built-in type or enum behind a type, without arguments, and whether it is an array; `None` when that is not known.
fn plain_type(catalog: &Catalog, ty: &ColumnType) -> Option<(String, bool)> {
    let (mut ty, mut array) = (ty, false);
    for _ in 0..MAX_DEPTH {
        array |= ty.dimensions > 0;
        match ty.named.as_ref().map(|id| catalog.types.get(id)) {
            Some(Some(UserType::Domain { base, .. })) => ty = base,
            Some(Some(user)) => return Some((format!("{}{}", casts::MADE, user.shown()), array)),
            Some(None) => return None,
            None => {
                let text: String = ty.text.split('(').map(|part| part.rsplit(')').next().unwrap_or_default()).collect();
                let text = if text.starts_with("interval") { "interval".to_string() } else { text };
                return (!text.is_empty()).then_some((text, array));
            }
        }
    }
    None
}

/// False when PostgreSQL does not store values of the one type as the other by itself.
pub fn may_store(catalog: &Catalog, from: &ColumnType, to: &ColumnType) -> bool {
    let (Some((a, from_array)), Some((b, to_array))) = (plain_type(catalog, from), plain_type(catalog, to)) else {
        return true;
    };
    match from_array == to_array {
        true => casts::stores(&a, &b) != Some(false),
        false => from_array && casts::is_text(&b),
    }
}

/// False when a foreign key of the one type can not point to a key of the other.
pub fn may_compare(catalog: &Catalog, key: &ColumnType, foreign: &ColumnType) -> bool {
    let (Some((a, key_array)), Some((b, array))) = (plain_type(catalog, key), plain_type(catalog, foreign)) else {
        return true;
    };
    match key_array == array {
        true if array => a == b,
        true => casts::compares(&a, &b) != Some(false),
        false => false,
    }
}

/// False when values of the type have no order that a key needs.
pub fn is_ordered(catalog: &Catalog, ty: &ColumnType) -> bool {
    plain_type(catalog, ty).is_none_or(|(name, _)| casts::is_ordered(&name))
}

/// True for the types that a sequence can fill.
pub fn is_integer(catalog: &Catalog, ty: &ColumnType) -> bool {
    plain_type(catalog, ty)
        .is_none_or(|(name, array)| !array && matches!(name.as_str(), "smallint" | "integer" | "bigint"))
}

/// The values of a type, `null` included.
pub fn of_type(catalog: &Catalog, ty: &ColumnType, depth: usize) -> Domain {
    if ty.dimensions > 0 {
        return types::array();
    }
    match ty.named.as_ref().and_then(|id| catalog.types.get(id)) {
        Some(UserType::Enum { values, .. }) => {
            let mut domain = Domain::of(Types::STRING.union(Types::NULL));
            let values = values.iter().map(|(v, _)| Value::String(v.to_string())).chain([Value::Null]);
            domain.values = Some(values.collect());
            domain
        }
        Some(UserType::Domain { base, not_null, keys, .. }) if depth < MAX_DEPTH => {
            let mut domain = of_type(catalog, base, depth + 1);
            for test in keys.iter().flat_map(|k| &k.conditions).filter(|c| c.column.eq_ignore_ascii_case("value")) {
                narrow(&mut domain, &test.test);
            }
            if *not_null {
                remove_null(&mut domain);
            }
            domain
        }
        _ => ty.domain.clone(),
    }
}

/// The values of the type that engines know behind a type, whatever users check on it.
pub fn of_base(catalog: &Catalog, ty: &ColumnType) -> Domain {
    let mut ty = ty;
    for _ in 0..MAX_DEPTH {
        match ty.named.as_ref().and_then(|id| catalog.types.get(id)) {
            Some(UserType::Domain { base, .. }) if ty.dimensions == 0 => ty = base,
            _ => break,
        }
    }
    of_type(catalog, ty, 0)
}

/// The values of a column.
pub fn of_column(catalog: &Catalog, relation: &Relation, column: &ColumnState) -> Domain {
    let mut domain = of_type(catalog, &column.ty, 0);
    let checks = relation.keys.iter().filter(|k| k.kind == KeyKind::Check);
    for condition in checks.flat_map(|k| &k.conditions).filter(|c| catalog.same(&c.column, &column.name)) {
        narrow(&mut domain, &condition.test);
    }
    if column.not_null {
        remove_null(&mut domain);
    }
    domain
}

/// True when a valid check says that the column is never null.
pub fn proven_not_null(catalog: &Catalog, relation: &Relation, column: &str) -> bool {
    let says =
        |key: &KeyState| key.conditions.iter().any(|c| c.test == Test::NotNull && catalog.same(&c.column, column));
    relation.keys.iter().any(|k| k.kind == KeyKind::Check && !k.not_valid && says(k))
}

fn remove_null(domain: &mut Domain) {
    domain.types = domain.types.minus(Types::NULL);
    if let Some(values) = &domain.values {
        domain.values = Some(values.iter().filter(|v| !v.is_null()).cloned().collect::<Arc<[Value]>>());
    }
}

/// A CHECK lets null pass: null stays.
fn narrow(domain: &mut Domain, test: &Test) {
    let tighter = |old: Option<Bound>, new: Bound, lower: bool| match old {
        Some(old) if old.value == new.value => Bound { value: old.value, exclusive: old.exclusive || new.exclusive },
        Some(old) if (old.value > new.value) == lower => old,
        _ => new,
    };
    match test {
        Test::OneOf(values) => {
            let old = domain.values.clone();
            let kept = values.iter().filter(|v| old.as_ref().is_none_or(|o| o.contains(v))).cloned();
            domain.values = Some(kept.chain([Value::Null]).collect::<Arc<[Value]>>());
        }
        Test::Minimum(bound) => {
            let limits = domain.limits_mut();
            limits.minimum = Some(tighter(limits.minimum, *bound, true));
        }
        Test::Maximum(bound) => {
            let limits = domain.limits_mut();
            limits.maximum = Some(tighter(limits.maximum, *bound, false));
        }
        Test::MinLength(length) => {
            let limits = domain.limits_mut();
            limits.min_length = Some(limits.min_length.unwrap_or(0).max(*length));
        }
        Test::MaxLength(length) => {
            let limits = domain.limits_mut();
            limits.max_length = Some(limits.max_length.unwrap_or(u64::MAX).min(*length));
        }
        Test::NotNull => remove_null(domain),
    }
}
