//! Debt as a page: numbers, the trend as a drawing, what to do first.

use super::Owed;

/// The whole page.
pub fn render(_owed: &Owed) -> String {
    String::new()
}
