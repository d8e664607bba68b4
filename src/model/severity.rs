//! How bad a finding is.

/// How bad it is. The order is the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// `error`, `warning` (`warn`), `note`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "error" => Self::Error,
            "warning" | "warn" => Self::Warning,
            "note" => Self::Note,
            _ => return None,
        })
    }
}
