//! What `ALTER TABLE` may do to a relation and its columns.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, Generated, KeyKind, TableKind};

use super::super::catalog::Id;
use super::super::command::{Alter, Object, Was};
use super::super::cursor::Span;
use super::super::domains;
use super::Replay;

impl Replay<'_> {
    /// Why PostgreSQL does not do this to that kind of relation.
    pub(super) fn refuses_alteration(
        &self,
        object: Object,
        id: &Id,
        items: &[(Span, Result<Alter, ()>)],
    ) -> Option<String> {
        let relation = self.catalog.relation(id).filter(|_| self.catalog.dialect == Dialect::Postgres)?;
        let shown = relation.full_name();
        let fits = match object {
            Object::View => relation.kind == TableKind::View,
            Object::MaterializedView => relation.kind == TableKind::MaterializedView,
            _ => true,
        };
        // Whoever renames a column may call the relation what he likes.
        let renames = items.iter().any(|(_, item)| matches!(item, Ok(Alter::RenameColumn { .. })));
        if !fits && !renames {
            return Some(format!("`{shown}` is not a view of that kind"));
        }
        let of_tables = |item: &Result<Alter, ()>| {
            matches!(
                item,
                Ok(Alter::AddColumn { .. }
                    | Alter::DropColumn { .. }
                    | Alter::AddKey(_)
                    | Alter::DropKey { .. }
                    | Alter::SetType { .. }
                    | Alter::SetNotNull { .. }
                    | Alter::DropNotNull { .. }
                    | Alter::SetGenerated { .. }
                    | Alter::Attach { .. }
                    | Alter::Detach { .. }
                    | Alter::Inherit(_)
                    | Alter::NoInherit(_)
                    | Alter::Validate(_))
            )
        };
        let view = relation.kind != TableKind::Table;
        if view && items.iter().any(|(_, item)| of_tables(item)) {
            return Some(format!("`{shown}` is a view, and that is done to tables"));
        }
        let added = relation.partition && items.iter().any(|(_, item)| matches!(item, Ok(Alter::AddColumn { .. })));
        added.then(|| format!("`{shown}` is a partition, and columns are added to its parent"))
    }

    /// False, and the statement refused, when something hangs on the type of a column.
    pub(super) fn may_change(&mut self, id: &Id, name: &Text, span: Span) -> bool {
        if self.catalog.dialect != Dialect::Postgres {
            return true;
        }
        let shown = self.catalog.shown(id);
        let parents =
            self.catalog.relation(id).and_then(|r| r.columns.iter().find(|c| c.name == *name)).map_or(0, |c| c.parents);
        let why = if parents > 0 {
            Some(format!("the column `{name}` of `{shown}` comes from its parent and is changed only there"))
        } else if let Some(why) = self.divides(id, name) {
            Some(why)
        } else {
            let readers = std::iter::once(id.clone()).chain(self.catalog.descendants(id));
            let mut readers = readers.filter_map(|id| self.reader_of(&id, name));
            readers.next().map(|reader| format!("{reader} needs the type of the column `{name}` of `{shown}`"))
        };
        if let Some(why) = &why {
            self.refuse(why.clone(), id, span);
        }
        why.is_none()
    }

    /// False, and the statement refused, for a column of the primary key, of an identity or of a partition.
    pub(super) fn may_be_null(&mut self, id: &Id, name: &Text, span: Span) -> bool {
        let Some(relation) = self.catalog.relations.get(id).cloned() else { return true };
        let Some(column) = relation.columns.iter().find(|c| c.name == *name) else { return true };
        let shown = relation.full_name();
        let primary = relation.keys.iter().any(|k| k.kind == KeyKind::Primary && k.columns.contains(name));
        let identity = column.is_identity();
        let above = relation.partition
            && relation
                .parents
                .iter()
                .filter_map(|p| self.catalog.relation(p))
                .any(|p| p.columns.iter().any(|c| c.name == *name && c.not_null));
        let why = if primary {
            format!("the column `{name}` of `{shown}` is part of the primary key and can not be null")
        } else if identity {
            format!("the column `{name}` of `{shown}` is an identity and can not be null")
        } else if above {
            format!("the column `{name}` of `{shown}` is NOT NULL in the table that it is a partition of")
        } else {
            return true;
        };
        self.refuse(why, id, span);
        false
    }

    /// False, and the statement refused, when the values of a column come from elsewhere than a default.
    pub(super) fn may_default(&mut self, id: &Id, name: &Text, span: Span) -> bool {
        let Some(column) = self.catalog.column(id, name) else { return true };
        if self.catalog.dialect != Dialect::Postgres || !column.is_identity() && column.generated != Generated::Computed
        {
            return true;
        }
        let is = if column.is_identity() { "an identity" } else { "computed" };
        let why = format!("the column `{name}` of `{}` is {is} and has no default", self.catalog.shown(id));
        self.refuse(why, id, span);
        false
    }

    /// False when a column is not what it must be before it becomes an identity or stops being one; the statement is
    /// refused then, unless it says `IF EXISTS`.
    pub(super) fn may_generate(&mut self, id: &Id, name: &Text, was: Was, if_exists: bool, span: Span) -> bool {
        let Some(column) = self.catalog.column(id, name) else { return true };
        let shown = self.catalog.shown(id);
        let fits = match was {
            Was::Identity => column.is_identity(),
            Was::Computed => column.generated == Generated::Computed,
            Was::Plain => {
                let plain = column.generated == Generated::No && column.default.is_none() && column.not_null;
                plain && domains::is_integer(&self.catalog, &column.ty)
            }
        };
        let what = match was {
            _ if fits => return true,
            Was::Identity => "is no identity",
            Was::Computed => "is not computed",
            Was::Plain if !column.not_null => "must be NOT NULL before it becomes an identity",
            Was::Plain if !domains::is_integer(&self.catalog, &column.ty) => "is no integer, which an identity must be",
            Was::Plain => "has a default or an identity already",
        };
        if !if_exists {
            self.refuse(format!("the column `{name}` of `{shown}` {what} at this point of the history"), id, span);
        }
        false
    }

    pub(super) fn may_rename(&mut self, id: &Id, from: &Text, to: &Text, span: Span) -> bool {
        let shown = self.catalog.shown(id);
        let (postgres, same) = (self.catalog.dialect == Dialect::Postgres, self.catalog.same(from, to));
        let targets = std::iter::once(id.clone()).chain(self.catalog.descendants(id));
        let taken = (postgres || !same) && targets.into_iter().any(|t| self.has_column(&t, to));
        let parents =
            self.catalog.relation(id).and_then(|r| r.columns.iter().find(|c| c.name == *from)).map_or(0, |c| c.parents);
        let why = if taken {
            let what = format!("`{shown}` has a column `{to}` already at this point of the history");
            self.lacks(what, id, Some(to), span);
            return false;
        } else if postgres && parents > 0 {
            format!("the column `{from}` of `{shown}` comes from its parent and is renamed only there")
        } else {
            return true;
        };
        self.refuse(why, id, span);
        false
    }
}
