//! Single columns: types as the catalogue knows them, adding, changing, dropping, renaming.

use crate::model::domain::Domain;
use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Generated, KeyKind, TableKind};

use super::super::catalog::{ColumnState, ColumnType, Id, KeyState, Relation};
use super::super::command::{Atom, ColumnDef, DefaultValue, Place, RawType};
use super::super::cursor::Span;
use super::super::domains;
use super::Replay;

impl Replay<'_> {
    /// The type a raw type means at this point of the history; the flag tells `serial`.
    pub(super) fn column_type(&self, raw: &RawType) -> (ColumnType, bool) {
        domains::resolve(&self.catalog, raw)
    }

    pub(super) fn column_state(&self, def: &ColumnDef) -> ColumnState {
        let origin = self.origin(def.span);
        let untyped = RawType::default();
        let (ty, serial) = self.column_type(def.ty.as_ref().unwrap_or(&untyped));
        let mut column = ColumnState {
            name: def.name.clone(),
            ty,
            not_null: def.not_null.unwrap_or(false) || serial,
            default: None,
            generated: if serial && def.generated == Generated::No { Generated::ByDefault } else { def.generated },
            comment: def.comment.clone(),
            origin,
            created: origin,
            tainted: false,
        };
        // An identity column is not null without saying so.
        let identity = matches!(column.generated, Generated::ByDefault | Generated::Always);
        column.not_null |= identity && self.catalog.dialect != Dialect::Sqlite;
        if let Some(default) = &def.default {
            set_default(&mut column, default);
        }
        column
    }

    /// Puts a new column into a relation and its descendants.
    pub(super) fn insert_column(&mut self, id: &Id, def: ColumnDef) {
        let state = self.column_state(&def);
        let dialect = self.catalog.dialect;
        for target in std::iter::once(id.clone()).chain(self.catalog.descendants(id)) {
            let Some(relation) = self.catalog.relation_mut(&target) else { continue };
            if relation.column(&state.name, dialect).is_none() {
                let at = place(relation, &def.place, dialect);
                relation.columns.insert(at, state.clone());
            }
        }
    }

    /// Edits a column of a relation and of its descendants.
    pub(super) fn edit_column(&mut self, id: &Id, name: &str, edit: impl Fn(&mut ColumnState)) {
        let dialect = self.catalog.dialect;
        for target in std::iter::once(id.clone()).chain(self.catalog.descendants(id)) {
            let Some(relation) = self.catalog.relation_mut(&target) else { continue };
            if let Some(index) = relation.column(name, dialect)
                && let Some(column) = relation.columns.get_mut(index)
            {
                edit(column);
            }
        }
    }

    pub(super) fn drop_column(&mut self, id: &Id, name: &Text, cascade: bool, span: Span) {
        let dialect = self.catalog.dialect;
        let same = |a: &str| if dialect == Dialect::Postgres { a == &**name } else { a.eq_ignore_ascii_case(name) };
        self.step(Action::DropColumn { column: name.clone() }, Some(id), span);
        for target in std::iter::once(id.clone()).chain(self.catalog.descendants(id)) {
            let mut gone = Vec::new();
            if let Some(relation) = self.catalog.relation_mut(&target) {
                relation.columns.retain(|c| !same(&c.name));
                // MySQL takes the column out of its indexes, the others drop what mentions it.
                if dialect == Dialect::MySql {
                    for key in relation.keys.iter_mut().filter(|k| !matches!(k.kind, KeyKind::Check | KeyKind::Foreign))
                    {
                        let before = key.columns.len();
                        key.columns.retain(|c| !same(c));
                        if key.columns.is_empty() && before > 0 {
                            gone.push(key.name.clone());
                        }
                    }
                    relation.keys.retain(|k| k.kind == KeyKind::Check || !k.columns.is_empty() || !k.body.is_empty());
                }
                let mentions = |k: &KeyState| {
                    let fixed = dialect != Dialect::MySql || matches!(k.kind, KeyKind::Check | KeyKind::Foreign);
                    let body = k.body.iter().any(|a| matches!(a, Atom::Word(w) if same(w)));
                    fixed && (k.columns.iter().any(|c| same(c)) || body)
                };
                gone.extend(relation.keys.iter().filter(|k| mentions(k)).map(|k| k.name.clone()));
                relation.keys.retain(|k| !mentions(k));
            }
            for key in gone {
                self.forget_index_name(&target, &key);
            }
        }
        if cascade {
            self.drop_dependants(id, &same);
        }
    }

    /// What `CASCADE` takes along with a column: foreign keys to it and views that read it.
    fn drop_dependants(&mut self, id: &Id, same: &impl Fn(&str) -> bool) {
        let points =
            |k: &KeyState| k.target.as_ref().is_some_and(|t| t.table == *id && t.columns.iter().any(|c| same(c)));
        self.edit_all(|r| r.keys.retain(|k| !points(k)), |r| r.keys.iter().any(points));
        let reads = |r: &Relation| {
            r.kind != TableKind::Table && r.reads.iter().any(|(t, columns)| t == id && columns.iter().any(|c| same(c)))
        };
        let views: Vec<Id> =
            self.catalog.relations.iter().filter(|(_, r)| reads(r)).map(|(view, _)| view.clone()).collect();
        for view in views {
            self.remove_relation(&view, true);
        }
    }

    pub(super) fn rename_column(&mut self, id: &Id, from: &Text, to: &Text, span: Span) {
        let action = Action::RenameColumn { from: from.clone(), to: to.clone() };
        self.step(action, Some(id), span);
        let origin = self.origin(span);
        let targets: Vec<Id> = std::iter::once(id.clone()).chain(self.catalog.descendants(id)).collect();
        let dialect = self.catalog.dialect;
        let same = |a: &Text| if dialect == Dialect::Postgres { a == from } else { a.eq_ignore_ascii_case(from) };
        let rename = |name: &mut Text| {
            if same(name) {
                *name = to.clone();
            }
        };
        for target in &targets {
            let Some(relation) = self.catalog.relation_mut(target) else { continue };
            for column in relation.columns.iter_mut().filter(|c| same(&c.name)) {
                (column.name, column.origin) = (to.clone(), origin);
            }
            for key in &mut relation.keys {
                key.columns.iter_mut().for_each(rename);
                key.conditions.iter_mut().for_each(|c| rename(&mut c.column));
                for atom in &mut key.body {
                    if let Atom::Word(word) = atom {
                        rename(word);
                    }
                }
            }
        }
        self.edit_all(
            |relation| {
                for target in
                    relation.keys.iter_mut().filter_map(|k| k.target.as_mut()).filter(|t| targets.contains(&t.table))
                {
                    target.columns.iter_mut().for_each(rename);
                }
                for (_, columns) in relation.reads.iter_mut().filter(|(t, _)| targets.contains(t)) {
                    columns.iter_mut().for_each(rename);
                }
            },
            |r| {
                let keys = r.keys.iter().any(|k| k.target.as_ref().is_some_and(|t| targets.contains(&t.table)));
                keys || r.reads.iter().any(|(t, _)| targets.contains(t))
            },
        );
    }

    /// Gives a column another type and reports it, unless nothing changes.
    pub(super) fn set_type(&mut self, id: &Id, name: &Text, raw: &RawType, span: Span) {
        let (ty, _) = self.column_type(raw);
        let origin = self.origin(span);
        let before = self.type_and_domain(id, name);
        self.edit_column(id, name, |column| {
            column.ty = ty.clone();
            column.origin = origin;
        });
        let after = self.type_and_domain(id, name);
        if let (Some((from, from_domain)), Some((to, to_domain))) = (before, after) {
            let (from_domain, to_domain) = (Box::new(from_domain), Box::new(to_domain));
            self.step(Action::AlterType { column: name.clone(), from, to, from_domain, to_domain }, Some(id), span);
        }
    }

    pub(super) fn type_and_domain(&self, id: &Id, name: &str) -> Option<(Text, Domain)> {
        let relation = self.catalog.relation(id)?;
        let column = relation.columns.get(relation.column(name, self.catalog.dialect)?)?;
        let printed = domains::type_name(&self.catalog, &column.ty);
        Some((Text::from(printed), domains::of_column(&self.catalog, relation, column)))
    }
}

/// Where a new column goes.
fn place(relation: &Relation, place: &Place, dialect: Dialect) -> usize {
    match place {
        Place::Last => relation.columns.len(),
        Place::First => 0,
        Place::After(name) => relation.column(name, dialect).map_or(relation.columns.len(), |i| i + 1),
    }
}

/// Moves a column that `MODIFY … FIRST` or `AFTER` puts elsewhere.
pub(super) fn move_column(relation: &mut Relation, name: &str, to: &Place, dialect: Dialect) {
    if *to == Place::Last {
        return;
    }
    if let Some(index) = relation.column(name, dialect) {
        let column = relation.columns.remove(index);
        let at = place(relation, to, dialect);
        relation.columns.insert(at, column);
    }
}

/// A default of a sequence's next value is what `serial` means; `DEFAULT NULL` is no default.
pub(super) fn set_default(column: &mut ColumnState, default: &DefaultValue) {
    if default.sequence {
        column.default = None;
        column.generated = Generated::ByDefault;
    } else {
        column.default = (!default.null).then(|| default.text.clone());
    }
}
