//! Objects of a database of which little more is known than that they are there: routines, triggers, policies and others.

use super::origin::{Origin, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKind {
    Function,
    Procedure,
    Trigger,
    Policy,
    /// A table shows only the rows that its policies let through.
    RowSecurity,
    Sequence,
    Extension,
    /// An event of MySQL's scheduler.
    Event,
}

impl ObjectKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::RowSecurity => "row level security",
            Self::Sequence => "sequence",
            Self::Extension => "extension",
            Self::Event => "event",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub kind: ObjectKind,
    /// `f`, or `app.f` outside the default schema.
    pub name: Text,
    /// The table it belongs to, as `Table::full_name`.
    pub table: Option<Text>,
    /// The function that a trigger calls.
    pub calls: Option<Text>,
    /// In upper case: when a trigger runs (`BEFORE INSERT OR UPDATE`), `RESTRICTIVE` for a policy that only takes away,
    /// `TRIGGER` for a function that only a trigger can call.
    pub detail: Text,
    /// Columns of the row at hand (`NEW.a`, `OLD.a`) that the code of a trigger or of its function names.
    pub rows: Vec<Text>,
    pub origin: Origin,
}
