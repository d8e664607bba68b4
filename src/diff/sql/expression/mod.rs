//! Expressions of defaults and checks, compared by what they mean.
//!
//! Comes in: two texts as written or as a server prints them. Goes out: whether they are the same after spelling, casts,
//! parentheses and the engine's own rewriting are taken away. What is not understood is compared as text.

mod intervals;
mod normal;
mod tokens;

use crate::model::sql::Dialect;

/// True when both defaults give the same value; none is null.
pub fn same_default(dialect: Dialect, a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(one), None) | (None, Some(one)) => normal::form(dialect, one) == "null",
        (Some(a), Some(b)) => a == b || normal::form(dialect, a) == normal::form(dialect, b),
    }
}

/// True when two conditions, as `CHECK (…)`, are the same.
pub fn same_check(dialect: Dialect, a: &str, b: &str) -> bool {
    let bare = |text: &str| text.strip_prefix("CHECK ").unwrap_or(text).to_string();
    a == b || normal::form(dialect, &bare(a)) == normal::form(dialect, &bare(b))
}

/// True when two indexes or unique keys, as `INDEX (a, lower(b) where c)`, are the same.
pub fn same_index(dialect: Dialect, a: &str, b: &str) -> bool {
    let parts = |text: &str| {
        let (kind, body) = text.strip_suffix(')')?.split_once(" (")?;
        let (columns, condition) = body.split_once(" where ").unwrap_or((body, ""));
        let columns: Vec<String> = commas(columns).into_iter().map(|c| normal::form(dialect, c)).collect();
        Some((kind.to_string(), columns, normal::form(dialect, condition)))
    };
    a == b || parts(a).is_some_and(|one| parts(b) == Some(one))
}

/// Cut at the commas outside of parentheses.
fn commas(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0usize, 0, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(text.get(from..at).unwrap_or_default().trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default().trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dialect::{MySql, Postgres, Sqlite};

    #[test]
    fn defaults() {
        for (dialect, a, b, expected) in [
            (Postgres, "'x'::character varying", "'x'", true),
            (Postgres, "NOW()", "CURRENT_TIMESTAMP", true),
            (Postgres, "(0)", "'0'", true),
            (Postgres, "(1) + (2)", "1 + 2", true),
            (Postgres, "(1 + 2) * 3", "1 + 2 * 3", false),
            (Postgres, "1) + (2", "(1) + (2)", false),
            (Postgres, "'A'", "'a'", false),
            (Postgres, "'a::b'", "'a", false),
            (Postgres, "'a''b'", "E'a\\'b'", true),
            (Postgres, "'t'", "true", true),
            (Postgres, "'t'", "'true'", true),
            (Postgres, "-1", "'-1'::integer", true),
            (Postgres, "ARRAY['x']", "ARRAY['x'::text]", true),
            (Postgres, "ARRAY['x','y z']", "'{x,\"y z\"}'::text[]", true),
            (Postgres, "ARRAY['x']", "'{y}'::text[]", false),
            (Postgres, "'{}'::jsonb", "'{}'", true),
            (Postgres, "ARRAY[]::text[]", "'{}'::text[]", true),
            (Postgres, "now() + interval '90 day'", "(now() + '90 days'::interval)", true),
            (Postgres, "now() + interval '1 hour'", "(now() + '01:00:00'::interval)", true),
            (Postgres, "interval '1 year'", "'1 mon'::interval", false),
            (Postgres, "now()::date", "now()", false),
            (Postgres, "(now() AT TIME ZONE 'utc'::text)", "now() at time zone 'utc'", true),
            (Postgres, "timezone('utc'::text, now())", "timezone('utc', now())", true),
            (Postgres, "'draft'::public.state", "'draft'::state", true),
            (Postgres, "uuid_generate_v4()", "public.uuid_generate_v4()", true),
            (Postgres, "1.0", "1", false),
            (MySql, "FALSE", "0", true),
            (MySql, "TRUE", "'1'", true),
            (MySql, "\"\"", "''", true),
            (MySql, "\"a\"", "'a'", true),
            (MySql, "b'1'", "1", true),
            (MySql, "_utf8mb4'x'", "'x'", true),
            (MySql, "NOW(6)", "CURRENT_TIMESTAMP(6)", true),
            (MySql, "NOW(6)", "CURRENT_TIMESTAMP", false),
            (MySql, "current_timestamp()", "CURRENT_TIMESTAMP", true),
            (MySql, "localtime", "now()", true),
            (MySql, "'0.00'", "0.00", true),
            (MySql, "(uuid())", "UUID()", true),
            (Sqlite, "\"x\"", "'x'", true),
            (Sqlite, "TRUE", "1", true),
            (Sqlite, "datetime('now')", "(datetime('now'))", true),
        ] {
            assert_eq!(same_default(dialect, Some(a), Some(b)), expected, "{a} / {b}");
            assert_eq!(same_default(dialect, Some(b), Some(a)), expected, "{b} / {a}");
        }
        assert!(same_default(Postgres, Some("NULL::text"), None));
        assert!(same_default(Postgres, None, None));
        assert!(!same_default(Postgres, Some("true"), None));
    }

    #[test]
    fn checks() {
        for (dialect, a, b, expected) in [
            (Postgres, "CHECK (a between 1 and 5)", "CHECK ((a >= 1) AND (a <= 5))", true),
            (Postgres, "CHECK (a between 1 and 5 and b > 0)", "CHECK (((a >= 1) AND (a <= 5)) AND (b > 0))", true),
            (Postgres, "CHECK (a not between 1 and 5)", "CHECK ((a < 1) OR (a > 5))", true),
            (Postgres, "CHECK (s in ('x', 'y'))", "CHECK (s = ANY (ARRAY['x'::text, 'y'::text]))", true),
            (
                Postgres,
                "CHECK (s in ('x', 'y'))",
                "CHECK ((s)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
                true,
            ),
            (Postgres, "CHECK (s not in ('x'))", "CHECK (s <> ALL (ARRAY['x'::text]))", true),
            (Postgres, "CHECK (s like 'a%')", "CHECK (s ~~ 'a%'::text)", true),
            (Postgres, "CHECK (s not like 'a%')", "CHECK (s !~~ 'a%'::text)", true),
            (Postgres, "CHECK (a != 1)", "CHECK ((a <> 1))", true),
            (Postgres, "CHECK (a > 0 or b > 0 and c > 0)", "CHECK ((a > 0) OR ((b > 0) AND (c > 0)))", true),
            (Postgres, "CHECK (a > 0 or b > 0 and c > 0)", "CHECK (((a > 0) OR (b > 0)) AND (c > 0))", false),
            (Postgres, "CHECK (not a)", "CHECK ((NOT a))", true),
            (Postgres, "CHECK (length(s) < 5)", "CHECK ((length((s)::text) < 5))", true),
            (Postgres, "CHECK (a > 0)", "CHECK (a >= 0)", false),
            (MySql, "CHECK (`a` > 0)", "CHECK ((a > 0))", true),
        ] {
            assert_eq!(same_check(dialect, a, b), expected, "{a} / {b}");
        }
    }

    #[test]
    fn indexes() {
        for (a, b, expected) in [
            ("INDEX (a where s = 'x')", "INDEX (a where (s)::text = 'x'::text)", true),
            (
                "INDEX (a, b desc where s = 'x' and b is not null)",
                "INDEX (a, b desc where ((s)::text = 'x'::text) and (b is not null))",
                true,
            ),
            (
                "INDEX (a where s in ('x', 'y'))",
                "INDEX (a where (s)::text = any ((array['x'::character varying, 'y'::character varying])::text[]))",
                true,
            ),
            ("UNIQUE (lower(a), b)", "UNIQUE (lower((a)::text), b)", true),
            ("INDEX (a where s = 'x')", "INDEX (a where s = 'y')", false),
            ("INDEX (a, b)", "INDEX (b, a)", false),
            ("INDEX (a desc)", "INDEX (a)", false),
            ("INDEX (a)", "UNIQUE (a)", false),
        ] {
            assert_eq!(same_index(Postgres, a, b), expected, "{a} / {b}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let deep = "(".repeat(100_000);
        assert!(!same_default(Postgres, Some(&deep), Some("1")));
        let long = "a + ".repeat(100_000) + "b";
        assert!(!same_default(Postgres, Some(&long), Some("1")));
    }
}
