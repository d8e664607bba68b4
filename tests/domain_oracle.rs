//! Domains against an independent judge: the `jsonschema` validator.
//!
//! Random pairs of domains, from scratch and by small edits. The validator must agree with `accepts`, every witness must
//! separate the two sides, a difference that is not reported must not show in any instance, and the comparison read
//! backwards must be its mirror. `DRIFTLINE_ORACLE_PAIRS` sets the number of pairs.

use std::cell::RefCell;

use driftline::domain::{Aspect, Containment, Difference, accepts, compare, outside, sample};
use driftline::model::{Bound, Decimal, Domain, Effect, Types};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use serde_json::{Map, Value, json};

const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
const FORMATS: [&str; 10] =
    ["date", "date-time", "uuid", "email", "ipv4", "uri", "uri-reference", "hostname", "int32", "password"];
const PATTERNS: [&str; 10] =
    ["^[a-z]+$", "^[a-z0-9]+$", "^a", "b$", "a|b", "^(red|green)$", "^[0-9]{2,4}$", "^.{3}$", "^x?y*$", "[^a]"];
const NUMBERS: [&str; 9] = ["-3", "-1", "0", "0.5", "1", "1.5", "2", "3", "10"];
const STEPS: [&str; 5] = ["0.5", "1", "1.5", "2", "3"];

/// A domain as indexes into the pools, so that a failing case shrinks to something readable.
#[derive(Clone, Default)]
struct Spec {
    types: Vec<usize>,
    format: Option<usize>,
    values: Option<Vec<usize>>,
    minimum: Option<(usize, bool)>,
    maximum: Option<(usize, bool)>,
    step: Option<usize>,
    length: (Option<u64>, Option<u64>),
    pattern: Option<usize>,
    items: (Option<u64>, Option<u64>),
    unique: bool,
    properties: (Option<u64>, Option<u64>),
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.schema())
    }
}

fn pool() -> Vec<Value> {
    let texts =
        ["", "a", "b", "ab", "abc", "red", "12", "123", "xyy", "A", "é", "aaaaaaaaaaa", "2000-01-01", "1.2.3.4"];
    let others = json!([
        null, true, false, 0, 1, 2, 3, -1, -3, 10, 0.5, 1.5, 0.25, 2.0, 7, 100, 3_000_000_000u64, [], [1], [1, 1],
        [1, 2, 3], {}, {"a": 1}, {"a": 1, "b": 2}, "2000-01-01T00:00:00Z", "a@b.co", "https://a.co", "a.co", "not a date"
    ]);
    let uuid = json!("00000000-0000-0000-0000-000000000000");
    texts.iter().map(|t| json!(t)).chain(others.as_array().into_iter().flatten().cloned()).chain([uuid]).collect()
}

impl Spec {
    fn domain(&self) -> Domain {
        let number = |text: &str| Decimal::parse(text).expect(text);
        let bound =
            |end: Option<(usize, bool)>| end.map(|(n, exclusive)| Bound { value: number(NUMBERS[n]), exclusive });
        let named = |t: &usize| Types::named(TYPES[*t]).expect("a type");
        let mut domain = Domain::any();
        if !self.types.is_empty() {
            domain.types = self.types.iter().map(named).fold(Types::NONE, Types::union);
        }
        domain.format = self.format.map(|f| FORMATS[f].into());
        let pool = pool();
        domain.values = self.values.as_ref().map(|list| list.iter().map(|n| pool[*n].clone()).collect());
        let limits = domain.limits_mut();
        limits.minimum = bound(self.minimum);
        limits.maximum = bound(self.maximum);
        limits.multiple_of = self.step.map(|n| number(STEPS[n]));
        (limits.min_length, limits.max_length) = self.length;
        limits.patterns = self.pattern.iter().map(|n| PATTERNS[*n].into()).collect();
        (limits.min_items, limits.max_items) = self.items;
        limits.unique_items = self.unique;
        (limits.min_properties, limits.max_properties) = self.properties;
        domain
    }

    fn schema(&self) -> Value {
        let mut schema = Map::new();
        let mut put = |keyword: &str, value: Option<Value>| schema.extend(value.map(|v| (keyword.to_string(), v)));
        let number = |text: &str| Decimal::parse(text).expect(text).to_json();
        if !self.types.is_empty() {
            put("type", Some(self.types.iter().map(|t| json!(TYPES[*t])).collect()));
        }
        match self.format.map(|f| FORMATS[f]) {
            // Numeric formats are no formats to JSON Schema; they are spelled out for it.
            Some("int32") => put(
                "allOf",
                Some(json!([{"if": {"type": "number"},
                "then": {"type": "integer", "minimum": i32::MIN, "maximum": i32::MAX}}])),
            ),
            Some("password") | None => {}
            Some(name) => put("format", Some(json!(name))),
        }
        let pool = pool();
        put("enum", self.values.as_ref().map(|list| list.iter().map(|n| pool[*n].clone()).collect()));
        if let Some((n, exclusive)) = self.minimum {
            put(if exclusive { "exclusiveMinimum" } else { "minimum" }, Some(number(NUMBERS[n])));
        }
        if let Some((n, exclusive)) = self.maximum {
            put(if exclusive { "exclusiveMaximum" } else { "maximum" }, Some(number(NUMBERS[n])));
        }
        put("multipleOf", self.step.map(|n| number(STEPS[n])));
        put("minLength", self.length.0.map(Value::from));
        put("maxLength", self.length.1.map(Value::from));
        put("pattern", self.pattern.map(|n| json!(PATTERNS[n])));
        put("minItems", self.items.0.map(Value::from));
        put("maxItems", self.items.1.map(Value::from));
        put("uniqueItems", self.unique.then_some(Value::Bool(true)));
        put("minProperties", self.properties.0.map(Value::from));
        put("maxProperties", self.properties.1.map(Value::from));
        Value::Object(schema)
    }

    /// The spec with the parts that `mask` names taken from another one: an edit.
    fn edited(&self, other: &Spec, mask: u16) -> Spec {
        let mut spec = self.clone();
        let parts: [fn(&mut Spec, &Spec); 11] = [
            |s, o| s.types.clone_from(&o.types),
            |s, o| s.format = o.format,
            |s, o| s.values.clone_from(&o.values),
            |s, o| s.minimum = o.minimum,
            |s, o| s.maximum = o.maximum,
            |s, o| s.step = o.step,
            |s, o| s.length = o.length,
            |s, o| s.pattern = o.pattern,
            |s, o| s.items = o.items,
            |s, o| s.unique = o.unique,
            |s, o| s.properties = o.properties,
        ];
        for (bit, part) in parts.iter().enumerate() {
            if mask & (1 << bit) != 0 {
                part(&mut spec, other);
            }
        }
        spec
    }
}

fn rare<T: Clone + std::fmt::Debug + 'static>(inner: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Option<T>> {
    prop::option::weighted(0.3, inner).boxed()
}

fn specs() -> impl Strategy<Value = Spec> {
    let count = || (rare(0..5u64), rare(0..12u64));
    let first = (
        prop::collection::vec(0..TYPES.len(), 0..3),
        rare(0..FORMATS.len()),
        prop::option::weighted(0.2, prop::collection::btree_set(0..pool().len(), 1..5)),
        rare((0..NUMBERS.len(), any::<bool>())),
        rare((0..NUMBERS.len(), any::<bool>())),
        rare(0..STEPS.len()),
    );
    (first, count(), rare(0..PATTERNS.len()), count(), any::<bool>(), count()).prop_map(
        |((types, format, values, minimum, maximum, step), length, pattern, items, unique, properties)| {
            let types = types.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
            let values = values.map(|v| v.into_iter().collect());
            Spec { types, format, values, minimum, maximum, step, length, pattern, items, unique, properties }
        },
    )
}

fn pairs() -> impl Strategy<Value = (Spec, Spec)> {
    let edit = prop_oneof![3 => (0..11u16).prop_map(|bit| 1 << bit), 2 => any::<u16>(), 1 => Just(0u16)];
    (specs(), specs(), edit).prop_map(|(base, other, mask)| {
        let head = base.edited(&other, mask);
        (base, head)
    })
}

fn judge(spec: &Spec) -> impl Fn(&Value) -> bool + use<> {
    let validator = jsonschema::options().should_validate_formats(true).build(&spec.schema()).expect("a valid schema");
    move |value| validator.is_valid(value)
}

fn mirrored(difference: &Difference) -> Difference {
    Difference {
        aspect: difference.aspect,
        effect: difference.effect.mirrored(),
        before: difference.after.clone(),
        after: difference.before.clone(),
        lost: difference.gained.clone(),
        gained: difference.lost.clone(),
        value: difference.value.clone(),
        inside: (difference.inside.1, difference.inside.0),
        // Of two reasons the first is told, and which that is depends on the direction.
        reason: None,
    }
}

fn unexplained(difference: Difference) -> Difference {
    Difference { reason: None, ..difference }
}

/// Order of values follows the side they are in, so mirrors are compared as sets.
fn sorted(differences: impl IntoIterator<Item = Difference>) -> Vec<String> {
    let mut lines: Vec<String> = differences.into_iter().map(|d| format!("{d:?}")).collect();
    lines.sort();
    lines
}

#[derive(Default)]
struct Tally {
    pairs: usize,
    equal: usize,
    undecided: usize,
    shown: usize,
    unshown: usize,
}

/// Half of the pairs; the halves run side by side.
#[test]
fn the_validator_agrees() {
    agree(1);
}

#[test]
fn the_validator_agrees_on_others() {
    agree(2);
}

fn agree(seed: u8) {
    let pairs_wanted = std::env::var("DRIFTLINE_ORACLE_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let wanted: u32 = pairs_wanted / 2;
    let config = Config { cases: wanted, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(config.rng_algorithm, &[seed; 32]);
    let tally = RefCell::new(Tally::default());
    let instances = pool();
    let outcome = TestRunner::new_with_rng(config, rng).run(&pairs(), |(base_spec, head_spec)| {
        let (base, head) = (base_spec.domain(), head_spec.domain());
        let (in_base, in_head) = (judge(&base_spec), judge(&head_spec));
        let differences = compare(&base, &head);
        prop_assert!(compare(&base, &base).is_empty());
        prop_assert_eq!(
            sorted(differences.iter().map(mirrored)),
            sorted(compare(&head, &base).into_iter().map(unexplained))
        );

        let mut tally = tally.borrow_mut();
        tally.pairs += 1;
        tally.equal += usize::from(differences.is_empty());
        tally.undecided += usize::from(differences.iter().any(|d| d.effect == Effect::Undecided));
        for difference in &differences {
            if let Some(value) = &difference.lost {
                prop_assert!(in_base(value) && !in_head(value), "lost {value} by {difference:?}");
            }
            if let Some(value) = &difference.gained {
                prop_assert!(in_head(value) && !in_base(value), "gained {value} by {difference:?}");
            }
            let loses = matches!(difference.effect, Effect::Narrows | Effect::Both);
            let gains = matches!(difference.effect, Effect::Widens | Effect::Both);
            for shown in [loses.then_some(&difference.lost), gains.then_some(&difference.gained)].into_iter().flatten()
            {
                tally.shown += usize::from(shown.is_some());
                tally.unshown += usize::from(shown.is_none());
            }
            prop_assert!(difference.aspect != Aspect::Value || difference.before != difference.after);
        }
        let may = |effects: [Effect; 3]| differences.iter().any(|d| effects.contains(&d.effect));
        let may_lose = may([Effect::Narrows, Effect::Both, Effect::Undecided]);
        let may_gain = may([Effect::Widens, Effect::Both, Effect::Undecided]);
        // A third of the instances each time; over all pairs every one meets every kind of domain.
        let some = instances.iter().skip(tally.pairs % 3).step_by(3).cloned();
        for value in some.chain(sample(&base)).chain(sample(&head)) {
            let (b, h) = (in_base(&value), in_head(&value));
            prop_assert!(accepts(&base, &value).is_none_or(|told| told == b), "base and {value}: {b}");
            prop_assert!(accepts(&head, &value).is_none_or(|told| told == h), "head and {value}: {h}");
            prop_assert!(may_lose || !b || h, "{value} is lost without a difference: {differences:?}");
            prop_assert!(may_gain || b || !h, "{value} is gained without a difference: {differences:?}");
        }
        match outside(&base, &head) {
            Containment::Inside => prop_assert!(!differences.iter().any(|d| d.lost.is_some())),
            Containment::Outside(Some(value)) => prop_assert!(in_base(&value) && !in_head(&value), "{value}"),
            Containment::Outside(None) | Containment::Undecided(_) => {}
        }
        Ok(())
    });
    let tally = tally.into_inner();
    let rate = 100.0 * tally.undecided as f64 / tally.pairs.max(1) as f64;
    println!(
        "{} pairs: {} equal, {} undecided ({rate:.1} %), {} effects with a witness, {} without",
        tally.pairs, tally.equal, tally.undecided, tally.shown, tally.unshown
    );
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(rate < 10.0, "too much is left undecided: {rate:.1} %");
}
