//! Since which commit a finding is so.
//!
//! What makes the state that a rule speaks of stands in a table (`Made`); the newest such event in the past of the subject is it, by
//! all names that the subject has had. Where the past does not reach back so far there is no answer, and none is guessed.

use std::collections::HashMap;

use crate::model::lives::{Happened, Lives, Thing, columns};
use crate::model::origin::{FileId, Text};
use crate::model::past::{Commit, Event};
use crate::model::{ChangeKind as Kind, Layer, Model};
use crate::rules::Finding;

use super::made::{Made, made};

/// The commit since which something is so, and what it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Since<'p> {
    pub commit: &'p Commit,
    /// Half a sentence: ``added with table `orders` ``, `deprecated`, ``type changed to `real` ``.
    pub what: String,
}

/// Tells ages of the findings of one revision.
pub struct Ages<'a> {
    lives: &'a Lives<'a>,
    sources: HashMap<FileId, &'a Text>,
}

impl<'a> Ages<'a> {
    pub fn of(model: &'a Model, lives: &'a Lives<'a>) -> Self {
        let mut sources = HashMap::new();
        for api in &model.apis {
            for file in &api.files {
                sources.entry(*file).or_insert(&api.path);
            }
        }
        for schema in &model.schemas {
            let written = schema.tables.iter().map(|table| table.origin.file);
            let columns = schema.tables.iter().flat_map(|table| &table.columns).map(|column| column.origin.file);
            let keys = schema.tables.iter().flat_map(|table| &table.keys).map(|key| key.origin.file);
            let enums = schema.enums.iter().map(|one| one.origin.file);
            for file in written.chain(columns).chain(keys).chain(enums) {
                sources.entry(file).or_insert(&schema.path);
            }
        }
        Self { lives, sources }
    }

    /// `None` where the past does not tell.
    pub fn since(&self, finding: &Finding) -> Option<Since<'a>> {
        if let Some((commit, what)) = &finding.since {
            let commit = self.lives.past().commits.iter().find(|one| one.id == *commit)?;
            return Some(Since { commit, what: what.clone() });
        }
        let source = finding.head.and_then(|origin| self.sources.get(&origin.file)).map_or("", |path| path);
        let thing = Thing { layer: finding.rule.layer, source, subject: &finding.subject };
        let one = match made(finding.rule.id) {
            Made::Elsewhere => None,
            Made::By(kinds) => newest([self.of_kind(thing, kinds), self.lives.came(thing)]),
            Made::Keys { came, went, column } => {
                let names: Vec<String> = match columns(&finding.detail).collect::<Vec<_>>().as_slice() {
                    [] => vec![finding.subject.clone()],
                    columns => columns.iter().map(|column| format!("{}.{column}", finding.subject)).collect(),
                };
                let of = |event: &Event, sorts: &[&str]| sorts.iter().any(|sort| event.detail.starts_with(sort));
                let about = |event: &Event| match event.kind {
                    Kind::KeyAdded => of(event, came) && speaks_of(finding, &event.detail),
                    Kind::KeyRemoved => of(event, went),
                    _ => false,
                };
                let things = names.iter().map(|subject| Thing { subject, ..thing });
                let mut parts = things.map(|thing| {
                    let key = self.lives.keys(thing).find(|one| about(one.event));
                    // As old as its youngest column, and no younger than a key of all of them.
                    newest([key, self.of_kind(thing, column), self.lives.came(thing)])
                });
                let all: Option<Vec<Happened<'a>>> = parts.by_ref().collect();
                newest(all?.into_iter().map(Some))
            }
        }?;
        Some(Since { commit: one.commit, what: what(one, thing.layer) })
    }

    fn of_kind(&self, thing: Thing<'_>, kinds: &[Kind]) -> Option<Happened<'a>> {
        self.lives.events(thing).into_iter().find(|one| kinds.contains(&one.event.kind))
    }
}

/// Where a finding names keys, others beside them did not make it so.
fn speaks_of(finding: &Finding, key: &str) -> bool {
    let name = key.split('`').nth(1).map(|name| format!("`{name}`"));
    !finding.detail.contains('`') || name.is_none_or(|name| finding.message.contains(&name))
}

fn newest<'p>(all: impl IntoIterator<Item = Option<Happened<'p>>>) -> Option<Happened<'p>> {
    all.into_iter().flatten().min_by_key(|one| one.at)
}

/// What the event did, from where the thing stands.
fn what(one: Happened<'_>, layer: Layer) -> String {
    let event = one.event;
    let words = event.kind.name().replace('-', " ");
    let entity = event.entity.map_or("schema", |kind| kind.name());
    let short = event.after.as_deref().filter(|text| !text.is_empty() && text.len() <= 40 && !text.contains('`'));
    match event.kind {
        Kind::EntityAdded if one.is_whole => format!("added with {entity} `{}`", event.subject),
        Kind::AttributeAdded | Kind::OperationAdded | Kind::ParameterAdded if one.is_whole => {
            format!("added with `{}`", event.subject)
        }
        Kind::EntityAdded | Kind::AttributeAdded | Kind::OperationAdded | Kind::ParameterAdded => "added".to_string(),
        Kind::AttributeDeprecated | Kind::OperationDeprecated => "deprecated".to_string(),
        Kind::EntityRenamed | Kind::AttributeRenamed => match &event.other_name {
            Some(new) => format!("renamed to `{new}`"),
            None => "renamed".to_string(),
        },
        Kind::KeyAdded => format!("{} added", event.detail),
        Kind::KeyRemoved => format!("{} removed", event.detail),
        Kind::AttributeRequired => if layer == Layer::Sql { "made NOT NULL" } else { "made required" }.to_string(),
        Kind::AttributeOptional => if layer == Layer::Sql { "made nullable" } else { "made optional" }.to_string(),
        _ => match (words.strip_suffix(" changed"), short) {
            (Some(_), Some(after)) => format!("{words} to `{after}`"),
            _ => words,
        },
    }
}
