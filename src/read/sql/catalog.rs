//! The state of a database while a history is replayed: relations, user types, search path.
//!
//! Relations are shared until they change, so a copy of the whole catalogue costs one pointer per relation: two
//! histories with a common beginning can share it. Must not know statements.

use std::sync::Arc;

use crate::model::domain::Domain;
use crate::model::encoding::Encoding;
use crate::model::origin::{Origin, Text};
use crate::model::sql::{Dialect, Generated, KeyKind, ObjectKind, TableKind};

use super::command::{Atom, Condition, PartitionKey, Routine};
use super::cursor::Name;
use super::journal::{Before, Journaled};
use super::shared::Shared;

/// Schema and name, folded for comparison; the schema is empty for the default one.
pub type Id = (Text, Text);

/// The type of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnType {
    /// As printed, for built-in and unknown types.
    pub text: Text,
    /// An enum, a domain or another type of the catalogue.
    pub named: Option<Id>,
    pub dimensions: usize,
    pub domain: Domain,
}

pub type ColumnState = Shared<ColumnData>;

#[derive(Debug, Clone)]
pub struct ColumnData {
    pub name: Text,
    pub ty: ColumnType,
    pub not_null: bool,
    pub default: Option<Text>,
    pub generated: Generated,
    /// Computed and kept in the row.
    pub stored: bool,
    /// Names in the expression of its default, or in that which computes it: columns, functions, sequences.
    pub uses: Vec<Text>,
    /// The `serial` definition that made the sequence which fills it; with its own table that goes.
    pub sequence: Option<Origin>,
    /// As in the model.
    pub formula: Option<Text>,
    /// From how many parents it comes, and whether it was also written at the table itself.
    pub parents: usize,
    pub local: bool,
    pub comment: Option<Text>,
    pub encoding: Encoding,
    /// The table said nothing about text when the column was made, and says something now.
    pub settled: bool,
    pub origin: Origin,
    pub created: Origin,
    pub tainted: bool,
}

#[derive(Debug, Clone)]
pub struct TargetState {
    pub table: Id,
    /// As written, for tables that do not exist.
    pub shown: Text,
    pub columns: Vec<Text>,
    pub on_delete: Text,
    pub on_update: Text,
    /// The key of that table that PostgreSQL makes the foreign key depend on.
    pub key: Option<Text>,
}

pub type KeyState = Shared<KeyData>;

#[derive(Debug, Clone)]
pub struct KeyData {
    pub name: Text,
    pub kind: KeyKind,
    pub columns: Vec<Text>,
    pub target: Option<TargetState>,
    pub body: Vec<Atom>,
    /// As in the definition.
    pub needs: Vec<Text>,
    pub conditions: Vec<Condition>,
    pub partial: bool,
    /// Columns of which MySQL holds the beginning alone.
    pub parts: Vec<Text>,
    pub is_index: bool,
    pub not_valid: bool,
    /// Made by the engine for a foreign key.
    pub implicit: bool,
    /// Written at its column: SQLite drops it with that.
    pub inline: bool,
    /// The key of the parent that it comes from and goes with, and whether it was also written at the table itself.
    pub from_parent: Option<Text>,
    pub local: bool,
    /// What an engine names its elements by.
    pub labels: Vec<Text>,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub struct Relation {
    /// As printed.
    pub schema: Text,
    pub name: Text,
    pub kind: TableKind,
    pub columns: Vec<ColumnState>,
    pub keys: Vec<KeyState>,
    pub comment: Option<Text>,
    pub engine: Option<Text>,
    pub encoding: Encoding,
    pub parents: Vec<Id>,
    /// Partition of its only parent, and of what part.
    pub partition: bool,
    pub bounds: Text,
    /// By what it is divided itself.
    pub partition_by: Option<PartitionKey>,
    /// Other relations have this one as parent, or had.
    pub has_children: bool,
    /// Relations a view reads.
    pub reads: Vec<(Id, Vec<Text>)>,
    pub origin: Origin,
    pub key: Origin,
    pub tainted: bool,
    pub temporary: bool,
}

/// A type that a user made.
#[derive(Debug, Clone)]
pub enum UserType {
    Enum { shown: Text, values: Vec<(Text, Origin)>, origin: Origin },
    Domain { shown: Text, base: ColumnType, not_null: bool, keys: Vec<KeyState> },
    Other { shown: Text },
}

/// A routine, trigger, policy, sequence or extension.
#[derive(Debug, Clone)]
pub struct NamedState {
    pub kind: ObjectKind,
    pub name: Text,
    pub table: Option<Id>,
    pub calls: Option<Text>,
    pub detail: Text,
    /// As in the model.
    pub rows: Vec<Text>,
    /// How many functions of that name there may be, for other arguments.
    pub signatures: usize,
    /// Their code, the newest last.
    pub routines: Vec<Arc<Routine>>,
    pub origin: Origin,
}

impl UserType {
    pub fn shown(&self) -> &Text {
        match self {
            Self::Enum { shown, .. } | Self::Domain { shown, .. } | Self::Other { shown } => shown,
        }
    }

    pub fn rename(&mut self, to: Text) {
        match self {
            Self::Enum { shown, .. } | Self::Domain { shown, .. } | Self::Other { shown } => *shown = to,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Catalog {
    pub dialect: Dialect,
    pub relations: Journaled<Arc<Relation>>,
    pub types: Journaled<UserType>,
    /// Routines, triggers, policies and others, by kind, schema, name and table.
    pub named: Journaled<NamedState>,
    /// Names of indexes and constraint indexes, with the relation that has them.
    pub index_names: Journaled<Id>,
    /// Names of PostgreSQL's constraints and MySQL's foreign keys, with the relations that have them.
    pub constraint_names: Journaled<Vec<Id>>,
    /// Schemas that the history made, and those it dropped: what is missing in others may be somebody else's.
    pub schemas: Journaled<Made>,
    /// An extension is there, and types that it brought may be.
    pub extended: bool,
    /// MySQL looks whether the tables and indexes of foreign keys exist.
    pub checks_foreign: bool,
    /// Schemas in which unqualified names are looked up; the first is where things are created.
    pub search_path: Vec<Text>,
    /// Code ran whose effects are not known: what exists from here on is not certain.
    pub opaque: bool,
    /// The first database that `USE` named.
    pub database: Option<Text>,
    /// Names of tables that were made at run time, with holes: what is missing may be one of them.
    pub made: Vec<Text>,
    /// Bytes of code that calls have run: a few calls in each other may ask for any number.
    pub called: usize,
}

/// What a history did with a schema last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    Created,
    Dropped,
}

/// What no journal keeps.
#[derive(Debug, Clone)]
pub struct Settings {
    extended: bool,
    checks_foreign: bool,
    search_path: Vec<Text>,
    opaque: bool,
    database: Option<Text>,
    made: Vec<Text>,
    called: usize,
}

/// What stood in a catalogue before a run of statements touched it.
#[derive(Debug, Default)]
pub struct Marked {
    pub relations: Before<Arc<Relation>>,
    pub types: Before<UserType>,
    index_names: Before<Id>,
    constraint_names: Before<Vec<Id>>,
    schemas: Before<Made>,
    named: Before<NamedState>,
}

impl Catalog {
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            relations: Journaled::default(),
            types: Journaled::default(),
            named: Journaled::default(),
            index_names: Journaled::default(),
            constraint_names: Journaled::default(),
            schemas: Journaled::default(),
            extended: false,
            checks_foreign: true,
            search_path: vec![Text::from("")],
            opaque: false,
            database: None,
            made: Vec::new(),
            called: 0,
        }
    }

    /// A name in the form in which names are compared.
    pub fn fold(&self, name: &str) -> Text {
        match self.dialect {
            Dialect::Postgres => Text::from(name),
            _ => Text::from(name.to_ascii_lowercase()),
        }
    }

    /// True when two names are the same name.
    pub fn same(&self, a: &str, b: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => a == b,
            _ => a.eq_ignore_ascii_case(b),
        }
    }

    /// The schema as we write it: the default one is the empty text.
    pub fn schema(&self, schema: &str) -> Text {
        let default = match self.dialect {
            Dialect::Postgres => schema == "public",
            Dialect::MySql => self.database.as_deref().is_some_and(|d| d.eq_ignore_ascii_case(schema)),
            Dialect::Sqlite => schema.eq_ignore_ascii_case("main") || schema.eq_ignore_ascii_case("temp"),
        };
        if default { Text::from("") } else { Text::from(schema) }
    }

    /// The schema in which an unqualified name is created.
    pub fn current(&self) -> Text {
        self.search_path.iter().find(|s| !self.is_dropped(s)).cloned().unwrap_or_else(|| Text::from(""))
    }

    /// True for a schema that the history dropped.
    pub fn is_dropped(&self, schema: &Text) -> bool {
        self.schemas.get(&(schema.clone(), Text::from(""))) == Some(&Made::Dropped)
    }

    /// The id under which something of that name is created.
    pub fn new_id(&self, name: &Name) -> Id {
        let schema = name.schema.as_ref().map_or_else(|| self.current(), |s| self.schema(s));
        (self.fold(&schema), self.fold(&name.name))
    }

    fn resolve(&self, name: &Name, exists: impl Fn(&Id) -> bool) -> Option<Id> {
        if name.schema.is_some() {
            return Some(self.new_id(name)).filter(|id| exists(id));
        }
        let folded = self.fold(&name.name);
        let in_path = self.search_path.iter().map(|schema| (self.fold(schema), folded.clone())).find(|id| exists(id));
        // A dump empties the path; a history may have been run with a path set elsewhere.
        in_path.or_else(|| Some((Text::from(""), folded.clone())).filter(|id| exists(id)))
    }

    /// The existing relation of that name.
    pub fn find(&self, name: &Name) -> Option<Id> {
        self.resolve(name, |id| self.relations.contains_key(id))
    }

    /// The existing user type of that name.
    pub fn find_type(&self, name: &Name) -> Option<Id> {
        self.resolve(name, |id| self.types.contains_key(id))
    }

    /// The existing index of that name.
    pub fn find_index(&self, name: &Name) -> Option<(Id, Id)> {
        let id = self.resolve(name, |id| self.index_names.contains_key(id))?;
        let owner = self.index_names.get(&id)?.clone();
        Some((id, owner))
    }

    pub fn relation(&self, id: &Id) -> Option<&Relation> {
        self.relations.get(id).map(|r| &**r)
    }

    pub fn relation_mut(&mut self, id: &Id) -> Option<&mut Relation> {
        self.relations.get_mut(id).map(Arc::make_mut)
    }

    /// A column of a relation, by its exact name.
    pub fn column(&self, id: &Id, name: &str) -> Option<&ColumnState> {
        self.relation(id)?.columns.iter().find(|c| &*c.name == name)
    }

    /// The full name to show for an id.
    pub fn shown(&self, id: &Id) -> Text {
        self.relation(id).map_or_else(|| full_name(&id.0, &id.1), Relation::full_name)
    }

    /// Relations that have `id` as a parent.
    pub fn children(&self, id: &Id) -> Vec<Id> {
        if !self.relation(id).is_some_and(|r| r.has_children) {
            return Vec::new();
        }
        self.relations.ids(|child, r| child != id && r.parents.contains(id))
    }

    /// The same at any depth, parents first.
    pub fn descendants(&self, id: &Id) -> Vec<Id> {
        let mut found: Vec<Id> = Vec::new();
        let mut open = vec![id.clone()];
        while let Some(next) = open.pop() {
            for child in self.children(&next).into_iter().filter(|c| c != id) {
                if !found.contains(&child) {
                    found.push(child.clone());
                    open.push(child);
                }
            }
        }
        found
    }

    /// The statement is done: what it changed stays.
    pub fn keep(&mut self) {
        self.relations.keep();
        self.types.keep();
        self.named.keep();
        self.index_names.keep();
        self.constraint_names.keep();
        self.schemas.keep();
    }

    /// From here on what is touched is remembered.
    pub fn mark(&mut self) {
        self.relations.mark();
        self.types.mark();
        self.index_names.mark();
        self.constraint_names.mark();
        self.schemas.mark();
        self.named.mark();
    }

    /// The last mark is gone; what was touched since stays.
    pub fn release(&mut self) {
        self.relations.release();
        self.types.release();
        self.index_names.release();
        self.constraint_names.release();
        self.schemas.release();
        self.named.release();
    }

    /// What was touched since the last mark.
    pub fn marked(&mut self) -> Marked {
        Marked {
            relations: self.relations.marked(),
            types: self.types.marked(),
            index_names: self.index_names.marked(),
            constraint_names: self.constraint_names.marked(),
            schemas: self.schemas.marked(),
            named: self.named.marked(),
        }
    }

    /// Back to what was there at the mark.
    pub fn put_back(&mut self, marked: Marked) {
        self.relations.put_back(marked.relations);
        self.types.put_back(marked.types);
        self.index_names.put_back(marked.index_names);
        self.constraint_names.put_back(marked.constraint_names);
        self.schemas.put_back(marked.schemas);
        self.named.put_back(marked.named);
    }

    pub fn settings(&self) -> Settings {
        Settings {
            extended: self.extended,
            checks_foreign: self.checks_foreign,
            search_path: self.search_path.clone(),
            opaque: self.opaque,
            database: self.database.clone(),
            made: self.made.clone(),
            called: self.called,
        }
    }

    /// Back to the last mark, which is gone then, and to the settings of that time.
    pub fn rewind(&mut self, settings: Settings) {
        let marked = self.marked();
        self.put_back(marked);
        let Settings { extended, checks_foreign, search_path, opaque, database, made, called } = settings;
        (self.extended, self.checks_foreign, self.opaque) = (extended, checks_foreign, opaque);
        (self.search_path, self.database, self.made, self.called) = (search_path, database, made, called);
    }

    /// The engine refuses the statement: nothing of it stays.
    pub fn undo(&mut self) {
        self.relations.undo();
        self.types.undo();
        self.named.undo();
        self.index_names.undo();
        self.constraint_names.undo();
        self.schemas.undo();
    }

    /// True when what is not there can not be somebody else's.
    pub fn owns_schema(&self, name: &Name) -> bool {
        let Some(schema) = &name.schema else { return true };
        let schema = self.fold(&self.schema(schema));
        schema.is_empty() || self.schemas.contains_key(&(schema, Text::from("")))
    }

    /// Puts a key into a relation; its names are taken from here on.
    pub fn push_key(&mut self, id: &Id, key: KeyState) {
        self.take_names(id, &key);
        if let Some(relation) = self.relation_mut(id) {
            relation.keys.push(key);
        }
    }

    /// Takes keys out of a relation and frees their names.
    pub fn take_keys(&mut self, id: &Id, fits: impl Fn(&KeyState) -> bool) -> Vec<KeyState> {
        if !self.relation(id).is_some_and(|r| r.keys.iter().any(&fits)) {
            return Vec::new();
        }
        let Some(relation) = self.relation_mut(id) else { return Vec::new() };
        let (gone, kept) = std::mem::take(&mut relation.keys).into_iter().partition(|k| fits(k));
        relation.keys = kept;
        for key in &gone {
            self.free_names(id, key);
        }
        gone
    }

    /// Changes keys in their places; their names follow.
    pub fn edit_keys(&mut self, id: &Id, fits: impl Fn(&KeyState) -> bool, edit: impl Fn(&mut KeyState)) {
        let keys = self.relation(id).map(|r| r.keys.as_slice()).unwrap_or_default();
        let places: Vec<usize> = keys.iter().enumerate().filter(|(_, k)| fits(k)).map(|(i, _)| i).collect();
        for at in places {
            let key = |catalog: &Self| catalog.relation(id).and_then(|r| r.keys.get(at)).cloned();
            let Some(mut key) = key(self) else { continue };
            self.free_names(id, &key);
            edit(&mut key);
            self.take_names(id, &key);
            if let Some(place) = self.relation_mut(id).and_then(|r| r.keys.get_mut(at)) {
                *place = key;
            }
        }
    }

    /// The names of a key in the tables of names: of relations (an index is one), of constraints.
    fn names_of(&self, id: &Id, key: &KeyState) -> (Id, bool, bool) {
        let index = match self.dialect {
            Dialect::Postgres => !matches!(key.kind, KeyKind::Foreign | KeyKind::Check),
            Dialect::Sqlite => key.is_index,
            Dialect::MySql => false,
        };
        let constraint = match self.dialect {
            Dialect::Postgres => !key.is_index,
            Dialect::MySql => key.kind == KeyKind::Foreign,
            Dialect::Sqlite => false,
        };
        ((id.0.clone(), self.fold(&key.name)), index, constraint)
    }

    fn take_names(&mut self, id: &Id, key: &KeyState) {
        let (name, index, constraint) = self.names_of(id, key);
        if index {
            self.index_names.insert(name.clone(), id.clone());
        }
        if constraint {
            let mut owners = self.constraint_names.get(&name).cloned().unwrap_or_default();
            owners.push(id.clone());
            self.constraint_names.insert(name, owners);
        }
    }

    fn free_names(&mut self, id: &Id, key: &KeyState) {
        let (name, index, constraint) = self.names_of(id, key);
        if index && self.index_names.get(&name) == Some(id) {
            self.index_names.remove(&name);
        }
        if constraint && let Some(mut owners) = self.constraint_names.remove(&name) {
            if let Some(at) = owners.iter().position(|o| o == id) {
                owners.remove(at);
            }
            if !owners.is_empty() {
                self.constraint_names.insert(name, owners);
            }
        }
    }

    /// True when a relation, index or constraint index has that name in the schema.
    pub fn name_taken(&self, id: &Id) -> bool {
        self.relations.contains_key(id) || self.index_names.contains_key(id)
    }
}

/// `name`, or `schema.name` outside the default schema.
pub fn full_name(schema: &str, name: &str) -> Text {
    if schema.is_empty() { Text::from(name) } else { Text::from(format!("{schema}.{name}")) }
}

impl ColumnData {
    /// The sequence that goes with this column.
    pub fn owned_sequence(&self) -> Option<Origin> {
        self.sequence.filter(|made| *made == self.created)
    }

    /// `GENERATED … AS IDENTITY`: unlike a `serial` it has no default that names its sequence.
    pub fn is_identity(&self) -> bool {
        self.generated == Generated::Always || self.generated == Generated::ByDefault && self.uses.is_empty()
    }

    /// True when its default, or the expression that computes it, names this function or sequence.
    pub fn calls(&self, name: &str) -> bool {
        self.uses.iter().any(|u| &**u == name)
    }
}

impl Relation {
    pub fn full_name(&self) -> Text {
        full_name(&self.schema, &self.name)
    }

    /// How a column of this table keeps text.
    pub fn encoding_of(&self, column: &ColumnState) -> Encoding {
        if column.settled { column.encoding.clone() } else { column.encoding.within(&self.encoding) }
    }

    pub fn column(&self, name: &str, dialect: Dialect) -> Option<usize> {
        let same = |c: &ColumnState| match dialect {
            Dialect::Postgres => &*c.name == name,
            _ => c.name.eq_ignore_ascii_case(name),
        };
        self.columns.iter().position(same)
    }
}
