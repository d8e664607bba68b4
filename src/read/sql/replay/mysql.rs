//! What MySQL and MariaDB look at when the definition of a table is complete, at the end of `CREATE TABLE`,
//! `ALTER TABLE` and `DROP INDEX`, and what they refuse of a column alone.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, Generated, KeyKind, TableKind};

use super::super::catalog::{ColumnState, Id, KeyState, Relation};
use super::super::command::{ColumnDef, KeyDef, Place, Target};
use super::super::cursor::Span;
use super::super::types;
use super::Replay;
use super::foreign::covers;
use super::keys::is_index_kind;

/// An index in the list in which MySQL looks for those that foreign keys no longer need.
struct Candidate {
    columns: Vec<Text>,
    implicit: bool,
    /// How many columns stand whole at its beginning: others hold no foreign key.
    whole: usize,
    gone: bool,
    /// The name of one that is there already, or the place of a new one.
    what: Result<Text, usize>,
}

/// How many columns of a key stand whole at its beginning. What else makes a key partial are expressions.
pub(super) fn whole(columns: &[Text], parts: &[Text], partial: bool) -> usize {
    match partial && parts.is_empty() {
        true => 0,
        false => columns.iter().take_while(|c| !parts.contains(c)).count(),
    }
}

impl Candidate {
    /// One of the two was made for a foreign key and begins the other.
    fn shares(&self, other: &Candidate) -> bool {
        let (short, long) = match (self.implicit, other.implicit) {
            (false, false) => return false,
            (true, true) if self.columns.len() > other.columns.len() => (other, self),
            (true, _) => (self, other),
            (false, true) => (other, self),
        };
        let begins = long.columns.iter().zip(&short.columns).all(|(a, b)| a.eq_ignore_ascii_case(b));
        short.columns.len() <= long.whole && begins
    }
}

impl Replay<'_> {
    /// MySQL gives a foreign key an index, before it names anything; those that another index makes up for it leaves
    /// out, or takes away again. `foreign_key_prefix` in `sql_table.cc`.
    /// https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
    pub(super) fn with_foreign_indexes(&mut self, id: &Id, defs: Vec<KeyDef>) -> Vec<KeyDef> {
        let mut list: Vec<KeyDef> = Vec::new();
        for def in defs {
            // MySQL reads `REFERENCES` at a column and ignores it.
            if def.kind == KeyKind::Foreign && !def.inline {
                let mut index = KeyDef::new(KeyKind::Index, def.span);
                (index.columns, index.labels) = (def.columns.clone(), def.columns.clone());
                (index.name, index.is_index, index.implicit) = (def.name.clone(), true, true);
                list.extend([def, index]);
            } else if def.kind != KeyKind::Foreign {
                list.push(def);
            }
        }
        let existing = self.catalog.relation(id).map(|r| r.keys.as_slice()).unwrap_or_default();
        let old = existing.iter().filter(|k| is_index_kind(k.kind)).map(|k| Candidate {
            columns: k.columns.clone(),
            implicit: k.implicit,
            whole: whole(&k.columns, &k.parts, k.partial),
            gone: false,
            what: Ok(k.name.clone()),
        });
        let new = list.iter().enumerate().filter(|(_, k)| is_index_kind(k.kind)).map(|(at, k)| Candidate {
            columns: k.columns.clone(),
            implicit: k.implicit,
            whole: whole(&k.columns, &k.parts, k.partial),
            gone: false,
            what: Err(at),
        });
        let mut candidates: Vec<Candidate> = old.chain(new).collect();
        // Only few are made for foreign keys; pairs of others say nothing.
        for at in 0..candidates.len() {
            let (before, rest) = candidates.split_at_mut(at);
            let Some(this) = rest.first_mut() else { break };
            if let Some(other) = before.iter_mut().find(|other| !other.gone && this.shares(other)) {
                let this_goes = !other.implicit || this.implicit && this.columns.len() < other.columns.len();
                if this_goes { this.gone = true } else { other.gone = true }
            }
        }
        let mut unneeded: Vec<usize> = Vec::new();
        for candidate in candidates.into_iter().filter(|c| c.gone) {
            match candidate.what {
                Ok(name) => drop(self.catalog.take_keys(id, |k| k.implicit && k.name == name)),
                Err(at) => unneeded.push(at),
            }
        }
        let kept = list.into_iter().enumerate().filter(|(at, _)| !unneeded.contains(at)).map(|(_, def)| def);
        // A foreign key may point to an index of the same statement.
        let (foreign, mut kept): (Vec<KeyDef>, Vec<KeyDef>) = kept.partition(|def| def.kind == KeyKind::Foreign);
        kept.extend(foreign);
        kept
    }

    /// True, and the statement refused, when a view stands where MySQL wants a table.
    pub(super) fn is_view(&mut self, id: &Id, span: Span) -> bool {
        let Some(relation) = self.catalog.relation(id) else { return false };
        let view = self.catalog.dialect == Dialect::MySql && relation.kind != TableKind::Table;
        if view {
            self.refuse(format!("`{}` is a view, and the statement is for tables", relation.full_name()), id, span);
        }
        view
    }

    /// Makes of a column's definition what the engine makes of it in this table: the text that holds so many
    /// characters. Refuses one that contradicts itself.
    pub(super) fn fit(&mut self, id: &Id, column: &mut ColumnDef, span: Span) {
        if self.catalog.dialect != Dialect::MySql {
            return;
        }
        let Some(relation) = self.catalog.relation(id) else { return };
        let (shown, width) = (relation.full_name(), column.encoding.within(&relation.encoding).width());
        if let Some(raw) = &mut column.ty {
            types::fit_text(raw, width);
        }
        let null = column.default.as_ref().is_some_and(|d| d.null);
        let primary = column.keys.iter().any(|k| k.kind == KeyKind::Primary);
        let name = &column.name;
        if null && (column.not_null == Some(true) || primary) {
            return self.refuse(
                format!("the column `{name}` of `{shown}` is NOT NULL and has the default NULL"),
                id,
                span,
            );
        }
        if column.generated == Generated::ByDefault && column.default.is_some() {
            self.refuse(format!("the column `{name}` of `{shown}` is numbered and has a default"), id, span);
        }
    }

    /// `AFTER` a column that is not there.
    pub(super) fn need_place(&mut self, id: &Id, place: &Place, span: Span) {
        if let Place::After(name) = place {
            self.need_column(id, name, span);
        }
    }

    /// Whether the columns of a foreign key are like those that it points to.
    pub(super) fn need_kin(&mut self, id: &Id, found: &Id, def: &KeyDef, target: &Target) {
        if self.catalog.dialect != Dialect::MySql {
            return;
        }
        let (Some(own), Some(other)) = (self.catalog.relation(id), self.catalog.relation(found)) else { return };
        let column = |r: &Relation, name: &Text| {
            let at = r.column(name, Dialect::MySql)?;
            r.columns.get(at).map(|c| (c.ty.text.clone(), r.encoding_of(c)))
        };
        for (a, b) in def.columns.iter().zip(&target.columns) {
            let (Some((mine, text)), Some((theirs, other_text))) = (column(own, a), column(other, b)) else { continue };
            let (kind, other_kind) = (types::kin(&mine), types::kin(&theirs));
            if kind != other_kind || kind == "char" && text != other_text {
                let (shown, to) = (own.full_name(), other.full_name());
                let what =
                    format!("`{a}` of `{shown}` is {mine} and can not point to `{b}` of `{to}`, which is {theirs}");
                return self.refuse(what, id, def.span);
            }
        }
    }

    /// What `MODIFY` and `CHANGE` must not do to a column.
    pub(super) fn may_redefine(&mut self, id: &Id, old: &ColumnState, new: &ColumnState, span: Span) {
        let shown = self.catalog.shown(id);
        let name = &new.name;
        // https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html
        let computed = |c: &ColumnState| c.generated == Generated::Computed && !c.stored;
        if computed(old) != computed(new) {
            let what = format!(
                "the column `{name}` of `{shown}` can not become one that is computed on reading, nor stop being one"
            );
            return self.refuse(what, id, span);
        }
        if !self.catalog.checks_foreign || types::kin(&old.ty.text) == types::kin(&new.ty.text) {
            return;
        }
        let same = |c: &Text| self.catalog.same(c, name);
        let holds = |k: &KeyState, owner: &Id| match &k.target {
            Some(target) => {
                owner == id && k.columns.iter().any(same) || target.table == *id && target.columns.iter().any(same)
            }
            None => false,
        };
        let found =
            self.catalog.relations.iter().find_map(|(owner, r)| {
                r.keys.iter().find(|k| holds(k, owner)).map(|k| (k.name.clone(), r.full_name()))
            });
        if let Some((key, owner)) = found {
            let what =
                format!("the foreign key `{key}` of `{owner}` needs the type of the column `{name}` of `{shown}`");
            self.refuse(what, id, span);
        }
    }

    /// What must hold of the whole table; foreign keys still have their columns and indexes.
    pub(super) fn look_at_table(&mut self, id: &Id, span: Span) {
        if self.catalog.dialect != Dialect::MySql {
            return;
        }
        let why = self.catalog.relation(id).filter(|r| !r.tainted).and_then(contradiction);
        match why {
            Some(why) => self.refuse(why, id, span),
            None => self.check_foreign_keys(id, span),
        }
    }
}

/// What the definition of a table asks for in vain.
fn contradiction(table: &Relation) -> Option<String> {
    let shown = table.full_name();
    if table.columns.is_empty() {
        return Some(format!("`{shown}` would have no column"));
    }
    let mut numbered = table.columns.iter().filter(|c| c.generated == Generated::ByDefault);
    if let Some(column) = numbered.next() {
        let first = std::slice::from_ref(&column.name);
        let held = table.keys.iter().any(|k| is_index_kind(k.kind) && covers(k, first));
        // Other engines number within a group.
        let innodb = table.engine.as_deref().is_none_or(|e| e == "innodb");
        if numbered.next().is_some() || innodb && !held {
            return Some(format!(
                "the column `{}` of `{shown}` is numbered: there can be only one, and an index begins with it",
                column.name
            ));
        }
    }
    let column = |name: &Text| table.column(name, Dialect::MySql).and_then(|at| table.columns.get(at));
    for computed in table.columns.iter().filter(|c| c.generated == Generated::Computed) {
        if let Some(name) = computed.uses.iter().find(|name| column(name).is_none()) {
            return Some(format!("`{shown}` has no column `{name}`, from which `{}` is computed", computed.name));
        }
    }
    for key in &table.keys {
        match key.kind {
            KeyKind::Check => {
                let name = key.needs.iter().find(|name| column(name).is_none());
                if let Some(name) = name {
                    return Some(format!("`{shown}` has no column `{name}`, which the check `{}` is about", key.name));
                }
                let numbered = |c: &&Text| column(c).is_some_and(|c| c.generated == Generated::ByDefault);
                if let Some(name) = key.columns.iter().find(numbered) {
                    return Some(format!(
                        "the check `{}` is about the numbered column `{name}` of `{shown}`",
                        key.name
                    ));
                }
            }
            KeyKind::Foreign => {
                let sets =
                    key.target.as_ref().is_some_and(|t| &*t.on_delete == "SET NULL" || &*t.on_update == "SET NULL");
                let moves = sets || key.target.as_ref().is_some_and(|t| &*t.on_update == "CASCADE");
                let checked = |c: &&Text| {
                    table
                        .keys
                        .iter()
                        .any(|k| k.kind == KeyKind::Check && k.columns.iter().any(|d| d.eq_ignore_ascii_case(c)))
                };
                if let Some(name) = key.columns.iter().find(checked).filter(|_| moves) {
                    return Some(format!(
                        "the foreign key `{}` changes `{name}` of `{shown}`, which a check is about",
                        key.name
                    ));
                }
                let full = |c: &&Text| column(c).is_some_and(|c| c.not_null);
                if let Some(name) = key.columns.iter().find(full).filter(|_| sets) {
                    return Some(format!(
                        "the foreign key `{}` sets `{name}` of `{shown}` to null, which is NOT NULL",
                        key.name
                    ));
                }
            }
            _ => {}
        }
    }
    None
}
