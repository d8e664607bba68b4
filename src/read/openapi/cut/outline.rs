//! What the scanners of both formats build: blocks with their names, and who refers to whom.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::{json, references, yaml};

/// What the members of a mapping are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Kept in any case: `info`, `servers`, `securitySchemes` …
    Fixed,
    /// Path items.
    Items,
    Schemas,
    /// Never read.
    Examples,
    /// Parameters, responses, headers …: what refers to one must find it.
    Parts,
}

/// A mapping whose members are blocks.
#[derive(Debug)]
pub(super) struct Holder {
    /// `paths`, `components/schemas`, empty for the root
    pub route: String,
    pub sort: Sort,
}

/// A key with its value.
#[derive(Debug)]
pub(super) struct Block {
    pub holder: u32,
    pub name: String,
    /// From the first byte of the key to the last of the value.
    pub whole: Range<usize>,
    /// What becomes `{}` when the block is emptied; `None` for what cannot be.
    pub value: Option<Range<usize>>,
}

/// A reference from one block to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub from: u32,
    pub to: u32,
    /// An emptied target would not do: it is no schema, or a place inside one.
    pub firm: bool,
}

/// Which of the two formats a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Yaml,
    Json,
}

/// What one text of a contract consists of.
#[derive(Debug)]
pub struct Outline {
    pub(super) form: Form,
    pub(super) holders: Vec<Holder>,
    /// In the order of the text.
    pub(super) blocks: Vec<Block>,
    pub(super) edges: Vec<Edge>,
    /// Blocks that name a discriminator.
    pub(super) discriminated: Vec<u32>,
    /// Operations may be named by links.
    pub(super) linked: bool,
    names: HashMap<u64, u32>,
}

/// Members of the root that are mappings of blocks.
const MAPPINGS: [(&str, Sort); 5] = [
    ("paths", Sort::Items),
    ("webhooks", Sort::Items),
    ("definitions", Sort::Schemas),
    ("parameters", Sort::Parts),
    ("responses", Sort::Parts),
];

/// What a scanner does with the value of a key.
pub(super) enum Next {
    /// The members of the value are looked at with this number of a holder.
    Into(u32),
    /// The key with its value is a block.
    Block,
}

impl Outline {
    pub(super) fn new(form: Form) -> Self {
        let root = Holder { route: String::new(), sort: Sort::Fixed };
        Self {
            form,
            holders: vec![root],
            blocks: Vec::new(),
            edges: Vec::new(),
            discriminated: Vec::new(),
            linked: false,
            names: HashMap::new(),
        }
    }

    /// What is to be done with a key of that holder. A key that says something of the mapping itself ends it.
    pub(super) fn next(&mut self, holder: u32, name: &str) -> Option<Next> {
        if matches!(name, "$ref" | "<<") {
            return None;
        }
        let route = &self.holders.get(holder as usize)?.route;
        let (route, sort) = match (route.as_str(), name) {
            ("", "components") => ("components".to_string(), Sort::Fixed),
            ("", _) => match MAPPINGS.iter().find(|(known, _)| *known == name) {
                Some((name, sort)) => (name.to_string(), *sort),
                None => return Some(Next::Block),
            },
            ("components", "securitySchemes") => return Some(Next::Block),
            ("components", kind) => {
                let sort = match kind {
                    "schemas" => Sort::Schemas,
                    "examples" => Sort::Examples,
                    _ => Sort::Parts,
                };
                (format!("components/{kind}"), sort)
            }
            _ => return Some(Next::Block),
        };
        if self.holders.iter().any(|known| known.route == route) {
            return None;
        }
        self.holders.push(Holder { route, sort });
        Some(Next::Into(u32::try_from(self.holders.len() - 1).ok()?))
    }

    /// Adds a block; `None` when its name is taken.
    pub(super) fn add(
        &mut self,
        holder: u32,
        name: String,
        whole: Range<usize>,
        value: Option<Range<usize>>,
    ) -> Option<()> {
        let number = u32::try_from(self.blocks.len()).ok()?;
        let key = key(&self.holders.get(holder as usize)?.route, &name);
        if self.names.insert(key, number).is_some() {
            return None;
        }
        let value = value.filter(|_| self.sort(holder) != Sort::Fixed);
        self.blocks.push(Block { holder, name, whole, value });
        Some(())
    }

    pub(super) fn sort(&self, holder: u32) -> Sort {
        self.holders.get(holder as usize).map_or(Sort::Fixed, |holder| holder.sort)
    }

    pub(super) fn sort_of(&self, block: &Block) -> Sort {
        self.sort(block.holder)
    }

    pub(super) fn route(&self, block: &Block) -> &str {
        self.holders.get(block.holder as usize).map_or("", |holder| &holder.route)
    }

    /// True when members of that mapping are blocks.
    pub(super) fn is_known(&self, route: &str) -> bool {
        self.holders.iter().any(|holder| !route.is_empty() && holder.route == route)
    }

    /// The block of that name.
    pub(super) fn find(&self, route: &str, name: &str) -> Option<u32> {
        let found = *self.names.get(&key(route, name))?;
        let block = self.blocks.get(found as usize)?;
        (block.name == name && self.route(block) == route).then_some(found)
    }
}

fn key(route: &str, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (route, name).hash(&mut hasher);
    hasher.finish()
}

/// The outline of a text.
pub(super) fn of(text: &[u8]) -> Option<Outline> {
    u32::try_from(text.len()).ok()?;
    let start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let first = text.get(start..)?.iter().position(|byte| !byte.is_ascii_whitespace())? + start;
    let mut outline = match text.get(first)? {
        b'{' => json::scan(text, first)?,
        _ => yaml::scan(text, start)?,
    };
    references::add(text, &mut outline)?;
    Some(outline)
}
