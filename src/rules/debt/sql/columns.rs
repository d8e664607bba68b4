//! Columns whose type or name will cost later.

use std::collections::BTreeMap;

use crate::diff::sql::types::{Class, Kind};
use crate::model::sql::{Column, Dialect, Schema, Table};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, own, schemas, tables, words};

pub static CHAR_COLUMN: Rule = Rule {
    id: "char-column",
    title: "Column padded with blanks",
    levels: Levels::Always(Note),
    message: "`{subject}` is {detail}: shorter values are filled up with blanks, which comparisons and clients treat differently.",
    help: "Use `text` or `varchar(n)`; where the length is fixed, add `CHECK (length({attribute}) = …)`. There is nothing that `char(n)` does faster.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, padded)),
    page: page!("char-column"),
    ..RULE
};

pub static JSON_AS_TEXT: Rule = Rule {
    id: "json-as-text",
    title: "JSON kept as text",
    levels: Levels::Always(Note),
    message: "`{subject}` is json: it is parsed anew at every access, cannot be compared (`DISTINCT`, `GROUP BY` and `UNION` fail), and has no index.",
    help: "Use `jsonb`, unless white space, the order of keys or repeated keys matter. `ALTER TABLE {entity} ALTER COLUMN {attribute} TYPE jsonb;` rewrites a table that has rows.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            let postgres = schema.dialect == Dialect::Postgres;
            each(table, |column| (postgres && &*column.type_name == "json").then(String::new))
        });
    }),
    page: page!("json-as-text"),
    ..RULE
};

pub static MONEY_TYPE: Rule = Rule {
    id: "money-type",
    title: "Column of type money",
    levels: Levels::Always(Note),
    message: "`{subject}` is money: how many digits it keeps and how it is printed depend on a setting of the server, and it does not say which currency it is.",
    help: "Use `numeric(12,2)`, or whole cents in a `bigint`, and a column for the currency where there may be several.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            let postgres = schema.dialect == Dialect::Postgres;
            each(table, |column| (postgres && &*column.type_name == "money").then(String::new))
        });
    }),
    page: page!("money-type"),
    ..RULE
};

pub static MONEY_AS_FLOAT: Rule = Rule {
    id: "money-as-float",
    title: "Money in a floating point column",
    levels: Levels::Always(Warning),
    message: "`{subject}` holds money as {detail}: 0.1 cannot be stored exactly, and sums drift by cents.",
    help: "\
postgres: Use `numeric(12,2)`, or whole cents in a `bigint`.
mysql: Use `decimal(12,2)`, or whole cents in a `bigint`.
sqlite: Store whole cents as INTEGER; SQLite keeps decimals as floating point numbers too.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            each(table, |column| {
                let float = match Kind::of(schema.dialect, &column.type_name) {
                    Kind::Float { .. } => true,
                    Kind::Affinity(name) => name == "REAL",
                    _ => false,
                };
                (float && means_money(&column.name)).then(|| column.type_name.to_string())
            })
        });
    }),
    page: page!("money-as-float"),
    ..RULE
};

pub static TIMESTAMP_WITHOUT_ZONE: Rule = Rule {
    id: "timestamp-without-zone",
    title: "Moment without time zone",
    levels: Levels::Always(Note),
    message: "`{subject}` is {detail}: which moment it means depends on who wrote it and who reads it.",
    help: "Use `timestamptz`: it stores the moment itself and takes no more space. `ALTER TABLE {entity} ALTER COLUMN {attribute} TYPE timestamptz USING {attribute} AT TIME ZONE 'UTC';` converts rows that were written in UTC, and rewrites the table.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, local)),
    page: page!("timestamp-without-zone"),
    ..RULE
};

/// A type that so many columns have is what identifiers of this schema look like.
const FORMAT: usize = 5;

fn padded(schema: &Schema) -> Vec<Case> {
    let kind = |column: &Column| Kind::of(schema.dialect, &column.type_name);
    let is_padded = |column: &Column| matches!(kind(column), Kind::Text { padded: true, max: Some(2..), .. });
    // A foreign key has the type of what it points to.
    let follows =
        |table: &Table, c: &Column| table.keys.iter().any(|k| k.references.is_some() && k.columns.contains(&c.name));
    let mut types: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for table in own(schema) {
        for column in table.columns.iter().filter(|c| !c.tainted && is_padded(c) && !follows(table, c)) {
            types.entry(&column.type_name).or_default().push(Case::of(table, column, &*column.type_name));
        }
    }
    types.into_values().filter(|cases| cases.len() < FORMAT).flatten().collect()
}

/// Where so many columns are without a zone and not a tenth as many have one, all of it is in one zone.
const ZONELESS: usize = 5;

fn local(schema: &Schema) -> Vec<Case> {
    let (mut with, mut without) = (0, Vec::new());
    for table in own(schema).filter(|_| schema.dialect == Dialect::Postgres) {
        for column in table.columns.iter().filter(|c| !c.tainted) {
            match Kind::of(schema.dialect, &column.type_name) {
                Kind::Timestamp { zone: true, .. } => with += 1,
                Kind::Timestamp { .. } => without.push(Case::of(table, column, &*column.type_name)),
                _ => {}
            }
        }
    }
    if without.len() >= ZONELESS && with * 10 < without.len() { Vec::new() } else { without }
}

/// Text, or a list of texts.
pub(super) fn is_text(schema: &Schema, column: &Column) -> bool {
    matches!(Kind::of(schema.dialect, &column.type_name).class(), Class::Text | Class::Enum)
}

/// A case for every column that `look` has something to say about.
pub(super) fn each(table: &Table, look: impl Fn(&Column) -> Option<String>) -> Vec<Case> {
    let columns = table.columns.iter().filter(|c| !c.tainted);
    columns.filter_map(|c| look(c).map(|detail| Case::of(table, c, detail))).collect()
}

/// One of the words of the name is an amount of money, and none says that it is a share.
fn means_money(name: &str) -> bool {
    const MONEY: [&str; 17] = [
        "price", "prices", "amount", "cost", "costs", "balance", "fee", "fees", "salary", "tax", "discount", "revenue",
        "budget", "money", "subtotal", "payment", "wage",
    ];
    const SHARE: [&str; 7] = ["rate", "ratio", "percent", "percentage", "pct", "factor", "weight"];
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    has(&MONEY) && !has(&SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_words() {
        let cases =
            [("total_price", true), ("unitPrice", true), ("amount", true), ("tax_rate", false), ("pricey", false)];
        for (name, expected) in cases {
            assert_eq!(means_money(name), expected, "{name}");
        }
    }
}
