//! The items of `ALTER TABLE`.

use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Generated};

use super::super::catalog::Id;
use super::super::command::{Alter, ColumnDef, Object};
use super::super::cursor::{Name, Span};
use super::super::domains;
use super::Replay;
use super::columns::{move_column, set_default};

impl Replay<'_> {
    pub(super) fn alter_table(
        &mut self,
        object: Object,
        table: &Name,
        if_exists: bool,
        items: Vec<(Span, Result<Alter, ()>)>,
        span: Span,
    ) {
        let Some(mut id) = self.catalog.find(table) else {
            // `ALTER TABLE` also renames indexes and sequences in PostgreSQL.
            if let [(_, Ok(Alter::RenameTable(to)))] = items.as_slice()
                && self.catalog.find_index(table).is_some()
            {
                return self.rename_index(table, to.name.clone(), if_exists, span);
            }
            if !if_exists && !items.iter().all(|(_, item)| matches!(item, Ok(Alter::Other))) {
                self.missing(if object == Object::Table { "table" } else { "view" }, table, span);
            }
            return;
        };
        for (span, item) in items {
            match item {
                Ok(Alter::RenameTable(to)) => {
                    let view = self.catalog.relation(&id).map(|r| r.schema.clone());
                    self.rename_relation(&id, &to, span);
                    let schema =
                        to.schema.as_ref().map(|s| self.catalog.schema(s)).or(view).unwrap_or_else(|| Text::from(""));
                    id = (self.catalog.fold(&schema), self.catalog.fold(&to.name));
                }
                Ok(Alter::SetSchema(schema)) => {
                    let schema = self.catalog.schema(&schema);
                    let Some(name) = self.catalog.relation(&id).map(|r| r.name.clone()) else { continue };
                    self.step(Action::RenameTable { to: super::full_name(&schema, &name) }, Some(&id), span);
                    let target = (self.catalog.fold(&schema), id.1.clone());
                    self.move_relation(&id, target.clone(), schema, name);
                    id = target;
                }
                Ok(item) => self.alter_item(&id, item, span),
                Err(()) => {
                    self.refused.push(self.origin(span));
                    if let Some(relation) = self.catalog.relation_mut(&id) {
                        relation.tainted = true;
                    }
                    self.step(Action::Unread, Some(&id), span);
                }
            }
        }
    }

    fn has_column(&self, id: &Id, name: &str) -> bool {
        let relation = self.catalog.relation(id);
        relation.is_some_and(|r| r.column(name, self.catalog.dialect).is_some())
    }

    /// False, with a step that says so, when the column does not exist.
    fn need_column(&mut self, id: &Id, name: &Text, span: Span) -> bool {
        let found = self.has_column(id, name);
        let tainted = self.catalog.relation(id).is_some_and(|r| r.tainted);
        if !found && !tainted && self.certain() {
            let shown = self.catalog.shown(id);
            let what = Text::from(format!("`{shown}` has no column `{name}` at this point of the history"));
            self.step(Action::Mismatch { what }, Some(id), span);
        }
        found
    }

    fn alter_item(&mut self, id: &Id, item: Alter, span: Span) {
        let origin = self.origin(span);
        match item {
            Alter::AddColumn { column, if_not_exists } => self.add_column(id, *column, if_not_exists, span),
            Alter::AddKey(key) => {
                let (not_valid, using_index) = (key.not_valid, key.using_index.is_some());
                if let Some(key) = self.add_key(id, *key) {
                    self.step(Action::AddKey { key: Box::new(key), not_valid, using_index }, Some(id), span);
                }
            }
            Alter::DropColumn { name, if_exists, cascade } => {
                if if_exists && !self.has_column(id, &name) {
                    return;
                }
                if self.need_column(id, &name, span) {
                    self.drop_column(id, &name, cascade, span);
                }
            }
            Alter::DropKey { name, kind, if_exists, .. } => self.drop_key(id, &name, kind, if_exists, span),
            Alter::DropPrimaryKey => self.drop_primary_key(id, span),
            Alter::RenameColumn { from, to } => {
                if self.need_column(id, &from, span) {
                    self.rename_column(id, &from, &to, span);
                }
            }
            Alter::RenameKey { from, to } => self.rename_key(id, &from, &to, span),
            Alter::SetType { column, ty } => {
                if self.need_column(id, &column, span) {
                    self.set_type(id, &column, &ty, span);
                }
            }
            Alter::SetDefault { column, default } => {
                if self.need_column(id, &column, span) {
                    self.step(Action::SetDefault { column: column.clone() }, Some(id), span);
                    self.edit_column(id, &column, |c| {
                        set_default(c, &default);
                        c.origin = origin;
                    });
                }
            }
            Alter::DropDefault { column } => {
                if self.need_column(id, &column, span) {
                    self.step(Action::DropDefault { column: column.clone() }, Some(id), span);
                    self.edit_column(id, &column, |c| {
                        c.default = None;
                        // Without its sequence a `serial` column is an ordinary one.
                        if c.generated == Generated::ByDefault {
                            c.generated = Generated::No;
                        }
                        c.origin = origin;
                    });
                }
            }
            Alter::SetNotNull { column } => {
                if self.need_column(id, &column, span) {
                    self.set_not_null(id, &column, span);
                }
            }
            Alter::DropNotNull { column } => {
                if self.need_column(id, &column, span) {
                    self.step(Action::DropNotNull { column: column.clone() }, Some(id), span);
                    self.edit_column(id, &column, |c| (c.not_null, c.origin) = (false, origin));
                }
            }
            Alter::SetGenerated { column, generated } => {
                if self.need_column(id, &column, span) {
                    self.step(Action::Other, Some(id), span);
                    self.edit_column(id, &column, |c| (c.generated, c.origin) = (generated, origin));
                }
            }
            Alter::Redefine { from, column } => {
                if self.need_column(id, &from, span) {
                    self.redefine(id, &from, *column, span);
                }
            }
            Alter::Validate(name) => self.validate_key(id, &name, span),
            Alter::Attach(child) => self.attach(id, &child, true, span),
            Alter::Inherit(parent) => match self.catalog.find(&parent) {
                Some(parent) => self.set_parent(id, Some(parent)),
                None => self.missing("table", &parent, span),
            },
            Alter::Detach(child) => self.attach(id, &child, false, span),
            Alter::NoInherit => self.set_parent(id, None),
            Alter::Comment(text) => {
                if let Some(relation) = self.catalog.relation_mut(id) {
                    relation.comment = Some(text).filter(|t| !t.is_empty());
                }
            }
            Alter::Maintenance(what) => self.step(Action::Maintenance { what }, Some(id), span),
            Alter::Other | Alter::RenameTable(_) | Alter::SetSchema(_) => self.step(Action::Other, Some(id), span),
        }
    }

    fn set_not_null(&mut self, id: &Id, column: &Text, span: Span) {
        let origin = self.origin(span);
        let proven = self.catalog.relation(id).is_some_and(|r| domains::proven_not_null(&self.catalog, r, column));
        self.step(Action::SetNotNull { column: column.clone(), proven }, Some(id), span);
        self.edit_column(id, column, |c| (c.not_null, c.origin) = (true, origin));
    }

    fn add_column(&mut self, id: &Id, mut column: ColumnDef, if_not_exists: bool, span: Span) {
        if self.has_column(id, &column.name) {
            if !if_not_exists && self.certain() {
                let shown = self.catalog.shown(id);
                let what = format!("`{shown}` has a column `{}` already at this point of the history", column.name);
                self.step(Action::Mismatch { what: Text::from(what) }, Some(id), span);
            }
            return;
        }
        let state = self.column_state(&column);
        let default = column.default.as_ref().filter(|d| !d.null);
        self.step(
            Action::AddColumn {
                column: state.name.clone(),
                not_null: state.not_null || column.keys.iter().any(|k| k.kind == crate::model::sql::KeyKind::Primary),
                has_default: default.is_some(),
                volatile_default: default.is_some_and(|d| d.volatile),
                generated: state.generated,
            },
            Some(id),
            span,
        );
        let keys = std::mem::take(&mut column.keys);
        self.insert_column(id, column);
        for key in keys {
            let not_valid = key.not_valid;
            if let Some(key) = self.add_key(id, key) {
                self.step(Action::AddKey { key: Box::new(key), not_valid, using_index: false }, Some(id), span);
            }
        }
    }

    /// MySQL's `MODIFY` and `CHANGE`: the whole definition is given anew; each part that differs is a step.
    fn redefine(&mut self, id: &Id, from: &Text, mut column: ColumnDef, span: Span) {
        if *from != column.name {
            self.rename_column(id, from, &column.name, span);
        }
        let name = column.name.clone();
        let origin = self.origin(span);
        let new = self.column_state(&column);
        let dialect = self.catalog.dialect;
        let Some(relation) = self.catalog.relation(id) else { return };
        let Some(old) = relation.column(&name, dialect).and_then(|i| relation.columns.get(i)).cloned() else { return };
        let primary = relation.keys.iter().any(|k| {
            k.kind == crate::model::sql::KeyKind::Primary && k.columns.iter().any(|c| self.catalog.same(c, &name))
        });
        if old.ty != new.ty
            && let Some(raw) = &column.ty
        {
            self.set_type(id, &name, raw, span);
        }
        let not_null = new.not_null || primary;
        if not_null && !old.not_null {
            self.set_not_null(id, &name, span);
        } else if old.not_null && !not_null {
            self.step(Action::DropNotNull { column: name.clone() }, Some(id), span);
        }
        if new.default != old.default {
            let action = if new.default.is_some() {
                Action::SetDefault { column: name.clone() }
            } else {
                Action::DropDefault { column: name.clone() }
            };
            self.step(action, Some(id), span);
        }
        self.edit_column(id, &name, |c| {
            c.not_null = not_null;
            c.default = new.default.clone();
            c.generated = new.generated;
            c.comment = new.comment.clone();
            c.origin = origin;
        });
        if let Some(relation) = self.catalog.relation_mut(id) {
            move_column(relation, &name, &column.place, Dialect::MySql);
        }
        for key in std::mem::take(&mut column.keys) {
            if let Some(key) = self.add_key(id, key) {
                self.step(Action::AddKey { key: Box::new(key), not_valid: false, using_index: false }, Some(id), span);
            }
        }
    }

    fn attach(&mut self, id: &Id, child: &Name, attach: bool, span: Span) {
        // `ALTER INDEX … ATTACH` goes through the same words; indexes are no relations here.
        let Some(child_id) = self.catalog.find(child) else {
            return self.missing("table", child, span);
        };
        self.set_parent(&child_id, attach.then(|| id.clone()));
        let what = Text::from(if attach { "ATTACH PARTITION" } else { "DETACH PARTITION" });
        self.step(Action::Maintenance { what }, Some(id), span);
    }

    fn set_parent(&mut self, id: &Id, parent: Option<Id>) {
        if let Some(parent) = parent.as_ref().and_then(|p| self.catalog.relation_mut(p)) {
            parent.has_children = true;
        }
        if let Some(relation) = self.catalog.relation_mut(id) {
            relation.parent = parent;
        }
    }
}
