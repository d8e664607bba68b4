//! Tables of splitter cases, and the promises it keeps on any input.

use proptest::prelude::*;

use crate::model::sql::Dialect;

use super::lex::{Kind, Lexer};
use super::split::split;

const ALL: [Dialect; 3] = [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite];

/// The statements of a text; those of the down part begin with `down:`, broken ones with `broken:`.
fn cut(dialect: Dialect, text: &str) -> Vec<String> {
    let pieces = split(text.as_bytes(), dialect).pieces;
    let mark = |down: bool, broken: bool| match (down, broken) {
        (_, true) => "broken:",
        (true, _) => "down:",
        _ => "",
    };
    pieces.iter().map(|p| format!("{}{}", mark(p.down, p.broken.is_some()), &text[p.start..p.end])).collect()
}

#[test]
fn statements_are_cut_where_the_dialect_ends_them() {
    use Dialect::{MySql, Postgres, Sqlite};
    let cases: &[(Dialect, &str, &[&str])] = &[
        (Postgres, "a; b ;; c", &["a", "b", "c"]),
        (
            Postgres,
            "SELECT ';', \";\", $$;$$, $x$;$$;$x$, E'\\';', '''; ' ; b",
            &["SELECT ';', \";\", $$;$$, $x$;$$;$x$, E'\\';', '''; '", "b"],
        ),
        (Postgres, "a -- ;\n/* ; /* ; */ ; */ b; c", &["a -- ;\n/* ; /* ; */ ; */ b", "c"]),
        (MySql, "a '\\';' \"\\\";\" `;` # ;\n b; c", &["a '\\';' \"\\\";\" `;` # ;\n b", "c"]),
        (Sqlite, "a [;] `;` '\\'; b", &["a [;] `;` '\\'", "b"]),
        (Sqlite, "/* /* */ a; b", &["a", "b"]),
        (
            MySql,
            "/*!40101 SET a = 1 */;\n/*!50003 CREATE*/ /*!50020 VIEW v */;b",
            &["SET a = 1", "CREATE*/ /*!50020 VIEW v", "b"],
        ),
        (MySql, "/*!999999\\- sandbox */ a; b", &["a", "b"]),
        (MySql, "DELIMITER $$\nCREATE x; y; END$$\nz$$\ndelimiter ;\na; b", &["CREATE x; y; END", "z", "a", "b"]),
        (MySql, "DELIMITER //\na//b//\nDELIMITER ;\nc;d", &["a", "b", "c", "d"]),
        (MySql, "DELIMITER //\na;\nb; c//\nd;", &["a", "b", "c", "d"]),
        (
            MySql,
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF x THEN SET y = IF(a, b, c); END IF; CASE z WHEN 1 THEN w; END CASE; END; b",
            &[
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF x THEN SET y = IF(a, b, c); END IF; CASE z WHEN 1 THEN w; END CASE; END",
                "b",
            ],
        ),
        (
            Sqlite,
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END; c",
            &["CREATE TRIGGER t AFTER UPDATE ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END", "c"],
        ),
        (
            Postgres,
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN b END; SELECT 2; END; c",
            &["CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN b END; SELECT 2; END", "c"],
        ),
        (Postgres, "CREATE TABLE event (a int); b", &["CREATE TABLE event (a int)", "b"]),
        (Postgres, "COPY t FROM stdin;\n1\tit's; x\n\\.\nb;", &["COPY t FROM stdin", "b"]),
        (Postgres, "\\restrict x'y\na;\n\\connect db\nb", &["a", "b"]),
        (Sqlite, ".mode csv\na; b", &["a", "b"]),
        (
            Postgres,
            "-- +goose Up\na;\n-- +goose StatementBegin\nb;\n-- +goose StatementEnd\n-- +goose Down\nc;",
            &["a", "b", "down:c"],
        ),
        (Postgres, "a;\n---- create above / drop below ----\nb;", &["a", "down:b"]),
        (Postgres, "-- Up Migration\na\n-- Down Migration\nb", &["a", "down:b"]),
        (Postgres, "-- migrate:up transaction:false\na;\n-- migrate:down\nb;", &["a", "down:b"]),
        (MySql, "a\n--> statement-breakpoint\nb", &["a", "b"]),
        (Postgres, "--liquibase formatted sql\n--changeset me:1\na;\n--rollback b;\n--changeset me:2\nc", &["a", "c"]),
        (
            Postgres,
            "CREATE TABLE {{ .Schema }}.t (a int); SELECT ${x};",
            &["CREATE TABLE {{ .Schema }}.t (a int)", "SELECT ${x}"],
        ),
        // What never ends gives way to the next line that plainly starts a statement.
        (Postgres, "a 'b;\nCREATE c;", &["broken:a 'b;", "CREATE c"]),
        (Postgres, "/* a;\nCREATE c;\nx", &["broken:/* a;", "CREATE c", "x"]),
        (Postgres, "a $$ b;\nALTER c", &["broken:a $$ b;", "ALTER c"]),
        (Postgres, "COPY t FROM stdin;\n1\n2\n", &["broken:COPY t FROM stdin"]),
        // Comments and data end no statement: two words that nothing else starts with do.
        (
            Postgres,
            "/* a\nCREATE the b\nCREATE  TABLE c (d int);\nx",
            &["broken:/* a\nCREATE the b", "CREATE  TABLE c (d int)", "x"],
        ),
        (Sqlite, "a;\n/* a\nDROP TABLE c", &["a", "broken:/* a", "DROP TABLE c"]),
        (Postgres, "/* a /* b */\ncreate unique index c;", &["broken:/* a /* b */", "create unique index c"]),
        (
            Postgres,
            "COPY t FROM stdin;\n1\nCREATE\tTABLE x\nALTER TABLE b;c",
            &["broken:COPY t FROM stdin", "ALTER TABLE b", "c"],
        ),
        (Postgres, "a 'b\nINSERT INTO c VALUES (1);", &["broken:a 'b", "INSERT INTO c VALUES (1)"]),
        // Comments behind which lines end with carriage returns alone.
        (Postgres, "-- a\rb\r;c", &["b", "c"]),
        (MySql, "-- a\rb;\r# c\rd;", &["b", "d"]),
        (Sqlite, "-- a\rDROP TABLE b;\nc", &["DROP TABLE b", "c"]),
        (Sqlite, "-- a\rb;\r\r\nc", &["c"]),
        (Sqlite, "CREATE TRIGGER t BEGIN a;\nDROP b;", &["broken:CREATE TRIGGER t BEGIN a;", "DROP b"]),
    ];
    for (dialect, text, expected) in cases {
        assert_eq!(cut(*dialect, text), *expected, "{dialect:?} {text}");
    }
}

#[test]
fn meaning_ignores_comments_white_space_and_the_case_of_words() {
    let meaning = |text: &str| split(text.as_bytes(), Dialect::Postgres).meaning;
    assert_eq!(meaning("CREATE TABLE a (x int);"), meaning("-- why\nCREATE  TABLE a\n( x int ) ; /* done */"));
    assert_ne!(meaning("CREATE TABLE a (x int);"), meaning("CREATE TABLE a (y int);"));
    assert_eq!(
        meaning("create table a(x int default true);"),
        meaning("CREATE TABLE A (\n    x int DEFAULT TRUE\n);\n")
    );
    assert_ne!(meaning("CREATE TABLE \"a\" (x int);"), meaning("CREATE TABLE \"A\" (x int);"));
    assert_ne!(meaning("SELECT 'a'"), meaning("SELECT 'A'"));
    let body = |text: &str| meaning(&format!("CREATE FUNCTION f() RETURNS int AS $${text}$$ LANGUAGE x;"));
    assert_eq!(body("begin return 1; end"), body("\nBEGIN\n  -- one\n  RETURN 1;\nEND\n"));
    assert_ne!(body("begin return 1; end"), body("begin return 2; end"));
    assert_ne!(body("begin return 'a'; end"), body("begin return 'A'; end"));
    assert_ne!(body("if a:\n  b()\nc()"), body("if a:\n  b()\n  c()"));
    assert_ne!(body("begin return 'a"), body("BEGIN return 'a"));
    let mysql = |text: &str| split(text.as_bytes(), Dialect::MySql).meaning;
    assert_ne!(mysql("DROP TABLE a"), mysql("DROP TABLE A"));
    assert_ne!(meaning("SELECT 'a b'"), meaning("SELECT 'a  b'"));
    assert_ne!(meaning("-- migrate:up\na;"), meaning("-- migrate:down\na;"));
}

/// Parts that upset a splitter, to be put together at random.
fn parts() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "'",
        "\"",
        "`",
        "[",
        "]",
        "$$",
        "$a$",
        "--",
        "-- ",
        "/*",
        "*/",
        "/*!50000 ",
        "#",
        ";",
        "\n",
        "\r",
        " ",
        "\\",
        "\\.",
        "(",
        ")",
        ",",
        "BEGIN",
        "END",
        "CASE",
        "ATOMIC",
        "IF",
        "CREATE TRIGGER x ",
        "CREATE TABLE t (a int)",
        "COPY t FROM stdin;\n",
        "DELIMITER //\n",
        "DELIMITER ;\n",
        "//",
        "-- +goose Up\n",
        "-- +goose Down\n",
        "{{ x }}",
        "${",
        "E'",
        "INSERT INTO t VALUES (1)",
        "ALTER ",
        "é",
        "ALTER TABLE t ADD COLUMN b varchar(",
        "DO $$",
        "1e",
        ".5",
        "\u{0}",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|v| v.concat())
}

/// Everything outside the spans is white space, comment, delimiter, client line or data; spans are in order.
fn check_spans(bytes: &[u8], dialect: Dialect) {
    let split = split(bytes, dialect);
    let mut at = 0;
    for piece in &split.pieces {
        assert!(at <= piece.start && piece.start <= piece.end && piece.end <= bytes.len(), "{split:?}");
        at = piece.end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_cut_in_order(text in parts()) {
        for dialect in ALL {
            check_spans(text.as_bytes(), dialect);
        }
    }

    #[test]
    fn any_bytes_are_cut_in_order(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for dialect in ALL {
            check_spans(&bytes, dialect);
        }
    }

    /// Without anything broken, every token that is no delimiter lies in exactly one span.
    #[test]
    fn no_token_is_lost(text in "[a-z ,()';\n]{0,80}") {
        let bytes = text.as_bytes();
        for dialect in ALL {
            let split = split(bytes, dialect);
            if split.pieces.iter().any(|p| p.broken.is_some()) {
                continue;
            }
            for token in Lexer::new(bytes, 0, dialect).filter(|t| !matches!(t.kind, Kind::End | Kind::Comment)) {
                let holders = split.pieces.iter().filter(|p| p.start <= token.start && token.end <= p.end).count();
                prop_assert_eq!(holders, 1, "{:?} {:?}", token, split);
            }
        }
    }
}
