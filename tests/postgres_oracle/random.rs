//! Random histories: small pools of names, so that statements meet what others made, and often what is not there.

#[path = "../support/dice.rs"]
mod dice;

use dice::Dice;

const TABLES: [&str; 5] = ["users", "orders", "\"Items\"", "logs", "parts"];
const COLUMNS: [&str; 6] = ["id", "name", "price", "note", "owner_id", "\"Odd\""];
const INDEXES: [&str; 4] = ["ix_a", "ix_b", "users_name_idx", "orders_id_idx"];
const CONSTRAINTS: [&str; 5] = ["c_a", "c_b", "users_pkey", "orders_name_key", "users_owner_id_fkey"];
const VIEWS: [&str; 3] = ["v_one", "v_two", "m_one"];
const TYPES: [&str; 3] = ["mood", "level", "email"];
const SCHEMAS: [&str; 2] = ["app", "other"];
const VALUES: [&str; 5] = ["'sad'", "'ok'", "'glad'", "'low'", "'x y'"];

/// A type with a literal of it.
const KINDS: [(&str, &str); 20] = [
    ("integer", "1"),
    ("int", "2"),
    ("bigint", "3"),
    ("smallint", "4"),
    ("text", "'a'"),
    ("text", "'b'"),
    ("varchar(20)", "'c'"),
    ("varchar", "'d'"),
    ("char(3)", "'e'"),
    ("numeric(10,2)", "1.5"),
    ("double precision", "0.5"),
    ("boolean", "true"),
    ("timestamptz", "now()"),
    ("date", "'2020-01-01'"),
    ("jsonb", "'{}'"),
    ("uuid", "gen_random_uuid()"),
    ("int[]", "'{}'"),
    ("mood", "'ok'"),
    ("email", "NULL"),
    ("level", "NULL"),
];

/// A name, sometimes with a schema.
fn named(dice: &mut Dice, names: &[&str]) -> String {
    let name = dice.pick(names);
    match dice.roll(8) {
        0 => format!("app.{name}"),
        1 => format!("public.{name}"),
        _ => name.to_string(),
    }
}

/// A table; now and then a view, where the server wants a table.
fn table(dice: &mut Dice) -> String {
    if dice.roll(24) == 0 { named(dice, &VIEWS) } else { named(dice, &TABLES) }
}

fn kind(dice: &mut Dice) -> (&'static str, &'static str) {
    KINDS[dice.roll(KINDS.len())]
}

fn cascade(dice: &mut Dice) -> &'static str {
    ["", "", " CASCADE", " RESTRICT"][dice.roll(4)]
}

fn check(dice: &mut Dice, name: &str) -> String {
    let other = dice.pick(&COLUMNS);
    match dice.roll(3) {
        0 => format!("CHECK ({name} IS NOT NULL)"),
        1 => format!("CHECK ({name} IS NOT NULL OR {other} IS NULL)"),
        _ => format!("CHECK ({name} IS NULL)"),
    }
}

fn references(dice: &mut Dice) -> String {
    let target = table(dice);
    let columns = match dice.roll(3) {
        0 => String::new(),
        1 => " (id)".to_string(),
        _ => format!(" ({})", dice.pick(&COLUMNS)),
    };
    let action = dice.pick(&["", "", " ON DELETE CASCADE", " ON UPDATE SET NULL ON DELETE RESTRICT"]);
    format!("REFERENCES {target}{columns}{action}")
}

fn column(dice: &mut Dice, name: &str) -> String {
    let (ty, value) = match dice.roll(10) {
        0 => return format!("{name} {}", dice.pick(&["serial", "bigserial"])),
        1 => return format!("{name} bigint GENERATED {} AS IDENTITY", dice.pick(&["ALWAYS", "BY DEFAULT"])),
        2 if dice.roll(2) == 0 => {
            let other = dice.pick(&COLUMNS);
            return format!("{name} boolean GENERATED ALWAYS AS ({other} IS NOT NULL) STORED");
        }
        3 => ("integer", "1"),
        _ => kind(dice),
    };
    let mut text = format!("{name} {ty}");
    text.push_str(&dice.maybe(" NOT NULL"));
    text.push_str(&dice.maybe(&format!(" DEFAULT {value}")));
    match dice.roll(12) {
        0 => text.push_str(" UNIQUE"),
        1 => text.push_str(&format!(" {}", check(dice, name))),
        2 => text.push_str(&format!(" {}", references(dice))),
        3 => text.push_str(" PRIMARY KEY"),
        _ => {}
    }
    text
}

fn constraint(dice: &mut Dice) -> String {
    let (one, two) = (dice.pick(&COLUMNS), dice.pick(&COLUMNS));
    let both = if dice.roll(2) == 0 { one.to_string() } else { format!("{one}, {two}") };
    let name = match dice.roll(2) {
        0 => format!("CONSTRAINT {} ", dice.pick(&CONSTRAINTS)),
        _ => String::new(),
    };
    match dice.roll(5) {
        0 => format!("{name}PRIMARY KEY ({both})"),
        1 => format!("{name}UNIQUE ({both})"),
        2 => format!("{name}{}", check(dice, one)),
        _ => format!("{name}FOREIGN KEY ({one}) {}", references(dice)),
    }
}

fn create(dice: &mut Dice) -> String {
    let name = table(dice);
    let start = format!("CREATE TABLE {}{name}", dice.maybe("IF NOT EXISTS "));
    match dice.roll(16) {
        0 => {
            return format!(
                "{start} (LIKE {}{})",
                table(dice),
                dice.pick(&["", " INCLUDING ALL", " INCLUDING DEFAULTS"])
            );
        }
        1 => return format!("{start} AS SELECT id, name FROM {}", table(dice)),
        2 => {
            let parent = table(dice);
            let from = dice.roll(3) * 10;
            return format!("{start} PARTITION OF {parent} FOR VALUES FROM ({from}) TO ({})", from + 10);
        }
        _ => {}
    }
    let divided = dice.roll(10) == 0;
    let mut names: Vec<&str> = COLUMNS[1..].to_vec();
    let mut items = match dice.roll(3) {
        // The bounds of partitions are numbers.
        0 if !divided => vec![column(dice, "id")],
        1 => vec!["id integer PRIMARY KEY".to_string()],
        _ => vec!["id integer NOT NULL".to_string()],
    };
    for _ in 0..dice.roll(4) {
        let name = names.remove(dice.roll(names.len()));
        items.push(column(dice, name));
    }
    if dice.roll(4) == 0 {
        items.push(constraint(dice));
    }
    let end = match dice.roll(10) {
        _ if divided => " PARTITION BY RANGE (id)".to_string(),
        0 => format!(" INHERITS ({})", table(dice)),
        _ => String::new(),
    };
    format!("{start} ({}){end}", items.join(", "))
}

fn alteration(dice: &mut Dice) -> String {
    let name = dice.pick(&COLUMNS);
    match dice.roll(20) {
        0..=3 => format!("ADD COLUMN {}{}", dice.maybe("IF NOT EXISTS "), column(dice, name)),
        4 | 5 => format!("DROP COLUMN {}{name}{}", dice.maybe("IF EXISTS "), cascade(dice)),
        6 => {
            let (ty, _) = kind(dice);
            let using = if dice.roll(2) == 0 { format!(" USING {name}::text::{ty}") } else { String::new() };
            format!("ALTER COLUMN {name} TYPE {ty}{using}")
        }
        7 => format!("ALTER COLUMN {name} SET NOT NULL"),
        8 => format!("ALTER COLUMN {name} DROP NOT NULL"),
        9 => format!("ALTER COLUMN {name} SET DEFAULT NULL"),
        10 => format!("ALTER COLUMN {name} DROP DEFAULT"),
        11..=14 => format!("ADD {}", constraint(dice)),
        15 => format!("DROP CONSTRAINT {}{}{}", dice.maybe("IF EXISTS "), dice.pick(&CONSTRAINTS), cascade(dice)),
        16 => format!("ALTER COLUMN {name} ADD GENERATED ALWAYS AS IDENTITY"),
        17 => format!("ALTER COLUMN {name} DROP IDENTITY{}", dice.maybe(" IF EXISTS")),
        18 => format!("ALTER COLUMN {name} DROP EXPRESSION{}", dice.maybe(" IF EXISTS")),
        _ => format!("ADD CONSTRAINT {} CHECK ({name} IS NOT NULL) NOT VALID", dice.pick(&CONSTRAINTS)),
    }
}

fn alter(dice: &mut Dice) -> String {
    let start = format!("ALTER TABLE {}{}", dice.maybe("IF EXISTS "), table(dice));
    match dice.roll(14) {
        0 => format!("{start} RENAME TO {}", dice.pick(&TABLES)),
        1 | 2 => format!("{start} RENAME COLUMN {} TO {}", dice.pick(&COLUMNS), dice.pick(&COLUMNS)),
        3 => format!("{start} RENAME CONSTRAINT {} TO {}", dice.pick(&CONSTRAINTS), dice.pick(&CONSTRAINTS)),
        4 => format!("{start} SET SCHEMA {}", dice.pick(&["public", "app", "other"])),
        5 => match dice.roll(5) {
            0 => format!("{start} INHERIT {}", table(dice)),
            1 => format!("{start} NO INHERIT {}", table(dice)),
            2 => format!("{start} ATTACH PARTITION {} FOR VALUES FROM (40) TO (50)", table(dice)),
            3 => format!("{start} DETACH PARTITION {}", table(dice)),
            _ => format!("{start} VALIDATE CONSTRAINT {}", dice.pick(&CONSTRAINTS)),
        },
        6 | 7 => format!("{start} {}, {}", alteration(dice), alteration(dice)),
        _ => format!("{start} {}", alteration(dice)),
    }
}

fn index(dice: &mut Dice) -> String {
    let (unique, on, one) = (dice.maybe("UNIQUE "), table(dice), dice.pick(&COLUMNS));
    let name = match dice.roll(3) {
        0 => String::new(),
        1 => format!("IF NOT EXISTS {} ", dice.pick(&INDEXES)),
        _ => format!("{} ", dice.pick(&INDEXES)),
    };
    let more = match dice.roll(4) {
        0 => format!(", {}", dice.pick(&COLUMNS)),
        1 => format!(", ({} IS NULL)", dice.pick(&COLUMNS)),
        _ => String::new(),
    };
    let end = match dice.roll(6) {
        0 => format!(" WHERE {} IS NOT NULL", dice.pick(&COLUMNS)),
        1 => format!(" INCLUDE ({})", dice.pick(&COLUMNS)),
        _ => String::new(),
    };
    format!("CREATE {unique}INDEX {name}ON {on} ({one}{more}){end}")
}

fn view(dice: &mut Dice) -> String {
    let (name, from, other) = (named(dice, &VIEWS), table(dice), table(dice));
    let (one, two) = (dice.pick(&COLUMNS), dice.pick(&COLUMNS));
    let query = match dice.roll(8) {
        0 => format!("SELECT * FROM {from}"),
        1 => format!("SELECT a.{one}, b.{two} AS other FROM {from} a JOIN {other} b ON a.id = b.id"),
        2 => format!("SELECT count(*) AS n, max(id) AS last FROM {from}"),
        3 => format!("SELECT x.* FROM {} x", named(dice, &VIEWS)),
        4 => format!("WITH w AS (SELECT id, {one} FROM {from}) SELECT * FROM w"),
        5 => format!("SELECT {one} FROM {from} UNION SELECT {one} FROM {other}"),
        _ => format!("SELECT id, {one} AS it FROM {from}"),
    };
    match dice.roll(4) {
        0 => format!("CREATE OR REPLACE VIEW {name} AS {query}"),
        1 => format!("CREATE MATERIALIZED VIEW {}{name} AS {query}", dice.maybe("IF NOT EXISTS ")),
        _ => format!("CREATE VIEW {name} AS {query}"),
    }
}

fn user_type(dice: &mut Dice) -> String {
    let (name, exists) = (named(dice, &TYPES), dice.maybe("IF EXISTS "));
    match dice.roll(13) {
        11 => match dice.roll(3) {
            0 => format!("ALTER DOMAIN {name} SET NOT NULL"),
            1 => format!("ALTER DOMAIN {name} ADD CONSTRAINT {} CHECK (VALUE <> '')", dice.pick(&CONSTRAINTS)),
            _ => format!("ALTER DOMAIN {name} DROP CONSTRAINT {exists}{}", dice.pick(&CONSTRAINTS)),
        },
        12 => format!("ALTER DOMAIN {name} RENAME TO {}", dice.pick(&TYPES)),
        0 | 1 => format!("CREATE TYPE {name} AS ENUM ({}, {})", dice.pick(&VALUES), dice.pick(&VALUES)),
        2 => format!("CREATE DOMAIN {name} AS text{} CHECK (length(VALUE) > 1)", dice.maybe(" NOT NULL")),
        3 => format!("CREATE TYPE {name} AS (a int, b text)"),
        4 | 5 => {
            let place = match dice.roll(3) {
                0 => format!(" BEFORE {}", dice.pick(&VALUES)),
                1 => format!(" AFTER {}", dice.pick(&VALUES)),
                _ => String::new(),
            };
            format!("ALTER TYPE {name} ADD VALUE {}{}{place}", dice.maybe("IF NOT EXISTS "), dice.pick(&VALUES))
        }
        6 => format!("ALTER TYPE {name} RENAME VALUE {} TO {}", dice.pick(&VALUES), dice.pick(&VALUES)),
        7 => format!("ALTER TYPE {name} RENAME TO {}", dice.pick(&TYPES)),
        8 => format!("ALTER TYPE {name} SET SCHEMA {}", dice.pick(&["public", "app"])),
        9 => format!("DROP DOMAIN {exists}{name}{}", cascade(dice)),
        _ => format!("DROP TYPE {exists}{name}{}", cascade(dice)),
    }
}

fn schema(dice: &mut Dice) -> String {
    let name = dice.pick(&SCHEMAS);
    match dice.roll(8) {
        0 | 1 => format!("CREATE SCHEMA {}{name}", dice.maybe("IF NOT EXISTS ")),
        2 => format!("DROP SCHEMA {}{name}{}", dice.maybe("IF EXISTS "), cascade(dice)),
        3 => format!("ALTER SCHEMA {name} RENAME TO {}", dice.pick(&SCHEMAS)),
        4 | 5 => "SET search_path TO public".to_string(),
        6 => "SET search_path TO app, public".to_string(),
        _ => "SET search_path TO public, app".to_string(),
    }
}

fn statement(dice: &mut Dice) -> String {
    let exists = dice.maybe("IF EXISTS ");
    match dice.roll(32) {
        0..=3 => create(dice),
        4..=15 => alter(dice),
        16..=18 => index(dice),
        19 => format!("DROP INDEX {exists}{}{}", named(dice, &INDEXES), cascade(dice)),
        20 => format!("ALTER INDEX {exists}{} RENAME TO {}", named(dice, &INDEXES), dice.pick(&INDEXES)),
        21..=23 => view(dice),
        24 => {
            let kind = dice.pick(&["VIEW", "VIEW", "MATERIALIZED VIEW"]);
            match dice.roll(4) {
                3 => {
                    let (from, to) = (dice.pick(&COLUMNS), dice.pick(&["other", "it", "id"]));
                    format!("ALTER {kind} {exists}{} RENAME COLUMN {from} TO {to}", named(dice, &VIEWS))
                }
                0 => format!("ALTER {kind} {exists}{} RENAME TO {}", named(dice, &VIEWS), dice.pick(&VIEWS)),
                _ => format!("DROP {kind} {exists}{}{}", named(dice, &VIEWS), cascade(dice)),
            }
        }
        25 | 26 => match dice.roll(3) {
            0 => format!("DROP TABLE {exists}{}, {}{}", table(dice), table(dice), cascade(dice)),
            _ => format!("DROP TABLE {exists}{}{}", table(dice), cascade(dice)),
        },
        27 | 28 => schema(dice),
        _ => user_type(dice),
    }
}

/// The history of a seed.
pub fn history(seed: u64) -> Vec<String> {
    let mut dice = Dice(seed);
    // A schema that a history never made may be somebody else's.
    let first =
        ["CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE SCHEMA app", "CREATE SCHEMA other", "DROP SCHEMA other"];
    let mut history: Vec<String> = first.map(str::to_string).to_vec();
    history.extend((0..28).map(|number| if number < 4 { create(&mut dice) } else { statement(&mut dice) }));
    history
}
