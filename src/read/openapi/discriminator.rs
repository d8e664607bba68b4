//! `discriminator`: the property that says which schema is meant, and which of its values mean which.

use crate::model::api::{Discriminator, Mapped, Shape, ShapeId};
use crate::read::document::Scalar;

use super::cursor::Cursor;
use super::reader::Reader;

impl Reader<'_> {
    pub(super) fn discriminator(&mut self, field: &Cursor, shape: &mut Shape) {
        // Swagger 2.0 gives the name alone.
        let property = match field.scalar() {
            Scalar::String(name) => Some(name.into()),
            _ => self.words(field, "propertyName"),
        };
        let Some(property) = property else {
            return self.invalid(field, "`discriminator` must name a property with `propertyName`");
        };
        let entries = if field.is_mapping() { self.mapping(field, "mapping") } else { Vec::new() };
        let mut mapping = Vec::new();
        for entry in entries.iter().filter(|entry| entry.text().is_some()) {
            let target = self.mapped(entry);
            mapping.push(Mapped { value: entry.name_text(), target, origin: entry.whole() });
        }
        mapping.sort_by(|a, b| a.value.cmp(&b.value));
        shape.discriminator = Some(Discriminator { property, mapping });
    }

    /// The schema of a mapping entry: the component of that name, else what it leads to as a reference.
    fn mapped(&mut self, entry: &Cursor) -> Option<ShapeId> {
        let text = entry.text()?;
        let roots = [self.documents.root(0), self.documents.root(entry.slot)];
        if let Some(named) = roots.into_iter().flatten().find_map(|root| declared(&root, text)) {
            return Some(self.shape(&named));
        }
        let target = self.hinted(entry)?;
        Some(self.referenced(text, &target))
    }
}

/// The schema that a document declares under the name.
fn declared(root: &Cursor, name: &str) -> Option<Cursor> {
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    [schemas, root.get("definitions")].into_iter().flatten().find_map(|holder| holder.get(name))
}
