//! What the migration runners do with a history that changed.

/// What a runner does with a migration that sorts before one that was run already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    /// Never runs it, without a word.
    Skipped,
    /// Stops with an error.
    Refused,
    /// Runs it after the later ones.
    Applied,
    /// The layout does not tell which runner it is.
    Unknown,
}

/// What a runner does when a file that it has run says something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// It remembers a hash and stops with an error.
    Refused,
    /// It remembers a hash and warns.
    Warned,
    /// It remembers names only.
    Unnoticed,
}

/// A runner's ways.
pub struct Runner {
    pub name: &'static str,
    pub edited: Edited,
    pub late: Late,
}

static RUNNERS: &[(&str, Runner)] = &[
    ("atlas", Runner { name: "Atlas", edited: Edited::Refused, late: Late::Refused }),
    ("dbmate", Runner { name: "dbmate", edited: Edited::Unnoticed, late: Late::Applied }),
    ("diesel", Runner { name: "diesel", edited: Edited::Unnoticed, late: Late::Applied }),
    ("drizzle", Runner { name: "drizzle", edited: Edited::Unnoticed, late: Late::Skipped }),
    ("flyway", Runner { name: "Flyway", edited: Edited::Refused, late: Late::Refused }),
    ("golang-migrate", Runner { name: "golang-migrate", edited: Edited::Unnoticed, late: Late::Skipped }),
    ("goose", Runner { name: "goose", edited: Edited::Unnoticed, late: Late::Refused }),
    ("hasura", Runner { name: "Hasura", edited: Edited::Unnoticed, late: Late::Applied }),
    ("liquibase", Runner { name: "Liquibase", edited: Edited::Refused, late: Late::Applied }),
    ("node-pg-migrate", Runner { name: "node-pg-migrate", edited: Edited::Unnoticed, late: Late::Refused }),
    ("pop", Runner { name: "pop", edited: Edited::Unnoticed, late: Late::Applied }),
    ("prisma", Runner { name: "Prisma", edited: Edited::Warned, late: Late::Applied }),
    ("refinery", Runner { name: "refinery", edited: Edited::Refused, late: Late::Refused }),
    ("sql-migrate", Runner { name: "sql-migrate", edited: Edited::Unnoticed, late: Late::Applied }),
    ("sqlx", Runner { name: "sqlx", edited: Edited::Refused, late: Late::Applied }),
    ("supabase", Runner { name: "Supabase", edited: Edited::Unnoticed, late: Late::Refused }),
    ("tern", Runner { name: "tern", edited: Edited::Unnoticed, late: Late::Skipped }),
];

static UNKNOWN: Runner = Runner { name: "the runner", edited: Edited::Unnoticed, late: Late::Unknown };

/// The runner that a layout belongs to.
pub fn of(layout: &str) -> &'static Runner {
    RUNNERS.iter().find(|(name, _)| *name == layout).map_or(&UNKNOWN, |(_, runner)| runner)
}
