//! Where boxes and lines of a picture stand: in ranks from left to right, in the manner of Sugiyama.
//!
//! Comes in: boxes with their sizes, lines with the height at which they leave and enter. Goes out: places. Lines that pass a
//! rank get a place there like boxes do, so that they run between boxes and not through them. Must not know: what is drawn.

use std::collections::{BTreeMap, BTreeSet};

/// A box to be placed.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub width: f64,
    pub height: f64,
    /// The rank it must at least have.
    pub least: usize,
}

/// A line between two boxes, with the heights inside them at which it begins and ends.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub leaves: f64,
    pub enters: f64,
}

/// The points that a line passes, left to right, and whether its end is on the left.
pub type Route = (Vec<(f64, f64)>, bool);

/// Where everything stands.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
    /// Left upper corners, one for each box.
    pub boxes: Vec<(f64, f64)>,
    pub lines: Vec<Route>,
}

/// Between boxes of a rank, and what a line needs that passes it.
const GAP: f64 = 18.0;
const LANE: f64 = 10.0;
/// Between parts of the picture that have nothing to do with each other.
const APART: f64 = 30.0;
/// Width that parts are set side by side in.
const PAGE: f64 = 1040.0;

/// Places all boxes.
pub fn layout(sizes: &[Size], edges: &[Edge]) -> Layout {
    let mut found = Layout {
        boxes: vec![(0.0, 0.0); sizes.len()],
        lines: vec![Default::default(); edges.len()],
        ..Layout::default()
    };
    let mut parts: Vec<Placed> =
        parts(sizes.len(), edges).into_iter().map(|part| Placed::of(&part, sizes, edges)).collect();
    // Tied boxes first, the larger ones before.
    parts.sort_by(|a, b| (b.boxes.len() > 1).cmp(&(a.boxes.len() > 1)).then(b.height.total_cmp(&a.height)));
    let mut taken: Vec<Taken> = Vec::new();
    for part in parts {
        let (x, y) = free(&taken, part.width, part.height);
        taken.push(Taken { left: x, top: y, right: x + part.width + APART, bottom: y + part.height + APART });
        for (at, (own_x, own_y)) in part.boxes {
            if let Some(place) = found.boxes.get_mut(at) {
                *place = (x + own_x, y + own_y);
            }
        }
        for (at, (points, turned)) in part.lines {
            if let Some(line) = found.lines.get_mut(at) {
                *line = (points.into_iter().map(|(own_x, own_y)| (x + own_x, y + own_y)).collect(), turned);
            }
        }
        found.width = found.width.max(x + part.width);
        found.height = found.height.max(y + part.height);
    }
    found
}

/// Room that a part takes, with what keeps others away.
struct Taken {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// The highest place on the page that is free, and of those the leftmost one: next to or below what stands already.
fn free(taken: &[Taken], width: f64, height: f64) -> (f64, f64) {
    let mut lefts: Vec<f64> = taken.iter().map(|t| t.right).filter(|left| left + width <= PAGE).chain([0.0]).collect();
    let mut tops: Vec<f64> = taken.iter().map(|t| t.bottom).chain([0.0]).collect();
    lefts.sort_by(f64::total_cmp);
    tops.sort_by(f64::total_cmp);
    let fits = |x: f64, y: f64| {
        let (right, bottom) = (x + width + APART, y + height + APART);
        !taken.iter().any(|t| x < t.right && t.left < right && y < t.bottom && t.top < bottom)
    };
    let places = tops.iter().flat_map(|y| lefts.iter().map(move |x| (*x, *y)));
    places.into_iter().find(|(x, y)| fits(*x, *y)).unwrap_or_default()
}

/// The boxes that lines tie together, in the order of their first box.
fn parts(boxes: usize, edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..boxes).collect();
    fn root(of: &[usize], mut at: usize) -> usize {
        while let Some(next) = of.get(at).copied().filter(|next| *next != at) {
            at = next;
        }
        at
    }
    for edge in edges {
        let (a, b) = (root(&of, edge.from), root(&of, edge.to));
        if let Some(place) = of.get_mut(a.max(b)) {
            *place = a.min(b);
        }
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..boxes {
        parts.entry(root(&of, at)).or_default().push(at);
    }
    parts.into_values().collect()
}

/// A part with places of its own.
struct Placed {
    width: f64,
    height: f64,
    boxes: Vec<(usize, (f64, f64))>,
    lines: Vec<(usize, Route)>,
}

/// A box, or the place at which a line passes a rank.
#[derive(Clone, Copy)]
struct Cell {
    own: Option<usize>,
    rank: usize,
    width: f64,
    height: f64,
    y: f64,
}

/// A piece of a line between neighbouring ranks, with the heights inside its cells.
struct Piece {
    from: usize,
    to: usize,
    leaves: f64,
    enters: f64,
}

impl Placed {
    fn of(part: &[usize], sizes: &[Size], edges: &[Edge]) -> Self {
        let members: BTreeSet<usize> = part.iter().copied().collect();
        let own: Vec<(usize, &Edge)> = edges.iter().enumerate().filter(|(_, e)| members.contains(&e.from)).collect();
        let ranks = ranks(part, sizes, &own);
        let size = |at: usize| sizes.get(at).copied().unwrap_or(Size { width: 0.0, height: 0.0, least: 0 });
        let mut cells: Vec<Cell> = Vec::new();
        let mut at_cell: BTreeMap<usize, usize> = BTreeMap::new();
        for at in part {
            let Size { width, height, .. } = size(*at);
            at_cell.insert(*at, cells.len());
            cells.push(Cell { own: Some(*at), rank: ranks.get(at).copied().unwrap_or(0), width, height, y: 0.0 });
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut chains: Vec<(usize, Vec<usize>, bool)> = Vec::new();
        for (number, edge) in &own {
            let (Some(from), Some(to)) = (at_cell.get(&edge.from), at_cell.get(&edge.to)) else { continue };
            let rank = |cell: usize| cells.get(cell).map_or(0, |cell| cell.rank);
            // Against the order of the ranks a line is drawn from its end.
            let turned = rank(*from) > rank(*to);
            let (from, to, leaves, enters) =
                if turned { (*to, *from, edge.enters, edge.leaves) } else { (*from, *to, edge.leaves, edge.enters) };
            let mut chain = vec![from];
            for between in rank(from) + 1..rank(to) {
                chain.push(cells.len());
                cells.push(Cell { own: None, rank: between, width: 0.0, height: LANE, y: 0.0 });
            }
            chain.push(to);
            for (index, pair) in chain.windows(2).enumerate() {
                let [a, b] = *pair else { continue };
                let leaves = if index == 0 { leaves } else { LANE / 2.0 };
                let enters = if index + 2 == chain.len() { enters } else { LANE / 2.0 };
                pieces.push(Piece { from: a, to: b, leaves, enters });
            }
            chains.push((*number, chain, turned));
        }
        let mut columns: Vec<Vec<usize>> = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            columns.resize_with(columns.len().max(cell.rank + 1), Vec::new);
            if let Some(column) = columns.get_mut(cell.rank) {
                column.push(at);
            }
        }
        super::order::order(&mut columns, &pieces.iter().map(|p| (p.from, p.to)).collect::<Vec<_>>(), cells.len());
        heights(&mut cells, &columns, &pieces);
        let mut x = 0.0;
        let mut lefts: Vec<(f64, f64)> = Vec::new();
        for (rank, column) in columns.iter().enumerate() {
            let width = column.iter().filter_map(|at| cells.get(*at)).map(|cell| cell.width).fold(0.0, f64::max);
            lefts.push((x, width));
            let crossing = pieces.iter().filter(|p| cells.get(p.from).is_some_and(|cell| cell.rank == rank)).count();
            x += width + 40.0 + (crossing as f64 * 2.5).min(50.0);
        }
        let column = |cell: &Cell| lefts.get(cell.rank).copied().unwrap_or_default();
        let boxes = cells.iter().filter_map(|cell| Some((cell.own?, (column(cell).0, cell.y))));
        let line = |(number, chain, turned): &(usize, Vec<usize>, bool)| {
            let mut points = Vec::new();
            let edge = edges.get(*number)?;
            let (leaves, enters) = if *turned { (edge.enters, edge.leaves) } else { (edge.leaves, edge.enters) };
            for (index, at) in chain.iter().enumerate() {
                let cell = cells.get(*at)?;
                let (left, width) = column(cell);
                match (index, index + 1 == chain.len()) {
                    // Out of the rank before it bends: its neighbours may be wider.
                    (0, _) => points.extend([(left + cell.width, cell.y + leaves), (left + width, cell.y + leaves)]),
                    (_, true) => points.push((left, cell.y + enters)),
                    _ => points.extend([(left, cell.y + LANE / 2.0), (left + width, cell.y + LANE / 2.0)]),
                }
            }
            Some((*number, (points, *turned)))
        };
        let lines = chains.iter().filter_map(line).collect();
        let width = lefts.last().map_or(0.0, |(left, width)| left + width);
        let height = cells.iter().map(|cell| cell.y + cell.height).fold(0.0, f64::max);
        Self { width, height, boxes: boxes.collect(), lines }
    }
}

/// The rank of each box: behind everything that leads to it. What closes a circle does not count.
fn ranks(part: &[usize], sizes: &[Size], edges: &[(usize, &Edge)]) -> BTreeMap<usize, usize> {
    let mut out: BTreeMap<usize, Vec<usize>> = part.iter().map(|at| (*at, Vec::new())).collect();
    let mut entered: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, edge) in edges {
        out.entry(edge.from).or_default().push(edge.to);
        *entered.entry(edge.to).or_default() += 1;
    }
    // Depth first from what nothing leads to; the order in which boxes are left, backwards, goes with all lines but those
    // that close a circle.
    let mut starts: Vec<usize> = part.iter().copied().filter(|at| !entered.contains_key(at)).collect();
    starts.extend(part.iter().copied().filter(|at| entered.contains_key(at)));
    let (mut seen, mut left) = (BTreeSet::new(), Vec::new());
    for start in starts {
        let mut open = vec![(start, 0)];
        if !seen.insert(start) {
            continue;
        }
        while let Some((at, next)) = open.last_mut() {
            match out.get(at).and_then(|targets| targets.get(*next)) {
                Some(target) => {
                    *next += 1;
                    if seen.insert(*target) {
                        open.push((*target, 0));
                    }
                }
                None => {
                    left.push(*at);
                    open.pop();
                }
            }
        }
    }
    left.reverse();
    let place: BTreeMap<usize, usize> = left.iter().enumerate().map(|(place, at)| (*at, place)).collect();
    let least = |at: usize| sizes.get(at).map_or(0, |size| size.least);
    let mut ranks: BTreeMap<usize, usize> = part.iter().map(|at| (*at, least(*at))).collect();
    for at in &left {
        let own = ranks.get(at).copied().unwrap_or(0);
        for target in out.get(at).into_iter().flatten().filter(|target| place.get(target) > place.get(at)) {
            let rank = ranks.entry(*target).or_default();
            *rank = (*rank).max(own + 1);
        }
    }
    // What only leads somewhere stands right before that.
    for at in left.iter().rev().filter(|at| least(**at) == 0 && !entered.contains_key(at)) {
        let nearest = out.get(at).into_iter().flatten().filter_map(|target| ranks.get(target)).min().copied();
        if let Some(nearest) = nearest.filter(|nearest| *nearest > 0) {
            ranks.insert(*at, nearest - 1);
        }
    }
    // Ranks that nothing has take no room.
    let used: BTreeSet<usize> = ranks.values().copied().collect();
    let numbers: BTreeMap<usize, usize> = used.into_iter().enumerate().map(|(number, rank)| (rank, number)).collect();
    ranks.into_iter().map(|(at, rank)| (at, numbers.get(&rank).copied().unwrap_or(0))).collect()
}

/// Puts every cell as near as its rank lets it to where its lines come from.
fn heights(cells: &mut [Cell], columns: &[Vec<usize>], pieces: &[Piece]) {
    for column in columns {
        let mut y = 0.0;
        for at in column {
            if let Some(cell) = cells.get_mut(*at) {
                cell.y = y;
                y += cell.height + GAP;
            }
        }
    }
    for round in 0..6 {
        let forth = round % 2 == 0;
        let order: Vec<&Vec<usize>> = if forth { columns.iter().collect() } else { columns.iter().rev().collect() };
        for column in order {
            let wanted: Vec<f64> = column.iter().map(|at| wanted(*at, cells, pieces, forth)).collect();
            settle(cells, column, &wanted);
        }
    }
    let top = cells.iter().map(|cell| cell.y).fold(f64::INFINITY, f64::min);
    cells.iter_mut().for_each(|cell| cell.y -= top);
}

/// Where a cell would make its lines from one side straight; where it is, when there are none.
fn wanted(at: usize, cells: &[Cell], pieces: &[Piece], forth: bool) -> f64 {
    let y = |cell: usize| cells.get(cell).map_or(0.0, |cell| cell.y);
    let mut heights: Vec<f64> = match forth {
        true => pieces.iter().filter(|p| p.to == at).map(|p| y(p.from) + p.leaves - p.enters).collect(),
        false => pieces.iter().filter(|p| p.from == at).map(|p| y(p.to) + p.enters - p.leaves).collect(),
    };
    heights.sort_by(f64::total_cmp);
    let middle = heights.len() / 2;
    match heights.as_slice() {
        [] => y(at),
        all if all.len() % 2 == 1 => all.get(middle).copied().unwrap_or_default(),
        all => (all.get(middle - 1).copied().unwrap_or_default() + all.get(middle).copied().unwrap_or_default()) / 2.0,
    }
}

/// Nearest to what is wanted (least squares) with the order kept and nothing over something else: neighbours that push each
/// other become one block, which stands at their mean.
fn settle(cells: &mut [Cell], column: &[usize], wanted: &[f64]) {
    let mut offsets = Vec::new();
    let mut at = 0.0;
    for cell in column.iter().filter_map(|at| cells.get(*at)) {
        offsets.push(at);
        at += cell.height + if cell.own.is_some() { GAP } else { LANE / 2.0 };
    }
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (wanted, offset) in wanted.iter().zip(&offsets) {
        blocks.push((wanted - offset, 1));
        while let [.., (first, first_size), (second, second_size)] = blocks.as_slice() {
            if first <= second {
                break;
            }
            let size = first_size + second_size;
            let mean = (first * *first_size as f64 + second * *second_size as f64) / size as f64;
            blocks.truncate(blocks.len() - 2);
            blocks.push((mean, size));
        }
    }
    let places = blocks.iter().flat_map(|(place, size)| std::iter::repeat_n(*place, *size));
    for ((at, offset), place) in column.iter().zip(&offsets).zip(places) {
        if let Some(cell) = cells.get_mut(*at) {
            cell.y = place + offset;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(height: f64) -> Size {
        Size { width: 100.0, height, least: 0 }
    }

    fn edge(from: usize, to: usize) -> Edge {
        Edge { from, to, leaves: 10.0, enters: 10.0 }
    }

    fn overlap(a: (f64, f64), b: (f64, f64), sizes: (Size, Size)) -> bool {
        a.0 < b.0 + sizes.1.width
            && b.0 < a.0 + sizes.0.width
            && a.1 < b.1 + sizes.1.height
            && b.1 < a.1 + sizes.0.height
    }

    /// Numbers that look random and are not.
    fn dice(state: &mut u64, sides: usize) -> usize {
        *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (*state >> 33) as usize % sides
    }

    #[test]
    fn boxes_stand_behind_what_leads_to_them() {
        let found = layout(&[size(40.0), size(40.0), size(40.0)], &[edge(0, 1), edge(1, 2), edge(0, 2)]);
        let x: Vec<f64> = found.boxes.iter().map(|place| place.0).collect();
        assert!(x[0] < x[1] && x[1] < x[2], "{x:?}");
        assert_eq!(found.lines[2].0.len(), 5, "it passes the second rank");
    }

    #[test]
    fn a_circle_ends_somewhere() {
        let found = layout(&[size(40.0), size(40.0)], &[edge(0, 1), edge(1, 0)]);
        assert_eq!(found.lines.iter().filter(|(_, turned)| *turned).count(), 1);
        assert!(found.boxes[0].0 != found.boxes[1].0);
    }

    #[test]
    fn nothing_overlaps_and_all_is_within_the_picture() {
        let mut state = 7;
        for _ in 0..200 {
            let boxes = 1 + dice(&mut state, 25);
            let sizes: Vec<Size> = (0..boxes).map(|_| size(24.0 + dice(&mut state, 200) as f64)).collect();
            let edges: Vec<Edge> = (0..dice(&mut state, 40))
                .map(|_| edge(dice(&mut state, boxes), dice(&mut state, boxes)))
                .filter(|edge| edge.from != edge.to)
                .collect();
            let found = layout(&sizes, &edges);
            for a in 0..boxes {
                let (x, y) = found.boxes[a];
                assert!(
                    x >= 0.0 && y >= 0.0 && x + sizes[a].width <= found.width && y + sizes[a].height <= found.height
                );
                for b in a + 1..boxes {
                    assert!(!overlap(found.boxes[a], found.boxes[b], (sizes[a], sizes[b])), "{sizes:?} {edges:?}");
                }
            }
            for (points, _) in &found.lines {
                assert!(points.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{points:?}");
                assert!(points.iter().all(|(x, y)| *x >= 0.0 && *y >= 0.0 && *x <= found.width && *y <= found.height));
                // Between ranks there are no boxes; inside one the line is straight and passes none.
                for pair in points.chunks(2).filter(|pair| pair.len() == 2) {
                    let ((left, y), (right, _)) = (pair[0], pair[1]);
                    let through = found.boxes.iter().zip(&sizes).find(|((x, top), size)| {
                        left < x + size.width && *x < right && *top < y && y < top + size.height
                    });
                    assert!(through.is_none(), "{through:?} {pair:?}");
                }
            }
        }
    }
}
