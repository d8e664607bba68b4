//! What was understood of one revision, free of every file format.
//!
//! Comes in: nothing; the readers build these values. Goes out: entities, attributes, domains, operations
//! and keys with the origin of each. Must not know: YAML, JSON, SQL text, git, severities, output formats.

pub mod api;
pub mod change;
pub mod date;
pub mod decimal;
pub mod domain;
pub mod encoding;
pub mod entity;
pub mod flow;
pub mod link;
pub mod lives;
pub mod named;
pub mod origin;
pub mod past;
pub mod patch;
pub mod remark;
pub mod severity;
pub mod sql;
pub mod subtypes;
pub mod uses;

use std::sync::Arc;

pub use change::{Change, ChangeKind, Effect, Witness, WitnessKind};
pub use date::Date;
pub use decimal::Decimal;
pub use domain::{Bound, Domain, Limits, Types};
pub use entity::{AttributeView, EntityKind, EntityView};
pub use flow::{Flow, Flows, Layer, Usage};
pub use link::Link;
pub use lives::{Lives, Thing};
pub use origin::{FileId, Origin, Problem};
pub use past::Past;
pub use remark::Remark;
pub use severity::Severity;

/// Everything understood of one revision.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// One per contract, sorted by path.
    pub apis: Vec<Arc<api::Api>>,
    /// One per SQL source, sorted by path.
    pub schemas: Vec<Arc<sql::Schema>>,
    /// Dumps beside the migrations of `schemas`, where one of the two is not the same in both revisions.
    pub dumps: Vec<sql::Dump>,
    /// What could not be read, in file order.
    pub problems: Vec<Problem>,
}

impl Model {
    /// Entities of both layers as one list: the view that links, debt rules and `driftline model` work on.
    pub fn entities(&self) -> Vec<EntityView> {
        let api = self.apis.iter().flat_map(|a| a.entities());
        let sql = self.schemas.iter().flat_map(|s| s.entities());
        api.chain(sql).collect()
    }
}
