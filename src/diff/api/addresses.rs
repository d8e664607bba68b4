//! Addresses of servers in one spelling, and base paths that moved between servers and paths.

use std::collections::HashSet;

use crate::model::api::{Api, Operation, OperationKind, Server, ServerVariable};

/// Addresses that one server stands for with its variables filled in, at most.
const FILLED: usize = 64;

/// Scheme and host without case and usual port, no slash at the end, variables without names.
pub fn plain(url: &str) -> String {
    let (authority, path) = split(url);
    let authority = authority.to_lowercase();
    let usual =
        [("https://", ":443"), ("http://", ":80")].into_iter().find(|(scheme, _)| authority.starts_with(scheme));
    let authority = usual.and_then(|(_, port)| authority.strip_suffix(port)).unwrap_or(&authority);
    nameless(&format!("{authority}{path}"))
}

/// `https://{}.example.org` for `https://{region}.example.org`
fn nameless(url: &str) -> String {
    let mut out = String::new();
    let mut rest = url;
    while let Some((before, (_, after))) = rest.split_once('{').and_then(|(b, a)| Some((b, a.split_once('}')?))) {
        out.push_str(before);
        out.push_str("{}");
        rest = after;
    }
    out + rest
}

/// `https://api.example.org` and `/v1`
fn split(url: &str) -> (&str, &str) {
    let url = url.trim_end_matches('/');
    let start = url.find("//").map_or(0, |at| at + 2);
    let end = if start == 0 { 0 } else { url[start..].find('/').map_or(url.len(), |at| start + at) };
    url.split_at(end)
}

/// True when it names a host.
pub fn is_absolute(server: &Server) -> bool {
    server.url.contains("//")
}

/// The variables in the order in which they stand in the URL.
pub fn variables(server: &Server) -> Vec<&ServerVariable> {
    let names = server.url.split('{').skip(1).filter_map(|part| part.split_once('}'));
    names.filter_map(|(name, _)| server.variables.iter().find(|v| *v.name == *name)).collect()
}

/// The addresses with all offered values of the variables filled in; variables that take any value stay.
pub fn filled(server: &Server) -> Vec<String> {
    let mut urls = vec![server.url.to_string()];
    for variable in &server.variables {
        let Some(values) = &variable.values else { continue };
        if urls.len() * values.len() > FILLED {
            break;
        }
        let place = format!("{{{}}}", variable.name);
        urls = urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&place, value))).collect();
    }
    urls.iter().map(|url| plain(url)).collect()
}

/// What stands before the paths of each side when part of the address of all servers moved to the paths, or back.
#[derive(Default, Clone)]
pub struct Shift {
    pub base: String,
    pub head: String,
}

impl Shift {
    /// The shift of all servers, when the operations went along.
    pub fn of(base: &Api, head: &Api) -> Self {
        let none = Self::default();
        let hosts = |api: &Api| -> Vec<(String, String)> {
            let here = || vec![(String::new(), String::new())];
            let split = |server: &Server| {
                let (authority, path) = split(&server.url);
                (plain(authority), path.to_string())
            };
            if api.servers.is_empty() { here() } else { api.servers.iter().map(split).collect() }
        };
        let (ours, theirs) = (hosts(base), hosts(head));
        let of_first = || {
            let (host, path) = ours.first()?;
            let (_, other) = theirs.iter().find(|(h, p)| h == host && p != path)?;
            let base = path.strip_prefix(other.as_str()).filter(|rest| rest.starts_with('/'));
            let head = other.strip_prefix(path.as_str()).filter(|rest| rest.starts_with('/'));
            (base.is_some() || head.is_some()).then(|| Self {
                base: base.unwrap_or_default().to_string(),
                head: head.unwrap_or_default().to_string(),
            })
        };
        let Some(shift) = of_first() else { return none };
        let moved = |(host, path): &(String, String)| {
            theirs.iter().any(|(h, p)| h == host && format!("{path}{}", shift.head) == format!("{p}{}", shift.base))
        };
        let followed = |shift: &Self| {
            let known: HashSet<String> = head.operations.iter().map(|o| shift.head_key(o)).collect();
            base.operations.iter().filter(|o| known.contains(&shift.base_key(o))).count()
        };
        if ours.iter().all(moved) && followed(&shift) > followed(&none) { shift } else { none }
    }

    fn base_key(&self, operation: &Operation) -> String {
        keyed(operation, &self.base)
    }

    fn head_key(&self, operation: &Operation) -> String {
        keyed(operation, &self.head)
    }

    /// True when nothing moved.
    pub fn is_none(&self) -> bool {
        self.base.is_empty() && self.head.is_empty()
    }
}

fn keyed(operation: &Operation, prefix: &str) -> String {
    match operation.kind {
        OperationKind::Path => format!("{} {prefix}{}", operation.method, nameless(&operation.path)),
        _ => operation.id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        for (url, expected) in [
            ("HTTPS://API.Example.org:443/V1/", "https://api.example.org/V1"),
            ("http://a.org:443", "http://a.org:443"),
            ("https://{region}.a.org/{v}", "https://{}.a.org/{}"),
            ("//a.org/v1", "//a.org/v1"),
            ("/v1/", "/v1"),
            ("/", ""),
        ] {
            assert_eq!(plain(url), expected, "{url}");
        }
    }
}
