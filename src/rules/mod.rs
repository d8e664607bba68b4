//! Rules: data in family tables, prose and tests in one page each.
//!
//! Comes in: changes, the two models, links. Goes out: findings. Must not know: output formats, git, configuration but for the limits
//! that come with a [`Side`].

/// The text of `docs/rules/<id>.md`.
macro_rules! page {
    ($id:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules/", $id, ".md"))
    };
}

mod affected;
pub mod api;
pub mod debt;
pub mod engine;
mod finding;
mod habits;
pub mod input;
pub mod link;
mod linked;
pub mod migration;
mod names;
mod rule;
pub mod sql;
pub mod text;
mod turned;

pub use finding::{Finding, Part, Rewrite, Severity, Status, Suggestion};
pub use names::Names;
pub use rule::{Category, Check, Levels, Looking, Pair, Rule, Side};

/// The family tables in the order of the catalogue.
pub static FAMILIES: [&[&Rule]; 9] = [
    api::ALL,
    sql::ALL,
    link::ALL,
    debt::api::ALL,
    debt::sql::ALL,
    debt::link::ALL,
    debt::past::ALL,
    migration::ALL,
    input::ALL,
];

/// All rules, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}
