//! Where the API is served.

use crate::model::api::{Server, ServerVariable};
use crate::model::origin::{Origin, Text};

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
            self.check_server(&server);
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
            servers.push(Server { url, variables, parts: Vec::new(), origin: server.origin() });
        }
        servers
    }

    /// `host` and `basePath` as one URL for each scheme; without a host the path alone.
    fn base_url(&mut self, root: &Cursor, schemes: &[Cursor]) -> Vec<Server> {
        let origin_of = |key: &str| root.get(key).map(|field| field.whole());
        let base = (self.words(root, "basePath").unwrap_or_default(), origin_of("basePath"));
        let host = (self.words(root, "host").unwrap_or_default(), origin_of("host"));
        let mut schemes: Vec<(Text, Option<Origin>)> =
            schemes.iter().filter_map(|s| Some((s.text()?.into(), Some(s.origin())))).collect();
        if host.0.is_empty() || schemes.is_empty() {
            schemes = vec![("".into(), None)];
        }
        let Some(origin) = host.1.or(base.1) else { return Vec::new() };
        let url = |scheme: &str| match (scheme, &*host.0) {
            (_, "") => base.0.to_string(),
            ("", host) => format!("//{host}{}", base.0),
            (scheme, host) => format!("{scheme}://{host}{}", base.0),
        };
        let server = |scheme: (Text, Option<Origin>)| Server {
            url: url(&scheme.0).into(),
            variables: Vec::new(),
            origin: scheme.1.unwrap_or(origin),
            parts: vec![scheme, host.clone(), base.clone()],
        };
        schemes.into_iter().map(server).collect()
    }
}
