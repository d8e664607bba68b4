//! The API layer of one contract: operations, and the graph of shapes their values have.
//!
//! Shapes live in one arena and point to each other by [`ShapeId`], so recursion costs nothing and a component is one
//! node however many operations use it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::domain::Domain;
use super::origin::{Origin, Text};

/// An index into [`Api::shapes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShapeId(pub u32);

impl ShapeId {
    /// The shape of a value of which nothing is said and that no document holds.
    pub const OPEN: Self = Self(u32::MAX);
}

/// One contract at one revision.
#[derive(Debug, Clone, Default)]
pub struct Api {
    /// Path of the root document.
    pub path: Text,
    /// `openapi-2.0`, `openapi-3.0`, `openapi-3.1`, `openapi-3.2`.
    pub format: &'static str,
    pub title: Text,
    /// `info.version`, and where it is said.
    pub version: Text,
    pub version_at: Option<Origin>,
    pub shapes: Vec<Shape>,
    /// Named schemas in order of declaration: `components.schemas`, `definitions`, and whole files or fragments that a
    /// `$ref` names.
    pub components: Vec<(Text, ShapeId)>,
    pub operations: Vec<Operation>,
    /// Where it is served, or the one Swagger 2.0 base URL.
    pub servers: Vec<Server>,
    pub security_schemes: BTreeMap<Text, SecurityScheme>,
    /// Components of the root document that are no schemas and that no operation leads to.
    pub unused: Vec<Unused>,
    /// Where the document starts, for findings about the contract as a whole.
    pub origin: Option<Origin>,
    /// All files it was read from, the root document first.
    pub files: Vec<super::origin::FileId>,
    /// True when parts could not be read: a missing entity may only be unread.
    pub tainted: bool,
    /// Where operations may be that could not be read.
    pub gaps: Gaps,
}

/// A component that nothing asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// `parameter`, `response`, `security scheme` …
    pub what: &'static str,
    pub name: Text,
    /// The name where it is declared.
    pub origin: Origin,
}

/// What was not read and may hold operations.
#[derive(Debug, Clone, Default)]
pub struct Gaps {
    /// A whole file, or all paths.
    pub anywhere: bool,
    /// Path items with unread parts: path, webhook name or callback expression.
    pub paths: Vec<Text>,
}

impl Api {
    /// The shape; ids come from the same contract, so an unknown id is the empty shape.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        static EMPTY: std::sync::OnceLock<Shape> = std::sync::OnceLock::new();
        self.shapes.get(id.0 as usize).unwrap_or_else(|| EMPTY.get_or_init(Shape::default))
    }

    /// Follows pure references (`$ref` without siblings) to the shape that says something. Cycles end at the last shape.
    pub fn resolve(&self, id: ShapeId) -> ShapeId {
        let mut at = id;
        for _ in 0..64 {
            match self.shape(at) {
                Shape { reference: Some(Reference { target: Some(target), .. }), bare: true, .. } => at = *target,
                _ => break,
            }
        }
        at
    }
}

/// A place the API is served at.
#[derive(Debug, Clone)]
pub struct Server {
    /// As written, `{variables}` included.
    pub url: Text,
    /// Sorted by name.
    pub variables: Vec<ServerVariable>,
    /// Scheme, host and base path where 2.0 writes them apart.
    pub parts: Vec<(Text, Option<Origin>)>,
    pub origin: Origin,
}

/// A part of a server's URL that the client fills in.
#[derive(Debug, Clone)]
pub struct ServerVariable {
    pub name: Text,
    pub default: Text,
    /// The values that are offered; `None` when any is.
    pub values: Option<Vec<Text>>,
    pub origin: Origin,
}

/// Which keyword of a shape an origin belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keyword {
    Type,
    Format,
    Nullable,
    Enum,
    Const,
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
    MinLength,
    MaxLength,
    Pattern,
    Items,
    PrefixItems,
    MinItems,
    MaxItems,
    UniqueItems,
    Properties,
    PatternProperties,
    Required,
    AdditionalProperties,
    MinProperties,
    MaxProperties,
    AllOf,
    AnyOf,
    OneOf,
    Not,
    Discriminator,
    ReadOnly,
    WriteOnly,
    Default,
    Deprecated,
    /// `x-sunset`, `x-stability-level`
    Lifecycle,
    Reference,
    /// Keywords without a place of their own (`dependentRequired`, `minContains`, `xml` …).
    Other,
}

/// What a schema says; one node of the graph.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// The whole schema value in its document. `None` only for shapes that no document holds.
    pub origin: Option<Origin>,
    /// Name when this is a component's root.
    pub name: Option<Text>,
    /// True when the schema is nothing but a `$ref` (annotations such as `description` do not count).
    pub bare: bool,
    pub reference: Option<Reference>,
    /// The value conditions of this schema object alone, not of what it references or combines.
    pub domain: Domain,
    /// One origin per entry of `domain.values`.
    pub value_origins: Vec<Origin>,
    pub properties: Vec<Property>,
    /// Names in `required` that `properties` of this same object does not declare (common with `allOf`).
    pub required_only: Vec<(Text, Origin)>,
    pub items: Option<ShapeId>,
    pub prefix_items: Vec<ShapeId>,
    pub additional: Additional,
    pub pattern_properties: Vec<(Text, ShapeId)>,
    pub all_of: Vec<ShapeId>,
    pub any_of: Vec<ShapeId>,
    pub one_of: Vec<ShapeId>,
    pub not: Option<ShapeId>,
    /// Subschemas of conditions (`if`, `contains`, `dependentSchemas` …), sorted by keyword and name.
    pub applied: Vec<Applied>,
    pub discriminator: Option<Discriminator>,
    /// `nullable: true` of 3.0; `domain` holds it too where it has a type to add to.
    pub nullable: bool,
    pub read_only: bool,
    pub write_only: bool,
    pub deprecated: bool,
    /// When an end or a stability is announced.
    pub lifecycle: Option<Box<Lifecycle>>,
    pub default: Option<Value>,
    pub title: Option<Text>,
    /// Whether a `description` is present.
    pub described: bool,
    /// Hints for linking, `x-table` and `x-column`; `x-ms-discriminator-value`.
    pub hints: Vec<(Text, Text)>,
    /// Keywords that hold no schemas and are compared as canonical JSON, sorted by name.
    pub other: Vec<Other>,
    /// Keyword (key and value) → span, in document order. Same file as `origin`.
    pub keywords: Vec<(Keyword, Origin)>,
    /// Something beneath could not be read.
    pub tainted: bool,
}

impl Shape {
    /// Where the keyword is written, or the schema itself when it is absent.
    pub fn at(&self, keyword: Keyword) -> Option<Origin> {
        self.keywords.iter().find(|(k, _)| *k == keyword).map(|(_, o)| *o).or(self.origin)
    }

    /// Where the keyword is written, if it is.
    pub fn keyword(&self, keyword: Keyword) -> Option<Origin> {
        self.keywords.iter().find(|(k, _)| *k == keyword).map(|(_, o)| *o)
    }
}

/// A `$ref`.
#[derive(Debug, Clone)]
pub struct Reference {
    /// As written.
    pub text: Text,
    /// `None` when it could not be resolved; a problem says why.
    pub target: Option<ShapeId>,
}

/// A declared property of an object.
#[derive(Debug, Clone)]
pub struct Property {
    pub name: Text,
    pub shape: ShapeId,
    pub required: bool,
    /// The entry in `required`, when there is one.
    pub required_origin: Option<Origin>,
    /// Key and value.
    pub origin: Origin,
    /// The key alone: what is underlined.
    pub key: Origin,
}

/// A subschema that a keyword other than `properties`, `items` and the combinations applies.
#[derive(Debug, Clone)]
pub struct Applied {
    /// `contains`, `propertyNames`, `if`, `then`, `else`, `dependentSchemas`, `unevaluatedItems`, `unevaluatedProperties`,
    /// `contentSchema`
    pub keyword: &'static str,
    /// The property that `dependentSchemas` speaks about.
    pub name: Option<Text>,
    pub shape: ShapeId,
    /// As written, canonical JSON without prose.
    pub text: Value,
    /// Key and value.
    pub origin: Origin,
}

impl Applied {
    /// True when it speaks about the value itself, false when about an item, a property or a name.
    pub fn in_place(&self) -> bool {
        matches!(self.keyword, "if" | "then" | "else" | "dependentSchemas")
    }
}

/// A keyword that is compared as it is written.
#[derive(Debug, Clone)]
pub struct Other {
    pub name: Text,
    /// Canonical JSON without prose.
    pub value: Value,
    /// Key and value.
    pub origin: Origin,
}

/// What an object says about undeclared properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Additional {
    /// Not said: open in JSON Schema, read as "declared properties only" when judging.
    #[default]
    Unsaid,
    Allowed,
    Refused,
    Shape(ShapeId),
}

/// The property whose value says which schema an object is meant to be.
#[derive(Debug, Clone)]
pub struct Discriminator {
    pub property: Text,
    /// Sorted by value.
    pub mapping: Vec<Mapped>,
}

/// An entry of a discriminator's `mapping`.
#[derive(Debug, Clone)]
pub struct Mapped {
    pub value: Text,
    /// The schema that is meant; `None` when it names none.
    pub target: Option<ShapeId>,
    /// Key and value.
    pub origin: Origin,
}

impl Discriminator {
    /// The values that are written for a schema, by its entries.
    pub fn entries<'d>(&'d self, api: &'d Api, id: ShapeId) -> impl Iterator<Item = &'d Mapped> {
        let id = api.resolve(id);
        self.mapping.iter().filter(move |entry| entry.target.is_some_and(|target| api.resolve(target) == id))
    }
}

/// What kind of entry point an operation is; webhooks and callbacks flow the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OperationKind {
    Path,
    Webhook,
    Callback,
}

#[derive(Debug, Clone)]
pub struct Operation {
    /// `GET /users/{id}`; `WEBHOOK POST newPet`; `CALLBACK POST {$request.body#/url} of POST /subscribe`
    pub id: Text,
    pub kind: OperationKind,
    /// Upper case.
    pub method: Text,
    pub path: Text,
    pub operation_id: Option<Text>,
    pub tags: Vec<Text>,
    pub lifecycle: Lifecycle,
    /// `operationId` and `tags`: key and value.
    pub marks: Vec<(&'static str, Origin)>,
    /// Path-level parameters merged in; own ones win.
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub responses: Vec<Response>,
    /// Where this operation alone is served: its own servers, else those of its path. Empty when the contract's count.
    pub servers: Vec<Server>,
    /// Alternatives; each is a set of schemes that must all hold. The document's default is merged in. `None` when nothing is said.
    pub security: Option<Vec<Requirement>>,
    pub security_origin: Option<Origin>,
    /// The operation object: key and value.
    pub origin: Origin,
    /// The method key alone.
    pub key: Origin,
    /// The key of the path item.
    pub path_key: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ParameterPlace {
    Path,
    Query,
    Header,
    Cookie,
    /// Swagger 2.0 form fields are read into the body; this is for 3.2's `querystring`.
    QueryString,
}

impl ParameterPlace {
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::QueryString => "querystring",
        }
    }
}

/// What is announced about the future of something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lifecycle {
    pub deprecated: bool,
    /// `x-sunset`, as written.
    pub sunset: Option<Text>,
    /// `x-stability-level`.
    pub stability: Option<Text>,
    /// The fields that say so: key and value.
    pub marks: Vec<(&'static str, Origin)>,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: Text,
    pub place: ParameterPlace,
    pub required: bool,
    pub lifecycle: Lifecycle,
    /// How the value is written on the wire, normalised over versions: `style` (default filled in), `collectionFormat` translated.
    pub style: Text,
    pub explode: bool,
    pub allow_reserved: bool,
    pub allow_empty: bool,
    /// Media type when the parameter uses `content`.
    pub content: Option<Text>,
    pub shape: ShapeId,
    /// The entry in the list.
    pub origin: Origin,
    /// The text of the `$ref` that stands in the list.
    pub reference: Option<Text>,
    /// The parameter itself: key and value of a component, else the entry.
    pub definition: Origin,
    pub required_origin: Option<Origin>,
}

impl Parameter {
    /// What findings call it: `GET /users query.limit`.
    pub fn subject(&self, operation: &str) -> String {
        format!("{operation} {}.{}", self.place.name(), self.name)
    }
}

#[derive(Debug, Clone)]
pub struct Body {
    pub required: bool,
    pub media: Vec<Media>,
    pub origin: Origin,
    pub required_origin: Option<Origin>,
}

#[derive(Debug, Clone)]
pub struct Media {
    /// `application/json`
    pub name: Text,
    pub shape: Option<ShapeId>,
    /// How the parts of a form are written: `encoding` by property, `prefixEncoding` and `itemEncoding` by their names.
    pub encoding: Vec<Encoding>,
    pub origin: Origin,
}

/// How one part of a form is written.
#[derive(Debug, Clone)]
pub struct Encoding {
    pub part: Text,
    /// Media types of the part, sorted; empty when none is named.
    pub types: Vec<Text>,
    /// The rest of what is said, canonical JSON.
    pub rest: Value,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub struct Response {
    /// `200`, `4XX`, `default`
    pub status: Text,
    pub media: Vec<Media>,
    pub headers: Vec<Header>,
    /// What can be called next with parts of this response.
    pub links: Vec<Link>,
    pub origin: Origin,
    /// The status key alone.
    pub key: Origin,
}

#[derive(Debug, Clone)]
pub struct Link {
    pub name: Text,
    /// What it leads to and hands over, canonical JSON.
    pub target: Value,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub struct Header {
    /// As written; names compare without case.
    pub name: Text,
    pub required: bool,
    /// `simple`, or how 2.0 writes lists.
    pub style: Text,
    pub explode: bool,
    /// Media type when the header uses `content`.
    pub content: Option<Text>,
    pub shape: ShapeId,
    pub origin: Origin,
    /// The header itself: key and value of a component, else the entry.
    pub definition: Origin,
    pub required_origin: Option<Origin>,
}

/// One alternative: all of these schemes together, with the scopes each needs. Empty: no authentication.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    pub schemes: Vec<(Text, Vec<Text>)>,
}

#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// What a client must know of it, as canonical text (`apiKey in header X-Key`, `http bearer`, `oauth2 …`).
    pub summary: String,
    /// The OAuth flows it offers; none for other schemes.
    pub flows: Vec<OauthFlow>,
    pub origin: Origin,
}

/// One way to come by a token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OauthFlow {
    /// As 3.0 names it: `clientCredentials`.
    pub name: Text,
    /// Field and URL.
    pub urls: Vec<(&'static str, Text)>,
    pub scopes: Vec<Text>,
}
