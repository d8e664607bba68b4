//! Request bodies, responses, media types and headers. One entry per rule; the prose is in `docs/rules/`.

use crate::config::Promise;
use crate::model::{Change, ChangeKind};
use crate::rules::finding::Severity::{Error, Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::API;

pub static REQUEST_BODY_REQUIRED: Rule = Rule {
    id: "request-body-required",
    title: "Request body became required",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "`{subject}` now needs a body.",
    help: "Leave the body optional (`required: false`) and treat a missing one as before.",
    check: Check::on(&[ChangeKind::BodyRequired, ChangeKind::BodyAdded]),
    page: page!("request-body-required"),
    ..API
};

pub static REQUEST_BODY_REMOVED: Rule = Rule {
    id: "request-body-removed",
    title: "Request body removed",
    levels: Levels::ByFlow { in_: Some(Warning), out: Some(Error), stored: None },
    message: "in: `{subject}` no longer takes a body: what is sent in it is ignored or refused.\nout: `{subject}` no longer carries a body: receivers that read it get nothing.",
    help: "in: Keep accepting the body until clients stop sending it.\nout: Keep sending the body until no receiver reads it.",
    check: Check::on(&[ChangeKind::BodyRemoved]),
    page: page!("request-body-removed"),
    ..API
};

pub static MEDIA_TYPE_ADDED: Rule = Rule {
    id: "media-type-added",
    title: "Media type added",
    levels: Levels::ByFlow { in_: None, out: Some(Note), stored: None },
    promise: Promise::Strict,
    message: "`{subject}` can now answer as `{detail}`. Clients that do not say what they accept may get it.",
    help: "Send the new media type only to clients that ask for it in `Accept`.",
    check: Check::Change { kinds: &[ChangeKind::MediaTypeAdded], when: |change| !change.facts.pushed },
    page: page!("media-type-added"),
    ..API
};

pub static CALLBACK_MEDIA_TYPE_ADDED: Rule = Rule {
    id: "callback-media-type-added",
    title: "Media type added to what receivers get",
    levels: Levels::ByFlow { in_: None, out: Some(Warning), stored: None },
    message: "`{subject}` can now arrive as `{detail}`, which receivers had no reason to expect and cannot decline.",
    help: "Send `{detail}` only to receivers that have asked for it.",
    check: Check::Change { kinds: &[ChangeKind::MediaTypeAdded], when: |change| change.facts.pushed },
    page: page!("callback-media-type-added"),
    ..API
};

pub static MEDIA_TYPE_REMOVED: Rule = Rule {
    id: "media-type-removed",
    title: "Media type removed",
    message: "in: `{subject}` no longer takes `{detail}`.\nout: `{subject}` no longer offers `{detail}`.",
    help: "Keep `{detail}` beside the new media type until no client uses it.",
    check: Check::on(&[ChangeKind::MediaTypeRemoved]),
    page: page!("media-type-removed"),
    ..API
};

pub static RESPONSE_ADDED: Rule = Rule {
    id: "response-added",
    title: "Response status added",
    levels: Levels::ByFlow { in_: None, out: Some(Note), stored: None },
    message: "`{subject}` can now answer with status {detail}, which clients had no reason to expect.",
    help: "Make sure that clients treat any status of that class alike, or answer as before unless they ask for more.",
    check: Check::Change { kinds: &[ChangeKind::ResponseAdded], when: |change| !is_error(change) },
    page: page!("response-added"),
    ..API
};

pub static ERROR_RESPONSE_ADDED: Rule = Rule {
    id: "error-response-added",
    title: "Error status added",
    levels: Levels::Always(Note),
    promise: Promise::Strict,
    message: "The contract of `{subject}` now names the error status {detail}.",
    help: "Make sure that clients treat an unknown status by its class (4xx, 5xx).",
    check: Check::Change { kinds: &[ChangeKind::ResponseAdded], when: is_error },
    page: page!("error-response-added"),
    ..API
};

/// Any request can fail in ways that a contract does not list; naming one more takes nothing from a client.
fn is_error(change: &Change) -> bool {
    !change.detail.starts_with(['1', '2', '3'])
}

pub static RESPONSE_REMOVED: Rule = Rule {
    id: "response-removed",
    title: "Success response removed",
    levels: Levels::Always(Error),
    message: "in: `{subject}` no longer takes {detail} as an answer: receivers that give it are taken to have failed.\nout: `{subject}` no longer answers with status {detail}: clients that wait for it do not recognise success.",
    help: "in: Keep taking {detail} as success.\nout: Keep answering with {detail}, or offer the new behaviour under a new path.",
    check: Check::Change { kinds: &[ChangeKind::ResponseRemoved], when: |change| change.detail.starts_with('2') },
    page: page!("response-removed"),
    ..API
};

pub static HEADER_REMOVED: Rule = Rule {
    id: "header-removed",
    title: "Response header removed",
    levels: Levels::ByFlow { in_: None, out: Some(Error), stored: None },
    message: "The response header `{subject}` was removed: clients that read it get nothing.",
    help: "Keep sending the header and mark it `deprecated: true` until no client reads it.",
    check: Check::on(&[ChangeKind::HeaderRemoved]),
    page: page!("header-removed"),
    ..API
};

pub static HEADER_OPTIONAL: Rule = Rule {
    id: "header-optional",
    title: "Response header became optional",
    levels: Levels::ByFlow { in_: None, out: Some(Warning), stored: None },
    message: "The response header `{subject}` was always there and may now be missing.",
    help: "Keep sending it always, with an empty or neutral value where there is nothing to say.",
    check: Check::on(&[ChangeKind::HeaderOptional]),
    page: page!("header-optional"),
    ..API
};

pub static HEADER_REQUIRED: Rule = Rule {
    id: "header-required",
    title: "Header of an answer became required",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "Who answers `{subject}` must now send this header with every answer.",
    help: "Accept answers without the header as before.",
    check: Check::on(&[ChangeKind::HeaderRequired, ChangeKind::HeaderAdded]),
    page: page!("header-required"),
    ..API
};

pub static LINK_CHANGED: Rule = Rule {
    id: "link-changed",
    title: "Link changed",
    levels: Levels::Always(Note),
    message: "The link `{detail}` of `{subject}` leads elsewhere or hands over something else: {before} → {after}.",
    help: "Keep `{detail}` as it was and add a link under a new name.",
    check: Check::on(&[ChangeKind::LinkChanged]),
    page: page!("link-changed"),
    ..API
};

pub static LINK_REMOVED: Rule = Rule {
    id: "link-removed",
    title: "Link removed",
    levels: Levels::Always(Note),
    message: "The link `{detail}` of `{subject}` is no longer described: clients that follow links do not find the next step.",
    help: "Keep the link while the operation it leads to is there.",
    check: Check::on(&[ChangeKind::LinkRemoved]),
    page: page!("link-removed"),
    ..API
};

pub static ENCODING_CHANGED: Rule = Rule {
    id: "encoding-changed",
    title: "Part of a form is written differently",
    message: "How `{detail}` is written in the form of `{subject}` changed: {before} → {after}.",
    help: "Accept the part as it was written before beside the new way.",
    check: Check::on(&[ChangeKind::EncodingChanged]),
    page: page!("encoding-changed"),
    ..API
};

pub static REQUEST_BODY_OPTIONAL: Rule = Rule {
    id: "request-body-optional",
    title: "Body that receivers get became optional",
    levels: Levels::ByFlow { in_: None, out: Some(Error), stored: None },
    message: "`{subject}` always came with a body and may now come without one.",
    help: "Keep sending a body with every call, with empty values where there is nothing to say.",
    check: Check::on(&[ChangeKind::BodyOptional]),
    page: page!("request-body-optional"),
    ..API
};
