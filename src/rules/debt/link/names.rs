//! One column under several names.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::link;
use crate::model::Layer;
use crate::rules::debt::api::names as mixed;
use crate::rules::debt::said::{Said, listed};
use crate::rules::finding::Finding;
use crate::rules::link::tie::{self, Tie};
use crate::rules::rule::{Check, Rule, Side};

use super::DEBT;

pub static PROPERTY_NAMED_DIFFERENTLY: Rule = Rule {
    id: "property-named-differently",
    layer: Layer::Api,
    title: "One column under two names",
    message: "`{subject}` shows the column `{column}`, which {neighbours} show as `{usual}`: clients meet one value under two names.",
    help: "Call it `{usual}` here too; renaming it later breaks clients.",
    check: Check::Habit(named),
    page: page!("property-named-differently"),
    ..DEBT
};

/// A contract, and a column of a schema.
type Shown = (usize, (usize, usize, usize));

fn named(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    let mut columns: BTreeMap<Shown, Vec<Tie<'_>>> = BTreeMap::new();
    for tie in tie::certain(side) {
        columns.entry((tie.link.api.0, tie.link.sql)).or_default().push(tie);
    }
    // A source may have a twin in another dialect.
    let mut seen = HashSet::new();
    for ties in columns.values() {
        let mut names: BTreeMap<&str, Vec<&Tie<'_>>> = BTreeMap::new();
        for tie in ties {
            names.entry(&tie.property.name).or_default().push(tie);
        }
        // The name that most schemas use; where none is, the one that the column has.
        let of_column = |name: &str, tie: &Tie<'_>| link::squash(name) == link::squash(&tie.column.name);
        let usual =
            names.iter().max_by_key(|(name, ties)| (ties.len(), ties.first().is_some_and(|t| of_column(name, t))));
        let Some((usual, neighbours)) = usual else { continue };
        let schemas = |ties: &[&Tie<'_>]| -> Vec<String> {
            let names = ties.iter().map(|tie| tie.link.property.rsplit_once('.').map_or("", |(entity, _)| entity));
            names.collect::<BTreeSet<_>>().into_iter().map(ToString::to_string).collect()
        };
        for (name, ties) in names.iter().filter(|(name, _)| !qualified(name, usual)) {
            let others = schemas(neighbours);
            // A schema that has both names has one of them for old clients.
            let both = ties.iter().chain(neighbours).any(|tie| names_of(tie, name) && names_of(tie, usual));
            // Another style of the same words is told as that.
            let style = link::squash(name) == link::squash(usual);
            let told = both || style && ties.iter().any(|tie| mixed::is_mixed(tie.api, name));
            for tie in ties.iter().filter(|tie| !told && seen.insert(tie.property.key)) {
                let said = Said::at(&*tie.link.property, Some(tie.property.key)).with("column", &tie.link.column);
                let said = said.with("usual", usual).with("neighbours", listed(others.iter().map(String::as_str)));
                said.tell(rule, found);
            }
        }
    }
}

fn names_of(tie: &Tie<'_>, name: &str) -> bool {
    tie.api.all_properties(tie.entity).iter().any(|(property, _)| &*property.name == name)
}

/// `id` and `order_id`: one says what the other leaves to its schema.
fn qualified(a: &str, b: &str) -> bool {
    let words = |name: &str| -> BTreeSet<String> { link::words(name).iter().map(|word| link::fold(word)).collect() };
    let (x, y) = (words(a), words(b));
    a == b || x != y && (x.is_subset(&y) || y.is_subset(&x))
}
