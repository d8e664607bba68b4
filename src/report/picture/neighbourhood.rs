//! The entities that the change touches, and one step around them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::sql::KeyKind;
use crate::model::{Change, EntityKind, EntityView, Layer, Model};
use crate::report::build::Side;
use crate::report::ties::{Name, Tie, TieKind, ties};
use crate::report::{Item, text::count};
use crate::rules::{Names, Status};

use super::{Entity, Line, LineKind, Mark, Picture, Row};

/// What one picture holds; with more it has fewer details.
const MOST_BOXES: usize = 36;
const MOST_NAMES: usize = 90;
/// Lines between names.
const MOST_LINES: usize = 60;
/// Rows of one box.
const MOST_ROWS: usize = 14;

/// Draws what fits: everything, or without neighbours, or names alone, or a sentence.
pub fn draw(base: Side<'_>, head: Side<'_>, changes: &[Change], findings: &[Item], names: &Names) -> Picture {
    let scene = Scene::of(base, head, changes, findings, names);
    let changed: BTreeSet<&Name> = scene.touched.keys().collect();
    let around = scene.around(&changed);
    let total = |number: usize| count(number, "entity").replace("entitys", "entities");
    if around.len() <= MOST_BOXES {
        return scene.picture(&around, true);
    }
    if changed.len() <= MOST_BOXES {
        let left_out =
            format!("Neighbours that did not change are left out: with them it would be {}.", total(around.len()));
        return Picture { left_out: Some(left_out), ..scene.picture(&changed, true) };
    }
    if changed.len() <= MOST_NAMES {
        let mut picture = scene.picture(&changed, false);
        let ties = picture.lines.len() > MOST_LINES;
        if ties {
            picture.lines.clear();
        }
        let what = if ties { "attributes, neighbours and ties" } else { "attributes and neighbours" };
        let left_out = format!("{} changed: their {what} are left out.", total(changed.len()));
        return Picture { left_out: Some(left_out), ..picture };
    }
    let left_out = format!("{} changed: more than a picture can show.", total(changed.len()));
    Picture { left_out: Some(left_out), ..Picture::default() }
}

/// Everything that could be drawn.
struct Scene {
    base: BTreeMap<Name, EntityView>,
    head: BTreeMap<Name, EntityView>,
    /// With whether they are in base and in head.
    ties: BTreeMap<Tie, (bool, bool)>,
    /// The changed entities, with the attributes that changed and what the change says of them.
    touched: BTreeMap<Name, BTreeMap<String, String>>,
    /// Introduced findings by entity and attribute (empty: the entity).
    findings: BTreeMap<(Name, String), Vec<usize>>,
}

impl Scene {
    fn of(base: Side<'_>, head: Side<'_>, changes: &[Change], findings: &[Item], names: &Names) -> Self {
        let mut scene = Self {
            base: entities(base.model, head.model),
            head: entities(head.model, base.model),
            ties: BTreeMap::new(),
            touched: BTreeMap::new(),
            findings: BTreeMap::new(),
        };
        for (side, is_head) in [(base, false), (head, true)] {
            for tie in ties(side.model, side.links) {
                let known = scene.ties.entry(tie).or_default();
                known.0 |= !is_head;
                known.1 |= is_head;
            }
        }
        for change in changes {
            scene.touch(change.layer, &change.subject, change, names);
            if let Some(other) = &change.facts.other_name {
                scene.touch(change.layer, other, change, names);
            }
        }
        for (at, item) in findings.iter().enumerate().filter(|(_, item)| item.finding.status == Status::Introduced) {
            let f = &item.finding;
            if let Some((name, rest)) = names.place(f.rule.layer, &f.subject) {
                let attribute = scene.attribute(&name, rest).unwrap_or_default();
                scene.findings.entry((name, attribute)).or_default().push(at);
            }
        }
        scene
    }

    fn touch(&mut self, layer: Layer, subject: &str, change: &Change, names: &Names) {
        let Some((name, rest)) = names.place(layer, subject) else { return };
        let attribute = self.attribute(&name, rest);
        let touched = self.touched.entry(name).or_default();
        if let Some(attribute) = attribute {
            let said = match (&change.before, &change.after) {
                (Some(before), Some(after)) => format!("{before} → {after}"),
                _ => String::new(),
            };
            touched.entry(attribute).or_insert(said);
        }
    }

    /// The attribute that the rest of a subject begins with.
    fn attribute(&self, name: &Name, rest: &str) -> Option<String> {
        let rest = rest.strip_prefix('.')?;
        let views = [self.head.get(name), self.base.get(name)];
        let attributes = views.into_iter().flatten().flat_map(|view| &view.attributes);
        let fits = attributes.map(|a| &*a.name).filter(|name| {
            rest.strip_prefix(*name).is_some_and(|left| left.is_empty() || left.starts_with(['.', '[']))
        });
        fits.max_by_key(|name| name.len()).map(str::to_string)
    }

    /// The entities and what they are tied to, in either direction.
    fn around<'a>(&'a self, names: &BTreeSet<&'a Name>) -> BTreeSet<&'a Name> {
        let mut found: BTreeSet<&Name> = names.iter().copied().filter(|name| self.known(name)).collect();
        for tie in self.ties.keys() {
            if names.contains(&tie.from) && self.known(&tie.to) {
                found.insert(&tie.to);
            }
            if names.contains(&tie.to) && self.known(&tie.from) {
                found.insert(&tie.from);
            }
        }
        found
    }

    fn known(&self, name: &Name) -> bool {
        self.head.contains_key(name) || self.base.contains_key(name)
    }

    fn attribute_mark(&self, name: &Name, attribute: &str) -> Mark {
        let has = |side: &BTreeMap<Name, EntityView>| {
            side.get(name).is_some_and(|view| view.attributes.iter().any(|a| &*a.name == attribute))
        };
        let differs = self.touched.get(name).is_some_and(|attributes| attributes.contains_key(attribute));
        Mark::of(has(&self.base), has(&self.head), differs)
    }

    fn picture(&self, drawn: &BTreeSet<&Name>, rows: bool) -> Picture {
        let order: Vec<&Name> = drawn.iter().copied().collect();
        let at = |name: &Name| order.binary_search(&name).ok();
        let ties = self.ties_between(drawn, rows);
        let mut picture = Picture::default();
        for name in &order {
            let mut ends: BTreeSet<&str> = BTreeSet::new();
            for (tie, _) in &ties {
                let own = [(&tie.from, &tie.from_attribute), (&tie.to, &tie.to_attribute)];
                ends.extend(own.into_iter().filter(|(end, _)| end == name).map(|(_, attribute)| attribute.as_str()));
            }
            picture.boxes.push(self.entity(name, &ends, rows));
        }
        let row = |entity: usize, attribute: &str| {
            picture.boxes.get(entity)?.rows.iter().position(|row| row.name == attribute && !attribute.is_empty())
        };
        let mut lines: BTreeSet<Line> = BTreeSet::new();
        for (tie, mark) in ties {
            let (Some(from), Some(to)) = (at(&tie.from), at(&tie.to)) else { continue };
            if from != to {
                let (start, end) = (row(from, &tie.from_attribute), row(to, &tie.to_attribute));
                lines.insert(Line { from: (from, start), to: (to, end), kind: LineKind::Tie(tie.kind), mark });
            }
        }
        picture.lines = lines.into_iter().collect();
        picture
    }

    /// What is drawn between the entities. Of links only those of changed attributes, and one for a pair that has none: a
    /// schema and its table share nearly everything.
    fn ties_between(&self, drawn: &BTreeSet<&Name>, rows: bool) -> Vec<(Tie, Mark)> {
        let between = self.ties.iter().filter(|(tie, _)| drawn.contains(&tie.from) && drawn.contains(&tie.to));
        let marked = |tie: &Tie| {
            self.attribute_mark(&tie.from, &tie.from_attribute) != Mark::Same
                || self.attribute_mark(&tie.to, &tie.to_attribute) != Mark::Same
        };
        let mut told: BTreeSet<(&Name, &Name)> = BTreeSet::new();
        let mut found = Vec::new();
        let mut rest = Vec::new();
        for (tie, (in_base, in_head)) in between {
            let mark = Mark::of(*in_base, *in_head, false);
            if tie.kind != TieKind::Link || (rows && marked(tie)) {
                if tie.kind == TieKind::Link {
                    told.insert((&tie.from, &tie.to));
                }
                found.push((tie.clone(), mark));
            } else {
                rest.push((tie, mark));
            }
        }
        for (tie, mark) in rest {
            if told.insert((&tie.from, &tie.to)) {
                let (from_attribute, to_attribute) = (String::new(), String::new());
                found.push((Tie { from_attribute, to_attribute, ..tie.clone() }, mark));
            }
        }
        found
    }

    fn entity(&self, name: &Name, ends: &BTreeSet<&str>, with_rows: bool) -> Entity {
        let (base, head) = (self.base.get(name), self.head.get(name));
        let view = head.or(base);
        let of =
            |attribute: &str| self.findings.get(&(name.clone(), attribute.to_string())).cloned().unwrap_or_default();
        let mut rows = Vec::new();
        let mut more = 0;
        let attributes = view.map(|view| view.attributes.as_slice()).unwrap_or_default();
        let gone = base.map(|base| base.attributes.as_slice()).unwrap_or_default();
        let gone = gone.iter().filter(|a| !attributes.iter().any(|other| other.name == a.name));
        for attribute in attributes.iter().chain(gone) {
            let mark = self.attribute_mark(name, &attribute.name);
            let keys = view.map(|view| keys(view, &attribute.name)).unwrap_or_default();
            let findings = of(&attribute.name);
            let matters =
                mark != Mark::Same || !keys.is_empty() || !findings.is_empty() || ends.contains(&*attribute.name);
            let needed = mark != Mark::Same || !findings.is_empty();
            if !with_rows || !matters || rows.len() >= if needed { MOST_ROWS } else { MOST_ROWS / 2 } {
                more += 1;
                continue;
            }
            rows.push(Row { name: attribute.name.to_string(), what: self.what(name, attribute), keys, mark, findings });
        }
        // What has no row is said of the entity.
        let shown: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        let own = self
            .findings
            .iter()
            .filter(|((entity, attribute), _)| entity == name && !shown.contains(attribute.as_str()));
        let mut findings: Vec<usize> = own.flat_map(|(_, findings)| findings).copied().collect();
        findings.sort_unstable();
        Entity {
            layer: Some(name.0),
            kind: view.map_or("entity", |view| kind(view.kind)),
            name: name.1.clone(),
            mark: Mark::of(base.is_some(), head.is_some(), self.touched.contains_key(name)),
            rows,
            more,
            findings,
        }
    }

    /// The type of an attribute, with what changed about it.
    fn what(&self, name: &Name, attribute: &crate::model::AttributeView) -> String {
        let find = |side: &BTreeMap<Name, EntityView>| {
            let view = side.get(name)?;
            view.attributes.iter().find(|a| a.name == attribute.name).map(|a| a.type_name.clone())
        };
        let (base, head) = (find(&self.base), find(&self.head));
        let said = self.touched.get(name).and_then(|attributes| attributes.get(&*attribute.name));
        match (base, head, said) {
            // Without a change only the name of the type is another.
            (Some(base), Some(head), Some(_)) if base != head => format!("{base} → {head}"),
            (Some(_), Some(head), Some(said)) if !said.is_empty() => format!("{head}: {said}"),
            (base, head, _) => head.or(base).unwrap_or_default(),
        }
    }
}

/// The entities of a model by name. Where several sources have one, those count that differ from the other revision.
fn entities(model: &Model, other: &Model) -> BTreeMap<Name, EntityView> {
    let mut found = BTreeMap::new();
    let (new, same): (Vec<_>, Vec<_>) =
        model.apis.iter().partition(|api| !other.apis.iter().any(|known| Arc::ptr_eq(api, known)));
    let apis = new.into_iter().chain(same).flat_map(|api| api.entities());
    let (new, same): (Vec<_>, Vec<_>) =
        model.schemas.iter().partition(|schema| !other.schemas.iter().any(|known| Arc::ptr_eq(schema, known)));
    let tables = new.into_iter().chain(same).flat_map(|schema| schema.entities());
    for view in apis.chain(tables) {
        found.entry((view.layer, view.name.clone())).or_insert(view);
    }
    found
}

fn keys(view: &EntityView, attribute: &str) -> Vec<&'static str> {
    let has = |kind: KeyKind| view.keys.iter().any(|k| k.kind == kind && k.columns.iter().any(|c| &**c == attribute));
    let marks = [(KeyKind::Primary, "PK"), (KeyKind::Foreign, "FK"), (KeyKind::Unique, "UK")];
    marks.into_iter().filter(|(kind, _)| has(*kind)).map(|(_, mark)| mark).collect()
}

fn kind(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::MaterializedView => "view",
        kind => kind.name(),
    }
}
