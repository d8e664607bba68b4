//! The names that runners themselves take: what does not follow them is left out without a word.
//!
//! The shapes of the table are wider, since many runners share one layout. A grammar counts in a folder only where nearly
//! all names follow it: then it is that of the runner, whichever it is.

use super::shape;

/// The names that some runners take.
pub struct Grammar {
    /// Layouts, and what people call their runners.
    layouts: &'static [(&'static str, &'static str)],
    /// Where files lie that the runner looks at.
    pub reach: Reach,
    /// A name as it has to be.
    pub like: &'static str,
    /// What a runner does with other names.
    pub otherwise: &'static str,
    /// Asked with the path from the folder of the migrations.
    pub takes: fn(&str) -> bool,
}

/// How far below its folder a runner looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Folder,
    /// Into a folder for each step.
    Steps,
    Everywhere,
}

const LEFT_OUT: &str = "never runs it, without a word";

static GRAMMARS: &[Grammar] = &[
    Grammar {
        layouts: &[("golang-migrate", "golang-migrate"), ("morph", "morph"), ("pop", "pop")],
        reach: Reach::Folder,
        like: "1_name.up.sql",
        otherwise: LEFT_OUT,
        takes: |name| after_number(name).is_some_and(|rest| rest.contains(".up.") || rest.contains(".down.")),
    },
    Grammar {
        layouts: &[("goose", "goose")],
        reach: Reach::Folder,
        like: "1_name.sql",
        otherwise: "stops at it or never runs it",
        takes: |name| after_number(name).is_some(),
    },
    Grammar {
        layouts: &[("sqlx", "sqlx"), ("supabase", "Supabase"), ("tern", "tern")],
        reach: Reach::Folder,
        like: "1_name.sql",
        otherwise: LEFT_OUT,
        takes: |name| after_number(name).is_some(),
    },
    Grammar {
        layouts: &[("dbmate", "dbmate")],
        reach: Reach::Folder,
        like: "1_name.sql",
        otherwise: LEFT_OUT,
        takes: |name| name.starts_with(|c: char| c.is_ascii_digit()) && !name.contains('/'),
    },
    Grammar {
        layouts: &[("flyway", "Flyway"), ("refinery", "refinery")],
        reach: Reach::Everywhere,
        like: "V1__name.sql",
        otherwise: LEFT_OUT,
        takes: |name| shape::flyway(name).is_some() || is_callback(name.rsplit('/').next().unwrap_or(name)),
    },
    Grammar {
        layouts: &[("prisma", "Prisma")],
        reach: Reach::Steps,
        like: "20240101000000_name/migration.sql",
        otherwise: "never runs it",
        takes: |name| shape::prisma(name).is_some(),
    },
    Grammar {
        layouts: &[("diesel", "diesel"), ("hasura", "Hasura")],
        reach: Reach::Steps,
        like: "2024-01-01-000000_name/up.sql",
        otherwise: "never runs it",
        takes: |name| shape::diesel(name).is_some(),
    },
];

/// The grammar of a layout's runner, where it has one, and what the runner is called.
pub fn of(layout: &str) -> Option<(&'static Grammar, &'static str)> {
    GRAMMARS.iter().find_map(|grammar| {
        let runner = grammar.layouts.iter().find(|(name, _)| *name == layout);
        runner.map(|(_, called)| (grammar, *called))
    })
}

/// What follows the number and `_` in a name without folder.
fn after_number(name: &str) -> Option<&str> {
    let (number, rest) = name.split_once('_')?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (digits && !name.contains('/')).then_some(rest)
}

/// What Flyway runs on its own occasions: `beforeMigrate.sql`, `afterEachMigrate__name.sql`.
fn is_callback(name: &str) -> bool {
    let capital = |rest: &str| rest.starts_with(|c: char| c.is_ascii_uppercase());
    ["before", "after", "create"].iter().any(|word| name.strip_prefix(word).is_some_and(capital))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken() {
        let cases: &[(&str, &str, bool)] = &[
            ("golang-migrate", "000003_c.up.sql", true),
            ("golang-migrate", "000003_c.down.sql", true),
            ("golang-migrate", "000003_c_up.sql", false),
            ("golang-migrate", "000003_c.sql", false),
            ("golang-migrate", "000003.up.sql", false),
            ("golang-migrate", "add_c.up.sql", false),
            ("pop", "2022_x.mysql.autocommit.up.sql", true),
            ("goose", "0003_c.sql", true),
            ("goose", "c.sql", false),
            ("sqlx", "20240101_a.sql", true),
            ("sqlx", "20240101-a.sql", false),
            ("dbmate", "20240101.sql", true),
            ("dbmate", "a20240101.sql", false),
            ("flyway", "V2__x.sql", true),
            ("flyway", "a/V2__x.sql", true),
            ("flyway", "afterMigrate.sql", true),
            ("flyway", "V2_x.sql", false),
            ("flyway", "v2__x.sql", false),
            ("prisma", "2024_x/migration.sql", true),
            ("prisma", "2024_x/migrations.sql", false),
            ("diesel", "2024-01-01-000000_x/up.sql", true),
            ("diesel", "2024-01-01-000000_x/Up.sql", false),
        ];
        for (layout, name, taken) in cases {
            assert_eq!((of(layout).expect("a grammar").0.takes)(name), *taken, "{layout} {name}");
        }
        assert!(of("sql-migrate").is_none());
    }
}
