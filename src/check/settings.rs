//! What the caller decides, and which configuration counts.

use crate::config::{self, Config, Date, Known, Level};
use crate::revision::Tree;
use crate::rules;
use crate::source::layout;

use super::Error;

/// What the caller decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Path and bytes of a configuration file given by hand; without it the head's own `driftline.yaml` counts.
    pub config_file: Option<(String, Vec<u8>)>,
    /// Globs of contracts and SQL instead of discovery, and a dialect.
    pub contracts: Vec<String>,
    pub sql: Vec<String>,
    pub dialect: Option<crate::model::sql::Dialect>,
    /// The library knows no clock.
    pub today: Date,
    /// `None` leaves it to the configuration, then to `error`; `Some(Level::Off)` never fails.
    pub fail_on: Option<Level>,
    /// A verdict even when parts of head could not be read.
    pub allow_incomplete: bool,
    /// Nothing to compare is no error.
    pub allow_empty: bool,
    /// Keep every typed change, also harmless ones.
    pub changes: bool,
    /// Snippets for existing and resolved findings too.
    pub all: bool,
    /// Where the entities of head are, for comments near them.
    pub outline: bool,
    /// What pictures of the change show.
    pub pictures: bool,
}

impl Settings {
    /// Nothing but the date.
    pub fn on(today: Date) -> Self {
        Self {
            config_file: None,
            contracts: Vec::new(),
            sql: Vec::new(),
            dialect: None,
            today,
            fail_on: None,
            allow_incomplete: false,
            allow_empty: false,
            changes: false,
            all: false,
            outline: false,
            pictures: false,
        }
    }

    /// The configuration in force for `tree`.
    pub fn config(&self, tree: &Tree) -> Result<Config, Error> {
        let config = match self.config_text(tree)? {
            Some((path, text)) => parsed(&text, &path)?,
            None => Config::default(),
        };
        Ok(config.with_overrides(&self.contracts, &self.sql, self.dialect))
    }

    /// Path and text of the file that counts for `tree`.
    pub fn config_text(&self, tree: &Tree) -> Result<Option<(String, Vec<u8>)>, Error> {
        let own = config::FILE_NAMES.into_iter().find(|name| tree.entry(name).is_some());
        match (&self.config_file, own) {
            (Some(file), _) => Ok(Some(file.clone())),
            (None, Some(name)) => {
                let content = tree.read(name).map_err(|why| Error::Unreadable { path: name.into(), why })?;
                Ok(Some((name.to_string(), content.bytes)))
            }
            (None, None) => Ok(None),
        }
    }

    /// A second file of the tree that does not count.
    pub(super) fn ignored(&self, tree: &Tree) -> Option<String> {
        let [first, second] = config::FILE_NAMES;
        let both = self.config_file.is_none() && tree.entry(first).is_some() && tree.entry(second).is_some();
        both.then(|| format!("`{first}` counts, and `{second}` beside it does not"))
    }

    /// The tree's own configuration, where that is the one that counts.
    pub(super) fn own(&self, tree: &Tree) -> Config {
        let file = if self.config_file.is_some() { None } else { self.config_text(tree).ok().flatten() };
        file.and_then(|(path, text)| config::parse(&text, &path).ok()).unwrap_or_default()
    }
}

/// A configuration in which every word means something.
fn parsed(text: &[u8], path: &str) -> Result<Config, Error> {
    let config = config::parse(text, path)?;
    let known: Vec<&'static str> = rules::all().map(|rule| rule.id).collect();
    config.check(text, path, Known { rules: &known, layouts: &layout::names() })?;
    Ok(config)
}
