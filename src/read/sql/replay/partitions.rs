//! Who may be whose child: partitions and inheritance of PostgreSQL exclude each other.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, KeyKind, TableKind};

use super::super::catalog::{Id, Relation};
use super::super::command::{KeyDef, PartitionKey};
use super::super::cursor::Span;
use super::super::domains;
use super::Replay;

impl Replay<'_> {
    /// Why a table can not become the child of another: a new one, or one that is there already.
    pub(super) fn refuses_child(
        &self,
        child: &Relation,
        parent: &Id,
        partition: bool,
        bounds: &Text,
        is_new: bool,
    ) -> Option<String> {
        let above = self.catalog.relation(parent).filter(|r| !r.tainted)?;
        let (shown, under) = (above.full_name(), child.full_name());
        let why = if above.kind != TableKind::Table {
            format!("`{shown}` is a view and has no children")
        } else if partition && above.partition_by.is_none() {
            format!("`{shown}` is not partitioned at this point of the history")
        } else if !partition && above.partition_by.is_some() {
            format!("`{shown}` is partitioned: only partitions are its children")
        } else if !partition && above.partition {
            format!("`{shown}` is a partition and has no other children")
        } else if !partition && child.partition_by.is_some() {
            format!("`{under}` is partitioned and can not inherit")
        } else if !partition && child.partition {
            format!("`{under}` is a partition and can not inherit")
        } else if partition && !is_new && child.partition {
            format!("`{under}` is a partition already at this point of the history")
        } else if partition && !is_new && !child.parents.is_empty() {
            format!("`{under}` inherits and can not become a partition")
        } else if partition && !is_new && child.has_children && child.partition_by.is_none() {
            format!("`{under}` has children and can not become a partition")
        } else if partition && self.same_bounds(parent, bounds) {
            format!("`{shown}` has a partition for the same values already at this point of the history")
        } else if let Some(more) =
            child.columns.iter().find(|own| partition && !is_new && !above.columns.iter().any(|c| c.name == own.name))
        {
            format!("`{under}` has a column `{}` that its parent `{shown}` has not", more.name)
        } else {
            let other = child.columns.iter().find(|own| {
                let same = |c: &&super::super::catalog::ColumnState| c.name == own.name;
                let name = |ty| domains::type_name(&self.catalog, ty);
                above.columns.iter().find(same).is_some_and(|c| name(&c.ty) != name(&own.ty))
            })?;
            format!("the column `{}` of `{under}` has another type than that of `{shown}`", other.name)
        };
        Some(why)
    }

    fn same_bounds(&self, parent: &Id, bounds: &Text) -> bool {
        let same = |id: &Id| self.catalog.relation(id).is_some_and(|r| r.partition && r.bounds == *bounds);
        !bounds.is_empty() && self.catalog.children(parent).iter().any(same)
    }

    /// What a table is divided by must be there.
    pub(super) fn need_partition_key(&mut self, id: &Id, key: &PartitionKey, span: Span) {
        let Some(relation) = self.catalog.relation(id) else { return };
        if let Some(missing) = key.columns.iter().find(|c| relation.column(c, self.catalog.dialect).is_none()).cloned()
        {
            let what = format!("`{}` has no column `{missing}` that it could be partitioned by", relation.full_name());
            self.lacks(what, id, Some(&missing), span);
        }
    }

    /// A key over all partitions has all columns that tell them apart.
    pub(super) fn refused_by_partitions(&self, relation: &Relation, def: &KeyDef) -> Option<String> {
        let by = relation.partition_by.as_ref()?;
        if !matches!(def.kind, KeyKind::Primary | KeyKind::Unique) {
            return None;
        }
        let shown = relation.full_name();
        let left_out = by.columns.iter().find(|c| !def.columns.contains(c));
        left_out
            .map(|c| format!("`{shown}` is partitioned by `{c}`, which a unique key over all partitions must have"))
            .or_else(|| {
                by.expressions.then(|| format!("`{shown}` is partitioned by an expression and has no unique keys"))
            })
    }

    /// Why a column must stay as it is.
    pub(super) fn divides(&self, id: &Id, name: &Text) -> Option<String> {
        let relation = self.catalog.relation(id).filter(|_| self.catalog.dialect == Dialect::Postgres)?;
        let by = relation.partition_by.as_ref()?;
        by.columns.contains(name).then(|| format!("`{}` is partitioned by `{name}`", relation.full_name()))
    }
}
