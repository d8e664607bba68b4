//! The catalogue at the end of a history in, the model's tables, keys and enums out.

use crate::model::origin::Text;
use crate::model::sql::{Column, EnumType, ForeignTarget, Key, KeyKind, Object, Table};

use super::catalog::{Catalog, ColumnState, KeyState, NamedState, Relation, UserType};
use super::command::Atom;
use super::domains;

/// All relations that outlive their session, sorted by schema and name.
pub fn tables(catalog: &Catalog) -> Vec<Table> {
    let mut tables: Vec<Table> =
        catalog.relations.values().filter(|r| !r.temporary).map(|r| table(catalog, r)).collect();
    tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    tables
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
