//! Responses of all versions.

use crate::model::api::{Link, Response};
use crate::read::document::canonical;

use super::cursor::Cursor;
use super::reader::Reader;
use super::version::Version;

impl Reader<'_> {
    pub(super) fn responses(&mut self, root: &Cursor, operation: &Cursor) -> Vec<Response> {
        let mut responses = Vec::new();
        for item in self.mapping(operation, "responses") {
            if item.name().starts_with("x-") {
                continue;
            }
            let Some(response) = self.follow(item.clone()) else { continue };
            if !response.is_mapping() {
                self.invalid(&item, format!("the response `{}` must be a mapping", item.name()));
                continue;
            }
            self.check_status(&item);
            let media = match self.version {
                Version::V20 => self.swagger_media(root, operation, &response),
                _ => self.content(&response),
            };
            let headers = self.headers(&response);
            let links = self.links(&response);
            let status = if item.name() == "default" { item.name_text() } else { item.name().to_uppercase().into() };
            responses.push(Response { status, media, headers, links, origin: item.whole(), key: item.key_origin() });
        }
        responses
    }

    fn links(&mut self, response: &Cursor) -> Vec<Link> {
        let mut links = Vec::new();
        for item in self.mapping(response, "links") {
            let Some(link) = self.follow(item.clone()) else { continue };
            let mut target = serde_json::Map::new();
            for key in ["operationId", "operationRef", "parameters", "requestBody", "server"] {
                if let Some(value) = link.get(key).and_then(|field| self.value(&field)) {
                    target.insert(key.to_string(), value);
                }
            }
            let target = canonical(serde_json::Value::Object(target));
            links.push(Link { name: item.name_text(), target, origin: item.whole() });
        }
        links
    }
}
