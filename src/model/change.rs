//! The closed vocabulary of changes between two models, and what a change does to a domain.

use serde_json::Value;

use super::date::Date;
use super::entity::EntityKind;
use super::flow::{Flows, Layer, Usage};
use super::origin::Origin;

/// What a change does to the set of values (or, for whole operations and entities, to what can be asked for).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Same,
    /// Some value of the base is no longer allowed.
    Narrows,
    /// Some value is allowed that the base did not allow.
    Widens,
    Both,
    Undecided,
}

impl Effect {
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Narrows => "narrows",
            Self::Widens => "widens",
            Self::Both => "both",
            Self::Undecided => "undecided",
        }
    }

    /// The effect of the change read backwards.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Narrows => Self::Widens,
            Self::Widens => Self::Narrows,
            other => other,
        }
    }

    /// Two effects on the same set, together.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, x) | (x, Self::Same) => x,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (x, y) if x == y => x,
            _ => Self::Both,
        }
    }

    /// What is lost (`true` when some old value is refused) and gained.
    pub fn of(loses: bool, gains: bool) -> Self {
        match (loses, gains) {
            (false, false) => Self::Same,
            (true, false) => Self::Narrows,
            (false, true) => Self::Widens,
            (true, true) => Self::Both,
        }
    }
}

/// What happened. Names the event, never the verdict; rules are found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    // API: contract and operations
    ContractAdded,
    ContractRemoved,
    OperationAdded,
    OperationRemoved,
    OperationDeprecated,
    /// The announced end came nearer, or is no longer announced.
    SunsetShortened,
    StabilityLowered,
    OperationIdChanged,
    OperationTagsChanged,
    ParameterAdded,
    ParameterRemoved,
    ParameterRequired,
    ParameterOptional,
    ParameterSerialization,
    BodyAdded,
    BodyRemoved,
    BodyRequired,
    BodyOptional,
    MediaTypeAdded,
    MediaTypeRemoved,
    EncodingChanged,
    ResponseAdded,
    ResponseRemoved,
    HeaderAdded,
    HeaderRemoved,
    HeaderRequired,
    HeaderOptional,
    LinkChanged,
    LinkRemoved,
    SecurityChanged,
    SecuritySchemeChanged,
    ServerRemoved,
    ServerAdded,
    ServerVariableChanged,
    // Entities and attributes, both layers
    EntityAdded,
    EntityRemoved,
    EntityRenamed,
    AttributeAdded,
    AttributeRemoved,
    /// Probable, never assumed.
    AttributeRenamed,
    AttributeRequired,
    AttributeOptional,
    AttributeDeprecated,
    ReadOnlyChanged,
    WriteOnlyChanged,
    // Domains, both layers
    TypeChanged,
    FormatChanged,
    NullabilityChanged,
    EnumValueAdded,
    EnumValueRemoved,
    /// A list of values appeared or went away altogether.
    EnumChanged,
    LengthChanged,
    RangeChanged,
    MultipleChanged,
    PatternChanged,
    ItemCountChanged,
    UniqueItemsChanged,
    PropertyCountChanged,
    AdditionalPropertiesChanged,
    /// A reference leads to another schema, which was there before or whose predecessor still is.
    ReferenceChanged,
    BranchAdded,
    BranchRemoved,
    CompositionChanged,
    DiscriminatorChanged,
    XmlChanged,
    DefaultChanged,
    /// A keyword that is only compared as text.
    KeywordChanged,
    // SQL
    PrimaryKeyChanged,
    KeyAdded,
    KeyRemoved,
    KeyChanged,
    GenerationChanged,
    /// What the engine writes into a column by itself.
    FormulaChanged,
    ColumnOrderChanged,
}

impl ChangeKind {
    /// The variant in kebab-case: `enum-value-added`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }
}

/// A typed pair base → head.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub layer: Layer,
    pub kind: ChangeKind,
    /// `User.email`, `users.email`, `GET /users/{id}`
    pub subject: String,
    /// What the change is about inside the subject when that is not an attribute: a value, a key, a parameter, a status.
    pub detail: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub effect: Effect,
    /// The flows the subject has. API: from `usages`; columns: all three; empty when nothing uses it.
    pub flows: Flows,
    pub base: Option<Origin>,
    pub head: Option<Origin>,
    pub usages: Vec<Usage>,
    /// A value of `base \ head`.
    pub lost: Option<Witness>,
    /// A value of `head \ base`.
    pub gained: Option<Witness>,
    /// Facts that rules ask for; see [`Facts`].
    pub facts: Facts,
    /// What one edit does in several places, where it is told as one: what a reference to another schema brings.
    pub parts: Vec<Change>,
}

impl Change {
    /// Fills in why what went could go, as of that day: here and in all parts.
    pub fn retire(&mut self, today: Date) {
        self.facts.retired = self.retired(today);
        self.parts.iter_mut().for_each(|part| part.retire(today));
    }

    /// It had announced its end, and the day has come, or had not promised to stay.
    fn retired(&self, today: Date) -> Option<String> {
        let facts = &self.facts;
        if let Some(level) = facts.stability.as_deref().filter(|level| matches!(*level, "draft" | "alpha")) {
            return Some(format!("it was marked as `{level}`"));
        }
        // An operation's end is announced by the day alone.
        let announced = facts.deprecated || self.kind == ChangeKind::OperationRemoved;
        let end = facts.sunset.as_deref().and_then(Date::announced).filter(|end| announced && *end <= today)?;
        Some(format!("its end was announced for {end}"))
    }
}

/// Facts about a change that decide between rules, filled in where they apply.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The attribute is (was) required, the column `NOT NULL` without default, the header or parameter required.
    pub required: bool,
    /// A default exists in head.
    pub has_default: bool,
    /// The subject was deprecated in base.
    pub deprecated: bool,
    /// `x-sunset` and `x-stability-level` of the subject in base.
    pub sunset: Option<String>,
    pub stability: Option<String>,
    /// Why the subject could go: its announced end has passed, or it never promised to stay. Half a sentence.
    pub retired: Option<String>,
    /// What comes by a call of the provider: webhooks and callbacks, whose receivers did not ask.
    pub pushed: bool,
    /// The list of values is declared open.
    pub open_values: bool,
    /// The table of the column was created by the same change: nothing is stored in it and no running code knows it.
    pub entity_is_new: bool,
    /// Part of what decides could not be read.
    pub tainted: bool,
    /// Why the effect is [`Effect::Undecided`]: half a sentence that follows a colon.
    pub undecided: Option<String>,
    /// The column is dropped and made again, empty: what else differs is told there.
    pub recreated: bool,
    /// The part of a column's definition that a statement did not repeat.
    pub left_out: Option<&'static str>,
    /// For keys: which kind.
    pub key: Option<super::sql::KeyKind>,
    /// The other name of a rename.
    pub other_name: Option<String>,
    pub dialect: Option<super::sql::Dialect>,
    /// What the subject is, or what its attribute belongs to.
    pub entity: Option<EntityKind>,
    /// Who else depends on the subject, in words (``view `active_users` ``).
    pub dependants: Vec<String>,
}

/// What kind of counterexample a witness is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WitnessKind {
    Json,
    Row,
    Sql,
}

impl WitnessKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Row => "row",
            Self::Sql => "sql",
        }
    }
}

/// A counterexample: a value that one side accepts and the other refuses.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    pub kind: WitnessKind,
    pub value: Value,
    /// `base`, `head`, `contract`, `database`
    pub accepted_by: &'static str,
    pub refused_by: &'static str,
}
