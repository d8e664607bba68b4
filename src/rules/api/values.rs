//! Sets of values: types, formats, lists, lengths, ranges. One entry per rule; the prose is in `docs/rules/`.

use crate::model::ChangeKind;
use crate::rules::rule::{Check, Rule};

use super::API;

pub static TYPE_CHANGED: Rule = Rule {
    id: "type-changed",
    title: "Type changed",
    message: "The type of `{subject}` changed: {before} → {after}.",
    help: "Add a property with the new type beside `{attribute}`, and remove the old one when nobody uses it.",
    check: Check::on(&[ChangeKind::TypeChanged]),
    page: page!("type-changed"),
    ..API
};

pub static FORMAT_CHANGED: Rule = Rule {
    id: "format-changed",
    title: "Format changed",
    message: "The format of `{subject}` changed: {before} → {after}.",
    help: "Keep the format {before}; offer the new one in a property of its own.",
    check: Check::on(&[ChangeKind::FormatChanged]),
    page: page!("format-changed"),
    ..API
};

pub static NULLABILITY_CHANGED: Rule = Rule {
    id: "nullability-changed",
    title: "Nullability changed",
    message: "Whether `{subject}` can be null changed: {before} → {after}.",
    help: "Keep it as it was: send a neutral value instead of null, and accept null as \"not given\".",
    check: Check::on(&[ChangeKind::NullabilityChanged]),
    page: page!("nullability-changed"),
    ..API
};

pub static ENUM_VALUE_ADDED: Rule = Rule {
    id: "enum-value-added",
    title: "Enum value added",
    message: "{detail} is a new value of `{subject}`: clients meet a value that they do not know.",
    help: "Declare the list as open (`x-extensible-enum`) before adding values, or send {detail} only to clients that ask for it.",
    check: Check::Change { kinds: &[ChangeKind::EnumValueAdded], when: |change| !change.facts.open_values },
    page: page!("enum-value-added"),
    ..API
};

pub static ENUM_VALUE_REMOVED: Rule = Rule {
    id: "enum-value-removed",
    title: "Enum value removed",
    message: "{detail} is no longer a value of `{subject}`.",
    help: "Keep accepting {detail} and treat it as the value that replaces it.",
    check: Check::on(&[ChangeKind::EnumValueRemoved]),
    page: page!("enum-value-removed"),
    ..API
};

pub static ENUM_CHANGED: Rule = Rule {
    id: "enum-changed",
    title: "List of values changed",
    message: "The list of values of `{subject}` changed: {before} → {after}.",
    help: "Keep the list as it was for requests; tell readers in good time before a closed list is opened.",
    check: Check::on(&[ChangeKind::EnumChanged]),
    page: page!("enum-changed"),
    ..API
};

pub static LENGTH_CHANGED: Rule = Rule {
    id: "length-changed",
    title: "Length changed",
    message: "The allowed length of `{subject}` changed: {before} → {after}.",
    help: "in: Keep accepting {before}, or take the new limit only in a new version of the operation.\nout: Keep sending {before}, or tell clients before anything else is sent.",
    check: Check::on(&[ChangeKind::LengthChanged]),
    page: page!("length-changed"),
    ..API
};

pub static RANGE_CHANGED: Rule = Rule {
    id: "range-changed",
    title: "Range changed",
    message: "The allowed range of `{subject}` changed: {before} → {after}.",
    help: "in: Keep accepting {before}, or take the new range only in a new version of the operation.\nout: Keep sending {before}, or tell clients before anything else is sent.",
    check: Check::on(&[ChangeKind::RangeChanged]),
    page: page!("range-changed"),
    ..API
};

pub static MULTIPLE_CHANGED: Rule = Rule {
    id: "multiple-changed",
    title: "Step changed",
    message: "`multipleOf` of `{subject}` changed: {before} → {after}.",
    help: "Keep accepting the values that were allowed and round them on the server.",
    check: Check::on(&[ChangeKind::MultipleChanged]),
    page: page!("multiple-changed"),
    ..API
};

pub static PATTERN_CHANGED: Rule = Rule {
    id: "pattern-changed",
    title: "Pattern changed",
    message: "The pattern of `{subject}` changed: {before} → {after}.",
    help: "Keep accepting what matched before; check the new rule on the server and answer with a clear message.",
    check: Check::on(&[ChangeKind::PatternChanged]),
    page: page!("pattern-changed"),
    ..API
};

pub static ITEM_COUNT_CHANGED: Rule = Rule {
    id: "item-count-changed",
    title: "Number of items changed",
    message: "How many items `{subject}` may hold changed: {before} → {after}.",
    help: "Keep accepting the old number of items; use paging for longer lists.",
    check: Check::on(&[ChangeKind::ItemCountChanged]),
    page: page!("item-count-changed"),
    ..API
};

pub static UNIQUE_ITEMS_CHANGED: Rule = Rule {
    id: "unique-items-changed",
    title: "Uniqueness of items changed",
    message: "Whether the items of `{subject}` must differ changed: {before} → {after}.",
    help: "Keep accepting repeated items and drop the repetitions on the server.",
    check: Check::on(&[ChangeKind::UniqueItemsChanged]),
    page: page!("unique-items-changed"),
    ..API
};
