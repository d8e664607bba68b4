//! The links between the layers as text: by schema and table, then what stayed unlinked on both sides.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write;

use crate::model::link::CERTAIN;
use crate::model::{EntityKind, EntityView, Layer, Link};
use crate::report::headline;
use crate::report::text::{count, one_line};

use super::Understood;

/// Names on one line of what stayed unlinked.
const WIDTH: usize = 110;

/// All links and what has none.
pub fn render(understood: &Understood<'_>) -> String {
    let certain = understood.links.iter().filter(|link| link.confidence >= CERTAIN).count();
    let mut out = format!(
        "{}: {}, {certain} of them certain enough for errors\n",
        headline::revision(&understood.revision),
        count(understood.links.len(), "link"),
    );
    let mut pairs: BTreeMap<(&str, &str), Vec<&Link>> = BTreeMap::new();
    for link in understood.links {
        let links = pairs.entry((entity(&link.property), entity(&link.column))).or_default();
        // Several contracts may have the schema, and several databases the table.
        if !links.iter().any(|l| l.property == link.property && l.column == link.column) {
            links.push(link);
        }
    }
    for ((schema, table), links) in &pairs {
        let _ = writeln!(out, "\n{} ↔ {}", one_line(schema), one_line(table));
        let width = links.iter().map(|l| attribute(&l.property).chars().count()).max().unwrap_or(0).min(40);
        // Nearly all links of a pair have one reason.
        let mut told = "";
        for link in links {
            let reason = if link.reason == told { String::new() } else { format!("  {}", one_line(&link.reason)) };
            told = &link.reason;
            let (property, column) = (one_line(attribute(&link.property)), one_line(attribute(&link.column)));
            let _ = writeln!(out, "  {:.2}  {property:width$}  {column}{reason}", link.confidence);
        }
    }
    unlinked(&mut out, understood, &pairs.keys().copied().collect());
    out
}

fn unlinked(out: &mut String, understood: &Understood<'_>, pairs: &BTreeSet<(&str, &str)>) {
    let ends: HashSet<&str> = understood.links.iter().flat_map(|l| [&*l.property, &*l.column]).collect();
    let linked = |end: &str| ends.contains(end);
    let sides: HashSet<&str> = pairs.iter().flat_map(|(schema, table)| [*schema, *table]).collect();
    let entities = understood.model.entities();
    for (layer, title) in [(Layer::Api, "schemas"), (Layer::Sql, "tables")] {
        let of_layer = |e: &&EntityView| {
            e.layer == layer && matches!(e.kind, EntityKind::Schema | EntityKind::Table) && !e.attributes.is_empty()
        };
        let (some, none): (Vec<&EntityView>, Vec<&EntityView>) =
            entities.iter().filter(of_layer).partition(|e| sides.contains(e.name.as_str()));
        let names: BTreeSet<String> = none.iter().map(|e| one_line(&e.name)).collect();
        list(out, &format!("unlinked {title} ({})", names.len()), names.into_iter());
        let open = some.iter().flat_map(|e| e.attributes.iter().map(move |a| format!("{}.{}", e.name, a.name)));
        let open: BTreeSet<String> = open.filter(|end| !linked(end)).map(|end| one_line(&end)).collect();
        list(out, &format!("unlinked attributes of linked {title} ({})", open.len()), open.into_iter());
    }
}

fn list(out: &mut String, title: &str, names: impl Iterator<Item = String>) {
    let mut line = String::new();
    let _ = writeln!(out, "\n{title}");
    for name in names {
        if !line.is_empty() && line.chars().count() + name.chars().count() > WIDTH {
            let _ = writeln!(out, "  {line}");
            line.clear();
        }
        line.push_str(if line.is_empty() { "" } else { ", " });
        line.push_str(&name);
    }
    let _ = writeln!(out, "  {}", if line.is_empty() { "none" } else { &line });
}

/// `crm.users` of `crm.users.email`.
fn entity(end: &str) -> &str {
    end.rsplit_once('.').map_or(end, |(entity, _)| entity)
}

fn attribute(end: &str) -> &str {
    end.rsplit_once('.').map_or(end, |(_, attribute)| attribute)
}
