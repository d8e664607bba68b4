//! Which changes of a property and of a column are about the same thing.

use crate::model::{Change, ChangeKind, Effect};

/// What can differ about an attribute that both layers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Whether a value must be there.
    Presence,
    /// The values of an enumeration.
    List,
    /// Type, length, range, pattern.
    Values,
}

impl Aspect {
    pub const ALL: [Aspect; 3] = [Aspect::Presence, Aspect::List, Aspect::Values];

    fn of(kind: ChangeKind) -> Option<Self> {
        use ChangeKind as K;
        Some(match kind {
            K::NullabilityChanged | K::AttributeRequired | K::AttributeOptional => Self::Presence,
            K::EnumValueAdded | K::EnumValueRemoved | K::EnumChanged => Self::List,
            K::TypeChanged | K::FormatChanged | K::LengthChanged | K::RangeChanged | K::PatternChanged => Self::Values,
            _ => return None,
        })
    }

    /// The changes that are about it, with what they do together; nothing when they do nothing to the values.
    pub fn within<'a>(self, changes: &[&'a Change]) -> Option<(Effect, Vec<&'a Change>)> {
        let own: Vec<&Change> = changes.iter().copied().filter(|c| Self::of(c.kind) == Some(self)).collect();
        let effect = own.iter().fold(Effect::Same, |effect, change| effect.and(change.effect));
        (effect != Effect::Same).then_some((effect, own))
    }
}
