//! The type that several types have in common, as PostgreSQL finds it.
//! <https://www.postgresql.org/docs/current/typeconv-union-case.html>

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::catalog::{ColumnType, UserType};
use super::super::types::casts;
use super::MAX_DEPTH;
use super::resolve::Resolver;

/// The type of a text or null that nobody has said the type of.
pub const UNKNOWN: &str = "unknown";

/// Types that become each other by themselves, from the smaller to the larger.
const LADDERS: &[&[&str]] = &[
    &["smallint", "integer", "bigint", "numeric", "real", "double precision"],
    &["date", "timestamp without time zone", "timestamp with time zone"],
    &["time without time zone", "time with time zone"],
    &["cidr", "inet"],
];
/// Texts become each other both ways: the first one stays.
const TEXTS: &[&str] = &["text", "character varying", "character", "bpchar", "name"];

/// A text that nobody has said the type of is a text in the end.
pub fn settle(ty: &mut ColumnType) {
    if &*ty.text == UNKNOWN {
        ty.text = Text::from("text");
    }
}

/// The name of a type without length or precision.
pub fn without_arguments(text: &str) -> String {
    let plain: String = text.split('(').map(|part| part.rsplit(')').next().unwrap_or_default()).collect();
    if plain.starts_with("interval ") { "interval".to_string() } else { plain }
}

/// The larger of two types of one ladder.
pub fn larger(a: &str, b: &str) -> Option<&'static str> {
    let place = |ladder: &&[&'static str], name: &str| ladder.iter().position(|n| *n == name);
    LADDERS.iter().find_map(|ladder| ladder.get(place(ladder, a)?.max(place(ladder, b)?)).copied())
}

impl Resolver<'_> {
    /// The built-in, enum or other type behind domains.
    pub fn base(&self, ty: &ColumnType) -> ColumnType {
        let mut base = ty.clone();
        for _ in 0..MAX_DEPTH {
            let Some(UserType::Domain { base: inner, .. }) =
                base.named.as_ref().and_then(|n| self.catalog.types.get(n))
            else {
                break;
            };
            base = ColumnType { dimensions: base.dimensions.max(inner.dimensions), ..inner.clone() };
        }
        base
    }

    /// The type without length and precision.
    pub fn bare(&self, ty: &ColumnType) -> ColumnType {
        let base = self.base(ty);
        let text = without_arguments(&base.text);
        if text == *base.text && text != "character" {
            return base;
        }
        // A `character` without a length is no `character(1)`.
        let text = if text == "character" { "bpchar".to_string() } else { text };
        let domain = self.type_of(&text).domain;
        ColumnType { text: Text::from(text), domain, ..base }
    }

    fn is_known(&self, ty: &ColumnType) -> bool {
        match ty.named.as_ref().map(|n| self.catalog.types.get(n)) {
            Some(user) => matches!(user, Some(UserType::Enum { .. })),
            None => casts::is_known(&ty.text),
        }
    }

    /// The common type of these; blank when it is not known.
    pub fn common(&self, types: impl IntoIterator<Item = ColumnType>) -> ColumnType {
        self.unify(types).unwrap_or_else(|| self.blank())
    }

    /// The common type of these; `None` when they have none.
    pub fn unify(&self, types: impl IntoIterator<Item = ColumnType>) -> Option<ColumnType> {
        let types: Vec<ColumnType> = types.into_iter().collect();
        // Other engines have their own ideas: the first type that is known.
        if self.catalog.dialect != Dialect::Postgres {
            let known = types.into_iter().find(|ty| !ty.text.is_empty() && &*ty.text != UNKNOWN);
            return Some(known.unwrap_or_else(|| self.blank()));
        }
        if types.iter().any(|ty| ty.text.is_empty()) {
            return Some(self.blank());
        }
        let first = types.first()?.clone();
        if types.iter().all(|ty| same(ty, &first)) {
            return Some(first);
        }
        // Domains stay only where all are the same one.
        let one_kind = |ty: &ColumnType| same(&self.bare(ty), &self.bare(&first)) && ty.named == first.named;
        if first.named.is_some() && types.iter().all(one_kind) {
            return Some(first);
        }
        let mut known = types.iter().map(|ty| self.bare(ty)).filter(|ty| &*ty.text != UNKNOWN);
        let mut common = match known.next() {
            Some(ty) => ty,
            None => return Some(first),
        };
        for next in known {
            if same(&next, &common) || TEXTS.contains(&&*common.text) && TEXTS.contains(&&*next.text) {
                continue;
            }
            let plain = common.named.is_none() && next.named.is_none() && common.dimensions + next.dimensions == 0;
            common = match larger(&common.text, &next.text).filter(|_| plain) {
                Some(name) => self.type_of(name),
                None if self.is_known(&common) && self.is_known(&next) => return None,
                None => return Some(self.blank()),
            };
        }
        Some(common)
    }
}

fn same(a: &ColumnType, b: &ColumnType) -> bool {
    a.text == b.text && a.named == b.named && (a.dimensions > 0) == (b.dimensions > 0)
}
