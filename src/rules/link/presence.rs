//! Disagreements about whether a value is there: null, values that no request supplies, secrets that became readable.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::link::squash;
use crate::model::api::{Api, ShapeId};
use crate::model::sql::{Column, Generated, Table, TableKind};
use crate::model::uses;
use crate::model::{Domain, Flow, Types};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Pair, Rule, Side};

use super::DRIFT;
use super::disagree::{Disagreement, disagreements};
use super::tie::{Tie, certain, is_key, names, related, ties};
use super::told::{AllUses, say};

/// Links to secrets are never certain (they are often hashed), but the name says enough.
const LIKELY: f64 = 0.8;

const SECRETS: [&str; 10] = [
    "password",
    "passwd",
    "passwordhash",
    "passwordsalt",
    "secret",
    "secretkey",
    "privatekey",
    "accesstoken",
    "refreshtoken",
    "token",
];

/// Columns that servers fill in themselves, by the end of the squashed name.
const SERVER_SET: [&str; 14] =
    ["id", "uid", "uuid", "at", "on", "by", "date", "time", "timestamp", "hash", "salt", "token", "version", "status"];

pub static NULLABILITY_DISAGREES: Rule = Rule {
    id: "nullability-disagrees",
    title: "Null on one side only",
    // What reads the column may put something in the place of null.
    levels: Levels::ByFlow { in_: Some(Warning), out: Some(Warning), stored: None },
    message: "`{property}` is {contract}, its column `{column}` is {database}.",
    help: "Let both say the same: `NOT NULL` behind a property that is never null, `nullable` in front of a column that can be.",
    check: Check::State(nulls),
    page: page!("nullability-disagrees"),
    ..DRIFT
};

pub static REQUIRED_COLUMN_NOT_SUPPLIED: Rule = Rule {
    id: "required-column-not-supplied",
    title: "Required column that no request supplies",
    levels: Levels::Always(Note),
    message: "`{column}` is new and `NOT NULL` without a default, and no schema of `{table}` has a property for it: no request can supply it.",
    help: "Give `{name}` a default, or add it to the schema that creates `{table}`.",
    check: Check::Transition(not_supplied),
    page: page!("required-column-not-supplied"),
    ..DRIFT
};

pub static SENSITIVE_COLUMN_EXPOSED: Rule = Rule {
    id: "sensitive-column-exposed",
    title: "Sensitive column is readable",
    levels: Levels::Always(Warning),
    message: "`{property}` shows the column `{column}` to clients, and its name says that it is secret.",
    help: "Mark `{property}` as `writeOnly: true`, or leave it out of the schema that is sent.",
    check: Check::State(exposed),
    page: page!("sensitive-column-exposed"),
    ..DRIFT
};

fn nulls(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    // Several databases may keep the table; where one of them agrees, the others are copies with looser rules.
    let ends = |tie: &Tie<'_>| (tie.link.property.clone(), tie.link.column.to_lowercase());
    let agreed: BTreeSet<_> = certain(side).iter().filter(|tie| nullability(tie).is_empty()).map(ends).collect();
    disagreements(rule, side, found, &|tie| if agreed.contains(&ends(tie)) { Vec::new() } else { nullability(tie) });
}

fn nullability(tie: &Tie<'_>) -> Vec<Disagreement> {
    let property = tie.property_domain();
    // What the database computes is null only where its parts are.
    let computed = tie.column.generated == Generated::Computed;
    let may_be_null = !tie.column.not_null && tie.column.domain.nullable() && !computed;
    // A schema that says nothing about types allows null without meaning it.
    let untyped = property.domain.types == Types::ANY;
    let promised = property.exact && !untyped && tie.required && !property.domain.nullable();
    // What may be left out is often null for the same: the server fills it in, or leaves it as it is.
    let accepted = property.exact && !untyped && tie.required && property.domain.nullable();
    let refused = tie.column.not_null && tie.column.default.is_none() && tie.column.generated == Generated::No;
    let found = |flow, contract: &str, database: &str| {
        vec![Disagreement { value: Some(serde_json::Value::Null), ..Disagreement::new(flow, contract, database) }]
    };
    // SQLite lets null into its primary keys, and nobody puts it there.
    let key = tie.table.primary_key().is_some_and(|key| key.columns.contains(&tie.column.name));
    if promised && may_be_null && !key {
        found(Flow::Out, "required and never null", "nullable")
    } else if accepted && refused {
        found(Flow::In, "nullable", "`NOT NULL`")
    } else {
        Vec::new()
    }
}

/// What the server makes up for columns of old is none of the contract's business; a column that is new in a table that
/// requests fill was likely forgotten.
fn not_supplied(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    let side = pair.head;
    let certain = certain(side);
    // Shown anywhere, also with less certainty: then somebody knows about it.
    let shown: BTreeSet<&str> = side.links.iter().map(|link| &*link.column).collect();
    let mut tables: BTreeMap<(usize, usize), Vec<&Tie<'_>>> = BTreeMap::new();
    for tie in &certain {
        tables.entry((tie.link.sql.0, tie.link.sql.1)).or_default().push(tie);
    }
    let mut known = AllUses::default();
    for ties in tables.values() {
        let Some(table) = ties.first().map(|tie| tie.table).filter(|table| table.kind == TableKind::Table) else {
            continue;
        };
        let missing: Vec<&Column> = table
            .columns
            .iter()
            .filter(|column| must_be_given(table, column) && is_new(pair.base, table, column))
            .filter(|column| !shown.contains(format!("{}.{}", table.full_name(), column.name).as_str()))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let creating = ties.iter().find_map(|tie| {
            let uses = known.of(tie.api);
            let mut usages = uses.usages(tie.entity, Flow::In, "");
            usages.retain(|u| u.operation.starts_with("POST ") && &*u.path == "$");
            (!usages.is_empty()).then(|| (usages, sent(tie.api, tie.entity)))
        });
        let Some((usages, sent)) = creating else { continue };
        for column in missing.into_iter().filter(|column| !is_sent(&sent, &column.name)) {
            let subject = format!("{}.{}", table.full_name(), column.name);
            let values = [("column", subject.clone()), ("table", table.full_name()), ("name", column.name.to_string())];
            let mut finding = Finding::state(rule, subject, Some(column.origin));
            finding.flow = Some(Flow::In);
            say(&mut finding, &values, usages.clone());
            found.push(finding);
        }
    }
}

/// Base has the table without the column.
fn is_new(base: Side<'_>, table: &Table, column: &Column) -> bool {
    let mut before = base.model.schemas.iter().filter_map(|schema| schema.table(&table.schema, &table.name)).peekable();
    before.peek().is_some() && before.all(|before| before.column(&column.name).is_none())
}

/// What a body holds, as deep as it goes: the squashed names of all properties, each alone and with those around it.
fn sent(api: &Api, body: ShapeId) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut seen = HashSet::from([body]);
    let mut open = vec![(body, Vec::new())];
    while let Some((shape, path)) = open.pop() {
        for uses::Child { shape, step, .. } in uses::children(api, shape) {
            let mut path: Vec<String> = path.clone();
            if let Some(name) = step.strip_prefix('.') {
                path.push(squash(name));
                names.extend((0..path.len()).filter_map(|from| path.get(from..)).map(<[String]>::concat));
            }
            if path.len() < 8 && seen.insert(shape) {
                open.push((shape, path));
            }
        }
    }
    names
}

/// `auth_type` is sent as `github.auth.type`, `display_name` as `name`.
fn is_sent(sent: &BTreeSet<String>, column: &str) -> bool {
    let column = squash(column);
    sent.contains(&column)
        || sent.iter().any(|name| name.len() > 2 && (column.ends_with(&**name) || name.ends_with(&column)))
}

/// True when an insert must name the column and it looks like something that clients know.
fn must_be_given(table: &Table, column: &Column) -> bool {
    let required = column.not_null && column.default.is_none() && column.generated == Generated::No;
    let flag = column.domain.types.minus(Types::NULL) == Types::BOOLEAN;
    required && !is_key(table, column) && !flag && !table.tainted && !column.tainted && !is_server_set(column)
}

/// By its name, servers fill it in themselves.
pub fn is_server_set(column: &Column) -> bool {
    let name: String = column.name.to_lowercase();
    let last = name.rsplit('_').next().unwrap_or(&name);
    SERVER_SET.contains(&last)
}

fn exposed(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    let mut known = AllUses::default();
    for tie in ties(side, LIKELY) {
        let name = squash(&tie.property.name);
        let text = |domain: &Domain| domain.types.minus(Types::NULL) == Types::STRING;
        if !SECRETS.iter().any(|secret| name.ends_with(secret)) || !text(&tie.column.domain) {
            continue;
        }
        let uses = known.of(tie.api);
        let hidden = !uses::through(tie.api, tie.property.shape).has(Flow::Out);
        let usages = uses.usages(tie.entity, Flow::Out, &format!(".{}", tie.property.name));
        if hidden || usages.is_empty() {
            continue;
        }
        let mut finding = Finding::state(rule, tie.link.property.to_string(), Some(tie.property.key));
        finding.detail = tie.link.column.to_string();
        finding.related = vec![related(&tie)];
        finding.flow = Some(Flow::Out);
        say(&mut finding, &names(&tie), usages);
        found.push(finding);
    }
}
