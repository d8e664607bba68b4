//! Which column of a table a property shows, and what speaks against it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Domain;
use crate::model::sql::Table;

use super::form::Form;
use super::names;
use super::subject::Subject;

/// Values that are stored in another form than they are sent, or mean something else on the two sides.
const TRANSFORMED: [&str; 9] =
    ["password", "passwd", "secret", "token", "hash", "apikey", "privatekey", "salt", "links"];

/// The columns of a table by squashed name.
pub struct Columns {
    by_name: BTreeMap<String, usize>,
    /// Without what all of them begin with; one per column.
    short: Vec<String>,
}

/// A property and the column that holds its values.
pub struct Pair {
    pub property: usize,
    pub column: usize,
    pub reason: &'static str,
    pub form: Form,
    /// The confidence that the two names leave at most.
    pub at_most: f64,
}

impl Columns {
    pub fn of(table: &Table) -> Self {
        let squashed: Vec<String> = table.columns.iter().map(|c| names::squash(&c.name)).collect();
        let prefix = own_prefix(table, &squashed).or_else(|| shared_prefix(table));
        let cut = |name: &String| {
            let rest = prefix.as_deref().and_then(|p| name.strip_prefix(p)).filter(|rest| !rest.is_empty());
            rest.unwrap_or(name).to_string()
        };
        let short: Vec<String> = squashed.iter().map(cut).collect();
        let mut by_name = BTreeMap::new();
        let sorted: Vec<String> =
            table.columns.iter().map(|column| names::sorted(&names::words(&column.name))).collect();
        for name in [&short, &squashed, &sorted] {
            for (at, name) in name.iter().enumerate() {
                by_name.entry(name.clone()).or_insert(at);
            }
        }
        Self { by_name, short }
    }

    /// The column of that squashed name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The words of the name of a column, without the table's prefix.
    pub fn words(&self, at: usize, whole: &str) -> Option<Vec<String>> {
        let squashed = self.short.get(at)?;
        let mut words = names::words(whole);
        while words.len() > 1 && words.concat().len() > squashed.len() {
            words.remove(0);
        }
        Some(words)
    }

    /// Squashed, without the table's prefix, in the order of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.short.iter().map(String::as_str)
    }
}

/// The table's own name when (nearly) all its columns begin with it: `user_id, user_email, user_name`.
fn own_prefix(table: &Table, columns: &[String]) -> Option<String> {
    let words = names::words(&table.name);
    let last = words.last().cloned().unwrap_or_default();
    let candidates = [names::squash(&table.name), names::key(&words), names::fold(&last), last];
    candidates.into_iter().find(|prefix| {
        let having = columns.iter().filter(|c| c.len() > prefix.len() && c.starts_with(prefix.as_str())).count();
        !prefix.is_empty() && having >= 3 && having * 5 >= columns.len() * 4
    })
}

/// The first word of (nearly) all columns, whatever the table is called: `repo_id, repo_uid, repo_path`.
fn shared_prefix(table: &Table) -> Option<String> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for column in &table.columns {
        if let [word, _, ..] = names::words(&column.name).as_slice() {
            *first.entry(word.clone()).or_default() += 1;
        }
    }
    let all = table.columns.len();
    first.into_iter().find(|(_, having)| *having >= 4 && having * 5 >= all * 4).map(|(word, _)| word)
}

/// Properties and the columns of the same name; a hint (`x-column`) comes first. No column is given twice.
pub fn pairs(subject: &Subject<'_>, table: &Table, columns: &Columns) -> Vec<Pair> {
    let mut used = BTreeSet::new();
    let mut pairs = Vec::new();
    for (property, name) in subject.names.iter().enumerate() {
        let hint = subject.hints.get(property).and_then(Option::as_ref);
        let sorted = || columns.by_name.get(subject.sorted.get(property)?).map(|at| (at, "the same words"));
        let same = columns.by_name.get(hint.unwrap_or(name)).map(|at| (at, "column of the same name")).or_else(sorted);
        if let Some((at, how)) = same
            && let Some(column) = table.columns.get(*at)
            && used.insert(*at)
        {
            let form = subject.form(property, &column.domain);
            let reason = if hint.is_some() { "`x-column`" } else { how };
            pairs.push(Pair { property, column: *at, reason, form, at_most: 1.0 });
        }
    }
    pairs
}

/// Names of moments: one of them on each side is the same moment.
const MOMENTS: [&[&str]; 4] = [
    &[
        "created",
        "createdat",
        "createdon",
        "createdtime",
        "createtime",
        "creationtime",
        "creationdate",
        "createddate",
        "datecreated",
        "timecreated",
        "insertedat",
        "createdtimestamp",
        "creationtimestamp",
        "ctime",
        "timestamp",
    ],
    &[
        "updated",
        "updatedat",
        "updatedon",
        "updatetime",
        "updatedtime",
        "modified",
        "modifiedat",
        "modifiedon",
        "lastmodified",
        "lastmodifiedat",
        "lastupdated",
        "lastupdatedat",
        "updateddate",
        "dateupdated",
        "mtime",
    ],
    &["deleted", "deletedat", "deletedon", "deletetime", "deletedtime", "deletiontime"],
    &[
        "expires",
        "expiresat",
        "expireson",
        "expiration",
        "expirationtime",
        "expirationdate",
        "expiry",
        "expireat",
        "expirydate",
    ],
];

/// Other words for the same thing.
const SYNONYMS: [&[&str]; 9] = [
    &["description", "desc", "descr"],
    &["author", "creator", "createdby", "addedby"],
    &["updater", "updatedby", "modifiedby"],
    &["login", "username"],
    &["url", "uri", "link"],
    &["identifier", "uid"],
    &["organization", "org", "organisation"],
    &["organizationid", "orgid", "organisationid"],
    &["email", "mail", "emailaddress"],
];

/// Pairs of what is left once the table is known: a column and a property that go by another form of one name, when no
/// other fits as well.
pub fn renamed(subject: &Subject<'_>, table: &Table, columns: &Columns, pairs: &[Pair]) -> Vec<Pair> {
    let own = own_names(table);
    let known = pairs.iter().map(|pair| (pair.property, pair.column));
    alone(subject, table, columns, known.unzip(), &|property, column| {
        let owned = || owned(property.squashed, column.squashed, &own);
        let how = other_form(property, column).or_else(owned)?;
        // A name in front of a key may be another key of the same thing, which the code looks up.
        Some((how, if how == WITH_OR_WITHOUT { 0.8 } else { 0.9 }))
    })
}

/// Pairs of what is left at the end, where one name has a word more than the other; `properties` are known.
pub fn longer(
    subject: &Subject<'_>,
    table: &Table,
    columns: &Columns,
    pairs: &[Pair],
    properties: &BTreeSet<usize>,
) -> Vec<Pair> {
    let known = (properties.clone(), pairs.iter().map(|pair| pair.column).collect());
    alone(subject, table, columns, known, &|property, column| {
        let (id, uuid) = (property.squashed, column.squashed);
        if uuid.strip_suffix("uuid") == Some(id.strip_suffix("id").unwrap_or(id)) {
            return Some(("the name with and without `uuid`", 0.9));
        }
        one_more(&property.words, &column.words).then_some(("the name with a word more or less", 0.75))
    })
}

/// A name, squashed and in words; of a column without what all columns of the table begin with.
struct Name<'a> {
    squashed: &'a str,
    words: Vec<String>,
}

/// Why two names may mean one attribute, and how sure that is at most.
type Compare<'c> = dyn Fn(&Name<'_>, &Name<'_>) -> Option<(&'static str, f64)> + 'c;

/// What is left and has exactly one partner by this comparison.
fn alone(
    subject: &Subject<'_>,
    table: &Table,
    columns: &Columns,
    (properties, taken): (BTreeSet<usize>, BTreeSet<usize>),
    compare: &Compare<'_>,
) -> Vec<Pair> {
    let left: Vec<(usize, &Domain, Name<'_>)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(at, _)| !taken.contains(at))
        .filter_map(|(at, column)| {
            let name = Name { squashed: columns.short.get(at)?, words: columns.words(at, &column.name)? };
            Some((at, &column.domain, name))
        })
        .collect();
    let mut found: Vec<Pair> = Vec::new();
    for (property, squashed) in subject.names.iter().enumerate().filter(|(at, _)| !properties.contains(at)) {
        let words = subject.entity.attributes.get(property).map(|a| names::words(&a.name)).unwrap_or_default();
        let name = Name { squashed, words };
        let fitting = left.iter().filter_map(|(column, domain, other)| {
            let (reason, at_most) = compare(&name, other)?;
            let form = subject.form(property, domain);
            // An object in front of another name is a row of another table, shown in place of its key.
            let pair = Pair { property, column: *column, reason, form, at_most };
            matches!(form, Form::Same | Form::Translated(_)).then_some(pair)
        });
        let mut fitting: Vec<Pair> = fitting.collect();
        if fitting.len() == 1 {
            found.append(&mut fitting);
        }
    }
    // Two properties that claim one column: neither is certain.
    let mut claims: BTreeMap<usize, usize> = BTreeMap::new();
    found.iter().for_each(|pair| *claims.entry(pair.column).or_default() += 1);
    found.retain(|pair| claims.get(&pair.column) == Some(&1));
    found
}

/// Words that make another value of a name: a hash of the text, the key of the thing.
const OTHERS: [&str; 8] = ["id", "uuid", "hash", "hashed", "encrypted", "count", "external", "old"];

/// One name is the other with one word more in front or behind: `location` and `current_location`.
fn one_more(property: &[String], column: &[String]) -> bool {
    let other = |words: &[String]| words.iter().filter(|word| OTHERS.contains(&word.as_str())).count();
    if other(property) != other(column) {
        return false;
    }
    let (short, long) = if property.len() < column.len() { (property, column) } else { (column, property) };
    let same = |part: Option<&[String]>| part.is_some_and(|part| names::key(part) == names::key(short));
    !short.is_empty() && short.len() + 1 == long.len() && (same(long.get(1..)) || same(long.get(..short.len())))
}

const WITH_OR_WITHOUT: &str = "the name with and without `id` or `name`";

/// Why two different names are likely to mean the same attribute.
fn other_form(property: &Name<'_>, column: &Name<'_>) -> Option<&'static str> {
    let (property_words, column_words) = (property.words.as_slice(), column.words.as_slice());
    let (property, column) = (property.squashed, column.squashed);
    let both = |list: &&[&str]| list.contains(&property) && list.contains(&column);
    if MOMENTS.iter().any(both) {
        return Some("another name of the same moment");
    }
    if SYNONYMS.iter().any(both) {
        return Some("another word for the same");
    }
    let (longer, shorter) = if property.len() > column.len() { (property, column) } else { (column, property) };
    if longer.strip_prefix("is") == Some(shorter) || longer.strip_suffix('d') == Some(shorter) && shorter.ends_with('e')
    {
        return Some("another form of the name");
    }
    if ["id", "name"].iter().any(|end| longer.strip_suffix(end) == Some(shorter)) && shorter.len() > 2 {
        return Some(WITH_OR_WITHOUT);
    }
    if property_words.len() > 1 && names::key(property_words) == names::key(column_words) {
        return Some("singular and plural of the name");
    }
    let cut = |(short, long): (&String, &String)| short == long || short.len() >= 3 && long.starts_with(short.as_str());
    let (short, long) =
        if property.len() > column.len() { (column_words, property_words) } else { (property_words, column_words) };
    let abbreviated = short.len() == long.len() && short.len() > 1 && short.iter().zip(long).all(cut);
    abbreviated.then_some("an abbreviation of the name")
}

/// What a column of the table may have in front: its name, or the end of it, in the singular.
fn own_names(table: &Table) -> Vec<String> {
    let words = names::words(&table.name);
    (0..words.len()).filter_map(|from| words.get(from..)).map(names::singular).collect()
}

/// `id` and `warehouse_id` in a table of warehouses are one name.
fn owned(property: &str, column: &str, own: &[String]) -> Option<&'static str> {
    let within = |long: &str, short: &str| own.iter().any(|own| long.strip_prefix(own.as_str()) == Some(short));
    // `kind` is `repository_kind_id` in a table of repositories.
    let key = column.strip_suffix("id").filter(|column| !column.is_empty());
    let same = within(column, property) || within(property, column) || key.is_some_and(|key| within(key, property));
    same.then_some("the name with and without that of the table")
}

/// The factor by which a pair is less certain than its entities, and why.
pub fn doubt(subject: &Subject<'_>, pair: &Pair) -> (f64, Option<&'static str>) {
    let name = subject.names.get(pair.property).map(String::as_str).unwrap_or_default();
    let transformed = TRANSFORMED.iter().any(|word| name.ends_with(word));
    match pair.form {
        Form::None => (0.6, Some("the types have nothing in common")),
        Form::Serialized(_) | Form::Translated(_) if transformed => {
            (0.6, Some("such values are often stored in another form"))
        }
        Form::Same if transformed => (0.85, Some("such values are often stored in another form")),
        Form::Serialized(how) | Form::Translated(how) => (1.0, Some(how)),
        Form::Same => (1.0, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_forms_of_a_name() {
        let form = |property: &str, column: &str| {
            let (a, b) = (names::squash(property), names::squash(column));
            let (a, b) = (
                Name { squashed: &a, words: names::words(property) },
                Name { squashed: &b, words: names::words(column) },
            );
            other_form(&a, &b)
        };
        for (property, column) in [
            ("createdAt", "creation_time"),
            ("lastModified", "updated_at"),
            ("description", "desc"),
            ("deleted", "is_deleted"),
            ("disable", "disabled"),
            ("owner", "owner_id"),
            ("endpointId", "endp_id"),
            ("defaultTags", "default_tag"),
        ] {
            assert!(form(property, column).is_some(), "{property} {column}");
        }
        for (property, column) in [
            ("createdAt", "updated_at"),
            ("name", "title"),
            ("id", "uid"),
            ("userId", "user_id_2"),
            ("count", "country"),
            ("status", "state"),
            ("type", "types"),
        ] {
            assert!(form(property, column).is_none(), "{property} {column}");
        }
    }
}
