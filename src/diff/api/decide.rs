//! What structure leaves open is decided as a question about sets: which values are lost, which are gained.

use crate::model::{Change, Effect, Flow, Flows};

use super::containment::{Answer, Term, within};
use super::graph::Graph;
use super::sample::{gained_by_head, lost_by_head};
use super::view::View;

/// Two answers: to "is base inside head" and "is head inside base".
pub struct Verdict {
    pub lost: Answer,
    pub gained: Answer,
}

/// What changes when `theirs` takes the place of `ours`: values of the whole base that `theirs` refuses, and values of the
/// whole head that `ours` refuses. No terms refuse nothing.
pub fn between<'a>(
    graph: &Graph<'a>,
    (base, head): (&View<'a>, &View<'a>),
    ours: &[Term<'_, 'a>],
    theirs: &[Term<'_, 'a>],
) -> Verdict {
    Verdict { lost: lost(graph, &[Term::All(&base.set)], theirs), gained: gained(graph, &[Term::All(&head.set)], ours) }
}

/// Whether values of base are refused by head.
pub fn lost<'a>(graph: &Graph<'a>, ours: &[Term<'_, 'a>], theirs: &[Term<'_, 'a>]) -> Answer {
    if theirs.is_empty() {
        return Answer::Inside;
    }
    within(&graph.budget, Flow::In, (&graph.base, ours), (&graph.head, theirs))
}

/// Whether values of head are refused by base.
pub fn gained<'a>(graph: &Graph<'a>, theirs: &[Term<'_, 'a>], ours: &[Term<'_, 'a>]) -> Answer {
    if ours.is_empty() {
        return Answer::Inside;
    }
    within(&graph.budget, Flow::Out, (&graph.head, theirs), (&graph.base, ours))
}

impl Verdict {
    /// The flows in which an open question matters: where one answer is certain, only the other direction is in question.
    pub fn flows(&self) -> Flows {
        if self.effect() != Effect::Undecided {
            return Flows::BOTH;
        }
        let of = |answer: &Answer, flows: Flows| if *answer == Answer::Inside { Flows::NONE } else { flows };
        of(&self.lost, Flows::IN).union(of(&self.gained, Flows::OUT))
    }

    /// The effect of both together.
    pub fn effect(&self) -> Effect {
        match (&self.lost, &self.gained) {
            (Answer::Unknown(_), _) | (_, Answer::Unknown(_)) => Effect::Undecided,
            (lost, gained) => Effect::of(*lost != Answer::Inside, *gained != Answer::Inside),
        }
    }

    /// Puts effect, witnesses and reason into the change; `false` when nothing is lost or gained. Where the question stays
    /// open, the effect that structure suggests stands.
    pub fn settle(self, change: &mut Change) -> bool {
        let effect = self.effect();
        if effect == Effect::Same {
            return false;
        }
        if effect != Effect::Undecided {
            change.effect = effect;
        } else if change.effect == Effect::Undecided {
            let open = [&self.lost, &self.gained].into_iter().find_map(|answer| match answer {
                Answer::Unknown(why) => Some(why.clone()),
                _ => None,
            });
            change.facts.undecided = open;
        }
        let shown = |answer| match answer {
            Answer::Outside(value) => value,
            _ => None,
        };
        change.lost = shown(self.lost).and_then(|v| lost_by_head(v, None));
        change.gained = shown(self.gained).and_then(|v| gained_by_head(v, None));
        true
    }
}
