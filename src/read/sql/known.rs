//! Statements that were understood before: versions of a file have most of them in common, wherever they stand in it.
//!
//! Must not know what a statement does.

use std::collections::HashMap;

use super::command::Command;

/// Bytes of text after which a new generation begins; what no revision asked for in a whole generation is forgotten.
const GENERATION: usize = 4 << 20;
/// Longer statements are parsed anew.
const LONG: usize = 1 << 16;

/// Commands by the text of their statement, of one dialect.
#[derive(Default)]
pub struct Known {
    /// A source that is read once has nothing to come back to.
    forgetful: bool,
    recent: HashMap<Box<[u8]>, Command>,
    older: HashMap<Box<[u8]>, Command>,
    bytes: usize,
}

impl Known {
    pub fn forgetful() -> Self {
        Self { forgetful: true, ..Self::default() }
    }

    pub fn remembers(&self) -> bool {
        !self.forgetful
    }

    /// What the statement asks for.
    pub fn get(&mut self, text: &[u8]) -> Option<Command> {
        if self.forgetful {
            return None;
        }
        if let Some(command) = self.recent.get(text) {
            return Some(command.clone());
        }
        let (text, command) = self.older.remove_entry(text)?;
        self.insert(text, command.clone());
        Some(command)
    }

    pub fn keep(&mut self, text: &[u8], command: &Command) {
        if !self.forgetful && text.len() <= LONG {
            self.insert(text.into(), command.clone());
        }
    }

    fn insert(&mut self, text: Box<[u8]>, command: Command) {
        if self.bytes > GENERATION {
            self.older = std::mem::take(&mut self.recent);
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.recent.insert(text, command);
    }
}
