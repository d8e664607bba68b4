//! `driftline.yaml`: what people settled.
//!
//! Comes in: the bytes of the file, and what the command line overrides. Goes out: a [`Config`]. Must not know: git,
//! formats of inputs, rules' logic. Knows no other module of the crate but `model`.

mod error;
pub mod glob;
mod init;
mod level;
mod limits;
pub mod nearest;
mod parse;
mod relaxed;
mod schema;
pub mod show;
mod words;

pub use crate::model::Date;
pub use error::Error;
pub use init::{Found, Links, init_text, links_text, scalar};
pub use level::{Level, RuleLevel};
pub use limits::{FailOnDebt, Limit, Limits};
pub use parse::parse;
pub use relaxed::relaxed;
pub use schema::{Catalogue, schema};
pub use words::Known;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::sql::Dialect;

/// Where the file is looked for, at the root of the head's tree.
pub const FILE_NAMES: [&str; 2] = ["driftline.yaml", ".driftline.yaml"];

/// What people settled. The default is an empty file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// The branch to compare with when none is named.
    pub base: Option<String>,
    pub promise: Promise,
    /// Instead of discovery, for each layer that is named in at least one entry.
    pub sources: Vec<Source>,
    pub rules: BTreeMap<String, RuleLevel>,
    pub overrides: Vec<Override>,
    /// Entity or attribute of the contract → table or column, as `Customer: crm.clients`.
    pub links: BTreeMap<String, String>,
    pub allow: Vec<Allow>,
    /// Findings at or above this level make the check fail; `off` never does.
    #[serde(alias = "fail_on")]
    pub fail_on: Option<Level>,
    /// Beside the level: which debt makes the check fail.
    #[serde(alias = "fail_on_debt")]
    pub fail_on_debt: FailOnDebt,
    /// From where on something counts as debt.
    pub debt: Limits,
    /// Entity, glob of entities or `@owner` → the number of debt findings that it may have.
    pub budgets: BTreeMap<String, u32>,
}

/// What the contract promises to its clients. Each word promises what the ones before it do, and more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Promise {
    /// Running clients keep working.
    #[default]
    Wire,
    /// Code generated from the contract still compiles, too.
    Sdk,
    /// Everything that can be seen counts.
    Strict,
}

impl Promise {
    pub fn name(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Sdk => "sdk",
            Self::Strict => "strict",
        }
    }
}

/// Inputs that are named by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Source {
    /// Globs of root documents.
    #[serde(alias = "contracts", deserialize_with = "parse::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub openapi: Vec<String>,
    /// Folders, files or globs.
    #[serde(deserialize_with = "parse::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub sql: Vec<String>,
    #[serde(
        deserialize_with = "parse::dialect",
        serialize_with = "parse::dialect_name",
        skip_serializing_if = "Option::is_none"
    )]
    pub dialect: Option<Dialect>,
    /// A layout by name, such as `golang-migrate`; detected when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
}

/// Levels of rules for some files.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    #[serde(deserialize_with = "parse::one_or_many")]
    pub paths: Vec<String>,
    pub rules: BTreeMap<String, RuleLevel>,
}

/// A finding that people accept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    pub rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub reason: String,
    /// The last day on which the entry counts, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The one change that is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// What it was and what it is, as the report says it: binds the entry to the change as the fingerprint does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Allow {
    /// The last day, when `until` is a date.
    pub fn until_date(&self) -> Option<Date> {
        self.until.as_deref().and_then(Date::parse)
    }

    /// True after the last day. What is no date counts as expired: a typing error must not allow forever.
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some() && self.until_date().is_none_or(|last| today > last)
    }
}

impl Config {
    /// The configuration with inputs named on the command line. Contracts or SQL given here replace discovery and the
    /// file's own entries for that layer; a dialect applies to every SQL source.
    pub fn with_overrides(mut self, contracts: &[String], sql: &[String], dialect: Option<Dialect>) -> Self {
        if !contracts.is_empty() {
            self.sources.iter_mut().for_each(|source| source.openapi.clear());
            self.sources.push(Source { openapi: contracts.to_vec(), ..Source::default() });
        }
        if !sql.is_empty() {
            self.sources.iter_mut().for_each(|source| source.sql.clear());
            self.sources.push(Source { sql: sql.to_vec(), ..Source::default() });
        }
        if dialect.is_some() {
            self.sources.iter_mut().for_each(|source| source.dialect = dialect);
            self.sources.push(Source { dialect, ..Source::default() });
        }
        self
    }

    /// Globs of contracts that replace discovery; `None` leaves it to discovery.
    pub fn contracts(&self) -> Option<Vec<&str>> {
        let globs: Vec<&str> = self.sources.iter().flat_map(|s| &s.openapi).map(String::as_str).collect();
        (!globs.is_empty()).then_some(globs)
    }

    /// SQL entries that replace discovery; `None` leaves it to discovery.
    pub fn sql(&self) -> Option<Vec<&Source>> {
        let entries: Vec<&Source> = self.sources.iter().filter(|s| !s.sql.is_empty()).collect();
        (!entries.is_empty()).then_some(entries)
    }

    /// The dialect for sources that are discovered: an entry that names nothing else.
    pub fn dialect(&self) -> Option<Dialect> {
        let bare = |s: &&Source| s.sql.is_empty() && s.openapi.is_empty();
        self.sources.iter().rev().find(bare).and_then(|s| s.dialect)
    }
}
