//! Links with everything at hand that the drift rules ask for.

use std::collections::{BTreeMap, HashSet};

use crate::link::{CERTAIN, Effective};
use crate::model::api::{Api, Property, ShapeId};
use crate::model::sql::{Column, Table};
use crate::model::uses::{self, Uses};
use crate::model::{Domain, Flow, Flows, Link, Types, Witness, WitnessKind};
use crate::rules::finding::{Finding, Severity};
use crate::rules::rule::{Rule, Side};
use crate::rules::{affected, text};

/// A link with its two ends.
pub struct Tie<'a> {
    pub link: &'a Link,
    pub api: &'a Api,
    /// The entity the property belongs to.
    pub entity: ShapeId,
    pub property: &'a Property,
    pub required: bool,
    pub table: &'a Table,
    pub column: &'a Column,
}

/// The ends of all links of at least this confidence; links to unread parts are left out.
pub fn ties<'a>(side: Side<'a>, confidence: f64) -> Vec<Tie<'a>> {
    side.links.iter().filter(|link| link.confidence >= confidence).filter_map(|link| tie(side, link)).collect()
}

/// The ends of the links that may drive an error.
pub fn certain<'a>(side: Side<'a>) -> Vec<Tie<'a>> {
    ties(side, CERTAIN)
}

fn tie<'a>(side: Side<'a>, link: &'a Link) -> Option<Tie<'a>> {
    let (schema, table, column) = link.sql;
    let table = side.model.schemas.get(schema)?.tables.get(table)?;
    let column = table.columns.get(column)?;
    let (api, entity, property) = link.api;
    let api = side.model.apis.get(api)?;
    let mut seen = HashSet::new();
    // The same order as in the entity view that the link was made from.
    let mut own = api.all_properties(entity).into_iter().filter(|(p, _)| seen.insert(p.name.clone()));
    let (property, required) = own.nth(property).map(|(p, required)| (p, p.required || required))?;
    let unread = table.tainted || column.tainted || api.shape(property.shape).tainted;
    (!unread).then_some(Tie { link, api, entity, property, required, table, column })
}

impl Tie<'_> {
    /// What the property can hold.
    pub fn property_domain(&self) -> Effective {
        Effective::of(self.api, self.property.shape)
    }

    /// The flows of the property in its contract.
    pub fn flows(&self, uses: &Uses<'_>) -> Flows {
        uses.flows(self.entity).intersection(uses::through(self.api, self.property.shape))
    }

    /// What the column holds, without null: nullability is a rule of its own.
    pub fn column_values(&self) -> Domain {
        without_null(&self.column.domain)
    }
}

/// The domain without `null`.
pub fn without_null(domain: &Domain) -> Domain {
    let mut domain = domain.clone();
    domain.types = domain.types.minus(Types::NULL);
    domain.values = domain.values.map(|v| v.iter().filter(|v| !v.is_null()).cloned().collect());
    domain
}

/// A disagreement on the way in (the contract accepts what the database refuses) or out (the reverse).
pub struct Disagreement {
    pub flow: Flow,
    /// What the contract says, in words.
    pub property: String,
    /// What the database says, in words.
    pub column: String,
    pub value: Option<serde_json::Value>,
}

/// Runs a comparison over the certain links: one finding per column and flow, however many schemas show the column.
pub fn disagreements(
    rule: &'static Rule,
    side: Side<'_>,
    found: &mut Vec<Finding>,
    compare: &dyn Fn(&Tie<'_>) -> Vec<Disagreement>,
) {
    let mut uses: BTreeMap<&str, Uses<'_>> = BTreeMap::new();
    let mut known: BTreeMap<(String, Flow), Finding> = BTreeMap::new();
    for tie in certain(side) {
        for disagreement in compare(&tie) {
            let flow = disagreement.flow;
            let Some(severity) = rule.levels.at(flow) else { continue };
            let uses = uses.entry(&tie.api.path).or_insert_with(|| Uses::of(tie.api));
            if !tie.flows(uses).has(flow) {
                continue;
            }
            let usages = uses.usages(tie.entity, flow, &format!(".{}", tie.property.name));
            match known.entry((tie.link.column.to_string(), flow)) {
                std::collections::btree_map::Entry::Occupied(mut entry) => {
                    let finding = entry.get_mut();
                    finding.usages.extend(usages);
                    finding.usages.sort();
                    finding.usages.dedup();
                }
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(finding(rule, &tie, disagreement, severity, usages));
                }
            }
        }
    }
    for (_, mut finding) in known {
        finding.message.push_str(&affected::clients_of(&finding.usages));
        found.push(finding);
    }
}

fn finding(
    rule: &'static Rule,
    tie: &Tie<'_>,
    disagreement: Disagreement,
    severity: Severity,
    usages: Vec<crate::model::Usage>,
) -> Finding {
    let (accepted_by, refused_by) = match disagreement.flow {
        Flow::In => ("contract", "database"),
        Flow::Out | Flow::Stored => ("database", "contract"),
    };
    let mut finding = Finding::state(rule, tie.link.property.to_string(), Some(tie.property.key));
    let values = names(tie)
        .into_iter()
        .chain([("contract", disagreement.property), ("database", disagreement.column)])
        .collect::<Vec<_>>();
    finding.severity = severity;
    finding.flow = Some(disagreement.flow);
    finding.detail = tie.link.column.to_string();
    finding.related = vec![related(tie)];
    finding.message = text::replace(rule.message, &values);
    finding.help = text::replace(rule.help, &values);
    finding.usages = usages;
    finding.witness =
        disagreement.value.map(|value| Witness { kind: WitnessKind::Json, value, accepted_by, refused_by });
    finding
}

/// The column's definition as the other place of a finding.
pub fn related(tie: &Tie<'_>) -> (String, crate::model::Origin) {
    (tie.link.column.to_string(), tie.column.origin)
}

/// The placeholders that every drift rule has.
pub fn names(tie: &Tie<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("property", tie.link.property.to_string()),
        ("column", tie.link.column.to_string()),
        ("table", tie.table.full_name()),
        ("name", tie.column.name.to_string()),
        ("type", tie.column.type_name.to_string()),
    ]
}
