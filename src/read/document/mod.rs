//! YAML or JSON bytes in, a tree whose every key and value has a span out.
//!
//! One arena holds either format; strings stay in the file and are copied only when they had escapes or folds. What is
//! wrong with the text becomes problems, and the tree keeps what was read before the fault. Must not know OpenAPI.

mod build;
mod cache;
mod encoding;
mod escape;
mod json;
mod merge;
mod remarks;
mod scalar;
mod template;
mod tree;
mod value;
mod yaml;

use std::sync::Arc;

use crate::model::origin::{FileId, Origin, Problem};
use crate::source::File;

pub use cache::Cache;
pub use remarks::remarks;
pub use tree::{Comment, Document, Entry, NodeId, Scalar};
pub use value::{Budget, TooLarge, canonical};

/// Containers nested deeper than this are not read; real contracts stay below 60.
pub const DEPTH_LIMIT: usize = 1_000;

/// Why reading stopped, and where (bytes of the file).
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    rule: &'static str,
    start: usize,
    end: usize,
    message: String,
}

impl Fault {
    fn new(start: usize, end: usize, message: impl Into<String>) -> Self {
        Self { rule: "document-invalid", start, end, message: message.into() }
    }

    fn depth(at: usize) -> Self {
        let message = format!("values are nested more than {DEPTH_LIMIT} levels deep; what lies deeper is not read");
        Self { rule: "nesting-limit", start: at, end: at + 1, message }
    }
}

/// Reads a file: strict JSON when it looks like JSON, YAML otherwise (also when JSON fails, unless the file is named `.json`).
pub fn parse(id: FileId, file: &Arc<File>) -> Document {
    let decoded = encoding::decode(&file.path, &file.bytes);
    let json = matches!(decoded.text.trim_start().as_bytes().first(), Some(b'{' | b'['));
    let named_json = file.path.to_ascii_lowercase().ends_with(".json");
    let mut fault = None;
    let mut builder = build::Builder::new(id, file.clone());
    if json || named_json {
        fault = json::read(decoded.text, decoded.start, &mut builder).err();
    }
    if !named_json && (!json || fault.is_some()) {
        (builder, fault) = read_yaml(id, file, &decoded);
    }
    // The text ends where the encoding fault is, so a syntax fault there would only repeat it.
    if let Some(fault) = decoded.fault.or(fault) {
        let origin = Origin::new(id, fault.start, fault.end);
        builder.problem(Problem::new(fault.rule, file.path.to_string(), origin, fault.message));
    }
    builder.finish(decoded.start + decoded.text.len())
}

fn read_yaml(id: FileId, file: &Arc<File>, decoded: &encoding::Decoded<'_>) -> (build::Builder, Option<Fault>) {
    let mut builder = build::Builder::new(id, file.clone());
    let fault = yaml::read(decoded.text, decoded.start, &mut builder).err();
    if fault.is_none() && !builder.template {
        return (builder, fault);
    }
    let Some(masked) = template::mask(decoded.text) else { return (builder, fault) };
    let mut second = build::Builder::new(id, file.clone());
    let second_fault = yaml::read(&masked, decoded.start, &mut second).err();
    if second_fault.as_ref().map_or(usize::MAX, |f| f.start) <= fault.as_ref().map_or(0, |f| f.start) {
        return (builder, fault);
    }
    let at = decoded.start + decoded.text.find("{{").unwrap_or_default();
    let message = "the file is a template: `{{ … }}` is read as text, and every branch as if it were taken";
    second.problem(Problem::remark("document-invalid", "template", Origin::new(id, at, at + 2), message));
    (second, second_fault)
}
