//! Schemas as self-contained JSON Schema 2020-12 documents, written from views.
//!
//! Comes in: what must hold, as [`Term`]s of one contract. Goes out: one document whose references stay inside it, or why
//! there is none. Nullable, exclusive bounds, numeric formats and discriminators of every version are spelled out; parts
//! that do not exist in the direction asked about (`readOnly` in what is sent) are left out.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::{Map, Value, json};

use crate::domain;
use crate::model::api::{Keyword, ShapeId};
use crate::model::origin::Text;
use crate::model::{Flow, Types};

use super::super::side::Side;
use super::super::view::{Choice, Others, View};
use super::condition::condition;
use super::keywords;

/// Schemas in one document; beyond that a question costs more than its answer is worth.
const MAX_NODES: usize = 300;

/// Something that must hold.
pub enum Term<'t, 'a> {
    /// All of these schemas.
    All(&'t [ShapeId]),
    /// All of these schemas, and one alternative of theirs.
    Branch(&'t View<'a>, ShapeId),
    /// The same, read as not having what only other alternatives declare.
    Alone(&'t View<'a>, ShapeId),
    /// A property, and the text that it must have.
    Written(&'t str, &'t str),
    /// The alternatives of a view alone.
    Choices(&'t View<'a>),
    /// The alternatives of a view alone, of which a value may fit several.
    Any(&'t View<'a>),
    /// What a view refuses.
    Nots(&'t View<'a>),
    /// Keywords of a view that are kept as text.
    Keywords(&'t View<'a>, &'t [&'t str]),
    /// What a view says of properties that it does not declare.
    Undeclared(&'t View<'a>),
}

/// Set of schemas → names that its values are read as not having.
pub type Absent = HashMap<Vec<ShapeId>, BTreeSet<Text>>;

/// Which properties a document speaks of.
#[derive(Clone, Copy)]
pub enum Extent<'e> {
    All,
    /// Those with these names: enough to judge values that have no others.
    Named(&'e BTreeSet<Text>),
    /// Those that are required, and these: enough to grow small values from.
    Required(&'e BTreeSet<Text>),
}

impl Extent<'_> {
    /// True when a property is spoken of.
    pub fn has(self, name: &str, required: bool) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(name),
            Self::Required(names) => required || names.contains(name),
        }
    }
}

/// A document that is being written.
pub struct Writer<'w, 'a> {
    side: &'w Side<'a>,
    flow: Flow,
    absent: &'w Absent,
    extent: Extent<'w>,
    /// Numbers of the definitions, and whether the part exists in this direction.
    known: HashMap<Vec<ShapeId>, (Value, bool)>,
    open: VecDeque<(usize, View<'a>, BTreeSet<Text>)>,
    count: usize,
    refusal: Option<String>,
}

/// The document in which all terms hold, and how many schemas it has; or why it cannot be written.
pub fn write<'a>(
    side: &Side<'a>,
    flow: Flow,
    absent: &Absent,
    extent: Extent<'_>,
    terms: &[Term<'_, 'a>],
) -> Result<(Value, usize), String> {
    let mut writer =
        Writer { side, flow, absent, extent, known: HashMap::new(), open: VecDeque::new(), count: 0, refusal: None };
    let parts: Vec<Value> = terms.iter().map(|term| writer.term(term)).collect();
    let mut definitions = BTreeMap::new();
    while let Some((number, view, absent)) = writer.open.pop_front() {
        let schema = writer.schema(&view, &absent);
        definitions.insert(format!("s{number}"), schema);
    }
    if let Some(why) = writer.refusal {
        return Err(why);
    }
    let mut document = match <[Value; 1]>::try_from(parts) {
        Ok([only]) => keywords::object(only),
        Err(parts) => Map::from_iter([("allOf".to_string(), Value::Array(parts))]),
    };
    document.insert("$defs".into(), definitions.into_iter().collect::<Map<_, _>>().into());
    document.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    Ok((document.into(), writer.count))
}

impl<'a> Writer<'_, 'a> {
    fn refuse(&mut self, why: impl Into<String>) -> Value {
        self.refusal.get_or_insert(why.into());
        Value::Bool(true)
    }

    fn term(&mut self, term: &Term<'_, 'a>) -> Value {
        match term {
            Term::All(set) => self.part(set).0,
            Term::Branch(view, branch) | Term::Alone(view, branch) => {
                let mut set = view.set.clone();
                set.push(*branch);
                let own = self.part(&set).0;
                match self.tag(view, *branch) {
                    Some(tag) => json!({"allOf": [own, tag]}),
                    None => own,
                }
            }
            Term::Written(name, value) => json!({"required": [name], "properties": {*name: {"const": value}}}),
            Term::Choices(view) => all(view.choices.iter().map(|c| self.choice(view, c)).collect()),
            Term::Any(view) => {
                let branches = view.choices.iter().flat_map(|choice| &choice.branches);
                json!({"anyOf": branches.map(|branch| self.part(&[*branch]).0).collect::<Vec<_>>()})
            }
            Term::Nots(view) => all(view.nots.iter().map(|id| json!({"not": self.part(&[*id]).0})).collect()),
            Term::Keywords(view, names) => {
                let mut schema = Map::new();
                self.keywords(view, Some(names), &mut schema);
                schema.into()
            }
            Term::Undeclared(view) => {
                let mut schema = Map::new();
                let declared = view.properties.iter().map(|m| (m.name.to_string(), Value::Bool(true)));
                schema.insert("properties".into(), declared.collect::<Map<_, _>>().into());
                self.undeclared(view, &mut schema);
                schema.into()
            }
        }
    }

    /// The schema of values that are in all of these, and whether such a part exists in this direction.
    fn part(&mut self, set: &[ShapeId]) -> (Value, bool) {
        let mut key: Vec<ShapeId> = set.iter().map(|id| self.side.api.resolve(*id)).collect();
        key.sort_unstable();
        key.dedup();
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let view = View::of(self.side, set);
        self.count += 1;
        if view.tainted {
            self.refuse("part of the schema could not be read");
        }
        if self.count > MAX_NODES {
            self.refuse("the schemas are too large to be compared as sets");
        }
        if self.refusal.is_some() {
            return (Value::Bool(true), true);
        }
        let exists = self.exists(&view);
        let absent = self.absent.get(&key).cloned().unwrap_or_default();
        if !view.has_structure() && !view.has_conditions() && absent.is_empty() {
            let schema = (condition(&view.domain, self.flow), exists);
            self.known.insert(key, schema.clone());
            return schema;
        }
        let number = self.known.len();
        let reference = (json!({"$ref": format!("#/$defs/s{number}")}), exists);
        self.known.insert(key, reference.clone());
        self.open.push_back((number, view, absent));
        reference
    }

    fn exists(&self, view: &View<'_>) -> bool {
        match self.flow {
            Flow::In => !view.read_only,
            _ => !view.write_only,
        }
    }

    fn schema(&mut self, view: &View<'a>, absent: &BTreeSet<Text>) -> Value {
        let mut schema = keywords::object(condition(&view.domain, self.flow));
        let mut properties = Map::new();
        let mut required: Vec<&str> = Vec::new();
        for member in &view.properties {
            if !self.extent.has(member.name, member.required.is_some()) {
                let exists = member.required.is_some() && self.exists(&View::of(self.side, &member.shapes));
                required.extend(exists.then_some(&**member.name));
                continue;
            }
            let (part, exists) = self.part(&member.shapes);
            if exists {
                properties.insert(member.name.to_string(), part);
                required.extend(member.required.map(|_| &**member.name));
            }
        }
        required.extend(view.required_only.iter().map(|(name, _)| &***name));
        if matches!(view.others, Others::Unsaid | Others::Allowed) {
            for name in absent.iter().filter(|name| !required.contains(&&***name)) {
                properties.entry(name.to_string()).or_insert(Value::Bool(false));
            }
        }
        if !properties.is_empty() {
            schema.insert("properties".into(), properties.into());
        }
        if !required.is_empty() {
            schema.insert("required".into(), json!(required));
        }
        self.undeclared(view, &mut schema);
        let prefix: Vec<Value> = view.prefix.iter().map(|id| self.part(&[*id]).0).collect();
        if !prefix.is_empty() {
            schema.insert("prefixItems".into(), prefix.into());
        }
        if !view.items.is_empty() {
            schema.insert("items".into(), self.part(&view.items).0);
        }
        let choices = view.choices.iter().map(|c| self.choice(view, c)).collect::<Vec<_>>();
        let nots = view.nots.iter().map(|id| json!({"not": self.part(&[*id]).0})).collect::<Vec<_>>();
        self.keywords(view, None, &mut schema);
        keywords::and(&mut schema, choices.into_iter().chain(nots));
        schema.into()
    }

    fn undeclared(&mut self, view: &View<'a>, schema: &mut Map<String, Value>) {
        let mut matching: Map<String, Value> = Map::new();
        for (pattern, id) in &view.matching {
            let part = self.part(&[*id]).0;
            let both = matching.remove(&***pattern).map_or(part.clone(), |known| json!({"allOf": [known, part]}));
            matching.insert(pattern.to_string(), both);
        }
        if !matching.is_empty() {
            schema.insert("patternProperties".into(), matching.into());
        }
        let others = match &view.others {
            Others::Unsaid | Others::Allowed => return,
            Others::Refused => Value::Bool(false),
            Others::Shapes(ids) => self.part(ids).0,
        };
        schema.insert("additionalProperties".into(), others);
    }

    /// Alternatives. `null` was taken out of them; the types of the view know whether it is allowed.
    fn choice(&mut self, view: &View<'a>, choice: &Choice) -> Value {
        let mut branches: Vec<Value> = Vec::new();
        for branch in &choice.branches {
            let own = self.part(&[*branch]).0;
            branches.push(match self.tag(view, *branch) {
                Some(tag) => json!({"allOf": [own, tag]}),
                None => own,
            });
        }
        // Alternatives that cannot overlap mean the same either way, and `anyOf` is far easier to reason about.
        let exclusive =
            choice.keyword == Keyword::OneOf && view.discriminator.is_none() && !apart(self.side, &choice.branches);
        let nothing = view.domain.types.contains(Types::NULL).then(|| json!({"type": "null"}));
        if exclusive {
            let one = json!({"oneOf": branches});
            return nothing.map_or(one.clone(), |nothing| json!({"anyOf": [nothing, one]}));
        }
        branches.extend(nothing);
        json!({"anyOf": branches})
    }

    /// What a discriminator demands of the values of an alternative.
    fn tag(&self, view: &View<'a>, branch: ShapeId) -> Option<Value> {
        let (discriminator, _) = view.discriminator?;
        let name = self.side.spelled(branch)?;
        let mapped = discriminator.entries(self.side.api, branch).map(|entry| &*entry.value);
        let values: BTreeSet<&str> = mapped.chain([name]).collect();
        let property = &*discriminator.property;
        Some(json!({"required": [property], "properties": {property: {"enum": values}}}))
    }

    fn keywords(&mut self, view: &View<'a>, names: Option<&[&str]>, schema: &mut Map<String, Value>) {
        let mut holders: BTreeMap<ShapeId, Map<String, Value>> = BTreeMap::new();
        let wanted = |name: &str| names.is_none_or(|names| names.contains(&name)) && !keywords::is_annotation(name);
        for (other, holder) in view.keywords.iter().filter(|(other, _)| wanted(&other.name)) {
            let name = &*other.name;
            if keywords::is_beyond(name) {
                self.refuse(format!("`{name}` is not followed"));
            }
            keywords::put(holders.entry(*holder).or_default(), name, other.value.clone());
        }
        for (applied, holder) in view.applied.iter().filter(|(applied, _)| wanted(applied.keyword)) {
            let part = self.part(&[applied.shape]).0;
            let value = match &applied.name {
                Some(name) => json!({&**name: part}),
                None => part,
            };
            keywords::put(holders.entry(*holder).or_default(), applied.keyword, value);
        }
        // `if` belongs to the `then` beside it, so what several schema objects say stays apart.
        for (at, part) in holders.into_values().enumerate() {
            if at == 0 && part.keys().all(|key| !schema.contains_key(key)) {
                schema.extend(part);
            } else {
                keywords::and(schema, [part.into()]);
            }
        }
    }
}

fn all(parts: Vec<Value>) -> Value {
    match <[Value; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) if parts.is_empty() => Value::Bool(true),
        Err(parts) => json!({"allOf": parts}),
    }
}

/// True when no value can be in two of the alternatives: by their types, or by the values of a property that all require.
pub fn apart(side: &Side<'_>, branches: &[ShapeId]) -> bool {
    let mut seen = Types::NONE;
    let by_type = branches.iter().all(|b| {
        let hull = side.hull(*b);
        let apart = !hull.intersects(seen);
        seen = seen.union(hull);
        apart
    });
    if by_type {
        return true;
    }
    let views: Vec<View<'_>> = branches.iter().map(|b| View::of(side, &[*b])).collect();
    let Some(first) = views.first() else { return true };
    let only_objects = views.iter().all(|view| view.domain.types == Types::OBJECT);
    only_objects && first.properties.iter().filter(|m| m.required.is_some()).any(|m| tells_apart(side, &views, m.name))
}

fn tells_apart(side: &Side<'_>, views: &[View<'_>], name: &str) -> bool {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    views.iter().all(|view| {
        let member = view.property(name).filter(|m| m.required.is_some());
        let values = member.and_then(|m| View::of(side, &m.shapes).domain.values);
        values.is_some_and(|values| values.iter().all(|v| seen.insert(domain::key(v))))
    })
}
