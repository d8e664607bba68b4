//! Columns that a change adds, that responses show and no operation can set. What is not shown either is nearly always the
//! server's own.

use crate::link::squash;
use crate::model::api::{Api, ShapeId};
use crate::model::sql::{Column, Generated, Table, TableKind};
use crate::model::uses::{self, Uses};
use crate::model::{Change, ChangeKind, Flow, Layer, Types, Usage};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Pair, Rule, Side};

use super::DRIFT;
use super::presence::is_server_set;
use super::tie::{Tie, certain, is_key, names, ties};
use super::told::{AllUses, say};

pub static COLUMN_NOT_SETTABLE: Rule = Rule {
    id: "column-not-settable",
    title: "No operation sets a new column",
    levels: Levels::Always(Note),
    message: "`{column}` is new and shown as `{property}`, but no request can set it, although requests set the rest of `{table}`.",
    help: "Add `{name}` to the schemas of the requests that create and change `{table}`, or mark `{property}` as `readOnly: true`.",
    check: Check::Transition(not_settable),
    page: page!("column-not-settable"),
    ..DRIFT
};

/// Words in names of what servers find out: how something went, and how much there is of it.
const FOUND_OUT: [&str; 16] = [
    "attempt", "attempts", "count", "counter", "creator", "error", "errors", "health", "last", "progress", "result",
    "revision", "size", "state", "total", "usage",
];

fn not_settable<'a>(rule: &'static Rule, pair: &Pair<'a>, found: &mut Vec<Finding>) {
    let added = |change: &&Change| {
        let kind = change.layer == Layer::Sql && change.kind == ChangeKind::AttributeAdded;
        kind && !change.facts.entity_is_new && !change.facts.tainted && !change.facts.recreated
    };
    let changes: Vec<&Change> = pair.changes.iter().filter(added).collect();
    if changes.is_empty() {
        return;
    }
    let (known, all) = (certain(pair.head), ties(pair.head, 0.0));
    let mut all_uses = AllUses::default();
    let mut reported = std::collections::BTreeSet::new();
    for change in changes {
        let Some((table, column)) = column_of(pair.head, change).filter(|(table, column)| may_be_set(table, column))
        else {
            continue;
        };
        // `numForks` that becomes `num_forks` is the old column in another spelling.
        let tables = pair.base.model.schemas.iter().filter_map(|schema| schema.table(&table.schema, &table.name));
        if tables.flat_map(|table| &table.columns).any(|old| squash(&old.name) == squash(&column.name)) {
            continue;
        }
        let of = |tie: &&Tie<'a>| tie.table.full_name() == table.full_name();
        let same = |tie: &&Tie<'a>| of(tie) && tie.column.name == column.name;
        let mut settled = |tie: &Tie<'a>| {
            let read_only = !uses::through(tie.api, tie.property.shape).has(Flow::In);
            read_only || is_taken(tie.api, all_uses.of(tie.api), &tie.property.name)
        };
        let Some(shown) = known.iter().find(same).filter(|_| !all.iter().filter(same).any(&mut settled)) else {
            continue;
        };
        let Some(usages) = known.iter().filter(of).find_map(|tie| {
            let usages: Vec<Usage> = all_uses.of(tie.api).usages(tie.entity, Flow::In, "");
            let written: Vec<Usage> = usages.into_iter().filter(writes).collect();
            (!written.is_empty()).then_some(written)
        }) else {
            continue;
        };
        let subject = format!("{}.{}", table.full_name(), column.name);
        if !reported.insert(subject.clone()) {
            continue;
        }
        let values = names(shown);
        let mut finding = Finding::state(rule, subject, change.head);
        finding.detail = shown.link.property.to_string();
        finding.related = vec![(shown.link.property.to_string(), shown.property.key)];
        finding.flow = Some(Flow::In);
        say(&mut finding, &values, usages);
        found.push(finding);
    }
}

/// True when a request holds a value of that name, in whatever schema: an operation of its own may set it.
fn is_taken(api: &Api, uses: &Uses<'_>, name: &str) -> bool {
    let name = squash(name);
    let ids = (0..api.shapes.len()).filter_map(|at| u32::try_from(at).ok()).map(ShapeId);
    let mut sent = ids.filter(|id| uses.flows(*id).has(Flow::In)).flat_map(|id| &api.shape(id).properties);
    sent.any(|property| squash(&property.name) == name)
        || api.operations.iter().flat_map(|operation| &operation.parameters).any(|p| squash(&p.name) == name)
}

fn column_of<'a>(side: Side<'a>, change: &Change) -> Option<(&'a Table, &'a Column)> {
    let tables = side.model.schemas.iter().flat_map(|schema| &schema.tables);
    let mut columns = tables.flat_map(|table| table.columns.iter().map(move |column| (&**table, column)));
    columns.find(|(table, column)| {
        let name = change.subject.strip_prefix(&table.full_name()).and_then(|rest| rest.strip_prefix('.'));
        name == Some(&*column.name) && (Some(column.created) == change.head || Some(column.origin) == change.head)
    })
}

/// A value that clients may well choose.
fn may_be_set(table: &Table, column: &Column) -> bool {
    let read = table.tainted || column.tainted || table.kind != TableKind::Table;
    let found_out = column.name.to_lowercase().split('_').any(|word| FOUND_OUT.contains(&word));
    let flag = column.domain.types.minus(Types::NULL) == Types::BOOLEAN;
    let moment = column.domain.format.as_deref() == Some("date-time");
    !read
        && !is_key(table, column)
        && !flag
        && !moment
        && !found_out
        && column.generated == Generated::No
        && !is_server_set(column)
}

/// A request whose body is the entity.
fn writes(usage: &Usage) -> bool {
    let method = ["POST ", "PUT ", "PATCH "].iter().any(|method| usage.operation.starts_with(method));
    method && usage.location.starts_with("request body") && &*usage.path == "$"
}
