//! The catalogue at the end of a history in, the model's tables, keys and enums out.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::origin::Text;
use crate::model::sql::{Column, EnumType, ForeignTarget, Key, KeyKind, Object, Table};

use super::catalog::{Catalog, ColumnState, Id, KeyState, NamedState, Relation, UserType};
use super::command::Atom;
use super::domains;

/// Relations as they were written out last: what is the same still is not written again.
#[derive(Default)]
pub struct Tables {
    /// Sorted by id.
    written: Vec<(Id, Arc<Relation>, Arc<Table>)>,
    /// Touches of the types.
    types: u64,
}

/// A relation, and its table where that is the same as before.
type Taken<'a> = (&'a Id, &'a Arc<Relation>, Option<Arc<Table>>);

impl Tables {
    /// All relations that outlive their session, sorted by schema and name.
    pub fn of(&mut self, catalog: &Catalog) -> Vec<Arc<Table>> {
        let same_types = self.types == catalog.types.touches();
        self.types = catalog.types.touches();
        let mut old = std::mem::take(&mut self.written).into_iter().peekable();
        // What is there anew or no more; and what of the old can be taken over.
        let mut changed: HashSet<Id> = HashSet::new();
        let mut kept: Vec<Taken<'_>> = Vec::new();
        for (id, relation) in catalog.relations.iter() {
            while let Some((gone, ..)) = old.next_if(|(known, ..)| known < id) {
                changed.insert(gone);
            }
            let before = old.next_if(|(known, ..)| known == id);
            let same = before.filter(|(_, known, _)| Arc::ptr_eq(known, relation)).map(|(_, _, table)| table);
            if same.is_none() {
                changed.insert(id.clone());
            }
            kept.push((id, relation, same));
        }
        changed.extend(old.map(|(gone, ..)| gone));
        let write = |(id, relation, same): Taken<'_>| {
            let typed = || relation.columns.iter().any(|c| c.ty.named.is_some());
            let holds = (same_types || !typed()) && !refers(relation, &changed);
            let table = same.filter(|_| holds).unwrap_or_else(|| Arc::new(table(catalog, relation)));
            (id.clone(), relation.clone(), table)
        };
        self.written = kept.into_iter().map(write).collect();
        let lasting = self.written.iter().filter(|(_, relation, _)| !relation.temporary);
        let mut tables: Vec<Arc<Table>> = lasting.map(|(.., table)| table.clone()).collect();
        tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        tables
    }
}

/// True when what is written of the relation tells of another one of these.
fn refers(relation: &Relation, others: &HashSet<Id>) -> bool {
    let keys = relation.keys.iter().filter_map(|k| k.target.as_ref().map(|t| &t.table));
    let mut all = keys.chain(&relation.parents).chain(relation.reads.iter().map(|(id, _)| id));
    !others.is_empty() && all.any(|id| others.contains(id))
}

/// All enum types, sorted by name.
pub fn enums(catalog: &Catalog) -> Vec<EnumType> {
    let mut enums: Vec<EnumType> = catalog
        .types
        .values()
        .filter_map(|user| match user {
            UserType::Enum { shown, values, origin } => {
                Some(EnumType { name: shown.clone(), values: values.clone(), origin: *origin })
            }
            _ => None,
        })
        .collect();
    enums.sort_by(|a, b| a.name.cmp(&b.name));
    enums
}

/// Routines, triggers and others, sorted by kind, name and table.
pub fn objects(catalog: &Catalog) -> Vec<Object> {
    let object = |state: &NamedState| Object {
        kind: state.kind,
        name: state.name.clone(),
        table: state.table.as_ref().map(|id| catalog.shown(id)),
        calls: state.calls.clone(),
        detail: state.detail.clone(),
        rows: state.rows.clone(),
        origin: state.origin,
    };
    let mut objects: Vec<Object> = catalog.named.values().map(object).collect();
    objects.sort_by(|a, b| (a.kind, &a.name, &a.table).cmp(&(b.kind, &b.name, &b.table)));
    objects
}

/// A relation as the model has it.
pub fn table(catalog: &Catalog, relation: &Relation) -> Table {
    let reads = relation.reads.iter().filter(|(id, _)| catalog.relations.contains_key(id));
    Table {
        schema: relation.schema.clone(),
        name: relation.name.clone(),
        kind: relation.kind,
        columns: relation.columns.iter().map(|c| column(catalog, relation, c)).collect(),
        keys: relation.keys.iter().map(|k| key(catalog, k)).collect(),
        comment: relation.comment.clone(),
        engine: relation.engine.clone(),
        encoding: relation.encoding.clone(),
        parent: relation.parents.first().map(|id| catalog.shown(id)),
        reads: reads.map(|(id, columns)| (catalog.shown(id), columns.clone())).collect(),
        origin: relation.origin,
        key: relation.key,
        tainted: relation.tainted,
    }
}

fn column(catalog: &Catalog, relation: &Relation, column: &ColumnState) -> Column {
    Column {
        name: column.name.clone(),
        type_name: Text::from(domains::type_name(catalog, &column.ty)),
        domain: domains::of_column(catalog, relation, column),
        type_domain: domains::of_base(catalog, &column.ty),
        not_null: column.not_null,
        default: column.default.clone(),
        generated: column.generated,
        formula: column.formula.clone(),
        comment: column.comment.clone(),
        encoding: relation.encoding_of(column),
        origin: column.origin,
        created: column.created,
        tainted: column.tainted,
    }
}

/// A key as the model has it.
pub fn key(catalog: &Catalog, state: &KeyState) -> Key {
    let references = state.target.as_ref().map(|t| ForeignTarget {
        table: if catalog.relations.contains_key(&t.table) { catalog.shown(&t.table) } else { t.shown.clone() },
        columns: t.columns.clone(),
        on_delete: t.on_delete.clone(),
        on_update: t.on_update.clone(),
    });
    Key {
        name: state.name.clone(),
        kind: state.kind,
        columns: state.columns.clone(),
        definition: Text::from(definition(catalog, state, references.as_ref())),
        references,
        partial: state.partial,
        is_index: state.is_index,
        origin: state.origin,
    }
}

fn definition(catalog: &Catalog, state: &KeyState, references: Option<&ForeignTarget>) -> String {
    let body = if state.body.is_empty() { state.columns.join(", ") } else { join(&state.body) };
    match (state.kind, references, &state.target) {
        (KeyKind::Foreign, Some(to), Some(target)) => {
            let mut columns = to.columns.clone();
            if columns.is_empty() {
                let primary =
                    |r: &Relation| r.keys.iter().find(|k| k.kind == KeyKind::Primary).map(|k| k.columns.clone());
                columns = catalog.relation(&target.table).and_then(primary).unwrap_or_default();
            }
            let mut text = format!("FOREIGN KEY ({body}) REFERENCES {} ({})", to.table, columns.join(", "));
            for (words, action) in [(" ON DELETE ", &to.on_delete), (" ON UPDATE ", &to.on_update)] {
                if &**action != "NO ACTION" {
                    text.push_str(words);
                    text.push_str(action);
                }
            }
            text
        }
        (kind, ..) => {
            let word = match kind {
                KeyKind::Primary => "PRIMARY KEY",
                KeyKind::Unique => "UNIQUE",
                KeyKind::Check => "CHECK",
                KeyKind::Exclude => "EXCLUDE",
                _ => "INDEX",
            };
            format!("{word} ({body})")
        }
    }
}

/// Words that keep their distance from a parenthesis.
const SPACED: &[&str] = &["in", "and", "or", "not", "where", "between", "any", "all", "then", "else", "when", "case"];

fn join(atoms: &[Atom]) -> String {
    let mut text = String::new();
    let mut previous = "(";
    for atom in atoms {
        let (Atom::Word(word) | Atom::Other(word)) = atom;
        let tight = matches!(previous, "(" | "." | "::" | "[") || matches!(&**word, ")" | "," | "." | "::" | "]" | "[");
        let call = &**word == "(" && !SPACED.contains(&previous) && previous.ends_with(|c: char| c.is_alphanumeric());
        if !tight && !call {
            text.push(' ');
        }
        text.push_str(word);
        previous = word;
    }
    text
}
