//! Dialect twins: what the migrations of several databases of one project say alike is one finding.
//!
//! Comes in: findings, and the files of every SQL source with its dialect and tables. Goes out: fewer findings; the one
//! that stays is the worst, and its message names the places of the others. Must not know: what the rules mean.

use std::collections::{BTreeSet, HashMap};

use crate::model::origin::Text;
use crate::model::sql::{Dialect, Schema};
use crate::rules::{Category, Finding};
use crate::source::{Files, SqlSource};

/// Share of the larger source's tables (in per cent) from which two dialects describe one database.
const SAME: usize = 60;

/// The SQL sources that are there for several databases, by their files.
#[derive(Debug, Default)]
pub struct Twins {
    files: HashMap<Text, Member>,
}

/// A source among its twins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Member {
    family: usize,
    dialect: Dialect,
}

impl Twins {
    /// Sources of different dialects with the same tables are twins. Takes the sources of both revisions.
    pub fn of<'a>(sources: impl Iterator<Item = (&'a SqlSource, &'a Schema)>) -> Self {
        let known: Vec<_> = sources
            .map(|(source, schema)| (source, schema.tables.iter().map(|t| t.full_name()).collect::<BTreeSet<_>>()))
            .collect();
        let mut families: Vec<usize> = (0..known.len()).collect();
        for (at, (one, tables)) in known.iter().enumerate() {
            let family = known.iter().take(at).position(|(other, others)| {
                let common = tables.intersection(others).count();
                let larger = tables.len().max(others.len());
                // The same source of the other revision, or the same database in another dialect.
                one.path == other.path && one.dialect == other.dialect
                    || one.dialect != other.dialect && common > 0 && common * 100 >= larger * SAME
            });
            if let (Some(family), Some(own)) = (family.and_then(|f| families.get(f).copied()), families.get_mut(at)) {
                *own = family;
            }
        }
        let mut files = HashMap::new();
        for ((source, _), family) in known.iter().zip(&families) {
            for file in &source.files {
                files.insert(file.path.clone(), Member { family: *family, dialect: source.dialect });
            }
        }
        let mut dialects: HashMap<usize, BTreeSet<Dialect>> = HashMap::new();
        for ((source, _), family) in known.iter().zip(&families) {
            dialects.entry(*family).or_default().insert(source.dialect);
        }
        files.retain(|_, member| dialects.get(&member.family).is_some_and(|d| d.len() > 1));
        Self { files }
    }

    /// Merges findings of one rule, subject and direction that come from different dialects of one family.
    pub fn merge(&self, findings: Vec<Finding>, files: &Files) -> Vec<Finding> {
        if self.files.is_empty() {
            return findings;
        }
        let mut out: Vec<(Finding, Vec<(Dialect, Finding)>)> = Vec::new();
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        for finding in findings {
            let Some(member) = self.member(&finding, files) else {
                out.push((finding, Vec::new()));
                continue;
            };
            let places = known.entry(identity(&finding, member.family)).or_default();
            // Two findings of one dialect are two; the first that lacks this dialect takes it.
            let free = places.iter().copied().find(|at| {
                out.get(*at).is_some_and(|(_, twins)| twins.iter().all(|(dialect, _)| *dialect != member.dialect))
            });
            match free.and_then(|at| out.get_mut(at)) {
                Some((_, twins)) => twins.push((member.dialect, finding)),
                None => {
                    places.push(out.len());
                    out.push((finding.clone(), vec![(member.dialect, finding)]));
                }
            }
        }
        out.into_iter().map(|(only, twins)| if twins.len() > 1 { one_of(twins, files) } else { only }).collect()
    }

    fn member(&self, finding: &Finding, files: &Files) -> Option<Member> {
        let origin = finding.head.or(finding.base).filter(|_| finding.rule.category != Category::Input)?;
        self.files.get(&files.get(origin.file).path).copied()
    }
}

/// What twins have in common. Dialects spell types and values of their own, so before and after do not count, and file
/// names may hold the name of the dialect.
fn identity(finding: &Finding, family: usize) -> String {
    let flow = finding.flow.map_or("", |flow| flow.name());
    // Debt of a column tells its type.
    let of_column = finding.rule.category == Category::Debt && finding.subject.contains('.');
    let subject = neutral(&finding.subject);
    let detail = if of_column { String::new() } else { neutral(&finding.detail) };
    format!("{family}\n{}\n{subject}\n{detail}\n{flow}", finding.rule.id)
}

/// The text without words that name a dialect, in lower case: dialects fold names differently.
fn neutral(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|w| Dialect::named(w.trim_end_matches(|c: char| !c.is_ascii_alphanumeric())).is_none()).collect()
}

/// The worst finding, told for all.
fn one_of(mut twins: Vec<(Dialect, Finding)>, files: &Files) -> Finding {
    let best = twins.iter().enumerate().min_by_key(|(at, (_, f))| (f.severity, f.head.is_none(), *at));
    let (_, mut finding) = twins.remove(best.map_or(0, |(at, _)| at));
    let place = |(dialect, twin): &(Dialect, Finding)| {
        let at = twin.head.or(twin.base).map(|origin| files.locate(origin));
        at.map_or(dialect.name().to_string(), |at| format!("{} ({}:{})", dialect.name(), at.path, at.line))
    };
    let others: Vec<String> = twins.iter().map(place).collect();
    finding.message.push_str(&format!(" The same for {}.", others.join(" and ")));
    finding
}
