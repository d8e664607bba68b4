//! Dropping whole objects, with what depends on them.

use std::collections::BTreeSet;

use crate::model::origin::{Origin, Text};
use crate::model::sql::{Action, Dialect, Refusal, TableKind};

use super::super::catalog::{ColumnState, Id, KeyState, Made, UserType};
use super::super::command::{Drop, Object};
use super::super::cursor::{Name, Span};
use super::Replay;

impl Replay<'_> {
    pub(super) fn drop(&mut self, drop: Drop, span: Span) {
        match drop.object {
            Object::Index => {
                for name in &drop.names {
                    self.drop_index(name, drop.if_exists, drop.cascade, drop.concurrently, drop.on.as_ref(), span);
                }
            }
            Object::Type | Object::Domain => {
                for name in &drop.names {
                    self.drop_type(name, drop.object == Object::Domain, drop.if_exists, drop.cascade, span);
                }
            }
            Object::Schema => {
                for name in &drop.names {
                    self.drop_schema(name, drop.if_exists, drop.cascade, span);
                }
            }
            Object::Table | Object::View | Object::MaterializedView => self.drop_relations(&drop, span),
        }
    }

    fn drop_relations(&mut self, drop: &Drop, span: Span) {
        let wanted = match drop.object {
            Object::View => TableKind::View,
            Object::MaterializedView => TableKind::MaterializedView,
            _ => TableKind::Table,
        };
        let table = wanted == TableKind::Table;
        let mut going: Vec<Id> = Vec::new();
        for name in &drop.names {
            match self.catalog.find(name) {
                Some(id) => {
                    let kind = self.catalog.relation(&id).map(|r| r.kind);
                    if kind.is_some_and(|k| k != wanted) && self.catalog.dialect != Dialect::Sqlite {
                        if drop.if_exists && self.catalog.dialect == Dialect::MySql {
                            continue;
                        }
                        let what =
                            format!("`{}` is not a {}", name.name, if table { "table" } else { "view of that kind" });
                        return self.refuse(what, &id, span);
                    }
                    let action = if table {
                        Action::DropTable { cascade: drop.cascade }
                    } else {
                        Action::DropView { cascade: drop.cascade }
                    };
                    self.step(action, Some(&id), span);
                    going.push(id);
                }
                None if drop.if_exists => {}
                None => return self.missing(if table { "table" } else { "view" }, name, span),
            }
        }
        self.remove_relations(going, drop.cascade, span);
    }

    /// Takes relations out, with what depends on them, or refuses when something does and must not go.
    pub(super) fn remove_relations(&mut self, going: Vec<Id>, cascade: bool, span: Span) {
        let postgres = self.catalog.dialect == Dialect::Postgres;
        let mut gone: BTreeSet<Id> = going.iter().cloned().collect();
        let mut open = going;
        while let Some(next) = open.pop() {
            if !postgres {
                continue;
            }
            let dependants = self.catalog.relations.ids(|id, r| {
                !gone.contains(id) && (r.parents.contains(&next) || r.reads.iter().any(|(read, _)| *read == next))
            });
            for id in dependants {
                let (partition, tainted) =
                    self.catalog.relation(&id).map_or((false, false), |r| (r.partition, r.tainted));
                if !cascade && !partition && !tainted {
                    let (reader, shown) = (self.catalog.shown(&id), self.catalog.shown(&next));
                    self.refuse(
                        format!("`{reader}` still needs `{shown}`, and the statement does not say CASCADE"),
                        &next,
                        span,
                    );
                    if self.certain() {
                        return;
                    }
                }
                if cascade || partition {
                    gone.insert(id.clone());
                    open.push(id);
                }
            }
        }
        if postgres {
            let columns = gone.iter().filter_map(|id| self.catalog.relation(id)).flat_map(|r| &r.columns);
            let owned: Vec<Origin> = columns.filter_map(|c| c.owned_sequence()).collect();
            self.release_sequences(&gone, &owned, cascade, span);
        }
        let to_gone = |k: &KeyState| k.target.as_ref().is_some_and(|t| gone.contains(&t.table));
        let strict = postgres || self.catalog.dialect == Dialect::MySql && self.catalog.checks_foreign;
        if strict {
            for owner in self.catalog.relations.ids(|id, r| !gone.contains(id) && r.keys.iter().any(to_gone)) {
                let first = self.catalog.relation(&owner).and_then(|r| r.keys.iter().find(|k| to_gone(k)).cloned());
                if postgres && cascade {
                    self.catalog.take_keys(&owner, to_gone);
                } else if let Some((key, target)) = first.as_ref().and_then(|k| Some((k, k.target.as_ref()?))) {
                    let what = format!(
                        "the foreign key `{}` of `{}` still needs `{}`",
                        key.name,
                        self.catalog.shown(&owner),
                        target.shown
                    );
                    let table = target.table.clone();
                    self.refuse(what, &table, span);
                    if postgres {
                        self.catalog.take_keys(&owner, to_gone);
                    }
                }
            }
        }
        for id in gone {
            self.catalog.take_keys(&id, |_| true);
            self.drop_named_of(&id);
            self.catalog.relations.remove(&id);
        }
    }

    fn drop_schema(&mut self, name: &Name, if_exists: bool, cascade: bool, span: Span) {
        let schema = self.catalog.schema(&name.name);
        let id = (schema.clone(), Text::from(""));
        let inside = self.catalog.relations.ids(|id, _| id.0 == schema);
        let types = self.catalog.types.ids(|id, _| id.0 == schema);
        if self.catalog.schemas.get(&id) != Some(&Made::Created)
            && inside.is_empty()
            && types.is_empty()
            && !schema.is_empty()
        {
            if !if_exists {
                self.missing("schema", name, span);
            }
            return;
        }
        if !(cascade || inside.is_empty() && types.is_empty()) {
            let what = format!("the schema `{schema}` is not empty, and the statement does not say CASCADE");
            return self.refuse_on(schema, what, None, Refusal::Needed, span);
        }
        for id in &inside {
            let view = self.catalog.relation(id).is_some_and(|r| r.kind != TableKind::Table);
            let action = if view { Action::DropView { cascade } } else { Action::DropTable { cascade } };
            self.step(action, Some(id), span);
        }
        self.remove_relations(inside, cascade, span);
        for id in types {
            self.remove_type(&id, span);
        }
        self.catalog.schemas.insert(id, Made::Dropped);
    }

    fn drop_type(&mut self, name: &Name, domain: bool, if_exists: bool, cascade: bool, span: Span) {
        let Some(id) = self.catalog.find_type(name) else {
            if !if_exists {
                self.missing("type", name, span);
            }
            return;
        };
        let shown = self.catalog.types.get(&id).map_or_else(|| name.name.clone(), |t| t.shown().clone());
        if domain && !matches!(self.catalog.types.get(&id), Some(UserType::Domain { .. })) {
            return self.mismatch(format!("`{shown}` is no domain"), None, span);
        }
        let uses = |c: &ColumnState| c.ty.named.as_ref() == Some(&id);
        let user = self.catalog.relations.iter().find(|(_, r)| r.columns.iter().any(uses)).map(|(id, _)| id.clone());
        let over = self
            .catalog
            .types
            .values()
            .any(|t| matches!(t, UserType::Domain { base, .. } if base.named.as_ref() == Some(&id)));
        if !cascade && (user.is_some() || over) {
            let by = user
                .map_or_else(|| Text::from("another type"), |u| Text::from(format!("`{}`", self.catalog.shown(&u))));
            let what = format!("the type `{shown}` is still used by {by}, and the statement does not say CASCADE");
            return self.refuse_on(shown, what, None, Refusal::Needed, span);
        }
        self.step(Action::DropType { name: shown, cascade }, None, span);
        self.remove_type(&id, span);
    }

    fn remove_type(&mut self, id: &Id, span: Span) {
        let mut open = vec![id.clone()];
        while let Some(next) = open.pop() {
            let over = |t: &UserType| matches!(t, UserType::Domain { base, .. } if base.named.as_ref() == Some(&next));
            open.extend(self.catalog.types.ids(|id, t| *id != next && over(t)));
            self.catalog.types.remove(&next);
            let uses = |c: &ColumnState| c.ty.named.as_ref() == Some(&next);
            for table in self.catalog.relations.ids(|_, r| r.columns.iter().any(uses)) {
                if self.catalog.relation(&table).is_some_and(|r| r.kind != TableKind::Table) {
                    self.remove_relations(vec![table], true, span);
                    continue;
                }
                let columns = self
                    .catalog
                    .relation(&table)
                    .map(|r| r.columns.iter().filter(|c| uses(c)).map(|c| c.name.clone()).collect::<Vec<_>>());
                for column in columns.unwrap_or_default() {
                    self.take_column(&table, &column, true, span);
                }
            }
        }
    }
}
