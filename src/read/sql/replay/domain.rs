//! Domains of PostgreSQL: their checks, and what changes them.

use crate::model::origin::Text;
use crate::model::sql::Action;

use super::super::catalog::{KeyData, KeyState, UserType};
use super::super::command::{DomainChange, KeyDef};
use super::super::cursor::{Name, Span};
use super::Replay;

impl Replay<'_> {
    /// The checks of a new domain; those without a name are numbered.
    pub(super) fn domain_keys(&self, domain: &Text, defs: Vec<KeyDef>) -> Vec<KeyState> {
        let mut keys: Vec<KeyState> = Vec::new();
        for def in defs {
            keys.push(self.domain_key(domain, &keys, def));
        }
        keys
    }

    fn domain_key(&self, domain: &Text, others: &[KeyState], def: KeyDef) -> KeyState {
        let mut names = std::iter::once(format!("{domain}_check")).chain((1..).map(|n| format!("{domain}_check{n}")));
        let name = || Text::from(names.find(|n| others.iter().all(|k| *k.name != **n)).unwrap_or_default());
        KeyState::from(KeyData {
            name: def.name.unwrap_or_else(name),
            kind: def.kind,
            columns: Vec::new(),
            target: None,
            body: def.body,
            needs: Vec::new(),
            conditions: def.conditions,
            partial: false,
            parts: Vec::new(),
            is_index: false,
            not_valid: def.not_valid,
            implicit: false,
            inline: false,
            from_parent: None,
            local: true,
            labels: Vec::new(),
            origin: self.origin(def.span),
        })
    }

    pub(super) fn alter_domain(&mut self, name: &Name, change: DomainChange, span: Span) {
        let Some(id) = self.catalog.find_type(name) else { return self.missing("domain", name, span) };
        let added = match &change {
            DomainChange::AddKey(key) => {
                let others = match self.catalog.types.get(&id) {
                    Some(UserType::Domain { keys, .. }) => keys.as_slice(),
                    _ => &[],
                };
                Some(self.domain_key(&id.1, others, (**key).clone()))
            }
            _ => None,
        };
        let mut action = Action::Other;
        if !matches!(self.catalog.types.get(&id), Some(UserType::Domain { .. })) {
            return self.mismatch(format!("`{}` is no domain", name.name), None, span);
        }
        let has = |wanted: &Text| match self.catalog.types.get(&id) {
            Some(UserType::Domain { keys, .. }) => keys.iter().any(|k| k.name == *wanted),
            _ => false,
        };
        let why = match (&change, &added) {
            (DomainChange::DropKey { name: key, if_exists: false }, _) if !has(key) => {
                Some(format!("`{}` has no constraint `{key}` at this point of the history", name.name))
            }
            (_, Some(key)) if has(&key.name) => {
                Some(format!("`{}` has a constraint `{}` already at this point of the history", name.name, key.name))
            }
            _ => None,
        };
        if let Some(why) = why {
            return self.mismatch(why, None, span);
        }
        if let Some(UserType::Domain { shown, not_null, keys, .. }) = self.catalog.types.get_mut(&id) {
            let name = shown.clone();
            match change {
                DomainChange::NotNull(value) => {
                    if value && !*not_null {
                        action = Action::NarrowDomain { name, check: None, not_valid: false };
                    }
                    *not_null = value;
                }
                DomainChange::AddKey(def) => {
                    let check = added.as_ref().map(|k| k.name.clone());
                    action = Action::NarrowDomain { name, check, not_valid: def.not_valid };
                    keys.extend(added);
                }
                DomainChange::DropKey { name: key, .. } => keys.retain(|k| k.name != key),
                DomainChange::Other => {}
            }
        }
        self.step(action, None, span);
    }
}
