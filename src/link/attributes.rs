//! Which column of a table a property shows, and what speaks against it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::sql::Table;

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
    /// The types have something in common.
    pub fits: bool,
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
        for name in [&short, &squashed] {
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
        let reason = if hint.is_some() { "`x-column`" } else { "column of the same name" };
        if let Some(at) = columns.by_name.get(hint.unwrap_or(name))
            && let Some(column) = table.columns.get(*at)
            && used.insert(*at)
        {
            let fits = subject.fits(property, column.domain.types);
            pairs.push(Pair { property, column: *at, reason, fits });
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
const SYNONYMS: [&[&str]; 6] = [
    &["description", "desc", "descr"],
    &["url", "uri", "link"],
    &["identifier", "uid"],
    &["organization", "org", "organisation"],
    &["organizationid", "orgid", "organisationid"],
    &["email", "mail", "emailaddress"],
];

/// Pairs of what is left once the table is certain: a column and a property that go by another form of one name, when no
/// other fits as well.
pub fn renamed(subject: &Subject<'_>, table: &Table, columns: &Columns, pairs: &[Pair]) -> Vec<Pair> {
    let properties: BTreeSet<usize> = pairs.iter().map(|p| p.property).collect();
    let taken: BTreeSet<usize> = pairs.iter().map(|p| p.column).collect();
    let open: Vec<usize> = (0..subject.names.len()).filter(|p| !properties.contains(p)).collect();
    let left: Vec<usize> = (0..table.columns.len()).filter(|c| !taken.contains(c)).collect();
    let mut found: Vec<Pair> = Vec::new();
    let own = own_names(table);
    for property in open {
        let Some(name) = subject.names.get(property) else { continue };
        let words = subject.entity.attributes.get(property).map(|a| names::words(&a.name)).unwrap_or_default();
        let fitting = left.iter().filter_map(|at| {
            let (column, short) = (table.columns.get(*at)?, columns.short.get(*at)?);
            let reason =
                other_form(name, &words, short, &names::words(&column.name)).or_else(|| owned(name, short, &own))?;
            subject.fits(property, column.domain.types).then_some((*at, reason))
        });
        if let [(column, reason)] = fitting.collect::<Vec<_>>().as_slice() {
            found.push(Pair { property, column: *column, reason, fits: true });
        }
    }
    // Two properties that claim one column: neither is certain.
    let claims = |column: usize| found.iter().filter(|p| p.column == column).count();
    let alone: Vec<bool> = found.iter().map(|p| claims(p.column) == 1).collect();
    found.into_iter().zip(alone).filter(|(_, alone)| *alone).map(|(pair, _)| pair).collect()
}

/// Why two different names are likely to mean the same attribute.
fn other_form(
    property: &str,
    property_words: &[String],
    column: &str,
    column_words: &[String],
) -> Option<&'static str> {
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
        return Some("the name with and without `id` or `name`");
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
    let same = within(column, property) || within(property, column);
    same.then_some("the name with and without that of the table")
}

/// The factor by which a pair is less certain than its entities, and why.
pub fn doubt(subject: &Subject<'_>, pair: &Pair) -> (f64, Option<&'static str>) {
    let name = subject.names.get(pair.property).map(String::as_str).unwrap_or_default();
    if !pair.fits {
        (0.6, Some("the types have nothing in common"))
    } else if TRANSFORMED.iter().any(|word| name.ends_with(word)) {
        (0.85, Some("such values are often stored in another form"))
    } else {
        (1.0, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_forms_of_a_name() {
        let form = |property: &str, column: &str| {
            other_form(&names::squash(property), &names::words(property), &names::squash(column), &names::words(column))
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
