//! Levels of rules.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

/// How loud a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Off,
    Note,
    Warning,
    Error,
}

const LEVELS: [&str; 4] = ["off", "note", "warning", "error"];

impl Level {
    /// The level of that name; `warn` and `info` are understood.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "off" | "none" => Self::Off,
            "note" | "info" => Self::Note,
            "warning" | "warn" => Self::Warning,
            "error" => Self::Error,
            _ => return None,
        })
    }
}

/// The level of a rule: one for all flows, or one a flow. A flow that is not named keeps the rule's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleLevel {
    All(Level),
    ByFlow { in_: Option<Level>, out: Option<Level>, stored: Option<Level> },
}

impl Level {
    /// The word in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for RuleLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All(level) => level.serialize(serializer),
            Self::ByFlow { in_, out, stored } => {
                let flows = [("in", in_), ("out", out), ("stored", stored)];
                serializer.collect_map(flows.into_iter().filter_map(|(flow, level)| Some((flow, (*level)?))))
            }
        }
    }
}

impl RuleLevel {
    /// The lowest level it gives to any flow.
    pub fn least(&self) -> Level {
        match *self {
            Self::All(level) => level,
            Self::ByFlow { in_, out, stored } => [in_, out, stored].into_iter().flatten().min().unwrap_or(Level::Error),
        }
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match RuleLevel::deserialize(deserializer)? {
            RuleLevel::All(level) => Ok(level),
            RuleLevel::ByFlow { .. } => Err(de::Error::custom("a level is one of off, note, warning, error")),
        }
    }
}

impl<'de> Deserialize<'de> for RuleLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LevelVisitor)
    }
}

struct LevelVisitor;

impl<'de> Visitor<'de> for LevelVisitor {
    type Value = RuleLevel;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("off, note, warning, error, or a mapping of in, out and stored to one of them")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<RuleLevel, E> {
        Level::named(text).map(RuleLevel::All).ok_or_else(|| E::unknown_variant(text, &LEVELS))
    }

    // YAML 1.1 tools write `off` as a boolean.
    fn visit_bool<E: de::Error>(self, on: bool) -> Result<RuleLevel, E> {
        if on { Err(E::unknown_variant("true", &LEVELS)) } else { Ok(RuleLevel::All(Level::Off)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleLevel, A::Error> {
        let (mut in_, mut out, mut stored) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            let level = Some(map.next_value::<Level>()?);
            match key.as_str() {
                "in" => in_ = level,
                "out" => out = level,
                "stored" => stored = level,
                other => return Err(de::Error::unknown_field(other, &["in", "out", "stored"])),
            }
        }
        Ok(RuleLevel::ByFlow { in_, out, stored })
    }
}
