//! The files that a Liquibase changelog includes, in the order in which it does.

/// Paths in the order of `file: …`, `file="…"` and `path=…` (all files of a folder, which end in `/`).
pub fn includes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['f', 'p']) {
        let from = rest.get(at..).unwrap_or_default();
        let before = rest.get(..at).and_then(|b| b.chars().next_back()).unwrap_or(' ');
        let name = ["file", "path"].into_iter().find(|name| from.starts_with(name));
        let Some(name) = name.filter(|_| !before.is_alphanumeric() && before != '_') else {
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        rest = from.get(name.len()..).unwrap_or_default();
        let value = rest.trim_start_matches(['"', '\'', ' ']);
        let Some(value) = value.strip_prefix([':', '=']) else { continue };
        let value = value.trim_start_matches(['"', '\'', ' ']);
        let end = value.find(|c: char| c.is_whitespace() || "\"',}>".contains(c)).unwrap_or(value.len());
        let path = value.get(..end).unwrap_or_default().trim_start_matches("./").trim_start_matches("classpath:");
        let folder = name == "path" && !path.ends_with('/');
        found.extend((!path.is_empty()).then(|| if folder { format!("{path}/") } else { path.to_string() }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::includes;

    #[test]
    fn what_changelogs_include() {
        let yaml = "databaseChangeLog:\n  - include:\n      file: db/b.sql\n  - includeAll:\n      path: 'db/rest'\n  # profile: x\n";
        assert_eq!(includes(yaml), ["db/b.sql", "db/rest/"]);
        let xml = "<include relativeToChangelogFile=\"true\" file=\"./a.sql\"/><include file='c.sql' />";
        assert_eq!(includes(xml), ["a.sql", "c.sql"]);
        let json = r#"{"databaseChangeLog":[{"include":{"file":"z.sql"}}]}"#;
        assert_eq!(includes(json), ["z.sql"]);
        assert!(includes("profile of a path\nfile").is_empty());
    }
}
