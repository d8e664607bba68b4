//! Single columns: types as the catalogue knows them, adding, changing, dropping, renaming.

use std::collections::BTreeSet;

use crate::model::domain::Domain;
use crate::model::origin::{Origin, Text};
use crate::model::sql::{Action, Dialect, Generated, KeyKind, TableKind};

use super::super::catalog::{ColumnData, ColumnState, ColumnType, Id, KeyState, Relation};
use super::super::command::{Atom, ColumnDef, DefaultValue, Place, RawType};
use super::super::cursor::{Name, Span};
use super::super::{domains, types};
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
        let mut column = ColumnData {
            name: def.name.clone(),
            ty,
            not_null: def.not_null.unwrap_or(false) || serial,
            default: None,
            generated: if serial && def.generated == Generated::No { Generated::ByDefault } else { def.generated },
            stored: def.stored,
            uses: def.uses.clone(),
            sequence: serial.then_some(origin),
            formula: def.formula.clone(),
            parents: 0,
            local: true,
            comment: def.comment.clone(),
            encoding: def.encoding.clone(),
            settled: false,
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
        ColumnState::from(column)
    }

    /// Refuses a statement with a type that nothing here makes: no engine, no extension, no table with its rows.
    fn need_type(&mut self, id: &Id, column: &Text, raw: &RawType, span: Span) {
        let name = Name { schema: raw.schema.clone(), name: Text::from(raw.name.as_str()), span };
        let known = types::may_exist(raw, self.catalog.dialect)
            || self.catalog.extended
            || self.catalog.find_type(&name).is_some()
            || self.catalog.find(&name).is_some()
            || !self.catalog.owns_schema(&name);
        if !known {
            let what = format!("there is no type `{}` at this point of the history", raw.name);
            self.lacks(what, id, Some(column), span);
        }
    }

    /// False when the engine has no place for one more column. Where it refuses the statement for that, the statement is gone;
    /// where that is not certain, the first column too many is told as unread.
    pub(super) fn has_room(&mut self, id: &Id, span: Span) -> bool {
        let most = types::most_columns(self.catalog.dialect);
        let Some(relation) = self.catalog.relation(id) else { return true };
        if relation.columns.len() < most {
            return true;
        }
        if relation.tainted {
            return false;
        }
        let what = format!("`{}` has {most} columns already, the most that a table may have", relation.full_name());
        if self.certain() {
            self.refuse(what, id, span);
        } else if let Some(relation) = self.catalog.relation_mut(id) {
            relation.tainted = true;
            self.refused.push(self.origin(span));
        }
        false
    }

    /// Puts a new column into a relation and its descendants.
    pub(super) fn insert_column(&mut self, id: &Id, def: &ColumnDef) {
        if let Some(raw) = &def.ty {
            self.need_type(id, &def.name, raw, def.span);
        }
        let mut state = self.column_state(def);
        let dialect = self.catalog.dialect;
        let identity = state.is_identity() && def.generated != Generated::No;
        let inherited = |child: &Id| self.catalog.relation(child).is_some_and(|r| !r.partition);
        if dialect == Dialect::Postgres && identity && self.catalog.children(id).iter().any(inherited) {
            let what = format!("the column `{}` is an identity, which no table with children gets", state.name);
            return self.refuse(what, id, def.span);
        }
        if dialect == Dialect::Postgres && identity && !domains::is_integer(&self.catalog, &state.ty) {
            let what = format!("the column `{}` is an identity, which only integers are", state.name);
            return self.refuse(what, id, def.span);
        }
        let serial = state.generated == Generated::ByDefault && def.generated == Generated::No;
        if serial && dialect == Dialect::Postgres && state.uses.is_empty() {
            state.uses = vec![Text::from(format!("{}_{}_seq", id.1, state.name))];
        }
        let mut open = vec![(id.clone(), true)];
        let mut done: Vec<Id> = Vec::new();
        while let Some((target, local)) = open.pop() {
            let children = self.catalog.children(&target);
            if let Some(other) = self.catalog.column(&target, &state.name).filter(|_| dialect == Dialect::Postgres) {
                let (a, b) =
                    (domains::type_name(&self.catalog, &other.ty), domains::type_name(&self.catalog, &state.ty));
                if a != b {
                    let (name, shown) = (&state.name, self.catalog.shown(&target));
                    let what =
                        format!("the column `{name}` of `{shown}` would be `{a}` in one table and `{b}` in the other");
                    return self.refuse(what, &target, def.span);
                }
            }
            let Some(relation) = self.catalog.relation_mut(&target) else { continue };
            match relation.column(&state.name, dialect).and_then(|at| relation.columns.get_mut(at)) {
                // What a parent has already is written once more.
                Some(own) => {
                    own.local |= local;
                    own.parents += usize::from(!local);
                    own.not_null |= state.not_null;
                    if local && (state.default.is_some() || state.generated != Generated::No) {
                        (own.default, own.generated, own.uses) =
                            (state.default.clone(), state.generated, state.uses.clone());
                    }
                }
                None => {
                    let at = place(relation, &def.place, dialect);
                    let mut column = state.clone();
                    (column.local, column.parents) = (local, usize::from(!local));
                    relation.columns.insert(at, column);
                }
            }
            done.push(target);
            open.extend(children.into_iter().filter(|c| !done.contains(c)).map(|c| (c, false)));
        }
    }

    /// Refuses a computed column when what it is computed from is not there, or is computed itself.
    pub(super) fn need_sources(&mut self, id: &Id, name: &Text, needs: &[Text], span: Span) {
        let Some(relation) = self.catalog.relations.get(id).cloned() else { return };
        let shown = relation.full_name();
        if let Some(missing) = self.lacking(&relation, needs) {
            let what = format!("`{shown}` has no column `{missing}` at this point of the history");
            return self.lacks(what, id, Some(&missing), span);
        }
        let computed = |c: &&Text| relation.columns.iter().any(|o| o.name == **c && o.generated == Generated::Computed);
        if let Some(other) = needs.iter().find(computed) {
            self.refuse(
                format!("the column `{name}` of `{shown}` is computed from `{other}`, which is computed itself"),
                id,
                span,
            );
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
        if let Some(why) = self.holds_column(id, name, cascade) {
            return self.refuse(why, id, span);
        }
        self.step(Action::DropColumn { column: name.clone() }, Some(id), span);
        self.take_column(id, name, cascade, span);
    }

    /// Why a column must not go.
    fn holds_column(&self, id: &Id, name: &Text, cascade: bool) -> Option<String> {
        let relation = self.catalog.relation(id)?;
        let shown = relation.full_name();
        let column = relation.columns.get(relation.column(name, self.catalog.dialect)?)?;
        if column.parents > 0 {
            return Some(format!("the column `{name}` of `{shown}` comes from its parent and goes only there"));
        }
        let same = |a: &Text| self.catalog.same(a, name);
        if let Some(why) = self.divides(id, name) {
            return Some(why);
        }
        match self.catalog.dialect {
            Dialect::Sqlite => {
                let holds = |k: &&KeyState| {
                    let body = k.body.iter().any(|a| matches!(a, Atom::Word(w) if same(w)));
                    (k.columns.iter().any(same) || body)
                        && !(k.kind == KeyKind::Check && k.inline && k.columns.len() == 1)
                };
                if relation.columns.len() == 1 {
                    return Some(format!("`{name}` is the last column of `{shown}`, and SQLite keeps that"));
                }
                let key = relation.keys.iter().find(holds);
                key.map(|k| {
                    let what = match k.kind {
                        KeyKind::Index => "an index",
                        KeyKind::Check => "a check",
                        KeyKind::Foreign => "a foreign key",
                        _ => "a key",
                    };
                    let called = if k.name.is_empty() { String::new() } else { format!(" (`{}`)", k.name) };
                    format!("SQLite does not drop the column `{name}` of `{shown}`, which stands in {what}{called}")
                })
            }
            Dialect::Postgres if !cascade => self.reader_of(id, name).map(|reader| {
                format!("{reader} still needs the column `{name}` of `{shown}`, and the statement does not say CASCADE")
            }),
            _ => None,
        }
    }

    /// What reads a column, in words: a view, or a column computed from it.
    pub(super) fn reader_of(&self, id: &Id, name: &Text) -> Option<String> {
        let relation = self.catalog.relation(id)?;
        let computed = |c: &&ColumnState| c.generated == Generated::Computed && c.calls(name);
        if let Some(column) = relation.columns.iter().find(computed) {
            return Some(format!("the column `{}`", column.name));
        }
        let view = |r: &Relation| !r.tainted && r.reads.iter().any(|(t, columns)| t == id && columns.contains(name));
        let (_, view) = self.catalog.relations.iter().find(|(_, r)| view(r))?;
        Some(format!("the view `{}`", view.full_name()))
    }

    /// A sequence goes with its column: what else it fills has no default any more, or keeps it from going.
    pub(super) fn release_sequences(&mut self, gone: &BTreeSet<Id>, owned: &[Origin], cascade: bool, span: Span) {
        let filled = |c: &ColumnState| {
            c.generated == Generated::ByDefault
                && c.owned_sequence().is_none()
                && c.sequence.is_some_and(|s| owned.contains(&s))
        };
        for id in self.catalog.relations.ids(|id, r| !gone.contains(id) && r.columns.iter().any(filled)) {
            if !cascade {
                let shown = self.catalog.shown(&id);
                return self.refuse(
                    format!("a column of `{shown}` still takes its values from a sequence that would go"),
                    &id,
                    span,
                );
            }
            let Some(relation) = self.catalog.relation_mut(&id) else { continue };
            for column in relation.columns.iter_mut().filter(|c| filled(c)) {
                (column.generated, column.uses) = (Generated::No, Vec::new());
            }
        }
    }

    /// Takes a column out, with the keys that mention it.
    pub(super) fn take_column(&mut self, id: &Id, name: &Text, cascade: bool, span: Span) {
        let dialect = self.catalog.dialect;
        let same = |a: &str| if dialect == Dialect::Postgres { a == &**name } else { a.eq_ignore_ascii_case(name) };
        let children = self.catalog.children(id);
        let owned = self.catalog.column(id, name).and_then(|c| c.owned_sequence());
        if let Some(owned) = owned.filter(|_| dialect == Dialect::Postgres) {
            self.release_sequences(&children.iter().chain([id]).cloned().collect(), &[owned], cascade, span);
        }
        if dialect == Dialect::MySql {
            // MySQL takes the column out of its indexes.
            let shorter = |k: &KeyState| {
                !matches!(k.kind, KeyKind::Check | KeyKind::Foreign) && k.columns.iter().any(|c| same(c))
            };
            self.catalog.take_keys(id, |k| shorter(k) && k.columns.iter().all(|c| same(c)));
            self.catalog.edit_keys(id, shorter, |k| {
                k.columns.retain(|c| !same(c));
                let parts = k.parts.len();
                k.parts.retain(|c| !same(c));
                k.partial &= k.parts.len() == parts || !k.parts.is_empty() || !k.body.is_empty();
            });
            self.catalog.take_keys(id, |k| k.kind == KeyKind::Check && matches!(k.columns.as_slice(), [c] if same(c)));
        } else {
            let mentions = |k: &KeyState| {
                k.columns.iter().chain(&k.needs).any(|c| same(c))
                    || k.body.iter().any(|a| matches!(a, Atom::Word(w) if same(w)))
            };
            let keys =
                self.catalog.relation(id).map(|r| r.keys.iter().filter(|k| mentions(k)).cloned().collect::<Vec<_>>());
            for key in keys.unwrap_or_default() {
                self.release(id, &key.name, cascade, span);
                self.remove_inherited(id, &key);
            }
            self.catalog.take_keys(id, mentions);
        }
        if let Some(relation) = self.catalog.relation_mut(id) {
            relation.columns.retain(|c| !same(&c.name));
        }
        for child in children {
            let Some(relation) = self.catalog.relation_mut(&child) else { continue };
            let Some(column) = relation.columns.iter_mut().find(|c| same(&c.name)) else { continue };
            column.parents = column.parents.saturating_sub(1);
            if column.parents == 0 && !column.local {
                self.take_column(&child, name, cascade, span);
            }
        }
        if cascade && dialect == Dialect::Postgres {
            self.drop_dependants(id, name, span);
        }
    }

    /// What `CASCADE` takes along with a column: columns computed from it and views that read it.
    fn drop_dependants(&mut self, id: &Id, name: &Text, span: Span) {
        let computed = |c: &&ColumnState| c.generated == Generated::Computed && c.calls(name);
        let columns = self
            .catalog
            .relation(id)
            .map(|r| r.columns.iter().filter(computed).map(|c| c.name.clone()).collect::<Vec<_>>());
        for column in columns.unwrap_or_default() {
            self.take_column(id, &column, true, span);
        }
        let reads = |r: &Relation| {
            r.kind != TableKind::Table && r.reads.iter().any(|(t, columns)| t == id && columns.contains(name))
        };
        let views = self.catalog.relations.ids(|_, r| reads(r));
        self.remove_relations(views, true, span);
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
            for column in &mut relation.columns {
                if same(&column.name) {
                    (column.name, column.origin) = (to.clone(), origin);
                }
                column.uses.iter_mut().for_each(rename);
            }
            if let Some(by) = &mut relation.partition_by {
                by.columns.iter_mut().for_each(rename);
            }
            for key in &mut relation.keys {
                let key = &mut **key;
                key.columns.iter_mut().chain(&mut key.needs).chain(&mut key.parts).for_each(rename);
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
        self.need_type(id, name, raw, span);
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

/// Moves a column that `MODIFY … FIRST` or `AFTER` puts elsewhere; true when it stood in another place.
pub(super) fn move_column(relation: &mut Relation, name: &str, to: &Place, dialect: Dialect) -> bool {
    let Some(index) = relation.column(name, dialect).filter(|_| *to != Place::Last) else { return false };
    let column = relation.columns.remove(index);
    let at = place(relation, to, dialect);
    relation.columns.insert(at, column);
    at != index
}

/// A default of a sequence's next value is what `serial` means; `DEFAULT NULL` is no default.
pub(super) fn set_default(column: &mut ColumnData, default: &DefaultValue) {
    column.uses = default.uses.clone();
    if default.sequence {
        column.default = None;
        column.generated = Generated::ByDefault;
    } else {
        column.default = (!default.null).then(|| default.text.clone());
    }
}
