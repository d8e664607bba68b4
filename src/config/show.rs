//! The configuration in force, with where each value comes from.

use serde_json::{Map, Value};

use super::Config;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    Default,
    /// A line of the file.
    File(usize),
    CommandLine,
}

/// One key with its value in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub key: &'static str,
    /// Null where nothing is set.
    pub value: Value,
    pub from: From,
}

/// In the order in which the file is usually written.
const KEYS: [&str; 11] = [
    "base",
    "promise",
    "fail-on",
    "fail-on-debt",
    "sources",
    "rules",
    "overrides",
    "debt",
    "budgets",
    "links",
    "allow",
];

/// Every key of a configuration. `file` is the text it was read from; `given` are keys that the command line changed.
pub fn settings(config: &Config, file: Option<&str>, given: &[&str]) -> Vec<Setting> {
    let value = serde_json::to_value(config).unwrap_or_default();
    let lines = file.map(keys).unwrap_or_default();
    let setting = |key: &'static str| {
        let written = lines.iter().find(|(name, _)| name.replace('_', "-") == key);
        let from = match written {
            _ if given.contains(&key) => From::CommandLine,
            Some((_, line)) => From::File(*line),
            None => From::Default,
        };
        let value = match (key, value.get(key)) {
            ("fail-on", None | Some(Value::Null)) => Value::from("error"),
            (_, value) => value.cloned().unwrap_or_default(),
        };
        Setting { key, value, from }
    };
    KEYS.into_iter().map(setting).collect()
}

/// The keys of the file with their lines: what stands at the margin, or everything of a file in one pair of braces.
fn keys(text: &str) -> Vec<(String, usize)> {
    let Ok(Value::Object(map)) = serde_yaml::from_str::<Value>(text) else { return Vec::new() };
    let line = |key: &str| {
        let starts = |line: &str| line.trim_start().trim_start_matches(['{', '"', '\'', ' ']).starts_with(key);
        let margin = text.lines().position(|line| starts(line) && !line.starts_with(' '));
        margin.or_else(|| text.lines().position(|line| line.contains(key))).map_or(1, |at| at + 1)
    };
    map.keys().map(|key| (key.clone(), line(key))).collect()
}

/// As YAML that reads back as the same configuration; `path` is the file that lines are counted in.
pub fn text(settings: &[Setting], path: Option<&str>) -> String {
    let mut out = String::new();
    for Setting { key, value, from } in settings {
        let origin = match from {
            From::Default if *key == "sources" => "default: found by their content".to_string(),
            From::Default => "default".to_string(),
            From::File(line) => format!("{}:{line}", path.unwrap_or_default()),
            From::CommandLine => "command line".to_string(),
        };
        if value.is_null() {
            out.push_str(&format!(
                "# {key}: not set; the target branch that the CI system names, or the default branch\n"
            ));
            continue;
        }
        let entry = Value::Object(Map::from_iter([((*key).to_string(), value.clone())]));
        let yaml = serde_yaml::to_string(&entry).unwrap_or_default();
        let (first, rest) = yaml.split_once('\n').unwrap_or((&yaml, ""));
        out.push_str(&format!("{first}  # {origin}\n{rest}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_says_where_it_comes_from_and_the_text_reads_back() {
        let file = "# ours\npromise: sdk\nfail_on: warning\nrules:\n  enum-value-added: {out: off}\n  column-dropped: note\n\
                    allow:\n  - {rule: column-dropped, subject: a.b, reason: 'it''s: #1', until: 2030-01-01}\n\
                    overrides: [{paths: api/**, rules: {column-dropped: error}}]\n";
        let config = super::super::parse(file.as_bytes(), "x").unwrap();
        let shown = settings(&config, Some(file), &["sources"]);
        let from: Vec<(&str, &From)> = shown.iter().map(|s| (s.key, &s.from)).collect();
        let want = [
            ("base", &From::Default),
            ("promise", &From::File(2)),
            ("fail-on", &From::File(3)),
            ("fail-on-debt", &From::Default),
            ("sources", &From::CommandLine),
            ("rules", &From::File(4)),
            ("overrides", &From::File(9)),
            ("debt", &From::Default),
            ("budgets", &From::Default),
            ("links", &From::Default),
            ("allow", &From::File(7)),
        ];
        assert_eq!(from, want);
        let text = text(&shown, Some("driftline.yaml"));
        assert!(
            text.contains("promise: sdk  # driftline.yaml:2\n") && text.contains("links: {}  # default\n"),
            "{text}"
        );
        assert_eq!(super::super::parse(text.as_bytes(), "x").unwrap(), config, "{text}");
    }

    #[test]
    fn no_key_is_forgotten() {
        let Value::Object(all) = serde_json::to_value(Config::default()).unwrap() else { panic!("an object") };
        let mut keys: Vec<&str> = KEYS.to_vec();
        let mut own: Vec<&str> = all.keys().map(String::as_str).collect();
        keys.sort_unstable();
        own.sort_unstable();
        assert_eq!(keys, own);
    }
}
