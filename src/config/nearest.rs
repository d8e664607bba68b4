//! The name somebody probably meant.

/// The candidate nearest to `word`, if one is near enough to be worth proposing: at most a third of the letters differ
/// (a swap of two neighbours counts once), or one is the beginning of the other. Ties go to the first in byte order.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = fold(word);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let name = fold(candidate);
            let longest = wanted.len().max(name.len());
            let allowed = if longest <= 2 { 1 } else { (longest / 3).max(1) };
            let prefix =
                wanted.len() >= 3 && (name.starts_with(&wanted) || wanted.starts_with(&name) && name.len() >= 3);
            let tail = wanted.len() >= 3 && candidate.rsplit('/').next().is_some_and(|last| fold(last) == wanted);
            if tail {
                return Some((0, candidate));
            }
            if wanted.len().abs_diff(name.len()) > allowed && !prefix {
                return None;
            }
            let distance = distance(&wanted, &name);
            (distance <= allowed || prefix).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Names longer than this are compared by their beginning.
const LONGEST: usize = 200;

fn fold(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).map(|c| if c == '_' { '-' } else { c }).take(LONGEST).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |line: &[usize], k: usize| line.get(k).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&last, j + 1) + 1).min(at(&row, j) + 1).min(at(&last, j) + usize::from(x != y));
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_what_was_meant() {
        let cases = [
            ("mian", vec!["main", "master"], Some("main")),
            ("feature", vec!["main", "origin/feature"], Some("origin/feature")),
            ("colum-dropped", vec!["column-dropped", "column-added"], Some("column-dropped")),
            ("fail_on", vec!["fail-on", "rules"], Some("fail-on")),
            ("zebra", vec!["main", "master"], None),
            ("", vec!["main"], None),
            ("v1.0", vec!["v1.0.0", "v2.0.0"], Some("v1.0.0")),
        ];
        for (word, names, expected) in cases {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }

    #[test]
    fn a_swap_counts_once() {
        let letters = |s: &str| s.chars().collect::<Vec<_>>();
        assert_eq!(distance(&letters("abcd"), &letters("acbd")), 1);
        assert_eq!(distance(&letters("kitten"), &letters("sitting")), 3);
        assert_eq!(distance(&letters(""), &letters("abc")), 3);
    }
}
