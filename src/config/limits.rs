//! `debt:`, `budgets:` and `fail-on-debt:`: from where on something counts as debt, and how much of it is accepted.

use serde::{Deserialize, Serialize};

/// One threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// `deprecated_days`; the file has `deprecated-days`.
    field: &'static str,
    pub value: u32,
    pub default: u32,
    /// What it is the limit of.
    pub about: &'static str,
}

impl Limit {
    /// As it stands in the file.
    pub fn name(&self) -> String {
        self.field.replace('_', "-")
    }
}

/// Makes the section of one line for each threshold: what it is about, its name with the unit in it, its default.
macro_rules! limits {
    ($(#[doc = $about:literal] $name:ident = $default:literal;)+) => {
        /// `debt:` in `driftline.yaml`. What lies above a limit is told, so raising one never tells more.
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
        #[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
        pub struct Limits {
            $(#[doc = $about] pub $name: u32,)+
        }

        impl Limits {
            pub const DEFAULT: Limits = Limits { $($name: $default,)+ };

            /// All thresholds in the order of the documentation.
            pub fn all(&self) -> Vec<Limit> {
                vec![$(Limit { field: stringify!($name), value: self.$name, default: $default, about: $about.trim_ascii() },)+]
            }
        }
    };
}

limits! {
    /// Days for which something may be deprecated before it is removed.
    deprecated_days = 180;
    /// Days for which an old column may stand beside the one that replaces it.
    expand_days = 90;
    /// Commits in which an entity may break within `hotspot-days`.
    hotspot_breaks = 2;
    /// Days over which breaks are counted.
    hotspot_days = 365;
    /// Attributes that a schema or table may have.
    entity_attributes = 40;
    /// Tables that may agree on something by chance; where more of them do, the one that does otherwise stands out.
    agreeing_tables = 2;
    /// Columns of a table, beside its key, that may all be null.
    nullable_columns = 4;
    /// Attributes that two schemas must share before one is called a copy.
    copy_attributes = 5;
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Which debt makes the check fail, whatever its level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOnDebt {
    /// None for being debt: its level alone decides.
    #[default]
    Never,
    /// What the change brings: debt may stay and may be paid back, but not grow.
    Introduced,
}

/// Why nothing can have a budget of that name: it is for an entity, a glob of entities, or `@owner`.
pub fn no_budget(name: &str) -> Option<&'static str> {
    match name.trim().strip_prefix('@') {
        _ if name.trim().is_empty() => Some("names nothing"),
        Some("") => Some("names no owner"),
        _ => None,
    }
}
