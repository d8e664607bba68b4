//! Keys, constraints and indexes as statements define them.

use crate::model::domain::Bound;
use crate::model::origin::Text;
use crate::model::sql::KeyKind;

use super::command::Atom;
use super::cursor::{Name, Span};

#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub table: Name,
    pub columns: Vec<Text>,
    pub on_delete: Text,
    pub on_update: Text,
}

/// One test that a CHECK makes on one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub column: Text,
    pub test: Test,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    OneOf(Vec<serde_json::Value>),
    Minimum(Bound),
    Maximum(Bound),
    MinLength(u64),
    MaxLength(u64),
    NotNull,
}

/// A key, constraint or index.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyDef {
    pub name: Option<Text>,
    pub kind: KeyKind,
    pub columns: Vec<Text>,
    /// What an engine names an element by that is no column.
    pub labels: Vec<Text>,
    pub target: Option<Target>,
    /// Expression of a check, elements and condition of an index that are more than columns.
    pub body: Vec<Atom>,
    /// Columns that it needs besides: of its expressions and its condition, and those it carries along.
    pub needs: Vec<Text>,
    pub conditions: Vec<Condition>,
    pub partial: bool,
    /// Columns of which MySQL holds the beginning alone: `name(10)`.
    pub parts: Vec<Text>,
    pub is_index: bool,
    pub not_valid: bool,
    /// Made from this existing index.
    pub using_index: Option<Text>,
    /// Written at a column, not at the table.
    pub inline: bool,
    /// Made by MySQL for a foreign key.
    pub implicit: bool,
    /// The key of a parent that it follows.
    pub from_parent: Option<Text>,
    /// `ENFORCED` and others apart: a check that children do not take over.
    pub no_inherit: bool,
    /// The item of `ALTER TABLE` that it stands in.
    pub item: Option<Span>,
    pub span: Span,
}

impl KeyDef {
    pub fn new(kind: KeyKind, span: Span) -> Self {
        Self {
            name: None,
            kind,
            columns: Vec::new(),
            labels: Vec::new(),
            target: None,
            body: Vec::new(),
            needs: Vec::new(),
            conditions: Vec::new(),
            partial: false,
            parts: Vec::new(),
            is_index: false,
            not_valid: false,
            using_index: None,
            inline: false,
            implicit: false,
            from_parent: None,
            no_inherit: false,
            item: None,
            span,
        }
    }
}
