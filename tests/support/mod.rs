//! What several tests share.
#![allow(dead_code)] // Every test binary uses a part.

pub mod page;
pub mod past;

use driftline::check::{Settings, run};
use driftline::config::Date;
use driftline::report::Report;
use driftline::revision::{Compared, Tree};

/// A path and the text of the file.
pub type File = (String, String);

/// The whole pipeline over two trees in memory.
pub fn compare(base: &[File], head: &[File]) -> Report {
    let tree = |name: &str, files: &[File]| {
        Tree::from_memory(name, files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())))
    };
    let compared = Compared {
        base: tree("base", base),
        head: tree("head", head),
        merge_base: None,
        root: None,
        notes: Vec::new(),
    };
    let settings = Settings { allow_empty: true, changes: true, all: true, ..Settings::on(today()) };
    match run(&compared, &settings) {
        Ok(outcome) => outcome.report,
        Err(error) => panic!("no verdict: {error:?}"),
    }
}

fn today() -> Date {
    Date::parse("2026-11-20").expect("a date")
}

/// The files of an example as base and head. Of an example with a history both are what it ends with.
pub fn sides(fences: &[page::Fence]) -> (Vec<File>, Vec<File>) {
    let last = |fence: &page::Fence| fences.iter().rev().find(|other| other.path == fence.path).map(|f| f.side);
    let of = |side: page::In| {
        let here = |f: &&page::Fence| match f.side {
            page::In::Since(_) => last(f) == Some(f.side),
            own => own == side || own == page::In::Both,
        };
        fences.iter().filter(here).map(|f| (f.path.clone(), f.text.clone())).collect()
    };
    (of(page::In::Base), of(page::In::Head))
}
