//! The items of `ALTER TABLE`.

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Generated, KeyKind};

use super::super::catalog::{ColumnState, Id, Relation};
use super::super::command::{Alter, ColumnDef, Object, Place};
use super::super::cursor::{Name, Span};
use super::super::domains;
use super::Replay;
use super::columns::{move_column, set_default};

/// What has no place of its own comes last.
const LAST: usize = 9;

/// The engine's order among the items of one statement: what goes first, what comes after.
/// PostgreSQL: `AlterTablePass` in `tablecmds.c`; MySQL: `mysql_prepare_alter_table`.
fn pass(dialect: Dialect, item: &Alter) -> usize {
    match (dialect, item) {
        (Dialect::Sqlite, _) => 0,
        (_, Alter::DropKey { .. } | Alter::DropPrimaryKey) => 0,
        (Dialect::MySql, Alter::RenameKey { .. }) => 1,
        (_, Alter::DropColumn { .. }) => 2,
        // What is said of the table holds for its new columns, and a conversion reaches them.
        (Dialect::MySql, Alter::Encode { .. }) => 2,
        (Dialect::MySql, Alter::RenameColumn { .. }) => 3,
        (Dialect::MySql, Alter::Redefine { column, .. }) if column.place == Place::Last => 3,
        (Dialect::MySql, _) => 4,
        (_, Alter::DropNotNull { .. } | Alter::DropDefault { .. }) => 2,
        (_, Alter::SetGenerated { generated: Generated::No, .. }) => 2,
        (_, Alter::SetType { .. }) => 3,
        (_, Alter::AddColumn { .. }) => 4,
        (_, Alter::SetNotNull { .. } | Alter::SetGenerated { .. }) => 5,
        (_, Alter::AddKey(key)) if !matches!(key.kind, KeyKind::Foreign | KeyKind::Check) => 6,
        (_, Alter::AddKey(_) | Alter::SetDefault { .. }) => 7,
        _ => LAST,
    }
}

/// The column that an item changes.
fn changed(item: &Alter) -> Option<&Text> {
    match item {
        Alter::Redefine { from: name, .. }
        | Alter::RenameColumn { from: name, .. }
        | Alter::DropColumn { name, .. } => Some(name),
        _ => None,
    }
}

/// The column that an item makes.
fn added(item: &Result<Alter, ()>) -> Option<&Text> {
    match item {
        Ok(Alter::AddColumn { column, .. }) => Some(&column.name),
        _ => None,
    }
}

/// The column that gets another name from an item.
fn renamed(item: &Result<Alter, ()>) -> Option<&Text> {
    match item {
        Ok(Alter::RenameColumn { from, .. }) => Some(from),
        Ok(Alter::Redefine { from, column }) if !from.eq_ignore_ascii_case(&column.name) => Some(from),
        _ => None,
    }
}

impl Replay<'_> {
    /// Takes a column away that the same statement makes anew: its keys stay.
    fn set_aside(&mut self, id: &Id, name: &Text, span: Span) {
        if self.need_column(id, name, span) {
            self.step(Action::DropColumn { column: name.clone() }, Some(id), span);
            if let Some(relation) = self.catalog.relation_mut(id) {
                relation.columns.retain(|c| !c.name.eq_ignore_ascii_case(name));
            }
        }
    }

    fn is_called(&self, id: &Id, name: &Name) -> bool {
        self.catalog.find(name).as_ref() == Some(id)
    }

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
        if let Some(why) = self.refuses_alteration(object, &id, &items) {
            return self.refuse(why, &id, span);
        }
        let mysql = self.catalog.dialect == Dialect::MySql;
        if mysql && object == Object::Table && self.is_view(&id, span) {
            return;
        }
        let mut items = items;
        // The columns that the statement makes.
        let remade: Vec<Text> = items.iter().filter_map(|(_, item)| added(item)).cloned().collect();
        let is_made = |name: &Text| mysql && remade.iter().any(|m| m.eq_ignore_ascii_case(name));
        items.sort_by_key(|(_, item)| match item {
            Ok(Alter::Redefine { from, .. }) if is_made(from) => LAST - 1,
            Ok(item) => pass(self.catalog.dialect, item),
            Err(()) => LAST,
        });
        let indexes: Vec<Text> =
            self.catalog.relation(&id).map(|r| r.keys.iter().map(|k| k.name.clone()).collect()).unwrap_or_default();
        // A conversion reaches new columns too, whatever they say themselves.
        if items.iter().any(|(_, item)| matches!(item, Ok(Alter::Encode { convert: true, .. }))) {
            for (_, item) in &mut items {
                if let Ok(Alter::AddColumn { column, .. } | Alter::Redefine { column, .. }) = item {
                    column.encoding = Encoding::default();
                }
            }
        }
        let mut made: Vec<Text> = Vec::new();
        // MySQL changes a column once, be it old or new.
        let mut open = self.catalog.relation(&id).map(|r| r.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>());
        // MySQL names the new keys of a statement together.
        self.pending = mysql.then(Vec::new);
        for (span, item) in items {
            if mysql && let (Some(name), Some(open)) = (item.as_ref().ok().and_then(changed), &mut open) {
                match open.iter().position(|c| self.catalog.same(c, name)) {
                    Some(at) => drop(open.swap_remove(at)),
                    None if self.has_column(&id, name) => {
                        let what = format!("the statement changes the column `{name}` twice");
                        self.refuse(what, &id, span);
                    }
                    None => {}
                }
            }
            if mysql {
                if let (Some(name), Some(open)) = (added(&item), &mut open) {
                    open.push(name.clone());
                    made.push(name.clone());
                }
                if let Some(name) = renamed(&item).filter(|name| made.iter().any(|m| self.catalog.same(m, name))) {
                    let what = format!("the statement makes the column `{name}` and gives it another name");
                    self.refuse(what, &id, span);
                }
            }
            match item {
                Ok(Alter::RenameKey { ref from, .. })
                    if mysql && !indexes.iter().any(|i| self.catalog.same(i, from)) =>
                {
                    let what = format!("there is no index `{from}` before the statement");
                    self.lacks(what, &id, None, span);
                }
                // An index stays with the name when a column is dropped and made anew.
                Ok(Alter::DropColumn { name, .. }) if is_made(&name) => {
                    self.set_aside(&id, &name, span);
                }
                Ok(Alter::RenameTable(to)) if mysql && self.is_called(&id, &to) => {}
                Ok(Alter::RenameTable(to)) => {
                    let view = self.catalog.relation(&id).map(|r| r.schema.clone());
                    self.rename_relation(&id, &to, span);
                    let schema =
                        to.schema.as_ref().map(|s| self.catalog.schema(s)).or(view).unwrap_or_else(|| Text::from(""));
                    id = (self.catalog.fold(&schema), self.catalog.fold(&to.name));
                }
                Ok(Alter::SetSchema(schema)) => {
                    let schema = self.catalog.schema(&schema);
                    self.need_schema(&schema, span);
                    let Some(name) = self.catalog.relation(&id).map(|r| r.name.clone()) else { continue };
                    let target = (self.catalog.fold(&schema), id.1.clone());
                    if target != id && self.catalog.name_taken(&target) {
                        let what = format!(
                            "`{}` exists already at this point of the history",
                            super::full_name(&schema, &name)
                        );
                        self.lacks(what, &id, None, span);
                        continue;
                    }
                    self.step(Action::RenameTable { to: super::full_name(&schema, &name) }, Some(&id), span);
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
        if let Some(keys) = self.pending.take() {
            self.add_keys_with_steps(&id, keys, span);
            self.look_at_table(&id, span);
        }
    }

    pub(super) fn has_column(&self, id: &Id, name: &str) -> bool {
        let relation = self.catalog.relation(id);
        relation.is_some_and(|r| r.column(name, self.catalog.dialect).is_some())
    }

    /// False, and the statement refused, when the column does not exist.
    pub(super) fn need_column(&mut self, id: &Id, name: &Text, span: Span) -> bool {
        let found = self.has_column(id, name);
        if !found {
            let shown = self.catalog.shown(id);
            let what = format!("`{shown}` has no column `{name}` at this point of the history");
            self.lacks(what, id, Some(name), span);
        }
        found
    }

    fn alter_item(&mut self, id: &Id, item: Alter, span: Span) {
        let origin = self.origin(span);
        let mysql = self.catalog.dialect == Dialect::MySql;
        match item {
            Alter::AddColumn { column, if_not_exists } => self.add_column(id, *column, if_not_exists, span),
            Alter::AddKey(key) => {
                let mut key = *key;
                key.item = Some(span);
                self.add_keys_with_steps(id, vec![key], span);
            }
            Alter::DropColumn { name, if_exists, cascade } => {
                if if_exists && !self.has_column(id, &name) {
                    return;
                }
                if self.need_column(id, &name, span) {
                    self.drop_column(id, &name, cascade, span);
                }
            }
            Alter::DropKey { name, kind, if_exists, cascade } => {
                self.drop_key(id, &name, kind, if_exists, cascade, span)
            }
            Alter::DropPrimaryKey => self.drop_primary_key(id, span),
            Alter::RenameColumn { from, to } => {
                if self.need_column(id, &from, span) && self.may_rename(id, &from, &to, span) {
                    self.rename_column(id, &from, &to, span);
                }
            }
            Alter::RenameKey { from, to } => self.rename_key(id, &from, &to, false, span),
            Alter::SetType { column, ty, using } => {
                if self.need_column(id, &column, span)
                    && self.may_change(id, &column, span)
                    && self.may_become(id, &column, &ty, using, span)
                {
                    self.set_type(id, &column, &ty, span);
                    self.recheck_foreign(id, &column, span);
                }
            }
            Alter::SetDefault { column, default } => {
                if self.need_column(id, &column, span) && self.may_default(id, &column, span) {
                    self.step(Action::SetDefault { column: column.clone() }, Some(id), span);
                    self.edit_column(id, &column, |c| {
                        // Without its sequence a `serial` column is an ordinary one.
                        if c.generated == Generated::ByDefault {
                            c.generated = Generated::No;
                        }
                        set_default(c, &default);
                        c.origin = origin;
                    });
                }
            }
            Alter::DropDefault { column } => {
                if self.need_column(id, &column, span) && self.may_default(id, &column, span) {
                    self.step(Action::DropDefault { column: column.clone() }, Some(id), span);
                    self.edit_column(id, &column, |c| {
                        c.default = None;
                        if c.generated == Generated::ByDefault && !mysql {
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
                if self.need_column(id, &column, span) && self.may_be_null(id, &column, span) {
                    self.step(Action::DropNotNull { column: column.clone() }, Some(id), span);
                    self.edit_column(id, &column, |c| (c.not_null, c.origin) = (false, origin));
                }
            }
            Alter::SetGenerated { column, generated, was, if_exists } => {
                if self.need_column(id, &column, span) && self.may_generate(id, &column, was, if_exists, span) {
                    self.step(Action::Other, Some(id), span);
                    self.edit_column(id, &column, |c| {
                        (c.generated, c.formula, c.origin) = (generated, None, origin);
                    });
                }
            }
            Alter::SetExpression { column, formula } => {
                if self.need_column(id, &column, span) {
                    self.step(Action::SetExpression { column: column.clone() }, Some(id), span);
                    self.edit_column(id, &column, |c| (c.formula, c.origin) = (Some(formula.clone()), origin));
                }
            }
            Alter::Redefine { from, column } => {
                if self.need_column(id, &from, span) {
                    self.redefine(id, &from, *column, span);
                }
            }
            Alter::Validate(name) => self.validate_key(id, &name, span),
            Alter::Attach { child, bounds } => self.attach_by_name(id, &child, &bounds, span),
            Alter::Detach { child, concurrently } => self.detach_by_name(id, &child, concurrently, span),
            Alter::DropPartition { names, truncate } => {
                self.step(Action::DropPartition { names, truncate }, Some(id), span);
            }
            Alter::Inherit(parent) => match self.catalog.find(&parent) {
                Some(parent) => self.attach(&parent, id, None, span),
                None => self.missing("table", &parent, span),
            },
            Alter::NoInherit(parent) => match self.catalog.find(&parent) {
                Some(parent) => self.detach(&parent, id, span),
                None => self.missing("table", &parent, span),
            },
            Alter::Comment(text) => {
                if let Some(relation) = self.catalog.relation_mut(id) {
                    relation.comment = Some(text).filter(|t| !t.is_empty());
                }
            }
            Alter::Engine(engine) => self.set_engine(id, &engine, span),
            Alter::Encode { encoding, convert } => self.encode(id, &encoding, convert, span),
            Alter::RowSecurity(on) => self.row_security(id, on, span),
            Alter::Triggers(on) => self.step(Action::Triggers { on }, Some(id), span),
            Alter::Maintenance(what) => self.step(Action::Maintenance { what }, Some(id), span),
            Alter::Other | Alter::RenameTable(_) | Alter::SetSchema(_) => self.step(Action::Other, Some(id), span),
        }
    }

    fn set_not_null(&mut self, id: &Id, column: &Text, span: Span) {
        let origin = self.origin(span);
        let dialect = self.catalog.dialect;
        // What is not null already is not read again.
        let already = |r: &Relation| {
            let found = r.column(column, dialect).and_then(|at| r.columns.get(at));
            found.is_some_and(|c| c.not_null)
        };
        let proven =
            |r: &Relation| already(r) && r.parents.is_empty() || domains::proven_not_null(&self.catalog, r, column);
        let proven = self.catalog.relation(id).is_some_and(proven);
        self.step(Action::SetNotNull { column: column.clone(), proven }, Some(id), span);
        self.edit_column(id, column, |c| (c.not_null, c.origin) = (true, origin));
    }

    fn add_column(&mut self, id: &Id, mut column: ColumnDef, if_not_exists: bool, span: Span) {
        if self.has_column(id, &column.name) {
            if !if_not_exists {
                let shown = self.catalog.shown(id);
                let what = format!("`{shown}` has a column `{}` already at this point of the history", column.name);
                self.lacks(what, id, Some(&column.name), span);
            }
            return;
        }
        if !self.has_room(id, span) {
            return;
        }
        // https://sqlite.org/lang_altertable.html#alter_table_add_column
        let held = column.keys.iter().find(|k| matches!(k.kind, KeyKind::Primary | KeyKind::Unique));
        if let Some(key) = held.filter(|_| self.catalog.dialect == Dialect::Sqlite) {
            let why = format!("SQLite adds no column with a {} key, and `{}` has one", key.kind.name(), column.name);
            return self.refuse(why, id, span);
        }
        self.fit(id, &mut column, span);
        self.need_place(id, &column.place, span);
        let state = self.column_state(&column);
        let default = column.default.as_ref().filter(|d| !d.null);
        self.step(
            Action::AddColumn {
                column: state.name.clone(),
                not_null: state.not_null || column.keys.iter().any(|k| k.kind == KeyKind::Primary),
                has_default: default.is_some(),
                volatile_default: default.is_some_and(|d| d.volatile),
                generated: state.generated,
                stored: column.stored,
            },
            Some(id),
            span,
        );
        let keys = std::mem::take(&mut column.keys);
        self.insert_column(id, &column);
        // MySQL looks when the whole statement is done.
        if self.catalog.dialect != Dialect::MySql {
            self.need_sources(id, &column.name, &column.needs, span);
        }
        self.add_keys_with_steps(id, keys, span);
    }

    /// What a definition given anew does not say again is gone.
    fn left_out(&mut self, id: &Id, column: &Text, what: &'static str, so: bool, span: Span) {
        if so {
            self.step(Action::LeaveOut { column: column.clone(), what }, Some(id), span);
        }
    }

    /// MySQL's `MODIFY` and `CHANGE`: the whole definition is given anew; each part that differs is a step.
    fn redefine(&mut self, id: &Id, from: &Text, mut column: ColumnDef, span: Span) {
        if *from != column.name {
            if !self.may_rename(id, from, &column.name, span) {
                return;
            }
            self.rename_column(id, from, &column.name, span);
        }
        let name = column.name.clone();
        let origin = self.origin(span);
        self.fit(id, &mut column, span);
        let new = self.column_state(&column);
        let dialect = self.catalog.dialect;
        let Some(relation) = self.catalog.relation(id) else { return };
        let Some(old) = relation.column(&name, dialect).and_then(|i| relation.columns.get(i)).cloned() else { return };
        let (above, text) = (relation.encoding.clone(), relation.encoding_of(&old));
        let primary = relation
            .keys
            .iter()
            .any(|k| k.kind == KeyKind::Primary && k.columns.iter().any(|c| self.catalog.same(c, &name)));
        self.may_redefine(id, &old, &new, span);
        if old.ty != new.ty
            && let Some(raw) = &column.ty
        {
            self.set_type(id, &name, raw, span);
        }
        if text.charset != new.encoding.within(&above).charset {
            self.step(Action::Maintenance { what: Text::from("CHARACTER SET") }, Some(id), span);
        }
        let not_null = new.not_null || primary;
        if not_null && !old.not_null {
            self.set_not_null(id, &name, span);
        } else if old.not_null && !not_null {
            self.left_out(id, &name, "NOT NULL", column.not_null.is_none(), span);
            self.step(Action::DropNotNull { column: name.clone() }, Some(id), span);
        }
        let numbered = old.generated == Generated::ByDefault && new.generated == Generated::No;
        self.left_out(id, &name, "AUTO_INCREMENT", numbered, span);
        if new.default != old.default {
            let action = if new.default.is_some() {
                Action::SetDefault { column: name.clone() }
            } else {
                self.left_out(id, &name, "DEFAULT", column.default.is_none(), span);
                Action::DropDefault { column: name.clone() }
            };
            self.step(action, Some(id), span);
        }
        let on_update = |c: &ColumnState| c.generated != Generated::Computed && c.formula.is_some();
        self.left_out(id, &name, "ON UPDATE", on_update(&old) && !on_update(&new), span);
        self.left_out(id, &name, "COMMENT", old.comment.is_some() && new.comment.is_none(), span);
        self.edit_column(id, &name, |c| {
            c.formula = new.formula.clone();
            c.not_null = not_null;
            c.default = new.default.clone();
            (c.generated, c.stored, c.uses) = (new.generated, new.stored, new.uses.clone());
            c.comment = new.comment.clone();
            (c.encoding, c.settled) = (new.encoding.clone(), false);
            c.origin = origin;
        });
        let itself = matches!(&column.place, Place::After(other) if self.catalog.same(other, &name));
        if itself {
            self.refuse(format!("the column `{name}` can not stand behind itself"), id, span);
        }
        self.need_place(id, &column.place, span);
        let relation = self.catalog.relation_mut(id);
        if relation.is_some_and(|relation| move_column(relation, &name, &column.place, Dialect::MySql)) {
            self.step(Action::MoveColumn { column: name.clone() }, Some(id), span);
        }
        let keys = std::mem::take(&mut column.keys);
        self.add_keys_with_steps(id, keys, span);
    }
}
