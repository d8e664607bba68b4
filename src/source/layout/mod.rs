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

/// What SQL is called that holds a whole state.
const STATES: [&str; 2] = ["schema", "dump"];

/// A layout of migrations by name, for the configuration.
pub fn named(name: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.name == name)
}

/// Every name that a layout of migrations or a state goes by.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = LAYOUTS.iter().map(|layout| layout.name).collect();
    names.dedup();
    names.extend(STATES);
    names
}
