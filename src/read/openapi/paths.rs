//! The document around the operations: what is named at its root, and the path items wherever they stand.

use std::collections::{HashMap, VecDeque};

use crate::model::api::{Operation, OperationKind};
use crate::model::origin::Text;
use crate::read::document::Scalar;

use super::cursor::{Cursor, Place};
use super::parameter::Read;
use super::reader::Reader;
use super::version::Version;

/// Callbacks inside callbacks are read this deep.
const CALLBACK_DEPTH: usize = 4;
/// Operations and their parts that any contract may have; GitHub's has 20,000. References multiply: a file of 1 MB can ask
/// for 10^8. What is written out has a node each, so a large contract may have as many parts as nodes.
const PARTS: usize = 200_000;

/// A path item that waits to be read.
pub(super) struct Item {
    pub kind: OperationKind,
    /// The path, webhook name or callback expression.
    pub path: Text,
    pub cursor: Cursor,
    /// ` of POST /subscribe` for callbacks.
    pub suffix: String,
    /// Path items around a callback.
    pub around: Vec<Place>,
}

/// What an operation inherits from where it stands.
pub(super) struct Standing<'a> {
    pub root: &'a Cursor,
    pub item: &'a Item,
    /// The path item, references followed.
    pub place: &'a Cursor,
    pub shared: &'a [Read],
}

/// Keys of a path item that are known and no methods.
const NO_METHODS: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];
/// Where path items are named; `x-webhooks` is what contracts wrote before 3.1.
const SECTIONS: [(&str, OperationKind); 3] =
    [("paths", OperationKind::Path), ("webhooks", OperationKind::Webhook), ("x-webhooks", OperationKind::Webhook)];
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Reader<'_> {
    /// Reads everything from the root of the contract.
    pub(super) fn document(&mut self, root: &Cursor) {
        if let Some(info) = root.get("info").and_then(|info| self.follow(info)) {
            self.api.title = self.words(&info, "title").unwrap_or_default();
            self.api.version = self.words(&info, "version").unwrap_or_default();
            self.api.version_at = info.get("version").map(|version| version.origin());
        }
        self.servers(root);
        self.declare_schemas(root);
        self.security_schemes(root);
        let mut items: VecDeque<Item> = VecDeque::new();
        for (key, kind) in SECTIONS {
            let field = root.get(key).and_then(|field| self.follow(field));
            self.api.gaps.anywhere |= root.get(key).is_some() && !field.as_ref().is_some_and(Cursor::is_mapping);
            for cursor in field.map(|field| self.mapping_value(&field)).unwrap_or_default() {
                if cursor.name().starts_with("x-") {
                    continue;
                }
                if kind == OperationKind::Path && !cursor.name().starts_with('/') {
                    self.remark(&cursor, format!("the path `{}` must begin with `/`", cursor.name()));
                }
                items.push_back(Item {
                    kind,
                    path: cursor.name_text(),
                    cursor,
                    suffix: String::new(),
                    around: Vec::new(),
                });
            }
        }
        self.ambiguous(&items);
        // A document that breaks off early has its problem already.
        let nothing = items.is_empty() && self.declared.is_empty() && !self.api.tainted;
        if nothing && !root.has("components") && !SECTIONS.iter().any(|(key, _)| root.has(key)) {
            self.invalid(root, "the contract has no `paths`");
        }
        while let Some(item) = items.pop_front() {
            self.item(root, item, &mut items);
        }
        self.check_names();
        self.drain();
        self.find_unused(root);
    }

    fn declare_schemas(&mut self, root: &Cursor) {
        let holder = match self.version {
            Version::V20 => Some((root.clone(), "definitions")),
            _ => root.get("components").and_then(|c| self.follow(c)).map(|c| (c, "schemas")),
        };
        let Some((holder, key)) = holder else { return };
        for schema in self.mapping(&holder, key) {
            let id = self.shape(&schema);
            self.declared.push((schema.name_text(), id));
        }
    }

    /// Two paths that differ only in the names of their parameters match the same requests.
    fn ambiguous(&mut self, items: &VecDeque<Item>) {
        let mut known: HashMap<String, Text> = HashMap::new();
        for item in items.iter().filter(|item| item.kind == OperationKind::Path) {
            let template = unnamed(&item.path);
            if let Some(first) = known.get(&template) {
                let message = format!("`{}` and `{first}` match the same requests", item.path);
                self.remark(&item.cursor, message);
            } else {
                known.insert(template, item.path.clone());
            }
        }
    }

    fn item(&mut self, root: &Cursor, item: Item, items: &mut VecDeque<Item>) {
        let Some(cursor) = self.follow(item.cursor.clone()) else { return self.gap(&item) };
        if cursor.scalar() == Scalar::Null {
            return;
        }
        if !cursor.is_mapping() {
            self.gap(&item);
            return self.invalid(&item.cursor, format!("`{}` must be a mapping of methods", item.path));
        }
        if !self.afford(&item.cursor, 1) {
            return self.gap(&item);
        }
        let shared = self.parameters(&cursor);
        self.parts = self.parts.saturating_add(shared.len());
        let at = Standing { root, item: &item, place: &cursor, shared: &shared };
        for field in cursor.entries() {
            let name = field.name();
            let method = METHODS.contains(&name) || (name == "query" && self.version >= Version::V32);
            // A template fills the method in: the operation is kept under what is written.
            if method || name.contains("{{") {
                self.enter(&at, &field, name.to_ascii_uppercase(), items);
            } else if name == "additionalOperations" && self.version >= Version::V32 {
                for extra in self.holding(&item, field) {
                    let method = extra.name().to_string();
                    self.enter(&at, &extra, method, items);
                }
            } else if !name.starts_with("x-") && !NO_METHODS.contains(&name) {
                self.gap(&item);
                self.invalid(&field, format!("`{name}` is no method of {}", self.version.format()));
            }
        }
    }

    /// The entries of a field that holds operations.
    fn holding(&mut self, item: &Item, field: Cursor) -> Vec<Cursor> {
        let field = self.follow(field);
        if !field.as_ref().is_some_and(Cursor::is_mapping) {
            self.gap(item);
        }
        field.map(|field| self.mapping_value(&field)).unwrap_or_default()
    }

    /// Operations of the path item may be unread.
    fn gap(&mut self, item: &Item) {
        self.api.gaps.paths.push(item.path.clone());
    }

    fn enter(&mut self, at: &Standing<'_>, field: &Cursor, method: String, items: &mut VecDeque<Item>) {
        let item = at.item;
        let Some(operation) = self.follow(field.clone()) else { return self.gap(item) };
        if !operation.is_mapping() {
            self.gap(item);
            return self.invalid(field, format!("the operation `{method} {}` must be a mapping", item.path));
        }
        let id = match item.kind {
            OperationKind::Path => format!("{method} {}", item.path),
            OperationKind::Webhook => format!("WEBHOOK {method} {}", item.path),
            OperationKind::Callback => format!("CALLBACK {method} {}{}", item.path, item.suffix),
        };
        let read = self.operation(at, field, &operation, method, id.clone());
        if !self.afford(field, size(&read)) {
            return self.gap(item);
        }
        self.check_operation(&read, &item.cursor);
        self.api.operations.push(read);
        if item.around.len() >= CALLBACK_DEPTH || item.around.contains(&at.place.place()) {
            return;
        }
        let around: Vec<Place> = item.around.iter().copied().chain([at.place.place()]).collect();
        let callbacks = operation.get("callbacks").map(|field| self.holding(item, field)).unwrap_or_default();
        for callback in callbacks {
            for cursor in self.holding(item, callback) {
                if cursor.name().starts_with("x-") {
                    continue;
                }
                if !self.afford(&cursor, 1) {
                    return self.gap(item);
                }
                let (path, suffix) = (cursor.name_text(), format!(" of {id}"));
                items.push_back(Item { kind: OperationKind::Callback, path, cursor, suffix, around: around.clone() });
            }
        }
    }

    /// Counts what is about to be kept; false (and a problem) when the contract has grown too large by references.
    fn afford(&mut self, cursor: &Cursor, parts: usize) -> bool {
        self.parts = self.parts.saturating_add(parts);
        let limit = PARTS.max(self.documents.nodes());
        let affordable = self.parts <= limit;
        if !affordable {
            let message =
                format!("with its references followed the contract has more than {limit} parts; this one is not read");
            self.invalid(cursor, message);
        }
        affordable
    }
}

/// Parts of an operation that references can multiply.
fn size(operation: &Operation) -> usize {
    let responses = operation.responses.iter().map(|r| 1 + r.media.len() + r.headers.len());
    let body = operation.body.as_ref().map_or(0, |b| b.media.len());
    let security = operation.security.as_ref().map_or(0, Vec::len);
    1 + operation.parameters.len() + operation.tags.len() + body + security + responses.sum::<usize>()
}

/// The path with every `{name}` as `{}`.
fn unnamed(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        text.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    text + rest
}
