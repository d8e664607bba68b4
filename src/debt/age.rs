//! Since which commit a finding is so.
//!
//! The rule says what makes the state that it speaks of ([`Made`]); the newest such event in the past of the subject is it, by
//! all names that the subject has had. Where the past does not reach back so far there is no answer, and none is guessed.

use std::collections::HashMap;

use crate::model::lives::{Happened, Lives, Thing};
use crate::model::origin::{FileId, Text};
use crate::model::past::{Commit, Event};
use crate::model::{ChangeKind as Kind, Layer, Model};
use crate::rules::{Finding, Made};

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
        let made = match finding.rule.made {
            Made::Elsewhere => return None,
            Made::Coming => None,
            Made::Domain => self.last(thing, &|event| is_domain(event.kind)),
            Made::By(kinds) => self.last(thing, &|event| kinds.contains(&event.kind)),
        };
        let came = self.lives.came(thing);
        let one = [made, came].into_iter().flatten().min_by_key(|one| one.at)?;
        Some(Since { commit: one.commit, what: what(one.event, thing.subject) })
    }

    /// The newest event of the subject that counts, or of its whole where that speaks about it (the keys of a column).
    fn last(&self, thing: Thing<'_>, counts: &dyn Fn(&Event) -> bool) -> Option<Happened<'a>> {
        let own = self.lives.events(thing).into_iter().find(|one| counts(one.event));
        let Some((whole, part)) = thing.subject.rsplit_once('.').filter(|_| thing.layer == Layer::Sql) else {
            return own;
        };
        let quoted = format!("`{part}`");
        let about = |event: &Event| {
            let texts = [Some(&event.detail), event.before.as_ref(), event.after.as_ref()];
            texts.into_iter().flatten().any(|text| text.contains(&quoted))
        };
        let keys = self.lives.events(Thing { subject: whole, ..thing }).into_iter();
        let key = keys.into_iter().find(|one| is_key(one.event.kind) && counts(one.event) && about(one.event));
        [own, key].into_iter().flatten().min_by_key(|one| one.at)
    }
}

/// Kinds that say something about keys, at the table.
fn is_key(kind: Kind) -> bool {
    matches!(kind, Kind::PrimaryKeyChanged | Kind::KeyAdded | Kind::KeyRemoved | Kind::KeyChanged)
}

/// Whether the set of values changes: not by names, notes, order, or what is written where nothing is sent.
fn is_domain(kind: Kind) -> bool {
    !is_key(kind)
        && !matches!(
            kind,
            Kind::EntityRenamed
                | Kind::AttributeRenamed
                | Kind::AttributeDeprecated
                | Kind::OperationDeprecated
                | Kind::DefaultChanged
                | Kind::KeywordChanged
                | Kind::ColumnOrderChanged
                | Kind::GenerationChanged
                | Kind::FormulaChanged
                | Kind::XmlChanged
        )
}

/// What the event did, from where the subject stands.
fn what(event: &Event, subject: &str) -> String {
    let words = event.kind.name().replace('-', " ");
    let entity = event.entity.map_or("schema", |kind| kind.name());
    let short = event.after.as_deref().filter(|text| !text.is_empty() && text.len() <= 40 && !text.contains('`'));
    match event.kind {
        Kind::EntityAdded | Kind::AttributeAdded | Kind::OperationAdded | Kind::ParameterAdded => {
            let part = subject.len() > event.subject.len() && subject.contains(['.', ' ']);
            match (part, event.kind) {
                (true, Kind::EntityAdded) => format!("added with {entity} `{}`", event.subject),
                (true, _) => format!("added with `{}`", event.subject),
                _ => "added".to_string(),
            }
        }
        Kind::AttributeDeprecated | Kind::OperationDeprecated => "deprecated".to_string(),
        Kind::EntityRenamed | Kind::AttributeRenamed => match &event.other_name {
            Some(new) => format!("renamed to `{new}`"),
            None => "renamed".to_string(),
        },
        _ => match (words.strip_suffix(" changed"), short) {
            (Some(_), Some(after)) => format!("{words} to `{after}`"),
            _ => words,
        },
    }
}
