//! From bytes to [`Config`], with errors that name the line and the nearest known key.

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize, Serializer};

use super::nearest::nearest;
use super::{Config, Error, limits};
use crate::model::sql::Dialect;

/// Reads a configuration; `path` is for messages.
pub fn parse(bytes: &[u8], path: &str) -> Result<Config, Error> {
    let error = |line: usize, column: usize, message: String, hint: Option<String>| Error {
        path: path.to_string(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        message,
        hint,
    };
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count() + 1;
        error(line, 1, "the file is not valid UTF-8".into(), Some("save it as UTF-8".into()))
    })?;
    let text = text.trim_start_matches('\u{feff}');
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Config::default());
    }
    let config: Config = serde_yaml::from_str(text).map_err(|e| {
        let (mut line, mut column) = e.location().map_or((0, 0), |place| (place.line(), place.column()));
        let (message, hint, word) = explain(&e.to_string());
        // The place is where the value begins in which something is wrong; the word itself stands there or below.
        let from = text.lines().enumerate().skip(line.saturating_sub(1));
        if let Some((at, start)) = word.and_then(|w| from.filter_map(|(at, l)| Some((at, l.find(&w)?))).next()) {
            (line, column) = (at + 1, start + 1);
        }
        error(line, column, message, hint)
    })?;
    for allow in &config.allow {
        if allow.reason.trim().is_empty() {
            let message = format!("the permission for `{}` has no reason", allow.rule);
            let line = text.lines().position(|line| line.contains(&allow.rule)).map_or(0, |at| at + 1);
            return Err(error(line, 1, message, Some("write why it is accepted: `reason: \"…\"`".into())));
        }
        if allow.subject.is_none() && allow.fingerprint.is_none() {
            let message = format!("the permission for `{}` does not say what it is for", allow.rule);
            let line = text.lines().position(|line| line.contains(&allow.rule)).map_or(0, |at| at + 1);
            return Err(error(line, 1, message, Some("add `subject:` or `fingerprint:`".into())));
        }
    }
    if let Some((name, why)) = config.budgets.keys().find_map(|name| Some((name, limits::no_budget(name)?))) {
        let line = text.lines().position(|line| line.trim_start().starts_with("budgets")).map_or(0, |at| at + 1);
        let hint = "a budget is for an entity, a glob of entities, or an `@owner`".to_string();
        return Err(error(line, 1, format!("the budget `{name}` {why}"), Some(hint)));
    }
    Ok(config)
}

/// serde's sentence in our words. Its unknown-field and unknown-variant messages quote the word first and then all
/// known ones; the place is given apart. Gives the sentence, the hint, and the word to look for.
fn explain(message: &str) -> (String, Option<String>, Option<String>) {
    let message = message.rsplit_once(" at line ").map_or(message, |(text, _)| text);
    let message = &message.replace("expected u32", "expected a whole number from 0 on");
    if message.contains("cannot start any token") {
        let hint = "put a word that begins with a sign, such as `@owner`, into quotes".to_string();
        return (message.to_string(), Some(hint), None);
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (Some(word), known) = (quoted.next(), quoted.collect::<Vec<_>>()) else {
        return (message.to_string(), None, None);
    };
    let (what, plural) = if message.contains("unknown field") {
        ("key", "keys")
    } else if message.contains("unknown variant") {
        ("value", "values")
    } else if message.contains("missing field") {
        return (format!("the key `{word}` is missing"), Some(format!("add `{word}:`")), None);
    } else {
        return (message.to_string(), None, None);
    };
    let hint = match nearest(word, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known {plural}: {}", known.join(", ")),
    };
    (format!("unknown {what} `{word}`"), Some(hint), Some(word.to_string()))
}

/// A string or a list of strings.
pub fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a path or a list of paths")]
    enum Paths {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Paths::deserialize(deserializer)? {
        Paths::One(path) => vec![path],
        Paths::Many(paths) => paths,
    })
}

/// A dialect by name.
pub fn dialect<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Dialect>, D::Error> {
    let Some(name) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let dialect = Dialect::named(&name);
    dialect.map(Some).ok_or_else(|| de::Error::unknown_variant(&name, &["postgres", "mysql", "mariadb", "sqlite"]))
}

/// The name of a dialect.
pub fn dialect_name<S: Serializer>(dialect: &Option<Dialect>, serializer: S) -> Result<S::Ok, S::Error> {
    dialect.map(Dialect::name).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::super::{Date, FailOnDebt, Level, Limits, Promise, RuleLevel};
    use super::*;

    const FULL: &str = r#"
base: main
promise: sdk
sources:
  - openapi: api/openapi.yaml
    sql: [db/migrations]
    dialect: pg
rules:
  enum-value-added: { out: warning }
  missing-description: off
overrides:
  - paths: ["api/internal/**"]
    rules: { property-removed: warning }
links:
  Customer: crm.clients
allow:
  - rule: column-dropped
    subject: orders.legacy_code
    reason: "unused since 2.3"
    until: 2026-12-31
fail-on: warning
fail-on-debt: introduced
debt: { deprecated-days: 90 }
budgets: { Order: 3, "@payments": 0 }
"#;

    #[test]
    fn reads_everything() {
        let config = parse(FULL.as_bytes(), "driftline.yaml").unwrap();
        assert_eq!(config.base.as_deref(), Some("main"));
        assert_eq!(config.promise, Promise::Sdk);
        assert_eq!(config.contracts(), Some(vec!["api/openapi.yaml"]));
        assert_eq!(config.sql().unwrap()[0].dialect, Some(Dialect::Postgres));
        assert_eq!(config.rules["missing-description"], RuleLevel::All(Level::Off));
        let by_flow = RuleLevel::ByFlow { in_: None, out: Some(Level::Warning), stored: None };
        assert_eq!(config.rules["enum-value-added"], by_flow);
        assert_eq!(config.links["Customer"], "crm.clients");
        assert_eq!(config.fail_on, Some(Level::Warning));
        assert_eq!(config.fail_on_debt, FailOnDebt::Introduced);
        assert_eq!(config.debt, Limits { deprecated_days: 90, ..Limits::DEFAULT });
        assert_eq!((config.budgets["Order"], config.budgets["@payments"]), (3, 0));
        for empty in ["", "# nothing yet\n", "\u{feff}# x\n\n"] {
            assert_eq!(parse(empty.as_bytes(), "x").unwrap(), Config::default());
        }
    }

    #[test]
    fn errors_name_line_and_nearest_key() {
        let cases = [
            ("base: main\nrulez: {}\n", 2, "unknown key `rulez`", "did you mean `rules`?"),
            ("promise: wired\n", 1, "unknown value `wired`", "did you mean `wire`?"),
            ("rules:\n  a: eror\n", 2, "unknown value `eror`", "did you mean `error`?"),
            ("rules:\n  a: { inn: error }\n", 2, "unknown key `inn`", "did you mean `in`?"),
            (
                "sources:\n  - sql: x\n    dialect: postgress\n",
                3,
                "unknown value `postgress`",
                "did you mean `postgres`?",
            ),
            ("allow:\n  - rule: a\n    subject: b\n", 2, "the key `reason` is missing", "add `reason:`"),
            (
                "allow:\n  - rule: a\n    subject: b\n    reason: ' '\n",
                1,
                "the permission for `a` has no reason",
                "reason:",
            ),
            ("zebra: 1\n", 1, "unknown key `zebra`", "known keys: base, promise"),
            ("fail-on-debt: intro\n", 1, "unknown value `intro`", "did you mean `introduced`?"),
            ("debt:\n  deprecated-day: 3\n", 2, "unknown key `deprecated-day`", "did you mean `deprecated-days`?"),
            (
                "debt:\n  expand-days: soon\n",
                2,
                "debt.expand-days: invalid type: string \"soon\", expected a whole number from 0 on",
                "",
            ),
            (
                "debt:\n  expand-days: -1\n",
                2,
                "debt.expand-days: invalid type: integer `-1`, expected a whole number from 0 on",
                "",
            ),
            ("budgets:\n  A: -1\n", 2, "budgets.A: invalid type: integer `-1`, expected a whole number from 0 on", ""),
            ("base: a\nbudgets:\n  @team: 1\n", 3, "found character that cannot start any token", "into quotes"),
            ("base: a\nbudgets:\n  '@': 1\n", 2, "the budget `@` names no owner", "`@owner`"),
        ];
        for (text, line, message, hint) in cases {
            let error = parse(text.as_bytes(), "driftline.yaml").unwrap_err();
            assert_eq!((error.line, error.message.as_str()), (line, message), "{text}");
            assert!(error.hint().contains(hint), "{text}: {}", error.hint());
        }
    }

    #[test]
    fn broken_yaml_has_a_place() {
        let error = parse(b"base: [\n", "driftline.yaml").unwrap_err();
        assert!(error.line > 0, "{error}");
        assert_eq!(parse(b"a: 1\n\xff", "x").unwrap_err().line, 2);
    }

    #[test]
    fn permissions_end() {
        let today = Date::parse("2026-12-31").unwrap();
        let cases = [(None, false), (Some("2026-12-31"), false), (Some("2026-12-30"), true), (Some("soon"), true)];
        for (until, expired) in cases {
            let until = until.map_or(String::new(), |u| format!(", until: {u}"));
            let text = format!("allow: [{{rule: r, subject: s, reason: x{until}}}]");
            let config = parse(text.as_bytes(), "x").unwrap();
            assert_eq!(config.allow[0].expired(today), expired, "{text}");
        }
    }

    #[test]
    fn the_command_line_replaces_a_layer() {
        let config = parse(FULL.as_bytes(), "x").unwrap();
        let config = config.with_overrides(&["x/*.yaml".into()], &[], Some(Dialect::Sqlite));
        assert_eq!(config.contracts(), Some(vec!["x/*.yaml"]));
        let sql = config.sql().unwrap();
        assert_eq!(
            (sql[0].sql.as_slice(), sql[0].dialect),
            (&["db/migrations".to_string()][..], Some(Dialect::Sqlite))
        );
        assert_eq!(Config::default().with_overrides(&[], &[], Some(Dialect::MySql)).dialect(), Some(Dialect::MySql));
        assert_eq!(
            config.unknown_rules(&["enum-value-added", "property-removed", "column-dropped"]),
            [("missing-description", None)]
        );
    }
}
