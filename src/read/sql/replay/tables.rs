//! Creating, dropping and renaming whole relations and schemas.

use std::sync::Arc;

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Generated, KeyKind, TableKind};

use super::super::catalog::{Id, KeyState, Made, Relation};
use super::super::command::{CreateTable, Item, KeyDef, Likeness};
use super::super::cursor::{Name, Span};
use super::super::query::Missing;
use super::Replay;
use super::inherit::copied;
use super::names::generated_number;

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
            engine: None,
            encoding: Encoding::default(),
            parents: Vec::new(),
            partition: false,
            bounds: Text::from(""),
            partition_by: None,
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
        if self.catalog.relations.contains_key(&id) && table.replace {
            self.step(Action::DropTable { cascade: false }, Some(&id), span);
            self.remove_relations(vec![id.clone()], false, span);
        }
        if self.catalog.name_taken(&id) {
            if !table.if_not_exists && !table.temporary {
                let what = format!("a table or view `{}` exists already at this point of the history", table.name.name);
                self.mismatch(what, Some(&table.name), span);
            } else if let Some(query) = &table.query {
                // PostgreSQL looks at the query first.
                let answer = self.query_columns(query, true);
                self.needs(answer.missing.filter(|m| !matches!(m, Missing::Twice(_))).as_ref(), span);
            }
            return;
        }
        self.need_schema(&id.0, span);
        relation.temporary = table.temporary;
        relation.tainted = !table.refused.is_empty();
        relation.comment = table.comment;
        (relation.bounds, relation.partition_by) = (table.bounds, table.partition_by.clone());
        (relation.engine, relation.encoding) = (table.engine, table.encoding);
        for refused in &table.refused {
            self.refused.push(self.origin(*refused));
        }
        let parents: Vec<Name> = table.partition_of.iter().chain(&table.inherits).cloned().collect();
        for parent in &parents {
            match self.catalog.find(parent) {
                Some(parent_id) => self.inherit_columns(&mut relation, &parent_id, table.partition_of.is_some(), span),
                None => {
                    relation.tainted = true;
                    self.missing("table", parent, span);
                }
            }
        }
        let (mut queried, mut copied_from) = (Vec::new(), None);
        if let Some(query) = &table.query {
            let answer = self.query_columns(query, true);
            self.needs(answer.missing.as_ref(), span);
            relation.tainted |= !answer.known || answer.reads.is_empty() && answer.columns.is_empty();
            queried = answer.columns;
            copied_from = answer.reads.first().map(|(id, _)| self.catalog.shown(id));
        }
        // Looked up before the new table stands there itself.
        let likes = table.items.iter().filter_map(|item| match item {
            Item::Like { table, .. } => {
                Some(self.catalog.find(table).and_then(|other| self.catalog.relations.get(&other).cloned()))
            }
            _ => None,
        });
        let mut likes = likes.collect::<Vec<_>>().into_iter();
        self.catalog.relations.insert(id.clone(), Arc::new(relation));
        let mut keys: Vec<KeyDef> = Vec::new();
        let mut computed: Vec<(Text, Vec<Text>, Span)> = Vec::new();
        let mut written: Vec<Text> = Vec::new();
        for item in table.items {
            match item {
                Item::Column(column) if !self.has_room(&id, column.span) => {}
                Item::Column(mut column) => {
                    if written.iter().any(|w| self.catalog.same(w, &column.name)) {
                        let shown = self.catalog.shown(&id);
                        let what = format!("`{shown}` has a column `{}` twice", column.name);
                        self.lacks(what, &id, Some(&column.name), span);
                    }
                    written.push(column.name.clone());
                    self.fit(&id, &mut column, span);
                    keys.append(&mut column.keys);
                    if !column.needs.is_empty() {
                        computed.push((column.name.clone(), column.needs.clone(), column.span));
                    }
                    self.insert_column(&id, &column);
                }
                Item::Key(key) => keys.push(key),
                Item::Like { table, takes } => {
                    let source = likes.next().flatten();
                    keys.extend(self.copy_columns(&id, &table, source, takes, span));
                }
                Item::NotNull(name) => self.edit_column(&id, &name, |c| c.not_null = true),
            }
        }
        let dialect = self.catalog.dialect;
        if let Some(relation) = self.catalog.relation_mut(&id) {
            queried.retain(|c| relation.column(&c.name, dialect).is_none());
            relation.columns.append(&mut queried);
        }
        for (column, needs, span) in computed {
            self.need_sources(&id, &column, &needs, span);
        }
        if let Some(key) = &table.partition_by {
            self.need_partition_key(&id, key, span);
        }
        self.inherit_keys(&id, span);
        self.add_keys(&id, keys);
        if self.catalog.dialect == Dialect::Sqlite {
            self.row_id(&id, table.without_rowid);
        }
        self.look_at_table(&id, span);
        self.step(Action::CreateTable, Some(&id), span);
        if table.query.is_some() {
            self.step(Action::Insert { columns: Vec::new(), selected: Vec::new(), from: copied_from }, Some(&id), span);
        }
    }

    /// `LIKE other`. Gives the keys to add.
    fn copy_columns(
        &mut self,
        id: &Id,
        other: &Name,
        source: Option<Arc<Relation>>,
        takes: Likeness,
        span: Span,
    ) -> Vec<KeyDef> {
        if self.catalog.find(other).as_ref() == Some(id) {
            self.refuse(format!("`{}` can not be copied from itself", other.name), id, span);
            return Vec::new();
        }
        let Some(source) = source else {
            self.missing("table", other, span);
            if let Some(relation) = self.catalog.relation_mut(id) {
                relation.tainted = true;
            }
            return Vec::new();
        };
        let origin = self.origin(span);
        let mysql = self.catalog.dialect == Dialect::MySql;
        if mysql && source.kind != TableKind::Table {
            self.refuse(format!("`{}` is a view, and only a table can be copied", source.full_name()), id, span);
        }
        if let Some(relation) = self.catalog.relation_mut(id) {
            relation.tainted |= source.tainted;
            if mysql {
                (relation.engine, relation.comment) = (source.engine.clone(), source.comment.clone());
                relation.encoding = source.encoding.clone();
            }
            relation.columns.extend(source.columns.iter().map(|column| {
                let mut copy = column.clone();
                (copy.origin, copy.created, copy.parents, copy.local) = (origin, origin, 0, true);
                // A `serial` column's default is its sequence, which both then share.
                let kept = match column.generated {
                    Generated::Computed => takes.generated,
                    Generated::Always => takes.identity,
                    Generated::ByDefault if column.uses.is_empty() => takes.identity,
                    _ => takes.defaults,
                };
                if !kept {
                    (copy.default, copy.generated, copy.uses) = (None, Generated::No, Vec::new());
                }
                copy
            }));
        }
        let wanted = |k: &&KeyState| match k.kind {
            KeyKind::Foreign => false,
            KeyKind::Check => takes.constraints,
            _ => takes.indexes,
        };
        let copy = |key: &KeyState| {
            let mut copy = copied(key, span);
            (copy.not_valid, copy.implicit) = (false, mysql && key.implicit);
            copy.name = (mysql || key.kind == KeyKind::Check).then(|| key.name.clone());
            copy
        };
        source.keys.iter().filter(wanted).map(copy).collect()
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

    /// Edits every relation for which `wanted` holds; the others stay shared.
    pub(super) fn edit_all(&mut self, mut edit: impl FnMut(&mut Relation), wanted: impl Fn(&Relation) -> bool) {
        for id in self.catalog.relations.ids(|_, relation| wanted(relation)) {
            if let Some(relation) = self.catalog.relation_mut(&id) {
                edit(relation);
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
        if self.catalog.name_taken(&target) && self.catalog.dialect != Dialect::Sqlite
            || target != *id && self.catalog.relations.contains_key(&target)
        {
            let what = format!("a table or view `{}` exists already at this point of the history", to.name);
            self.mismatch(what, Some(to), span);
            return;
        }
        let shown = super::full_name(&schema, &to.name);
        self.step(Action::RenameTable { to: shown }, Some(id), span);
        self.move_relation(id, target, schema, to.name.clone());
        if let Some(new) = self.catalog.find(to).filter(|_| to.schema.is_none()).or(Some(self.catalog.new_id(to))) {
            let origin = self.origin(to.span);
            if let Some(relation) = self.catalog.relation_mut(&new) {
                relation.key = origin;
            }
        }
    }

    pub(super) fn move_relation(&mut self, id: &Id, target: Id, schema: Text, name: Text) {
        let keys = self.catalog.take_keys(id, |_| true);
        let Some(mut relation) = self.catalog.relations.remove(id) else { return };
        let inner = Arc::make_mut(&mut relation);
        let old = std::mem::replace(&mut inner.name, name.clone());
        inner.schema = schema;
        let shown = inner.full_name();
        self.catalog.relations.insert(target.clone(), relation);
        self.move_named_of(id, &target);
        for mut key in keys {
            // MySQL's generated names begin with the table's.
            if self.catalog.dialect == Dialect::MySql {
                for middle in ["ibfk", "chk"] {
                    if let Some(number) = generated_number(&key.name, &old, middle) {
                        key.name = Text::from(format!("{name}_{middle}_{number}"));
                    }
                }
            }
            self.catalog.push_key(&target, key);
        }
        self.edit_all(
            |relation| {
                for key in relation.keys.iter_mut().filter_map(|k| k.target.as_mut()).filter(|t| t.table == *id) {
                    (key.table, key.shown) = (target.clone(), shown.clone());
                }
                for (read, _) in relation.reads.iter_mut().filter(|(r, _)| r == id) {
                    *read = target.clone();
                }
                for parent in relation.parents.iter_mut().filter(|p| *p == id) {
                    *parent = target.clone();
                }
            },
            |r| {
                r.parents.contains(id)
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

    pub(super) fn create_schema(&mut self, name: &Text, if_not_exists: bool, span: Span) {
        let id = (self.catalog.fold(&self.catalog.schema(name)), Text::from(""));
        if self.catalog.schemas.get(&id) == Some(&Made::Created) || id.0.is_empty() {
            if !if_not_exists && !id.0.is_empty() {
                self.mismatch(format!("a schema `{name}` exists already at this point of the history"), None, span);
            }
            return;
        }
        self.catalog.schemas.insert(id, Made::Created);
        self.step(Action::Other, None, span);
    }

    /// Refuses a statement about a schema that the history dropped.
    pub(super) fn need_schema(&mut self, schema: &Text, span: Span) {
        if self.catalog.is_dropped(schema) {
            self.mismatch(format!("there is no schema `{schema}` at this point of the history"), None, span);
        }
    }

    pub(super) fn rename_schema(&mut self, from: &str, to: &str, span: Span) {
        let (from, to) = (self.catalog.schema(from), self.catalog.schema(to));
        self.need_schema(&from, span);
        let new = (to.clone(), Text::from(""));
        if self.catalog.schemas.get(&new) == Some(&Made::Created) {
            return self.mismatch(format!("a schema `{to}` exists already at this point of the history"), None, span);
        }
        self.catalog.schemas.insert(new, Made::Created);
        self.catalog.schemas.insert((from.clone(), Text::from("")), Made::Dropped);
        for id in self.catalog.relations.ids(|id, _| id.0 == from) {
            let Some(relation) = self.catalog.relation(&id) else { continue };
            let name = relation.name.clone();
            let shown = super::full_name(&to, &name);
            self.step(Action::RenameTable { to: shown }, Some(&id), span);
            self.move_relation(&id, (self.catalog.fold(&to), id.1.clone()), to.clone(), name);
        }
        for id in self.catalog.types.ids(|id, _| id.0 == from) {
            self.move_type(&id, to.clone(), id.1.clone());
        }
    }
}
