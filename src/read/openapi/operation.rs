//! Operation objects.

use std::collections::HashMap;

use crate::model::Date;
use crate::model::api::{Lifecycle, Operation, ParameterPlace};
use crate::model::origin::Origin;

use super::cursor::Cursor;
use super::parameter::Read;
use super::paths::Standing;
use super::reader::Reader;
use super::version::Version;

/// Where these fields are written.
fn marks(object: &Cursor, keys: &[&'static str]) -> Vec<(&'static str, Origin)> {
    keys.iter().filter_map(|key| Some((*key, object.get(key)?.whole()))).collect()
}

impl Reader<'_> {
    /// What is announced about the future of an operation, a parameter or a property.
    pub(super) fn lifecycle(&mut self, object: &Cursor) -> Lifecycle {
        let sunset = object.get("x-sunset");
        let day = sunset.as_ref().and_then(Cursor::text);
        if let (Some(field), Some(text)) = (&sunset, day)
            && Date::announced(text).is_none()
        {
            self.remark(field, format!("`{text}` is no day: write the announced end as 2031-06-01"));
        }
        Lifecycle {
            deprecated: self.flag(object, "deprecated"),
            sunset: day.map(Into::into),
            stability: object.get("x-stability-level").and_then(|s| s.text().map(Into::into)),
            marks: marks(object, &["deprecated", "x-sunset", "x-stability-level"]),
        }
    }

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
        if self.version == Version::V20 {
            self.check_bodies(operation, &reads);
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
            lifecycle: self.lifecycle(operation),
            marks: marks(operation, &["operationId", "tags"]),
            parameters: parameters.collect(),
            body,
            responses: self.responses(root, operation),
            servers: self.own_servers(root, at.place, operation),
            security,
            security_origin,
            origin: field.whole(),
            key: field.key_origin(),
            path_key: at.item.cursor.key_origin(),
        };
        read.parameters.iter_mut().filter(|p| p.place == ParameterPlace::Path).for_each(|p| p.required = true);
        read
    }
}
