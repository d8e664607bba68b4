//! Authentication: alternatives as sets of schemes, schemes by what a client must know of them.

use crate::model::api::{Api, OauthFlow, Operation, Requirement, SecurityScheme};
use crate::model::origin::{Origin, Text};
use crate::model::{Change, ChangeKind, Effect, Flows};

use super::graph::Graph;
use super::operations::Both;
use super::step::bare;

/// Schemes that both sides have and that ask for something else, or no longer offer something.
pub fn schemes(base: &Api, head: &Api) -> Vec<Change> {
    let changed = base.security_schemes.iter().filter_map(|(name, ours)| {
        let theirs = head.security_schemes.get(name)?;
        let lost = !same_summary(&ours.summary, &theirs.summary) || ours.flows.iter().any(|f| !offers(theirs, f));
        let gained = theirs.flows.iter().any(|f| !offers(ours, f));
        (lost || gained).then(|| Change {
            subject: name.to_string(),
            before: Some(scheme_words(ours)),
            after: Some(scheme_words(theirs)),
            base: Some(ours.origin),
            head: Some(theirs.origin),
            flows: Flows::IN,
            ..bare(ChangeKind::SecuritySchemeChanged, Effect::of(lost, gained))
        })
    });
    changed.collect()
}

/// Names of headers have no case.
fn same_summary(a: &str, b: &str) -> bool {
    let header = |text: &str| text.strip_prefix("apiKey in header ").map(str::to_lowercase);
    a == b || matches!((header(a), header(b)), (Some(a), Some(b)) if a == b)
}

/// True when a client of that flow gets all it got: the same addresses, and every scope.
fn offers(scheme: &SecurityScheme, flow: &OauthFlow) -> bool {
    scheme.flows.iter().any(|other| {
        other.name == flow.name
            && flow.urls.iter().all(|url| other.urls.contains(url))
            && flow.scopes.iter().all(|scope| other.scopes.contains(scope))
    })
}

fn scheme_words(scheme: &SecurityScheme) -> String {
    let flow = |flow: &OauthFlow| {
        let urls = flow.urls.iter().map(|(_, url)| format!(" {url}")).collect::<String>();
        format!("{}{urls} ({})", flow.name, flow.scopes.join(", "))
    };
    let flows = scheme.flows.iter().map(flow).collect::<Vec<_>>().join("; ");
    format!("{} {flows}", scheme.summary).trim_end().to_string()
}

fn identical(a: &SecurityScheme, b: &SecurityScheme) -> bool {
    same_summary(&a.summary, &b.summary) && a.flows == b.flows
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
        base: edited(both.base, both.head),
        head: edited(both.head, both.base),
        ..change
    });
}

/// Where the requirement of an operation is written, unless it is inherited and the other side's is not.
fn edited(operation: &Operation, other: &Operation) -> Option<Origin> {
    let own = |operation: &Operation| {
        let whole = operation.origin;
        operation.security_origin.filter(|o| o.file == whole.file && whole.start <= o.start && o.end <= whole.end)
    };
    if own(other).is_some() { own(operation) } else { operation.security_origin }
}

/// The name in head of a scheme of base: its own, or that of the one scheme that asks for the same.
fn renamed(base: &Api, head: &Api, name: &Text) -> Text {
    if head.security_schemes.contains_key(name) {
        return name.clone();
    }
    let Some(scheme) = base.security_schemes.get(name) else { return name.clone() };
    let same =
        head.security_schemes.iter().find(|(n, s)| identical(s, scheme) && !base.security_schemes.contains_key(*n));
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
