//! The JSON Schema of `driftline.yaml`, for editors and for whoever writes the file by program.

use serde_json::{Map, Value, json};

use super::Limits;
use crate::model::sql::Dialect;

/// What only others know.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue<'a> {
    /// Id and title of every rule.
    pub rules: &'a [(&'static str, &'static str)],
    pub layouts: &'a [&'static str],
}

/// The schema as a document of draft 2020-12. Every key carries the sentence that explains it.
pub fn schema(catalogue: Catalogue<'_>) -> Value {
    let ids: Vec<&str> = catalogue.rules.iter().map(|(id, _)| *id).collect();
    let levels: Map<String, Value> = catalogue
        .rules
        .iter()
        .map(|(id, title)| ((*id).to_string(), json!({"$ref": "#/$defs/ruleLevel", "description": title})))
        .collect();
    let limits: Map<String, Value> = Limits::DEFAULT
        .all()
        .into_iter()
        .map(|limit| {
            let number = json!({"type": "integer", "minimum": 0, "maximum": u32::MAX, "default": limit.default, "description": limit.about});
            (limit.name(), number)
        })
        .collect();
    let dialects: Vec<&str> = Dialect::NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "driftline.yaml",
        "description": "What people settled about a repository. Everything is optional.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "base": {
                "type": "string",
                "description": "The branch to compare with when none is named. By default the target branch that the CI system names, then the default branch."
            },
            "promise": {
                "enum": ["wire", "sdk", "strict"],
                "default": "wire",
                "description": "What the contract promises: wire (running clients keep working), sdk (code generated from it still compiles, too), strict (everything that can be seen counts)."
            },
            "fail-on": {
                "$ref": "#/$defs/level",
                "default": "error",
                "description": "Introduced findings at or above this level make the check fail; off never does."
            },
            "fail-on-debt": {
                "enum": ["never", "introduced"],
                "default": "never",
                "description": "Whether debt that the change introduces makes the check fail whatever its level."
            },
            "debt": {
                "type": "object",
                "additionalProperties": false,
                "description": "From where on something counts as debt: what lies above a limit is told.",
                "properties": limits
            },
            "budgets": {
                "type": "object",
                "propertyNames": {"pattern": "^\\s*(@\\s*)?[^@\\s]"},
                "additionalProperties": {"type": "integer", "minimum": 0, "maximum": u32::MAX},
                "description": "How many debt findings an entity, the entities of a glob, or those of an @owner may have."
            },
            "sources": {
                "type": "array",
                "description": "The inputs, instead of discovery for each layer that is named in at least one entry.",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "openapi": {"$ref": "#/$defs/paths", "description": "Root documents of contracts, as paths or globs."},
                        "sql": {"$ref": "#/$defs/paths", "description": "Folders, files or globs of SQL."},
                        "dialect": {"enum": dialects, "description": "The SQL dialect; recognised by content when absent. An entry with a dialect alone is for what is discovered."},
                        "layout": {"enum": catalogue.layouts, "description": "Whose migrations these are; recognised by names and content when absent."}
                    }
                }
            },
            "rules": {"$ref": "#/$defs/rules", "description": "Levels of rules."},
            "overrides": {
                "type": "array",
                "description": "Levels of rules for some files; the last entry that fits wins.",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["paths", "rules"],
                    "properties": {
                        "paths": {"$ref": "#/$defs/paths", "description": "Paths or globs of the files at whose lines findings are."},
                        "rules": {"$ref": "#/$defs/rules"}
                    }
                }
            },
            "links": {
                "type": "object",
                "description": "Names that belong together and cannot be guessed: schema or property of the contract on the left, table or column (or none) on the right.",
                "additionalProperties": {"type": "string"}
            },
            "allow": {
                "type": "array",
                "description": "Findings that are accepted.",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["rule", "reason"],
                    "anyOf": [{"required": ["subject"]}, {"required": ["fingerprint"]}],
                    "properties": {
                        "rule": {"enum": ids, "description": "The rule that found it."},
                        "subject": {"type": "string", "description": "What it is about, as the report calls it."},
                        "reason": {"type": "string", "pattern": "\\S", "description": "Why it is accepted."},
                        "until": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "The last day on which the entry counts."},
                        "fingerprint": {"type": "string", "description": "The one finding that is accepted; `driftline --output allow` prints it."},
                        "before": {"type": "string", "description": "Binds the entry to a change: what it was, in the words of the report."},
                        "after": {"type": "string", "description": "Binds the entry to a change: what it is, in the words of the report."}
                    }
                }
            }
        },
        "$defs": {
            // Editors that follow YAML 1.1 read `off` as false.
            "level": {"enum": ["off", "note", "warning", "error", "warn", "info", "none", false]},
            "ruleLevel": {
                "anyOf": [
                    {"$ref": "#/$defs/level"},
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "description": "A level for each flow; one that is not named keeps the rule's own.",
                        "properties": {
                            "in": {"$ref": "#/$defs/level", "description": "What clients send and code writes."},
                            "out": {"$ref": "#/$defs/level", "description": "What clients receive and code reads."},
                            "stored": {"$ref": "#/$defs/level", "description": "Rows that are already there."}
                        }
                    }
                ]
            },
            "rules": {"type": "object", "additionalProperties": false, "properties": levels},
            "paths": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
        }
    })
}
