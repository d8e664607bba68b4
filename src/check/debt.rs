//! The debt of one revision, or of the step from one to another: read, ask the rules, apply what people settled.

use crate::config::{Allow, Config, Date};
use crate::debt::age::{self, Ages};
use crate::debt::{Count, Entities, Entity, Entry, Since, Standing};
use crate::link;
use crate::model::past::{End, Past};
use crate::model::{Link, Lives, Model, Problem, Remark};
use crate::policy::{self, Found, Gate, Permissions, Said};
use crate::read::document::Cache;
use crate::revision::{Compared, Tree};
use crate::rules::{self, Finding, Looking, Status};
use crate::source::{Files, Owners, Snapshot};

use super::side::{self, Side};
use super::{Error, Settings, remarks};

/// What one revision owes.
pub fn standing(tree: &Tree, settings: &Settings, past: Option<&Past>) -> Result<Standing, Error> {
    let config = settings.config(tree)?;
    let files = Files::default();
    let (side, said) = read(tree, &config, &files);
    if side.side.is_empty() {
        return Err(Error::NothingFound { tried: side.side.sources.tried.clone() });
    }
    let head = Half { tree, side: &side, past, said: &said, allow: &config.allow };
    Ok(judge(None, &head, &config, settings.today, &files))
}

/// What head owes, what the step to it added, and what it paid back.
pub fn between(
    compared: &Compared,
    settings: &Settings,
    pasts: (Option<&Past>, Option<&Past>),
) -> Result<Standing, Error> {
    let config = settings.config(&compared.head)?;
    let files = Files::default();
    let documents = Cache::default();
    let (base, head) = side::read_both(&compared.base, &compared.head, &files, &documents, &config);
    if base.is_empty() && head.is_empty() {
        return Err(Error::NothingFound { tried: head.sources.tried.clone() });
    }
    let settled = link::Settled(&config.links);
    let mut links = (link::link(&base.model, &settled), link::link(&head.model, &settled));
    link::carry(&base.model, &mut links.0, &head.model, &links.1);
    let remarks = (
        remarks::of(&base, Snapshot::new(&compared.base, &files), &documents),
        remarks::of(&head, Snapshot::new(&compared.head, &files), &documents),
    );
    drop(documents);
    let before = settings.own(&compared.base);
    let (base, head) = (Linked { side: base, links: links.0 }, Linked { side: head, links: links.1 });
    let half = |tree, side, past, said, allow| Half { tree, side, past, said, allow };
    let base = half(&compared.base, &base, pasts.0, &remarks.0, &before.allow);
    let head = half(&compared.head, &head, pasts.1, &remarks.1, &config.allow);
    let mut standing = judge(Some(&base), &head, &config, settings.today, &files);
    standing.notes.splice(0..0, compared.notes.iter().cloned());
    Ok(standing)
}

/// The numbers of one of many revisions, measured with one configuration on one day. The table of files may be shared.
pub fn count(tree: &Tree, config: &Config, past: &Past, today: Date, files: &Files) -> Count {
    let (side, said) = read(tree, config, files);
    let head = Half { tree, side: &side, past: Some(past), said: &said, allow: &config.allow };
    let standing = judge(None, &head, config, today, files);
    Count::of(&standing.entries, standing.entities)
}

struct Linked {
    side: Side,
    links: Vec<Link>,
}

fn read(tree: &Tree, config: &Config, files: &Files) -> (Linked, Vec<Remark>) {
    let documents = Cache::default();
    let side = side::read_one(tree, files, &documents, config);
    let said = remarks::of(&side, Snapshot::new(tree, files), &documents);
    let links = link::link(&side.model, &link::Settled(&config.links));
    (Linked { side, links }, said)
}

/// One revision with all that is known of it.
struct Half<'a> {
    tree: &'a Tree,
    side: &'a Linked,
    past: Option<&'a Past>,
    said: &'a [Remark],
    allow: &'a [Allow],
}

impl Half<'_> {
    fn model(&self) -> &Model {
        &self.side.side.model
    }

    fn permitted(&self) -> Said<'_> {
        Said { allow: self.allow, remarks: self.said }
    }
}

/// Without a base head is held against itself: everything stands, and what was permitted once still is.
fn judge(base: Option<&Half<'_>>, head: &Half<'_>, config: &Config, today: Date, files: &Files) -> Standing {
    let halves: Vec<&Half<'_>> = std::iter::once(head).chain(base).collect();
    let twins = policy::Twins::of(halves.iter().rev().flat_map(|half| half.side.side.sql()));
    let nothing = Past { end: End::Range, ..Past::default() };
    let lives: Vec<Lives<'_>> = halves.iter().map(|half| Lives::of(half.past.unwrap_or(&nothing))).collect();
    let told = |half: &Half<'_>, lives: &Lives<'_>| -> Vec<Finding> {
        let side = rules::Side { model: half.model(), links: &half.side.links, limits: &config.debt };
        twins.merge(rules::engine::debt(side, Looking { lives, today }), files)
    };
    let mut told = halves.iter().zip(&lives).map(|(half, lives)| told(half, lives));
    let now = told.next().unwrap_or_default();
    let mut then = told.next().unwrap_or_else(|| now.clone());
    let base = base.unwrap_or(head);
    then.iter_mut().for_each(|finding| finding.base = finding.head.take());
    let permissions = Permissions::of(head.permitted(), base.permitted(), files);
    let gate = Gate { fail_on: None, debt: false, readable: true };
    let found = Found { base: then, head: now, ..Found::default() };
    let judgement = policy::judge(found, config, &permissions, today, files, gate);

    let owners: Vec<Owners> = halves.iter().map(|half| Owners::of(half.tree)).collect();
    let entities: Vec<Entities> = halves.iter().map(|half| Entities::of(half.model(), &half.side.links)).collect();
    let ages: Vec<Ages<'_>> = halves.iter().zip(&lives).map(|(half, lives)| Ages::of(half.model(), lives)).collect();
    let entry = |judged: policy::Judged| {
        let policy::Judged { finding, fingerprint } = judged;
        let side = usize::from(finding.status == Status::Resolved);
        let at = finding.head.or(finding.base).map(|origin| files.locate(origin));
        let path = at.as_ref().map_or("", |at| &at.path);
        let entity = entities.get(side).and_then(|known| known.of_finding(&finding)).cloned();
        Entry {
            owners: owners.get(side).map(|owners| owners.of_path(path)).unwrap_or_default(),
            since: ages.get(side).and_then(|ages| since(ages, &finding)),
            entity: entity.unwrap_or_else(|| Entity::file(path)),
            at,
            finding,
            fingerprint,
        }
    };
    let incomplete = |half: &Half<'_>| half.model().problems.iter().any(|problem: &Problem| problem.incomplete);
    Standing {
        entities: entities.first().map_or(0, Entities::len),
        accepted: judgement.suppressed.len(),
        complete: !halves.iter().any(|half| incomplete(half)),
        names: entities.first().map(Entities::names).unwrap_or_default(),
        owners: owners.first().map(Owners::names).unwrap_or_default(),
        notes: head.past.and_then(cut_off).into_iter().collect(),
        entries: judgement.findings.into_iter().map(entry).collect(),
    }
}

/// What a past that does not reach back to the beginning means for ages.
fn cut_off(past: &Past) -> Option<String> {
    let End::Shallow { commit, date } = &past.end else { return None };
    let short: String = commit.chars().take(7).collect();
    Some(format!(
        "the history of this clone ends at {short} ({date}): what is older has no age; `git fetch --unshallow` brings the rest"
    ))
}

/// The commit since which a finding is so, by what led to its revision.
fn since(ages: &Ages<'_>, finding: &Finding) -> Option<Since> {
    let age::Since { commit, what } = ages.since(finding)?;
    Some(Since {
        commit: commit.id.clone(),
        author: commit.author.clone(),
        date: commit.date,
        subject: commit.subject.clone(),
        what,
    })
}
