//! The structure that docs/ARCHITECTURE.md promises, held by reading the source: who may use whom, how long files
//! get, and that the library neither prints, reads the environment nor panics on purpose.

use std::fs;
use std::path::{Path, PathBuf};

/// Module → the modules of the crate it may use. `model` and `config` are leaves that everybody may know.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &["model"]),
    ("revision", &["model", "config"]),
    ("source", &["model", "config", "revision"]),
    ("read", &["model", "config", "revision", "source"]),
    ("domain", &["model"]),
    ("diff", &["model", "domain"]),
    ("link", &["model", "config", "domain"]),
    ("rules", &["model", "config", "domain", "diff", "link"]),
    ("trace", &["model", "config", "domain", "link"]),
    ("release", &["model", "rules"]),
    ("policy", &["model", "config", "source", "rules", "release"]),
    ("debt", &["model", "config", "source", "rules", "policy"]),
    ("history", &["model", "config", "revision", "source", "read", "domain", "diff", "rules", "policy"]),
    ("report", &["model", "config", "rules", "release", "trace", "policy", "history", "debt", "source"]),
    (
        "check",
        &[
            "model", "config", "revision", "source", "read", "domain", "diff", "link", "rules", "release", "policy",
            "history", "debt", "report",
        ],
    ),
    (
        "cli",
        &["model", "config", "revision", "source", "rules", "trace", "policy", "history", "debt", "report", "check"],
    ),
];

/// Words of the library that only `cli` may say.
const FORBIDDEN: &[(&str, &str)] = &[
    ("println!(", "the library prints nothing"),
    ("eprintln!(", "the library prints nothing"),
    ("dbg!(", "left over from debugging"),
    ("std::env", "the library reads no environment"),
    ("SystemTime::now", "the library knows no clock"),
    ("Instant::now", "the library knows no clock"),
];

/// Words that no code outside tests may say.
const PANICS: &[&str] = &[".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!("];

struct Source {
    path: PathBuf,
    text: String,
    /// Everything before the first `#[cfg(test)]` that opens a module at the end of the file.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("src is readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                let whole_file_is_tests = path.file_stem().is_some_and(|s| s.to_string_lossy().ends_with("tests"));
                let code = match text.find("#[cfg(test)]\nmod ") {
                    Some(end) => text[..end].to_string(),
                    None if whole_file_is_tests => String::new(),
                    None => text.clone(),
                };
                let path = path.strip_prefix(&root).expect("below src").to_path_buf();
                found.push(Source { path, text, code });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn module_of(path: &Path) -> String {
    let first = path.iter().next().and_then(|p| p.to_str()).unwrap_or_default();
    first.trim_end_matches(".rs").to_string()
}

fn code_lines(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().map(|(n, line)| (n + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Every `crate::name` on a line, also the names of `crate::{a, b::c}`.
fn used_modules(line: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => used.extend(list.split(['{', '}']).next().unwrap_or(list).split(',').map(first_word)),
            None => used.push(first_word(rest)),
        }
    }
    used
}

fn first_word(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_module_uses_only_modules_to_its_left() {
    let known: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    let mut wrong = Vec::new();
    let mut edges = 0;
    for source in sources() {
        let module = module_of(&source.path);
        if module == "lib" || module == "main" {
            continue;
        }
        let allowed = ALLOWED.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            wrong.push(format!("src/{}: module `{module}` is not in the table", source.path.display()));
            continue;
        };
        for (line, text) in code_lines(&source.code) {
            for used in used_modules(text) {
                edges += 1;
                if known.contains(&used.as_str()) && used != module && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("src/{}:{line}: `{module}` may not use `{used}`", source.path.display()));
                }
            }
        }
    }
    assert!(edges > 50, "only {edges} uses found: the scan is broken");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let sources = sources();
    let mut lengths: Vec<(usize, String)> =
        sources.iter().map(|s| (s.text.lines().count(), s.path.display().to_string())).collect();
    lengths.sort();
    let long: Vec<String> = lengths.iter().filter(|(n, _)| *n > 600).map(|(n, p)| format!("src/{p}: {n}")).collect();
    assert!(long.is_empty(), "files above 600 lines:\n{}", long.join("\n"));
    let median = lengths[lengths.len() / 2].0;
    assert!(median <= 150, "the median file has {median} lines");
}

#[test]
fn the_library_is_silent_and_does_not_panic_on_purpose() {
    let mut wrong = Vec::new();
    for source in sources() {
        let module = module_of(&source.path);
        let prints = matches!(module.as_str(), "cli" | "main");
        for (line, text) in code_lines(&source.code) {
            for (word, why) in FORBIDDEN.iter().filter(|_| !prints) {
                if text.contains(word) {
                    wrong.push(format!("src/{}:{line}: `{word}`: {why}", source.path.display()));
                }
            }
            for word in PANICS {
                if text.contains(word) {
                    wrong.push(format!("src/{}:{line}: `{word}` outside tests", source.path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_takes_and_gives() {
    let missing: Vec<String> = sources()
        .iter()
        .filter(|s| !s.text.trim_start().starts_with("//!"))
        .map(|s| format!("src/{} opens without a module comment", s.path.display()))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
