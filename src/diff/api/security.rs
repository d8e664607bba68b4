//! Authentication: alternatives as sets of schemes, schemes by what a client must know of them.

use crate::model::api::{Api, OauthFlow, Operation, Requirement, SecurityScheme};
use crate::model::origin::{Origin, Text};
use crate::model::{Change, ChangeKind, Effect, Flow, Flows};

use super::graph::Graph;
use super::operations::{Both, usage};
use super::step::bare;

/// Scopes that are told one by one.
const SCOPES: usize = 4;

/// Schemes that both sides have and that ask for something else, or no longer offer something. What no operation asks
/// for is missed by nobody.
pub fn schemes(base: &Api, head: &Api) -> Vec<Change> {
    let changed = base.security_schemes.iter().filter_map(|(name, ours)| {
        let theirs = head.security_schemes.get(name)?;
        let users: Vec<&Operation> = head.operations.iter().filter(|o| required(o, name).next().is_some()).collect();
        // Where an operation names no scopes at all, clients choose from those that are declared.
        let asked = |scope: &Text| {
            let mut all = [base, head].into_iter().flat_map(|api| &api.operations);
            all.any(|o| required(o, name).any(|scopes| scopes.is_empty() || scopes.contains(scope)))
        };
        let lost =
            !same_summary(&ours.summary, &theirs.summary) || ours.flows.iter().any(|f| !offers(theirs, f, asked));
        let gained = theirs.flows.iter().any(|f| !offers(ours, f, |_| true));
        let narrowed = ours.flows.iter().any(|f| !offers(theirs, f, |_| true));
        (lost || narrowed || gained).then(|| Change {
            subject: name.to_string(),
            before: Some(scheme_words(ours)),
            after: Some(scheme_words(theirs)),
            base: Some(ours.origin),
            head: Some(theirs.origin),
            flows: Flows::IN,
            usages: users.iter().map(|o| usage(o, Flow::In, "security")).collect(),
            ..bare(ChangeKind::SecuritySchemeChanged, Effect::of(lost && !users.is_empty(), gained))
        })
    });
    changed.collect()
}

/// The scopes that the alternatives of an operation ask of a scheme.
fn required<'o>(operation: &'o Operation, name: &'o Text) -> impl Iterator<Item = &'o Vec<Text>> {
    let asked = operation.security.iter().flatten().flat_map(|requirement| &requirement.schemes);
    asked.filter(move |(known, _)| known == name).map(|(_, scopes)| scopes)
}

/// Names of headers have no case.
fn same_summary(a: &str, b: &str) -> bool {
    let header = |text: &str| text.strip_prefix("apiKey in header ").map(str::to_lowercase);
    a == b || matches!((header(a), header(b)), (Some(a), Some(b)) if a == b)
}

/// True when a client of that flow gets all it got: the same addresses, and every scope that counts.
fn offers(scheme: &SecurityScheme, flow: &OauthFlow, counts: impl Fn(&Text) -> bool) -> bool {
    scheme.flows.iter().any(|other| {
        other.name == flow.name
            && flow.urls.iter().all(|url| other.urls.contains(url))
            && flow.scopes.iter().all(|scope| other.scopes.contains(scope) || !counts(scope))
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
    let (ours, theirs) = (alternatives(&both.base.security), alternatives(&both.head.security));
    let (base, head) = (graph.base.api, graph.head.api);
    // Schemes are one by their name, or by asking for the same.
    let same = |ours: &Text, theirs: &Text| {
        let declared = (base.security_schemes.get(ours), head.security_schemes.get(theirs));
        ours == theirs || matches!(declared, (Some(a), Some(b)) if identical(a, b))
    };
    // An old client is still served when some alternative asks for no more than it brings.
    let refused = ours.iter().any(|a| !theirs.iter().any(|b| asks_no_more(b, a, |b, a| same(a, b))));
    let welcomed = theirs.iter().any(|b| !ours.iter().any(|a| asks_no_more(a, b, same)));
    if !refused && !welcomed {
        return;
    }
    let change = both.change(ChangeKind::SecurityChanged, Effect::of(refused, welcomed), both.sent(), "security");
    changes.push(Change {
        before: Some(words(&ours, &theirs)),
        after: Some(words(&theirs, &ours)),
        base: edited(both.base, both.head),
        head: edited(both.head, both.base),
        ..change
    });
}

/// Where the requirement of an operation is written, unless it is inherited and the other side's is not.
fn edited(operation: &Operation, other: &Operation) -> Option<Origin> {
    let own = |operation: &Operation| operation.security_origin.filter(|o| o.within(operation.origin));
    if own(other).is_some() { own(operation) } else { operation.security_origin }
}

fn alternatives(security: &Option<Vec<Requirement>>) -> Vec<Requirement> {
    match security.as_deref() {
        None | Some([]) => vec![Requirement { schemes: Vec::new() }],
        Some(list) => list.to_vec(),
    }
}

/// True when whoever meets `more` meets `less` too.
fn asks_no_more(less: &Requirement, more: &Requirement, same: impl Fn(&Text, &Text) -> bool) -> bool {
    less.schemes.iter().all(|(name, scopes)| {
        more.schemes.iter().any(|(n, held)| same(name, n) && scopes.iter().all(|scope| held.contains(scope)))
    })
}

/// The alternatives in words; of long lists of scopes those that the other side does not ask for.
fn words(alternatives: &[Requirement], other: &[Requirement]) -> String {
    let known = |name: &Text, scope: &Text| {
        let mut asked = other.iter().flat_map(|requirement| &requirement.schemes);
        asked.any(|(n, scopes)| n == name && scopes.contains(scope))
    };
    let scopes = |name: &Text, scopes: &[Text]| {
        let told: Vec<&str> =
            scopes.iter().filter(|s| scopes.len() <= SCOPES || !known(name, s)).map(|s| &**s).collect();
        let more = if told.len() < scopes.len() { vec!["…"] } else { Vec::new() };
        [more, told].concat().join(", ")
    };
    let one = |requirement: &Requirement| {
        if requirement.schemes.is_empty() {
            return "nothing".to_string();
        }
        let scheme = |(name, list): &(Text, Vec<Text>)| match list.as_slice() {
            [] => name.to_string(),
            some => format!("{name} ({})", scopes(name, some)),
        };
        requirement.schemes.iter().map(scheme).collect::<Vec<_>>().join(" and ")
    };
    alternatives.iter().map(one).collect::<Vec<_>>().join(" or ")
}
