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
pub enum OnEdit {
    /// It remembers a hash and stops with an error.
    Refused,
    /// It remembers a hash and warns.
    Warned,
    /// It remembers names only.
    Unnoticed,
}

/// What a runner remembers of a migration that it has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Version,
    /// The name of the file or folder.
    Name,
    /// Its statements: any name will do.
    Content,
}

/// A runner's ways.
pub struct Runner {
    pub name: &'static str,
    pub known: Known,
    pub edited: OnEdit,
    pub late: Late,
}

static RUNNERS: &[(&str, Runner)] = &[
    ("atlas", Runner { name: "Atlas", known: Known::Version, edited: OnEdit::Refused, late: Late::Refused }),
    ("dbmate", Runner { name: "dbmate", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Applied }),
    ("diesel", Runner { name: "diesel", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Applied }),
    ("drizzle", Runner { name: "drizzle", known: Known::Content, edited: OnEdit::Unnoticed, late: Late::Skipped }),
    ("flyway", Runner { name: "Flyway", known: Known::Version, edited: OnEdit::Refused, late: Late::Refused }),
    (
        "golang-migrate",
        Runner { name: "golang-migrate", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Skipped },
    ),
    ("goose", Runner { name: "goose", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Refused }),
    ("hasura", Runner { name: "Hasura", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Applied }),
    ("liquibase", Runner { name: "Liquibase", known: Known::Name, edited: OnEdit::Refused, late: Late::Applied }),
    (
        "node-pg-migrate",
        Runner { name: "node-pg-migrate", known: Known::Name, edited: OnEdit::Unnoticed, late: Late::Refused },
    ),
    ("pop", Runner { name: "pop", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Applied }),
    ("prisma", Runner { name: "Prisma", known: Known::Name, edited: OnEdit::Warned, late: Late::Applied }),
    ("refinery", Runner { name: "refinery", known: Known::Version, edited: OnEdit::Refused, late: Late::Refused }),
    ("sql-migrate", Runner { name: "sql-migrate", known: Known::Name, edited: OnEdit::Unnoticed, late: Late::Applied }),
    ("sqlx", Runner { name: "sqlx", known: Known::Version, edited: OnEdit::Refused, late: Late::Applied }),
    ("supabase", Runner { name: "Supabase", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Refused }),
    ("tern", Runner { name: "tern", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Skipped }),
];

static UNKNOWN: Runner =
    Runner { name: "the runner", known: Known::Version, edited: OnEdit::Unnoticed, late: Late::Unknown };

/// The runner that a layout belongs to.
pub fn of(layout: &str) -> &'static Runner {
    RUNNERS.iter().find(|(name, _)| *name == layout).map_or(&UNKNOWN, |(_, runner)| runner)
}

/// Why a statement of a file runs in a transaction, by the runner's own way.
pub fn transaction(layout: &str) -> &'static str {
    match layout {
        "drizzle" | "node-pg-migrate" => "the runner runs all that is new in one",
        "golang-migrate" | "prisma" => {
            "the runner hands all statements of the file over as one text, which PostgreSQL runs in one"
        }
        "flyway" => "Flyway refuses a file in which others stand beside it that want one",
        _ => "the runner wraps this migration in one",
    }
}
