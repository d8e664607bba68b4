//! The only place that looks at the environment, the clock and the terminal.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::When;
use crate::model::Date;

/// What the surroundings say.
#[derive(Debug, Clone)]
pub struct Environment {
    pub variables: BTreeMap<String, String>,
    pub stdout_is_terminal: bool,
    pub stderr_is_terminal: bool,
    /// Columns of the terminal that standard output is; `None` for pipes and files.
    pub columns: Option<usize>,
    /// Days since 1970-01-01 UTC.
    pub days: i64,
}

impl Environment {
    /// Looks around once.
    pub fn look() -> Self {
        let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
        let variables: BTreeMap<String, String> =
            std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        // What reproducible builds agree on (reproducible-builds.org, SOURCE_DATE_EPOCH).
        let seconds = variables.get("SOURCE_DATE_EPOCH").and_then(|text| text.parse().ok()).unwrap_or_else(now);
        Self {
            variables,
            stdout_is_terminal: std::io::stdout().is_terminal(),
            columns: terminal_size::terminal_size_of(std::io::stdout())
                .map(|(terminal_size::Width(columns), _)| usize::from(columns)),
            stderr_is_terminal: std::io::stderr().is_terminal(),
            days: i64::try_from(seconds / 86_400).unwrap_or(0),
        }
    }

    /// Whether the report on standard output has colours: the option, then what people agreed on.
    pub fn colours(&self, option: When) -> bool {
        let set = |name: &str| self.variables.get(name).is_some_and(|v| !v.is_empty());
        let forced = |name: &str| self.variables.get(name).is_some_and(|v| !v.is_empty() && v != "0");
        match option {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR") => false,
            When::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
            When::Auto => self.stdout_is_terminal && self.variables.get("TERM").is_none_or(|t| t != "dumb"),
        }
    }

    /// Whether there is somebody to see that something is going on, on a terminal that can take it back.
    pub fn watched(&self) -> bool {
        self.stderr_is_terminal && self.variables.get("TERM").is_none_or(|term| term != "dumb")
    }

    /// Today (UTC).
    pub fn today(&self) -> Date {
        Date::from_days(self.days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_option_then_the_environment() {
        let with = |pairs: &[(&str, &str)], terminal| Environment {
            variables: pairs.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect(),
            stdout_is_terminal: terminal,
            stderr_is_terminal: false,
            columns: None,
            days: 0,
        };
        type Case<'a> = (&'a [(&'a str, &'a str)], bool, bool);
        let cases: [Case; 8] = [
            (&[], true, true),
            (&[], false, false),
            (&[("NO_COLOR", "1")], true, false),
            (&[("NO_COLOR", "")], true, true),
            (&[("TERM", "dumb")], true, false),
            (&[("FORCE_COLOR", "1")], false, true),
            (&[("CLICOLOR_FORCE", "0")], false, false),
            (&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], false, false),
        ];
        for (pairs, terminal, want) in cases {
            assert_eq!(with(pairs, terminal).colours(When::Auto), want, "{pairs:?} {terminal}");
        }
        assert!(with(&[("NO_COLOR", "1")], false).colours(When::Always));
        assert!(!with(&[], true).colours(When::Never));
    }
}
