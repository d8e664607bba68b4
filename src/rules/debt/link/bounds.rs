//! Values of any size that clients send and a column keeps.
//!
//! Where the column has a limit, the drift rules speak; here nobody has one.

use std::collections::{BTreeMap, HashSet};

use crate::model::api::Api;
use crate::model::uses::Uses;
use crate::model::{Flow, Origin, Types};
use crate::rules::debt::said::Said;
use crate::rules::finding::Finding;
use crate::rules::link::tie::{self, Tie};
use crate::rules::rule::{Check, Rule, Side};

use super::DEBT;

pub static ARRAY_WITHOUT_BOUND: Rule = Rule {
    id: "array-without-bound",
    title: "List of any length is stored",
    message: "`{subject}` is an array without `maxItems`, and its column `{column}` ({type}) takes what comes: one request can store a list of any length.",
    help: "Say with `maxItems` how many there may be.",
    off: true,
    check: Check::State(|rule, side, found| unbounded(rule, side, Types::ARRAY, found)),
    page: page!("array-without-bound"),
    ..DEBT
};

pub static STRING_WITHOUT_BOUND: Rule = Rule {
    id: "string-without-bound",
    title: "Text of any length is stored",
    message: "`{subject}` is a string without `maxLength`, and its column `{column}` ({type}) takes what comes: one request can store a text of any length.",
    help: "Say with `maxLength` how long it may be.",
    off: true,
    check: Check::State(|rule, side, found| unbounded(rule, side, Types::STRING, found)),
    page: page!("string-without-bound"),
    ..DEBT
};

fn unbounded(rule: &'static Rule, side: Side<'_>, types: Types, found: &mut Vec<Finding>) {
    let mut uses: BTreeMap<*const Api, Uses<'_>> = BTreeMap::new();
    let ties = tie::certain(side);
    // A source may have a twin in another dialect, and one that counts the letters is enough.
    let mut seen: HashSet<Origin> =
        ties.iter().filter(|tie| is_bounded(tie, types)).map(|tie| tie.property.key).collect();
    for tie in ties {
        if !is_meant(&tie, types) || !seen.insert(tie.property.key) {
            continue;
        }
        let uses = uses.entry(std::ptr::from_ref(tie.api)).or_insert_with(|| Uses::of(tie.api));
        if tie.flows(uses).has(Flow::In) {
            let said = Said::at(&*tie.link.property, Some(tie.property.key)).with("column", &tie.link.column);
            said.with("type", &tie.column.type_name)
                .beside(&tie.link.column, Some(tie.column.origin))
                .tell(rule, found);
        }
    }
}

fn is_meant(tie: &Tie<'_>, types: Types) -> bool {
    let property = tie.property_domain();
    let own = tie::without_null(&property.domain);
    let listed = own.values.is_some() || tie.column.domain.values.is_some();
    property.exact && own.types == types && !listed && !tie.is_key()
}

fn is_bounded(tie: &Tie<'_>, types: Types) -> bool {
    let (own, stored) = (tie.property_domain().domain, &tie.column.domain);
    [&own, stored].into_iter().any(|domain| match types {
        Types::ARRAY => domain.limits().max_items.is_some(),
        _ => domain.limits().max_length.is_some() || !domain.limits().patterns.is_empty() || domain.format.is_some(),
    })
}
