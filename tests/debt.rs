//! What counts as debt of a SQL schema, what is the habit of all of it, and that a change is told only of what it touches.

mod support;

use driftline::rules::{Category, Status};
use support::{File, compare};

/// Files of a folder of migrations, in their order.
fn migrations(texts: &[&str]) -> Vec<File> {
    let file = |(n, text): (usize, &&str)| (format!("db/migrations/{:06}_step.up.sql", n + 1), text.to_string());
    texts.iter().enumerate().map(file).collect()
}

/// `rule status subject` of all debt, sorted.
fn debt(base: &[File], head: &[File]) -> Vec<String> {
    let findings = compare(base, head).findings;
    let debt = findings.iter().map(|item| &item.finding).filter(|f| f.rule.category == Category::Debt);
    let mut said: Vec<String> = debt.map(|f| format!("{} {} {}", f.rule.id, f.status.name(), f.subject)).collect();
    said.sort();
    said
}

/// What stands in one revision, as `rule subject`.
fn stands(files: &[File]) -> Vec<String> {
    debt(files, files).iter().map(|said| said.replace(" existing ", " ")).collect()
}

const EMAILS: &str = "\
CREATE TABLE a (id bigint PRIMARY KEY, email varchar(255) NOT NULL);
CREATE TABLE b (id bigint PRIMARY KEY, email varchar(255) NOT NULL);
CREATE TABLE d (id bigint PRIMARY KEY, email varchar(100) NOT NULL);";

#[test]
fn what_only_the_neighbours_changed_is_not_news() {
    let agree = "CREATE TABLE c (id bigint PRIMARY KEY, email varchar(255) NOT NULL);";
    let zoned = "CREATE TABLE z (id bigint PRIMARY KEY, at timestamptz NOT NULL);";
    let local: String =
        (0..9).map(|n| format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, at timestamp NOT NULL);")).collect();
    for (base, step, expected) in [
        // The third that agrees makes the fourth stand out, which was there before.
        (EMAILS, agree, vec!["column-type-differs existing d.email"]),
        // One with a zone breaks the habit of all the others.
        (&local, zoned, (0..9).map(|_| "timestamp-without-zone existing").collect()),
    ] {
        let said = debt(&migrations(&[base]), &migrations(&[base, step]));
        assert_eq!(said.len(), expected.len(), "{said:?}");
        assert!(said.iter().zip(&expected).all(|(said, expected)| said.starts_with(expected)), "{said:?}");
        assert_eq!(
            debt(&migrations(&[base, step]), &migrations(&[base])),
            Vec::<String>::new(),
            "and back: nobody paid"
        );
    }
}

#[test]
fn what_a_change_touches_is_news() {
    let agree = "CREATE TABLE c (id bigint PRIMARY KEY, email varchar(255) NOT NULL);";
    let odd = "CREATE TABLE e (id bigint PRIMARY KEY, email varchar(50) NOT NULL);";
    let narrow = "ALTER TABLE c ALTER COLUMN email TYPE text;";
    let widen = "ALTER TABLE d ALTER COLUMN email TYPE varchar(255);";
    let three = EMAILS.replace("varchar(100)", "varchar(255)");
    for (base, step, expected) in [
        (format!("{three}{agree}"), odd, vec!["column-type-differs introduced e.email"]),
        (format!("{three}{agree}"), narrow, vec!["column-type-differs introduced c.email"]),
        (format!("{EMAILS}{agree}"), widen, vec!["column-type-differs resolved d.email"]),
    ] {
        let said = debt(&migrations(&[&base]), &migrations(&[&base, step]));
        assert_eq!(said, expected, "{step}");
    }
}

/// Four tables that have a foreign key, and what else there is.
fn with_keys(more: &str) -> Vec<File> {
    let users = "CREATE TABLE users (id bigint PRIMARY KEY);";
    let children: String = ["a", "b", "c", "d"]
        .iter()
        .map(|t| format!("CREATE TABLE {t} (user_id bigint PRIMARY KEY REFERENCES users (id));"))
        .collect();
    migrations(&[&format!("{users}{children}"), more])
}

#[test]
fn keys_that_are_missing_on_purpose() {
    let create = |name: &str, column: &str| format!("CREATE TABLE {name} (id bigint PRIMARY KEY, {column});");
    let missing = vec!["foreign-key-missing orders.user_id".to_string()];
    for (more, expected) in [
        (create("orders", "user_id bigint NOT NULL"), missing.clone()),
        (create("orders", "user_id text NOT NULL"), vec!["column-type-differs orders.user_id".to_string()]),
        (create("orders", "user_id bigint NOT NULL DEFAULT 0"), vec![]),
        (create("audit_log", "user_id bigint NOT NULL"), vec![]),
        (create("orders", "other_user_id bigint NOT NULL"), vec![]),
        (
            create("orders", "user_id bigint NOT NULL CONSTRAINT orders_user_id_fkey REFERENCES users (id)")
                + "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;",
            vec![],
        ),
        // Two of six is no exception.
        (create("orders", "user_id bigint NOT NULL") + &create("rows", "user_id bigint NOT NULL"), vec![]),
        // Nobody else has a key to it, and eight others have theirs.
        (
            create("plans", "a text NOT NULL")
                + &(0..4)
                    .map(|n| format!("CREATE TABLE n{n} (user_id bigint PRIMARY KEY REFERENCES users (id));"))
                    .collect::<String>()
                + &create("orders", "plan_id bigint NOT NULL"),
            vec!["foreign-key-missing orders.plan_id".to_string()],
        ),
        (create("plans", "a text NOT NULL") + &create("orders", "plan_id bigint NOT NULL"), vec![]),
    ] {
        assert_eq!(stands(&with_keys(&more)), expected, "{more}");
    }
}

#[test]
fn what_tells_rows_apart() {
    for (table, expected) in [
        ("CREATE TABLE t (a bigint NOT NULL, b bigint NOT NULL, UNIQUE (a, b));", vec![]),
        ("CREATE TABLE t (a bigint NOT NULL, b bigint);", vec!["table-without-primary-key t"]),
        ("CREATE TABLE t (a bigint UNIQUE);", vec!["table-without-primary-key t"]),
        // The last one names the row, which may have no name.
        ("CREATE TABLE t (id bigint PRIMARY KEY, team bigint NOT NULL, name text, UNIQUE (team, name));", vec![]),
        (
            "CREATE TABLE t (id bigint PRIMARY KEY, team bigint, name text NOT NULL, UNIQUE (team, name));",
            vec!["unique-key-with-null t"],
        ),
        ("CREATE TABLE t (id bigint PRIMARY KEY, team bigint, UNIQUE (team, id));", vec![]),
        // One for users, one for teams.
        (
            "CREATE TABLE t (id bigint PRIMARY KEY, team bigint, owner bigint, name text NOT NULL, UNIQUE (team, name), UNIQUE (owner, name));",
            vec![],
        ),
    ] {
        assert_eq!(stands(&migrations(&[table])), expected, "{table}");
    }
}

#[test]
fn a_habit_of_the_whole_schema_is_none_of_a_column() {
    let tables = |count: usize, columns: &str| -> String {
        (0..count).map(|n| format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, {columns});")).collect()
    };
    for (text, expected) in [
        (tables(4, "at timestamp NOT NULL"), 4),
        (tables(5, "at timestamp NOT NULL"), 0),
        (tables(4, "code char(26) NOT NULL"), 4),
        (tables(5, "code char(26) NOT NULL"), 0),
        (tables(9, "a text, b text, c text, d text, e text"), 0),
        (tables(9, "a text NOT NULL, b text, c text, d text, e text"), 0),
    ] {
        assert_eq!(stands(&migrations(&[&text])).len(), expected, "{text}");
    }
}

#[test]
fn a_table_to_which_many_point_is_made_elsewhere() {
    let key = |n: usize| format!("CREATE TABLE t{n} (id integer PRIMARY KEY REFERENCES tenants (id));");
    for (count, expected) in [(1, 1), (2, 2), (3, 0)] {
        let text: String = (0..count).map(key).collect();
        let said = stands(&[("db/sqlite/000001_step.up.sql".to_string(), format!("PRAGMA foreign_keys = ON; {text}"))]);
        let lost = said.iter().filter(|said| said.starts_with("foreign-key-target-missing")).count();
        assert_eq!(lost, expected, "{said:?}");
    }
}

#[test]
fn keys_of_rows_that_are_collected_run_out() {
    let serial = |table: &str| format!("CREATE TABLE {table} (id serial PRIMARY KEY);");
    for (table, expected) in [
        ("logins", 0),
        ("login_events", 1),
        ("audit_log", 1),
        ("deliveries", 1),
        ("\"UserSession\"", 1),
        ("event_types", 0),
    ] {
        assert_eq!(stands(&migrations(&[&serial(table)])).len(), expected, "{table}");
    }
}

#[test]
fn ways_back_that_are_missing() {
    let name = |n: usize, part: &str| format!("db/migrations/{n:06}_step.{part}.sql");
    let up = |n: usize| (name(n, "up"), format!("CREATE TABLE t{n} (id bigint PRIMARY KEY);"));
    let down = |n: usize| (name(n, "down"), format!("DROP TABLE t{n};"));
    // The first is older than all ways back.
    let mut old = vec![up(1)];
    old.extend((2..6).flat_map(|n| [up(n), down(n)]));
    let rows = |n: usize, back: Option<&str>| {
        let change = (name(n, "up"), "UPDATE t1 SET id = id + 1 WHERE id < 0;".to_string());
        std::iter::once(change).chain(back.map(|text| (name(n, "down"), text.to_string()))).collect::<Vec<File>>()
    };
    for (new, expected) in [
        (vec![up(6), down(6)], vec![]),
        (vec![up(6)], vec!["migration-without-down introduced 000006_step.up.sql"]),
        (
            vec![up(6), (name(6, "down"), "-- nothing".into())],
            vec!["migration-without-down introduced 000006_step.up.sql"],
        ),
        (rows(6, Some("-- nothing")), vec![]),
        (rows(6, None), vec!["migration-without-down introduced 000006_step.up.sql"]),
    ] {
        let head: Vec<File> = old.iter().cloned().chain(new.clone()).collect();
        assert_eq!(debt(&old, &head), expected, "{new:?}");
    }
    // One more way back makes it a habit; what has none is as old as before.
    let base = vec![up(1), down(1), up(2), up(3), down(3), up(4)];
    let head: Vec<File> = base.iter().cloned().chain((5..9).flat_map(|n| [up(n), down(n)])).collect();
    assert_eq!(
        debt(&base, &head),
        ["migration-without-down existing 000002_step.up.sql", "migration-without-down existing 000004_step.up.sql"]
    );
}

#[test]
fn what_is_left_over() {
    for (table, expected) in [
        ("CREATE TABLE t (id bigint PRIMARY KEY, email text, email_old text);", vec!["column-left-over t.email_old"]),
        ("CREATE TABLE t (id bigint PRIMARY KEY, price_old text, price_new text);", vec![]),
        ("CREATE TABLE t (id bigint PRIMARY KEY, email text, email_new text);", vec![]),
        ("CREATE TABLE t (id bigint PRIMARY KEY, row text, row_deprecated boolean);", vec![]),
        (
            "CREATE TABLE t (id bigint PRIMARY KEY, a text); CREATE TABLE t_bak (id bigint PRIMARY KEY, a text);",
            vec!["column-left-over t_bak"],
        ),
        (
            "CREATE TABLE t (id bigint PRIMARY KEY, a text, b text); CREATE TABLE t_copy (name text PRIMARY KEY, x text, y text);",
            vec![],
        ),
    ] {
        assert_eq!(stands(&migrations(&[table])), expected, "{table}");
    }
}

/// A rule with a habit says of a whole new schema what it says of an old one.
#[test]
fn all_of_a_new_schema_is_news() {
    let four = format!("{EMAILS}CREATE TABLE c (id bigint PRIMARY KEY, email varchar(255) NOT NULL);");
    let report = compare(&[], &migrations(&[&four]));
    let said: Vec<_> = report.findings.iter().map(|item| (item.finding.rule.id, item.finding.status)).collect();
    assert_eq!(said, [("column-type-differs", Status::Introduced)]);
}
