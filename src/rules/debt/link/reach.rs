//! Tables that no operation reaches, where most of them are reached.

use std::collections::{BTreeSet, HashMap};

use crate::model::Layer;
use crate::model::sql::{Schema, Table, TableKind};
use crate::model::uses::Uses;
use crate::rules::debt::said::Said;
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::DEBT;

pub static TABLE_UNREACHABLE: Rule = Rule {
    id: "table-unreachable",
    layer: Layer::Sql,
    title: "Table that no operation reaches",
    message: "No operation gives or takes rows of `{subject}`, and no foreign key ties it to a table of which one does; {reached} of {all} tables are reached.",
    help: "Drop the table if nothing uses it any more; if something beside the API does, switch the rule off for it.",
    off: true,
    check: Check::State(unreachable),
    page: page!("table-unreachable"),
    ..DEBT
};

fn unreachable(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    if side.model.apis.is_empty() || side.model.apis.iter().any(|api| api.tainted) {
        return;
    }
    let uses: Vec<Uses<'_>> = side.model.apis.iter().map(|api| Uses::of(api)).collect();
    for (at, schema) in side.model.schemas.iter().enumerate() {
        let linked = side.links.iter().filter(|link| link.sql.0 == at);
        let used = linked.filter(|link| uses.get(link.api.0).is_some_and(|uses| !uses.flows(link.api.1).is_empty()));
        let mut reached: BTreeSet<usize> = used.map(|link| link.sql.1).collect();
        spread(schema, &mut reached);
        let all = schema.tables.iter().enumerate().map(|(n, table)| (n, &**table));
        let own: Vec<(usize, &Table)> = all.filter(|(_, table)| is_own(table)).collect();
        let missed: Vec<&Table> = own.iter().filter(|(n, _)| !reached.contains(n)).map(|(_, table)| *table).collect();
        let count = own.len() - missed.len();
        // Where few are reached, the API is only a part of what the database is for.
        if count * 4 < own.len() * 3 {
            continue;
        }
        for table in missed {
            let said = Said::at(table.full_name(), Some(table.created_at()));
            said.with("reached", count).with("all", own.len()).tell(rule, found);
        }
    }
}

/// What is tied to a reached table by a foreign key, a partition or a view is reached, too.
fn spread(schema: &Schema, reached: &mut BTreeSet<usize>) {
    let by_name: HashMap<String, usize> = schema.tables.iter().enumerate().map(|(n, t)| (t.full_name(), n)).collect();
    let mut ties: HashMap<usize, Vec<usize>> = HashMap::new();
    for (n, table) in schema.tables.iter().enumerate() {
        let keys = table.keys.iter().filter_map(|key| key.references.as_ref()).map(|target| &*target.table);
        let others = keys.chain(table.parent.as_deref()).chain(table.reads.iter().map(|(name, _)| &**name));
        for other in others.filter_map(|name| by_name.get(name)) {
            ties.entry(n).or_default().push(*other);
            ties.entry(*other).or_default().push(n);
        }
    }
    let mut open: Vec<usize> = reached.iter().copied().collect();
    while let Some(n) = open.pop() {
        for other in ties.get(&n).into_iter().flatten() {
            if reached.insert(*other) {
                open.push(*other);
            }
        }
    }
}

fn is_own(table: &Table) -> bool {
    let bookkeeping = ["migration", "schema_version", "flyway", "changelog", "goose_db", "alembic", "knex"];
    let name = table.name.to_lowercase();
    table.kind == TableKind::Table
        && table.parent.is_none()
        && !table.tainted
        && !bookkeeping.iter().any(|word| name.contains(word))
}
