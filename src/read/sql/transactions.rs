//! In which transaction a runner runs a migration, and how a file says that it wants none. One row of a table for each
//! layout that has a runner.

use crate::model::sql::{Action, Dialect, Step};
use crate::source::{Snapshot, SqlFile, SqlSource};

use super::split::Split;

/// What a runner wraps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wraps {
    /// Each file.
    File,
    /// All that is new, in one: no file can opt out.
    Batch,
    /// Nothing, but the file is handed over as one text: PostgreSQL runs several statements of a text in one transaction, a
    /// single one on its own.
    Text,
    /// Each file, but for one whose statements all refuse transactions.
    Unless,
    /// Each file, but where a manifest lists the files: then statement by statement.
    Listed,
}

/// How a file says that it wants no transaction, besides comments (`markers` knows those, by runner).
#[derive(Clone, Copy)]
enum Beside {
    Nothing,
    /// A word in the name of the file.
    Name(&'static str),
    /// A line `key = false` in the file that stands beside it, whose name is given by `of`.
    Setting {
        of: fn(&str) -> String,
        key: &'static str,
    },
}

const TABLE: &[(&str, Wraps, Beside)] = &[
    ("atlas", Wraps::File, Beside::Nothing),
    ("dbmate", Wraps::File, Beside::Nothing),
    ("diesel", Wraps::File, Beside::Setting { of: |path| sibling(path, "metadata.toml"), key: "run_in_transaction" }),
    ("drizzle", Wraps::Batch, Beside::Nothing),
    ("flyway", Wraps::Unless, Beside::Setting { of: |path| format!("{path}.conf"), key: "executeInTransaction" }),
    ("golang-migrate", Wraps::Text, Beside::Nothing),
    ("goose", Wraps::File, Beside::Nothing),
    ("hasura", Wraps::File, Beside::Nothing),
    ("liquibase", Wraps::File, Beside::Nothing),
    ("morph", Wraps::File, Beside::Nothing),
    ("node-pg-migrate", Wraps::Batch, Beside::Nothing),
    ("pop", Wraps::File, Beside::Name(".autocommit.")),
    ("prisma", Wraps::Text, Beside::Nothing),
    ("refinery", Wraps::File, Beside::Nothing),
    ("sql-migrate", Wraps::File, Beside::Nothing),
    ("sqlx", Wraps::File, Beside::Nothing),
    ("supabase", Wraps::File, Beside::Nothing),
    ("tern", Wraps::File, Beside::Nothing),
    ("versions", Wraps::Listed, Beside::Nothing),
];

/// What counts of a file's own text.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    /// As in [`Split`].
    none: Option<&'static str>,
    /// The up part has several statements.
    several: bool,
}

impl Own {
    pub fn of(split: &Split) -> Self {
        Self { none: split.no_transaction, several: split.pieces.iter().filter(|p| !p.down).count() > 1 }
    }
}

/// True when the statements of a migration run in one transaction.
pub fn wrapped(source: &SqlSource, file: &SqlFile, own: Own, steps: &[Step], snapshot: &Snapshot<'_>) -> bool {
    // MySQL commits before and after each schema statement, whatever the runner wraps around it.
    if source.dialect == Dialect::MySql {
        return false;
    }
    let row = TABLE.iter().find(|(layout, ..)| *layout == source.layout);
    let (_, wraps, beside) = *row.unwrap_or(&("", Wraps::File, Beside::Nothing));
    // A runner that is not known may read any comment; Atlas also runs files that are named for others.
    let heard = |marker: &str| row.is_none() || matches!(marker, "" | "atlas") || marker == source.layout;
    if wraps != Wraps::Batch && own.none.is_some_and(heard) {
        return false;
    }
    let settled = match beside {
        Beside::Nothing => false,
        Beside::Name(word) => file.path.contains(word),
        Beside::Setting { of, key } => says_false(snapshot, &of(&file.path), key),
    };
    match wraps {
        _ if settled => false,
        Wraps::File | Wraps::Batch => true,
        Wraps::Text => own.several,
        Wraps::Listed => !snapshot.tree.has(&sibling(&file.path, "manifest.json")),
        Wraps::Unless => !steps.iter().any(refuses) || (mixed(steps) && !allows_mixed(snapshot, &source.path)),
    }
}

/// Never runs in a transaction.
fn refuses(step: &Step) -> bool {
    matches!(step.action, Action::CreateIndex { concurrently: true, .. } | Action::DropIndex { concurrently: true, .. })
}

/// Statements that want a transaction beside others that refuse one.
fn mixed(steps: &[Step]) -> bool {
    steps.iter().any(|step| !refuses(step) && !matches!(step.action, Action::Other))
}

/// Settings by which Flyway runs such files without a transaction, in a folder above the migrations.
fn allows_mixed(snapshot: &Snapshot<'_>, root: &str) -> bool {
    const SETTINGS: [&str; 5] =
        ["flyway.conf", "flyway.toml", "application.properties", "application.yml", "application.yaml"];
    let above = std::iter::successors(Some(root), |at| {
        at.rsplit_once('/').map(|(above, _)| above).or((!at.is_empty()).then_some(""))
    });
    let files = above.flat_map(|at| {
        SETTINGS.iter().map(move |name| if at.is_empty() { (*name).to_string() } else { format!("{at}/{name}") })
    });
    let says = |path: String| {
        let Ok(id) = snapshot.load(&path) else { return false };
        lines(&snapshot.files.get(id).bytes).any(|(key, value)| key.ends_with("mixed") && value == "true")
    };
    files.into_iter().any(says)
}

fn sibling(path: &str, name: &str) -> String {
    path.rsplit_once('/').map_or(name.to_string(), |(folder, _)| format!("{folder}/{name}"))
}

fn says_false(snapshot: &Snapshot<'_>, path: &str, key: &str) -> bool {
    let Ok(id) = snapshot.load(path) else { return false };
    lines(&snapshot.files.get(id).bytes).any(|(k, value)| k == key && value == "false")
}

/// `key = value` and `key: value`, without comments.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (String, String)> + '_ {
    bytes.split(|b| *b == b'\n').filter_map(|line| {
        let line = String::from_utf8_lossy(line);
        let (key, value) = line.split_once(['=', ':'])?;
        Some((key.trim().to_string(), value.split('#').next()?.trim().to_string()))
    })
}
