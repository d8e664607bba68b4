//! The few styles of the terminal report, and a writer that leaves them out when colours are off.

use anstyle::{AnsiColor, Effects, Style};

use crate::report::text::{one_line, uri, wrap};
use crate::rules::Severity;

/// Wraps text in a style, or not.
#[derive(Debug, Clone, Copy)]
pub struct Painter<'a> {
    pub colours: bool,
    /// What links to files begin with, where there are links.
    pub links: Option<&'a str>,
    /// Columns of the terminal; `None` in pipes and files, where lines are as long as they are.
    pub columns: Option<usize>,
}

/// Wider lines are hard to read, narrower ones impossible.
const COLUMNS: std::ops::RangeInclusive<usize> = 40..=120;

impl Painter<'_> {
    /// A file of head as it is shown, with a link for terminals (OSC 8) where they are wanted.
    pub fn file(self, path: &str) -> String {
        let shown = one_line(path);
        match self.links {
            Some(root) => format!("\u{1b}]8;;{root}{}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\", uri(path)),
            None => shown,
        }
    }

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
