//! Default expressions as text that can be compared.

/// True when both defaults give the same value: casts, outer parentheses, white space and the case of words outside
/// quotes make no difference.
pub fn same(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), None) | (None, Some(a)) => normal(a) == "null",
        (Some(a), Some(b)) => normal(a) == normal(b),
    }
}

fn normal(text: &str) -> String {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        if !balanced(inner) {
            break;
        }
        text = inner.trim();
    }
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    for c in without_cast(text).chars() {
        if c == '\'' {
            quoted = !quoted;
        }
        if quoted {
            out.push(c);
        } else if !c.is_whitespace() {
            out.extend(c.to_lowercase());
        }
    }
    match out.as_str() {
        "now()" | "current_timestamp" | "current_timestamp()" | "localtimestamp" | "transaction_timestamp()" => {
            "now()".to_string()
        }
        "'t'" | "'true'" => "true".to_string(),
        "'f'" | "'false'" => "false".to_string(),
        _ => match out.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
            // MySQL prints numbers quoted.
            Some(number) if number.parse::<f64>().is_ok_and(f64::is_finite) => number.to_string(),
            _ => out,
        },
    }
}

/// `'x'::character varying` → `'x'`; casts inside an expression are kept.
fn without_cast(text: &str) -> &str {
    let Some((value, cast)) = text.rsplit_once("::") else { return text };
    let is_type = cast.chars().all(|c| c.is_alphanumeric() || " _.()[]\",".contains(c));
    let is_value = value.matches('\'').count() % 2 == 0 && balanced(value);
    if is_type && is_value { value } else { text }
}

/// Every parenthesis is closed, none before it was opened.
fn balanced(text: &str) -> bool {
    let mut depth = 0i32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn equal_values() {
        for (a, b, expected) in [
            (Some("'x'::character varying"), Some("'x'"), true),
            (Some("NOW()"), Some("CURRENT_TIMESTAMP"), true),
            (Some("(0)"), Some("'0'"), true),
            (Some("(1) + (2)"), Some("1) + (2"), false),
            (Some("'A'"), Some("'a'"), false),
            (Some("NULL"), None, true),
            (Some("NULL::text"), None, true),
            (Some("true"), None, false),
            (Some("'a::b'"), Some("'a"), false),
            (None, None, true),
        ] {
            assert_eq!(same(a, b), expected, "{a:?} {b:?}");
        }
    }
}
