//! What happened to the entities and attributes of both layers, commit by commit.
//!
//! Plain values: the walk through git makes them, `log`, `blame` and the debt rules that ask for age read them. Must not
//! know: git, files, rules.

use super::change::{ChangeKind, Effect};
use super::date::Date;
use super::entity::EntityKind;
use super::flow::{Flow, Layer};
use super::origin::Text;
use super::severity::Severity;

/// The commits of a range that changed something, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    pub commits: Vec<Commit>,
    /// Commits that were walked, also those that changed nothing.
    pub walked: usize,
    pub end: End,
}

/// Why there is nothing before the oldest commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum End {
    /// It is the first one of the repository.
    #[default]
    Root,
    /// The range begins there.
    Range,
    /// The clone is cut off behind this commit: what it holds may be older.
    Shallow { commit: String, date: Date },
}

/// A commit and what it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// All hex digits.
    pub id: String,
    pub author: String,
    pub email: String,
    /// When it was written, in seconds since 1970, and the author's own calendar day.
    pub time: i64,
    pub date: Date,
    /// The first line of its message.
    pub subject: String,
    /// In the order of reports: contracts, then SQL.
    pub events: Vec<Event>,
}

/// One change that a commit made.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub layer: Layer,
    pub kind: ChangeKind,
    /// The contract, or the folder or file of SQL.
    pub source: Text,
    /// `User.email`, `users.email`, `GET /users/{id}`; by its name before the commit where it was renamed.
    pub subject: String,
    /// What it is about inside the subject: a value, a key, a parameter.
    pub detail: String,
    /// What the subject is, or what its attribute belongs to.
    pub entity: Option<EntityKind>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub effect: Effect,
    /// The other name of a rename, or of what probably is one (an attribute that went while another came).
    pub other_name: Option<String>,
    /// The attributes of an entity that came, went or has another name now, each with its type; those of a rename by the
    /// names before it.
    pub attributes: Vec<(Text, String)>,
    /// How bad it is, for whom; `None` is harmless.
    pub severity: Option<Severity>,
    /// The flow that is hurt.
    pub flow: Option<Flow>,
    /// Who is hurt, in words: `clients that send to …`, `rows already stored`. Empty where nobody is, or the subject says it.
    pub whom: String,
    /// Operations that use the subject, and the way its values take there.
    pub usages: Vec<(Text, Flow)>,
    /// Where it is written: path and 1-based line, after the commit, or before it where it is gone.
    pub at: Option<(Text, u32)>,
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::model::Effect;

    /// A column that came with that name.
    pub fn event(subject: &str) -> Event {
        Event {
            layer: Layer::Sql,
            kind: ChangeKind::AttributeAdded,
            source: "db/migrations".into(),
            subject: subject.into(),
            detail: String::new(),
            entity: Some(EntityKind::Table),
            before: None,
            after: Some("text".into()),
            effect: Effect::Widens,
            other_name: None,
            attributes: Vec::new(),
            severity: None,
            flow: None,
            whom: String::new(),
            usages: vec![("GET /users".into(), Flow::Out)],
            at: Some(("db/migrations/1.sql".into(), 3)),
        }
    }
}
