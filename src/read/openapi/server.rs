//! Where the API is served.

use crate::model::origin::Origin;

use super::cursor::Cursor;
use super::reader::Reader;
use super::version::Version;

impl Reader<'_> {
    pub(super) fn servers(&mut self, root: &Cursor) {
        if self.version == Version::V20 {
            return self.base_url(root);
        }
        for server in self.list(root, "servers") {
            if let Some(url) = self.words(&server, "url") {
                self.api.servers.push((url, server.origin()));
            }
        }
    }

    /// `host` and `basePath` as one URL for each of `schemes`; without a host the path alone.
    fn base_url(&mut self, root: &Cursor) {
        let base = self.words(root, "basePath").unwrap_or_default();
        let origin_of = |key: &str| root.get(key).map(|field| field.whole());
        let Some(host) = self.words(root, "host") else {
            if let Some(origin) = origin_of("basePath") {
                self.api.servers.push((base, origin));
            }
            return;
        };
        let origin: Origin = origin_of("host").unwrap_or(root.origin());
        let schemes = self.list(root, "schemes");
        let mut urls: Vec<String> =
            schemes.iter().filter_map(|s| Some(format!("{}://{host}{base}", s.text()?))).collect();
        if urls.is_empty() {
            urls.push(format!("//{host}{base}"));
        }
        self.api.servers.extend(urls.into_iter().map(|url| (url.into(), origin)));
    }
}
