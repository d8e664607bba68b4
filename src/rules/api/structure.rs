//! Objects and alternatives: what a value is composed of. One entry per rule; the prose is in `docs/rules/`.

use crate::model::ChangeKind;
use crate::rules::rule::{Check, Rule};

use super::API;

pub static PROPERTY_COUNT_CHANGED: Rule = Rule {
    id: "property-count-changed",
    title: "Number of properties changed",
    message: "How many properties `{subject}` may hold changed: {before} → {after}.",
    help: "in: Keep accepting {before}, or take the new limit only in a new version of the operation.\nout: Keep sending {before}, or tell clients before anything else is sent.",
    check: Check::on(&[ChangeKind::PropertyCountChanged]),
    page: page!("property-count-changed"),
    ..API
};

pub static ADDITIONAL_PROPERTIES_CHANGED: Rule = Rule {
    id: "additional-properties-changed",
    title: "Additional properties changed",
    message: "What `{subject}` allows beside its declared properties changed: {before} → {after}.",
    help: "Keep accepting and ignoring unknown properties, as before.",
    check: Check::on(&[ChangeKind::AdditionalPropertiesChanged]),
    page: page!("additional-properties-changed"),
    ..API
};

pub static REFERENCE_CHANGED: Rule = Rule {
    id: "reference-changed",
    title: "Reference to another schema",
    message: "`{subject}` is another schema than before, `{after}` instead of `{before}`",
    help: "Give `{after}` what `{before}` promised, or use it only for new operations.",
    check: Check::on(&[ChangeKind::ReferenceChanged]),
    page: page!("reference-changed"),
    ..API
};

pub static BRANCH_ADDED: Rule = Rule {
    id: "branch-added",
    title: "Alternative added",
    message: "`{subject}` has a new alternative: {detail}.",
    help: "Send the new alternative only to clients that ask for it, or under a new media type.",
    check: Check::on(&[ChangeKind::BranchAdded]),
    page: page!("branch-added"),
    ..API
};

pub static BRANCH_REMOVED: Rule = Rule {
    id: "branch-removed",
    title: "Alternative removed",
    message: "`{subject}` no longer has the alternative {detail}.",
    help: "Keep accepting {detail} until no client sends it.",
    check: Check::on(&[ChangeKind::BranchRemoved]),
    page: page!("branch-removed"),
    ..API
};

pub static COMPOSITION_CHANGED: Rule = Rule {
    id: "composition-changed",
    title: "Composition changed",
    message: "What `{subject}` is composed of changed: {before} → {after}.",
    help: "Keep the set of accepted values; a schema may be split or merged freely as long as that stays the same.",
    check: Check::on(&[ChangeKind::CompositionChanged]),
    page: page!("composition-changed"),
    ..API
};

pub static DISCRIMINATOR_CHANGED: Rule = Rule {
    id: "discriminator-changed",
    title: "Discriminator changed",
    message: "The discriminator of `{subject}` changed: {before} → {after}. Whoever goes by it chooses the wrong alternative or none.",
    help: "Keep the property and the values of the discriminator; add values for new alternatives only.",
    check: Check::on(&[ChangeKind::DiscriminatorChanged]),
    page: page!("discriminator-changed"),
    ..API
};

pub static KEYWORD_CHANGED: Rule = Rule {
    id: "keyword-changed",
    title: "Keyword changed",
    message: "`{detail}` of `{subject}` changed: {before} → {after}.",
    help: "Keep accepting what was accepted, and send nothing that could not be sent before.",
    check: Check::on(&[ChangeKind::KeywordChanged]),
    page: page!("keyword-changed"),
    ..API
};

pub static XML_CHANGED: Rule = Rule {
    id: "xml-changed",
    title: "Spelling in XML changed",
    message: "How `{subject}` is written in XML changed: {before} → {after}.",
    help: "Keep the names, namespaces and nesting of the XML; describe a new spelling as a property of its own.",
    check: Check::on(&[ChangeKind::XmlChanged]),
    page: page!("xml-changed"),
    ..API
};
