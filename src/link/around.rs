//! What an entity shows of the tables around the one that stands behind it.
//!
//! Rows are shown with parts of others: of the table next to them that holds the rest of the same thing, and of tables to which
//! keys lead, directly (`workflowName` is the `name` of the workflow) or through one table in between.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::sql::Schema;

use super::attributes::Pair;
use super::form::Form;
use super::names;
use super::subject::Subject;
use super::tables::{Found, Tables, agree};

/// What a row is called by, the best first.
const NATURAL: [&str; 6] = ["name", "slug", "title", "code", "username", "login"];
/// What a table that holds one attribute of another calls it.
const CONTENT: [&str; 6] = ["data", "value", "values", "content", "body", "payload"];

/// A table with more neighbours than this is not followed to theirs.
const HUB: usize = 50;

/// A table to which the one behind an entity leads, with what attributes that show it begin with.
struct Way<'s> {
    table: usize,
    stems: Vec<String>,
    confidence: f64,
    /// `author_id` refers to it.
    how: String,
    key: Option<&'s str>,
}

/// Adds to what was found what stands in the table under another name, and gives what the tables around it have: those that
/// keys lead to, those that hold parts of it, and those one table away.
pub fn complete(tables: &Tables<'_>, subject: &Subject<'_>, found: &mut Found) -> Vec<Found> {
    if found.group {
        return Vec::new();
    }
    let renamed = tables.renamed(subject, found);
    found.pairs.extend(renamed);
    let mut known: BTreeSet<usize> = found.pairs.iter().filter(|p| p.form.fits()).map(|p| p.property).collect();
    let mut around: Vec<Found> = tables.beside(subject, found).into_iter().collect();
    let add = |known: &mut BTreeSet<usize>, more: &[Found]| {
        known.extend(more.iter().flat_map(|next| &next.pairs).map(|pair| pair.property));
    };
    add(&mut known, &around);
    let joined = tables.joined(subject, found, &known);
    add(&mut known, &joined);
    let known_well = found.confidence >= 0.7;
    let longer = if known_well { tables.longer(subject, found, &known) } else { Vec::new() };
    known.extend(longer.iter().map(|pair| pair.property));
    found.pairs.extend(longer);
    around.extend(joined);
    around.extend(tables.single(subject, found, &known));
    around
}

impl<'s> Tables<'s> {
    /// The table next to the one that was found which holds most of what is left: `Package` shows rows of `package` and of
    /// `snapshot`. Only what tells enough by its name counts.
    fn beside(&self, subject: &Subject<'_>, found: &Found) -> Option<Found> {
        let known: BTreeSet<usize> = found.pairs.iter().map(|pair| pair.property).collect();
        let mut best: Vec<(usize, Vec<Pair>)> = Vec::new();
        for table in self.neighbours.get(found.table)? {
            let left = self.rest(subject, *table, &known);
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
        let (own, main) = (self.name(table), self.name(found.table));
        let reason = format!("table `{own}`: next to `{main}` by a foreign key, {}", agree(pairs.len()));
        Some(Found { table, confidence: found.confidence.min(0.9), reason, pairs, keyed: false, group: false })
    }

    /// Single attributes that exactly one of the tables around has, and that no other thing is likely to mean.
    fn single(&self, subject: &Subject<'_>, found: &Found, known: &BTreeSet<usize>) -> Vec<Found> {
        let mut having: BTreeMap<usize, Vec<(usize, Pair)>> = BTreeMap::new();
        for table in self.neighbours.get(found.table).into_iter().flatten() {
            let plain = |pair: &Pair| subject.names.get(pair.property).is_some_and(|name| names::is_generic(name));
            for pair in self.rest(subject, *table, known).into_iter().filter(|pair| !plain(pair)) {
                having.entry(pair.property).or_default().push((*table, pair));
            }
        }
        let single = having.into_values().filter_map(|mut pairs| pairs.pop().filter(|_| pairs.is_empty()));
        let made = single.map(|(table, pair)| {
            let (own, main) = (self.name(table), self.name(found.table));
            let reason = format!("table `{own}`: next to `{main}` by a foreign key");
            Found {
                table,
                confidence: found.confidence.min(0.6),
                reason,
                pairs: vec![pair],
                keyed: false,
                group: false,
            }
        });
        made.collect()
    }

    /// What a table has of the attributes that are not known yet, when their names tell something.
    fn rest(&self, subject: &Subject<'_>, table: usize, known: &BTreeSet<usize>) -> Vec<Pair> {
        let Some(overlap) = self.overlap(subject, table) else { return Vec::new() };
        let left = overlap.pairs.into_iter().filter(|pair| {
            let Some(name) = subject.names.get(pair.property) else { return false };
            // Many variants of one thing make its names common in the contract, not in the database.
            let rare =
                subject.weights.get(pair.property).is_some_and(|weight| *weight >= 0.3) || self.having(name) <= 2;
            pair.form.fits() && rare && !name.ends_with("id") && !known.contains(&pair.property)
        });
        left.collect()
    }

    /// Attributes that are named after what a key leads to. They are shown with the row, and not stored with it.
    fn joined(&self, subject: &Subject<'_>, found: &Found, known: &BTreeSet<usize>) -> Vec<Found> {
        // Property → the table and column, what is said of them; nothing when two tables claim it.
        let mut joined: BTreeMap<usize, Option<(usize, Pair, f64, String)>> = BTreeMap::new();
        for way in self.ways(found) {
            let Some((table, columns)) =
                self.schema.tables.get(way.table).zip(self.columns.get(way.table).and_then(Option::as_ref))
            else {
                continue;
            };
            for (property, name) in subject.names.iter().enumerate().filter(|(at, _)| !known.contains(at)) {
                let rest = way.stems.iter().filter(|stem| stem.len() > 2).filter_map(|stem| name.strip_prefix(&**stem));
                let rest = rest.min_by_key(|rest| rest.len());
                let replaced = way.key.is_some_and(|key| names::squash(key) == *name);
                let (ends, at_most): (Vec<&str>, f64) = match rest {
                    _ if replaced => (NATURAL.to_vec(), 0.7),
                    Some("") if way.key.is_some() => (NATURAL.to_vec(), 0.75),
                    Some("") => (NATURAL.iter().chain(&CONTENT).copied().collect(), 0.75),
                    Some(rest) => (vec![rest], 0.88),
                    None => continue,
                };
                let end = ends.into_iter().find_map(|end| {
                    let column = columns.find(end)?;
                    let form = subject.form(property, &table.columns.get(column)?.domain);
                    (form == Form::Same).then_some(column)
                });
                let Some(column) = end else { continue };
                let pair = Pair { property, column, reason: "named after it", form: Form::Same, at_most };
                let same = |known: &Option<(usize, Pair, f64, String)>| {
                    known.as_ref().is_some_and(|(at, other, ..)| *at == way.table && other.column == column)
                };
                match joined.get_mut(&property) {
                    None => {
                        joined.insert(property, Some((way.table, pair, way.confidence, way.how.clone())));
                    }
                    Some(before) if same(before) => {}
                    // What a key leads to comes before what is further away.
                    Some(Some((.., confidence, _))) if *confidence > way.confidence => {}
                    Some(before) => *before = None,
                }
            }
        }
        let made = joined.into_values().flatten().map(|(table, pair, confidence, how)| {
            let reason = format!("table `{}`: {how}", self.name(table));
            Found {
                table,
                confidence: found.confidence.min(confidence),
                reason,
                pairs: vec![pair],
                keyed: true,
                group: false,
            }
        });
        made.collect()
    }

    /// The ways from a table to others, the surest first.
    fn ways(&self, found: &Found) -> Vec<Way<'s>> {
        let schema: &'s Schema = self.schema;
        let Some(main) = schema.tables.get(found.table) else { return Vec::new() };
        let around = |at: usize| self.neighbours.get(at).into_iter().flatten().copied();
        let mut ways: Vec<Way<'s>> = Vec::new();
        let target = |key: &'s crate::model::sql::Key| {
            let ([column], Some(target)) = (key.columns.as_slice(), &key.references) else { return None };
            // A row may refer to one of its own table: `parentJobName`.
            let at = around(found.table).chain([found.table]).find(|at| self.name(*at) == *target.table)?;
            Some((&**column, at))
        };
        for (column, at) in main.keys.iter().filter_map(target) {
            let own = names::squash(column);
            let mut stems =
                vec![own.strip_suffix("uuid").or_else(|| own.strip_suffix("id")).unwrap_or(&own).to_string()];
            stems.extend(self.stems(at));
            let how = format!("`{column}` refers to it");
            ways.push(Way { table: at, stems, confidence: 0.88, how, key: Some(column) });
        }
        let direct: BTreeSet<usize> = ways.iter().map(|way| way.table).chain([found.table]).collect();
        let back: Vec<usize> = around(found.table).filter(|at| !direct.contains(at)).collect();
        let main_name = self.name(found.table);
        for at in &back {
            let Some(words) = self.words.get(*at) else { continue };
            // `application_metadata` holds what `Application.metadata` shows.
            let own = names::singular(self.words.get(found.table).map(Vec::as_slice).unwrap_or_default());
            let forms = [names::singular(words), words.concat()];
            let mut stems: Vec<String> =
                forms.iter().filter_map(|w| w.strip_prefix(&own)).map(str::to_string).collect();
            stems.extend(self.stems(*at));
            let how = format!("it refers to `{main_name}`");
            ways.push(Way { table: *at, stems, confidence: 0.75, how, key: None });
        }
        let known: BTreeSet<usize> = direct.iter().chain(&back).copied().collect();
        let mut further: BTreeMap<usize, usize> = BTreeMap::new();
        // What half of the schema refers to ties nothing together.
        let is_hub = |at: usize| self.neighbours.get(at).is_some_and(|around| around.len() > HUB);
        for next in known.iter().filter(|at| **at != found.table && !is_hub(**at)) {
            around(*next).filter(|at| !known.contains(at)).for_each(|at| {
                further.entry(at).or_insert(*next);
            });
        }
        for (at, through) in further {
            let how = format!("`{}` lies between it and `{main_name}`", self.name(through));
            ways.push(Way { table: at, stems: self.stems(at), confidence: 0.7, how, key: None });
        }
        ways
    }

    /// What attributes begin with that show a table: its name, or the last word of it.
    fn stems(&self, table: usize) -> Vec<String> {
        let words = self.words.get(table).map(Vec::as_slice).unwrap_or_default();
        let last = words.last().map(std::slice::from_ref).unwrap_or_default();
        let mut stems = vec![names::singular(words), names::singular(last)];
        stems.dedup();
        stems
    }

    fn name(&self, table: usize) -> String {
        self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default()
    }
}

/// The tables at the other ends of the foreign keys of each table, either way.
pub fn neighbours(schema: &Schema) -> Vec<BTreeSet<usize>> {
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
