//! Small contracts: what is emptied, and where nothing is cut at all.

use driftline::read::openapi::cut;

use super::judge::{Verdict, judge};

/// Filler: what no case is about, so that there is something to gain.
const OTHERS: &str = "  /others:
    get:
      operationId: others
      responses:
        '200':
          description: |
            Others:
              are: all
          content: {application/json: {schema: {$ref: '#/components/schemas/Other'}}}
";
const SCHEMAS: &str = "    Other:
      type: object
      description: >-
        What no case is about, said in as many words as it takes to be worth leaving out.
        name: this is no key
      properties:
        id: {type: integer}
        deeper:
          $ref: '#/components/schemas/Deeper'
    Deeper:
      type: object
      properties:
        id: {type: integer}
";

fn contract(paths: &str, schemas: &str, rest: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n{OTHERS}{paths}components:\n  schemas:\n{SCHEMAS}{schemas}{rest}"
    )
}

/// A path item whose answer is that.
fn path(name: &str, schema: &str) -> String {
    format!(
        "  {name}:\n    get:\n      responses:\n        '200': {{description: d, content: {{a/b: {{schema: {schema}}}}}}}\n"
    )
}

fn reference(name: &str) -> String {
    format!("{{$ref: '#/components/schemas/{name}'}}")
}

/// The keys of what is emptied, after both ways have said the same.
fn emptied(base: &str, head: &str) -> String {
    match judge("openapi.yaml", base.as_bytes(), head.as_bytes()) {
        Verdict::Full(why) => return why.into(),
        Verdict::Different(text) => panic!("{text}"),
        Verdict::Same { .. } => {}
    }
    let (ours, theirs) = cut::outline(base.as_bytes()).zip(cut::outline(head.as_bytes())).expect("outlines");
    let (_, left) = cut::cut((base.as_bytes(), &ours), (head.as_bytes(), &theirs)).expect("a cut");
    let left = String::from_utf8(left).expect("text");
    assert_eq!(left.lines().count(), head.lines().count());
    let names = left.lines().filter_map(|line| line.strip_suffix(": {}")).map(str::trim);
    names.collect::<Vec<_>>().join(" ")
}

/// What is emptied when the head has `to` in the place of `from`.
fn edited(base: &str, from: &str, to: &str) -> String {
    let head = base.replace(from, to);
    assert_ne!(base, head, "the edit changes nothing");
    emptied(base, &head)
}

#[test]
fn what_leads_to_an_edit_stays_and_one_operation_in_any_case() {
    let schemas = "    Order:\n      properties:\n        user: {$ref: '#/components/schemas/User'}\n        other: {$ref: '#/components/schemas/Other'}\n    User:\n      properties:\n        name: {type: string, maxLength: 80}\n";
    let base = contract(&path("/orders", &reference("Order")), schemas, "");
    assert_eq!(edited(&base, "80", "40"), "/others Other Deeper");
    // An edit of the operation itself needs all that it leads to.
    assert_eq!(edited(&base, "a/b", "a/c"), "/others");
    // A schema that no operation uses is used nowhere, which only a contract with operations can say.
    let base = contract("", "    User:\n      properties:\n        name: {type: string, maxLength: 80}\n", "");
    assert_eq!(edited(&base, "80", "40"), "Other Deeper");
}

#[test]
fn names_of_all_kinds_are_followed() {
    let user = "    User:\n      properties:\n        name:\n          type: string\n          maxLength: 80\n";
    let through = |reference: &str| {
        let base = contract(&path("/users", &format!("{{$ref: '{reference}'}}")), user, "");
        edited(&base, "80", "40")
    };
    for reference in
        ["#/components/schemas/User", "#/components/schemas/Us%65r", "#/components/schemas/User/properties/name"]
    {
        assert_eq!(through(reference), "/others Other Deeper", "{reference}");
    }
    let shared = "#/paths/~1users~1%7Bid%7D/get/responses/200/content/a~1b/schema";
    let paths = path("/users/{id}", &reference("User")) + &path("/mine", &format!("{{$ref: '{shared}'}}"));
    assert_eq!(edited(&contract(&paths, user, ""), "80", "40"), "/others Other Deeper");
    // What is asked for at a place inside must be there, whatever else may be empty.
    let paths = path("/users", &reference("User")).replace(
        "schema:",
        "x: 1, example: 1}, c/d: {schema: {$ref: '#/components/schemas/Other/properties/id'}}, e/f: {schema:",
    );
    assert_eq!(edited(&contract(&paths, user, ""), "80", "40"), "/others Deeper");
    let parameters = "  parameters:\n    Page:\n      name: page\n      in: query\n      schema: {$ref: '#/components/schemas/Other'}\n    Unused:\n      name: unused\n      in: query\n      schema: {type: string}\n";
    let paths =
        path("/users", &reference("User")) + "      parameters:\n        - $ref: '#/components/parameters/Page'\n";
    assert_eq!(edited(&contract(&paths, user, parameters), "80", "40"), "/others Other Deeper Unused");
}

#[test]
fn what_inherits_belongs_together() {
    let pets = "    Pet:\n      properties:\n        kind: {type: string}\n      discriminator:\n        propertyName: kind\n        mapping:\n          d: Dog\n          f: '#/components/schemas/Fish'\n    Dog:\n      properties:\n        bark: {type: string, maxLength: 80}\n    Cat:\n      allOf:\n        - $ref: '#/components/schemas/Pet'\n    Fish:\n      properties:\n        fins: {type: integer, minimum: 2}\n    Lion:\n      allOf:\n        - $ref: '#/components/schemas/Cat'\n";
    let base = contract(&path("/pets", &reference("Pet")), pets, "");
    assert_eq!(edited(&base, "80", "40"), "/others Other Deeper");
    assert_eq!(edited(&base, "minimum: 2", "minimum: 3"), "/others Other Deeper");
    assert_eq!(edited(&base, "schemas/Cat'\n", "schemas/Cat'\n        - required: [kind]\n"), "/others Other Deeper");
}

#[test]
fn components_that_came_went_or_got_another_name_are_seen() {
    let user = "    User:\n      properties:\n        name: {type: string, maxLength: 80}\n";
    let base = contract(&path("/users", &reference("User")), user, "");
    assert_eq!(edited(&base, "User", "Person"), "/others Other Deeper");
    assert_eq!(edited(&base, user, &format!("{user}    New:\n      type: string\n")), "/others Other Deeper User");
    // Its users are told what they no longer find: read in full.
    assert_eq!(edited(&base, user, ""), "what is left has a fault");
}

#[test]
fn text_that_looks_like_keys_and_other_line_ends_change_nothing() {
    let user = "    User: # a person\n      description: |\n        Other:\n          x: 1\n\n        # Head\n      properties:\n        name: {type: string, maxLength: 80}\n\n    # between: two\n\n    Last:\n      type: string\n# end\n";
    let base = contract(&path("/users", &reference("User")), user, "");
    assert_eq!(edited(&base, "80", "40"), "/others Other Deeper Last");
    assert_eq!(edited(&base.replace('\n', "\r\n"), "80", "40"), "/others Other Deeper Last");
    assert_eq!(edited(&format!("\u{feff}{base}"), "80", "40"), "/others Other Deeper Last");
    assert_eq!(edited(&format!("---\n{base}"), "80", "40"), "/others Other Deeper Last");
    assert_eq!(edited(&base.replace("    User: #", "    \"User\": #"), "80", "40"), "/others Other Deeper Last");
}

#[test]
fn what_all_operations_share_is_compared_in_full() {
    let base =
        contract("", "", "  securitySchemes:\n    key: {type: apiKey, in: header, name: X}\nsecurity:\n- key: []\n");
    for (from, to) in [("name: X", "name: Y"), ("- key", "- {}\n- key"), ("3.0.3", "3.1.0")] {
        assert_eq!(edited(&base, from, to), "no gain");
    }
}

#[test]
fn where_a_link_may_lead_all_operations_stay() {
    let user = "    User:\n      properties:\n        name: {type: string, maxLength: 80}\n";
    let user = format!("{user}      description: {}\n", "so that it is worth it ".repeat(20));
    let links = path("/users", &reference("User"))
        .replace("description: d", "description: d, links: {n: {operationId: others}}");
    let base = contract(&(path("/more", &reference("Deeper")) + &links), &user, "");
    assert_eq!(edited(&base, "80", "40"), "/others /more Other Deeper");
    assert_eq!(edited(&base, "operationId: others\n", "operationId: all\n"), "User");
}

#[test]
fn what_cannot_be_told_apart_by_lines_has_no_outline() {
    let base = contract("", "", "");
    let cases = [
        ("type: object\n      properties", "type: object\n      example: &a {}\n      properties"),
        ("$ref: '#/components/schemas/Deeper'", "$ref: 'other.yaml#/Deeper'"),
        ("$ref: '#/components/schemas/Deeper'", "$ref: '#/x-parts/Deeper'"),
        ("$ref: '#/components/schemas/Deeper'", "$ref: '#/components/schemas/Deeper/$defs/a'"),
        ("$ref: '#/components/schemas/Deeper'", "$ref:\n            '#/components/schemas/Deeper'"),
        ("    Deeper:", "    Other:"),
        ("    Deeper:", "    ? Deeper\n    :"),
        ("    Deeper:", "   Deeper:"),
        ("    Deeper:", "\tDeeper:"),
        ("    Deeper:", "    $ref: '#/a'\n    Deeper:"),
        ("    Deeper:", "    \"Deep\\x65r\":"),
        ("components:\n", "---\ncomponents:\n"),
        ("openapi: 3.0.3", "openapi: 3.0.3\nswagger: '2.0'"),
        ("openapi: 3.0.3\n", ""),
        ("info: {title: t, version: '1'}", "{{ if .Info }}\ninfo: {title: t, version: '1'}\n{{ end }}"),
        ("paths:\n", "paths: {}\nx-paths:\n  {\n}\n"),
        ("\n        id: ", "\r        id: "),
    ];
    for (from, to) in cases {
        let text = base.replacen(from, to, 1);
        assert_ne!(base, text, "{from}");
        assert!(cut::outline(text.as_bytes()).is_none(), "{from} → {to}");
    }
    assert!(cut::outline(base.as_bytes()).is_some());
    let named = base.replace("3.0.3", "3.1.0").replace("type: object", "$id: a");
    assert!(cut::outline(named.as_bytes()).is_none());
}

#[test]
fn text_that_goes_on_at_the_column_of_keys_is_no_block() {
    let base = contract("", "", "");
    let texts =
        ["\"a\n    b: c\"", "'a''\n    b: c'", "{a: b,\n    c: d}", "[a, {b: '}',\n    c: d}]", "!!str 'a\n    b: c'"];
    for (text, outlined) in texts.map(|text| (text, false)).into_iter().chain([
        ("\"a\n     b: c\"", true),
        ("it's\n       so: \"b\"", true),
        ("{a: [b, \"}\",\n     c], it: 's'} # it's {", true),
    ]) {
        let text = base.replace(">-\n        What", &format!("{text}\n      x-a: >-\n        What"));
        assert_ne!(base, text);
        assert_eq!(cut::outline(text.as_bytes()).is_some(), outlined, "{text}");
    }
}

#[test]
fn json_is_cut_in_any_layout() {
    let text = r##"{"openapi": "3.0.3", "info": {"title": "ü {", "version": "1"}, "paths": {"\/others": {"get": {"responses": {"200": {"description": "d }", "content": {"a/b": {"schema": {"$ref": "#\/components\/schemas\/Other"}}}}}}},
 "/users/{id}": {"get": {"responses": {"200": {"description": "d", "content": {"a/b": {"schema": {"$ref": "#/components/schemas/User"}}}}}}}},
 "components": {"schemas": {"Other": {"type": "object", "description": "as many words as it takes to be worth leaving out, with ü and \" and } in it",
 "properties": {"$ref": {"type": "string"}}}, "User": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 80}}}}}}"##;
    let head = text.replace("80", "40");
    let outlines = cut::outline(text.as_bytes()).zip(cut::outline(head.as_bytes()));
    let (ours, theirs) = outlines.expect("outlines");
    let (_, left) = cut::cut((text.as_bytes(), &ours), (head.as_bytes(), &theirs)).expect("a cut");
    let left = String::from_utf8(left).expect("text");
    assert!(!left.contains("description\": \"d }") && !left.contains("worth") && left.contains("\"maxLength\": 40"));
    assert!(matches!(judge("a.json", text.as_bytes(), head.as_bytes()), Verdict::Same { .. }));
    for broken in [
        text.replace("80}", "80]}"),
        text.replace("80", "'80'"),
        text.replace("\"/users", "\"\\u002fusers"),
        format!("{text} x"),
    ] {
        assert!(cut::outline(broken.as_bytes()).is_none() || broken.contains("80]}"));
    }
}
