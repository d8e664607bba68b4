//! Comforts of the command line through the built binary: the word that was meant, silence, times, colours and links,
//! completion in a real shell, manual pages.

#[path = "support/docs.rs"]
mod docs;
#[path = "support/repo.rs"]
mod support;

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use support::{Repo, command, contract, ended};

/// `main` answers with a name; the branch drops it.
fn breaking() -> Repo {
    let repo = Repo::new();
    let schema = |names: &str| contract(&format!("type: object\nproperties: {{{names}}}"));
    repo.write("api/openapi.yaml", schema("name: {type: string}, id: {type: integer}"));
    repo.write("db/schema.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(80));\n");
    repo.commit("main");
    let base = repo.git.head().unwrap().peel_to_commit().unwrap();
    repo.git.branch("feature", &base, false).unwrap();
    repo.git.set_head("refs/heads/feature").unwrap();
    repo.write("api/openapi.yaml", schema("id: {type: integer}"));
    repo.commit("drop the name");
    drop(base);
    repo
}

#[test]
fn a_word_with_a_letter_wrong_is_answered_with_the_one_that_was_meant() {
    let repo = breaking();
    let cases: &[(&str, &str)] = &[
        ("chekc", "did you mean the command `check`?"),
        ("trcae users.email", "did you mean the command `trace`?"),
        ("check mian", "did you mean `main`?"),
        ("main featrue", "did you mean `feature`?"),
        ("--base mian", "did you mean `main`?"),
        ("--head featrue", "did you mean `feature`?"),
        ("main...featrue", "did you mean `feature`?"),
        ("--outputt json", "'--output'"),
        ("--output jsno", "did you mean `json`?"),
        ("--output markdwon=x.md", "did you mean `markdown`?"),
        ("--fail-on eror", "did you mean `error`?"),
        ("--dialect postgress", "did you mean `postgres`?"),
        ("--color allways", "'always'"),
        ("--contract apii/openapi.yaml", "did you mean `api/openapi.yaml`?"),
        ("--sql db/schemas.sql", "did you mean `db/schema.sql`?"),
        ("--config db/shema.sql main", "did you mean `schema.sql`?"),
        ("rules enmu", "did you mean `enum`?"),
        ("rules drfit", "did you mean `drift`?"),
        ("rules --level warnign", "did you mean `warning`?"),
        ("explain colum-dropped", "did you mean `column-dropped`?"),
        ("trace user.email", "did you mean `users.email`?"),
        ("model mian", "did you mean `main`?"),
        ("model --output jsn", "did you mean `json`?"),
        ("config shwo", "'show'"),
        ("completions bsh", "'bash'"),
        ("man chek", "did you mean `check`?"),
    ];
    for (line, meant) in cases {
        let words: Vec<&str> = line.split(' ').collect();
        let run = repo.run(&words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{line}");
        assert!(run.err.contains(meant), "{line}: {}", run.err);
    }
    assert!(!repo.path().join("markdwon=x.md").exists());
    let config: &[(&str, &str)] = &[
        ("promis: sdk", "did you mean `promise`?"),
        ("promise: strcit", "did you mean `strict`?"),
        ("rules: {column-droped: off}", "did you mean `column-dropped`?"),
        ("rules: {column-dropped: wraning}", "did you mean `warning`?"),
        ("rules: {column-dropped: {otu: off}}", "did you mean `out`?"),
        ("overrides: [{paths: a, rules: {colum-dropped: off}}]", "did you mean `column-dropped`?"),
        ("sources: [{sql: db, dialect: mysqll}]", "did you mean `mysql`?"),
        ("sources: [{sql: db, layout: flywya}]", "did you mean `flyway`?"),
        ("allow: [{rule: column-droped, subject: a, reason: b}]", "did you mean `column-dropped`?"),
        ("allow: [{rule: column-dropped, subjct: a, reason: b}]", "did you mean `subject`?"),
    ];
    for (text, meant) in config {
        repo.write("driftline.yaml", text);
        let run = repo.run(&["main"]).code(2);
        assert!(run.err.starts_with("error: driftline.yaml:1:"), "{text}: {}", run.err);
        assert!(run.err.contains(meant), "{text}: {}", run.err);
    }
}

#[test]
fn inputs_that_are_named_and_not_there_leave_no_clean_report() {
    let repo = breaking();
    // One of two: a remark. All of a layer: no verdict, also when the other layer is there.
    repo.run(&["main", "--sql", "db/schema.sql", "--sql", "db/mgirations"])
        .says(&["note: `db/mgirations` names no SQL"]);
    repo.run(&["main", "--sql", "nothing/**"]).code(2).says(&["`nothing/**` names no SQL in either revision"]);
    repo.run(&["main", "--sql", "nothing/**", "--allow-empty"]).code(1);
    repo.run(&["main", "--sql", "nothing/**", "--contract", "api/*.yml"])
        .code(2)
        .says(&["`api/*.yml` names no contract"]);
    repo.write("driftline.yaml", "sources: [{openapi: api/openapi.yml}]\n");
    repo.run(&["main"]).code(2).says(&["did you mean `api/openapi.yaml`?"]);
}

#[test]
fn quiet_twice_says_nothing_and_verbose_says_how_long_each_step_took() {
    let repo = breaking();
    let quiet = repo.run(&["main", "-q"]).code(1);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    repo.run(&["mian", "-q"]).code(2).says(&["there is no revision"]);
    let silent = repo.run(&["main", "-qq", "--output", "json", "--output", "report.md"]).code(1);
    assert_eq!((silent.out.as_str(), silent.err.as_str()), ("", ""));
    assert!(repo.path().join("report.md").is_file(), "a file that was asked for is written");
    let failed = repo.run(&["mian", "-qq"]).code(2);
    assert_eq!((failed.out.as_str(), failed.err.as_str()), ("", ""));
    let verbose = repo.run(&["main", "-v"]).code(1);
    let last = verbose.err.lines().last().unwrap();
    for step in ["opened", "read", "compared", "linked", "judged", "printed"] {
        assert!(last.contains(&format!("{step} in ")), "{last}");
    }
    assert!(!verbose.out.contains("took "), "times are no part of the report");
}

#[test]
fn colours_and_links_only_where_they_are_wanted() {
    let repo = breaking();
    let with = |args: &[&str], pairs: &[(&str, &str)]| {
        let mut command = command(repo.path(), args);
        for (name, value) in pairs {
            command.env(name, value);
        }
        ended(command.output().unwrap()).out
    };
    let escape = '\u{1b}';
    let link = "\u{1b}]8;;file://";
    assert!(!with(&["main"], &[("TERM_PROGRAM", "iTerm.app")]).contains(escape), "a pipe is no terminal");
    assert!(!with(&["main"], &[("CLICOLOR_FORCE", "1"), ("TERM", "xterm-kitty")]).contains(link));
    assert!(with(&["main", "--color", "always"], &[("NO_COLOR", "1")]).contains(escape));
    assert!(!with(&["main"], &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")]).contains(escape));
    repo.write("api/openapi.yaml", contract("type: object\nproperties: {name: {type: integer}, id: {type: integer}}"));
    let linked = with(&["main", "--hyperlinks", "always"], &[]);
    let target = format!("{link}{}/api/openapi.yaml\u{1b}\\api/openapi.yaml\u{1b}]8;;", root(&repo));
    assert!(linked.contains(&target), "{linked:?}");
    let plain = linked.replace(&format!("{link}{}/api/openapi.yaml\u{1b}\\", root(&repo)), "");
    assert_eq!(plain.replace("\u{1b}]8;;\u{1b}\\", ""), with(&["main"], &[]), "links add nothing that is seen");
    assert!(!with(&["main", "--hyperlinks", "always", "--output", "markdown"], &[]).contains(escape));
}

fn root(repo: &Repo) -> String {
    repo.path().canonicalize().unwrap().to_str().unwrap().to_string()
}

#[test]
fn a_reader_that_goes_away_is_no_error_for_any_report() {
    let repo = breaking();
    for args in [&["main"][..], &["main", "--output", "json"], &["config", "schema"], &["completions", "bash"]] {
        let mut child = command(repo.path(), args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut messages = String::new();
        child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
        let want = i32::from(args[0] == "main");
        assert_eq!((child.wait().unwrap().code(), messages.as_str()), (Some(want), ""), "{args:?}");
    }
}

/// What bash proposes for the last word of a line.
fn proposed(script: &str, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let (last, before) = (words.len() - 1, words.len().saturating_sub(2));
    let text = format!(
        "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={last}\n_driftline driftline '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        quoted.join(" "),
        words[last],
        words[before],
    );
    let mut bash = Command::new("bash").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = bash.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().filter(|line| !line.is_empty()).map(str::to_string).collect()
}

#[test]
fn bash_completes_commands_options_formats_and_rules() {
    let repo = Repo::new();
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        let script = repo.run(&["completions", shell]).code(0).out;
        assert!(script.contains("driftline") && script.contains("warning"), "{shell}");
    }
    if Command::new("bash").arg("--version").output().is_err() {
        return;
    }
    let script = repo.run(&["completions", "bash"]).code(0).out;
    let cases: &[(&str, &[&str])] = &[
        ("driftline che", &["check"]),
        ("driftline --outp", &["--output"]),
        ("driftline check --outp", &["--output"]),
        ("driftline --output mark", &["markdown"]),
        ("driftline check --output sar", &["sarif"]),
        ("driftline --fail-on war", &["warning"]),
        ("driftline --dialect post", &["postgres"]),
        ("driftline explain column-drop", &["column-dropped"]),
        ("driftline rules dri", &["drift"]),
        ("driftline config sch", &["schema"]),
        ("driftline completions fi", &["fish"]),
    ];
    for (line, want) in cases {
        assert_eq!(proposed(&script, line), *want, "{line}");
    }
}

#[test]
fn manual_pages_render_without_warnings() {
    let repo = Repo::new();
    let commands =
        ["check", "model", "trace", "debt", "rules", "explain", "config", "init", "demo", "completions", "man"];
    let pages = std::iter::once(vec!["man"]).chain(commands.iter().map(|name| vec!["man", name]));
    for args in pages {
        let page = repo.run(&args).code(0).out;
        let name = args[1..].iter().fold("driftline".to_string(), |name, command| format!("{name}-{command}"));
        let title = format!(".TH {name} 1 \" \" \"driftline {}\" driftline\n", env!("CARGO_PKG_VERSION"));
        assert!(page.contains(&title), "{title}\n{page}");
        repo.write("page.1", &page);
        let render = Command::new("man").args(["--warnings", "-l", "page.1"]).current_dir(repo.path()).output();
        let Ok(render) = render else { continue };
        let errors = String::from_utf8_lossy(&render.stderr).into_owned();
        // A container may have `man` without the formatter behind it.
        if !errors.contains("not found") {
            assert_eq!(errors, "", "{args:?}");
        }
    }
}

#[test]
fn rules_by_level_and_as_json() {
    let repo = Repo::new();
    let json = repo.run(&["rules", "--json"]).code(0);
    assert_eq!(json.out, repo.run(&["rules", "--output", "json"]).out);
    assert_eq!(json.json().as_array().unwrap().len(), driftline::rules::all().count());
    let levels = |args: &[&str]| -> Vec<String> {
        let rules = repo.run(args).code(0).json();
        rules.as_array().unwrap().iter().map(|rule| rule["level"].as_str().unwrap().to_string()).collect()
    };
    assert!(levels(&["rules", "debt", "--level", "note", "--json"]).iter().all(|level| level.contains("note")));
    repo.write("driftline.yaml", "rules: {column-dropped: off}\n");
    assert_eq!(levels(&["rules", "column-dropped", "--json"]), ["off"]);
    assert_eq!(levels(&["rules", "column-dropped", "--level", "error", "--json"]), [""; 0]);
    // The file counts from anywhere in the repository.
    repo.write("db/x.sql", "SELECT 1;");
    let below = support::run(&repo.path().join("db"), &["rules", "column-dropped", "--json"]).code(0);
    assert_eq!(below.json()[0]["level"], "off");
}

#[test]
fn the_commands_of_the_page_work() {
    let ran = docs::run_page("docs/command-line.md", breaking().path());
    assert!(ran.len() >= 6, "{}", ran.len());
}
