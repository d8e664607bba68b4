//! Random statements of MySQL's language, of the part on which MySQL and MariaDB agree.
//!
//! Where they do not, nothing is written: keys over texts without a length, `REFERENCES` at a column, checks at columns
//! that are defined anew, new names for columns that something computes from, several tables in one `DROP`.

use std::collections::BTreeMap;

use driftline::model::sql::{KeyKind, Schema, TableKind};

/// SplitMix64: the same histories everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())]
    }

    fn maybe(&mut self, one_in: usize, text: &str) -> String {
        if self.roll(one_in) == 0 { text.to_string() } else { String::new() }
    }
}

/// What a history has, as the replay has it: enough for most statements to be accepted, and not more.
#[derive(Default)]
struct Table {
    columns: Vec<&'static str>,
    /// Names in backticks.
    indexes: Vec<String>,
    foreign: Vec<String>,
    checks: Vec<String>,
    primary: bool,
}

struct Author {
    dice: Dice,
    /// Asks for nothing that is believed not to be there.
    careful: bool,
    tables: BTreeMap<&'static str, Table>,
}

const TABLES: [&str; 5] = ["users", "orders", "items", "`odd name`", "Words"];
const VIEWS: [&str; 2] = ["recent", "all_of_it"];
/// A name says what kind of type stands behind it.
const COLUMNS: [&str; 8] = ["id", "owner_id", "code", "Price", "note", "made", "`a b`", "ref"];
const INDEXES: [&str; 5] = ["by_owner", "by_code", "by_both", "by_ref", "id"];
const NUMBERS: [&str; 3] = ["id", "owner_id", "ref"];
const INTEGERS: [&str; 10] =
    ["int", "int", "int", "int", "int", "int", "bigint", "int unsigned", "bigint unsigned", "smallint"];
const TEXTS: [&str; 7] =
    ["varchar(50)", "varchar(255)", "enum('a','b','it''s')", "set('a','y')", "nvarchar(9)", "char(10)", "char"];
const PRICES: [&str; 13] = [
    "decimal(10,2)",
    "decimal(5)",
    "numeric",
    "double",
    "float",
    "int(5)",
    "int(11)",
    "tinyint(1)",
    "tinyint",
    "bool",
    "mediumint unsigned",
    "bigint(20)",
    "double precision",
];
const LONG: [&str; 11] = [
    "text",
    "mediumtext",
    "longtext",
    "tinytext",
    "varchar(100)",
    "json",
    "blob",
    "text(100)",
    "text(20000)",
    "varbinary(20)",
    "binary(4)",
];
const TIMES: [&str; 6] = ["datetime", "datetime(3)", "timestamp", "date", "time", "year"];
const COLLATIONS: [&str; 7] = [
    " CHARACTER SET latin1",
    " CHARACTER SET utf8mb4",
    " COLLATE utf8mb4_bin",
    " COLLATE latin1_bin",
    " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
    " CHARSET utf8",
    " CHARACTER SET ascii COLLATE ascii_bin",
];

impl Author {
    fn look(&mut self, schema: &Schema) {
        self.tables.clear();
        for name in TABLES {
            let plain = |name: &str| name.trim_matches('`').to_string();
            let found = schema.tables.iter().find(|t| t.kind == TableKind::Table && *t.name == *plain(name));
            let Some(found) = found else { continue };
            let has = |c: &&str| found.columns.iter().any(|o| *o.name == *plain(c));
            let names = |fits: &dyn Fn(KeyKind) -> bool| {
                found.keys.iter().filter(|k| fits(k.kind)).map(|k| format!("`{}`", k.name)).collect()
            };
            let known = Table {
                columns: COLUMNS.into_iter().chain(["other"]).filter(has).collect(),
                indexes: names(&|kind| matches!(kind, KeyKind::Unique | KeyKind::Index)),
                foreign: names(&|kind| kind == KeyKind::Foreign),
                checks: names(&|kind| kind == KeyKind::Check),
                primary: found.primary_key().is_some(),
            };
            self.tables.insert(name, known);
        }
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        self.dice.pick(list)
    }

    fn maybe(&mut self, one_in: usize, text: &str) -> String {
        self.dice.maybe(one_in, text)
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.dice.roll(sides) == 0
    }

    /// Mostly a table that is there, or mostly one that is not.
    fn table(&mut self, there: bool) -> &'static str {
        let fits: Vec<&str> = TABLES.into_iter().filter(|t| self.tables.contains_key(t) == there).collect();
        if fits.is_empty() || !self.careful && self.one_in(10) { self.pick(&TABLES) } else { self.pick(&fits) }
    }

    fn has(&self, table: &str, column: &str) -> bool {
        self.tables.get(table).is_some_and(|t| t.columns.contains(&column))
    }

    /// Mostly one of these that is a column of the table, or mostly one that is not.
    fn column_of(&mut self, table: &str, of: &[&'static str], there: bool) -> &'static str {
        let fits: Vec<&str> = of.iter().filter(|c| self.has(table, c) == there).copied().collect();
        if fits.is_empty() || !self.careful && self.one_in(12) { self.pick(of) } else { self.pick(&fits) }
    }

    /// Mostly the name of a key of the table, mostly none.
    fn name_of(&mut self, known: Vec<String>, others: &[&str]) -> String {
        if known.is_empty() || self.one_in(8) {
            return self.pick(others).to_string();
        }
        known[self.dice.roll(known.len())].clone()
    }

    fn old_index(&mut self, table: &str) -> String {
        let known = self.tables.get(table).map(|t| t.indexes.clone()).unwrap_or_default();
        self.name_of(known, &INDEXES)
    }

    fn new_index(&mut self, table: &str) -> &'static str {
        let known = self.tables.get(table).map(|t| t.indexes.clone()).unwrap_or_default();
        let fits: Vec<&str> = INDEXES.into_iter().filter(|i| !known.contains(&format!("`{i}`"))).collect();
        if fits.is_empty() || self.one_in(8) { self.pick(&INDEXES) } else { self.pick(&fits) }
    }

    fn type_of(&mut self, name: &str) -> String {
        let (kinds, text): (&[&str], bool) = match name {
            "code" => (&TEXTS[..5], true),
            "`a b`" => (&TEXTS, true),
            "Price" => (&PRICES, false),
            "note" => (&LONG, false),
            "made" | "other" => (&TIMES, false),
            _ => (&INTEGERS, false),
        };
        let kind = self.pick(kinds);
        let text = text || kind.contains("text") || kind.starts_with("varchar");
        let encoded = text && self.one_in(4) && !kind.starts_with('n');
        let encoding = if encoded { self.pick(&COLLATIONS) } else { "" };
        format!("{kind}{encoding}")
    }

    fn default(&mut self, name: &str) -> String {
        let value = match name {
            "code" | "`a b`" => "'a'",
            "made" | "other" if self.one_in(3) => "NULL",
            "note" | "made" | "other" => return String::new(),
            _ => self.pick(&["1", "'1'", "0"]),
        };
        self.maybe(3, &format!(" DEFAULT {value}"))
    }

    /// Name, type and options.
    fn column(&mut self, table: &'static str, name: &'static str) -> String {
        let number = NUMBERS.contains(&name);
        let computed = match name {
            "Price" => Some(("bigint", "(char_length(code) * 2)", "code")),
            "note" => Some(("varchar(80)", "(concat(code, 'x'))", "code")),
            _ => None,
        };
        if let Some((kind, expression, from)) = computed
            && self.one_in(6)
            && (self.has(table, from) || self.one_in(10))
        {
            let (always, stored) = (self.maybe(2, " GENERATED ALWAYS"), self.pick(&["", " STORED", " VIRTUAL"]));
            return format!("{name} {kind}{always} AS {expression}{stored}");
        }
        let kind = self.type_of(name);
        let null = self.pick(&["", "", " NOT NULL", if number || name == "code" { "" } else { " NULL" }]);
        if name == "id" && self.one_in(6) {
            let key = self.pick(&[" PRIMARY KEY", " UNIQUE", "", " UNIQUE KEY", " KEY"]);
            return format!("{name} {kind}{null} AUTO_INCREMENT{key}");
        }
        let default = self.default(name);
        let update = if name == "made" && kind == "datetime" && default.is_empty() {
            self.maybe(3, " DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
        } else {
            String::new()
        };
        let primary = self.tables.get(table).is_some_and(|t| t.primary);
        let key = match self.dice.roll(14) {
            0 if name != "note" => " UNIQUE",
            1 if number && (!primary || self.one_in(10)) => " PRIMARY KEY",
            _ => "",
        };
        let comment = self.maybe(8, " COMMENT 'it''s'");
        format!("{name} {kind}{null}{default}{update}{key}{comment}")
    }

    fn element(&mut self, table: &str) -> String {
        let name = self.column_of(table, &COLUMNS, true);
        let part = if name == "note" { "(3)" } else { "" };
        format!("{name}{part}")
    }

    /// What stands in an index.
    fn elements(&mut self, table: &str) -> String {
        let (first, second) = (self.element(table), self.element(table));
        if first != second && self.one_in(3) || self.one_in(20) { format!("{first}, {second}") } else { first }
    }

    fn foreign(&mut self, table: &str) -> String {
        let named = self.pick(&["", "", "CONSTRAINT fk_one ", "CONSTRAINT fk_two ", "CONSTRAINT "]);
        let own = self.column_of(table, &NUMBERS, true);
        // Most often one of those that have a key on it.
        let keyed: Vec<&str> = self.tables.iter().filter(|(_, t)| t.primary).map(|(name, _)| *name).collect();
        let to = if keyed.is_empty() || self.one_in(6) { self.table(true) } else { self.pick(&keyed) };
        let other = if self.one_in(5) { "owner_id" } else { "id" };
        let delete = self.pick(&["", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON DELETE RESTRICT"]);
        let update = self.pick(&["", "", " ON UPDATE CASCADE", " ON UPDATE NO ACTION"]);
        let index = if named.is_empty() { self.maybe(5, "fk_index ") } else { String::new() };
        // What points to itself is held by no index.
        let own = if to == table && own == other { "ref" } else { own };
        // Of a column that may be null nothing can be passed on to one that may not.
        let update = if other == "id" { update } else { "" };
        if self.one_in(8) {
            return format!("{named}FOREIGN KEY {index}(owner_id, ref) REFERENCES {to} (id, owner_id){delete}");
        }
        format!("{named}FOREIGN KEY {index}({own}) REFERENCES {to} ({other}){delete}{update}")
    }

    fn check(&mut self, table: &str, there: bool) -> String {
        let own = table.trim_matches('`').replace(' ', "_");
        let name = format!("ck_{own}_{}", self.pick(&["a", "b"]));
        if !there {
            return name;
        }
        let (one, two) = (self.column_of(table, &NUMBERS, true), self.column_of(table, &["owner_id", "ref"], true));
        let test = match self.dice.roll(3) {
            0 => format!("{one} < {two}"),
            1 => format!("{two} IN (1, 2)"),
            _ => format!("{one} <> 5"),
        };
        format!("CONSTRAINT {name} CHECK ({test})")
    }

    /// A key, index or check as an item of a table.
    fn key(&mut self, table: &'static str) -> String {
        let index = self.new_index(table);
        match self.dice.roll(10) {
            0 => {
                format!("PRIMARY KEY ({})", self.pick(&["id", "id", "owner_id", "code"]))
            }
            1 => format!("UNIQUE ({})", self.element(table)),
            2 => format!("CONSTRAINT {} UNIQUE ({})", self.pick(&["one", "two"]), self.element(table)),
            3 | 4 => {
                format!("UNIQUE KEY {index} ({})", self.element(table))
            }
            5 => format!("KEY ({})", self.elements(table)),
            6 => {
                format!("INDEX {index} ({})", self.elements(table))
            }
            7 | 8 => self.foreign(table),
            _ => self.check(table, true),
        }
    }

    fn create(&mut self) -> String {
        self.careful = !self.one_in(5);
        let statement = self.create_table();
        self.careful = false;
        statement
    }

    fn create_table(&mut self) -> String {
        let table = self.table(false);
        let mut names: Vec<&str> = COLUMNS.to_vec();
        let mut items = Vec::new();
        let mut known = Table::default();
        // Most have a number, so that others can point to it.
        if !self.one_in(4) {
            names.remove(0);
            known.columns.push("id");
            known.primary = true;
            items.push(match self.dice.roll(3) {
                0 => "id int NOT NULL AUTO_INCREMENT PRIMARY KEY".to_string(),
                1 => format!("id {} PRIMARY KEY", self.pick(&INTEGERS)),
                _ => "id int NOT NULL".to_string(),
            });
            known.primary = items[0].contains("PRIMARY");
        }
        self.tables.insert(table, known);
        for _ in 0..2 + self.dice.roll(5) {
            let name = names.remove(self.dice.roll(names.len()));
            let column = self.column(table, name);
            items.push(column);
            if let Some(known) = self.tables.get_mut(table) {
                known.columns.push(name);
            }
        }
        for _ in 0..self.dice.roll(3) {
            items.push(self.key(table));
        }
        let exists = self.maybe(6, "IF NOT EXISTS ");
        let options = self.pick(&[
            "",
            "",
            "",
            "",
            " ENGINE=InnoDB",
            " DEFAULT CHARSET=latin1",
            " CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
            " COLLATE utf8mb4_unicode_ci",
            " COMMENT='x'",
        ]);
        format!("CREATE TABLE {exists}{table} ({}){options}", items.join(", "))
    }

    fn place(&mut self, table: &str) -> String {
        match self.dice.roll(6) {
            0 => " FIRST".to_string(),
            1 => format!(" AFTER {}", self.column_of(table, &COLUMNS, true)),
            _ => String::new(),
        }
    }

    fn item(&mut self, table: &'static str) -> String {
        let (name, place) = (self.column_of(table, &COLUMNS, true), self.place(table));
        let word = self.maybe(2, "COLUMN ");
        match self.dice.roll(20) {
            0..=3 => {
                let name = self.column_of(table, &COLUMNS, false);
                let column = self.column(table, name);
                format!("ADD {word}{column}{place}")
            }
            4 | 5 => format!("MODIFY {word}{}{place}", self.column(table, name)),
            6 => format!("CHANGE {name} {}{place}", self.column(table, name)),
            7 => {
                let (from, to) = (self.column_of(table, &RENAMED, true), self.column_of(table, &RENAMED, false));
                match self.dice.roll(2) {
                    0 => format!("RENAME COLUMN {from} TO {to}"),
                    _ => format!("CHANGE {from} {}{place}", self.column(table, to)),
                }
            }
            8 | 9 => {
                format!("DROP {word}{name}")
            }
            10 | 11 => format!("ADD {}", self.key(table)),
            12 => {
                let index = self.old_index(table);
                format!("DROP {} {index}", self.pick(&["INDEX", "KEY"]))
            }
            13 => "DROP PRIMARY KEY".to_string(),
            14 => {
                let known = self.tables.get(table).map(|t| t.foreign.clone()).unwrap_or_default();
                format!("DROP FOREIGN KEY {}", self.name_of(known, &["fk_one", "fk_two", "users_ibfk_1"]))
            }
            15 => {
                let (from, to) = (self.old_index(table), self.new_index(table));
                format!("RENAME {} {from} TO {to}", self.pick(&["INDEX", "KEY"]))
            }
            16 if self.one_in(3) && name != "id" => format!("ALTER {name} DROP DEFAULT"),
            16 => {
                let name = self.column_of(table, &["owner_id", "code", "`a b`", "ref"], true);
                let text = matches!(name, "code" | "`a b`");
                format!("ALTER COLUMN {name} SET DEFAULT {}", if text { "'a'" } else { "1" })
            }
            17 => self
                .pick(&[
                    "CONVERT TO CHARACTER SET utf8mb4",
                    "CONVERT TO CHARACTER SET latin1 COLLATE latin1_bin",
                    "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                ])
                .to_string(),
            18 => self
                .pick(&["DEFAULT CHARACTER SET latin1", "COLLATE utf8mb4_bin", "ENGINE=InnoDB", "COMMENT='y'"])
                .to_string(),
            _ => {
                let known = self.tables.get(table).map(|t| [t.checks.clone(), t.foreign.clone()].concat());
                format!("DROP CONSTRAINT {}", self.name_of(known.unwrap_or_default(), &["one", "fk_one", "nothing"]))
            }
        }
    }

    fn statement(&mut self) -> String {
        let (table, other) = (self.table(true), self.table(true));
        let (fresh, exists) = (self.table(false), self.maybe(3, "IF EXISTS "));
        let number = self.dice.roll(32);
        // Names that are free are few.
        let crowded = self.tables.contains_key(fresh) && !self.one_in(8);
        match if crowded && matches!(number, 0..=2 | 20 | 21 | 27 | 28) { 3 } else { number } {
            0..=2 => self.create(),
            3..=13 => format!("ALTER TABLE {table} {}", self.item(table)),
            14..=16 => {
                let mut items: Vec<String> = (0..2 + self.dice.roll(2)).map(|_| self.item(table)).collect();
                // An index keeps the length of a column that is dropped and made anew, which then may be too short.
                if items
                    .iter()
                    .any(|i| i.starts_with("DROP") || i.starts_with("RENAME") || i.starts_with("CHANGE made"))
                {
                    items.retain(|i| !i.starts_with("ADD"));
                }
                // What is said twice of a table or of a column's default is a matter of taste, and MariaDB keeps
                // foreign keys that it should drop while it copies.
                let mut said = 0;
                items.retain(|i| {
                    let table = ["CONVERT", "DEFAULT", "COLLATE", "ALTER"].iter().any(|w| i.starts_with(w));
                    said += usize::from(table);
                    let foreign = i.starts_with("DROP FOREIGN") || i.starts_with("DROP CONSTRAINT");
                    !foreign && (!table || said == 1 && !i.starts_with("ALTER"))
                });
                let items = if items.is_empty() { vec!["COMMENT='z'".to_string()] } else { items };
                format!("ALTER TABLE {table} {}", items.join(", "))
            }
            17 | 18 => {
                let (unique, index) = (self.maybe(3, "UNIQUE "), self.new_index(table));
                let elements = if unique.is_empty() { self.elements(table) } else { self.element(table) };
                format!("CREATE {unique}INDEX {index} ON {table} ({elements})")
            }
            19 => {
                let index = self.old_index(table);
                format!("DROP INDEX {index} ON {table}")
            }
            20 => {
                format!("RENAME TABLE {table} TO {fresh}")
            }
            21 => {
                format!("ALTER TABLE {table} RENAME TO {fresh}")
            }
            22 | 23 => {
                format!("DROP TABLE {exists}{table}")
            }
            24 | 25 => {
                let replace = self.maybe(2, "OR REPLACE ");
                let query = match self.dice.roll(4) {
                    0 => format!("SELECT * FROM {table}"),
                    1 => format!("SELECT id, code AS c FROM {table} WHERE id > 0"),
                    2 => format!("SELECT a.id, b.owner_id FROM {table} a CROSS JOIN {other} b"),
                    _ => "SELECT 1 AS one".to_string(),
                };
                format!("CREATE {replace}VIEW {} AS {query}", self.pick(&VIEWS))
            }
            26 => format!("DROP VIEW {exists}{}", self.pick(&VIEWS)),
            27 => {
                format!("CREATE TABLE {fresh} LIKE {other}")
            }
            28 => {
                let columns = self.tables.get(other).map(|t| t.columns.clone()).unwrap_or_default();
                // MariaDB's copy of `json` is a text.
                let all = if columns.contains(&"note") { "id, code" } else { "*" };
                let query = self.pick(&[all, all, "id, code", "id AS ref, Price AS cost"]);
                format!("CREATE TABLE {fresh} AS SELECT {query} FROM {other}")
            }
            29 => {
                let unless = self.pick(&["", "IF NOT EXISTS ", "IF EXISTS "]);
                match (unless, self.dice.roll(3)) {
                    ("IF NOT EXISTS ", 0) => {
                        format!(
                            "ALTER TABLE {table} ADD COLUMN {unless}{} date",
                            self.pick(&["made", "code", "id", "other"])
                        )
                    }
                    ("IF NOT EXISTS ", _) => {
                        format!("CREATE INDEX {unless}{} ON {table} ({})", self.pick(&INDEXES), self.elements(table))
                    }
                    ("IF EXISTS ", 0) => format!("ALTER TABLE {table} DROP COLUMN {unless}{}", self.pick(&COLUMNS)),
                    ("IF EXISTS ", 1) => format!("ALTER TABLE {table} DROP INDEX {unless}{}", self.pick(&INDEXES)),
                    ("IF EXISTS ", _) => format!("ALTER TABLE {unless}{table} {}", self.item(table)),
                    // Without them, what MariaDB refuses depends on whether it copies the table.
                    _ => "SET FOREIGN_KEY_CHECKS = 1".to_string(),
                }
            }
            30 => {
                let (one, two) = (self.column_of(table, &COLUMNS, false), self.column_of(table, &COLUMNS, false));
                format!("ALTER TABLE {table} ADD ({}, {})", self.column(table, one), self.column(table, two))
            }
            _ if self.one_in(3) => format!("RENAME TABLE {table} TO moved, {other} TO {table}, moved TO {other}"),
            _ => format!("ALTER TABLE {table} {}", self.item(table)),
        }
    }
}

/// What is renamed is nothing that something is computed from.
const RENAMED: [&str; 2] = ["made", "other"];
/// A whole history, one statement each.
pub fn history(seed: u64) -> Vec<String> {
    let mut author = Author { dice: Dice(seed), careful: false, tables: BTreeMap::new() };
    let mut history = Vec::new();
    for number in 0..25 {
        history.push(if number < 3 { author.create() } else { author.statement() });
        // Not behind every statement: it takes its time.
        if number % 2 == 0 || number < 4 {
            author.look(&super::ours::replay(&history).value);
        }
    }
    history
}
