//! The lattice: what one type holds that the other does not.

use crate::model::Effect;

use super::kind::Kind;

/// The effect of going from `a` to `b`, and why in words.
pub fn of(a: &Kind, b: &Kind) -> (Effect, String) {
    use Kind::*;
    match (a, b) {
        (Int { below: b1, above: a1 }, Int { below: b2, above: a2 }) => numbers(
            Effect::of(b1 > b2 || a1 > a2, b2 > b1 || a2 > a1),
            &format!("only {} to {a2} fit", if *b2 == 0 { "0".to_string() } else { format!("-{b2}") }),
        ),
        (Decimal { whole: w1, scale: s1 }, Decimal { whole: w2, scale: s2 }) => {
            let effect = Effect::of(more(w1, w2) || more(s1, s2), more(w2, w1) || more(s2, s1));
            numbers(effect, &digits(*w2, *s2))
        }
        (Int { .. }, Decimal { whole, scale }) => {
            let loses = whole.is_some_and(|w| w < int_digits(a));
            numbers(Effect::of(loses, true), &digits(*whole, *scale))
        }
        (Decimal { .. }, Int { above, .. }) => {
            let (effect, _) = of(b, a);
            numbers(effect.mirrored(), &format!("only whole numbers up to {above} fit"))
        }
        (Int { below, above }, Float { mantissa }) => {
            let loses = (*above).max(*below) > 1u64 << mantissa;
            numbers(Effect::of(loses, true), "large numbers are stored inexactly")
        }
        (Float { .. }, Int { .. }) => (of(b, a).0.mirrored(), "fractions are rounded away".into()),
        (Float { mantissa: m1 }, Float { mantissa: m2 }) => {
            (Effect::of(m1 > m2, m2 > m1), if m1 > m2 { "digits are lost" } else { "more digits are kept" }.into())
        }
        (Decimal { .. }, Float { .. }) => (Effect::Both, "exact decimals become approximate".into()),
        (Float { .. }, Decimal { .. }) => (Effect::Both, "approximate numbers are rounded to decimals".into()),
        (Text { .. }, Text { .. }) => texts(a, b),
        (Bytes { max: m1, fixed: f1 }, Bytes { max: m2, fixed: f2 }) if f1 == f2 => {
            (Effect::of(longer(m1, m2), longer(m2, m1)), limit(*m2, "bytes"))
        }
        (Enum { .. }, Text { .. }) => (Effect::Widens, "any text is allowed".into()),
        (Text { .. }, Enum { .. }) => (Effect::Narrows, "only the listed values are allowed".into()),
        (Enum { values: v1 }, Enum { values: v2 }) => {
            let lacks = |some: &[String], other: &[String]| some.iter().any(|v| !other.contains(v));
            match Effect::of(lacks(v1, v2), lacks(v2, v1)) {
                Effect::Same => {
                    (Effect::Undecided, "the order of the values differs, and with it their sort order".into())
                }
                effect => (effect, "the list of values differs".into()),
            }
        }
        (Date, Timestamp { .. }) => (Effect::Widens, "a time of day is added".into()),
        (Timestamp { .. }, Date) => (Effect::Narrows, "the time of day is lost".into()),
        (Timestamp { zone: z1, precision: p1 }, Timestamp { zone: z2, precision: p2 })
        | (Time { zone: z1, precision: p1 }, Time { zone: z2, precision: p2 }) => match z1 == z2 {
            false => {
                let meant = "the same digits stand for another moment where the session's time zone is not the one that was meant";
                (Effect::Undecided, meant.into())
            }
            true => (Effect::of(p1 > p2, p2 > p1), format!("fractions of a second keep {p2} digits")),
        },
        (Json { .. }, Json { .. }) => {
            (Effect::Undecided, "white space, key order and repeated keys are not kept alike".into())
        }
        (Text { .. }, Json { .. }) => (Effect::Narrows, "text that is no JSON is refused".into()),
        (Json { .. }, Text { .. }) => (Effect::Widens, "any text is allowed".into()),
        (Other(x), Other(y)) if x == "cidr" && y == "inet" => (Effect::Widens, "host addresses are allowed".into()),
        (Other(x), Other(y)) if x == "inet" && y == "cidr" => (Effect::Narrows, "host bits are refused".into()),
        (Array(x), Array(y)) => {
            let (effect, reason) = of(x, y);
            (effect, format!("elements: {reason}"))
        }
        (Affinity(x), Affinity(y)) => (Effect::Undecided, affinity(x, y)),
        _ => (Effect::Both, "code that writes or reads the old type meets another one".into()),
    }
}

/// What SQLite does to values that it is given: nothing is refused (datatype3, section 3.4).
fn affinity(from: &str, to: &str) -> String {
    let does = match to {
        "TEXT" => "numbers are kept as text from now on",
        "BLOB" => "values are kept as they are given from now on",
        _ => "text that looks like a number is kept as one, without zeros in front of it",
    };
    format!("the affinity changes from {from} to {to}, and {does}")
}

/// Numbers that only gain need no list of what fits.
fn numbers(effect: Effect, fits: &str) -> (Effect, String) {
    let reason =
        if effect == Effect::Widens { "code that reads it may meet numbers too large for its type" } else { fits };
    (effect, reason.to_string())
}

fn texts(a: &Kind, b: &Kind) -> (Effect, String) {
    let (Kind::Text { max: m1, padded: p1, caseless: c1 }, Kind::Text { max: m2, padded: p2, caseless: c2 }) = (a, b)
    else {
        return (Effect::Undecided, String::new());
    };
    if c1 != c2 {
        return (Effect::Undecided, "comparisons treat upper and lower case differently".into());
    }
    let effect = Effect::of(longer(m1, m2), longer(m2, m1));
    match (p1 != p2, effect) {
        (true, Effect::Same) => (Effect::Both, "blanks at the end are padded or kept differently".into()),
        _ => (effect, limit(*m2, "characters")),
    }
}

fn limit(max: Option<u64>, unit: &str) -> String {
    match max {
        Some(max) => format!("at most {max} {unit} fit"),
        None => "there is no limit any more".into(),
    }
}

fn digits(whole: Option<i64>, scale: Option<i64>) -> String {
    match whole {
        Some(whole) => format!("at most {whole} digits before and {} after the point fit", scale.unwrap_or(0)),
        None => "there is no limit any more".into(),
    }
}

/// `a` allows more than `b`; `None` is no limit.
fn more(a: &Option<i64>, b: &Option<i64>) -> bool {
    match (a, b) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(a), Some(b)) => a > b,
    }
}

fn longer(a: &Option<u64>, b: &Option<u64>) -> bool {
    match (a, b) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(a), Some(b)) => a > b,
    }
}

/// Decimal digits of the largest number of an integer type.
fn int_digits(kind: &Kind) -> i64 {
    match kind {
        Kind::Int { above, .. } => i64::from(above.checked_ilog10().unwrap_or(0)) + 1,
        _ => 0,
    }
}
