//! `oneOf` refuses what fits two alternatives: alternatives that begin to overlap lose values, those that stop gain some.
//!
//! What the alternatives themselves gain and lose is told at them; here only values count that fit one alternative before
//! and several after, or the other way round.

use crate::model::api::Keyword;
use crate::model::{Effect, Flow};

use super::branches::composed;
use super::containment::{self, Answer, Term, overlapping};
use super::decide::Verdict;
use super::graph::Graph;
use super::side::Side;
use super::view::View;

/// Compares what overlaps on both sides.
pub fn compare<'a>(graph: &Graph<'a>, (base, head): (&View<'a>, &View<'a>), found: &mut super::pair::Found) {
    let sides = ((&graph.base, base), (&graph.head, head));
    if digests(sides.0) == digests(sides.1) {
        return;
    }
    let question = |flow: Flow, inner: (&Side<'a>, &View<'a>), outer: (&Side<'a>, &View<'a>)| {
        let (ours, theirs) = ([Term::All(&inner.1.set)], [Term::All(&outer.1.set)]);
        let value = overlaps(outer).then(|| {
            let (inner, any) = ((inner.0, &ours[..]), [Term::Any(outer.1)]);
            overlapping(&graph.second, flow, inner, (outer.0, &theirs), &any)
        });
        value.flatten().map_or(Answer::Inside, |value| Answer::Outside(Some(value)))
    };
    let verdict = Verdict { lost: question(Flow::In, sides.0, sides.1), gained: question(Flow::Out, sides.1, sides.0) };
    composed(graph, (base, head), Effect::Undecided, verdict, found);
}

/// True when a value may fit two alternatives and is refused for it.
fn overlaps((side, view): (&Side<'_>, &View<'_>)) -> bool {
    let one = view.choices.iter().filter(|choice| choice.keyword == Keyword::OneOf);
    view.discriminator.is_none() && one.into_iter().any(|choice| !containment::apart(side, &choice.branches))
}

fn digests((side, view): (&Side<'_>, &View<'_>)) -> Vec<u64> {
    let mut digests: Vec<u64> = view.choices.iter().flat_map(|c| &c.branches).map(|id| side.digest(*id)).collect();
    digests.sort_unstable();
    digests
}
