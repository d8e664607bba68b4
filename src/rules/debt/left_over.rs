//! Names that say that something was to go: `email_old` beside `email`, `orders_bak`.
//!
//! Comes in: a name and those beside it. Goes out: what speaks for it being left over, or nothing. A word alone is no
//! evidence (`is_old`, `old_region_id`): the name without it stands beside it, or the word has no other meaning. What is new
//! (`email_new`, `tasks_v2`) is the beginning of a move and left over only when it has been so for long.

/// Words behind the name of an attribute that is still there without them.
const ATTRIBUTES: [&str; 6] = ["bak", "deprecated", "legacy", "obsolete", "old", "tmp"];
/// Those behind the name of an entity. A backup address is an address, a backup table is not meant to stay.
const ENTITIES: [&str; 8] = ["bak", "backup", "copy", "deprecated", "legacy", "obsolete", "old", "tmp"];
/// Words that need nothing beside them.
const CERTAIN: [&str; 3] = ["bak", "deprecated", "obsolete"];

/// What stands beside what is left over.
#[derive(Debug, PartialEq, Eq)]
pub enum Beside {
    /// The name of what took, or is to take, its place.
    This(String),
    /// Nothing: the word says enough.
    Nothing,
}

impl Beside {
    /// What follows the name of what is left over.
    pub fn words(self) -> String {
        match self {
            Self::This(other) => format!("stands beside `{other}`"),
            Self::Nothing => "is no longer meant to be used, by its name".to_string(),
        }
    }
}

/// What speaks for an attribute being left over. `stands` tells which names are beside it.
pub fn attribute(name: &str, stands: impl Fn(&str) -> bool) -> Option<Beside> {
    of(name, &ATTRIBUTES, stands)
}

/// The same for an entity.
pub fn entity(name: &str, stands: impl Fn(&str) -> bool) -> Option<Beside> {
    of(name, &ENTITIES, stands)
}

fn of(name: &str, replaced: &[&str], stands: impl Fn(&str) -> bool) -> Option<Beside> {
    let (rest, word) = last_word(name)?;
    let lower = word.to_ascii_lowercase();
    // What changed from the one to the other is told, not kept.
    let change = ["_new", "New"].iter().any(|new| stands(&format!("{rest}{new}")));
    if replaced.contains(&lower.as_str())
        && !change
        && let Some(other) = without(name, rest, &stands)
    {
        return Some(Beside::This(other));
    }
    CERTAIN.contains(&lower.as_str()).then_some(Beside::Nothing)
}

/// `orders_backup_20240131`: a table that a migration made for itself.
pub fn is_backup(table: &str) -> bool {
    let words: Vec<&str> = table.split('_').collect();
    let dated = |word: &&str| word.len() >= 6 && word.bytes().all(|b| b.is_ascii_digit());
    let saved = |word: &&str| ["bak", "backup", "copy", "old"].contains(word);
    words.iter().any(saved) && words.iter().any(dated)
}

/// The name without its last word, and the word: `email_old`, `email-old`, `emailOld`.
fn last_word(name: &str) -> Option<(&str, &str)> {
    let marked = name.rfind(['_', '-']).map(|at| (at, at + 1));
    let hump = name.char_indices().rev().find(|(_, c)| c.is_uppercase()).map(|(at, _)| (at, at));
    let before = |at: usize| name.get(..at).and_then(|rest| rest.chars().last()).is_some_and(char::is_lowercase);
    let hump = hump.filter(|(at, _)| before(*at));
    let (end, start) = marked.max(hump)?;
    Some((name.get(..end)?, name.get(start..)?)).filter(|(rest, word)| !rest.is_empty() && !word.is_empty())
}

/// The name without the word, in one or several: `task_old` of `tasks`.
fn without(name: &str, rest: &str, stands: impl Fn(&str) -> bool) -> Option<String> {
    let forms = [rest.to_string(), format!("{rest}s"), rest.trim_end_matches('s').to_string()];
    forms.into_iter().find(|form| form != name && stands(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence() {
        let this = |name: &str| Some(Beside::This(name.to_string()));
        let cases: [(&str, &[&str], Option<Beside>); 12] = [
            ("email_old", &["email"], this("email")),
            ("emailOld", &["email"], this("email")),
            ("email_old", &["name"], None),
            ("price_old", &["price", "price_new"], None),
            ("threshold", &["thresh"], None),
            ("email_new", &["email"], None),
            ("address2", &["address"], None),
            ("pk_deprecated", &[], Some(Beside::Nothing)),
            ("deprecated", &[], None),
            ("TransferOld", &["Transfer"], this("Transfer")),
            ("TransferURL", &["Transfer"], None),
            ("orders_copy", &["order"], this("order")),
        ];
        for (name, beside, expected) in cases {
            assert_eq!(entity(name, |other| beside.contains(&other)), expected, "{name}");
        }
    }

    #[test]
    fn a_backup_address_is_one() {
        assert_eq!(attribute("email_backup", |other| other == "email"), None);
        assert_eq!(attribute("email_bak", |other| other == "email"), Some(Beside::This("email".into())));
    }

    #[test]
    fn backups() {
        for (name, expected) in
            [("om_backup_20260716150455_lines", true), ("orders_old_202401", true), ("backup_2", false), ("old", false)]
        {
            assert_eq!(is_backup(name), expected, "{name}");
        }
    }
}
