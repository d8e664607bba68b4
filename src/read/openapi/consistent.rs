//! What is written well and does not fit together: remarks, as nothing is missing because of it.

use std::collections::HashMap;

use crate::model::api::{Operation, OperationKind, Parameter, ParameterPlace};
use crate::model::origin::{Origin, Problem, Text};
use crate::read::document::Scalar;

use super::cursor::Cursor;
use super::parameter::Read;
use super::reader::Reader;
use super::version::Version;

/// Names of operations: who had each first, and which were given again.
#[derive(Default)]
pub(super) struct Ids {
    first: HashMap<Text, (Text, Origin)>,
    again: Vec<(Text, Text, Origin)>,
}

impl Reader<'_> {
    fn odd(&mut self, subject: &str, origin: Origin, message: String) {
        self.problem(Problem::remark("contract-invalid", subject, origin, message));
    }

    /// An operation against its path and the operations before it.
    pub(super) fn check_operation(&mut self, operation: &Operation, item: &Cursor) {
        if operation.kind == OperationKind::Path {
            self.check_template(operation, item);
        }
        let id = operation.operation_id.clone().zip(operation.marks.iter().find(|(key, _)| *key == "operationId"));
        if let Some((id, (_, at))) = id {
            match self.ids.first.get(&id).cloned() {
                // A path item that several paths refer to.
                Some((_, first)) if first == *at => {}
                Some((first, _)) => self.ids.again.push((id, first, *at)),
                None => drop(self.ids.first.insert(id, (operation.id.clone(), *at))),
            }
        }
        let place = |wanted| operation.parameters.iter().find(move |p| p.place == wanted);
        if let (Some(whole), Some(_)) = (place(ParameterPlace::QueryString), place(ParameterPlace::Query)) {
            let message = "a parameter in `querystring` is the whole query, and there are others in `query`";
            self.odd(&whole.name, whole.definition, message.into());
        }
    }

    /// Contracts that repeat names do so by the hundred: they are told once.
    pub(super) fn check_names(&mut self) {
        let again = std::mem::take(&mut self.ids.again);
        let Some((id, first, at)) = again.first() else { return };
        let more = match again.len() - 1 {
            0 => String::new(),
            n => format!(", and {n} more names are given again"),
        };
        self.odd(id, *at, format!("the `operationId` `{id}` is that of `{first}` already{more}"));
    }

    fn check_template(&mut self, operation: &Operation, item: &Cursor) {
        let names: Vec<&str> =
            operation.path.split('{').skip(1).map(|part| part.split_once('}').map_or("", |(name, _)| name)).collect();
        if names.contains(&"") {
            return self.odd(
                &operation.path,
                item.key_origin(),
                format!("a `{{` of `{}` is not closed", operation.path),
            );
        }
        let in_path: Vec<&Parameter> =
            operation.parameters.iter().filter(|p| p.place == ParameterPlace::Path).collect();
        for parameter in &in_path {
            if !names.contains(&&*parameter.name) {
                let message = format!("the path `{}` has no `{{{}}}`", operation.path, parameter.name);
                self.odd(&parameter.name, parameter.definition, message);
            }
        }
        // A parameter that could not be read may be the one.
        let open = names.iter().find(|name| !in_path.iter().any(|p| *p.name == ***name)).filter(|_| !self.api.tainted);
        if let Some(name) = open {
            let message = format!("`{{{name}}}` of `{}` is declared by no parameter", operation.path);
            self.odd(name, item.key_origin(), message);
        }
    }

    /// `200`, `4XX`, `default`
    pub(super) fn check_status(&mut self, response: &Cursor) {
        let name = response.name();
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let class = name.starts_with(['1', '2', '3', '4', '5']) && name.len() == 3 && name.is_char_boundary(1);
        let range = class && self.version != Version::V20 && name[1..].eq_ignore_ascii_case("xx");
        if !(name == "default" || range || (class && digits(name)) || name.contains("{{")) {
            self.remark(response, format!("`{name}` is no status, no range of them such as `4XX`, and not `default`"));
        }
    }

    /// What 2.0 keeps among the parameters stands there once.
    pub(super) fn check_bodies(&mut self, operation: &Cursor, reads: &[Read]) {
        let body = reads.iter().any(|read| matches!(read, Read::Body(..)));
        let form = reads.iter().find_map(|read| match read {
            Read::Form(item, _) => Some(item),
            _ => None,
        });
        if let Some(form) = form.filter(|_| body) {
            self.remark(form, "an operation has either a body or form fields; the form fields are not read");
        }
        if let Some(body) = operation.get("requestBody") {
            self.remark(&body, "`requestBody` is no field of Swagger 2.0; it is not read");
        }
    }

    /// A schema is asked for and a component of another kind is named.
    pub(super) fn check_schema_reference(&mut self, reference: &Cursor) {
        let text = reference.text().unwrap_or_default();
        let pointer = text.split_once('#').map_or("", |(_, pointer)| pointer);
        let others = ["parameters", "responses", "requestBodies", "headers", "examples", "links", "securitySchemes"];
        let mut tokens = pointer.split('/').skip(1).skip_while(|token| *token == "components");
        let (holder, name, more) = (tokens.next(), tokens.next(), tokens.next());
        if holder.is_some_and(|holder| others.contains(&holder)) && name.is_some() && more.is_none() {
            self.remark(reference, format!("`{text}` is no schema"));
        }
    }

    /// A server is a mapping with a URL.
    pub(super) fn check_server(&mut self, server: &Cursor) {
        if !server.is_mapping() || server.get("url").is_none_or(|url| url.scalar() == Scalar::Null) {
            self.remark(server, "a server needs a `url`; this one is not read");
        }
    }
}
