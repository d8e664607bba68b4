//! Which tables a file of SQL speaks of, at first sight.
//!
//! Looks for words, not for statements: good enough to tell schema from queries and to see that a dump and a folder
//! of migrations describe the same tables. What a statement means is the reader's business.

use std::collections::BTreeSet;

use memchr::memmem;

/// Names in lower case, without schema and quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    pub created: BTreeSet<String>,
    pub altered: BTreeSet<String>,
    /// Altered before anything created them, in the order in which the files were collected.
    pub missing: BTreeSet<String>,
}

const BEFORE: usize = 48;
const AFTER: usize = 200;

impl Tables {
    /// Adds what `bytes` speaks of.
    pub fn collect(&mut self, bytes: &[u8]) {
        for (before, after) in places(bytes) {
            let mut words = after.split_whitespace().skip_while(|w| ["if", "not", "exists", "only"].contains(w));
            let Some(name) = words.next().map(bare).filter(|name| !name.is_empty()) else { continue };
            let head = before.rsplit([';', '\n']).next().unwrap_or_default();
            if head.contains("create") {
                self.created.insert(name);
            } else if head.contains("alter") {
                if !self.created.contains(&name) {
                    self.missing.insert(name.clone());
                }
                if let Some((_, to)) = after.split_once(" rename to ") {
                    self.created.insert(bare(to));
                }
                self.altered.insert(name);
            } else if head.contains("drop")
                && !after.trim_start().starts_with("if exists")
                && !self.created.contains(&name)
            {
                // A table that is made anew under its own name is copied and dropped first.
                self.missing.insert(name.clone());
                self.altered.insert(name);
            }
        }
    }
}

/// The text before and behind each `table`, in lower case.
fn places(bytes: &[u8]) -> impl Iterator<Item = (String, String)> + '_ {
    let mut found: Vec<usize> = memmem::find_iter(bytes, b"table").chain(memmem::find_iter(bytes, b"TABLE")).collect();
    found.sort_unstable();
    found.into_iter().map(|at| {
        let part = |from: usize, to: usize| {
            String::from_utf8_lossy(bytes.get(from..to.min(bytes.len())).unwrap_or_default()).to_lowercase()
        };
        (part(at.saturating_sub(BEFORE), at), part(at + 5, at + 5 + AFTER))
    })
}

/// The last part of a dotted name at the start of `text`, without quotes.
fn bare(text: &str) -> String {
    let text = text.trim_start();
    let end = text.find(|c: char| c.is_whitespace() || "(;,".contains(c)).unwrap_or(text.len());
    let name = text.get(..end).unwrap_or_default().rsplit('.').next().unwrap_or_default();
    name.trim_matches(|c: char| "\"`[]'".contains(c)).to_string()
}

/// Other statements that define something.
const DEFINITIONS: [&str; 9] = [
    "create type",
    "create view",
    "create or replace view",
    "create materialized view",
    "create index",
    "create unique index",
    "create domain",
    "drop table",
    "alter type",
];
const READ: usize = 1_000_000;

/// True when the file defines or changes something, rather than only asking for or filling in rows.
pub fn defines(bytes: &[u8]) -> bool {
    let mut tables = Tables::default();
    tables.collect(bytes);
    if !tables.created.is_empty() || !tables.altered.is_empty() {
        return true;
    }
    let text = bytes.get(..bytes.len().min(READ)).unwrap_or_default().to_ascii_lowercase();
    DEFINITIONS.iter().any(|words| memmem::find(&text, words.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_tables() {
        let mut tables = Tables::default();
        tables.collect(
            b"CREATE TABLE IF NOT EXISTS \"public\".\"Users\" (id int);\ncreate table `orders`(id int);\n\
              ALTER TABLE ONLY public.items ADD COLUMN IF NOT EXISTS price int;\nalter table a rename to b;\n\
              insert into timetable values (1);\n",
        );
        let set = |names: &[&str]| names.iter().map(|n| (*n).to_string()).collect::<BTreeSet<_>>();
        assert_eq!(tables.created, set(&["users", "orders", "b"]));
        assert_eq!(tables.altered, set(&["items", "a"]));
        tables.collect(b"alter table users drop column a;");
        assert_eq!(tables.missing, set(&["items", "a"]));
        assert!(defines(b"Create Unique Index a on b (c);"));
        assert!(!defines(b"-- name: GetUser :one\nselect * from users;\ninsert into a values (1);"));
    }
}
