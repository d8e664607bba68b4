//! A tie between a column and a property that hold the same value.

use super::origin::Text;

/// From here on a link may drive an error.
pub const CERTAIN: f64 = 0.9;

/// A column and the property that carries its value through the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// `users.email`
    pub column: Text,
    /// `User.email`
    pub property: Text,
    /// 0 to 1; only links from [`CERTAIN`] on may drive errors.
    pub confidence: f64,
    /// Why, in words a person can check.
    pub reason: String,
    /// Index of the schema in the model and of the table and column in it.
    pub sql: (usize, usize, usize),
    /// Index of the contract in the model, the entity's shape and the index of the property in the entity view.
    pub api: (usize, super::api::ShapeId, usize),
}

/// A schema and a table that may belong together: for a person to look at, never for a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `Canvas`
    pub entity: Text,
    /// `workflows`
    pub table: Text,
    /// Much speaks for it, and for no other table.
    pub likely: bool,
    /// What speaks for it, on one line.
    pub reason: String,
}
