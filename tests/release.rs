//! What a change of both layers says about its release: what agrees, and what goes first.

mod support;

use driftline::report::checklist::{self, Kept};
use driftline::report::{Report, changelog, markdown, terminal};

const FIRST: &str = "db/migrations/000001_users.up.sql";
const SECOND: &str = "db/migrations/000002_change.up.sql";

/// One revision: properties of `User` beside two that tie it to its table, and the names that it requires.
#[derive(Clone, Copy)]
struct Api<'a>(&'a str, &'a str);

fn contract(Api(properties, required): Api<'_>) -> String {
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}";
    let properties: String =
        properties.split("; ").filter(|p| !p.is_empty()).map(|p| format!("        {p}\n")).collect();
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /users:\n    get: {{responses: {{'200': {{description: ok, {body}}}}}}}\n    \
         post: {{requestBody: {{{body}}}, responses: {{'204': {{description: ok}}}}}}\ncomponents:\n  schemas:\n    User:\n      \
         type: object\n      required: [login_count{required}]\n      properties:\n        login_count: {{type: integer}}\n        \
         display_form: {{type: string}}\n{properties}"
    )
}

/// The report on a change of the contract and of a table with that column, by those statements.
fn compare(base: Api<'_>, head: Api<'_>, column: &str, statements: &str) -> Report {
    let comma = if column.is_empty() { "" } else { ", " };
    let types = "CREATE TYPE mood AS ENUM ('a', 'b');\n";
    let table = format!(
        "{types}CREATE TABLE users (id bigint PRIMARY KEY, login_count integer NOT NULL, display_form text{comma}{column});\n"
    );
    let side = |api, statements: Option<&str>| {
        let mut files = vec![("openapi.yaml".to_string(), contract(api)), (FIRST.to_string(), table.clone())];
        files.extend(statements.filter(|text| !text.is_empty()).map(|text| (SECOND.to_string(), text.to_string())));
        files
    };
    support::compare(&side(base, None), &side(head, Some(statements)))
}

/// What happened, contract of base and head, column of base, statements, what is said.
type Case<'a> = (&'a str, Api<'a>, Api<'a>, &'a str, &'a str, &'a [&'a str]);

const MAIL: &str = "mail: {type: string}";
const NO: Api<'static> = Api("", "");

#[test]
fn what_changed_on_both_layers_alike_is_said_to_be_consistent() {
    let checked = |values: &str| {
        format!(
            "ALTER TABLE users DROP CONSTRAINT users_mail_check; ALTER TABLE users ADD CONSTRAINT users_mail_check CHECK (mail IN ({values}));"
        )
    };
    let (ab, abc, abd) = (
        "mail: {type: string, enum: [a, b]}",
        "mail: {type: string, enum: [a, b, c]}",
        "mail: {type: string, enum: [a, b, d]}",
    );
    let list = "mail text CHECK (mail IN ('a', 'b'))";
    let with_c = checked("'a', 'b', 'c'");
    let (short, long) = ("mail: {type: string, maxLength: 100}", "mail: {type: string, maxLength: 255}");
    let wider = "ALTER TABLE users ALTER COLUMN mail TYPE varchar(255);";
    let drop = "ALTER TABLE users DROP COLUMN mail;";
    let cases: &[Case<'_>] = &[
        (
            "both wider",
            Api(short, ""),
            Api(long, ""),
            "mail varchar(100)",
            wider,
            &[
                "users.mail and User.mail: character varying(100) → character varying(255), at most 100 characters → at most 255 characters",
            ],
        ),
        ("the column alone", Api(short, ""), Api(short, ""), "mail varchar(100)", wider, &[]),
        ("the property alone", Api(short, ""), Api(long, ""), "mail varchar(100)", "", &[]),
        (
            "the property alone, with another change of the database",
            Api(short, ""),
            Api(long, ""),
            "mail varchar(100)",
            "ALTER TABLE users ADD COLUMN note text;",
            &[],
        ),
        (
            "wider to another limit: drift is told",
            Api(short, ""),
            Api("mail: {type: string, maxLength: 300}", ""),
            "mail varchar(100)",
            wider,
            &[],
        ),
        (
            "in opposite directions",
            Api(long, ""),
            Api(short, ""),
            "mail varchar(100)",
            "ALTER TABLE users ALTER COLUMN mail TYPE varchar(255);",
            &[],
        ),
        ("a value more", Api(ab, ""), Api(abc, ""), list, &with_c, &["users.mail and User.mail: c added"]),
        (
            "a value more of a type",
            Api(ab, ""),
            Api(abc, ""),
            "mail mood",
            "ALTER TYPE mood ADD VALUE 'c';",
            &["users.mail and User.mail: c added"],
        ),
        ("a value more, another one on each side", Api(ab, ""), Api(abd, ""), list, &with_c, &[]),
        (
            "null on both",
            Api(MAIL, ", mail"),
            Api("mail: {type: string, nullable: true}", ", mail"),
            "mail text NOT NULL",
            "ALTER TABLE users ALTER COLUMN mail DROP NOT NULL;",
            &["users.mail and User.mail: NOT NULL → NULL, not nullable → nullable"],
        ),
        (
            "required on both",
            Api(MAIL, ""),
            Api(MAIL, ", mail"),
            "mail text",
            "ALTER TABLE users ALTER COLUMN mail SET NOT NULL;",
            &["users.mail and User.mail: NULL → NOT NULL, optional → required"],
        ),
        (
            "added",
            NO,
            Api(MAIL, ""),
            "",
            "ALTER TABLE users ADD COLUMN mail text;",
            &["users.mail and User.mail: added"],
        ),
        ("added, and already apart", NO, Api(MAIL, ", mail"), "", "ALTER TABLE users ADD COLUMN mail text;", &[]),
        ("dropped", Api(MAIL, ""), NO, "mail text", drop, &["users.mail and User.mail: removed"]),
        ("the column dropped alone", Api(MAIL, ""), Api(MAIL, ""), "mail text", drop, &[]),
        ("the property removed alone", Api(MAIL, ""), NO, "mail text", "", &[]),
        (
            "renamed",
            Api("mail: {type: string}", ""),
            Api("contact: {type: string}", ""),
            "mail text",
            "ALTER TABLE users RENAME COLUMN mail TO contact;",
            &["users.mail and User.mail: now users.contact, now User.contact"],
        ),
        (
            "the column renamed alone",
            Api(MAIL, ""),
            Api(MAIL, ""),
            "mail text",
            "ALTER TABLE users RENAME COLUMN mail TO contact;",
            &[],
        ),
        (
            "another property removed than the column dropped",
            Api("mail: {type: string}; phone: {type: string}", ""),
            Api(MAIL, ""),
            "mail text, phone text",
            drop,
            &[],
        ),
    ];
    for (what, base, head, column, statements, expected) in cases {
        let report = compare(*base, *head, column, statements);
        let said: Vec<String> = report.consistent.iter().map(|item| item.text()).collect();
        assert_eq!(said, *expected, "{what}");
    }
}

#[test]
fn all_schemas_that_show_a_column_share_a_line_with_places() {
    let schema = |name: &str, limit: u32| {
        format!(
            "    {name}: {{type: object, properties: {{login_count: {{type: integer}}, display_form: {{type: string}}, mail: {{type: string, maxLength: {limit}}}}}}}\n"
        )
    };
    let files = |limit: u32, change: &str| {
        let text = contract(NO) + &schema("UserInput", limit) + &schema("UserPatch", limit);
        let table = "CREATE TABLE users (id bigint PRIMARY KEY, login_count integer NOT NULL, display_form text, mail varchar(100));\n";
        let mut files = vec![("openapi.yaml".to_string(), text), (FIRST.to_string(), table.to_string())];
        if !change.is_empty() {
            files.push((SECOND.to_string(), change.to_string()));
        }
        files
    };
    let report =
        support::compare(&files(100, ""), &files(255, "ALTER TABLE users ALTER COLUMN mail TYPE varchar(255);\n"));
    let [item] = report.consistent.as_slice() else { panic!("{:?}", report.consistent) };
    assert_eq!(item.properties, ["UserInput.mail", "UserPatch.mail"]);
    let places: Vec<(&str, u32)> = item.places.iter().map(|at| (&*at.path, at.line)).collect();
    assert_eq!(places, [(SECOND, 1), ("openapi.yaml", 15), ("openapi.yaml", 16)]);
    let text = terminal::render(&report, terminal::Options::default());
    let line =
        "\nconsistent on both layers\n  users.mail and UserInput.mail, UserPatch.mail: character varying(100) → ";
    assert!(text.contains(line), "{text}");
    let comment = markdown::render(&report);
    assert!(
        comment.contains("- `users.mail`, `UserInput.mail`, `UserPatch.mail`: `character varying(100) → "),
        "{comment}"
    );
}

/// `after: Drop users.mail (missing)`, without the deployment itself.
fn order(report: &Report) -> Vec<String> {
    let steps = report.deployment.iter().filter(|step| step.phase.name() != "deploy");
    let missing = |missing| if missing { " (missing)" } else { "" };
    let said = steps.map(|s| {
        let verb = s.what.split('`').next().unwrap_or_default();
        format!("{}: {verb}{}{}", s.phase.name(), s.subjects.join(" "), missing(s.missing))
    });
    let said: Vec<String> = said.collect();
    let deployed = report.deployment.iter().filter(|step| step.phase.name() == "deploy").count();
    assert_eq!(deployed, usize::from(!said.is_empty()), "the deployment itself is told with what is around it");
    said
}

#[test]
fn what_goes_first_follows_from_who_can_live_with_what() {
    let (short, long) = ("mail: {type: string, maxLength: 100}", "mail: {type: string, maxLength: 255}");
    let (ab, abc) = ("mail: {type: string, enum: [a, b]}", "mail: {type: string, enum: [a, b, c]}");
    let given = |property: &str| property.replace("{type", "{readOnly: true, type");
    let (given_ab, given_abc) = (given(ab), given(abc));
    let cases: &[Case<'_>] = &[
        (
            "added: the database first",
            NO,
            Api(MAIL, ""),
            "",
            "ALTER TABLE users ADD COLUMN mail text;",
            &["before: Run the migration that adds users.mail"],
        ),
        (
            "added with a default",
            NO,
            Api(MAIL, ", mail"),
            "",
            "ALTER TABLE users ADD COLUMN mail text NOT NULL DEFAULT '';",
            &["before: Run the migration that adds users.mail"],
        ),
        (
            "added with a type of its own",
            NO,
            Api(ab, ""),
            "",
            "CREATE TYPE kind AS ENUM ('a', 'b'); ALTER TABLE users ADD COLUMN mail kind;",
            &["before: Run the migration that adds users.mail"],
        ),
        (
            "added as required: neither order works",
            NO,
            Api(MAIL, ", mail"),
            "",
            "ALTER TABLE users ADD COLUMN mail text NOT NULL;",
            &["before: Add users.mail (missing)", "after: Fill users.mail (missing)"],
        ),
        (
            "added and made required in one range",
            NO,
            Api(MAIL, ", mail"),
            "",
            "ALTER TABLE users ADD COLUMN mail text; UPDATE users SET mail = ''; ALTER TABLE users ALTER COLUMN mail SET NOT NULL;",
            &["before: Add users.mail (missing)", "after: Fill users.mail (missing)"],
        ),
        (
            "dropped with its property: in a later release",
            Api(MAIL, ""),
            NO,
            "mail text",
            "ALTER TABLE users DROP COLUMN mail;",
            &["after: Drop users.mail (missing)"],
        ),
        (
            "dropped with its property, and inserts must give it until then",
            Api(MAIL, ""),
            NO,
            "mail text NOT NULL",
            "ALTER TABLE users DROP COLUMN mail;",
            &["before: Make users.mail (missing)", "after: Drop users.mail (missing)"],
        ),
        (
            "dropped under a property that stays, beside another change of the contract",
            Api(MAIL, ""),
            Api("mail: {type: string}; note: {type: string}", ""),
            "mail text",
            "ALTER TABLE users DROP COLUMN mail;",
            &["after: Run the migration that drops users.mail"],
        ),
        (
            "the whole table, with one of its properties",
            Api(MAIL, ""),
            NO,
            "mail text",
            "DROP TABLE users;",
            &["after: Run the migration that drops users"],
        ),
        (
            "renamed on both layers",
            Api(MAIL, ""),
            Api("contact: {type: string}", ""),
            "mail text",
            "ALTER TABLE users RENAME COLUMN mail TO contact;",
            &["before: Add a column with the new name beside users.mail (missing)", "after: Drop users.mail (missing)"],
        ),
        (
            "the table renamed, beside a change of the contract",
            Api(MAIL, ""),
            Api("mail: {type: string}; note: {type: string}", ""),
            "mail text",
            "ALTER TABLE users RENAME TO people;",
            &["before: Make users (missing)", "after: Rename users (missing)"],
        ),
        (
            "wider: the database first",
            Api(short, ""),
            Api(long, ""),
            "mail varchar(100)",
            "ALTER TABLE users ALTER COLUMN mail TYPE varchar(255);",
            &["before: Run the migration that lets users.mail"],
        ),
        (
            "narrower: the code first",
            Api(long, ""),
            Api(short, ""),
            "mail varchar(255)",
            "ALTER TABLE users ALTER COLUMN mail TYPE varchar(100);",
            &["after: Bring the rows in line and run the migration that narrows users.mail"],
        ),
        (
            "required on both: the code first",
            Api(MAIL, ""),
            Api(MAIL, ", mail"),
            "mail text",
            "ALTER TABLE users ALTER COLUMN mail SET NOT NULL;",
            &["after: Bring the rows in line and run the migration that narrows users.mail"],
        ),
        (
            "a value more that clients may send: the database first",
            Api(ab, ""),
            Api(abc, ""),
            "mail mood",
            "ALTER TYPE mood ADD VALUE 'c';",
            &["before: Run the migration that lets mood"],
        ),
        (
            "a value more that is only given out",
            Api(&given_ab, ""),
            Api(&given_abc, ""),
            "mail mood",
            "ALTER TYPE mood ADD VALUE 'c';",
            &[],
        ),
        (
            "another type: neither order works",
            Api("mail: {type: integer}", ""),
            Api(MAIL, ""),
            "mail integer",
            "ALTER TABLE users ALTER COLUMN mail TYPE text;",
            &["before: Add a column of the new type beside users.mail (missing)", "after: Drop users.mail (missing)"],
        ),
        (
            "the column alone",
            Api(short, ""),
            Api(short, ""),
            "mail varchar(100)",
            "ALTER TABLE users DROP COLUMN mail;",
            &[],
        ),
        ("the contract alone", Api(MAIL, ""), NO, "mail text", "", &[]),
        (
            "two changes that have nothing to do with each other",
            Api(MAIL, ""),
            Api(MAIL, ", mail"),
            "mail text",
            "ALTER TABLE users ADD COLUMN note text; ALTER TABLE users ALTER COLUMN display_form TYPE varchar(20);",
            &[],
        ),
        (
            "a default and an index on both",
            Api(MAIL, ""),
            Api("mail: {type: string, default: x}", ""),
            "mail text",
            "ALTER TABLE users ALTER COLUMN mail SET DEFAULT 'x'; CREATE INDEX users_mail ON users (mail);",
            &[],
        ),
    ];
    for (what, base, head, column, statements, expected) in cases {
        assert_eq!(order(&compare(*base, *head, column, statements)), *expected, "{what}");
    }
}

#[test]
fn migrations_on_both_sides_of_the_deployment_must_be_split() {
    let report = compare(
        Api("mail: {type: string, maxLength: 255}", ""),
        Api("mail: {type: string, maxLength: 100}; phone: {type: string}; note: {type: string}", ""),
        "mail varchar(255)",
        "ALTER TABLE users ADD COLUMN phone text, ADD COLUMN note text;\nALTER TABLE users ALTER COLUMN mail TYPE varchar(100);\n",
    );
    let text = terminal::render(&report, terminal::Options::default());
    let section =
        text.split("\ndeployment order\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
    let expected = "  before  Run the migration that adds `users.note` and `users.phone`. The code of this change reads or writes them. (db/migrations/000002_change.up.sql:1)
  deploy  Deploy the code of this change. Its migrations belong on both sides of that: put those that follow into a release of their own.
  after   Bring the rows in line and run the migration that narrows `users.mail`. Code that still runs writes what will be refused then. (db/migrations/000002_change.up.sql:2)";
    assert_eq!(section, expected, "{text}");
    let comment = markdown::render(&report);
    let line = "\n3. **after**: Bring the rows in line and run the migration that narrows `users.mail`. Code that";
    assert!(comment.contains("### Deployment order\n\n1. **before**: ") && comment.contains(line), "{comment}");
    let json: serde_json::Value = serde_json::from_str(&driftline::report::json::render(&report)).unwrap();
    assert_eq!(json["deployment"][0]["subjects"], serde_json::json!(["users.note", "users.phone"]));
    assert_eq!(json["deployment"][2]["properties"], serde_json::json!(["User.mail"]));
    assert_eq!(json["deployment"][2]["places"][0]["line"], 2);
}

#[test]
fn what_had_no_contract_or_no_database_has_no_order() {
    let table =
        "CREATE TABLE users (id bigint PRIMARY KEY, login_count integer NOT NULL, display_form text);\n".to_string();
    let (api, sql) = (("openapi.yaml".to_string(), contract(NO)), (FIRST.to_string(), table));
    let head = [api.clone(), sql.clone()];
    for base in [vec![], vec![api], vec![sql]] {
        let report = support::compare(&base, &head);
        assert!(report.deployment.is_empty() && report.consistent.is_empty(), "{:?}", report.deployment);
    }
}

#[test]
fn a_new_table_with_its_schema_goes_first() {
    let more = "    Widget: {type: object, properties: {colour_code: {type: string}, shape_code: {type: string}, weight_code: {type: string}}}\n";
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/Widget'}}}";
    let path = format!("paths:\n  /widgets:\n    get: {{responses: {{'200': {{description: ok, {body}}}}}}}\n");
    let table = "CREATE TABLE users (id bigint PRIMARY KEY, login_count integer NOT NULL, display_form text);\n";
    let widgets =
        "CREATE TABLE widgets (id bigint PRIMARY KEY, colour_code text NOT NULL, shape_code text, weight_code text);\n";
    let file = |path: &str, text: String| (path.to_string(), text);
    let base = [file("openapi.yaml", contract(NO)), file(FIRST, table.into())];
    let head = [
        file("openapi.yaml", contract(NO).replace("paths:\n", &path) + more),
        file(FIRST, table.into()),
        file(SECOND, widgets.into()),
    ];
    assert_eq!(order(&support::compare(&base, &head)), ["before: Run the migration that adds widgets"]);
}

/// A table, and what one more migration makes of it.
fn migrated(table: &str, change: &str) -> Report {
    let first = (FIRST.to_string(), table.to_string());
    let head = [first, (SECOND.to_string(), change.to_string())];
    support::compare(&head[..1], &head)
}

#[test]
fn what_drops_waits_for_the_old_code_also_without_a_contract() {
    let report =
        migrated("CREATE TABLE users (id bigint PRIMARY KEY, fax text);", "ALTER TABLE users DROP COLUMN fax;");
    let list = checklist::render(&report, &Kept::default());
    let group = |title: &str| list.find(&format!("## {title}")).unwrap_or_else(|| panic!("{title}\n{list}"));
    let dropped = list.find("`column-dropped`").unwrap();
    assert!(group("Deployment") < group("After the deployment") && group("After the deployment") < dropped, "{list}");
    assert!(list.contains("Run the migrations, without what stands below for after the deployment."), "{list}");
    assert!(!list.contains("Before the deployment"), "{list}");
}

#[test]
fn the_changelog_says_nothing_twice() {
    let old = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get: {responses: {'204': {description: ok}}}\n  \
               /b:\n    get: {responses: {'204': {description: ok}}}\n";
    let new = old.replacen("get: {", "get: {deprecated: true, ", 1);
    let new = format!(
        "{}get: {{deprecated: true, x-sunset: '2031-06-01', {}",
        new.rsplit_once("get: {").unwrap().0,
        new.rsplit_once("get: {").unwrap().1
    );
    let file = |text: &str| [("openapi.yaml".to_string(), text.to_string())];
    let text = changelog::render(&support::compare(&file(old), &file(&new)));
    assert!(text.contains("\n- Operation `GET /a`\n- Operation `GET /b` (ends on 2031-06-01)\n"), "{text}");

    let table = "CREATE TABLE users (id bigint PRIMARY KEY, first_name text, last_name text);";
    let indexes =
        "CREATE INDEX by_name ON users (last_name, first_name);\nCREATE INDEX by_first ON users (first_name);";
    let text = changelog::render(&migrated(table, indexes));
    assert!(text.contains("\n- Index `by_name`, Index `by_first` of `users`\n"), "{text}");
}

#[test]
fn a_column_of_two_databases_is_one_line_of_the_changelog() {
    let file = |folder: &str, number: u32, text: &str| (format!("db/{folder}/V{number}__x.sql"), text.to_string());
    let base = [
        file("mysql", 1, "CREATE TABLE `users` (`id` int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;"),
        file("postgres", 1, "CREATE TABLE users (id bigserial PRIMARY KEY);"),
    ];
    let mut head = base.to_vec();
    head.push(file("mysql", 2, "ALTER TABLE `users` ADD COLUMN `fax` varchar(20);"));
    head.push(file("postgres", 2, "ALTER TABLE users ADD COLUMN fax varchar(20);"));
    let text = changelog::render(&support::compare(&base, &head));
    assert_eq!(text.matches("users.fax").count(), 1, "{text}");

    let text = changelog::render(&migrated(
        "CREATE TABLE users (id bigint PRIMARY KEY, fax text);",
        "ALTER TABLE users RENAME COLUMN fax TO telefax;",
    ));
    assert!(text.contains("Column `users.fax` is renamed to `telefax`\n"), "{text}");
}

#[test]
fn what_to_do_instead_is_told_once_in_a_group() {
    let old = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get: {responses: {'204': {description: ok}}}\n  \
               /b:\n    get: {responses: {'204': {description: ok}}}\n";
    let file = |text: &str| [("openapi.yaml".to_string(), text.to_string())];
    let report = support::compare(&file(old), &file(&old.replace("get: {", "get: {deprecated: true, ")));
    let list = checklist::render(&report, &Kept::default());
    assert_eq!(list.matches("`operation-deprecated`").count(), 2, "{list}");
    assert_eq!(list.matches("Instead: ").count(), 1, "{list}");
}

#[test]
fn what_the_base_has_where_something_was_added_is_not_shown_as_gone() {
    let contract = |schemas: &str| {
        let get = "get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}";
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    {get}\ncomponents:\n  schemas:\n{schemas}"
        );
        [("openapi.yaml".to_string(), text)]
    };
    let part = |name: &str, key: &str| {
        format!(
            "    {name}:\n      title: {name}\n      type: object\n      required: [{key}]\n      properties: {{{key}: {{type: string}}}}\n"
        )
    };
    let one_of = "    A:\n      title: A\n      anyOf:\n        - $ref: '#/components/schemas/B'\n        - $ref: '#/components/schemas/C'\n";
    let head = format!("{one_of}{}{}", part("B", "b"), part("C", "c"));
    let report = support::compare(&contract(&part("A", "b")), &contract(&head));
    assert!(report.findings.iter().any(|item| item.finding.rule.id == "branch-added"), "{:?}", report.findings);
    let texts = [terminal::render(&report, terminal::Options::default()), markdown::render(&report)];
    for text in texts {
        assert!(text.contains("$ref: '#/components/schemas/C'"), "{text}");
        assert!(!text.lines().any(|line| line.contains("- ") && line.ends_with("title: A")), "{text}");
    }
}
