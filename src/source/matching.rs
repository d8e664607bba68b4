//! Which contract of one revision is which of another.

use crate::model::origin::Text;

/// How two contracts were found to be the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By their path.
    Named,
    /// The file was renamed.
    Renamed,
    /// Each is the only one without a namesake.
    Left,
}

/// Indices of contracts: which belong together, and which have no partner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// Sorted by base.
    pub both: Vec<(usize, usize, How)>,
    pub gone: Vec<usize>,
    pub new: Vec<usize>,
}

/// Pairs by path, then by rename (path in base and path in head), then by being the only candidates left.
pub fn matching(base: &[&Text], head: &[&Text], renamed: &[(String, String)]) -> Matching {
    let mut found = Matching::default();
    let mut taken = vec![false; head.len()];
    let mut take = |at: usize, path: &str, how: How, both: &mut Vec<(usize, usize, How)>| {
        let other = head.iter().zip(&taken).position(|(other, taken)| !taken && ***other == *path);
        if let Some(other) = other {
            taken[other] = true;
            both.push((at, other, how));
        }
        other.is_some()
    };
    for (at, path) in base.iter().enumerate() {
        if !take(at, path, How::Named, &mut found.both) {
            found.gone.push(at);
        }
    }
    found.gone.retain(|at| {
        let target = renamed.iter().find(|(from, _)| **from == **base[*at]).map(|(_, to)| to.as_str());
        !target.is_some_and(|to| take(*at, to, How::Renamed, &mut found.both))
    });
    found.new = (0..head.len()).filter(|n| !taken[*n]).collect();
    if let ([at], [other]) = (found.gone.as_slice(), found.new.as_slice()) {
        found.both.push((*at, *other, How::Left));
        (found.gone, found.new) = (Vec::new(), Vec::new());
    }
    found.both.sort_unstable_by_key(|(at, other, _)| (*at, *other));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(base: &[&str], head: &[&str], renamed: &[(&str, &str)]) -> Matching {
        let texts = |paths: &[&str]| paths.iter().map(|path| Text::from(*path)).collect::<Vec<_>>();
        let renamed: Vec<_> = renamed.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        let (base, head) = (texts(base), texts(head));
        matching(&base.iter().collect::<Vec<_>>(), &head.iter().collect::<Vec<_>>(), &renamed)
    }

    #[test]
    fn path_then_rename_then_the_only_one_left() {
        let found = of(&["a", "b", "c"], &["a", "x", "z"], &[("b", "x")]);
        assert_eq!(found.both, [(0, 0, How::Named), (1, 1, How::Renamed), (2, 2, How::Left)]);
        let found = of(&["a", "b"], &["c", "d"], &[]);
        assert_eq!((found.both.len(), found.gone, found.new), (0, vec![0, 1], vec![0, 1]));
        let found = of(&["a"], &["a", "b"], &[]);
        assert_eq!((found.both.len(), found.gone, found.new), (1, vec![], vec![1]));
    }
}
