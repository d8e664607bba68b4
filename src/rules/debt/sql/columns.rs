//! Columns whose type or name will cost later.

use crate::diff::sql::types::{Class, Kind};
use crate::model::sql::{Column, Dialect, Generated, Schema, Table};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, tables};

pub static CHAR_COLUMN: Rule = Rule {
    id: "char-column",
    title: "Column padded with blanks",
    levels: Levels::Always(Note),
    message: "`{subject}` is {detail}: shorter values are filled up with blanks, which comparisons and clients treat differently.",
    help: "Use `text` or `varchar(n)`; where the length is fixed, add `CHECK (length({attribute}) = …)`. There is nothing that `char(n)` does faster.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            each(table, |column| {
                let padded = matches!(
                    Kind::of(schema.dialect, &column.type_name),
                    Kind::Text { padded: true, max: Some(2..), .. }
                );
                padded.then(|| column.type_name.to_string())
            })
        });
    }),
    page: page!("char-column"),
    ..RULE
};

pub static INTEGER_KEY_MAY_OVERFLOW: Rule = Rule {
    id: "integer-key-may-overflow",
    title: "Key may run out of numbers",
    levels: Levels::Always(Warning),
    message: "The generated key `{subject}` is {detail}: inserts fail for good when the numbers are used up, and failed inserts use numbers too.",
    help: "\
postgres: Use `bigint GENERATED ALWAYS AS IDENTITY` from the start. For a table that has rows, changing `{subject}` to bigint rewrites it: add a bigint column, fill it in batches, and swap the two. Columns that refer to it need the same.
mysql: Use `bigint unsigned AUTO_INCREMENT` from the start. For a table that has rows, changing `{subject}` copies it: use a tool that copies in the background. Columns that refer to it need the same.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            let key = table.primary_key().map(|k| k.columns.as_slice()).unwrap_or_default();
            each(table, |column| {
                let only = matches!(key, [one] if *one == column.name);
                let small = matches!(Kind::of(schema.dialect, &column.type_name), Kind::Int { above, .. } if above <= u64::from(u32::MAX));
                let generated = matches!(column.generated, Generated::ByDefault | Generated::Always);
                (only && small && generated).then(|| column.type_name.to_string())
            })
        });
    }),
    page: page!("integer-key-may-overflow"),
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

pub static NAMING_MIXED_COLUMNS: Rule = Rule {
    id: "naming-mixed-columns",
    title: "Column names in two styles",
    levels: Levels::Always(Note),
    message: "`{subject}` names its columns in two styles: {detail}.",
    help: "Name new columns like the others of the table. In PostgreSQL names with capital letters must be quoted in every query.",
    check: Check::State(|rule, side, found| tables(rule, side, found, mixed)),
    page: page!("naming-mixed-columns"),
    ..RULE
};

pub static TIMESTAMP_WITHOUT_ZONE: Rule = Rule {
    id: "timestamp-without-zone",
    title: "Moment without time zone",
    levels: Levels::Always(Note),
    message: "`{subject}` is {detail}: which moment it means depends on who wrote it and who reads it.",
    help: "Use `timestamptz`: it stores the moment itself and takes no more space. `ALTER TABLE {entity} ALTER COLUMN {attribute} TYPE timestamptz USING {attribute} AT TIME ZONE 'UTC';` converts rows that were written in UTC, and rewrites the table.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            each(table, |column| {
                let kind = Kind::of(schema.dialect, &column.type_name);
                let local = kind.class() == Class::Moment && matches!(kind, Kind::Timestamp { zone: false, .. });
                (schema.dialect == Dialect::Postgres && local).then(|| column.type_name.to_string())
            })
        });
    }),
    page: page!("timestamp-without-zone"),
    ..RULE
};

/// Text, or a list of texts.
pub(super) fn is_text(schema: &Schema, column: &Column) -> bool {
    matches!(Kind::of(schema.dialect, &column.type_name).class(), Class::Text | Class::Enum)
}

/// A case for every column that `look` has something to say about.
pub(super) fn each(table: &Table, look: impl Fn(&Column) -> Option<String>) -> Vec<Case> {
    let case = |column: &Column, detail: String| {
        Case::new(format!("{}.{}", table.full_name(), column.name), detail, column.origin)
    };
    table.columns.iter().filter(|c| !c.tainted).filter_map(|c| look(c).map(|detail| case(c, detail))).collect()
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

/// `totalPrice` and `total_price` → `total`, `price`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        let cut = c == '_' || c == '-' || (c.is_uppercase() && lower);
        if cut {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Snake,
    Camel,
}

/// The style of a name that has one: single words fit every style.
fn style(name: &str) -> Option<Style> {
    let inner = name.trim_matches('_');
    let humps = inner.chars().zip(inner.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    match (inner.contains('_'), humps) {
        (true, false) => Some(Style::Snake),
        (false, true) => Some(Style::Camel),
        _ => None,
    }
}

fn mixed(_: &Schema, table: &Table) -> Vec<Case> {
    let of = |wanted| table.columns.iter().filter(move |c| style(&c.name) == Some(wanted)).collect::<Vec<_>>();
    let (snake, camel) = (of(Style::Snake), of(Style::Camel));
    let (few, many) = if camel.len() <= snake.len() { (camel, snake) } else { (snake, camel) };
    let (Some(odd), Some(usual)) = (few.first(), many.first()) else { return Vec::new() };
    vec![Case::new(table.full_name(), format!("`{}` and `{}`", odd.name, usual.name), odd.created)]
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

    #[test]
    fn styles() {
        for (name, snake, camel) in [
            ("created_at", true, false),
            ("createdAt", false, true),
            ("id", false, false),
            ("ID", false, false),
            ("_id", false, false),
        ] {
            assert_eq!(
                (style(name) == Some(Style::Snake), style(name) == Some(Style::Camel)),
                (snake, camel),
                "{name}"
            );
        }
    }
}
