//! Foreign keys: what they point to, what they need, and what needs them.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, KeyKind, TableKind};

use super::super::catalog::{Id, KeyState, Relation, TargetState, full_name};
use super::super::command::{KeyDef, Target};
use super::super::cursor::Span;
use super::Replay;
use super::keys::is_index_kind;
use super::mysql::whole;

impl Replay<'_> {
    /// The target of a foreign key; refused when it is not there or has no key that the foreign key can stand on.
    pub(super) fn target(&mut self, id: &Id, def: &KeyDef, target: &Target) -> TargetState {
        let found = self.catalog.find(&target.table).unwrap_or_else(|| self.catalog.new_id(&target.table));
        let exists = self.catalog.relations.contains_key(&found);
        let shown = if exists { self.catalog.shown(&found) } else { full_name(&found.0, &target.table.name) };
        let strict = match self.catalog.dialect {
            Dialect::Postgres => true,
            // Where nobody looks, a table may come later; one that is there must fit.
            Dialect::MySql => exists || self.catalog.checks_foreign,
            Dialect::Sqlite => false,
        };
        let mut key = None;
        if strict && !exists {
            if self.catalog.owns_schema(&target.table) {
                self.missing("table", &target.table, def.span);
            }
        } else if strict {
            key = self.key_behind(id, &found, def, target);
            if self.catalog.dialect == Dialect::Postgres {
                self.need_comparable(id, &def.columns, &found, &target.columns, def.span);
            }
            self.need_kin(id, &found, def, target);
        }
        TargetState {
            table: found,
            shown,
            columns: target.columns.clone(),
            on_delete: target.on_delete.clone(),
            on_update: target.on_update.clone(),
            key,
        }
    }

    /// The key of the target that holds the foreign key; none makes the engine refuse it.
    fn key_behind(&mut self, id: &Id, found: &Id, def: &KeyDef, target: &Target) -> Option<Text> {
        let dialect = self.catalog.dialect;
        let table = self.catalog.relations.get(found)?.clone();
        if table.tainted || self.catalog.relation(id).is_some_and(|r| r.tainted) {
            return None;
        }
        let shown = table.full_name();
        if table.kind != TableKind::Table {
            self.refuse(format!("`{shown}` is a view, and no foreign key points to one"), found, def.span);
            return None;
        }
        if let Some(column) = target.columns.iter().find(|c| table.column(c, dialect).is_none()) {
            let what = format!("`{shown}` has no column `{column}` at this point of the history");
            self.lacks(what, found, Some(column), def.span);
            return None;
        }
        let fits = |k: &&KeyState| match dialect {
            Dialect::MySql => is_index_kind(k.kind) && covers(k, &target.columns),
            _ if target.columns.is_empty() => k.kind == KeyKind::Primary,
            _ => {
                let same =
                    k.columns.len() == target.columns.len() && target.columns.iter().all(|c| k.columns.contains(c));
                matches!(k.kind, KeyKind::Primary | KeyKind::Unique) && !k.partial && same
            }
        };
        let key = table.keys.iter().find(fits);
        if key.is_none() {
            let what = match target.columns.as_slice() {
                [] => format!(
                    "`{shown}` has no primary key that the foreign key could point to at this point of the history"
                ),
                columns => format!(
                    "`{shown}` has no unique key on `{}` that the foreign key could point to at this point of the history",
                    columns.join(", ")
                ),
            };
            self.lacks(what, found, None, def.span);
        }
        key.map(|k| k.name.clone())
    }

    /// Foreign keys that stand on a key of a relation, with the relation that has them.
    fn on_key(&self, id: &Id, key: &str) -> Vec<(Id, Text)> {
        let stands = |k: &KeyState| k.target.as_ref().is_some_and(|t| t.table == *id && t.key.as_deref() == Some(key));
        let having = self.catalog.relations.ids(|_, r| r.keys.iter().any(stands));
        let keys = |owner: &Id| {
            let keys = self.catalog.relation(owner).map(|r| r.keys.as_slice()).unwrap_or_default();
            keys.iter().filter(|k| stands(k)).map(|k| (owner.clone(), k.name.clone())).collect::<Vec<_>>()
        };
        having.iter().flat_map(keys).collect()
    }

    /// Before a key of PostgreSQL goes: the foreign keys that stand on it go too, or the statement is refused.
    pub(super) fn release(&mut self, id: &Id, key: &str, cascade: bool, span: Span) {
        if self.catalog.dialect != Dialect::Postgres {
            return;
        }
        for (owner, foreign) in self.on_key(id, key) {
            if !cascade {
                let (table, owner) = (self.catalog.shown(id), self.catalog.shown(&owner));
                let what = format!("the foreign key `{foreign}` of `{owner}` still needs the key `{key}` of `{table}`");
                return self.refuse(what, id, span);
            }
            self.catalog.take_keys(&owner, |k| k.kind == KeyKind::Foreign && k.name == foreign);
        }
    }

    /// MySQL looks at the end of a statement whether every foreign key still has its columns and indexes.
    pub(super) fn check_foreign_keys(&mut self, id: &Id, span: Span) {
        let Some(table) = self.catalog.relations.get(id).cloned() else { return };
        let mut wanted: Vec<(Text, Vec<Text>)> = Vec::new();
        let foreign = |r: &Relation| r.keys.iter().filter(|k| k.kind == KeyKind::Foreign).cloned().collect::<Vec<_>>();
        wanted.extend(foreign(&table).into_iter().map(|k| (k.name.clone(), k.columns.clone())));
        // Its own columns a foreign key keeps even where nobody looks.
        let checked = self.catalog.checks_foreign;
        if !checked {
            wanted.retain(|(_, columns)| columns.iter().any(|c| table.column(c, Dialect::MySql).is_none()));
        }
        for other in self
            .catalog
            .relations
            .ids(|_, r| checked && r.keys.iter().any(|k| k.target.as_ref().is_some_and(|t| t.table == *id)))
        {
            let keys = self.catalog.relation(&other).map(foreign).unwrap_or_default();
            let targets = keys.into_iter().filter_map(|k| Some((k.name.clone(), k.target.clone()?)));
            wanted.extend(
                targets.filter(|(_, t)| t.table == *id && !t.columns.is_empty()).map(|(name, t)| (name, t.columns)),
            );
        }
        for (name, columns) in wanted {
            let shown = table.full_name();
            if let Some(column) = columns.iter().find(|c| table.column(c, Dialect::MySql).is_none()) {
                return self.refuse(
                    format!("the foreign key `{name}` still needs the column `{column}` of `{shown}`"),
                    id,
                    span,
                );
            }
            if !table.keys.iter().any(|k| is_index_kind(k.kind) && covers(k, &columns)) {
                return self.refuse(
                    format!("the foreign key `{name}` still needs an index on `{}` of `{shown}`", columns.join(", ")),
                    id,
                    span,
                );
            }
        }
    }
}

/// True when the first columns of `key` are these; MySQL wants them in this order.
pub(super) fn covers(key: &KeyState, columns: &[Text]) -> bool {
    !columns.is_empty()
        && whole(&key.columns, &key.parts, key.partial) >= columns.len()
        && key.columns.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
}
