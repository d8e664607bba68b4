//! `CODEOWNERS`: who answers for a file.
//!
//! Comes in: the text of the file. Goes out: the owners of a path. The last line that fits a path counts, as GitHub says
//! (docs.github.com, "About code owners"); under headings in brackets GitLab counts the last one of each section
//! (docs.gitlab.com, "Code Owners syntax"). A line without owners takes them away, or gives those of its heading.

use std::collections::BTreeSet;

use crate::config::glob::Globs;
use crate::model::origin::Text;
use crate::revision::Tree;

/// Where the file is looked for; the first one counts.
const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Who answers for which files.
#[derive(Debug, Default)]
pub struct Owners {
    /// The part without a heading is the first one.
    sections: Vec<Section>,
}

#[derive(Debug, Default)]
struct Section {
    name: String,
    owners: Vec<Text>,
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    pattern: Globs,
    owners: Vec<Text>,
    /// GitLab's `!`: from here on nobody of the section answers for it.
    exempt: bool,
}

impl Owners {
    /// What the tree says; nobody where there is no such file.
    pub fn of(tree: &Tree) -> Self {
        let content = PLACES.iter().find(|place| tree.entry(place).is_some()).and_then(|place| tree.read(place).ok());
        content.map(|content| Self::parse(&String::from_utf8_lossy(&content.bytes))).unwrap_or_default()
    }

    /// All who answer for anything, sorted.
    pub fn names(&self) -> Vec<Text> {
        let all = self.sections.iter().flat_map(|section| &section.rules).flat_map(|rule| &rule.owners);
        all.cloned().collect::<BTreeSet<Text>>().into_iter().collect()
    }

    pub fn parse(text: &str) -> Self {
        let mut sections = vec![Section::default()];
        let mut at = 0;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let words = words(line);
            let Some((first, rest)) = words.split_first() else { continue };
            if let Some((name, owners)) = heading(line) {
                let known = sections.iter().position(|section| section.name == name);
                at = known.unwrap_or(sections.len());
                if known.is_none() {
                    sections.push(Section { name, owners, rules: Vec::new() });
                }
                continue;
            }
            // GitHub passes over a line with a word that can be no owner.
            let Some(owners) = rest.iter().map(|word| owner(word)).collect::<Option<Vec<Text>>>() else { continue };
            let exempt = first.strip_prefix('!');
            let pattern = pattern(exempt.unwrap_or(first));
            if let Some(section) = sections.get_mut(at) {
                let owners = if owners.is_empty() { section.owners.clone() } else { owners };
                section.rules.push(Rule { pattern, owners, exempt: exempt.is_some() });
            }
        }
        Self { sections }
    }

    /// Those who answer for the file, sorted.
    pub fn of_path(&self, path: &str) -> Vec<Text> {
        let mut owners = BTreeSet::new();
        for section in &self.sections {
            let fits = |rule: &&Rule| rule.pattern.matches(path);
            let exempt = section.rules.iter().any(|rule| rule.exempt && fits(&rule));
            let last = section.rules.iter().rev().find(fits).filter(|_| !exempt);
            owners.extend(last.into_iter().flat_map(|rule| rule.owners.iter().cloned()));
        }
        owners.into_iter().collect()
    }
}

/// Words up to a comment; a blank behind a backslash belongs to its word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|next| matches!(next, ' ' | '#')) => word.extend(chars.next()),
            '#' if word.is_empty() => break,
            c if c.is_whitespace() => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            c => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// `[Name]`, `^[Name][2] @owner`: the name and the owners of lines that name none.
fn heading(line: &str) -> Option<(String, Vec<Text>)> {
    let (name, rest) = line.trim().trim_start_matches('^').strip_prefix('[')?.split_once(']')?;
    let rest = match rest.strip_prefix('[') {
        Some(number) => number.split_once(']')?.1,
        None => rest,
    };
    // What goes on without a blank is a path with brackets in it.
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    ends.then(|| (name.trim().to_lowercase(), words(rest).iter().filter_map(|word| owner(word)).collect()))
}

/// `@user`, `@org/team`, an address; GitLab's roles begin with two signs.
fn owner(word: &str) -> Option<Text> {
    let known = word.strip_prefix('@').is_some_and(|name| !name.is_empty()) || word.contains('@');
    known.then(|| word.into())
}

/// A pattern as `.gitignore` has it, in ours: one with a `/` that is not at its end begins at the root, a folder stands for
/// everything in it, and a lone `*` at the end does not go deeper.
fn pattern(word: &str) -> Globs {
    let inner = word.trim_matches('/');
    let anchored = word.trim_end_matches('/').contains('/');
    let start = if anchored || inner.starts_with("**") { "" } else { "**/" };
    let whole = format!("{start}{inner}");
    let below = format!("{whole}/**");
    let folder = word.ends_with('/');
    let ends_wild = inner == "*" || inner.ends_with("/*");
    match (inner.is_empty() || inner == "**", folder, ends_wild) {
        (true, ..) => Globs::new(["**"]),
        (_, true, _) => Globs::new([below.as_str()]),
        (_, _, true) => Globs::new([whole.as_str()]),
        _ => Globs::new([whole.as_str(), below.as_str()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(owners: &Owners, path: &str) -> String {
        owners.of_path(path).join(" ")
    }

    /// The example of GitHub's page, shortened in its comments, and what its comments say.
    const GITHUB: &str = "\
# These owners will be the default owners for everything in the repo.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
";

    #[test]
    fn githubs_example() {
        let owners = Owners::parse(GITHUB);
        for (path, who) in [
            ("README.md", "@global-owner1 @global-owner2"),
            ("src/a/b.js", "@js-owner"),
            ("main.go", "docs@example.com"),
            ("notes/a.txt", "@octo-org/octocats"),
            ("build/logs/a.bin", "@octocat"),
            ("deeply/nested/logs/x/y", "@octocat"),
            ("docs/getting-started.md", "@doctocat"),
            ("sub/docs/x.md", "@global-owner1 @global-owner2"),
            ("x/apps/y.md", "@octocat"),
            ("scripts/a.sh", "@doctocat @octocat"),
            ("apps/x/y.js", "@octocat"),
            ("apps/github", ""),
            ("apps/github/x.js", ""),
            ("apps/githubs/x.js", "@octocat"),
        ] {
            assert_eq!(of(&owners, path), who, "{path}");
        }
        // The lines of the page that others override, alone.
        let docs = Owners::parse("docs/* docs@example.com");
        assert_eq!(of(&docs, "docs/getting-started.md"), "docs@example.com");
        assert_eq!(of(&docs, "docs/build-app/troubleshooting.md"), "");
        let logs = Owners::parse("/build/logs/ @doctocat");
        assert_eq!((of(&logs, "build/logs/a/b").as_str(), of(&logs, "x/build/logs/a").as_str()), ("@doctocat", ""));
        assert_eq!(of(&logs, "build/logs"), "", "a file is no folder");
    }

    #[test]
    fn the_last_line_counts_and_broken_ones_do_not() {
        let owners = Owners::parse("* @a\n/db/ @b\nweb\\ app/ @c\n/db/ b-without-sign\n\n  # @d\n/x @e # why\n");
        for (path, who) in [("db/1.sql", "@b"), ("web app/i.ts", "@c"), ("x/y", "@e"), ("y", "@a")] {
            assert_eq!(of(&owners, path), who, "{path}");
        }
        assert!(Owners::parse("# nobody\n").names().is_empty());
    }

    /// As GitLab's page says: the last line of each section counts, all sections together.
    #[test]
    fn gitlabs_sections() {
        let owners = Owners::parse(
            "* @default\n\n[Documentation] @docs\ndocs/\nREADME.md @lead\n\n^[Database][2] @dba\nmodel/db/\n*.sql @sql\n!db/seeds/\n\n[DOCUMENTATION]\nREADME.md @extra\n",
        );
        for (path, who) in [
            ("x.rb", "@default"),
            ("docs/a.md", "@default @docs"),
            ("README.md", "@default @extra"),
            ("model/db/a.rb", "@dba @default"),
            ("model/db/a.sql", "@default @sql"),
            ("db/seeds/a.sql", "@default"),
        ] {
            assert_eq!(of(&owners, path), who, "{path}");
        }
    }

    #[test]
    fn the_first_place_counts() {
        let tree = |files: &[(&str, &str)]| {
            Tree::from_memory("x", files.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())))
        };
        let both = tree(&[("CODEOWNERS", "* @root"), (".github/CODEOWNERS", "* @github")]);
        assert_eq!(of(&Owners::of(&both), "a"), "@github");
        assert_eq!(of(&Owners::of(&tree(&[(".gitlab/CODEOWNERS", "* @gitlab")])), "a"), "@gitlab");
        assert!(Owners::of(&tree(&[])).names().is_empty());
    }
}
