//! Responses of all versions.

use crate::model::api::Response;

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
            let media = match self.version {
                Version::V20 => self.swagger_media(root, operation, &response),
                _ => self.content(&response),
            };
            let headers = self.headers(&response);
            let status = if item.name() == "default" { item.name_text() } else { item.name().to_uppercase().into() };
            responses.push(Response { status, media, headers, origin: item.whole(), key: item.key_origin() });
        }
        responses
    }
}
