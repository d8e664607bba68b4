//! One run, several reports: all formats of a run say the same, for the demo and for a repository of hostile names; the
//! exit code is the same in each; the commands of `docs/formats.md` work.

#[path = "support/docs.rs"]
mod docs;
#[path = "support/repo.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Repo, command, contract, ended, run};

/// What every format can say of a finding: rule, severity, path, line.
type Told = Vec<(String, String, String, u64)>;

/// The formats that are compared, each with its file.
const FORMATS: [(&str, &str); 9] = [
    ("json", "a.json"),
    ("jsonl", "b.jsonl"),
    ("sarif", "c.sarif"),
    ("gitlab", "d.json"),
    ("rdjson", "e.rdjson"),
    ("rdjsonl", "f.rdjsonl"),
    ("junit", "g.xml"),
    ("checkstyle", "h.checkstyle.xml"),
    ("short", "i.txt"),
];

/// The demo with more than ten findings of two levels; its folder lives as long as the value.
fn demo() -> (tempfile::TempDir, PathBuf, [&'static str; 1]) {
    let dir = tempfile::tempdir().unwrap();
    ended(command(dir.path(), &["demo"]).env("TMPDIR", dir.path()).output().unwrap()).code(0);
    let folder = dir.path().join("driftline-demo-1");
    (dir, folder, ["main...refunds"])
}

/// Files and values named to break every format.
fn hostile() -> Repo {
    let repo = Repo::new();
    let path = "api/we ird, 50%-@x;'é漢🎉.yaml";
    let schema = |values: &str| {
        contract(&format!(
            "type: object\nproperties:\n  \"a|b `c` @all [x](y)\": {{type: string, enum: [{values}]}}\n  é🎉: {{type: string}}"
        ))
    };
    repo.write(path, schema("one")).commit("one");
    let head = schema("one, \"]]>\", \"::error::\\n%0A<b>\", \"\\u0000\\u001b[31m\\u202e\"");
    repo.write(path, head.replace("é🎉: {type: string}", "é🎉: {type: integer}")).commit("two");
    repo
}

fn read(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join(name)).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_string()
}

/// The findings of a JSON report: introduced, at the place that a reader looks at first.
fn of_json(findings: &[Value]) -> Told {
    let introduced = findings.iter().filter(|f| f["status"] == "introduced");
    let told = |f: &Value| {
        let place = if f["head"].is_null() { &f["base"] } else { &f["head"] };
        (text(&f["rule"]), text(&f["severity"]), text(&place["path"]), place["line"].as_u64().unwrap())
    };
    introduced.map(told).collect()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap().clone()
}

fn decoded(uri: &str) -> String {
    let mut parts = uri.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).unwrap()
}

/// What a report says, and the fingerprints where it has them.
fn told(format: &str, report: &str) -> (Told, Option<Vec<String>>) {
    let document = || serde_json::from_str::<Value>(report).unwrap();
    let severity = |word: &Value| match word.as_str().unwrap() {
        "critical" | "ERROR" => "error".to_string(),
        "minor" | "WARNING" => "warning".to_string(),
        "info" | "INFO" => "note".to_string(),
        other => other.to_string(),
    };
    let marks = |values: &[Value], pointer: &str| {
        Some(values.iter().map(|v| text(v.pointer(pointer).unwrap())).collect::<Vec<String>>())
    };
    let introduced = |values: Vec<Value>| -> Vec<Value> {
        values.into_iter().filter(|f| f["status"] == "introduced" || f["baselineState"] == "new").collect()
    };
    // What is gone has no line of head to be told at.
    let range = |location: &Value| location.pointer("/range/start/line").and_then(Value::as_u64).unwrap_or(0);
    match format {
        "json" => {
            let findings = introduced(list(&document()["findings"]));
            (of_json(&findings), marks(&findings, "/fingerprint"))
        }
        "jsonl" => {
            let findings = introduced(lines(report).split_off(1));
            (of_json(&findings), marks(&findings, "/fingerprint"))
        }
        "sarif" => {
            let results = introduced(list(&document()["runs"][0]["results"]));
            let told = results.iter().map(|r| {
                let place = &r["locations"][0]["physicalLocation"];
                let path = decoded(place["artifactLocation"]["uri"].as_str().unwrap());
                (text(&r["ruleId"]), text(&r["level"]), path, place["region"]["startLine"].as_u64().unwrap())
            });
            (told.collect(), marks(&results, "/partialFingerprints/driftline~1v1"))
        }
        "gitlab" => {
            let entries = list(&document());
            let told = entries.iter().map(|e| {
                let place = &e["location"];
                let line = place["lines"]["begin"].as_u64().unwrap();
                (text(&e["check_name"]), severity(&e["severity"]), text(&place["path"]), line)
            });
            (told.collect(), marks(&entries, "/fingerprint"))
        }
        "rdjson" | "rdjsonl" => {
            let entries = if format == "rdjson" { list(&document()["diagnostics"]) } else { lines(report) };
            let told = entries.iter().map(|e| {
                let place = &e["location"];
                (text(&e["code"]["value"]), severity(&e["severity"]), text(&place["path"]), range(place))
            });
            (told.collect(), None)
        }
        "junit" => {
            let document = roxmltree::Document::parse(report).unwrap();
            let cases = document.descendants().filter(|n| n.has_tag_name("testcase") && n.has_attribute("file"));
            let told = cases.map(|case| {
                let rule = case.attribute("classname").unwrap().strip_prefix("driftline.").unwrap();
                let said = case.first_element_child().and_then(|e| e.text()).unwrap();
                let (place, rest) = said.split_once('\n').unwrap();
                let (path, line) = place.rsplit_once(':').unwrap();
                assert_eq!(Some(path), case.attribute("file"));
                let severity = rest.split(':').next().unwrap();
                (rule.to_string(), severity.to_string(), path.to_string(), line.parse().unwrap())
            });
            (told.collect(), None)
        }
        "checkstyle" => {
            let document = roxmltree::Document::parse(report).unwrap();
            let errors = document.descendants().filter(|n| n.has_tag_name("error"));
            let told = errors.map(|error| {
                let get = |name: &str| error.attribute(name).unwrap().to_string();
                let path = error.parent().unwrap().attribute("name").unwrap().to_string();
                let rule = get("source").strip_prefix("driftline.").unwrap().to_string();
                let severity = get("severity").replace("info", "note");
                (rule, severity, path, get("line").parse().unwrap())
            });
            (told.collect(), None)
        }
        "short" => {
            let told = report.lines().map(|line| {
                let (place, rest) = ["error", "warning", "note"]
                    .iter()
                    .find_map(|level| line.split_once(&format!(": {level}: ")))
                    .unwrap();
                let severity = line[place.len() + 2..].split(':').next().unwrap();
                let mut parts = place.rsplitn(3, ':');
                let (_, line, path) = (parts.next(), parts.next().unwrap(), parts.next().unwrap());
                let rule = rest.rsplit_once('[').unwrap().1.trim_end_matches(']');
                (rule.to_string(), severity.to_string(), path.to_string(), line.parse().unwrap())
            });
            (told.collect(), None)
        }
        other => panic!("{other}"),
    }
}

/// The annotations of workflow commands by level, our own left out.
fn annotated(report: &str) -> BTreeMap<String, usize> {
    let mut levels = BTreeMap::new();
    for line in report.lines().filter(|line| !line.contains("title=driftline::")) {
        let level = line.trim_start_matches(':').split(' ').next().unwrap().replace("notice", "note");
        *levels.entry(level).or_default() += 1;
    }
    levels
}

#[track_caller]
fn all_agree(dir: &Path, revisions: &[&str]) {
    let mut args = revisions.to_vec();
    let outputs: Vec<String> = FORMATS.iter().map(|(format, file)| format!("{format}={file}")).collect();
    outputs.iter().for_each(|output| args.extend(["--output", output]));
    args.extend(["--output", "github"]);
    let first = run(dir, &args).code(1);
    let files: Vec<String> = FORMATS.iter().map(|(_, file)| read(dir, file)).collect();
    let again = run(dir, &args).code(1);
    assert_eq!(first.out, again.out, "github");
    let (mut want, marks) = told("json", &files[0]);
    assert!(!want.is_empty());
    let marks = marks.unwrap();
    want.sort();
    for ((format, file), text) in FORMATS.iter().zip(&files) {
        assert!(*text == read(dir, file), "{format}: two runs differ");
        let (mut said, said_marks) = told(format, text);
        said.sort();
        let mut want = want.clone();
        if format.starts_with("rdjson") {
            // What is gone has its file alone.
            for entry in said.iter_mut().filter(|entry| entry.3 == 0) {
                let same = |w: &&(String, String, String, u64)| (&w.0, &w.1, &w.2) == (&entry.0, &entry.1, &entry.2);
                entry.3 = want.iter().find(same).unwrap().3;
            }
            said.sort();
            want.sort();
        }
        assert_eq!(said, want, "{format}");
        if let Some(said) = said_marks {
            assert_eq!(said, marks, "{format}");
        }
        // One format alone ends the same way and prints the same.
        let mut args = revisions.to_vec();
        args.extend(["--output", format]);
        assert_eq!(run(dir, &args).code(1).out, *text, "{format}");
    }
    for format in ["html", "allow"] {
        let mut args = revisions.to_vec();
        args.extend(["--output", format]);
        let text = run(dir, &args).code(1).out;
        let missing: Vec<&String> = marks.iter().filter(|mark| !text.contains(mark.as_str())).collect();
        assert!(missing.is_empty(), "{format}: {missing:?}");
    }
    let shown = annotated(&first.out);
    for level in ["error", "warning", "note"] {
        let count = want.iter().filter(|entry| entry.1 == level).count();
        assert_eq!(shown.get(level).copied().unwrap_or(0), count.min(10), "{level}");
    }
}

#[test]
fn all_outputs_of_a_run_agree() {
    let (_dir, folder, revisions) = demo();
    all_agree(&folder, &revisions);
}

#[test]
fn all_outputs_agree_on_hostile_names() {
    let repo = hostile();
    all_agree(repo.path(), &["HEAD~1..HEAD"]);
}

/// The formats for people, bots and releases, each with its file.
const OTHERS: [(&str, &str); 8] = [
    ("terminal", "j.txt"),
    ("markdown", "k.md"),
    ("html", "l.html"),
    ("checklist", "m.md"),
    ("changelog", "n.md"),
    ("github-review", "o.json"),
    ("gitlab-review", "p.json"),
    ("allow", "q.yaml"),
];

/// Every fingerprint in a text, sorted, each once.
fn marks(text: &str) -> Vec<String> {
    let hex = |rest: &str| rest.chars().take_while(char::is_ascii_hexdigit).collect::<String>();
    let mut found: Vec<String> = text.split("v1:").skip(1).map(hex).filter(|mark| mark.len() == 32).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn reports_for_people_bots_and_releases_agree_with_the_rest() {
    let (_dir, folder, revisions) = demo();
    let mut args = vec![revisions[0], "--output", "json"];
    let outputs: Vec<String> = OTHERS.iter().map(|(format, file)| format!("{format}={file}")).collect();
    outputs.iter().for_each(|output| args.extend(["--output", output]));
    let report = run(&folder, &args).code(1).json();
    let files: BTreeMap<&str, String> = OTHERS.iter().map(|(format, file)| (*format, read(&folder, file))).collect();
    run(&folder, &args).code(1);
    for (format, file) in OTHERS {
        assert!(files[format] == read(&folder, file), "{format}: two runs differ");
        run(&folder, &[revisions[0], "--output", format, "--exit-zero"]).code(0);
    }
    let introduced: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().filter(|f| f["status"] == "introduced").collect();
    let of = |findings: &[&Value]| marks(&serde_json::to_string(findings).unwrap());
    let want = of(&introduced);
    // One finding, one place: the page may name others in its pictures, the review and the entries name no other.
    let page = marks(&files["html"]);
    assert!(want.iter().all(|mark| page.contains(mark)));
    for format in ["github-review", "gitlab-review", "allow"] {
        assert_eq!(marks(&files[format]), want, "{format}");
    }
    let count = |level: &str| report["counts"][level].as_u64().unwrap() as usize;
    let (errors, warnings, notes) = (count("error"), count("warning"), count("note"));
    let tally = format!("{errors} errors, {warnings} warnings, {notes} notes");
    for format in ["terminal", "markdown", "html", "checklist"] {
        assert!(files[format].contains(&tally), "{format}: {tally}");
    }
    // A finding below a step has no mark of its own, so its level is counted.
    let told = |word: &str| files["checklist"].lines().filter(|line| line.contains(&format!("{word} `"))).count();
    assert_eq!(
        (told("**error**"), told("] warning") + told("- warning"), told("] note") + told("- note")),
        (errors, warnings, notes)
    );
    let next = report["versions"][0]["next"].as_str().unwrap();
    assert!(files["changelog"].contains(&format!("Next version: **{next}**")));
}

/// Every format of the table, as the message about an unknown one names them.
fn formats(dir: &Path) -> Vec<String> {
    let run = run(dir, &["--output", "qqqqqqqq"]).code(2);
    let (_, names) = run.err.split_once("formats: ").unwrap();
    names.lines().next().unwrap().split(", ").map(|name| name.trim().to_string()).collect()
}

#[test]
fn every_format_ends_alike_and_prints_the_same_twice() {
    let (_dir, folder, revisions) = demo();
    let formats = formats(&folder);
    assert!(formats.len() >= 12, "{formats:?}");
    for format in &formats {
        let first = run(&folder, &[revisions[0], "--output", format]).code(1).out;
        let again = run(&folder, &[revisions[0], "--output", format, "--exit-zero"]).code(0).out;
        assert!(first == again, "{format}: two runs differ");
        let clean = run(&folder, &["main..main", "--output", format]).code(0);
        let may_be_empty = ["short", "rdjsonl"].contains(&format.as_str());
        assert!(may_be_empty || !clean.out.is_empty(), "{format}");
        run(&folder, &["main..nowhere", "--output", format]).code(2);
    }
}

#[test]
fn no_verdict_is_no_green_report() {
    let repo = Repo::new();
    repo.write("openapi.yaml", contract("type: object")).commit("one");
    repo.write("openapi.yaml", "openapi: 3.0.3\npaths: [").commit("two");
    let revisions = "HEAD~1..HEAD";
    for format in ["gitlab", "checkstyle", "rdjson"] {
        repo.run(&[revisions, "--output", format]).code(2).says(&["openapi.yaml", "document-invalid"]);
    }
    repo.run(&[revisions, "--output", "github"]).code(2).says(&["::error title=driftline::no verdict"]);
    repo.run(&[revisions, "--output", "junit"]).code(2).says(&["<error message=\"no verdict"]);
    let sarif = repo.run(&[revisions, "--output", "sarif"]).code(2).json();
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn a_step_of_actions_gets_its_summary_and_its_outputs() {
    let (_dir, folder, revisions) = demo();
    let (summary, outputs) = (folder.join("summary.md"), folder.join("outputs"));
    std::fs::write(&summary, "# before\n").unwrap();
    std::fs::write(&outputs, "other=1\n").unwrap();
    let step = |args: &[&str]| {
        let mut command = command(&folder, args);
        ended(command.env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_OUTPUT", &outputs).output().unwrap())
    };
    step(&[revisions[0], "--output", "github", "--summary", "--github-output"]).code(1);
    let markdown = run(&folder, &[revisions[0], "--output", "markdown"]).out;
    assert!(read(&folder, "summary.md") == format!("# before\n{markdown}"), "the summary is the Markdown report");
    let report = run(&folder, &[revisions[0], "--output", "json"]).json();
    let count = |key: &str| &report["counts"][key];
    let want = format!(
        "other=1\nverdict=findings\nerrors={}\nwarnings={}\nnotes={}\nintroduced={}\n",
        count("error"),
        count("warning"),
        count("note"),
        count("introduced"),
    );
    assert_eq!(read(&folder, "outputs"), want);
    step(&["main..nowhere", "--github-output"]).code(2);
    assert_eq!(read(&folder, "outputs"), format!("{want}verdict=none\n"));
    // A file that is as good as full would be refused as a whole.
    std::fs::write(&summary, vec![b'x'; 1024 * 1024 - 10]).unwrap();
    step(&[revisions[0], "--summary"]).code(1).says(&["the summary of this step is full"]);
    assert_eq!(std::fs::metadata(&summary).unwrap().len(), 1024 * 1024 - 10);
}

#[test]
fn what_actions_do_not_name_is_told_before_any_work() {
    let repo = hostile();
    repo.run(&["--summary"]).code(2).says(&["GITHUB_STEP_SUMMARY", "--output markdown=FILE"]);
    repo.run(&["--github-output"]).code(2).says(&["GITHUB_OUTPUT", "--output json=FILE"]);
}

#[test]
fn the_help_names_every_format() {
    let repo = Repo::new();
    let help = repo.run(&["check", "--help"]).code(0).out;
    let words: Vec<&str> = help.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    for (format, _) in FORMATS.iter().chain(&OTHERS).chain(&[("github", "")]) {
        assert!(words.contains(format), "{format}");
    }
}

const PAGE: &str = "docs/formats.md";

#[test]
fn the_commands_of_the_page_work() {
    let (_dir, folder, _) = demo();
    let runs = docs::run_page(PAGE, &folder);
    assert!(runs.len() >= 9, "{}", runs.len());
    let counted: Vec<&str> =
        runs.iter().filter(|(block, _)| block.text.contains("grep -c")).map(|(_, out)| out.trim()).collect();
    assert!(counted.len() == 2 && counted[0] == counted[1], "introduced, by SARIF and by JSON lines: {counted:?}");
    assert!(read(&folder, "outputs.txt").starts_with("verdict=findings\n"));
}

#[test]
fn the_page_about_html_works() {
    let (_dir, folder, _) = demo();
    assert_eq!(docs::run_page("docs/html.md", &folder).len(), 1);
    let text = read(&folder, "report.html");
    assert!(text.starts_with("<!DOCTYPE html>") && text.contains("<svg class=\"picture"));
}

#[test]
fn the_html_report_has_the_findings_of_json() {
    let (_dir, folder, revisions) = demo();
    run(&folder, &[revisions[0], "--output", "json=a.json", "--output", "html=b.html", "-q"]).code(1);
    let document: Value = serde_json::from_str(&read(&folder, "a.json")).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_string();
    let mut told: Vec<(String, String)> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (text(finding, "fingerprint"), text(finding, "severity")))
        .collect();
    let page = read(&folder, "b.html");
    let shown = page.split("<article ").skip(1).map(|article| {
        let value = |name: &str| article.split_once(name).unwrap().1.split('"').next().unwrap().to_string();
        (value(" id=\""), value(" data-s=\""))
    });
    let mut shown: Vec<(String, String)> = shown.collect();
    told.sort();
    shown.sort();
    assert!(told.len() > 20);
    assert_eq!(told, shown);
}

#[test]
fn the_page_names_every_format() {
    let page = docs::page(PAGE);
    for (format, _) in FORMATS.iter().chain(&OTHERS).chain(&[("github", "")]) {
        let row = page.lines().find(|line| line.starts_with('|') && line.contains(&format!("`{format}`")));
        assert!(row.is_some(), "{format}");
    }
}

#[test]
fn editors_read_what_short_prints() {
    let (_dir, folder, revisions) = demo();
    let short = run(&folder, &[revisions[0], "--output", "short"]).code(1).out;
    let page = docs::page(PAGE);
    let task: Value = serde_json::from_str(&docs::blocks(&page, &["json"])[0].text).unwrap();
    let regexp = &task["problemMatcher"]["pattern"]["regexp"];
    let matcher = jsonschema::validator_for(&serde_json::json!({ "pattern": regexp })).unwrap();
    for line in short.lines() {
        assert!(matcher.is_valid(&Value::from(line)), "{line}");
    }
    assert!(!matcher.is_valid(&Value::from("compared main → refunds: a, b")));
    // What Vim makes of it, where there is Vim.
    let vim = docs::blocks(&page, &["vim"]);
    let format = vim[0].text.lines().find(|line| line.starts_with("set errorformat=")).unwrap();
    std::fs::write(folder.join("short.txt"), &short).unwrap();
    let list = "call writefile(map(getqflist(), 'bufname(v:val.bufnr).\":\".v:val.lnum.\":\".v:val.col.\":\".v:val.type'), 'list.txt')";
    let words = ["-u", "NONE", "-es", "-c", format, "-c", "cgetfile short.txt", "-c", list, "-c", "qa!"];
    let _ = std::process::Command::new("vim").args(words).current_dir(&folder).output();
    if !folder.join("list.txt").exists() {
        eprintln!("skipped: no Vim, or one without scripts");
        return;
    }
    let want = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap();
        format!("{place}:{}\n", &rest[..1])
    };
    assert_eq!(read(&folder, "list.txt"), short.lines().map(want).collect::<String>());
}
