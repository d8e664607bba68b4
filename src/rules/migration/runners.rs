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

/// A runner's ways.
pub struct Runner {
    pub name: &'static str,
    /// It remembers a hash of every file and stops, or asks for a reset, when one differs.
    pub checksums: bool,
    pub late: Late,
}

static RUNNERS: &[(&str, Runner)] = &[
    ("atlas", Runner { name: "Atlas", checksums: true, late: Late::Refused }),
    ("dbmate", Runner { name: "dbmate", checksums: false, late: Late::Applied }),
    ("diesel", Runner { name: "diesel", checksums: false, late: Late::Applied }),
    ("drizzle", Runner { name: "drizzle", checksums: false, late: Late::Skipped }),
    ("flyway", Runner { name: "Flyway", checksums: true, late: Late::Refused }),
    ("golang-migrate", Runner { name: "golang-migrate", checksums: false, late: Late::Skipped }),
    ("goose", Runner { name: "goose", checksums: false, late: Late::Refused }),
    ("hasura", Runner { name: "Hasura", checksums: false, late: Late::Applied }),
    ("liquibase", Runner { name: "Liquibase", checksums: true, late: Late::Applied }),
    ("node-pg-migrate", Runner { name: "node-pg-migrate", checksums: false, late: Late::Refused }),
    ("pop", Runner { name: "pop", checksums: false, late: Late::Applied }),
    ("prisma", Runner { name: "Prisma", checksums: true, late: Late::Applied }),
    ("refinery", Runner { name: "refinery", checksums: true, late: Late::Refused }),
    ("sql-migrate", Runner { name: "sql-migrate", checksums: false, late: Late::Applied }),
    ("sqlx", Runner { name: "sqlx", checksums: true, late: Late::Applied }),
    ("supabase", Runner { name: "Supabase", checksums: false, late: Late::Refused }),
    ("tern", Runner { name: "tern", checksums: false, late: Late::Skipped }),
];

static UNKNOWN: Runner = Runner { name: "the runner", checksums: false, late: Late::Unknown };

/// The runner that a layout belongs to.
pub fn of(layout: &str) -> &'static Runner {
    RUNNERS.iter().find(|(name, _)| *name == layout).map_or(&UNKNOWN, |(_, runner)| runner)
}
