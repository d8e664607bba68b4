//! Lists of rows that clients cannot ask for page by page.

use std::collections::{BTreeMap, BTreeSet};

use crate::link;
use crate::model::api::{Api, Operation, OperationKind, ParameterPlace, ShapeId};
use crate::model::link::CERTAIN;
use crate::model::sql::{Action, Schema};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said};

pub static LIST_WITHOUT_PAGINATION: Rule = Rule {
    id: "list-without-pagination",
    title: "List without pages",
    message: "`{subject}` lists rows of `{table}` all at once, while {paged} of the {all} lists of this contract are paged: the answer grows with the table.",
    help: "Take parameters that say which part is wanted, as `{neighbour}` does ({parameters}).",
    check: Check::Habit(unpaged),
    page: page!("list-without-pagination"),
    ..DEBT
};

/// Names of parameters that ask for a part of a list, squashed.
const PAGING: [&str; 31] = [
    "after",
    "before",
    "continuation",
    "continuationtoken",
    "count",
    "cursor",
    "end",
    "endingbefore",
    "first",
    "from",
    "last",
    "limit",
    "marker",
    "max",
    "maxresults",
    "next",
    "nexttoken",
    "offset",
    "page",
    "pagenumber",
    "pagesize",
    "pagetoken",
    "perpage",
    "range",
    "rows",
    "since",
    "size",
    "skip",
    "start",
    "startingafter",
    "take",
];

fn asks_for_a_part(name: &str) -> bool {
    let squashed = link::squash(name);
    PAGING.contains(&squashed.as_str())
        || link::words(name).iter().any(|word| matches!(word.as_str(), "page" | "cursor" | "limit" | "offset"))
}

/// A list that an operation gives.
struct List<'a> {
    operation: &'a Operation,
    table: (usize, usize),
    paging: Vec<&'a str>,
}

fn unpaged(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for (at, api) in side.model.apis.iter().enumerate() {
        let tables = tables(side, at, api);
        let lists: Vec<List<'_>> = api.operations.iter().filter_map(|o| list(api, o, &tables)).collect();
        let written = written(api, &tables);
        let paged: Vec<&List<'_>> = lists.iter().filter(|list| !list.paging.is_empty()).collect();
        // As most lists of the contract are.
        let Some(neighbour) = paged.first().filter(|_| paged.len() * 2 > lists.len()) else { continue };
        for list in lists.iter().filter(|list| list.paging.is_empty()) {
            let (schema, table) = list.table;
            let Some(schema) = side.model.schemas.get(schema) else { continue };
            let Some(table) = schema.tables.get(table) else { continue };
            if !written.contains(&list.table) && filled_by_migrations(schema, &table.full_name()) {
                continue;
            }
            let parameters: Vec<&str> = neighbour.paging.clone();
            let said = Said::at(&*list.operation.id, Some(list.operation.key)).with("table", table.full_name());
            let said = said.with("paged", paged.len()).with("all", lists.len());
            let said = said.with("neighbour", &neighbour.operation.id);
            said.with("parameters", super::listed(parameters)).tell(rule, found);
        }
    }
}

/// The table behind each schema of the contract that certainly has one.
fn tables(side: Side<'_>, api_at: usize, api: &Api) -> BTreeMap<ShapeId, (usize, usize)> {
    let certain = side.links.iter().filter(|link| link.api.0 == api_at && link.confidence >= CERTAIN);
    certain.map(|link| (api.resolve(link.api.1), (link.sql.0, link.sql.1))).collect()
}

/// What the operation lists, unless something else keeps the answer small.
fn list<'a>(api: &Api, operation: &'a Operation, tables: &BTreeMap<ShapeId, (usize, usize)>) -> Option<List<'a>> {
    if operation.kind != OperationKind::Path || &*operation.method != "GET" {
        return None;
    }
    let answers = operation.responses.iter().filter(|response| response.status.starts_with('2'));
    let body = answers.flat_map(|response| &response.media).find_map(|media| media.shape)?;
    // One thing and what belongs to it is no list: `GET /orders/{id}`, an order with its items.
    let of_one = operation.path.trim_end_matches('/').ends_with('}') || tables.contains_key(&api.resolve(body));
    let element = api.resolve(link::listed(api, body)?);
    if of_one && api.shape(api.resolve(body)).items.is_none() {
        return None;
    }
    let table = *tables.get(&element)?;
    let queried =
        |p: &&crate::model::api::Parameter| matches!(p.place, ParameterPlace::Query | ParameterPlace::QueryString);
    let asked: Vec<_> = operation.parameters.iter().filter(queried).collect();
    let paging = asked.iter().map(|p| &*p.name).filter(|name| asks_for_a_part(name)).collect();
    Some(List { operation, table, paging })
}

/// The tables that clients fill.
fn written(api: &Api, tables: &BTreeMap<ShapeId, (usize, usize)>) -> BTreeSet<(usize, usize)> {
    let bodies = api.operations.iter().filter_map(|operation| operation.body.as_ref());
    let sent = bodies.flat_map(|body| &body.media).filter_map(|media| media.shape);
    sent.filter_map(|shape| tables.get(&api.resolve(shape)).copied()).collect()
}

/// True for a table that migrations put rows into: where nobody else does, it stays as small as they are.
fn filled_by_migrations(schema: &Schema, table: &str) -> bool {
    let steps = schema.migrations.iter().flat_map(|migration| &migration.steps);
    let mut filled = steps.filter(|step| matches!(step.action, Action::Insert { from: None, .. }));
    filled.any(|step| &*step.table == table)
}
