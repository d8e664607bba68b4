//! Authentication: alternatives as sets of schemes, schemes by what a client must know of them.

use crate::model::api::{Api, Requirement};
use crate::model::origin::Text;
use crate::model::{Change, ChangeKind, Effect, Flows};

use super::graph::Graph;
use super::operations::Both;
use super::step::bare;

/// Schemes that both sides have and that ask for something else.
pub fn schemes(base: &Api, head: &Api) -> Vec<Change> {
    let changed = base.security_schemes.iter().filter_map(|(name, ours)| {
        let theirs = head.security_schemes.get(name)?;
        (ours.summary != theirs.summary).then(|| Change {
            subject: name.to_string(),
            before: Some(ours.summary.clone()),
            after: Some(theirs.summary.clone()),
            base: Some(ours.origin),
            head: Some(theirs.origin),
            flows: Flows::IN,
            ..bare(ChangeKind::SecuritySchemeChanged, Effect::Both)
        })
    });
    changed.collect()
}

/// What an operation asks for.
pub fn compare(graph: &Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    let rename = |name: &Text| renamed(graph.base.api, graph.head.api, name);
    let ours = alternatives(&both.base.security, rename);
    let theirs = alternatives(&both.head.security, Text::clone);
    // An old client is still served when some alternative asks for no more than it brings.
    let refused = ours.iter().any(|a| !theirs.iter().any(|b| asks_no_more(b, a)));
    let welcomed = theirs.iter().any(|b| !ours.iter().any(|a| asks_no_more(a, b)));
    if !refused && !welcomed {
        return;
    }
    let change = both.change(ChangeKind::SecurityChanged, Effect::of(refused, welcomed), both.sent(), "security");
    changes.push(Change {
        before: Some(words(&ours)),
        after: Some(words(&theirs)),
        base: both.base.security_origin.or(Some(both.base.key)),
        head: both.head.security_origin.or(Some(both.head.key)),
        ..change
    });
}

/// The name in head of a scheme of base: its own, or that of the one scheme that asks for the same.
fn renamed(base: &Api, head: &Api, name: &Text) -> Text {
    if head.security_schemes.contains_key(name) {
        return name.clone();
    }
    let Some(scheme) = base.security_schemes.get(name) else { return name.clone() };
    let same = head
        .security_schemes
        .iter()
        .find(|(n, s)| s.summary == scheme.summary && !base.security_schemes.contains_key(*n));
    same.map_or_else(|| name.clone(), |(new, _)| new.clone())
}

fn alternatives(security: &Option<Vec<Requirement>>, rename: impl Fn(&Text) -> Text) -> Vec<Requirement> {
    let nothing = Requirement { schemes: Vec::new() };
    match security.as_deref() {
        None | Some([]) => vec![nothing],
        Some(list) => {
            let renamed = |r: &Requirement| Requirement {
                schemes: r.schemes.iter().map(|(name, scopes)| (rename(name), scopes.clone())).collect(),
            };
            list.iter().map(renamed).collect()
        }
    }
}

/// True when whoever meets `more` meets `less` too.
fn asks_no_more(less: &Requirement, more: &Requirement) -> bool {
    less.schemes.iter().all(|(name, scopes)| {
        more.schemes.iter().any(|(n, held)| n == name && scopes.iter().all(|scope| held.contains(scope)))
    })
}

fn words(alternatives: &[Requirement]) -> String {
    let one = |requirement: &Requirement| {
        if requirement.schemes.is_empty() {
            return "nothing".to_string();
        }
        let scheme = |(name, scopes): &(Text, Vec<Text>)| match scopes.as_slice() {
            [] => name.to_string(),
            some => format!("{name} ({})", some.join(", ")),
        };
        requirement.schemes.iter().map(scheme).collect::<Vec<_>>().join(" and ")
    };
    alternatives.iter().map(one).collect::<Vec<_>>().join(" or ")
}
