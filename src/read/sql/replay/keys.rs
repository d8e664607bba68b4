//! Keys, constraints and indexes: adding, dropping, renaming, validating.

use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Key, KeyKind, TableKind};

use super::super::catalog::{Id, KeyData, KeyState, Relation};
use super::super::command::{Atom, KeyDef};
use super::super::cursor::{Name, Span};
use super::super::{domains, finish, query};
use super::Replay;
use super::names::checked_columns;

/// True for a name that needs no quotes. SQLite takes a quoted name that is no column for a text.
/// https://sqlite.org/quirks.html#double_quoted_string_literals_are_accepted
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// A name that PostgreSQL 18 gives to a NOT NULL; before, it has none.
fn is_not_null_name(name: &str) -> bool {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_not_null")
}

impl Replay<'_> {
    /// Adds the keys of one statement in the order in which the engine makes them, and gives them as the model has them.
    pub(super) fn add_keys(&mut self, id: &Id, defs: Vec<KeyDef>) -> Vec<(Key, KeyDef)> {
        let defs = match self.catalog.dialect {
            Dialect::Postgres => merged(defs),
            Dialect::MySql => self.with_foreign_indexes(id, defs),
            Dialect::Sqlite => {
                // The number of a row has no index that a unique key could share.
                let shared = |at: usize, def: &KeyDef| {
                    let same = |(other, twin): (usize, &KeyDef)| {
                        twin.columns == def.columns
                            && match twin.kind {
                                KeyKind::Primary => !self.is_row_number(id, &twin.columns),
                                KeyKind::Unique => other < at,
                                _ => false,
                            }
                    };
                    def.kind == KeyKind::Unique && !def.is_index && defs.iter().enumerate().any(same)
                };
                let kept: Vec<bool> = defs.iter().enumerate().map(|(at, def)| !shared(at, def)).collect();
                defs.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(def, _)| def).collect()
            }
        };
        defs.into_iter().filter_map(|def| Some((self.add_key(id, def.clone())?, def))).collect()
    }

    /// True for a primary key that is SQLite's own number of a row. https://sqlite.org/lang_createtable.html#rowid
    fn is_row_number(&self, id: &Id, columns: &[Text]) -> bool {
        let ([column], Some(relation)) = (columns, self.catalog.relation(id)) else { return false };
        let at = relation.column(column, Dialect::Sqlite).and_then(|at| relation.columns.get(at));
        at.is_some_and(|c| c.ty.text.eq_ignore_ascii_case("integer"))
    }

    /// Adds keys and says so in the steps.
    pub(super) fn add_keys_with_steps(&mut self, id: &Id, defs: Vec<KeyDef>, span: Span) {
        if let Some(pending) = &mut self.pending {
            let items = defs.into_iter().map(|def| KeyDef { item: def.item.or(Some(span)), ..def });
            return pending.extend(items);
        }
        for (key, def) in self.add_keys(id, defs) {
            if def.implicit {
                continue;
            }
            let (not_valid, using_index) = (def.not_valid, def.using_index.is_some());
            let span = def.item.unwrap_or(span);
            self.step(Action::AddKey { key: Box::new(key), not_valid, using_index }, Some(id), span);
        }
    }

    /// Adds a key to a relation and gives it as the model has it; `None` when the engine would do nothing.
    pub(super) fn add_key(&mut self, id: &Id, def: KeyDef) -> Option<Key> {
        let dialect = self.catalog.dialect;
        let origin = self.origin(def.span);
        if let Some(index) = &def.using_index {
            return self.constraint_from_index(id, index, &def);
        }
        let relation = self.catalog.relations.get(id)?.clone();
        if let Some((what, column)) = self.refused_key(id, &relation, &def) {
            self.lacks(what, id, column.as_ref(), def.span);
            if !relation.tainted {
                return None;
            }
        }
        let name = def.name.clone().unwrap_or_else(|| self.automatic_name(id, &relation, &def));
        let target = def.target.as_ref().map(|t| self.target(id, &def, t));
        let state = KeyState::from(KeyData {
            name,
            kind: def.kind,
            columns: if def.kind == KeyKind::Check { checked_columns(&relation, &def.body) } else { def.columns },
            target,
            body: def.body,
            needs: def.needs,
            conditions: def.conditions,
            partial: def.partial,
            parts: def.parts,
            is_index: def.is_index,
            not_valid: def.not_valid,
            implicit: def.implicit,
            inline: def.inline,
            local: def.from_parent.is_none(),
            from_parent: def.from_parent,
            labels: def.labels,
            origin,
        });
        // Held any longer, every change below would copy the relation.
        drop(relation);
        if def.kind == KeyKind::Primary && dialect != Dialect::Sqlite {
            for column in &state.columns {
                self.edit_column(id, column, |c| c.not_null = true);
            }
        }
        let key = finish::key(&self.catalog, &state);
        self.catalog.push_key(id, state.clone());
        if !def.no_inherit {
            self.pass_on(id, &state);
        }
        Some(key)
    }

    /// Why the engine would refuse a key, and the column that is missing.
    fn refused_key(&self, id: &Id, relation: &Relation, def: &KeyDef) -> Option<(String, Option<Text>)> {
        let shown = relation.full_name();
        if def.kind == KeyKind::Primary && relation.keys.iter().any(|k| k.kind == KeyKind::Primary) {
            return Some((format!("`{shown}` has a primary key already at this point of the history"), None));
        }
        self.refused_elements(relation, def).or_else(|| self.refused_name(id, relation, def).map(|what| (what, None)))
    }

    /// Why a key can not be over what it is over.
    fn refused_elements(&self, relation: &Relation, def: &KeyDef) -> Option<(String, Option<Text>)> {
        let shown = relation.full_name();
        let dialect = self.catalog.dialect;
        if let Some(column) = def.columns.iter().find(|c| relation.column(c, dialect).is_none())
            && !(dialect == Dialect::Sqlite && def.is_index && !is_plain(column))
        {
            let what = format!("`{shown}` has no column `{column}` at this point of the history");
            return Some((what, Some(column.clone())));
        }
        if let Some(column) = self.lacking(relation, &def.needs) {
            let what = format!("`{shown}` has no column `{column}` at this point of the history");
            return Some((what, Some(column)));
        }
        let twice = |(at, column): (usize, &Text)| def.columns.iter().skip(at + 1).any(|c| c == column);
        if dialect == Dialect::Postgres
            && matches!(def.kind, KeyKind::Primary | KeyKind::Unique)
            && !def.is_index
            && let Some((_, column)) = def.columns.iter().enumerate().find(|pair| twice(*pair))
        {
            return Some((format!("the column `{column}` stands twice in a key of `{shown}`"), Some(column.clone())));
        }
        let unordered =
            |c: &&Text| relation.columns.iter().any(|o| o.name == **c && !domains::is_ordered(&self.catalog, &o.ty));
        let sorts = !def.body.iter().any(|a| matches!(a, Atom::Other(word) if word.starts_with("using ")));
        if dialect == Dialect::Postgres
            && is_index_kind(def.kind)
            && sorts
            && let Some(column) = def.columns.iter().find(unordered)
        {
            let what = format!("values of the column `{column}` of `{shown}` have no order that an index needs");
            return Some((what, Some(column.clone())));
        }
        if dialect == Dialect::MySql
            && let Some((_, twice)) = def
                .columns
                .iter()
                .enumerate()
                .find(|(at, c)| def.columns.iter().take(*at).any(|d| self.catalog.same(c, d)))
        {
            let what = format!("a key of `{shown}` names the column `{twice}` twice");
            return Some((what, Some(twice.clone())));
        }
        self.refused_by_partitions(relation, def).map(|why| (why, None))
    }

    /// Why a key can not have its name.
    fn refused_name(&self, id: &Id, relation: &Relation, def: &KeyDef) -> Option<String> {
        let name = def.name.as_ref()?;
        let taken = match self.catalog.dialect {
            Dialect::Postgres => {
                let index = !matches!(def.kind, KeyKind::Foreign | KeyKind::Check);
                let taken = (id.0.clone(), name.clone());
                index && self.catalog.name_taken(&taken)
                    || !def.is_index && relation.keys.iter().any(|k| k.name == *name && !k.is_index)
            }
            Dialect::MySql => {
                // The names of foreign keys are those of files: one for the whole database.
                let foreign = (id.0.clone(), self.catalog.fold(name));
                let same = |k: &KeyState| {
                    k.name.eq_ignore_ascii_case(name) && is_index_kind(k.kind) == is_index_kind(def.kind)
                };
                match def.kind {
                    KeyKind::Foreign => self.catalog.constraint_names.contains_key(&foreign),
                    _ => relation.keys.iter().any(|k| same(k) && k.kind != KeyKind::Foreign),
                }
            }
            Dialect::Sqlite => def.is_index && self.catalog.name_taken(&(id.0.clone(), self.catalog.fold(name))),
        };
        let what = if def.is_index { "an index" } else { "a constraint" };
        taken.then(|| format!("there is {what} `{name}` already at this point of the history"))
    }

    /// The first of the columns that an expression needs and a relation does not have.
    pub(super) fn lacking(&self, relation: &Relation, needs: &[Text]) -> Option<Text> {
        let has = |c: &Text| {
            relation.column(c, self.catalog.dialect).is_some() || query::ALWAYS.contains(&&**c) || *c == relation.name
        };
        needs.iter().find(|c| !has(c)).cloned()
    }

    /// `ADD CONSTRAINT … USING INDEX`: the index becomes the constraint's and takes its name.
    fn constraint_from_index(&mut self, id: &Id, index: &Text, def: &KeyDef) -> Option<Key> {
        let origin = self.origin(def.span);
        let name = def.name.clone().unwrap_or_else(|| index.clone());
        let fits = |k: &KeyState| k.name == *index && k.is_index;
        let found = self.catalog.relation(id)?.keys.iter().find(|k| fits(k)).cloned();
        let Some(mut state) = found else {
            self.lacks(format!("there is no index `{index}` at this point of the history"), id, None, def.span);
            return None;
        };
        self.catalog.edit_keys(id, fits, |state| {
            (state.name, state.kind, state.is_index, state.origin) = (name.clone(), def.kind, false, origin);
        });
        self.follow_key(id, index, &name);
        (state.name, state.kind, state.is_index, state.origin) = (name, def.kind, false, origin);
        if def.kind == KeyKind::Primary {
            for column in &state.columns {
                self.edit_column(id, column, |c| c.not_null = true);
            }
        }
        Some(finish::key(&self.catalog, &state))
    }

    pub(super) fn create_index(
        &mut self,
        table: &Name,
        def: KeyDef,
        if_not_exists: bool,
        concurrently: bool,
        span: Span,
    ) {
        let Some(id) = self.catalog.find(table) else {
            return self.missing("table", table, span);
        };
        let view = self.catalog.relation(&id).is_some_and(|r| r.kind == TableKind::View);
        if view && self.catalog.dialect == Dialect::Postgres {
            let shown = self.catalog.shown(&id);
            return self.refuse(format!("`{shown}` is a view and has no indexes"), &id, span);
        }
        if if_not_exists && let Some(name) = &def.name {
            let taken = match self.catalog.dialect {
                Dialect::MySql => self
                    .catalog
                    .relation(&id)
                    .is_some_and(|r| r.keys.iter().any(|k| k.name.eq_ignore_ascii_case(name) && is_index_kind(k.kind))),
                _ => self.catalog.name_taken(&(id.0.clone(), self.catalog.fold(name))),
            };
            if taken {
                // PostgreSQL looks at the columns first.
                let relation = self.catalog.relations.get(&id).cloned();
                if self.catalog.dialect == Dialect::Postgres
                    && let Some((what, column)) = relation.and_then(|r| self.refused_elements(&r, &def))
                {
                    self.lacks(what, &id, column.as_ref(), def.span);
                }
                return;
            }
        }
        if self.is_view(&id, span) {
            return;
        }
        if let Some((key, _)) = self.add_keys(&id, vec![def]).into_iter().next() {
            self.step(Action::CreateIndex { key: Box::new(key), concurrently }, Some(&id), span);
        }
    }

    pub(super) fn drop_index(
        &mut self,
        name: &Name,
        if_exists: bool,
        cascade: bool,
        concurrently: bool,
        on: Option<&Name>,
        span: Span,
    ) {
        let owner = match on {
            Some(table) => self.catalog.find(table),
            None => self.catalog.find_index(name).map(|(_, owner)| owner),
        };
        let Some(id) = owner else {
            if !if_exists {
                self.missing(if on.is_some() { "table" } else { "index" }, on.unwrap_or(name), span);
            }
            return;
        };
        let index = |k: &KeyState| k.kind != KeyKind::Foreign && k.kind != KeyKind::Check;
        let same = |k: &KeyState| index(k) && self.catalog.same(&k.name, &name.name);
        let found = self.catalog.relation(&id).and_then(|r| r.keys.iter().find(|k| same(k))).cloned();
        let Some(found) = found else {
            if !if_exists {
                self.missing("index", name, span);
            }
            return;
        };
        if self.catalog.dialect == Dialect::Postgres && (!found.is_index || found.from_parent.is_some()) {
            let shown = self.catalog.shown(&id);
            let holder = if found.is_index { "a parent's index" } else { "a constraint" };
            return self.refuse(
                format!("the index `{}` of `{shown}` belongs to {holder} and goes only with it", found.name),
                &id,
                span,
            );
        }
        self.release(&id, &found.name, cascade, span);
        let step = Action::DropIndex { name: name.name.clone(), concurrently };
        self.step(step, Some(&id), span);
        self.remove_inherited(&id, &found);
        self.catalog.take_keys(&id, |k| index(k) && k.name == found.name);
        self.look_at_table(&id, span);
    }

    #[allow(clippy::too_many_arguments)] // The parts of the item, taken apart once by the caller.
    pub(super) fn drop_key(
        &mut self,
        id: &Id,
        name: &Text,
        kind: Option<KeyKind>,
        if_exists: bool,
        cascade: bool,
        span: Span,
    ) {
        let fits = |k: &KeyState| match kind {
            Some(KeyKind::Index) => is_index_kind(k.kind),
            Some(kind) => k.kind == kind,
            None => !k.is_index,
        };
        let same = |k: &KeyState| self.catalog.same(&k.name, name) && fits(k);
        let found = self.catalog.relation(id).and_then(|r| r.keys.iter().find(|k| same(k)).cloned());
        let Some(found) = found else {
            if !if_exists && !is_not_null_name(name) {
                let shown = self.catalog.shown(id);
                let what = format!("`{shown}` has no constraint `{name}` at this point of the history");
                self.lacks(what, id, None, span);
            }
            return;
        };
        if found.from_parent.is_some() {
            let shown = self.catalog.shown(id);
            return self.refuse(
                format!("the constraint `{name}` of `{shown}` comes from its parent and goes only there"),
                id,
                span,
            );
        }
        self.release(id, &found.name, cascade, span);
        let action = match kind {
            Some(KeyKind::Index) => Action::DropIndex { name: name.clone(), concurrently: false },
            _ => Action::DropKey { name: name.clone(), kind: Some(found.kind) },
        };
        self.step(action, Some(id), span);
        self.remove_inherited(id, &found);
        self.catalog.take_keys(id, |k| fits(k) && k.name == found.name);
    }

    pub(super) fn drop_primary_key(&mut self, id: &Id, span: Span) {
        let primary = self.catalog.relation(id).and_then(|r| r.keys.iter().find(|k| k.kind == KeyKind::Primary));
        let name = primary.map_or_else(|| Text::from("PRIMARY"), |k| k.name.clone());
        self.drop_key(id, &name, Some(KeyKind::Primary), false, false, span);
    }

    pub(super) fn rename_key(&mut self, id: &Id, from: &Text, to: &Text, index: bool, span: Span) {
        let dialect = self.catalog.dialect;
        let fits = |k: &KeyState| match dialect {
            Dialect::MySql => is_index_kind(k.kind) && k.kind != KeyKind::Primary,
            _ => index || !k.is_index,
        };
        let same = |k: &KeyState| {
            fits(k) && if dialect == Dialect::Postgres { k.name == *from } else { k.name.eq_ignore_ascii_case(from) }
        };
        let Some(found) = self.catalog.relation(id).and_then(|r| r.keys.iter().find(|k| same(k)).cloned()) else {
            if is_not_null_name(from) {
                return;
            }
            let shown = self.catalog.shown(id);
            let what = if index { "index" } else { "constraint" };
            let what = format!("`{shown}` has no {what} `{from}` at this point of the history");
            return self.lacks(what, id, None, span);
        };
        let mut def = KeyDef::new(found.kind, span);
        (def.name, def.is_index) = (Some(to.clone()), found.is_index);
        let relation = self.catalog.relations.get(id).cloned();
        if found.kind != KeyKind::Primary || dialect == Dialect::Postgres {
            def.kind = if found.kind == KeyKind::Primary { KeyKind::Unique } else { found.kind };
            let itself = dialect == Dialect::MySql && self.catalog.same(&found.name, to);
            if let Some(what) = relation.filter(|_| !itself).and_then(|r| self.refused_name(id, &r, &def)) {
                return self.lacks(what, id, None, span);
            }
        }
        self.step(Action::Other, Some(id), span);
        // What somebody gave a name is no longer the foreign key's own.
        self.catalog.edit_keys(id, same, |k| (k.name, k.implicit) = (to.clone(), false));
        self.follow_key(id, from, to);
        if found.kind == KeyKind::Check {
            for child in self.catalog.descendants(id) {
                self.catalog.edit_keys(
                    &child,
                    |k| k.from_parent.as_ref() == Some(from),
                    |k| (k.name, k.from_parent) = (to.clone(), Some(to.clone())),
                );
            }
        }
    }

    /// Foreign keys that stand on a key know its new name.
    fn follow_key(&mut self, id: &Id, from: &Text, to: &Text) {
        if self.catalog.dialect != Dialect::Postgres {
            return;
        }
        let stands = |k: &KeyState| k.target.as_ref().is_some_and(|t| t.table == *id && t.key.as_ref() == Some(from));
        self.edit_all(
            |r| {
                for key in r.keys.iter_mut().filter(|k| stands(k)) {
                    if let Some(target) = &mut key.target {
                        target.key = Some(to.clone());
                    }
                }
            },
            |r| r.keys.iter().any(stands),
        );
    }

    pub(super) fn rename_index(&mut self, from: &Name, to: Text, if_exists: bool, span: Span) {
        match self.catalog.find_index(from) {
            Some((_, owner)) => self.rename_key(&owner, &from.name, &to, true, span),
            None if if_exists => {}
            None => self.missing("index", from, span),
        }
    }

    pub(super) fn validate_key(&mut self, id: &Id, name: &Text, span: Span) {
        let known = self.catalog.relation(id).is_some_and(|r| r.keys.iter().any(|k| k.name == *name));
        if !known {
            let shown = self.catalog.shown(id);
            let what = format!("`{shown}` has no constraint `{name}` at this point of the history");
            return self.lacks(what, id, None, span);
        }
        let checked = |k: &KeyState| k.name == *name && matches!(k.kind, KeyKind::Foreign | KeyKind::Check);
        let postgres = self.catalog.dialect == Dialect::Postgres;
        if postgres && !self.catalog.relation(id).is_some_and(|r| r.keys.iter().any(checked)) {
            let shown = self.catalog.shown(id);
            return self.refuse(format!("`{name}` of `{shown}` is neither a foreign key nor a check"), id, span);
        }
        self.step(Action::ValidateKey { name: name.clone() }, Some(id), span);
        self.catalog.edit_keys(id, |k| k.name == *name, |k| k.not_valid = false);
    }
}

pub(super) fn is_index_kind(kind: KeyKind) -> bool {
    matches!(kind, KeyKind::Primary | KeyKind::Unique | KeyKind::Index)
}

/// PostgreSQL makes checks first, then the primary key, then the others; a unique key that stands there twice is made
/// once, under the first name given.
fn merged(defs: Vec<KeyDef>) -> Vec<KeyDef> {
    let rank = |def: &KeyDef| match def.kind {
        KeyKind::Check => 0,
        KeyKind::Primary => 1,
        KeyKind::Foreign => 3,
        _ => 2,
    };
    let mut sorted = defs;
    sorted.sort_by_key(rank);
    let mut kept: Vec<KeyDef> = Vec::new();
    for def in sorted {
        let index = |k: &KeyDef| matches!(k.kind, KeyKind::Primary | KeyKind::Unique) && k.using_index.is_none();
        let twin = kept.iter_mut().find(|k| {
            index(k)
                && def.kind == KeyKind::Unique
                && index(&def)
                && k.columns == def.columns
                && k.body == def.body
                && k.labels == def.labels
        });
        match twin {
            Some(twin) => twin.name = twin.name.take().or(def.name),
            None => kept.push(def),
        }
    }
    kept
}
