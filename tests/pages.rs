//! No page tells people to type or paste something that nobody tried.

#[path = "support/docs.rs"]
mod docs;

use std::fs;
use std::path::Path;

/// Files that `.ci/integrations` holds against the schemas of those who read them; `tests/integrations/snippets.py` has the same
/// list.
const PASTED: [&str; 3] = [".github/workflows/", ".gitlab-ci.yml", ".pre-commit-config.yaml"];

/// Pages whose YAML is a configuration or a contract, with the test that reads it.
const READ: [(&str, &str); 3] = [
    ("docs/configuration.md", "tests/configuration.rs"),
    ("docs/debt.md", "tests/owed/formats.rs"),
    ("README.md", "tests/demo.rs"),
];

/// `README.md` and the pages of `docs`, without those of the rules, which are tests themselves.
fn pages() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names =
        fs::read_dir(root.join("docs")).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let mut pages: Vec<String> =
        names.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}")).collect();
    pages.push("README.md".into());
    pages.sort();
    pages
}

/// The sources of all tests.
fn tests() -> Vec<String> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
    let mut texts = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests/pages.rs") {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}

#[test]
fn every_command_on_a_page_is_run() {
    let tests = tests();
    let runner = |text: &String| text.contains("docs::run_") || text.contains("Command::new(\"bash\")");
    let runs = |page: &str| tests.iter().any(|text| runner(text) && text.contains(&format!("{page}\"")));
    let mut seen = 0;
    for page in pages() {
        let shell = docs::blocks(&docs::page(&page), &["sh", "bash", "console"]);
        let to_run: Vec<_> = shell.iter().filter(|block| block.option("norun").is_none()).collect();
        assert!(to_run.is_empty() || runs(&page), "{page}:{} is run by no test", to_run[0].line);
        seen += to_run.len();
        // What is not run needs the network, a service, or minutes.
        for block in shell.iter().filter(|block| block.option("norun").is_some()) {
            let known = ["cargo ", "docker ", "curl ", "gh ", "pre-commit ", "git clone ", "reviewdog ", "chromium "];
            let first = block.text.split_whitespace().next().unwrap_or_default();
            assert!(
                known.iter().any(|tool| block.text.contains(tool)),
                "{page}:{}: `{first}` could be run",
                block.line
            );
        }
    }
    assert!(seen > 25, "{seen}");
}

#[test]
fn every_snippet_to_paste_is_held_against_something() {
    for page in pages() {
        for block in docs::blocks(&docs::page(&page), &["yaml", "yml"]) {
            let first = block.text.lines().next().unwrap_or_default();
            let pasted = first.starts_with('#') && PASTED.iter().any(|name| first.contains(name));
            let read = READ
                .iter()
                .any(|(own, test)| *own == page && Path::new(env!("CARGO_MANIFEST_DIR")).join(test).exists());
            assert!(pasted || read, "{page}:{}: say in the first line which file it is for", block.line);
        }
    }
    let script =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integrations/snippets.py")).unwrap();
    assert!(PASTED.iter().all(|name| script.contains(name)));
}
