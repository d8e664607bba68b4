//! The keywords that speak about a value itself, into a [`Domain`].

use serde_json::Value;

use crate::model::api::{Keyword, Shape};
use crate::model::{Bound, Decimal, Domain, Types};
use crate::read::document::Scalar;

use super::cursor::Cursor;
use super::reader::Reader;

/// What several keywords say together, until all of them are read.
#[derive(Default)]
pub(super) struct Pending {
    nullable: bool,
    minimum: Ends,
    maximum: Ends,
    constant: Option<Value>,
}

/// One end of a range: the plain bound, and `exclusive…` as a flag (2.0, 3.0) or as a bound of its own.
#[derive(Default, Clone, Copy)]
struct Ends {
    plain: Option<Decimal>,
    flag: bool,
    own: Option<Decimal>,
}

impl Ends {
    /// The narrower of both bounds; `sign` is 1 for lower ends and -1 for upper ends.
    fn bound(self, lower: bool) -> Option<Bound> {
        let plain = self.plain.map(|value| Bound { value, exclusive: self.flag });
        let own = self.own.map(|value| Bound { value, exclusive: true });
        let (Some(a), Some(b)) = (plain, own) else { return plain.or(own) };
        let own_is_narrower = if lower { b.value >= a.value } else { b.value <= a.value };
        Some(if own_is_narrower { b } else { a })
    }
}

impl Reader<'_> {
    /// Reads one keyword into the domain.
    pub(super) fn condition(&mut self, keyword: Keyword, field: &Cursor, shape: &mut Shape, pending: &mut Pending) {
        match keyword {
            Keyword::Type => self.types(field, shape),
            Keyword::Nullable => pending.nullable = self.flag_value(field),
            Keyword::Format if field.name() == "contentEncoding" => {
                // 3.1 writes what 3.0 called `format: byte` as an encoding; a `format` beside it says more.
                let encoding = field.text().map(|name| if name == "base64" { "byte" } else { name });
                shape.domain.format = shape.domain.format.take().or(encoding.map(Into::into));
            }
            Keyword::Format => shape.domain.format = field.text().map(Into::into),
            Keyword::Enum => self.values(field, shape),
            Keyword::Const => {
                pending.constant = self.value(field);
                shape.tainted |= pending.constant.is_none();
            }
            Keyword::Minimum => pending.minimum.plain = self.number(field, shape),
            Keyword::Maximum => pending.maximum.plain = self.number(field, shape),
            Keyword::ExclusiveMinimum => self.exclusive(field, shape, &mut pending.minimum),
            Keyword::ExclusiveMaximum => self.exclusive(field, shape, &mut pending.maximum),
            Keyword::UniqueItems => {
                if self.flag_value(field) {
                    shape.domain.limits_mut().unique_items = true;
                }
            }
            Keyword::Pattern => match field.text() {
                Some(text) => shape.domain.limits_mut().patterns.push(text.into()),
                None => self.refuse(field, "text", shape),
            },
            Keyword::MultipleOf => {
                let step = self.number(field, shape);
                shape.domain.limits_mut().multiple_of = step.filter(|step| *step != Decimal::ZERO);
            }
            _ => self.count(keyword, field, shape),
        }
    }

    /// Puts together what several keywords say about one thing.
    pub(super) fn settle(&mut self, shape: &mut Shape, pending: Pending) {
        let domain = &mut shape.domain;
        // Without a type nothing is restricted, so there is nothing that `nullable` could add.
        shape.nullable = pending.nullable;
        if pending.nullable && domain.types != Types::ANY {
            domain.types = domain.types.union(Types::NULL);
            // To the letter (3.0.3) a list of values must name null as well; nobody who writes `nullable` beside one means that.
            if let Some(values) = domain.values.as_deref().filter(|values| !values.iter().any(Value::is_null)) {
                domain.values = Some(values.iter().cloned().chain([Value::Null]).collect());
            }
        }
        for (ends, lower) in [(pending.minimum, true), (pending.maximum, false)] {
            if let Some(bound) = ends.bound(lower) {
                let limits = domain.limits_mut();
                *(if lower { &mut limits.minimum } else { &mut limits.maximum }) = Some(bound);
            }
        }
        if let Some(value) = pending.constant {
            // A list beside the constant must have it, too, or nothing is valid.
            let number = Decimal::of_json;
            let same = |other: &Value| *other == value || number(other).is_some_and(|n| number(&value) == Some(n));
            let allowed = domain.values.as_deref().is_none_or(|values| values.iter().any(same));
            let at = shape.keywords.iter().filter(|(k, _)| *k == Keyword::Const && allowed).map(|(_, o)| *o);
            shape.value_origins = at.collect();
            domain.values = Some(if allowed { std::sync::Arc::from([value]) } else { std::sync::Arc::from([]) });
        }
        if domain.limits.as_deref().is_some_and(|limits| *limits == Default::default()) {
            domain.limits = None;
        }
    }

    fn refuse(&mut self, field: &Cursor, expected: &str, shape: &mut Shape) {
        let message = format!("`{}` must be {expected}, not {}", field.name(), field.scalar().name());
        self.invalid(field, message);
        shape.tainted = true;
    }

    fn types(&mut self, field: &Cursor, shape: &mut Shape) {
        let names: Vec<Cursor> = match field.scalar() {
            Scalar::Sequence => field.items().collect(),
            _ => vec![field.clone()],
        };
        let mut types = Types::NONE;
        for name in names {
            let found = match name.scalar() {
                // `null` without quotes is YAML's null and can only mean the type.
                Scalar::Null => Some(Types::NULL),
                Scalar::String("file") => {
                    shape.domain.format.get_or_insert_with(|| "binary".into());
                    Some(Types::STRING)
                }
                Scalar::String(text) => Types::named(text),
                _ => None,
            };
            match found {
                Some(found) => types = types.union(found),
                None => {
                    let shown =
                        name.text().map_or_else(|| name.scalar().name().to_string(), |text| format!("`{text}`"));
                    self.invalid(field, format!("{shown} is no type of JSON Schema; the value is read as any type"));
                    shape.tainted = true;
                    types = Types::ANY;
                    break;
                }
            }
        }
        shape.domain.types = if types.is_empty() { Types::ANY } else { types };
    }

    pub(super) fn values(&mut self, field: &Cursor, shape: &mut Shape) {
        let items = self.list_value(field);
        if items.is_empty() {
            if field.doc.is_sequence(field.node) {
                self.invalid(field, format!("`{}` is an empty list, which would allow no value at all", field.name()));
            }
            shape.tainted = true;
            return;
        }
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match self.value(&item) {
                Some(value) => {
                    shape.tainted |= value.as_str().is_some_and(|text| text.contains("{{"));
                    values.push(value);
                    shape.value_origins.push(item.origin());
                }
                None => shape.tainted = true,
            }
        }
        shape.domain.values = Some(values.into());
    }

    fn number(&mut self, field: &Cursor, shape: &mut Shape) -> Option<Decimal> {
        let Scalar::Number(text) = field.scalar() else {
            self.refuse(field, "a number", shape);
            return None;
        };
        let number = Decimal::parse(text);
        if number.is_none() {
            self.refuse(field, "a number of at most 36 digits", shape);
        }
        number
    }

    fn exclusive(&mut self, field: &Cursor, shape: &mut Shape, ends: &mut Ends) {
        match field.scalar() {
            Scalar::Bool(flag) => ends.flag = flag,
            _ => ends.own = self.number(field, shape),
        }
    }

    fn count(&mut self, keyword: Keyword, field: &Cursor, shape: &mut Shape) {
        let Some(number) = self.number(field, shape) else { return };
        let Ok(count) = number.to_string().parse::<u64>() else {
            return self.refuse(field, "a whole number from 0 on", shape);
        };
        let limits = shape.domain.limits_mut();
        let limit = match keyword {
            Keyword::MinLength => &mut limits.min_length,
            Keyword::MaxLength => &mut limits.max_length,
            Keyword::MinItems => &mut limits.min_items,
            Keyword::MaxItems => &mut limits.max_items,
            Keyword::MinProperties => &mut limits.min_properties,
            Keyword::MaxProperties => &mut limits.max_properties,
            _ => return,
        };
        // At least nothing is no limit.
        let lower = matches!(keyword, Keyword::MinLength | Keyword::MinItems | Keyword::MinProperties);
        *limit = Some(count).filter(|count| !lower || *count > 0);
    }
}

/// The domain of the schemas `true` and `false`.
pub(super) fn of_boolean(value: bool) -> Domain {
    Domain::of(if value { Types::ANY } else { Types::NONE })
}
