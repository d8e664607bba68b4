//! What only one version of the format has, read into the one model.

mod contracts;

use contracts::{Contract, read, schema};
use driftline::model::api::{Additional, OperationKind, Parameter, ParameterPlace};
use driftline::model::{Decimal, Types};
use serde_json::json;

fn parameters(contract: &Contract, operation: &str) -> Vec<Parameter> {
    contract.api().operation(operation).unwrap_or_else(|| panic!("no {operation}")).parameters.clone()
}

#[test]
fn bounds_of_all_versions() {
    let cases = [
        ("3.0.3", "{type: integer, minimum: 1, exclusiveMinimum: true}", "1", true),
        ("3.0.3", "{type: integer, minimum: 1, exclusiveMinimum: false}", "1", false),
        ("3.1.0", "{type: integer, exclusiveMinimum: 1}", "1", true),
        ("3.1.0", "{type: integer, minimum: 2, exclusiveMinimum: 1}", "2", false),
        ("3.1.0", "{type: integer, minimum: 1, exclusiveMinimum: 1}", "1", true),
    ];
    for (version, text, value, exclusive) in cases {
        let contract = schema(version, text);
        let bound = contract.component("X").domain.limits().minimum.expect("minimum");
        assert_eq!((bound.value, bound.exclusive), (Decimal::parse(value).expect("number"), exclusive), "{text}");
    }
    let upper = schema("3.1.0", "{maximum: 5, exclusiveMaximum: 5}");
    assert!(upper.component("X").domain.limits().maximum.expect("maximum").exclusive);
    let none = schema("3.0.3", "{type: integer, exclusiveMinimum: true}");
    assert_eq!(none.component("X").domain.limits, None);
}

#[test]
fn types_of_all_versions() {
    let cases = [
        ("3.0.3", "{type: string}", Types::STRING),
        ("3.0.3", "{type: string, nullable: true}", Types::STRING.union(Types::NULL)),
        ("3.0.3", "{nullable: true, type: string}", Types::STRING.union(Types::NULL)),
        ("3.0.3", "{nullable: true}", Types::ANY),
        ("3.1.0", "{type: [string, 'null']}", Types::STRING.union(Types::NULL)),
        ("3.1.0", "{type: [string, null]}", Types::STRING.union(Types::NULL)),
        ("3.1.0", "{}", Types::ANY),
        ("3.1.0", "true", Types::ANY),
        ("3.1.0", "false", Types::NONE),
        ("3.2.0", "{type: number}", Types::NUMBER),
    ];
    for (version, text, types) in cases {
        let contract = schema(version, text);
        assert_eq!(contract.component("X").domain.types, types, "{version} {text}");
        assert_eq!(contract.problems(), [], "{text}");
    }
}

#[test]
fn lists_of_values() {
    let cases = [
        ("3.0.3", "{enum: [a, 1, 1.0, null]}", json!(["a", 1, 1, null]), false),
        ("3.1.0", "{const: 2.50}", json!([2.5]), false),
        ("3.1.0", "{const: null}", json!([null]), false),
        ("3.0.3", "{type: string, x-extensible-enum: [a, b]}", json!(["a", "b"]), true),
        ("3.0.3", "{enum: [a], x-extensible-enum: true}", json!(["a"]), true),
    ];
    for (version, text, values, open) in cases {
        let contract = schema(version, text);
        let shape = contract.component("X");
        let found = shape.domain.values.as_ref().unwrap_or_else(|| panic!("{text}"));
        assert_eq!((json!(found.to_vec()), shape.domain.open_values), (values, open), "{text}");
        assert_eq!(shape.value_origins.len(), found.len(), "{text}");
    }
    let contract = schema("3.0.3", "{enum: [one, 'two']}");
    let origins = &contract.component("X").value_origins;
    assert_eq!(origins.iter().map(|o| contract.text(*o)).collect::<Vec<_>>(), ["one", "'two'"]);
}

#[test]
fn structure_of_schemas() {
    let text = "{allOf: [{required: [b, a]}], required: [a, z, z], properties: {a: {default: 1}, c: {readOnly: true, deprecated: true}},
      additionalProperties: {type: string}, patternProperties: {'^x': {}}, not: {}, if: {b: 1, a: 2}, contains: {},
      discriminator: {propertyName: kind, mapping: {dog: Dog, cat: Cat}}, description: text, title: A thing, x-column: c}";
    let contract = schema("3.1.0", text);
    assert_eq!(contract.problems(), []);
    let (api, shape) = (contract.api(), contract.component("X"));
    let property = |n: usize| api.shape(shape.properties[n].shape);
    assert!(shape.properties[0].required && !shape.properties[1].required);
    assert_eq!(contract.text(shape.properties[0].required_origin.expect("required")), "a");
    assert_eq!(shape.required_only.iter().map(|(n, _)| &**n).collect::<Vec<_>>(), ["z"]);
    assert_eq!(property(0).default, Some(json!(1)));
    assert!(property(1).read_only && property(1).deprecated);
    assert!(matches!(shape.additional, Additional::Shape(id) if api.shape(id).domain.types == Types::STRING));
    assert_eq!((shape.all_of.len(), shape.pattern_properties.len(), shape.not.is_some()), (1, 1, true));
    let other: Vec<String> = shape.applied.iter().map(|a| format!("{}={}", a.keyword, a.text)).collect();
    assert_eq!(other, ["contains={}", "if={\"a\":2,\"b\":1}"]);
    let mapping: Vec<&str> =
        shape.discriminator.iter().flat_map(|d| d.mapping.iter().map(|entry| &*entry.value)).collect();
    assert_eq!(mapping, ["cat", "dog"]);
    assert!(shape.described && shape.title.as_deref() == Some("A thing") && shape.hints.len() == 1);
}

#[test]
fn siblings_of_references() {
    let cases = [
        ("3.0.3", "{$ref: '#/components/schemas/Y', description: d, maxLength: 3}", true, None),
        ("3.1.0", "{$ref: '#/components/schemas/Y', description: d}", true, None),
        ("3.1.0", "{$ref: '#/components/schemas/Y', maxLength: 3}", false, Some(3)),
        ("3.1.0", "{$ref: '#/components/schemas/Y', deprecated: true}", false, None),
    ];
    for (version, text, bare, length) in cases {
        let contract = schema(version, &format!("{text}\n    Y: {{type: string}}"));
        let shape = contract.component("X");
        assert_eq!((shape.bare, shape.domain.limits().max_length), (bare, length), "{version} {text}");
        let target = shape.reference.as_ref().and_then(|r| r.target).expect("target");
        assert_eq!(contract.api().shape(target).name.as_deref(), Some("Y"));
    }
}

#[test]
fn names_inside_json_schema() {
    let text = "{properties: {a: {$ref: '#part'}, b: {$ref: 'https://shop.example/other'}, c: {$ref: '#/components/schemas/X/$defs/P'}},
      $defs: {P: {$anchor: part, type: string}, Q: {$id: 'https://shop.example/other', type: integer}}}";
    let contract = schema("3.1.0", text);
    assert_eq!(contract.problems(), []);
    let (api, shape) = (contract.api(), contract.component("X"));
    let types: Vec<Types> = shape.properties.iter().map(|p| api.shape(api.resolve(p.shape)).domain.types).collect();
    assert_eq!(types, [Types::STRING, Types::INTEGER, Types::STRING]);
    assert_eq!(api.resolve(shape.properties[0].shape), api.resolve(shape.properties[2].shape));
}

const SWAGGER: &str = r#"
swagger: "2.0"
info: {title: old, version: 1.0}
host: api.example.com
basePath: /v2
schemes: [https, http]
consumes: [application/json]
produces: [application/json, application/xml]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
  login: {type: oauth2, flow: accessCode, authorizationUrl: https://a, tokenUrl: https://t, scopes: {write: w, read: r}}
security: [{key: []}]
parameters:
  page: {name: page, in: query, type: integer, minimum: 1}
paths:
  /pets:
    parameters:
      - $ref: '#/parameters/page'
    get:
      parameters:
        - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: ids, in: query, type: array, items: {type: string}, collectionFormat: pipes}
        - {name: x, in: header, type: array, items: {type: string}}
        - {name: page, in: query, type: integer, maximum: 9, required: true}
      responses:
        200:
          description: ok
          schema: {$ref: '#/definitions/Pet'}
          headers: {X-Total: {type: integer}}
        default: {description: bad}
    post:
      security: [{login: [write, read]}, {}]
      parameters:
        - {name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
      responses: {201: {description: made}}
  /pets/{id}/photo:
    post:
      parameters:
        - {name: id, in: path, type: string, required: true}
        - {name: file, in: formData, type: file, required: true}
        - {name: note, in: formData, type: string, maxLength: 80}
      responses: {204: {description: done}}
definitions:
  Pet:
    type: object
    required: [name]
    properties:
      name: {type: string, x-nullable: true}
"#;

#[test]
fn swagger_two() {
    let contract = read(&[("swagger.yaml", SWAGGER)]);
    assert_eq!(contract.problems(), []);
    let api = contract.api();
    assert_eq!(api.format, "openapi-2.0");
    let servers: Vec<&str> = api.servers.iter().map(|server| &*server.url).collect();
    assert_eq!(servers, ["https://api.example.com/v2", "http://api.example.com/v2"]);
    assert_eq!(api.security_schemes["key"].summary, "apiKey in header X-Key");
    let [flow] = api.security_schemes["login"].flows.as_slice() else { panic!("one flow") };
    let urls: Vec<&str> = flow.urls.iter().map(|(_, url)| &**url).collect();
    let scopes: Vec<&str> = flow.scopes.iter().map(|scope| &**scope).collect();
    assert_eq!(
        (&*flow.name, urls, scopes),
        ("authorizationCode", vec!["https://a", "https://t"], vec!["read", "write"])
    );

    let get = parameters(&contract, "GET /pets");
    let shown: Vec<(&str, &str, bool, bool)> =
        get.iter().map(|p| (&*p.name, &*p.style, p.explode, p.required)).collect();
    let expected = [
        ("page", "form", true, true),
        ("tags", "form", true, false),
        ("ids", "pipeDelimited", false, false),
        ("x", "simple", false, false),
    ];
    assert_eq!(shown, expected);
    assert_eq!(api.shape(get[0].shape).domain.limits().minimum, None);

    let get = api.operation("GET /pets").expect("get");
    let media: Vec<&str> = get.responses[0].media.iter().map(|m| &*m.name).collect();
    assert_eq!(media, ["application/json", "application/xml"]);
    assert_eq!(api.shape(get.responses[0].headers[0].shape).domain.types, Types::INTEGER);
    assert_eq!((&*get.responses[1].status, get.responses[1].media.len()), ("default", 0));
    assert_eq!(get.security.as_ref().map(Vec::len), Some(1));

    let post = api.operation("POST /pets").expect("post");
    let body = post.body.as_ref().expect("body");
    assert!(body.required && body.media.len() == 1);
    assert_eq!(api.shape(api.resolve(body.media[0].shape.expect("shape"))).name.as_deref(), Some("Pet"));
    let security = post.security.as_ref().expect("security");
    assert_eq!(security[0].schemes, [("login".into(), vec!["read".into(), "write".into()])]);
    assert!(security[1].schemes.is_empty());

    let photo = api.operation("POST /pets/{id}/photo").expect("photo");
    assert_eq!(photo.parameters.len(), 1);
    let form = photo.body.as_ref().expect("form");
    assert_eq!((&*form.media[0].name, form.required), ("multipart/form-data", true));
    let shape = api.shape(form.media[0].shape.expect("shape"));
    let fields: Vec<(&str, bool)> = shape.properties.iter().map(|p| (&*p.name, p.required)).collect();
    assert_eq!(fields, [("file", true), ("note", false)]);
    assert_eq!(api.shape(shape.properties[0].shape).domain.format.as_deref(), Some("binary"));
    assert!(contract.component("Pet").properties.iter().all(|p| api.shape(p.shape).domain.nullable() && p.required));
}

#[test]
fn openapi_three_two() {
    let text = r#"
openapi: 3.2.0
$self: https://api.example.com/openapi.yaml
info: {title: new, version: 1}
paths:
  /search:
    query:
      parameters:
        - {name: q, in: querystring, content: {application/json: {schema: {type: object}}}}
      requestBody: {content: {application/json: {schema: {$ref: 'https://api.example.com/openapi.yaml#/components/schemas/Q'}}}}
      responses: {200: {description: ok, content: {application/jsonl: {itemSchema: {$ref: '#/components/schemas/Q'}}}}}
    additionalOperations:
      COPY: {responses: {204: {description: ok}}}
webhooks:
  made: {$ref: '#/components/pathItems/Made'}
components:
  pathItems: {Made: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Q'}}}}}}}
  schemas: {Q: {type: string}}
"#;
    let contract = read(&[("openapi.yaml", text)]);
    assert_eq!(contract.problems(), []);
    let api = contract.api();
    let ids: Vec<(&str, OperationKind)> = api.operations.iter().map(|o| (&*o.id, o.kind)).collect();
    let expected = [
        ("QUERY /search", OperationKind::Path),
        ("COPY /search", OperationKind::Path),
        ("WEBHOOK POST made", OperationKind::Webhook),
    ];
    assert_eq!(ids, expected);
    let query = &api.operations[0];
    assert_eq!(query.parameters[0].place, ParameterPlace::QueryString);
    assert_eq!(query.parameters[0].content.as_deref(), Some("application/json"));
    let body = query.body.as_ref().expect("body").media[0].shape.expect("shape");
    assert_eq!(api.shape(api.resolve(body)).name.as_deref(), Some("Q"));
    let stream = api.shape(query.responses[0].media[0].shape.expect("shape"));
    assert_eq!((stream.domain.types, stream.items.is_some()), (Types::ARRAY, true));
}

#[test]
fn callbacks_that_call_each_other_end() {
    let text = r##"
openapi: 3.1.0
paths:
  /a: {$ref: "#/components/pathItems/A"}
components:
  pathItems:
    A:
      post:
        callbacks:
          one: {"{$url}": {$ref: "#/components/pathItems/A"}}
          two: {"{$url}": {$ref: "#/components/pathItems/B"}}
    B:
      post:
        callbacks:
          back: {"{$url}": {$ref: "#/components/pathItems/A"}}
"##;
    let contract = read(&[("openapi.yaml", text)]);
    assert_eq!(contract.problems(), []);
    let ids: Vec<&str> = contract.api().operations.iter().map(|o| &*o.id).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
    assert_eq!(ids[1], "CALLBACK POST {$url} of POST /a");
}
