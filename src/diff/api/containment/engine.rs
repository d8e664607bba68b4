//! The one place that knows the crate `jsonschema`: containment of documents, and a judge of instances.
//!
//! Its module `canonical` is experimental. It has been seen to be right or silent, never wrong, but it may panic on input
//! nobody tried; a panic there must not cost the report, so it counts as "cannot tell".

use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonschema::canonical::{CanonicalSchema, Containment};
use jsonschema::{Draft, Validator};
use serde_json::Value;

/// Says which instances a document accepts.
pub struct Judge(Validator);

impl Judge {
    pub fn new(document: &Value) -> Option<Self> {
        let build =
            || jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(document);
        guarded(build)?.ok().map(Self)
    }

    pub fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }
}

/// What the set algebra says of two documents.
pub enum Relation {
    Inside,
    Outside,
    Unknown,
}

/// Two documents in canonical form.
pub struct Sets {
    inner: CanonicalSchema,
    outer: CanonicalSchema,
}

impl Sets {
    pub fn new(inner: &Value, outer: &Value) -> Option<Self> {
        Some(Self { inner: canonical(inner)?, outer: canonical(outer)? })
    }

    /// Whether every instance of the inner document is one of the outer.
    pub fn relation(&self) -> Relation {
        match guarded(|| self.outer.covers(&self.inner)) {
            Some(Ok(Containment::Yes)) => Relation::Inside,
            Some(Ok(Containment::No)) => Relation::Outside,
            _ => Relation::Unknown,
        }
    }

    /// A document of the instances of the inner that the outer refuses.
    pub fn difference(&self) -> Option<Value> {
        guarded(|| self.inner.subtract(&self.outer).ok().map(|d| d.to_json_schema()))?
    }
}

fn canonical(document: &Value) -> Option<CanonicalSchema> {
    let options = || {
        jsonschema::canonical::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .offline()
            .canonicalize(document)
    };
    guarded(options)?.ok()
}

fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
