//! `driftline log` and `driftline blame` on repositories with a past.

#[path = "support/docs.rs"]
mod docs;
#[path = "support/repo.rs"]
mod repo;

use std::process::Command;

use repo::{Repo, command, ended, run};

fn contract(schema: &str, name: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\npaths:\n  /users:\n    post:\n      requestBody:\n        \
         content: {{application/json: {{schema: {{$ref: \"#/components/schemas/{name}\"}}}}}}\n      responses: {{\"204\": \
         {{description: ok}}}}\ncomponents:\n  schemas:\n    {name}:\n      type: object\n      properties:\n{schema}"
    )
}

/// A repository in which users become accounts on both layers.
fn renamed() -> Repo {
    let repo = Repo::new();
    let email = "        email: {type: string, maxLength: 200}\n";
    repo.write("api/openapi.yaml", contract(email, "User"))
        .write(
            "db/migrations/001_users.up.sql",
            "CREATE TABLE users (id bigint PRIMARY KEY, mail varchar(200) NOT NULL, name text);\n",
        )
        .commit("Users");
    repo.write("README.md", "nothing to see").commit("Words");
    repo.write("db/migrations/002_email.up.sql", "ALTER TABLE users RENAME COLUMN mail TO email;\n")
        .commit("Say email");
    let both = format!("        name: {{type: string}}\n{email}");
    repo.write("api/openapi.yaml", contract(&both, "User")).commit("Names");
    // Another order and another layout are the same contract.
    let other = "        email:\n          maxLength: 200\n          type: string\n        name: {type: string}\n";
    repo.write("api/openapi.yaml", contract(other, "User")).commit("Format the contract");
    std::fs::create_dir_all(repo.path().join("docs")).unwrap();
    std::fs::rename(repo.path().join("api/openapi.yaml"), repo.path().join("docs/api.yaml")).unwrap();
    repo.write("docs/api.yaml", contract(&both, "Account")).commit("Call it account");
    repo.write("db/migrations/003_accounts.up.sql", "ALTER TABLE users RENAME TO accounts;\n").commit("Accounts");
    let short = "        name: {type: string}\n        email: {type: string, maxLength: 100}\n";
    repo.write("docs/api.yaml", contract(short, "Account"))
        .write("db/migrations/004_short.up.sql", "ALTER TABLE accounts ALTER COLUMN email TYPE varchar(100);\n")
        .commit("Shorter addresses");
    repo
}

/// The subjects of the commits that are told, oldest first.
fn subjects(repo: &Repo, args: &[&str]) -> Vec<String> {
    let mut all = vec!["log", "--output", "json"];
    all.extend(args);
    let json = repo.run(&all).code(0).json();
    let commits = json["commits"].as_array().unwrap();
    commits.iter().rev().map(|commit| commit["subject"].as_str().unwrap().to_string()).collect()
}

#[test]
fn a_column_is_followed_through_its_names() {
    let repo = renamed();
    let column = ["Users", "Say email", "Accounts", "Shorter addresses"];
    assert_eq!(subjects(&repo, &["accounts.email"]), column);
    assert_eq!(subjects(&repo, &["ACCOUNTS.Email"]), column);
    assert_eq!(
        subjects(&repo, &["*.email"]),
        ["Users", "Say email", "Call it account", "Accounts", "Shorter addresses"]
    );
    assert_eq!(subjects(&repo, &["users.mail"]), ["Users", "Say email"], "an old name leads to what it was");
    let told = repo.run(&["log", "accounts.email"]).code(0);
    told.says(&[
        "accounts.email as of HEAD@",
        "4 of 8 commits",
        "names: accounts.email, users.email, users.mail",
        "+ came with table `users`: character varying(200), required",
        "~ Column `users.mail` is renamed to `email`",
        "breaks code that writes it and code that reads it",
        "~ Table `users` is renamed to `accounts`",
        "~ `accounts.email`: type `character varying(200)` → `character varying(100)`",
    ]);
}

#[test]
fn a_property_is_followed_through_files_and_components() {
    let repo = renamed();
    assert_eq!(subjects(&repo, &["Account.email"]), ["Users", "Call it account", "Shorter addresses"]);
    assert_eq!(subjects(&repo, &["Account.name"]), ["Names", "Call it account"]);
    repo.run(&["log", "Account.email"]).code(0).says(&["breaks clients that send to `POST /users`"]);
}

#[test]
fn links_bring_both_layers_into_one_timeline() {
    let repo = renamed();
    let both = ["Users", "Say email", "Call it account", "Accounts", "Shorter addresses"];
    assert_eq!(subjects(&repo, &["accounts.email", "--follow-links"]), both);
    assert_eq!(subjects(&repo, &["Account.email", "--follow-links"]), both);
}

#[test]
fn operations_change_with_what_they_carry() {
    let repo = renamed();
    assert_eq!(subjects(&repo, &["POST /users"]), ["Users", "Names", "Shorter addresses"]);
    let all = ["Users", "Say email", "Names", "Call it account", "Accounts", "Shorter addresses"];
    assert_eq!(subjects(&repo, &[]), all);
    assert_eq!(subjects(&repo, &["HEAD~2..HEAD"]), ["Accounts", "Shorter addresses"]);
    assert_eq!(subjects(&repo, &["accounts.email", "HEAD~1"]), ["Users", "Say email", "Accounts"]);
    assert_eq!(subjects(&repo, &["-n", "1"]), ["Shorter addresses"]);
}

#[test]
fn what_nobody_knows_is_said() {
    let repo = renamed();
    repo.run(&["log", "accounts.emial"])
        .code(2)
        .says(&["nothing is or was called `accounts.emial`", "`accounts.email`"]);
    repo.run(&["blame", "acounts"]).code(2).says(&["there is no entity `acounts`", "did you mean `accounts`?"]);
    // It is there, and nothing happened to it.
    assert_eq!(subjects(&repo, &["accounts.id", "HEAD~1..HEAD"]), Vec::<String>::new());
}

#[test]
fn blame_names_the_commit_behind_each_attribute() {
    let repo = renamed();
    let json = repo.run(&["blame", "accounts", "--output", "json"]).code(0).json();
    let of = |json: &serde_json::Value| -> Vec<(String, String)> {
        let lines = json["entities"][0]["attributes"].as_array().unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
        lines.iter().map(|line| (text(&line["name"]), text(&line["commit"]["subject"]))).collect()
    };
    let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
    assert_eq!(of(&json), [pair("id", "Users"), pair("email", "Shorter addresses"), pair("name", "Users")]);
    let json = repo.run(&["blame", "Account", "HEAD~1", "--output", "json"]).code(0).json();
    assert_eq!(of(&json), [pair("name", "Names"), pair("email", "Users")]);
    repo.run(&["blame", "accounts"]).code(0).says(&["accounts as of HEAD@", "came with table `users`"]);
}

#[test]
fn migrations_that_are_squashed_say_nothing() {
    let repo = Repo::new();
    let file = |name: &str, text: &str| repo.write(&format!("db/migrations/{name}.up.sql"), text).commit(name);
    file("001_a", "CREATE TABLE a (id bigint PRIMARY KEY);\n");
    file("002_b", "ALTER TABLE a ADD COLUMN b text;\n");
    for name in ["001_a", "002_b"] {
        std::fs::remove_file(repo.path().join(format!("db/migrations/{name}.up.sql"))).unwrap();
    }
    let mut index = repo.git.index().unwrap();
    index.remove_dir(std::path::Path::new("db/migrations"), 0).unwrap();
    index.write().unwrap();
    file("002_all", "CREATE TABLE a (id bigint PRIMARY KEY, b text);\n");
    assert_eq!(subjects(&repo, &[]), ["001_a", "002_b"]);
}

#[test]
fn the_cache_changes_nothing_but_the_time() {
    let repo = renamed();
    let cache = tempfile::tempdir().unwrap();
    let path = repo.path();
    let log = || {
        let mut command = command(path, &["log", "--output", "json"]);
        command.env("DRIFTLINE_CACHE_DIR", cache.path());
        ended(command.output().unwrap()).code(0).out
    };
    let plain = repo.run(&["log", "--output", "json", "--no-cache"]).code(0).out;
    assert_eq!((log(), log()), (plain.clone(), plain.clone()));
    let mut files = Vec::new();
    let mut open = vec![cache.path().to_path_buf()];
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    assert_eq!(files.len(), 1, "{files:?}");
    let bytes = std::fs::read(&files[0]).unwrap();
    std::fs::write(&files[0], &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(log(), plain, "a file that is cut off");
    // Side by side.
    std::fs::remove_dir_all(cache.path().join("history")).unwrap();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(log)).collect();
        assert!(runs.into_iter().all(|run| run.join().unwrap() == plain));
    });
}

#[cfg(unix)]
#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let repo = renamed();
    let mut command = command(repo.path(), &["log", "--output", "json"]);
    command.env("DRIFTLINE_CACHE_DIR", "/dev/null/cache");
    let plain = repo.run(&["log", "--output", "json", "--no-cache"]).code(0).out;
    assert_eq!(ended(command.output().unwrap()).code(0).out, plain);
}

#[test]
fn a_shallow_clone_says_where_it_ends() {
    let repo = renamed();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    let clone = Command::new("git")
        .args(["clone", "--quiet", "--depth", "3", &url, "clone"])
        .current_dir(folder.path())
        .status();
    assert!(clone.unwrap().success());
    let clone = folder.path().join("clone");
    run(&clone, &["log"]).code(0).says(&["2 of 3 commits", "This clone is cut off at", "git fetch --unshallow"]);
    let json = run(&clone, &["blame", "accounts", "--output", "json"]).code(0).json();
    let lines = &json["entities"][0]["attributes"];
    assert_eq!((&lines[0]["commit"], json["end"]["kind"].as_str()), (&serde_json::Value::Null, Some("shallow")));
    assert_eq!(lines[1]["commit"]["subject"], "Shorter addresses");
    run(&clone, &["blame", "accounts"]).code(0).says(&["as far back as this history goes", "This clone is cut off at"]);
}

#[test]
fn merges_count_as_one_step_or_by_their_branches() {
    let repo = Repo::new();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=T", "-c", "user.email=t@example.com"]).args(args).current_dir(repo.path());
        assert!(command.output().unwrap().status.success(), "{args:?}");
    };
    let file =
        |n: u32, text: &str| repo.write(&format!("db/migrations/00{n}_x.up.sql"), text).commit(&format!("Step {n}"));
    file(1, "CREATE TABLE a (id bigint PRIMARY KEY);\n");
    git(&["checkout", "-q", "-b", "side"]);
    file(2, "ALTER TABLE a ADD COLUMN b text;\n");
    file(3, "ALTER TABLE a ADD COLUMN c text;\n");
    git(&["checkout", "-q", "main"]);
    file(4, "ALTER TABLE a ADD COLUMN d text;\n");
    git(&["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    assert_eq!(subjects(&repo, &["a"]), ["Step 1", "Step 4", "Merge side"]);
    let mut all = subjects(&repo, &["a", "--all-commits"]);
    all.sort();
    assert_eq!(all, ["Step 1", "Step 2", "Step 3", "Step 4"]);
}

#[test]
fn the_commands_of_the_page_work() {
    let dir = tempfile::tempdir().unwrap();
    ended(command(dir.path(), &["demo"]).env("TMPDIR", dir.path()).output().unwrap()).code(0);
    let folder = dir.path().join("driftline-demo-1");
    let blocks = docs::run_page("docs/log.md", &folder);
    assert!(blocks.len() >= 2 && folder.join("orders.md").is_file());
    let shown = &docs::blocks(&docs::page("docs/log.md"), &[""])[0].text;
    assert_eq!(*shown, run(&folder, &["log", "customers.email"]).code(0).out);
}

#[test]
fn dumps_that_move_are_the_same_dumps() {
    let repo = Repo::new();
    let mysql = "CREATE TABLE users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(200)) ENGINE=InnoDB;\n";
    let sqlite = "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT);\n";
    let other = "CREATE TABLE notes (id int NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;\n";
    repo.write("make/db/schema.sql", mysql).write("make/db/schema_sqlite.sql", sqlite).commit("Users");
    repo.write("extra/notes.sql", other).commit("Notes");
    std::fs::rename(repo.path().join("make/db"), repo.path().join("make/image")).unwrap();
    std::fs::remove_file(repo.path().join("extra/notes.sql")).unwrap();
    repo.write("more/labels.sql", other.replace("notes", "labels")).commit("Move both");
    assert_eq!(subjects(&repo, &["users.email"]), ["Users"]);
    let json = repo.run(&["log", "-n", "1", "--output", "json"]).code(0).json();
    let events = json["commits"][0]["events"].as_array().unwrap();
    let told: Vec<_> = events.iter().map(|e| (e["source"].as_str().unwrap(), e["subject"].as_str().unwrap())).collect();
    repo.run(&["log", "-n", "1"]).code(0).says(&["- Table `notes`", "+ Table `labels` (1 column) in more/labels.sql"]);
    // Nothing in common: the one did not become the other.
    assert_eq!(told, [("extra/notes.sql", "notes"), ("more/labels.sql", "labels")]);
}

#[test]
fn what_several_dialects_of_a_folder_share_is_told_once() {
    let repo = Repo::new();
    let all = |number: u32, name: &str, text: &str| {
        for dialect in ["mysql", "postgres", "sqlite"] {
            let text = text.replace("KEY TYPE", if dialect == "sqlite" { "INTEGER" } else { "bigint" });
            repo.write(&format!("db/migrations/00{number}_{name}.{dialect}.up.sql"), text);
        }
    };
    all(1, "users", "CREATE TABLE users (id KEY TYPE NOT NULL PRIMARY KEY, age KEY TYPE);\n");
    repo.commit("Users");
    all(2, "index", "CREATE INDEX users_age ON users (age);\n");
    repo.commit("Index");
    for (dialect, kind) in [("mysql", "varchar(20)"), ("postgres", "varchar(20)"), ("sqlite", "TEXT")] {
        let text = format!("ALTER TABLE users ADD COLUMN name {kind};\n");
        repo.write(&format!("db/migrations/003_name.{dialect}.up.sql"), text);
    }
    repo.commit("Name");
    let json = repo.run(&["log", "--output", "json"]).code(0).json();
    let count = |at: usize| json["commits"][at]["events"].as_array().unwrap().len();
    assert_eq!((count(0), count(1), count(2)), (1, 1, 1), "{json}");
    let name = "+ Column `users.name` (character varying(20) / varchar(20) / TEXT)";
    repo.run(&["log", "users.name"]).code(0).says(&[name]);
}

#[test]
fn a_table_that_is_written_in_another_schema_is_the_same_table() {
    let repo = Repo::new();
    let path = "db/migrations/001_users.up.sql";
    let text = "CREATE TABLE auth.users (id bigint PRIMARY KEY, email varchar(200));\n";
    repo.write(path, text).commit("Users");
    repo.write(path, text.replace("auth.", "{{ index .Options \"Namespace\" }}.")).commit("Any schema");
    repo.write(
        "db/migrations/002_short.up.sql",
        "ALTER TABLE {{ index .Options \"Namespace\" }}.users DROP COLUMN email;\n",
    )
    .commit("No address");
    assert_eq!(subjects(&repo, &["users.email"]), ["Users", "Any schema", "No address"]);
    repo.run(&["log", "users.email"]).code(0).says(&["Table `auth.users` is renamed to `users`"]);
}

#[test]
fn what_takes_over_a_name_is_another_thing() {
    let repo = Repo::new();
    repo.write("db/migrations/001_a.up.sql", "CREATE TABLE a (id text NOT NULL);\n").commit("Table");
    let text = "ALTER TABLE a RENAME COLUMN id TO provider_id;\nALTER TABLE a ADD COLUMN id bigint;\n";
    repo.write("db/migrations/002_b.up.sql", text).commit("Names");
    let told = repo.run(&["log", "a.provider_id"]).code(0);
    assert!(!told.out.contains("bigint"), "{}", told.out);
    assert_eq!(subjects(&repo, &["a.id"]), ["Names"]);
    let json = repo.run(&["blame", "a", "--output", "json"]).code(0).json();
    let lines = json["entities"][0]["attributes"].as_array().unwrap();
    let commits: Vec<_> = lines.iter().map(|line| line["commit"]["subject"].as_str().unwrap()).collect();
    assert_eq!(commits, ["Table", "Names"]);
}

#[test]
fn an_entity_tells_of_the_attributes_that_it_had() {
    let repo = Repo::new();
    let name = "        name: {type: string}\n";
    let both = format!("{name}        email: {{type: string}}\n");
    repo.write("api/openapi.yaml", contract(name, "User")).commit("Users");
    repo.write("api/openapi.yaml", contract(name, "Account")).commit("Accounts");
    repo.write("api/openapi.yaml", contract(&both, "Account")).commit("Addresses");
    repo.write("other/openapi.yaml", contract(name, "Account").replace("/users", "/people")).commit("Another contract");
    std::fs::remove_dir_all(repo.path().join("other")).unwrap();
    repo.commit("No other contract");
    assert_eq!(subjects(&repo, &["Account.email"]), ["Addresses"]);
    let all = ["Users", "Accounts", "Another contract", "No other contract"];
    assert_eq!(subjects(&repo, &["Account.name"]), all);
    // A contract that came and went has nothing to do with what is there now.
    let json = repo.run(&["blame", "Account", "--output", "json"]).code(0).json();
    let lines = json["entities"][0]["attributes"].as_array().unwrap();
    let commits: Vec<_> = lines.iter().map(|line| line["commit"]["subject"].as_str().unwrap()).collect();
    assert_eq!(commits, ["Users", "Addresses"]);
}

#[test]
fn keys_are_told_of_the_columns_that_they_name() {
    let repo = Repo::new();
    repo.write(
        "db/migrations/001_a.up.sql",
        "CREATE TABLE a (id bigint PRIMARY KEY, name text, name_2 text, state text);\n",
    )
    .commit("Table");
    let index = "CREATE INDEX a_name ON a (lower(name)) WHERE state = 'name_2';\n";
    repo.write("db/migrations/002_b.up.sql", index).commit("Index");
    assert_eq!(subjects(&repo, &["a.name"]), ["Table", "Index"]);
    repo.run(&["log", "a.name"])
        .code(0)
        .says(&["+ Index `a_name` of `a`: `INDEX (lower(name) where state = 'name_2')`"]);
    assert_eq!(subjects(&repo, &["a.state"]), ["Table", "Index"]);
    assert_eq!(subjects(&repo, &["a.name_2"]), ["Table"]);
    assert_eq!(subjects(&repo, &["a.id"]), ["Table"]);
}
