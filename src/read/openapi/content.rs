//! `content`: media types with their shapes, of bodies, responses, parameters and headers.

use crate::model::api::{Body, Encoding, Media};
use crate::model::origin::Text;
use crate::read::document::canonical;

use super::cursor::Cursor;
use super::reader::Reader;
use super::schema::list_of;

impl Reader<'_> {
    /// The request body of an operation from 3.0 on.
    pub(super) fn body(&mut self, operation: &Cursor) -> Option<Body> {
        let item = operation.get("requestBody")?;
        let body = self.follow(item.clone())?;
        if !body.is_mapping() {
            self.invalid(&item, "`requestBody` must be a mapping");
            return None;
        }
        Some(Body {
            required: self.flag(&body, "required"),
            media: self.content(&body),
            origin: item.whole(),
            required_origin: body.get("required").map(|r| r.whole()),
        })
    }

    /// The media types of a `content` field.
    pub(super) fn content(&mut self, holder: &Cursor) -> Vec<Media> {
        let mut media = Vec::new();
        for item in self.mapping(holder, "content") {
            let Some(kind) = self.follow(item.clone()) else { continue };
            if !kind.is_mapping() {
                self.invalid(&item, "a media type must be a mapping");
                continue;
            }
            // 3.2: a stream is a list of its items.
            let stream = kind.get("itemSchema").filter(|_| !kind.has("schema")).map(|items| {
                let item_shape = self.shape(&items);
                self.add(list_of(item_shape, Some(items.origin())))
            });
            let shape = kind.get("schema").map(|schema| self.shape(&schema)).or(stream);
            let encoding = self.encodings(&kind);
            media.push(Media { name: item.name_text(), shape, encoding, origin: item.whole() });
        }
        media
    }

    /// What a media type says about the parts of a form.
    fn encodings(&mut self, media: &Cursor) -> Vec<Encoding> {
        let mut fields = self.mapping(media, "encoding");
        fields.extend(["prefixEncoding", "itemEncoding"].iter().filter_map(|key| media.get(key)));
        let mut encodings = Vec::new();
        for field in fields {
            let types = field.get("contentType").and_then(|t| t.text().map(ToString::to_string)).unwrap_or_default();
            let mut types: Vec<Text> =
                types.split(',').map(|t| t.trim().into()).filter(|t: &Text| !t.is_empty()).collect();
            types.sort();
            for header in field.get("headers").iter().flat_map(Cursor::entries) {
                self.mark_used(&header);
            }
            let mut rest = self.value(&field).map(canonical).unwrap_or_default();
            if let Some(said) = rest.as_object_mut() {
                said.retain(|key, _| key != "contentType" && !key.starts_with("x-"));
            }
            encodings.push(Encoding { part: field.name_text(), types, rest, origin: field.whole() });
        }
        encodings
    }
}
