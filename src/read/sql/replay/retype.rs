//! Columns that get another type: whether PostgreSQL turns their values, defaults and keys into it.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, Generated, KeyKind};

use super::super::catalog::{ColumnState, ColumnType, Id, KeyState, Relation};
use super::super::command::{Atom, RawType};
use super::super::cursor::Span;
use super::super::domains;
use super::Replay;

impl Replay<'_> {
    /// False, and the statement refused, when a column can not become of that type.
    pub(super) fn may_become(&mut self, id: &Id, name: &Text, raw: &RawType, using: bool, span: Span) -> bool {
        let Some(relation) = self.catalog.relations.get(id).cloned() else { return true };
        let Some(column) = relation.columns.iter().find(|c| c.name == *name) else { return true };
        if self.catalog.dialect != Dialect::Postgres {
            return true;
        }
        let (new, _) = self.column_type(raw);
        let Some(why) = self.resists(&relation, column, &new, using) else { return true };
        self.refuse(why, id, span);
        false
    }

    fn resists(&self, relation: &Relation, column: &ColumnState, new: &ColumnType, using: bool) -> Option<String> {
        let stored = domains::may_store(&self.catalog, &column.ty, new);
        let (name, shown) = (&column.name, relation.full_name());
        let (from, to) = (domains::type_name(&self.catalog, &column.ty), domains::type_name(&self.catalog, new));
        let default = column.default.is_some() || column.generated == Generated::ByDefault && !column.is_identity();
        let unordered = !domains::is_ordered(&self.catalog, new);
        let why = if using && column.generated == Generated::Computed {
            format!("the column `{name}` of `{shown}` is computed, and USING is not for such")
        } else if column.is_identity() && !domains::is_integer(&self.catalog, new) {
            format!("the column `{name}` of `{shown}` is an identity, which no `{to}` is")
        } else if !using && !stored {
            format!(
                "PostgreSQL does not turn `{from}` into `{to}` by itself: the column `{name}` of `{shown}` needs USING"
            )
        } else if default && !stored {
            format!("PostgreSQL does not turn the default of the column `{name}` of `{shown}` into `{to}` by itself")
        } else if unordered && relation.keys.iter().any(|k| orders(k) && k.columns.contains(name)) {
            format!("the column `{name}` of `{shown}` is in a key, and values of `{to}` have no order")
        } else {
            return None;
        };
        Some(why)
    }

    /// The foreign keys of a column whose type changed, and those that point to it, are made anew.
    pub(super) fn recheck_foreign(&mut self, id: &Id, name: &Text, span: Span) {
        if self.catalog.dialect != Dialect::Postgres {
            return;
        }
        let concerned = |owner: &Id, key: &KeyState| {
            owner == id && key.columns.contains(name) || key.target.as_ref().is_some_and(|t| t.table == *id)
        };
        let owners = self.catalog.relations.ids(|owner, r| r.keys.iter().any(|k| concerned(owner, k)));
        for owner in owners {
            let keys = self.catalog.relation(&owner).map(|r| r.keys.clone()).unwrap_or_default();
            for key in keys.iter().filter(|k| k.kind == KeyKind::Foreign && concerned(&owner, k)) {
                let Some(target) = &key.target else { continue };
                self.need_comparable(&owner, &key.columns, &target.table, &target.columns, span);
            }
        }
    }

    /// Refuses a foreign key between columns that are not compared; columns left to the primary key are looked up.
    pub(super) fn need_comparable(&mut self, id: &Id, own: &[Text], to: &Id, columns: &[Text], span: Span) {
        let primary = |r: &Relation| r.keys.iter().find(|k| k.kind == KeyKind::Primary).map(|k| k.columns.clone());
        let columns = match columns {
            [] => self.catalog.relation(to).and_then(primary).unwrap_or_default(),
            columns => columns.to_vec(),
        };
        let (shown, other) = (self.catalog.shown(id), self.catalog.shown(to));
        if columns.len() != own.len() && !columns.is_empty() {
            let what = format!(
                "the foreign key of `{shown}` has {} columns, and that of `{other}` has {}",
                own.len(),
                columns.len()
            );
            return self.refuse(what, id, span);
        }
        for (a, b) in own.iter().zip(&columns) {
            let (Some(foreign), Some(key)) = (self.catalog.column(id, a), self.catalog.column(to, b)) else { continue };
            if !domains::may_compare(&self.catalog, &key.ty, &foreign.ty) {
                let (one, two) =
                    (domains::type_name(&self.catalog, &foreign.ty), domains::type_name(&self.catalog, &key.ty));
                let what = format!(
                    "`{shown}`.`{a}` ({one}) can not point to `{other}`.`{b}` ({two}): the types are not compared"
                );
                return self.refuse(what, id, span);
            }
        }
    }
}

/// True for a key that keeps its values in order.
pub(super) fn orders(key: &KeyState) -> bool {
    let index = matches!(key.kind, KeyKind::Primary | KeyKind::Unique | KeyKind::Index);
    index && !key.body.iter().any(|a| matches!(a, Atom::Other(word) if word.starts_with("using ")))
}
