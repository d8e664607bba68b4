//! The tables of `testdata/edit-space/`.
//!
//! `objects.txt` lists the fixed fields: `object: field field …`. Every other file has, in order: `object NAME`; frames
//! (`frame POSITION` and the lines of a contract, indented, with `@` where the edited object stands), which hold until the
//! next `object` or until frames are given anew; and rows `field | edit | base | head | cell | cell …` with one cell for
//! each frame. `a / b` as edit means that the edit backwards is a row too, with the cells the other way round, as narrowing
//! for the one who sends is widening for the one who receives. A cell is `E rule`, `W rule`, `N rule`, one of these after `sdk` or `strict`, `safe` (a change is
//! seen, nobody is hurt) or `- reason` (waived).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use driftline::rules::Severity;

#[derive(Debug)]
pub struct Frame {
    pub name: String,
    pub text: String,
}

/// What is expected of an edit at a position.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Rule(Severity, String),
    /// Silent on the wire, said where that much is promised.
    Promised(&'static str, Severity, String),
    Safe,
    Waived(String),
}

impl Cell {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Rule(..) | Self::Promised(..) => "claimed by a rule",
            Self::Safe => "claimed as safe",
            Self::Waived(_) => "waived",
        }
    }

    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Rule(_, id) | Self::Promised(_, _, id) => Some(id),
            _ => None,
        }
    }

    fn parse(text: &str) -> Self {
        let of = |severity: Severity, id: &str| Self::Rule(severity, id.to_string());
        for promise in ["sdk", "strict"] {
            if let Some(rest) = text.strip_prefix(promise).and_then(|rest| rest.strip_prefix(' ')) {
                let Self::Rule(severity, id) = Self::parse(rest) else { panic!("`{text}` is no cell") };
                return Self::Promised(promise, severity, id);
            }
        }
        match text.split_once(' ') {
            None if text == "safe" => Self::Safe,
            Some(("E", id)) => of(Severity::Error, id),
            Some(("W", id)) => of(Severity::Warning, id),
            Some(("N", id)) => of(Severity::Note, id),
            Some(("-", reason)) if reason.len() > 10 => Self::Waived(reason.to_string()),
            _ => panic!("`{text}` is no cell"),
        }
    }
}

#[derive(Debug)]
pub struct Row {
    pub object: String,
    pub field: String,
    pub edit: String,
    pub base: String,
    pub head: String,
    pub positions: Vec<(Rc<Frame>, Cell)>,
}

impl Row {
    pub fn name(&self) -> String {
        format!("{}.{}: {}", self.object, self.field, self.edit)
    }
}

fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/edit-space");
    let entries = fs::read_dir(folder).expect("the tables are there").flatten();
    let mut files: Vec<(String, String)> = entries
        .map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read_to_string(e.path()).expect("UTF-8")))
        .collect();
    files.sort();
    files
}

/// Object → its fixed fields.
pub fn fields() -> BTreeMap<String, Vec<String>> {
    let (_, text) = files().into_iter().find(|(name, _)| name == "objects.txt").expect("objects.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let entry = |line: &str| {
        let (object, names) = line.split_once(": ").unwrap_or_else(|| panic!("objects.txt: {line}"));
        (object.to_string(), names.split_whitespace().map(str::to_string).collect())
    };
    lines.map(entry).collect()
}

/// All rows of all tables.
pub fn rows() -> Vec<Row> {
    let tables = files().into_iter().filter(|(name, _)| name != "objects.txt");
    tables.flat_map(|(name, text)| table(&name, &text)).collect()
}

fn table(file: &str, text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut object, mut frames, mut fresh) = (String::new(), Vec::<Frame>::new(), true);
    let mut shared: Vec<Rc<Frame>> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(name) = line.strip_prefix("object ") {
            object = name.to_string();
        } else if let Some(name) = line.strip_prefix("frame ") {
            if fresh {
                frames.clear();
                fresh = false;
            }
            frames.push(Frame { name: name.to_string(), text: String::new() });
            shared.clear();
        } else if let Some(content) = line.strip_prefix("  ") {
            let frame = frames.last_mut().unwrap_or_else(|| panic!("{file}: {line}"));
            frame.text.push_str(&format!("{content}\n"));
        } else {
            if shared.is_empty() {
                let copy = |f: &Frame| Rc::new(Frame { name: f.name.clone(), text: f.text.clone() });
                shared = frames.iter().map(copy).collect();
                fresh = true;
            }
            rows.extend(parse(file, line, &object, &shared));
        }
    }
    rows
}

fn parse(file: &str, line: &str, object: &str, frames: &[Rc<Frame>]) -> Vec<Row> {
    let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
    let [field, edit, base, head, cells @ ..] = parts.as_slice() else { panic!("{file}: {line}") };
    assert_eq!(cells.len(), frames.len(), "{file}: one cell for each frame: {line}");
    let row = |edit: &str, base: &str, head: &str, cells: &mut dyn Iterator<Item = &&str>| Row {
        object: object.to_string(),
        field: field.to_string(),
        edit: edit.to_string(),
        base: base.to_string(),
        head: head.to_string(),
        positions: frames.iter().cloned().zip(cells.map(|cell| Cell::parse(cell))).collect(),
    };
    match edit.split_once(" / ") {
        Some((there, back)) => {
            vec![row(there, base, head, &mut cells.iter()), row(back, head, base, &mut cells.iter().rev())]
        }
        None => vec![row(edit, base, head, &mut cells.iter())],
    }
}
