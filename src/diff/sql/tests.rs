//! Changes of schemas built by hand: what no reader can hide.

use std::sync::Arc;

use super::*;
use crate::model::origin::{FileId, Origin, Text};
use crate::model::sql::*;
use crate::model::{Domain, Types};

fn at(n: usize) -> Origin {
    Origin::new(FileId(0), n, n + 1)
}

/// `name type [not null]`, comma separated.
fn table(name: &str, columns: &str) -> Table {
    let column = |(index, text): (usize, &str)| {
        let (name, rest) = text.trim().split_once(' ').expect("name and type");
        let not_null = rest.ends_with(" not null");
        let base = Types::STRING;
        Column {
            name: name.into(),
            type_name: rest.trim_end_matches(" not null").into(),
            domain: Domain::of(if not_null { base } else { base.union(Types::NULL) }),
            type_domain: Domain::of(base.union(Types::NULL)),
            not_null,
            default: None,
            generated: Generated::No,
            formula: None,
            comment: None,
            encoding: Default::default(),
            origin: at(index),
            created: at(index),
            tainted: false,
        }
    };
    Table {
        schema: "".into(),
        name: name.into(),
        kind: TableKind::Table,
        columns: columns.split(", ").enumerate().map(column).collect(),
        keys: Vec::new(),
        comment: None,
        engine: None,
        encoding: Default::default(),
        parent: None,
        reads: Vec::new(),
        origin: at(0),
        key: at(0),
        tainted: false,
    }
}

fn view(name: &str, reads: &str, columns: &str) -> Table {
    let of = |c: &str| c.split(' ').map(Text::from).collect::<Vec<_>>();
    Table { kind: TableKind::View, reads: vec![(reads.into(), of(columns))], ..table(name, "id integer") }
}

fn schema(tables: Vec<Table>) -> Schema {
    Schema {
        path: "db".into(),
        layout: "golang-migrate",
        tables: tables.into_iter().map(Arc::new).collect(),
        ..Schema::default()
    }
}

fn with_steps(mut schema: Schema, steps: Vec<(&str, Action)>) -> Schema {
    let step = |(index, (table, action)): (usize, (&str, Action))| Step {
        action,
        table: table.into(),
        origin: at(100 + index),
        table_is_new: false,
        conditional: false,
    };
    schema.migrations.push(Arc::new(Migration {
        version: "2".into(),
        name: "2.sql".into(),
        path: "db/2.sql".into(),
        meaning: 2,
        content: 2,
        origin: at(0),
        repeatable: false,
        transactional: true,
        has_down: None,
        down: None,
        round_trip: None,
        steps: steps.into_iter().enumerate().map(step).collect(),
    }));
    schema
}

/// `kind subject effect detail` of every change that is not harmless.
fn told(base: &Schema, head: &Schema) -> Vec<String> {
    let harmful = diff(base, head).into_iter().filter(|c| c.effect != Effect::Same);
    harmful.map(|c| format!("{:?} {} {}", c.kind, c.subject, c.effect.name())).collect()
}

#[test]
fn a_dropped_table_is_one_change_and_names_its_dependants() {
    let mut orders = table("orders", "id integer, user_id integer");
    let key = Key {
        name: "orders_user_id_fkey".into(),
        kind: KeyKind::Foreign,
        columns: vec!["user_id".into()],
        references: Some(ForeignTarget {
            table: "users".into(),
            columns: Vec::new(),
            on_delete: "NO ACTION".into(),
            on_update: "NO ACTION".into(),
        }),
        definition: "user_id -> users".into(),
        partial: false,
        is_index: false,
        origin: at(1),
    };
    orders.keys.push(key);
    let kept = table("orders", "id integer, user_id integer");
    let base = schema(vec![orders, table("users", "id integer"), view("v", "users", "id")]);
    let head = with_steps(schema(vec![kept]), vec![("users", Action::DropTable { cascade: true })]);
    assert_eq!(told(&base, &head), ["EntityRemoved users both"]);
    let change = diff(&base, &head).into_iter().find(|c| c.subject == "users").expect("the drop");
    assert_eq!(change.head, Some(at(100)));
    assert_eq!(change.facts.dependants, ["view `v`, which is dropped with it", "foreign key `orders(user_id)`"]);
}

#[test]
fn a_table_that_may_still_be_there_is_undecided() {
    let base = schema(vec![table("users", "id integer")]);
    let head = Schema { unread: 1, ..schema(Vec::new()) };
    assert_eq!(told(&base, &head), ["EntityRemoved users undecided"]);
}

#[test]
fn renames_are_certain_only_by_a_step() {
    let base = schema(vec![table("users", "id integer, mail text")]);
    let renamed = schema(vec![table("users", "id integer, email text")]);
    assert_eq!(told(&base, &renamed), ["AttributeRemoved users.mail both"]);
    assert_eq!(diff(&base, &renamed)[0].facts.other_name.as_deref(), Some("email"));
    let step = ("users", Action::RenameColumn { from: "mail".into(), to: "email".into() });
    assert_eq!(told(&base, &with_steps(renamed, vec![step])), ["AttributeRenamed users.mail both"]);
}

#[test]
fn a_new_table_under_the_old_name_is_not_the_old_table() {
    let base = schema(vec![table("a", "id integer, x text")]);
    let head = schema(vec![table("a", "id integer"), table("b", "id integer, x text")]);
    let steps = vec![("a", Action::RenameTable { to: "b".into() }), ("a", Action::CreateTable)];
    let changes = diff(&base, &with_steps(head, steps));
    let kinds: Vec<_> = changes.iter().map(|c| (c.kind, c.subject.as_str())).collect();
    assert_eq!(kinds, [(ChangeKind::EntityRenamed, "a"), (ChangeKind::EntityAdded, "a")]);
}

#[test]
fn columns() {
    let cases = [
        ("a text", "a text, b text", &[][..]),
        ("a text", "a text, b text not null", &["AttributeAdded t.b narrows"]),
        ("a text", "a text not null", &["AttributeRequired t.a narrows"]),
        ("a text not null", "a text", &["AttributeOptional t.a widens"]),
        ("a character varying(50)", "a character varying(100)", &["LengthChanged t.a widens"]),
        ("a character varying(50)", "a character varying(10)", &["LengthChanged t.a narrows"]),
        ("a bigint", "a integer", &["TypeChanged t.a narrows"]),
        ("a numeric(10,2)", "a numeric(8,2)", &["RangeChanged t.a narrows"]),
        ("a text, b text", "b text, a text", &[]),
    ];
    for (before, after, expected) in cases {
        let told = told(&schema(vec![table("t", before)]), &schema(vec![table("t", after)]));
        assert_eq!(told, expected, "{before} → {after}");
    }
}

#[test]
fn lists_of_values() {
    let of = |values: &[&str]| {
        let values = values.iter().map(|v| (Text::from(*v), at(3))).collect();
        Schema {
            enums: vec![EnumType { name: "status".into(), values, origin: at(1) }],
            ..schema(vec![table("orders", "a status, b status")])
        }
    };
    let cases = [
        (&["a", "b"][..], &["a", "b", "c"][..], &["EnumValueAdded status widens"][..]),
        (&["a", "b"], &["a"], &["EnumValueRemoved status narrows"]),
        (&["a", "b"], &["a", "c"], &["EnumValueRemoved status both"]),
        (&["a", "b"], &["a", "b"], &[]),
    ];
    for (before, after, expected) in cases {
        assert_eq!(told(&of(before), &of(after)), expected);
    }
}
