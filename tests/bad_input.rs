//! Bad input of every kind through the built binary: a clear message, the right exit code, no crash.

#[path = "support/repo.rs"]
mod support;

use std::fmt::Write;
use std::process::Stdio;

use support::{Repo, Run, command, contract, run};

const SMALL: &str = "openapi: 3.0.3\ninfo: {title: t, version: \"1\"}\npaths: {}\n";

/// The base holds a small contract; the working tree holds this one.
fn contract_becomes(content: impl AsRef<[u8]>) -> Run {
    let repo = Repo::new();
    repo.write("openapi.yaml", SMALL).commit("small");
    repo.write("openapi.yaml", content);
    repo.run(&["HEAD"])
}

/// The base creates `users`; the working tree adds this migration.
fn migration_added(content: impl AsRef<[u8]>) -> Run {
    let repo = Repo::new();
    repo.write("db/migrations/000001_users.up.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n");
    repo.write("db/migrations/000001_users.down.sql", "DROP TABLE users;\n").commit("users");
    repo.write("db/migrations/000002_more.up.sql", content);
    repo.write("db/migrations/000002_more.down.sql", "SELECT 1;\n");
    repo.run(&["HEAD"])
}

#[test]
fn not_a_repository() {
    let dir = tempfile::tempdir().unwrap();
    let name = dir.path().file_name().unwrap().to_str().unwrap();
    run(dir.path(), &[]).code(2).says(&["error: ", name, "is not in a git repository", "hint: ", "-C DIR"]);
    run(dir.path(), &["-C", "nowhere"]).code(2).says(&["nowhere"]);
}

#[test]
fn an_unknown_revision_names_the_nearest() {
    let repo = Repo::new();
    repo.write("openapi.yaml", SMALL).commit("one");
    repo.run(&["mian"]).code(2).says(&["there is no revision `mian`", "did you mean `main`"]);
    repo.run(&["main..nothing-like-it"]).code(2).says(&["there is no revision `nothing-like-it`", "hint: "]);
}

#[test]
fn an_empty_repository() {
    Repo::new().run(&[]).code(2).says(&["has no commit yet", "hint: commit once"]);
}

#[test]
fn nothing_to_compare_lists_what_was_tried() {
    let repo = Repo::new();
    repo.write("README.md", "hello").commit("one");
    let words = [
        "no contract and no SQL schema found",
        "looked for *.yaml",
        "openapi:",
        "*.sql",
        "--contract GLOB",
        "--allow-empty",
    ];
    repo.run(&["HEAD"]).code(2).says(&words);
    repo.run(&["HEAD", "--allow-empty"]).code(0).says(&["nothing found"]);
}

#[test]
fn broken_yaml_is_no_verdict_and_is_shown() {
    let cases: &[(&str, &[&str])] = &[
        ("openapi: 3.0.3\npaths:\n  /a: [\n", &["document-invalid", "openapi.yaml:3:7", "no valid YAML"]),
        ("openapi: 3.0.3\npaths:\n\t/a: {}\n", &["document-invalid", "openapi.yaml:3:1", "tab"]),
        ("openapi: 3.0.3\npaths: \"a\n", &["document-invalid", "openapi.yaml:2:8"]),
    ];
    for (text, words) in cases {
        contract_becomes(text).code(2).says(words).says(&["incomplete", "--allow-incomplete"]);
    }
}

#[test]
fn what_is_odd_but_readable_is_a_finding() {
    let reference = |target: &str, more: &str| contract(&format!("$ref: \"{target}\"")) + more;
    let circle = "components:\n  schemas:\n    A: {$ref: \"#/components/schemas/B\"}\n    B: {$ref: \"#/components/schemas/A\"}\n";
    let cases: [(String, i32, &[&str]); 5] = [
        (format!("{SMALL}paths: {{}}\n"), 0, &["key-duplicate", "`paths` was already given at line 3"]),
        (reference("#/components/schemas/Nope", ""), 1, &["reference-unresolved", "openapi.yaml:12"]),
        (reference("#/components/schemas/A", circle), 1, &["reference-circular"]),
        (reference("../../outside.yaml#/A", ""), 1, &["openapi.yaml:12", "outside"]),
        (reference("https://example.com/a.yaml#/A", ""), 0, &["openapi.yaml:12", "https://example.com/a.yaml"]),
    ];
    for (text, code, words) in cases {
        contract_becomes(text).code(code).says(words);
    }
}

#[test]
fn alias_bombs_and_deep_nesting_cost_nothing() {
    let mut bomb = contract("$ref: \"#/components/schemas/S9\"");
    bomb.push_str(
        "components:\n  schemas:\n    S0: &a0 {type: object, properties: {a: {type: string}, b: {type: string}}}\n",
    );
    for level in 1..10 {
        let inner = (0..9).map(|n| format!("p{n}: *a{}", level - 1)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(bomb, "    S{level}: &a{level} {{type: object, properties: {{{inner}}}}}");
    }
    let run = contract_becomes(&bomb);
    assert!((0..=2).contains(&run.code), "{run:?}");
    let deep = |open: &str, close: &str| format!("{SMALL}x-deep: {}{}\n", open.repeat(10_000), close.repeat(10_000));
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        contract_becomes(deep(open, close)).says(&["nesting-limit", "openapi.yaml:4"]);
    }
    let schema = format!("{}type: string{}", "{type: array, items: ".repeat(10_000), "}".repeat(10_000));
    let run = contract_becomes(contract(&schema));
    assert!((1..=2).contains(&run.code), "{run:?}");
}

#[test]
fn byte_order_marks_and_line_ends_change_nothing() {
    let crlf = SMALL.replace('\n', "\r\n");
    contract_becomes(format!("\u{feff}{crlf}")).code(0).says(&["nothing changed"]);
    let sql = "\u{feff}ALTER TABLE users\r\n  ADD COLUMN note text;\r\n";
    migration_added(sql).code(0);
}

#[test]
fn other_encodings_are_named_with_the_remedy() {
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(SMALL.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    contract_becomes(utf16).code(2).says(&["encoding-unsupported", "UTF-16", "iconv"]);
    let latin1 = SMALL.replace("title: t", "title: caf\u{e9}");
    let latin1: Vec<u8> = latin1.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    contract_becomes(latin1).says(&["encoding-unsupported", "UTF-8", "openapi.yaml:2:"]);
}

#[test]
fn a_json_file_that_is_no_contract() {
    let repo = Repo::new();
    repo.write("package.json", "{\"name\": \"x\"}").commit("one");
    repo.run(&["HEAD"]).code(2).says(&["no contract and no SQL schema found"]);
    repo.write("package.json", "{\"name\": \"y\"}");
    repo.run(&["HEAD", "--contract", "package.json"]).code(2).says(&["package.json"]);
}

#[test]
fn an_unterminated_string_hides_nothing_before_it() {
    let run = migration_added("ALTER TABLE users DROP COLUMN name;\nINSERT INTO users VALUES (1, 'oops);\nSELECT 1;\n");
    run.says(&["column-dropped", "000002_more.up.sql:2"]);
}

#[test]
fn a_statement_that_is_not_understood_hides_no_other() {
    let run = migration_added("ALTER TABEL users DROP;\nALTER TABLE users DROP COLUMN name;\n");
    run.code(1).says(&["statement-unreadable", "000002_more.up.sql:1", "column-dropped", "000002_more.up.sql:2"]);
}

#[test]
fn fifty_megabytes_of_insert() {
    let row = "(1, 'some name that takes a little room in the file'),\n";
    let mut text = String::from("INSERT INTO users VALUES\n");
    text.push_str(&row.repeat(50_000_000 / row.len()));
    text.push_str("(2, 'last');\nALTER TABLE users DROP COLUMN name;\n");
    migration_added(text).code(1).says(&["column-dropped"]);
}

#[test]
fn a_migration_that_alters_what_never_existed() {
    migration_added("ALTER TABLE custmers ADD COLUMN note text;\n").says(&["custmers", "000002_more.up.sql:1"]);
}

#[cfg(unix)] // objects are read-only files
#[test]
fn a_blob_that_a_partial_clone_lacks() {
    let repo = Repo::new();
    repo.write("openapi.yaml", SMALL).commit("one");
    let tree = repo.git.head().unwrap().peel_to_tree().unwrap();
    let id = tree.get_path(std::path::Path::new("openapi.yaml")).unwrap().id().to_string();
    repo.write("openapi.yaml", format!("{SMALL}# changed\n")).commit("two");
    let object = repo.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::set_permissions(&object, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::remove_file(object).unwrap();
    repo.run(&["HEAD~1..HEAD"]).code(2).says(&["openapi.yaml:1:1", "is not in this clone", "git fetch"]);
}

#[test]
fn an_output_file_that_cannot_be_written() {
    let repo = Repo::new();
    repo.write("openapi.yaml", SMALL).commit("one");
    repo.run(&["HEAD", "--output", "no/such/folder/report.json"])
        .code(2)
        .says(&["error: cannot write `no/such/folder/report.json`", "hint: "]);
}

#[test]
fn a_closed_pipe_is_quiet() {
    let repo = Repo::new();
    repo.write("openapi.yaml", SMALL).commit("one");
    for args in [&["HEAD"][..], &["HEAD", "--output", "json"], &["model"], &["--help"]] {
        let mut child = command(repo.path(), args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}
