//! A GitHub review: `POST /repos/{owner}/{repo}/pulls/{number}/reviews`, and what goes with it.

use serde_json::{Map, Value, json};

use super::anchor::{Lines, Side};
use super::plan::{Comment, Plan};
use super::{Context, VERSION, text};
use crate::report::{Report, markdown};
use crate::rules::Severity;

pub fn envelope(report: &Report, context: &Context, plan: &Plan<'_>) -> Value {
    let commit = &context.patch.head;
    let files = plan.files.iter().map(
        |file| json!({ "path": file.place.path(), "subject_type": "file", "commit_id": commit, "body": file.body }),
    );
    json!({
        "version": VERSION,
        "provider": "github",
        "review": review(report, context, plan),
        "files": files.collect::<Vec<_>>(),
        "summary": { "marker": markdown::marker(&context.key), "body": markdown::keyed(report, &context.key) },
        "resolved": plan.resolved,
        "left_out": left_out(plan),
    })
}

pub fn left_out(plan: &Plan<'_>) -> Vec<Value> {
    plan.left_out.iter().map(|one| json!({ "fingerprint": one.fingerprint, "why": one.why })).collect()
}

/// Null when there is nothing new to say.
fn review(report: &Report, context: &Context, plan: &Plan<'_>) -> Value {
    if plan.told().next().is_none() {
        return Value::Null;
    }
    let blocks = context.request_changes && report.introduced(Severity::Error) > 0;
    json!({
        "commit_id": context.patch.head,
        "event": if blocks { "REQUEST_CHANGES" } else { "COMMENT" },
        "body": body(context, plan),
        "comments": plan.lines.iter().map(comment).collect::<Vec<_>>(),
    })
}

fn body(context: &Context, plan: &Plan<'_>) -> String {
    let known = match plan.known {
        0 => String::new(),
        known => format!(" new, {known} posted before"),
    };
    let tally = text::tally(plan.told());
    let folded = text::folded(text::REMAINING, &plan.rest, &plan.rest_body);
    format!("<!-- driftline:review:{} -->\n**driftline: {tally}**{known}\n{folded}{}", context.key, plan.omitted)
}

fn comment(comment: &Comment<'_, Lines<'_>>) -> Value {
    let side = match comment.place.side {
        Side::Left => "LEFT",
        Side::Right => "RIGHT",
    };
    let (first, last) = comment.place.numbers();
    let mut object = Map::new();
    // For a renamed file the new path on both sides.
    object.insert("path".into(), comment.place.file.path().into());
    object.insert("side".into(), side.into());
    // Refused when both are the same line.
    if first < last {
        object.insert("start_side".into(), side.into());
        object.insert("start_line".into(), first.into());
    }
    object.insert("line".into(), last.into());
    object.insert("body".into(), comment.body.clone().into());
    Value::Object(object)
}
