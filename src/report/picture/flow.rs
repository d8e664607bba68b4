//! The way of the values that findings are about, from the columns to the operations.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Layer;
use crate::report::build::Side;
use crate::report::{Item, text::count};
use crate::rules::{Names, Severity, Status};
use crate::trace::{self, Fit, Kind, Trace};

use super::{End, Entity, Line, LineKind, Mark, Picture, Row};

/// Attributes whose values are followed.
const MOST_SUBJECTS: usize = 40;
/// What one picture holds.
const MOST_ROWS: usize = 70;
const MOST_BOXES: usize = 48;
const MOST_LINES: usize = 110;

/// The attributes that introduced findings are about, by name, with the findings.
type Subjects = BTreeMap<String, Vec<usize>>;

/// Draws what fits: everything, or with operations counted, or that of errors alone, or a sentence.
pub fn draw(base: Side<'_>, head: Side<'_>, findings: &[Item], names: &Names) -> Picture {
    let (all, errors) = (subjects(findings, names, Severity::Note), subjects(findings, names, Severity::Error));
    let of_errors = format!("Findings are about {}: only those of errors are drawn.", count(all.len(), "attribute"));
    let counted = "Operations are counted, not named.";
    let attempts = [
        (&all, false, String::new()),
        (&all, true, counted.to_string()),
        (&errors, false, of_errors.clone()),
        (&errors, true, format!("{of_errors} {counted}")),
    ];
    for (subjects, counted, left_out) in attempts {
        if subjects.is_empty() || subjects.len() > MOST_SUBJECTS {
            continue;
        }
        let picture = follow(base, head, subjects, counted);
        let rows: usize = picture.boxes.iter().map(|entity| entity.rows.len()).sum();
        if picture.boxes.len() <= MOST_BOXES && rows <= MOST_ROWS && picture.lines.len() <= MOST_LINES {
            // A single box tells no way.
            let left_out = Some(left_out).filter(|text| !text.is_empty() && !picture.lines.is_empty());
            return Picture { left_out, ..picture };
        }
    }
    let left_out =
        format!("Findings are about {}: their ways are more than a picture can show.", count(all.len(), "attribute"));
    Picture { left_out: (!all.is_empty()).then_some(left_out), ..Picture::default() }
}

fn follow(base: Side<'_>, head: Side<'_>, subjects: &Subjects, counted: bool) -> Picture {
    let wanted: BTreeSet<&str> = subjects.keys().map(String::as_str).collect();
    let in_head = trace::named(head.model, head.links, &wanted);
    // What is gone took its way in the base.
    let found: BTreeSet<&str> =
        in_head.iter().filter_map(|t| t.places.first()).map(|place| place.name.as_str()).collect();
    let gone: BTreeSet<&str> = wanted.difference(&found).copied().collect();
    let in_base = if gone.is_empty() { Vec::new() } else { trace::named(base.model, base.links, &gone) };
    Drawing::of(&[(&in_head, Mark::Same), (&in_base, Mark::Removed)], subjects, counted)
}

fn subjects(findings: &[Item], names: &Names, worst: Severity) -> Subjects {
    let mut found = Subjects::new();
    for (at, item) in findings.iter().enumerate() {
        let f = &item.finding;
        if f.status != Status::Introduced || f.severity > worst {
            continue;
        }
        let Some(((_, entity), rest)) = names.place(f.rule.layer, &f.subject) else { continue };
        // Of `Order.lines[].price` the way of `Order.lines` is known.
        let attribute = rest.trim_start_matches('.').split(['.', '[']).next().unwrap_or_default();
        if !attribute.is_empty() {
            found.entry(format!("{entity}.{attribute}")).or_default().push(at);
        }
    }
    found
}

/// Onward, back, and whether some values have no place there.
type Ways = (bool, bool, bool);

/// Boxes and lines while they are gathered.
#[derive(Default)]
struct Drawing {
    picture: Picture,
    known: BTreeMap<(usize, String), usize>,
    lines: BTreeMap<(End, End), Ways>,
}

/// Columns first, operations last.
const KINDS: [&str; 4] = ["table", "view", "schema", "operations"];

impl Drawing {
    fn of(traces: &[(&Vec<Trace>, Mark)], subjects: &Subjects, counted: bool) -> Picture {
        let mut drawing = Self::default();
        for (traces, mark) in traces {
            for trace in *traces {
                drawing.add(trace, *mark, subjects, counted);
            }
        }
        drawing.drop_alone();
        let lines = drawing.lines.into_iter().map(|((from, to), (onward, back, narrower))| Line {
            from,
            to,
            kind: LineKind::Flow { onward, back, narrower },
            mark: Mark::Same,
        });
        Picture { lines: lines.collect(), ..drawing.picture }
    }

    /// A single box tells no way.
    fn drop_alone(&mut self) {
        let tied: BTreeSet<usize> = self.lines.keys().flat_map(|(from, to)| [from.0, to.0]).collect();
        let number = |at: usize| tied.iter().position(|known| *known == at).unwrap_or(0);
        let moved = |end: End| (number(end.0), end.1);
        self.lines = std::mem::take(&mut self.lines)
            .into_iter()
            .map(|((from, to), how)| ((moved(from), moved(to)), how))
            .collect();
        let mut at = 0;
        self.picture.boxes.retain(|_| {
            at += 1;
            tied.contains(&(at - 1))
        });
    }

    fn add(&mut self, trace: &Trace, mark: Mark, subjects: &Subjects, counted: bool) {
        let mut ends = Vec::new();
        // Attributes that the same operations take and give share a box.
        let operations: Vec<&str> = trace
            .places
            .iter()
            .filter(|place| place.kind == Kind::Operation)
            .map(|place| place.name.as_str())
            .collect();
        let operations = operations.join("\n");
        for (at, place) in trace.places.iter().enumerate() {
            let rank = match place.kind {
                Kind::Column => 0,
                Kind::ViewColumn => 1,
                Kind::Property => 2,
                Kind::Operation => 3,
            };
            let (mut name, attribute) = split(&place.name, rank < 3);
            if counted && rank == 3 {
                name.clone_from(&operations);
            }
            let entity = self.entity(rank, name);
            let Some(drawn) = self.picture.boxes.get_mut(entity) else { continue };
            if counted && rank == 3 {
                drawn.name = count(operations.split('\n').count(), "operation");
                ends.push((entity, None));
                continue;
            }
            let findings = subjects.get(&place.name).cloned().unwrap_or_default();
            let row_at = drawn.rows.iter().position(|known| known.name == attribute).unwrap_or_else(|| {
                // The first fact is the type.
                let what = place.facts.first().filter(|_| rank < 3).cloned().unwrap_or_default();
                drawn.rows.push(Row { name: attribute, what, findings, ..Row::default() });
                drawn.rows.len() - 1
            });
            if let Some(row) = drawn.rows.get_mut(row_at).filter(|row| at == 0 && row.mark == Mark::Same) {
                row.mark = mark;
            }
            ends.push((entity, Some(row_at)));
        }
        for step in trace.from.iter().chain(&trace.to) {
            let (Some(from), Some(to)) = (ends.get(step.from), ends.get(step.to)) else { continue };
            let rank = |end: &End| self.rank(end.0);
            let onward = rank(from) <= rank(to);
            let ends = if onward { (*from, *to) } else { (*to, *from) };
            let known = self.lines.entry(ends).or_default();
            known.0 |= onward;
            known.1 |= !onward;
            known.2 |= matches!(step.fit, Some(Fit::Narrower(_)));
        }
    }

    fn rank(&self, entity: usize) -> usize {
        let kind = self.picture.boxes.get(entity).map(|entity| entity.kind).unwrap_or_default();
        KINDS.iter().position(|known| *known == kind).unwrap_or(0)
    }

    fn entity(&mut self, rank: usize, name: String) -> usize {
        let boxes = &mut self.picture.boxes;
        *self.known.entry((rank, name.clone())).or_insert_with(|| {
            boxes.push(Entity {
                layer: match rank {
                    0 | 1 => Some(Layer::Sql),
                    2 => Some(Layer::Api),
                    _ => None,
                },
                kind: KINDS.get(rank).copied().unwrap_or_default(),
                name,
                mark: Mark::Same,
                rows: Vec::new(),
                more: 0,
                findings: Vec::new(),
            });
            boxes.len() - 1
        })
    }
}

/// `users.email` into the table and the column, `GET /users` into the path and the method.
fn split(name: &str, attribute: bool) -> (String, String) {
    let parts =
        if attribute { name.rsplit_once('.') } else { name.split_once(' ').map(|(method, path)| (path, method)) };
    parts.map_or((name.to_string(), String::new()), |(a, b)| (a.to_string(), b.to_string()))
}
