//! What a change of SQL says and what it leaves unsaid, case by case: the whole pipeline over small histories of migrations.
//!
//! Every case lists all findings the change brings, so silence is tested as much as speech.

mod support;

use driftline::rules::Status;
use support::{File, compare};

struct Case {
    name: &'static str,
    /// Migrations that both sides have; a file that starts with a path line (`-- db/x.sql`) is put there.
    base: &'static [&'static str],
    /// Migrations that only the head has.
    new: &'static [&'static str],
    /// `level rule subject file:line`, sorted.
    says: &'static [&'static str],
}

/// The files as `db/migrations/00000N_step.up.sql`.
fn files(texts: &[&str], from: usize) -> Vec<File> {
    let path = |n: usize| format!("db/migrations/{n:06}_step.up.sql");
    let file = |(index, text): (usize, &&str)| match text.strip_prefix("-- db/").and_then(|t| t.split_once('\n')) {
        Some((rest, _)) => (format!("db/{rest}"), text.to_string()),
        None => (path(from + index), text.to_string()),
    };
    texts.iter().enumerate().map(file).collect()
}

fn said(case: &Case) -> Vec<String> {
    let base = files(case.base, 1);
    let head = [base.clone(), files(case.new, case.base.len() + 1)].concat();
    let report = compare(&base, &head);
    let new = report.findings.iter().filter(|item| item.finding.status == Status::Introduced);
    let mut said: Vec<String> = new
        .map(|item| {
            let place = item.place().map(|place| {
                let name = place.at.path.rsplit('/').next().unwrap_or_default();
                let number: String = name.trim_start_matches('0').chars().take_while(char::is_ascii_digit).collect();
                format!("{number}:{}", place.at.line)
            });
            let finding = &item.finding;
            let (level, rule) = (finding.severity.name(), finding.rule.id);
            format!("{level} {rule} {} {}", finding.subject, place.unwrap_or_default())
        })
        .collect();
    said.sort();
    said
}

const USERS: &str = "CREATE TABLE users (
    id bigint PRIMARY KEY,
    name varchar(50) NOT NULL,
    phone text,
    team_id bigint
);";

const MYSQL_USERS: &str = "CREATE TABLE `users` (
    `id` bigint unsigned NOT NULL AUTO_INCREMENT,
    `name` varchar(50) NOT NULL,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB;";

const SQLITE_USERS: &str = "CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(50) NOT NULL,
    phone TEXT
);";

#[test]
fn challenge() {
    let cases = [
        Case {
            name: "an index and a foreign key on a table that an earlier file of the change creates",
            base: &[USERS],
            new: &[
                "CREATE TABLE logins (\n  id bigint PRIMARY KEY,\n  user_id bigint NOT NULL\n);",
                "CREATE INDEX logins_user ON logins (user_id);
                 ALTER TABLE logins ADD CONSTRAINT logins_user_fk FOREIGN KEY (user_id) REFERENCES users (id);",
            ],
            says: &[],
        },
        Case {
            name: "varchar that grows",
            base: &[USERS],
            new: &["ALTER TABLE users ALTER COLUMN name TYPE varchar(100);"],
            says: &[],
        },
        Case {
            name: "varchar that shrinks",
            base: &[USERS],
            new: &["ALTER TABLE users ALTER COLUMN name TYPE varchar(10);"],
            says: &["error column-length-changed users.name 2:1", "warning table-rewritten users.name 2:1"],
        },
        Case {
            name: "SET NOT NULL after a check that an earlier file of the base validated",
            base: &[
                USERS,
                "ALTER TABLE users ADD CONSTRAINT phone_given CHECK (phone IS NOT NULL) NOT VALID;",
                "ALTER TABLE users VALIDATE CONSTRAINT phone_given;",
            ],
            new: &[
                "ALTER TABLE users ALTER COLUMN phone SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT phone_given;",
            ],
            says: &[],
        },
        Case {
            name: "SET NOT NULL without a check",
            base: &[USERS],
            new: &["ALTER TABLE users ALTER COLUMN phone SET NOT NULL;"],
            says: &["error column-required users.phone 2:1", "warning not-null-scan users.phone 2:1"],
        },
        Case {
            name: "a DO block that drops a column",
            base: &[USERS],
            new: &["DO $$ BEGIN\n  ALTER TABLE users DROP COLUMN phone;\nEND $$;"],
            says: &["error column-dropped users.phone 2:2"],
        },
        Case {
            name: "a bad statement does not hide the others",
            base: &[USERS],
            new: &["ALTER TABLE users FROBNICATE THE COLUMNS;\nALTER TABLE users DROP COLUMN phone;"],
            says: &["error column-dropped users.phone 2:2", "warning statement-unreadable FROBNICATE THE COLUMNS 2:1"],
        },
        Case {
            name: "a table that never existed, and one that does",
            base: &[USERS],
            new: &["ALTER TABLE accounts ADD COLUMN plan text;\nCREATE TABLE users (id bigint PRIMARY KEY);"],
            says: &["error object-missing accounts 2:1", "error object-missing users 2:2"],
        },
        Case {
            name: "a dropped column takes its own keys with it",
            base: &[
                "CREATE TABLE teams (id bigint PRIMARY KEY);",
                USERS,
                "ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team_id) REFERENCES teams (id);
                 CREATE INDEX users_team_idx ON users (team_id);
                 ALTER TABLE users ADD CONSTRAINT team_positive CHECK (team_id > 0);",
            ],
            new: &["ALTER TABLE users DROP COLUMN team_id;"],
            says: &["error column-dropped users.team_id 4:1"],
        },
        Case {
            name: "the key shrinks",
            base: &[USERS],
            new: &["ALTER TABLE users ALTER COLUMN id TYPE integer;"],
            says: &["error column-type-changed users.id 2:1", "warning table-rewritten users.id 2:1"],
        },
        Case {
            name: "a dropped table is one finding, keys and all",
            base: &[
                USERS,
                "CREATE TABLE logins (\n  id bigint PRIMARY KEY,\n  user_id bigint NOT NULL REFERENCES users (id)\n);
                 CREATE INDEX logins_user ON logins (user_id);",
            ],
            new: &["DROP TABLE logins;"],
            says: &["error table-dropped logins 3:1"],
        },
        Case {
            name: "an enum type that is swapped for a longer one",
            base: &[
                "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE days (id bigint PRIMARY KEY, mood mood NOT NULL);",
            ],
            new: &["ALTER TYPE mood RENAME TO mood_old;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
ALTER TABLE days ALTER COLUMN mood TYPE mood USING mood::text::mood;
DROP TYPE mood_old;"],
            says: &["warning column-enum-value-added mood 2:2", "warning table-rewritten days.mood 2:3"],
        },
        Case {
            name: "a column that is added, filled and required by one change",
            base: &[USERS],
            new: &[
                "ALTER TABLE users ADD COLUMN country text;",
                "UPDATE users SET country = 'unknown' WHERE country IS NULL;",
                "ALTER TABLE users ALTER COLUMN country SET NOT NULL;",
            ],
            says: &["error column-added-required users.country 4:1", "warning not-null-scan users.country 4:1"],
        },
    ];
    check(&cases);
}

#[test]
fn other_engines() {
    let cases = [
        Case {
            name: "MySQL copies the table when a varchar passes 255 bytes",
            base: &[MYSQL_USERS],
            new: &["ALTER TABLE `users` MODIFY `name` varchar(100) NOT NULL;"],
            says: &["warning table-rewritten users.name 2:1"],
        },
        Case {
            name: "SQLite rebuilds a table to drop a column",
            base: &[SQLITE_USERS],
            new: &["CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(50) NOT NULL);
INSERT INTO users_new SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;"],
            says: &["error column-dropped users.phone 2:1"],
        },
        Case {
            name: "SQLite rebuilds a table and loses nothing",
            base: &[SQLITE_USERS],
            new: &[
                "CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) NOT NULL, phone TEXT);
INSERT INTO users_new SELECT id, name, phone FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;",
            ],
            says: &[],
        },
    ];
    check(&cases);
}

#[test]
fn rows_kept_aside_and_put_back_are_not_lost() {
    let again =
        "DROP TABLE users;\nCREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, phone TEXT);";
    let aside =
        "CREATE TABLE kept (id INTEGER, name TEXT, phone TEXT);\nINSERT INTO kept SELECT id, name, phone FROM users;";
    let back = "INSERT INTO users SELECT id, name, phone FROM kept;\nDROP TABLE kept;";
    let base = files(&[SQLITE_USERS], 1);
    for (sql, expected) in [(format!("{aside}\n{again}\n{back}"), 0), (again.to_string(), 1)] {
        let head = [base.clone(), files(&[&sql], 2)].concat();
        let report = compare(&base, &head);
        let lost = report.findings.iter().filter(|f| f.finding.rule.id == "table-recreated").count();
        assert_eq!(lost, expected, "{sql}");
    }
}

#[test]
fn goose_runs_only_the_up_part() {
    check(&[Case {
        name: "the down part is no drop",
        base: &[
            "-- db/migrations/00001_users.sql\n-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY);\n-- +goose Down\nDROP TABLE users;",
        ],
        new: &[
            "-- db/migrations/00002_city.sql\n-- +goose Up\nALTER TABLE users ADD COLUMN city text;\n-- +goose Down\nALTER TABLE users DROP COLUMN city;",
        ],
        says: &[],
    }]);
}

#[test]
fn a_view_that_goes_with_a_column_is_named() {
    let view = format!("{USERS}\nCREATE VIEW phones AS SELECT id, phone FROM users;");
    let base = files(&[&view], 1);
    let head = [base.clone(), files(&["ALTER TABLE users DROP COLUMN phone CASCADE;"], 2)].concat();
    let report = compare(&base, &head);
    let findings: Vec<_> = report.findings.iter().filter(|f| f.finding.status == Status::Introduced).collect();
    let [only] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(only.finding.rule.id, "column-dropped");
    assert!(only.finding.message.contains("view `phones`, which is dropped with it"), "{}", only.finding.message);
}

#[test]
fn witnesses_are_rows() {
    let cases = [
        ("ALTER TABLE users ALTER COLUMN phone SET NOT NULL;", "column-required", r#"{"phone":null}"#),
        ("ALTER TABLE users ALTER COLUMN id TYPE integer;", "column-type-changed", r#"{"id":2147483648}"#),
    ];
    for (sql, rule, expected) in cases {
        let base = files(&[USERS], 1);
        let head = [base.clone(), files(&[sql], 2)].concat();
        let report = compare(&base, &head);
        let finding = report.findings.iter().find(|f| f.finding.rule.id == rule).expect(rule);
        let witness = finding.finding.witness.as_ref().expect("a witness");
        assert_eq!(witness.value.to_string(), expected, "{sql}");
        assert_eq!((witness.accepted_by, witness.refused_by), ("base", "head"));
    }
}

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let said = said(case);
        if said != case.says {
            wrong.push(format!("{}\n  said     {said:#?}\n  expected {:#?}", case.name, case.says));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
