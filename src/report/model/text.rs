//! The model as text: inputs, then entities with their attributes and keys, operations, links, problems.

use std::fmt::Write;

use crate::model::{AttributeView, EntityView};
use crate::report::headline;
use crate::report::text::{clean, clip, count, one_line};

use super::Understood;

/// The whole model.
pub fn render(understood: &Understood<'_>) -> String {
    let mut out =
        format!("{}: {}\n", headline::revision(&understood.revision), headline::understood_all(&understood.inputs()));
    for input in understood.inputs().iter().filter(|i| i.unread > 0) {
        let _ = writeln!(
            out,
            "{}: {} of {} not understood",
            clean(&input.path),
            input.unread,
            count(input.statements, "statement")
        );
    }
    for entity in understood.model.entities() {
        self::entity(&mut out, &entity);
    }
    operations(&mut out, understood);
    links(&mut out, understood);
    let problems = understood.problems();
    if !problems.is_empty() {
        let _ = writeln!(out, "\n{}", count(problems.len(), "problem"));
        for p in problems {
            let _ = writeln!(out, "  {}:{}:{}: {}", clean(&p.path), p.line, p.column, one_line(&p.message));
        }
    }
    out
}

fn entity(out: &mut String, entity: &EntityView) {
    let tainted = if entity.tainted { "  (not everything about it could be read)" } else { "" };
    let _ = writeln!(out, "\n{} {}{tainted}", entity.kind.name(), one_line(&entity.name));
    let width = entity.attributes.iter().map(|a| a.name.chars().count()).max().unwrap_or(0).min(40);
    for attribute in &entity.attributes {
        let _ = writeln!(out, "  {:width$}  {}", one_line(&attribute.name), facts(attribute));
    }
    for key in &entity.keys {
        let _ = writeln!(out, "  {}: {}", key.kind.name(), clip(&one_line(&key.definition), 160));
    }
}

fn facts(attribute: &AttributeView) -> String {
    let mut facts = vec![one_line(&attribute.type_name)];
    let flags = [
        (attribute.nullable, "null"),
        (attribute.required, "required"),
        (attribute.read_only, "read only"),
        (attribute.write_only, "write only"),
        (attribute.deprecated, "deprecated"),
    ];
    facts.extend(flags.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_string()));
    if let Some(default) = &attribute.default {
        facts.push(format!("default {}", clip(&one_line(default), 60)));
    }
    facts.join(", ")
}

fn operations(out: &mut String, understood: &Understood<'_>) {
    for api in &understood.model.apis {
        let _ = writeln!(out, "\n{}: {}", clean(&api.path), count(api.operations.len(), "operation"));
        for operation in &api.operations {
            let deprecated = if operation.lifecycle.deprecated { "  (deprecated)" } else { "" };
            let _ = writeln!(out, "  {}{deprecated}", one_line(&operation.id));
        }
    }
}

fn links(out: &mut String, understood: &Understood<'_>) {
    if understood.links.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{} between the layers", count(understood.links.len(), "link"));
    for link in understood.links {
        let _ = writeln!(
            out,
            "  {} ↔ {}  {:.2}, {}",
            one_line(&link.column),
            one_line(&link.property),
            link.confidence,
            one_line(&link.reason)
        );
    }
}
