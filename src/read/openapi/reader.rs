//! The state of reading one contract, and how single fields are taken with a problem when they are malformed.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::model::api::{Api, Shape, ShapeId};
use crate::model::origin::{Origin, Problem, Read, Text};
use crate::read::document::{Budget, Cache, Scalar};
use crate::source::{LoadError, Snapshot};

use super::consistent::Ids;
use super::cursor::{Cursor, Place};
use super::files::Documents;
use super::version::Version;

/// Nodes that may be turned into JSON values (defaults, lists of values, text keywords), in one of them and in a whole
/// contract; aliases count each time.
const VALUE_NODES: usize = 100_000;
const ALL_VALUE_NODES: usize = 2_000_000;

/// Reads one contract.
pub(super) struct Reader<'s> {
    pub documents: Documents<'s>,
    pub version: Version,
    pub api: Api,
    /// `(file, reference text)` → target.
    pub resolved: HashMap<(u32, String), Option<Cursor>>,
    /// Every schema place has one shape.
    pub shapes: HashMap<Place, ShapeId>,
    /// Shapes that are allocated and not read yet, first in first out.
    pub queue: std::collections::VecDeque<(ShapeId, Cursor)>,
    /// Targets of schema references by file path and pointer: candidates for components.
    pub targets: BTreeMap<(String, String), ShapeId>,
    /// Schemas of `components.schemas` or `definitions` in order.
    pub declared: Vec<(Text, ShapeId)>,
    value_nodes: usize,
    /// Security schemes that are asked for and not declared.
    pub undeclared: HashSet<Text>,
    /// Security schemes that are asked for.
    pub asked: HashSet<Text>,
    /// Names of operations so far.
    pub ids: Ids,
    /// Operations and their parts so far.
    pub parts: usize,
    problems: Vec<Problem>,
    reported: HashSet<(&'static str, Origin)>,
}

impl<'s> Reader<'s> {
    pub fn new(snapshot: Snapshot<'s>, cache: &'s Cache) -> Self {
        Self {
            documents: Documents::new(snapshot, cache),
            version: Version::V30,
            api: Api::default(),
            resolved: HashMap::new(),
            shapes: HashMap::new(),
            queue: std::collections::VecDeque::new(),
            targets: BTreeMap::new(),
            declared: Vec::new(),
            value_nodes: ALL_VALUE_NODES,
            undeclared: HashSet::new(),
            asked: HashSet::new(),
            ids: Ids::default(),
            parts: 0,
            problems: Vec::new(),
            reported: HashSet::new(),
        }
    }

    /// Reads the contract at `path`.
    pub fn contract(mut self, path: &str) -> Read<Api> {
        self.api.path = path.into();
        match self.open(path) {
            Ok(slot) => self.root(slot),
            Err(error) => {
                let why = match error {
                    LoadError::Missing => "there is no such file".to_string(),
                    LoadError::Outside => "it leads out of the repository".to_string(),
                    LoadError::BrokenLink(link) => format!("the link `{link}` leads nowhere"),
                    LoadError::Unreadable(why) => why,
                };
                let origin = Origin::new(self.documents.placeholder(path), 0, 0);
                let message = format!("`{path}` cannot be read: {why}");
                self.problem(Problem::new("contract-unreadable", path, origin, message));
            }
        }
        self.finish();
        self.api.files = (0..).map_while(|slot| self.documents.document(slot)).map(|d| d.file()).collect();
        let key = |p: &Problem| (self.path_of(p.origin), p.origin.start, p.rule);
        let mut problems: Vec<(_, Problem)> = self.problems.iter().map(|p| (key(p), p.clone())).collect();
        problems.sort_by(|a, b| a.0.cmp(&b.0));
        Read { value: self.api, problems: problems.into_iter().map(|(_, p)| p).collect() }
    }

    fn path_of(&self, origin: Origin) -> String {
        let document = self.documents.all().find(|doc| doc.file() == origin.file);
        document.map(|doc| doc.path().to_string()).unwrap_or_default()
    }

    fn root(&mut self, slot: u32) {
        let Some(doc) = self.documents.document(slot).cloned() else { return };
        self.api.origin = Some(doc.whole());
        let root = self.documents.root(slot);
        let version = root.as_ref().and_then(|root| root.get("openapi").or_else(|| root.get("swagger")));
        let (Some(root), Some(version)) = (root, version) else {
            let message = "this is no contract: it has no `openapi` or `swagger` key at its root";
            return self.problem(Problem::new("contract-unreadable", doc.path(), doc.whole(), message));
        };
        let text = version.text().unwrap_or_default().to_string();
        self.api.origin = Some(version.whole());
        let Some((found, known)) = Version::of(version.name(), &text) else {
            let message = format!("Swagger `{text}` is not read; 2.0 is the oldest version that is");
            return self.problem(Problem::new("contract-unreadable", doc.path(), version.whole(), message));
        };
        if root.has("openapi") && root.has("swagger") {
            self.remark(&version, "`openapi` and `swagger` exclude each other; `openapi` counts");
        }
        self.version = found;
        self.api.format = found.format();
        if !known {
            let message = format!("`{text}` is no known version of OpenAPI; it is read as {}", found.format());
            self.invalid(&version, message);
        }
        self.document(&root);
    }

    /// The document at a path, its problems taken over when it is loaded.
    pub fn open(&mut self, path: &str) -> Result<u32, LoadError> {
        let (slot, fresh) = self.documents.open(path)?;
        if let Some(doc) = self.documents.document(slot).filter(|_| fresh).cloned() {
            self.api.gaps.anywhere |= doc.problems().iter().any(|p| p.incomplete);
            doc.problems().iter().for_each(|p| self.problem(p.clone()));
        }
        Ok(slot)
    }

    /// Takes a problem down, once per rule and place.
    pub fn problem(&mut self, problem: Problem) {
        self.api.tainted |= problem.incomplete;
        if self.reported.insert((problem.rule, problem.origin)) {
            self.problems.push(problem);
        }
    }

    /// The value is malformed and left out.
    pub fn invalid(&mut self, cursor: &Cursor, message: impl Into<String>) {
        let subject = cursor.name().to_string();
        self.problem(Problem::new("contract-invalid", subject, cursor.whole(), message));
    }

    /// Malformed, but nothing is missing because of it.
    pub fn remark(&mut self, cursor: &Cursor, message: impl Into<String>) {
        let subject = cursor.name().to_string();
        self.problem(Problem::remark("contract-invalid", subject, cursor.whole(), message));
    }

    fn wrong_type(&mut self, field: &Cursor, expected: &str) {
        let what = if field.key.is_some() { format!("`{}`", field.name()) } else { "this entry".to_string() };
        self.invalid(field, format!("{what} must be {expected}, not {}", field.scalar().name()));
    }

    /// A yes-or-no field; absent is no.
    pub fn flag(&mut self, object: &Cursor, key: &str) -> bool {
        object.get(key).is_some_and(|field| self.flag_value(&field))
    }

    pub fn flag_value(&mut self, field: &Cursor) -> bool {
        match field.scalar() {
            Scalar::Bool(value) => value,
            _ => {
                self.wrong_type(field, "`true` or `false`");
                false
            }
        }
    }

    /// A text field; numbers and booleans count as what is written.
    pub fn words(&mut self, object: &Cursor, key: &str) -> Option<Text> {
        let field = object.get(key)?;
        let text = field.text().map(Text::from);
        if text.is_none() {
            self.wrong_type(&field, "text");
        }
        text
    }

    /// The entries of a mapping field, a `$ref` in its place followed.
    pub fn mapping(&mut self, object: &Cursor, key: &str) -> Vec<Cursor> {
        let field = object.get(key).and_then(|field| self.follow(field));
        field.map(|field| self.mapping_value(&field)).unwrap_or_default()
    }

    pub fn mapping_value(&mut self, field: &Cursor) -> Vec<Cursor> {
        if !field.is_mapping() {
            self.wrong_type(field, "a mapping");
        }
        field.entries().collect()
    }

    /// The items of a list field.
    pub fn list(&mut self, object: &Cursor, key: &str) -> Vec<Cursor> {
        object.get(key).map(|field| self.list_value(&field)).unwrap_or_default()
    }

    pub fn list_value(&mut self, field: &Cursor) -> Vec<Cursor> {
        if !field.doc.is_sequence(field.node) {
            self.wrong_type(field, "a list");
        }
        field.items().collect()
    }

    /// The value as JSON; `None` and a problem when it is too large.
    pub fn value(&mut self, cursor: &Cursor) -> Option<Value> {
        let allowed = VALUE_NODES.min(self.value_nodes);
        let mut budget = Budget::new(allowed);
        let value = cursor.doc.to_value(cursor.node, &mut budget).ok();
        self.value_nodes -= allowed - budget.left();
        if value.is_none() {
            let message = "this value is too deep or, with its aliases followed, too large to be compared";
            let subject = cursor.name().to_string();
            self.problem(Problem::new("alias-limit", subject, cursor.whole(), message));
        }
        value
    }

    /// The shape of a schema; it is read when its turn comes, so recursion costs no stack.
    pub fn shape(&mut self, cursor: &Cursor) -> ShapeId {
        let place = cursor.place();
        if let Some(known) = self.shapes.get(&place) {
            return *known;
        }
        let id = self.add(Shape::default());
        self.shapes.insert(place, id);
        self.queue.push_back((id, cursor.clone()));
        id
    }

    /// Adds a shape that no schema of the document holds.
    pub fn add(&mut self, shape: Shape) -> ShapeId {
        let id = ShapeId(u32::try_from(self.api.shapes.len()).unwrap_or(u32::MAX));
        self.api.shapes.push(shape);
        id
    }
}
