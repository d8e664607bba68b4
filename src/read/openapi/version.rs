//! The versions of the format and what differs between them.

/// A version of OpenAPI, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V20,
    V30,
    V31,
    V32,
}

impl Version {
    /// The version of that text, and whether it is a known one.
    pub fn of(key: &str, text: &str) -> Option<(Self, bool)> {
        let is = |prefix: &str| text == prefix || text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'));
        match key {
            "swagger" => is("2").then_some((Self::V20, true)),
            _ if is("3.0") || text == "3" => Some((Self::V30, true)),
            _ if is("3.1") => Some((Self::V31, true)),
            _ if is("3.2") => Some((Self::V32, true)),
            // Read as what is nearest; the caller says so.
            _ if text.starts_with(['1', '2']) => Some((Self::V30, false)),
            _ => Some((Self::V32, false)),
        }
    }

    pub fn format(self) -> &'static str {
        match self {
            Self::V20 => "openapi-2.0",
            Self::V30 => "openapi-3.0",
            Self::V31 => "openapi-3.1",
            Self::V32 => "openapi-3.2",
        }
    }

    /// Schemas follow JSON Schema 2020-12: siblings of `$ref` count, `$id` and `$anchor` name places.
    pub fn is_json_schema(self) -> bool {
        self >= Self::V31
    }
}
