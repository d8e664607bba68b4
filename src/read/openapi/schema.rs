//! Schema objects into shapes.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde_json::Value;

use crate::model::Types;
use crate::model::api::{Additional, Applied, Keyword, Other, Property, Reference, Shape, ShapeId};
use crate::model::origin::{Origin, Text};
use crate::read::document::{Scalar, canonical};

use super::cursor::Cursor;
use super::domain::{Pending, of_boolean};
use super::reader::Reader;

/// How a keyword is read.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// A condition on the value itself.
    Condition,
    /// Subschemas and annotations with a field of their own in [`Shape`].
    Structure,
    /// A subschema under a condition.
    Applied,
    /// Kept as canonical JSON.
    Text,
}

/// Every keyword that is read; others are annotations and extensions without effect.
const KEYWORDS: [(&str, Keyword, Use); 62] = [
    ("$ref", Keyword::Reference, Use::Structure),
    ("type", Keyword::Type, Use::Condition),
    ("format", Keyword::Format, Use::Condition),
    ("nullable", Keyword::Nullable, Use::Condition),
    ("x-nullable", Keyword::Nullable, Use::Condition),
    ("enum", Keyword::Enum, Use::Condition),
    ("x-extensible-enum", Keyword::Enum, Use::Structure),
    ("const", Keyword::Const, Use::Condition),
    ("minimum", Keyword::Minimum, Use::Condition),
    ("maximum", Keyword::Maximum, Use::Condition),
    ("exclusiveMinimum", Keyword::ExclusiveMinimum, Use::Condition),
    ("exclusiveMaximum", Keyword::ExclusiveMaximum, Use::Condition),
    ("multipleOf", Keyword::MultipleOf, Use::Condition),
    ("minLength", Keyword::MinLength, Use::Condition),
    ("maxLength", Keyword::MaxLength, Use::Condition),
    ("pattern", Keyword::Pattern, Use::Condition),
    ("minItems", Keyword::MinItems, Use::Condition),
    ("maxItems", Keyword::MaxItems, Use::Condition),
    ("uniqueItems", Keyword::UniqueItems, Use::Condition),
    ("minProperties", Keyword::MinProperties, Use::Condition),
    ("maxProperties", Keyword::MaxProperties, Use::Condition),
    ("items", Keyword::Items, Use::Structure),
    ("prefixItems", Keyword::PrefixItems, Use::Structure),
    ("properties", Keyword::Properties, Use::Structure),
    ("required", Keyword::Required, Use::Structure),
    ("additionalProperties", Keyword::AdditionalProperties, Use::Structure),
    ("patternProperties", Keyword::PatternProperties, Use::Structure),
    ("allOf", Keyword::AllOf, Use::Structure),
    ("anyOf", Keyword::AnyOf, Use::Structure),
    ("oneOf", Keyword::OneOf, Use::Structure),
    ("not", Keyword::Not, Use::Structure),
    ("discriminator", Keyword::Discriminator, Use::Structure),
    ("readOnly", Keyword::ReadOnly, Use::Structure),
    ("writeOnly", Keyword::WriteOnly, Use::Structure),
    ("default", Keyword::Default, Use::Structure),
    ("deprecated", Keyword::Deprecated, Use::Structure),
    ("x-deprecated", Keyword::Deprecated, Use::Structure),
    ("additionalItems", Keyword::Items, Use::Applied),
    ("contains", Keyword::Other, Use::Applied),
    ("contentEncoding", Keyword::Format, Use::Condition),
    ("contentMediaType", Keyword::Other, Use::Text),
    ("contentSchema", Keyword::Other, Use::Applied),
    ("dependencies", Keyword::Other, Use::Applied),
    ("dependentRequired", Keyword::Other, Use::Text),
    ("dependentSchemas", Keyword::Other, Use::Applied),
    ("else", Keyword::Other, Use::Applied),
    ("if", Keyword::Other, Use::Applied),
    ("maxContains", Keyword::Other, Use::Text),
    ("minContains", Keyword::Other, Use::Text),
    ("propertyNames", Keyword::Other, Use::Applied),
    ("then", Keyword::Other, Use::Applied),
    ("unevaluatedItems", Keyword::Other, Use::Applied),
    ("unevaluatedProperties", Keyword::Other, Use::Applied),
    ("xml", Keyword::Other, Use::Text),
    ("$dynamicRef", Keyword::Reference, Use::Structure),
    ("$recursiveRef", Keyword::Other, Use::Text),
    ("x-stability-level", Keyword::Lifecycle, Use::Structure),
    ("x-sunset", Keyword::Lifecycle, Use::Structure),
    ("x-table", Keyword::Other, Use::Structure),
    ("x-column", Keyword::Other, Use::Structure),
    ("x-ms-discriminator-value", Keyword::Other, Use::Structure),
    ("title", Keyword::Other, Use::Structure),
];

/// A row of [`KEYWORDS`].
type Row = (&'static str, Keyword, Use);

fn keyword(name: &str) -> Option<Row> {
    static TABLE: OnceLock<HashMap<&str, Row>> = OnceLock::new();
    let table = TABLE.get_or_init(|| KEYWORDS.iter().map(|row| (row.0, *row)).collect());
    table.get(name).copied()
}

/// Words for readers inside a keyword that is kept as a value; below `properties` the same words are names.
const PROSE: [&str; 5] = ["description", "title", "example", "examples", "$comment"];

/// A schema without prose. Nesting is as deep as [`Reader::value`] lets through.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let said = map.into_iter().filter(|(name, value)| !PROSE.contains(&name.as_str()) || value.is_object());
            let literal = |name: &str| matches!(name, "const" | "enum" | "default");
            said.map(|(name, value)| if literal(&name) { (name, value) } else { (name, plain(value)) })
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        other => other,
    }
}

impl Reader<'_> {
    /// Reads all shapes that are waiting, and those they bring.
    pub(super) fn drain(&mut self) {
        while let Some((id, cursor)) = self.queue.pop_front() {
            let shape = self.schema(&cursor);
            if let Some(slot) = self.api.shapes.get_mut(id.0 as usize) {
                *slot = shape;
            }
        }
    }

    fn schema(&mut self, cursor: &Cursor) -> Shape {
        let mut shape = Shape { origin: Some(cursor.origin()), ..Shape::default() };
        match cursor.scalar() {
            Scalar::Bool(value) => shape.domain = of_boolean(value),
            // An empty value says nothing, like `{}`.
            Scalar::Null | Scalar::Mapping => self.keywords(cursor, &mut shape),
            other => {
                let message = format!("a schema must be a mapping, not {}", other.name());
                self.invalid(cursor, message);
                shape.tainted = true;
            }
        }
        shape
    }

    fn keywords(&mut self, cursor: &Cursor, shape: &mut Shape) {
        shape.described = cursor.get("description").is_some();
        // Before 3.1 a reference hides everything beside it.
        let only_reference = cursor.reference().is_some() && !self.version.is_json_schema();
        let mut pending = Pending::default();
        let mut required = Vec::new();
        let mut annotations = 0;
        for field in cursor.entries() {
            let Some((name, keyword, use_)) = keyword(field.name()) else { continue };
            if field.scalar() == Scalar::Null && !matches!(keyword, Keyword::Const | Keyword::Default | Keyword::Type) {
                continue;
            }
            if only_reference && keyword != Keyword::Reference {
                continue;
            }
            if field.name() == "title" {
                shape.title = field.text().map(Text::from);
                continue;
            }
            annotations += usize::from(field.name().starts_with("x-"));
            shape.keywords.push((keyword, field.whole()));
            match use_ {
                Use::Condition => self.condition(keyword, &field, shape, &mut pending),
                Use::Structure => self.structure(keyword, &field, shape, &mut required),
                Use::Applied => self.applied(name, &field, shape),
                Use::Text => self.other(name, &field, shape),
            }
        }
        // What follows the tuple form of older JSON Schema; beside anything else it says nothing.
        if let Some(at) = shape.applied.iter().position(|a| a.keyword == "additionalItems") {
            let rest = shape.applied.remove(at).shape;
            if !shape.prefix_items.is_empty() {
                shape.items.get_or_insert(rest);
            }
        }
        shape.other.sort_by(|a, b| a.name.cmp(&b.name));
        shape.applied.sort_by(|a, b| (a.keyword, &a.name).cmp(&(b.keyword, &b.name)));
        shape.bare = shape.reference.is_some() && shape.keywords.len() == 1 + annotations && shape.hints.is_empty();
        if shape.keyword(Keyword::Lifecycle).is_some() {
            shape.lifecycle = Some(Box::new(self.lifecycle(cursor)));
        }
        self.settle(shape, pending);
        require(shape, required);
    }

    /// A value without prose, as canonical JSON.
    fn text(&mut self, field: &Cursor) -> Option<Value> {
        self.value(field).map(|value| plain(canonical(value)))
    }

    fn other(&mut self, name: &str, field: &Cursor, shape: &mut Shape) {
        // 3.1 writes what 3.0 called `format: binary` as a media type.
        if name == "contentMediaType" && field.text() == Some("application/octet-stream") {
            shape.domain.format.get_or_insert_with(|| "binary".into());
            return;
        }
        if let Some(value) = self.text(field) {
            shape.other.push(Other { name: name.into(), value, origin: field.whole() });
        }
    }

    /// A keyword that applies a schema, or one for each of some properties.
    fn applied(&mut self, keyword: &'static str, field: &Cursor, shape: &mut Shape) {
        let fields = match keyword {
            "dependentSchemas" | "dependencies" => self.mapping_value(field),
            _ => vec![field.clone()],
        };
        for field in fields {
            let Some(text) = self.text(&field) else { continue };
            let (keyword, name) = match keyword {
                // The older keyword holds lists of names as well.
                "dependencies" if text.is_array() => {
                    let value = serde_json::json!({field.name(): text});
                    shape.other.push(Other { name: "dependentRequired".into(), value, origin: field.whole() });
                    continue;
                }
                "dependentSchemas" | "dependencies" => ("dependentSchemas", Some(field.name_text())),
                // Names of properties are text anyway.
                "propertyNames" if text == serde_json::json!({"type": "string"}) => continue,
                keyword => (keyword, None),
            };
            shape.applied.push(Applied { keyword, name, shape: self.shape(&field), text, origin: field.whole() });
        }
    }

    fn structure(&mut self, keyword: Keyword, field: &Cursor, shape: &mut Shape, required: &mut Vec<(Text, Origin)>) {
        match keyword {
            Keyword::Reference if field.name() == "$dynamicRef" => self.dynamic_reference(field, shape),
            Keyword::Reference => {
                self.check_schema_reference(field);
                self.schema_reference(field, shape);
            }
            Keyword::Items => match field.scalar() {
                // The tuple form of older JSON Schema.
                Scalar::Sequence => shape.prefix_items = self.members(field),
                _ => shape.items = Some(self.shape(field)),
            },
            Keyword::PrefixItems => shape.prefix_items = self.members(field),
            Keyword::AllOf => shape.all_of = self.members(field),
            Keyword::AnyOf => shape.any_of = self.members(field),
            Keyword::OneOf => shape.one_of = self.members(field),
            Keyword::Not => shape.not = Some(self.shape(field)),
            Keyword::Properties => {
                let fields = self.follow(field.clone()).map(|f| self.mapping_value(&f)).unwrap_or_default();
                shape.properties.extend(fields.iter().map(|property| Property {
                    name: property.name_text(),
                    shape: self.shape(property),
                    required: false,
                    required_origin: None,
                    origin: property.whole(),
                    key: property.key_origin(),
                }));
            }
            Keyword::Required => self.required(field, required),
            Keyword::AdditionalProperties => {
                shape.additional = match field.scalar() {
                    Scalar::Bool(true) => Additional::Allowed,
                    Scalar::Bool(false) => Additional::Refused,
                    _ => Additional::Shape(self.shape(field)),
                }
            }
            Keyword::Discriminator => self.discriminator(field, shape),
            Keyword::ReadOnly => shape.read_only = self.flag_value(field),
            Keyword::WriteOnly => shape.write_only = self.flag_value(field),
            Keyword::Deprecated => shape.deprecated = self.flag_value(field),
            Keyword::Default => shape.default = self.value(field),
            Keyword::Enum => self.open_values(field, shape),
            Keyword::PatternProperties => {
                for pattern in self.mapping_value(field) {
                    let id = self.shape(&pattern);
                    shape.pattern_properties.push((pattern.name_text(), id));
                }
            }
            // Read together with `deprecated`.
            Keyword::Lifecycle => {}
            _ => shape.hints.extend(field.text().map(|text| (field.name_text(), Text::from(text)))),
        }
    }

    fn schema_reference(&mut self, field: &Cursor, shape: &mut Shape) {
        if !matches!(field.scalar(), Scalar::String(_)) {
            shape.tainted = true;
            return self.invalid(field, "`$ref` must be text that names a place");
        }
        let text = field.text().unwrap_or_default();
        let id = self.target(field).map(|target| self.referenced(text, &target));
        shape.tainted |= id.is_none();
        shape.reference = Some(Reference { text: text.into(), target: id });
    }

    /// The shape of what a reference leads to, which may have to be named after it.
    pub(super) fn referenced(&mut self, text: &str, target: &Cursor) -> ShapeId {
        let id = self.shape(target);
        let pointer = text.split_once('#').map_or("", |(_, fragment)| fragment);
        self.targets.entry((target.doc.path().to_string(), pointer.to_string())).or_insert(id);
        id
    }

    /// A reference whose target depends on who refers, unless only one schema offers itself. Where several do, it is kept
    /// as text.
    fn dynamic_reference(&mut self, field: &Cursor, shape: &mut Shape) {
        let text = field.text().unwrap_or_default();
        let name = text.split_once('#').map_or("", |(_, name)| name);
        if self.documents.dynamic_anchors(name) > 1 {
            self.other("$dynamicRef", field, shape);
        } else if shape.reference.is_none() {
            self.schema_reference(field, shape);
        } else if let Some(target) = self.target(field) {
            // Beside a reference it is one more schema that must hold.
            shape.all_of.push(self.shape(&target));
        }
    }

    fn members(&mut self, field: &Cursor) -> Vec<ShapeId> {
        let items = self.list_value(field);
        if items.is_empty() && field.doc.is_sequence(field.node) {
            self.remark(field, format!("`{}` is an empty list and says nothing", field.name()));
        }
        items.iter().map(|item| self.shape(item)).collect()
    }

    fn required(&mut self, field: &Cursor, required: &mut Vec<(Text, Origin)>) {
        match field.scalar() {
            // Swagger 2.0 parameters are schemas too, and draft 3 had it on the property; the owner reads the former.
            Scalar::Bool(_) => {}
            _ => {
                for item in self.list_value(field) {
                    match item.text() {
                        Some(name) => required.push((name.into(), item.origin())),
                        None => self.invalid(&item, "`required` must list the names of properties"),
                    }
                }
            }
        }
    }

    fn open_values(&mut self, field: &Cursor, shape: &mut Shape) {
        match field.scalar() {
            Scalar::Bool(open) => shape.domain.open_values |= open,
            _ => {
                shape.domain.open_values = true;
                if shape.domain.values.is_none() {
                    self.values(field, shape);
                }
            }
        }
    }
}

/// Marks the required properties; names that no property of this object has are kept apart.
fn require(shape: &mut Shape, required: Vec<(Text, Origin)>) {
    let places: HashMap<Text, usize> =
        shape.properties.iter().enumerate().map(|(at, p)| (p.name.clone(), at)).collect();
    let mut listed: HashSet<Text> = HashSet::new();
    for (name, origin) in required {
        match places.get(&name).and_then(|at| shape.properties.get_mut(*at)) {
            Some(property) => {
                property.required = true;
                property.required_origin.get_or_insert(origin);
            }
            None if listed.insert(name.clone()) => shape.required_only.push((name, origin)),
            None => {}
        }
    }
}

/// The shape of a list of that item, for values no schema object stands for.
pub(super) fn list_of(items: ShapeId, origin: Option<Origin>) -> Shape {
    let domain = crate::model::Domain::of(Types::ARRAY);
    Shape { origin, domain, items: Some(items), ..Shape::default() }
}
