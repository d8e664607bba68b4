//! Inheritance and partitions of PostgreSQL: what children take from their parents, and what becomes of it.

use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Generated, KeyKind};

use super::super::catalog::{ColumnState, Id, KeyState, Relation};
use super::super::command::{KeyDef, Target};
use super::super::cursor::{Name, Span};
use super::Replay;

impl Replay<'_> {
    /// Columns of a new table that has parents. Its keys follow when it stands in the catalogue.
    pub(super) fn inherit_columns(&mut self, relation: &mut Relation, parent_id: &Id, partition: bool, span: Span) {
        relation.parents.push(parent_id.clone());
        relation.partition = partition;
        if let Some(why) = self.refuses_child(relation, parent_id, partition, &relation.bounds, true) {
            self.refuse(why, parent_id, span);
        }
        let Some(parent) = self.catalog.relation_mut(parent_id) else { return };
        parent.has_children = true;
        for column in &parent.columns {
            match relation.columns.iter_mut().find(|c| c.name == column.name) {
                Some(own) => {
                    own.parents += 1;
                    own.not_null |= column.not_null;
                }
                None => relation.columns.push(inherited(column, partition)),
            }
        }
    }

    /// Keys of a new child: checks from every parent, the others from the table it is a partition of.
    pub(super) fn inherit_keys(&mut self, id: &Id, span: Span) {
        let Some(relation) = self.catalog.relations.get(id).cloned() else { return };
        for parent in &relation.parents {
            let keys = self.catalog.relation(parent).map(|p| p.keys.clone()).unwrap_or_default();
            for key in keys.iter().filter(|k| relation.partition || k.kind == KeyKind::Check) {
                self.give(id, key, span);
            }
        }
    }

    /// Gives a child a key of its parent: one like it that is there already, or a new one.
    fn give(&mut self, child: &Id, key: &KeyState, span: Span) {
        let Some(relation) = self.catalog.relation(child) else { return };
        let twin = |k: &KeyState| match key.kind {
            KeyKind::Check => k.kind == KeyKind::Check && k.name == key.name,
            KeyKind::Foreign => {
                let target = |k: &KeyState| k.target.as_ref().map(|t| (t.table.clone(), t.columns.clone()));
                k.kind == KeyKind::Foreign
                    && k.columns == key.columns
                    && target(k) == target(key)
                    && k.from_parent.is_none()
            }
            kind => {
                let constraint = key.is_index || !k.is_index;
                k.kind == kind
                    && constraint
                    && k.columns == key.columns
                    && k.body == key.body
                    && k.from_parent.is_none()
            }
        };
        if let Some(found) = relation.keys.iter().find(|k| twin(k)).map(|k| k.name.clone()) {
            self.catalog.edit_keys(child, |k| k.name == found && twin(k), |k| k.from_parent = Some(key.name.clone()));
        } else {
            let mut def = copied(key, span);
            let used = relation.keys.iter().any(|k| k.name == key.name && !k.is_index);
            def.name = match key.kind {
                KeyKind::Check => Some(key.name.clone()),
                KeyKind::Foreign if !used => Some(key.name.clone()),
                _ => None,
            };
            def.from_parent = Some(key.name.clone());
            self.add_key(child, def);
        }
        let given = self
            .catalog
            .relation(child)
            .and_then(|r| r.keys.iter().find(|k| k.from_parent.as_ref() == Some(&key.name)).cloned());
        if let Some(given) = given {
            self.pass_on(child, &given);
        }
    }

    /// A new key of a table with children reaches them: a check all of them, another key the partitions.
    pub(super) fn pass_on(&mut self, id: &Id, key: &KeyState) {
        if self.catalog.dialect != Dialect::Postgres || !self.catalog.relation(id).is_some_and(|r| r.has_children) {
            return;
        }
        // The running statement made it, and spans are seen from there.
        let seen = |at: u32| (at as usize).saturating_sub(self.start);
        let span = (seen(key.origin.start), seen(key.origin.end));
        for child in self.catalog.children(id) {
            let partition = self.catalog.relation(&child).is_some_and(|r| r.partition);
            if key.kind == KeyKind::Check || partition {
                self.give(&child, key, span);
            }
        }
    }

    /// A key of a parent goes: so does what its children have of it, unless they wrote it themselves.
    pub(super) fn remove_inherited(&mut self, id: &Id, key: &KeyState) {
        for child in self.catalog.children(id) {
            let from = |k: &KeyState| k.from_parent.as_ref() == Some(&key.name);
            let given = self.catalog.relation(&child).and_then(|r| r.keys.iter().find(|k| from(k)).cloned());
            let Some(given) = given else { continue };
            if given.kind == KeyKind::Check && given.local {
                self.catalog.edit_keys(&child, from, |k| k.from_parent = None);
            } else {
                self.remove_inherited(&child, &given);
                self.catalog.take_keys(&child, from);
            }
        }
    }

    /// `ATTACH PARTITION` and `INHERIT`.
    /// `bounds` are those of a partition.
    pub(super) fn attach(&mut self, parent: &Id, child: &Id, bounds: Option<&Text>, span: Span) {
        let (Some(above), Some(below)) =
            (self.catalog.relations.get(parent).cloned(), self.catalog.relations.get(child).cloned())
        else {
            return;
        };
        let (shown, under) = (above.full_name(), below.full_name());
        let partition = bounds.is_some();
        if child == parent || self.catalog.descendants(child).contains(parent) {
            return self.refuse(format!("`{under}` can not be its own child"), child, span);
        }
        if let Some(why) = self.refuses_child(&below, parent, partition, bounds.unwrap_or(&Text::from("")), false) {
            return self.refuse(why, child, span);
        }
        if below.parents.contains(parent) || below.partition {
            return self.lacks(format!("`{under}` is a child already at this point of the history"), child, None, span);
        }
        for column in &above.columns {
            match below.columns.iter().find(|c| c.name == column.name) {
                None => {
                    let what = format!(
                        "`{under}` has no column `{}` as its parent `{shown}` has at this point of the history",
                        column.name
                    );
                    return self.refuse(what, child, span);
                }
                Some(own) if column.not_null && !own.not_null => {
                    let what = format!(
                        "the column `{}` of `{under}` is not NOT NULL as that of its parent `{shown}` is",
                        column.name
                    );
                    return self.refuse(what, child, span);
                }
                Some(_) => {}
            }
        }
        if let Some(check) =
            above.keys.iter().find(|k| k.kind == KeyKind::Check && !below.keys.iter().any(|o| o.name == k.name))
        {
            let what = format!(
                "`{under}` has no constraint `{}` as its parent `{shown}` has at this point of the history",
                check.name
            );
            return self.refuse(what, child, span);
        }
        if let Some(relation) = self.catalog.relation_mut(parent) {
            relation.has_children = true;
        }
        if let Some(relation) = self.catalog.relation_mut(child) {
            relation.parents.push(parent.clone());
            relation.partition = partition;
            relation.bounds = bounds.cloned().unwrap_or_else(|| Text::from(""));
            for column in relation.columns.iter_mut().filter(|c| above.columns.iter().any(|a| a.name == c.name)) {
                column.parents += 1;
                column.local &= !partition;
            }
        }
        for key in above.keys.iter().filter(|k| partition || k.kind == KeyKind::Check) {
            self.give(child, key, span);
        }
    }

    /// `DETACH PARTITION` and `NO INHERIT`: what the child has stays, as its own.
    pub(super) fn detach(&mut self, parent: &Id, child: &Id, span: Span) {
        let columns: Vec<Text> = self
            .catalog
            .relation(parent)
            .map(|r| r.columns.iter().map(|c| c.name.clone()).collect())
            .unwrap_or_default();
        let Some(at) = self.catalog.relation(child).and_then(|r| r.parents.iter().position(|p| p == parent)) else {
            let (shown, under) = (self.catalog.shown(parent), self.catalog.shown(child));
            return self.lacks(
                format!("`{under}` is no child of `{shown}` at this point of the history"),
                child,
                None,
                span,
            );
        };
        if let Some(relation) = self.catalog.relation_mut(child) {
            relation.parents.remove(at);
            let was_partition = std::mem::replace(&mut relation.partition, false);
            relation.bounds = Text::from("");
            for column in relation.columns.iter_mut().filter(|c| columns.contains(&c.name)) {
                column.parents = column.parents.saturating_sub(1);
                column.local |= column.parents == 0;
                // A partition has the identity of its parent as long as it belongs there.
                if was_partition && column.is_identity() {
                    column.generated = Generated::No;
                }
            }
        }
        self.catalog.edit_keys(child, |k| k.from_parent.is_some(), |k| (k.from_parent, k.local) = (None, true));
    }

    pub(super) fn attach_by_name(&mut self, id: &Id, child: &Name, bounds: &Text, span: Span) {
        let Some(child) = self.catalog.find(child) else {
            return self.missing("table", child, span);
        };
        // A check of the parent itself says nothing about the bounds.
        let above = |name: &Text| self.catalog.relation(id).is_some_and(|r| r.keys.iter().any(|k| k.name == *name));
        let proves = |k: &KeyState| k.kind == KeyKind::Check && !k.not_valid && !above(&k.name);
        let checked = self.catalog.relation(&child).is_some_and(|r| r.keys.iter().any(proves));
        let action = Action::AttachPartition { child: self.catalog.shown(&child), checked };
        self.attach(id, &child, Some(bounds), span);
        self.step(action, Some(id), span);
    }

    pub(super) fn detach_by_name(&mut self, id: &Id, child: &Name, concurrently: bool, span: Span) {
        let Some(child) = self.catalog.find(child) else {
            return self.missing("table", child, span);
        };
        let action = Action::DetachPartition { child: self.catalog.shown(&child), concurrently };
        self.detach(id, &child, span);
        self.step(action, Some(id), span);
    }
}

fn inherited(column: &ColumnState, partition: bool) -> ColumnState {
    let mut copy = column.clone();
    (copy.parents, copy.local) = (1, false);
    // Identity stays with the table it was made for, but for partitions.
    if !partition && copy.is_identity() {
        copy.generated = Generated::No;
    }
    copy
}

/// A key of another table as a definition.
pub(super) fn copied(key: &KeyState, span: Span) -> KeyDef {
    let mut def = KeyDef::new(key.kind, span);
    def.columns = key.columns.clone();
    def.labels = key.labels.clone();
    (def.body, def.needs, def.parts) = (key.body.clone(), key.needs.clone(), key.parts.clone());
    def.conditions = key.conditions.clone();
    (def.partial, def.is_index, def.not_valid) = (key.partial, key.is_index, key.not_valid);
    def.target = key.target.as_ref().map(|t| Target {
        table: Name { schema: Some(t.table.0.clone()).filter(|s| !s.is_empty()), name: t.table.1.clone(), span },
        columns: t.columns.clone(),
        on_delete: t.on_delete.clone(),
        on_update: t.on_update.clone(),
    });
    def
}
