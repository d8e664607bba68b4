//! A contract and migrations that change step by step, for benchmarks over histories.

use std::fmt::Write;

/// A contract in YAML whose parts can be edited one by one: entities in groups that refer to each other, as real contracts
/// have them, each with two operations.
pub struct Parts {
    entities: Vec<[usize; 3]>,
}

/// Entities that refer to each other.
const GROUP: usize = 8;

/// A contract of about so many bytes.
pub fn parts(bytes: usize) -> Parts {
    Parts { entities: vec![[80, 1, 0]; bytes / 2_360 + 1] }
}

impl Parts {
    /// Changes one entity: a length, a property that comes, a value that is allowed.
    pub fn edit(&mut self, n: usize) {
        let count = self.entities.len();
        let entity = &mut self.entities[n * 37 % count];
        entity[n % 3] += 1;
    }

    pub fn text(&self) -> String {
        let mut paths = String::new();
        let mut schemas = String::new();
        for (n, entity) in self.entities.iter().enumerate() {
            yaml_paths(&mut paths, n);
            yaml_schema(&mut schemas, n, self.entities.len(), entity);
        }
        format!(
            "openapi: 3.0.3\ninfo:\n  title: Generated\n  version: 1.0.0\npaths:\n{paths}components:\n  schemas:\n{schemas}"
        )
    }
}

fn yaml_paths(out: &mut String, n: usize) {
    let _ = write!(
        out,
        r##"  /entities{n}/{{id}}:
    get:
      operationId: getEntity{n}
      summary: Returns one entity of kind {n}, with everything that belongs to it
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: integer
            format: int64
        - name: expand
          in: query
          schema:
            type: array
            items:
              type: string
              enum: [owner, parts, history]
      responses:
        "200":
          description: The entity
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Entity{n}"
        "404":
          description: There is no such entity
          content:
            application/json:
              schema:
                type: object
                properties:
                  message:
                    type: string
    put:
      operationId: putEntity{n}
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: integer
            format: int64
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/Entity{n}"
      responses:
        "200":
          description: Stored
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Entity{n}"
"##
    );
}

fn yaml_schema(out: &mut String, n: usize, count: usize, [length, properties, values]: &[usize; 3]) {
    let next = (n / GROUP * GROUP + (n + 1) % GROUP).min(count - 1);
    let _ = write!(
        out,
        r##"    Entity{n}:
      type: object
      description: An entity of kind {n}. Made up, but as long as such descriptions are in real contracts.
      required: [id, name]
      properties:
        id:
          type: integer
          format: int64
          readOnly: true
        name:
          type: string
          minLength: 1
          maxLength: {length}
        state:
          type: string
          enum: [draft, active, closed{more}]
        owner:
          type: string
          format: uuid
          description: Who is responsible for the entity
        created_at:
          type: string
          format: date-time
        parts:
          type: array
          items:
            $ref: "#/components/schemas/Entity{next}"
"##,
        more = (0..*values).map(|value| format!(", value{value}")).collect::<String>(),
    );
    for property in 1..*properties {
        let _ = write!(out, "        extra{property}:\n          type: string\n");
    }
}

/// One migration of a long row: a table, or a step on one that came before.
pub fn step(n: usize) -> String {
    let table = n / 3;
    match n % 3 {
        0 => format!(
            "CREATE TABLE things{table} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  name varchar(80) NOT NULL,\n  \
             state text NOT NULL DEFAULT 'draft',\n  owner uuid,\n  created_at timestamptz NOT NULL DEFAULT now()\n);\n"
        ),
        1 => format!(
            "ALTER TABLE things{table} ADD COLUMN note text;\nCREATE INDEX things{table}_owner ON things{table} (owner);\n"
        ),
        _ => format!("ALTER TABLE things{table} ALTER COLUMN name TYPE varchar(120);\n"),
    }
}
