//! Statements made up at random: few names, so that they meet each other, and some nonsense.

use driftline::model::sql::Dialect;

use crate::dice::Dice;

const TABLES: [&str; 7] = ["users", "orders", "items", "crm.notes", "old_users", "tags", "logs"];
const COLUMNS: [&str; 6] = ["id", "name", "email", "user_id", "state", "total"];
const TYPES: [&str; 6] = ["integer", "varchar(50)", "varchar(100)", "text", "bigint", "numeric(10,2)"];
const OPAQUE: [&str; 3] =
    ["CALL unknown_work();", "DO $$ BEGIN EXECUTE 'x' || y; END $$;", "SELECT 1; \\i other.sql\n"];

pub fn statement(dice: &mut Dice, dialect: Dialect) -> String {
    let (table, other) = (dice.pick(&TABLES), dice.pick(&TABLES));
    let (column, more) = (dice.pick(&COLUMNS), dice.pick(&COLUMNS));
    let (ty, null) = (dice.pick(&TYPES), dice.maybe(" NOT NULL"));
    let short = table.replace('.', "_");
    match dice.roll(34) {
        0..=5 => {
            let key = dice.maybe(", PRIMARY KEY (id)");
            let check = dice.maybe(", CHECK (state IN ('a', 'b'))");
            let foreign = dice.maybe(&format!(", user_id integer REFERENCES {other} (id) ON DELETE CASCADE"));
            let state = if check.is_empty() && dice.roll(3) > 0 { "mood" } else { "text" };
            let name = dice.maybe("IF NOT EXISTS ");
            format!("CREATE TABLE {name}{table} (id integer{null}, {more}_x {ty}, state {state}{foreign}{key}{check});")
        }
        6 => format!("DROP TABLE {}{table}{};", dice.maybe("IF EXISTS "), dice.maybe(" CASCADE")),
        7..=9 => format!("ALTER TABLE {table} ADD COLUMN {column} {ty}{null};"),
        10 => format!("ALTER TABLE {table} DROP COLUMN {column};"),
        11 => format!("ALTER TABLE {table} RENAME COLUMN {column} TO {more};"),
        12 => format!("ALTER TABLE {table} RENAME TO {};", other.rsplit('.').next().unwrap_or(other)),
        13 if dialect == Dialect::MySql => format!("ALTER TABLE {table} MODIFY {column} {ty}{null};"),
        13 => format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {ty};"),
        14 => format!("ALTER TABLE {table} ALTER COLUMN {column} SET {};", dice.pick(&["NOT NULL", "DEFAULT 'x'"])),
        15 => format!("CREATE {}INDEX {short}_{column} ON {table} ({column});", dice.maybe("UNIQUE ")),
        16 => format!("DROP INDEX {short}_{column};"),
        17 => format!("ALTER TABLE {table} ADD CONSTRAINT {short}_fk FOREIGN KEY (user_id) REFERENCES {other} (id);"),
        18 => format!("ALTER TABLE {table} DROP CONSTRAINT {short}_fk;"),
        19 => format!("CREATE VIEW {short}_view AS SELECT id, state FROM {table};"),
        20 => format!("DROP VIEW {short}_view;"),
        21 => "CREATE TYPE mood AS ENUM ('a', 'b');".to_string(),
        22 => dice
            .pick(&["ALTER TYPE mood ADD VALUE 'c';", "ALTER TYPE mood RENAME TO temper;", "DROP TYPE mood;"])
            .into(),
        23 => "CREATE DOMAIN mood AS text CHECK (value IN ('a', 'b'));".to_string(),
        24 => format!("COMMENT ON TABLE {table} IS 'what {column} is';"),
        25 => format!(
            "CREATE FUNCTION touch() RETURNS void AS $$ ALTER TABLE {table} ADD COLUMN touched text; $$ LANGUAGE sql;"
        ),
        26 => "SELECT touch();".to_string(),
        27 => format!("BEGIN; ALTER TABLE {table} ADD COLUMN gone text; {};", dice.pick(&["ROLLBACK", "COMMIT"])),
        28 => format!("SET search_path = {}; CREATE TABLE notes (id integer);", dice.pick(&["crm", "public"])),
        29 => {
            dice.pick(&["CREATE SCHEMA crm;", "DROP SCHEMA crm CASCADE;", "ALTER SCHEMA crm RENAME TO sales;"]).into()
        }
        30 => format!("INSERT INTO {table} (id, {column}) SELECT id, {more} FROM {other};"),
        31 => format!("ALTER TABLE {table} ADD COLUMN {column} ( , ;"),
        32 => format!(
            "CREATE TABLE broken (id integer, name text DEFAULT 'never ends{};",
            dice.maybe("\n);\nCREATE TABLE x")
        ),
        // Seldom: nothing is certain behind it.
        _ if dice.roll(8) == 0 => dice.pick(&OPAQUE).into(),
        _ => format!("UPDATE {table} SET {column} = NULL{};", dice.maybe(" WHERE id = 1")),
    }
}

/// A file of some statements.
pub fn text(dice: &mut Dice, dialect: Dialect, most: usize) -> String {
    (0..=dice.roll(most)).map(|_| statement(dice, dialect) + "\n").collect()
}
