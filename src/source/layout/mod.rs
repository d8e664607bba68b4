//! Layouts of migrations: how their files are recognised, named and ordered. One row of a table each.

mod grammar;
mod includes;
mod shape;
mod snapshots;
mod table;

pub use grammar::{Grammar, Reach, of as grammar};
pub use includes::includes;
pub use shape::{Part, Step, version_folder, version_numbers};
pub use table::{LAYOUTS, Layout, Whole};

/// A layout by name, for the configuration.
pub fn named(name: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.name == name)
}
