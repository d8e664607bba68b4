//! Components other than schemas that nothing asks for.
//!
//! References are followed from operations on, so what was never followed to is used by none: what only another unused
//! component refers to is unused, too. A component that is itself a reference may go by its target's name and is left out.

use std::collections::BTreeSet;

use crate::model::api::Unused;
use crate::model::origin::Origin;
use crate::read::document::Document;

use super::cursor::Cursor;
use super::reader::Reader;
use super::version::Version;

/// Section and what one of its entries is. Examples are not read, so it is not known which of them are used.
const SECTIONS: [(&str, &str); 8] = [
    ("parameters", "parameter"),
    ("responses", "response"),
    ("requestBodies", "request body"),
    ("headers", "header"),
    ("links", "link"),
    ("callbacks", "callback"),
    ("pathItems", "path item"),
    ("mediaTypes", "media type"),
];

impl Reader<'_> {
    /// To be asked when everything is read.
    pub(super) fn find_unused(&mut self, root: &Cursor) {
        let (holder, schemes) = match self.version {
            Version::V20 => (Some(root.clone()), "securityDefinitions"),
            _ => (root.get("components").filter(|c| c.reference().is_none()), "securitySchemes"),
        };
        // Of a key that is given twice one value does not count (a template has both branches), and may use anything.
        let twice =
            |doc: &std::sync::Arc<Document>| doc.problems().iter().any(|problem| problem.rule == "key-duplicate");
        let Some(holder) = holder.filter(|_| !self.documents.all().any(twice)) else { return };
        let targets: BTreeSet<Origin> = self.resolved.values().flatten().map(Cursor::origin).collect();
        let followed = |component: &Cursor| {
            let whole = component.origin();
            targets.range(whole..).next().is_some_and(|target| target.within(whole))
        };
        let entries = |key: &str| {
            let section = holder.get(key).filter(|section| section.is_mapping() && section.reference().is_none());
            section.map(|section| section.entries().collect::<Vec<_>>()).unwrap_or_default()
        };
        for (section, what) in SECTIONS {
            for entry in entries(section) {
                let other = entry.name().starts_with("x-") || !entry.is_mapping() || entry.reference().is_some();
                if !other && !followed(&entry) {
                    self.api.unused.push(unused(what, &entry));
                }
            }
        }
        if let Some(security) = root.get("security") {
            for alternative in security.items() {
                self.asked.extend(alternative.entries().map(|scheme| scheme.name_text()));
            }
        }
        for entry in entries(schemes) {
            if !entry.name().starts_with("x-") && !self.asked.contains(entry.name()) {
                self.api.unused.push(unused("security scheme", &entry));
            }
        }
    }
}

fn unused(what: &'static str, entry: &Cursor) -> Unused {
    Unused { what, name: entry.name_text(), origin: entry.key_origin() }
}
