//! Where the API is served.

use crate::model::api::{Server, ServerVariable};
use crate::model::origin::Origin;

use super::cursor::Cursor;
use super::reader::Reader;
use super::version::Version;

impl Reader<'_> {
    /// The servers of the whole contract.
    pub(super) fn servers(&mut self, root: &Cursor) {
        self.api.servers = match self.version {
            Version::V20 => {
                let schemes = self.list(root, "schemes");
                self.base_url(root, &schemes)
            }
            _ => self.server_list(root),
        };
    }

    /// The servers of an operation alone: its own, else those of its path.
    pub(super) fn own_servers(&mut self, root: &Cursor, place: &Cursor, operation: &Cursor) -> Vec<Server> {
        if self.version == Version::V20 {
            let schemes = self.list(operation, "schemes");
            return if schemes.is_empty() { Vec::new() } else { self.base_url(root, &schemes) };
        }
        self.server_list(if operation.has("servers") { operation } else { place })
    }

    fn server_list(&mut self, holder: &Cursor) -> Vec<Server> {
        let mut servers = Vec::new();
        for server in self.list(holder, "servers") {
            let Some(url) = self.words(&server, "url") else { continue };
            let mut variables = Vec::new();
            for variable in self.mapping(&server, "variables") {
                let values = variable.has("enum").then(|| {
                    let items = self.list(&variable, "enum");
                    items.iter().filter_map(|item| item.text().map(Into::into)).collect()
                });
                variables.push(ServerVariable {
                    name: variable.name_text(),
                    default: self.words(&variable, "default").unwrap_or_default(),
                    values,
                    origin: variable.whole(),
                });
            }
            variables.sort_by(|a, b| a.name.cmp(&b.name));
            servers.push(Server { url, variables, origin: server.origin() });
        }
        servers
    }

    /// `host` and `basePath` as one URL for each scheme; without a host the path alone.
    fn base_url(&mut self, root: &Cursor, schemes: &[Cursor]) -> Vec<Server> {
        let base = self.words(root, "basePath").unwrap_or_default();
        let origin_of = |key: &str| root.get(key).map(|field| field.whole());
        let at = |url: String, origin: Origin| Server { url: url.into(), variables: Vec::new(), origin };
        let Some(host) = self.words(root, "host") else {
            return origin_of("basePath").map(|origin| at(base.to_string(), origin)).into_iter().collect();
        };
        let origin: Origin = origin_of("host").unwrap_or(root.origin());
        let mut urls: Vec<String> =
            schemes.iter().filter_map(|s| Some(format!("{}://{host}{base}", s.text()?))).collect();
        if urls.is_empty() {
            urls.push(format!("//{host}{base}"));
        }
        urls.into_iter().map(|url| at(url, origin)).collect()
    }
}
