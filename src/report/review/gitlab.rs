//! GitLab discussions: `POST /projects/:id/merge_requests/:iid/discussions`, one call for each, and the note that sums up.

use serde_json::{Map, Value, json};

use super::anchor::{Lines, Side};
use super::github::left_out;
use super::plan::{Comment, Plan};
use super::{Context, VERSION, text};
use crate::model::patch::{FilePatch, LineKind, PatchLine};
use crate::report::{Report, markdown};

/// The commits that positions are relative to, as the server names them (`diff_refs` of the merge request).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refs {
    pub base: Option<String>,
    pub start: Option<String>,
    pub head: Option<String>,
}

pub fn envelope(report: &Report, context: &Context, plan: &Plan<'_>) -> Value {
    let lines = plan.lines.iter().map(|one| json!({ "body": one.body, "position": at_lines(context, one) }));
    let files = plan.files.iter().map(|one| json!({ "body": one.body, "position": at_file(context, one.place) }));
    let mut discussions: Vec<Value> = lines.chain(files).collect();
    if !plan.rest.is_empty() {
        let body = format!(
            "<!-- driftline:review:{} -->\n**driftline: {}** without a thread of their own\n{}{}",
            context.key,
            text::tally(plan.rest.iter()),
            text::folded(text::REMAINING, &plan.rest, &plan.rest_body),
            plan.omitted,
        );
        discussions.push(json!({ "body": body }));
    }
    json!({
        "version": VERSION,
        "provider": "gitlab",
        "discussions": discussions,
        "note": { "marker": markdown::marker(&context.key), "body": markdown::keyed(report, &context.key) },
        "resolved": plan.resolved,
        "left_out": left_out(plan),
    })
}

/// The commits and paths of a position. Both paths are asked for, also of added and deleted files.
fn position(context: &Context, kind: &str, file: &FilePatch) -> Map<String, Value> {
    let refs = &context.refs;
    let head = refs.head.as_ref().or(context.patch.head.as_ref());
    let old = file.old_path.as_deref().unwrap_or(file.path());
    let fields = [
        ("position_type", json!(kind)),
        ("base_sha", json!(refs.base)),
        ("start_sha", json!(refs.start)),
        ("head_sha", json!(head)),
        ("old_path", json!(old)),
        ("new_path", json!(file.path())),
    ];
    fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

fn at_file(context: &Context, file: &FilePatch) -> Value {
    Value::Object(position(context, "file", file))
}

fn at_lines(context: &Context, comment: &Comment<'_, Lines<'_>>) -> Value {
    let Lines { file, first, last, .. } = comment.place;
    let mut object = position(context, "text", file);
    object.extend(numbers(&last));
    if comment.place.numbers().0 < comment.place.numbers().1 {
        let ends =
            json!({ "start": end(file, &first, comment.place.side), "end": end(file, &last, comment.place.side) });
        object.insert("line_range".into(), ends);
    }
    Value::Object(object)
}

/// An added line has its new number, a deleted one its old number, an unchanged one both.
fn numbers(line: &PatchLine) -> Vec<(String, Value)> {
    let old = (line.kind != LineKind::Added).then(|| ("old_line".to_string(), line.old.into()));
    let new = (line.kind != LineKind::Deleted).then(|| ("new_line".to_string(), line.new.into()));
    old.into_iter().chain(new).collect()
}

/// One end of several lines.
fn end(file: &FilePatch, line: &PatchLine, side: Side) -> Value {
    let path = sha1_smol::Sha1::from(file.path()).digest();
    let mut object = Map::new();
    object.insert("line_code".into(), format!("{path}_{}_{}", line.old, line.new).into());
    let added = line.kind == LineKind::Added && side == Side::Right;
    object.insert("type".into(), if added { "new" } else { "old" }.into());
    object.extend(numbers(line));
    Value::Object(object)
}
