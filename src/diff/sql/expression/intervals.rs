//! Lengths of time: `90 day`, `90 days` and `2160:00:00` as PostgreSQL keeps them.

/// Months, days and microseconds, which PostgreSQL does not convert into each other.
pub fn normal(text: &str) -> Option<String> {
    let (mut months, mut days, mut micros) = (0i64, 0i64, 0i64);
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if let Some(time) = clock(word) {
            micros = micros.checked_add(time)?;
            continue;
        }
        let end = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
        let amount: i64 = word.get(..end)?.parse().ok()?;
        let unit = if end < word.len() { word.get(end..)? } else { words.next()? };
        let unit = unit.to_ascii_lowercase();
        let (to, factor) = match unit.strip_suffix('s').filter(|u| u.len() > 1).unwrap_or(&unit) {
            "year" | "yr" | "y" => (&mut months, 12),
            "mon" | "month" => (&mut months, 1),
            "week" | "w" => (&mut days, 7),
            "day" | "d" => (&mut days, 1),
            "hour" | "hr" | "h" => (&mut micros, 3_600_000_000),
            "minute" | "min" | "m" => (&mut micros, 60_000_000),
            "second" | "sec" | "s" => (&mut micros, 1_000_000),
            _ => return None,
        };
        *to = to.checked_add(amount.checked_mul(factor)?)?;
    }
    Some(format!("{months} months {days} days {micros}"))
}

/// `01:30:00` in microseconds.
fn clock(word: &str) -> Option<i64> {
    let (sign, word) = word.strip_prefix('-').map_or((1, word), |rest| (-1, rest));
    let mut parts = word.split(':');
    let mut next = || parts.next()?.parse::<i64>().ok();
    let (hours, minutes) = (next()?, next()?);
    let seconds = if word.matches(':').count() == 2 { next()? } else { 0 };
    let total = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    total.checked_mul(sign * 1_000_000)
}
