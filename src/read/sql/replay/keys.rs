//! Keys, constraints and indexes: the names engines give, adding, dropping, renaming, validating.

use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, Key, KeyKind};

use super::super::catalog::{Id, KeyState, Relation, TargetState, full_name};
use super::super::command::{Atom, KeyDef};
use super::super::cursor::{Name, Span};
use super::super::finish;
use super::Replay;

/// PostgreSQL cuts identifiers to this many bytes.
const MAX_NAME: usize = 63;

impl Replay<'_> {
    /// Adds a key to a relation and gives it as the model has it; `None` when the engine would do nothing.
    pub(super) fn add_key(&mut self, id: &Id, def: KeyDef) -> Option<Key> {
        let dialect = self.catalog.dialect;
        if dialect == Dialect::MySql && def.inline && def.kind == KeyKind::Foreign {
            return None; // MySQL reads `REFERENCES` at a column and ignores it.
        }
        let origin = self.origin(def.span);
        if let Some(index) = &def.using_index {
            return self.constraint_from_index(id, index, &def);
        }
        let relation = self.catalog.relations.get(id)?.clone();
        if let Some(what) = self.refused_key(&relation, &def) {
            if self.certain() && !relation.tainted {
                self.step(Action::Mismatch { what: Text::from(what) }, Some(id), def.span);
            }
            return None;
        }
        let name = def.name.clone().unwrap_or_else(|| self.automatic_name(id, &relation, &def));
        let target = def.target.map(|t| {
            let found = self.catalog.find(&t.table).unwrap_or_else(|| self.catalog.new_id(&t.table));
            let shown = if self.catalog.relations.contains_key(&found) {
                self.catalog.shown(&found)
            } else {
                full_name(&found.0, &t.table.name)
            };
            TargetState { table: found, shown, columns: t.columns, on_delete: t.on_delete, on_update: t.on_update }
        });
        let state = KeyState {
            name: name.clone(),
            kind: def.kind,
            columns: if def.kind == KeyKind::Check { checked_columns(&relation, &def.body) } else { def.columns },
            target,
            body: def.body,
            conditions: def.conditions,
            partial: def.partial,
            is_index: def.is_index,
            not_valid: def.not_valid,
            implicit: false,
            origin,
        };
        // Held any longer, every change below would copy the relation.
        drop(relation);
        if def.kind == KeyKind::Primary && dialect != Dialect::Sqlite {
            for column in &state.columns {
                self.edit_column(id, column, |c| c.not_null = true);
            }
        }
        let key = finish::key(&self.catalog, &state);
        let foreign = state.kind == KeyKind::Foreign;
        self.insert_key(id, state);
        if foreign && dialect == Dialect::MySql {
            self.index_for_foreign_key(id, def.name.as_ref(), &key);
        }
        Some(key)
    }

    /// Why the engine would refuse a key.
    fn refused_key(&self, relation: &Relation, def: &KeyDef) -> Option<String> {
        let shown = relation.full_name();
        if def.kind == KeyKind::Primary && relation.keys.iter().any(|k| k.kind == KeyKind::Primary) {
            return Some(format!("`{shown}` has a primary key already at this point of the history"));
        }
        let name = def.name.as_ref().filter(|_| self.catalog.dialect == Dialect::Postgres && !def.is_index)?;
        let taken = relation.keys.iter().any(|k| k.name == *name && !k.is_index);
        taken.then(|| format!("`{shown}` has a constraint `{name}` already at this point of the history"))
    }

    fn insert_key(&mut self, id: &Id, state: KeyState) {
        let indexed = match self.catalog.dialect {
            Dialect::Postgres => !matches!(state.kind, KeyKind::Foreign | KeyKind::Check),
            Dialect::Sqlite => state.is_index,
            Dialect::MySql => false,
        };
        if indexed {
            let name = (id.0.clone(), self.catalog.fold(&state.name));
            self.catalog.index_names.insert(name, id.clone());
        }
        let mysql = self.catalog.dialect == Dialect::MySql;
        if let Some(relation) = self.catalog.relation_mut(id) {
            // An index that MySQL made for a foreign key goes when a better one comes.
            if mysql && is_index_kind(state.kind) {
                relation.keys.retain(|k| !(k.implicit && covers(&state, &k.columns)));
            }
            relation.keys.push(state);
        }
    }

    /// MySQL needs an index whose first columns are those of the foreign key.
    /// https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
    fn index_for_foreign_key(&mut self, id: &Id, given: Option<&Text>, key: &Key) {
        let Some(relation) = self.catalog.relations.get(id).cloned() else { return };
        if relation.keys.iter().any(|k| is_index_kind(k.kind) && covers(k, &key.columns)) {
            return;
        }
        let mut def = KeyDef::new(KeyKind::Index, (0, 0));
        def.labels = key.columns.clone();
        let name = given.cloned().unwrap_or_else(|| self.automatic_name(id, &relation, &def));
        if let Some(relation) = self.catalog.relation_mut(id) {
            relation.keys.push(KeyState {
                name,
                kind: KeyKind::Index,
                columns: key.columns.clone(),
                target: None,
                body: Vec::new(),
                conditions: Vec::new(),
                partial: false,
                is_index: true,
                not_valid: false,
                implicit: true,
                origin: key.origin,
            });
        }
    }

    /// `ADD CONSTRAINT … USING INDEX`: the index becomes the constraint's and takes its name.
    fn constraint_from_index(&mut self, id: &Id, index: &Text, def: &KeyDef) -> Option<Key> {
        let folded = self.catalog.fold(index);
        let origin = self.origin(def.span);
        let name = def.name.clone().unwrap_or_else(|| index.clone());
        let relation = self.catalog.relation_mut(id)?;
        let state = relation.keys.iter_mut().find(|k| k.name == folded)?;
        (state.name, state.kind, state.is_index, state.origin) = (name.clone(), def.kind, false, origin);
        let state = state.clone();
        self.catalog.index_names.remove(&(id.0.clone(), folded));
        self.catalog.index_names.insert((id.0.clone(), name), id.clone());
        if def.kind == KeyKind::Primary {
            for column in &state.columns {
                self.edit_column(id, column, |c| c.not_null = true);
            }
        }
        Some(finish::key(&self.catalog, &state))
    }

    /// The name the engine gives.
    fn automatic_name(&self, id: &Id, relation: &Relation, def: &KeyDef) -> Text {
        match self.catalog.dialect {
            Dialect::Postgres => {
                let (columns, label) = match def.kind {
                    KeyKind::Primary => (String::new(), "pkey"),
                    KeyKind::Unique if def.is_index => (def.labels.join("_"), "idx"),
                    KeyKind::Unique => (def.columns.join("_"), "key"),
                    KeyKind::Foreign => (def.columns.join("_"), "fkey"),
                    KeyKind::Index => (def.labels.join("_"), "idx"),
                    KeyKind::Exclude => (def.labels.join("_"), "excl"),
                    KeyKind::Check => match checked_columns(relation, &def.body).as_slice() {
                        [one] => (one.to_string(), "check"),
                        _ => (String::new(), "check"),
                    },
                };
                let taken = |name: &str| {
                    let name = (id.0.clone(), Text::from(name));
                    self.catalog.name_taken(&name) || relation.keys.iter().any(|k| k.name == name.1)
                };
                let label = |pass: u32| if pass == 0 { label.to_string() } else { format!("{label}{pass}") };
                let made = (0..1000).map(|pass| postgres_name(&relation.name, &columns, &label(pass)));
                made.into_iter().find(|name| !taken(name)).map_or_else(|| Text::from(""), Text::from)
            }
            Dialect::MySql => {
                let taken = |name: &str| relation.keys.iter().any(|k| k.name.eq_ignore_ascii_case(name));
                let numbered = |middle: &str| {
                    let names = (1..1000).map(|n| format!("{}_{middle}_{n}", relation.name));
                    names.into_iter().find(|n| !taken(n)).unwrap_or_default()
                };
                Text::from(match def.kind {
                    KeyKind::Primary => "PRIMARY".to_string(),
                    KeyKind::Foreign => numbered("ibfk"),
                    KeyKind::Check => numbered("chk"),
                    _ => {
                        let first = def.labels.first().map_or("functional_index", |l| &**l);
                        let more = (2..1000).map(|n| format!("{first}_{n}"));
                        std::iter::once(first.to_string()).chain(more).find(|n| !taken(n)).unwrap_or_default()
                    }
                })
            }
            Dialect::Sqlite => Text::from(""),
        }
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
        if let Some(name) = &def.name {
            let taken = match self.catalog.dialect {
                Dialect::MySql => {
                    self.catalog.relation(&id).is_some_and(|r| r.keys.iter().any(|k| k.name.eq_ignore_ascii_case(name)))
                }
                _ => self.catalog.name_taken(&(id.0.clone(), self.catalog.fold(name))),
            };
            if taken {
                if !if_not_exists {
                    self.mismatch(
                        format!("an index `{name}` exists already at this point of the history"),
                        Some(table),
                        span,
                    );
                }
                return;
            }
        }
        if let Some(key) = self.add_key(&id, def) {
            self.step(Action::CreateIndex { key: Box::new(key), concurrently }, Some(&id), span);
        }
    }

    pub(super) fn drop_index(
        &mut self,
        name: &Name,
        if_exists: bool,
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
                self.missing("index", name, span);
            }
            return;
        };
        if self.remove_key(&id, &name.name, |k| k.kind != KeyKind::Foreign && k.kind != KeyKind::Check) {
            self.step(Action::DropIndex { name: name.name.clone(), concurrently }, Some(&id), span);
        } else if !if_exists {
            self.missing("index", name, span);
        }
    }

    /// Takes a key out; false when there is none of that name.
    fn remove_key(&mut self, id: &Id, name: &str, fits: impl Fn(&KeyState) -> bool) -> bool {
        let dialect = self.catalog.dialect;
        let same = |k: &KeyState| {
            let equal = if dialect == Dialect::Postgres { &*k.name == name } else { k.name.eq_ignore_ascii_case(name) };
            equal && fits(k)
        };
        let Some(relation) = self.catalog.relation_mut(id) else { return false };
        let before = relation.keys.len();
        relation.keys.retain(|k| !same(k));
        let removed = relation.keys.len() < before;
        if removed {
            self.forget_index_name(id, name);
        }
        removed
    }

    pub(super) fn forget_index_name(&mut self, id: &Id, name: &str) {
        let key = (id.0.clone(), self.catalog.fold(name));
        if self.catalog.index_names.get(&key) == Some(id) {
            self.catalog.index_names.remove(&key);
        }
    }

    pub(super) fn drop_key(&mut self, id: &Id, name: &Text, kind: Option<KeyKind>, if_exists: bool, span: Span) {
        let fits = |k: &KeyState| match kind {
            Some(KeyKind::Index) => is_index_kind(k.kind),
            Some(kind) => k.kind == kind,
            None => !k.is_index,
        };
        let found = self
            .catalog
            .relation(id)
            .and_then(|r| r.keys.iter().find(|k| self.catalog.same(&k.name, name) && fits(k)).map(|k| k.kind));
        let tainted = self.catalog.relation(id).is_some_and(|r| r.tainted);
        match found {
            Some(found) => {
                let action = match kind {
                    Some(KeyKind::Index) => Action::DropIndex { name: name.clone(), concurrently: false },
                    _ => Action::DropKey { name: name.clone(), kind: Some(found) },
                };
                self.step(action, Some(id), span);
                let descendants = self.catalog.descendants(id);
                for target in std::iter::once(id).chain(&descendants) {
                    self.remove_key(target, name, fits);
                }
            }
            None if if_exists || tainted || !self.certain() => {}
            None => {
                let shown = self.catalog.shown(id);
                let what = Text::from(format!("`{shown}` has no constraint `{name}` at this point of the history"));
                self.step(Action::Mismatch { what }, Some(id), span);
            }
        }
    }

    pub(super) fn drop_primary_key(&mut self, id: &Id, span: Span) {
        let name = self
            .catalog
            .relation(id)
            .and_then(|r| r.keys.iter().find(|k| k.kind == KeyKind::Primary))
            .map(|k| k.name.clone());
        if let Some(name) = name {
            self.drop_key(id, &name, Some(KeyKind::Primary), true, span);
        }
    }

    pub(super) fn rename_key(&mut self, id: &Id, from: &Text, to: &Text, span: Span) {
        self.step(Action::Other, Some(id), span);
        let dialect = self.catalog.dialect;
        let Some(relation) = self.catalog.relation_mut(id) else { return };
        let same = |a: &str| if dialect == Dialect::Postgres { a == &**from } else { a.eq_ignore_ascii_case(from) };
        for key in relation.keys.iter_mut().filter(|k| same(&k.name)) {
            key.name = to.clone();
        }
        let old = (id.0.clone(), self.catalog.fold(from));
        if self.catalog.index_names.get(&old) == Some(id) {
            self.catalog.index_names.remove(&old);
            let new = (id.0.clone(), self.catalog.fold(to));
            self.catalog.index_names.insert(new, id.clone());
        }
    }

    pub(super) fn rename_index(&mut self, from: &Name, to: Text, if_exists: bool, span: Span) {
        match self.catalog.find_index(from) {
            Some((_, owner)) => self.rename_key(&owner, &from.name, &to, span),
            None if if_exists => {}
            None => self.missing("index", from, span),
        }
    }

    pub(super) fn validate_key(&mut self, id: &Id, name: &Text, span: Span) {
        self.step(Action::ValidateKey { name: name.clone() }, Some(id), span);
        if let Some(relation) = self.catalog.relation_mut(id) {
            for key in relation.keys.iter_mut().filter(|k| k.name == *name) {
                key.not_valid = false;
            }
        }
    }
}

fn is_index_kind(kind: KeyKind) -> bool {
    matches!(kind, KeyKind::Primary | KeyKind::Unique | KeyKind::Index)
}

/// True when the first columns of `key` are these, in this order.
fn covers(key: &KeyState, columns: &[Text]) -> bool {
    key.columns.len() >= columns.len() && key.columns.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// The columns that a CHECK mentions, in the table's order.
fn checked_columns(relation: &Relation, body: &[Atom]) -> Vec<Text> {
    let mentioned = |name: &Text| body.iter().any(|a| matches!(a, Atom::Word(w) if w.eq_ignore_ascii_case(name)));
    relation.columns.iter().filter(|c| mentioned(&c.name)).map(|c| c.name.clone()).collect()
}

/// `table_columns_label`, the longer of the first two cut until it fits.
fn postgres_name(table: &str, columns: &str, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(!columns.is_empty());
    let room = MAX_NAME.saturating_sub(overhead);
    let (mut first, mut second) = (table.len(), columns.len());
    if first + second > room {
        let half = room / 2;
        if second <= half {
            first = room - second;
        } else if first <= room - half {
            second = room - first;
        } else {
            (first, second) = (room - half, half);
        }
    }
    let clip = |text: &str, to: usize| {
        let end = (0..=to.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        text.get(..end).unwrap_or_default().to_string()
    };
    let (table, columns) = (clip(table, first), clip(columns, second));
    if columns.is_empty() { format!("{table}_{label}") } else { format!("{table}_{columns}_{label}") }
}
