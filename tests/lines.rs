//! Small edits with the line at which each must be told, in `testdata/lines/*.md`: one heading a case, `base` and `head`
//! fences, and marks `<- LEVEL RULE` at the end of lines. A finding must stand on all its marked lines; breaking findings
//! (and problems) that no mark speaks of are wrong.
//!
//! A fence holds the schemas of a contract; `T` is what a client sends (`in`), reads (`out`) or both, as the heading's last
//! word says. A fence that starts with `openapi` or `swagger` is a contract of its own.

mod support;

use std::path::Path;

use driftline::rules::{Category, Status};

struct Case {
    name: String,
    base: Vec<String>,
    head: Vec<String>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/lines");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder is there").flatten().map(|e| e.path()).collect();
    paths.sort();
    let mut cases: Vec<Case> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("text");
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("## ") {
                cases.push(Case { name: name.to_string(), base: Vec::new(), head: Vec::new() });
            } else if let Some(side) = line.strip_prefix("```yaml ") {
                let body: Vec<String> = lines.by_ref().take_while(|l| *l != "```").map(str::to_string).collect();
                let case = cases.last_mut().expect("a heading before the first fence");
                *(if side == "base" { &mut case.base } else { &mut case.head }) = body;
            }
        }
    }
    cases
}

/// The contract, and how many lines stand before those of the fence.
fn contract(case: &Case, body: &[String]) -> (String, u32) {
    let own = body.first().is_some_and(|l| l.starts_with("openapi") || l.starts_with("swagger"));
    if own {
        return (body.join("\n") + "\n", 0);
    }
    let way = case.name.rsplit(' ').next().unwrap_or_default();
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/T'}}}";
    let request = if way == "out" { String::new() } else { format!("requestBody: {{{content}}}, ") };
    let answer = if way == "in" { String::new() } else { format!(", {content}") };
    let head = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{post: {{{request}responses: {{'200': {{description: ok{answer}}}}}}}}}}}\ncomponents:\n  schemas:\n"
    );
    let text: String = body.iter().map(|line| format!("    {line}\n")).collect();
    (format!("{head}{text}"), 5)
}

/// Line and what is said there.
fn marks(body: &[String], before: u32) -> Vec<(u32, String)> {
    let marks = body.iter().zip(before + 1..).filter_map(|(line, n)| Some((n, line.rsplit_once("<- ")?.1.to_string())));
    marks.collect()
}

#[test]
fn every_edit_is_told_once_at_its_line() {
    let mut wrong = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    for case in &cases {
        let ((base, base_lines), (head, head_lines)) = (contract(case, &case.base), contract(case, &case.head));
        let file = |text: String| vec![("openapi.yaml".to_string(), text)];
        let report = support::compare(&file(base), &file(head));
        let relevant = |c: Category| matches!(c, Category::Breaking | Category::Input);
        let found: Vec<_> = report
            .findings
            .iter()
            .filter(|i| i.finding.status == Status::Introduced && relevant(i.finding.rule.category))
            .collect();
        let mut told = vec![false; found.len()];
        let sides = [(true, marks(&case.base, base_lines)), (false, marks(&case.head, head_lines))];
        for (of_base, (line, words)) in sides.iter().flat_map(|(side, marks)| marks.iter().map(move |m| (*side, m))) {
            let at = found.iter().position(|item| {
                let place = if of_base { &item.base } else { &item.head };
                let said = format!("{} {}", item.finding.severity.name(), item.finding.rule.id);
                place.as_ref().is_some_and(|p| p.at.line == *line) && said == *words
            });
            match at {
                Some(at) => told[at] = true,
                None => wrong.push(format!("{}: nothing says `{words}` in line {line}", case.name)),
            }
        }
        for (item, _) in found.iter().zip(&told).filter(|(_, told)| !**told) {
            let line = |place: &Option<driftline::report::Place>| place.as_ref().map(|p| p.at.line);
            wrong.push(format!(
                "{}: {} {} at {:?} → {:?}: {}",
                case.name,
                item.finding.severity.name(),
                item.finding.rule.id,
                line(&item.base),
                line(&item.head),
                item.finding.message
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
