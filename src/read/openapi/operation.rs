//! Operation objects.

use std::collections::HashMap;

use crate::model::api::{Operation, ParameterPlace};

use super::cursor::Cursor;
use super::parameter::Read;
use super::paths::Standing;
use super::reader::Reader;
use super::version::Version;

impl Reader<'_> {
    pub(super) fn operation(
        &mut self,
        at: &Standing<'_>,
        field: &Cursor,
        operation: &Cursor,
        method: String,
        id: String,
    ) -> Operation {
        let root = at.root;
        let mut reads: Vec<Read> = at.shared.to_vec();
        let places: HashMap<_, usize> = at.shared.iter().enumerate().map(|(n, read)| (read.identity(), n)).collect();
        for own in self.parameters(operation) {
            match places.get(&own.identity()).and_then(|n| reads.get_mut(*n)) {
                Some(inherited) => *inherited = own,
                None => reads.push(own),
            }
        }
        let body = match self.version {
            Version::V20 => self.swagger_body(root, operation, &reads),
            _ => self.body(operation),
        };
        let parameters = reads.into_iter().filter_map(|read| match read {
            Read::Parameter(parameter) => Some(*parameter),
            _ => None,
        });
        let tags = self.list(operation, "tags");
        let (security, security_origin) = self.security(root, operation);
        let mut read = Operation {
            id: id.into(),
            kind: at.item.kind,
            method: method.into(),
            path: at.item.path.clone(),
            operation_id: self.words(operation, "operationId"),
            tags: tags.iter().filter_map(|tag| tag.text().map(Into::into)).collect(),
            deprecated: self.flag(operation, "deprecated"),
            sunset: operation.get("x-sunset").and_then(|s| s.text().map(Into::into)),
            stability: operation.get("x-stability-level").and_then(|s| s.text().map(Into::into)),
            parameters: parameters.collect(),
            body,
            responses: self.responses(root, operation),
            servers: self.own_servers(root, at.place, operation),
            security,
            security_origin,
            origin: field.whole(),
            key: field.key_origin(),
        };
        read.parameters.iter_mut().filter(|p| p.place == ParameterPlace::Path).for_each(|p| p.required = true);
        read
    }
}
