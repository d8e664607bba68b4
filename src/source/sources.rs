//! What discovery found in one revision.

use crate::config::Found;
use crate::model::origin::{Problem, Text};
use crate::model::sql::Dialect;

use super::places::parent;

/// The inputs of one revision.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Sorted by path.
    pub contracts: Vec<ContractSource>,
    /// Sorted by path.
    pub sql: Vec<SqlSource>,
    /// What was looked for, for the message when nothing was found.
    pub tried: Vec<String>,
    /// What was found and does not count, sorted by path.
    pub twins: Vec<Twin>,
    /// SQL sources among the twins: a revision in which the other twin is missing may need them.
    pub aside: Vec<SqlSource>,
    pub problems: Vec<Problem>,
    /// Folders and files of SQL for engines that are not replayed.
    pub others: Vec<(Text, &'static str)>,
}

impl Sources {
    /// What `driftline init` writes down.
    pub fn found(&self) -> Found<'_> {
        Found {
            contracts: self.contracts.iter().map(|c| &*c.path).collect(),
            sql: self.sql.iter().map(|s| (&*s.path, s.dialect, s.layout)).collect(),
            links: None,
        }
    }

    /// Dumps and schema folders that say what migrations build, each with those migrations.
    pub fn dumps(&self) -> impl Iterator<Item = (&SqlSource, &SqlSource)> {
        self.aside.iter().filter(|dump| dump.is_state()).filter_map(|dump| {
            let of = self.twins.iter().find(|twin| twin.path == dump.path)?.of.as_ref()?;
            let migrations = self.sql.iter().find(|s| s.path == *of && s.dialect == dump.dialect && !s.is_state())?;
            dump.is_beside(migrations).then_some((dump, migrations))
        })
    }

    pub fn is_empty(&self) -> bool {
        self.contracts.is_empty() && self.sql.is_empty()
    }
}

/// An input that was found and kept out, so that nothing is reported twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twin {
    pub path: Text,
    /// The input that counts instead.
    pub of: Option<Text>,
    /// Completes the sentence "`path` …".
    pub reason: &'static str,
}

/// The root document of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractSource {
    pub path: Text,
}

/// A dump, a folder of schema files, or a folder of migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlSource {
    /// The folder, or the file for a dump.
    pub path: Text,
    pub layout: &'static str,
    pub dialect: Dialect,
    /// Names or settings say which dialect it is: nothing said about all inputs overrides that.
    pub said: bool,
    /// In the order in which the runner would run them, down files apart at the end.
    pub files: Vec<SqlFile>,
}

impl SqlSource {
    /// A dump or a schema folder: files that say how things are, not how they came to be.
    pub fn is_state(&self) -> bool {
        matches!(self.layout, "dump" | "schema")
    }

    /// In the folder of the migrations, in one above them, or in one beside such a folder.
    fn is_beside(&self, migrations: &SqlSource) -> bool {
        let file = self.files.iter().all(|file| file.path == self.path);
        let folder = if file { parent(&self.path) } else { &*self.path };
        let around = parent(folder);
        around.is_empty() || inside(&migrations.path, around)
    }
}

/// True for a path in the folder or below.
fn inside(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// One file of a SQL source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFile {
    pub path: Text,
    /// What the runner sorts and remembers by; the file name for schema folders and dumps.
    pub version: Text,
    pub role: Role,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Up,
    Repeatable,
    Down,
    /// A step in another language than SQL: its place is known, and nothing else.
    Code,
    /// Part of a schema folder or a dump: a state, not a step.
    State,
}
