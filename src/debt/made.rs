//! What makes the state that a debt rule speaks of, so that the past can tell since when it is so.

use crate::model::ChangeKind::{self as Kind, *};

/// What made it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// The subject came so, or changes of these kinds made it so.
    By(&'static [Kind]),
    /// Keys of the columns that the finding names, of these sorts, that came or went; or changes of these kinds at the column.
    Keys { came: &'static [&'static str], went: &'static [&'static str], column: &'static [Kind] },
    /// What others than the subject do: its own past does not tell. Or the rule tells by itself.
    Elsewhere,
}

use Made::{By, Elsewhere, Keys};

const INDEX: &[&str] = &["index", "unique index", "unique key", "primary key"];
const FOREIGN: &[&str] = &["foreign key"];
const VALUES: &[Kind] = &[EnumChanged, EnumValueAdded, EnumValueRemoved];

/// Every rule of the category, sorted by id.
pub static MADE: &[(&str, Made)] = &[
    ("array-without-bound", By(&[TypeChanged, ItemCountChanged])),
    ("char-column", By(&[TypeChanged])),
    ("charset-mixed", By(&[TypeChanged, KeywordChanged])),
    ("charset-outdated", By(&[TypeChanged, KeywordChanged])),
    ("column-enum-duplicated", By(VALUES)),
    ("column-left-over", By(&[AttributeRenamed, EntityRenamed])),
    ("column-type-differs", By(&[TypeChanged])),
    ("component-unused", Elsewhere),
    ("copies-diverged", Elsewhere),
    ("deprecated-and-kept", Elsewhere),
    ("deprecated-growing", Elsewhere),
    ("deprecated-still-required", By(&[AttributeDeprecated, AttributeRequired])),
    ("engine-without-transactions", By(&[])),
    ("entity-hotspot", Elsewhere),
    ("entity-near-duplicate", Elsewhere),
    ("entity-too-large", Elsewhere),
    ("enum-duplicated", By(VALUES)),
    ("enum-type-unused", Elsewhere),
    ("expand-without-contract", Elsewhere),
    ("foreign-key-missing", Keys { came: &[], went: FOREIGN, column: &[] }),
    ("foreign-key-target-missing", Elsewhere),
    ("foreign-key-type-differs", Keys { came: FOREIGN, went: &[], column: &[TypeChanged] }),
    ("foreign-key-without-index", Keys { came: FOREIGN, went: INDEX, column: &[] }),
    ("index-redundant", Keys { came: INDEX, went: &[], column: &[] }),
    ("integer-key-may-overflow", By(&[TypeChanged, GenerationChanged, PrimaryKeyChanged])),
    ("json-as-text", By(&[TypeChanged])),
    ("list-without-pagination", By(&[])),
    ("migration-without-down", Elsewhere),
    ("money-as-float", By(&[TypeChanged])),
    ("money-type", By(&[TypeChanged])),
    ("naming-mixed-columns", By(&[AttributeRenamed])),
    ("naming-mixed-properties", By(&[AttributeRenamed])),
    ("object-free-form", By(&[TypeChanged, AdditionalPropertiesChanged, CompositionChanged, ReferenceChanged])),
    ("operation-without-error-response", By(&[ResponseRemoved])),
    ("operation-without-operation-id", By(&[OperationIdChanged])),
    ("property-format-differs", By(&[TypeChanged, FormatChanged])),
    ("property-left-over", By(&[AttributeRenamed])),
    ("property-named-differently", By(&[AttributeRenamed])),
    ("property-type-differs", By(&[TypeChanged])),
    ("property-untyped", By(&[TypeChanged, CompositionChanged, ReferenceChanged])),
    ("schema-unused", Elsewhere),
    ("string-without-bound", By(&[TypeChanged, LengthChanged])),
    ("sunset-passed", By(&[OperationDeprecated, AttributeDeprecated, SunsetShortened])),
    ("table-all-nullable", Elsewhere),
    ("table-too-wide", Elsewhere),
    ("table-unreachable", Elsewhere),
    ("table-without-primary-key", By(&[PrimaryKeyChanged])),
    ("timestamp-without-zone", By(&[TypeChanged])),
    ("unique-key-with-null", Keys { came: &["unique"], went: &[], column: &[NullabilityChanged, AttributeOptional] }),
    ("zero-date", By(&[DefaultChanged])),
];

/// `Elsewhere` for a rule that is not in the table.
pub fn made(rule: &str) -> Made {
    let at = MADE.binary_search_by(|(id, _)| (*id).cmp(rule));
    at.ok().and_then(|at| MADE.get(at)).map_or(Elsewhere, |(_, made)| *made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{self, Category};

    #[test]
    fn every_rule_of_debt_has_a_row() {
        assert!(MADE.is_sorted_by_key(|(id, _)| *id));
        let missing: Vec<&str> = rules::all()
            .filter(|rule| rule.category == Category::Debt && MADE.iter().all(|(id, _)| *id != rule.id))
            .map(|rule| rule.id)
            .collect();
        assert_eq!(missing, Vec::<&str>::new(), "say what makes the state that they speak of");
    }
}
