//! Names as both layers write them, brought to one form.

/// Words that say what an API entity is for, not what it is.
const WRAPPERS: [&str; 34] = [
    "add",
    "api",
    "attributes",
    "base",
    "body",
    "create",
    "created",
    "dto",
    "entity",
    "get",
    "in",
    "input",
    "item",
    "json",
    "list",
    "model",
    "new",
    "out",
    "output",
    "patch",
    "payload",
    "post",
    "put",
    "read",
    "req",
    "request",
    "res",
    "resource",
    "resp",
    "response",
    "schema",
    "update",
    "updated",
    "view",
];

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

/// The key of a name of several words: only the last one is folded.
pub fn key(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [front @ .., last] => format!("{}{}", front.concat(), fold(last)),
    }
}

/// Keys of an API entity's name from the most to the least literal, each with whether it is the whole name: as it stands,
/// without its name space (`api.v1.User`), then without words that wrap it (`CreateUserRequest`).
pub fn api_keys(name: &str) -> Vec<(String, bool)> {
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    let all = words(last);
    let mut keys = vec![(key(&words(name)), true), (key(&all), true)];
    let mut rest = all.as_slice();
    loop {
        rest = match rest {
            [front @ .., last] if !front.is_empty() && is_wrapper(last) => front,
            [first, back @ ..] if !back.is_empty() && is_wrapper(first) => back,
            _ => break,
        };
        keys.push((key(rest), false));
    }
    let mut seen = std::collections::HashSet::new();
    keys.retain(|(key, _)| !key.is_empty() && seen.insert(key.clone()));
    keys
}

fn is_wrapper(word: &str) -> bool {
    let version = word.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    version || WRAPPERS.contains(&word)
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
        // `response` ends in a hiss and `e`, so its key lacks the `e`.
        for (name, literal, stripped) in [
            ("User", "user", ""),
            ("CreateUserRequest", "createuserrequest", "createuser user"),
            ("api.v1.UserResponse", "apiv1userrespons userrespons", "user"),
            ("OrderItem", "orderitem", "order"),
            ("Response", "respons", ""),
            ("ListUsersResponse", "listusersrespons", "listuser user"),
        ] {
            let keys = api_keys(name);
            let of = |whole: bool| {
                let of: Vec<&str> = keys.iter().filter(|(_, w)| *w == whole).map(|(k, _)| k.as_str()).collect();
                of.join(" ")
            };
            assert_eq!((of(true).as_str(), of(false).as_str()), (literal, stripped));
        }
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
