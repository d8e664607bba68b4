//! Subtrees as JSON values, within a budget.

use serde_json::{Map, Number, Value};

use crate::model::Decimal;

use super::scalar::radix;
use super::tree::{Document, NodeId, Scalar};

/// Values nested deeper are not taken over: `serde_json` drops and prints them recursively.
const VALUE_DEPTH: usize = 100;

/// How many nodes walkers that follow aliases may still visit.
#[derive(Debug, Clone)]
pub struct Budget(usize);

impl Budget {
    pub fn new(nodes: usize) -> Self {
        Self(nodes)
    }

    /// Nodes that are left.
    pub fn left(&self) -> usize {
        self.0
    }

    /// Takes one node; `None` when nothing is left.
    fn take(&mut self) -> Option<()> {
        self.0 = self.0.checked_sub(1)?;
        Some(())
    }
}

/// The subtree is too deep or too large to become a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl Document {
    /// The subtree as a JSON value; numbers normalised (`1.0` is `1`), keys in document order.
    pub fn to_value(&self, id: NodeId, budget: &mut Budget) -> Result<Value, TooLarge> {
        self.convert(id, budget, VALUE_DEPTH).ok_or(TooLarge)
    }

    fn convert(&self, id: NodeId, budget: &mut Budget, depth: usize) -> Option<Value> {
        budget.take()?;
        let depth = depth.checked_sub(1)?;
        Some(match self.scalar(id) {
            Scalar::Null => Value::Null,
            Scalar::Bool(b) => Value::Bool(b),
            Scalar::Number(text) => number(text),
            Scalar::String(text) => Value::String(text.to_string()),
            Scalar::Sequence => {
                let items: Option<Vec<Value>> = self.items(id).map(|i| self.convert(i, budget, depth)).collect();
                Value::Array(items?)
            }
            Scalar::Mapping => {
                let mut map = Map::new();
                for entry in self.entries(id) {
                    map.insert(self.key(entry).to_string(), self.convert(entry.value, budget, depth)?);
                }
                Value::Object(map)
            }
        })
    }
}

fn number(text: &str) -> Value {
    if let Some(decimal) = Decimal::parse(radix(text).as_deref().unwrap_or(text)) {
        match decimal.to_json() {
            Value::Null => {}
            value => return value,
        }
    }
    text.parse().ok().and_then(Number::from_f64).map_or_else(|| Value::String(text.to_string()), Value::Number)
}

/// The value with all object keys sorted.
pub fn canonical(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(key, value)| (key, canonical(value))).collect())
        }
        scalar => scalar,
    }
}
