//! From a comparison of single ties to findings: one finding per column and flow, in one revision or by the change.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{self, Containment};
use crate::model::api::Api;
use crate::model::{Domain, Flow, Usage, Witness, WitnessKind};
use crate::rules::finding::{Finding, Severity, Suggestion};
use crate::rules::rule::{Pair, Rule, Side};
use crate::rules::{affected, text};

use super::tie::{Tie, certain, names, related, ties};
use super::told::AllUses;

/// A disagreement on the way in (the contract accepts what the database refuses) or out (the reverse).
pub struct Disagreement {
    /// `None`: whichever way the property goes.
    pub flow: Option<Flow>,
    /// What the contract says, in words.
    pub property: String,
    /// What the database says, in words.
    pub column: String,
    pub value: Option<serde_json::Value>,
    /// The level, where it is not the one of the flow.
    pub level: Option<Severity>,
    /// The places at which it matters; without any it does not.
    pub at: fn(&Api, &Usage) -> bool,
    /// What settles it in the contract.
    pub suggestion: Option<Suggestion>,
}

impl Disagreement {
    /// At the level of the flow, at all places.
    pub fn new(flow: Flow, property: impl Into<String>, column: impl Into<String>) -> Self {
        let (property, column) = (property.into(), column.into());
        Self { flow: Some(flow), property, column, value: None, level: None, at: |_, _| true, suggestion: None }
    }
}

/// What the contract lets in and the column does not hold.
pub fn into_column(property: &Domain, column: &Domain, contract: String, database: String) -> Vec<Disagreement> {
    disagreement(Flow::In, domain::outside(property, column), contract, database)
}

/// What the column can hold and the contract does not allow out.
pub fn out_of_column(column: &Domain, property: &Domain, contract: String, database: String) -> Vec<Disagreement> {
    disagreement(Flow::Out, domain::outside(column, property), contract, database)
}

fn disagreement(flow: Flow, verdict: Containment, property: String, column: String) -> Vec<Disagreement> {
    match verdict {
        Containment::Outside(value) => vec![Disagreement { value, ..Disagreement::new(flow, property, column) }],
        Containment::Inside | Containment::Undecided(_) => Vec::new(),
    }
}

/// What a rule finds at a tie.
pub type Compare<'c> = &'c dyn Fn(&Tie<'_>) -> Vec<Disagreement>;

/// What the certain links of a revision disagree about.
pub fn disagreements(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>, compare: Compare<'_>) {
    let ties = certain(side);
    let ends = |tie: &Tie<'_>| {
        (tie.ends(), tie.link.api.0, side.model.schemas.get(tie.link.sql.0).map(|schema| schema.dialect))
    };
    let mut same: BTreeMap<_, Vec<&Tie<'_>>> = BTreeMap::new();
    ties.iter().for_each(|tie| same.entry(ends(tie)).or_default().push(tie));
    // Several folders may hold the tables of one engine; where one of them agrees, the others are copies that lag behind.
    let lags = |tie: &Tie<'_>| {
        let twins = same.get(&ends(tie)).into_iter().flatten().filter(|twin| twin.link.sql != tie.link.sql);
        twins.into_iter().any(|twin| compare(twin).is_empty())
    };
    tell(rule, &ties, found, &|tie| {
        let said = compare(tie);
        if said.is_empty() || lags(tie) { Vec::new() } else { said }
    });
}

/// The same, for what the contract did not disagree about in the base, whatever the column was.
pub fn introduced(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>, compare: Compare<'_>) {
    let known = Known::of(&certain(pair.base), compare, |_| String::new());
    tell(rule, &certain(pair.head), found, &|tie| known.rest(tie, compare));
}

/// The same, for links that were certain in the base and agreed there. What speaks against a link may be the very
/// disagreement that is new, so in the head any `confidence` will do.
pub fn came_apart(
    rule: &'static Rule,
    pair: &Pair<'_>,
    confidence: f64,
    found: &mut Vec<Finding>,
    compare: Compare<'_>,
) {
    // Several databases may have the column: one that was always different has not changed.
    let known = Known::of(&ties(pair.base, confidence), compare, |said| said.column.clone());
    let base = certain(pair.base);
    let agreed: BTreeSet<_> = base.iter().filter(|tie| compare(tie).is_empty()).map(Tie::ends).collect();
    let mut head = ties(pair.head, confidence);
    head.retain(|tie| agreed.contains(&tie.ends()));
    tell(rule, &head, found, &|tie| known.rest(tie, compare));
}

/// Link, flow, what the contract says, and what of the column makes it another disagreement.
type Key = ((String, String), Option<Flow>, String, String);

/// What was said of the base.
struct Known {
    said: BTreeSet<Key>,
    column: fn(&Disagreement) -> String,
}

impl Known {
    fn of(base: &[Tie<'_>], compare: Compare<'_>, column: fn(&Disagreement) -> String) -> Self {
        let mut known = Self { said: BTreeSet::new(), column };
        for tie in base {
            let keys: Vec<Key> = compare(tie).iter().map(|said| known.key(tie, said)).collect();
            known.said.extend(keys);
        }
        known
    }

    fn key(&self, tie: &Tie<'_>, said: &Disagreement) -> Key {
        (tie.ends(), said.flow, said.property.clone(), (self.column)(said))
    }

    /// What was not said.
    fn rest(&self, tie: &Tie<'_>, compare: Compare<'_>) -> Vec<Disagreement> {
        compare(tie).into_iter().filter(|said| !self.said.contains(&self.key(tie, said))).collect()
    }
}

/// One finding per column and flow, however many schemas, contracts and databases show the column.
fn tell(rule: &'static Rule, ties: &[Tie<'_>], found: &mut Vec<Finding>, compare: Compare<'_>) {
    let mut uses = AllUses::default();
    let mut known: BTreeMap<(String, Option<Flow>), Finding> = BTreeMap::new();
    for tie in ties {
        for said in compare(tie) {
            let uses = uses.of(tie.api);
            let flows = tie.flows(uses);
            let Some(flow) = said.flow.or_else(|| flows.iter().next()).filter(|flow| flows.has(*flow)) else {
                continue;
            };
            let Some(severity) = said.level.or_else(|| rule.levels.at(flow)) else { continue };
            let mut usages = uses.usages(tie.entity, flow, &format!(".{}", tie.property.name));
            usages.retain(|usage| (said.at)(tie.api, usage));
            if usages.is_empty() {
                continue;
            }
            match known.entry((tie.link.column.to_string(), said.flow)) {
                Entry::Occupied(mut entry) => {
                    let finding = entry.get_mut();
                    finding.severity = finding.severity.min(severity);
                    finding.usages.extend(usages);
                    finding.usages.sort();
                    finding.usages.dedup();
                }
                Entry::Vacant(entry) => {
                    entry.insert(finding(rule, tie, said, (flow, severity), usages));
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
    said: Disagreement,
    (flow, severity): (Flow, Severity),
    usages: Vec<Usage>,
) -> Finding {
    let (accepted_by, refused_by) = match flow {
        Flow::In => ("contract", "database"),
        Flow::Out | Flow::Stored => ("database", "contract"),
    };
    let suggestion = said.suggestion;
    let mut values = names(tie);
    values.extend([("contract", said.property), ("database", said.column)]);
    let mut finding = Finding::state(rule, tie.link.property.to_string(), Some(tie.property.key));
    finding.severity = severity;
    finding.flow = Some(flow);
    finding.detail = tie.link.column.to_string();
    finding.related = vec![related(tie)];
    finding.message = text::replace(rule.message, &values);
    finding.help = text::replace(rule.help, &values);
    finding.usages = usages;
    finding.suggestion = suggestion;
    finding.witness = said.value.map(|value| Witness { kind: WitnessKind::Json, value, accepted_by, refused_by });
    finding
}
