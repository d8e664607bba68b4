//! Which table stands behind an API entity.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::sql::{Schema, TableKind};

use super::attributes::{self, Columns, Pair};
use super::names::{self, Wrappers};
use super::subject::Subject;
use super::{CERTAIN, Rarity, settled};

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
    columns: Vec<Option<Columns>>,
    weights: Vec<f64>,
    by_key: HashMap<String, Vec<usize>>,
    by_last: HashMap<String, Vec<usize>>,
    by_column: HashMap<String, Vec<usize>>,
    /// Tables kept for reading, by the name of the table that they copy.
    copies: HashMap<String, Vec<usize>>,
    /// The tables at the other ends of foreign keys, either way.
    neighbours: Vec<BTreeSet<usize>>,
}

/// The table behind an entity.
pub struct Found {
    pub table: usize,
    pub confidence: f64,
    pub reason: String,
    pub pairs: Vec<Pair>,
    /// The names of the two have something to do with each other.
    pub named: bool,
}

/// What an entity and a table have in common, for people who look at it.
pub struct Likeness {
    /// Attributes of the entity that have a column, the telling ones first.
    pub names: Vec<String>,
    /// Some of them are none that anything may have.
    pub telling: bool,
    /// The weight of what they share as a part of the smaller side, of the entity, and of both.
    pub share: f64,
    pub own: f64,
    pub both: f64,
}

/// How well the attributes of an entity and a table agree.
struct Overlap {
    pairs: Vec<Pair>,
    /// How many of the pairs fit.
    count: usize,
    /// Weight of what they share, as a part of the smaller side.
    share: f64,
    /// The same as a part of the entity.
    own: f64,
    /// Weight of what they share.
    weight: f64,
    /// Names of several words that hardly any other table has.
    telling: usize,
}

impl<'s> Tables<'s> {
    pub fn of(schema: &'s Schema, rarity: &Rarity) -> Self {
        let words: Vec<Vec<String>> = schema.tables.iter().map(|t| names::words(&t.name)).collect();
        let of_tables = schema.tables.iter().zip(&words).filter(|(t, _)| t.kind == TableKind::Table);
        let prefix = names::common_prefix(&of_tables.map(|(_, w)| w.clone()).collect::<Vec<_>>());
        let (by_key, by_last, by_column, columns, weights) = Default::default();
        let mut copies: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (table, words)) in schema.tables.iter().zip(&words).enumerate() {
            if let [front @ .., last] = words.as_slice()
                && table.kind == TableKind::Table
                && COPIES.contains(&last.as_str())
            {
                copies.entry(names::key(front)).or_default().push(at);
            }
        }
        let neighbours = neighbours(schema);
        let mut tables = Self { schema, words, columns, weights, by_key, by_last, by_column, copies, neighbours };
        for (at, table) in schema.tables.iter().enumerate() {
            let words = tables.words.get(at).map(Vec::as_slice).unwrap_or_default();
            if table.kind != TableKind::Table || table.parent.is_some() {
                tables.columns.push(None);
                tables.weights.push(0.0);
                continue;
            }
            let mut keys = vec![names::key(words), names::key(words.get(prefix..).unwrap_or(words))];
            keys.dedup();
            for key in keys {
                tables.by_key.entry(key).or_default().push(at);
            }
            if let Some(last) = words.last() {
                tables.by_last.entry(names::fold(last)).or_default().push(at);
            }
            let columns = Columns::of(table);
            tables.weights.push(columns.names().map(|name| rarity.weight(name)).sum());
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

    /// True when a table is called by these words.
    pub fn is_table(&self, words: &[String]) -> bool {
        self.by_key.contains_key(&names::key(words))
    }

    /// The table that people settled.
    pub fn settled(&self, subject: &Subject<'_>, table: usize) -> Option<Found> {
        let overlap = self.overlap(subject, table)?;
        let name = self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default();
        Some(Found { table, confidence: 1.0, reason: settled::reason(&name), pairs: overlap.pairs, named: true })
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

    /// A table found by name, with the confidence that the attributes give it.
    fn named(&self, table: usize, literal: bool, overlap: Overlap) -> Option<Found> {
        let confidence = match (literal, overlap.share, overlap.count) {
            (true, share, 2..) if share >= 0.5 => 0.97,
            (true, share, 2..) if share >= 0.3 => 0.92,
            (true, share, 3..) if share >= 0.2 => 0.9,
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

    /// The one table that shares nearly all attributes, or several telling ones, whatever its name.
    fn overlapping(&self, subject: &Subject<'_>) -> Option<Found> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for name in &subject.names {
            let having = self.by_column.get(name).map(Vec::as_slice).unwrap_or_default();
            if having.len() <= COMMON {
                having.iter().for_each(|table| *shared.entry(*table).or_default() += 1);
            }
        }
        let mut best: Vec<(usize, Overlap)> = shared
            .into_iter()
            .filter(|(_, count)| *count >= 3)
            .filter_map(|(table, _)| Some((table, self.overlap(subject, table)?)))
            .collect();
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
        Some(self.found(table, confidence, how.to_string(), first, false))
    }

    fn found(&self, table: usize, confidence: f64, how: String, overlap: Overlap, named: bool) -> Found {
        let name = self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default();
        let reason = format!("table `{name}`: {how}, {}", agree(overlap.count));
        let copied = confidence < 1.0 && self.has_copy(table, &overlap);
        let confidence = if copied { confidence.min(0.8) } else { confidence };
        Found { table, confidence, reason, pairs: overlap.pairs, named }
    }

    /// A name of several words that hardly any other table has, and no key.
    fn tells(&self, subject: &Subject<'_>, pair: &Pair) -> bool {
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

    /// Every table of that name or with at least two attributes of the entity, with what they have in common.
    pub fn alike(&self, subject: &Subject<'_>, name: &[String]) -> Vec<(usize, Likeness)> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for name in subject.names.iter().filter(|name| *name != "id") {
            self.by_column.get(name).into_iter().flatten().for_each(|table| *shared.entry(*table).or_default() += 1);
        }
        let named = self.by_key.get(&names::key(name)).into_iter().flatten().copied();
        let likely = shared.into_iter().filter(|(_, count)| *count >= 2).map(|(table, _)| table);
        let likely: BTreeSet<usize> = likely.chain(named).collect();
        let alike = likely.into_iter().filter_map(|table| Some((table, self.likeness(subject, table)?)));
        alike.filter(|(_, likeness)| !likeness.names.is_empty()).collect()
    }

    fn likeness(&self, subject: &Subject<'_>, table: usize) -> Option<Likeness> {
        let (known, columns) = (self.schema.tables.get(table)?, self.columns.get(table)?.as_ref()?);
        let Overlap { pairs, share, own, weight, .. } = self.overlap(subject, table)?;
        let renamed = attributes::renamed(subject, known, columns, &pairs);
        let weight_of = |property: usize| subject.weights.get(property).copied().unwrap_or_default();
        let mut shared: Vec<usize> =
            pairs.iter().chain(&renamed).filter(|pair| pair.fits).map(|p| p.property).collect();
        shared.sort_by(|a, b| weight_of(*b).total_cmp(&weight_of(*a)).then(a.cmp(b)));
        let telling = |at: &usize| subject.names.get(*at).is_some_and(|name| !names::is_generic(name));
        let telling = shared.iter().any(telling);
        let names = shared.iter().filter_map(|at| subject.entity.attributes.get(*at)).map(|a| a.name.to_string());
        let all = self.weights.get(table).copied().unwrap_or_default() + subject.weights.iter().sum::<f64>();
        Some(Likeness { names: names.collect(), telling, share, own, both: 2.0 * weight / all.max(0.1) })
    }

    fn overlap(&self, subject: &Subject<'_>, table: usize) -> Option<Overlap> {
        let (known, columns) = (self.schema.tables.get(table)?, self.columns.get(table)?.as_ref()?);
        let pairs = attributes::pairs(subject, known, columns);
        let weight_of = |pair: &Pair| subject.weights.get(pair.property).copied().unwrap_or_default();
        let fitting = || pairs.iter().filter(|pair| pair.fits);
        let weight: f64 = fitting().map(weight_of).sum();
        let of_columns = self.weights.get(table).copied().unwrap_or_default();
        let of_properties: f64 = subject.weights.iter().sum();
        let (count, telling) = (fitting().count(), fitting().filter(|pair| self.tells(subject, pair)).count());
        let share = weight / of_columns.min(of_properties).max(0.1);
        let own = weight / of_properties.max(0.1);
        Some(Overlap { count, telling, share, own, weight, pairs })
    }

    /// The table next to the one that was found which holds most of what is left: `Package` shows rows of `package` and of
    /// `snapshot`. Only what tells enough by its name counts.
    pub fn beside(&self, subject: &Subject<'_>, found: &Found, renamed: &[Pair]) -> Option<Found> {
        let known: BTreeSet<usize> = found.pairs.iter().chain(renamed).map(|pair| pair.property).collect();
        let mut best: Vec<(usize, Vec<Pair>)> = Vec::new();
        for table in self.neighbours.get(found.table)? {
            let Some(overlap) = self.overlap(subject, *table) else { continue };
            let left = overlap.pairs.into_iter().filter(|pair| {
                let tells = subject.weights.get(pair.property).is_some_and(|weight| *weight >= 0.3);
                let key = subject.names.get(pair.property).is_some_and(|name| name.ends_with("id"));
                pair.fits && tells && !key && !known.contains(&pair.property)
            });
            let left: Vec<Pair> = left.collect();
            // Plain names may be counts over many rows: `Crate.downloads` is not `versions.downloads`.
            if left.iter().filter(|pair| self.tells(subject, pair)).count() >= 2 {
                best.push((*table, left));
            }
        }
        best.sort_by_key(|(table, pairs)| (std::cmp::Reverse(pairs.len()), *table));
        let mut best = best.into_iter();
        let (table, pairs) = best.next().filter(|(_, pairs)| pairs.len() >= 3)?;
        let next = best.next().map_or(0, |(_, pairs)| pairs.len());
        if pairs.len() * 2 < next * 3 {
            return None;
        }
        let name = |at: usize| self.schema.tables.get(at).map(|t| t.full_name()).unwrap_or_default();
        let (own, main) = (name(table), name(found.table));
        let reason = format!("table `{own}`: next to `{main}` by a foreign key, {}", agree(pairs.len()));
        Some(Found { table, confidence: found.confidence.min(0.9), reason, pairs, named: false })
    }

    /// Attributes that are named after what a foreign key leads to: `workflowName` is the `name` of the workflow. They are
    /// shown with the row, and not stored with it.
    pub fn joined(&self, subject: &Subject<'_>, found: &Found, known: &BTreeSet<usize>) -> Vec<Found> {
        let Some(table) = self.schema.tables.get(found.table) else { return Vec::new() };
        let mut joined: BTreeMap<usize, (usize, usize, String)> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for key in &table.keys {
            let ([column], Some(target)) = (key.columns.as_slice(), &key.references) else { continue };
            let at = self.neighbours.get(found.table).into_iter().flatten();
            let at = at.copied().find(|at| self.schema.tables.get(*at).is_some_and(|t| t.full_name() == *target.table));
            let Some((at, columns)) = at.and_then(|at| Some((at, self.columns.get(at)?.as_ref()?))) else { continue };
            let own = names::squash(column);
            let words = self.words.get(at).map(Vec::as_slice).unwrap_or_default();
            let whole = names::singular(words);
            let last = names::singular(words.last().map(std::slice::from_ref).unwrap_or_default());
            let stems: [&str; 3] = [own.strip_suffix("id").unwrap_or(&own), &whole, &last];
            for (property, name) in subject.names.iter().enumerate().filter(|(at, _)| !known.contains(at)) {
                let rest = stems.iter().filter(|stem| stem.len() > 2).find_map(|stem| name.strip_prefix(*stem));
                let Some(end) = rest.filter(|rest| !rest.is_empty()).and_then(|rest| columns.find(rest)) else {
                    continue;
                };
                let stored = self.schema.tables.get(at).and_then(|t| t.columns.get(end));
                if stored.is_none_or(|stored| !subject.fits(property, stored.domain.types)) {
                    continue;
                }
                let before = joined.insert(property, (at, end, column.to_string()));
                if before.is_some_and(|(other, ..)| other != at) {
                    twice.insert(property);
                }
            }
        }
        let single = joined.into_iter().filter(|(property, _)| !twice.contains(property));
        let made = single.map(|(property, (table, column, key))| {
            let name = self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default();
            let pair = Pair { property, column, reason: "named after it", fits: true };
            let reason = format!("table `{name}`: `{key}` refers to it");
            Found { table, confidence: found.confidence.min(0.88), reason, pairs: vec![pair], named: true }
        });
        made.collect()
    }

    /// Pairs of other names, once the table is certain.
    pub fn renamed(&self, subject: &Subject<'_>, found: &Found) -> Vec<Pair> {
        let columns = self.columns.get(found.table).and_then(Option::as_ref);
        let known = self.schema.tables.get(found.table).zip(columns).filter(|_| found.confidence >= CERTAIN);
        known.map(|(table, columns)| attributes::renamed(subject, table, columns, &found.pairs)).unwrap_or_default()
    }
}

fn neighbours(schema: &Schema) -> Vec<BTreeSet<usize>> {
    let by_name: HashMap<String, usize> = schema.tables.iter().enumerate().map(|(at, t)| (t.full_name(), at)).collect();
    let mut neighbours = vec![BTreeSet::new(); schema.tables.len()];
    for (at, table) in schema.tables.iter().enumerate() {
        for target in table.keys.iter().filter_map(|key| key.references.as_ref()) {
            let Some(other) = by_name.get(&*target.table).filter(|other| **other != at) else { continue };
            for (from, to) in [(at, *other), (*other, at)] {
                neighbours.get_mut(from).map(|set: &mut BTreeSet<usize>| set.insert(to));
            }
        }
    }
    neighbours
}

fn agree(count: usize) -> String {
    if count == 1 { "1 attribute agrees".to_string() } else { format!("{count} attributes agree") }
}
