//! The few styles of the terminal report, and a writer that leaves them out when colours are off.

use anstyle::{AnsiColor, Effects, Style};

use crate::report::text::wrap;
use crate::rules::Severity;

/// Wraps text in a style, or not.
#[derive(Debug, Clone, Copy)]
pub struct Painter {
    pub colours: bool,
    /// Columns of the terminal; `None` in pipes and files, where lines are as long as they are.
    pub columns: Option<usize>,
}

/// Wider lines are hard to read, narrower ones impossible.
const COLUMNS: std::ops::RangeInclusive<usize> = 40..=120;

impl Painter {
    pub fn paint(self, style: Style, text: &str) -> String {
        if self.colours && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    /// The text in lines that fit behind `indent` columns; `used` more are taken in the first.
    pub fn wrap(self, text: &str, used: usize, indent: usize) -> Vec<String> {
        match self.columns {
            None => vec![text.to_string()],
            Some(columns) => wrap(text, used, columns.clamp(*COLUMNS.start(), *COLUMNS.end()).saturating_sub(indent)),
        }
    }
}

pub const BOLD: Style = Style::new().bold();
/// Gutters, arrows, labels.
pub const FRAME: Style = AnsiColor::Blue.on_default().effects(Effects::BOLD);
pub const DIM: Style = Style::new().dimmed();
pub const REMOVED: Style = AnsiColor::Red.on_default();
pub const ADDED: Style = AnsiColor::Green.on_default();
pub const HELP: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);

pub fn severity(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().effects(Effects::BOLD),
        Severity::Warning => AnsiColor::Yellow.on_default().effects(Effects::BOLD),
        Severity::Note => AnsiColor::Cyan.on_default().effects(Effects::BOLD),
    }
}
