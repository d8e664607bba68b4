//! Runs the rules: changes, models and problems in; findings out.
//!
//! Change rules are looked up by layer and kind and judged by the table of effect and flow; state rules and problems run on
//! each revision alone (which of them the change introduced is `policy`'s work); transition rules see both at once.
//! Must not know: configuration but for [`crate::config::Limits`], fingerprints, output formats.

use std::collections::HashMap;

use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Layer, Problem};

use super::finding::{Finding, Severity, Status};
use super::linked::Linked;
use super::rule::{Category, Check, Levels, Looking, Pair, Rule, Side};
use super::{affected, habits, input, migration, migration::Edited, text, turned};

/// What the rules say, before configuration and fingerprints.
#[derive(Debug, Default)]
pub struct Judged {
    /// Brought by the change: change rules in the order of the changes, then transition rules.
    pub changes: Vec<Finding>,
    /// State rules and problems of the base; locations are in [`Finding::base`].
    pub base_state: Vec<Finding>,
    /// State rules and problems of the head; locations are in [`Finding::head`].
    pub head_state: Vec<Finding>,
}

/// Runs every rule of the catalogue.
pub fn run(pair: &Pair<'_>) -> Judged {
    let mut linked = Linked::of(pair);
    let sources = migration::sources(pair);
    let edited = migration::edited(&sources);
    // What one file has otherwise than the many it stands for is told with that file.
    let squashed = |change: &Change| sources.iter().filter_map(|s| s.squash.as_ref()).any(|s| s.tells(change));
    let told: Vec<&Change> = pair.changes.iter().filter(|change| !squashed(change)).collect();
    let judge = Judge::default();
    let changes = told.iter().flat_map(|change| judge.all(change, &edited)).collect();
    let mut judged = Judged { changes, ..Judged::default() };
    for rule in super::all() {
        match rule.check {
            Check::Transition(check) => check(rule, pair, &mut judged.changes),
            Check::History(check) => sources.iter().for_each(|source| check(rule, source, &mut judged.changes)),
            Check::Step(look) => migration::walk(rule, &sources, look, &mut judged.changes),
            _ => {}
        }
    }
    (judged.base_state, judged.head_state) = std::thread::scope(|scope| {
        let base = scope.spawn(|| states(pair.base, &[]));
        let head = states(pair.head, pair.changes);
        (base.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), head)
    });
    habits::settle(pair, &mut judged.base_state, &mut judged.head_state);
    for finding in &mut judged.base_state {
        finding.base = finding.head.take();
    }
    let Judged { changes, base_state, head_state } = &mut judged;
    for finding in changes.iter_mut().chain(base_state).chain(head_state) {
        linked.add_to(finding);
    }
    judged
}

/// All that is debt in one revision, and what led to it.
pub fn debt(side: Side<'_>, looking: Looking<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in super::all().filter(|rule| rule.category == Category::Debt) {
        match rule.check {
            Check::State(check) | Check::Habit(check) => check(rule, side, &mut found),
            Check::Past(check) => check(rule, side, looking, &mut found),
            _ => {}
        }
    }
    let mut linked = Linked::alone(side);
    found.iter_mut().for_each(|finding| linked.add_to(finding));
    found
}

/// The change rules, ready to be asked about many changes.
pub struct Judge {
    by_kind: HashMap<(Layer, ChangeKind), Vec<&'static Rule>>,
}

impl Default for Judge {
    fn default() -> Self {
        let mut by_kind: HashMap<(Layer, ChangeKind), Vec<&'static Rule>> = HashMap::new();
        for rule in super::all() {
            if let Check::Change { kinds, .. } = rule.check {
                for kind in kinds {
                    by_kind.entry((rule.layer, *kind)).or_default().push(rule);
                }
            }
        }
        Self { by_kind }
    }
}

impl Judge {
    /// What the change rules say about one change, whoever else looks at both revisions.
    pub fn of(&self, change: &Change) -> Vec<Finding> {
        self.all(change, &Edited::default())
    }

    /// Who is affected by what a finding says of the change, in words: `clients that send to …`, `rows already stored`.
    pub fn whom(&self, change: &Change, finding: &Finding) -> String {
        let hurt = hurt(certain(change)).intersection(change.flows);
        affected::list(&affected::whom(change, &finding.usages, hurt))
    }

    fn all(&self, change: &Change, edited: &Edited) -> Vec<Finding> {
        let rules = |change: &Change| self.by_kind.get(&(change.layer, change.kind)).map_or(&[][..], Vec::as_slice);
        let one = |change: &Change| -> Vec<Finding> {
            rules(change).iter().filter_map(|rule| judge(rule, change, edited)).collect()
        };
        match change.parts.as_slice() {
            [] => one(change),
            parts => turned::finding(change, parts.iter().flat_map(one).collect()).into_iter().collect(),
        }
    }
}

/// What a rule says about a change of its kinds.
fn judge(rule: &'static Rule, change: &Change, edited: &Edited) -> Option<Finding> {
    let Check::Change { when, .. } = rule.check else { return None };
    if !when(change) {
        return None;
    }
    let unused = affected::is_unused(change);
    let effect = certain(change);
    let hurt = if unused { hurt(effect) } else { hurt(effect).intersection(change.flows) };
    let (mut severity, flow) = level(rule.levels, hurt, change.kind)?;
    if effect == Effect::Undecided || change.facts.tainted {
        severity = severity.max(Severity::Warning);
    }
    if unused {
        severity = Severity::Note;
    }
    let everywhere = matches!(rule.levels, Levels::Always(_)) || hurt.is_empty();
    let usages = change.usages.iter().filter(|u| everywhere || hurt.has(u.flow)).cloned().collect();
    let said = |template| text::fill(&text::for_flow(template, if unused { None } else { flow }), change);
    let mut finding = Finding {
        rule,
        severity,
        status: Status::Introduced,
        subject: change.subject.clone(),
        detail: change.detail.clone(),
        flow: if unused { None } else { flow },
        message: said(rule.message),
        help: said(rule.help),
        before: change.before.clone(),
        after: change.after.clone(),
        witness: match flow {
            Some(Flow::Out) => change.gained.clone(),
            _ => change.lost.clone(),
        },
        base: change.base,
        head: change.head,
        usages,
        links: Vec::new(),
        related: Vec::new(),
        parts: Vec::new(),
        since: None,
        suggestion: None,
    };
    let edit = change.head.and_then(|origin| edited.get(&origin.file)).filter(|_| change.layer == Layer::Sql);
    finding.message.push_str(&match edit {
        Some(migration) => affected::by_edit(migration),
        None => affected::sentence(change, effect, &finding.usages, hurt),
    });
    Some(finding)
}

/// The effect that is proven. Where one direction is open and the other has a value that shows it, that one counts if it
/// hurts somebody.
fn certain(change: &Change) -> Effect {
    let proven = Effect::of(change.lost.is_some(), change.gained.is_some());
    let hurts = proven != Effect::Same && !hurt(proven).intersection(change.flows).is_empty();
    if change.effect == Effect::Undecided && hurts { proven } else { change.effect }
}

/// The flows that a change of this effect hurts.
fn hurt(effect: Effect) -> Flows {
    match effect {
        Effect::Same => Flows::NONE,
        Effect::Narrows => Flows::IN.union(Flows::STORED),
        Effect::Widens => Flows::OUT,
        Effect::Both | Effect::Undecided => Flows::COLUMN,
    }
}

/// The worst level over the hurt flows and the flow it comes from; the earlier flow wins a tie. What is removed hurts where
/// it was kept, then where it was read.
fn level(levels: Levels, hurt: Flows, kind: ChangeKind) -> Option<(Severity, Option<Flow>)> {
    match levels {
        Levels::Always(severity) => Some((severity, hurt.iter().next())),
        Levels::ByFlow { .. } => {
            let at = |flow| levels.at(flow).map(|severity| (severity, flow));
            let removed = matches!(kind, ChangeKind::AttributeRemoved | ChangeKind::EntityRemoved);
            let order = if removed { [Flow::Stored, Flow::Out, Flow::In] } else { Flow::ALL };
            let hurt = order.into_iter().filter(|flow| hurt.has(*flow));
            hurt.filter_map(at).min_by_key(|(severity, _)| *severity).map(|(s, flow)| (s, Some(flow)))
        }
    }
}

/// What one revision has to say, but for what the changes that led to it have said.
fn states(side: Side<'_>, changes: &[Change]) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in super::all() {
        if let Check::State(check) | Check::Habit(check) = rule.check {
            check(rule, side, &mut found);
        }
    }
    let told = |problem: &&Problem| input::is_told(problem, changes);
    found.extend(side.model.problems.iter().filter(|problem| !told(problem)).map(reported));
    found
}

/// A reader's problem as a finding. An id without a rule is still reported: silence would be a false all-clear.
fn reported(problem: &Problem) -> Finding {
    let rule = super::find(problem.rule).unwrap_or(&super::input::FILE_UNREADABLE);
    let severity = match rule.levels {
        // A remark is a note, unless the rule is about more than what driftline could read.
        Levels::Always(severity) if problem.incomplete || rule.category != Category::Input => severity,
        _ => Severity::Note,
    };
    let mut finding = Finding::state(rule, problem.subject.clone(), Some(problem.origin));
    finding.severity = severity;
    finding.message = problem.message.clone();
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::model::change::Facts;
    use crate::model::{FileId, Model, Origin, Usage};

    fn usage(operation: &str, flow: Flow) -> Usage {
        let origin = Origin::new(FileId(0), 0, 1);
        Usage { operation: operation.into(), flow, location: "body".into(), path: "$.note".into(), origin }
    }

    fn change(kind: ChangeKind, effect: Effect, usages: Vec<Usage>) -> Change {
        let flows = usages.iter().fold(Flows::NONE, |flows, u| flows.with(u.flow));
        Change {
            layer: Layer::Api,
            kind,
            subject: "Order.note".into(),
            detail: String::new(),
            before: Some("10".into()),
            after: Some("5".into()),
            effect,
            flows,
            base: None,
            head: None,
            usages,
            lost: None,
            gained: None,
            facts: Facts::default(),
            parts: Vec::new(),
        }
    }

    fn run_on(change: Change) -> Vec<Finding> {
        let model = Model::default();
        let side = Side { model: &model, links: &[], limits: &Limits::DEFAULT };
        run(&Pair { base: side, head: side, changes: &[change] }).changes
    }

    #[test]
    fn effect_and_flow_decide() {
        use Effect::{Both, Narrows, Same, Undecided, Widens};
        use Severity::{Error, Note, Warning};
        let in_ = || usage("POST /orders", Flow::In);
        let out = || usage("GET /orders", Flow::Out);
        let length = ChangeKind::LengthChanged;
        let removed = ChangeKind::AttributeRemoved;
        let cases = [
            (length, Narrows, vec![in_(), out()], Some((Error, Some(Flow::In), 1))),
            (length, Widens, vec![in_(), out()], Some((Error, Some(Flow::Out), 1))),
            (length, Both, vec![in_(), out()], Some((Error, Some(Flow::In), 2))),
            (length, Widens, vec![in_()], None),
            (length, Narrows, vec![out()], None),
            (length, Same, vec![in_(), out()], None),
            (length, Undecided, vec![in_()], Some((Warning, Some(Flow::In), 1))),
            (length, Narrows, vec![], Some((Note, None, 0))),
            (removed, Both, vec![in_()], Some((Warning, Some(Flow::In), 1))),
            (removed, Both, vec![in_(), out()], Some((Error, Some(Flow::Out), 2))),
            (ChangeKind::DefaultChanged, Same, vec![in_()], Some((Warning, None, 1))),
        ];
        for (kind, effect, usages, expected) in cases {
            let count = usages.len();
            let found = run_on(change(kind, effect, usages));
            let got = found.first().map(|f| (f.severity, f.flow, f.usages.len()));
            assert_eq!(got, expected, "{kind:?} {effect:?} with {count} usages");
            assert!(found.len() <= 1, "one cause, one finding: {found:?}");
        }
    }

    #[test]
    fn messages_name_who_is_affected() {
        let many = (0..4).map(|n| usage(&format!("POST /orders/{n}"), Flow::In)).collect();
        let cases = [
            (
                change(ChangeKind::LengthChanged, Effect::Narrows, many),
                "send to `POST /orders/0` and 3 more operations.",
            ),
            (change(ChangeKind::LengthChanged, Effect::Narrows, vec![]), "No operation uses it."),
            (
                Change {
                    subject: "POST /orders query.note".into(),
                    ..change(ChangeKind::LengthChanged, Effect::Narrows, vec![usage("POST /orders", Flow::In)])
                },
                "Affects clients that send it.",
            ),
            (
                Change {
                    facts: Facts { undecided: Some("the patterns are too long".into()), ..Facts::default() },
                    ..change(ChangeKind::PatternChanged, Effect::Undecided, vec![usage("POST /orders", Flow::In)])
                },
                "could not be decided: the patterns are too long.",
            ),
        ];
        for (change, expected) in cases {
            let found = run_on(change);
            assert!(found[0].message.ends_with(expected), "{}", found[0].message);
        }
    }

    #[test]
    fn problems_are_reported_on_their_side() {
        let origin = Origin::new(FileId(3), 4, 5);
        let problem = |rule| Problem::new(rule, "x", origin, "m");
        let remark = Problem::remark("reference-unresolved", "x", origin, "m");
        let base = Model { problems: vec![problem("reference-unresolved"), remark], ..Model::default() };
        let head = Model { problems: vec![problem("an-id-nobody-knows")], ..Model::default() };
        let side = |model| Side { model, links: &[], limits: &Limits::DEFAULT };
        let judged = run(&Pair { base: side(&base), head: side(&head), changes: &[] });
        let base: Vec<_> = judged.base_state.iter().map(|f| (f.rule.id, f.severity, f.base, f.head)).collect();
        let at = Some(origin);
        let expected =
            [("reference-unresolved", Severity::Error, at, None), ("reference-unresolved", Severity::Note, at, None)];
        assert_eq!(base, expected);
        assert_eq!(judged.head_state[0].rule.id, "file-unreadable");
    }
}
