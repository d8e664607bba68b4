//! Changes between two SQL schemas.
//!
//! Comes in: the schemas that replaying one source gives at base and head. Goes out: typed changes, each once at the place
//! that caused it: what a dropped table or column takes with it is told with the drop. Must not know: severities, rules,
//! output formats.

mod columns;
pub mod contrast;
mod copies;
pub mod encodings;
mod enums;
mod expression;
pub mod history;
mod keys;
mod pairs;
mod tables;
#[cfg(test)]
mod tests;
pub mod types;
mod witness;

use crate::model::entity::EntityKind;
use crate::model::sql::{Dialect, Schema};
use crate::model::{Change, ChangeKind, Effect, Flows, Layer};

use history::{History, Renames};

pub use pairs::pairs;

/// All changes from one version of a source to the next, in the order of the base's tables, then new ones.
pub fn diff(base: &Schema, head: &Schema) -> Vec<Change> {
    let history = History::of(base, head);
    let renames = Renames::of(base, head, &history);
    let same_enums = base.enums == head.enums;
    let sides = Sides { base, head, history: &history, renames: &renames, same_enums };
    let mut changes = Vec::new();
    enums::diff(&sides, &mut changes);
    tables::diff(&sides, &mut changes);
    changes
}

/// What every part of the comparison looks at.
struct Sides<'a> {
    base: &'a Schema,
    head: &'a Schema,
    history: &'a History<'a>,
    renames: &'a Renames,
    same_enums: bool,
}

impl Sides<'_> {
    fn dialect(&self) -> Dialect {
        self.head.dialect
    }

    /// A change of that kind with nothing else known.
    fn change(&self, kind: ChangeKind, entity: EntityKind, subject: impl Into<String>, effect: Effect) -> Change {
        let view = matches!(entity, EntityKind::View | EntityKind::MaterializedView);
        let mut change = Change {
            layer: Layer::Sql,
            kind,
            subject: subject.into(),
            detail: String::new(),
            before: None,
            after: None,
            effect,
            flows: if view { Flows::BOTH } else { Flows::COLUMN },
            base: None,
            head: None,
            usages: Vec::new(),
            lost: None,
            gained: None,
            facts: Default::default(),
            parts: Vec::new(),
        };
        change.facts.dialect = Some(self.dialect());
        change.facts.entity = Some(entity);
        change
    }
}
