//! The text of a first `driftline.yaml`.

use std::fmt::Write;

use crate::model::sql::Dialect;

/// What discovery found, as far as the file mentions it.
#[derive(Debug, Clone, Default)]
pub struct Found<'a> {
    /// Root documents of contracts.
    pub contracts: Vec<&'a str>,
    /// Path, dialect and layout of each SQL source.
    pub sql: Vec<(&'a str, Dialect, &'a str)>,
}

/// A commented configuration that says what was found; used as it is, nothing changes.
pub fn init_text(found: &Found<'_>) -> String {
    let mut text = String::from(
        "# driftline: what breaks, drifts and adds debt between two git revisions.\n\
         # Everything here is optional; this file as it stands changes nothing.\n\n\
         # The branch to compare with when none is named.\n\
         # base: main\n\n\
         # What the contract promises: wire (running clients), sdk (generated code too), strict (all that can be seen).\n\
         promise: wire\n\n",
    );
    if found.contracts.is_empty() && found.sql.is_empty() {
        text.push_str("# Nothing was found here. Name the inputs:\n# sources:\n#   - openapi: api/openapi.yaml\n#     sql: db/migrations\n#     dialect: postgres\n");
    } else {
        text.push_str("# What was found. Naming a layer here replaces discovery for it.\nsources:\n");
        for path in &found.contracts {
            let _ = writeln!(text, "  - openapi: {}", quoted(path));
        }
        for (path, dialect, layout) in &found.sql {
            let (path, dialect) = (quoted(path), dialect.name());
            let _ = writeln!(text, "  - sql: {path}\n    dialect: {dialect}\n    layout: {layout}");
        }
    }
    text.push_str(
        "\n# Levels: off, note, warning, error, or one for each flow. `driftline rules` lists the ids.\n\
         # rules:\n#   enum-value-added: { out: warning }\n#   column-dropped: error\n\n\
         # Other levels for some files.\n\
         # overrides:\n#   - paths: [\"api/internal/**\"]\n#     rules: { property-removed: warning }\n\n\
         # Names that belong together and cannot be guessed: contract on the left, database on the right.\n\
         # links:\n#   Customer: crm.clients\n#   Customer.since: crm.clients.created_at\n\n\
         # Findings that are accepted. The last day is included; afterwards the finding is back.\n\
         # allow:\n#   - rule: column-dropped\n#     subject: orders.legacy_code\n#     reason: \"unused since 2.3\"\n#     until: 2030-12-31\n",
    );
    text
}

/// A path as YAML scalar.
fn quoted(path: &str) -> String {
    let plain = path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c)) && !path.starts_with(['-', '.']);
    let plain = plain && path.contains(['/', '.']) && path.parse::<f64>().is_err();
    if plain { path.to_string() } else { format!("{path:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back() {
        let found = Found {
            contracts: vec!["api/openapi.yaml", "a b: c.json", "1.2"],
            sql: vec![("db/migrations", Dialect::MySql, "flyway"), (".", Dialect::Postgres, "schema")],
        };
        let config = super::super::parse(init_text(&found).as_bytes(), "x").unwrap();
        assert_eq!(config.contracts(), Some(found.contracts.clone()));
        let sql = config.sql().unwrap();
        assert_eq!(
            (sql[0].sql[0].as_str(), sql[0].dialect, sql[0].layout.as_deref()),
            ("db/migrations", Some(Dialect::MySql), Some("flyway"))
        );
        let empty = super::super::parse(init_text(&Found::default()).as_bytes(), "x").unwrap();
        assert_eq!(empty, super::super::Config::default());
    }
}
