//! Columns of a table or view that both sides have.

use serde_json::Value;

use crate::model::entity::EntityKind;
use crate::model::origin::{Origin, Text};
use crate::model::sql::{Action, Column, Dialect, Generated, Key, KeyKind, Schema, Table};
use crate::model::{Change, ChangeKind, Domain, Effect, Flows};

use super::enums;
use super::types::{self, Class, Kind, TypeChange};
use super::witness::{self, row};
use super::{Sides, expression, tables};

/// Compares the columns of the two versions of a table.
pub fn diff(sides: &Sides<'_>, base: &Table, head: &Table, view: bool, changes: &mut Vec<Change>) {
    // A view whose columns could not be resolved says nothing about them.
    if view && (base.columns.is_empty() || head.columns.is_empty() || base.tainted || head.tainted) {
        return;
    }
    let scope = Scope { sides, base, head, name: base.full_name(), entity: tables::entity(base) };
    let mut matched = Vec::new();
    for column in &base.columns {
        match scope.counterpart(column) {
            Some(now) => {
                matched.push(&*now.name);
                if now.name != column.name {
                    changes.push(scope.renamed(column, now));
                }
                if !view {
                    scope.compare(column, now, changes);
                }
            }
            None => changes.push(scope.removed(column)),
        }
    }
    for column in head.columns.iter().filter(|c| !matched.contains(&&*c.name)) {
        changes.push(scope.added(column));
    }
}

/// One table on both sides.
struct Scope<'a> {
    sides: &'a Sides<'a>,
    base: &'a Table,
    head: &'a Table,
    name: String,
    entity: EntityKind,
}

impl<'a> Scope<'a> {
    /// The column of head that a column of base is now. A name that another column was renamed to is not it.
    fn counterpart(&self, column: &Column) -> Option<&'a Column> {
        let renames = self.sides.renames;
        let now = renames.column(&self.name, &column.name);
        if now != &*column.name {
            return self.head.column(now).or_else(|| self.head.column(&column.name));
        }
        let taken = self.base.columns.iter().any(|other| {
            other.name != column.name
                && renames.column(&self.name, &other.name) == now
                && self.head.column(now).is_some()
        });
        if taken { None } else { self.head.column(now) }
    }

    fn change(&self, kind: ChangeKind, column: &Column, effect: Effect) -> Change {
        self.sides.change(kind, self.entity, format!("{}.{}", self.name, column.name), effect)
    }

    /// A change of a column that is on both sides.
    fn pair(&self, kind: ChangeKind, effect: Effect, base: &Column, head: &Column) -> Change {
        let mut change = self.change(kind, base, effect);
        change.base = Some(base.origin);
        change.head = Some(head.origin);
        change.facts.tainted = base.tainted || head.tainted;
        change.facts.required = required(head);
        change.facts.has_default = head.default.is_some();
        change.facts.recreated = self.recreated(base, head);
        change
    }

    /// Dropped and made again by this change, with values that nobody computes.
    fn recreated(&self, base: &Column, head: &Column) -> bool {
        let names = [&*self.name, &*self.head.full_name()];
        let computed = base.generated == Generated::Computed && head.generated == Generated::Computed;
        !computed && base.name == head.name && self.sides.history.recreated(&names, &head.name).is_some()
    }

    /// The last step of the change on this table for which the condition holds, else where the column says so.
    fn step(&self, change: &mut Change, wanted: impl Fn(&Action) -> bool) {
        let names = [&*self.name, &*self.head.full_name()];
        if let Some(origin) = self.sides.history.last(&names, wanted) {
            change.head = Some(origin);
        }
    }

    fn added(&self, column: &Column) -> Change {
        let required = required(column) && self.entity == EntityKind::Table;
        let effect = if required { Effect::Narrows } else { Effect::Same };
        let mut change = self.sides.change(
            ChangeKind::AttributeAdded,
            self.entity,
            format!("{}.{}", self.head.full_name(), column.name),
            effect,
        );
        change.after = Some(column.type_name.to_string());
        change.head = Some(column.origin);
        change.facts.required = required;
        change.facts.has_default = column.default.is_some();
        change.facts.tainted = column.tainted;
        if required {
            change.lost = Some(row(&column.name, Value::Null, "base", "head"));
            if self.leaves_rows_without(column) {
                change.detail = ", and existing rows have no value for it".to_string();
            } else {
                change.flows = Flows::BOTH;
            }
        }
        change
    }

    /// A column that is filled before it is required, or comes with a table built anew, has values in old rows.
    fn leaves_rows_without(&self, column: &Column) -> bool {
        let names = [&*self.name, &*self.head.full_name()];
        // A default that is dropped behind it has filled them.
        let at_once = |a: &Action| matches!(a, Action::AddColumn { column: c, not_null: true, has_default: false, .. } if *c == column.name);
        self.sides.head.migrations.is_empty() || self.sides.history.last(&names, at_once).is_some()
    }

    fn removed(&self, column: &Column) -> Change {
        let mut change = self.change(ChangeKind::AttributeRemoved, column, Effect::Both);
        change.before = Some(column.type_name.to_string());
        change.base = Some(column.origin);
        self.step(&mut change, |a| matches!(a, Action::DropColumn { column: c } if *c == column.name));
        if change.head.is_none() {
            change.head = self.type_dropped(column);
        }
        // A step that drops it is certain, whatever else could not be read.
        let unsure = self.head.tainted || column.tainted || self.sides.head.unread > 0;
        if change.head.is_none() && unsure {
            change.effect = Effect::Undecided;
            change.facts.tainted = true;
        }
        // A view, a table that was built anew without it, or an edited `CREATE TABLE`.
        change.head = change.head.or(Some(self.head.created_at()));
        change.facts.required = required(column);
        change.facts.other_name = self.probable(column);
        change.facts.dependants = tables::view_dependants(self.sides, &self.name, Some(&column.name));
        change
    }

    /// The step that dropped the column's type, and the column with it.
    fn type_dropped(&self, column: &Column) -> Option<Origin> {
        let of = |a: &Action| matches!(a, Action::DropType { name, cascade: true } if name.chars().eq(column.type_name.chars().filter(|c| *c != '"')));
        self.sides.history.steps.iter().rev().find(|s| of(&s.step.action)).map(|s| s.step.origin)
    }

    /// The new column that the dropped one was probably renamed to: same type and nullability, and a like name or the
    /// same place. A hint, never more.
    fn probable(&self, column: &Column) -> Option<String> {
        let place = |table: &Table, name: &str| table.columns.iter().position(|c| &*c.name == name);
        let is_new = |c: &&Column| {
            self.base.column(&c.name).is_none()
                && !self.base.columns.iter().any(|b| self.sides.renames.column(&self.name, &b.name) == &*c.name)
        };
        let fits = |c: &&Column| {
            let like = alike(&c.name, &column.name);
            let same_place = place(self.head, &c.name) == place(self.base, &column.name);
            c.type_name == column.type_name && c.not_null == column.not_null && (like || same_place)
        };
        let mut found = self.head.columns.iter().filter(is_new).filter(fits);
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one.name.to_string()),
            _ => None,
        }
    }

    fn renamed(&self, base: &Column, head: &Column) -> Change {
        let mut change = self.pair(ChangeKind::AttributeRenamed, Effect::Both, base, head);
        change.before = Some(base.name.to_string());
        change.after = Some(head.name.to_string());
        change.facts.other_name = Some(head.name.to_string());
        // Rows keep their values.
        change.flows = Flows::BOTH;
        change.facts.dependants = match self.sides.dialect() {
            // Views hold on to the column itself, not to its name.
            Dialect::Postgres => Vec::new(),
            _ => tables::view_dependants(self.sides, &self.name, Some(&base.name)),
        };
        self.step(&mut change, |a| matches!(a, Action::RenameColumn { to, .. } if *to == head.name));
        change
    }

    fn compare(&self, base: &Column, head: &Column, changes: &mut Vec<Change>) {
        changes.extend(self.nullability(base, head));
        self.types(base, head, changes);
        let generation = self.generation(base, head);
        if generation.is_none() {
            changes.extend(self.default(base, head));
        }
        changes.extend(generation.or_else(|| self.formula(base, head)));
    }

    fn nullability(&self, base: &Column, head: &Column) -> Option<Change> {
        let key =
            |table: &Table, name: &str| table.primary_key().is_some_and(|k| k.columns.iter().any(|c| &**c == name));
        // A primary key that comes or goes is told once, as such; SQLite's keys may hold null, which nobody means.
        if base.not_null == head.not_null || key(self.base, &base.name) || key(self.head, &head.name) {
            return None;
        }
        let (mut change, is_step): (Change, fn(&Action, &Text) -> bool) = if head.not_null {
            // A CHECK had refused null before.
            let effect = if base.domain.nullable() { Effect::Narrows } else { Effect::Same };
            let mut change = self.pair(ChangeKind::AttributeRequired, effect, base, head);
            change.lost = Some(row(&base.name, Value::Null, "base", "head")).filter(|_| effect == Effect::Narrows);
            (change, |a, c| matches!(a, Action::SetNotNull { column, .. } if column == c))
        } else {
            let mut change = self.pair(ChangeKind::AttributeOptional, Effect::Widens, base, head);
            change.gained = Some(row(&base.name, Value::Null, "head", "base"));
            (change, |a, c| matches!(a, Action::DropNotNull { column } if column == c))
        };
        let word = |not_null| Some(if not_null { "NOT NULL" } else { "NULL" }.to_string());
        (change.before, change.after) = (word(base.not_null), word(head.not_null));
        self.step(&mut change, |a| is_step(a, &head.name));
        change.facts.left_out = self.left_out(&head.name, "NOT NULL");
        Some(change)
    }

    fn types(&self, base: &Column, head: &Column, changes: &mut Vec<Change>) {
        let kind = |schema: &Schema, column: &Column| match schema.enums.iter().find(|e| e.is_named(&column.type_name))
        {
            Some(e) => Kind::Enum { values: e.values.iter().map(|(v, _)| v.to_string()).collect() },
            None => Kind::of(schema.dialect, &column.type_name),
        };
        let (a, b) = (kind(self.sides.base, base), kind(self.sides.head, head));
        let is_step = |action: &Action| matches!(action, Action::AlterType { column, .. } if *column == head.name);
        let lists = (values(&a, &base.domain), values(&b, &head.domain));
        let named = |schema: &Schema, c: &Column| schema.enums.iter().any(|e| e.is_named(&c.type_name));
        if base.type_name == head.type_name && named(self.sides.base, base) && named(self.sides.head, head) {
            // Told once, for the enum type.
            return;
        }
        if a.class() == b.class()
            && let (Some(before), Some(after)) = lists
        {
            for mut change in
                enums::values(self.sides, self.entity, &format!("{}.{}", self.name, base.name), &before, &after)
            {
                change.base = Some(base.origin);
                change.head = Some(head.origin);
                change.facts.tainted = base.tainted || head.tainted;
                if let Some(check) = check_on(self.base, &base.name) {
                    change.base = Some(check);
                }
                if let Some(check) = check_on(self.head, &head.name) {
                    change.head = Some(check);
                }
                self.step(&mut change, is_step);
                changes.push(change);
            }
            let moved = |v: &&Text| after.contains(*v);
            let order = after.iter().filter(|v| before.contains(v));
            if a.class() == Class::Enum && before.iter().filter(moved).eq(order) {
                return;
            }
        }
        let Some(found) = types::between(self.sides.dialect(), &a, &b) else { return };
        let mut change = self.pair(kind_of(&found, &a, &b), found.effect, base, head);
        change.before = Some(base.type_name.to_string());
        change.after = Some(head.type_name.to_string());
        change.detail = found.reason;
        let in_key = |table: &Table, c: &Column| {
            table
                .keys
                .iter()
                .any(|k| matches!(k.kind, KeyKind::Primary | KeyKind::Foreign) && k.columns.contains(&c.name))
        };
        if in_key(self.base, base) {
            change.facts.key = Some(KeyKind::Primary);
        }
        self.step(&mut change, is_step);
        if matches!(found.effect, Effect::Narrows | Effect::Both) {
            change.lost = witness::lost(&base.name, &base.domain, &head.domain);
        }
        if matches!(found.effect, Effect::Widens | Effect::Both) {
            change.gained = witness::gained(&base.name, &base.domain, &head.domain);
        }
        changes.push(change);
    }

    /// The part, when the last statement about it did not repeat it.
    fn left_out(&self, column: &Text, part: &str) -> Option<&'static str> {
        let names = [&*self.name, &*self.head.full_name()];
        self.sides.history.on(&names).rev().find_map(|s| match s.step.action {
            Action::LeaveOut { column: ref c, what } if c == column && what == part => Some(what),
            _ => None,
        })
    }

    fn default(&self, base: &Column, head: &Column) -> Option<Change> {
        if expression::same_default(self.sides.dialect(), base.default.as_deref(), head.default.as_deref()) {
            return None;
        }
        let needed = base.default.is_some() && required(head);
        let effect = if needed { Effect::Narrows } else { Effect::Same };
        let mut change = self.pair(ChangeKind::DefaultChanged, effect, base, head);
        // Rows keep what they have.
        change.flows = Flows::IN;
        change.before = base.default.as_ref().map(ToString::to_string);
        change.after = head.default.as_ref().map(ToString::to_string);
        self.step(
            &mut change,
            |a| matches!(a, Action::SetDefault { column } | Action::DropDefault { column } if *column == head.name),
        );
        change.facts.left_out = self.left_out(&head.name, "DEFAULT").filter(|_| head.default.is_none());
        Some(change)
    }

    /// The engine writes something else into the column by itself.
    fn formula(&self, base: &Column, head: &Column) -> Option<Change> {
        let (was, now) = (base.formula.as_deref(), head.formula.as_deref());
        // Names in it follow a rename.
        let renamed = !self.sides.renames.is_empty(&self.name);
        let computed = base.generated == Generated::Computed;
        let detail = match (was, now) {
            (Some(was), Some(now)) if computed && !renamed => {
                let same = expression::same_default(self.sides.dialect(), Some(was), Some(now));
                (!same).then(|| {
                    format!("is computed as `{now}` and no longer as `{was}`: all rows show other values at once")
                })
            }
            (Some(_), None) if !computed => Some("is no longer set to the time of each update".to_string()),
            (None, Some(_)) if !computed => Some("is set to the time of each update from now on".to_string()),
            _ => None,
        }?;
        let mut change = self.pair(ChangeKind::FormulaChanged, Effect::Same, base, head);
        (change.before, change.after) = (was.map(String::from), now.map(String::from));
        change.detail = detail;
        change.facts.left_out = self.left_out(&head.name, "ON UPDATE").filter(|_| now.is_none());
        self.step(&mut change, |a| matches!(a, Action::SetExpression { column } if *column == head.name));
        Some(change)
    }

    fn generation(&self, base: &Column, head: &Column) -> Option<Change> {
        use Generated::{Always, ByDefault, Computed, No};
        let effect = match (base.generated, head.generated) {
            (a, b) if a == b => return None,
            (Computed, _) => Effect::Both,
            (_, Always | Computed) => Effect::Narrows,
            (_, No) if required(head) => Effect::Narrows,
            _ => Effect::Same,
        };
        let word = |g: Generated| match g {
            No => "written by the application",
            ByDefault => "generated unless given",
            Always => "always generated",
            Computed => "computed from other columns",
        };
        let mut change = self.pair(ChangeKind::GenerationChanged, effect, base, head);
        change.flows = Flows::IN;
        change.before = Some(word(base.generated).to_string());
        change.after = Some(word(head.generated).to_string());
        change.facts.left_out = self.left_out(&head.name, "AUTO_INCREMENT");
        Some(change)
    }
}

/// An insert must give it.
pub fn required(column: &Column) -> bool {
    column.not_null && column.default.is_none() && column.generated == Generated::No
}

/// Where the only CHECK of a column is written.
fn check_on(table: &Table, column: &str) -> Option<Origin> {
    let on = |key: &&Key| key.kind == KeyKind::Check && matches!(key.columns.as_slice(), [only] if &**only == column);
    table.keys.iter().find(on).map(|key| key.origin)
}

/// The closed list of texts of a column: of its enum type, or of a CHECK.
fn values(kind: &Kind, domain: &Domain) -> Option<Vec<Text>> {
    if let Kind::Enum { values } = kind {
        return Some(values.iter().map(|v| Text::from(v.as_str())).collect());
    }
    let values = domain.values.as_ref()?;
    let text = |v: &Value| match v {
        Value::String(text) => Text::from(text.as_str()),
        other => Text::from(other.to_string()),
    };
    Some(values.iter().filter(|v| !v.is_null()).map(text).collect())
}

/// A change of a length or a precision is not called a change of type.
fn kind_of(change: &TypeChange, a: &Kind, b: &Kind) -> ChangeKind {
    let one_way = matches!(change.effect, Effect::Narrows | Effect::Widens);
    match (a.class(), b.class()) {
        (Class::Text, Class::Text) if one_way => ChangeKind::LengthChanged,
        (Class::Exact, Class::Exact) => ChangeKind::RangeChanged,
        (Class::Moment, Class::Moment) if one_way => ChangeKind::RangeChanged,
        _ => ChangeKind::TypeChanged,
    }
}

/// One name is part of the other, or they differ by at most a third of their letters.
fn alike(a: &str, b: &str) -> bool {
    let words = |name: &str| name.to_ascii_lowercase().replace('_', "");
    let (a, b) = (words(a), words(b));
    if a.contains(&b) || b.contains(&a) {
        return a.len().min(b.len()) >= 3;
    }
    let shared = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let tail = a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).count();
    (shared + tail) * 3 >= a.len().max(b.len()) * 2
}
