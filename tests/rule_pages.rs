//! Every page of `docs/rules/` is documentation, `explain` text and test at once: its form is checked here, and its examples
//! are run. `UPDATE=1` rewrites the table in `docs/rules/README.md`.

mod support;

use std::collections::BTreeSet;

use driftline::config::Date;
use driftline::model::past::End;
use driftline::rules;
use support::page::{self, Fence, In, Page};

const HEADINGS: [&str; 4] = ["Why it matters", "Example", "Do this instead", "Settings"];

/// Rules whose input cannot be shown in a text fence: their pages describe it.
const WITHOUT_EXAMPLE: [&str; 4] = ["alias-limit", "encoding-unsupported", "file-unreadable", "nesting-limit"];

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let ids: BTreeSet<&str> = rules::all().map(|rule| rule.id).collect();
    let pages = page::all();
    let names: BTreeSet<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(names.difference(&ids).collect::<Vec<_>>(), Vec::<&&str>::new(), "pages without a rule");
    assert_eq!(ids.difference(&names).collect::<Vec<_>>(), Vec::<&&str>::new(), "rules without a page");
    for page in &pages {
        let rule = rules::find(&page.id).expect("the sets are equal");
        assert!(rule.page.starts_with(&format!("# {}\n", rule.title)), "{}: page and rule differ in title", page.id);
    }
}

#[test]
fn ids_are_kebab_case_sorted_and_unique() {
    let mut seen = BTreeSet::new();
    for family in rules::FAMILIES {
        let ids: Vec<&str> = family.iter().map(|rule| rule.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        for id in ids {
            let words = id.split('-').all(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase()));
            assert!(words, "`{id}` is not kebab-case");
            assert!(seen.insert(id), "`{id}` is there twice");
        }
    }
}

#[test]
fn pages_have_the_fixed_form() {
    let mut wrong = Vec::new();
    for page in page::all() {
        let mut say = |what: String| wrong.push(format!("{}.md: {what}", page.id));
        if page.sentence.chars().count() > 120 || !page.sentence.ends_with('.') {
            say(format!("the first paragraph is one sentence of at most 120 characters: {}", page.sentence));
        }
        let expected = &HEADINGS[..if page.headings.len() == 4 { 4 } else { 3 }];
        if page.headings != expected {
            say(format!("headings are {:?}", page.headings));
        }
        let markers = page.example.iter().map(|fence| fence.markers.len()).sum::<usize>();
        if (markers == 0) != WITHOUT_EXAMPLE.contains(&page.id.as_str()) {
            say(format!("{markers} marked lines in the example"));
        }
        if page.quiet.is_empty() || page.quiet.iter().any(|fence| !fence.markers.is_empty()) {
            say("the quiet example is missing or has marked lines".to_string());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_rules_is_fresh() {
    let path = page::folder().join("README.md");
    let fresh = catalogue();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("docs/rules is writable");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == fresh, "docs/rules/README.md is out of date: run `UPDATE=1 cargo test --test rule_pages`");
}

/// All rules as Markdown tables, one per category.
fn catalogue() -> String {
    let pages = page::all();
    let mut text =
        "# Rules\n\nGenerated from the rule tables and pages. `driftline explain RULE` prints a page. A rule that is off \
         speaks when `rules:` in `driftline.yaml` gives it a level.\n"
            .to_string();
    let mut categories: Vec<rules::Category> = rules::all().map(|rule| rule.category).collect();
    categories.sort();
    categories.dedup();
    for category in categories {
        text.push_str(&format!(
            "\n## {}\n\n| rule | layer | level | what happened |\n|---|---|---|---|\n",
            category.name()
        ));
        let mut of_category: Vec<_> = rules::all().filter(|rule| rule.category == category).collect();
        of_category.sort_by_key(|rule| (rule.layer, rule.id));
        for rule in of_category {
            let sentence = pages.iter().find(|page| page.id == rule.id).map_or("", |page| page.sentence.as_str());
            let (id, layer) = (rule.id, rule.layer.name());
            let level = levels(rule.levels);
            let level = if rule.off { format!("off, then {level}") } else { level };
            text.push_str(&format!("| [{id}]({id}.md) | {layer} | {level} | {sentence} |\n"));
        }
    }
    text
}

fn levels(levels: rules::Levels) -> String {
    match levels {
        rules::Levels::Always(severity) => severity.name().to_string(),
        rules::Levels::ByFlow { in_, out, stored } => {
            let named = [("in", in_), ("out", out), ("stored", stored)];
            let parts = named.iter().filter_map(|(flow, level)| level.map(|l| format!("{flow} {}", l.name())));
            parts.collect::<Vec<_>>().join(", ")
        }
    }
}

/// One finding of the page's rule, as far as a marker speaks about it.
#[derive(Debug)]
struct Said {
    level: String,
    message: String,
    places: Vec<(In, String, u32)>,
}

fn said(page: &Page, fences: &[Fence], today: Option<Date>) -> Vec<Said> {
    let revisions = support::past::revisions(fences);
    if !revisions.is_empty() {
        let today = today.unwrap_or_else(|| panic!("{}.md: does not say what day today is", page.id));
        let told = support::past::debt(&revisions, today, End::Root);
        let own = told.into_iter().filter(|told| told.finding.rule.id == page.id);
        return own
            .map(|told| Said {
                level: told.finding.severity.name().to_string(),
                message: told.finding.message,
                places: told.at.into_iter().map(|(path, line)| (In::Head, path, line)).collect(),
            })
            .collect();
    }
    let (base, head) = support::sides(fences);
    let report = support::compare(&base, &head);
    let findings = report.findings.iter().filter(|item| item.finding.rule.id == page.id);
    findings
        .filter(|item| item.finding.status != rules::Status::Resolved)
        .map(|item| Said {
            level: item.finding.severity.name().to_string(),
            message: item.finding.message.clone(),
            places: [(In::Base, &item.base), (In::Head, &item.head)]
                .into_iter()
                .filter_map(|(side, place)| place.as_ref().map(|p| (side, p.at.path.to_string(), p.at.line)))
                .collect(),
        })
        .collect()
}

#[test]
fn examples_say_what_is_marked_and_nothing_else() {
    let mut wrong = Vec::new();
    for page in page::all() {
        let said = said(&page, &page.example, page.today[0]);
        let mut met = vec![0; said.len()];
        for (fence, marker) in page.example.iter().flat_map(|f| f.markers.iter().map(move |m| (f, m))) {
            let side = if fence.side == In::Base { In::Base } else { In::Head };
            let place = (side, fence.path.clone(), marker.line);
            let matching: Vec<usize> = (0..said.len())
                .filter(|n| said[*n].level == marker.level && said[*n].places.contains(&place))
                .filter(|n| marker.words.as_ref().is_none_or(|words| said[*n].message.contains(words.as_str())))
                .collect();
            matching.iter().for_each(|n| met[*n] += 1);
            if matching.len() != 1 {
                wrong.push(format!(
                    "{}.md: {} findings for {place:?} {marker:?} among {said:#?}",
                    page.id,
                    matching.len()
                ));
            }
        }
        let unmet =
            said.iter().zip(&met).filter(|(_, met)| **met == 0 && !page.example.iter().all(|f| f.markers.is_empty()));
        wrong.extend(unmet.map(|(said, _)| format!("{}.md: not marked: {said:?}", page.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What makes a rule speak that is silent by itself (a promise, a level) is written into the example; without it the rule
/// is silent.
#[test]
fn rules_are_silent_about_what_is_not_promised_or_not_asked_for() {
    let mut promising = 0;
    for page in page::all() {
        let rule = rules::find(&page.id).expect("every page has a rule");
        if rule.speaks(driftline::config::Promise::Wire) {
            continue;
        }
        if rule.off {
            let settings = rule.page.rsplit("## Settings").next().unwrap_or_default();
            let asked = format!("rules: {{{}: note}}", page.id);
            assert!(settings.contains("Off by default") && settings.contains(&asked), "{}: {settings}", page.id);
            let given = page.quiet.iter().any(|f| f.path == "driftline.yaml" && f.text.contains(&asked));
            assert!(given, "{}: the quiet example does not turn the rule on", page.id);
        }
        promising += 1;
        let example: Vec<Fence> = page.example.iter().filter(|f| f.path != "driftline.yaml").cloned().collect();
        assert!(example.len() < page.example.len(), "{}: the example has no configuration", page.id);
        assert!(said(&page, &example, page.today[0]).is_empty(), "{}: speaks without being asked", page.id);
    }
    assert!(promising > 0);
}

#[test]
fn quiet_examples_are_quiet() {
    let mut wrong = Vec::new();
    for page in page::all() {
        for said in said(&page, &page.quiet, page.today[1]) {
            wrong.push(format!("{}.md: {said:?}", page.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
