//! Names of media types: which stand for the same bytes, and which ranges hold which.

use crate::model::api::Media;

/// The media type of that name, or the range that covers it.
pub fn media_of<'m>(list: &'m [Media], name: &str) -> Option<&'m Media> {
    let written = || list.iter().find(|m| &*m.name == name);
    let wanted = Name::of(name);
    let same = || list.iter().find(|m| Name::of(&m.name) == wanted);
    written().or_else(same).or_else(|| list.iter().find(|m| covers(&m.name, name)))
}

/// True when the first is a range that the second falls into: `image/*`, or a type whose parameters the second only adds to.
pub fn covers(range: &str, name: &str) -> bool {
    let (range, name) = (Name::of(range), Name::of(name));
    let charset = |name: &Name| name.parameters.iter().find(|(key, _)| key == "charset").cloned();
    let fewer = range.parameters.iter().all(|parameter| name.parameters.contains(parameter));
    match range.plain.strip_suffix("/*") {
        Some("*") => range != name,
        Some(family) => name.plain.split('/').next() == Some(family) && name != range,
        None => range.plain == name.plain && range != name && fewer && charset(&range) == charset(&name),
    }
}

/// The name in one spelling.
pub fn spelled(name: &str) -> String {
    let Name { plain, parameters } = Name::of(name);
    plain + &parameters.iter().map(|(key, value)| format!("; {key}={value}")).collect::<String>()
}

/// Type and subtype without parameters.
pub fn plain(name: &str) -> String {
    Name::of(name).plain
}

/// True for files: what is in them is no value that a schema could speak about.
pub fn is_bytes(name: &str) -> bool {
    let name = plain(name);
    let family = name.split('/').next().unwrap_or_default();
    let structured = ["+json", "+xml", "+yaml"].iter().any(|suffix| name.ends_with(suffix));
    let files =
        ["application/octet-stream", "application/pdf", "application/zip", "application/gzip", "application/x-gzip"];
    !structured && (matches!(family, "image" | "audio" | "video" | "font") || files.contains(&name.as_str()))
}

/// A media type in one spelling (RFC 9110 section 8.3.1).
#[derive(PartialEq)]
struct Name {
    plain: String,
    /// Sorted. UTF-8 is what is meant where no charset is named.
    parameters: Vec<(String, String)>,
}

impl Name {
    fn of(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let plain = parts.next().unwrap_or_default().to_ascii_lowercase();
        let pair = |part: &str| {
            let (key, value) = part.split_once('=')?;
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim().trim_matches('"'));
            let value = if key == "charset" { value.to_ascii_lowercase() } else { value.to_string() };
            Some((key, value))
        };
        let mut parameters: Vec<_> = parts.filter_map(pair).collect();
        parameters.retain(|(key, value)| !(key == "charset" && matches!(value.as_str(), "utf-8" | "utf8")));
        parameters.sort();
        Self { plain, parameters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_parameters() {
        let cases = [
            ("*/*", "image/png", true),
            ("image/*", "image/png", true),
            ("image/*", "text/plain", false),
            ("image/*", "image/*", false),
            ("application/json", "application/json; v=1", true),
            ("application/json; v=1", "application/json", false),
            ("application/json; v=1", "application/json;V=\"1\"", false),
            ("text/plain", "text/plain; charset=latin1", false),
        ];
        for (range, name, expected) in cases {
            assert_eq!(covers(range, name), expected, "{range} {name}");
        }
        assert!(Name::of("application/json; v=1") == Name::of("Application/JSON;V=\"1\";charset=UTF-8"));
    }
}
