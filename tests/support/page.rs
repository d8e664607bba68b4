//! Rule pages as the tests see them: sections, fences and markers of `docs/rules/<id>.md`.

use std::fs;
use std::path::{Path, PathBuf};

use driftline::config::Date;

/// Whether a file of an example is in the base, the head or both; or the day of the commit that brought it, after which it
/// stays so until a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    Base,
    Head,
    Both,
    Since(Date),
}

/// A file of an example.
#[derive(Debug, Clone)]
pub struct Fence {
    pub side: In,
    pub path: String,
    pub text: String,
    pub markers: Vec<Marker>,
}

/// `<- LEVEL: words` at the end of a line.
#[derive(Debug, Clone)]
pub struct Marker {
    /// 1-based, in the file.
    pub line: u32,
    pub level: String,
    pub words: Option<String>,
}

#[derive(Debug)]
pub struct Page {
    pub id: String,
    pub title: String,
    pub sentence: String,
    /// Headings of the second level, in order.
    pub headings: Vec<String>,
    pub example: Vec<Fence>,
    pub quiet: Vec<Fence>,
    /// The day on which each of the two is looked at: `Today is 2026-11-20`.
    pub today: [Option<Date>; 2],
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

/// All pages, sorted by id.
pub fn all() -> Vec<Page> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder()).expect("docs/rules is there").flatten() {
        let path = entry.path();
        let id = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_string();
        if path.extension().is_some_and(|e| e == "md") && id != "README" {
            pages.push(parse(&id, &fs::read_to_string(&path).expect("a page is UTF-8")));
        }
    }
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    pages
}

fn parse(id: &str, text: &str) -> Page {
    let mut page = Page {
        id: id.to_string(),
        title: String::new(),
        sentence: String::new(),
        headings: Vec::new(),
        example: Vec::new(),
        quiet: Vec::new(),
        today: [None, None],
    };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
            let Some(fence) = fence(info, &body) else { continue };
            match page.headings.last().map(String::as_str) {
                Some("Example") => page.example.push(fence),
                Some("Do this instead") => page.quiet.push(fence),
                other => panic!("{id}.md: a fence below {other:?}"),
            }
        } else if let Some((_, day)) = line.split_once("Today is ") {
            let day = day.get(..10).and_then(Date::parse);
            page.today[usize::from(!page.quiet.is_empty() || page.headings.last().is_some_and(|h| h != "Example"))] =
                day;
        } else if let Some(title) = line.strip_prefix("# ") {
            page.title = title.to_string();
        } else if let Some(heading) = line.strip_prefix("## ") {
            page.headings.push(heading.to_string());
        } else if page.sentence.is_empty() && !line.is_empty() {
            page.sentence = line.to_string();
        }
    }
    page
}

/// A fence whose info is `<yaml|json|sql> <base|head|both|day> <path>`; others are only there to be read.
pub fn fence(info: &str, body: &[&str]) -> Option<Fence> {
    let words: Vec<&str> = info.split_whitespace().collect();
    let [_, side, path] = words.as_slice() else { return None };
    let side = match *side {
        "base" => In::Base,
        "head" => In::Head,
        "both" => In::Both,
        other => In::Since(Date::parse(other).unwrap_or_else(|| panic!("unknown side `{other}` in a fence"))),
    };
    let markers = body.iter().enumerate().filter_map(|(n, line)| marker(n as u32 + 1, line)).collect();
    Some(Fence { side, path: (*path).to_string(), text: format!("{}\n", body.join("\n")), markers })
}

fn marker(line: u32, text: &str) -> Option<Marker> {
    let (_, rest) = text.rsplit_once("<- ")?;
    let (level, words) = match rest.split_once(": ") {
        Some((level, words)) => (level, Some(words.trim().to_string())),
        None => (rest.trim(), None),
    };
    Some(Marker { line, level: level.to_string(), words })
}
