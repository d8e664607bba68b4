//! What only Swagger 2.0 has: bodies among the parameters, media types beside them.

use crate::model::api::{Body, Encoding, Media, Property, Shape};
use crate::model::origin::{Origin, Text};
use crate::model::{Domain, Types};

use super::cursor::Cursor;
use super::parameter::{Read, collection};
use super::reader::Reader;

impl Reader<'_> {
    /// The body that the parameters in `body` or `formData` make up.
    pub(super) fn swagger_body(&mut self, root: &Cursor, operation: &Cursor, reads: &[Read]) -> Option<Body> {
        let body = reads.iter().find_map(|read| match read {
            Read::Body(item, body) => Some((item, body)),
            _ => None,
        });
        if let Some((item, body)) = body {
            let shape = body.get("schema").map(|schema| self.shape(&schema));
            let media = self.media_names(root, operation, "consumes", item.whole());
            return Some(Body {
                required: self.flag(body, "required"),
                media: media
                    .into_iter()
                    .map(|(name, origin)| Media { name, shape, encoding: Vec::new(), origin })
                    .collect(),
                origin: item.whole(),
                required_origin: body.get("required").map(|r| r.whole()),
            });
        }
        self.form(root, operation, reads)
    }

    /// Form fields as one object.
    fn form(&mut self, root: &Cursor, operation: &Cursor, reads: &[Read]) -> Option<Body> {
        let mut properties = Vec::new();
        let mut encodings = Vec::new();
        let mut file = false;
        let mut first = None;
        for read in reads {
            let Read::Form(item, form) = read else { continue };
            first.get_or_insert(item.whole());
            file |= form.get("type").is_some_and(|t| t.text() == Some("file"));
            let Some(name) = form.get("name") else { continue };
            if form.get("type").is_some_and(|t| t.text() == Some("array")) {
                let (style, explode) = collection(form, "form");
                let part = name.text().unwrap_or_default().into();
                let rest = serde_json::json!({"style": &*style, "explode": explode});
                let origin = form.get("collectionFormat").map_or(item.whole(), |format| format.whole());
                encodings.push(Encoding { part, types: Vec::new(), rest, origin });
            }
            properties.push(Property {
                name: name.text().unwrap_or_default().into(),
                shape: self.shape(form),
                required: self.flag(form, "required"),
                required_origin: form.get("required").map(|r| r.whole()),
                origin: item.whole(),
                key: name.origin(),
            });
        }
        let origin = first?;
        let required = properties.iter().any(|p| p.required);
        let shape = self.add(Shape { domain: Domain::of(Types::OBJECT), properties, ..Shape::default() });
        let mut names = self.media_names(root, operation, "consumes", origin);
        names.retain(|(name, _)| matches!(&**name, "multipart/form-data" | "application/x-www-form-urlencoded"));
        if names.is_empty() {
            let usual = if file { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
            names.push((usual.into(), origin));
        }
        let media = names.into_iter().map(|(name, origin)| Media {
            name,
            shape: Some(shape),
            encoding: encodings.clone(),
            origin,
        });
        Some(Body { required, media: media.collect(), origin, required_origin: None })
    }

    /// The media types of a response.
    pub(super) fn swagger_media(&mut self, root: &Cursor, operation: &Cursor, response: &Cursor) -> Vec<Media> {
        let Some(schema) = response.get("schema") else { return Vec::new() };
        let shape = self.shape(&schema);
        let names = self.media_names(root, operation, "produces", schema.whole());
        let media =
            names.into_iter().map(|(name, origin)| Media { name, shape: Some(shape), encoding: Vec::new(), origin });
        media.collect()
    }

    /// `consumes` or `produces` of the operation, else of the document, else JSON.
    fn media_names(&mut self, root: &Cursor, operation: &Cursor, key: &str, fallback: Origin) -> Vec<(Text, Origin)> {
        let holder = if operation.has(key) { operation } else { root };
        let items = self.list(holder, key);
        let mut names: Vec<(Text, Origin)> =
            items.iter().filter_map(|item| Some((item.text()?.into(), item.origin()))).collect();
        if names.is_empty() {
            names.push(("application/json".into(), fallback));
        }
        names
    }
}
