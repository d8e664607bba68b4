//! The text of a first `driftline.yaml`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::link::Proposal;
use crate::model::sql::Dialect;

/// What discovery found, as far as the file mentions it.
#[derive(Debug, Clone, Default)]
pub struct Found<'a> {
    /// Root documents of contracts.
    pub contracts: Vec<&'a str>,
    /// Path, dialect and layout of each SQL source.
    pub sql: Vec<(&'a str, Dialect, &'a str)>,
    /// What the file should have under `links:`, when it was asked for.
    pub links: Option<Links<'a>>,
}

/// Links that are settled, and others to look at.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    pub settled: &'a BTreeMap<String, String>,
    pub proposed: &'a [Proposal],
}

/// A commented configuration that says what was found; used as it is, nothing changes.
pub fn init_text(found: &Found<'_>) -> String {
    let settles = found.links.is_some_and(|l| !l.settled.is_empty() || l.proposed.iter().any(|p| p.likely));
    let changes = if settles { "what stands under `links:` counts" } else { "this file as it stands changes nothing" };
    let mut text = format!(
        "# driftline: what breaks, drifts and adds debt between two git revisions.\n\
         # Everything here is optional; {changes}. `driftline config schema` prints the schema of this file for editors.\n\n\
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
         # Names that belong together and cannot be guessed: contract on the left, database on the right.\n",
    );
    match found.links {
        Some(links) => text.push_str(&links_text(links)),
        None => text.push_str("# links:\n#   Customer: crm.clients\n#   Customer.since: crm.clients.created_at\n"),
    }
    text.push_str(
        "\n# Findings that are accepted. The last day is included; afterwards the finding is back.\n\
         # allow:\n#   - rule: column-dropped\n#     subject: orders.legacy_code\n#     reason: \"unused since 2.3\"\n#     until: 2030-12-31\n",
    );
    text
}

/// The key `links:` with everything that is settled or likely; what is doubtful stands in comments.
pub fn links_text(links: Links<'_>) -> String {
    let lines = links.settled.iter().map(|(from, to)| (true, format!("  {}: {}", scalar(from), scalar(to)), ""));
    let lines = lines.chain(links.proposed.iter().map(|p| {
        let entry = format!("{}: {}", scalar(&p.entity), scalar(&p.table));
        (p.likely, if p.likely { format!("  {entry}") } else { format!("#   {entry}") }, p.reason.as_str())
    }));
    let lines: Vec<_> = lines.collect();
    let width = lines.iter().map(|(_, entry, _)| entry.chars().count()).max().unwrap_or(0).min(60);
    let mut text = String::new();
    if !links.proposed.is_empty() {
        text.push_str(
            "# Below is what `driftline init --links` proposes: look at each line, and keep what is true. Lines in comments are\n\
             # doubtful. What holds for a schema holds for its variants (`CreateUserRequest`, `UserResponse`) too. `none` on the right\n\
             # says that no table stands behind a schema.\n",
        );
    }
    text.push_str(if lines.iter().any(|(counts, ..)| *counts) { "links:\n" } else { "# links:\n" });
    for (_, entry, reason) in &lines {
        let _ = match *reason {
            "" => writeln!(text, "{entry}"),
            reason => writeln!(text, "{entry:width$}  # {}", reason.replace(breaks, " ")),
        };
    }
    text
}

/// The name of an entity or attribute as YAML scalar.
pub fn scalar(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) && name.starts_with(char::is_alphabetic);
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if plain && !words.contains(&name.to_lowercase().as_str()) { name.to_string() } else { json(name) }
}

/// In quotes; what YAML takes for the end of a line or refuses is escaped beside what JSON escapes.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.chars().map(|c| if breaks(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A path as YAML scalar.
fn quoted(path: &str) -> String {
    let plain = path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c)) && !path.starts_with(['-', '.']);
    let plain = plain && path.contains(['/', '.']) && path.parse::<f64>().is_err();
    if plain { path.to_string() } else { json(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back() {
        let found = Found {
            contracts: vec!["api/openapi.yaml", "a b: c.json", "1.2"],
            sql: vec![("db/migrations", Dialect::MySql, "flyway"), (".", Dialect::Postgres, "schema")],
            links: None,
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

    #[test]
    fn proposed_links_read_back_whatever_the_names_are() {
        let nasty = ["api.v1.User", "a: b", "# x", "on", "12", "-", "a\nb", "x\u{85}y\u{2028}z\u{7f}", "\"", "é", ""];
        let proposed: Vec<Proposal> = nasty
            .iter()
            .map(|name| Proposal {
                entity: (*name).into(),
                table: (*name).into(),
                likely: true,
                reason: format!("x: {name}"),
            })
            .collect();
        let settled = BTreeMap::from([("Customer.since".to_string(), "crm.clients.created_at".to_string())]);
        let found = Found { links: Some(Links { settled: &settled, proposed: &proposed }), ..Found::default() };
        let config = super::super::parse(init_text(&found).as_bytes(), "x").unwrap();
        let pairs = nasty.iter().map(|name| (name.to_string(), name.to_string()));
        assert_eq!(config.links, pairs.chain(settled.clone()).collect());
    }
}
