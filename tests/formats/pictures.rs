//! Pictures of a change: whole comparisons of two revisions that both layers have.

use driftline::check::{self, Settings};
use driftline::config::Date;
use driftline::report::picture::{Entity, LineKind, Mark, Picture};
use driftline::report::{Report, markdown};
use driftline::revision::{Compared, Tree};

const CONTRACT: &str = r##"
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /orders:
    get:
      responses:
        "200": {description: "", content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses: {"204": {description: ""}}
components:
  schemas:
    Order:
      type: object
      properties:
        id: {type: integer, format: int64, readOnly: true}
        note: {type: string, maxLength: 100}
        customer: {$ref: "#/components/schemas/Customer"}
    Customer:
      type: object
      properties: {id: {type: integer, format: int64}, email: {type: string}}
    Other:
      type: object
      properties: {id: {type: integer}}
"##;

const SQL: &str = "\
CREATE TABLE customers (id bigint PRIMARY KEY, email text);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint REFERENCES customers (id),
    note varchar(100),
    parent_id bigint REFERENCES orders (id)
);
CREATE TABLE zones (id bigint PRIMARY KEY);
";

fn compare(base: [String; 2], head: [String; 2]) -> Report {
    let tree = |name: &str, [contract, sql]: [String; 2]| {
        let files =
            [("openapi.yaml".to_string(), contract.into_bytes()), ("db/schema.sql".to_string(), sql.into_bytes())];
        Tree::from_memory(name, files)
    };
    let compared = Compared {
        base: tree("base", base),
        head: tree("head", head),
        merge_base: None,
        root: None,
        notes: Vec::new(),
    };
    let settings = Settings { pictures: true, ..Settings::on(Date { year: 2026, month: 11, day: 20 }) };
    check::run(&compared, &settings).expect("a verdict").report
}

/// A column becomes shorter, another one is added with its property.
pub fn shop() -> Report {
    let contract = CONTRACT.replace("        customer:", "        status: {type: string}\n        customer:");
    let sql = SQL.replace("note varchar(100),", "note varchar(50),\n    status text,");
    compare([CONTRACT.into(), SQL.into()], [contract, sql])
}

/// As [`shop`], with a name that somebody else chose.
pub fn named(name: &str) -> Report {
    let contract = |text: &str| {
        let quoted = serde_json::to_string(name).unwrap();
        text.replace("        note: {", &format!("        {quoted}: {{"))
    };
    let sql = |text: &str| text.replace("note varchar", &format!("\"{}\" varchar", name.replace('"', "\"\"")));
    let (head_contract, head_sql) = (contract(CONTRACT).replace("100", "40"), sql(SQL).replace("100", "50"));
    compare([contract(CONTRACT), sql(SQL)], [head_contract, head_sql])
}

fn entity<'a>(picture: &'a Picture, name: &str) -> &'a Entity {
    let found = picture.boxes.iter().find(|entity| entity.name == name);
    found.unwrap_or_else(|| panic!("{name} is not drawn: {picture:?}"))
}

fn rows(entity: &Entity) -> Vec<String> {
    let row = |row: &driftline::report::picture::Row| {
        format!("{}{} {} {}", row.mark.sign(), row.name, row.what, row.keys.join(" ")).trim_end().to_string()
    };
    entity.rows.iter().map(row).collect()
}

fn lines(picture: &Picture) -> Vec<String> {
    let end = |(at, row): (usize, Option<usize>)| {
        let entity = &picture.boxes[at];
        row.map_or(entity.name.clone(), |row| format!("{}.{}", entity.name, entity.rows[row].name))
    };
    let line = |line: &driftline::report::picture::Line| {
        let verb = match line.kind {
            LineKind::Tie(kind) => kind.verb().to_string(),
            LineKind::Flow { onward, back, narrower } => {
                let way = if onward && back {
                    "<->"
                } else if back {
                    "<-"
                } else {
                    "->"
                };
                format!("{way}{}", if narrower { " narrower" } else { "" })
            }
        };
        format!("{}{} {verb} {}", line.mark.sign(), end(line.from), end(line.to))
    };
    picture.lines.iter().map(line).collect()
}

#[test]
fn changed_entities_are_drawn_with_their_neighbours() {
    let picture = shop().pictures.entities;
    let names: Vec<(&str, Mark)> = picture.boxes.iter().map(|e| (e.name.as_str(), e.mark)).collect();
    let (changed, same) = (Mark::Changed, Mark::Same);
    assert_eq!(names, [("Customer", same), ("Order", changed), ("customers", same), ("orders", changed)]);
    let table = [
        "id bigint PK",
        "customer_id bigint FK",
        "~note character varying(100) → character varying(50)",
        "+status text",
        "parent_id bigint FK",
    ];
    assert_eq!(rows(entity(&picture, "orders")), table);
    assert_eq!(rows(entity(&picture, "Order")), ["note string", "+status string", "customer Customer"]);
    let drawn = [
        "Customer shows customers",
        "Order.note shows orders.note",
        "+Order.status shows orders.status",
        "Order.customer holds Customer",
        "orders.customer_id refers to customers.id",
    ];
    let mut found = lines(&picture);
    found.sort();
    let mut drawn = drawn.map(str::to_string);
    drawn.sort();
    assert_eq!(found, drawn);
}

#[test]
fn values_are_followed_from_the_column_to_the_operation() {
    let report = shop();
    let picture = &report.pictures.flow;
    let found = lines(picture);
    for line in ["orders.note <-> narrower Order.note", "Order.note -> /orders.GET", "Order.note <- /orders.POST"] {
        assert!(found.iter().any(|known| known == line), "{line}\n{found:#?}");
    }
    // What a row names as its findings is about it.
    for entity in &picture.boxes {
        for row in &entity.rows {
            let subject = format!("{}.{}", entity.name, row.name);
            assert!(row.findings.iter().all(|at| report.findings[*at].finding.subject.starts_with(&subject)));
        }
    }
}

#[test]
fn a_large_change_has_fewer_details_then_a_sentence() {
    let drawn = |number: usize| {
        let sql = |column: &str| -> String {
            (0..number).map(|n| format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, {column} text);\n")).collect()
        };
        compare([CONTRACT.into(), sql("a")], [CONTRACT.into(), sql("b")]).pictures.entities
    };
    let few = drawn(30);
    assert!(few.left_out.is_none() && few.boxes.iter().all(|entity| entity.rows.len() == 3));
    let many = drawn(80);
    assert!(many.boxes.len() == 80 && many.boxes.iter().all(|entity| entity.rows.is_empty()));
    assert_eq!(many.left_out.as_deref(), Some("80 entities changed: their attributes and neighbours are left out."));
    let more = drawn(100);
    assert!(more.boxes.is_empty());
    assert_eq!(more.left_out.as_deref(), Some("100 entities changed: more than a picture can show."));
}

#[test]
fn the_comment_has_a_picture_where_there_is_something_to_see() {
    insta::assert_snapshot!("markdown_picture", markdown::render(&shop()));
    let comment = markdown::render(&named("a\"b|c%%d`e;f#g<h>é {x} %% end"));
    assert!(comment.contains("```mermaid"), "{comment}");
    let turned = markdown::render(&named("a\u{202e}b\u{2066}c"));
    assert!(turned.contains("```mermaid") && !turned.contains(['\u{202e}', '\u{2066}']), "{turned}");
    let alone =
        compare([CONTRACT.into(), SQL.into()], [CONTRACT.into(), SQL.replace("zones (id bigint", "zones (id integer")]);
    assert!(!markdown::render(&alone).contains("```mermaid"), "{}", markdown::render(&alone));
}

#[test]
fn the_picture_is_the_first_thing_that_a_long_comment_loses() {
    let mut report = shop();
    let first = report.findings[0].clone();
    let comment = loop {
        let comment = markdown::render(&report);
        if !comment.contains("```mermaid") {
            break comment;
        }
        assert!(!comment.contains("left out:"), "{comment}");
        report.findings.push(first.clone());
    };
    assert!(comment.contains("> This report was too long for a comment; left out: the picture. The full report:"));
    assert!(comment.contains("```diff") && comment.len() <= markdown::LIMIT);
}
