//! Walking over the steps that are new in head.

use std::sync::LazyLock;

use crate::diff::sql::history::History;
pub use crate::diff::sql::history::NewStep;
use crate::diff::sql::pairs;
use crate::model::Origin;
use crate::model::sql::{Action, Dialect, Migration, Refusal, Schema, Table};
use crate::rules::finding::{Finding, Rewrite, Severity, Suggestion};
use crate::rules::rule::{Pair, Rule};
use crate::rules::text;

use super::squash::Squash;

/// One SQL source with what happened to its migrations.
pub struct Source<'a> {
    pub base: &'a Schema,
    pub head: &'a Schema,
    pub history: History<'a>,
    /// One new file stands for many old ones.
    pub squash: Option<Squash<'a>>,
    /// Statements of head were not read, or the base asks for what nothing read here has made: part of the history stands
    /// elsewhere (in code, in another folder, on the server), and what is missing may be made there.
    pub has_holes: bool,
}

impl Source<'_> {
    pub fn dialect(&self) -> Dialect {
        self.head.dialect
    }

    /// The file that stands for many old ones.
    pub fn is_squash(&self, migration: &Migration) -> bool {
        self.squash.as_ref().is_some_and(|squash| std::ptr::eq(squash.by, migration))
    }

    pub fn is_postgres(&self) -> bool {
        self.dialect() == Dialect::Postgres
    }

    /// The table as the base knows it.
    pub fn base_table(&self, name: &str) -> Option<&Table> {
        self.base.named(name)
    }

    /// The table as the head knows it.
    pub fn head_table(&self, name: &str) -> Option<&Table> {
        self.head.named(name)
    }

    /// No statement before the step, in its file, has turned foreign keys off.
    pub fn checks_foreign(&self, new: &NewStep<'_>) -> bool {
        let set = self.history.before(new).iter().rev().find_map(|s| match s.step.action {
            Action::ForeignChecks { on } => Some(on),
            _ => None,
        });
        set != Some(false)
    }

    /// The columns exist since before this change.
    pub fn had_columns(&self, table: &str, columns: &[crate::model::origin::Text]) -> bool {
        self.base_table(table).is_none_or(|t| columns.is_empty() || columns.iter().any(|c| t.column(c).is_some()))
    }
}

/// The sources that have migrations in head; one that is new has an empty base.
pub fn sources<'a>(pair: &Pair<'a>) -> Vec<Source<'a>> {
    static EMPTY: LazyLock<Schema> = LazyLock::new(Schema::default);
    let pairs = pairs(&pair.base.model.schemas, &pair.head.model.schemas);
    let both = pairs.into_iter().filter_map(|(base, head)| Some((base.map_or(&*EMPTY, |s| &**s), &**head?)));
    let asks = |m: &Migration| m.steps.iter().any(|s| matches!(s.action, Action::Refused { why: Refusal::Absent, .. }));
    let source = |(base, head): (&'a Schema, &'a Schema)| {
        let has_holes = head.unread > 0 || base.migrations.iter().any(|m| asks(m));
        let history = History::of(base, head);
        let squash = Squash::of(base, &history);
        Source { base, head, history, squash, has_holes }
    };
    both.map(source).collect()
}

/// What people call a migration: the file, or the folder where every file has the same name.
pub fn called(migration: &Migration) -> String {
    let generic = matches!(&*migration.name, "up.sql" | "down.sql" | "migration.sql");
    let mut parts = migration.path.rsplit('/');
    match (generic, parts.next(), parts.next()) {
        (true, Some(file), Some(folder)) => format!("{folder}/{file}"),
        _ => migration.name.to_string(),
    }
}

/// What a rule has to say about a step.
pub struct Case {
    /// Table, or table and column.
    pub subject: String,
    /// Fills `{detail}` and tells two findings at one subject apart.
    pub detail: String,
    /// Fills `{name}` of the help: what a statement there would be about.
    pub name: String,
    /// A sentence more for the message.
    pub more: String,
    /// Where this case is better or worse than the rule says.
    pub severity: Option<Severity>,
    /// Where this case has a safe way of its own.
    pub help: Option<&'static str>,
    /// What the statement has to become, where that is all there is to do.
    pub rewrite: Option<Rewrite>,
}

impl Case {
    pub fn new(subject: impl Into<String>, detail: impl Into<String>) -> Self {
        let (subject, detail) = (subject.into(), detail.into());
        Self { subject, detail, name: "…".into(), more: String::new(), severity: None, help: None, rewrite: None }
    }

    /// With a name for the help; nothing is changed by an empty one.
    pub fn named(self, name: impl Into<String>) -> Self {
        let name = name.into();
        if name.is_empty() { self } else { Self { name, ..self } }
    }

    pub fn adding(self, more: Option<String>) -> Self {
        Self { more: more.map_or(String::new(), |text| format!(" {text}")), ..self }
    }

    pub fn at(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    pub fn becoming(self, rewrite: Option<Rewrite>) -> Self {
        Self { rewrite, ..self }
    }

    pub fn with_help(self, help: &'static str) -> Self {
        Self { help: Some(help), ..self }
    }
}

/// Asks `look` about every new step and reports what it says.
pub fn walk(
    rule: &'static Rule,
    sources: &[Source<'_>],
    look: fn(&Source<'_>, &NewStep<'_>) -> Option<Case>,
    found: &mut Vec<Finding>,
) {
    for source in sources {
        for new in &source.history.steps {
            let case = look(source, new);
            found.extend(case.map(|case| finding(rule, source.dialect(), case, Some(new.step.origin))));
        }
    }
}

/// The finding of a case with the rule's texts filled in.
pub fn finding(rule: &'static Rule, dialect: Dialect, case: Case, head: Option<Origin>) -> Finding {
    let (table, column) = case.subject.rsplit_once('.').unwrap_or((&case.subject, ""));
    let values = [
        ("subject", case.subject.clone()),
        ("entity", table.to_string()),
        ("attribute", column.to_string()),
        ("detail", case.detail.clone()),
        ("name", case.name),
    ];
    let fill = |template| text::replace(&text::for_dialect(template, Some(dialect)), &values);
    let (message, help) = (fill(rule.message), fill(case.help.unwrap_or(rule.help)));
    let mut finding = Finding::state(rule, case.subject, head);
    finding.severity = case.severity.unwrap_or(finding.severity);
    finding.detail = case.detail;
    finding.message = message + &case.more;
    finding.help = help;
    finding.suggestion = head.zip(case.rewrite).map(|(at, rewrite)| Suggestion { at, rewrite });
    finding
}

/// Objects of one kind that are named.
const NAMED: usize = 5;

/// Objects in words; of many the first.
pub fn list(objects: &[String]) -> String {
    let named: Vec<&str> = objects.iter().take(NAMED).map(String::as_str).collect();
    match objects.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{} and {more} more", named.join(", ")),
        _ => named.join(", "),
    }
}
