//! Security requirements and the schemes they name.

use crate::model::api::{OauthFlow, Requirement, SecurityScheme};
use crate::model::origin::{Origin, Problem, Text};

use super::cursor::Cursor;
use super::reader::Reader;
use super::version::Version;

impl Reader<'_> {
    pub(super) fn security_schemes(&mut self, root: &Cursor) {
        let holder = match self.version {
            Version::V20 => Some((root.clone(), "securityDefinitions")),
            _ => root.get("components").and_then(|c| self.follow(c)).map(|c| (c, "securitySchemes")),
        };
        let Some((holder, key)) = holder else { return };
        for item in self.mapping(&holder, key) {
            let Some(scheme) = self.follow(item.clone()) else { continue };
            let (summary, flows) = self.summary(&scheme);
            let scheme = SecurityScheme { summary, flows, origin: item.whole() };
            self.api.security_schemes.insert(item.name_text(), scheme);
        }
    }

    /// What a client must know, in one spelling for all versions, and the OAuth flows.
    fn summary(&mut self, scheme: &Cursor) -> (String, Vec<OauthFlow>) {
        let kind = self.words(scheme, "type").unwrap_or_default();
        let mut word = |key: &str| self.words(scheme, key).unwrap_or_default();
        let summary = match &*kind {
            "apiKey" => format!("apiKey in {} {}", word("in"), word("name")),
            "http" => format!("http {}", word("scheme").to_lowercase()),
            "basic" => "http basic".to_string(),
            "openIdConnect" => format!("openIdConnect {}", word("openIdConnectUrl")),
            "oauth2" => return ("oauth2".to_string(), self.flows(scheme)),
            "" => {
                self.invalid(scheme, "a security scheme must have a `type`");
                String::new()
            }
            "mutualTLS" => "mutualTLS".to_string(),
            other => {
                self.remark(scheme, format!("`{other}` is no type of a security scheme"));
                other.to_string()
            }
        };
        (summary, Vec::new())
    }

    fn flows(&mut self, scheme: &Cursor) -> Vec<OauthFlow> {
        let mut flows: Vec<OauthFlow> = Vec::new();
        if self.version == Version::V20 {
            let name = match &*self.words(scheme, "flow").unwrap_or_default() {
                "application" => "clientCredentials".into(),
                "accessCode" => "authorizationCode".into(),
                other => other.into(),
            };
            flows.push(self.flow(name, scheme));
        } else {
            for flow in self.mapping(scheme, "flows").iter().filter(|flow| !flow.name().starts_with("x-")) {
                flows.push(self.flow(flow.name_text(), flow));
            }
        }
        flows.sort();
        flows
    }

    fn flow(&mut self, name: Text, flow: &Cursor) -> OauthFlow {
        let mut urls = Vec::new();
        for key in ["authorizationUrl", "tokenUrl", "deviceAuthorizationUrl", "refreshUrl"] {
            urls.extend(self.words(flow, key).map(|url| (key, url)));
        }
        let mut scopes: Vec<Text> = self.mapping(flow, "scopes").iter().map(Cursor::name_text).collect();
        scopes.sort();
        OauthFlow { name, urls, scopes }
    }

    /// The name of a scheme that is asked for. One that nothing declares cannot be met. From 3.2 on the address of a scheme
    /// stands for it.
    fn scheme_name(&mut self, scheme: &Cursor) -> Text {
        let name = self.scheme_meant(scheme);
        if !self.asked.contains(&name) {
            self.asked.insert(name.clone());
        }
        name
    }

    fn scheme_meant(&mut self, scheme: &Cursor) -> Text {
        let name = scheme.name();
        let known = |name: &str| self.api.security_schemes.contains_key(name);
        let addressed = self.version >= Version::V32 && name.contains(['/', '#']);
        match name.strip_prefix("#/components/securitySchemes/").filter(|_| addressed) {
            Some(own) if !known(name) && known(own) => return own.into(),
            // Once for each name, however many operations ask for it.
            _ if !addressed && !known(name) && self.undeclared.insert(name.into()) => {
                let message = format!(
                    "The security scheme `{name}` is asked for and declared nowhere: nobody knows what to send."
                );
                self.problem(Problem::remark("security-scheme-undeclared", name, scheme.whole(), message));
            }
            _ => {}
        }
        scheme.name_text()
    }

    /// The requirements of an operation: its own, else the document's. An empty list says the same as one empty
    /// alternative: no authentication.
    pub(super) fn security(&mut self, root: &Cursor, operation: &Cursor) -> (Option<Vec<Requirement>>, Option<Origin>) {
        let holder = if operation.get("security").is_some() { operation } else { root };
        let Some(field) = holder.get("security") else { return (None, None) };
        let mut alternatives = Vec::new();
        for item in self.list_value(&field) {
            let mut schemes: Vec<(Text, Vec<Text>)> = Vec::new();
            for scheme in self.mapping_value(&item) {
                let mut scopes: Vec<Text> =
                    self.list_value(&scheme).iter().filter_map(|s| s.text().map(Text::from)).collect();
                scopes.sort();
                schemes.push((self.scheme_name(&scheme), scopes));
            }
            schemes.sort();
            alternatives.push(Requirement { schemes });
        }
        if alternatives.is_empty() {
            alternatives.push(Requirement { schemes: Vec::new() });
        }
        (Some(alternatives), Some(field.whole()))
    }
}
