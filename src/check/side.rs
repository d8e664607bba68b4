//! Reading one or both revisions into models; what both share is read once.

use std::sync::Arc;

use crate::config::Config;
use crate::model::api::Api;
use crate::model::link::Proposal;
use crate::model::sql::Schema;
use crate::model::{Link, Model, Problem, origin::Read};
use crate::revision::{EntryKind, Tree};
use crate::source::{ContractSource, Files, Snapshot, Sources, SqlSource, discover, discover_pair};
use crate::{link, read};

use super::dumps;

/// One revision, read.
pub struct Side {
    pub sources: Sources,
    pub model: Model,
    /// One per contract of `model`: problems that concern it alone say whether it may be compared.
    pub unreadable: Vec<bool>,
}

impl Side {
    /// True when neither a contract nor SQL was found.
    pub fn is_empty(&self) -> bool {
        self.sources.contracts.is_empty() && self.sources.sql.is_empty()
    }

    /// The SQL sources with what was read from them.
    pub fn sql(&self) -> impl Iterator<Item = (&SqlSource, &Schema)> {
        self.sources.sql.iter().zip(self.model.schemas.iter().map(|schema| &**schema))
    }
}

/// One revision as `driftline model` shows it.
pub struct Understanding {
    pub model: Model,
    pub sources: Sources,
    pub links: Vec<Link>,
    pub files: Files,
}

impl Understanding {
    /// What people may want to settle under `links:`.
    pub fn proposals(&self, config: &Config) -> Vec<Proposal> {
        link::propose(&self.model, &link::Settled(&config.links))
    }
}

/// Reads one revision for commands that show it.
pub fn understand(tree: &Tree, config: &Config) -> Understanding {
    let files = Files::default();
    let side = read_one(tree, &files, &read::document::Cache::default(), config);
    let links = link::link(&side.model, &link::Settled(&config.links));
    Understanding { model: side.model, sources: side.sources, links, files }
}

/// Reads one revision.
pub fn read_one(tree: &Tree, files: &Files, documents: &read::document::Cache, config: &Config) -> Side {
    let reader = Reader { snapshot: Snapshot::new(tree, files), documents };
    let sources = discover(&reader.snapshot, config);
    let parts = reader.read(&sources, |_| true, |_| true, &|_| false);
    assemble(sources, parts)
}

/// Reads both revisions, side by side. What has the same bytes in both is read once and shared.
pub fn read_both(
    base: &Tree,
    head: &Tree,
    files: &Files,
    documents: &read::document::Cache,
    config: &Config,
) -> (Side, Side) {
    let base_reader = Reader { snapshot: Snapshot::new(base, files), documents };
    let head_reader = Reader { snapshot: Snapshot::new(head, files), documents };
    let (base_sources, head_sources) = discover_pair(&base_reader.snapshot, &head_reader.snapshot, config);
    let changed = |path: &str| !same_file(base, head, path);
    let (base_parts, mut head_parts) = std::thread::scope(|scope| {
        // Only what is new in head is asked for its way back.
        let base_work = scope.spawn(|| base_reader.read(&base_sources, |_| true, |_| true, &|_| false));
        // What looks unchanged waits for the base, which may spare us the reading.
        let head_parts = head_reader.read(
            &head_sources,
            |contract| !same_file(base, head, &contract.path),
            |source| !source.files.iter().all(|file| same_file(base, head, &file.path)),
            &changed,
        );
        (base_work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), head_parts)
    });
    for (source, part) in head_sources.contracts.iter().zip(&mut head_parts.contracts) {
        if part.is_none() {
            let twin = base_sources.contracts.iter().position(|c| c == source);
            let twin = twin.and_then(|at| base_parts.contracts.get(at)).and_then(Option::as_ref);
            let shared = twin.filter(|twin| unchanged(&twin.value, base, head, files));
            *part = Some(shared.cloned().unwrap_or_else(|| head_reader.contract(source)));
        }
    }
    for (source, part) in head_sources.sql.iter().zip(&mut head_parts.schemas) {
        if part.is_none() {
            let twin = base_sources.sql.iter().position(|s| s == source);
            let twin = twin.and_then(|at| base_parts.schemas.get(at)).and_then(Option::as_ref);
            *part = Some(twin.cloned().unwrap_or_else(|| head_reader.schema(source, &changed)));
        }
    }
    let revision = |snapshot, sources| dumps::Revision { snapshot, sources };
    let (old, new) = dumps::read_both(
        &revision(base_reader.snapshot, &base_sources),
        &revision(head_reader.snapshot, &head_sources),
    );
    let (mut base, mut head) = (assemble(base_sources, base_parts), assemble(head_sources, head_parts));
    (base.model.dumps, head.model.dumps) = (old, new);
    (base, head)
}

/// The same bytes at the same path, known without reading.
fn same_file(base: &Tree, head: &Tree, path: &str) -> bool {
    match (base.entry(path), head.entry(path)) {
        (Some(a), Some(b)) => a.kind == EntryKind::File && b.kind == EntryKind::File && a.id.is_some() && a.id == b.id,
        _ => false,
    }
}

/// All files of the contract are the same in head, and nothing was missing that head might have.
fn unchanged(api: &Api, base: &Tree, head: &Tree, files: &Files) -> bool {
    !api.tainted && !api.files.is_empty() && api.files.iter().all(|id| same_file(base, head, &files.get(*id).path))
}

struct Reader<'a> {
    snapshot: Snapshot<'a>,
    documents: &'a read::document::Cache,
}

/// One entry per source; `None` was left to the other side.
struct Parts {
    contracts: Vec<Option<Read<Arc<Api>>>>,
    schemas: Vec<Option<Read<Arc<Schema>>>>,
}

impl Reader<'_> {
    fn read(
        &self,
        sources: &Sources,
        wants_contract: impl Fn(&ContractSource) -> bool,
        wants_sql: impl Fn(&SqlSource) -> bool,
        back: &(dyn Fn(&str) -> bool + Sync),
    ) -> Parts {
        Parts {
            contracts: sources.contracts.iter().map(|s| wants_contract(s).then(|| self.contract(s))).collect(),
            schemas: sources.sql.iter().map(|s| wants_sql(s).then(|| self.schema(s, back))).collect(),
        }
    }

    fn contract(&self, source: &ContractSource) -> Read<Arc<Api>> {
        let read = read::openapi::read(&self.snapshot, &source.path, self.documents);
        Read { value: Arc::new(read.value), problems: read.problems }
    }

    fn schema(&self, source: &SqlSource, back: &(dyn Fn(&str) -> bool + Sync)) -> Read<Arc<Schema>> {
        let read = read::sql::read_with(source, &self.snapshot, back);
        Read { value: Arc::new(read.value), problems: read.problems }
    }
}

fn assemble(sources: Sources, parts: Parts) -> Side {
    let mut model = Model { problems: sources.problems.clone(), ..Model::default() };
    let mut unreadable = Vec::new();
    for part in parts.contracts.into_iter().flatten() {
        let blocked = |p: &Problem| p.incomplete && super::BLOCKING.contains(&p.rule);
        let nothing = part.value.operations.is_empty() && part.value.components.is_empty();
        unreadable.push(part.problems.iter().any(blocked) && (nothing || part.value.tainted));
        model.apis.push(part.value);
        model.problems.extend(part.problems);
    }
    for part in parts.schemas.into_iter().flatten() {
        model.schemas.push(part.value);
        model.problems.extend(part.problems);
    }
    // Several contracts may refer to the same broken file: one problem each.
    let mut seen = std::collections::HashSet::new();
    model.problems.retain(|p| seen.insert((p.rule, p.subject.clone(), p.origin)));
    Side { sources, model, unreadable }
}
