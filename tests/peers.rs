//! `docs/peers.md` covers every check of the peers' catalogue in `testdata/peers/`, and names rules and levels that exist.

use std::collections::BTreeMap;
use std::fs;

use driftline::rules;

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("the file is there")
}

/// `{a,b}-c` is `a-c` and `b-c`.
fn expand(id: &str) -> Vec<String> {
    match id.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((subjects, suffix)) => subjects.split(',').map(|subject| format!("{subject}{suffix}")).collect(),
        None => vec![id.to_string()],
    }
}

/// The cells of the table rows.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let lines = page.lines().filter(|line| line.starts_with("| `"));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn every_check_of_the_catalogue_is_there_once_with_its_severity() {
    let catalogue = read("testdata/peers/oasdiff.txt");
    let lines = catalogue.lines().filter(|line| !line.starts_with('#'));
    let known: BTreeMap<String, String> =
        lines.filter_map(|line| line.split_once(' ')).map(|(level, id)| (id.to_string(), level.to_string())).collect();
    assert_eq!(known.len(), 243);
    let page = read("docs/peers.md");
    let mut told = BTreeMap::new();
    for cells in rows(&page) {
        let [ids, level, ..] = cells.as_slice() else { panic!("{cells:?}") };
        for id in ids.split_whitespace().flat_map(|id| expand(id.trim_matches('`'))) {
            assert_eq!(told.insert(id.clone(), level.to_string()), None, "`{id}` is there twice");
        }
    }
    assert_eq!(told, known);
}

#[test]
fn the_rules_and_levels_that_are_named_exist() {
    let (page, catalogue) = (read("docs/peers.md"), read("docs/rules/README.md"));
    let mut seen = 0;
    for cells in rows(&page) {
        // A row without a rule gives a reason.
        let [_, _, named, levels] = cells.as_slice() else {
            assert!(cells.last().is_some_and(|reason| reason.len() > 20), "{cells:?}");
            continue;
        };
        for link in named.split_whitespace() {
            let id = link.trim_start_matches('[').split(']').next().unwrap_or_default();
            assert!(rules::find(id).is_some(), "no rule `{id}`");
            assert_eq!(link, format!("[{id}](rules/{id}.md)"));
            let entry =
                catalogue.lines().find(|line| line.starts_with(&format!("| [{id}]("))).expect("in the catalogue");
            let level = entry.split('|').nth(3).unwrap_or_default().trim();
            assert!(levels.split("; ").any(|said| said == level), "{id}: {levels} is not {level}");
            seen += 1;
        }
    }
    assert!(seen >= 30, "{seen}");
}
