//! Which loose end goes on in which loose beginning: the assignment with the greatest sum of
//! log-odds.

use super::cut::{FAINT, Loose};

/// A pair may be matched from these log-odds on: where both edges are loose, two thirds against is
/// still the best answer.
const LIKELY: f32 = -0.8;
/// An end that nothing is matched with goes on in the paragraph right below from these log-odds on.
const RIGHT_BELOW: f32 = -2.5;
/// The largest group of edges that is matched as a whole; beyond it the best pair is taken first.
const GROUP: usize = 48;

/// Adds the joins of ends that nothing was matched with and the paragraphs right below them: where
/// a paragraph is cut, the rest is seldom lost, and where the next one does not plainly begin anew,
/// it is there.
pub(super) fn go_on_right_below(
    joins: &[Join],
    chosen: &mut Vec<Join>,
    loose: (&[Loose], &[Loose]),
) {
    let (ends, starts) = loose;
    for join in joins {
        let (end, start) = (&ends[join.end], &starts[join.start]);
        let taken = chosen
            .iter()
            .any(|j| j.end == join.end || j.start == join.start);
        if start.paragraph == end.paragraph + 1
            && end.log_odds > FAINT
            && join.log_odds > RIGHT_BELOW
            && !taken
        {
            chosen.push(*join);
        }
    }
}

/// That a beginning continues an end: indices into the lists of loose edges.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    pub(super) end: usize,
    pub(super) start: usize,
    pub(super) log_odds: f32,
}

/// The joins of the best assignment: each end and each beginning at most once, the sum of log-odds
/// over even greatest.
pub(super) fn assign(joins: &[Join], ends: usize, starts: usize) -> Vec<Join> {
    let likely: Vec<Join> = joins
        .iter()
        .copied()
        .filter(|j| j.log_odds > LIKELY)
        .collect();
    // Ends and beginnings that no likely join connects do not touch each other: groups are matched
    // one by one.
    let mut parent: Vec<usize> = (0..ends + starts).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    for join in &likely {
        let (a, b) = (
            root(&mut parent, join.end),
            root(&mut parent, ends + join.start),
        );
        parent[a] = b;
    }
    let mut grouped: Vec<(usize, Join)> = likely
        .into_iter()
        .map(|j| (root(&mut parent, j.end), j))
        .collect();
    grouped.sort_by_key(|(group, j)| (*group, j.end, j.start));
    let mut chosen = Vec::new();
    for group in grouped.chunk_by(|a, b| a.0 == b.0) {
        let group: Vec<Join> = group.iter().map(|(_, j)| *j).collect();
        chosen.extend(match_group(&group));
    }
    chosen
}

fn match_group(group: &[Join]) -> Vec<Join> {
    let mut rows: Vec<usize> = group.iter().map(|j| j.end).collect();
    let mut columns: Vec<usize> = group.iter().map(|j| j.start).collect();
    rows.dedup();
    columns.sort_unstable();
    columns.dedup();
    if rows.len().max(columns.len()) > GROUP {
        return greedy(group);
    }
    let size = rows.len().max(columns.len());
    let mut cost = vec![vec![0.0f32; size]; size];
    for join in group {
        if let (Ok(r), Ok(c)) = (
            rows.binary_search(&join.end),
            columns.binary_search(&join.start),
        ) {
            cost[r][c] = LIKELY - join.log_odds;
        }
    }
    let of_row = cheapest(&cost);
    group
        .iter()
        .copied()
        .filter(|j| {
            let (r, c) = (rows.binary_search(&j.end), columns.binary_search(&j.start));
            matches!((r, c), (Ok(r), Ok(c)) if of_row[r] == c)
        })
        .collect()
}

/// The best pair first.
fn greedy(group: &[Join]) -> Vec<Join> {
    let mut sorted = group.to_vec();
    sorted.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
    let (mut ends, mut starts) = (
        std::collections::HashSet::new(),
        std::collections::HashSet::new(),
    );
    sorted.retain(|j| {
        let free = !ends.contains(&j.end) && !starts.contains(&j.start);
        if free {
            ends.insert(j.end);
            starts.insert(j.start);
        }
        free
    });
    sorted
}

/// The cheapest assignment of a square matrix: for each row its column. The Hungarian method with
/// potentials (Kuhn 1955, Munkres 1957), cubic.
fn cheapest(cost: &[Vec<f32>]) -> Vec<usize> {
    let n = cost.len();
    let (mut row_potential, mut column_potential) = (vec![0.0f32; n + 1], vec![0.0f32; n + 1]);
    // Row of each column, from 1; 0 is none, and column 0 holds the row being placed.
    let mut of_column = vec![0usize; n + 1];
    for row in 1..=n {
        of_column[0] = row;
        let mut column = 0;
        let mut least = vec![f32::INFINITY; n + 1];
        let mut previous = vec![0usize; n + 1];
        let mut done = vec![false; n + 1];
        while of_column[column] != 0 {
            done[column] = true;
            let from = of_column[column];
            let (mut step, mut next) = (f32::INFINITY, 0);
            for j in 1..=n {
                if done[j] {
                    continue;
                }
                let reduced = cost[from - 1][j - 1] - row_potential[from] - column_potential[j];
                if reduced < least[j] {
                    least[j] = reduced;
                    previous[j] = column;
                }
                if least[j] < step {
                    step = least[j];
                    next = j;
                }
            }
            for j in 0..=n {
                if done[j] {
                    row_potential[of_column[j]] += step;
                    column_potential[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            of_column[column] = of_column[previous[column]];
            column = previous[column];
        }
    }
    let mut of_row = vec![0; n];
    for j in 1..=n {
        of_row[of_column[j] - 1] = j - 1;
    }
    of_row
}

#[cfg(test)]
mod tests {
    use super::{Join, assign, cheapest};

    #[test]
    fn the_best_assignment_is_not_the_greedy_one() {
        let join = |end, start, log_odds| Join {
            end,
            start,
            log_odds,
        };
        let joins = [join(0, 0, 5.0), join(0, 1, 4.0), join(1, 0, 4.5)];
        let chosen: Vec<_> = assign(&joins, 2, 2)
            .iter()
            .map(|j| (j.end, j.start))
            .collect();
        assert_eq!(chosen, [(0, 1), (1, 0)]);
        assert_eq!(
            cheapest(&[
                vec![4.0, 1.0, 3.0],
                vec![2.0, 0.0, 5.0],
                vec![3.0, 2.0, 2.0]
            ]),
            [1, 0, 2]
        );
    }
}
