//! What discovery found in one revision.

use crate::model::origin::{Problem, Text};
use crate::model::sql::Dialect;

/// The inputs of one revision.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Sorted by path.
    pub contracts: Vec<ContractSource>,
    /// Sorted by path.
    pub sql: Vec<SqlSource>,
    /// What was looked for, for the message when nothing was found.
    pub tried: Vec<String>,
    pub problems: Vec<Problem>,
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
    /// In the order in which the runner would run them, down files apart at the end.
    pub files: Vec<SqlFile>,
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
    /// Part of a schema folder or a dump: a state, not a step.
    State,
}
