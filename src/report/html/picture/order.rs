//! The order of cells inside their ranks: few lines that cross.

use std::collections::BTreeMap;

/// Rounds of sorting; the best order found is kept.
const ROUNDS: usize = 12;
/// With more pieces of lines crossings are no longer counted, and the last order is kept.
const COUNTED: usize = 1200;

/// Sorts every rank by where the lines of its cells come from, forth and back.
pub fn order(columns: &mut Vec<Vec<usize>>, pieces: &[(usize, usize)], cells: usize) {
    let (mut before, mut after) = (vec![Vec::new(); cells], vec![Vec::new(); cells]);
    for (from, to) in pieces {
        if let Some(list) = before.get_mut(*to) {
            list.push(*from);
        }
        if let Some(list) = after.get_mut(*from) {
            list.push(*to);
        }
    }
    let counted = pieces.len() <= COUNTED;
    let mut best = (crossings(columns, pieces, counted), columns.clone());
    for round in 0..ROUNDS {
        let forth = round % 2 == 0;
        let neighbours = if forth { &before } else { &after };
        let ranks: Vec<usize> = if forth { (0..columns.len()).collect() } else { (0..columns.len()).rev().collect() };
        for rank in ranks {
            let places = places(columns);
            let Some(column) = columns.get_mut(rank) else { continue };
            let mean = |at: usize| {
                let near = neighbours.get(at).map(Vec::as_slice).unwrap_or_default();
                let sum: usize = near.iter().filter_map(|n| places.get(n)).sum();
                // What has no line that way stays where it is.
                if near.is_empty() {
                    places.get(&at).copied().unwrap_or(0) as f64
                } else {
                    sum as f64 / near.len() as f64
                }
            };
            let mut sorted: Vec<(f64, usize)> = column.iter().map(|at| (mean(*at), *at)).collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            *column = sorted.into_iter().map(|(_, at)| at).collect();
        }
        let found = crossings(columns, pieces, counted);
        if found < best.0 || !counted {
            best = (found, columns.clone());
        }
    }
    *columns = best.1;
}

fn places(columns: &[Vec<usize>]) -> BTreeMap<usize, usize> {
    columns.iter().flat_map(|column| column.iter().enumerate().map(|(place, at)| (*at, place))).collect()
}

/// Pairs of lines between the same ranks that cross.
fn crossings(columns: &[Vec<usize>], pieces: &[(usize, usize)], counted: bool) -> usize {
    if !counted {
        return 0;
    }
    let places = places(columns);
    let mut ranks: BTreeMap<usize, usize> = BTreeMap::new();
    for (rank, column) in columns.iter().enumerate() {
        ranks.extend(column.iter().map(|at| (*at, rank)));
    }
    let mut by_rank: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (from, to) in pieces {
        if let (Some(rank), Some(a), Some(b)) = (ranks.get(from), places.get(from), places.get(to)) {
            by_rank.entry(*rank).or_default().push((*a, *b));
        }
    }
    let crossed = |lines: &Vec<(usize, usize)>| {
        let pairs = lines.iter().enumerate().flat_map(|(at, a)| lines.iter().skip(at + 1).map(move |b| (a, b)));
        pairs.filter(|(a, b)| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1)).count()
    };
    by_rank.values().map(crossed).sum()
}
