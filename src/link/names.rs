//! Names as both layers write them, brought to one form.

use std::collections::BTreeMap;

/// Words that say what an API entity is for, not what it is.
const WRAPPERS: [&str; 49] = [
    "add",
    "api",
    "attributes",
    "base",
    "body",
    "brief",
    "create",
    "created",
    "data",
    "detail",
    "details",
    "dto",
    "entity",
    "entry",
    "full",
    "get",
    "in",
    "info",
    "input",
    "item",
    "json",
    "list",
    "lite",
    "lookup",
    "metadata",
    "minimal",
    "model",
    "new",
    "object",
    "out",
    "output",
    "patch",
    "payload",
    "post",
    "put",
    "read",
    "record",
    "req",
    "request",
    "res",
    "resource",
    "resp",
    "response",
    "schema",
    "summary",
    "type",
    "update",
    "updated",
    "view",
];

/// True for a word that says what something is for, not what it is.
pub fn is_wrapper(word: &str) -> bool {
    WRAPPERS.contains(&word)
}

/// Attributes that anything may have, squashed: they never tell what it is.
const GENERIC: [&str; 38] = [
    "id",
    "uid",
    "uuid",
    "name",
    "displayname",
    "title",
    "label",
    "slug",
    "key",
    "value",
    "type",
    "kind",
    "status",
    "state",
    "description",
    "created",
    "createdat",
    "createdon",
    "createdby",
    "creationtime",
    "createdtime",
    "updated",
    "updatedat",
    "updatedon",
    "updatedby",
    "updatetime",
    "modified",
    "modifiedat",
    "lastmodified",
    "deleted",
    "deletedat",
    "version",
    "url",
    "enabled",
    "active",
    "metadata",
    "tags",
    "order",
];

/// True for a squashed name that anything may have.
pub fn is_generic(name: &str) -> bool {
    GENERIC.contains(&name)
}

/// Nouns whose plural or singular the endings do not tell, both brought to the second word.
const IRREGULAR: [(&str, &str); 16] = [
    ("people", "person"),
    ("children", "child"),
    ("men", "man"),
    ("women", "woman"),
    ("mice", "mouse"),
    ("indices", "index"),
    ("vertices", "vertex"),
    ("matrices", "matrix"),
    ("analyses", "analysis"),
    ("criteria", "criterion"),
    ("canvas", "canvas"),
    ("alias", "alias"),
    ("atlas", "atlas"),
    ("bias", "bias"),
    ("lens", "lens"),
    ("news", "news"),
];

/// `orderItemId`, `order_item_id`, `Order-Item-ID` → `orderitemid`
pub fn squash(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name in lower case: parted by separators and by capitals (`HTTPServerID` → `http server id`).
pub fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let starts = c.is_uppercase()
            && before
                .is_some_and(|b| b.is_lowercase() || b.is_ascii_digit() || after.is_some_and(|a| a.is_lowercase()));
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The key under which a noun is found whether it is singular or plural; not a word to show.
pub fn fold(word: &str) -> String {
    if let Some((_, key)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return (*key).to_string();
    }
    let end = |suffix: &str| word.strip_suffix(suffix);
    if let Some(stem) = end("ies").or_else(|| end("ie")).filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    // `-ss`, `-us`, `-is` end singulars; `-es` after a hiss belongs to the plural, and the bare `-e` of `house` goes with it.
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_string();
    }
    let hisses = |stem: &&str| ["s", "x", "z", "ch", "sh"].iter().any(|h| stem.ends_with(h));
    if let Some(stem) = end("es").or_else(|| end("e")).filter(hisses) {
        return fold_irregular(stem);
    }
    end("s").unwrap_or(word).to_string()
}

fn fold_irregular(stem: &str) -> String {
    IRREGULAR.iter().find(|(form, _)| *form == stem).map_or(stem, |(_, key)| key).to_string()
}

/// The words together, the last one in the singular as far as its ending tells: `order_items` → `orderitem`.
pub fn singular(words: &[String]) -> String {
    let [front @ .., last] = words else { return String::new() };
    let plain = |word: &str| {
        let stem = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
        let hiss = |stem: &&str| ["s", "x", "z", "ch", "sh"].iter().any(|h| stem.ends_with(h));
        let stem = stem.or_else(|| word.strip_suffix("es").filter(hiss).map(str::to_string));
        let ends = |w: &&str| !w.ends_with('s') && !w.ends_with('u') && !w.ends_with('i');
        stem.or_else(|| word.strip_suffix('s').filter(ends).map(str::to_string)).unwrap_or_else(|| word.to_string())
    };
    format!("{}{}", front.concat(), plain(last))
}

/// The words of a name in one order, `systems_applicable` as `applicable_systems`; never equal to a squashed name.
pub fn sorted(words: &[String]) -> String {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The key of a name of several words: only the last one is folded.
pub fn key(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [front @ .., last] => format!("{}{}", front.concat(), fold(last)),
    }
}

/// The words with the last one under its key.
pub fn folded(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        *last = fold(last);
    }
    words
}

/// Words around an entity's name in a contract that say what it is for.
pub struct Wrappers {
    /// With which many names of the contract begin (`TypesUser`, `TypesRepo`): a package, not a thing.
    packages: Vec<String>,
    /// `v1` begins names of tables as well, so it tells things apart.
    versions: bool,
}

impl Wrappers {
    /// Names with a package are at least this many, and this part of all (as a divisor).
    const LEAST: usize = 8;
    const PART: usize = 8;

    /// What is a wrapper in a contract with these entities beside these tables.
    pub fn of<'a>(entities: impl Iterator<Item = &'a str>, tables: &[Vec<String>]) -> Self {
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        let mut all = 0;
        for name in entities {
            all += 1;
            if let [word, _, ..] = words(own(name)).as_slice() {
                *first.entry(word.clone()).or_default() += 1;
            }
        }
        let begins = |word: &str| tables.iter().any(|t| t.first().is_some_and(|w| fold(w) == fold(word)));
        let many = |(word, count): &(String, usize)| {
            *count >= Self::LEAST && count * Self::PART >= all && !begins(word) && !is_version(word)
        };
        let packages = first.into_iter().filter(many).map(|(word, _)| word).collect();
        Self { packages, versions: tables.iter().any(|t| t.first().is_some_and(|w| is_version(w))) }
    }

    fn has(&self, word: &str) -> bool {
        is_wrapper(word) || is_version(word) && !self.versions
    }

    /// The words of an API entity's name from the most to the least literal, each with whether it is the whole name: as it
    /// stands, without its name space (`api.v1.User`), then without words that wrap it (`CreateUserRequest`).
    pub fn forms(&self, name: &str) -> Vec<(Vec<String>, bool)> {
        let all = words(own(name));
        let mut forms = vec![(words(name), true), (all.clone(), true)];
        // `SuperplaneExecutionResource` is an execution resource before it is anything of an execution.
        let own = all.iter().position(|word| !self.packages.contains(word)).unwrap_or_default();
        forms.push((all.get(own..).unwrap_or_default().to_vec(), own == 0));
        let mut rest = all.as_slice();
        loop {
            rest = match rest {
                [front @ .., last] if !front.is_empty() && self.has(last) => front,
                [first, back @ ..] if !back.is_empty() && (self.has(first) || self.packages.contains(first)) => back,
                _ => break,
            };
            forms.push((rest.to_vec(), false));
        }
        // `V1CreateFilterRequest` beside tables that begin with `v1`.
        let kept: Vec<String> = all.iter().filter(|word| !self.has(word)).cloned().collect();
        forms.push((kept, false));
        let mut seen = std::collections::HashSet::new();
        forms.retain(|(words, _)| !words.is_empty() && seen.insert(key(words)));
        forms
    }

    /// The key under which all variants of a thing meet: `CreateUserRequest`, `UserResponse` and `User`.
    pub fn core(&self, name: &str) -> Vec<String> {
        self.forms(name).pop().map(|(words, _)| words).unwrap_or_default()
    }
}

/// The name without its name space.
fn own(name: &str) -> &str {
    name.rsplit(['.', '/']).next().unwrap_or(name)
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
}

/// The name is made for a version: `V1Event`.
pub fn versioned(words: &[impl AsRef<str>]) -> bool {
    words.iter().any(|word| is_version(word.as_ref()))
}

/// The words that two names end with, singular and plural alike, when one is the end of the other; 0 otherwise.
pub fn common_end(a: &[String], b: &[String]) -> usize {
    let shorter = a.len().min(b.len());
    let same = |n: usize| {
        let (x, y) = (a.get(a.len() - 1 - n), b.get(b.len() - 1 - n));
        x.zip(y).is_some_and(|(x, y)| x == y || fold(x) == fold(y))
    };
    if (0..shorter).all(same) { shorter } else { 0 }
}

/// The words with which the names of all tables begin (`app_users`, `app_orders`), as a number of words.
pub fn common_prefix(names: &[Vec<String>]) -> usize {
    let Some((first, others)) = names.split_first() else { return 0 };
    if others.len() < 2 {
        return 0;
    }
    let shared = |n: usize| names.iter().all(|name| name.len() > n && name.get(n) == first.get(n));
    (0..first.len().saturating_sub(1)).take_while(|n| shared(*n)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_and_plural_have_one_key() {
        for (singular, plural) in [
            ("user", "users"),
            ("category", "categories"),
            ("movie", "movies"),
            ("cookie", "cookies"),
            ("status", "statuses"),
            ("address", "addresses"),
            ("database", "databases"),
            ("house", "houses"),
            ("cache", "caches"),
            ("box", "boxes"),
            ("branch", "branches"),
            ("person", "people"),
            ("canvas", "canvases"),
            ("alias", "aliases"),
            ("key", "keys"),
            ("release", "releases"),
            ("process", "processes"),
            ("analysis", "analyses"),
            ("type", "types"),
            ("index", "indexes"),
        ] {
            assert_eq!(fold(singular), fold(plural), "{singular}");
        }
        for (one, other) in
            [("user", "use"), ("new", "news"), ("bus", "bu"), ("status", "state"), ("address", "addres")]
        {
            assert_ne!(fold(one), fold(other), "{one}");
        }
    }

    #[test]
    fn names_are_cut_into_words() {
        for (name, expected) in [
            ("orderItemId", "order item id"),
            ("HTTPServerID", "http server id"),
            ("order_items", "order items"),
            ("Order-Item", "order item"),
            ("OAuth2Token", "o auth2 token"),
            ("", ""),
            ("__", ""),
        ] {
            assert_eq!(words(name).join(" "), expected);
        }
    }

    #[test]
    fn wrappers_are_taken_off_one_by_one() {
        let wrappers = Wrappers::of([].into_iter(), &[]);
        for (name, literal, stripped) in [
            ("User", "user", ""),
            ("CreateUserRequest", "create user request", "create user,user"),
            ("api.v1.UserResponse", "api v1 user response,user response", "user"),
            ("V1User", "v1 user", "user"),
            ("OrderItem", "order item", "order"),
            ("Response", "response", ""),
            ("ListUsersResponse", "list users response", "list users,users"),
        ] {
            let forms = wrappers.forms(name);
            let of = |whole: bool| {
                let of: Vec<String> = forms.iter().filter(|(_, w)| *w == whole).map(|(k, _)| k.join(" ")).collect();
                of.join(",")
            };
            assert_eq!((of(true).as_str(), of(false).as_str()), (literal, stripped));
        }
    }

    #[test]
    fn packages_are_wrappers_and_versions_of_tables_are_not() {
        let names: Vec<String> = (0..10).map(|n| format!("TypesThing{n}")).chain(["User".to_string()]).collect();
        let tables = vec![words("v1_users"), words("things")];
        let wrappers = Wrappers::of(names.iter().map(String::as_str), &tables);
        assert_eq!(wrappers.core("TypesRepo").join(" "), "repo");
        assert_eq!(wrappers.core("V1User").join(" "), "v1 user");
        let forms = wrappers.forms("TypesJobResource");
        assert_eq!(forms.iter().map(|(words, _)| words.join(" ")).nth(1).as_deref(), Some("job resource"));
    }

    #[test]
    fn ends_are_words() {
        let end = |a: &str, b: &str| common_end(&words(a), &words(b));
        assert_eq!(end("PreheatPolicy", "p2p_preheat_policies"), 2);
        assert_eq!(end("AuthenticatedUser", "users"), 1);
        assert_eq!(end("UserRole", "role_users"), 0);
        assert_eq!(end("Superuser", "users"), 0);
    }

    #[test]
    fn a_prefix_counts_only_when_all_tables_have_it() {
        let cut = |names: &[&str]| common_prefix(&names.iter().map(|n| words(n)).collect::<Vec<_>>());
        assert_eq!(cut(&["app_users", "app_orders", "app_items"]), 1);
        assert_eq!(cut(&["app_users", "app_orders", "items"]), 0);
        assert_eq!(cut(&["user", "user_role", "user_group"]), 0);
        assert_eq!(cut(&["app_users", "app_orders"]), 0);
    }
}
