//! What a change of both layers means for whoever releases it: what agrees, and what has to go first.
//!
//! Comes in: both revisions with their links, the changes between them, and what the rules found. Goes out: a
//! [`Release`]: plain values that every format prints and nobody judges. Must not know: severities, configuration, formats.

mod aspect;
mod consistent;
mod order;
mod plan;
mod tied;
mod version;

pub use crate::rules::debt::past::due::{Due, due};
pub use consistent::{Consistent, Event};
pub use order::Step;
pub use plan::Phase;
pub use version::{Bump, Declared, Version};

use crate::model::{Date, Layer};
use crate::rules::{Finding, Pair};

/// What the change says about its release; empty when it touches one layer only.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// Columns and properties that changed together and agree, by column.
    pub consistent: Vec<Consistent>,
    /// What has to happen before, by and after the deployment of the code, in that order.
    pub steps: Vec<Step>,
    /// What should be gone by now, whatever the change touches.
    pub due: Vec<Due>,
}

/// Looks at the changes of both layers together; `found` is what the rules said about head and the way to it.
pub fn of<'a>(pair: &Pair<'_>, found: impl Iterator<Item = &'a Finding>, today: Date) -> Release {
    let due = due(pair.head.model, today);
    let touches = |layer| pair.changes.iter().any(|change| change.layer == layer);
    // Where base lacks a layer altogether nothing runs yet that has one against the other.
    let ran = !pair.base.model.apis.is_empty() && !pair.base.model.schemas.is_empty();
    if !ran || !touches(Layer::Api) || !touches(Layer::Sql) {
        return Release { due, ..Release::default() };
    }
    let ties = tied::ties(pair);
    Release { consistent: consistent::consistent(&ties, found), steps: order::steps(&ties), due }
}
