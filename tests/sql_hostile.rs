//! SQL of a size that no hand writes: nothing crashes, nothing takes the square of its time, nothing goes without a word.
//! What these took before says why they are this large: each was lost whole, or took minutes.

use driftline::model::origin::{Problem, Read};
use driftline::model::sql::{Action, Dialect, Schema};
use driftline::read::sql;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

const ALL: [Dialect; 3] = [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite];
const BEFORE: &str = "CREATE TABLE before_it (id int);\n";
const AFTER: &str = "\nCREATE TABLE after_it (id int);\n";

/// Reads one file, as a migration or as a wanted state; the tables around it must be there.
fn read(dialect: Dialect, role: Role, middle: &str) -> Read<Schema> {
    let text = format!("{BEFORE}{middle}{AFTER}");
    let tree = Tree::from_memory("test", [("db/1_a.sql".to_string(), text.into_bytes())]);
    let files = vec![SqlFile { path: "db/1_a.sql".into(), version: "1".into(), role }];
    let source = SqlSource { path: "db".into(), layout: "golang-migrate", dialect, said: true, files };
    let table = Files::default();
    let read = sql::read(&source, &Snapshot::new(&tree, &table));
    for name in ["before_it", "after_it"] {
        assert!(read.value.table("", name).is_some(), "{name} {dialect:?} {:?}", read.problems.first());
    }
    read
}

fn columns(read: &Read<Schema>, table: &str) -> Vec<String> {
    let table = read.value.table("", table).expect("the table is there");
    table.columns.iter().map(|c| c.name.to_string()).collect()
}

fn refused(read: &Read<Schema>) -> usize {
    let steps = read.value.migrations.iter().flat_map(|m| &m.steps);
    steps.filter(|s| matches!(s.action, Action::Refused { .. })).count()
}

/// Where problems begin, as text.
fn places<'a>(problems: &[Problem], text: &'a str) -> Vec<&'a str> {
    let at = |p: &Problem| &text[p.origin.start as usize - BEFORE.len()..p.origin.end as usize - BEFORE.len()];
    problems.iter().map(at).collect()
}

#[test]
fn a_condition_of_any_length_is_kept() {
    let long = (0..50_000).map(|n| format!("a > {n}")).collect::<Vec<_>>().join(" AND ");
    for dialect in ALL {
        for check in [format!("a int, b int, CHECK ({long})"), format!("a int CHECK ({long}), b int")] {
            let read = read(dialect, Role::Up, &format!("CREATE TABLE w ({check});"));
            assert_eq!(read.problems, []);
            assert_eq!(columns(&read, "w"), ["a", "b"], "{dialect:?}");
            let table = read.value.table("", "w").expect("the table is there");
            assert!(!table.tainted);
            let length: Vec<usize> = table.keys.iter().map(|k| k.definition.len()).collect();
            assert!(length.len() == 1 && length[0] > 400_000, "{length:?}");
        }
        let view = format!(
            "CREATE TABLE w (a int, b int);\nCREATE VIEW v AS SELECT b, w.a AS c FROM w WHERE {long} ORDER BY 1;"
        );
        let read = read(dialect, Role::Up, &view);
        assert_eq!(read.problems, []);
        assert_eq!(columns(&read, "v"), ["b", "c"], "{dialect:?}");
        assert!(!read.value.table("", "v").expect("the view is there").tainted);
    }
}

#[test]
fn parentheses_of_any_depth_are_kept() {
    let (open, close) = ("(".repeat(100_000), ")".repeat(100_000));
    for dialect in ALL {
        let table = format!("CREATE TABLE w (a int DEFAULT {open}1{close}, b int, CHECK ({open}a > 1{close}));");
        let read = read(dialect, Role::Up, &table);
        assert_eq!(columns(&read, "w"), ["a", "b"], "{dialect:?}");
    }
}

/// No engine has a table that wide: what is lost has a place.
#[test]
fn columns_beyond_what_a_table_can_have_are_told() {
    let names = |from: usize, to: usize| (from..to).map(|n| format!("c{n} int"));
    for (dialect, most) in ALL.into_iter().zip([1600, 4096, 2000]) {
        let text = format!("CREATE TABLE w ({});", names(0, 20_000).collect::<Vec<_>>().join(", "));
        let state = read(dialect, Role::State, &text);
        assert_eq!(columns(&state, "w").len(), most);
        assert_eq!(places(&state.problems, &text), [format!("c{most} int")]);
        let history = read(dialect, Role::Up, &text);
        assert!(history.value.table("", "w").is_none());
        assert_eq!((refused(&history), history.problems.len()), (1, 0));

        if dialect == Dialect::MySql {
            continue;
        }
        let alters: String = names(1, 50_000).map(|c| format!("ALTER TABLE w ADD COLUMN {c};\n")).collect();
        let text = format!("CREATE TABLE w (c0 int);\n{alters}");
        let state = read(dialect, Role::State, &text);
        assert_eq!(columns(&state, "w").len(), most);
        assert_eq!(places(&state.problems, &text), [format!("ADD COLUMN c{most} int")]);
        let history = read(dialect, Role::Up, &text);
        assert_eq!(columns(&history, "w").len(), most);
        assert_eq!((refused(&history), history.problems.len()), (50_000 - most, 0));
    }
}

/// A comment that goes on behind a carriage return hides what follows from the engine, but not from us.
#[test]
fn carriage_returns_alone_hide_nothing() {
    for dialect in ALL {
        let text = "-- why\rCREATE TABLE w (a int);\r";
        let read = read(dialect, Role::Up, text);
        assert_eq!(columns(&read, "w"), ["a"], "{dialect:?}");
        let told: &[&str] = if dialect == Dialect::Postgres { &[] } else { &["-- why"] };
        assert_eq!(places(&read.problems, text), told);
    }
}

/// What never ends gives way to the next statement.
#[test]
fn nothing_without_an_end_hides_what_follows() {
    let open = ["/* a", "INSERT INTO x VALUES ('a", "INSERT INTO x VALUES ('a;"];
    for dialect in ALL {
        for text in open {
            assert_eq!(read(dialect, Role::Up, text).problems.len(), 1, "{dialect:?} {text}");
        }
    }
    for text in ["COPY x (a) FROM stdin;\n1\n2", "/* a /* b */", "DO $$ BEGIN x"] {
        assert_eq!(read(Dialect::Postgres, Role::Up, text).problems.len(), 1, "{text}");
    }
    read(Dialect::MySql, Role::Up, "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END;");
}
