//! The document reader against independent readers (`serde_json`, `serde_yaml`), its spans, and hostile input.

use std::sync::Arc;

use driftline::read::document::{Budget, Cache, Document, NodeId, Scalar};
use driftline::source::Files;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

fn parse(path: &str, bytes: &[u8]) -> Arc<Document> {
    let files = Files::default();
    let id = files.add(path, "1", bytes.to_vec());
    Cache::default().get(&files, id)
}

fn value(doc: &Document) -> Value {
    doc.root().map_or(Value::Null, |root| doc.to_value(root, &mut Budget::new(1_000_000)).expect("small enough"))
}

fn rules(doc: &Document) -> Vec<&'static str> {
    doc.problems().iter().map(|p| p.rule).collect()
}

/// Numbers as the document gives them: `1.0` is `1`.
fn normal(value: Value) -> Value {
    match value {
        Value::Number(n) => match n.as_f64() {
            Some(f) if n.is_f64() && f.fract() == 0.0 && f.abs() < 9e15 => Value::from(f as i64),
            _ => Value::Number(n),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(normal).collect()),
        Value::Object(map) => Value::Object(map.into_iter().map(|(k, v)| (k, normal(v))).collect()),
        other => other,
    }
}

/// Every key and scalar lies inside its parent, and its slice is its text when nothing was escaped or folded.
fn check_spans(doc: &Document, source: &[u8]) {
    fn slice<'s>(doc: &Document, source: &'s [u8], id: NodeId) -> &'s str {
        let origin = doc.origin(id);
        std::str::from_utf8(&source[origin.start as usize..origin.end as usize]).expect("spans end at characters")
    }
    fn walk(doc: &Document, source: &[u8], id: NodeId) {
        let outer = doc.origin(id);
        let inside = |inner: NodeId| {
            let inner = doc.origin(inner);
            assert!(outer.start <= inner.start && inner.end <= outer.end, "{inner:?} is not in {outer:?}");
        };
        if let Some(text) = doc.text(id) {
            let slice = slice(doc, source, id);
            let escaped =
                slice.contains('\\') || slice.contains("''") || slice.contains('\n') || slice.starts_with('*');
            let bare = match slice.as_bytes() {
                [b'"' | b'\'', .., _] => &slice[1..slice.len() - 1],
                _ => slice,
            };
            assert!(escaped || bare == text, "{slice:?} is not {text:?}");
        }
        if doc.target(id) != id {
            return;
        }
        for item in doc.items(id) {
            inside(item);
            walk(doc, source, item);
        }
        for entry in doc.entries(id) {
            if doc.origin(entry.key).start < outer.start {
                continue; // merged in from elsewhere
            }
            inside(entry.key);
            inside(entry.value);
            walk(doc, source, entry.key);
            walk(doc, source, entry.value);
            assert!(doc.get(id, doc.key(entry)).is_some());
        }
    }
    if let Some(root) = doc.root() {
        walk(doc, source, root);
    }
}

#[test]
fn json_accepts_and_refuses() {
    let accepted = [
        "{}",
        "[]",
        "null",
        "true",
        "-0",
        "0",
        "1.5e+3",
        "1E-2",
        "\"\"",
        " [1 , 2 ] ",
        "{\"a\":{}}",
        "\"\\u0000\"",
        "\"\\uD83D\\uDE00\"",
        "[[[[]]]]",
        "{\"\":0}",
        "\"\u{7f}\"",
        "[1,\r\n\t2]",
        "1e400",
        "123456789012345678901234567890",
        "\u{feff}{}",
        "{\"a\":1,\"a\":2}",
        "\"\\ud800\"",
        "\"/\\/\"",
        "[\"😀\"]",
    ];
    for text in accepted {
        assert!(rules(&parse("a.json", text.as_bytes())).iter().all(|r| *r == "key-duplicate"), "{text}");
    }
    let refused = [
        "",
        " ",
        "{",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "[1]x",
        "{}{}",
        "tru",
        "True",
        "nul",
        "NaN",
        "Infinity",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\t\"",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "// c\n1",
        "[1] // c",
        "/* */1",
        "{\"a\":1 \"b\":2}",
        "]",
        "}",
        "{]",
        "[}",
        "\u{a0}1",
        "{\"a\":1,,\"b\":2}",
        "{1:1}",
        "[1}",
        "{\"a\" 1}",
        "--1",
        "1..2",
    ];
    for text in refused {
        let doc = parse("a.json", text.as_bytes());
        assert_eq!(rules(&doc), ["document-invalid"], "{text}");
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
    }
}

#[test]
fn json_faults_are_located() {
    let cases = [
        ("{\"a\": 1,}", 8, "expected a key in double quotes, found `}`"),
        ("{\"a\": 1 // x\n}", 8, "a comment"),
        ("[1, \"ab", 4, "no closing quote"),
        ("[\"a\\qb\"]", 3, "`\\q`"),
        ("{\"a\": 01}", 6, "no number"),
        ("[\"a\nb\"]", 3, "line breaks"),
    ];
    for (text, start, words) in cases {
        let doc = parse("a.json", text.as_bytes());
        let problem = &doc.problems()[0];
        assert_eq!(problem.origin.start, start, "{text}: {}", problem.message);
        assert!(problem.message.contains(words), "{text}: {}", problem.message);
        assert!(problem.incomplete);
    }
}

#[test]
fn what_was_read_before_a_fault_stays() {
    for (path, text) in [("a.json", "{\"a\": {\"b\": 1, \"c\": x"), ("a.yaml", "a:\n  b: 1\n  c: [\nd: }")] {
        let doc = parse(path, text.as_bytes());
        let a = doc.at(doc.root().expect("root"), "a").expect("a");
        assert_eq!(doc.at(a, "b").and_then(|b| doc.text(b)), Some("1"), "{path}");
        assert!(doc.get(a, "c").is_some(), "{path}");
        assert_eq!(rules(&doc), ["document-invalid"], "{path}");
    }
}

#[test]
fn yaml_values() {
    let cases = [
        ("a: 1\nb: [x, 'y', \"z\"]\n", r#"{"a":1,"b":["x","y","z"]}"#),
        ("a:\nb: ~\nc: null\n", r#"{"a":null,"b":null,"c":null}"#),
        ("a: &x {k: 1}\nb: *x\n", r#"{"a":{"k":1},"b":{"k":1}}"#),
        ("a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\n", r#"{"a":{"k":1,"l":2},"b":{"l":3,"k":1}}"#),
        (
            "a: &x {k: 1}\nc: &y {m: 2, k: 5}\nb:\n  <<: [*x, *y]\n",
            r#"{"a":{"k":1},"c":{"m":2,"k":5},"b":{"k":1,"m":2}}"#,
        ),
        ("'<<': {a: 1}\n", r#"{"<<":{"a":1}}"#),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", r#"{"a":"x\ny\n","b":"x y"}"#),
        ("a: x\n  y\n", r#"{"a":"x y"}"#),
        ("200:\n  a: 0x1F\n", r#"{"200":{"a":31}}"#),
        ("a: !!str 12\nb: !!int '3'\nc: '12'\n", r#"{"a":"12","b":3,"c":"12"}"#),
        ("a: yes\nb: 1_000\nc: 2026-11-20\n", r#"{"a":"yes","b":"1_000","c":"2026-11-20"}"#),
        ("%YAML 1.2\n---\na: 1\n", r#"{"a":1}"#),
        ("{\"a\": 1, b: 2}", r#"{"a":1,"b":2}"#),
        ("\u{feff}a: ä\r\nb: 2\r\n", r#"{"a":"ä","b":2}"#),
        ("- - 1\n  - 2\n- a: 1\n", r#"[[1,2],{"a":1}]"#),
        ("a:\n- 1\n- 2\n", r#"{"a":[1,2]}"#),
        ("? a\n: b\n", r#"{"a":"b"}"#),
        // Quoted text that goes on at the indentation of its key, which libyaml and PyYAML read.
        ("a:\n  b: 'x\n  y'\n  c: \"x\n  y\"\n", r#"{"a":{"b":"x y","c":"x y"}}"#),
    ];
    for (text, expected) in cases {
        let doc = parse("a.yaml", text.as_bytes());
        assert_eq!(rules(&doc), Vec::<&str>::new(), "{text}");
        assert_eq!(value(&doc), serde_json::from_str::<Value>(expected).expect("expected"), "{text}");
        check_spans(&doc, text.as_bytes());
    }
}

#[test]
fn duplicate_keys_name_both_places() {
    let many: String = (0..30).map(|n| format!("k{n}: {n}\n")).collect();
    for text in ["a: 1\nb: 2\na: 3\n".to_string(), format!("a: 1\n{many}a: 3\n"), "{\"a\":1,\n\"a\":3}".to_string()] {
        let doc = parse("a.yaml", text.as_bytes());
        assert_eq!(rules(&doc), ["key-duplicate"], "{text}");
        let problem = &doc.problems()[0];
        assert!(!problem.incomplete && problem.message.contains("line 1,"), "{}", problem.message);
        assert!(problem.origin.start > 4);
        assert_eq!(value(&doc)["a"], 3);
    }
}

#[test]
fn bad_text_is_located() {
    let cases: [(&[u8], &str, u32, &str); 9] = [
        (b"a:\n\tb: 1\n", "document-invalid", 3, "a tab is used for indentation"),
        (b"a: 1\nb: \xff\n", "encoding-unsupported", 8, "0xff"),
        (b"\xff\xfea\0:\0", "encoding-unsupported", 0, "iconv -f UTF-16LE"),
        (b"a: *b\n", "document-invalid", 3, "no anchor"),
        (b"a: 1\n---\nb: 2\n", "document-invalid", 5, "several YAML documents"),
        (b"a: {{ name }}\n", "document-invalid", 3, "template"),
        (b"a: {[x]: 1}\n", "document-invalid", 4, "single value"),
        (b"a: \"b\n", "document-invalid", 3, "unclosed quote"),
        (b"a: &x {<<: *x}\n", "document-invalid", 11, "complete"),
    ];
    for (text, rule, start, words) in cases {
        let doc = parse("a.yaml", text);
        let problem = doc.problems().first().unwrap_or_else(|| panic!("{text:?}"));
        assert_eq!((problem.rule, problem.origin.start), (rule, start), "{text:?}: {}", problem.message);
        assert!(problem.message.contains(words), "{}", problem.message);
    }
}

#[test]
fn templates_are_read_with_every_branch_taken() {
    let text = "{{- if .Old }}\na: {{ .Name }}\n{{- end }}\n{{ .Key }}:\n  b: '{{ .B }}/c'\n";
    let doc = parse("a.yaml", text.as_bytes());
    assert_eq!(rules(&doc), ["document-invalid"]);
    assert!(!doc.problems()[0].incomplete);
    let expected = serde_json::json!({"a": "{{ .Name }}", "{{ .Key }}": {"b": "{{ .B }}/c"}});
    assert_eq!(value(&doc), expected);
    check_spans(&doc, text.as_bytes());
}

#[test]
fn deep_nesting_is_a_problem_and_no_crash() {
    let deep = 10_000;
    let block: String = (0..deep).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let cases = [
        ("a.json", "[".repeat(deep)),
        ("a.json", "{\"a\":".repeat(deep) + "1" + &"}".repeat(deep)),
        ("a.yaml", "[".repeat(deep)),
        ("a.yaml", "- ".repeat(deep) + "x"),
        ("a.yaml", block),
    ];
    for (path, text) in cases {
        let doc = parse(path, text.as_bytes());
        assert_eq!(rules(&doc), ["nesting-limit"], "{path} {}", &text[..10]);
        assert!(doc.root().is_none_or(|root| doc.to_value(root, &mut Budget::new(100_000)).is_err()));
    }
}

#[test]
fn alias_bombs_are_harmless() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..30 {
        let items: Vec<String> = (0..9).map(|_| format!("*a{}", n - 1)).collect();
        text.push_str(&format!("a{n}: &a{n} [{}]\n", items.join(", ")));
    }
    let doc = parse("a.yaml", text.as_bytes());
    assert_eq!(doc.problems(), []);
    assert!(doc.len() < 1_000);
    let last = doc.at(doc.root().expect("root"), "a29").expect("a29");
    assert!(doc.to_value(last, &mut Budget::new(100_000)).is_err());
    let circle = parse("a.yaml", b"a: &a [*a]\n");
    assert!(circle.to_value(circle.root().expect("root"), &mut Budget::new(100_000)).is_err());

    let mut merges = String::from("m0: &m0 {a: 1, b: 2}\n");
    for n in 1..40 {
        let keys: String = (0..500).map(|k| format!(", k{n}x{k}: 1")).collect();
        merges.push_str(&format!("m{n}: &m{n} {{<<: *m{}{keys}}}\n", n - 1));
    }
    let doc = parse("a.yaml", merges.as_bytes());
    assert!(rules(&doc).contains(&"alias-limit"));
}

#[test]
fn comments_keep_their_place() {
    let text = "# head\na: 1 # right\n# next\nb: 2\n";
    let doc = parse("a.yaml", text.as_bytes());
    let found: Vec<(&str, bool)> =
        doc.comments().iter().map(|c| (&text[c.origin.start as usize..c.origin.end as usize], c.own_line)).collect();
    assert_eq!(found, [("# head", true), ("# right", false), ("# next", true)]);
}

#[test]
fn snapshots_are_read_behind_their_front_matter() {
    let text = "---\nsource: tests/api.rs\nexpression: spec\n---\n{\n  \"a\": 1\n}\n";
    let doc = parse("api.snap", text.as_bytes());
    let entry = doc.get(doc.root().expect("root"), "a").expect("a");
    assert_eq!(doc.origin(entry.key).start as usize, text.find("\"a\"").expect("a"));
    assert_eq!(rules(&doc), Vec::<&str>::new());
}

#[test]
fn a_shared_file_is_parsed_once() {
    let files = Files::default();
    let id = files.add("a.yaml", "1", b"a: 1".to_vec());
    let cache = Cache::default();
    let threads: Vec<Arc<Document>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..4).map(|_| scope.spawn(|| cache.get(&files, id))).collect();
        handles.into_iter().map(|h| h.join().expect("no panic")).collect()
    });
    assert!(threads.iter().all(|doc| Arc::ptr_eq(doc, &threads[0])));
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z]{0,6}",
        // Without U+0085, U+2028 and U+2029: line breaks to the emitter (YAML 1.1), characters to the reader (1.2).
        "[ -~¡-ÿ☃😀]{0,8}",
        proptest::sample::select(vec![
            "", "~", "null", "1", "1.0", "yes", "- a", "a: b", "#c", "'", "\"", "\\", "a\nb", "\t", "&a", "*a", " a ",
            "0x1"
        ])
        .prop_map(str::to_string),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_000i64..1_000_000, 1..1000i64).prop_map(|(a, b)| Value::from(a as f64 / b as f64)),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 12, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..12).prop_map(|e| Value::Object(e.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, rng_seed: RngSeed::Fixed(20261120), ..ProptestConfig::default() })]

    #[test]
    fn json_reads_as_serde_json_does(value_ in any_value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value_) } else { serde_json::to_string(&value_) }.expect("json");
        let doc = parse("a.json", text.as_bytes());
        prop_assert_eq!(doc.problems(), &[]);
        prop_assert_eq!(value(&doc), normal(value_));
        check_spans(&doc, text.as_bytes());
    }

    #[test]
    fn yaml_reads_as_serde_yaml_does(value_ in any_value()) {
        let text = serde_yaml::to_string(&value_).expect("yaml");
        let doc = parse("a.yaml", text.as_bytes());
        prop_assert_eq!(doc.problems(), &[], "{}", text);
        prop_assert_eq!(value(&doc), normal(value_), "{}", text);
        check_spans(&doc, text.as_bytes());
    }

    #[test]
    fn broken_json_is_refused_as_serde_json_does(value_ in any_value(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut text = serde_json::to_vec(&value_).expect("json");
        let at = at.index(text.len());
        text[at] = byte;
        let doc = parse("a.json", &text);
        let invalid = doc.problems().iter().any(|p| p.incomplete);
        match serde_json::from_slice::<Value>(&text) {
            Ok(read) => {
                prop_assert!(!invalid, "{:?}: {:?}", String::from_utf8_lossy(&text), doc.problems());
                prop_assert_eq!(value(&doc), normal(read));
            }
            // serde_json refuses lone surrogates and numbers beyond a double; both are grammatical.
            Err(error) => prop_assert!(invalid || error.to_string().contains("surrogate") || error.to_string().contains("range")
                || error.to_string().contains("hex escape"), "{:?}: {}", String::from_utf8_lossy(&text), error),
        }
        check_spans(&doc, &text);
    }

    #[test]
    fn no_bytes_crash_the_readers(bytes in prop::collection::vec(prop_oneof![Just(b' '), Just(b'\n'), Just(b':'), Just(b'-'), Just(b'['), Just(b'{'), Just(b'}'), Just(b'&'), Just(b'*'), Just(b'"'), Just(b'|'), Just(b'<'), Just(b'a'), any::<u8>()], 0..80)) {
        for path in ["a.yaml", "a.json", "a.snap"] {
            let doc = parse(path, &bytes);
            check_spans_loosely(&doc, bytes.len());
        }
    }
}

fn check_spans_loosely(doc: &Document, length: usize) {
    for id in 0..doc.len() as u32 {
        let origin = doc.origin(NodeId(id));
        assert!(origin.start <= origin.end && origin.end as usize <= length, "{origin:?} of {length}");
        assert!(!matches!(doc.scalar(NodeId(id)), Scalar::Bool(_)) || doc.text(NodeId(id)).is_some());
    }
}
