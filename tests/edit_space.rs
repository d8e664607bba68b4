//! Edit-space audit: every fixed field of the OpenAPI object model (2.0 to 3.2) has rows in `testdata/edit-space/`, each a
//! minimal edit with the rule that must speak, or the reason why none does. Every row runs through the whole pipeline.

mod edit_space {
    pub mod table;
}
mod support;

use std::collections::{BTreeMap, BTreeSet};

use driftline::rules::{self, Category, Check, Severity, Status};
use edit_space::table::{self, Cell, Row};

/// What one comparison said: rules with levels, and whether any change was seen at all.
fn said(base: &str, head: &str, promise: &str) -> (Vec<(Severity, &'static str)>, bool) {
    let promised = || ("driftline.yaml".to_string(), format!("promise: {promise}\n"));
    let file = |text: &str| vec![("openapi.yaml".to_string(), text.to_string()), promised()];
    let report = support::compare(&file(base), &file(head));
    let relevant = |category| matches!(category, Category::Breaking | Category::Input);
    let new = report.findings.iter().filter(|item| item.finding.status == Status::Introduced);
    let mut rules: Vec<_> = new
        .filter(|item| relevant(item.finding.rule.category))
        // What the version says about all edits together is no answer to one of them.
        .filter(|item| !matches!(item.finding.rule.check, Check::Verdict))
        .map(|item| (item.finding.severity, item.finding.rule.id))
        .collect();
    rules.sort();
    let readable = report.problems.is_empty() && !report.inputs.is_empty();
    assert!(readable, "a row must be a valid contract: {:?}\n{base}\n{head}", report.problems);
    (rules, !report.changes.is_empty())
}

/// Why a row is wrong in a position; `None` when it is right.
fn verdict(row: &Row, position: usize) -> Option<String> {
    let (frame, cell) = row.positions.get(position)?;
    let (base, head) = (frame.text.replace('@', &row.base), frame.text.replace('@', &row.head));
    assert_ne!(base, head, "{}: the edit changes nothing", row.name());
    let (rules, seen) = said(&base, &head, "wire");
    if let Cell::Promised(promise, severity, id) = cell {
        let (more, _) = said(&base, &head, promise);
        let right = rules.is_empty() && more == [(*severity, id.as_str())];
        return (!right)
            .then(|| format!("{} at {}: expected {cell:?}, got {rules:?} and {more:?}", row.name(), frame.name));
    }
    let expected: Vec<(Severity, &str)> = match cell {
        Cell::Rule(severity, id) => vec![(*severity, id.as_str())],
        Cell::Safe | Cell::Waived(_) | Cell::Promised(..) => Vec::new(),
    };
    if rules != expected {
        return Some(format!("{} at {}: expected {cell:?}, got {rules:?}", row.name(), frame.name));
    }
    let unseen = *cell == Cell::Safe && !seen;
    unseen.then(|| format!("{} at {}: said to be seen and safe, but no change was seen", row.name(), frame.name))
}

#[test]
fn every_edit_is_claimed_or_waived() {
    let rows = table::rows();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        for (position, (_, cell)) in row.positions.iter().enumerate() {
            *counts.entry(cell.word()).or_default() += 1;
            wrong.extend(verdict(row, position));
        }
    }
    println!("{} rows: {counts:?}, {} wrong", rows.len(), wrong.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_fixed_field_has_a_row() {
    let rows = table::rows();
    let known: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row.object.as_str(), row.field.as_str())).collect();
    let fields = table::fields();
    println!("{} fixed fields of {} objects", fields.values().map(Vec::len).sum::<usize>(), fields.len());
    let listed: BTreeSet<(&str, &str)> =
        fields.iter().flat_map(|(object, names)| names.iter().map(|name| (object.as_str(), name.as_str()))).collect();
    assert_eq!(listed.difference(&known).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "fields without a row");
    assert_eq!(known.difference(&listed).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "rows without a field");
}

/// A rule that no row expects is not claimed by any edit: it would never be missed.
#[test]
fn every_rule_about_contracts_is_claimed_by_a_row() {
    /// Rules about whole files and rows that are no valid contracts: their pages are their tests.
    const NO_ROWS: [&str; 5] = [
        "contract-became-invalid",
        "contract-removed",
        "security-scheme-undeclared",
        "version-unchanged",
        "version-understates-change",
    ];
    let rows = table::rows();
    let cells = rows.iter().flat_map(|row| &row.positions).map(|(_, cell)| cell);
    let claimed: BTreeSet<&str> = cells.filter_map(|cell| cell.rule()).collect();
    let api =
        rules::all().filter(|rule| rule.category == Category::Breaking && rule.layer == driftline::model::Layer::Api);
    let open: Vec<&str> = api.map(|rule| rule.id).filter(|id| !claimed.contains(id) && !NO_ROWS.contains(id)).collect();
    assert_eq!(open, Vec::<&str>::new(), "rules that no row expects");
}
