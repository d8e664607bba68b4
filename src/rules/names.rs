//! Which entity a subject belongs to: `crm.users.email` to `crm.users`, `Order.lines.price` to `Order`.

use std::collections::BTreeSet;

use crate::model::{Layer, Model};

use super::Finding;

/// The names of the entities of some revisions.
#[derive(Debug, Default)]
pub struct Names {
    api: BTreeSet<String>,
    sql: BTreeSet<String>,
}

impl Names {
    pub fn of<'m>(models: impl IntoIterator<Item = &'m Model>) -> Self {
        let mut names = Self::default();
        for model in models {
            names.api.extend(model.apis.iter().flat_map(|api| api.components.iter().map(|(name, _)| name.to_string())));
            for schema in &model.schemas {
                names.sql.extend(schema.tables.iter().map(|table| table.full_name()));
                names.sql.extend(schema.enums.iter().map(|one| one.name.to_string()));
            }
        }
        names
    }

    /// The entity of a subject with its layer, and what follows the name; [`Layer::Link`] stands for either layer.
    pub fn place<'s>(&self, layer: Layer, subject: &'s str) -> Option<((Layer, String), &'s str)> {
        let name = self.entity(layer, subject)?;
        let own = if layer != Layer::Api && self.sql.contains(name) { Layer::Sql } else { Layer::Api };
        Some(((own, name.to_string()), subject.get(name.len()..).unwrap_or_default()))
    }

    /// The longest name of an entity that the subject begins with.
    fn entity<'s>(&self, layer: Layer, subject: &'s str) -> Option<&'s str> {
        let known = |name: &str| match layer {
            Layer::Api => self.api.contains(name),
            Layer::Sql => self.sql.contains(name),
            Layer::Link => self.api.contains(name) || self.sql.contains(name),
        };
        let dots = subject.match_indices('.').map(|(at, _)| at).rev();
        let heads = std::iter::once(subject.len()).chain(dots).filter_map(|end| subject.get(..end));
        heads.into_iter().find(|head| known(head))
    }

    /// The entities that a finding is about, each once.
    pub fn of_finding(&self, finding: &Finding) -> Vec<String> {
        let own = self.entity(finding.rule.layer, &finding.subject);
        let linked = finding.links.iter().filter_map(|link| self.entity(Layer::Link, link));
        let mut found: Vec<String> = Vec::new();
        for name in own.into_iter().chain(linked) {
            if !found.iter().any(|known| known == name) {
                found.push(name.to_string());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_name_counts() {
        let set = |names: &[&str]| names.iter().map(|n| (*n).to_string()).collect();
        let names = Names { api: set(&["Order", "a.b"]), sql: set(&["crm.users", "users", "crm"]) };
        for (layer, subject, entity) in [
            (Layer::Sql, "crm.users.email", Some("crm.users")),
            (Layer::Sql, "users", Some("users")),
            (Layer::Api, "Order.lines.price", Some("Order")),
            (Layer::Api, "a.b.c", Some("a.b")),
            (Layer::Api, "users.email", None),
            (Layer::Link, "users.email", Some("users")),
            (Layer::Api, "GET /orders query.limit", None),
        ] {
            assert_eq!(names.entity(layer, subject), entity, "{subject}");
        }
    }
}
