//! Which table stands behind an API entity.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::sql::{Schema, TableKind};

use super::attributes::{self, Columns, Pair};
use super::names::{self, Wrappers};
use super::subject::Subject;
use super::{CERTAIN, Rarity, around, settled};

/// A column name that more tables than this have says nothing about which of them is meant.
const COMMON: usize = 20;
/// Words of entities that show sums and counts of rows, not rows.
const SUMS: [&str; 9] =
    ["summary", "stats", "statistics", "statistic", "metrics", "count", "counts", "totals", "overview"];
/// Last words of tables copied for reading, beside the one that is written: which of them an entity shows is open.
const COPIES: [&str; 8] = ["olap", "cache", "cached", "latest", "current", "read", "mv", "projection"];

/// The tables of one SQL source, prepared for finding.
pub struct Tables<'s> {
    pub schema: &'s Schema,
    pub words: Vec<Vec<String>>,
    /// One per table of the source; `None` for views and partitions.
    pub(super) columns: Vec<Option<Columns>>,
    pub(super) weights: Vec<f64>,
    pub(super) by_key: HashMap<String, Vec<usize>>,
    by_last: HashMap<String, Vec<usize>>,
    pub(super) by_column: HashMap<String, Vec<usize>>,
    /// Folded words of names → the tables.
    pub(super) by_word: HashMap<String, Vec<usize>>,
    /// Views by name: what an entity shows may be read through one.
    views: HashMap<String, Vec<usize>>,
    /// Tables kept for reading, by the name of the table that they copy.
    copies: HashMap<String, Vec<usize>>,
    /// The tables at the other ends of foreign keys, either way.
    pub(super) neighbours: Vec<BTreeSet<usize>>,
}

/// The table behind an entity.
pub struct Found {
    pub table: usize,
    pub confidence: f64,
    pub reason: String,
    pub pairs: Vec<Pair>,
    /// Keys tell as well: the names have something to do with each other, or nearly all attributes agree.
    pub keyed: bool,
    /// Shown is a group of columns, not the row: what has other names is no matter of it.
    pub group: bool,
}

/// How well the attributes of an entity and a table agree.
pub(super) struct Overlap {
    pub(super) pairs: Vec<Pair>,
    /// How many of the pairs fit.
    pub(super) count: usize,
    /// Weight of what they share, as a part of the smaller side.
    pub(super) share: f64,
    /// The same as a part of the entity.
    pub(super) own: f64,
    /// Weight of what they share.
    pub(super) weight: f64,
    /// Names of several words that hardly any other table has.
    telling: usize,
}

impl<'s> Tables<'s> {
    pub fn of(schema: &'s Schema, rarity: &Rarity) -> Self {
        let words: Vec<Vec<String>> = schema.tables.iter().map(|t| names::words(&t.name)).collect();
        let of_tables = schema.tables.iter().zip(&words).filter(|(t, _)| t.kind == TableKind::Table);
        let prefix = names::common_prefix(&of_tables.map(|(_, w)| w.clone()).collect::<Vec<_>>());
        let (by_key, by_last, by_column, by_word, views, columns, weights) = Default::default();
        let mut copies: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (table, words)) in schema.tables.iter().zip(&words).enumerate() {
            if let [front @ .., last] = words.as_slice()
                && table.kind == TableKind::Table
                && COPIES.contains(&last.as_str())
            {
                copies.entry(names::key(front)).or_default().push(at);
            }
        }
        let neighbours = around::neighbours(schema);
        let mut tables =
            Self { schema, words, columns, weights, by_key, by_last, by_column, by_word, views, copies, neighbours };
        for (at, table) in schema.tables.iter().enumerate() {
            let words = tables.words.get(at).map(Vec::as_slice).unwrap_or_default();
            if table.parent.is_some() {
                tables.columns.push(None);
                tables.weights.push(0.0);
                continue;
            }
            let columns = Columns::of(table);
            tables.weights.push(columns.names().map(|name| rarity.weight(name)).sum());
            let is_view = table.kind != TableKind::Table;
            let mut keys = vec![names::key(words), names::key(words.get(prefix..).unwrap_or(words))];
            keys.dedup();
            for key in keys {
                let by_key = if is_view { &mut tables.views } else { &mut tables.by_key };
                by_key.entry(key).or_default().push(at);
            }
            if is_view {
                tables.columns.push(Some(columns));
                continue;
            }
            for word in words.get(prefix..).unwrap_or(words) {
                tables.by_word.entry(names::fold(word)).or_default().push(at);
            }
            if let Some(last) = words.last() {
                tables.by_last.entry(names::fold(last)).or_default().push(at);
            }
            for name in columns.names() {
                tables.by_column.entry(name.to_string()).or_default().push(at);
            }
            tables.columns.push(Some(columns));
        }
        tables
    }

    /// The table whose rows the entity shows, when that is likely.
    pub fn behind(&self, subject: &Subject<'_>, wrappers: &Wrappers) -> Option<Found> {
        if let Some(hint) = subject.table_hint() {
            let table = self.schema.tables.iter().position(|t| t.full_name() == *hint || *t.name == *hint)?;
            let overlap = self.overlap(subject, table)?;
            return Some(self.found(table, 1.0, format!("`x-table: {hint}`"), overlap, true));
        }
        let forms = wrappers.forms(&subject.entity.name);
        let mut likely: Option<Found> = None;
        for (words, literal) in &forms {
            match self.by_key.get(&names::key(words)).map(Vec::as_slice) {
                None | Some([]) => continue,
                Some([table]) => {
                    let overlap = self.overlap(subject, *table)?;
                    let found = self.named(*table, *literal, overlap);
                    if found.as_ref().is_some_and(|found| found.confidence >= CERTAIN) {
                        return found;
                    }
                    likely = likely.or(found);
                }
                // Two tables of one name: nothing says which is meant.
                Some(_) => return None,
            }
        }
        let others = [self.ending(subject, &forms), self.overlapping(subject)];
        let best = others.into_iter().flatten().max_by(|a, b| a.confidence.total_cmp(&b.confidence));
        match (likely, best) {
            (Some(likely), Some(best)) if best.confidence < CERTAIN => Some(likely),
            (likely, best) => best.or(likely),
        }
    }

    /// The view that is called like the entity. What a view shows may be null or computed, so it is never certain.
    pub fn view(&self, subject: &Subject<'_>, wrappers: &Wrappers) -> Option<Found> {
        let forms = wrappers.forms(&subject.entity.name).into_iter();
        let called = |(words, _): (Vec<String>, bool)| match self.views.get(&names::key(&words)).map(Vec::as_slice) {
            Some([view]) => Some(*view),
            _ => None,
        };
        let view = forms.filter_map(called).next()?;
        let overlap = self.overlap(subject, view).filter(|overlap| overlap.count >= 2 && overlap.share >= 0.3)?;
        Some(self.found(view, 0.85, "view of the same name".to_string(), overlap, true))
    }

    /// True when a table is called by these words.
    pub fn is_table(&self, words: &[String]) -> bool {
        self.by_key.contains_key(&names::key(words))
    }

    /// The table that people settled.
    pub fn settled(&self, subject: &Subject<'_>, table: usize) -> Option<Found> {
        let overlap = self.overlap(subject, table)?;
        let name = self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default();
        Some(Found {
            table,
            confidence: 1.0,
            reason: settled::reason(&name),
            pairs: overlap.pairs,
            keyed: true,
            group: false,
        })
    }

    /// The table of a variant of the entity, when it has most of what the entity has.
    pub fn variant(&self, subject: &Subject<'_>, table: usize, of: &str, whole: bool) -> Option<Found> {
        let overlap = self.overlap(subject, table)?;
        let confidence = match (whole, overlap.own, overlap.count) {
            (true, own, 1..) if own >= 0.5 => 0.91,
            (true, own, 2..) if own >= 0.25 => 0.9,
            (false, own, 3..) if own >= 0.75 => 0.9,
            (true, _, 1..) => 0.8,
            _ => return None,
        };
        Some(self.found(table, confidence, format!("`{of}` shows it too"), overlap, true))
    }

    /// The table of an entity that has most of the attributes.
    pub fn alike(&self, subject: &Subject<'_>, table: usize, to: &str) -> Option<Found> {
        let overlap = self.overlap(subject, table).filter(|overlap| overlap.count >= 2)?;
        Some(self.found(table, 0.6, format!("`{to}` has most of its attributes"), overlap, true))
    }

    /// `RegistryCredential.type` shows `registry.credential_type`, not `registry.type`: columns named after what the variant
    /// has more in its name come first.
    pub fn qualify(&self, subject: &Subject<'_>, found: &mut Found, core: &[String]) {
        let columns = self.columns.get(found.table).and_then(Option::as_ref);
        let named = self.schema.tables.get(found.table).zip(self.words.get(found.table)).zip(columns);
        let Some(((table, words), columns)) = named else { return };
        let words: Vec<String> = words.iter().map(|word| names::fold(word)).collect();
        let more: Vec<&str> = core.iter().filter(|w| !words.contains(&names::fold(w))).map(String::as_str).collect();
        if more.is_empty() {
            return;
        }
        for pair in &mut found.pairs {
            let name = subject.names.get(pair.property).map(String::as_str).unwrap_or_default();
            let Some(column) = columns.find(&format!("{}{name}", more.concat())) else { continue };
            let form = table.columns.get(column).map(|stored| subject.form(pair.property, &stored.domain));
            if let Some(form) = form.filter(|form| form.fits()) {
                (pair.column, pair.form, pair.reason) = (column, form, "named after both");
            }
        }
    }

    /// A table found by name, with the confidence that the attributes give it.
    fn named(&self, table: usize, literal: bool, overlap: Overlap) -> Option<Found> {
        let confidence = match (literal, overlap.share, overlap.count) {
            (true, share, 2..) if share >= 0.5 => 0.97,
            (true, share, 2..) if share >= 0.3 => 0.92,
            (true, share, 3..) if share >= 0.2 => 0.9,
            (true, share, 1..) if share >= 0.5 && self.words.get(table).is_some_and(|words| words.len() > 1) => 0.9,
            (true, _, 1..) => 0.6,
            (false, share, 3..) if share >= 0.6 => 0.93,
            (false, share, 2..) if share >= 0.5 => 0.91,
            _ => return None,
        };
        let how = if literal { "same name" } else { "same name without the words around it" };
        Some(self.found(table, confidence, how.to_string(), overlap, true))
    }

    /// A table whose name ends like that of the entity, or the reverse: `PreheatPolicy` and `p2p_preheat_policies`.
    fn ending(&self, subject: &Subject<'_>, forms: &[(Vec<String>, bool)]) -> Option<Found> {
        let mut best: Option<(f64, usize, usize, Overlap)> = None;
        for (words, _) in forms {
            let last = words.last().map(|word| names::fold(word)).unwrap_or_default();
            for table in self.by_last.get(&last).into_iter().flatten() {
                let Some(other) = self.words.get(*table) else { continue };
                let shared = names::common_end(words, other);
                // `V1Event` is not the event of the time before.
                let more = words.get(..words.len() - shared).unwrap_or_default();
                if shared == 0 || names::versioned(more) {
                    continue;
                }
                let Some(overlap) = self.overlap(subject, *table) else { continue };
                let confidence = match (shared, overlap.share, overlap.count) {
                    // An entity with more words may be a thing of its own; `families` knows whether one has the bare name.
                    (_, share, 3..) if share >= 0.6 && self.are_known(more) => 0.9,
                    (_, share, 3..) if !more.is_empty() && share >= 0.6 => 0.85,
                    _ if !more.is_empty() => continue,
                    (2.., share, 3..) if share >= 0.5 => 0.92,
                    (2.., share, 2..) if share >= 0.5 => 0.85,
                    (1, share, 3..) if share >= 0.6 && overlap.weight >= 1.5 => 0.91,
                    _ => continue,
                };
                let better = |(known, length, _, before): &(f64, usize, usize, Overlap)| {
                    (confidence, shared, overlap.weight) > (*known, *length, before.weight)
                };
                if best.as_ref().is_none_or(better) {
                    best = Some((confidence, shared, *table, overlap));
                }
            }
        }
        let (confidence, _, table, overlap) = best?;
        Some(self.found(table, confidence, "a name that ends the same".to_string(), overlap, true))
    }

    /// The tables with at least so many columns that are named like attributes of the entity and that not all tables have.
    pub(super) fn sharing(&self, subject: &Subject<'_>, least: usize) -> BTreeSet<usize> {
        sharing(&subject.names, &self.by_column, least).into_keys().collect()
    }

    /// The one table that shares nearly all attributes, or several telling ones, whatever its name.
    fn overlapping(&self, subject: &Subject<'_>) -> Option<Found> {
        let shared = self.sharing(subject, 3);
        let mut best: Vec<(usize, Overlap)> =
            shared.into_iter().filter_map(|table| Some((table, self.overlap(subject, table)?))).collect();
        best.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then(a.0.cmp(&b.0)));
        let most = best.iter().map(|(_, overlap)| overlap.telling).max().unwrap_or(0);
        let mut best = best.into_iter();
        let (table, first) = best.next()?;
        let own = self.words.get(table)?;
        let sums = names::words(&subject.entity.name);
        let sums = sums.iter().any(|word| SUMS.contains(&word.as_str()) && !own.contains(word));
        let second = best.next();
        let alone = second.as_ref().is_none_or(|(_, second)| second.weight <= first.weight * 0.6);
        let close = alone && first.count >= 4 && first.share >= 0.8 && first.weight >= 2.0;
        let next = second.map_or(0, |(_, second)| second.telling);
        let telling = first.telling >= 3 && first.telling == most && first.telling * 2 >= next * 3;
        let (confidence, how) = match (close, telling) {
            (true, _) if (first.telling > 0 || first.count >= 6 && first.weight >= 3.0) && !sums => {
                (0.92, "nearly the same attributes")
            }
            (_, true) if !sums => (0.9, "attributes that no other table has"),
            (true, _) | (_, true) => (0.75, "nearly the same attributes"),
            _ => return None,
        };
        Some(self.found(table, confidence, how.to_string(), first, confidence > 0.9))
    }

    pub(super) fn found(&self, table: usize, confidence: f64, how: String, overlap: Overlap, keyed: bool) -> Found {
        let name = self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default();
        let reason = format!("table `{name}`: {how}, {}", agree(overlap.count));
        let copied = confidence < 1.0 && self.has_copy(table, &overlap);
        let confidence = if copied { confidence.min(0.8) } else { confidence };
        Found { table, confidence, reason, pairs: overlap.pairs, keyed, group: false }
    }

    /// A name of several words that hardly any other table has, and no key.
    pub(super) fn tells(&self, subject: &Subject<'_>, pair: &Pair) -> bool {
        let name = subject.names.get(pair.property);
        let words = subject.entity.attributes.get(pair.property).map_or(0, |a| names::words(&a.name).len());
        words > 1 && name.is_some_and(|n| self.having(n) <= 2 && !n.ends_with("id") && !names::is_generic(n))
    }

    /// How many tables have a column of that name.
    pub fn having(&self, name: &str) -> usize {
        self.by_column.get(name).map_or(0, Vec::len)
    }

    /// The words are those of other tables: what is shown stands next to them.
    fn are_known(&self, words: &[String]) -> bool {
        let is_table = |word: &String| self.by_last.contains_key(&names::fold(word));
        !words.is_empty() && words.iter().all(is_table)
    }

    /// A table kept for reading has all the shared columns too.
    fn has_copy(&self, table: usize, overlap: &Overlap) -> bool {
        let (Some(own), Some(known)) = (self.words.get(table), self.schema.tables.get(table)) else { return false };
        let copies = self.copies.get(&names::key(own)).into_iter().flatten();
        copies.filter_map(|at| self.schema.tables.get(*at)).any(|copy| {
            let mut shared = overlap.pairs.iter().filter_map(|pair| known.columns.get(pair.column));
            shared.all(|column| copy.column(&column.name).is_some())
        })
    }

    pub(super) fn overlap(&self, subject: &Subject<'_>, table: usize) -> Option<Overlap> {
        let (known, columns) = (self.schema.tables.get(table)?, self.columns.get(table)?.as_ref()?);
        let pairs = attributes::pairs(subject, known, columns);
        let weight_of = |pair: &Pair| subject.weights.get(pair.property).copied().unwrap_or_default();
        let fitting = || pairs.iter().filter(|pair| pair.form.fits());
        let weight: f64 = fitting().map(weight_of).sum();
        let of_columns = self.weights.get(table).copied().unwrap_or_default();
        let of_properties: f64 = subject.weights.iter().sum();
        let (count, telling) = (fitting().count(), fitting().filter(|pair| self.tells(subject, pair)).count());
        let share = weight / of_columns.min(of_properties).max(0.1);
        let own = weight / of_properties.max(0.1);
        Some(Overlap { count, telling, share, own, weight, pairs })
    }

    /// Pairs of other names, once the table is known.
    pub fn renamed(&self, subject: &Subject<'_>, found: &Found) -> Vec<Pair> {
        let columns = self.columns.get(found.table).and_then(Option::as_ref);
        let known = self.schema.tables.get(found.table).zip(columns);
        known.map(|(table, columns)| attributes::renamed(subject, table, columns, &found.pairs)).unwrap_or_default()
    }

    /// Pairs of names of which one has a word more, of what is not known.
    pub fn longer(&self, subject: &Subject<'_>, found: &Found, known: &BTreeSet<usize>) -> Vec<Pair> {
        let columns = self.columns.get(found.table).and_then(Option::as_ref);
        let table = self.schema.tables.get(found.table).zip(columns);
        table.map(|(t, columns)| attributes::longer(subject, t, columns, &found.pairs, known)).unwrap_or_default()
    }
}

/// How many of the names each of those that have them shares, where it is at least so many; what nearly all have says
/// nothing about which of them is meant.
pub(super) fn sharing<K: std::borrow::Borrow<str> + std::hash::Hash + Eq>(
    names: &[String],
    having: &HashMap<K, Vec<usize>>,
    least: usize,
) -> BTreeMap<usize, usize> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for having in names.iter().filter_map(|name| having.get(name.as_str())).filter(|having| having.len() <= COMMON) {
        having.iter().for_each(|at| *shared.entry(*at).or_default() += 1);
    }
    shared.retain(|_, count| *count >= least);
    shared
}

pub(super) fn agree(count: usize) -> String {
    if count == 1 { "1 attribute agrees".to_string() } else { format!("{count} attributes agree") }
}
