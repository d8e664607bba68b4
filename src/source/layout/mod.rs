//! Layouts of migrations: how their files are recognised, named and ordered. One row of a table each.

mod shape;
mod table;

pub use shape::{Part, Step, version_numbers};
pub use table::{LAYOUTS, Layout};

/// A layout by name, for the configuration.
pub fn named(name: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.name == name)
}
