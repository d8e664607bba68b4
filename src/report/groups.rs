//! Findings by who feels them: the sections of reports for people.

use crate::model::Layer;
use crate::rules::Category;

use super::Item;

/// Who feels it, in the order of the report.
pub const GROUPS: [&str; 5] = [
    "API clients",
    "Database: running code and stored rows",
    "Contract and database disagree",
    "Debt",
    "Could not be read",
];

/// The group of an item.
pub fn group(item: &Item) -> usize {
    let rule = item.finding.rule;
    match (rule.category, rule.layer) {
        (Category::Input, _) => 4,
        (Category::Debt, _) => 3,
        (Category::Drift, _) | (_, Layer::Link) => 2,
        (_, Layer::Sql) => 1,
        (_, Layer::Api) => 0,
    }
}
