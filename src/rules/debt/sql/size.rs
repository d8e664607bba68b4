//! Tables that have grown too wide.

use std::sync::Arc;

use crate::model::sql::Table;
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, tables};

pub static TABLE_TOO_WIDE: Rule = Rule {
    id: "table-too-wide",
    title: "Table with very many columns",
    levels: Levels::Always(Note),
    message: "`{subject}` has {much}.",
    help: "Move what belongs together, or is mostly empty, into a table of its own; `debt: {entity-attributes: …}` in driftline.yaml sets the limit.",
    check: Check::State(|rule, side, found| {
        let limit = side.limits.entity_attributes as usize;
        tables(rule, side, found, |schema, table| {
            if table.columns.len() <= limit {
                return Vec::new();
            }
            let name = table.full_name();
            let leads = |other: &&Arc<Table>| {
                other.keys.iter().filter_map(|key| key.references.as_ref()).any(|target| *target.table == *name)
            };
            let others = schema.tables.iter().filter(leads).count();
            let fan_in = match others {
                0 => String::new(),
                1 => ", and 1 table refers to it".to_string(),
                n => format!(", and {n} tables refer to it"),
            };
            let much = format!("{} columns, more than {limit}{fan_in}", table.columns.len());
            vec![Case::new(name, "", table.created_at()).with("much", much)]
        });
    }),
    page: page!("table-too-wide"),
    ..RULE
};
