//! Creating, dropping and renaming whole relations and schemas.

use std::sync::Arc;

use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Generated, KeyKind, TableKind};

use super::super::catalog::{Id, KeyState, Relation};
use super::super::command::{CreateTable, Item, KeyDef, Object};
use super::super::cursor::{Name, Span};
use super::Replay;

impl Replay<'_> {
    pub(super) fn blank(&self, name: &Name, kind: TableKind, span: Span) -> (Id, Relation) {
        let id = self.catalog.new_id(name);
        let schema = name.schema.as_ref().map_or_else(|| self.catalog.current(), |s| self.catalog.schema(s));
        let relation = Relation {
            schema,
            name: name.name.clone(),
            kind,
            columns: Vec::new(),
            keys: Vec::new(),
            comment: None,
            parent: None,
            has_children: false,
            reads: Vec::new(),
            origin: self.origin(span),
            key: self.origin(name.span),
            tainted: false,
            temporary: false,
        };
        (id, relation)
    }

    pub(super) fn create_table(&mut self, table: CreateTable, span: Span) {
        let (id, mut relation) = self.blank(&table.name, TableKind::Table, span);
        if self.catalog.relations.contains_key(&id) {
            if !table.if_not_exists && !table.temporary {
                let what = format!("a table or view `{}` exists already at this point of the history", table.name.name);
                self.mismatch(what, Some(&table.name), span);
            }
            return;
        }
        relation.temporary = table.temporary;
        relation.tainted = !table.refused.is_empty();
        relation.comment = table.comment;
        for refused in &table.refused {
            self.refused.push(self.origin(*refused));
        }
        let parents: Vec<Name> = table.partition_of.iter().chain(&table.inherits).cloned().collect();
        for parent in &parents {
            match self.catalog.find(parent) {
                Some(parent_id) => self.inherit(&mut relation, &parent_id, table.partition_of.is_some()),
                None => {
                    relation.tainted = true;
                    self.missing("table", parent, span);
                }
            }
        }
        if let Some(query) = &table.query {
            let (columns, reads, known) = self.query_columns(query);
            relation.columns.extend(columns);
            relation.tainted |= !known || reads.is_empty() && relation.columns.is_empty();
        }
        self.catalog.relations.insert(id.clone(), Arc::new(relation));
        self.new.insert(id.clone());
        let mut keys: Vec<KeyDef> = Vec::new();
        for item in table.items {
            match item {
                Item::Column(mut column) => {
                    keys.append(&mut column.keys);
                    self.insert_column(&id, column);
                }
                Item::Key(key) => keys.push(key),
                Item::Like { table, keys } => self.copy_columns(&id, &table, keys, span),
                Item::NotNull(name) => self.edit_column(&id, &name, |c| c.not_null = true),
            }
        }
        for key in keys {
            self.add_key(&id, key);
        }
        if self.catalog.dialect == Dialect::Sqlite {
            self.row_id(&id, table.without_rowid);
        }
        self.step(Action::CreateTable, Some(&id), span);
    }

    fn inherit(&mut self, relation: &mut Relation, parent_id: &Id, partition: bool) {
        relation.parent = Some(parent_id.clone());
        let Some(parent) = self.catalog.relation_mut(parent_id) else { return };
        parent.has_children = true;
        for column in &parent.columns {
            if !relation.columns.iter().any(|c| c.name == column.name) {
                relation.columns.push(column.clone());
            }
        }
        let checks =
            parent.keys.iter().filter(|k| k.kind == KeyKind::Check || (partition && k.kind == KeyKind::Primary));
        let copies: Vec<KeyState> = checks.cloned().collect();
        for mut key in copies {
            if key.kind == KeyKind::Primary {
                key.name = Text::from(format!("{}_pkey", relation.name));
            }
            relation.keys.push(key);
        }
    }

    /// `LIKE other`.
    fn copy_columns(&mut self, id: &Id, other: &Name, keys: bool, span: Span) {
        let source = self.catalog.find(other).and_then(|o| self.catalog.relations.get(&o).cloned());
        let Some(source) = source else {
            self.missing("table", other, span);
            if let Some(relation) = self.catalog.relation_mut(id) {
                relation.tainted = true;
            }
            return;
        };
        let origin = self.origin(span);
        let mysql = self.catalog.dialect == Dialect::MySql;
        if let Some(relation) = self.catalog.relation_mut(id) {
            let copies = source.columns.iter().cloned().map(|mut column| {
                (column.origin, column.created) = (origin, origin);
                if !keys && !mysql {
                    (column.default, column.generated) = (None, Generated::No);
                }
                column
            });
            relation.columns.extend(copies);
        }
        for key in source.keys.iter().filter(|k| keys && k.kind != KeyKind::Foreign) {
            let mut copy = KeyDef::new(key.kind, span);
            copy.columns = key.columns.clone();
            copy.labels = key.columns.clone();
            copy.body = key.body.clone();
            copy.conditions = key.conditions.clone();
            (copy.partial, copy.is_index) = (key.partial, key.is_index);
            copy.name = (mysql || key.kind == KeyKind::Check).then(|| key.name.clone());
            self.add_key(id, copy);
        }
    }

    /// A lone `INTEGER PRIMARY KEY` is SQLite's row id: never null, filled by the engine.
    /// https://www.sqlite.org/lang_createtable.html#rowid
    fn row_id(&mut self, id: &Id, without_rowid: bool) {
        let Some(relation) = self.catalog.relation(id) else { return };
        let Some(primary) = relation.keys.iter().find(|k| k.kind == KeyKind::Primary) else { return };
        let columns = primary.columns.clone();
        let lone = columns.len() == 1;
        for name in &columns {
            self.edit_column(id, name, |column| {
                let alias = lone && !without_rowid && column.ty.text.eq_ignore_ascii_case("integer");
                if alias {
                    column.generated = Generated::ByDefault;
                }
                column.not_null |= alias || without_rowid;
            });
        }
    }

    #[allow(clippy::too_many_arguments)] // The parts of a DROP statement, taken apart once by the caller.
    pub(super) fn drop(
        &mut self,
        object: Object,
        name: &Name,
        if_exists: bool,
        cascade: bool,
        concurrently: bool,
        on: Option<&Name>,
        span: Span,
    ) {
        match object {
            Object::Index => self.drop_index(name, if_exists, concurrently, on, span),
            Object::Type | Object::Domain => self.drop_type(name, if_exists, cascade, span),
            Object::Schema => {
                let schema = self.catalog.schema(&name.name);
                let inside: Vec<Id> = self.catalog.relations.keys().filter(|id| id.0 == schema).cloned().collect();
                for id in inside {
                    let view = self.catalog.relation(&id).is_some_and(|r| r.kind != TableKind::Table);
                    self.step(
                        if view { Action::DropView { cascade } } else { Action::DropTable { cascade } },
                        Some(&id),
                        span,
                    );
                    self.remove_relation(&id, cascade);
                }
                self.catalog.types.retain(|id, _| id.0 != schema);
            }
            Object::Table | Object::View | Object::MaterializedView => match self.catalog.find(name) {
                Some(id) => {
                    let table = object == Object::Table;
                    let action = if table { Action::DropTable { cascade } } else { Action::DropView { cascade } };
                    self.step(action, Some(&id), span);
                    self.remove_relation(&id, cascade);
                }
                None if if_exists => {}
                None => self.missing(if object == Object::Table { "table" } else { "view" }, name, span),
            },
        }
    }

    /// Takes a relation out, with what depends on it.
    pub(super) fn remove_relation(&mut self, id: &Id, cascade: bool) {
        let mut open = self.catalog.descendants(id);
        open.push(id.clone());
        while let Some(next) = open.pop() {
            let Some(relation) = self.catalog.relations.remove(&next) else { continue };
            self.new.remove(&next);
            for key in &relation.keys {
                self.forget_index_name(&next, &key.name);
            }
            if !cascade {
                continue;
            }
            let views = self.catalog.relations.iter().filter(|(_, r)| r.reads.iter().any(|(read, _)| *read == next));
            open.extend(views.map(|(id, _)| id.clone()));
            if self.catalog.dialect == Dialect::Postgres {
                self.edit_all(
                    |relation| {
                        let refers = |k: &KeyState| k.target.as_ref().is_some_and(|t| t.table == next);
                        relation.keys.iter().any(refers).then(|| relation.keys.retain(|k| !refers(k)));
                    },
                    |r| r.keys.iter().any(|k| k.target.as_ref().is_some_and(|t| t.table == next)),
                );
            }
        }
    }

    /// Edits every relation for which `wanted` holds; the others stay shared.
    pub(super) fn edit_all(&mut self, mut edit: impl FnMut(&mut Relation), wanted: impl Fn(&Relation) -> bool) {
        for relation in self.catalog.relations.values_mut() {
            if wanted(relation) {
                edit(Arc::make_mut(relation));
            }
        }
    }

    /// Gives a relation another name, and everything that points to it follows.
    pub(super) fn rename_relation(&mut self, id: &Id, to: &Name, span: Span) {
        let schema = match &to.schema {
            Some(schema) => self.catalog.schema(schema),
            None => self.catalog.relation(id).map_or_else(|| Text::from(""), |r| r.schema.clone()),
        };
        let target = (self.catalog.fold(&schema), self.catalog.fold(&to.name));
        if target != *id && self.catalog.relations.contains_key(&target) {
            let what = format!("a table or view `{}` exists already at this point of the history", to.name);
            self.mismatch(what, Some(to), span);
            return;
        }
        let view = self.catalog.relation(id).is_some_and(|r| r.kind != TableKind::Table);
        let shown = super::full_name(&schema, &to.name);
        self.step(if view { Action::Other } else { Action::RenameTable { to: shown } }, Some(id), span);
        self.move_relation(id, target, schema, to.name.clone());
        if let Some(new) = self.catalog.find(to).filter(|_| to.schema.is_none()).or(Some(self.catalog.new_id(to))) {
            let origin = self.origin(to.span);
            if let Some(relation) = self.catalog.relation_mut(&new) {
                relation.key = origin;
            }
        }
    }

    pub(super) fn move_relation(&mut self, id: &Id, target: Id, schema: Text, name: Text) {
        let Some(mut relation) = self.catalog.relations.remove(id) else { return };
        let moved_schema = target.0 != id.0;
        let inner = Arc::make_mut(&mut relation);
        (inner.schema, inner.name) = (schema, name);
        let shown = inner.full_name();
        self.catalog.relations.insert(target.clone(), relation);
        if self.new.remove(id) {
            self.new.insert(target.clone());
        }
        let owned: Vec<Id> =
            self.catalog.index_names.iter().filter(|(_, owner)| *owner == id).map(|(n, _)| n.clone()).collect();
        for index in owned {
            self.catalog.index_names.remove(&index);
            let schema = if moved_schema { target.0.clone() } else { index.0.clone() };
            self.catalog.index_names.insert((schema, index.1), target.clone());
        }
        self.edit_all(
            |relation| {
                for key in relation.keys.iter_mut().filter_map(|k| k.target.as_mut()).filter(|t| t.table == *id) {
                    (key.table, key.shown) = (target.clone(), shown.clone());
                }
                for (read, _) in relation.reads.iter_mut().filter(|(r, _)| r == id) {
                    *read = target.clone();
                }
                if relation.parent.as_ref() == Some(id) {
                    relation.parent = Some(target.clone());
                }
            },
            |r| {
                r.parent.as_ref() == Some(id)
                    || r.reads.iter().any(|(read, _)| read == id)
                    || r.keys.iter().any(|k| k.target.as_ref().is_some_and(|t| t.table == *id))
            },
        );
    }

    pub(super) fn use_database(&mut self, database: Text) {
        let first = self.catalog.database.get_or_insert_with(|| database.clone());
        let default = first.eq_ignore_ascii_case(&database);
        self.catalog.search_path = vec![if default { Text::from("") } else { database }];
    }

    pub(super) fn rename_schema(&mut self, from: &str, to: &str) {
        let (from, to) = (self.catalog.schema(from), self.catalog.schema(to));
        let inside: Vec<Id> = self.catalog.relations.keys().filter(|id| id.0 == from).cloned().collect();
        for id in inside {
            let Some(name) = self.catalog.relation(&id).map(|r| r.name.clone()) else { continue };
            self.move_relation(&id, (self.catalog.fold(&to), id.1.clone()), to.clone(), name);
        }
        let types: Vec<Id> = self.catalog.types.keys().filter(|id| id.0 == from).cloned().collect();
        for id in types {
            self.move_type(&id, to.clone(), id.1.clone());
        }
    }
}
