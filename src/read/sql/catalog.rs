//! The state of a database while a history is replayed: relations, user types, search path.
//!
//! Relations are shared until they change, so a copy of the whole catalogue costs one pointer per relation: two
//! histories with a common beginning can share it. Must not know statements.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::domain::Domain;
use crate::model::origin::{Origin, Text};
use crate::model::sql::{Dialect, Generated, KeyKind, TableKind};

use super::command::{Atom, Condition};
use super::cursor::Name;

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

#[derive(Debug, Clone)]
pub struct ColumnState {
    pub name: Text,
    pub ty: ColumnType,
    pub not_null: bool,
    pub default: Option<Text>,
    pub generated: Generated,
    pub comment: Option<Text>,
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
}

#[derive(Debug, Clone)]
pub struct KeyState {
    pub name: Text,
    pub kind: KeyKind,
    pub columns: Vec<Text>,
    pub target: Option<TargetState>,
    pub body: Vec<Atom>,
    pub conditions: Vec<Condition>,
    pub partial: bool,
    pub is_index: bool,
    pub not_valid: bool,
    /// Made by the engine for a foreign key.
    pub implicit: bool,
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
    pub parent: Option<Id>,
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
    pub relations: BTreeMap<Id, Arc<Relation>>,
    pub types: BTreeMap<Id, UserType>,
    /// Names of indexes and constraint indexes, with the relation that has them.
    pub index_names: BTreeMap<Id, Id>,
    /// Schemas in which unqualified names are looked up; the first is where things are created.
    pub search_path: Vec<Text>,
    /// Code ran whose effects are not known: what exists from here on is not certain.
    pub opaque: bool,
    /// The first database that `USE` named.
    pub database: Option<Text>,
}

impl Catalog {
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            relations: BTreeMap::new(),
            types: BTreeMap::new(),
            index_names: BTreeMap::new(),
            search_path: vec![Text::from("")],
            opaque: false,
            database: None,
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
        self.search_path.first().cloned().unwrap_or_else(|| Text::from(""))
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

    /// The full name to show for an id.
    pub fn shown(&self, id: &Id) -> Text {
        self.relation(id).map_or_else(|| full_name(&id.0, &id.1), Relation::full_name)
    }

    /// Relations whose parent is `id`, at any depth, parents first.
    pub fn descendants(&self, id: &Id) -> Vec<Id> {
        let mut found: Vec<Id> = Vec::new();
        let mut open = vec![id.clone()];
        while let Some(next) = open.pop() {
            if !self.relation(&next).is_some_and(|r| r.has_children) {
                continue;
            }
            for (child, relation) in &self.relations {
                if relation.parent.as_ref() == Some(&next) && !found.contains(child) && child != id {
                    found.push(child.clone());
                    open.push(child.clone());
                }
            }
        }
        found
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

impl Relation {
    pub fn full_name(&self) -> Text {
        full_name(&self.schema, &self.name)
    }

    pub fn column(&self, name: &str, dialect: Dialect) -> Option<usize> {
        let same = |c: &ColumnState| match dialect {
            Dialect::Postgres => &*c.name == name,
            _ => c.name.eq_ignore_ascii_case(name),
        };
        self.columns.iter().position(same)
    }
}
