//! Pictures of a change as plain values: which boxes, rows and lines, and what each of them says. How they are drawn is for
//! the formats.
//!
//! Comes in: both revisions with their links, the changes, the findings. Goes out: [`Pictures`]. Must not know: formats, sizes.

mod flow;
mod neighbourhood;

use crate::model::{Change, Layer};
use crate::rules::Names;

use super::Item;
use super::build::Side;
use super::ties::TieKind;

/// What is drawn of a change.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// The changed entities of both layers with what they are tied to.
    pub entities: Picture,
    /// The way of the values that the introduced findings are about: columns, views, properties, operations.
    pub flow: Picture,
}

impl Pictures {
    /// The findings are those of the report, in its order: what is drawn names them by their index.
    pub fn of(base: Side<'_>, head: Side<'_>, changes: &[Change], findings: &[Item], names: &Names) -> Self {
        let entities = neighbourhood::draw(base, head, changes, findings, names);
        let flow = flow::draw(base, head, findings, names);
        Self { entities, flow }
    }
}

/// Boxes with lines between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    pub boxes: Vec<Entity>,
    pub lines: Vec<Line>,
    /// A sentence about what is not drawn because it would not be readable.
    pub left_out: Option<String>,
}

/// A box: an entity with some of its attributes, or a path with its operations.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// `None` for operations.
    pub layer: Option<Layer>,
    /// `table`, `schema`, `operations`
    pub kind: &'static str,
    pub name: String,
    pub mark: Mark,
    pub rows: Vec<Row>,
    /// Attributes that are not shown.
    pub more: usize,
    /// Indices of the introduced findings about it as a whole.
    pub findings: Vec<usize>,
}

/// One attribute, or one operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub name: String,
    /// Its type; before → after where that changed.
    pub what: String,
    /// `PK`, `FK`, `UK`
    pub keys: Vec<&'static str>,
    pub mark: Mark,
    pub findings: Vec<usize>,
}

/// What the change did to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    #[default]
    Same,
    Added,
    Removed,
    Changed,
}

impl Mark {
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    pub fn sign(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Added => "+",
            Self::Removed => "−",
            Self::Changed => "~",
        }
    }

    /// From where it is to be found, and whether it differs.
    fn of(in_base: bool, in_head: bool, differs: bool) -> Self {
        match (in_base, in_head) {
            (false, true) => Self::Added,
            (true, false) => Self::Removed,
            _ if differs => Self::Changed,
            _ => Self::Same,
        }
    }
}

/// A box and, where a line starts or ends at one, its row.
pub type End = (usize, Option<usize>);

/// A line from one box to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub from: End,
    pub to: End,
    pub kind: LineKind,
    pub mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    Tie(TieKind),
    /// Values go that way, or both ways.
    Flow {
        onward: bool,
        back: bool,
        narrower: bool,
    },
}
