//! Changes of migrations with all that is to be said about them: `testdata/migrations/*.md`.
//!
//! A chapter is a change; its files stand in fences as on the rule pages. Behind `<-` at the end of a line stand the findings
//! that the change introduces there, `level rule` each, with words that the message has after a colon. There are no others;
//! notes of debt do not count unless they are marked.

use driftline::rules::{Category, Status};

mod support;

use support::page::{Fence, fence};

struct Chapter {
    name: String,
    fences: Vec<Fence>,
}

fn chapters() -> Vec<Chapter> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/migrations");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder is there").flatten().map(|e| e.path()).collect();
    paths.sort();
    let mut chapters: Vec<Chapter> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).expect("text");
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("## ") {
                chapters.push(Chapter { name: name.to_string(), fences: Vec::new() });
            } else if let Some(info) = line.strip_prefix("```") {
                let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
                let chapter = chapters.last_mut().expect("a fence stands below a heading");
                chapter.fences.push(fence(info, &body).expect("sql, side and path"));
            }
        }
    }
    chapters
}

/// `level rule: words`
#[derive(Debug)]
struct Expected {
    path: String,
    line: u32,
    level: String,
    rule: String,
    words: String,
}

fn expected(fence: &Fence) -> Vec<Expected> {
    let mut all = Vec::new();
    for (number, line) in fence.text.lines().enumerate() {
        let Some((_, marks)) = line.rsplit_once("<- ") else { continue };
        for mark in marks.split(", ") {
            let (head, words) = mark.split_once(": ").unwrap_or((mark, ""));
            let Some((level, rule)) =
                head.split_once(' ').filter(|(level, _)| ["error", "warning", "note"].contains(level))
            else {
                // A comma within the words of the last mark.
                let last: &mut Expected = all.last_mut().expect("a level and a rule");
                last.words = format!("{}, {mark}", last.words);
                continue;
            };
            let (path, line) = (fence.path.clone(), number as u32 + 1);
            all.push(Expected { path, line, level: level.into(), rule: rule.into(), words: words.trim().into() });
        }
    }
    all
}

#[test]
fn every_change_is_told_and_nothing_else() {
    let mut wrong = Vec::new();
    let chapters = chapters();
    for chapter in &chapters {
        let (base, head) = support::sides(&chapter.fences);
        let report = support::compare(&base, &head);
        let mut wanted: Vec<Expected> = chapter.fences.iter().flat_map(expected).collect();
        for item in report.findings.iter().filter(|i| i.finding.status == Status::Introduced) {
            let finding = &item.finding;
            let place = item.head.as_ref().or(item.base.as_ref());
            let at = |e: &Expected| {
                place.is_some_and(|p| *p.at.path == *e.path && p.at.line == e.line)
                    && e.rule == finding.rule.id
                    && e.level == finding.severity.name()
                    && finding.message.contains(&e.words)
            };
            match wanted.iter().position(at) {
                Some(at) => drop(wanted.remove(at)),
                None if finding.rule.category == Category::Debt => {}
                None => {
                    let place = place.map(|p| format!("{}:{}", p.at.path, p.at.line));
                    let (level, rule) = (finding.severity.name(), finding.rule.id);
                    wrong.push(format!("{}: {level} {rule} at {place:?}: {}", chapter.name, finding.message));
                }
            }
        }
        wrong.extend(wanted.iter().map(|e| format!("{}: nothing says {e:?}", chapter.name)));
    }
    assert!(chapters.len() >= 16, "{} chapters", chapters.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
