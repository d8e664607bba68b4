//! Which way values flow, and who uses them.

use super::origin::{Origin, Text};

/// The two layers of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    Api,
    Sql,
    /// Findings about the two together.
    Link,
}

impl Layer {
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Sql => "sql",
            Self::Link => "link",
        }
    }
}

/// The way a value takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// Clients send it, code writes it.
    In,
    /// Clients receive it, code reads it.
    Out,
    /// Rows that already exist hold it.
    Stored,
}

impl Flow {
    pub const ALL: [Flow; 3] = [Flow::In, Flow::Out, Flow::Stored];

    pub fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Stored => "stored",
        }
    }
}

/// A set of flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flows(u8);

impl Flows {
    pub const NONE: Flows = Flows(0);
    pub const IN: Flows = Flows(1);
    pub const OUT: Flows = Flows(2);
    pub const STORED: Flows = Flows(4);
    /// What an API attribute can have.
    pub const BOTH: Flows = Flows(3);
    /// What a column has: it is written, read and stored.
    pub const COLUMN: Flows = Flows(7);

    pub fn one(flow: Flow) -> Self {
        match flow {
            Flow::In => Self::IN,
            Flow::Out => Self::OUT,
            Flow::Stored => Self::STORED,
        }
    }

    pub fn with(self, flow: Flow) -> Self {
        Self(self.0 | Self::one(flow).0)
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn has(self, flow: Flow) -> bool {
        self.0 & Self::one(flow).0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The flows, in the order in, out, stored.
    pub fn iter(self) -> impl Iterator<Item = Flow> {
        Flow::ALL.into_iter().filter(move |f| self.has(*f))
    }

    /// Seen from the other side: callbacks and webhooks.
    pub fn reversed(self) -> Self {
        let mut flows = Self(self.0 & Self::STORED.0);
        if self.has(Flow::In) {
            flows = flows.with(Flow::Out);
        }
        if self.has(Flow::Out) {
            flows = flows.with(Flow::In);
        }
        flows
    }
}

/// A place at which an entity or attribute is used by an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Usage {
    /// `GET /users/{id}`
    pub operation: Text,
    pub flow: Flow,
    /// `response 200 application/json`, `request body application/json`, `query parameter limit`
    pub location: Text,
    /// The route through the body: `$.items[].email`; `…` stands for what a long one leaves out.
    pub path: Text,
    /// Where the operation is declared in the revision the usage was found in.
    pub origin: Origin,
}
