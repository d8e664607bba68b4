//! Rules about what could not be read. The readers report the problems; here is what each is worth and what to do.
//!
//! A problem that leaves the reading incomplete has the level of its rule; a remark is a note.

use crate::model::{Change, ChangeKind, Effect, Layer, Problem};

use super::finding::Severity::{Error, Note, Warning};
use super::rule::{Category, Levels, Rule};

const fn input(layer: Layer) -> Rule {
    Rule::of(layer, Category::Input)
}

pub static ALIAS_LIMIT: Rule = Rule {
    id: "alias-limit",
    title: "Too many aliases",
    levels: Levels::Always(Error),
    help: "Write the repeated part out, or use `$ref`, which is not copied.",
    page: page!("alias-limit"),
    ..input(Layer::Api)
};

pub static CONTRACT_BECAME_INVALID: Rule = Rule {
    id: "contract-became-invalid",
    title: "Contract became invalid",
    levels: Levels::Always(Warning),
    help: "Give the object the form the OpenAPI 3.0 specification prescribes; base had it.",
    page: page!("contract-became-invalid"),
    ..Rule::of(Layer::Api, Category::Breaking)
};

pub static CONTRACT_INVALID: Rule = Rule {
    id: "contract-invalid",
    title: "Contract has the wrong form",
    levels: Levels::Always(Warning),
    help: "Correct this place; `driftline model` shows what was understood.",
    page: page!("contract-invalid"),
    ..input(Layer::Api)
};

pub static CONTRACT_UNREADABLE: Rule = Rule {
    id: "contract-unreadable",
    title: "Contract could not be read",
    levels: Levels::Always(Error),
    help: "Check that it is an OpenAPI 2.0, 3.0, 3.1 or 3.2 document, or leave the file out with `contracts:` in driftline.yaml.",
    page: page!("contract-unreadable"),
    ..input(Layer::Api)
};

pub static DOCUMENT_INVALID: Rule = Rule {
    id: "document-invalid",
    title: "YAML or JSON could not be read",
    levels: Levels::Always(Error),
    help: "Correct the syntax at this line; until then what follows is not compared.",
    page: page!("document-invalid"),
    ..input(Layer::Api)
};

pub static ENCODING_UNSUPPORTED: Rule = Rule {
    id: "encoding-unsupported",
    title: "File is not UTF-8",
    levels: Levels::Always(Error),
    help: "Convert the file to UTF-8.",
    page: page!("encoding-unsupported"),
    ..input(Layer::Link)
};

pub static FILE_UNREADABLE: Rule = Rule {
    id: "file-unreadable",
    title: "File could not be read",
    levels: Levels::Always(Error),
    help: "Make sure that the file is there and can be read in this revision.",
    page: page!("file-unreadable"),
    ..input(Layer::Link)
};

pub static KEY_DUPLICATE: Rule = Rule {
    id: "key-duplicate",
    title: "Key given twice",
    levels: Levels::Always(Note),
    help: "Remove one of the two: the last one counts, other tools may take the first.",
    page: page!("key-duplicate"),
    ..input(Layer::Api)
};

pub static NESTING_LIMIT: Rule = Rule {
    id: "nesting-limit",
    title: "Nested too deeply",
    levels: Levels::Always(Error),
    help: "Move inner parts into components of their own.",
    page: page!("nesting-limit"),
    ..input(Layer::Api)
};

pub static REFERENCE_CIRCULAR: Rule = Rule {
    id: "reference-circular",
    title: "Reference leads back to itself",
    levels: Levels::Always(Error),
    help: "Let one of the references say what the value is.",
    page: page!("reference-circular"),
    ..input(Layer::Api)
};

pub static REFERENCE_OUTSIDE: Rule = Rule {
    id: "reference-outside",
    title: "Reference leaves the repository",
    levels: Levels::Always(Error),
    help: "Put the file into the repository; only files of the same revision are read.",
    page: page!("reference-outside"),
    ..input(Layer::Api)
};

pub static REFERENCE_REMOTE: Rule = Rule {
    id: "reference-remote",
    title: "Reference to another server",
    levels: Levels::Always(Note),
    help: "Put a copy of the document into the repository; nothing is fetched.",
    page: page!("reference-remote"),
    ..input(Layer::Api)
};

pub static REFERENCE_UNRESOLVED: Rule = Rule {
    id: "reference-unresolved",
    title: "Reference leads nowhere",
    levels: Levels::Always(Error),
    help: "Correct the reference or add what it names.",
    page: page!("reference-unresolved"),
    ..input(Layer::Api)
};

pub static SECURITY_SCHEME_UNDECLARED: Rule = Rule {
    id: "security-scheme-undeclared",
    title: "Security scheme is declared nowhere",
    levels: Levels::Always(Warning),
    help: "Declare the scheme in `components.securitySchemes`, or ask for one that is declared.",
    page: page!("security-scheme-undeclared"),
    ..Rule::of(Layer::Api, Category::Breaking)
};

pub static STATEMENT_TEMPLATED: Rule = Rule {
    id: "statement-templated",
    title: "Statement contains a template",
    levels: Levels::Always(Warning),
    help: "Give the placeholder a value that stands alone, or name the rendered file under `sql:` in driftline.yaml.",
    page: page!("statement-templated"),
    ..input(Layer::Sql)
};

pub static STATEMENT_UNREADABLE: Rule = Rule {
    id: "statement-unreadable",
    title: "Statement could not be read",
    levels: Levels::Always(Warning),
    help: "Check the dialect (`--dialect`, or `dialect:` in driftline.yaml); what the statement changes is not known.",
    page: page!("statement-unreadable"),
    ..input(Layer::Sql)
};

pub static STATEMENT_UNTERMINATED: Rule = Rule {
    id: "statement-unterminated",
    title: "Statement does not end",
    levels: Levels::Always(Error),
    help: "Close the quote, comment or bracket; until then everything after it belongs to it.",
    page: page!("statement-unterminated"),
    ..input(Layer::Sql)
};

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &ALIAS_LIMIT,
    &CONTRACT_BECAME_INVALID,
    &CONTRACT_INVALID,
    &CONTRACT_UNREADABLE,
    &DOCUMENT_INVALID,
    &ENCODING_UNSUPPORTED,
    &FILE_UNREADABLE,
    &KEY_DUPLICATE,
    &NESTING_LIMIT,
    &REFERENCE_CIRCULAR,
    &REFERENCE_OUTSIDE,
    &REFERENCE_REMOTE,
    &REFERENCE_UNRESOLVED,
    &SECURITY_SCHEME_UNDECLARED,
    &STATEMENT_TEMPLATED,
    &STATEMENT_UNREADABLE,
    &STATEMENT_UNTERMINATED,
];

/// True for a scheme that is declared nowhere and that an operation did not ask for before: the change is the worse news.
pub fn is_told(problem: &Problem, changes: &[Change]) -> bool {
    let asked = |change: &Change| {
        let refuses = matches!(change.effect, Effect::Narrows | Effect::Both);
        change.kind == ChangeKind::SecurityChanged && refuses && change.head.is_some_and(|o| problem.origin.within(o))
    };
    problem.rule == SECURITY_SCHEME_UNDECLARED.id && changes.iter().any(asked)
}
