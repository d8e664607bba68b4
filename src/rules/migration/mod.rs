//! Rules about migrations themselves: how they lock, what they destroy on the way, and whether the history stays one that
//! every database can follow.
//!
//! Comes in: both models. Goes out: findings at the migration that is new or edited in head. Must not know: files on disk,
//! git, output formats. Each rule's page is `docs/rules/<id>.md`.

mod data;
mod dumps;
mod enums;
mod files;
mod history;
mod locks;
mod numbers;
mod partitions;
mod rebuild;
mod redefined;
mod refused;
mod runners;
mod squash;
mod statements;
mod steps;
mod transactions;
mod undo;

pub use history::{Edited, edits as edited};
pub use steps::{Case, NewStep, Source, called, sources, walk};

use crate::model::Layer;

use super::rule::{Category, Rule};

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &data::CASCADE_USED,
    &redefined::COMMENT_LOST,
    &redefined::COLUMN_MOVED,
    &data::COLUMN_RECREATED,
    &locks::CONCURRENT_INDEX_IN_TRANSACTION,
    &locks::CONSTRAINT_NOT_VALIDATED,
    &data::DATABASE_DROPPED,
    &enums::USED_EARLY,
    &locks::INDEX_DROPPED_WITH_LOCK,
    &locks::INDEX_NOT_CONCURRENT,
    &locks::KEY_BUILT_WITH_LOCK,
    &history::EDITED,
    &files::IGNORED,
    &files::JOURNAL_STALE,
    &undo::NOT_UNDONE,
    &numbers::SKIPPED,
    &history::OUT_OF_ORDER,
    &history::REMOVED,
    &history::RENAMED,
    &history::VERSION_DUPLICATED,
    &squash::SQUASHED,
    &locks::NOT_NULL_SCAN,
    &refused::OBJECT_MISSING,
    &partitions::ATTACHED_WITH_SCAN,
    &partitions::DETACHED,
    &partitions::DROPPED,
    &rebuild::DELETES_CHILDREN,
    &rebuild::FORGETS_INDEX,
    &rebuild::LOSES_VALUES,
    &rebuild::MIXES_VALUES,
    &transactions::ROWS_CHANGED_UNDER_LOCK,
    &data::ROWS_CHANGED_WITHOUT_FILTER,
    &dumps::DIFFERS,
    &statements::STATEMENT_LOCKS_TABLE,
    &transactions::OUTSIDE_TRANSACTION,
    &refused::STATEMENT_REFUSED,
    &data::TABLE_RECREATED,
    &locks::TABLE_REWRITTEN,
    &data::TABLE_TRUNCATED,
];

/// What the rules of the family share.
const RULE: Rule = Rule::of(Layer::Sql, Category::Migration);
