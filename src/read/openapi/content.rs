//! `content`: media types with their shapes, of bodies, responses, parameters and headers.

use crate::model::api::{Body, Media};
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
            let encoding = kind.get("encoding").and_then(|e| self.value(&e)).map(canonical);
            media.push(Media { name: item.name_text(), shape, encoding, origin: item.whole() });
        }
        media
    }
}
