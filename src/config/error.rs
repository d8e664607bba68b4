//! Why a configuration cannot be used.

use std::fmt;

/// Why a configuration cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub path: String,
    /// 1-based; 0 when no place is known.
    pub line: u32,
    pub column: u32,
    /// One sentence.
    pub message: String,
    pub hint: Option<String>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// What to do about it.
    pub fn hint(&self) -> String {
        self.hint.clone().unwrap_or_else(|| "`driftline init` prints a file to start from".to_string())
    }
}
