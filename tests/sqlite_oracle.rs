//! The replayed schema against SQLite itself, in this process: random histories, statements that the engine refuses included.
//!
//! `DRIFTLINE_SQLITE=10000 cargo test --test sqlite_oracle` runs more of them than the usual few hundred.

#[path = "support/dice.rs"]
mod dice;
#[path = "support/history.rs"]
mod history;

use std::collections::BTreeSet;

use dice::Dice;
use driftline::model::sql::{Dialect, Generated, KeyKind, Schema, TableKind};
use rusqlite::Connection;

const TABLES: [&str; 4] = ["users", "Orders", "items", "\"odd name\""];
const COLUMNS: [&str; 6] = ["id", "name", "Price", "note", "owner_id", "\"a b\""];
const INDEXES: [&str; 4] = ["by_name", "by_price", "by_both", "by_owner"];
const VIEWS: [&str; 2] = ["recent", "all_of_it"];

fn column(dice: &mut Dice, name: &str) -> String {
    let kind = dice.pick(&["INTEGER", "TEXT", "REAL", "NUMERIC", "VARCHAR(10)", "BLOB", ""]);
    let (null, default, unique) = (dice.maybe(" NOT NULL"), dice.maybe(" DEFAULT 1"), dice.roll(8) == 0);
    let unique = if unique { " UNIQUE" } else { "" };
    let check = if dice.roll(8) == 0 { format!(" CHECK ({name} <> 5)") } else { String::new() };
    format!("{name} {kind}{null}{default}{unique}{check}")
}

fn create(dice: &mut Dice) -> String {
    let table = dice.pick(&TABLES);
    let mut names: Vec<&str> = COLUMNS.to_vec();
    let mut parts = Vec::new();
    for _ in 0..1 + dice.roll(4) {
        let name = names.remove(dice.roll(names.len()));
        parts.push((name, column(dice, name)));
    }
    let mut items: Vec<String> = parts.iter().map(|(_, text)| text.clone()).collect();
    let first = parts[0].0;
    match dice.roll(5) {
        0 => items[0] = format!("{first} INTEGER PRIMARY KEY"),
        1 => items.push(format!("PRIMARY KEY ({first})")),
        2 => items.push(format!("CONSTRAINT one UNIQUE ({first})")),
        3 => items.push(format!("FOREIGN KEY ({first}) REFERENCES {} (id)", dice.pick(&TABLES))),
        _ => {}
    }
    format!("CREATE TABLE {}{table} ({})", dice.maybe("IF NOT EXISTS "), items.join(", "))
}

fn statement(dice: &mut Dice) -> String {
    let (table, name, index) = (dice.pick(&TABLES), dice.pick(&COLUMNS), dice.pick(&INDEXES));
    let exists = dice.maybe("IF EXISTS ");
    match dice.roll(14) {
        0..=3 => create(dice),
        4 | 5 => format!("ALTER TABLE {table} ADD COLUMN {}", column(dice, name)),
        6 => format!("ALTER TABLE {table} RENAME TO {}", dice.pick(&TABLES)),
        7 => format!("ALTER TABLE {table} RENAME COLUMN {name} TO {}", dice.pick(&COLUMNS)),
        8 => format!("ALTER TABLE {table} DROP COLUMN {name}"),
        9 | 10 => {
            // SQLite takes a quoted name that is no column for a text.
            let (unique, more) = (dice.maybe("UNIQUE "), dice.pick(&COLUMNS[..5]));
            let name = if name.starts_with('"') { "id" } else { name };
            let columns = if more == name { name.to_string() } else { format!("{name}, {more}") };
            format!("CREATE {unique}INDEX {index} ON {table} ({columns})")
        }
        11 => format!("DROP INDEX {exists}{index}"),
        12 => format!("DROP TABLE {exists}{table}"),
        _ => match dice.roll(2) {
            // One that reads what is gone makes SQLite refuse every rename.
            0 => format!("CREATE VIEW {} AS SELECT 1 AS one", dice.pick(&VIEWS)),
            _ => format!("DROP VIEW {exists}{}", dice.pick(&VIEWS)),
        },
    }
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// What the engine has, as lines.
fn truth(db: &Connection) -> BTreeSet<String> {
    let rows = |query: &str| -> Vec<Vec<Option<String>>> {
        let mut statement = db.prepare(query).expect("a query");
        let width = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Vec<Option<String>>> {
            let text = |at| {
                row.get::<_, rusqlite::types::Value>(at).map(|value| match value {
                    rusqlite::types::Value::Null => None,
                    rusqlite::types::Value::Integer(n) => Some(n.to_string()),
                    rusqlite::types::Value::Text(text) => Some(text),
                    other => Some(format!("{other:?}")),
                })
            };
            (0..width).map(text).collect()
        };
        statement.query_map([], read).expect("rows").map(|row| row.expect("a row")).collect()
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut lines = BTreeSet::new();
    for table in rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
        let table = text(&table[0]);
        lines.insert(format!("table {table}"));
        let quoted = table.replace('\'', "''");
        let mut primary: Vec<(String, String)> = Vec::new();
        let keys = rows(&format!("SELECT pk FROM pragma_table_xinfo('{quoted}') WHERE pk <> 0"));
        let number_of_keys = keys.len();
        for (at, c) in
            rows(&format!("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo('{quoted}')"))
                .iter()
                .enumerate()
        {
            let (name, kind) = (text(&c[0]), text(&c[1]).to_lowercase());
            // A key that is the row's number is never null, whether it says so or not.
            let row = kind == "integer" && text(&c[4]) == "1" && number_of_keys == 1;
            let (required, default) = (text(&c[2]) == "1" || row, c[3].is_some());
            lines.insert(format!(
                "column {table}.{name} {at} `{kind}` required {} default {}",
                yes(required),
                yes(default)
            ));
            if text(&c[4]) != "0" {
                primary.push((text(&c[4]), name));
            }
        }
        primary.sort();
        if !primary.is_empty() {
            let names: Vec<String> = primary.into_iter().map(|(_, name)| name).collect();
            lines.insert(format!("primary {table} ({})", names.join(", ")));
        }
        for index in rows(&format!("SELECT name, \"unique\", origin FROM pragma_index_list('{quoted}')")) {
            let (name, origin) = (text(&index[0]), text(&index[2]));
            if origin == "pk" {
                continue;
            }
            let columns =
                rows(&format!("SELECT name FROM pragma_index_info('{}') ORDER BY seqno", name.replace('\'', "''")));
            let columns: Vec<String> = columns.iter().map(|c| text(&c[0])).collect();
            let kind = if text(&index[1]) == "1" { "unique" } else { "index" };
            let name = if origin == "c" { name } else { String::new() };
            lines.insert(format!("{kind} {table} {name} ({})", columns.join(", ")));
        }
        for key in rows(&format!("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('{quoted}')")) {
            lines.insert(format!("foreign {table} ({}) to {}", text(&key[0]), text(&key[1]).to_lowercase()));
        }
    }
    for view in rows("SELECT name FROM sqlite_schema WHERE type = 'view'") {
        lines.insert(format!("view {}", text(&view[0])));
    }
    lines
}

/// What the replay has, as the same lines.
fn ours(schema: &Schema) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for table in &schema.tables {
        if table.kind != TableKind::Table {
            lines.insert(format!("view {}", table.name));
            continue;
        }
        lines.insert(format!("table {}", table.name));
        // An INTEGER PRIMARY KEY is the row's number: never null, though the engine does not print it so.
        let primary = table.keys.iter().find(|k| k.kind == KeyKind::Primary);
        let alone = |name: &str| primary.is_some_and(|k| k.columns.len() == 1 && &*k.columns[0] == name);
        for (at, c) in table.columns.iter().enumerate() {
            let kind = c.type_name.to_lowercase();
            let required = c.not_null || c.generated == Generated::ByDefault && alone(&c.name);
            let default = c.default.is_some();
            lines.insert(format!(
                "column {}.{} {at} `{kind}` required {} default {}",
                table.name,
                c.name,
                yes(required),
                yes(default)
            ));
        }
        for key in &table.keys {
            let columns = key.columns.join(", ");
            match key.kind {
                KeyKind::Primary => drop(lines.insert(format!("primary {} ({columns})", table.name))),
                KeyKind::Unique | KeyKind::Index => {
                    let kind = if key.kind == KeyKind::Unique { "unique" } else { "index" };
                    let name = if key.is_index || key.kind == KeyKind::Index { &*key.name } else { "" };
                    lines.insert(format!("{kind} {} {name} ({columns})", table.name));
                }
                KeyKind::Foreign => {
                    let to = key.references.as_ref().map(|r| r.table.to_lowercase()).unwrap_or_default();
                    for column in &key.columns {
                        lines.insert(format!("foreign {} ({column}) to {to}", table.name));
                    }
                }
                _ => {}
            }
        }
    }
    lines
}

#[test]
fn random_histories_give_what_sqlite_has() {
    let histories: u64 = std::env::var("DRIFTLINE_SQLITE").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let (mut wrong, mut statements, mut refused) = (Vec::new(), 0, 0);
    for seed in 0..histories {
        let mut dice = Dice(seed);
        let db = Connection::open_in_memory().expect("a database");
        let mut text = String::new();
        for number in 0..25 {
            let one = if number < 4 { create(&mut dice) } else { statement(&mut dice) };
            let error = db.execute_batch(&one).err();
            statements += 1;
            refused += usize::from(error.is_some());
            text.push_str(&one);
            text.push_str(";\n");
            let (theirs, mine) = (truth(&db), ours(&history::replay(Dialect::Sqlite, &text).value));
            if theirs != mine {
                let missing: Vec<_> = theirs.difference(&mine).collect();
                let extra: Vec<_> = mine.difference(&theirs).collect();
                wrong.push(format!("seed {seed}, {error:?}\n{text}  missing {missing:?}\n  extra {extra:?}"));
                break;
            }
        }
    }
    println!(
        "{histories} histories, {statements} statements, {refused} refused by SQLite, {} histories differ",
        wrong.len()
    );
    let shown: Vec<&str> = wrong.iter().take(8).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), shown.join("\n"));
}
