//! Keys, constraints and indexes of a table that both sides have.

use crate::model::origin::{Origin, Text};
use crate::model::sql::{Action, Column, Key, KeyKind, Table};
use crate::model::{Change, ChangeKind, Effect};

use super::{Sides, expression, tables, witness};

/// Compares the keys: first by what they say, then by name, then by their columns.
pub fn diff(sides: &Sides<'_>, base: &Table, head: &Table, changes: &mut Vec<Change>) {
    let scope = Scope { sides, base, head, name: base.full_name() };
    let mut gone: Vec<(&Key, Key)> = base.keys.iter().map(|key| (key, scope.carried(key))).collect();
    let mut new: Vec<&Key> = head.keys.iter().collect();
    let passes: [fn(&Key, &Key) -> bool; 3] = [
        |a, b| a.kind == b.kind && a.definition == b.definition,
        |a, b| a.kind == b.kind && a.name == b.name && a.kind != KeyKind::Primary,
        |a, b| match a.kind {
            KeyKind::Foreign => b.kind == a.kind && a.columns == b.columns && target(a) == target(b),
            KeyKind::Check => b.kind == a.kind && a.columns == b.columns,
            _ => false,
        },
    ];
    for (pass, matches) in passes.iter().enumerate() {
        let mut left = Vec::new();
        for (was, carried) in gone {
            match new.iter().position(|key| matches(&carried, key)) {
                Some(at) => {
                    let now = new.remove(at);
                    if pass > 0 {
                        changes.extend(scope.changed(was, &carried, now));
                    }
                }
                None => left.push((was, carried)),
            }
        }
        gone = left;
    }
    let primary = |keys: &[&Key]| keys.iter().position(|k| k.kind == KeyKind::Primary);
    let was = gone.iter().position(|(k, _)| k.kind == KeyKind::Primary).map(|at| gone.remove(at));
    let now = primary(&new).map(|at| new.remove(at));
    changes.extend(scope.primary(was, now));
    for (was, carried) in &gone {
        changes.extend(scope.removed(was, carried));
    }
    for key in new {
        changes.extend(scope.added(key));
    }
}

/// Table and columns a foreign key points to.
fn target(key: &Key) -> Option<(&Text, &[Text])> {
    key.references.as_ref().map(|r| (&r.table, r.columns.as_slice()))
}

struct Scope<'a> {
    sides: &'a Sides<'a>,
    base: &'a Table,
    head: &'a Table,
    name: String,
}

impl Scope<'_> {
    /// The key with the names that its columns and tables have in head.
    fn carried(&self, key: &Key) -> Key {
        let renames = self.sides.renames;
        let mut key = key.clone();
        if renames.is_empty(&self.name) {
            return key;
        }
        for column in &mut key.columns {
            *column = Text::from(renames.column(&self.name, column));
        }
        if let Some(target) = &mut key.references {
            let table = target.table.clone();
            for column in &mut target.columns {
                *column = Text::from(renames.column(&table, column));
            }
            target.table = Text::from(renames.table(&table));
        }
        key.definition = Text::from(rename_words(&key.definition, |word| renames.word(&self.name, word)));
        key
    }

    fn change(&self, kind: ChangeKind, key: &Key, effect: Effect) -> Change {
        let mut change = self.sides.change(kind, tables::entity(self.base), &self.name, effect);
        change.detail = described(key);
        change.facts.key = Some(key.kind);
        change
    }

    fn dropped_by(&self, key: &Key) -> Option<Origin> {
        let names = [&*self.name, &*self.head.full_name()];
        self.sides.history.last(&names, |a| match a {
            Action::DropKey { name, .. } | Action::DropIndex { name, .. } => {
                *name == key.name || (name.is_empty() && key.kind == KeyKind::Primary)
            }
            _ => false,
        })
    }

    /// Where the table was built anew by this change, without the key.
    fn built_anew(&self) -> Option<Origin> {
        self.sides.history.creates(self.head).then(|| self.head.created_at())
    }

    /// The column came with this change: no row and no code has it yet.
    fn is_new(&self, column: &str) -> bool {
        let renames = self.sides.renames;
        !self.base.columns.iter().any(|c| renames.column(&self.name, &c.name) == column)
    }

    fn all_new(&self, key: &Key) -> bool {
        !key.columns.is_empty() && key.columns.iter().all(|c| self.is_new(c))
    }

    fn primary(&self, was: Option<(&Key, Key)>, now: Option<&Key>) -> Option<Change> {
        let effect = match (&was, now) {
            (None, None) => return None,
            (Some((_, carried)), Some(now)) if carried.columns == now.columns => return None,
            (None, Some(now)) if self.all_new(now) => Effect::Same,
            (None, Some(_)) => Effect::Narrows,
            (Some(_), None) => Effect::Widens,
            (Some(_), Some(_)) => Effect::Both,
        };
        let key = now.or(was.as_ref().map(|(k, _)| *k))?;
        let mut change = self.change(ChangeKind::PrimaryKeyChanged, key, effect);
        let listed = |k: &Key| format!("({})", k.columns.join(", "));
        change.before = was.as_ref().map(|(k, _)| listed(k));
        change.after = now.map(listed);
        change.base = was.as_ref().map(|(k, _)| k.origin).or(Some(self.base.key));
        let dropped = was.as_ref().and_then(|(k, _)| self.dropped_by(k));
        change.head = now.map(|k| k.origin).or(dropped).or(Some(self.head.key));
        change.detail = String::new();
        Some(change)
    }

    fn removed(&self, was: &Key, carried: &Key) -> Option<Change> {
        // What went with its column or with the table it points to is told there.
        let lost_column = carried.columns.iter().any(|c| self.head.column(c).is_none());
        let lost_target = carried.references.as_ref().is_some_and(|r| self.sides.head.named(&r.table).is_none());
        if lost_column || lost_target {
            return None;
        }
        if let Some(wider) = self.head.keys.iter().find(|k| keeps_reference(k, carried)) {
            // The rows point to the same parent still, by more columns.
            return self.changed(was, carried, wider).filter(|change| change.effect == Effect::Same);
        }
        let effect = match was.kind {
            KeyKind::Index | KeyKind::Foreign | KeyKind::Primary => Effect::Same,
            KeyKind::Unique if self.head.keys.iter().any(|k| is_unique_within(k, carried)) => Effect::Same,
            KeyKind::Check if self.only_not_null(carried) => return None,
            _ => Effect::Widens,
        };
        let mut change = self.change(ChangeKind::KeyRemoved, was, effect);
        change.before = Some(was.definition.to_string());
        change.base = Some(was.origin);
        change.head = self.dropped_by(was).or_else(|| self.built_anew());
        self.show(carried, &mut change);
        Some(change)
    }

    fn added(&self, key: &Key) -> Option<Change> {
        let effect = match key.kind {
            KeyKind::Index => Effect::Same,
            _ if self.all_new(key) => Effect::Same,
            // No running code writes the new column, and what old rows hold in it is the change's own choice.
            KeyKind::Unique if key.columns.iter().any(|c| self.is_new(c)) => Effect::Same,
            KeyKind::Unique if self.base.keys.iter().any(|k| is_unique_within(k, key)) => Effect::Same,
            KeyKind::Check if self.only_not_null(key) => Effect::Same,
            _ => Effect::Narrows,
        };
        let mut change = self.change(ChangeKind::KeyAdded, key, effect);
        change.after = Some(key.definition.to_string());
        change.head = Some(key.origin);
        self.show(key, &mut change);
        Some(change)
    }

    fn changed(&self, was: &Key, carried: &Key, now: &Key) -> Option<Change> {
        if was.kind == KeyKind::Index {
            return None;
        }
        let effect = match now.kind {
            KeyKind::Check if self.told_as_values(carried, now) => return None,
            KeyKind::Check if expression::same_check(self.sides.dialect(), &carried.definition, &now.definition) => {
                return None;
            }
            KeyKind::Foreign if target(carried) == target(now) || keeps_reference(now, carried) => Effect::Same,
            KeyKind::Unique if nulls_meet(carried) && !nulls_meet(now) && now.columns == carried.columns => {
                Effect::Widens
            }
            KeyKind::Unique if is_unique_within(now, carried) => Effect::Narrows,
            KeyKind::Unique if is_unique_within(carried, now) => Effect::Widens,
            KeyKind::Unique | KeyKind::Foreign | KeyKind::Exclude | KeyKind::Primary => Effect::Both,
            KeyKind::Check => {
                self.column_of(now).map_or(Effect::Undecided, |(b, h)| witness::effect(&b.domain, &h.domain))
            }
            KeyKind::Index => Effect::Undecided,
        };
        let mut change = self.change(ChangeKind::KeyChanged, now, effect);
        let actions = |key: &Key| match &key.references {
            Some(r) if now.kind == KeyKind::Foreign && effect == Effect::Same => {
                format!("ON DELETE {} ON UPDATE {}", r.on_delete, r.on_update)
            }
            _ => key.definition.to_string(),
        };
        change.before = Some(actions(was));
        change.after = Some(actions(now));
        if change.before == change.after {
            return None;
        }
        change.base = Some(was.origin);
        change.head = Some(now.origin);
        self.show(now, &mut change);
        Some(change)
    }

    /// A CHECK that only refuses null, on a column that is `NOT NULL` anyway: told there.
    fn only_not_null(&self, check: &Key) -> bool {
        let [column] = check.columns.as_slice() else { return false };
        let text = check.definition.to_ascii_lowercase();
        let plain = text.contains("is not null") && !text.contains(" and ") && !text.contains(" or ");
        plain && self.head.column(column).is_some_and(|c| c.not_null)
    }

    /// Both lists of values are known: told as values added and removed.
    fn told_as_values(&self, was: &Key, now: &Key) -> bool {
        let listed = |(base, head): (&Column, &Column)| base.domain.values.is_some() && head.domain.values.is_some();
        was.columns == now.columns && self.column_of(now).is_some_and(listed)
    }

    /// The only column of a check, on both sides.
    fn column_of(&self, check: &Key) -> Option<(&Column, &Column)> {
        let [column] = check.columns.as_slice() else { return None };
        let base = self.base.columns.iter().find(|c| self.sides.renames.column(&self.name, &c.name) == &**column)?;
        Some((base, self.head.column(column)?))
    }

    /// The values that a check lets in or keeps out, where the column's domain shows them.
    fn show(&self, key: &Key, change: &mut Change) {
        if key.kind != KeyKind::Check {
            return;
        }
        if let Some((base, head)) = self.column_of(key) {
            change.lost = witness::lost(&base.name, &base.domain, &head.domain);
            change.gained = witness::gained(&base.name, &base.domain, &head.domain);
        }
        if change.effect == Effect::Undecided {
            change.facts.undecided = Some("the two conditions are known only as text".to_string());
        }
    }
}

/// Null equals null in it.
fn nulls_meet(key: &Key) -> bool {
    key.definition.contains("nulls not distinct")
}

/// The first key makes every set of rows unique that the second one does.
fn is_unique_within(key: &Key, other: &Key) -> bool {
    matches!(key.kind, KeyKind::Primary | KeyKind::Unique)
        && !key.partial
        && !key.columns.is_empty()
        && !other.columns.is_empty()
        && key.columns.iter().all(|c| other.columns.contains(c))
}

/// The foreign key sees to all that the other one does: its columns lead to the same ones of the same table.
fn keeps_reference(key: &Key, other: &Key) -> bool {
    let (Some(to), Some(was)) = (&key.references, &other.references) else { return false };
    let pairs = |k: &Key, columns: &[Text]| -> Vec<(Text, Text)> {
        k.columns.iter().cloned().zip(columns.iter().cloned()).collect()
    };
    let (now, before) = (pairs(key, &to.columns), pairs(other, &was.columns));
    to.table == was.table && !before.is_empty() && before.len() < now.len() && before.iter().all(|p| now.contains(p))
}

/// `unique key users_email_key (email)`
pub fn described(key: &Key) -> String {
    let kind = match key.kind {
        KeyKind::Primary => "primary key",
        KeyKind::Unique if key.is_index => "unique index",
        KeyKind::Unique => "unique key",
        KeyKind::Foreign => "foreign key",
        KeyKind::Check => "check",
        KeyKind::Index => "index",
        KeyKind::Exclude => "exclusion constraint",
    };
    let name = if key.name.is_empty() { String::new() } else { format!(" `{}`", key.name) };
    match key.kind {
        KeyKind::Check => format!("{kind}{name}"),
        _ if key.columns.is_empty() => format!("{kind}{name}"),
        _ => format!("{kind}{name} ({})", key.columns.join(", ")),
    }
}

/// The text with whole words replaced.
fn rename_words<'t>(text: &'t str, renamed: impl Fn(&'t str) -> &'t str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if end == 0 {
            let next = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..next]);
            rest = &rest[next..];
            continue;
        }
        let word = &rest[..end];
        out.push_str(renamed(word));
        rest = &rest[end..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::rename_words;

    #[test]
    fn only_whole_words() {
        let renamed = |word| match word {
            "name" => "title",
            "users" => "people",
            other => other,
        };
        assert_eq!(
            rename_words("check (name > 'ä') nickname users.name", renamed),
            "check (title > 'ä') nickname people.title"
        );
    }
}
