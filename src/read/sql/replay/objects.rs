//! User types, views and comments.

use std::sync::Arc;

use crate::model::origin::Text;
use crate::model::sql::{Action, Dialect, TableKind};

use super::super::catalog::{Id, Relation, UserType, full_name};
use super::super::command::{Command, ViewQuery};
use super::super::cursor::{Name, Span};
use super::super::domains;
use super::super::query::{self, Answer, Missing};
use super::Replay;

impl Replay<'_> {
    pub(super) fn type_command(&mut self, command: Command, span: Span) {
        match command {
            Command::CreateEnum { name, if_not_exists: true, .. }
                if self.catalog.types.contains_key(&self.catalog.new_id(&name)) =>
            {
                self.step(Action::Other, None, span);
            }
            Command::CreateEnum { name, values, .. } => {
                let twice =
                    |(at, (value, _)): &(usize, &(Text, Span))| values.iter().skip(at + 1).any(|(v, _)| v == value);
                if let Some((_, (value, _))) = values.iter().enumerate().find(twice) {
                    let what = format!("the type `{}` has the value `{value}` twice", name.name);
                    return self.mismatch(what, None, span);
                }
                let values = values.into_iter().map(|(value, span)| (value, self.origin(span))).collect();
                let origin = self.origin(span);
                if let Some(shown) = self.create_type(&name, span, |shown| UserType::Enum { shown, values, origin }) {
                    self.step(Action::CreateEnum { name: shown }, None, span);
                }
            }
            Command::CreateType { name } => {
                self.create_type(&name, span, |shown| UserType::Other { shown });
                self.step(Action::Other, None, span);
            }
            Command::CreateDomain { name, base, not_null, keys } => {
                let (base, _) = self.column_type(&base);
                let keys = self.domain_keys(&name.name, keys);
                self.create_type(&name, span, |shown| UserType::Domain { shown, base, not_null, keys });
                self.step(Action::Other, None, span);
            }
            Command::AlterDomain { name, change } => self.alter_domain(&name, change, span),
            Command::AddEnumValue { name, value, before, after, if_not_exists } => {
                let origin = self.origin(span);
                let Some(id) = self.catalog.find_type(&name) else { return self.missing("type", &name, span) };
                let Some(UserType::Enum { shown, values, .. }) = self.catalog.types.get_mut(&id) else {
                    return self.mismatch(format!("`{}` is no enum type", name.name), None, span);
                };
                if values.iter().any(|(v, _)| *v == value) {
                    if !if_not_exists {
                        self.mismatch(format!("`{}` has a value `{value}` already", name.name), None, span);
                    }
                    return;
                }
                let at = |wanted: &Text| values.iter().position(|(v, _)| v == wanted);
                let index = before.as_ref().and_then(at).or_else(|| after.as_ref().and_then(at).map(|i| i + 1));
                if let (None, Some(beside)) = (index, before.or(after)) {
                    return self.mismatch(format!("`{}` has no value `{beside}`", name.name), None, span);
                }
                let shown = shown.clone();
                values.insert(index.unwrap_or(values.len()), (value.clone(), origin));
                self.step(Action::AddEnumValue { name: shown, value }, None, span);
            }
            Command::RenameEnumValue { name, from, to } => {
                let origin = self.origin(span);
                let Some(id) = self.catalog.find_type(&name) else { return self.missing("type", &name, span) };
                let Some(UserType::Enum { shown, values, .. }) = self.catalog.types.get_mut(&id) else {
                    return self.mismatch(format!("`{}` is no enum type", name.name), None, span);
                };
                let has = |wanted: &Text| values.iter().any(|(v, _)| v == wanted);
                let why = match (has(&from), has(&to)) {
                    (false, _) => Some(format!("`{shown}` has no value `{from}`")),
                    (_, true) => Some(format!("`{shown}` has a value `{to}` already")),
                    _ => None,
                };
                if let Some(why) = why {
                    return self.mismatch(why, None, span);
                }
                let name = shown.clone();
                for value in values.iter_mut().filter(|(v, _)| *v == from) {
                    *value = (to.clone(), origin);
                }
                self.step(Action::RenameEnumValue { name, from, to }, None, span);
            }
            Command::RenameType { name, to, domain } => match self.catalog.find_type(&name) {
                Some(id) => {
                    if domain && !matches!(self.catalog.types.get(&id), Some(UserType::Domain { .. })) {
                        return self.mismatch(format!("`{}` is no domain", name.name), None, span);
                    }
                    if self.catalog.types.contains_key(&(id.0.clone(), to.clone())) {
                        let what = format!("a type `{to}` exists already at this point of the history");
                        return self.mismatch(what, None, span);
                    }
                    self.step(Action::Other, None, span);
                    self.move_type(&id, id.0.clone(), to);
                }
                None => self.missing("type", &name, span),
            },
            Command::SetTypeSchema { name, schema } => match self.catalog.find_type(&name) {
                Some(id) => {
                    self.step(Action::Other, None, span);
                    let schema = self.catalog.schema(&schema);
                    if self.catalog.types.contains_key(&(schema.clone(), id.1.clone())) && schema != id.0 {
                        let what = format!("a type `{}` exists already at this point of the history", name.name);
                        return self.mismatch(what, None, span);
                    }
                    self.need_schema(&schema, span);
                    self.move_type(&id, schema, id.1.clone());
                }
                None => self.missing("type", &name, span),
            },
            _ => {}
        }
    }

    fn create_type(&mut self, name: &Name, span: Span, make: impl FnOnce(Text) -> UserType) -> Option<Text> {
        let id = self.catalog.new_id(name);
        self.need_schema(&id.0, span);
        if self.catalog.types.contains_key(&id) {
            self.mismatch(format!("a type `{}` exists already at this point of the history", name.name), None, span);
            return None;
        }
        let shown = full_name(&id.0, &name.name);
        self.catalog.types.insert(id, make(shown.clone()));
        Some(shown)
    }

    /// Gives a type another schema and name; columns follow.
    pub(super) fn move_type(&mut self, id: &Id, schema: Text, name: Text) {
        let Some(mut user) = self.catalog.types.remove(id) else { return };
        let target = (schema.clone(), name.clone());
        user.rename(full_name(&schema, &name));
        self.catalog.types.insert(target.clone(), user);
        self.edit_all(
            |relation| {
                for column in relation.columns.iter_mut().filter(|c| c.ty.named.as_ref() == Some(id)) {
                    column.ty.named = Some(target.clone());
                }
            },
            |r| r.columns.iter().any(|c| c.ty.named.as_ref() == Some(id)),
        );
        let over = |user: &UserType| matches!(user, UserType::Domain { base, .. } if base.named.as_ref() == Some(id));
        for other in self.catalog.types.ids(|_, user| over(user)) {
            if let Some(UserType::Domain { base, .. }) = self.catalog.types.get_mut(&other) {
                base.named = Some(target.clone());
            }
        }
    }

    pub(super) fn create_view(
        &mut self,
        name: &Name,
        materialized: bool,
        replace: bool,
        if_not_exists: bool,
        query: &ViewQuery,
        span: Span,
    ) {
        let kind = if materialized { TableKind::MaterializedView } else { TableKind::View };
        let (id, mut relation) = self.blank(name, kind, span);
        self.need_schema(&id.0, span);
        let postgres = self.catalog.dialect == Dialect::Postgres;
        let other =
            self.catalog.relation(&id).is_some_and(|r| r.kind != kind) || !self.catalog.relations.contains_key(&id);
        if self.catalog.name_taken(&id) && (!replace || postgres && other) {
            if !if_not_exists {
                let what = format!("a table or view `{}` exists already at this point of the history", name.name);
                self.mismatch(what, Some(name), span);
            } else {
                // PostgreSQL looks at the query first.
                let answer = self.query_columns(query, false);
                self.needs(answer.missing.filter(|m| !matches!(m, Missing::Twice(_))).as_ref(), span);
            }
            return;
        }
        if let Some(old) = self.catalog.relation(&id).filter(|r| r.kind != kind) {
            let what = format!("`{}` is not a view of that kind", old.full_name());
            return self.refuse(what, &id, span);
        }
        let answer = self.query_columns(query, false);
        if self.catalog.dialect != Dialect::Sqlite {
            self.needs(answer.missing.as_ref(), span);
        }
        if let Some(old) = self.catalog.relations.get(&id).filter(|_| postgres && answer.known).cloned()
            && let Some(what) = self.refuses_replacement(&old, &answer)
        {
            return self.refuse(what, &id, span);
        }
        (relation.columns, relation.reads, relation.tainted) = (answer.columns, answer.reads, !answer.known);
        self.catalog.relations.insert(id.clone(), Arc::new(relation));
        self.step(Action::CreateView, Some(&id), span);
    }

    /// `CREATE OR REPLACE VIEW` keeps the columns that are there, and adds more at the end.
    fn refuses_replacement(&self, old: &Relation, new: &Answer) -> Option<String> {
        if old.tainted {
            return None;
        }
        let shown = old.full_name();
        for (at, column) in old.columns.iter().enumerate() {
            let Some(now) = new.columns.get(at) else {
                return Some(format!("the view `{shown}` can not lose the column `{}` by being replaced", column.name));
            };
            if now.name != column.name {
                let (from, to) = (&column.name, &now.name);
                return Some(format!(
                    "the column `{from}` of the view `{shown}` can not become `{to}` by being replaced"
                ));
            }
            let (from, to) =
                (domains::type_name(&self.catalog, &column.ty), domains::type_name(&self.catalog, &now.ty));
            if from != to && !from.is_empty() && !to.is_empty() {
                let name = &column.name;
                return Some(format!(
                    "the column `{name}` of the view `{shown}` can not become `{to}` by being replaced"
                ));
            }
        }
        None
    }

    /// A query that asks for what is not there is refused.
    pub(super) fn needs(&mut self, missing: Option<&Missing>, span: Span) {
        match missing {
            Some(Missing::Relation(name)) => self.missing("table or view", name, span),
            Some(Missing::Column(Some(id), column)) => {
                let shown = self.catalog.shown(id);
                let what = format!("`{shown}` has no column `{column}` at this point of the history");
                self.lacks(what, id, Some(column), span);
            }
            Some(Missing::Column(None, column)) => {
                let what = format!("nothing in the query has a column `{column}` at this point of the history");
                self.mismatch(what, None, span);
            }
            Some(Missing::Ambiguous(column)) => {
                let what =
                    format!("several relations of the query have a column `{column}`, and it does not say which");
                self.mismatch(what, None, span);
            }
            Some(Missing::Function(name, ty)) => {
                self.mismatch(format!("there is no `{name}` of `{ty}`"), None, span);
            }
            Some(Missing::Operator(a, b)) => {
                self.mismatch(format!("`{a}` and `{b}` are compared, and there is no operator for that"), None, span);
            }
            Some(Missing::Common(a, b)) => {
                self.mismatch(format!("`{a}` and `{b}` are united, and no type is both"), None, span);
            }
            Some(Missing::Twice(name)) => {
                self.mismatch(format!("the query gives two columns of the name `{name}`"), None, span);
            }
            None => {}
        }
    }

    /// What a query gives and reads.
    pub(super) fn query_columns(&mut self, query: &ViewQuery, made: bool) -> Answer {
        let answer = query::columns(&self.catalog, self.src, query, self.origin(query.span), made);
        if answer.too_long {
            self.refused.push(self.origin(query.span));
        }
        answer
    }

    pub(super) fn comment(&mut self, name: &Name, column: Option<&Text>, text: Option<Text>, span: Span) {
        let Some(id) = self.catalog.find(name) else { return self.missing("table", name, span) };
        match column {
            Some(column) => {
                let known = self
                    .catalog
                    .relation(&id)
                    .is_some_and(|r| r.tainted || r.column(column, Dialect::Postgres).is_some());
                if !known {
                    let what = format!("`{}` has no column `{column}` at this point of the history", name.name);
                    self.mismatch(what, Some(name), span);
                }
                self.edit_column(&id, column, |c| c.comment = text.clone());
            }
            None => {
                if let Some(relation) = self.catalog.relation_mut(&id) {
                    relation.comment = text;
                }
            }
        }
        self.step(Action::Other, Some(&id), span);
    }
}
