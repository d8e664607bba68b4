//! Inputs for the benchmarks, made from nothing: the same bytes on every run.

use std::fmt::Write;

/// A contract as a JSON text of at least `bytes` bytes; `edits` schemas carry an edit each, spread evenly.
pub fn contract_json(bytes: usize, edits: usize, edited: bool) -> String {
    // One schema with its two operations takes about this much.
    let count = bytes / 2_130 + 1;
    let every = (count / edits.max(1)).max(1);
    let mut paths = String::new();
    let mut schemas = String::new();
    for n in 0..count {
        let edit = edited && n % every == 0 && n / every < edits;
        let separator = if n == 0 { "" } else { "," };
        write_paths(&mut paths, n, separator);
        write_schema(&mut schemas, n, count, separator, edit);
    }
    format!(
        "{{\n  \"openapi\": \"3.0.3\",\n  \"info\": {{ \"title\": \"Generated\", \"version\": \"1.0.0\" }},\n  \"paths\": {{{paths}\n  }},\n  \"components\": {{ \"schemas\": {{{schemas}\n  }} }}\n}}\n"
    )
}

fn write_paths(out: &mut String, n: usize, separator: &str) {
    let reference = format!("\"$ref\": \"#/components/schemas/Entity{n}\"");
    let _ = write!(
        out,
        r#"{separator}
    "/entities{n}/{{id}}": {{
      "get": {{
        "operationId": "getEntity{n}",
        "summary": "Returns one entity of kind {n}, with everything that belongs to it",
        "parameters": [
          {{ "name": "id", "in": "path", "required": true, "schema": {{ "type": "integer", "format": "int64" }} }},
          {{ "name": "expand", "in": "query", "schema": {{ "type": "array", "items": {{ "type": "string", "enum": ["owner", "parts", "history"] }} }} }}
        ],
        "responses": {{
          "200": {{ "description": "The entity", "content": {{ "application/json": {{ "schema": {{ {reference} }} }} }} }},
          "404": {{ "description": "There is no such entity", "content": {{ "application/json": {{ "schema": {{ "type": "object", "properties": {{ "message": {{ "type": "string" }} }} }} }} }} }}
        }}
      }},
      "put": {{
        "operationId": "putEntity{n}",
        "parameters": [ {{ "name": "id", "in": "path", "required": true, "schema": {{ "type": "integer", "format": "int64" }} }} ],
        "requestBody": {{ "required": true, "content": {{ "application/json": {{ "schema": {{ {reference} }} }} }} }},
        "responses": {{ "200": {{ "description": "Stored", "content": {{ "application/json": {{ "schema": {{ {reference} }} }} }} }} }}
      }}
    }}"#
    );
}

fn write_schema(out: &mut String, n: usize, count: usize, separator: &str, edit: bool) {
    let length = if edit { 40 } else { 80 };
    // Neighbours refer to each other in a ring: recursion through the whole contract.
    let next = (n + 1) % count;
    let _ = write!(
        out,
        r##"{separator}
    "Entity{n}": {{
      "type": "object",
      "description": "An entity of kind {n}. Made up, but as long as such descriptions are in real contracts.",
      "required": ["id", "name", "status"],
      "properties": {{
        "id": {{ "type": "integer", "format": "int64", "readOnly": true }},
        "name": {{ "type": "string", "maxLength": {length}, "description": "What people call it" }},
        "status": {{ "type": "string", "enum": ["draft", "active", "archived"] }},
        "created_at": {{ "type": "string", "format": "date-time", "readOnly": true }},
        "amount": {{ "type": "number", "minimum": 0, "nullable": true }},
        "tags": {{ "type": "array", "maxItems": 50, "items": {{ "type": "string", "pattern": "^[a-z]+$" }} }},
        "next": {{ "$ref": "#/components/schemas/Entity{next}" }}
      }}
    }}"##
    );
}

/// The same contract as YAML in block style, written from the JSON text.
pub fn to_yaml(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).expect("generated JSON is valid");
    let mut out = String::with_capacity(json.len());
    write_yaml(&value, 0, &mut out);
    out
}

fn write_yaml(value: &serde_json::Value, indent: usize, out: &mut String) {
    match value {
        serde_json::Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let _ = write!(out, "{:indent$}{}:", "", serde_json::Value::from(key.as_str()));
                write_child(value, indent, out);
            }
        }
        serde_json::Value::Array(list) if !list.is_empty() => {
            for value in list {
                let _ = write!(out, "{:indent$}-", "");
                write_child(value, indent, out);
            }
        }
        scalar => {
            let _ = writeln!(out, "{:indent$}{scalar}", "");
        }
    }
}

fn write_child(value: &serde_json::Value, indent: usize, out: &mut String) {
    let nested = value.as_object().is_some_and(|m| !m.is_empty()) || value.as_array().is_some_and(|l| !l.is_empty());
    if nested {
        out.push('\n');
        write_yaml(value, indent + 2, out);
    } else {
        let _ = writeln!(out, " {value}");
    }
}

/// `count` golang-migrate migrations over `count / 20` tables: create, add, index, alter, rename.
pub fn migrations(count: usize) -> Vec<(String, String)> {
    (0..count).map(|n| (format!("db/migrations/{n:06}_step.up.sql"), migration(n))).collect()
}

fn migration(n: usize) -> String {
    let table = format!("table_{}", n / 20);
    match n % 20 {
        0 => format!(
            "-- a new table\nCREATE TABLE {table} (\n    id BIGSERIAL PRIMARY KEY,\n    name VARCHAR(80) NOT NULL,\n    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active')),\n    owner_id BIGINT,\n    created_at TIMESTAMPTZ NOT NULL DEFAULT now()\n);\nCREATE INDEX {table}_owner ON {table} (owner_id);\n"
        ),
        1 => format!(
            "ALTER TABLE {table} ADD COLUMN note TEXT;\nCOMMENT ON COLUMN {table}.note IS 'free text; may be empty';\n"
        ),
        2 => format!("CREATE UNIQUE INDEX CONCURRENTLY {table}_name_key ON {table} (name);\n"),
        3 => format!("ALTER TABLE {table} ALTER COLUMN name TYPE VARCHAR(160);\n"),
        4 => format!("ALTER TABLE {table} RENAME COLUMN note TO remark;\n"),
        5 => format!("INSERT INTO {table} (name) VALUES ('it''s; fine'), ('b');\n"),
        k => format!("ALTER TABLE {table} ADD COLUMN extra_{k} INTEGER NOT NULL DEFAULT {k};\n"),
    }
}
