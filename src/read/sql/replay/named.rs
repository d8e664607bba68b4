//! Routines, triggers, policies, sequences and extensions as named objects.

use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, KeyKind, ObjectKind};

use super::super::catalog::{ColumnState, Id, NamedState, Relation, full_name};
use super::super::command::Named;
use super::super::cursor::{Name, Span};
use super::Replay;

/// Between the parts of a key: no name holds it.
const APART: char = '\n';

/// Under which an object is kept: kind and schema, name and table.
fn key(kind: ObjectKind, schema: &str, name: &str, table: Option<&Id>) -> Id {
    let on = table.map_or(String::new(), |(schema, table)| format!("{APART}{schema}.{table}"));
    (Text::from(format!("{}{APART}{schema}", kind.word())), Text::from(format!("{name}{on}")))
}

impl Replay<'_> {
    /// The key of an object of that name; that of an existing one where there is one.
    pub(super) fn named_id(&self, kind: ObjectKind, name: &Name, on: Option<&Name>) -> Id {
        let table = on.and_then(|t| self.catalog.find(t));
        let folded = self.catalog.fold(&name.name);
        let schemas: Vec<Text> = match (&name.schema, &table) {
            // PostgreSQL's triggers and policies are named within their table.
            (None, Some((schema, _))) => vec![schema.clone()],
            (Some(schema), _) => vec![self.catalog.fold(&self.catalog.schema(schema))],
            (None, None) => self.catalog.search_path.iter().map(|s| self.catalog.fold(s)).collect(),
        };
        let exact = |schema: &Text| key(kind, schema, &folded, table.as_ref().filter(|_| self.per_table(kind)));
        let found = schemas.iter().map(exact).find(|id| self.catalog.named.contains_key(id));
        found.unwrap_or_else(|| exact(schemas.first().unwrap_or(&Text::from(""))))
    }

    /// Two tables may have objects of that kind with one name.
    fn per_table(&self, kind: ObjectKind) -> bool {
        let postgres = self.catalog.dialect == Dialect::Postgres;
        matches!(kind, ObjectKind::Policy | ObjectKind::RowSecurity) || kind == ObjectKind::Trigger && postgres
    }

    pub(super) fn create_named(&mut self, named: Named, span: Span) {
        let table = named.table.as_ref().and_then(|t| self.catalog.find(t));
        let id = self.named_id(named.kind, &named.name, named.table.as_ref());
        let schema = id.0.split_once(APART).map_or("", |(_, schema)| schema);
        let shown = self.called(named.kind, schema, &named.name.name);
        let calls = named
            .calls
            .as_ref()
            .map(|f| full_name(&f.schema.as_ref().map_or(Text::from(""), |s| self.catalog.schema(s)), &f.name));
        let others = self.catalog.named.get(&id).map_or(0, |old| old.signatures);
        let routines = self.routines(&id, &named);
        let (kind, origin) = (named.kind, self.origin(span));
        self.catalog.extended |= kind == ObjectKind::Extension;
        // A function of the same name may be another one, for other arguments.
        let signatures = if kind == ObjectKind::Function { others + 1 } else { 1 };
        let state = NamedState {
            kind,
            name: shown.clone(),
            table: table.clone(),
            calls,
            detail: named.detail,
            rows: named.rows,
            signatures,
            routines,
            origin,
        };
        self.catalog.named.insert(id, state);
        self.step(Action::CreateObject { kind, name: shown }, table.as_ref(), span);
    }

    pub(super) fn drop_named(&mut self, kind: ObjectKind, name: &Name, on: Option<&Name>, cascade: bool, span: Span) {
        let id = self.named_id(kind, name, on);
        let Some(state) = self.catalog.named.get(&id).cloned() else {
            let shown = full_name(&name.schema.as_ref().map_or(Text::from(""), |s| self.catalog.schema(s)), &name.name);
            self.step(Action::DropObject { kind, name: shown, cascade }, None, span);
            if cascade {
                self.drop_callers(&name.name, span);
            }
            return;
        };
        if state.signatures > 1 {
            if let Some(state) = self.catalog.named.get_mut(&id) {
                state.signatures -= 1;
            }
            return self.step(Action::Other, None, span);
        }
        let calls = |other: &NamedState| other.kind == ObjectKind::Trigger && other.calls.as_ref() == Some(&state.name);
        let callers = self.catalog.named.ids(|_, other| kind == ObjectKind::Function && calls(other));
        if let Some(caller) = callers.first().and_then(|c| self.catalog.named.get(c)).filter(|_| !cascade) {
            let table = caller.table.as_ref().map_or(Text::from(""), |t| self.catalog.shown(t));
            let what = format!(
                "the trigger `{}` of `{table}` still needs the function `{}`, and the statement does not say CASCADE",
                caller.name, state.name
            );
            return self.mismatch(what, None, span);
        }
        self.step(Action::DropObject { kind, name: state.name.clone(), cascade }, state.table.as_ref(), span);
        self.catalog.named.remove(&id);
        for caller in callers {
            self.catalog.named.remove(&caller);
        }
        if cascade {
            self.drop_callers(&name.name, span);
        }
    }

    pub(super) fn rename_named(&mut self, kind: ObjectKind, name: &Name, on: Option<&Name>, to: &Name, span: Span) {
        let id = self.named_id(kind, name, on);
        let Some(mut state) = self.catalog.named.remove(&id) else { return self.step(Action::Other, None, span) };
        let schema = id.0.split_once(APART).map_or("", |(_, schema)| schema).to_string();
        let now = self.called(kind, &schema, &to.name);
        let from = std::mem::replace(&mut state.name, now);
        let calls = |other: &NamedState| kind == ObjectKind::Function && other.calls.as_ref() == Some(&from);
        let callers = self.catalog.named.ids(|_, other| calls(other));
        let action = Action::RenameObject { kind, from, to: state.name.clone() };
        self.step(action, state.table.as_ref(), span);
        for caller in callers {
            if let Some(caller) = self.catalog.named.get_mut(&caller) {
                caller.calls = Some(state.name.clone());
            }
        }
        let table = state.table.clone().filter(|_| self.per_table(kind));
        self.catalog.named.insert(key(kind, &schema, &self.catalog.fold(&to.name), table.as_ref()), state);
    }

    /// What lives in a table has no schema of its own.
    fn called(&self, kind: ObjectKind, schema: &str, name: &Text) -> Text {
        if self.per_table(kind) { name.clone() } else { full_name(schema, name) }
    }

    /// A sequence goes with the table that owns it.
    pub(super) fn own_sequence(&mut self, name: &Name, table: &Name, span: Span) {
        let table = self.catalog.find(table);
        let id = self.named_id(ObjectKind::Sequence, name, None);
        if let Some(state) = self.catalog.named.get_mut(&id) {
            state.table = table;
        }
        self.step(Action::Other, None, span);
    }

    pub(super) fn row_security(&mut self, id: &Id, on: bool, span: Span) {
        let of = key(ObjectKind::RowSecurity, &id.0, "", Some(id));
        let origin = self.origin(span);
        if on {
            let state = NamedState {
                kind: ObjectKind::RowSecurity,
                name: Text::from(""),
                table: Some(id.clone()),
                calls: None,
                detail: Text::from(""),
                rows: Vec::new(),
                signatures: 1,
                routines: Vec::new(),
                origin,
            };
            self.catalog.named.insert(of, state);
        } else {
            self.catalog.named.remove(&of);
        }
        self.step(Action::RowSecurity { on }, Some(id), span);
    }

    /// What belongs to a table goes with it.
    pub(super) fn drop_named_of(&mut self, table: &Id) {
        for id in self.catalog.named.ids(|_, state| state.table.as_ref() == Some(table)) {
            self.catalog.named.remove(&id);
        }
    }

    /// What belongs to a table follows it to its new name.
    pub(super) fn move_named_of(&mut self, table: &Id, to: &Id) {
        for id in self.catalog.named.ids(|_, state| state.table.as_ref() == Some(table)) {
            let Some(mut state) = self.catalog.named.remove(&id) else { continue };
            state.table = Some(to.clone());
            let target = match self.per_table(state.kind) {
                true => {
                    let name = id.1.rsplit_once(APART).map_or("", |(name, _)| name);
                    key(state.kind, &to.0, name, Some(to))
                }
                false => id,
            };
            self.catalog.named.insert(target, state);
        }
    }

    /// `DROP FUNCTION`, `DROP SEQUENCE` with `CASCADE`: whatever calls them goes along.
    fn drop_callers(&mut self, name: &Text, span: Span) {
        let calls = |r: &Relation| {
            r.keys.iter().any(|k| super::names::calls(&k.body, name)) || r.columns.iter().any(|c| c.calls(name))
        };
        for id in self.catalog.relations.ids(|_, r| calls(r)) {
            self.catalog.take_keys(&id, |k| super::names::calls(&k.body, name) && k.kind != KeyKind::Foreign);
            let columns: Vec<ColumnState> = self
                .catalog
                .relation(&id)
                .map(|r| r.columns.iter().filter(|c| c.calls(name)).cloned().collect())
                .unwrap_or_default();
            for column in columns {
                if column.generated == crate::model::sql::Generated::Computed {
                    self.take_column(&id, &column.name, true, span);
                } else {
                    self.edit_column(&id, &column.name, |c| c.default = None);
                }
            }
        }
    }
}
