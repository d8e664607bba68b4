//! Whether a text has a format. Plain cases only: `None` for what a short check cannot tell.

use std::net::{Ipv4Addr, Ipv6Addr};

type Tells = Option<bool>;

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

pub fn date(text: &str) -> Tells {
    let mut parts = text.split('-');
    let parts = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some(year), Some(month), Some(day), None) = parts else { return Some(false) };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return Some(false);
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Some(false),
    };
    Some((1..=days).contains(&day))
}

pub fn time(text: &str) -> Tells {
    let Some((clock, zone)) = text.find(['Z', '+', '-']).and_then(|at| text.split_at_checked(at)) else {
        // A lower-case `z` is allowed by the standard and refused by many.
        return if text.contains('z') { None } else { Some(false) };
    };
    let (whole, fraction) = clock.split_once('.').map_or((clock, None), |(w, f)| (w, Some(f)));
    if fraction.is_some_and(|f| f.is_empty() || !f.bytes().all(|b| b.is_ascii_digit())) {
        return Some(false);
    }
    let mut parts = whole.split(':');
    let parts = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some(hour), Some(minute), Some(second), None) = parts else { return Some(false) };
    let (Some(hour), Some(minute), Some(second)) = (digits(hour, 2), digits(minute, 2), digits(second, 2)) else {
        return Some(false);
    };
    let zone_fits = zone == "Z"
        || zone
            .get(1..)
            .and_then(|z| z.split_once(':'))
            .is_some_and(|(h, m)| digits(h, 2).is_some_and(|h| h < 24) && digits(m, 2).is_some_and(|m| m < 60));
    match second {
        // Leap seconds exist at one moment of the day only.
        60 => None,
        _ => Some(hour < 24 && minute < 60 && second < 60 && zone_fits),
    }
}

pub fn date_time(text: &str) -> Tells {
    match text.split_once('T') {
        Some((day, clock)) => match (date(day), time(clock)) {
            (Some(true), tells) => tells,
            (tells, _) => tells,
        },
        None if text.contains('t') || text.contains(' ') => None,
        None => Some(false),
    }
}

pub fn duration(text: &str) -> Tells {
    match text.strip_prefix('P') {
        Some("") => Some(false),
        // `P1D`, `PT1H`: one whole number and one unit.
        Some(rest) => {
            let (rest, units) = rest.strip_prefix('T').map_or((rest, "YMWD"), |r| (r, "HMS"));
            let unit = rest.chars().last().is_some_and(|u| units.contains(u));
            let number = rest.get(..rest.len().saturating_sub(1)).unwrap_or("");
            let plain = unit && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            if plain { Some(true) } else { None }
        }
        None => Some(false),
    }
}

pub fn uuid(text: &str) -> Tells {
    let fits = text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        });
    Some(fits)
}

fn is_name(text: &str) -> bool {
    text.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

pub fn email(text: &str) -> Tells {
    let Some((local, host)) = text.rsplit_once('@') else { return Some(false) };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if local.is_empty() || host.is_empty() {
        return Some(false);
    }
    let usual =
        local.len() <= 64 && local.bytes().all(plain) && is_name(host) && host.len() < 190 && !host.contains("--");
    usual.then_some(true)
}

pub fn hostname(text: &str) -> Tells {
    if text.is_empty() || text.len() > 253 || text.contains([' ', '/', ':', '@', '_', '$']) {
        return Some(false);
    }
    // Trailing dots and `xn--` names are left to real resolvers.
    (is_name(text) && !text.contains("--")).then_some(true)
}

pub fn idn_hostname(text: &str) -> Tells {
    match hostname(text) {
        Some(false) if text.len() > 253 => None,
        tells => tells,
    }
}

pub fn ipv4(text: &str) -> Tells {
    Some(text.parse::<Ipv4Addr>().is_ok())
}

pub fn ipv6(text: &str) -> Tells {
    Some(text.parse::<Ipv6Addr>().is_ok())
}

pub fn ip(text: &str) -> Tells {
    Some(text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv6Addr>().is_ok())
}

/// Characters that may stand in no part of a URI or IRI.
fn breaks_uri(text: &str) -> bool {
    text.contains([' ', '<', '>', '"', '\\', '^', '`', '{', '|', '}'])
}

fn is_plain_path(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-~".contains(&b))
}

pub fn uri(text: &str) -> Tells {
    let Some((scheme, rest)) = text.split_once(':') else { return Some(false) };
    let letter = scheme.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if !letter || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) || breaks_uri(text) {
        return Some(false);
    }
    is_plain_path(rest).then_some(true)
}

pub fn uri_reference(text: &str) -> Tells {
    if breaks_uri(text) {
        return Some(false);
    }
    (is_plain_path(text) || uri(text) == Some(true)).then_some(true)
}

pub fn uri_template(text: &str) -> Tells {
    match (text.matches('{').count(), text.matches('}').count()) {
        (open, closed) if open != closed => Some(false),
        (0, 0) if is_plain_path(text) => Some(true),
        _ => None,
    }
}

pub fn json_pointer(text: &str) -> Tells {
    if !text.is_empty() && !text.starts_with('/') {
        return Some(false);
    }
    (!text.contains('~')).then_some(true)
}

pub fn relative_json_pointer(text: &str) -> Tells {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(false);
    }
    matches!(text, "0" | "1" | "0/a" | "1/a").then_some(true)
}

pub fn regex(text: &str) -> Tells {
    if matches!(text, "(" | "[" | "*") {
        return Some(false);
    }
    super::pattern::Automaton::of_pattern(text).map(|_| true)
}

pub fn base64(text: &str) -> Tells {
    let body = text.trim_end_matches('=');
    let letters = body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/');
    match (letters, text.len().is_multiple_of(4) && text.len() - body.len() <= 2) {
        (true, true) => Some(true),
        // The URL alphabet and missing padding are taken by some readers.
        _ if body.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_".contains(&b)) => None,
        _ => Some(false),
    }
}

pub fn single(text: &str) -> Tells {
    Some(text.chars().count() == 1)
}
