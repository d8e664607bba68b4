//! Columns that get another name while their table is built anew: rows are copied from the old column into the new one.
//!
//! Comes in: the base and the new steps. Goes out: renames. Must not know: changes, rules.

use std::collections::BTreeMap;

use crate::model::origin::Text;
use crate::model::sql::{Action, Schema};

use super::history::NewStep;

/// Rows of a table of the base copied into another one.
struct Copied<'a> {
    base: Text,
    /// What the other one is called now.
    into: Text,
    /// `(old, new)`
    columns: Vec<(&'a Text, &'a Text)>,
}

/// `(table of the base, old column, new column)` for tables that end under their old name.
pub fn renames(base: &Schema, steps: &[NewStep<'_>]) -> Vec<(Text, Text, Text)> {
    let mut known: BTreeMap<Text, Text> = BTreeMap::new();
    let mut copies: Vec<Copied<'_>> = Vec::new();
    for table in &base.tables {
        let name = Text::from(table.full_name());
        known.insert(name.clone(), name);
    }
    for NewStep { step, .. } in steps {
        match &step.action {
            Action::RenameTable { to } => {
                copies.iter_mut().filter(|c| c.into == step.table).for_each(|c| c.into = to.clone());
                if let Some(name) = known.remove(&step.table) {
                    known.insert(to.clone(), name);
                }
            }
            Action::DropTable { .. } => _ = known.remove(&step.table),
            Action::Insert { columns, selected, from: Some(from) } if columns.len() == selected.len() => {
                let Some(base) = known.get(from) else { continue };
                let pairs = selected.iter().zip(columns).filter_map(|(from, to)| Some((from.as_ref()?, to)));
                copies.push(Copied { base: base.clone(), into: step.table.clone(), columns: pairs.collect() });
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for copy in copies.iter().filter(|c| c.into == c.base) {
        let Some(table) = base.tables.iter().find(|t| t.full_name() == *copy.base) else { continue };
        for (from, to) in &copy.columns {
            let once = copy.columns.iter().filter(|(f, _)| f == from).count() == 1;
            let kept = copy.columns.iter().any(|(_, t)| t == from);
            if once && !kept && table.column(from).is_some() && table.column(to).is_none() {
                found.push((copy.base.clone(), (*from).clone(), (*to).clone()));
            }
        }
    }
    found
}
